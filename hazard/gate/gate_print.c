/* SPDX-License-Identifier: MIT */
#include "hazard/gate/gate_print.h"

#include "hazard/render/layout.h"
#include "hazard/render/style.h"

#define INDENT 4

static void print_refusal(FILE *out, const struct gate_refusal *refusal) {
    const struct style *style = style_for(out);
    const struct gate_rule *rule = &gate_rules[refusal->kind];
    fprintf(out, "%s%s", style->bold, refusal->file);
    if (refusal->line > 0)
        fprintf(out, ":%d", refusal->line);
    fprintf(out, ":%s %s%s%s: %s\n", style->reset, style->red, rule->name, style->reset,
            refusal->what);
    if (*refusal->text != '\0')
        fprintf(out, "%*s%s\n", INDENT, "", refusal->text);
    fprintf(out, "%*s", INDENT, "");
    layout_paragraph(out, INDENT, rule->why);
    fprintf(out, "%*sinstead: ", INDENT, "");
    layout_paragraph(out, INDENT + 9, rule->honest);
}

void gate_print(FILE *out, const struct gate *gate) {
    for (size_t i = 0; i < gate->count; i++) {
        print_refusal(out, &gate->refusals[i]);
        fputc('\n', out);
    }
    if (gate->count == 0)
        fputs("nothing is refused\n", out);
    else
        fprintf(out, "refused: %zu\n", gate->count);
}

json_t *gate_json(const struct gate *gate) {
    json_t *refusals = json_array();
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_refusal *refusal = &gate->refusals[i];
        const struct gate_rule *rule = &gate_rules[refusal->kind];
        json_array_append_new(refusals, json_pack("{ss ss si ss ss ss ss}", "kind", rule->name,
                                                  "file", refusal->file, "line", refusal->line,
                                                  "text", refusal->text, "what", refusal->what,
                                                  "why", rule->why, "honest", rule->honest));
    }
    return json_pack("{so}", "refusals", refusals);
}
