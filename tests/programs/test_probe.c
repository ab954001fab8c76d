/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/render/probed.h"
#include "hazard/suite/build.h"
#include "probe/figures.h"
#include "probe/probe.h"
#include "run/dialogue_read.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/here.h"
#include "tests/support/printed.h"
#include "tests/support/text.h"

#define SERVER "tests/fixtures/probe/server.c"
#define PROXY "tests/fixtures/probe/proxy.c"
#define STRANGERS "tests/fixtures/probe/strangers.c"
#define STORE "tests/fixtures/probe/store.dialogue"
#define ONLY(step) (1U << (step))

/* A fixture's server, compiled. */
struct fixture {
    void *owner;
    const char *folder;
    struct subject subject;
};

static struct fixture fixture_of(const char *source) {
    struct fixture fixture = {.owner = talloc_new(NULL)};
    fixture.folder = scratch_new(fixture.owner);
    const char **paths = new_array(fixture.owner, const char *, 1);
    char *path = realpath(source, NULL);
    paths[0] = talloc_strdup(fixture.owner, path);
    free(path);
    fixture.subject =
        (struct subject){.name = source,
                         .sources = {paths, 1},
                         .binary = talloc_asprintf(fixture.owner, "%s/server", fixture.folder),
                         .server = true};
    const char *words;
    struct error error;
    const struct recipe recipe = recipe_of_sources(fixture.owner, &fixture.subject.sources, NULL);
    cr_assert(build_program(fixture.owner, &flavour_plain, &recipe, fixture.subject.binary, &words,
                            &error) == 0,
              "%s", error.text);
    return fixture;
}

static struct fixture fixture_new(void) {
    return fixture_of(SERVER);
}

static void fixture_remove(struct fixture *fixture) {
    scratch_remove(fixture->folder);
    talloc_free(fixture->owner);
}

static struct probe_report probe_with(struct fixture *fixture, const char *mode,
                                      struct probe_options options) {
    const char **args = new_array(fixture->owner, const char *, 2);
    args[0] = mode;
    fixture->subject.args = args;
    options.limits = run_default_limits;
    options.limits.seconds = 120;
    struct probe_report report;
    struct error error;
    cr_assert(probe_run(fixture->owner, &fixture->subject, &options, &report, &error) == 0,
              "%s: %s", mode, error.text);
    return report;
}

/* Time decides nothing in these tests, so there is plenty of it, but where `seconds` says less. */
static struct probe_report probe(struct fixture *fixture, const char *mode, unsigned steps,
                                 double seconds) {
    return probe_with(fixture, mode,
                      (struct probe_options){.call_seconds = seconds, .steps = steps});
}

static bool has_line(const struct finding *finding, int line) {
    for (size_t i = 0; i < finding->location_count; i++)
        for (size_t j = 0; j < finding->locations[i].frame_count; j++)
            if (finding->locations[i].frames[j].line == line)
                return true;
    return false;
}

/* ---- What is found, and where */

static const struct finding_row {
    const char *mode;
    enum probe_step step;
    enum kind kind;
    bool has_line; /* at the line that the fixture marks with the mode's name */
    const char *says;
} finding_rows[] = {
    {"iterative", PROBE_LUNCH, KIND_BLOCKED_CLIENT, true, ""},
    {"iterative", PROBE_PARTIAL_LINE, KIND_BLOCKED_CLIENT, true, ""},
    {"late", PROBE_LUNCH, KIND_BLOCKED_CLIENT, true, ""},
    {"greedy", PROBE_LUNCH, KIND_BLOCKED_CLIENT, true,
     ") for more from client 2: each waits for the other"},
    {"open", PROBE_HALF_CLOSE, KIND_BLOCKED_CLIENT, true,
     "client 1 waits for the end of file from the server process"},
    {"hasty", PROBE_HALF_CLOSE, KIND_ASSERTION, false,
     "client 1: the server closed the connection before all had come back"},
    {"liar", PROBE_PARTIAL_LINE, KIND_BLOCKED_CLIENT, false, ""},
    {"liar", PROBE_LEAKS, KIND_ASSERTION, false, ""},
    {"liar", PROBE_CROWD, KIND_ASSERTION, false,
     "client 2: what came back is not what it had sent: after 20 bytes it expects \"\\n\", and "
     "got \"?\""},
    {"swallow", PROBE_RESET, KIND_BLOCKED_CLIENT, false, ""},
    {"crash", PROBE_RESET, KIND_CRASH, true, "killed by SIGABRT at echo (server.c:"},
    {"quit", PROBE_RESET, KIND_EXIT, false, "in step reset: exit 7"},
    {"zombies", PROBE_LEAKS, KIND_ZOMBIE, true, "200 zombies after 200 connections, 20 after 20"},
    {"threads", PROBE_LEAKS, KIND_THREAD_LEAK, true, "201 threads after 200 connections"},
    {"lingering", PROBE_LEAKS, KIND_THREAD_LEAK, true, "201 processes after 200 connections"},
    {"heap", PROBE_LEAKS, KIND_MEMORY_LEAK, true, ""},
    {"files", PROBE_LEAKS, KIND_DESCRIPTOR_LEAK, true, ""},
    {"open", PROBE_LEAKS, KIND_DESCRIPTOR_LEAK, true, ""},
    {"sorry", PROBE_END, KIND_EXIT, false, "exit 3"},
    {"deathless", PROBE_END, KIND_EXIT, false, "all its threads sleep on"},
    {"orphan", PROBE_END, KIND_EXIT, false, "leaves 1 process behind"},
};

