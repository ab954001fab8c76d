/* SPDX-License-Identifier: MIT */
/*
 * What the functions of the C library touch: names and specifications, nothing else. Pure: the
 * runtime acts on it, the tests check it.
 *
 * A specification is words:
 *
 *   (none)          harmless: touches nothing but its arguments' values, or the thread's own
 *   r0[2] w1s ...   memory of the caller that it reads or writes: see spec.h
 *   p1, P1          argument 1 is printf's format, its arguments follow, or are a va_list
 *   q1, Q1          likewise, of wide characters
 *   s1, S1          likewise scanf's
 *   F2, Fi, Fo, Fe  works on the FILE of argument 2, on stdin, stdout, stderr
 *   prints          ... which on stdout and stderr shows nothing that other printing changes
 *   unlocked        ... without its lock: two calls that nothing orders are a data race
 *   ?name, !name    reads, writes that hidden state
 *   @name           has a function of its own in the runtime: see CHECKS
 *   all             conflicts with everything
 *   touched         leaves something behind in the kernel that rewinding memory does not undo
 *   rewind          system calls write to memory that nobody names here: rewind all of it
 *   cancel          a cancellation point
 *   refuse:reason   explore cannot take it; the reason goes to the end
 *   world           the runtime defines it itself; refused if the library's own is called after all
 *   newer           not in every C library of the last years
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_H

#include <stddef.h>

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

/* Functions whose answer hangs on the values of their arguments; each is call_check_NAME. */
/* clang-format off */
#define CHECKS(X)                                                                                  \
    X(abort) X(assert) X(assert_fail) X(assert_perror) X(chk_fail) X(stack_chk_fail)               \
    X(err) X(errx) X(verr) X(verrx) X(error) X(error_at_line)                                      \
    X(zero) X(getpid) X(getppid) X(gettid) X(prctl) X(setlocale)                                   \
    X(signal) X(sigaction) X(sigmask) X(sigpending) X(scheduling_set) X(scheduling_asked)          \
    X(mmap) X(munmap) X(mprotect) X(madvise)                                                       \
    X(open) X(openat) X(opendir) X(close) X(descriptor) X(input) X(output) X(gather) X(seek)       \
    X(fcntl) X(fopen) X(fdopen) X(fclose) X(fflush) X(buffer)
/* clang-format on */

enum check {
    CHECK_none,
#define X(name) CHECK_##name,
    CHECKS(X)
#undef X
        CHECK_COUNT
};

struct call_entry {
    const char *name;
    const char *touches;
};

struct call_group {
    const struct call_entry *entries; /* sorted by name */
    size_t count;
};

extern const struct call_group call_strings, call_wide, call_stdlib, call_stdio, call_time,
    call_unix, call_system, call_math, call_modelled;
extern const struct call_group *const call_groups[]; /* NULL-terminated */

/* NULL: not known. */
const struct call_entry *call_find(const char *name);

/* What the table calls it. */
const char *hidden_name(enum hidden hidden);

#endif
