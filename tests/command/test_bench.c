/* SPDX-License-Identifier: MIT */
/* The benchmark's driver, on its smallest set: the tables have their rows, and figures in them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/command.h"

static const char *folder;
static struct run_outcome outcome;
static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
    const char *line = talloc_asprintf(owner, "HAZARD=%s OUT=%s bench/run --smallest --repeat=1",
                                       hazard_path(owner), folder);
    outcome = command(owner, line);
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
}

static void setup_peers(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
}

TestSuite(bench, .init = setup, .fini = teardown, .timeout = 600);

/* The figures of a row, which stand behind its name. */
static const char *figures_of(const char *name) {
    const char *at = strstr(outcome.output, name);
    cr_assert(at != NULL, "no row '%s': %s%s", name, outcome.output, outcome.errors);
    return at + strlen(name);
}

Test(bench, each_table_has_its_rows) {
    long executions;
    double steps, seconds, first, second;
    cr_assert(eq(int, outcome.status, 0), "%s", outcome.errors);
    cr_expect(sscanf(figures_of("two threads add to one atomic 7 times"), "%ld %lf %lf",
                     &executions, &steps, &seconds) == 3);
    cr_expect(eq(long, executions, 3432), "C(14, 7) executions: %s", outcome.output);
    cr_expect(steps >= 14 && steps < 100 && seconds > 0, "%s", outcome.output);
    cr_expect(sscanf(figures_of("AB-BA"), "%lf %lf", &first, &second) == 2);
    cr_expect(first >= 1 && first <= 4 && second >= 1, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "seven philosophers") == NULL, "that is not the smallest set");
}

Test(bench, inject_has_its_rows) {
    struct run_outcome walks =
        command(owner, talloc_asprintf(owner, "HAZARD=%s OUT=%s bench/inject --smallest",
                                       hazard_path(owner), folder));
    cr_assert(eq(int, walks.status, 0), "%s", walks.errors);
    static const char *const rows[] = {"| `plain 1` | ", "| `child 1` | ", "| `pipe 1` | "};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *row = strstr(walks.output, rows[i]);
        cr_assert(row != NULL, "no row %s: %s", rows[i], walks.output);
        cr_expect(strtol(row + strlen(rows[i]), NULL, 10) > 500, "%s", walks.output);
    }
}

TestSuite(bench_peers, .init = setup_peers, .fini = teardown, .timeout = 600);

static const char *executable(const char *name, const char *script) {
    const char *text = talloc_asprintf(owner, "#!/bin/sh\n%s\n", script);
    const char *path = write_file(owner, folder, name, text);
    cr_assert(eq(int, command(owner, talloc_asprintf(owner, "chmod +x %s", path)).status, 0));
    return path;
}

/* A stand-in for a peer, which notes its runs in the file `order`. */
static const char *stand_in(const char *name, const char *says) {
    return executable(name, talloc_asprintf(owner,
                                            "case $* in *--help*) exit ;; esac\n"
                                            "printf 'theirs ' >>%s/order\n%s",
                                            folder, says));
}

/* The bench's table of peers, where none but these two are installed; ours notes its runs too. */
static struct run_outcome beside(const char *genmc, const char *nidhugg) {
    const char *ours =
        executable("ours", talloc_asprintf(owner, "printf 'ours ' >>%s/order\nexec %s \"$@\"",
                                           folder, hazard_path(owner)));
    return command(
        owner, talloc_asprintf(owner,
                               "HAZARD=%s OUT=%s GENMC=%s NIDHUGG=%s DIVINE=/none/d SPIN=/none/s "
                               "RELACY=/none/r ROUNDS=2 bench/peers --smallest",
                               ours, folder, genmc, nidhugg));
}

Test(bench_peers, take_turns_with_ours) {
    /* It is given a whole program, which ends well. */
    const char *genmc =
        stand_in("genmc", "${CC:-gcc} -w -pthread $1 -o $1.out && $1.out || exit 1\n"
                          "echo 'No errors were detected.'\n"
                          "echo 'Number of complete executions explored: 20'");
    struct run_outcome table = beside(genmc, "/none/n");
    cr_assert(eq(int, table.status, 0), "%s", table.errors);
    cr_expect(strstr(table.output, "| `atomics 3` | genmc | 20 executions | 20 executions | ") !=
                      NULL &&
                  strstr(table.output, "| the same number |") != NULL,
              "%s%s", table.output, table.errors);
    cr_expect(eq(str, read_file(owner, talloc_asprintf(owner, "%s/order", folder)),
                 (char *)"ours theirs ours ours theirs ours "));
}

Test(bench_peers, says_what_is_not_installed_and_how_to_get_it) {
    struct run_outcome table = beside("/none/g", "/none/n");
    cr_assert(eq(int, table.status, 0), "%s", table.errors);
    static const char *const peers[] = {"genmc", "nidhugg", "divine", "spin", "relacy"};
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        cr_expect(strstr(table.output,
                         talloc_asprintf(owner, "  %s is not installed: ", peers[i])) != NULL,
                  "%s", table.output);
    cr_expect(strstr(table.output, "| program |") == NULL, "a table without rows: %s",
              table.output);
}

Test(bench_peers, says_what_a_peer_does_not_take) {
    const char *nidhugg = stand_in("nidhuggc", "echo 'Error: no such thing'; exit 1");
    struct run_outcome table = beside("/none/g", nidhugg);
    cr_assert(eq(int, table.status, 0), "%s", table.errors);
    cr_expect(strstr(table.output, "| `atomics 3` | nidhugg | 20 executions | - | ") != NULL &&
                  strstr(table.output, "| not taken: Error: no such thing |") != NULL,
              "%s%s", table.output, table.errors);
}

Test(bench, the_machine_is_named) {
    static const char *const labels[] = {"processor", "cores", "kernel", "gcc", "clang", "load"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        cr_expect(strspn(figures_of(labels[i]), " ") > 0 &&
                      strncmp(figures_of(labels[i]), " unknown", 8) != 0,
                  "%s: %s", labels[i], outcome.output);
}