static const struct finding *of_kind(const struct probe_report *report, enum kind kind) {
    for (size_t i = 0; i < report->findings.count; i++)
        if (report->findings.items[i].kind == kind)
            return &report->findings.items[i];
    return NULL;
}

Test(probe, each_fault_is_found_at_its_line) {
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof finding_rows / sizeof *finding_rows; i++) {
        const struct finding_row *row = &finding_rows[i];
        const char *step = probe_step_name(row->step);
        struct probe_report report = probe(&fixture, row->mode, ONLY(row->step), 30);
        const struct finding *finding = of_kind(&report, row->kind);
        cr_expect(eq(int, (int)report.steps[row->step].result, STEP_FAILED), "%s, %s", row->mode,
                  step);
        cr_expect(finding != NULL, "%s, %s: no %s", row->mode, step, kind_name(row->kind));
        if (row->step == PROBE_CROWD)
            cr_expect(lt(int, report.steps[row->step].served, 64), "%s", row->mode);
        if (finding == NULL)
            continue;
        cr_expect(strstr(finding->message, row->says) != NULL, "%s, %s: %s", row->mode, step,
                  finding->message);
        if (row->has_line)
            cr_expect(has_line(finding, here_line(fixture.owner, SERVER, row->mode)), "%s, %s: %s",
                      row->mode, step, finding->message);
    }
    fixture_remove(&fixture);
}

static void expect_all_passed(const struct probe_report *report, const char *mode) {
    cr_expect(report->unsupported == NULL, "%s: %s", mode, report->unsupported);
    cr_expect(eq(sz, report->findings.count, 0), "%s", mode);
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
        if (!probe_step_needs_origin(step))
            cr_expect(eq(int, (int)report->steps[step].result, STEP_PASSED), "%s, %s: %s", mode,
                      probe_step_name(step), report->steps[step].note);
    cr_expect(eq(int, report->steps[PROBE_CROWD].served, 64), "%s", mode);
}

Test(probe, nothing_is_found_in_a_server_that_is_right) {
    static const char *const modes[] = {"fork", "untidy", "finishes"};
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct probe_report report = probe(&fixture, modes[i], PROBE_ALL_STEPS, 30);
        expect_all_passed(&report, modes[i]);
        cr_assert(eq(sz, report.figure_count, PROBE_SAMPLES), "%s", modes[i]);
        const struct probe_figures *last = &report.figures[PROBE_SAMPLES - 1];
        cr_expect(eq(int, last->connections, 200));
        cr_expect(eq(sz, last->zombies, 0));
        cr_expect(eq(sz, last->processes, 1));
        cr_expect(eq(sz, last->descriptors, report.figures[0].descriptors));
    }
    fixture_remove(&fixture);
}

/* More clients than its queue has room for would show the pauses between the kernel's attempts. */
Test(probe, a_short_queue_is_no_fault) {
    struct fixture fixture = fixture_new();
    struct probe_report report = probe(&fixture, "short", ONLY(PROBE_CROWD), 30);
    cr_expect(eq(sz, report.findings.count, 0));
    expect_text(report.steps[PROBE_CROWD].note, "64 of 64 clients served");
    fixture_remove(&fixture);
}

/* (The fork per client of "fork" ends with the server.) */
Test(probe, children_that_finish_their_sessions_after_sigterm_are_a_choice) {
    struct fixture fixture = fixture_new();
    struct probe_report report = probe(&fixture, "finishes", ONLY(PROBE_END), 30);
    expect_text(report.steps[PROBE_END].note,
                "exit 0, a child process of it went on until its client left, and ended then");
    report = probe(&fixture, "fork", ONLY(PROBE_END), 30);
    expect_text(report.steps[PROBE_END].note, "exit 0, nothing left behind");
    fixture_remove(&fixture);
}

