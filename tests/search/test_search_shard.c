/* SPDX-License-Identifier: MIT */
/* Shards of a search: together they make an execution of every Mazurkiewicz trace, as brute force tells. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "explore/search/shard/shard.h"
#include "tests/search/synthetic.h"

enum { SHARDS = 5 };

static struct program program;

static struct counts explore(int shard, int shards, const struct run_options *options) {
    struct counts counts;
    run(&program, &shard_strategy, &(struct search_config){.shard = shard, .shards = shards},
        options, &counts);
    return counts;
}

static bool has(const struct hashes *hashes, uint64_t key) {
    size_t at = key & (hashes->capacity - 1);
    while (hashes->capacity > 0 && hashes->keys[at] != 0 && hashes->keys[at] != key)
        at = (at + 1) & (hashes->capacity - 1);
    return hashes->capacity > 0 && hashes->keys[at] == key;
}

/* How many of all are in no part. */
static int left_out(const struct hashes *all, const struct hashes *parts, int count) {
    int left = 0;
    for (size_t i = 0; i < all->capacity; i++) {
        bool there = all->keys[i] == 0;
        for (int part = 0; part < count && !there; part++)
            there = has(&parts[part], all->keys[i]);
        left += !there;
    }
    return left;
}

/* True: it is small enough. `exact`: no two executions that come to their end, of any shard, have the same trace. */
static bool compare(int shards, bool exact, int abandon, const char *name, uint64_t seed) {
    enum { LIMIT = 3000 };
    struct counts all, parts[SHARDS];
    struct hashes traces[SHARDS], states[SHARDS];
    int64_t diverged = 0, complete = 0;
    bool small = true;
    enumerate(&program, &all);
    for (int i = 0; i < shards; i++) {
        parts[i] = explore(
            i, shards, &(struct run_options){.traces = true, .limit = LIMIT, .abandon = abandon});
        traces[i] = parts[i].traces;
        states[i] = parts[i].states;
        diverged += parts[i].diverged;
        complete += parts[i].complete;
        small &= parts[i].executions < LIMIT;
    }
    int traces_left = left_out(&all.traces, traces, shards);
    int states_left = left_out(&all.states, states, shards);
    bool good = traces_left == 0 && states_left == 0 && diverged == 0 &&
                (!exact || complete == (int64_t)all.traces.count);
    cr_expect(good || !small,
              "%s %lu in %d shards: of %zu traces %d left out, of %zu states %d; %ld executions, "
              "%ld diverged",
              name, (unsigned long)seed, shards, all.traces.count, traces_left, all.states.count,
              states_left, (long)complete, (long)diverged);
    if (!good && small)
        program_print(&program);
    for (int i = 0; i < shards; i++)
        counts_free(&parts[i]);
    counts_free(&all);
    return small;
}

Test(search_shard, every_kind_of_operation_is_covered) {
    bool exact;
    const char *name;
    for (int i = 0; (name = program_small(&program, i, &exact)) != NULL; i++)
        for (int shards = 1; shards <= SHARDS; shards += 2)
            compare(shards, false, 0, name, (uint64_t)i);
}

Test(search_shard, nothing_is_made_twice_where_nothing_need_be) {
    program_mutex(&program, 3, 2);
    compare(3, true, 0, "mutex", 0);
    program_philosophers(&program, 5);
    compare(4, true, 0, "philosophers", 0);
    program_readers(&program, 6);
    compare(5, true, 0, "readers", 0);
    program_lastzero(&program, 5);
    compare(2, true, 0, "lastzero", 0);
}

Test(search_shard, random_programs_are_covered) {
    int small = 0, all = 0;
    for (uint64_t seed = 1; seed <= 300; seed++, all++) {
        program_random(&program, seed, 3, 3);
        small += compare(1 + (int)(seed % SHARDS), false, 0, "three threads, seed", seed);
    }
    for (uint64_t seed = 5000; seed < 5150; seed++, all++) {
        program_random(&program, seed, 4, 2);
        small += compare(1 + (int)(seed % SHARDS), false, 0, "four threads, seed", seed);
    }
    cr_expect(small > all / 2, "%d of %d", small, all);
}

Test(search_shard, abandoned_executions_are_made_again) {
    for (uint64_t seed = 1; seed <= 150; seed++) {
        program_random(&program, seed, 3, 3);
        compare(2, false, 2 + (int)(seed % 2), "abandon, seed", seed);
    }
}

/* A shard may have nothing to do. */
Test(search_shard, there_may_be_more_shards_than_ways_to_begin) {
    program_independent(&program, 1, 2);
    compare(SHARDS, false, 0, "independent", 0);
}
