/* SPDX-License-Identifier: MIT */
/*
 * Optimal DPOR on synthetic programs. The number of executions is the oracle: it is known for some
 * programs, and for all small ones brute force tells the set of Mazurkiewicz traces and of final
 * states (synthetic_run.c, with the same dependence relation and nothing else of the search).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "tests/search/synthetic.h"

static struct program program;

static struct counts explore(const struct run_options *options) {
    struct counts counts;
    run(&program, &dpor_strategy, &(struct search_config){0}, options, &counts);
    return counts;
}

/* --- known numbers --- */

enum family { MUTEX, PHILOSOPHERS, READERS, LASTZERO, INDEPENDENT };
static const char *const families[] = {"mutex", "philosophers", "readers", "lastzero",
                                       "independent"};

static void build(enum family family, int n, int times) {
    switch (family) {
    case MUTEX:
        program_mutex(&program, n, times);
        break;
    case PHILOSOPHERS:
        program_philosophers(&program, n);
        break;
    case READERS:
        program_readers(&program, n);
        break;
    case LASTZERO:
        program_lastzero(&program, n);
        break;
    case INDEPENDENT:
        program_independent(&program, n, times);
        break;
    }
}

static const struct number {
    enum family family;
    int n, times;
    int64_t executions;
} numbers[] = {
    /* Two threads that take one mutex n times each: C(2n, n). */
    {MUTEX, 2, 1, 2},
    {MUTEX, 2, 2, 6},
    {MUTEX, 2, 3, 20},
    {MUTEX, 2, 4, 70},
    {MUTEX, 2, 5, 252},
    {MUTEX, 2, 6, 924},
    {MUTEX, 2, 7, 3432},
    /* Three threads: multinomials; n threads once: n! */
    {MUTEX, 3, 1, 6},
    {MUTEX, 3, 2, 90},
    {MUTEX, 3, 3, 1680},
    {MUTEX, 4, 1, 24},
    {MUTEX, 5, 1, 120},
    {MUTEX, 6, 1, 720},
    /* Behind a gate: n! */
    {PHILOSOPHERS, 2, 0, 2},
    {PHILOSOPHERS, 3, 0, 6},
    {PHILOSOPHERS, 4, 0, 24},
    {PHILOSOPHERS, 5, 0, 120},
    {PHILOSOPHERS, 6, 0, 720},
    {PHILOSOPHERS, 7, 0, 5040},
    /* Each reader before the writer or after: 2^n. */
    {READERS, 1, 0, 2},
    {READERS, 2, 0, 4},
    {READERS, 3, 0, 8},
    {READERS, 7, 0, 128},
    {READERS, 10, 0, 1024},
    {READERS, 13, 0, 8192},
    /* (n + 3) * 2^(n - 2) */
    {LASTZERO, 2, 0, 5},
    {LASTZERO, 3, 0, 12},
    {LASTZERO, 4, 0, 28},
    {LASTZERO, 5, 0, 64},
    {LASTZERO, 8, 0, 704},
    {LASTZERO, 10, 0, 3328},
    {LASTZERO, 12, 0, 15360},
    {INDEPENDENT, 1, 5, 1},
    {INDEPENDENT, 4, 5, 1},
    {INDEPENDENT, 50, 3, 1},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

Test(search_dpor, known_programs_take_their_exact_number_of_executions) {
    for (int i = 0; i < NUMBERS; i++) {
        const struct number *row = &numbers[i];
        build(row->family, row->n, row->times);
        struct counts counts = explore(&(struct run_options){0});
        cr_expect(eq(i64, counts.complete, row->executions), "%s %d %d", families[row->family],
                  row->n, row->times);
        cr_expect(eq(i64, counts.redundant, 0), "%s %d %d: redundant", families[row->family],
                  row->n, row->times);
        cr_expect(eq(i64, counts.diverged, 0), "%s %d %d: diverged", families[row->family], row->n,
                  row->times);
        counts_free(&counts);
    }
}

/* --- against brute force --- */

/* With a limit: if the program is smaller. */
static void compare(const struct run_options *options, bool exact, const char *name,
                    uint64_t seed) {
    struct run_options with_traces = *options;
    with_traces.traces = true;
    struct counts found = explore(&with_traces), all;
    if (options->limit > 0 && found.executions >= options->limit) {
        counts_free(&found);
        return;
    }
    enumerate(&program, &all);
    bool good = found.diverged == 0 && all.diverged == 0 &&
                same_hashes(&found.traces, &all.traces) &&
                same_hashes(&found.states, &all.states) &&
                (!exact || (found.redundant == 0 && found.repeated == 0));
    cr_expect(good,
              "%s %lu: %ld executions (%ld redundant, %ld repeated, %ld diverged) of %zu traces "
              "with %zu states; brute force: %zu traces (%ld diverged), %zu states",
              name, (unsigned long)seed, (long)found.complete, (long)found.redundant,
              (long)found.repeated, (long)found.diverged, found.traces.count, found.states.count,
              all.traces.count, (long)all.diverged, all.states.count);
    if (!good)
        program_print(&program);
    counts_free(&found);
    counts_free(&all);
}

Test(search_dpor, every_kind_of_operation_agrees_with_brute_force) {
    bool exact;
    const char *name;
    for (int i = 0; (name = program_small(&program, i, &exact)) != NULL; i++)
        compare(&(struct run_options){0}, exact, name, (uint64_t)i);
}

Test(search_dpor, small_known_programs_agree_with_brute_force) {
    for (int i = 0; i < NUMBERS; i++) {
        if (numbers[i].executions > 100 || numbers[i].n > 7)
            continue;
        build(numbers[i].family, numbers[i].n, numbers[i].times);
        compare(&(struct run_options){0}, true, families[numbers[i].family], (uint64_t)i);
    }
}

/* Alternatives and tries may cost an execution too many: every trace must be there, that is all. */
Test(search_dpor, random_programs_agree_with_brute_force) {
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        program_random(&program, seed, 3, 3);
        compare(&(struct run_options){.limit = 400}, program.spurious == 0, "three threads, seed",
                seed);
    }
    for (uint64_t seed = 5000; seed < 5500; seed++) {
        program_random(&program, seed, 4, 2);
        compare(&(struct run_options){.limit = 400}, false, "four threads, seed", seed);
    }
}

