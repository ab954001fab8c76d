/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/tool.h"
#include "run/proc.h"
#include "run/run.h"
#include "run/run_describe.h"
#include "tests/support/text.h"

static struct run_outcome run_line(void *owner, const char *line, double seconds,
                                   bool sleeps_freely) {
    const char *argv[] = {"sh", "-c", line, NULL};
    struct run_spec spec = {
        .argv = argv, .limits = run_default_limits, .sleeps_freely = sleeps_freely};
    spec.limits.seconds = seconds;
    struct run_outcome outcome;
    struct error error;
    cr_assert(eq(int, run_program(owner, &spec, &outcome, &error), 0), "%s", error.text);
    return outcome;
}

/* A shell one-liner under small limits. */
static struct run_outcome shell(void *owner, const char *line, double seconds) {
    return run_line(owner, line, seconds, false);
}

static const struct row {
    char line[80];
    int end;
    int status;
    char words[64];
} rows[] = {
    {"exit 0", RUN_EXITED, 0, "exit 0"},
    {"echo hello; exit 3", RUN_EXITED, 3, "exit 3"},
    {"kill -SEGV $$", RUN_SIGNALED, SIGSEGV, "killed by SIGSEGV"},
    {"kill -KILL $$", RUN_SIGNALED, SIGKILL, "killed by SIGKILL"},
    {"while :; do :; done", RUN_TIME_LIMIT, 0, "still running after 1 s"},
    {"exec sleep 100", RUN_TIME_LIMIT, 0, "still waiting after 1 s"},
    {"while :; do sleep 1000 & done", RUN_PROCESS_LIMIT, 0,
     "forked without end: stopped at the process limit"},
    {"yes", RUN_OUTPUT_LIMIT, 0, "printed without end: stopped at the output limit"},
};

Test(run, every_end_is_told_apart) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *owner = talloc_new(NULL);
        struct run_outcome outcome = shell(owner, rows[i].line, 1);
        cr_expect(eq(int, (int)outcome.end, rows[i].end), "%s", rows[i].line);
        cr_expect(eq(int, outcome.status, rows[i].status), "%s", rows[i].line);
        cr_expect(strcmp(run_describe(owner, &outcome), rows[i].words) == 0, "%s: %s", rows[i].line,
                  run_describe(owner, &outcome));
        talloc_free(owner);
    }
}

/* A server sleeps while hazard and the machine are busy with other things. */
Test(run, a_limit_may_be_on_processor_time_alone) {
    void *owner = talloc_new(NULL);
    struct run_outcome sleeps = run_line(owner, "sleep 2; exit 3", 0.5, true);
    cr_expect(eq(int, (int)sleeps.end, RUN_EXITED));
    cr_expect(eq(int, sleeps.status, 3));
    struct run_outcome works = run_line(owner, "while :; do :; done", 0.5, true);
    cr_expect(eq(int, (int)works.end, RUN_TIME_LIMIT));
    talloc_free(owner);
}

/* Reading a FIFO that nobody will ever write: asleep without a time-out, so no need to wait for the
 * limit. */
Test(run, stuck_is_seen_by_what_the_program_waits_for) {
    void *owner = talloc_new(NULL);
    char folder[] = "/tmp/hazard-test.XXXXXX";
    cr_assert(mkdtemp(folder) != NULL);
    char *line = talloc_asprintf(owner, "mkfifo %s/f; read x <%s/f", folder, folder);
    struct run_outcome outcome = shell(owner, line, 60);
    cr_expect(eq(int, (int)outcome.end, RUN_STUCK));
    shell(owner, talloc_asprintf(owner, "rm -r %s", folder), 10);
    talloc_free(owner);
}

Test(run, output_is_kept_apart_and_complete) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome = shell(owner, "printf out; printf err >&2; printf put", 10);
    expect_text(outcome.output, "output");
    expect_text(outcome.errors, "err");
    talloc_free(owner);
}

