/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML in the form that CI servers agree on: a suite for each hazard (or program of the
 * user's own), a case for each program under each detector. libxml2 escapes; what it cannot escape
 * (control characters, wrong UTF-8) was cleaned before.
 */
#include "hazard/render/render_junit.h"

#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/file_replace.h"
#include "base/memory.h"
#include "hazard/render/cell.h"
#include "hazard/render/finding.h"
#include "hazard/render/group.h"

struct tally {
    int tests, failures, errors, skipped;
};

static struct tally count_cells(const struct suite_report *report, size_t first, size_t end) {
    struct tally tally = {0};
    for (size_t i = first; i < end; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++) {
            const struct program_report *program = &report->programs[i];
            enum cell_fate fate = cell_fate(program, &program->cells[j]);
            tally.tests++;
            tally.failures += fate == CELL_FAILED;
            tally.errors += fate == CELL_BROKEN;
            tally.skipped += fate == CELL_SKIPPED;
        }
    return tally;
}

static const unsigned char *xml(const char *text) {
    return (const unsigned char *)text;
}

static void attribute(xmlTextWriter *writer, const char *name, const char *value) {
    xmlTextWriterWriteAttribute(writer, xml(name), xml(value));
}

/* Those that a <testsuites> has, too: the schemas know no `skipped` there. */
static void tally_attributes(xmlTextWriter *writer, struct tally tally) {
    xmlTextWriterWriteFormatAttribute(writer, xml("tests"), "%d", tally.tests);
    xmlTextWriterWriteFormatAttribute(writer, xml("failures"), "%d", tally.failures);
    xmlTextWriterWriteFormatAttribute(writer, xml("errors"), "%d", tally.errors);
}

/* What `hazard check` would print of the findings, without colour: a
 * stream of ours is no terminal. */
static const char *findings_text(void *owner, const struct suite_report *report,
                                 const struct program_report *program, const struct cell *cell) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *stream = never_null(open_memstream(&buffer, &size));
    for (size_t i = 0; i < cell->result.findings.count; i++)
        finding_print(stream, 0, &cell->result.findings.items[i], &program->sources, report->root);
    char *text = never_null(fclose(stream) == 0 ? talloc_strdup(owner, buffer) : NULL);
    free(buffer);
    return text;
}

/* "expected found (data-race), got silent 3/3; exit 1", or the first finding. */
static const char *failure_message(void *owner, const struct suite_report *report,
                                   const struct program_report *program, const struct cell *cell) {
    const struct findings *findings = &cell->result.findings;
    const char *what = cell->expected != NULL ? cell_difference(owner, cell)
                       : findings->count > 0  ? finding_headline(owner, &findings->items[0],
                                                                 &program->sources, report->root)
                                              : cell_rate(owner, &cell->result);
    const char *detail = clean_line(owner, cell->result.detail);
    return never_null(talloc_asprintf(owner, "%s%s%s", what, *detail != '\0' ? "; " : "", detail));
}

/* <ELEMENT message="..." type="...">text</ELEMENT>; without type or text where these are NULL. */
static void write_outcome(xmlTextWriter *writer, const char *element, const char *message,
                          const char *type, const char *text) {
    xmlTextWriterStartElement(writer, xml(element));
    attribute(writer, "message", message);
    if (type != NULL)
        attribute(writer, "type", type);
    if (text != NULL)
        xmlTextWriterWriteString(writer, xml(text));
    xmlTextWriterEndElement(writer);
}

static void write_failure(xmlTextWriter *writer, const struct suite_report *report,
                          const struct program_report *program, const struct cell *cell,
                          void *scratch) {
    bool found = cell->result.findings.count > 0;
    write_outcome(writer, "failure", failure_message(scratch, report, program, cell),
                  verdict_name(cell->result.verdict),
                  found ? findings_text(scratch, report, program, cell) : NULL);
}

/* "unsupported: it never listened". */
static const char *verdict_words(void *owner, const struct cell *cell) {
    const char *detail = clean_line(owner, cell->result.detail);
    return never_null(talloc_asprintf(owner, "%s%s%s", cell_rate(owner, &cell->result),
                                      *detail != '\0' ? ": " : "", detail));
}

/*
 * The name says all: some readers drop the class, and some the message of what was skipped, which
 * therefore stands in the output, too.
 */
static void write_case(xmlTextWriter *writer, const struct suite_report *report,
                       const struct program_report *program, const struct cell *cell) {
    void *scratch = talloc_new(NULL);
    const char *path = clean_line(scratch, program->program);
    const char *words = verdict_words(scratch, cell);
    xmlTextWriterStartElement(writer, xml("testcase"));
    attribute(writer, "classname", path);
    attribute(writer, "name", talloc_asprintf(scratch, "%s under %s", path, cell->result.detector));
    switch (cell_fate(program, cell)) {
    case CELL_FAILED:
        write_failure(writer, report, program, cell, scratch);
        break;
    case CELL_BROKEN:
        write_outcome(writer, "error", clean_line(scratch, cell->failure), "trouble",
                      cell->words != NULL ? clean_text(scratch, cell->words) : NULL);
        break;
    case CELL_SKIPPED:
        write_outcome(writer, "skipped", words, NULL, NULL);
        xmlTextWriterWriteElement(writer, xml("system-out"), xml(words));
        break;
    case CELL_PASSED:
        xmlTextWriterWriteElement(writer, xml("system-out"),
                                  cell->result.verdict == VERDICT_REFUTED
                                      ? xml(findings_text(scratch, report, program, cell))
                                      : xml(words));
        break;
    }
    xmlTextWriterEndElement(writer);
    talloc_free(scratch);
}

static void write_suite(xmlTextWriter *writer, const struct suite_report *report, size_t first,
                        size_t end) {
    void *scratch = talloc_new(NULL);
    const struct hazard *hazard = report->programs[first].hazard;
    xmlTextWriterStartElement(writer, xml("testsuite"));
    attribute(writer, "name",
              hazard != NULL ? hazard->name : clean_line(scratch, report->programs[first].program));
    struct tally tally = count_cells(report, first, end);
    tally_attributes(writer, tally);
    xmlTextWriterWriteFormatAttribute(writer, xml("skipped"), "%d", tally.skipped);
    for (size_t i = first; i < end; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            write_case(writer, report, &report->programs[i], &report->programs[i].cells[j]);
    xmlTextWriterEndElement(writer);
    talloc_free(scratch);
}

/* In memory: nothing but a lack of it can fail before the end. */
static int write_document(xmlTextWriter *writer, const struct suite_report *report) {
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, xml("  "));
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(writer, xml("testsuites"));
    attribute(writer, "name", report->partial ? "hazard (interrupted: not all)" : "hazard");
    tally_attributes(writer, count_cells(report, 0, report->count));
    for (size_t i = 0, end; i < report->count; i = end) {
        end = group_end(report, i);
        write_suite(writer, report, i, end);
    }
    xmlTextWriterEndElement(writer);
    return xmlTextWriterEndDocument(writer) < 0 ? -1 : 0;
}

int render_junit_file(const char *path, const struct suite_report *report, struct error *error) {
    xmlBuffer *buffer = never_null(xmlBufferCreate());
    xmlTextWriter *writer = never_null(xmlNewTextWriterMemory(buffer, 0));
    int result = write_document(writer, report);
    xmlFreeTextWriter(writer);
    if (result != 0)
        fail(error, "cannot write %s: libxml2 failed", path);
    else
        result = file_replace(path, (const char *)xmlBufferContent(buffer),
                              (size_t)xmlBufferLength(buffer), error);
    xmlBufferFree(buffer);
    return result;
}
