/* SPDX-License-Identifier: MIT */
/*
 * Helgrind and DRD: the two thread checkers of Valgrind, one machine report, one adapter.
 *
 * Only our own options count (--command-line-only): a .valgrindrc or VALGRIND_OPTS could suppress
 * what we are here to see. No limit on errors, for the same reason. No gdb server (--vgdb=no): its
 * pipes would stay behind in /tmp when we end a run. Inlined calls are not read
 * (--read-inline-info=no): at -O0 the program has none, and those of the libraries cost a sixth of
 * the time.
 *
 * Children that the program forks are silenced (--child-silent-after-fork): they would write into
 * their parent's XML and break it. What only happens inside a forked child is therefore not seen;
 * the catalogue says so where it matters.
 */
#include "valgrind/valgrind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/tool.h"
#include "run/run_describe.h"
#include "symbols/section.h"
#include "valgrind/own_locks.h"
#include "valgrind/valgrind_parse.h"

/* One run less than under TSan: Valgrind runs one thread at a time, so chance has less of a say. */
#define RUNS 2

static int available(struct error *error) {
    const struct tool valgrind = {"valgrind", "valgrind", 319, 327};
    return tool_check(&valgrind, error);
}

/* In a file name Valgrind expands %p and the like; %% is a percent sign. */
static char *without_percent(void *owner, const char *path) {
    char *escaped = talloc_strdup(owner, "");
    for (; *path != '\0'; path++)
        escaped = talloc_asprintf_append(escaped, *path == '%' ? "%%%%" : "%c", *path);
    return never_null(escaped);
}

/* Of a program that the user has built, whose sources are not known here: why Valgrind is nothing for
 * it; NULL: it is. */
static const char *objection(void *owner, const char *binary) {
    static const char *const runtimes[] = {"__tsan_init", "__asan_init", "__msan_init"};
    struct error error;
    void *scratch = talloc_new(owner);
    const char *text = file_read(scratch, binary, &error), *why = NULL;
    for (size_t i = 0; text != NULL && i < sizeof runtimes / sizeof *runtimes; i++)
        if (memmem(text, talloc_get_size(text), runtimes[i], strlen(runtimes[i])) != NULL)
            why = "the program was built with -fsanitize, and a sanitizer does not run under "
                  "Valgrind";
    if (why == NULL && section_is_static(binary))
        why = "the program is static: Valgrind sees none of its calls of pthread functions";
    talloc_free(scratch);
    return why;
}

static int write_alarms(void *owner, const char *path, struct error *error) {
    const char *text = own_locks_text(owner);
    FILE *file = fopen(path, "w");
    bool written = file != NULL && fputs(text, file) >= 0;
    if (file != NULL)
        written &= fclose(file) == 0;
    return written ? 0 : fail(error, "%s cannot be written: %s", path, strerror(errno));
}

/* The command line up to the program, NULL-terminated. */
static const char **command_line(void *owner, const char *const *options,
                                 const struct subject *subject, const char *file,
                                 const char *alarms) {
    enum { MOST = 20 };
    const char **tool = new_array(owner, const char *, MOST);
    const char *const common[] = {
        "valgrind",
        "--xml=yes",
        talloc_asprintf(owner, "--xml-file=%s", without_percent(owner, file)),
        talloc_asprintf(owner, "--suppressions=%s", alarms),
        "--child-silent-after-fork=yes",
        "--read-inline-info=no",
        "--command-line-only=yes",
        "--error-limit=no",
        "--vgdb=no"};
    size_t count = sizeof common / sizeof *common;
    memcpy(tool, common, sizeof common);
    if (subject->suppressions.valgrind != NULL)
        tool[count++] = talloc_asprintf(owner, "--suppressions=%s", subject->suppressions.valgrind);
    while (*options != NULL && count < MOST - 1)
        tool[count++] = *options++;
    return tool;
}

/* Is it a line of the text, but for blanks before it? */
static bool has_line(const char *text, const char *line, size_t length) {
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += strspn(at, " \t\n");
        if (strncmp(at, line, length) == 0 && strchr("\n\r", at[length]) != NULL)
            return true;
    }
    return false;
}

