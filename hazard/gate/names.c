/* SPDX-License-Identifier: MIT */
#include "hazard/gate/names.h"

#include <stddef.h>
#include <string.h>

#include "explore/runtime/calls/table.h"

static bool begins(const char *name, const char *const *prefixes) {
    for (; *prefixes != NULL; prefixes++)
        if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

bool names_tell_tool(const char *name) {
    static const char *const prefixes[] = {"__SANITIZE",          "__VALGRIND", "NVALGRIND",
                                           "RUNNING_ON_VALGRIND", "__HAZARD__", NULL};
    return begins(name, prefixes);
}

bool names_tell_compiler(const char *name) {
    static const char *const prefixes[] = {
        "__clang", "__llvm", "__GNUC__", "__GNUC_MINOR", "__GNUC_PATCH", "__VERSION__", NULL};
    return begins(name, prefixes);
}

bool names_is_tool_macro(const char *name) {
    static const char *const prefixes[] = {"VALGRIND_", "ANNOTATE_", "RUNNING_ON_VALGRIND", NULL};
    return begins(name, prefixes);
}

bool names_is_assumption(const char *name) {
    static const char *const prefixes[] = {"hazard_assume",
                                           "hazard_atomic",
                                           "hazard_header_assume",
                                           "hazard_header_begin",
                                           "hazard_header_end",
                                           "__VERIFIER_",
                                           NULL};
    return begins(name, prefixes);
}

bool names_is_tool(const char *name) {
    static const char *const prefixes[] = {"__tsan_",
                                           "__asan_",
                                           "__msan_",
                                           "__lsan_",
                                           "__ubsan_",
                                           "__hwasan",
                                           "__dfsan_",
                                           "__memprof_",
                                           "__xray_",
                                           "__sanitizer_",
                                           "__sancov_",
                                           "__interceptor_",
                                           "___interceptor_",
                                           "__interception",
                                           "AnnotateBarrier",
                                           "AnnotateBenignRace",
                                           "AnnotateCondVar",
                                           "AnnotateEnableRaceDetection",
                                           "AnnotateExpectRace",
                                           "AnnotateFlush",
                                           "AnnotateHappens",
                                           "AnnotateIgnore",
                                           "AnnotateMemory",
                                           "AnnotateMutex",
                                           "AnnotateNewMemory",
                                           "AnnotateNoOp",
                                           "AnnotatePCQ",
                                           "AnnotatePublish",
                                           "AnnotateRWLock",
                                           "AnnotateThreadName",
                                           "AnnotateTraceMemory",
                                           "AnnotateUnpublish",
                                           "WTFAnnotate",
                                           "RunningOnValgrind",
                                           "ValgrindSlowdown",
                                           NULL};
    return begins(name, prefixes);
}

bool names_is_tool_hook(const char *name) {
    static const char *const ends[] = {"_default_options",    "_default_suppressions",
                                       "_on_report",          "_on_finalize",
                                       "_on_error",           "_on_print",
                                       "_on_initialize",      "_test_only_on_fork",
                                       "_symbolize_external", "_report_error_summary",
                                       "_death_callback",     "_free_hook",
                                       "_malloc_hook"};
    size_t length = strlen(name);
    for (size_t i = 0; names_is_tool(name) && i < sizeof ends / sizeof *ends; i++)
        if (length > strlen(ends[i]) && strcmp(name + length - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* Beside what explore models. A name that programs like to have for something of their own (error, index, send_all) is none. */
static bool is_watched(const char *name) {
    static const char *const watched[] = {
        "abort",       "accept",  "accept4",     "alarm",      "atexit",       "bcopy",
        "bzero",       "clone",   "close",       "creat",      "dlclose",      "dlopen",
        "dlsym",       "dup",     "dup2",        "execv",      "execve",       "execvp",
        "fclose",      "fflush",  "fopen",       "fork",       "fprintf",      "fputs",
        "fread",       "fwrite",  "kill",        "longjmp",    "memchr",       "memcmp",
        "memcpy",      "memmove", "memset",      "mmap",       "mprotect",     "munmap",
        "open",        "openat",  "pause",       "pipe",       "pipe2",        "ppoll",
        "printf",      "pselect", "putchar",     "puts",       "raise",        "rand",
        "read",        "readv",   "recv",        "recvfrom",   "recvmsg",      "select",
        "send",        "sendmsg", "sendto",      "setitimer",  "setjmp",       "sigaction",
        "siglongjmp",  "signal",  "sigprocmask", "sigsuspend", "sigtimedwait", "sigwait",
        "sigwaitinfo", "sleep",   "snprintf",    "socket",     "sprintf",      "srand",
        "strcat",      "strchr",  "strcmp",      "strcpy",     "strdup",       "strlen",
        "strncat",     "strncmp", "strncpy",     "strstr",     "syscall",      "sysconf",
        "system",      "usleep",  "vfork",       "vprintf",    "wait",         "wait3",
        "wait4",       "waitid",  "waitpid",     "write",      "writev",       NULL};
    return is_one_of(name, watched);
}

bool names_is_library(const char *name, bool seen) {
    static const char *const prefixes[] = {
        "pthread_",      "__pthread_",       "__libc_",          "_dl_", "__cxa_", "_IO_",
        "__assert_fail", "__errno_location", "__stack_chk_fail", NULL};
    static const char *const starts[] = {"_start", "_init", "_fini", "__tls_get_addr", NULL};
    const struct table_entry *entry = table_find(name);
    return begins(name, prefixes) || is_one_of(name, starts) || (seen && is_watched(name)) ||
           (entry != NULL && strcmp(entry->touches, "world") == 0) ||
           (entry != NULL && table_is_worldly(name));
}