/* ---- One client alone */

static const struct stranger_row {
    const char *mode, *says;
} stranger_rows[] = {
    {"greets", "it speaks first, and says \"220 at your service\\r\\n\";"},
    {"one-line", "the server closed the connection before all had come back;"},
    {"shouts", "it expects \"hello, I am client 1\\n\", and got \"HELLO, I AM CLIENT 1\\n\";"},
    {"counts", "for more from the client: each waits for the other;"},
    {"closes", "it closes the connection before anything is said;"},
    {"silent", "the client waits in read for the thread 2 of the server, which waits in read"},
    {"quits", "the server ended by itself: exit 3;"},
    {"http-until-close", "and got \"HTTP/1.0 400 Bad Request\\r\\n\\r\\n\";"},
    {"store", "it speaks first"},
    {"store-iterative", "it speaks first"},
};

Test(probe, who_does_not_serve_one_client_alone_is_no_echo_server) {
    struct fixture fixture = fixture_of(STRANGERS);
    for (size_t i = 0; i < sizeof stranger_rows / sizeof *stranger_rows; i++) {
        const struct stranger_row *row = &stranger_rows[i];
        struct probe_report report = probe(&fixture, row->mode, PROBE_ALL_STEPS, 30);
        cr_expect(eq(sz, report.findings.count, 0), "%s", row->mode);
        cr_assert(report.unsupported != NULL, "%s", row->mode);
        cr_expect(strstr(report.unsupported, "no echo server: one client alone is not served: ") ==
                      report.unsupported,
                  "%s: %s", row->mode, report.unsupported);
        cr_expect(strstr(report.unsupported, row->says) != NULL, "%s: %s", row->mode,
                  report.unsupported);
        cr_expect(strstr(report.unsupported, "next: hazard probe --http ") != NULL, "%s: %s",
                  row->mode, report.unsupported);
        for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
            cr_expect(eq(int, (int)report.steps[step].result, STEP_NOT_RUN), "%s", row->mode);
    }
    fixture_remove(&fixture);
}

Test(probe, who_accepts_nobody_is_no_echo_server_either) {
    struct fixture fixture = fixture_new();
    struct probe_report report = probe(&fixture, "full", PROBE_ALL_STEPS, 30);
    cr_assert(report.unsupported != NULL);
    cr_expect(strstr(report.unsupported, "which is blocked in pause at main (server.c:") != NULL,
              "%s", report.unsupported);
    cr_expect(eq(sz, report.findings.count, 0));
    fixture_remove(&fixture);
}

/* A signal that kills the server is its fault in any protocol. */
Test(probe, a_crash_with_one_client_alone_is_found_all_the_same) {
    static const char *const modes[] = {"fragile", "slow-to-die"};
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct probe_report report = probe(&fixture, modes[i], ONLY(PROBE_HALF_CLOSE), 30);
        cr_expect(report.unsupported == NULL, "%s", modes[i]);
        cr_assert(eq(sz, report.findings.count, 1), "%s", modes[i]);
        const struct finding *finding = &report.findings.items[0];
        cr_expect(eq(int, (int)finding->kind, KIND_CRASH), "%s: %s", modes[i], finding->message);
        cr_expect(has_line(finding, here_line(fixture.owner, SERVER, modes[i])), "%s", modes[i]);
    }
    fixture_remove(&fixture);
}

/* ---- Other dialogues */

Test(probe, http_servers_are_asked_for_whole_responses) {
    static const char *const modes[] = {"http-until-close", "http-with-length", "http-in-chunks"};
    struct fixture fixture = fixture_of(STRANGERS);
    const struct probe_options http = {.call_seconds = 30, .steps = PROBE_ALL_STEPS, .http = "/"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct probe_report report = probe_with(&fixture, modes[i], http);
        expect_all_passed(&report, modes[i]);
    }
    struct probe_report cut = probe_with(&fixture, "http-too-short", http);
    cr_assert(cut.unsupported != NULL);
    cr_expect(strstr(cut.unsupported, "no HTTP server: ") == cut.unsupported);
    cr_expect(strstr(cut.unsupported, "before the body did, by its Content-Length; next: "
                                      "hazard probe --dialogue FILE") != NULL,
              "%s", cut.unsupported);
    fixture_remove(&fixture);
}

