/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "hazard/render/grid.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"
#include "hazard/selftest/selftest.h"

#define INDENT 2

/* For people, and for programs. */
static const struct answer_words {
    const char *text, *json;
} words[] = {
    [SELFTEST_CONTAINED] = {"contained", "contained"},
    [SELFTEST_NOT_CONTAINED] = {"NOT CONTAINED", "not-contained"},
    [SELFTEST_NOT_TRIED] = {"NOT TRIED", "not-tried"},
};

static bool is_broken(const struct selftest_row *row) {
    return row->by != NULL && row->answer != SELFTEST_CONTAINED;
}

static void add_row(struct grid *grid, const struct selftest_row *row, const struct style *style) {
    const char *colour = is_broken(row)    ? style->red
                         : row->by == NULL ? style->yellow
                                           : style->green;
    const char *said = row->said;
    if (row->by == NULL)
        said = "(not promised in this tier)";
    else if (!is_broken(row))
        said = talloc_asprintf(grid, "%s: %s", row->by, row->said);
    grid_cell(grid, row->attempt->tries, "");
    grid_cell(grid, words[row->answer].text, colour);
    grid_cell(grid, said, "");
}

static size_t count_rows(const struct selftest_tier *tier, bool promised, bool contained) {
    size_t count = 0;
    for (size_t i = 0; i < tier->count; i++)
        count += (tier->rows[i].by != NULL) == promised &&
                 (tier->rows[i].answer == SELFTEST_CONTAINED) == contained;
    return count;
}

static void print_tier(FILE *out, const struct selftest_tier *tier) {
    const struct style *style = style_for(out);
    struct grid *grid = grid_new(NULL, 3);
    fputs(style->bold, out);
    layout_paragraph(out, 0, talloc_asprintf(grid, "tier %s", tier->words));
    fprintf(out, "%s\n", style->reset);
    for (size_t i = 0; i < tier->count; i++)
        add_row(grid, &tier->rows[i], style);
    grid_print(out, grid, INDENT);
    talloc_free(grid);
    size_t held = count_rows(tier, true, true), broken = count_rows(tier, true, false);
    fprintf(out, "\n%*s%zu of %zu contained", INDENT, "", held, held + broken);
    fprintf(out, "; %zu beyond what this tier promises\n\n",
            count_rows(tier, false, true) + count_rows(tier, false, false));
}

static void print_strongest(FILE *out, const struct selftest_tier *tier) {
    char *line = talloc_asprintf(NULL, "The strongest here: tier %s", tier->words);
    layout_paragraph(out, 0, line);
    talloc_free(line);
}

void selftest_print(FILE *out, const struct selftest *selftest) {
    for (enum sandbox_tier at = SANDBOX_A; at < SANDBOX_TIERS; at++) {
        const struct selftest_tier *tier = &selftest->tiers[at];
        if (tier->count > 0)
            print_tier(out, tier);
        else if (tier->missing != NULL) {
            int length = fprintf(out, "tier %s: ", sandbox_tier_name(at));
            layout_paragraph(out, (size_t)length, tier->missing);
            fputc('\n', out);
        }
    }
    if (selftest->used != SANDBOX_NONE)
        print_strongest(out, &selftest->tiers[selftest->used]);
}

static json_t *row_json(const struct selftest_row *row) {
    return json_pack("{ss ss ss sb ss* ss}", "name", row->attempt->name, "tries",
                     row->attempt->tries, "answer", words[row->answer].json, "promised",
                     row->by != NULL, "by", row->by, "said", row->said);
}

static json_t *tier_json(const struct selftest_tier *tier) {
    if (tier->missing != NULL)
        return json_pack("{ss ss}", "tier", sandbox_tier_name(tier->tier), "missing",
                         tier->missing);
    json_t *rows = json_array();
    for (size_t i = 0; i < tier->count; i++)
        json_array_append_new(rows, row_json(&tier->rows[i]));
    return json_pack("{ss ss sb so}", "tier", sandbox_tier_name(tier->tier), "words", tier->words,
                     "holds", selftest_holds(tier), "attempts", rows);
}

json_t *selftest_json(const struct selftest *selftest) {
    json_t *tiers = json_array();
    for (enum sandbox_tier at = SANDBOX_A; at < SANDBOX_TIERS; at++)
        if (selftest->tiers[at].tier == at)
            json_array_append_new(tiers, tier_json(&selftest->tiers[at]));
    const char *used = selftest->used != SANDBOX_NONE ? sandbox_tier_name(selftest->used) : NULL;
    return json_pack("{ss* so}", "strongest", used, "tiers", tiers);
}
