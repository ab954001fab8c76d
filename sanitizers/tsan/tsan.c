/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer, once with clang and once with gcc: two generations of one runtime.
 *
 * Each process of the program writes a report file of its own into the scratch folder (log_path
 * adds the process id). With verbosity=1 every file starts with the runtime's banner: so a run
 * without any report file was not a silent run but one that the runtime never saw.
 */
#include "tsan/tsan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hang/hang.h"
#include "run/run_describe.h"
#include "tsan/tsan_parse.h"
#include "tsan/tsan_suppressed.h"

/* -O0: what is written is what runs; an optimiser may merge the very accesses that race. */
static const char *const flags[] = {"-std=gnu17",        "-g", "-O0", "-pthread",
                                    "-fsanitize=thread", NULL};

static const struct flavour flavour_tsan = {
    .name = "tsan", .compiler = "clang", .package = "clang", .flags = flags};
static const struct flavour flavour_tsan_gcc = {
    .name = "tsan-gcc", .compiler = "gcc", .package = "gcc", .flags = flags};

#define REPORTED 86

/*
 * Each option and why:
 *   exitcode=86              the runtime's word that it reported something: if then no report is to be
 *                            read, it was lost (a program can close the report's descriptor)
 *   report_bugs, suppressions  what the program itself asks for (__tsan_default_options) is overruled;
 *                            the user's file counts, and print_suppressions says what was of use
 *   second_deadlock_stack=1  for each lock of a cycle also where the first one was taken
 *   history_size=7           the longest memory of past accesses, for both stacks of a race
 *   atexit_sleep_ms=50       a whole second of waiting for late threads costs more than it finds
 *   die_after_fork=0         a threaded process that forks is a hazard of the suite, no reason to stop
 *   verbosity=1              the banner: proof that the runtime was there, and of which version
 */
static char *options(void *owner, const char *scratch, const char *suppressions) {
    return never_null(talloc_asprintf(owner,
                                      "TSAN_OPTIONS=exitcode=%d report_bugs=1 suppressions='%s' "
                                      "print_suppressions=1 "
                                      "second_deadlock_stack=1 history_size=7 "
                                      "atexit_sleep_ms=50 die_after_fork=0 "
                                      "verbosity=1 log_path='%s/tsan' stack_trace_format='%s'",
                                      REPORTED, suppressions != NULL ? suppressions : "", scratch,
                                      TSAN_FRAME_FORMAT));
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
    const struct tool clang = {"clang", "clang", 1400, 2199};
    const struct tool symbolizer = {"llvm-symbolizer", "llvm", 1400, 2199};
    int fit = tool_check(&clang, error);
    if (fit == 0)
        fit = tool_check(&symbolizer, error);
    if (fit != 0)
        return fit;
    return runtime_check("clang", "libclang_rt.tsan-x86_64.a", "libclang-rt-dev", error);
}

static int available_gcc(struct error *error) {
    const struct tool gcc = {"gcc", "gcc", 1200, 1699};
    int fit = tool_check(&gcc, error);
    if (fit != 0)
        return fit;
    return runtime_check("gcc", "libtsan.so", "libgcc-12-dev", error);
}

/* All report files of the scratch folder. Returns how many there are, -1 and *error. */
static int read_reports(void *owner, const char *scratch, struct run_report *report,
                        const char **suppressed, struct error *error) {
    DIR *folder = opendir(scratch);
    if (folder == NULL)
        return fail(error, "cannot read %s: %s", scratch, strerror(errno));
    int count = 0;
    for (struct dirent *entry; count >= 0 && (entry = readdir(folder)) != NULL;) {
        if (strncmp(entry->d_name, "tsan.", 5) != 0)
            continue;
        char *text =
            file_read(owner, talloc_asprintf(owner, "%s/%s", scratch, entry->d_name), error);
        if (text != NULL)
            *suppressed = tsan_suppressed(owner, *suppressed, text);
        bool read =
            text != NULL && tsan_parse(owner, text, &report->findings, &report->gap, error) == 0;
        count = read ? count + 1 : -1;
    }
    closedir(folder);
    return count;
}

