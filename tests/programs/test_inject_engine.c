/* SPDX-License-Identifier: MIT */
/*
 * The engine of inject on small programs whose answer is known (tests/fixtures/inject). The first
 * lines of each say what is to come out:
 *   expect: the verdict
 *   signal: USR1, or child-exit
 *   build: more words for the compiler
 *   options: points=50, as on the command line
 *   counts: wrong=17 blocked>0, of points; of second signals: pairs, pair-harm
 *   says: words of the detail
 *   finds: the kind of its one finding
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/suite/build.h"
#include "inject/process/launch.h"
#include "inject/process/tracee.h"
#include "inject/report/inject.h"
#include "run/run.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define FIXTURES "tests/fixtures/inject"

static void *owner;
static const char *folder;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
}

TestSuite(inject_engine, .init = setup, .fini = teardown, .timeout = 600);

/* ---- Fixtures ------------------------------------------------------------------------ */

/* What stands behind the key in a comment of its own; "" if there is none. */
static const char *noted(const char *path, const char *key) {
    const char *text = file_read(owner, path, NULL);
    cr_assert(text != NULL, "%s cannot be read", path);
    const char *opening = talloc_asprintf(owner, "\n/* %s: ", key);
    const char *found = strstr(text, opening);
    if (found == NULL)
        return "";
    found += strlen(opening);
    const char *end = strstr(found, " */");
    cr_assert(end != NULL, "%s: the comment of %s does not end", path, key);
    return talloc_strndup(owner, found, (size_t)(end - found));
}

/* The words of a line, NULL-terminated. */
static const char **words_of(const char *line) {
    const char **words = new_array(owner, const char *, strlen(line) / 2 + 2);
    char *rest = talloc_strdup(owner, line), *word;
    size_t count = 0;
    while ((word = strsep(&rest, " ")) != NULL)
        if (*word != '\0')
            words[count++] = word;
    words[count] = NULL;
    return words;
}

static const char *path_of(const char *name) {
    return talloc_asprintf(owner, "%s/%s.c", FIXTURES, name);
}

static struct subject built(const char *path) {
    static const char *const none[] = {NULL};
    const char **paths = new_array(owner, const char *, 1);
    char *whole = realpath(path, NULL);
    cr_assert(whole != NULL, "there is no %s", path);
    paths[0] = talloc_strdup(owner, whole);
    free(whole);
    const char *base = strrchr(path, '/') + 1;
    struct subject subject = {
        .name = base,
        .sources = {paths, 1},
        .binary = talloc_asprintf(owner, "%s/%.*s", folder, (int)strcspn(base, "."), base),
        .args = none};
    const char *said = NULL;
    struct error error;
    const char *const *build = words_of(noted(path, "build"));
    const struct recipe recipe = recipe_of_sources(
        owner, &subject.sources, &(struct cc_words){.compile = build, .link = build});
    cr_assert(build_program(owner, &flavour_plain, &recipe, subject.binary, &said, &error) == 0,
              "%s: %s: %s", path, error.text, said != NULL ? said : "");
    return subject;
}

static void set(const char *path, struct inject_options *options, const char *name,
                const char *value) {
    const char *const pair[] = {name, value, NULL};
    struct error error;
    cr_assert(option_set_pairs(inject_options_table, options, pair, &error) == 0, "%s: %s", path,
              error.text);
}

static struct inject_options options_of(const char *path) {
    struct inject_options options = inject_default_options;
    struct error error;
    const char *signal = noted(path, "signal");
    bool child = strcmp(signal, "child-exit") == 0;
    set(path, &options, child ? signal : "signal", child ? "true" : signal);
    options.jobs = 2;
    for (const char **word = words_of(noted(path, "options")); *word != NULL; word++) {
        const char *equals = strchr(*word, '=');
        cr_assert(equals != NULL, "%s: %s", path, *word);
        const char *name = talloc_strndup(owner, *word, (size_t)(equals - *word));
        set(path, &options, name, equals + 1);
    }
    cr_assert(inject_options_check(&options, &error) == 0, "%s: %s", path, error.text);
    return options;
}

/* ---- What came out ------------------------------------------------------------------- */

static int64_t inside(const struct injection *injection) {
    int64_t count = 0;
    for (size_t i = 0; i < injection->point_count; i++)
        count += (injection->points[i].flags & POINT_INSIDE) != 0;
    return count;
}

