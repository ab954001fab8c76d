/* SPDX-License-Identifier: MIT */
/* The parts of the strategies, driven by hand: what no synthetic program does. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "explore/search/dpor/trace.h"
#include "explore/search/failure/variants.h"
#include "explore/search/policy/forcing.h"
#include "explore/search/policy/policies.h"
#include "explore/search/strategies.h"

static struct arena arena;
static char *region;

static void exhausted(void) {
    abort();
}

static void setup(void) {
    region = malloc(1 << 22);
    arena_init(&arena, region, 1 << 22, exhausted);
}

static void teardown(void) {
    free(region);
}

TestSuite(search_parts, .init = setup, .fini = teardown);

/* --- memory ----------------------------------------------------------------------------------- */

/* Zeroed is what was used before, and nothing that is zero already: that would touch every page. */
Test(search_parts, a_fresh_region_is_zeroed_only_where_it_was_used) {
    enum { SIZE = 4096 };
    memset(region, 'x', 1 << 22); /* so that it shows who writes */
    arena.fresh = true;
    char *block = arena_new(&arena, SIZE);
    cr_expect(eq(chr, block[0], 'x'));
    arena_free(&arena, block, SIZE);
    char *again = arena_new(&arena, SIZE);
    cr_assert(again == block);
    for (int i = 0; i < SIZE; i++)
        cr_assert(eq(int, again[i], 0));
}

/* A row for each event, and one more: however often they became wider. */
Test(search_parts, clocks_of_many_threads_take_no_more_than_their_rows) {
    struct trace trace;
    trace_init(&trace, &arena);
    const struct footprint nothing = {0};
    for (int actor = 0; actor < OP_ACTORS - 1; actor++) {
        const struct event event = {
            .op = {.kind = OP_START}, .actor = (uint8_t)actor, .enabled_by = NONE};
        trace_append(&trace, &event, &nothing);
    }
    cr_expect(le(int, trace.clock_capacity, 2 * OP_ACTORS * OP_ACTORS));
}

/* --- determinism ------------------------------------------------------------------------------ */

/* The state of each actor in one letter: e(nabled), d(isabled), a(waits a change). */
static int pick(const struct strategy *strategy, void *worker, const char *states) {
    static const struct op nothing = {.kind = OP_FENCE};
    static struct actor_view actors[8];
    struct view view = {.actors = actors, .count = (int)strlen(states), .current = -1};
    for (int i = 0; i < view.count; i++) {
        actors[i] = (struct actor_view){.pending = &nothing,
                                        .enabled = states[i] == 'e',
                                        .awaits = states[i] == 'a',
                                        .alive = true,
                                        .enabled_by = -1};
        view.enabled += states[i] == 'e';
    }
    return strategy->pick(worker, &view);
}

static void *start(const struct strategy *strategy, const struct search_config *config) {
    void *worker = strategy->attach(strategy->create(&arena, config), &arena);
    cr_assert(eq(int, (int)strategy->begin(worker), BEGIN_RUN));
    return worker;
}

static void end(const struct strategy *strategy, void *worker) {
    struct view view = {.count = 0, .current = -1};
    strategy->end(worker, &view, END_COMPLETE);
    cr_assert(eq(int, (int)strategy->begin(worker), BEGIN_RUN));
}

/* The first execution has two choices among two actors; the second is not what it was. */
Test(search_parts, depth_first_notices_another_program) {
    static const struct {
        const char *what, *first, *second;
    } rows[] = {
        {"one actor more", "eee", "ee"},
        {"one actor less", "ed", "ee"},
        {"one actor more where the path turns", "ee", "eee"},
    };
    static const struct strategy *const strategies_of[] = {&dfs_strategy, &bound_strategy};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int j = 0; j < 2; j++) {
            const struct strategy *strategy = strategies_of[j];
            void *worker = start(strategy, &(struct search_config){.bound = 9});
            cr_expect(eq(int, pick(strategy, worker, "ee"), 0));
            cr_expect(eq(int, pick(strategy, worker, "ee"), 0));
            end(strategy, worker);
            int first = pick(strategy, worker, rows[i].first);
            int second = first < 0 ? first : pick(strategy, worker, rows[i].second);
            cr_expect(eq(int, second, PICK_DIVERGED), "%s: %s", strategy->name, rows[i].what);
        }
    }
}

