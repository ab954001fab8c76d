/* SPDX-License-Identifier: MIT */
/* What follows a failure: a schedule with few context switches, and its critical step. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "tests/search/synthetic.h"

TestSuite(search_failure);

static struct program program;

struct kept {
    uint8_t schedule[4096];
    int length; /* steps; 0: none */
};

/*
 * The interpreter takes a deadlock for the end of a program. Here it is a failure, so the strategy
 * is driven through this one, which also fetches its answer when it is over.
 */
static struct {
    const struct strategy *inner;
    void *search;
    int found;
    int executions;
    uint64_t schedules; /* a hash of all that were executed */
    struct kept best;
    int critical;
} watch;

static void *watch_create(struct arena *shared, const struct search_config *config) {
    return watch.search = watch.inner->create(shared, config);
}

static enum begin watch_begin(void *worker) {
    enum begin begin = watch.inner->begin(worker);
    const uint8_t *pairs;
    if (begin != BEGIN_OVER)
        return begin;
    if (watch.inner == &minimise_strategy) {
        watch.best.length = minimise_best(watch.search, &pairs);
        memcpy(watch.best.schedule, pairs, 2 * (size_t)watch.best.length);
    } else if (watch.inner == &critical_strategy) {
        watch.critical = critical_step(watch.search);
    }
    return begin;
}

static bool deadlocked(const struct view *view) {
    bool alive = false;
    for (int actor = 0; actor < view->count; actor++)
        alive |= view->actors[actor].alive;
    return alive && view->enabled == 0;
}

static void watch_end(void *worker, const struct view *view, enum ending ending) {
    if (ending == END_COMPLETE && deadlocked(view))
        ending = END_FOUND;
    watch.found += ending == END_FOUND;
    watch.inner->end(worker, view, ending);
}

static void watched(const struct strategy *strategy, const struct search_config *config,
                    const struct run_options *options) {
    struct strategy outer = *strategy;
    struct counts counts;
    watch.inner = strategy;
    watch.found = 0;
    watch.schedules = 0;
    watch.best.length = 0;
    outer.create = watch_create;
    outer.begin = watch_begin;
    outer.end = watch_end;
    run(&program, &outer, config, options, &counts);
    cr_assert(eq(int, (int)counts.diverged, 0), "%s", strategy->name);
    watch.executions = (int)counts.executions;
    counts_free(&counts);
}

static int switches(const uint8_t *schedule, int length) {
    int count = 0;
    for (int i = 1; i < length; i++)
        count += schedule[2 * i] != schedule[2 * i - 2];
    return count;
}

/* Of the failing executions of a run: the first one's schedule and the fewest switches. */
struct failures {
    struct kept first;
    int fewest;
    int seen; /* of watch.found */
};

static void note_failure(void *data, const struct counts *counts, enum ending ending) {
    struct failures *failures = data;
    if (watch.found == failures->seen || ending == END_ABANDONED)
        return;
    int its = switches(counts->schedule, counts->schedule_length);
    if (failures->seen == 0 || its < failures->fewest)
        failures->fewest = its;
    if (failures->seen == 0) {
        failures->first.length = counts->schedule_length;
        cr_assert(2 * (size_t)counts->schedule_length <= sizeof failures->first.schedule);
        memcpy(failures->first.schedule, counts->schedule, 2 * (size_t)counts->schedule_length);
    }
    failures->seen = watch.found;
}

static struct failures failures_of(const struct strategy *strategy,
                                   const struct search_config *config) {
    struct failures failures = {.fewest = -1};
    watched(strategy, config, &(struct run_options){.after = note_failure, .data = &failures});
    return failures;
}

/* A failing schedule full of needless switches. */
static struct kept failing_at_random(uint64_t seed, int64_t executions) {
    struct search_config config = {.seed = seed, .executions = executions};
    struct failures failures = failures_of(&random_strategy, &config);
    cr_assert(failures.first.length > 0, "seed %d does not fail", (int)seed);
    return failures.first;
}

