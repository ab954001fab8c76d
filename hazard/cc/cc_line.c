/* SPDX-License-Identifier: MIT */
#include "hazard/cc/cc_line.h"

#include "base/memory.h"

void cc_line_add(struct cc_line *line, const char *word) {
    line->words = grow_array(line->owner, line->words, const char *, line->count + 2);
    line->words[line->count++] = word;
    line->words[line->count] = NULL;
}

void cc_line_add_all(struct cc_line *line, const char *const *words) {
    for (; words != NULL && *words != NULL; words++)
        cc_line_add(line, *words);
}

const char *const *cc_line_words(const struct cc_line *line) {
    static const char *const none[] = {NULL};
    return line->words != NULL ? line->words : none;
}
