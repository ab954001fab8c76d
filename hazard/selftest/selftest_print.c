/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
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

static size_t column(const struct selftest_tier *tier) {
    size_t widest = 0;
    for (size_t i = 0; i < tier->count; i++) {
        size_t width = layout_width(tier->rows[i].attempt->tries);
        widest = width > widest ? width : widest;
    }
    return widest + COLUMN_GAP;
}

static bool is_broken(const struct selftest_row *row) {
    return row->by != NULL && row->answer != SELFTEST_CONTAINED;
}

static void print_row(FILE *out, const struct selftest_row *row, size_t width) {
    const struct style *style = style_for(out);
    const char *colour = is_broken(row)    ? style->red
                         : row->by == NULL ? style->yellow
                                           : style->green;
    const char *tries = row->attempt->tries;
    int gap = (int)(width - layout_width(tries));
    fprintf(out, "%*s%s%*s%s%-13s%s  ", INDENT, "", tries, gap, "", colour, words[row->answer].text,
            style->reset);
    if (row->by == NULL)
        fprintf(out, "(not promised in this tier)\n");
    else if (is_broken(row))
        fprintf(out, "%s\n", row->said);
    else
        fprintf(out, "%s%s%s: %s\n", row->by, style->dim, style->reset, row->said);
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
    size_t width = column(tier);
    fprintf(out, "%stier %s%s\n\n", style->bold, tier->words, style->reset);
    for (size_t i = 0; i < tier->count; i++)
        print_row(out, &tier->rows[i], width);
    size_t held = count_rows(tier, true, true), broken = count_rows(tier, true, false);
    fprintf(out, "\n%*s%zu of %zu contained", INDENT, "", held, held + broken);
    fprintf(out, "; %zu beyond what this tier promises\n\n",
            count_rows(tier, false, true) + count_rows(tier, false, false));
}

void selftest_print(FILE *out, const struct selftest *selftest) {
    for (enum sandbox_tier at = SANDBOX_A; at < SANDBOX_TIERS; at++) {
        const struct selftest_tier *tier = &selftest->tiers[at];
        if (tier->count > 0)
            print_tier(out, tier);
        else if (tier->missing != NULL) {
            fprintf(out, "tier %s: ", sandbox_tier_name(at));
            layout_paragraph(out, 0, tier->missing);
            fputc('\n', out);
        }
    }
    if (selftest->used != SANDBOX_NONE)
        fprintf(out, "The strongest here: tier %s\n", selftest->tiers[selftest->used].words);
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