Test(run, output_stops_exactly_at_the_limit) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome = shell(owner, "yes", 10);
    cr_expect(
        eq(sz, strlen(outcome.output) + strlen(outcome.errors), run_default_limits.output_bytes));
    talloc_free(owner);
}

static size_t children_of_mine(void *owner) {
    return proc_tree_read(owner, getpid()).count - 1;
}

/* A daemon in a session of its own whose parent is gone: the hardest to find. */
Test(run, nothing_is_left_behind) {
    void *owner = talloc_new(NULL);
    static const char *const lines[] = {
        "sleep 1000 & exit 0",
        "setsid sleep 1000 & exit 0",
        "(setsid sh -c 'setsid sleep 1000 & sleep 1000' &) ; exit 0",
        "trap '' TERM INT HUP; sleep 1000 & yes",
    };
    size_t before = children_of_mine(owner);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        shell(owner, lines[i], 2);
        cr_expect(eq(sz, children_of_mine(owner), before), "%s", lines[i]);
    }
    talloc_free(owner);
}

Test(run, memory_is_bounded) {
    void *owner = talloc_new(NULL);
    const char *argv[] = {"sh", "-c", "x=0123456789abcdef; while :; do x=$x$x; done", NULL};
    struct run_spec spec = {.argv = argv, .limits = run_default_limits};
    spec.limits.memory_bytes = (size_t)64 << 20;
    struct run_outcome outcome;
    struct error error;
    cr_assert(eq(int, run_program(owner, &spec, &outcome, &error), 0));
    cr_expect(eq(int, (int)outcome.end, RUN_MEMORY_LIMIT));
    talloc_free(owner);
}

Test(run, a_missing_program_is_our_error_not_its_end) {
    void *owner = talloc_new(NULL);
    const char *argv[] = {"/no/such/program", NULL};
    struct run_spec spec = {.argv = argv, .limits = run_default_limits};
    struct run_outcome outcome;
    struct error error = {""};
    cr_expect(eq(int, run_program(owner, &spec, &outcome, &error), -1));
    cr_expect(strcmp(error.text, "cannot run /no/such/program: No such file or directory") == 0,
              "%s", error.text);
    talloc_free(owner);
}

Test(run, the_program_gets_a_clean_start) {
    void *owner = talloc_new(NULL);
    signal(SIGPIPE, SIG_IGN); /* what we ignore, it must not */
    const char *argv[] = {"sh", "-c", "cat; echo $PROBE; ulimit -c; kill -PIPE $$", NULL};
    const char *environment[] = {"PROBE=a=b", NULL};
    struct run_spec spec = {.argv = argv, .environment = environment, .limits = run_default_limits};
    struct run_outcome outcome;
    struct error error;
    cr_assert(eq(int, run_program(owner, &spec, &outcome, &error), 0));
    expect_text(outcome.output, "a=b\n0\n");
    cr_expect(eq(int, (int)outcome.end, RUN_SIGNALED));
    talloc_free(owner);
}

Test(tool, versions_outside_the_tested_range_are_refused) {
    struct error error = {""};
    const struct tool fine = {"gcc", "gcc", 100, 9900}, too_new = {"gcc", "gcc", 100, 200},
                      too_old = {"gcc", "gcc", 9800, 9900},
                      missing = {"no-such-tool", "its-package", 0, 9900};
    cr_expect(eq(int, tool_check(&fine, &error), 0), "%s", error.text);
    cr_expect(eq(int, tool_check(&too_new, &error), TOOL_UNKNOWN));
    cr_expect(strstr(error.text, "too new for hazard, which was tested with 1.0 to 2.0") != NULL,
              "%s", error.text);
    cr_expect(eq(int, tool_check(&too_old, &error), TOOL_UNKNOWN));
    cr_expect(strstr(error.text, "too old") != NULL, "%s", error.text);
    cr_expect(eq(int, tool_check(&missing, &error), -1));
    cr_expect(strcmp(error.text, "no-such-tool is missing: apt-get install its-package") == 0, "%s",
              error.text);
}