/* What an abandoned execution chose beyond its path is forgotten. */
Test(search_parts, an_abandoned_execution_never_happened) {
    struct view view = {.count = 0, .current = -1};
    void *worker = start(&dfs_strategy, &(struct search_config){0});
    cr_expect(eq(int, pick(&dfs_strategy, worker, "ee"), 0));
    dfs_strategy.end(worker, &view, END_ABANDONED);
    cr_expect(eq(int, (int)dfs_strategy.begin(worker), BEGIN_RUN));
    cr_expect(eq(int, pick(&dfs_strategy, worker, "dde"), 2));
}

/* The decision that was not turned stands for the same actor, or the program is another one. */
Test(search_parts, depth_first_knows_whom_it_picked) {
    void *worker = start(&dfs_strategy, &(struct search_config){0});
    cr_expect(eq(int, pick(&dfs_strategy, worker, "dee"), 1));
    cr_expect(eq(int, pick(&dfs_strategy, worker, "dee"), 1));
    end(&dfs_strategy, worker);
    cr_expect(eq(int, pick(&dfs_strategy, worker, "ede"), PICK_DIVERGED));
}

Test(search_parts, depth_first_notices_an_early_end) {
    void *worker = start(&dfs_strategy, &(struct search_config){0});
    for (int i = 0; i < 3; i++)
        cr_expect(eq(int, pick(&dfs_strategy, worker, "ee"), 0));
    end(&dfs_strategy, worker);
    cr_expect(eq(int, pick(&dfs_strategy, worker, "ee"), 0));
    end(&dfs_strategy, worker); /* two more were prescribed */
    cr_expect(eq(int, pick(&dfs_strategy, worker, "ee"), PICK_DIVERGED));
}

Test(search_parts, alternatives_must_be_as_many_as_before) {
    static const int rows[] = {2, 4};
    for (size_t i = 0; i < 2; i++) {
        void *worker = start(&dfs_strategy, &(struct search_config){0});
        cr_expect(eq(int, pick(&dfs_strategy, worker, "e"), 0));
        cr_expect(eq(int, dfs_strategy.alternative(worker, 3, CHOICE_WAITER), 0));
        end(&dfs_strategy, worker);
        cr_expect(eq(int, pick(&dfs_strategy, worker, "e"), 0));
        cr_expect(eq(int, dfs_strategy.alternative(worker, rows[i], CHOICE_WAITER), PICK_DIVERGED));
    }
}

/* Who is enabled, or spins on what nobody has changed, can be told to go. */
Test(search_parts, replay_follows_whom_it_can) {
    static const struct {
        const char *states;
        int picked;
    } rows[] = {
        {"ee", 1}, {"de", 1}, {"ea", 1}, {"ed", PICK_DIVERGED}, {"e", PICK_DIVERGED},
    };
    static const uint8_t schedule[] = {1, 0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        void *worker = start(&replay_strategy,
                             &(struct search_config){.schedule = schedule, .schedule_length = 1});
        cr_expect(eq(int, pick(&replay_strategy, worker, rows[i].states), rows[i].picked), "%s",
                  rows[i].states);
    }
}

/* --- targets ---------------------------------------------------------------------------------- */

enum { X = 0x100 << 3, Y = 0x101 << 3, LOCK = 0x200 << 3 | OBJECT_SYNC };

static struct op op_of(uint64_t object, enum mode mode, int32_t delta) {
    return (struct op){.access_count = 1,
                       .access = {{.object = object,
                                   .need = delta < 0,
                                   .delta = delta,
                                   .mode = (uint8_t)mode,
                                   .bytes = 0xff}}};
}

static void execute(struct forcing *forcing, int actor, struct op op) {
    forcing_step(forcing, &(struct event){.op = op, .actor = (uint8_t)actor, .enabled_by = -1});
}