/* Those of the user's file that were of use, with commas between them: Valgrind has a list of its own beside it. */
static const char *suppressed(void *owner, const struct subject *subject, const char *used) {
    struct error error;
    const char *words = "";
    const char *text = subject->suppressions.valgrind != NULL
                           ? file_read(owner, subject->suppressions.valgrind, &error)
                           : NULL;
    for (const char *at = used; text != NULL && *at != '\0'; at += strcspn(at, "\n") + 1) {
        size_t length = strcspn(at, "\n");
        if (has_line(text, at, length))
            words = never_null(talloc_asprintf(owner, "%s%s%.*s", words, *words != '\0' ? ", " : "",
                                               (int)length, at));
    }
    return words;
}

/* What was not said, and why. */
static void add_left_out(void *owner, const struct subject *subject, const struct valgrind_end *end,
                         struct run_report *report) {
    const char *own = suppressed(owner, subject, end->used);
    if (*end->left_out != '\0')
        report->detail =
            never_null(talloc_asprintf(owner,
                                       "%s; left out: false alarms on glibc's own memory, under "
                                       "locks that Valgrind does not see (%s)",
                                       run_describe(owner, &report->outcome), end->left_out));
    if (*own != '\0')
        report->detail = never_null(talloc_asprintf(
            owner, "%s; suppressed: %s",
            report->detail != NULL ? report->detail : run_describe(owner, &report->outcome), own));
}

static int run_tool(void *owner, const char *const *options, const struct subject *subject,
                    const struct run_limits *limits, const char *scratch, struct run_report *report,
                    struct error *error) {
    char *file = talloc_asprintf(owner, "%s/valgrind.xml", scratch);
    char *alarms = talloc_asprintf(owner, "%s/own-locks.supp", scratch);
    if (write_alarms(owner, alarms, error) != 0)
        return -1;
    const char **tool = command_line(owner, options, subject, file, alarms);
    struct run_spec spec = {
        .argv = subject_argv(owner, subject, tool), .limits = *limits, .writes = scratch};
    if (subject->sources.count == 0)
        report->unsupported = objection(owner, subject->binary);
    if (report->unsupported != NULL)
        return 0;
    if (subject_run(owner, subject, &spec, &report->outcome, error) != 0)
        return -1;
    if (access(file, R_OK) != 0)
        return fail(error, "valgrind left no report: %s", report->outcome.errors);
    struct valgrind_end end;
    if (valgrind_parse(owner, file, &report->findings, &end, error) != 0)
        return -1;
    report->gap = end.gap;
    add_left_out(owner, subject, &end, report);
    /* An end of its own writes the report to its end; another image after exec does not. */
    if (!end.complete && report->outcome.end == RUN_EXITED && report->findings.count == 0)
        report->unsupported = "Valgrind's report stops before its end: the program runs another "
                              "one (exec), or the disk is "
                              "full";
    return 0;
}

/*
 * Each option and why:
 *   history-level=full           both stacks of a race
 *   check-cond-signal-mutex=yes  a signal without the mutex; on by itself before 3.25, off since
 * And not free-is-write=yes: measured, it finds no use after free of the suite, but now and then it
 * takes glibc's own freeing of a detached thread's TLS, under a lock that Helgrind cannot see, for a
 * race.
 */
static int run_helgrind(void *owner, const struct subject *subject, const struct run_limits *limits,
                        const char *scratch, struct run_report *report, struct error *error) {
    const char *options[] = {"--tool=helgrind", "--history-level=full", NULL, NULL};
    if (tool_version("valgrind") >= 325)
        options[2] = "--check-cond-signal-mutex=yes";
    return run_tool(owner, options, subject, limits, scratch, report, error);
}

/* check-stack-var: DRD looks away from the stack by default, where half of the suite's races are.
 * free-is-write: a free that races with an access is a finding too. */
static int run_drd(void *owner, const struct subject *subject, const struct run_limits *limits,
                   const char *scratch, struct run_report *report, struct error *error) {
    static const char *const options[] = {"--tool=drd", "--check-stack-var=yes",
                                          "--free-is-write=yes", NULL};
    return run_tool(owner, options, subject, limits, scratch, report, error);
}

const struct detector valgrind_helgrind = {
    .name = "helgrind",
    .title = "Valgrind Helgrind",
    .flavour = &flavour_plain,
    .default_runs = RUNS,
    .available = available,
    .run = run_helgrind,
};

const struct detector valgrind_drd = {
    .name = "drd",
    .title = "Valgrind DRD",
    .flavour = &flavour_plain,
    .default_runs = RUNS,
    .available = available,
    .run = run_drd,
};