Test(probe, a_dialogue_is_what_all_clients_say) {
    struct fixture fixture = fixture_of(STRANGERS);
    struct error error;
    struct probe_options options = {.call_seconds = 30,
                                    .steps = PROBE_ALL_STEPS,
                                    .dialogue = dialogue_read(fixture.owner, STORE, &error)};
    cr_assert(options.dialogue != NULL, "%s", error.text);
    struct probe_report right = probe_with(&fixture, "store", options);
    expect_all_passed(&right, "store");
    expect_text(right.steps[PROBE_LUNCH].note, "client 1 is kept at the pause, " STORE ":5");
    struct probe_report wrong = probe_with(&fixture, "store-iterative", options);
    cr_assert(eq(sz, wrong.findings.count, 1));
    cr_expect(strstr(wrong.findings.items[0].message, "for client 1 (out to lunch)") != NULL, "%s",
              wrong.findings.items[0].message);
    const struct probe_client *first = &wrong.steps[PROBE_LUNCH].clients[0];
    cr_expect(eq(int, (int)first->calls[PROBE_READ], CALL_RETURNED), "served up to the pause");
    struct probe_report other = probe_with(&fixture, "greets", options);
    cr_assert(other.unsupported != NULL);
    cr_expect(strstr(other.unsupported, STORE ":2: it expects a line like \"rea*\", and got "
                                              "\"220 at your service\\r\\n\"") != NULL,
              "%s", other.unsupported);
    fixture_remove(&fixture);
}

/* ---- Proxies */

static const struct proxy_row {
    const char *mode;
    unsigned failed; /* bit 1 << step */
    enum kind kind;  /* of the last finding */
    const char *at;  /* the mark of its line; NULL: it has none */
    const char *says;
} proxy_rows[] = {
    {"iterative",
     ONLY(PROBE_LUNCH) | ONLY(PROBE_PARTIAL_LINE) | ONLY(PROBE_SLOW_ORIGIN) |
         ONLY(PROBE_SILENT_ORIGIN),
     KIND_BLOCKED_CLIENT, "iterative", "for client 1's origin (slow)"},
    {"lock", ONLY(PROBE_SLOW_ORIGIN) | ONLY(PROBE_SILENT_ORIGIN), KIND_BLOCKED_CLIENT, "lock",
     "for client 1's origin (slow)"},
    {"sigpipe", ONLY(PROBE_RESET), KIND_CRASH, "sigpipe", "killed by SIGPIPE at send_all"},
    {"rio", ONLY(PROBE_RESETTING_ORIGIN), KIND_EXIT, NULL, "in step resetting-origin: exit 1"},
    {"descriptors", ONLY(PROBE_LEAKS), KIND_DESCRIPTOR_LEAK, "descriptors", "200 connections"},
    {"undetached", ONLY(PROBE_LEAKS), KIND_MEMORY_LEAK, "undetached", "of address space"},
    {"mixes", ONLY(PROBE_PARTIAL_LINE) | ONLY(PROBE_CROWD) | ONLY(PROBE_RESET) | ONLY(PROBE_LEAKS),
     KIND_ASSERTION, NULL, "it expects a body of 512 bytes"},
};

static const struct probe_options through_proxy = {
    .call_seconds = 30, .steps = PROBE_ALL_STEPS, .origin = true};

Test(probe, a_proxy_is_asked_for_what_an_origin_has) {
    struct fixture fixture = fixture_of(PROXY);
    struct probe_report right = probe_with(&fixture, "right", through_proxy);
    expect_all_passed(&right, "right");
    for (size_t i = 0; i < sizeof proxy_rows / sizeof *proxy_rows; i++) {
        const struct proxy_row *row = &proxy_rows[i];
        struct probe_options options = through_proxy;
        options.steps = (PROBE_ALL_STEPS & ~ONLY(PROBE_LEAKS)) | row->failed; /* those take long */
        struct probe_report report = probe_with(&fixture, row->mode, options);
        unsigned failed = 0;
        for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
            failed |= report.steps[step].result == STEP_FAILED ? 1U << step : 0;
        cr_expect(eq(uint, failed, row->failed), "%s", row->mode);
        cr_assert(report.findings.count > 0, "%s", row->mode);
        const struct finding *last = &report.findings.items[report.findings.count - 1];
        cr_expect(eq(int, (int)last->kind, (int)row->kind), "%s", row->mode);
        cr_expect(strstr(last->message, row->says) != NULL, "%s: %s", row->mode, last->message);
        if (row->at != NULL)
            cr_expect(has_line(last, here_line(fixture.owner, PROXY, row->at)), "%s", row->mode);
    }
    fixture_remove(&fixture);
}

