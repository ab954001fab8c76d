/* SPDX-License-Identifier: MIT */
/* A command line that grows. */
#ifndef HAZARD_CC_CC_LINE_H
#define HAZARD_CC_CC_LINE_H

#include <stddef.h>

struct cc_line {
    void *owner;
    const char **words; /* NULL-terminated once there is one */
    size_t count;
};

/* A word is not copied. */
void cc_line_add(struct cc_line *line, const char *word);

/* A list that ends with NULL; may be NULL. */
void cc_line_add_all(struct cc_line *line, const char *const *words);

/* The words, NULL-terminated, also where there are none. */
const char *const *cc_line_words(const struct cc_line *line);

#endif