static int64_t counted(const struct inject_report *report, const char *name) {
    static const char *const kinds[ENDING_KINDS] = {"well",  "deadlock", "crash",
                                                    "wrong", "ran-away", "unjudged"};
    for (int i = 0; i < ENDING_KINDS; i++)
        if (strcmp(kinds[i], name) == 0)
            return report->counts[i];
    if (strcmp(name, "points") == 0)
        return report->tried;
    if (strcmp(name, "pairs") == 0)
        return report->injection.pairs_tried;
    if (strcmp(name, "pair-harm") == 0)
        return (int64_t)report->injection.pair_count;
    if (strcmp(name, "blocked") == 0)
        return report->blocked;
    cr_assert(strcmp(name, "inside") == 0, "nothing is counted as '%s'", name);
    return inside(&report->injection);
}

static void expect_counts(const char *path, const struct inject_report *report) {
    for (const char **word = words_of(noted(path, "counts")); *word != NULL; word++) {
        size_t length = strcspn(*word, "=>");
        cr_assert(length < strlen(*word), "%s: %s", path, *word);
        int64_t got = counted(report, talloc_strndup(owner, *word, length));
        int64_t wanted = strtoll(*word + length + 1, NULL, 10);
        bool exact = (*word)[length] == '=';
        cr_expect(exact ? got == wanted : got > wanted, "%s: not %s but %lld: %s", path, *word,
                  (long long)got, report->detail);
    }
    cr_expect(report->counts[ENDING_UNJUDGED] == 0, "%s: %s", path, report->detail);
}

/* Is there a process that runs this program? */
static bool runs_still(const char *binary) {
    DIR *processes = opendir("/proc");
    cr_assert(processes != NULL);
    bool found = false;
    for (const struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        char target[4096];
        ssize_t length = readlink(talloc_asprintf(owner, "/proc/%s/exe", entry->d_name), target,
                                  sizeof target - 1);
        target[length < 0 ? 0 : length] = '\0';
        found = found || strcmp(target, binary) == 0;
    }
    closedir(processes);
    return found;
}

/* A process of ours that has not been waited for. */
static bool has_children(void) {
    const char *path = talloc_asprintf(owner, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    int pid = 0;
    if (file == NULL)
        return false; /* this kernel does not tell */
    bool any = fscanf(file, "%d", &pid) == 1;
    fclose(file);
    return any;
}

static void expect_fixture(const char *path) {
    struct subject subject = built(path);
    struct inject_options options = options_of(path);
    struct inject_report report;
    struct error error;
    const char *says = noted(path, "says");
    bool had_children = has_children();
    cr_assert(inject_run(owner, &subject, &options, NULL, NULL, &report, &error) == 0, "%s: %s",
              path, error.text);
    expect_text(verdict_name(report.verdict), noted(path, "expect"), "%s: %s", path, report.detail);
    cr_expect(strstr(report.detail, says) != NULL, "%s: '%s' says no '%s'", path, report.detail,
              says);
    const char *finds = noted(path, "finds");
    if (*finds != '\0' && report.findings.count > 0)
        expect_text(kind_name(report.findings.items[0].kind), finds, "%s", path);
    cr_expect(finds[0] == '\0' || report.findings.count == 1, "%s: %zu findings", path,
              report.findings.count);
    expect_counts(path, &report);
    cr_expect(runs_still(subject.binary) == false, "%s still runs", path);
    cr_expect(had_children || !has_children(), "%s has left a process", path);
}

static void expect_fixtures(const char *pattern) {
    glob_t files;
    cr_assert(glob(pattern, 0, NULL, &files) == 0, "%s", pattern);
    for (size_t i = 0; i < files.gl_pathc; i++)
        expect_fixture(files.gl_pathv[i]);
    globfree(&files);
}

/* The tests below share them by their first letter: none may be left out. */
Test(inject_engine, each_fixture_is_somebodys) {
    glob_t all, shared;
    cr_assert(glob(FIXTURES "/*.c", 0, NULL, &all) == 0);
    cr_assert(glob(FIXTURES "/[a-z]*.c", 0, NULL, &shared) == 0);
    cr_expect(eq(sz, shared.gl_pathc, all.gl_pathc));
    globfree(&all);
    globfree(&shared);
}

/* Several tests, because several run at once. */
Test(inject_engine, comes_to_the_known_answers_a_to_c) {
    expect_fixtures(FIXTURES "/[a-c]*.c");
}
Test(inject_engine, comes_to_the_known_answers_d_to_h) {
    expect_fixtures(FIXTURES "/[d-h]*.c");
}
Test(inject_engine, comes_to_the_known_answers_i_to_p) {
    expect_fixtures(FIXTURES "/[i-p]*.c");
}
Test(inject_engine, comes_to_the_known_answers_q_to_t) {
    expect_fixtures(FIXTURES "/[q-t]*.c");
}
Test(inject_engine, comes_to_the_known_answers_u_to_z) {
    expect_fixtures(FIXTURES "/[u-z]*.c");
}

/* ---- Always the same ----------------------------------------------------------------- */

static struct injection walked(const struct subject *subject, const char *path, int jobs) {
    struct inject_options options = options_of(path);
    struct injection injection;
    struct error error;
    options.jobs = jobs;
    cr_assert(engine_walk(owner, subject, &options, NULL, NULL, &injection, &error) == 0, "%s: %s",
              path, error.text);
    return injection;
}

static const struct ending *ending_at(const struct injection *injection, size_t i) {
    return &injection->endings[injection->points[i].ending];
}

/* Which point of a blocked stretch was tried may depend on who has it. */
static void expect_same(const char *path, const struct injection *one,
                        const struct injection *other, unsigned compared) {
    cr_assert(eq(sz, one->point_count, other->point_count), "%s", path);
    for (size_t i = 0; i < one->point_count; i++) {
        const struct point *a = &one->points[i], *b = &other->points[i];
        const struct ending *first = ending_at(one, i), *second = ending_at(other, i);
        cr_assert(a->pc == b->pc && (a->flags & compared) == (b->flags & compared),
                  "%s: point %zu is another", path, i);
        cr_assert(first->kind == second->kind && strcmp(first->text, second->text) == 0,
                  "%s: point %zu ends with '%s', and with '%s'", path, i, first->text,
                  second->text);
    }
    cr_expect(eq(i64, one->pairs_tried, other->pairs_tried), "%s", path);
    cr_assert(eq(sz, one->pair_count, other->pair_count), "%s", path);
    for (size_t i = 0; i < one->pair_count; i++)
        cr_expect(one->pairs[i].point == other->pairs[i].point &&
                      one->pairs[i].instruction == other->pairs[i].instruction,
                  "%s: second signal %zu is another", path, i);
    expect_text(other->undisturbed.output, one->undisturbed.output, "%s", path);
    expect_text(other->note, one->note, "%s", path);
}

/* Another time, and with several processes: each is held against the same first walk. */
static void expect_repeatable(const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *path = path_of(names[i]);
        struct subject subject = built(path);
        struct injection one = walked(&subject, path, 1);
        for (int jobs = 1; jobs <= 3; jobs++) {
            struct injection other = walked(&subject, path, jobs);
            expect_same(path, &one, &other, jobs == 1 ? ~0U : ~(unsigned)POINT_TRIED);
        }
    }
}

