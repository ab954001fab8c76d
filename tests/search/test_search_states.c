/* SPDX-License-Identifier: MIT */
/* The search over states: its graph, the fair cycles in it, and how it goes through one. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/search/small_drive.h"

static const size_t region_size = (size_t)64 << 20;
static char *region;
static struct arena arena;
static jmp_buf full;

static void exhausted(void) {
    longjmp(full, 1);
}

/* Untouched memory costs nothing, and what is given back is zero again. */
static void begin_anew(void) {
    madvise(region, region_size, MADV_DONTNEED);
    arena_init(&arena, region, region_size, exhausted);
    arena.fresh = true;
}

static void setup(void) {
    region = mmap(NULL, region_size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    cr_assert(region != MAP_FAILED);
    begin_anew();
    if (setjmp(full) != 0)
        cr_fatal("the arena is full");
}

static void teardown(void) {
    munmap(region, region_size);
}

TestSuite(search_states, .init = setup, .fini = teardown);

/* --- the graph -------------------------------------------------------------------------------- */

enum prints { SCATTERED, SAME_BOTTOM, SAME_LOW, SAME_HIGH };

static struct fingerprint print_of(enum prints prints, uint64_t i) {
    switch (prints) {
    case SCATTERED:
        return (struct fingerprint){i * 0x9e3779b97f4a7c15U, i};
    case SAME_BOTTOM: /* all have one place in any index */
        return (struct fingerprint){i << 32 | 0xfff, i * 0x9e3779b97f4a7c15U};
    case SAME_LOW:
        return (struct fingerprint){4095, i};
    case SAME_HIGH:
    default:
        return (struct fingerprint){i, 7};
    }
}

/* More than a chunk and, as the index begins with 4096 places, more than that. */
Test(search_states, each_fingerprint_is_one_state) {
    static const struct {
        const char *what;
        enum prints prints;
        uint32_t count;
    } rows[] = {
        {"scattered", SCATTERED, 3 * GRAPH_CHUNK + 1},
        {"high halves are the same", SAME_HIGH, GRAPH_CHUNK},
        {"lowest bits are the same", SAME_BOTTOM, 6000},
        {"low halves are the same", SAME_LOW, 6000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_anew();
        struct graph *graph = graph_new(&arena);
        for (int again = 0; again < 2; again++)
            for (uint32_t n = 1; n <= rows[i].count; n++) {
                struct fingerprint print = print_of(rows[i].prints, n);
                bool fresh = again;
                cr_assert(graph_find(graph, &print, &fresh) == n, "%s: %u", rows[i].what, n);
                cr_assert(fresh == !again, "%s: %u", rows[i].what, n);
            }
        cr_expect(eq(u32, graph->state_count, rows[i].count), "%s", rows[i].what);
        for (uint32_t n = 1; n <= rows[i].count; n++) {
            struct fingerprint print = print_of(rows[i].prints, n);
            cr_assert(memcmp(&graph_state(graph, n)->print, &print, sizeof print) == 0);
            cr_assert(graph_state(graph, n)->steps == 0);
        }
    }
}

/* The state whose two halves are 0 is one as any other. */
Test(search_states, no_fingerprint_stands_for_none) {
    struct graph *graph = graph_new(&arena);
    struct fingerprint zero = {0};
    bool fresh;
    cr_expect(eq(u32, graph_find(graph, &zero, &fresh), 1));
    cr_expect(fresh);
    cr_expect(eq(u32, graph_find(graph, &zero, &fresh), 1));
    cr_expect(not(fresh));
}

/* Steps of many states in turns, over several chunks: each state has its own, the latest first. */
Test(search_states, each_state_has_its_steps) {
    enum { STATES = 1000, EACH = 200 };
    struct graph *graph = graph_new(&arena);
    bool fresh;
    for (uint32_t n = 1; n <= STATES; n++)
        graph_find(graph, &(struct fingerprint){n, n}, &fresh);
    for (uint32_t i = 1; i <= EACH; i++)
        for (uint32_t n = 1; n <= STATES; n++)
            graph_add_step(graph, n)->to = n * EACH + i;
    cr_expect(eq(u32, graph->step_count, STATES * EACH));
    for (uint32_t n = 1; n <= STATES; n++) {
        uint32_t left = EACH;
        for (uint32_t i = graph_state(graph, n)->steps; i != 0; i = graph_step(graph, i)->next)
            cr_assert(graph_step(graph, i)->to == n * EACH + left--);
        cr_assert(left == 0);
    }
}

/* Beyond the last chunk there is no room: that is said, as of an arena that is full. */
Test(search_states, a_full_graph_is_exhausted) {
    struct graph *graph = graph_new(&arena);
    bool fresh;
    graph_find(graph, &(struct fingerprint){1, 1}, &fresh);
    volatile int said = 0;
    if (setjmp(full) == 0) {
        graph->step_count = (uint32_t)GRAPH_CHUNK * GRAPH_CHUNKS - 1;
        graph_add_step(graph, 1);
    } else {
        said++;
    }
    cr_expect(eq(int, said, 1));
}

/* --- fair cycles ------------------------------------------------------------------------------ */

static const struct roots from_first = {(const uint32_t[]){1}, 1};

static struct lasso find(const struct small_graph *small) {
    struct graph *graph = graph_new(&arena);
    bool fresh;
    for (uint32_t n = 1; n <= (uint32_t)small->states; n++)
        graph_find(graph, &(struct fingerprint){n, n}, &fresh);
    for (int from = 1; from <= small->states; from++)
        for (int actor = 0; actor < SMALL_ACTORS; actor++)
            for (int i = 0; i < small->moves[from][actor].count; i++) {
                struct graph_step *step = graph_add_step(graph, (uint32_t)from);
                step->to = (uint32_t)small->moves[from][actor].to[i];
                step->actor = (uint8_t)actor;
                step->alternative = (uint8_t)i;
                step->free = small->moves[from][actor].free[i];
                step->value = small->moves[from][actor].kind == CHOICE_VALUE;
            }
    return cycles_find(graph, &from_first);
}

/* A step in a table: by whom (from 'a'; a capital: for nothing), from where to where. */
struct row {
    const char *what;
    const char *steps;
    bool is_fair;
    int stem, length; /* of the lasso; 0: any */
};

static struct small_graph graph_of(const char *steps) {
    struct small_graph graph = {0};
    for (; *steps != '\0'; steps += 3 + (steps[3] == ' ')) {
        bool is_free = steps[0] < 'a';
        (is_free ? small_free_step : small_step)(&graph, steps[1] - '0',
                                                 steps[0] - (is_free ? 'A' : 'a'), steps[2] - '0');
    }
    return graph;
}

static const struct row rows[] = {
    {"no cycle", "a12 a23 a30", false, 0, 0},
    {"a state without a step", "a12", false, 0, 0},
    {"one spins alone", "a11", true, 0, 1},
    {"one spins, and another could end it", "a11 b12 a20", false, 0, 0},
    {"one spins, and another could go on spinning elsewhere", "a11 b12 a22", true, 1, 2},
    {"both spin", "a11 b11", true, 0, 2},
    {"one spins, the other is blocked", "b12 a22", true, 1, 2},
    {"one could leave by itself, and need not", "a11 a12 a20", true, 0, 1},
    {"two take turns", "a12 b21", true, 0, 2},
    {"two take turns, and a third could go now and then", "a12 b21 c23", false, 0, 0},
    {"two take turns, and a third goes round as well", "a12 b21 c22", true, 0, 0},
    {"a way there and back, and a third who ends it", "a12 a21 b10", false, 0, 0},
    {"the second component is one", "a12 a21 b13 a34 a43", true, 1, 3},
    {"the first component is one", "a12 a21 a13 a34 a43 b40", true, 0, 2},
    {"neither component is one", "a12 a21 b13 a34 a43 b40", false, 0, 0},
    /* Without the state where b can move there are others. */
    {"taken apart once", "a12 a23 a31 a22 b30", true, 0, 0},
    {"taken apart once, and nothing left", "a12 a23 a31 b20", false, 0, 0},
    {"taken apart into two", "a12 a21 a23 a32 a24 a42 a33 a44 b20 c30", true, 0, 0},
    /* As soon as 3 is gone, c cannot move any more where it is left in 2. */
    {"taken apart twice", "a12 a21 a23 c31 c23 b30 a11", true, 0, 1},
    {"taken apart twice, and nothing left", "a12 a21 a23 c31 c23 b30", false, 0, 0},
    {"taken apart three times", "a12 a21 a23 a32 c23 d34 c34 d41 b40 c21 d31 a11 d12 d21", true, 0,
     0},
    {"only for nothing", "a12 a20 A11", false, 0, 0},
    {"around only for nothing", "a12 b23 b30 B31", false, 0, 0},
    {"from one component to the other only for nothing", "a10 A12 b23 c32", true, 1, 3},
    {"for nothing, beside a cycle", "a11 A12 a20", true, 0, 1},
    /* To be able to go on for nothing is to be able to go on, as the same call could return at once. */
    {"another could leave for nothing", "a11 b12 B13 a20 a30", false, 0, 0},
    {"another moves there only for nothing", "a11 B11", false, 0, 0},
    {"another moves there, and could leave for nothing", "a11 b11 B12 a20", true, 0, 2},
};

Test(search_states, a_fair_cycle_is_found_if_there_is_one) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        begin_anew();
        struct small_graph graph = graph_of(row->steps);
        struct lasso lasso = find(&graph);
        cr_expect(eq(int, lasso.length > 0, row->is_fair), "%s", row->what);
        cr_expect(eq(int, small_is_fair(&graph, false), row->is_fair), "by force: %s", row->what);
        if (lasso.length > 0) {
            const char *fault = small_lasso_fault(&graph, &lasso);
            cr_expect(fault == NULL, "%s: %s", row->what, fault);
        }
        if (row->length > 0) {
            cr_expect(eq(int, lasso.length, row->length), "%s", row->what);
            cr_expect(eq(int, lasso.stem, row->stem), "%s", row->what);
        }
    }
}