/* Who holds the lock stands first, who waits for it is context. */
Test(probe, a_lock_that_is_held_while_the_origin_is_slow_is_told_with_who_waits_for_it) {
    struct fixture fixture = fixture_of(PROXY);
    struct probe_options options = through_proxy;
    options.steps = ONLY(PROBE_SLOW_ORIGIN);
    struct probe_report report = probe_with(&fixture, "lock", options);
    cr_assert(eq(sz, report.findings.count, 1));
    const struct finding *finding = &report.findings.items[0];
    cr_assert(eq(sz, finding->location_count, 4));
    expect_text(finding->locations[0].doing, "blocked in read on the socket of client 1's origin");
    expect_text(finding->locations[1].doing, "blocked in futex (a lock, or another thread)");
    cr_expect(finding->locations[1].context && !finding->locations[0].context);
    expect_text(report.steps[PROBE_SLOW_ORIGIN].note,
                "client 2 was served once client 1's origin had gone on");
    fixture_remove(&fixture);
}

Test(probe, who_is_no_proxy_is_told_so) {
    struct fixture fixture = fixture_of(STRANGERS);
    struct probe_report report = probe_with(&fixture, "http-with-length", through_proxy);
    cr_assert(report.unsupported != NULL);
    cr_expect(strstr(report.unsupported, "no HTTP proxy: ") == report.unsupported);
    cr_expect(strstr(report.unsupported, "next: hazard probe --http asks a server that is") != NULL,
              "%s", report.unsupported);
    fixture_remove(&fixture);
}

/* ---- Which call returned */

static const struct call_row {
    const char *mode;
    double seconds;
    enum call_state calls[PROBE_CALL_COUNT]; /* of client 2 */
    enum decided_by decided;
} call_rows[] = {
    {"fork", 30, {CALL_RETURNED, CALL_RETURNED, CALL_RETURNED}, DECIDED_BY_KERNEL},
    {"iterative", 30, {CALL_RETURNED, CALL_RETURNED, CALL_BLOCKED}, DECIDED_BY_KERNEL},
    {"late", 30, {CALL_RETURNED, CALL_RETURNED, CALL_LATE}, DECIDED_BY_KERNEL},
    /* A second thread or a timer has a clock of its own: nothing can be proved, so only the limit
     * is left. */
    {"ticking", 0.5, {CALL_RETURNED, CALL_RETURNED, CALL_BLOCKED}, DECIDED_BY_TIME},
    {"timer", 0.5, {CALL_RETURNED, CALL_RETURNED, CALL_BLOCKED}, DECIDED_BY_TIME},
};

Test(probe, client_2_is_told_call_by_call) {
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof call_rows / sizeof *call_rows; i++) {
        const struct call_row *row = &call_rows[i];
        struct probe_report report = probe(&fixture, row->mode, ONLY(PROBE_LUNCH), row->seconds);
        cr_assert(eq(sz, report.steps[PROBE_LUNCH].client_count, 2), "%s", row->mode);
        const struct probe_client *client = &report.steps[PROBE_LUNCH].clients[1];
        expect_text(client->name, "client 2");
        for (enum probe_call call = 0; call < PROBE_CALL_COUNT; call++)
            cr_expect(eq(int, (int)client->calls[call], (int)row->calls[call]), "%s: %s", row->mode,
                      probe_call_name(call));
        cr_expect(eq(int, (int)client->decided, (int)row->decided), "%s", row->mode);
    }
    fixture_remove(&fixture);
}

Test(probe, the_wait_for_graph_is_told_in_words_and_in_places) {
    struct fixture fixture = fixture_new();
    struct probe_report report = probe(&fixture, "iterative", ONLY(PROBE_LUNCH), 30);
    cr_assert(eq(sz, report.findings.count, 1));
    const struct finding *finding = &report.findings.items[0];
    char *words = talloc_asprintf(fixture.owner,
                                  "client 2 waits in read for the server process, which waits in "
                                  "read at echo (server.c:%d) for client 1 (out to lunch)",
                                  here_line(fixture.owner, SERVER, "iterative"));
    expect_text(finding->message, words);
    cr_assert(eq(sz, finding->location_count, 2));
    expect_text(finding->locations[0].actor, "server process");
    expect_text(finding->locations[0].doing, "blocked in read on client 1's socket");
    expect_text(finding->locations[1].actor, "client 2");
    expect_text(finding->locations[1].doing, "blocked in read");
    cr_expect(eq(sz, finding->locations[1].frame_count, 0));
    expect_text(report.steps[PROBE_LUNCH].note, "client 2 was served once client 1 had left");
    fixture_remove(&fixture);
}

