/* SPDX-License-Identifier: MIT */
/* The JSON that the command answers with. */
#ifndef TESTS_ANSWER_H
#define TESTS_ANSWER_H

#include <jansson.h>

/* The first of {"programs": [...]}. New reference; NULL: that is not what was printed. */
json_t *answer_program(const char *output);

/* A member of an object; "" and 0 if there is none of that name and type. */
const char *answer_word(const json_t *object, const char *key);
int answer_number(const json_t *object, const char *key);

/* How many items the array of that name has. */
size_t answer_count(const json_t *object, const char *key);

#endif
