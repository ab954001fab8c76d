/* SPDX-License-Identifier: MIT */
/*
 * The matrix: a table for each family, with a row for each program and a column for each
 * detector that any of them ran under (probe is for servers, explore for threads: all columns
 * in one table would not fit the page). Programs stand under their hazard, by role and by
 * what their file name adds to the hazard's, so that a row fits the page; a verdict that
 * differs is marked with "!" (colour alone would be lost in a log) and explained below the
 * table with the program's whole path.
 */
#include "hazard/render/render_matrix.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/cell.h"
#include "hazard/render/finding.h"
#include "hazard/render/grid.h"
#include "hazard/render/group.h"
#include "hazard/render/layout.h"
#include "hazard/render/render_versions.h"

struct detector_names {
    const char **items;
    size_t count;
};

static const struct cell *find_cell(const struct program_report *program, const char *detector) {
    for (size_t i = 0; i < program->cell_count; i++)
        if (strcmp(program->cells[i].result.detector, detector) == 0)
            return &program->cells[i];
    return NULL;
}

static void add_name(void *owner, struct detector_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return;
    names->items = grow_array(owner, names->items, const char *, names->count + 1);
    names->items[names->count++] = name;
}

/* Past the last program of the family that the one at `first` is of. */
static size_t family_end(const struct suite_report *report, size_t first) {
    const struct hazard *hazard = report->programs[first].hazard;
    size_t end = first + 1;
    while (hazard != NULL && end < report->count && report->programs[end].hazard != NULL &&
           report->programs[end].hazard->family == hazard->family)
        end++;
    return end;
}

static struct detector_names detectors_of(void *owner, const struct suite_report *report,
                                          size_t first, size_t end) {
    struct detector_names names = {0};
    for (size_t i = first; i < end; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            add_name(owner, &names, report->programs[i].cells[j].result.detector);
    return names;
}

/* "decoy volatile" for buggy/counter-volatile.c. */
static const char *row_name(void *owner, const struct program_report *report) {
    if (report->in_suite == NULL || report->hazard == NULL)
        return clean_line(owner, report->program);
    const char *role = catalog_role_name(report->in_suite->role);
    const char *slash = strrchr(report->in_suite->path, '/');
    const char *stem = slash != NULL ? slash + 1 : report->in_suite->path;
    size_t name = strlen(report->hazard->name), length = strlen(stem);
    if (length < name + strlen("-.c"))
        return role;
    return never_null(talloc_asprintf(owner, "%s %.*s", role, (int)(length - name - strlen("-.c")),
                                      stem + name + 1));
}

static void add_family(struct grid *grid, const struct hazard *hazard,
                       const struct detector_names *names, const struct style *style) {
    grid_cell(grid, hazard != NULL ? catalog_family_name(hazard->family) : "program", style->bold);
    for (size_t i = 0; i < names->count; i++)
        grid_cell(grid, names->items[i], style->bold);
}

static void add_row(struct grid *grid, const struct program_report *report,
                    const struct detector_names *names, const struct style *style) {
    grid_cell(grid, talloc_asprintf(grid, "    %s", row_name(grid, report)), "");
    for (size_t i = 0; i < names->count; i++) {
        const struct cell *cell = find_cell(report, names->items[i]);
        if (cell == NULL) {
            grid_cell(grid, "-", style->dim);
            continue;
        }
        const char *rate = cell_rate(grid, &cell->result);
        grid_cell(grid, cell->mismatch ? talloc_asprintf(grid, "%s !", rate) : rate,
                  cell_colour(style, cell));
    }
}

static void print_family(FILE *out, const struct suite_report *report, size_t first, size_t end,
                         const struct style *style) {
    void *scratch = talloc_new(NULL);
    struct detector_names names = detectors_of(scratch, report, first, end);
    struct grid *grid = grid_new(scratch, names.count + 1);
    const struct hazard *last = NULL;
    add_family(grid, report->programs[first].hazard, &names, style);
    for (size_t i = first; i < end; i++) {
        const struct hazard *hazard = report->programs[i].hazard;
        if (hazard != NULL && hazard != last)
            grid_line(grid, talloc_asprintf(grid, "  %s: %s", hazard->name, hazard->title), "");
        add_row(grid, &report->programs[i], &names, style);
        last = hazard;
    }
    grid_print(out, grid, 0);
    talloc_free(scratch);
}

static void print_tables(FILE *out, const struct suite_report *report, const struct style *style) {
    for (size_t i = 0, end; i < report->count; i = end) {
        end = family_end(report, i);
        if (i > 0)
            fputc('\n', out);
        print_family(out, report, i, end, style);
    }
}

/* One labelled line below a difference; none for empty text. */
static void explain_line(FILE *out, const char *label, const char *text) {
    if (*text == '\0')
        return;
    fprintf(out, "      %s: ", label);
    layout_paragraph(out, 6 + strlen(label) + 2, text);
}

static void explain(FILE *out, const struct suite_report *report,
                    const struct program_report *program, const struct cell *cell,
                    const struct style *style) {
    void *scratch = talloc_new(NULL);
    const struct findings *findings = &cell->result.findings;
    fprintf(out, "  %s%s under %s%s\n", style->red, program->program, cell->result.detector,
            style->reset);
    fprintf(out, "      %s\n", cell_difference(scratch, cell));
    explain_line(out, "the catalogue says why", clean_line(scratch, cell->expected->reason));
    for (size_t i = 0; i < findings->count; i++)
        explain_line(
            out, "reported",
            finding_headline(scratch, &findings->items[i], &program->sources, report->root));
    explain_line(out, "the run", clean_line(scratch, cell->result.detail));
    talloc_free(scratch);
}

static void print_differences(FILE *out, const struct suite_report *report,
                              const struct style *style) {
    if (report->mismatches > 0)
        fprintf(out, "\n%sNot as expected%s\n", style->bold, style->reset);
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            if (report->programs[i].cells[j].mismatch)
                explain(out, report, &report->programs[i], &report->programs[i].cells[j], style);
}

static void print_totals(FILE *out, const struct suite_report *report, const struct style *style) {
    size_t hazards = 0, verdicts = 0;
    for (size_t i = 0; i < report->count; i = group_end(report, i))
        hazards += report->programs[i].hazard != NULL;
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            verdicts += report->programs[i].cells[j].result.runs > 0;
    fprintf(out, "\n%s%zu hazard%s, %zu programs, %zu verdicts: ", style->bold, hazards,
            hazards == 1 ? "" : "s", report->count, verdicts);
    if (report->mismatches == 0)
        fprintf(out, "%sas expected", report->partial ? "" : "all ");
    else
        fprintf(out, "%d not as expected", report->mismatches);
    fprintf(out, "%s%s\n", report->partial ? "; interrupted: this is not all" : "", style->reset);
}

void render_matrix(FILE *out, const struct suite_report *report) {
    const struct style *style = style_for(out);
    print_tables(out, report, style);
    print_differences(out, report, style);
    print_totals(out, report, style);
    render_versions(out, report);
}
