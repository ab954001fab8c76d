/* SPDX-License-Identifier: MIT */
/* The strategies without reduction, on synthetic programs: what they visit, and what they find. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/search/synthetic.h"

static struct program program;
static struct counts counts;

static void teardown(void) {
    counts_free(&counts);
}

TestSuite(search, .fini = teardown);

static void explore(const struct strategy *strategy, struct search_config config,
                    struct run_options options) {
    counts_free(&counts);
    run(&program, strategy, &config, &options, &counts);
}

static void add_all(int thread, enum code code, int times) {
    for (int i = 0; i < times; i++)
        program_add(&program, thread, code, 0, 0, 0);
}

/* Threads of so many steps that touch nothing. */
static void build_steps(int a, int b, int c) {
    program_init(&program, c ? 3 : b ? 2 : 1);
    add_all(0, SYN_NOTHING, a);
    if (b)
        add_all(1, SYN_NOTHING, b);
    if (c)
        add_all(2, SYN_NOTHING, c);
}

/* Two threads spin, at most 1000 times, until thread 2 has raised the flag. */
static void build_spin(void) {
    program_init(&program, 3);
    for (int t = 0; t < 2; t++) {
        program_add(&program, t, SYN_SET, 0, 2, 1000);
        program_add(&program, t, SYN_LOAD, 0, 1, 0);
        program_add(&program, t, SYN_SKIP_IF, 2, 1, 1);
        program_add(&program, t, SYN_YIELD, 0, 0, 0);
        program_add(&program, t, SYN_LOOP, 3, 2, 0);
    }
    add_all(2, SYN_NOTHING, 20);
    program_add(&program, 2, SYN_STORE, 0, 0, 1);
}

/* Thread 0 relies on a sleep: thread 1 needs more steps than that, and then the assertion fails. */
static void build_sleep(void) {
    program_init(&program, 2);
    program_add(&program, 0, SYN_YIELD, 0, 0, 0);
    program_add(&program, 0, SYN_LOAD, 0, 1, 0);
    program_add(&program, 0, SYN_ASSERT, 0, 1, 1);
    add_all(1, SYN_NOTHING, 20);
    program_add(&program, 1, SYN_STORE, 0, 0, 1);
}

/* Thread 0 takes the mutex and signals whoever waits of 1 and 2, who note who came first. */
static void build_waiters(void) {
    program_init(&program, 3);
    for (int t = 1; t < 3; t++) {
        program_add(&program, t, SYN_LOCK, 0, 0, 0);
        program_add(&program, t, SYN_COND_WAIT, 1, 0, 0);
        program_add(&program, t, SYN_STORE, 0, 0, t);
        program_add(&program, t, SYN_UNLOCK, 0, 0, 0);
    }
    program_add(&program, 0, SYN_LOCK, 0, 0, 0);
    program_add(&program, 0, SYN_SIGNAL, 1, 0, 0);
    program_add(&program, 0, SYN_UNLOCK, 0, 0, 0);
}

static void build_abba(void) {
    program_abba(&program);
}

static void build_lost_update(void) {
    program_lost_update(&program);
}

static void build_reorder(void) {
    program_reorder(&program, 2, true);
}

static void build_mutex(void) {
    program_mutex(&program, 2, 2);
}

enum which { SPIN, SLEEP, WAITERS, ABBA, LOST_UPDATE, REORDER, MUTEX, WHICH_COUNT };
static const struct {
    const char *name;
    void (*build)(void);
} programs[] = {
    [SPIN] = {"spin", build_spin},          [SLEEP] = {"sleep", build_sleep},
    [WAITERS] = {"waiters", build_waiters}, [ABBA] = {"AB-BA", build_abba},
    [REORDER] = {"reorder", build_reorder}, [LOST_UPDATE] = {"lost update", build_lost_update},
    [MUTEX] = {"mutex", build_mutex},
};

/* --- depth first ------------------------------------------------------------------------------ */

/* Independent steps: the multinomial (a+b+c)! / a! b! c!. */
Test(search, dfs_takes_every_interleaving) {
    static const struct {
        int a, b, c, interleavings;
    } rows[] = {
        {1, 0, 0, 1},   {5, 0, 0, 1}, {1, 1, 0, 2},  {2, 2, 0, 6},    {4, 4, 0, 70},
        {6, 6, 0, 924}, {1, 1, 1, 6}, {2, 2, 2, 90}, {3, 3, 3, 1680}, {1, 2, 3, 60},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        build_steps(rows[i].a, rows[i].b, rows[i].c);
        explore(&dfs_strategy, (struct search_config){0}, (struct run_options){0});
        cr_expect(eq(int, (int)counts.complete, rows[i].interleavings), "%d x %d x %d", rows[i].a,
                  rows[i].b, rows[i].c);
    }
}

