/* SPDX-License-Identifier: MIT */
/* Which commands work in a container with Docker's defaults, as root and as another user, and what the others say:
 * the table of docs/sandbox.md. (grade --selftest there: test_grade.c) */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "tests/support/command.h"
#include "tests/support/jail.h"

static const struct row {
    const char *line;
    int status;
    const char *says; /* on stdout, or on stderr for status 2 */
} rows[] = {
    {"check --runs 1 --with tsan,explore racy.c", 1, "1 program: 2 found"},
    {"explore --schedule=racy.schedule racy.c", 1, "found: after "},
    {"replay racy.schedule", 1, "data-race: "},
    {"probe --only half-close,end fixed/iterative-server.c -- 0", 0, "end: SIGTERM while"},
    {"matrix --with explore airline-seat", 0, "all as expected"},
    {"show --no-diff airline-seat", 0, "airline-seat: "},
    {"inject --signal=ALRM buggy/handler-data.c -- 3", 2,
     "(personality: Operation not permitted): in a container, allow it with "
     "`--security-opt seccomp=unconfined`"},
};

/* A checkout of the suite, and the command, where everybody can read and write them. */
static const char *place(void *owner) {
    const char *folder = scratch_new(owner);
    command(owner, talloc_asprintf(
                       owner,
                       "mkdir -p %s/build/explore && cp -r buggy fixed catalog include Makefile "
                       "tests/fixtures/programs/racy.c %s && cp build/explore/runtime.o "
                       "%s/build/explore && cp %s %s/build/hazard && chmod -R a+rwX %s",
                       folder, folder, folder, hazard_path(owner), folder, folder));
    setenv("HAZARD_UNDER_TEST", talloc_asprintf(owner, "%s/build/hazard", folder), 1);
    setenv("HAZARD_HOME", folder, 1);
    setenv("XDG_CACHE_HOME", folder, 1);
    setenv("TMPDIR", folder, 1);
    return folder;
}

static void expect_rows(void *owner, const char *folder) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_outcome outcome =
            command(owner, talloc_asprintf(owner, "cd %s && hazard %s", folder, rows[i].line));
        const char *said = rows[i].status == 2 ? outcome.errors : outcome.output;
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s%s", rows[i].line, outcome.output,
                  outcome.errors);
        cr_expect(strstr(said, rows[i].says) != NULL, "%s: %s", rows[i].line, said);
    }
}

Test(jail, as_root, .timeout = 300) {
    if (geteuid() != 0)
        cr_skip_test("for root");
    void *owner = talloc_new(NULL);
    const char *folder = place(owner);
    cr_assert(jail_enter(true));
    expect_rows(owner, folder);
    scratch_remove(folder);
    talloc_free(owner);
}

Test(jail, as_another_user, .timeout = 300) {
    void *owner = talloc_new(NULL);
    const char *folder = place(owner);
    cr_assert(geteuid() != 0 ||
              (chown(folder, jail_other(), jail_other()) == 0 && jail_become_other()));
    cr_assert(jail_enter(true));
    expect_rows(owner, folder);
    scratch_remove(folder);
    talloc_free(owner);
}