static struct search_config config_of(const struct kept *kept, int64_t executions) {
    return (struct search_config){
        .schedule = kept->schedule, .schedule_length = kept->length, .executions = executions};
}

static void note_schedule(void *data, const struct counts *counts, enum ending ending) {
    (void)data;
    if (ending == END_ABANDONED)
        return;
    for (int i = 0; i < 2 * counts->schedule_length; i++)
        watch.schedules = (watch.schedules ^ counts->schedule[i]) * UINT64_C(0x100000001b3) + 1;
}

static struct kept minimised(const struct kept *kept, int64_t tries, int abandon) {
    struct search_config config = config_of(kept, tries);
    watched(&minimise_strategy, &config,
            &(struct run_options){.abandon = abandon, .after = note_schedule});
    return watch.best;
}

static bool fails(const struct kept *kept) {
    struct search_config config = config_of(kept, 1);
    watched(&replay_strategy, &config, &(struct run_options){0});
    return watch.found == 1;
}

/* --- programs --------------------------------------------------------------------------------- */

static void add_noise(int thread, int times) {
    for (int i = 0; i < times; i++)
        program_add(&program, thread, SYN_NOTHING, 0, 0, 0);
}

/* Each lock after some steps of its own, and two threads that have nothing to do with it. */
static void build_noisy_abba(void) {
    program_init(&program, 4);
    for (int t = 0; t < 2; t++) {
        for (int i = 0; i < 2; i++) {
            add_noise(t, 4);
            program_add(&program, t, SYN_LOCK, i == 0 ? t : 1 - t, 0, 0);
        }
        program_add(&program, t, SYN_UNLOCK, 1 - t, 0, 0);
        program_add(&program, t, SYN_UNLOCK, t, 0, 0);
        add_noise(2 + t, 8);
    }
}

static void build_abba(void) {
    program_abba(&program);
}

static void build_lost_update(void) {
    program_lost_update(&program);
}

static void build_reorder(void) {
    program_reorder(&program, 3, true);
}

/* Wrong if waiter 2 is woken before 1 though it came later: takes alternative 1 of the signal. */
static void build_waiters(void) {
    program_init(&program, 3);
    for (int t = 1; t < 3; t++) {
        program_add(&program, t, SYN_LOCK, 0, 0, 0);
        program_add(&program, t, SYN_COND_WAIT, 1, 0, 0);
        program_add(&program, t, SYN_ADD, 0, 1, 1);
        program_add(&program, t, SYN_ASSERT, 0, 1, t - 1);
        program_add(&program, t, SYN_UNLOCK, 0, 0, 0);
    }
    program_add(&program, 0, SYN_SIGNAL, 1, 0, 0);
    program_add(&program, 0, SYN_SIGNAL, 1, 0, 0);
}

/* Wrong only if thread 1 sees a = 1, thread 0 then b = 1, and thread 1 then a = 2. */
static void build_pingpong(void) {
    program_init(&program, 3);
    program_add(&program, 0, SYN_STORE, 0, 0, 1);
    add_noise(0, 2);
    program_add(&program, 0, SYN_LOAD, 1, 1, 0);
    program_add(&program, 0, SYN_STORE, 0, 1, 1);
    program_add(&program, 1, SYN_LOAD, 0, 1, 0);
    program_add(&program, 1, SYN_STORE, 1, 0, 1);
    add_noise(1, 2);
    program_add(&program, 1, SYN_LOAD, 0, 2, 0);
    program_add(&program, 1, SYN_SKIP_IF, 1, 1, 1);
    program_add(&program, 1, SYN_SKIP, 2, 0, 0);
    program_add(&program, 1, SYN_SKIP_IF, 1, 2, 1);
    program_add(&program, 1, SYN_ASSERT, 0, 2, 0);
    add_noise(2, 6);
}

