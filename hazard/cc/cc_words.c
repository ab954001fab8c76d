/* SPDX-License-Identifier: MIT */
#include "hazard/cc/cc_words.h"

#include <string.h>

#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_word.h"

/* -x c and -x none; no other language. */
static int take_language(const char *value, struct cc_words *sorted, struct error *error) {
    if (strcmp(value, "c") != 0 && strcmp(value, "none") != 0)
        return fail(error, "-x %s: hazard takes C", value);
    sorted->any_ending = *value == 'c';
    return 0;
}

static int sort_one(const char *const *at, const struct cc_word *word, struct cc_line *compile,
                    struct cc_line *link, struct cc_words *sorted, struct error *error) {
    if (word->refused != NULL)
        return fail(error, "%s: %s", *at, word->refused);
    if (word->stage == CC_OUTPUT)
        return fail(error,
                    "%s: hazard builds a whole program, in a folder of its own: leave it out", *at);
    if (strncmp(*at, "-x", 2) == 0)
        return take_language(word->value, sorted, error);
    for (int i = 0; i < word->count; i++) {
        if (word->stage == CC_BOTH || word->stage == CC_COMPILE)
            cc_line_add(compile, at[i]);
        if (word->stage == CC_BOTH || word->stage == CC_LINK || word->stage == CC_INPUT)
            cc_line_add(link, at[i]);
    }
    return 0;
}

int cc_words_sort(void *owner, const char *const *words, struct cc_words *sorted,
                  struct error *error) {
    static const char *const none[] = {NULL};
    struct cc_line compile = {.owner = owner}, link = {.owner = owner};
    *sorted = (struct cc_words){.all = words != NULL ? words : none};
    for (const char *const *at = sorted->all; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        if (sort_one(at, &word, &compile, &link, sorted, error) != 0)
            return -1;
        at += word.count;
    }
    if (sorted->any_ending)
        cc_line_add_all(&compile, (const char *const[]){"-x", "c", NULL});
    sorted->compile = cc_line_words(&compile);
    sorted->link = cc_line_words(&link);
    return 0;
}

const char *cc_words_level(const char *const *compile) {
    const char *level = NULL;
    for (const char *const *word = compile; word != NULL && *word != NULL; word++)
        if (strncmp(*word, "-O", 2) == 0)
            level = strcmp(*word, "-O0") == 0 ? NULL : *word;
    return level;
}
