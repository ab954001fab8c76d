/* SPDX-License-Identifier: MIT */
#include "hazard/render/inject_strip.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/render/layout.h"

/* From bad to harmless: of a bucket, the first that occurs in it is shown. */
static const struct mark {
    char mark;
    const char *word;
} marks[] = {
    {'D', "deadlock"}, {'C', "crash"},    {'W', "wrong"},   {'R', "ran away"},
    {'?', "unjudged"}, {'.', "harmless"}, {'-', "blocked"}, {' ', "not tried"},
};
enum { MARKS = sizeof marks / sizeof *marks };

static char mark_of(const struct injection *injection, const struct point *point) {
    static const char of_kind[ENDING_KINDS] = {
        [ENDING_WELL] = '.',  [ENDING_DEADLOCK] = 'D', [ENDING_CRASH] = 'C',
        [ENDING_WRONG] = 'W', [ENDING_RAN_AWAY] = 'R', [ENDING_UNJUDGED] = '?'};
    if ((point->flags & POINT_LEFT_OUT) != 0)
        return ' ';
    char mark = of_kind[injection->endings[point->ending].kind];
    return mark == '.' && (point->flags & POINT_BLOCKED) != 0 ? '-' : mark;
}

static size_t rank_of(char mark) {
    size_t rank = 0;
    while (rank < MARKS && marks[rank].mark != mark)
        rank++;
    return rank;
}

static char worst(const struct injection *injection, size_t from, size_t to) {
    size_t rank = MARKS - 1;
    for (size_t i = from; i < to; i++) {
        size_t one = rank_of(mark_of(injection, &injection->points[i]));
        rank = one < rank ? one : rank;
    }
    return marks[rank].mark;
}

const char *inject_strip(void *owner, const struct injection *injection, size_t width) {
    size_t count = injection->point_count;
    size_t columns = count < width ? count : width;
    char *strip = new_array(owner, char, columns + 1);
    for (size_t i = 0; i < columns; i++)
        strip[i] = worst(injection, i * count / columns, (i + 1) * count / columns);
    return strip;
}

const char *inject_strip_word(char mark) {
    size_t rank = rank_of(mark);
    return rank < MARKS ? marks[rank].word : NULL;
}

size_t inject_strip_width(FILE *out) {
    return layout_page(out, 20, 1000);
}