/* Fails once both wait and are signalled, whoever is woken first. */
static void build_whoever(void) {
    program_init(&program, 3);
    program.initial[2] = 0;
    for (int t = 1; t < 3; t++) {
        program_add(&program, t, SYN_LOCK, 0, 0, 0);
        program_add(&program, t, SYN_SEM_POST, 2, 0, 0);
        program_add(&program, t, SYN_COND_WAIT, 1, 0, 0);
        program_add(&program, 0, SYN_SEM_WAIT, 2, 0, 0);
    }
    program_add(&program, 0, SYN_LOCK, 0, 0, 0);
    program_add(&program, 0, SYN_SIGNAL, 1, 0, 0);
    program_add(&program, 0, SYN_ASSERT, 0, 0, 1);
}

/* Fails if the signal wakes the wrong one: nothing can mend that. */
static void build_wrong_one(void) {
    program_init(&program, 3);
    program.initial[2] = 0;
    for (int t = 1; t < 3; t++) {
        program_add(&program, t, SYN_LOCK, 0, 0, 0);
        program_add(&program, t, SYN_COND_WAIT, 1, 0, 0);
        program_add(&program, t, SYN_ADD, 0, 1, 1);
        program_add(&program, t, SYN_ASSERT, 0, 1, t - 1);
        program_add(&program, t, SYN_UNLOCK, 0, 0, 0);
        program_add(&program, t, SYN_SEM_POST, 2, 0, 0);
    }
    program_add(&program, 0, SYN_SIGNAL, 1, 0, 0);
    program_add(&program, 0, SYN_SEM_WAIT, 2, 0, 0);
    program_add(&program, 0, SYN_BROADCAST, 1, 0, 0);
}

/* Right only if thread 1 runs after the second of thread 0's stores and before the third. */
static void build_window(void) {
    program_init(&program, 2);
    program_add(&program, 0, SYN_STORE, 0, 0, 1);
    program_add(&program, 0, SYN_STORE, 1, 0, 1);
    program_add(&program, 0, SYN_STORE, 0, 0, 0);
    program_add(&program, 1, SYN_LOAD, 1, 1, 0);
    program_add(&program, 1, SYN_LOAD, 0, 2, 0);
    program_add(&program, 1, SYN_ASSERT, 0, 1, 1);
    program_add(&program, 1, SYN_ASSERT, 0, 2, 1);
}

static void build_noisy_window(void) {
    build_window();
    program.threads = 3;
    add_noise(2, 12);
}

/* What it waits for never comes, unless thread 0 has read it too early. */
static void build_endless(void) {
    program_init(&program, 2);
    program_add(&program, 0, SYN_LOAD, 0, 1, 0);
    program_add(&program, 0, SYN_NOTHING, 0, 0, 0);
    program_add(&program, 0, SYN_ASSERT, 0, 1, 1);
    program_add(&program, 1, SYN_STORE, 0, 0, 1);
    program_add(&program, 1, SYN_SET, 0, 2, 1000);
    program_add(&program, 1, SYN_NOTHING, 0, 0, 0);
    program_add(&program, 1, SYN_LOOP, 1, 2, 0);
}

static void build_doomed(void) {
    program_init(&program, 2);
    add_noise(0, 3);
    add_noise(1, 3);
    program_add(&program, 1, SYN_ASSERT, 0, 0, 1);
}

