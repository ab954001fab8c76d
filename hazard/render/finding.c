/* SPDX-License-Identifier: MIT */
/*
 * One finding for people:
 *
 *   data-race: data race on `total'
 *     thread 2  write of 4 bytes          add at buggy/counter.c:31
 *        31 |     total = loc + 1;
 *     thread 1  previous read of 4 bytes  add at buggy/counter.c:29
 *        29 |     int loc = total;
 *     the same at 2 further lines of add: 33, 34
 *
 *     thread 2                thread 1
 *     ----------------------  ----------------------
 *     31: write of 4 bytes
 *                             29: previous read of 4 bytes
 */
#include "hazard/render/finding.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/actors.h"
#include "hazard/render/grid.h"
#include "hazard/render/layout.h"
#include "hazard/render/shown.h"
#include "hazard/render/style.h"

enum { INDENT = 2 };

/* "add", or "memcpy, in add" when the tool looked deeper than the program. */
static const char *function_words(void *owner, const struct location *location,
                                  const struct frame *shown) {
    const char *own = clean_line(owner, shown->function);
    if (shown == &location->frames[0] || strcmp(location->frames[0].function, "?") == 0)
        return own;
    return never_null(talloc_asprintf(owner, "%s, in" GRID_GLUE "%s",
                                      clean_line(owner, location->frames[0].function), own));
}

static const char *place_words(void *owner, const struct frame *frame, const char *root) {
    const char *path = shown_path(owner, root, frame->file);
    if (frame->line == 0)
        return path;
    return never_null(talloc_asprintf(owner, "%s:%d", path, frame->line));
}

/* A name stays on one line. */
static const char *glued(void *owner, const char *name) {
    char *result = talloc_strdup(owner, "");
    for (size_t length; *name != '\0'; name += length + (name[length] == ' ')) {
        length = strcspn(name, " ");
        result = talloc_asprintf_append(result, "%.*s%s", (int)length, name,
                                        name[length] == ' ' ? GRID_GLUE : "");
    }
    return never_null(result);
}

static void add_location(struct grid *grid, const struct location *location,
                         const struct sources *sources, const char *root,
                         const struct style *style) {
    const struct frame *frame = shown_frame(location, sources);
    const char *colour = location->context ? style->dim : "";
    grid_cell(grid, glued(grid, clean_line(grid, location->actor)), colour);
    grid_cell(grid, clean_line(grid, location->doing), colour);
    const char *where = "";
    if (frame != NULL)
        where = never_null(talloc_asprintf(grid, "%s" GRID_GLUE "at" GRID_GLUE "%s",
                                           function_words(grid, location, frame),
                                           place_words(grid, frame, root)));
    grid_cell(grid, where, colour);
    const char *line =
        frame != NULL && !location->context ? shown_line(grid, frame->file, frame->line) : NULL;
    if (line != NULL)
        grid_line(grid, talloc_asprintf(grid, "  %4d | %s", frame->line, line), style->cyan);
}

const char *finding_further(void *owner, const struct finding *finding) {
    const size_t count = finding->further_count;
    if (count == 0)
        return NULL;
    char *words = never_null(talloc_asprintf(owner, "the same at %zu further line%s of %s:", count,
                                             count > 1 ? "s" : "",
                                             clean_line(owner, finding->further[0].function)));
    for (size_t i = 0; i < count; i++)
        words = never_null(talloc_asprintf_append_buffer(words, "%s %d", i > 0 ? "," : "",
                                                         finding->further[i].line));
    return words;
}

static void print_columns(FILE *out, size_t indent, const struct finding *finding,
                          const struct sources *sources) {
    struct actor_step *steps = new_array(NULL, struct actor_step, finding->location_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        if (location->context)
            continue;
        const struct frame *frame = shown_frame(location, sources);
        const char *doing = clean_line(steps, location->doing);
        bool placed = frame != NULL && frame->line > 0;
        steps[count++] = (struct actor_step){
            .actor = clean_line(steps, location->actor),
            .words = placed ? talloc_asprintf(steps, "%d: %s", frame->line, doing) : doing,
        };
    }
    actors_print(out, indent, steps, count);
    talloc_free(steps);
}

void finding_print(FILE *out, size_t indent, const struct finding *finding,
                   const struct sources *sources, const char *root) {
    const struct style *style = style_for(out);
    struct grid *grid = grid_new(NULL, 3);
    const char *kind = kind_name(finding->kind);
    fprintf(out, "%*s%s%s%s: ", (int)indent, "", style->bold, kind, style->reset);
    layout_paragraph(out, indent + strlen(kind) + 2, clean_line(grid, finding->message));
    if (finding->doubt != NULL) {
        fprintf(out, "%*s", (int)(indent + INDENT), "");
        layout_paragraph(out, indent + INDENT, clean_line(grid, finding->doubt));
    }
    for (size_t i = 0; i < finding->location_count; i++)
        add_location(grid, &finding->locations[i], sources, root, style);
    grid_print(out, grid, indent + INDENT);
    const char *further = finding_further(grid, finding);
    if (further != NULL) {
        fprintf(out, "%*s", (int)(indent + INDENT), "");
        layout_paragraph(out, indent + INDENT, further);
    }
    if (finding->schedule_count == 0) /* else there is a better table: interleaving.c */
        print_columns(out, indent + INDENT, finding, sources);
    talloc_free(grid);
}

const char *finding_headline(void *owner, const struct finding *finding,
                             const struct sources *sources, const char *root) {
    char *words = never_null(talloc_asprintf(owner, "%s: %s", kind_name(finding->kind),
                                             clean_line(owner, finding->message)));
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        const struct frame *frame = shown_frame(location, sources);
        if (!location->context && frame != NULL)
            return never_null(
                talloc_asprintf(owner, "%s, at %s", words, place_words(owner, frame, root)));
    }
    return words;
}
