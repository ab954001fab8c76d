/* SPDX-License-Identifier: MIT */
/* The table of library calls: its words for hidden state and for checks, and the look-up. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_H

#include <stdbool.h>

#include "explore/runtime/calls/table_rows.h"

/*
 * Hidden state: name in the table, whether two calls that nothing orders are a data race (the state
 * has no lock: "MT-Unsafe race" in the manuals) or only an order that matters, and the variable
 * that stands for it in reports.
 */
#define HIDDEN_STATES(X)                                                                           \
    X(asctime, 1, libc_asctime_buffer)                                                             \
    X(tm, 1, libc_localtime_result)                                                                \
    X(timezone, 0, libc_timezone)                                                                  \
    X(getdate, 1, libc_getdate_result)                                                             \
    X(strtok, 1, libc_strtok_place)                                                                \
    X(environment, 1, libc_environment)                                                            \
    X(random, 0, libc_random_seed)                                                                 \
    X(drand48, 1, libc_drand48_seed)                                                               \
    X(locale, 1, libc_locale)                                                                      \
    X(localeconv, 1, libc_localeconv_result)                                                       \
    X(multibyte, 1, libc_multibyte_state)                                                          \
    X(getopt, 1, libc_getopt_place)                                                                \
    X(passwd, 1, libc_passwd_entry)                                                                \
    X(group, 1, libc_group_entry)                                                                  \
    X(login, 1, libc_login_name)                                                                   \
    X(mntent, 1, libc_mntent_entry)                                                                \
    X(hsearch, 1, libc_hsearch_table)                                                              \
    X(digits, 1, libc_ecvt_buffer)                                                                 \
    X(a64, 1, libc_l64a_buffer)                                                                    \
    X(signgam, 1, libc_signgam)                                                                    \
    X(tty, 1, libc_ttyname_buffer)                                                                 \
    X(regex, 0, libc_regex)                                                                        \
    X(names, 0, libc_name_service)                                                                 \
    X(wide, 0, libc_wide_streams)                                                                  \
    X(syslog, 0, libc_syslog_settings)                                                             \
    X(catalog, 0, libc_message_catalog)                                                            \
    X(handlers, 0, libc_exit_handlers)                                                             \
    X(signals, 0, libc_signal_dispositions)                                                        \
    X(descriptors, 0, libc_descriptors)                                                            \
    X(settings, 0, libc_process_settings)

enum hidden {
#define X(name, races, variable) HIDDEN_##name,
    HIDDEN_STATES(X)
#undef X
        HIDDEN_COUNT
};

/* Functions whose answer hangs on the values of their arguments; each is check_NAME. */
/* clang-format off */
#define CHECKS(X)                                                                                  \
    X(abort) X(assert) X(assert_fail) X(assert_perror) X(chk_fail) X(stack_chk_fail)               \
    X(err) X(errx) X(verr) X(verrx) X(error) X(error_at_line)                                      \
    X(zero) X(getpid) X(getppid) X(gettid) X(prctl) X(setlocale) X(uselocale)                                   \
    X(signal) X(sigaction) X(sigmask) X(sigpending) X(scheduling_set) X(scheduling_asked)          \
    X(mmap) X(munmap) X(mprotect) X(madvise)                                                       \
    X(open) X(openat) X(opendir) X(close) X(descriptor) X(input) X(output) X(gather) X(seek)       \
    X(fcntl) X(fopen) X(fdopen) X(fclose) X(fflush) X(buffer)                                        \
    X(flockfile) X(ftrylockfile) X(funlockfile) X(memory_stream)
/* clang-format on */

enum check {
    CHECK_none,
#define X(name) CHECK_##name,
    CHECKS(X)
#undef X
        CHECK_COUNT
};

extern const struct table_group *const table_groups[]; /* NULL-terminated */

/* NULL: not known. */
const struct table_entry *table_find(const char *name);

/* A name that the modelled world ought to define. */
bool table_is_worldly(const char *name);

/* What the table calls it. */
const char *table_hidden_name(enum hidden hidden);

#endif