/* A path of that many states that comes back to its first: nothing calls itself as deep. */
Test(search_states, a_cycle_may_be_long) {
    enum { STATES = 100000 };
    struct graph *graph = graph_new(&arena);
    bool fresh;
    for (uint32_t n = 1; n <= STATES; n++)
        graph_find(graph, &(struct fingerprint){n, n}, &fresh);
    for (uint32_t n = 1; n <= STATES; n++)
        graph_add_step(graph, n)->to = n < STATES ? n + 1 : 1;
    struct lasso lasso = cycles_find(graph, &from_first);
    cr_expect(eq(int, lasso.length, STATES));
    cr_expect(eq(int, lasso.stem, 0));
    graph_add_step(graph, STATES / 2)->actor = 255;
    cr_expect(eq(int, cycles_find(graph, &from_first).length, 0), "somebody could end it, halfway");
}

static bool differs(uint64_t seed, const struct small_graph *graph, const char *what) {
    cr_expect(what == NULL, "graph %lu: %s", (unsigned long)seed, what);
    if (what != NULL)
        small_print(graph);
    return what != NULL;
}

enum { GRAPHS = 20000 };

Test(search_states, random_graphs_are_judged_as_by_force) {
    int fair = 0, parts = 0, faults = 0;
    for (uint64_t seed = 1; seed <= GRAPHS && faults < 5; seed++) {
        begin_anew();
        struct small_graph graph = small_random(seed, seed % 2 == 0);
        struct lasso lasso = find(&graph);
        bool is_fair = small_is_fair(&graph, false);
        const char *fault = lasso.length == 0 ? (is_fair ? "a cycle is not found" : NULL)
                            : !is_fair        ? "the cycle is not fair"
                                              : small_lasso_fault(&graph, &lasso);
        faults += differs(seed, &graph, fault);
        fair += is_fair;
        parts += is_fair && !small_is_fair(&graph, true);
    }
    cr_expect(fair > GRAPHS / 10 && fair < GRAPHS - GRAPHS / 10, "of each kind many: %d", fair);
    cr_expect(parts > GRAPHS / 100, "some within components that are none: %d", parts);
}

