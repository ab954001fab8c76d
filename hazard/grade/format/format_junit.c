/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML, in the form of hazard/render/render_junit.c: a suite for the assignment, a case for each check. What is not decided or
 * not tried is skipped. Not graded: one case, an <error>.
 */
#include <libxml/xmlwriter.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

struct junit_counts {
    int tests, failures, errors, skipped;
};

static bool is_failure(const struct mark *mark) {
    return mark->state == MARK_FAILED || mark->state == MARK_PARTIAL;
}

static bool is_skipped(const struct mark *mark) {
    return mark->state == MARK_UNDECIDED || mark->state == MARK_SKIPPED;
}

static struct junit_counts count(const struct grade *grade) {
    if (mark_broken(grade))
        return (struct junit_counts){.tests = 1, .errors = 1};
    struct junit_counts counts = {.tests = (int)grade->count};
    for (size_t i = 0; i < grade->count; i++) {
        counts.failures += is_failure(&grade->marks[i]);
        counts.skipped += is_skipped(&grade->marks[i]);
    }
    return counts;
}

static const unsigned char *xml(const char *text) {
    return (const unsigned char *)text;
}

static void attribute(xmlTextWriter *writer, const char *name, const char *value) {
    xmlTextWriterWriteAttribute(writer, xml(name), xml(value));
}

/* A <testsuites> has no `skipped`. */
static void counts_attributes(xmlTextWriter *writer, struct junit_counts counts) {
    xmlTextWriterWriteFormatAttribute(writer, xml("tests"), "%d", counts.tests);
    xmlTextWriterWriteFormatAttribute(writer, xml("failures"), "%d", counts.failures);
    xmlTextWriterWriteFormatAttribute(writer, xml("errors"), "%d", counts.errors);
}

static void start_case(xmlTextWriter *writer, const struct grade *grade, const char *name) {
    xmlTextWriterStartElement(writer, xml("testcase"));
    attribute(writer, "classname", grade->assignment);
    attribute(writer, "name", name);
}

/* <ELEMENT message="..." type="...">text</ELEMENT> */
static void write_outcome(xmlTextWriter *writer, const char *element, const char *message,
                          const char *type, const char *text) {
    xmlTextWriterStartElement(writer, xml(element));
    attribute(writer, "message", message);
    attribute(writer, "type", type);
    xmlTextWriterWriteString(writer, xml(text));
    xmlTextWriterEndElement(writer);
}

static void write_case(xmlTextWriter *writer, const struct grade *grade, const struct mark *mark,
                       void *scratch) {
    const char *points = said_points(scratch, mark->points, mark->most);
    const char *title = clean_line(scratch, mark->title);
    const char *message =
        talloc_asprintf(scratch, "%s: %s", points, clean_line(scratch, said_sentence(mark)));
    const char *text =
        clean_text(scratch, talloc_asprintf(scratch, "%s\n%s", points, said_mark(scratch, mark)));
    start_case(writer, grade, talloc_asprintf(scratch, "%s: %s", mark->name, title));
    if (is_failure(mark))
        write_outcome(
            writer, "failure", message,
            mark->kind != NULL && !mark->hidden ? mark->kind : mark_state_name(mark->state), text);
    if (is_skipped(mark)) {
        xmlTextWriterStartElement(writer, xml("skipped"));
        attribute(writer, "message",
                  talloc_asprintf(scratch, "%s: %s", mark_state_name(mark->state), message));
        xmlTextWriterEndElement(writer);
    }
    if (!is_failure(mark))
        xmlTextWriterWriteElement(writer, xml("system-out"), xml(text));
    xmlTextWriterEndElement(writer);
}

static void write_cases(xmlTextWriter *writer, const struct grade *grade, void *scratch) {
    for (size_t i = 0; i < grade->count && !mark_broken(grade); i++)
        write_case(writer, grade, &grade->marks[i], scratch);
    if (!mark_broken(grade))
        return;
    start_case(writer, grade, "grading");
    write_outcome(writer, "error", clean_line(scratch, grade->reason), "platform",
                  said_headline(scratch, grade));
    xmlTextWriterEndElement(writer);
}

static void write_document(xmlTextWriter *writer, const struct grade *grade, void *scratch) {
    struct junit_counts counts = count(grade);
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, xml("  "));
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(writer, xml("testsuites"));
    attribute(writer, "name", "hazard");
    counts_attributes(writer, counts);
    if (counts.tests > 0) {
        xmlTextWriterStartElement(writer, xml("testsuite"));
        attribute(writer, "name", clean_line(scratch, grade->assignment));
        counts_attributes(writer, counts);
        xmlTextWriterWriteFormatAttribute(writer, xml("skipped"), "%d", counts.skipped);
        write_cases(writer, grade, scratch);
        xmlTextWriterEndElement(writer);
    }
    xmlTextWriterEndElement(writer);
    xmlTextWriterEndDocument(writer);
}

int format_junit(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    xmlBuffer *buffer = never_null(xmlBufferCreate());
    xmlTextWriter *writer = never_null(xmlNewTextWriterMemory(buffer, 0));
    write_document(writer, grade, scratch);
    xmlFreeTextWriter(writer);
    fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), out);
    xmlBufferFree(buffer);
    talloc_free(scratch);
    return dump_end(out, error);
}