Test(probe, without_its_sources_a_binary_is_known_by_its_debug_information) {
    struct fixture fixture = fixture_new();
    char *source = talloc_strdup(fixture.owner, fixture.subject.sources.paths[0]);
    fixture.subject.sources = (struct sources){NULL, 0};
    struct probe_report report = probe(&fixture, "iterative", ONLY(PROBE_LUNCH), 30);
    cr_assert(eq(sz, report.sources.count, 1));
    expect_text(report.sources.paths[0], source);
    cr_expect(strstr(report.findings.items[0].message, "at echo (server.c:") != NULL);
    fixture_remove(&fixture);
}

/* ---- Servers that are none, and machines that do not let us */

Test(probe, what_never_listens_is_unsupported) {
    struct fixture fixture = fixture_new();
    struct probe_report deaf = probe(&fixture, "deaf", PROBE_ALL_STEPS, 30);
    cr_assert(deaf.unsupported != NULL);
    expect_text(deaf.unsupported, "it never listens on a TCP port: it waits for something else");
    cr_expect(eq(sz, deaf.findings.count, 0));
    struct probe_report ended = probe(&fixture, "ended", ONLY(PROBE_LEAKS), 30);
    cr_assert(ended.unsupported != NULL);
    expect_text(ended.unsupported, "it never listens on a TCP port: exit 4");
    fixture_remove(&fixture);
}

/* What a container may do: ptrace fails with EPERM. */
static void forbid_ptrace(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    cr_assert(eq(int, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0));
}

/* In a child that ends by _exit: the leak checker of the tests' own build needs ptrace too. */
Test(probe, without_ptrace_a_finding_has_no_line_and_says_why) {
    struct fixture fixture = fixture_new();
    pid_t child = fork();
    if (child == 0) {
        static const char *const modes[] = {"iterative", "zombies", "crash"};
        static const enum probe_step steps[] = {PROBE_LUNCH, PROBE_LEAKS, PROBE_RESET};
        int good = 0;
        forbid_ptrace();
        for (int i = 0; i < 3; i++) {
            struct probe_report report = probe(&fixture, modes[i], ONLY(steps[i]), 30);
            good += report.findings.count == 1 && report.missing != NULL &&
                    strstr(report.missing, "ptrace is not permitted here (Operation not") != NULL &&
                    strstr(report.findings.items[0].locations[0].doing,
                           "(no line: ptrace is not permitted here)") != NULL;
        }
        _exit(good);
    }
    int status;
    waitpid(child, &status, 0);
    cr_expect(eq(int, WIFEXITED(status), 1));
    cr_expect(eq(int, WEXITSTATUS(status), 3));
    fixture_remove(&fixture);
}

Test(probe, nothing_is_left_behind) {
    static const char *const modes[] = {"iterative", "open", "orphan", "crash", "deathless"};
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        probe(&fixture, modes[i], PROBE_ALL_STEPS, 30);
        siginfo_t info;
        int result = waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL);
        cr_expect(result == -1 && errno == ECHILD, "%s: a child is left", modes[i]);
    }
    fixture_remove(&fixture);
}

/* ---- Figures */

static const struct leak_row {
    const char *name;
    enum leak leak;
    bool shows;
    size_t values[PROBE_SAMPLES];
} leak_rows[] = {
    {"one for each connection", LEAK_ZOMBIES, true, {20, 65, 110, 155, 200}},
    {"one for each tenth", LEAK_DESCRIPTORS, true, {6, 10, 15, 19, 24}},
    {"a few, once and again", LEAK_DESCRIPTORS, false, {6, 7, 8, 9, 10}},
    {"full after the first sample", LEAK_THREADS, false, {6, 80, 80, 80, 80}},
    {"grows in all, and rests once", LEAK_THREADS, false, {6, 30, 30, 60, 90}},
    {"as it was", LEAK_ZOMBIES, false, {0, 0, 0, 0, 0}},
    {"up and down", LEAK_ZOMBIES, false, {1, 50, 2, 60, 70}},
    {"pages", LEAK_MEMORY, true, {1000000, 1040960, 1081920, 1122880, 1163840}},
    {"a page now and then", LEAK_MEMORY, false, {1000000, 1004096, 1008192, 1012288, 1016384}},
};

static void set_figure(struct probe_figures *figures, enum leak leak, size_t value) {
    size_t *fields[LEAK_COUNT] = {&figures->zombies, &figures->descriptors, &figures->threads,
                                  &figures->resident_bytes};
    *fields[leak] = value;
}

Test(probe, a_leak_grows_from_sample_to_sample) {
    for (size_t i = 0; i < sizeof leak_rows / sizeof *leak_rows; i++) {
        const struct leak_row *row = &leak_rows[i];
        struct probe_figures samples[PROBE_SAMPLES] = {{0}};
        for (int j = 0; j < PROBE_SAMPLES; j++) {
            samples[j].connections = 20 + 45 * j;
            set_figure(&samples[j], row->leak, row->values[j]);
        }
        cr_expect(eq(int, figures_leak(row->leak, samples, PROBE_SAMPLES), row->shows), "%s",
                  row->name);
    }
}