static bool mentions(const char *text, const char *word) {
    return memmem(text, talloc_get_size(text), word, strlen(word)) != NULL;
}

/* Of a program that the user has built, whose sources are not known here: why this is none for us;
 * NULL: it is. gcc's runtime is a shared library, clang's is linked into the program. */
static const char *objection(void *owner, const char *binary, bool gcc) {
    struct error error;
    void *scratch = talloc_new(owner);
    char *text = file_read(scratch, binary, &error);
    const char *why = NULL;
    if (text == NULL || !mentions(text, "__tsan_init"))
        why = "the program was not built with -fsanitize=thread";
    else if (gcc != mentions(text, "libtsan.so"))
        why = gcc ? "the ThreadSanitizer in it is clang's: that is tsan"
                  : "the ThreadSanitizer in it is gcc's: that is tsan-gcc";
    talloc_free(scratch);
    return why;
}

/*
 * What the runtime's exit code says of its reports. A child that it has reported on, or in which it
 * died, ends with that code, too, and what the program makes of that is not the program's fault.
 */
static void weigh_exit(struct run_report *report, int processes) {
    bool reported = report->outcome.end == RUN_EXITED && report->outcome.status == REPORTED;
    bool in_child = processes > 1 && (report->findings.count > 0 || report->gap != NULL);
    if (reported && report->findings.count == 0 && report->gap == NULL)
        report->unsupported = "ThreadSanitizer reported something that was lost: the program "
                              "closes descriptors that are "
                              "not its own, or its own exit status is 86";
    report->outcome.status_hidden = reported || in_child;
}

static int run(void *owner, bool gcc, const struct subject *subject,
               const struct run_limits *limits, const char *scratch, struct run_report *report,
               struct error *error) {
    const char *const *argv = subject_argv(owner, subject, NULL);
    const char *environment[] = {options(owner, scratch, subject->suppressions.tsan), NULL};
    struct hang *hang = never_null(talloc_zero(owner, struct hang));
    *hang = (struct hang){.owner = hang, .subject = subject, .tool = REST_TSAN};
    struct run_spec spec = {.argv = argv,
                            .environment = environment,
                            .limits = *limits,
                            .fixed_addresses = true,
                            .tool = REST_TSAN,
                            .writes = scratch,
                            .look = hang_look,
                            .look_argument = hang};
    if (subject->sources.count == 0)
        report->unsupported = objection(owner, subject->binary, gcc);
    if (report->unsupported != NULL)
        return 0;
    if (subject_run(owner, subject, &spec, &report->outcome, error) != 0)
        return -1;
    report->deadlock = hang->found ? &hang->finding : NULL;
    report->no_deadlock = hang->doubt;
    const char *suppressed = "";
    int files = read_reports(owner, scratch, report, &suppressed, error);
    if (files == 0)
        return fail(error, "ThreadSanitizer left no report file in %s, not even its banner: %s",
                    scratch,
                    *report->outcome.errors != '\0' ? report->outcome.errors
                                                    : run_describe(owner, &report->outcome));
    weigh_exit(report, files);
    if (*suppressed != '\0')
        report->detail = never_null(talloc_asprintf(
            owner, "%s; suppressed: %s", run_describe(owner, &report->outcome), suppressed));
    return files > 0 ? 0 : -1;
}

static int run_clang(void *owner, const struct subject *subject, const struct run_limits *limits,
                     const char *scratch, struct run_report *report, struct error *error) {
    return run(owner, false, subject, limits, scratch, report, error);
}

static int run_gcc(void *owner, const struct subject *subject, const struct run_limits *limits,
                   const char *scratch, struct run_report *report, struct error *error) {
    return run(owner, true, subject, limits, scratch, report, error);
}

const struct detector tsan_detector = {
    .name = "tsan",
    .title = "ThreadSanitizer (clang)",
    .flavour = &flavour_tsan,
    .default_runs = 3,
    .available = available_clang,
    .run = run_clang,
};

const struct detector tsan_gcc_detector = {
    .name = "tsan-gcc",
    .title = "ThreadSanitizer (gcc)",
    .flavour = &flavour_tsan_gcc,
    .default_runs = 3,
    .available = available_gcc,
    .run = run_gcc,
};
