/* SPDX-License-Identifier: MIT */
/*
 * Memory models: which outcomes of litmus tests can come, against the tables of the x86-TSO papers (Owens,
 * Sarkar, Sewell, TPHOLs 2009; Sewell et al., CACM 2010). And whole algorithms that need a fence or do not.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

/* Each program asks whether an outcome can come: the values of its registers. */
static const struct litmus {
    const char *name, *outcome;
    bool sc, tso; /* can it? */
} litmus[] = {
    {"sb", "0 0", false, true},
    {"sb", "1 1", true, true},
    {"sb-fences", "0 0", false, false},
    {"sb-one-fence", "0 0", false, true},
    {"sb-weak-fences", "0 0", false, true},
    {"sb-exchange", "0 0", false, false},
    {"sb-seq-cst", "0 0", false, false},
    {"sb-seq-cst-loads", "0 0", false, true},
    {"sb-release", "0 0", false, true},
    {"sb-mutex", "0 0", false, false},
    {"sb-other-store", "0 0 0", false, true},
    {"sb-other-store", "0 0 1", false, true},
    {"mp", "1 0", false, false},
    {"mp", "0 1", true, true},
    {"lb", "1 1", false, false},
    {"iriw", "1 0 1 0", false, false},
    {"wrc", "1 1 0", false, false},
    {"2+2w", "1 1", false, false},
    {"2+2w", "2 2", true, true},
    {"r", "0 2", false, true},
    {"s", "1 2", false, false},
    {"forwarding", "1 0 1 0", false, true},
    {"n6", "1 0 1", false, true},
    {"n5", "2 1", false, false},
    {"sizes", "256 0 0", false, true},
    {"sizes", "0 0 0", false, false},
};

static void check_outcome(const struct litmus *test, const char *model, bool can) {
    void *owner = talloc_new(NULL);
    char *line = talloc_asprintf(owner,
                                 "hazard explore --json --schedule=/dev/null --memory=%s "
                                 "tests/fixtures/explore/litmus/outcomes/%s.c -- %s",
                                 model, test->name, test->outcome);
    struct run_outcome outcome = command(owner, line);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: no JSON: %s%s", line, outcome.output, outcome.errors);
    expect_text(answer_word(answer, "verdict"), can ? "found" : "proved", "%s", line);
    json_decref(answer);
    talloc_free(owner);
}

Test(explore_litmus, outcomes) {
    for (size_t i = 0; i < sizeof litmus / sizeof *litmus; i++) {
        check_outcome(&litmus[i], "sc", litmus[i].sc);
        check_outcome(&litmus[i], "tso", litmus[i].tso);
    }
}

/* In C23 a relaxed store ends its own thread's release sequence, in C17 it goes on with it: as the debug
 * information says. */
Test(explore_litmus, the_standard_decides_on_release_sequences) {
    static const struct {
        const char *compiler, *standard, *verdict;
    } rows[] = {{"gcc", "-std=gnu17", "proved"},   {"gcc", "-std=c11", "proved"},
                {"gcc", "-std=c2x", "found"},      {"gcc", "-g0", "found"},
                {"clang", "-std=gnu17", "proved"}, {"clang", "-std=gnu2x", "found"}};
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *line =
            talloc_asprintf(owner,
                            "HAZARD_CC=%s hazard cc %s -o %s/program "
                            "tests/fixtures/explore/memory/release-sequence-own.c && "
                            "hazard explore --json --schedule=/dev/null %s/program",
                            rows[i].compiler, rows[i].standard, folder, folder);
        struct run_outcome outcome = command(owner, line);
        json_t *answer = answer_program(outcome.output);
        cr_assert(answer != NULL, "%s: no JSON: %s%s", line, outcome.output, outcome.errors);
        expect_text(answer_word(answer, "verdict"), rows[i].verdict, "%s", line);
        json_decref(answer);
    }
    scratch_remove(folder);
    talloc_free(owner);
}
