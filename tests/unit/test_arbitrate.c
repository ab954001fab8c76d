/* SPDX-License-Identifier: MIT */
/* Which reports a proof refutes, and when it refutes any. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/arbitrate.h"

/* The messages are those of real reports. */
static const struct {
    char detector[12];
    enum kind kind;
    char message[96];
    bool refutable;
} rows[] = {
    {"tsan", KIND_DATA_RACE, "data race on global 'n' of size 4", true},
    {"drd", KIND_DATA_RACE, "Conflicting load by thread 1 size 4", true},
    {"inject", KIND_DATA_RACE, "another detector of ours", false},
    {"tsan-gcc", KIND_USE_AFTER_FREE, "heap-use-after-free", true},
    {"helgrind", KIND_LOCK_ORDER, "Thread #3: lock order \"A before B\" violated", true},
    {"tsan", KIND_DEADLOCK, "double lock of a mutex", true},
    {"helgrind", KIND_DEADLOCK, "Attempt to re-lock a non-recursive lock I already hold", true},
    {"drd", KIND_DEADLOCK, "Recursive locking not allowed: mutex 0x1, recursion count 1", true},
    {"tsan", KIND_DEADLOCK, "stuck: 2 threads blocked", false},
    {"tsan", KIND_API_MISUSE, "unlock of an unlocked mutex (or by a wrong thread)", true},
    {"tsan", KIND_API_MISUSE, "read unlock of a write locked mutex", true},
    {"tsan", KIND_API_MISUSE, "mutex held in the wrong context", false},
    {"helgrind", KIND_API_MISUSE, "Thread #2 unlocked a not-locked lock", true},
    {"helgrind", KIND_API_MISUSE, "Thread #2 unlocked an invalid lock", true},
    {"helgrind", KIND_API_MISUSE,
     "Thread #1: pthread_cond_{signal,broadcast}: dubious: associated lock is not held by any "
     "thread",
     true},
    {"helgrind", KIND_API_MISUSE, "Thread #1's call to pthread_mutex_init failed", false},
    {"helgrind", KIND_API_MISUSE, "Thread #2: Exiting thread still holds 1 lock", false},
    {"drd", KIND_API_MISUSE, "Mutex not locked: mutex 0x10c0a0, recursion count 0, owner 0.", true},
    {"drd", KIND_STARVATION, "Acquired at", false},
    {"tsan", KIND_CRASH, "SEGV on unknown address", false},
    {"tsan", KIND_THREAD_LEAK, "thread leak", false},
    {"tsan", KIND_SIGNAL_UNSAFE_CALL, "signal-unsafe call inside of a signal", false},
};

Test(arbitrate, of_each_kind_what_is_judged_by_explore) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct finding finding = {.kind = rows[i].kind, .message = rows[i].message};
        cr_expect(eq(int, arbitrate_refutes(rows[i].detector, &finding) != NULL, rows[i].refutable),
                  "%s: %s", rows[i].detector, rows[i].message);
    }
}

/* explore's cell, and one of tsan with two findings. */
static enum verdict settle(enum verdict explored, bool conditional, bool crash, bool known) {
    void *owner = new_owner();
    struct cell cells[2] = {
        {.result = {.detector = "tsan", .verdict = VERDICT_FOUND}},
        {.result = {.detector = "explore", .verdict = explored, .conditional = conditional}}};
    struct finding race = {
        .kind = KIND_DATA_RACE, .message = "data race", .doubt = known ? "known" : NULL};
    struct finding other = {.kind = KIND_CRASH, .message = "killed by SIGSEGV"};
    findings_add(owner, &cells[0].result.findings, race);
    findings_add(owner, &cells[0].result.findings, crash ? other : race);
    struct program_report program = {.program = "x.c", .cells = cells, .cell_count = 2};
    struct suite_report report = {.programs = &program, .count = 1};
    arbitrate(owner, &report);
    enum verdict verdict = cells[0].result.verdict;
    cr_expect(eq(int, cells[0].result.findings.items[0].refuted,
                 explored == VERDICT_PROVED && !conditional));
    talloc_free(owner);
    return verdict;
}

Test(arbitrate, only_a_proof_of_every_execution_refutes) {
    cr_expect(eq(int, (int)settle(VERDICT_PROVED, false, false, false), VERDICT_REFUTED));
    cr_expect(eq(int, (int)settle(VERDICT_PROVED, false, false, true), VERDICT_REFUTED));
    cr_expect(eq(int, (int)settle(VERDICT_PROVED, true, false, false), VERDICT_FOUND));
    cr_expect(eq(int, (int)settle(VERDICT_PROVED, true, false, true), VERDICT_DOUBTFUL));
    cr_expect(eq(int, (int)settle(VERDICT_BOUNDED, false, false, false), VERDICT_FOUND));
    cr_expect(eq(int, (int)settle(VERDICT_UNSUPPORTED, false, false, true), VERDICT_DOUBTFUL));
    cr_expect(eq(int, (int)settle(VERDICT_FOUND, false, false, false), VERDICT_FOUND));
}

Test(arbitrate, what_it_does_not_judge_stays_found) {
    cr_expect(eq(int, (int)settle(VERDICT_PROVED, false, true, true), VERDICT_FOUND));
}