/* --- the search ------------------------------------------------------------------------------- */

static const char *drive_fault(const struct small_graph *graph, struct driven driven,
                               int executions) {
    int64_t states, steps;
    small_count(graph, &states, &steps);
    bool is_fair = small_is_fair(graph, false);
    return driven.fault != NULL                                 ? driven.fault
           : driven.states != states                            ? "another number of states"
           : driven.steps != steps                              ? "another number of steps"
           : is_fair && !driven.shown                           ? "no cycle is shown"
           : driven.shown && !is_fair                           ? "there is no cycle"
           : executions >= 0 && driven.executions != executions ? "another number of executions"
                                                                : NULL;
}

static struct driven drive(const struct small_graph *graph, bool goes_back, uint64_t abandon) {
    begin_anew();
    return small_drive(graph, &arena, &(struct drive_options){goes_back, abandon, 0, 0});
}

static struct driven drive_together(const struct small_graph *graph, int workers, uint64_t turns,
                                    uint64_t abandon) {
    begin_anew();
    return small_drive(graph, &arena, &(struct drive_options){true, abandon, workers, turns});
}

Test(search_states, the_search_takes_every_step_once) {
    int shown = 0, resumed = 0, abandoned = 0, faults = 0;
    for (uint64_t seed = 1; seed <= GRAPHS / 4 && faults < 5; seed++) {
        struct small_graph graph = small_random(seed, false);
        struct driven first = drive(&graph, false, 0), back = drive(&graph, true, 0);
        struct driven again = drive(&graph, seed % 2 == 0, seed);
        faults += differs(seed, &graph, drive_fault(&graph, first, -1));
        faults += differs(seed, &graph, drive_fault(&graph, back, first.executions));
        faults += differs(seed, &graph, drive_fault(&graph, again, first.executions));
        shown += first.shown;
        resumed += back.resumed;
        abandoned += again.abandoned;
    }
    cr_expect(shown > GRAPHS / 40, "%d", shown);
    cr_expect(resumed > GRAPHS && abandoned > GRAPHS / 4, "%d, %d", resumed, abandoned);
}

