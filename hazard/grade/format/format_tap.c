/* SPDX-License-Identifier: MIT */
/*
 * TAP 14 (TestAnything/Specification): a point for each check, with a YAML block for what did not pass. What is not decided or not
 * tried is skipped. Not graded: "Bail out!".
 */
#include "base/clean.h"
#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

/* "#" begins a directive: it and what escapes it are escaped. */
static void put_description(FILE *out, const char *text) {
    void *scratch = new_owner();
    for (text = clean_line(scratch, text); *text != '\0'; text++)
        fprintf(out, *text == '#' || *text == '\\' ? "\\%c" : "%c", *text);
    talloc_free(scratch);
}

/* A double-quoted scalar of YAML 1.2, section 7.3.1, on one line. */
static void put_scalar(FILE *out, const char *key, const char *text) {
    if (*text == '\0')
        return;
    void *scratch = new_owner();
    fprintf(out, "  %s: \"", key);
    for (text = clean_text(scratch, text); *text != '\0'; text++)
        if (*text == '\n' || *text == '\t')
            fputs(*text == '\n' ? "\\n" : "\\t", out);
        else
            fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    fputs("\"\n", out);
    talloc_free(scratch);
}

static void put_block(FILE *out, const struct mark *mark, void *scratch) {
    fputs("  ---\n", out);
    put_scalar(out, "message", said_sentence(mark));
    fprintf(out, "  severity: %s\n", mark->state == MARK_UNDECIDED ? "todo" : "fail");
    fprintf(out, "  state: %s\n  points: %d\n  most: %d\n", mark_state_name(mark->state),
            mark->points, mark->most);
    put_scalar(out, "details", said_details(scratch, mark));
    put_scalar(out, "hint", said_hint(mark));
    put_scalar(out, "replay", mark->hidden ? "" : mark->replay);
    fputs("  ...\n", out);
}

static void put_point(FILE *out, const struct mark *mark, size_t number, void *scratch) {
    bool failed = mark->state == MARK_FAILED || mark->state == MARK_PARTIAL;
    fprintf(out, "%s %zu - %s: ", failed ? "not ok" : "ok", number, mark->name);
    put_description(out, mark->title);
    if (mark->state == MARK_UNDECIDED || mark->state == MARK_SKIPPED)
        fprintf(out, " # SKIP %s", mark_state_name(mark->state));
    fputc('\n', out);
    if (mark->state != MARK_PASSED)
        put_block(out, mark, scratch);
}

int format_tap(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    fputs("TAP version 14\n", out);
    if (mark_broken(grade)) {
        fprintf(out, "Bail out! %s\n", clean_line(scratch, grade->reason));
    } else {
        fprintf(out, "1..%zu\n", grade->count);
        for (size_t i = 0; i < grade->count; i++)
            put_point(out, &grade->marks[i], i + 1, scratch);
        fprintf(out, "# %s\n", said_headline(scratch, grade));
    }
    talloc_free(scratch);
    return dump_end(out, error);
}