/* Whether a race is covered can depend on how the execution goes on: these lose traces if a
 * prefix is looked at only once (`unsettled`). */
Test(search_dpor, races_are_looked_at_again_where_that_matters) {
    static const uint64_t seeds[] = {443, 1940};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        program_random(&program, seeds[i], 4, 3);
        compare(&(struct run_options){0}, false, "again, seed", seeds[i]);
    }
}

/* --- several workers --- */

Test(search_dpor, workers_that_take_turns_find_the_same) {
    for (int workers = 2; workers <= 4; workers++) {
        for (int i = 0; i < NUMBERS; i++) {
            if (numbers[i].executions > 2000)
                continue;
            build(numbers[i].family, numbers[i].n, numbers[i].times);
            struct counts counts = explore(&(struct run_options){.workers = workers});
            cr_expect(eq(i64, counts.complete, numbers[i].executions), "%s %d: %d workers",
                      families[numbers[i].family], numbers[i].n, workers);
            cr_expect(eq(i64, counts.redundant, 0), "%s %d: %d workers",
                      families[numbers[i].family], numbers[i].n, workers);
            counts_free(&counts);
        }
        for (uint64_t seed = 1; seed <= 150; seed++) {
            program_random(&program, seed, 3, 3);
            compare(&(struct run_options){.workers = workers, .limit = 400}, program.spurious == 0,
                    "workers, seed", seed);
        }
    }
}

Test(search_dpor, abandoned_executions_are_made_again_by_another_worker) {
    for (uint64_t seed = 1; seed <= 150; seed++) {
        program_random(&program, seed, 3, 3);
        compare(&(struct run_options){.abandon = 2, .limit = 400}, program.spurious == 0,
                "abandon, seed", seed);
        compare(&(struct run_options){.abandon = 3, .workers = 3, .limit = 400},
                program.spurious == 0, "abandon, seed", seed);
    }
}

/* --- how soon, how long, how large --- */

/* The assertion fails only if one setter has done the first of two steps and no other the
 * second. */
Test(search_dpor, reorder_is_found_within_a_few_executions) {
    static const int setters[] = {6, 7, 10, 20, 50, 100};
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++) {
        for (int first = 0; first < 2; first++) {
            program_reorder(&program, setters[i], first == 1);
            struct counts counts = explore(&(struct run_options){.stop = true, .limit = 500});
            cr_expect(counts.first_found > 0 && counts.first_found <= 6,
                      "%d setters, checker %s: execution %ld", setters[i],
                      first == 1 ? "first" : "last", (long)counts.first_found);
            counts_free(&counts);
        }
    }
}

static void add_rounds(int t, int rounds) {
    program_add(&program, t, SYN_SET, 0, 2, rounds);
    program_add(&program, t, SYN_LOCK, 10, 0, 0);
    program_add(&program, t, SYN_ADD, 0, 1, 1);
    program_add(&program, t, SYN_LOAD, 2, 1, 0);
    program_add(&program, t, SYN_UNLOCK, 10, 0, 0);
    program_add(&program, t, SYN_YIELD, 0, 0, 0);
    program_add(&program, t, SYN_LOOP, 5, 2, 0);
}