/* Whose turn it is changes nothing; nor do those who vanish. */
Test(search_states, workers_share_the_steps) {
    int shown = 0, waited = 0, abandoned = 0, faults = 0;
    for (uint64_t seed = 1; seed <= GRAPHS / 4 && faults < 5; seed++) {
        struct small_graph graph = small_random(seed, false);
        struct driven alone = drive(&graph, true, 0);
        int workers = 2 + (int)(seed % 3);
        struct driven together = drive_together(&graph, workers, seed, 0);
        struct driven again = drive_together(&graph, workers, seed + 1, seed);
        faults += differs(seed, &graph, drive_fault(&graph, together, alone.executions));
        faults += differs(seed, &graph, drive_fault(&graph, again, alone.executions));
        shown += together.shown;
        waited += together.waited;
        abandoned += again.abandoned;
    }
    cr_expect(shown > GRAPHS / 40, "%d", shown);
    cr_expect(waited > GRAPHS && abandoned > GRAPHS / 4, "%d, %d", waited, abandoned);
}

/* Of rows[] those that are programs: whose first alternative is none for nothing. */
Test(search_states, the_search_shows_the_cycle_that_there_is) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct small_graph graph = graph_of(rows[i].steps);
        bool is_program = true;
        for (int state = 1; state <= graph.states; state++)
            for (int actor = 0; actor < SMALL_ACTORS; actor++)
                is_program &= !graph.moves[state][actor].free[0];
        const char *fault = is_program ? drive_fault(&graph, drive(&graph, true, 0), -1) : NULL;
        cr_expect(fault == NULL, "%s: %s", rows[i].what, fault);
    }
}

Test(search_states, nothing_to_do_is_no_state) {
    struct small_graph graph = {.states = 1};
    struct driven driven = drive(&graph, true, 0);
    cr_expect(driven.fault == NULL && driven.states == 0 && driven.steps == 0 && !driven.shown);
    cr_expect(eq(int, driven.executions, 1));
}

