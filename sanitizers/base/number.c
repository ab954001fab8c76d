/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <string.h>

#include "base/memory.h"

const char *number_with_commas(void *owner, int64_t number) {
    char *digits = never_null(talloc_asprintf(owner, "%lld", (long long)number));
    for (size_t length = strlen(digits), at = length; at > 3;) {
        at -= 3;
        digits = never_null(talloc_asprintf(owner, "%.*s,%s", (int)at, digits, digits + at));
    }
    return digits;
}