Test(inject_engine, the_same_every_time_and_with_several_processes) {
    static const char *const names[] = {"window", "output", "blocked", "slow-read", "timer-pause"};
    expect_repeatable(names, sizeof names / sizeof *names);
}

Test(inject_engine, the_same_where_children_end) {
    static const char *const names[] = {"children", "children-missed"};
    expect_repeatable(names, sizeof names / sizeof *names);
}

Test(inject_engine, the_same_where_handlers_do_more) {
    static const char *const names[] = {"repeated", "jumps-over", "twice"};
    expect_repeatable(names, sizeof names / sizeof *names);
}

/* ---- Starting ------------------------------------------------------------------------ */

static void tick(int number) {
    (void)number;
}

/* The walkers' timer ticks while they start programs. */
Test(inject_engine, starts_while_a_timer_ticks) {
    const struct sigaction action = {.sa_handler = tick};
    const struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
    const char *const argv[] = {"/bin/true", NULL};
    sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < 300; i++) {
        const struct launch launch = {.argv = argv};
        struct capture capture;
        struct error error = {""};
        setitimer(ITIMER_REAL, &often, NULL);
        pid_t pid = launch_program(&launch, &capture, &error);
        setitimer(ITIMER_REAL, &never, NULL);
        cr_assert(pid > 0, "%s", error.text);
        tracee_kill(pid);
        close(capture.fd[0]);
        close(capture.fd[1]);
    }
}

/* ---- Stopped in the middle ----------------------------------------------------------- */

static void terminate(int64_t done, int64_t bad, double seconds, void *data) {
    (void)done, (void)bad, (void)seconds, (void)data;
    raise(SIGTERM);
}

/* Its run without the signal takes turns for ever: the workers hear of it amid that. */
Test(inject_engine, ends_when_it_is_asked_to) {
    const char *path = path_of("answers-for-ever");
    struct subject subject = built(path);
    struct inject_options options = options_of(path);
    struct inject_report report;
    struct error error;
    options.seconds = 0;
    run_catch_interrupts();
    cr_assert(inject_run(owner, &subject, &options, terminate, NULL, &report, &error) == 0, "%s",
              error.text);
    expect_text(verdict_name(report.verdict), "bounded", "%s", report.detail);
    cr_expect(strstr(report.detail, "interrupted: this is not all") != NULL, "%s", report.detail);
    cr_expect(runs_still(subject.binary) == false);
}