enum which {
    ABBA,
    NOISY_ABBA,
    LOST_UPDATE,
    REORDER,
    WAITERS,
    PINGPONG,
    WHOEVER,
    WRONG_ONE,
    WINDOW,
    NOISY_WINDOW,
    ENDLESS,
    DOOMED
};
static const struct {
    const char *name;
    void (*build)(void);
} programs[] = {
    [ABBA] = {"AB-BA", build_abba},
    [NOISY_ABBA] = {"noisy AB-BA", build_noisy_abba},
    [LOST_UPDATE] = {"lost update", build_lost_update},
    [REORDER] = {"reorder", build_reorder},
    [WAITERS] = {"waiters", build_waiters},
    [PINGPONG] = {"ping-pong", build_pingpong},
    [WHOEVER] = {"whoever", build_whoever},
    [WRONG_ONE] = {"the wrong one", build_wrong_one},
    [WINDOW] = {"window", build_window},
    [NOISY_WINDOW] = {"noisy window", build_noisy_window},
    [ENDLESS] = {"endless", build_endless},
    [DOOMED] = {"doomed", build_doomed},
};

/* --- minimise --------------------------------------------------------------------------------- */

/* The oracle: of all executions that depth-first search makes, the failing one that switches least.
 * */
Test(search_failure, minimise_finds_the_fewest_switches) {
    static const enum which rows[] = {ABBA, LOST_UPDATE, REORDER, WAITERS};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *name = programs[rows[i]].name;
        programs[rows[i]].build();
        struct failures all = failures_of(&dfs_strategy, &(struct search_config){0});
        for (uint64_t seed = 0; seed < 10; seed++) {
            struct kept kept = failing_at_random(seed, 500), best = minimised(&kept, 0, 0);
            cr_expect(eq(int, switches(best.schedule, best.length), all.fewest), "%s, seed %d",
                      name, (int)seed);
            cr_expect(fails(&best), "%s, seed %d", name, (int)seed);
        }
    }
}