static const struct growth_row {
    const char *note;
    size_t descriptors[PROBE_SAMPLES], resident[PROBE_SAMPLES];
} growth_rows[] = {
    {"nothing grows with the number of connections",
     {4, 5, 4, 4, 4},
     {8192, 8192, 8192, 4096, 8192}},
    {"no leak, though in all something grew: descriptors by 4 (too little for each connection)",
     {6, 7, 8, 9, 10},
     {8192, 8192, 8192, 8192, 8192}},
    {"no leak, though in all something grew: descriptors by 3 (not from each look to the next), "
     "resident memory by 8 KB (not from each look to the next)",
     {6, 9, 9, 9, 9},
     {8192, 8192, 16384, 16384, 16384}},
};

Test(probe, what_grows_and_is_no_leak_is_told_with_the_reason) {
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof growth_rows / sizeof *growth_rows; i++) {
        struct probe_figures samples[PROBE_SAMPLES] = {{0}};
        for (int j = 0; j < PROBE_SAMPLES; j++) {
            samples[j].connections = 20 + 45 * j;
            samples[j].descriptors = growth_rows[i].descriptors[j];
            samples[j].resident_bytes = growth_rows[i].resident[j];
        }
        expect_text(figures_growth(owner, samples, PROBE_SAMPLES), growth_rows[i].note);
    }
    talloc_free(owner);
}

/* ---- What is printed */

static struct probed example(void) {
    static struct probe_client clients[] = {
        {.name = "client 1", .calls = {CALL_RETURNED}, .why = ""},
        {.name = "client 2",
         .calls = {CALL_RETURNED, CALL_RETURNED, CALL_BLOCKED},
         .decided = DECIDED_BY_KERNEL,
         .why = "nobody reads"},
    };
    static struct finding finding = {.kind = KIND_BLOCKED_CLIENT, .message = "client 2 waits"};
    struct probed probed = {.program = "echo.c", .seconds = 1.5};
    struct probe_report *report = &probed.report;
    for (int step = 0; step < PROBE_STEP_COUNT; step++)
        report->steps[step].note = "";
    report->steps[PROBE_LUNCH] =
        (struct probe_step_report){STEP_FAILED, "served later", clients, 2, 0, 0};
    report->steps[PROBE_LEAKS].result = STEP_PASSED;
    report->figure_count = 2;
    report->figures[0] = (struct probe_figures){20, 1, 1, 0, 4, 1024, 4096};
    report->figures[1] = (struct probe_figures){200, 1, 1, 0, 4, 2048, 4096};
    report->findings = (struct findings){&finding, 1};
    return probed;
}

Test(probe, text_is_for_people) {
    static const char expected[] =
        "echo.c\n"
        "lunch: client 1 connects and says nothing: failed\n"
        "  client 1  connect returned\n"
        "  client 2  connect returned, write returned, read blocked\n"
        "            nobody reads (says the kernel)\n"
        "  served later\n"
        "leaks: clients come and go: passed\n"
        "  connections processes threads zombies descriptors    resident      virtual\n"
        "           20         1       1       0           4        1 KB         4 KB\n"
        "          200         1       1       0           4        2 KB         4 KB\n"
        "\n"
        "blocked-client: client 2 waits\n";
    struct probed probed = example();
    void *owner = talloc_new(NULL);
    probed_text(printing(), &probed);
    expect_text(printed(owner), expected);
    talloc_free(owner);
}

