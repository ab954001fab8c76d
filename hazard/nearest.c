/* SPDX-License-Identifier: MIT */
/*
 * The edit distance is Damerau's, restricted (optimal string alignment): three rows of the usual
 * table are enough, and words are cut off at LONGEST letters, which no name of ours reaches.
 */
#include "hazard/nearest.h"

#include <string.h>

#include "base/memory.h"

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t edit_distance(const char *a, const char *b) {
    size_t height = strnlen(a, LONGEST), width = strnlen(b, LONGEST);
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= height; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            row[j] = least(above[j], row[j - 1]) + 1;
            row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[height % 3][width];
}

const char *nearest_word(const char *word, word_at *at, const void *words, size_t count) {
    const char *best = NULL;
    size_t least_so_far = (strlen(word) < 3 ? 1 : strlen(word) / 3) + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, at(words, i));
        if (distance < least_so_far) {
            best = at(words, i);
            least_so_far = distance;
        }
    }
    return best;
}

const char *nearest_hint(void *owner, const char *what, const char *word, word_at *at,
                         const void *words, size_t count) {
    const char *near = nearest_word(word, at, words, count);
    char *text = never_null(talloc_asprintf(owner, "unknown %s '%s'", what, word));
    if (near != NULL)
        text = never_null(talloc_asprintf_append(text, ", did you mean '%s'?", near));
    for (size_t i = 0; i < count; i++)
        text = never_null(
            talloc_asprintf_append(text, "%s%s", i == 0 ? " (allowed: " : ", ", at(words, i)));
    return never_null(talloc_asprintf_append(text, ")"));
}