/* The oracle is the enumeration of synthetic.c, which shares nothing with the strategies. */
Test(search, dfs_sees_all_there_is) {
    static const enum which rows[] = {WAITERS, ABBA, LOST_UPDATE, REORDER, MUTEX};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct counts all;
        programs[rows[i]].build();
        enumerate(&program, &all);
        explore(&dfs_strategy, (struct search_config){0}, (struct run_options){.traces = true});
        cr_expect(same_hashes(&all.states, &counts.states), "states of %s", programs[rows[i]].name);
        cr_expect(same_hashes(&all.traces, &counts.traces), "traces of %s", programs[rows[i]].name);
        cr_expect(eq(int, (int)counts.diverged, 0), "%s", programs[rows[i]].name);
        counts_free(&all);
    }
}

Test(search, dfs_takes_every_alternative) {
    build_waiters();
    program.spurious = 1;
    explore(&dfs_strategy, (struct search_config){0}, (struct run_options){.traces = true});
    struct counts all;
    enumerate(&program, &all);
    cr_expect(same_hashes(&all.states, &counts.states));
    cr_expect(same_hashes(&all.traces, &counts.traces));
    counts_free(&all);
}

/* A worker that vanishes, and an execution that is to be made again, change no count. */
Test(search, systematic_search_survives_abandoned_executions) {
    static const struct strategy *const rows[] = {&dfs_strategy, &bound_strategy};
    for (size_t i = 0; i < 2; i++) {
        build_lost_update();
        explore(rows[i], (struct search_config){0}, (struct run_options){0});
        int64_t complete = counts.complete, found = counts.found;
        explore(rows[i], (struct search_config){0}, (struct run_options){.abandon = 3});
        cr_expect(eq(i64, counts.complete, complete), "%s", rows[i]->name);
        cr_expect(eq(i64, counts.found, found), "%s", rows[i]->name);
    }
}

/* --- bounded ---------------------------------------------------------------------------------- */

/* Of the C(2m, m) interleavings of two threads of m steps, 2 C(m-1, (r+1)/2 - 1) C(m-1, r/2 - 1)
 * have r runs, and r runs take r-2 preemptions: the last switch away from each thread is none. */
Test(search, bound_counts_preemptions) {
    static const struct {
        int steps, bound, schedules;
    } rows[] = {
        {3, -1, 2}, {3, 1, 6},  {3, 2, 14}, {3, 3, 18}, {3, 4, 20},  {3, 9, 20}, {3, 0, 14}, /* 2 */
        {5, -1, 2}, {5, 1, 10}, {5, 2, 42}, {5, 3, 90}, {5, 9, 252},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        build_steps(rows[i].steps, rows[i].steps, 0);
        explore(&bound_strategy, (struct search_config){.bound = rows[i].bound},
                (struct run_options){0});
        cr_expect(eq(int, (int)counts.complete, rows[i].schedules), "2 x %d, bound %d",
                  rows[i].steps, rows[i].bound);
    }
}

Test(search, bound_finds_what_takes_so_many_preemptions) {
    static const struct {
        enum which which;
        int bound;
        bool fails;
    } rows[] = {
        {ABBA, -1, false},  {ABBA, 1, true},  {LOST_UPDATE, -1, false}, {LOST_UPDATE, 1, true},
        {SLEEP, -1, false}, {SLEEP, 1, true}, {SPIN, 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        programs[rows[i].which].build();
        explore(&bound_strategy, (struct search_config){.bound = rows[i].bound},
                (struct run_options){.steps = 500, .limit = 20000});
        cr_expect(counts.executions < 20000, "%s does not end", programs[rows[i].which].name);
        cr_expect(eq(int, counts.found + counts.deadlocks > 0, rows[i].fails), "%s, bound %d",
                  programs[rows[i].which].name, rows[i].bound);
        cr_expect(eq(int, (int)counts.cut, 0), "%s", programs[rows[i].which].name);
    }
}

/* --- sampling --------------------------------------------------------------------------------- */

static const struct strategy *const sampling[] = {&random_strategy, &pct_strategy, &pos_strategy};
enum { SAMPLING_COUNT = 3, SEQUENCE = 50 };

/* The schedules of a run, one hash each. */
struct sequence {
    uint64_t hashes[SEQUENCE];
    int count;
};

static void note_schedule(void *data, const struct counts *so_far, enum ending ending) {
    struct sequence *sequence = data;
    uint64_t hash = 0;
    if (ending == END_ABANDONED || sequence->count == SEQUENCE)
        return;
    for (int i = 0; i < 2 * so_far->schedule_length; i++)
        hash = (hash ^ so_far->schedule[i]) * UINT64_C(0x100000001b3) + 1;
    sequence->hashes[sequence->count++] = hash;
}

static struct sequence sequence_of(const struct strategy *strategy, uint64_t seed, int abandon) {
    struct sequence sequence = {.count = 0};
    struct run_options options = {.after = note_schedule, .data = &sequence, .abandon = abandon};
    explore(strategy, (struct search_config){.seed = seed, .executions = SEQUENCE}, options);
    return sequence;
}

Test(search, a_seed_means_one_sequence_of_schedules) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        program_reorder(&program, 3, false);
        struct sequence first = sequence_of(sampling[i], 7, 0);
        struct sequence again = sequence_of(sampling[i], 7, 0);
        struct sequence shaken = sequence_of(sampling[i], 7, 3);
        struct sequence other = sequence_of(sampling[i], 8, 0);
        const char *name = sampling[i]->name;
        cr_expect(eq(int, first.count, SEQUENCE), "%s", name);
        cr_expect(memcmp(&first, &again, sizeof first) == 0, "%s", name);
        cr_expect(memcmp(&first, &shaken, sizeof first) == 0, "%s: abandoned executions", name);
        cr_expect(memcmp(&first, &other, sizeof first) != 0, "%s: another seed", name);
    }
}

