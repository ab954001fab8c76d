/* SPDX-License-Identifier: MIT */
/* Criterion's `str` is char *, and our strings are const. */
#ifndef TESTS_TEXT_H
#define TESTS_TEXT_H

#include <stddef.h>

#include <criterion/new/assert.h>

/* expect_text(got, wanted), and printf arguments that name the row. */
#define expect_text(got, wanted, ...)                                                              \
    cr_expect(eq(str, (char *)(got), (char *)(wanted)), ##__VA_ARGS__)
#define expect_other_text(got, unwanted, ...)                                                      \
    cr_expect(ne(str, (char *)(got), (char *)(unwanted)), ##__VA_ARGS__)

/* Each string of an array is somewhere in the text. */
#define expect_parts(text, parts) text_expect_parts(text, parts, sizeof(parts) / sizeof *(parts))
void text_expect_parts(const char *text, const char *const *parts, size_t count);

#endif
