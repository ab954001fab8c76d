/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer, once with clang and once with gcc: two generations of one runtime.
 *
 * Each process of the program writes a report file of its own into the scratch folder (log_path
 * adds the process id). With verbosity=1 every file starts with the runtime's banner: so a run
 * without any report file was not a silent run but one that the runtime never saw.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/tool.h"
#include "detector.h"
#include "tsan/tsan_parse.h"

/* -O0: what is written is what runs; an optimiser may merge the very accesses that race. */
static const char *const flags[] = {"-std=gnu17",        "-g", "-O0", "-pthread",
                                    "-fsanitize=thread", NULL};

static const struct flavour flavour_tsan = {
    .name = "tsan", .compiler = "clang", .package = "clang", .flags = flags};
static const struct flavour flavour_tsan_gcc = {
    .name = "tsan-gcc", .compiler = "gcc", .package = "gcc", .flags = flags};

/*
 * Each option and why:
 *   exitcode=0               the program's own exit status stays visible
 *   second_deadlock_stack=1  for each lock of a cycle also where the first one was taken
 *   history_size=7           the longest memory of past accesses, for both stacks of a race
 *   atexit_sleep_ms=50       a whole second of waiting for late threads costs more than it finds
 *   die_after_fork=0         a threaded process that forks is a hazard of the suite, no reason to stop
 *   verbosity=1              the banner: proof that the runtime was there, and of which version
 */
static char *options(void *owner, const char *scratch) {
    return never_null(
        talloc_asprintf(owner,
                        "TSAN_OPTIONS=exitcode=0 second_deadlock_stack=1 history_size=7 "
                        "atexit_sleep_ms=50 die_after_fork=0 "
                        "verbosity=1 log_path='%s/tsan' stack_trace_format='%s'",
                        scratch, TSAN_FRAME_FORMAT));
}

static int runtime_check(const char *compiler, const char *library, const char *package,
                         struct error *error) {
    void *scratch = talloc_new(NULL);
    char *question = talloc_asprintf(scratch, "-print-file-name=%s", library);
    const char *path = tool_ask(scratch, compiler, question);
    /* Without the library the compilers answer with the bare name. */
    int result = path != NULL && *path == '/' && access(path, R_OK) == 0
                     ? 0
                     : fail(error, "%s has no ThreadSanitizer runtime: apt-get install %s",
                            compiler, package);
    talloc_free(scratch);
    return result;
}

static int available_clang(struct error *error) {
    const struct tool clang = {"clang", "clang", 1400, 1999};
    const struct tool symbolizer = {"llvm-symbolizer", "llvm", 1400, 1999};
    if (tool_check(&clang, error) != 0 || tool_check(&symbolizer, error) != 0)
        return -1;
    return runtime_check("clang", "libclang_rt.tsan-x86_64.a", "libclang-rt-14-dev", error);
}

static int available_gcc(struct error *error) {
    const struct tool gcc = {"gcc", "gcc", 1200, 1499};
    if (tool_check(&gcc, error) != 0)
        return -1;
    return runtime_check("gcc", "libtsan.so", "libgcc-12-dev", error);
}

static int read_reports(void *owner, const char *scratch, struct run_report *report,
                        struct error *error) {
    char *pattern = talloc_asprintf(owner, "%s/tsan.*", scratch);
    glob_t files;
    if (glob(pattern, 0, NULL, &files) != 0)
        return fail(error, "ThreadSanitizer left no report file, not even its banner: %s",
                    *report->outcome.errors != '\0' ? report->outcome.errors
                                                    : run_describe(owner, &report->outcome));
    int result = 0;
    for (size_t i = 0; i < files.gl_pathc && result == 0; i++) {
        char *text = file_read(owner, files.gl_pathv[i], error);
        result = text == NULL ? -1 : tsan_parse(owner, text, &report->findings, error);
    }
    globfree(&files);
    return result;
}

static int run(void *owner, const struct subject *subject, const struct run_limits *limits,
               const char *scratch, struct run_report *report, struct error *error) {
    const char *const *argv = subject_argv(owner, subject, NULL);
    const char *environment[] = {options(owner, scratch), NULL};
    struct run_spec spec = {
        .argv = argv, .environment = environment, .limits = *limits, .fixed_addresses = true};
    if (subject_run(owner, subject, &spec, &report->outcome, error) != 0)
        return -1;
    return read_reports(owner, scratch, report, error);
}

const struct detector detector_tsan = {
    .name = "tsan",
    .title = "ThreadSanitizer (clang)",
    .flavour = &flavour_tsan,
    .default_runs = 3,
    .available = available_clang,
    .run = run,
};

const struct detector detector_tsan_gcc = {
    .name = "tsan-gcc",
    .title = "ThreadSanitizer (gcc)",
    .flavour = &flavour_tsan_gcc,
    .default_runs = 3,
    .available = available_gcc,
    .run = run,
};
