/* SPDX-License-Identifier: MIT */
#include "tests/support/printed.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/memory.h"

static FILE *out;
static char *buffer;
static size_t size;

FILE *printing(void) {
    cr_assert(out == NULL, "what was printed before has not been asked for");
    out = open_memstream(&buffer, &size);
    cr_assert(out != NULL);
    return out;
}

char *printed(void *owner) {
    fclose(out);
    out = NULL;
    char *text = talloc_strdup(owner, buffer);
    free(buffer);
    return text;
}
