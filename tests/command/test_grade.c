/* SPDX-License-Identifier: MIT */
/* `hazard grade --selftest`, as a user would call it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/selftest/planted.h"
#include "run/run_describe.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/jail.h"

#define AT_LEAST 40

static json_t *selftest(void *owner, const char *options, int status) {
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner, "hazard grade --selftest --json %s", options));
    cr_expect(eq(int, outcome.status, status), "%s%s", outcome.output, outcome.errors);
    json_t *value = json_loads(outcome.output, 0, NULL);
    cr_assert(value != NULL, "%s", outcome.output);
    return value;
}

/* All that is promised is contained; `beyond` are not promised. */
static void expect_held(const json_t *tier, size_t beyond) {
    const json_t *attempts = json_object_get(tier, "attempts");
    size_t i, open = 0;
    json_t *attempt;
    cr_expect(ge(sz, json_array_size(attempts), AT_LEAST));
    json_array_foreach(attempts, i, attempt) {
        bool promised = json_is_true(json_object_get(attempt, "promised"));
        open += !promised;
        bool held = strcmp(answer_word(attempt, "answer"), "contained") == 0;
        cr_expect(held || !promised, "tier %s: %s: %s", answer_word(tier, "tier"),
                  answer_word(attempt, "name"), answer_word(attempt, "said"));
    }
    cr_expect(eq(sz, open, beyond));
}

static void expect_tier(const char *name, size_t beyond) {
    void *owner = new_owner();
    json_t *value = selftest(owner, talloc_asprintf(owner, "--tier=%s", name), 0);
    const json_t *tiers = json_object_get(value, "tiers");
    cr_expect(eq(sz, json_array_size(tiers), 1));
    cr_expect(strcmp(answer_word(value, "strongest"), name) == 0);
    cr_expect(strcmp(answer_word(json_array_get(tiers, 0), "tier"), name) == 0);
    expect_held(json_array_get(tiers, 0), beyond);
    json_decref(value);
    talloc_free(owner);
}

Test(grade, tier_a_holds, .timeout = 300) {
    expect_tier("A", 0);
}

Test(grade, tier_b_holds, .timeout = 300) {
    if (geteuid() != 0)
        cr_skip_test("for root");
    expect_tier("B", 2);
}

/* The command is copied to where another user can run it. */
static void become_other_with_command(void *owner, const char *folder) {
    const char *copy = talloc_asprintf(owner, "%s/hazard", folder);
    command(owner, talloc_asprintf(owner, "cp %s %s && chmod 755 %s %s", hazard_path(owner), copy,
                                   folder, copy));
    setenv("HAZARD_UNDER_TEST", copy, 1);
    cr_assert(geteuid() != 0 || chown(folder, jail_other(), jail_other()) == 0);
    cr_assert(geteuid() != 0 || jail_become_other());
}

Test(grade, tier_c_holds, .timeout = 300) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    become_other_with_command(owner, folder);
    expect_tier("C", 2);
    scratch_remove(folder);
    talloc_free(owner);
}

/* A jail as Docker's: of the two that root has elsewhere one is left. */
Test(grade, a_container_has_tier_b_and_it_holds, .timeout = 300) {
    if (geteuid() != 0)
        cr_skip_test("for root");
    void *owner = new_owner();
    cr_assert(jail_enter(true));
    json_t *value = selftest(owner, "", 0);
    const json_t *tiers = json_object_get(value, "tiers");
    cr_expect(strcmp(answer_word(value, "strongest"), "B") == 0);
    cr_expect(strstr(answer_word(json_array_get(tiers, 0), "missing"), "cannot make namespaces") !=
              NULL);
    expect_held(json_array_get(tiers, 1), 2);
    json_decref(value);
    talloc_free(owner);
}

Test(grade, without_a_tier_it_is_trouble) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    become_other_with_command(owner, folder);
    cr_assert(jail_enter(false));
    struct run_outcome outcome = command(owner, "hazard grade --selftest");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "no sandbox can be had here") != NULL, "%s", outcome.errors);
    scratch_remove(folder);
    talloc_free(owner);
}