/* --- driven by hand --------------------------------------------------------------------------- */

static const struct strategy *const strategy = &states_strategy;

/* The first `enabled` of `count` actors can move. */
static int pick(void *worker, uint64_t state, int count, int enabled) {
    static struct actor_view actors[OP_ACTORS];
    struct view view = {.actors = actors, .count = count, .current = -1, .enabled = enabled};
    view.state = (struct fingerprint){state, state};
    for (int i = 0; i < count; i++)
        actors[i] = (struct actor_view){.enabled = i < enabled, .alive = true, .enabled_by = -1};
    return strategy->pick(worker, &view);
}

static void step(void *worker, int actor, int alternative) {
    strategy->step(worker,
                   &(struct event){.actor = (uint8_t)actor, .alternative = (uint8_t)alternative});
}

static void *search;

static void *start(void) {
    search = strategy->create(&arena, &(struct search_config){0});
    return strategy->attach(search, &arena);
}

static enum begin end(void *worker, enum ending ending) {
    struct view view = {.count = 0, .current = -1};
    strategy->end(worker, &view, ending);
    return strategy->begin(worker);
}

enum { ROUNDS = 4 }; /* in which a cycle is shown */

/* As many as there can be, in one state. */
Test(search_states, all_actors_are_heeded) {
    void *worker = start();
    enum begin begin = strategy->begin(worker);
    int executions = 0;
    for (; begin == BEGIN_RUN && executions <= OP_ACTORS; executions++) {
        int actor = pick(worker, 1, OP_ACTORS, OP_ACTORS);
        cr_assert(eq(int, actor, executions));
        step(worker, actor, 0);
        cr_assert(eq(int, pick(worker, 1, OP_ACTORS, OP_ACTORS), PICK_REDUNDANT));
        begin = end(worker, END_REDUNDANT);
    }
    cr_expect(eq(int, executions, OP_ACTORS));
    cr_assert(eq(int, (int)begin, BEGIN_SHOW));
    for (int i = 0; i < ROUNDS * OP_ACTORS; i++) {
        int actor = pick(worker, 0, OP_ACTORS, OP_ACTORS);
        cr_assert(eq(int, actor, i % OP_ACTORS));
        step(worker, actor, strategy->alternative(worker, 1, CHOICE_WAITER));
    }
    cr_expect(eq(int, pick(worker, 0, OP_ACTORS, OP_ACTORS), PICK_AROUND));
    cr_expect(eq(int, strategy->around(worker), (ROUNDS - 1) * OP_ACTORS));
    cr_expect(eq(int, (int)end(worker, END_FOUND), BEGIN_OVER));
}

/* The known state that an abandoned execution came to is not counted: the next one comes there again. */
Test(search_states, an_abandoned_execution_adds_no_step) {
    void *worker = start();
    int64_t states, steps;
    strategy->begin(worker);
    for (int i = 0; i < 2; i++) {
        cr_assert(eq(int, pick(worker, 1, 1, 1), 0));
        step(worker, 0, 0);
        cr_assert(eq(int, pick(worker, 1, 1, 1), PICK_REDUNDANT));
        cr_assert(eq(int, (int)end(worker, i == 0 ? END_ABANDONED : END_REDUNDANT),
                     i == 0 ? BEGIN_RUN : BEGIN_SHOW));
    }
    strategy->size(search, &states, &steps);
    cr_expect(eq(i64, states, 1));
    cr_expect(eq(i64, steps, 1));
}

/* Two actors, whose first step has two alternatives; what comes next is not what it was. */
static void *start_with_a_choice(void) {
    void *worker = start();
    strategy->begin(worker);
    cr_assert(eq(int, pick(worker, 1, 2, 2), 0));
    cr_assert(eq(int, strategy->alternative(worker, 2, CHOICE_WAITER), 0));
    step(worker, 0, 0);
    cr_assert(eq(int, pick(worker, 2, 2, 1), 0));
    step(worker, 0, 0);
    return worker;
}

