/* SPDX-License-Identifier: MIT */
#include "tests/support/text.h"

#include <criterion/criterion.h>
#include <string.h>

void text_expect_parts(const char *text, const char *const *parts, size_t count) {
    for (size_t i = 0; i < count; i++)
        cr_expect(strstr(text, parts[i]) != NULL, "'%s' is not in:\n%s", parts[i], text);
}
