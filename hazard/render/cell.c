/* SPDX-License-Identifier: MIT */
#include "hazard/render/cell.h"

#include "base/memory.h"
#include "hazard/catalog/catalog_where.h"

enum cell_fate cell_fate(const struct program_report *program, const struct cell *cell) {
    bool own = program->in_suite == NULL;
    if (cell->result.runs == 0)
        return CELL_SKIPPED;
    if (cell->failed)
        return CELL_BROKEN;
    if (cell->mismatch || (own && cell->result.program_failed))
        return CELL_FAILED;
    switch (cell->result.verdict) {
    case VERDICT_FOUND:
    case VERDICT_OTHER:
    case VERDICT_HUNG:
        return own ? CELL_FAILED : CELL_PASSED;
    case VERDICT_CHANGED:
    case VERDICT_BOUNDED:
    case VERDICT_DOUBTFUL:
        return own ? CELL_SKIPPED : CELL_PASSED;
    case VERDICT_UNSUPPORTED:
        return CELL_SKIPPED;
    case VERDICT_SILENT:
    case VERDICT_PROVED:
    case VERDICT_REFUTED:
    case VERDICT_COUNT:
        break;
    }
    return CELL_PASSED;
}

/* Silent and the like are said of all runs; the others are rates,
 * because chance has a hand in them. */
static bool is_rate(enum verdict verdict) {
    return verdict == VERDICT_FOUND || verdict == VERDICT_OTHER || verdict == VERDICT_HUNG ||
           verdict == VERDICT_CHANGED || verdict == VERDICT_REFUTED || verdict == VERDICT_DOUBTFUL;
}

const char *cell_rate(void *owner, const struct result *result) {
    const char *name = verdict_name(result->verdict);
    if (result->runs == 0)
        return "not run";
    if (result->verdict == VERDICT_PROVED || result->verdict == VERDICT_BOUNDED)
        return never_null(talloc_asprintf(owner, "%s %lld", name, result->count));
    if (!is_rate(result->verdict))
        return name;
    return never_null(talloc_asprintf(owner, "%s %d/%d", name, result->hits, result->runs));
}

const char *cell_expected(void *owner, const struct cell *cell) {
    const struct expectation *expected = cell->expected;
    if (expected == NULL)
        return "";
    char *words = never_null(talloc_strdup(owner, verdict_name(expected->verdict)));
    if (expected->count > 0)
        words = never_null(talloc_asprintf_append(words, " %d", expected->count));
    if (expected->verdict == VERDICT_FOUND)
        words = never_null(talloc_asprintf_append(words, " (%s)", kind_name(expected->kind)));
    if (expected->alternative >= 0)
        words = never_null(talloc_asprintf_append(
            words, " or %s", verdict_name((enum verdict)expected->alternative)));
    if (expected->where != NULL)
        words = never_null(
            talloc_asprintf_append(words, " with %s", catalog_where_words(owner, expected->where)));
    return words;
}

const char *cell_difference(void *owner, const struct cell *cell) {
    if (cell->expected == NULL)
        return "";
    const struct result *result = &cell->result;
    const char *got = result->count > 0
                          ? cell_rate(owner, result)
                          : talloc_asprintf(owner, "%s %d/%d", verdict_name(result->verdict),
                                            result->hits, result->runs);
    return never_null(
        talloc_asprintf(owner, "expected %s, got %s", cell_expected(owner, cell), got));
}

const char *cell_colour(const struct style *style, const struct cell *cell) {
    if (cell->mismatch)
        return style->red;
    if (cell->expected == NULL && cell->result.verdict == VERDICT_FOUND && cell->result.runs > 0)
        return style->red;
    return cell->result.verdict == VERDICT_FOUND && cell->result.runs > 0 ? style->green
                                                                          : style->dim;
}
