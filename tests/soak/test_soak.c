/* SPDX-License-Identifier: MIT */
/*
 * The soak's interpreter on programs whose outcomes are known, its generator and shrinker, and a few
 * random programs under explore: the same ones each time. `make soak` runs as many as you like.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/soak/generate.h"
#include "tests/soak/shrink.h"
#include "tests/soak/soak.h"
#include "tests/support/command.h"

TestSuite(soak);

#define RLX .order = SOAK_RELAXED
#define ACQ .order = SOAK_ACQUIRE
#define REL .order = SOAK_RELEASE
#define SEQ .order = SOAK_SEQ_CST

#define STORE(x, v, o)                                                                             \
    { .code = SOAK_STORE, .object = x, .value = v, o }
#define LOAD(x, r, o)                                                                              \
    { .code = SOAK_LOAD, .object = x, .reg = r, o }
#define FENCE(o)                                                                                   \
    { .code = SOAK_FENCE, o }
#define READ(v, r)                                                                                 \
    { .code = SOAK_READ, .object = v, .reg = r }
#define WRITE(v, to)                                                                               \
    { .code = SOAK_WRITE, .object = v, .value = to }
#define LOCK(m, n)                                                                                 \
    { .code = SOAK_LOCK, .object = m, .length = n }
#define IF(r, v, n)                                                                                \
    { .code = SOAK_IF, .other = r, .value = v, .length = n }

#define THREAD(...)                                                                                \
    {                                                                                              \
        .op = {__VA_ARGS__},                                                                       \
        .length = sizeof((struct soak_op[]){__VA_ARGS__}) / sizeof(struct soak_op)                 \
    }

#define PROGRAM(name, n, ...)                                                                      \
    static const struct soak_program name = {.threads = n, .thread = {__VA_ARGS__}}

PROGRAM(store_buffering, 2, THREAD(STORE(0, 1, RLX), LOAD(1, 0, RLX)),
        THREAD(STORE(1, 1, REL), LOAD(0, 0, ACQ)));
PROGRAM(store_buffering_seq, 2, THREAD(STORE(0, 1, SEQ), LOAD(1, 0, SEQ)),
        THREAD(STORE(1, 1, SEQ), LOAD(0, 0, SEQ)));
PROGRAM(store_buffering_half, 2, THREAD(STORE(0, 1, SEQ), LOAD(1, 0, SEQ)),
        THREAD(STORE(1, 1, REL), LOAD(0, 0, SEQ)));
PROGRAM(store_buffering_fences, 2, THREAD(STORE(0, 1, RLX), FENCE(SEQ), LOAD(1, 0, RLX)),
        THREAD(STORE(1, 1, RLX), FENCE(SEQ), LOAD(0, 0, RLX)));
PROGRAM(store_buffering_weak_fences, 2, THREAD(STORE(0, 1, RLX), FENCE(REL), LOAD(1, 0, RLX)),
        THREAD(STORE(1, 1, RLX), FENCE(ACQ), LOAD(0, 0, RLX)));
PROGRAM(store_buffering_calls, 2, THREAD(STORE(0, 1, RLX), {.code = SOAK_YIELD}, LOAD(1, 0, RLX)),
        THREAD(STORE(1, 1, RLX), {.code = SOAK_YIELD}, LOAD(0, 0, RLX)));
PROGRAM(message_passing, 2, THREAD(STORE(0, 1, RLX), STORE(1, 1, RLX)),
        THREAD(LOAD(1, 0, RLX), LOAD(0, 1, RLX)));
PROGRAM(load_buffering, 2, THREAD(LOAD(0, 0, RLX), STORE(1, 1, RLX)),
        THREAD(LOAD(1, 0, RLX), STORE(0, 1, RLX)));
PROGRAM(independent_reads, 4, THREAD(STORE(0, 1, RLX)), THREAD(STORE(1, 1, RLX)),
        THREAD(LOAD(0, 0, RLX), LOAD(1, 1, RLX)), THREAD(LOAD(1, 0, RLX), LOAD(0, 1, RLX)));
PROGRAM(own_buffer, 2, THREAD(STORE(0, 1, RLX), LOAD(0, 0, RLX), LOAD(1, 1, RLX)),
        THREAD(STORE(1, 1, RLX), LOAD(1, 0, RLX), LOAD(0, 1, RLX)));

static struct soak_truth truth_of(const struct soak_program *program,
                                  const struct soak_model *model) {
    struct soak_truth truth;
    soak_interpret(program, model, &truth);
    cr_assert(truth.complete);
    return truth;
}

static size_t outcomes(const struct soak_program *program, enum soak_memory memory) {
    const struct soak_model model = {.memory = memory};
    struct soak_truth truth = truth_of(program, &model);
    size_t count = truth.outcome_count;
    cr_assert(eq(uint, truth.failures, 0));
    soak_truth_free(&truth);
    return count;
}

/* x86-TSO: Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, CACM 2010. */
Test(soak, litmus_tests_have_the_outcomes_that_the_processor_has) {
    static const struct {
        const struct soak_program *program;
        size_t sc, tso;
    } rows[] = {{&store_buffering, 3, 4},
                {&store_buffering_seq, 3, 3},
                {&store_buffering_half, 3, 4},
                {&store_buffering_fences, 3, 3},
                {&store_buffering_weak_fences, 3, 4},
                {&store_buffering_calls, 3, 4},
                {&message_passing, 3, 3},
                {&load_buffering, 3, 3},
                {&independent_reads, 15, 15},
                {&own_buffer, 3, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(eq(sz, outcomes(rows[i].program, SOAK_SC), rows[i].sc), "row %zu, SC", i);
        cr_expect(eq(sz, outcomes(rows[i].program, SOAK_TSO), rows[i].tso), "row %zu, TSO", i);
    }
}

static unsigned failures(const struct soak_program *program, const struct soak_model *model) {
    struct soak_truth truth = truth_of(program, model);
    unsigned bits = truth.failures;
    soak_truth_free(&truth);
    return bits;
}

/* Under both memory models alike. */
static unsigned fails(const struct soak_program *program) {
    const struct soak_model sc = {.memory = SOAK_SC, .spurious = 1},
                            tso = {.memory = SOAK_TSO, .spurious = 1};
    unsigned bits = failures(program, &sc);
    cr_expect(eq(uint, failures(program, &tso), bits));
    return bits;
}

#define FLAG(store, load)                                                                          \
    PROGRAM(flag_##store##_##load, 2, THREAD(WRITE(0, 1), STORE(0, 1, store)),                     \
            THREAD(LOAD(0, 0, load), IF(0, 1, 1), READ(0, 1)))
FLAG(REL, ACQ);
FLAG(SEQ, SEQ);
FLAG(RLX, ACQ);
FLAG(REL, RLX);
PROGRAM(fences, 2, THREAD(WRITE(0, 1), FENCE(REL), STORE(0, 1, RLX)),
        THREAD(LOAD(0, 0, RLX), FENCE(ACQ), IF(0, 1, 1), READ(0, 1)));
PROGRAM(continued, 3, THREAD(WRITE(0, 1), STORE(0, 1, REL)),
        THREAD({.code = SOAK_ADD, .value = 1, RLX}),
        THREAD(LOAD(0, 0, ACQ), IF(0, 2, 1), READ(0, 1)));
PROGRAM(relaxed_after, 2, THREAD(WRITE(0, 1), STORE(0, 1, REL), STORE(0, 2, RLX)),
        THREAD(LOAD(0, 0, ACQ), IF(0, 2, 1), READ(0, 1)));
PROGRAM(written_again, 2, THREAD(WRITE(0, 1), STORE(0, 1, REL), WRITE(0, 2)),
        THREAD(LOAD(0, 0, ACQ), IF(0, 1, 1), READ(0, 1)));
PROGRAM(two_readers, 2, THREAD(READ(0, 0)), THREAD(READ(0, 0)));

Test(soak, happens_before_is_that_of_c11) {
    cr_expect(eq(uint, fails(&flag_REL_ACQ), 0));
    cr_expect(eq(uint, fails(&flag_SEQ_SEQ), 0));
    cr_expect(eq(uint, fails(&flag_RLX_ACQ), SOAK_RACES));
    cr_expect(eq(uint, fails(&flag_REL_RLX), SOAK_RACES));
    cr_expect(eq(uint, fails(&fences), 0));
    cr_expect(eq(uint, fails(&written_again), SOAK_RACES));
    cr_expect(eq(uint, fails(&two_readers), 0));
}

Test(soak, release_sequences_are_as_long_as_the_standard_has_them) {
    const struct soak_model c17 = {.long_sequences = true};
    cr_expect(eq(uint, fails(&continued), 0));
    cr_expect(eq(uint, fails(&relaxed_after), SOAK_RACES));
    cr_expect(eq(uint, failures(&relaxed_after, &c17), 0));
}

PROGRAM(opposite_locks, 2, THREAD(LOCK(0, 1), LOCK(1, 0)), THREAD(LOCK(1, 1), LOCK(0, 0)));
PROGRAM(same_locks, 2, THREAD(LOCK(0, 2), LOCK(1, 1), WRITE(0, 1)),
        THREAD(LOCK(0, 2), LOCK(1, 1), WRITE(0, 2)));
PROGRAM(recursive, 1, THREAD(LOCK(SOAK_MUTEXES, 1), LOCK(SOAK_MUTEXES, 0)));
PROGRAM(itself, 1, THREAD(LOCK(0, 1), LOCK(0, 0)));
PROGRAM(bare_wait, 2, THREAD(LOCK(0, 1), {.code = SOAK_WAIT}),
        THREAD(LOCK(0, 1), {.code = SOAK_SIGNAL}));
PROGRAM(right_wait, 2, THREAD(LOCK(0, 1), {.code = SOAK_WAIT_FOR, .value = 1}),
        THREAD(LOCK(0, 2), WRITE(0, 1), {.code = SOAK_SIGNAL}));
PROGRAM(in_vain, 1, THREAD({.code = SOAK_AWAIT, .value = 1}));
PROGRAM(in_the_end, 2, THREAD({.code = SOAK_AWAIT, .value = 1}), THREAD(STORE(0, 1, RLX)));
PROGRAM(both_ways, 2, THREAD({.code = SOAK_AWAIT, .value = 1}), THREAD({.code = SOAK_SEM_WAIT}));
PROGRAM(locked_in_vain, 2, THREAD({.code = SOAK_AWAIT_LOCKED, .value = 1}),
        THREAD({.code = SOAK_AWAIT_LOCKED, .value = 1}));
PROGRAM(locked_in_the_end, 2, THREAD({.code = SOAK_AWAIT_LOCKED, .value = 1}),
        THREAD(LOCK(0, 1), WRITE(0, 1)));

Test(soak, who_waits_for_ever_is_told_from_who_waits) {
    cr_expect(eq(uint, fails(&opposite_locks), SOAK_DEADLOCKS));
    cr_expect(eq(uint, fails(&same_locks), 0));
    cr_expect(eq(uint, fails(&recursive), 0));
    cr_expect(eq(uint, fails(&itself), SOAK_DEADLOCKS));
    cr_expect(eq(uint, fails(&bare_wait), SOAK_DEADLOCKS));
    cr_expect(eq(uint, fails(&right_wait), 0));
    cr_expect(eq(uint, fails(&in_vain), SOAK_LIVELOCKS));
    cr_expect(eq(uint, fails(&in_the_end), 0));
    cr_expect(eq(uint, fails(&both_ways), SOAK_MIXED));
    cr_expect(eq(uint, fails(&locked_in_vain), SOAK_LIVELOCKS));
    cr_expect(eq(uint, fails(&locked_in_the_end), 0));
}

PROGRAM(timed, 2, THREAD({.code = SOAK_SEM_TIMEDWAIT, .value = 1}),
        THREAD({.code = SOAK_SEM_POST}));
PROGRAM(timed_alone, 1, THREAD({.code = SOAK_SEM_TIMEDWAIT, .value = 1}));
PROGRAM(too_late, 2, THREAD({.code = SOAK_SEM_TIMEDWAIT, .value = 1}),
        THREAD({.code = SOAK_SLEEP, .value = 2}, {.code = SOAK_SEM_POST}));
PROGRAM(over_for_sure, 2,
        THREAD({.code = SOAK_SLEEP, .value = 2}, {.code = SOAK_SEM_TIMEDWAIT, .value = 1}),
        THREAD({.code = SOAK_SEM_POST}));
PROGRAM(elapsed, 1, THREAD({.code = SOAK_SLEEP, .value = 2}, {.code = SOAK_LOOK, .value = 2}));
PROGRAM(late, 1, THREAD({.code = SOAK_LOOK, .value = 2}));

static size_t outcomes_within(const struct soak_program *program, int timeouts, int lates) {
    const struct soak_model model = {.timeouts = timeouts, .late = lates, .looks = 2};
    struct soak_truth truth = truth_of(program, &model);
    size_t count = truth.outcome_count;
    soak_truth_free(&truth);
    return count;
}

Test(soak, time_outs_and_looks_at_the_clock_keep_within_their_bounds) {
    cr_expect(eq(sz, outcomes_within(&timed, 0, 0), 1));
    cr_expect(eq(sz, outcomes_within(&timed, 1, 0), 2));
    cr_expect(eq(sz, outcomes_within(&timed_alone, 0, 0), 1));
    cr_expect(eq(sz, outcomes_within(&too_late, 1, 0), 2));
    cr_expect(eq(sz, outcomes_within(&over_for_sure, 0, 0), 2));
    cr_expect(eq(sz, outcomes_within(&elapsed, 0, 1), 1));
    cr_expect(eq(sz, outcomes_within(&late, 0, 0), 1));
    cr_expect(eq(sz, outcomes_within(&late, 0, 1), 2));
}

Test(soak, a_program_comes_from_its_seed_alone) {
    static struct soak_program one, two;
    int differ = 0;
    for (uint64_t seed = 1; seed < 50; seed++) {
        soak_generate(&one, seed, (1U << SOAK_GROUPS) - 1);
        soak_generate(&two, seed, (1U << SOAK_GROUPS) - 1);
        cr_assert(memcmp(&one, &two, sizeof one) == 0);
        soak_generate(&two, seed + 1, (1U << SOAK_GROUPS) - 1);
        differ += memcmp(one.thread, two.thread, sizeof one.thread) != 0;
    }
    cr_expect(eq(int, differ, 49));
}

/* What a processor with store buffers does, it may also do without them. */
static void expect_more_under_tso(uint64_t seed) {
    const struct soak_model sc = {.spurious = 1, .weak = 1},
                            tso = {SOAK_TSO, .spurious = 1, .weak = 1};
    const unsigned untimed = ((1U << SOAK_GROUPS) - 1) & ~(1U << SOAK_GROUP_TIME);
    struct soak_program program;
    struct soak_truth less, more;
    soak_generate(&program, seed, untimed);
    soak_interpret(&program, &sc, &less);
    soak_interpret(&program, &tso, &more);
    cr_expect(eq(uint, less.failures & ~more.failures, 0), "seed %d", (int)seed);
    for (size_t i = 0; i < less.outcome_count && more.complete; i++)
        cr_expect(soak_truth_has(&more, less.outcomes[i]), "seed %d", (int)seed);
    soak_truth_free(&less);
    soak_truth_free(&more);
}

Test(soak, buffers_add_outcomes_and_take_none_away) {
    for (uint64_t seed = 1; seed <= 200; seed++)
        expect_more_under_tso(seed);
}

static bool can_deadlock(void *data, const struct soak_program *program) {
    (void)data;
    return (failures(program, &(struct soak_model){0}) & SOAK_DEADLOCKS) != 0;
}

PROGRAM(large, 3, THREAD(WRITE(0, 1), LOCK(0, 2), LOCK(1, 1), WRITE(1, 1)),
        THREAD(LOCK(1, 2), READ(1, 0), LOCK(0, 0), READ(0, 1)), THREAD(LOCK(0, 1), READ(1, 0)));

Test(soak, what_is_not_needed_is_dropped) {
    struct soak_program program = large;
    soak_shrink(&program, can_deadlock, NULL);
    cr_expect(eq(int, program.threads, 2));
    cr_expect(eq(int, program.thread[0].length, 2));
    cr_expect(eq(int, program.thread[1].length, 2));
    cr_expect(eq(u8, program.thread[0].op[0].length, 1));
}

Test(soak, explore_and_the_interpreter_agree) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    struct soak_workshop workshop = {.hazard = hazard_path(owner),
                                     .folder = folder,
                                     .flags = "",
                                     .outcomes = 1,
                                     .executions = 300};
    const struct soak_job job = {
        .seed = 1, .count = 40, .step = 1, .groups = (1U << SOAK_GROUPS) - 1, .kept = folder};
    struct soak_tally tally = {0};
    soak_run(&workshop, &job, &tally);
    cr_expect(eq(long, tally.differences, 0));
    cr_expect(gt(long, tally.questions, 40));
    scratch_remove(folder);
    talloc_free(owner);
}
