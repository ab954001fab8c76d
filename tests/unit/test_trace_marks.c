/* SPDX-License-Identifier: MIT */
/* Where accesses that race stand in a trace, and where a cycle begins. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "explore/front/trace_marks.h"
#include "tests/support/trace.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(trace_marks, .init = setup, .fini = teardown);

/* A step in a row of the table below: who, what, where. */
struct made {
    int actor;
    enum op_kind kind;
    int line;
};
enum { MOST_STEPS = 12 };

static void add_step(struct trace *trace, const struct made *made) {
    struct shared_step *step = trace_step(trace, made->actor, made->kind, made->line);
    bool lock = made->kind == OP_MUTEX_LOCK;
    if (!lock && made->kind != OP_MUTEX_UNLOCK)
        return;
    trace_access(step, MODE_WRITE, lock ? -1 : +1);
    step->event.op.access[0].need = lock;
}

static uint64_t pc_of(int line) {
    return trace_step(trace_new(owner), 0, OP_LOAD, line)->pc;
}

static struct shared_finding *race_of(struct trace *trace, int later, int earlier, int line) {
    struct shared_finding *finding = &trace->shared->findings[0];
    trace_find(trace, KIND_DATA_RACE, "data race on `total`");
    finding->location_count = 2;
    finding->locations[0] = (struct shared_location){.actor = later, .pc = pc_of(17)};
    finding->locations[1] = (struct shared_location){.actor = earlier, .pc = pc_of(line)};
    return finding;
}

/* The later access is always that of the last step's thread. */
static const struct row {
    char about[64];
    struct made steps[MOST_STEPS];
    int earlier, line; /* the access: whose, and where */
    int after;         /* number of the step that it follows */
} rows[] = {
    {"between lock and unlock",
     {{1, OP_START, 0},
      {1, OP_MUTEX_LOCK, 10},
      {1, OP_MUTEX_UNLOCK, 12},
      {1, OP_END, 0},
      {2, OP_START, 0}},
     1,
     11,
     2},
    {"behind both",
     {{1, OP_START, 0},
      {1, OP_MUTEX_LOCK, 10},
      {1, OP_MUTEX_UNLOCK, 12},
      {1, OP_END, 0},
      {2, OP_START, 0}},
     1,
     17,
     3},
    {"before both",
     {{1, OP_START, 0},
      {1, OP_MUTEX_LOCK, 11},
      {1, OP_MUTEX_UNLOCK, 12},
      {1, OP_END, 0},
      {2, OP_START, 0}},
     1,
     10,
     1},
    {"at the step itself",
     {{1, OP_START, 0}, {1, OP_CALL, 11}, {1, OP_CALL, 12}, {1, OP_END, 0}, {2, OP_START, 0}},
     1,
     11,
     2},
    {"in the last of two rounds",
     {{1, OP_START, 0},
      {1, OP_LOAD, 10},
      {1, OP_STORE, 12},
      {1, OP_LOAD, 10},
      {1, OP_STORE, 12},
      {2, OP_START, 0}},
     1,
     11,
     4},
    {"in the round that no lock orders",
     {{1, OP_START, 0},
      {1, OP_MUTEX_LOCK, 10},
      {1, OP_MUTEX_UNLOCK, 12},
      {1, OP_MUTEX_LOCK, 18},
      {1, OP_MUTEX_UNLOCK, 20},
      {2, OP_START, 0},
      {2, OP_MUTEX_LOCK, 10}},
     1,
     11,
     5},
    {"in the round before a step that was not made",
     {{1, OP_START, 0}, {1, OP_LOAD, 10}, {1, OP_STORE, 12}, {1, OP_LOAD, 10}, {2, OP_START, 0}},
     1,
     11,
     4},
    {"not before the creation that orders it",
     {{0, OP_LOAD, 10}, {0, OP_CREATE, 28}, {0, OP_CREATE, 28}, {1, OP_START, 0}},
     0,
     20,
     2},
    {"not before a join that orders it",
     {{1, OP_START, 0}, {2, OP_START, 0}, {2, OP_LOAD, 30}},
     1,
     10,
     1},
};

