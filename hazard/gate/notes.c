/* SPDX-License-Identifier: MIT */
#include "hazard/gate/notes.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/memory.h"

#define LONGEST_TEXT 200

bool notes_below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0' ||
                                                  (length > 0 && folder[length - 1] == '/'));
}

bool notes_are_full(const struct notes *notes) {
    return notes->count >= NOTES_MOST;
}

void notes_add(struct notes *notes, enum gate_kind kind, const char *file, int line,
               const char *what) {
    if (notes_are_full(notes) || (notes->input->off[kind] && !gate_rules[kind].fixed))
        return;
    for (size_t i = 0; i < notes->count; i++) {
        const struct gate_refusal *known = &notes->items[i];
        if (known->kind == kind && known->line == line && strcmp(known->file, file) == 0)
            return;
    }
    notes->items = grow_array(notes->owner, notes->items, struct gate_refusal, notes->count + 1);
    notes->items[notes->count++] =
        (struct gate_refusal){kind, never_null(talloc_strdup(notes->owner, file)), line, "",
                              clean_line(notes->owner, what)};
}

static int by_place(const void *a, const void *b) {
    const struct gate_refusal *one = a, *other = b;
    int order = strcmp(one->file, other->file);
    if (order == 0)
        order = (one->line > other->line) - (one->line < other->line);
    return order != 0 ? order : (int)one->kind - (int)other->kind;
}

/* The line's text, without what it is indented by. */
static const char *line_of(void *owner, const char *text, int line) {
    for (; text != NULL && line > 1; line--)
        if ((text = strchr(text, '\n')) != NULL)
            text++;
    if (text == NULL || line == 0)
        return "";
    text += strspn(text, " \t");
    size_t length = strcspn(text, "\n");
    return clean_line(owner,
                      talloc_strndup(owner, text, length < LONGEST_TEXT ? length : LONGEST_TEXT));
}

static const char *from_folder(const struct notes *notes, const char *file) {
    size_t length = strlen(notes->folder);
    const char *name =
        notes_below(file, notes->folder) && file[length] == '/' ? file + length + 1 : file;
    return clean_line(notes->owner, name);
}

void notes_finish(struct notes *notes, struct gate *gate) {
    size_t of_file = 0;
    const char *text = NULL, *file = NULL;
    if (notes->count > 1)
        qsort(notes->items, notes->count, sizeof *notes->items, by_place);
    gate->refusals = notes->items;
    for (size_t i = 0; i < notes->count; i++) {
        struct gate_refusal refusal = notes->items[i];
        if (file == NULL || strcmp(file, refusal.file) != 0) {
            of_file = 0;
            file = refusal.file;
            text = refusal.line > 0 ? file_read(notes->owner, file, NULL) : NULL;
        }
        if (of_file++ == GATE_MOST)
            of_file = GATE_MOST;
        else {
            refusal.text = line_of(notes->owner, text, refusal.line);
            refusal.file = from_folder(notes, refusal.file);
            gate->refusals[gate->count++] = refusal;
        }
    }
}
