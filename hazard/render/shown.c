/* SPDX-License-Identifier: MIT */
#include "hazard/render/shown.h"

#include <string.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/memory.h"

const struct frame *shown_frame(const struct location *location, const struct sources *sources) {
    const struct frame *own = location_own_frame(location, sources);
    if (own != NULL || location->frame_count == 0)
        return own;
    return &location->frames[0];
}

const char *shown_path(void *owner, const char *root, const char *file) {
    if (file == NULL)
        return "?";
    size_t length = root != NULL ? strlen(root) : 0;
    bool below = length > 0 && strncmp(file, root, length) == 0 && file[length] == '/';
    return clean_line(owner, below ? file + length + 1 : file);
}

static const char *concealed;

void shown_conceal(const char *folder) {
    concealed = folder;
}

bool shown_conceals(const char *file) {
    size_t length = concealed != NULL && file != NULL ? strlen(concealed) : 0;
    return length > 0 && strncmp(file, concealed, length) == 0 && file[length] == '/';
}

const char *shown_line(void *owner, const char *file, int line) {
    const char *text =
        file != NULL && line > 0 && !shown_conceals(file) ? file_read(owner, file, NULL) : NULL;
    for (int i = 1; text != NULL && i < line; i++) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    if (text == NULL || *text == '\0')
        return NULL;
    return clean_line(owner, never_null(talloc_strndup(owner, text, strcspn(text, "\n"))));
}