Test(trace_marks, an_access_stands_between_the_steps_of_its_thread) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trace *trace = trace_new(owner);
        static const struct made nothing;
        int count = 0;
        for (; count < MOST_STEPS && memcmp(&rows[i].steps[count], &nothing, sizeof nothing) != 0;
             count++)
            add_step(trace, &rows[i].steps[count]);
        race_of(trace, trace->shared->trace[count - 1].event.actor, rows[i].earlier, rows[i].line);
        struct trace_marks marks = trace_marks_of(&trace->outcome, 0);
        cr_assert(eq(int, marks.racing_count, 2), "%s", rows[i].about);
        cr_expect(eq(int, marks.racing[0].after + 1, rows[i].after), "%s", rows[i].about);
        cr_expect(eq(sz, marks.racing[0].location, 1), "%s", rows[i].about);
        cr_expect(eq(int, marks.racing[1].after + 1, count), "%s", rows[i].about);
        cr_expect(eq(int, marks.cycle, -1), "%s", rows[i].about);
    }
}

/* With --races=report the execution goes on after the race. */
Test(trace_marks, a_race_that_was_noted_lies_where_it_was) {
    struct trace *trace = trace_new(owner);
    for (int i = 0; i < 6; i++)
        trace_step(trace, i % 2, OP_LOAD, 10);
    race_of(trace, 1, 0, 11)->schedule_length = 4;
    struct trace_marks marks = trace_marks_of(&trace->outcome, 0);
    cr_expect(eq(int, marks.racing[0].after, 2));
    cr_expect(eq(int, marks.racing[1].after, 3));
}

Test(trace_marks, what_is_no_race_has_none) {
    struct trace *trace = trace_seat(owner);
    cr_expect(eq(int, trace_marks_of(&trace->outcome, 0).racing_count, 0));
    cr_expect(eq(int, trace_marks_of(&trace->outcome, 7).racing_count, 0), "there is no such one");
    struct trace *empty = trace_new(owner);
    race_of(empty, 0, 1, 10);
    cr_expect(eq(int, trace_marks_of(&empty->outcome, 0).racing_count, 0));
}

/* The program may have written there. */
Test(trace_marks, actors_that_made_no_step_have_no_place) {
    static const int pairs[][2] = {{3, 0}, {0, 3}, {-1, 0}, {0, -1}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct trace *trace = trace_new(owner);
        trace_step(trace, 0, OP_LOAD, 10);
        race_of(trace, pairs[i][0], pairs[i][1], 11);
        cr_expect(eq(int, trace_marks_of(&trace->outcome, 0).racing_count, 0), "%d %d", pairs[i][0],
                  pairs[i][1]);
    }
}

Test(trace_marks, a_livelock_ends_in_its_cycle) {
    static const struct {
        struct message_part said;
        int cycle;
    } cycles[] = {
        {PART(SAY_CYCLE, 3), 7},           {PART(SAY_CYCLE, 10), 0},
        {PART(SAY_CYCLE, 12), -1},         {PART(SAY_CYCLE, 0), -1},
        {PART(SAY_CYCLE, UINT64_MAX), -1}, {PART(SAY_THREAD_WAITS, 3), -1},
    };
    struct trace *trace = trace_new(owner);
    for (int i = 0; i < 10; i++)
        trace_step(trace, i % 2, OP_YIELD, 10);
    trace_find(trace, KIND_LIVELOCK, "");
    for (size_t i = 0; i < sizeof cycles / sizeof *cycles; i++) {
        message_set(&trace->shared->findings[0].message, cycles[i].said);
        cr_expect(eq(int, trace_marks_of(&trace->outcome, 0).cycle, cycles[i].cycle), "row %zu", i);
    }
}
