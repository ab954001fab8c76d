/* SPDX-License-Identifier: MIT */
#include "valgrind/own_locks.h"

#include <stddef.h>

#include "base/memory.h"

/*
 * Measured with Valgrind 3.19 and glibc 2.36, four threads that call the function. What was inlined is no frame. Each
 * row ends at a function of glibc's that, up to there, accesses nothing but glibc's own: so no report on memory of the
 * program's is lost. Not here for that reason: fclose and pclose, whose FILE the program may still use elsewhere, and
 * strftime, which writes into the program's buffer.
 */
static const struct alarm_row {
    const char *call;   /* of the program's */
    const char *frames; /* in Valgrind's words */
} rows[] = {
    {"getaddrinfo", "fun:free\n   fun:__check_pf"},
    {"getaddrinfo", "fun:free\n   fun:__free_in6ai"},
    {"getaddrinfo and its like", "fun:free\n   ...\n   fun:fclose*\n   fun:_nss_files_*"},
    {"getaddrinfo and its like", "fun:free\n   ...\n   fun:fclose*\n   fun:nss_database_*"},
    {"getaddrinfo and its like", "...\n   fun:__nss_module_*"},
    {"localtime_r and its like", "fun:free\n   ...\n   fun:fclose*\n   fun:__tzfile_read"},
    {"localtime_r and its like", "fun:*\n   fun:__tzstring*"},
    {"localtime_r and its like", "fun:*\n   fun:__tzfile_compute"},
    {"localtime_r and its like", "fun:free\n   fun:tzset_internal"},
};

const char *own_locks_text(void *owner) {
    static const char *const kinds[] = {"Helgrind:Race", "drd:ConflictingAccess"};
    char *text = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            text = never_null(
                talloc_asprintf_append(text, "{\n   " OWN_LOCKS_NAME "%s\n   %s\n   %s\n}\n",
                                       rows[i].call, kinds[k], rows[i].frames));
    return text;
}
