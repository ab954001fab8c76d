/* SPDX-License-Identifier: MIT */
/* At its end the runtime prints "ThreadSanitizer: Matched 2 suppressions (pid=7):", then lines like "1 race:f". */
#include "tsan/tsan_suppressed.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

static bool has_word(const char *words, const char *one) {
    size_t length = strlen(one);
    for (const char *at = words; (at = strstr(at, one)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

const char *tsan_suppressed(void *owner, const char *words, const char *text) {
    const char *at = strstr(text, "ThreadSanitizer: Matched ");
    at = at != NULL ? strchr(at, '\n') : NULL;
    while (at != NULL && strspn(++at, "0123456789") > 0) {
        at += strspn(at, "0123456789 ");
        const char *one = never_null(talloc_strndup(owner, at, strcspn(at, "\n")));
        if (!has_word(words, one))
            words = never_null(
                talloc_asprintf(owner, "%s%s%s", words, *words != '\0' ? ", " : "", one));
        at = strchr(at, '\n');
    }
    return words;
}
