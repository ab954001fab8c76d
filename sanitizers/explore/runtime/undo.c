/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/places.h"
#include "explore/runtime/undo.h"

enum { DELTAS = 8 << 20 };

struct undo_log {
    size_t count;
    bool lost;
    struct delta {
        char *at, *image; /* image NULL: it has none */
        uint32_t size;
        char before[UNDO_LINE];
    } deltas[DELTAS];
};
#define undo_log ((struct undo_log *)UNDO_ADDRESS)

void undo_start(void) {
    place_take(UNDO_ADDRESS, sizeof *undo_log);
}

void undo_begin(void) {
    undo_renew();
    undo_log->count = 0;
}

void undo_lose(void) {
    undo_log->count = 0;
    undo_log->lost = true;
}

static struct delta *delta_new(void) {
    if (undo_log->count == DELTAS)
        undo_lose();
    return &undo_log->deltas[undo_log->count++];
}

void undo_save(void *at, size_t size) {
    struct delta *delta = delta_new();
    delta->at = at;
    delta->image = NULL;
    delta->size = (uint32_t)size;
    memcpy(delta->before, at, size);
}

void undo_save_all(void *at, size_t size) {
    char *start = at;
    for (size_t done = 0; done < size; done += UNDO_LINE)
        undo_save(start + done, size - done < UNDO_LINE ? size - done : UNDO_LINE);
}

void undo_save_line(char *line, char *image) {
    struct delta *delta = delta_new();
    delta->at = line;
    delta->image = image;
    delta->size = UNDO_LINE;
    memcpy(delta->before, image, UNDO_LINE);
    memcpy(image, line, UNDO_LINE);
}

size_t undo_count(void) {
    return undo_log->count;
}

void undo_back(size_t count) {
    while (undo_log->count > count) {
        const struct delta *delta = &undo_log->deltas[--undo_log->count];
        memcpy(delta->at, delta->before, delta->size);
        if (delta->image != NULL)
            memcpy(delta->image, delta->before, UNDO_LINE);
    }
}

bool undo_is_whole(void) {
    return !undo_log->lost;
}

void undo_renew(void) {
    undo_log->lost = false;
}