static const char *const misuse[][2] = {
    {"hazard grade", "which assignment"},
    {"hazard grade --selftest --tier=D", "there is no tier 'D'"},
    {"hazard grade --selftest counter", "unexpected 'counter'"},
};

Test(grade, misuse_is_said_in_a_line) {
    for (size_t i = 0; i < sizeof misuse / sizeof *misuse; i++) {
        void *owner = new_owner();
        struct run_outcome outcome = command(owner, misuse[i][0]);
        cr_expect(eq(int, outcome.status, 2), "%s", misuse[i][0]);
        cr_expect(strstr(outcome.errors, misuse[i][1]) != NULL, "%s", outcome.errors);
        talloc_free(owner);
    }
}

/*
 * What a test of a sandbox is worth: without one, the stand-ins can. These are all but those that would
 * take the machine's rest, or that nothing but their surroundings lets.
 */
static const char *const uncontained[] = {"fork-bomb",
                                          "thread-bomb",
                                          "kill-bystander",
                                          "kill-by-descriptor",
                                          "signal-parent",
                                          "signal-all",
                                          "signal-by-owner",
                                          "trace-bystander",
                                          "read-memory",
                                          "write-memory",
                                          "read-environment",
                                          "read-commands",
                                          "take-descriptor",
                                          "slow-down",
                                          "limit-others",
                                          "inherit-environment",
                                          "read-secret",
                                          "read-hidden",
                                          "read-upwards",
                                          "read-by-proc",
                                          "know-existence",
                                          "list-folder",
                                          "write-outside",
                                          "write-given",
                                          "create-outside",
                                          "create-temporary",
                                          "forge-report",
                                          "truncate-outside",
                                          "truncate-given",
                                          "unlink-outside",
                                          "rename-outside",
                                          "change-mode",
                                          "change-time",
                                          "hard-link",
                                          "symlink",
                                          "fifo",
                                          "socket-file",
                                          "set-user-id",
                                          "socket-inet",
                                          "socket-unix",
                                          "socket-any",
                                          "connect-out",
                                          "sysv-memory",
                                          "sysv-semaphores",
                                          "sysv-messages",
                                          "message-queue",
                                          "disk",
                                          "disk-unlinked",
                                          "disk-names",
                                          "large-file",
                                          "output",
                                          "errors",
                                          "open-files",
                                          "memory",
                                          "memory-of-children",
                                          "memory-in-files",
                                          "create-shared-memory",
                                          "compile-includes",
                                          "compile-embeds",
                                          "compile-response",
                                          "compile-follows",
                                          "compile-writes",
                                          "compile-depends",
                                          "link-embeds",
                                          "compile-diagnostics"};

static bool could(void *owner, struct planted *planted, const struct attempt *attempt) {
    struct error error;
    struct run_outcome outcome;
    const char *name = talloc_asprintf(owner, "--attempt=%s", attempt->name);
    const char *act[] = {planted->tool, "grade", name, NULL};
    const char *line[] = {"sh", "-c", attempt->command, NULL};
    cr_assert(planted_renew(owner, planted, &error) == 0, "%s", error.text);
    struct run_spec spec = {.argv = attempt->command != NULL ? line : act,
                            .environment = attempt_environment(owner, &planted->place),
                            .surroundings = {.folder = planted->place.scratch},
                            .limits = run_default_limits};
    spec.limits.seconds = 60;
    spec.limits.output_bytes = 16 << 20;
    cr_assert(run_program(owner, &spec, &outcome, &error) == 0, "%s", error.text);
    return (outcome.end == RUN_EXITED && outcome.status == ATTEMPT_COULD) ||
           planted_harm(planted, &outcome) != NULL;
}

Test(grade, without_a_sandbox_the_attempts_can, .timeout = 300) {
    void *owner = new_owner();
    struct planted planted;
    struct error error;
    cr_assert(planted_make(owner, hazard_path(owner), &planted, &error) == 0, "%s", error.text);
    for (size_t i = 0; i < sizeof uncontained / sizeof *uncontained; i++) {
        const struct attempt *attempt = attempt_named(uncontained[i]);
        cr_assert(attempt != NULL, "%s", uncontained[i]);
        cr_expect(could(owner, &planted, attempt), "%s", uncontained[i]);
    }
    planted_remove(&planted);
    talloc_free(owner);
}
