/* SPDX-License-Identifier: MIT */
#include "hazard/render/render_text.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/cell.h"
#include "hazard/render/finding.h"
#include "hazard/render/layout.h"
#include "hazard/render/render_versions.h"

enum { CELL_INDENT = 2, FINDING_INDENT = 4 };

static void print_heading(FILE *out, const struct program_report *report,
                          const struct style *style) {
    void *scratch = talloc_new(NULL);
    fprintf(out, "%s%s%s", style->bold, clean_line(scratch, report->program), style->reset);
    if (report->in_suite != NULL)
        fprintf(out, "  %s%s, %s%s", style->dim, report->hazard->name,
                catalog_role_name(report->in_suite->role), style->reset);
    fputc('\n', out);
    talloc_free(scratch);
}

/* "as expected; exit 1", "! expected found (data-race); exit 0". */
static const char *cell_note(void *owner, const struct cell *cell) {
    const char *detail = clean_line(owner, cell->result.detail);
    const char *judged = cell->expected == NULL ? "" : "as expected";
    if (cell->mismatch)
        judged = never_null(talloc_asprintf(owner, "! expected %s", cell_expected(owner, cell)));
    const char *between = *judged != '\0' && *detail != '\0' ? "; " : "";
    return never_null(talloc_asprintf(owner, "%s%s%s", judged, between, detail));
}

static void print_reason(FILE *out, const struct cell *cell) {
    static const char label[] = "why: ";
    if (cell->expected == NULL || *cell->expected->reason == '\0')
        return;
    void *scratch = talloc_new(NULL);
    fprintf(out, "%*s%s", FINDING_INDENT, "", label);
    layout_paragraph(out, FINDING_INDENT + strlen(label),
                     clean_line(scratch, cell->expected->reason));
    talloc_free(scratch);
}

static void print_cell(FILE *out, const struct suite_report *suite,
                       const struct program_report *report, const struct cell *cell,
                       const struct style *style) {
    enum { NAME = 10, RATE = 13 };
    void *scratch = talloc_new(NULL);
    /* How many executions a proof took is said in the note. */
    const char *rate =
        cell->result.verdict == VERDICT_PROVED || cell->result.verdict == VERDICT_BOUNDED
            ? verdict_name(cell->result.verdict)
            : cell_rate(scratch, &cell->result);
    fprintf(out, "%*s%-*s%s%-*s%s", CELL_INDENT, "", NAME, cell->result.detector,
            cell_colour(style, cell), RATE, rate, style->reset);
    layout_paragraph(out, CELL_INDENT + NAME + RATE, cell_note(scratch, cell));
    print_reason(out, cell);
    for (size_t i = 0; i < cell->result.findings.count; i++)
        finding_print(out, FINDING_INDENT, &cell->result.findings.items[i], &report->sources,
                      suite->root);
    talloc_free(scratch);
}

/* "2 programs: 3 found, 1 silent". */
static void print_totals(FILE *out, const struct suite_report *report, const struct style *style) {
    size_t counts[VERDICT_COUNT] = {0}, judged = 0;
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++) {
            const struct cell *cell = &report->programs[i].cells[j];
            counts[cell->result.verdict] += cell->result.runs > 0;
            judged += cell->expected != NULL;
        }
    fprintf(out, "%s%zu program%s:", style->bold, report->count, report->count == 1 ? "" : "s");
    const char *between = " ";
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (counts[verdict] == 0)
            continue;
        fprintf(out, "%s%zu %s", between, counts[verdict], verdict_name((enum verdict)verdict));
        between = ", ";
    }
    if (judged > 0 && report->mismatches == 0)
        fputs("; all as expected", out);
    else if (judged > 0)
        fprintf(out, "; %d not as expected", report->mismatches);
    fprintf(out, "%s%s\n", report->partial ? "; interrupted: this is not all" : "", style->reset);
}

void render_text_program(FILE *out, const struct suite_report *report,
                         const struct program_report *program) {
    const struct style *style = style_for(out);
    print_heading(out, program, style);
    for (size_t i = 0; i < program->cell_count; i++)
        print_cell(out, report, program, &program->cells[i], style);
}

void render_text(FILE *out, const struct suite_report *report) {
    for (size_t i = 0; i < report->count; i++) {
        render_text_program(out, report, &report->programs[i]);
        fputc('\n', out);
    }
    print_totals(out, report, style_for(out));
    render_versions(out, report);
}