/* Quadratic behaviour would take minutes. */
Test(search_dpor, long_executions_take_time_in_proportion, .timeout = 60) {
    program_init(&program, 2);
    add_rounds(0, 10000);
    add_rounds(1, 10000);
    struct counts counts = explore(&(struct run_options){.limit = 4, .steps = 200000});
    cr_expect(eq(i64, counts.steps, 400000), "steps of 4 executions");
    cr_expect(eq(i64, counts.complete, 4), "executions");
    counts_free(&counts);
}

Test(search_dpor, the_tree_stays_as_small_as_a_path) {
    program_philosophers(&program, 7);
    struct counts counts = explore(&(struct run_options){0});
    cr_expect(lt(sz, counts.shared, 256 * 1024), "5040 executions");
    counts_free(&counts);
}

Test(search_dpor, executions_that_are_cut_end) {
    program_mutex(&program, 2, 3);
    struct counts counts = explore(&(struct run_options){.steps = 5});
    cr_expect(counts.complete == 0 && counts.cut > 1 && counts.diverged == 0,
              "%ld complete, %ld cut", (long)counts.complete, (long)counts.cut);
    counts_free(&counts);
}

Test(search_dpor, the_estimate_comes_down_to_nothing) {
    program_mutex(&program, 2, 6);
    struct counts half = explore(&(struct run_options){.limit = 462});
    cr_expect(half.left > 46 && half.left < 4620, "half of 924: %f left", half.left);
    struct counts whole = explore(&(struct run_options){0});
    cr_expect(whole.left > -0.5 && whole.left < 0.5, "all: %f left", whole.left);
    counts_free(&half);
    counts_free(&whole);
}

/* --- what must not happen --- */

/* After the first execution the program is another one. */
static void change_program(void *data, const struct counts *counts, enum ending ending) {
    (void)ending;
    if (counts->executions == 1)
        program.thread[0].code[0] = *(const struct instruction *)data;
}

Test(search_dpor, a_program_that_changes_is_noticed) {
    static const struct instruction changes[] = {
        {SYN_LOCK, 11, 0, 0}, /* another object */
        {SYN_LOAD, 10, 1, 0}, /* another operation */
        {SYN_EXIT, 0, 0, 0},  /* ends too early */
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct instruction change = changes[i];
        program_init(&program, 2);
        for (int t = 0; t < 2; t++)
            for (int j = 0; j < 3; j++)
                program_add(&program, t, j == 0 ? SYN_LOCK : SYN_ADD, t == 0 && j == 0 ? 10 : 0, 1,
                            1);
        program_add(&program, 1, SYN_YIELD, 0, 0, 0);
        program.thread[1].code[0] = (struct instruction){SYN_YIELD, 0, 0, 0};
        struct counts counts =
            explore(&(struct run_options){.after = change_program, .data = &change});
        cr_expect(eq(i64, counts.diverged, 1), "change %zu", i);
        counts_free(&counts);
    }
}

/* --- the arena --- */

static void never(void) {
    cr_assert(false, "the arena is full");
}

Test(search_dpor, the_arena_takes_blocks_back) {
    static char region[1 << 16];
    struct arena arena;
    arena_init(&arena, region + 1, sizeof region - 1, never);
    void *first[8];
    static const size_t sizes[8] = {1, 16, 17, 100, 128, 1000, 4096, 5000};
    for (int i = 0; i < 8; i++) {
        first[i] = arena_new(&arena, sizes[i]);
        bool aligned = (uintptr_t)first[i] % 16 == 0;
        cr_expect(aligned, "%zu bytes: aligned", sizes[i]);
        memset(first[i], 0xff, sizes[i]);
    }
    for (int i = 0; i < 8; i++)
        arena_free(&arena, first[i], sizes[i]);
    char *end = arena.next;
    for (int i = 7; i >= 0; i--) {
        char *again = arena_new(&arena, sizes[i]);
        for (size_t j = 0; j < sizes[i]; j++)
            cr_assert(again[j] == 0, "%zu bytes: byte %zu is not zeroed", sizes[i], j);
    }
    cr_expect(arena.next == end, "blocks that were given back are used again");
}

/* --- the table --- */

Test(search_dpor, strategies_are_found_by_name) {
    for (const struct strategy *const *strategy = strategies; *strategy != NULL; strategy++)
        cr_expect(strategies_find((*strategy)->name) == *strategy, "%s", (*strategy)->name);
    cr_expect(strategies[0] == &dpor_strategy, "the default");
    cr_expect(strategies_find("dp") == NULL && strategies_find("dporx") == NULL, "near misses");
}
