/* SPDX-License-Identifier: MIT */
#include "hazard/render/called_text.h"

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"

enum { INDENT = 2, NAMES_INDENT = 4 };

static const char *colour(const struct style *style, enum called_how how) {
    return how == CALLED_REFUSED                          ? style->red
           : how == CALLED_UNKNOWN || how == CALLED_ASKED ? style->yellow
                                                          : style->green;
}

/* What is refused has its reason, and a line of its own. */
static void print_refused(FILE *out, void *owner, const struct calls *calls) {
    for (size_t i = 0; i < calls->count; i++)
        if (calls->items[i].how == CALLED_REFUSED)
            fprintf(out, "%*s%s: %s\n", NAMES_INDENT, "", clean_line(owner, calls->items[i].name),
                    calls->items[i].why);
}

static void print_names(FILE *out, void *owner, const struct calls *calls, enum called_how how) {
    char *names = talloc_strdup(owner, "");
    for (size_t i = 0; i < calls->count; i++)
        if (calls->items[i].how == how)
            names = talloc_asprintf_append(names, "%s%s", *names != '\0' ? ", " : "",
                                           calls->items[i].name);
    fprintf(out, "%*s", NAMES_INDENT, "");
    layout_paragraph(out, NAMES_INDENT, clean_line(owner, names));
}

static size_t count_of(const struct calls *calls, enum called_how how) {
    size_t count = 0;
    for (size_t i = 0; i < calls->count; i++)
        count += calls->items[i].how == how;
    return count;
}

void called_text(FILE *out, const struct called_program *called) {
    const struct style *style = style_for(out);
    if (called->failed)
        return;
    void *owner = new_owner();
    fprintf(out, "%s%s%s\n", style->bold, clean_line(owner, called->program), style->reset);
    if (called->calls.count == 0)
        fprintf(out, "%*scalls nothing outside itself\n", INDENT, "");
    for (enum called_how how = 0; how < CALLED_HOWS; how++) {
        if (count_of(&called->calls, how) == 0)
            continue;
        fprintf(out, "%*s%s%s%s: %s\n", INDENT, "", colour(style, how), called_how_name(how),
                style->reset, called_how_words(how));
        if (how == CALLED_REFUSED)
            print_refused(out, owner, &called->calls);
        else
            print_names(out, owner, &called->calls, how);
    }
    talloc_free(owner);
}

json_t *called_json(const struct called_program *called) {
    json_t *calls = json_array();
    for (size_t i = 0; i < called->calls.count; i++) {
        const struct called *call = &called->calls.items[i];
        json_t *item =
            json_pack("{s:s, s:s}", "name", call->name, "how", called_how_name(call->how));
        if (call->why != NULL)
            json_object_set_new(item, "why", json_string(call->why));
        json_array_append_new(calls, item);
    }
    return json_pack("{s:s, s:o}", "program", called->program, "calls", calls);
}