/* Actors 0 and 1 have both done something to an object: what can become a target? */
Test(search_parts, a_target_is_what_actors_compete_for) {
    static const struct {
        const char *what;
        struct access first, second;
        bool targets;
    } rows[] = {
        {"two reads", {X, .mode = MODE_READ}, {X, .mode = MODE_READ}, false},
        {"a write and a read", {X, .mode = MODE_WRITE}, {X, .mode = MODE_READ}, true},
        {"a write and a read of another", {X, .mode = MODE_WRITE}, {Y, .mode = MODE_READ}, false},
        {"two locks", {LOCK, 1, -1, .mode = MODE_WRITE}, {LOCK, 1, -1, .mode = MODE_WRITE}, true},
        {"a lock and an unlock",
         {LOCK, 1, -1, .mode = MODE_WRITE},
         {LOCK, 0, 1, .mode = MODE_WRITE},
         false},
        {"two posts", {LOCK, 0, 1, .mode = MODE_POST}, {LOCK, 0, 1, .mode = MODE_POST}, false},
        {"end and join",
         {1 << 3 | OBJECT_ACTOR, 0, 1, .mode = MODE_WRITE},
         {1 << 3 | OBJECT_ACTOR, 1, 0, .mode = MODE_READ},
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct forcing *forcing = arena_new(&arena, sizeof *forcing);
        struct numbers numbers = {7};
        forcing_begin(forcing);
        execute(forcing, 0, (struct op){.access_count = 1, .access = {rows[i].first}});
        execute(forcing, 1, (struct op){.access_count = 1, .access = {rows[i].second}});
        forcing_begin(forcing);
        forcing_draw(forcing, 1, &numbers);
        cr_expect(eq(int, forcing->target != NULL, rows[i].targets), "%s", rows[i].what);
    }
}

/* Actor 1 has read X twice, actors 0 and 2 have written it. Draws until a read is the target. */
static void draw_read(struct forcing *forcing, int index) {
    struct numbers numbers = {3};
    forcing_begin(forcing);
    execute(forcing, 0, op_of(X, MODE_WRITE, 0));
    execute(forcing, 1, op_of(X, MODE_READ, 0));
    execute(forcing, 2, op_of(X, MODE_WRITE, 0));
    execute(forcing, 1, op_of(X, MODE_READ, 0));
    forcing_begin(forcing);
    for (int64_t i = 1; i < 1000; i++) {
        forcing_draw(forcing, i, &numbers);
        if (forcing->target && !forcing->target->takes && forcing->index == index)
            return;
    }
    cr_assert(false, "no read was drawn");
}

Test(search_parts, a_target_holds_others_back_until_it_is_done) {
    struct forcing *forcing = arena_new(&arena, sizeof *forcing);
    struct op write = op_of(X, MODE_WRITE, 0), read = op_of(X, MODE_READ, 0);
    struct op other = op_of(Y, MODE_WRITE, 0);
    draw_read(forcing, 1);
    cr_expect(forcing_holds(forcing, 0, &write));
    cr_expect(not(forcing_holds(forcing, 1, &write)), "its own actor");
    cr_expect(not(forcing_holds(forcing, 0, &read)), "a read does not conflict");
    cr_expect(not(forcing_holds(forcing, 0, &other)), "another object");
    cr_expect(not(forcing_holds(forcing, 0, NULL)));
    execute(forcing, 1, read);
    cr_expect(forcing_holds(forcing, 0, &write), "that was the first read, not the second");
    execute(forcing, 1, read);
    cr_expect(not(forcing_holds(forcing, 0, &write)), "it is done");
}

/* An abandoned execution comes again with the same target, whatever it has taught. */
Test(search_parts, a_draw_is_repeated) {
    struct forcing *forcing = arena_new(&arena, sizeof *forcing);
    struct numbers numbers = {5};
    draw_read(forcing, 0);
    forcing_draw(forcing, 2000, &numbers);
    const struct forcing_site *drawn = forcing->target;
    int index = forcing->index;
    for (int i = 0; i < 50; i++) {
        execute(forcing, 3 + i, op_of(X, MODE_READ, 0));
        forcing_begin(forcing);
        forcing_draw(forcing, 2000, &numbers);
        cr_expect(forcing->target == drawn && forcing->index == index);
    }
}

/* More objects and actors than there is room for: the rest is not remembered. */
Test(search_parts, forcing_fill_up) {
    struct forcing *forcing = arena_new(&arena, sizeof *forcing);
    struct numbers numbers = {5};
    forcing_begin(forcing);
    for (int i = 0; i < 3 * FORCING_SITES; i++)
        execute(forcing, i % 2, op_of((uint64_t)(0x1000 + i / 4) << 3, MODE_WRITE, 0));
    forcing_begin(forcing);
    forcing_draw(forcing, 1, &numbers);
    cr_expect(forcing->target != NULL);
    cr_expect(forcing->contended_count <= FORCING_PLACES);
}

/* --- variants of a schedule ------------------------------------------------------------------- */

/* One letter a step; an upper-case one chose alternative 1; a star: it goes on. */
static struct plan parse(const char *text) {
    struct plan schedule = plan_of(&arena);
    for (; *text; text++)
        plan_add(&schedule, (struct item){.actor = (uint8_t)((*text | 32) - 'a'),
                                          .alternative = (*text & 32) == 0});
    return schedule;
}

static const char *print(const struct plan *schedule) {
    static char text[64];
    int length = 0;
    for (int i = 0; i < schedule->length; i++) {
        const struct item *item = &schedule->items[i];
        text[length++] = (char)((item->alternative ? 'A' : 'a') + item->actor);
        if (item->goes_on)
            text[length++] = '*';
    }
    text[length] = '\0';
    return text;
}

Test(search_parts, variants_of_a_schedule) {
    static const struct {
        enum variant variant;
        const char *old;
        int at, size;
        const char *made;
    } rows[] = {
        {VARIANT_GROUP, "aabcAb", 0, 5, "aaAbbc"},    {VARIANT_GROUP, "aabcAb", 1, 3, "aabcAb"},
        {VARIANT_GROUP, "abcacb", 1, 4, "abccab"},    {VARIANT_DROP, "aabcAb", 0, 1, "bcAb"},
        {VARIANT_DROP, "aabcAb", 1, 3, "aab"},        {VARIANT_DROP, "aabcAb", 0, 5, ""},
        {VARIANT_EXTEND, "aabcAb", 0, 1, "aaAa*bcb"}, {VARIANT_EXTEND, "aabcAb", 2, 1, "aabcc*Ab"},
        {VARIANT_JOIN, "aabcAb", 0, 1, "aaAbcb"},     {VARIANT_JOIN, "aabcAb", 1, 1, "aabbcA"},
        {VARIANT_JOIN, "aabcAb", 2, 1, "aabcAb"},     {VARIANT_DELAY, "aabcAb", 0, 1, "bcaaAb"},
        {VARIANT_DELAY, "aabcAb", 1, 1, "aacAbb"},    {VARIANT_PLAIN, "aabcAb", 4, 1, "aabcab"},
    };
    struct segments segments = {.arena = &arena};
    struct plan made = plan_of(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan old = parse(rows[i].old);
        plan_segments(&segments, &old);
        variants_make(&old, &segments, rows[i].variant, rows[i].at, rows[i].size, &made);
        cr_expect(strcmp(print(&made), rows[i].made) == 0, "row %d: variant %d of %s at %d is %s",
                  (int)i, (int)rows[i].variant, rows[i].old, rows[i].at, print(&made));
    }
}

Test(search_parts, segments_of_a_schedule) {
    static const struct {
        const char *schedule;
        int count;
    } rows[] = {{"", 0}, {"a", 1}, {"aaa", 1}, {"aab", 2}, {"abab", 4}};
    struct segments segments = {.arena = &arena};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan schedule = parse(rows[i].schedule);
        plan_segments(&segments, &schedule);
        cr_expect(eq(int, segments.count, rows[i].count), "%s", rows[i].schedule);
        cr_expect(eq(int, segments.starts[segments.count], schedule.length), "%s",
                  rows[i].schedule);
    }
}
