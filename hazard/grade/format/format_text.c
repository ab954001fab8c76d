/* SPDX-License-Identifier: MIT */
/*
 * For the student, on a terminal or in a file: what it came to, a line for each check, then what there is to say of those
 * that did not pass. Colours are for terminals alone, and lines are as wide wherever it is written.
 */
#include "base/clean.h"
#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"
#include "hazard/render/style.h"

static const char *colour(const struct style *style, enum mark_state state) {
    switch (state) {
    case MARK_PASSED:
        return style->green;
    case MARK_PARTIAL:
    case MARK_FAILED:
        return style->red;
    case MARK_UNDECIDED:
    case MARK_BROKEN:
        return style->yellow;
    case MARK_SKIPPED:
    case MARK_STATES:
        break;
    }
    return style->dim;
}

static void print_table(FILE *out, const struct grade *grade, const struct style *style,
                        void *scratch) {
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        fprintf(out, "  %s%-9s%s  %-15s  %s%s\n", colour(style, mark->state),
                mark_state_name(mark->state), style->reset,
                said_points(scratch, mark->points, mark->most), mark->title,
                mark->hidden ? " (hidden)" : "");
    }
    if (grade->count > 0)
        fputc('\n', out);
}

static void print_mark(FILE *out, const struct mark *mark, const struct style *style,
                       void *scratch) {
    fprintf(out, "%s%s: %s%s\n%s\n\n", colour(style, mark->state), mark_state_name(mark->state),
            mark->title, style->reset, clean_text(scratch, said_mark(scratch, mark)));
}

int format_text(FILE *out, const struct grade *grade, struct error *error) {
    const struct style *style = style_for(out);
    void *scratch = new_owner();
    fprintf(out, "%s%s%s\n%s\n\n", style->bold, said_headline(scratch, grade), style->reset,
            said_wrapped(scratch, talloc_asprintf(scratch, "%s (%s): %s", grade->title,
                                                  grade->assignment, grade->handin)));
    const char *whole = said_whole(scratch, grade);
    if (*whole != '\0')
        fprintf(out, "%s\n\n", clean_text(scratch, whole));
    if (!mark_broken(grade)) {
        print_table(out, grade, style, scratch);
        /* Of a refused hand-in no check has more to say than the whole has. */
        for (size_t i = 0; i < grade->count && grade->end == GRADE_MARKED; i++)
            if (grade->marks[i].state != MARK_PASSED)
                print_mark(out, &grade->marks[i], style, scratch);
    }
    fprintf(out, "%sKept in by: %s%s\n", style->dim, grade->sandbox, style->reset);
    talloc_free(scratch);
    return dump_end(out, error);
}