/* Too long for depth-first search; the number is known from the program. */
Test(search_failure, minimise_drops_what_does_not_matter) {
    static const struct {
        enum which which;
        int switches;
    } rows[] = {{NOISY_ABBA, 3}, {PINGPONG, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *name = programs[rows[i].which].name;
        programs[rows[i].which].build();
        for (uint64_t seed = 0; seed < 10; seed++) {
            struct kept kept = failing_at_random(seed, 500), best = minimised(&kept, 0, 0);
            cr_expect(eq(int, switches(best.schedule, best.length), rows[i].switches),
                      "%s, seed %d: %d before", name, (int)seed,
                      switches(kept.schedule, kept.length));
            cr_expect(fails(&best), "%s, seed %d", name, (int)seed);
        }
    }
}

/* Both schedules switch twice; only one of them needs an explanation. */
Test(search_failure, minimise_prefers_the_usual_alternative) {
    struct kept unusual = {{1, 0, 1, 0, 1, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 10};
    programs[WHOEVER].build();
    cr_assert(fails(&unusual));
    struct kept best = minimised(&unusual, 0, 0);
    cr_expect(eq(int, switches(best.schedule, best.length), 2));
    cr_expect(eq(int, best.schedule[2 * best.length - 1], 0));
}

/* Few tries give a worse schedule, but one that fails; and never more tries than that. */
Test(search_failure, minimise_keeps_to_its_tries) {
    static const enum which rows[] = {NOISY_ABBA, PINGPONG, LOST_UPDATE, WAITERS, REORDER};
    for (size_t i = 0; i < 5 * sizeof rows / sizeof rows[0]; i++) {
        const char *name = programs[rows[i / 5]].name;
        uint64_t seed = i % 5;
        programs[rows[i / 5]].build();
        struct kept kept = failing_at_random(seed, 500);
        int last = switches(kept.schedule, kept.length);
        for (int tries = 1; tries <= 40; tries++) {
            struct kept best = minimised(&kept, tries, 0);
            int its = switches(best.schedule, best.length);
            cr_expect(watch.executions <= tries, "%s, %d tries", name, tries);
            cr_expect(its <= last, "%s, %d tries: %d switches", name, tries, its);
            cr_expect(fails(&best), "%s, %d tries", name, tries);
            last = its;
        }
    }
}

Test(search_failure, minimise_says_the_same_each_time) {
    programs[REORDER].build();
    struct kept kept = failing_at_random(1, 500);
    struct kept first = minimised(&kept, 0, 0), again = minimised(&kept, 0, 0);
    uint64_t schedules = watch.schedules;
    struct kept shaken = minimised(&kept, 0, 3);
    cr_expect(watch.schedules == schedules, "abandoned executions");
    cr_expect(eq(int, first.length, again.length));
    cr_expect(memcmp(first.schedule, again.schedule, 2 * (size_t)first.length) == 0);
    cr_expect(eq(int, first.length, shaken.length), "abandoned executions");
    cr_expect(memcmp(first.schedule, shaken.schedule, 2 * (size_t)first.length) == 0);
}

/* Not reproduced: the schedule comes back as it was. */
Test(search_failure, minimise_leaves_alone_what_does_not_fail) {
    struct kept fine = {{0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0}, 8};
    programs[ABBA].build();
    struct kept best = minimised(&fine, 0, 0);
    cr_expect(eq(int, best.length, fine.length));
    cr_expect(memcmp(best.schedule, fine.schedule, 16) == 0);
    cr_expect(eq(int, watch.executions, 1));
}

/* --- critical --------------------------------------------------------------------------------- */

static int critical_of(const struct kept *kept, int64_t executions, int abandon) {
    struct search_config config = config_of(kept, executions);
    watch.critical = -2;
    watched(&critical_strategy, &config,
            &(struct run_options){.abandon = abandon, .after = note_schedule, .steps = 50});
    return watch.critical;
}

Test(search_failure, critical_names_the_last_decision_that_mattered) {
    static const struct {
        const char *what;
        enum which which;
        struct kept kept;
        int critical;
    } rows[] = {
        {"the second of the crossed locks", ABBA, {{0, 0, 1, 0}, 2}, 1},
        {"the second load of the old value",
         LOST_UPDATE,
         {{0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0, 2, 0, 2, 0}, 9},
         1},
        {"the load of b, as a setter could still store it",
         REORDER,
         {{1, 0, 0, 0, 2, 0, 3, 0, 0, 0}, 5},
         4},
        {"thread 2 takes the mutex first",
         WAITERS,
         {{1, 0, 1, 0, 2, 0, 2, 0, 0, 1, 2, 0, 2, 0}, 7},
         5},
        {"the signal: the same actor, another alternative",
         WRONG_ONE,
         {{1, 0, 1, 0, 2, 0, 2, 0, 0, 1, 2, 0, 2, 0}, 7},
         4},
        {"the first load: avoiding takes a preemption later on", WINDOW, {{1, 0, 1, 0}, 2}, 0},
        {"likewise, in a forest of continuations", NOISY_WINDOW, {{1, 0, 1, 0}, 2}, 0},
        {"nothing: to run for ever is not to end well", ENDLESS, {{0, 0, 0, 0}, 2}, -1},
        {"nothing: it fails whatever happens", DOOMED, {{0, 0, 1, 0, 1, 0, 1, 0}, 4}, -1},
        {"nothing: it does not fail", ABBA, {{0, 0, 0, 0, 0, 0, 0, 0}, 4}, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        programs[rows[i].which].build();
        cr_expect(eq(int, critical_of(&rows[i].kept, 0, 0), rows[i].critical), "%s", rows[i].what);
        uint64_t schedules = watch.schedules;
        cr_expect(eq(int, critical_of(&rows[i].kept, 0, 2), rows[i].critical), "%s", rows[i].what);
        cr_expect(watch.schedules == schedules, "%s: abandoned executions", rows[i].what);
    }
}

Test(search_failure, critical_keeps_to_its_executions) {
    struct kept kept = {{0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0, 2, 0, 2, 0}, 9};
    programs[LOST_UPDATE].build();
    cr_expect(eq(int, critical_of(&kept, 2, 0), -1));
    cr_expect(eq(int, critical_of(&kept, 100, 0), 1));
}
