/* SPDX-License-Identifier: MIT */
#include "hazard/render/grid.h"

#include <stdbool.h>

#include "base/memory.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"

struct grid_item {
    const char *text;
    const char *colour;
    size_t column; /* from 0; `columns` of the grid: a line across all of them */
};

struct grid {
    size_t columns;
    size_t next; /* the column of the next cell */
    struct grid_item *items;
    size_t count;
};

struct grid *grid_new(void *owner, size_t columns) {
    struct grid *grid = new_array(owner, struct grid, 1);
    grid->columns = columns;
    return grid;
}

static void add_item(struct grid *grid, const char *text, const char *colour, size_t column) {
    grid->items = grow_array(grid, grid->items, struct grid_item, grid->count + 1);
    grid->items[grid->count++] = (struct grid_item){
        .text = never_null(talloc_strdup(grid, text)),
        .colour = colour,
        .column = column,
    };
}

void grid_cell(struct grid *grid, const char *text, const char *colour) {
    add_item(grid, text, colour, grid->next);
    grid->next = (grid->next + 1) % grid->columns;
}

void grid_line(struct grid *grid, const char *text, const char *colour) {
    add_item(grid, text, colour, grid->columns);
}

static size_t column_width(const struct grid *grid, size_t column) {
    size_t widest = 0;
    for (size_t i = 0; i < grid->count; i++)
        if (grid->items[i].column == column && layout_width(grid->items[i].text) > widest)
            widest = layout_width(grid->items[i].text);
    return widest;
}

/* Blanks follow a cell only when a cell with words follows it in its
 * row: no line ends in blanks. */
static bool ends_row(const struct grid *grid, size_t index) {
    for (size_t i = index + 1; i < grid->count; i++) {
        if (grid->items[i].column <= grid->items[index].column ||
            grid->items[i].column == grid->columns)
            break;
        if (*grid->items[i].text != '\0')
            return false;
    }
    return true;
}

void grid_print(FILE *out, const struct grid *grid, size_t indent) {
    const char *reset = style_for(out)->reset;
    for (size_t i = 0; i < grid->count; i++) {
        const struct grid_item *item = &grid->items[i];
        bool whole = item->column == grid->columns;
        if (item->column == 0 || (whole && *item->text != '\0'))
            fprintf(out, "%*s", (int)indent, "");
        fprintf(out, "%s%s%s", item->colour, item->text, *item->colour != '\0' ? reset : "");
        if (!whole && !ends_row(grid, i))
            fprintf(out, "%*s",
                    (int)(column_width(grid, item->column) + COLUMN_GAP - layout_width(item->text)),
                    "");
        if (whole || item->column + 1 == grid->columns)
            fputc('\n', out);
    }
}
