/* SPDX-License-Identifier: MIT */
/*
 * Libraries without hooks, of our own, under explore: what is not seen of them is said by name; the same library built by
 * hazard cc is seen.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/command.h"

#define LIBRARIES "tests/fixtures/libraries/"

static const struct row {
    const char *library, *program;
    int exit_code;
    const char *words; /* in what is printed, spaces and line breaks being one */
} rows[] = {
    {"ticket", "uses-ticket.c", 3,
     "unsupported: ticket_lock in libunder-test.so: it orders threads by atomics of its own, which "
     "have no hooks, at uses-ticket.c:"},
    {"spin", "uses-ticket.c", 3,
     "unsupported: ticket_lock in libunder-test.so: it waits by going round an atomic operation "
     "that has no hook, at uses-ticket.c:"},
    {"futex", "uses-ticket.c", 3,
     "unsupported: ticket_lock in libunder-test.so: it waits on a futex of its own, which has no "
     "hook, at uses-ticket.c:"},
    {"plain", "uses-ticket.c", 1, "found: "},
    {"pool", "uses-pool.c", 3,
     "none fails; pool_start in libunder-test.so: it starts a thread that has no hooks, so what it "
     "accesses by itself is not known"},
    {"pool", "uses-pool.c -- race", 3,
     "unsupported: pool_start in libunder-test.so: it starts a thread that has no hooks"},
    {"clone", "uses-pool.c", 3,
     "unsupported: pool_give in libunder-test.so: it starts a thread that has no hooks, at "
     "uses-pool.c:"},
    {"descriptor", "uses-pool.c", 3,
     "unsupported: pool_start in libunder-test.so: it makes system call 291, which is not "
     "explored, at uses-pool.c:"},
};

/* Runs of blanks as one. */
static char *in_one_line(void *owner, const char *text) {
    char *line = never_null(talloc_strdup(owner, text)), *to = line;
    for (const char *at = line; *at != '\0'; at++)
        if (!strchr(" \n", *at))
            *to++ = *at;
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
    return line;
}

static void explore(const struct row *row, const char *compiler) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    struct run_outcome built = command(
        owner, talloc_asprintf(
                   owner, "%s -shared -fPIC -O1 -pthread -o %s/libunder-test.so " LIBRARIES "%s.c",
                   compiler, folder, row->library));
    cr_assert(eq(int, built.status, 0), "%s%s", built.output, built.errors);
    struct run_outcome outcome = command(
        owner, talloc_asprintf(
                   owner, "hazard explore --schedule=/dev/null %s/libunder-test.so " LIBRARIES "%s",
                   folder, row->program));
    cr_expect(eq(int, outcome.status, row->exit_code), "%s with %s:\n%s%s", row->program,
              row->library, outcome.output, outcome.errors);
    cr_expect(strstr(in_one_line(owner, outcome.output), row->words) != NULL, "%s with %s:\n%s",
              row->program, row->library, outcome.output);
    if (row->exit_code == 3 && strcmp(row->library, "descriptor") != 0)
        cr_expect(strstr(in_one_line(owner, outcome.output),
                         "build the library with hazard make") != NULL,
                  "%s", outcome.output);
    scratch_remove(folder);
    talloc_free(owner);
}

Test(libraries, what_has_no_hooks_is_named, .timeout = 300) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        explore(&rows[i], "gcc");
}

/* As the advice says. */
Test(libraries, built_with_hooks_they_are_seen, .timeout = 300) {
    static const struct row seen[] = {{"ticket", "uses-ticket.c", 0, "proved under TSO"},
                                      {"pool", "uses-pool.c", 0, "proved"},
                                      {"pool", "uses-pool.c -- race", 1, "data race on `done`"}};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        explore(&seen[i], "hazard cc");
}