Test(probe, json_is_for_programs) {
    static const char *const states[] = {"returned", "returned", "blocked"};
    struct probed probed = example();
    json_t *value = probed_json(&probed), *lunch, *leaks, *calls, *call, *finding;
    const char *client, *decided, *why;
    size_t i;
    expect_text(answer_word(value, "program"), "echo.c");
    expect_text(answer_word(value, "detector"), "probe");
    expect_text(answer_word(value, "verdict"), "found");
    cr_expect(json_real_value(json_object_get(value, "seconds")) == 1.5);
    cr_assert(json_unpack(value, "{s[oo!] s[o!]}", "steps", &lunch, &leaks, "findings", &finding) ==
              0);
    expect_text(answer_word(lunch, "step"), "lunch");
    expect_text(answer_word(lunch, "result"), "failed");
    expect_text(answer_word(lunch, "note"), "served later");
    cr_assert(json_unpack(lunch, "{s[{} {ss s[{} {} {ss ss}] so}!]}", "clients", "client", &client,
                          "calls", "decided_by", &decided, "why", &why, "calls", &calls) == 0);
    expect_text(client, "client 2");
    expect_text(decided, "kernel");
    expect_text(why, "nobody reads");
    json_array_foreach(calls, i, call)
        expect_text(answer_word(call, "state"), states[i], "call %zu", i);
    cr_expect(eq(sz, i, 3));
    expect_text(answer_word(leaks, "result"), "passed");
    cr_assert(eq(sz, answer_count(leaks, "figures"), 2));
    const json_t *last = json_array_get(json_object_get(leaks, "figures"), 1);
    cr_expect(eq(int, answer_number(last, "connections"), 200));
    cr_expect(eq(int, answer_number(last, "descriptors"), 4));
    cr_expect(eq(int, answer_number(last, "resident_bytes"), 2048));
    cr_expect(eq(int, answer_number(last, "virtual_bytes"), 4096));
    expect_text(answer_word(finding, "kind"), "blocked-client");
    expect_text(answer_word(finding, "message"), "client 2 waits");
    json_decref(value);
}

/* ---- The command */

static const struct command_row {
    const char *line;
    int status;
    const char *says; /* on stdout, or on stderr for status 2 */
} command_rows[] = {
    {"hazard probe --only lunch " SERVER " -- fork", 0,
     "client 2  connect returned, write returned, read returned"},
    {"hazard probe --only lunch,end " SERVER " -- iterative", 1,
     "client 2  connect returned, write returned, read blocked"},
    {"hazard probe --only lunch --json " SERVER " -- iterative", 1, "\"verdict\": \"found\""},
    {"hazard probe " SERVER " -- deaf", 3, "unsupported: it never listens"},
    {"hazard probe " STRANGERS " -- greets", 3, "unsupported: no echo server: one client alone"},
    {"hazard probe --json " STRANGERS " -- greets", 3, "\"verdict\": \"unsupported\""},
    {"hazard probe --http=/index.html --only crowd " STRANGERS " -- http-with-length", 0,
     "64 of 64 clients served"},
    {"hazard probe --dialogue " STORE " --only lunch " STRANGERS " -- store-iterative", 1,
     "client 2  connect returned, read blocked"},
    {"hazard probe --http --origin --only slow-origin " PROXY " -- right", 0,
     "client 1's origin stops in the middle of its answer: passed"},
    {"hazard probe --http --origin --only slow-origin " PROXY " -- iterative", 1,
     "client 2 was served once client 1's origin had gone on"},
    {"hazard probe --dialogue no-such-file " STRANGERS, 2, "cannot read no-such-file"},
    {"hazard probe --dialogue " STRANGERS " " STRANGERS, 2,
     STRANGERS ":1: '/*' is no word of a dialogue; there are send,"},
    {"hazard probe --dialogue " STORE " --http " STRANGERS, 2, "leave out --http"},
    {"hazard probe --http=index.html " STRANGERS, 2, "a path that begins with /"},
    {"hazard probe --only slow-origin " PROXY, 2, "it needs --origin"},
    {"hazard probe --only supper " SERVER, 2, "there is no step 'supper'"},
    {"hazard probe --time-limit never " SERVER, 2, "--time-limit takes a number"},
    {"hazard check --with probe --dialogue " STORE " " STRANGERS " -- store-iterative", 1,
     "blocked-client"},
    {"hazard check --with probe --http " STRANGERS " -- http-too-short", 3,
     "no HTTP server: one client alone"},
    {"hazard check --with probe --origin " STRANGERS " -- greets", 3,
     "no HTTP proxy: one client alone"},
    {"hazard check --dialogue " STORE " --http " STRANGERS, 2, "leave out --http"},
    {"hazard check --dialogue no-such-file " STRANGERS, 2, "cannot read no-such-file"},
    {"hazard check --http counter", 2, "--http is for programs of yours"},
    {"hazard probe", 2, "which server?"},
    {"hazard probe no-such-server.c", 2, "no-such-server.c"},
    {"hazard probe counter", 2, "is no server"},
};

Test(probe, the_command_exits_with_what_it_found) {
    for (size_t i = 0; i < sizeof command_rows / sizeof *command_rows; i++) {
        const struct command_row *row = &command_rows[i];
        void *owner = talloc_new(NULL);
        struct run_outcome outcome = command(owner, row->line);
        const char *said = row->status == 2 ? outcome.errors : outcome.output;
        cr_expect(eq(int, outcome.status, row->status), "%s: %s", row->line, outcome.errors);
        cr_expect(strstr(said, row->says) != NULL, "%s: %s", row->line, said);
        talloc_free(owner);
    }
}
