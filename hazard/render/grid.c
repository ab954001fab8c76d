/* SPDX-License-Identifier: MIT */
#include "hazard/render/grid.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"

enum { EASY_TO_READ = 40 };

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

/* ---- Widths ---------------------------------------------------------------------------------- */

/* Of its words: a cell is wrapped between them. Blanks in front are an indentation, of every line. */
static size_t narrowest(const char *text) {
    size_t indent = strspn(text, " "), widest = 0;
    for (text += indent; *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " "), width = 0;
        for (; length > 0; length--)
            width += (*text++ & 0xC0) != 0x80;
        widest = width > widest ? width : widest;
    }
    return indent + widest;
}

static size_t widest_of(const struct grid *grid, size_t column, size_t (*width)(const char *)) {
    size_t widest = 0;
    for (size_t i = 0; i < grid->count; i++) {
        size_t one = grid->items[i].column == column ? width(grid->items[i].text) : 0;
        widest = one > widest ? one : widest;
    }
    return widest;
}

static size_t sum_of(const size_t *widths, size_t count) {
    size_t sum = (count - 1) * COLUMN_GAP;
    for (size_t i = 0; i < count; i++)
        sum += widths[i];
    return sum;
}

/* The widest column that can be narrower; `columns` if none can. */
static size_t roomiest(const struct grid *grid, const size_t *widths, const size_t *least) {
    size_t best = grid->columns;
    for (size_t i = 0; i < grid->columns; i++)
        if (widths[i] > least[i] && (best == grid->columns || widths[i] > widths[best]))
            best = i;
    return best;
}

/* As wide as the cells; where that is more than `room`, the widest columns give way. Where a long path takes all the
 * room, the others do not make way for nothing. */
static size_t *column_widths(void *owner, const struct grid *grid, size_t room) {
    size_t *widths = new_array(owner, size_t, grid->columns);
    size_t *least = new_array(owner, size_t, grid->columns);
    for (size_t i = 0; i < grid->columns; i++) {
        widths[i] = widest_of(grid, i, layout_width);
        least[i] = widest_of(grid, i, narrowest);
    }
    bool fits = sum_of(least, grid->columns) <= room;
    for (size_t i = 0; i < grid->columns && !fits; i++)
        least[i] = least[i] < EASY_TO_READ ? EASY_TO_READ : least[i];
    for (size_t column; sum_of(widths, grid->columns) > room; widths[column]--)
        if ((column = roomiest(grid, widths, least)) == grid->columns)
            break;
    return widths;
}

/* ---- Printing -------------------------------------------------------------------------------- */

static void put(FILE *out, const struct grid_item *item, size_t indent, const char *text) {
    fprintf(out, "%s%*s", item->colour, (int)indent, "");
    for (size_t length; *text != '\0'; text += length) {
        const char *glue = strstr(text, GRID_GLUE);
        length = glue == text   ? strlen(GRID_GLUE)
                 : glue != NULL ? (size_t)(glue - text)
                                : strlen(text);
        fprintf(out, "%.*s", glue == text ? 1 : (int)length, glue == text ? " " : text);
    }
    fputs(*item->colour != '\0' ? style_for(out)->reset : "", out);
}

/* The next line of a cell, from *rest on, after `*blanks` blanks; moves both on: blanks go before words
 * alone, so that no line ends in them. */
static void print_piece(FILE *out, const struct grid_item *item, const char **rest, size_t width,
                        size_t *blanks) {
    size_t indent = strspn(item->text, " "), taken = 0;
    const char *text = *rest == item->text ? *rest + indent : *rest;
    size_t length = layout_break(text, width > indent ? width - indent : width);
    if (length > 0) {
        char *piece = never_null(talloc_strndup(NULL, text, length));
        fprintf(out, "%*s", (int)*blanks, "");
        put(out, item, indent, piece);
        taken = indent + layout_width(piece);
        *blanks = 0;
        talloc_free(piece);
    }
    *blanks += (width > taken ? width - taken : 0) + COLUMN_GAP;
    *rest = text + length + strspn(text + length, " ");
}

/* `count` cells, in as many lines as the longest one takes. */
static void print_row(FILE *out, const struct grid_item *items, size_t count, const size_t *widths,
                      size_t indent) {
    const char **rests = new_array(NULL, const char *, count);
    for (size_t i = 0; i < count; i++)
        rests[i] = items[i].text;
    for (bool more = true; more;) {
        size_t blanks = indent;
        more = false;
        for (size_t i = 0; i < count; i++) {
            print_piece(out, &items[i], &rests[i], widths[i], &blanks);
            more = more || *rests[i] != '\0';
        }
        fputc('\n', out);
    }
    talloc_free(rests);
}

void grid_print(FILE *out, const struct grid *grid, size_t indent) {
    void *scratch = talloc_new(NULL);
    size_t page = layout_prose(out);
    const size_t *widths = column_widths(scratch, grid, page > indent ? page - indent : 0);
    for (size_t i = 0; i < grid->count;) {
        const struct grid_item *item = &grid->items[i];
        if (item->column == grid->columns) {
            if (*item->text != '\0')
                put(out, item, indent, item->text);
            fputc('\n', out);
            i++;
            continue;
        }
        size_t count = 1;
        while (count < grid->columns && i + count < grid->count &&
               grid->items[i + count].column == count)
            count++;
        print_row(out, item, count, widths, indent);
        i += count;
    }
    talloc_free(scratch);
}
