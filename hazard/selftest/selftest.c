/* SPDX-License-Identifier: MIT */
/*
 * An attempt is contained if it says that it could not, or was ended by a limit, and nothing is seen from
 * outside that speaks against it. One that broke for another reason proves nothing.
 */
#include "hazard/selftest/selftest.h"

#include <signal.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/selftest/planted.h"
#include "run/run_describe.h"

#define BYTES_SAID 60

bool selftest_holds(const struct selftest_tier *tier) {
    for (size_t i = 0; i < tier->count; i++)
        if (tier->rows[i].by != NULL && tier->rows[i].answer != SELFTEST_CONTAINED)
            return false;
    return true;
}

/* ---- One attempt ------------------------------------------------------------------------------- */

/* The last line. */
static const char *last_line(void *owner, const char *text) {
    char *copy = never_null(talloc_strdup(owner, text));
    size_t length = strlen(copy);
    while (length > 0 && copy[length - 1] == '\n')
        copy[--length] = '\0';
    const char *end = strrchr(copy, '\n');
    return clean_line(owner,
                      talloc_asprintf(owner, "%.*s", BYTES_SAID, end != NULL ? end + 1 : copy));
}

/* The kernel's way to end who takes too much. */
static bool is_limit(int signal_number) {
    return signal_number == SIGKILL || signal_number == SIGXFSZ || signal_number == SIGXCPU;
}

static enum selftest_answer answer_of(const struct attempt *attempt,
                                      const struct run_outcome *outcome) {
    if (outcome->end == RUN_SIGNALED)
        return is_limit(outcome->status) ? SELFTEST_CONTAINED : SELFTEST_NOT_TRIED;
    if (outcome->end != RUN_EXITED)
        return SELFTEST_CONTAINED;
    if (outcome->status == ATTEMPT_COULD)
        return SELFTEST_NOT_CONTAINED;
    bool missing = outcome->status == 126 || outcome->status == 127;
    bool spoke = attempt->command != NULL ? !missing : outcome->status == ATTEMPT_COULD_NOT;
    return spoke ? SELFTEST_CONTAINED : SELFTEST_NOT_TRIED;
}

static const char *words_of(void *owner, const struct attempt *attempt,
                            const struct run_outcome *outcome, enum selftest_answer answer) {
    if (answer == SELFTEST_NOT_CONTAINED)
        return "it could";
    if (outcome->end != RUN_EXITED || attempt->command != NULL)
        return run_describe(owner, outcome);
    return answer == SELFTEST_NOT_TRIED ? run_explain(owner, outcome)
                                        : last_line(owner, outcome->output);
}

static int try_attempt(void *owner, const struct sandbox *sandbox, struct planted *planted,
                       struct selftest_row *row, struct error *error) {
    const struct attempt *attempt = row->attempt;
    const char *name = talloc_asprintf(owner, "--attempt=%s", attempt->name);
    const char *act[] = {planted->tool, "grade", name, NULL};
    const char *command[] = {"sh", "-c", attempt->command, NULL};
    if (planted_renew(owner, planted, error) != 0)
        return -1;
    struct sandbox_spec spec = {
        .argv = attempt->command != NULL ? command : act,
        .environment = attempt_environment(owner, &planted->place),
        .reads = (const char *const[]){planted->tool, planted->place.shared, NULL},
        .scratch = planted->place.scratch,
        .loopback = attempt->loopback && sandbox->tier == SANDBOX_A,
        .limits = {.seconds = ATTEMPT_SECONDS,
                   .memory_bytes = ATTEMPT_MEMORY,
                   .output_bytes = ATTEMPT_OUTPUT,
                   .disk_bytes = ATTEMPT_DISK,
                   .processes = ATTEMPT_PROCESSES,
                   .open_files = ATTEMPT_OPEN_FILES}};
    struct run_outcome outcome;
    if (sandbox_run(owner, sandbox, &spec, &outcome, error) != 0)
        return -1;
    if (outcome.end == RUN_INTERRUPTED)
        return fail(error, "interrupted");
    row->answer = answer_of(attempt, &outcome);
    row->said = words_of(owner, attempt, &outcome, row->answer);
    const char *harm = planted_harm(planted, &outcome);
    if (harm != NULL) {
        row->answer = SELFTEST_NOT_CONTAINED;
        row->said = harm;
    }
    return 0;
}

/* ---- All of them ------------------------------------------------------------------------------- */

static int try_all(void *owner, const struct sandbox *sandbox, struct planted *planted,
                   struct selftest_tier *tier, struct error *error) {
    const struct attempt *attempt;
    for (size_t i = 0; (attempt = attempt_at(i)) != NULL; i++) {
        tier->rows = grow_array(owner, tier->rows, struct selftest_row, i + 1);
        tier->rows[i] =
            (struct selftest_row){.attempt = attempt, .by = attempt->by[sandbox->tier - SANDBOX_A]};
        tier->count = i + 1;
        if (try_attempt(owner, sandbox, planted, &tier->rows[i], error) != 0)
            return -1;
    }
    return 0;
}

static int try_tier(void *owner, struct planted *planted, struct selftest_tier *tier,
                    struct error *error) {
    struct sandbox sandbox;
    struct error why;
    if (sandbox_probe(owner, tier->tier, &sandbox, &why) != 0) {
        tier->missing = never_null(talloc_strdup(owner, why.text));
        return 0;
    }
    tier->words = sandbox_words(owner, &sandbox);
    return try_all(owner, &sandbox, planted, tier, error);
}

int selftest_run(void *owner, enum sandbox_tier wanted, struct selftest *selftest,
                 struct error *error) {
    struct planted planted;
    *selftest = (struct selftest){0};
    int result = planted_make(owner, "/proc/self/exe", &planted, error);
    for (enum sandbox_tier at = SANDBOX_A; at < SANDBOX_TIERS && result == 0; at++) {
        struct selftest_tier *tier = &selftest->tiers[at];
        if (wanted != SANDBOX_NONE && wanted != at)
            continue;
        tier->tier = at;
        result = try_tier(owner, &planted, tier, error);
        if (selftest->used == SANDBOX_NONE && tier->count > 0)
            selftest->used = at;
    }
    planted_remove(&planted);
    return result;
}
