/* SPDX-License-Identifier: MIT */
#include "hazard/render/actors.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/render/layout.h"

enum { NARROWEST = 14, WIDEST = 40 };

struct columns {
    const char **actors; /* in the order of their first steps */
    size_t count;
    size_t indent, width;
};

static size_t column_of(const struct columns *columns, const char *actor) {
    size_t i = 0;
    while (i < columns->count && strcmp(columns->actors[i], actor) != 0)
        i++;
    return i;
}

/* Shared out evenly; 0 if that is too narrow to read. */
static size_t fair_width(FILE *out, size_t indent, size_t count) {
    size_t all = layout_prose(out) - indent;
    if (count < 2 || all / count < NARROWEST + COLUMN_GAP)
        return 0;
    size_t width = (all + COLUMN_GAP) / count - COLUMN_GAP;
    return width < WIDEST ? width : WIDEST;
}

static void print_heads(FILE *out, const struct columns *columns) {
    for (size_t i = 0; i < columns->count; i++) {
        size_t length = layout_break(columns->actors[i], columns->width);
        bool last = i + 1 == columns->count;
        fprintf(out, "%*s%.*s", (int)(i == 0 ? columns->indent : COLUMN_GAP), "", (int)length,
                columns->actors[i]);
        fprintf(out, "%*s", last ? 0 : (int)(columns->width - length), "");
    }
    fputc('\n', out);
    for (size_t i = 0; i < columns->count; i++) {
        fprintf(out, "%*s", (int)(i == 0 ? columns->indent : COLUMN_GAP), "");
        for (size_t j = 0; j < columns->width; j++)
            fputc('-', out);
    }
    fputc('\n', out);
}

static void print_step(FILE *out, const struct columns *columns, const struct actor_step *step) {
    size_t column = column_of(columns, step->actor);
    size_t offset = columns->indent + column * (columns->width + COLUMN_GAP);
    for (const char *words = step->words; *words != '\0'; words += strspn(words, " ")) {
        size_t length = layout_break(words, columns->width);
        fprintf(out, "%*s%.*s\n", (int)offset, "", (int)length, words);
        words += length;
    }
}

void actors_print(FILE *out, size_t indent, const struct actor_step *steps, size_t count) {
    struct columns columns = {
        .actors = new_array(NULL, const char *, count + 1),
        .indent = indent,
    };
    for (size_t i = 0; i < count; i++)
        if (column_of(&columns, steps[i].actor) == columns.count)
            columns.actors[columns.count++] = steps[i].actor;
    columns.width = fair_width(out, indent, columns.count);
    if (columns.width > 0) {
        fputc('\n', out);
        print_heads(out, &columns);
        for (size_t i = 0; i < count; i++)
            print_step(out, &columns, &steps[i]);
    }
    talloc_free(columns.actors);
}