Test(search, sampling_makes_as_many_executions_as_asked) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        build_mutex();
        explore(sampling[i], (struct search_config){.executions = 17}, (struct run_options){0});
        cr_expect(eq(int, (int)counts.complete, 17), "%s", sampling[i]->name);
    }
}

/* Everything that a small program can do comes up: no strategy has a blind spot (PCT: at that
 * depth). */
Test(search, sampling_reaches_every_trace) {
    static const enum which rows[] = {WAITERS, ABBA, LOST_UPDATE, REORDER, MUTEX};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct counts all;
        programs[rows[i]].build();
        enumerate(&program, &all);
        for (int j = 0; j < SAMPLING_COUNT; j++) {
            explore(sampling[j], (struct search_config){.executions = 5000, .bound = 8},
                    (struct run_options){.traces = true});
            cr_expect(same_hashes(&all.traces, &counts.traces), "%s: %s", sampling[j]->name,
                      programs[rows[i]].name);
        }
        counts_free(&all);
    }
}

/* A spin loop ends soon, as others go first: 23 steps are needed without it. */
Test(search, sampling_lets_those_wait_who_yield) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        build_spin();
        explore(sampling[i], (struct search_config){.executions = 200},
                (struct run_options){.steps = 500});
        cr_expect(eq(int, (int)counts.cut, 0), "%s", sampling[i]->name);
        cr_expect(counts.steps < counts.executions * 60, "%s: %d steps an execution",
                  sampling[i]->name, (int)(counts.steps / counts.executions));
    }
}

/* Yet a sleep orders nothing. Only first executions, which know nothing of the program. */
Test(search, sampling_lets_a_sleep_end_first) {
    for (int i = 0; i < SAMPLING_COUNT; i++) {
        int found = 0, complete = 0;
        build_sleep();
        for (uint64_t seed = 0; seed < 100; seed++) {
            explore(sampling[i], (struct search_config){.seed = seed, .executions = 1},
                    (struct run_options){0});
            found += (int)counts.found;
            complete += (int)counts.complete;
        }
        cr_expect(found > 0, "%s: never", sampling[i]->name);
        cr_expect(found < complete, "%s: always", sampling[i]->name);
    }
}

/* One addition against five: that it comes last takes five lost tosses, 1 of 32, where a priority
 * drawn once would lose to the highest of five, 1 of 6. First executions, as above. */
Test(search, pos_tosses_again_after_each_conflict) {
    int last = 0;
    program_init(&program, 2);
    program_add(&program, 0, SYN_ADD, 0, 1, 1);
    program_add(&program, 0, SYN_SKIP_IF, 1, 1, 5);
    program_add(&program, 0, SYN_SKIP, 1, 0, 0);
    program_add(&program, 0, SYN_ASSERT, 0, 1, 0);
    for (int i = 0; i < 5; i++)
        program_add(&program, 1, SYN_ADD, 0, 1, 1);
    for (uint64_t seed = 0; seed < 3200; seed++) {
        explore(&pos_strategy, (struct search_config){.seed = seed, .executions = 1},
                (struct run_options){0});
        last += (int)counts.found;
    }
    cr_expect(70 < last && last < 130, "%d of 3200 came last", last);
}

/* A bug of depth d is found with a probability of at least 1 / (n k^(d-1)); none below its depth.
 * */
