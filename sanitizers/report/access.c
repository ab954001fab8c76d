/* SPDX-License-Identifier: MIT */
#include "report/access.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

const char *access_words(void *owner, const char *words) {
    static const char mark[] = " of size ";
    const char *at = strstr(words, mark);
    int size;
    if (at == NULL || sscanf(at + strlen(mark), "%d", &size) != 1)
        return NULL;
    char *said = never_null(talloc_asprintf(owner, "%.*s of %d byte%s", (int)(at - words), words,
                                            size, size == 1 ? "" : "s"));
    said[0] = (char)tolower((unsigned char)said[0]);
    return said;
}