Test(search_states, another_program_is_noticed) {
    void *worker = start_with_a_choice();
    end(worker, END_COMPLETE);
    cr_assert(eq(int, pick(worker, 1, 2, 2), 0));
    cr_expect(eq(int, strategy->alternative(worker, 3, CHOICE_WAITER), PICK_DIVERGED));

    worker = start_with_a_choice();
    end(worker, END_COMPLETE);
    cr_expect(eq(int, pick(worker, 1, 2, 0), PICK_DIVERGED));

    worker = start_with_a_choice();
    end(worker, END_COMPLETE);
    cr_assert(eq(int, pick(worker, 1, 2, 2), 0));
    step(worker, 0, 0); /* it did not ask */
    cr_expect(eq(int, pick(worker, 2, 2, 1), PICK_DIVERGED));
}

/* One actor, whose second alternative leads back. */
static void *start_to_show(void) {
    void *worker = start();
    enum begin begin = strategy->begin(worker);
    for (int i = 0; i < 2; i++) {
        cr_assert(eq(int, pick(worker, 1, 1, 1), 0));
        step(worker, 0, strategy->alternative(worker, 2, CHOICE_WAITER));
        if (i == 1)
            cr_assert(eq(int, pick(worker, 1, 1, 1), PICK_REDUNDANT));
        begin = end(worker, i == 1 ? END_REDUNDANT : END_COMPLETE);
    }
    cr_assert(eq(int, (int)begin, BEGIN_SHOW));
    return worker;
}

Test(search_states, another_program_is_noticed_when_a_cycle_is_shown) {
    void *worker = start_to_show();
    cr_expect(eq(int, pick(worker, 0, 1, 0), PICK_DIVERGED));

    worker = start_to_show();
    cr_assert(eq(int, pick(worker, 0, 1, 1), 0));
    cr_expect(eq(int, strategy->alternative(worker, 1, CHOICE_WAITER), PICK_DIVERGED));

    worker = start_to_show();
    cr_assert(eq(int, pick(worker, 0, 1, 1), 0));
    step(worker, 0, 0);
    cr_expect(eq(int, pick(worker, 0, 1, 1), PICK_DIVERGED));

    worker = start_to_show();
    cr_expect(eq(int, (int)end(worker, END_ABANDONED), BEGIN_SHOW), "it is shown again");
    for (int i = 0; i < ROUNDS; i++) {
        cr_assert(eq(int, pick(worker, 0, 1, 1), 0));
        step(worker, 0, strategy->alternative(worker, 2, CHOICE_WAITER));
    }
    cr_expect(eq(int, pick(worker, 0, 1, 1), PICK_AROUND));
}

/* An end cannot report it: the next pick does, and nothing is over before. */
Test(search_states, an_end_that_comes_too_early_is_noticed) {
    void *worker = start_with_a_choice();
    end(worker, END_COMPLETE);
    cr_expect(eq(int, (int)end(worker, END_COMPLETE), BEGIN_RUN));
    cr_expect(eq(int, pick(worker, 1, 2, 2), PICK_DIVERGED), "without a step");

    worker = start_with_a_choice();
    end(worker, END_COMPLETE);
    cr_assert(eq(int, pick(worker, 1, 2, 2), 0));
    step(worker, 0, 0);
    cr_expect(eq(int, (int)end(worker, END_COMPLETE), BEGIN_RUN));
    cr_expect(eq(int, pick(worker, 1, 2, 2), PICK_DIVERGED), "after another step");

    worker = start_to_show();
    cr_assert(eq(int, (int)end(worker, END_COMPLETE), BEGIN_SHOW));
    cr_expect(eq(int, pick(worker, 0, 1, 1), PICK_DIVERGED), "before the cycle");

    worker = start_to_show();
    cr_assert(eq(int, pick(worker, 0, 1, 0), PICK_DIVERGED));
    cr_expect(eq(int, (int)end(worker, END_REDUNDANT), BEGIN_SHOW), "it has shown nothing");
}

/* A failure, or too many steps: both have been told by others. */
Test(search_states, what_ends_within_the_cycle_is_over) {
    static const enum ending endings[] = {END_FOUND, END_CUT};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        cr_expect(eq(int, (int)end(start_to_show(), endings[i]), BEGIN_OVER));
}
