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

TestSuite(bench, .init = setup, .fini = teardown, .timeout = 120);

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

Test(bench, the_machine_is_named) {
    static const char *const labels[] = {"processor", "cores", "kernel", "gcc", "clang", "load"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        cr_expect(strspn(figures_of(labels[i]), " ") > 0 &&
                      strncmp(figures_of(labels[i]), " unknown", 8) != 0,
                  "%s: %s", labels[i], outcome.output);
}