Test(search, pct_keeps_its_promise) {
    enum { EXECUTIONS = 20000 };
    static const struct {
        enum which which;
        int depth;
        int at_least; /* EXECUTIONS / (n k^(d-1)) */
    } rows[] = {
        {ABBA, 1, 0},
        {ABBA, 2, EXECUTIONS / (2 * 8)},
        {SLEEP, 1, 0},
        {LOST_UPDATE, 2, EXECUTIONS / (3 * 8)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        programs[rows[i].which].build();
        explore(&pct_strategy,
                (struct search_config){.bound = rows[i].depth, .executions = EXECUTIONS},
                (struct run_options){0});
        int found = (int)(counts.found + counts.deadlocks);
        const char *name = programs[rows[i].which].name;
        cr_expect(found >= rows[i].at_least, "%s, d = %d: %d found", name, rows[i].depth, found);
        cr_expect(eq(int, found > 0, rows[i].at_least > 0), "%s, d = %d", name, rows[i].depth);
    }
}

/* N threads set two flags in order; one checks them. Seeds 0 to 19: the worst of them counts. */
Test(search, pos_forces_the_one_read_among_many_writes) {
    static const struct {
        int setters;
        bool checker_first;
        int seeds, at_most;
    } rows[] = {{10, false, 20, 36}, {10, true, 20, 36}, {100, false, 5, 36}, {100, true, 5, 36}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_reorder(&program, rows[i].setters, rows[i].checker_first);
        for (int seed = 0; seed < rows[i].seeds; seed++) {
            explore(&pos_strategy,
                    (struct search_config){.seed = (uint64_t)seed, .executions = rows[i].at_most},
                    (struct run_options){.stop = true});
            cr_expect(counts.first_found > 0, "%d setters, checker %s, seed %d: not in %d",
                      rows[i].setters, rows[i].checker_first ? "first" : "last", seed,
                      rows[i].at_most);
        }
    }
}

/* --- replay ----------------------------------------------------------------------------------- */

struct kept {
    uint8_t schedule[512];
    int length;
};

static struct kept keep(void) {
    struct kept kept = {.length = counts.schedule_length};
    cr_assert(2 * (size_t)kept.length <= sizeof kept.schedule);
    memcpy(kept.schedule, counts.schedule, 2 * (size_t)kept.length);
    return kept;
}

static void replay(const struct kept *kept, int64_t executions) {
    struct search_config config = {
        .schedule = kept->schedule, .schedule_length = kept->length, .executions = executions};
    explore(&replay_strategy, config, (struct run_options){.traces = true});
}

static bool replayed(const struct kept *kept) {
    return kept->length == counts.schedule_length &&
           memcmp(kept->schedule, counts.schedule, 2 * (size_t)kept->length) == 0;
}

Test(search, replay_repeats_a_schedule) {
    for (int which = WAITERS; which < WHICH_COUNT; which++) {
        for (uint64_t seed = 0; seed < 10; seed++) {
            programs[which].build();
            explore(&random_strategy, (struct search_config){.seed = seed, .executions = 1},
                    (struct run_options){0});
            int64_t found = counts.found, deadlocks = counts.deadlocks;
            struct kept kept = keep();
            replay(&kept, 100);
            cr_expect(replayed(&kept), "%s", programs[which].name);
            cr_expect(eq(i64, counts.executions, 100), "%s", programs[which].name);
            cr_expect(eq(i64, counts.found, 100 * found), "%s", programs[which].name);
            cr_expect(eq(i64, counts.deadlocks, 100 * deadlocks), "%s", programs[which].name);
            cr_expect(eq(int, (int)counts.states.count, 1), "%s", programs[which].name);
        }
    }
}

/* Behind the end of the schedule the one who moves goes on, then the lowest. */
Test(search, replay_goes_on_without_preemption) {
    struct kept half = {.schedule = {1, 0, 2, 0}, .length = 2};
    struct kept whole = {.schedule = {1, 0, 2, 0, 2, 0, 0, 0, 0, 0, 1, 0}, .length = 6};
    build_steps(2, 2, 2);
    replay(&half, 0);
    cr_expect(eq(i64, counts.executions, 1));
    cr_expect(replayed(&whole));
}

Test(search, replay_notices_another_program) {
    static const struct {
        const char *name;
        struct kept kept;
    } rows[] = {
        {"an actor that has ended", {{0, 0, 0, 0, 0, 0}, 3}},
        {"an actor that never was", {{9, 0}, 1}},
        {"an alternative that nobody asked for", {{0, 1, 0, 0}, 2}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        build_steps(2, 2, 0);
        replay(&rows[i].kept, 0);
        cr_expect(eq(i64, counts.diverged, 1), "%s", rows[i].name);
    }
}
