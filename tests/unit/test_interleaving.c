/* SPDX-License-Identifier: MIT */
/* One execution as a table, as JSON, for Chrome and for ShiViz. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/render/chrome.h"
#include "hazard/render/interleaving.h"
#include "hazard/render/interleaving_json.h"
#include "hazard/render/shiviz.h"
#include "tests/support/answer.h"
#include "tests/support/printed.h"
#include "tests/support/text.h"
#include "tests/support/trace.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
    unsetenv("COLUMNS");
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(interleaving, .init = setup, .fini = teardown);

static struct interleaving shown(const struct trace *trace) {
    return (struct interleaving){.outcome = &trace->outcome, .sources = &trace->outcome.sources};
}

static const char *print(const struct interleaving *what, const char *columns) {
    if (columns != NULL)
        setenv("COLUMNS", columns, 1);
    interleaving_print(printing(), 2, what);
    return printed(owner);
}

/* ---- The table ------------------------------------------------------------------------------- */

Test(interleaving, is_a_table_with_a_column_for_each_actor) {
    struct interleaving what = shown(trace_seat(owner));
    const char *expected = file_read(owner, "tests/fixtures/schedule/interleaving.txt", NULL);
    cr_assert(expected != NULL);
    expect_text(print(&what, NULL), expected);
}

/* The table's rows without their blanks at both ends, and with one blank for several; "\n" each. */
static const char *squeezed(const char *text) {
    char *to = talloc_strdup(owner, text), *end = to;
    for (const char *at = text; *at != '\0'; at++) {
        bool edge = end == to || end[-1] == '\n' || end[-1] == ' ';
        if (*at == '\n' && end > to && end[-1] == ' ')
            end--;
        if (*at != ' ' || !edge)
            *end++ = *at;
    }
    *end = '\0';
    return to;
}

static void expect_rows(const char *text, const char *const *rows, size_t count) {
    const char *at = squeezed(text);
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(at, talloc_asprintf(owner, "\n%s\n", rows[i]));
        cr_assert(found != NULL, "'%s' does not come in its place:\n%s", rows[i], text);
        at = found + strlen(rows[i]) + 1;
    }
}
#define EXPECT_ROWS(text, rows) expect_rows(text, rows, sizeof(rows) / sizeof *(rows))

Test(interleaving, where_columns_are_too_narrow_the_actor_stands_in_the_row) {
    static const char *const rows[] = {
        "1 main thread 28 | pthread_create(&threads[i],...", "creates thread 2",
        "2 ~ thread 2 10 | pthread_mutex_lock(&lock);", "locks `0x10000`", "3 ~ thread 3 starts"};
    struct trace *trace = trace_new(owner);
    struct interleaving what = shown(trace);
    trace_step(trace, 0, OP_CREATE, 28);
    trace_access(trace_step(trace, 1, OP_MUTEX_LOCK, 10), MODE_WRITE, -1);
    trace_step(trace, 2, OP_START, 0);
    EXPECT_ROWS(print(&what, "60"), rows);
}

static size_t widest_line(const char *text) {
    size_t widest = 0;
    for (; *text != '\0'; text += strcspn(text, "\n") + 1)
        if (strcspn(text, "\n") > widest)
            widest = strcspn(text, "\n");
    return widest;
}

/* The explanations below it are text, 66 columns wide. */
Test(interleaving, fits_the_page) {
    static const char *const pages[] = {"70", "80", "100", "133", "200"};
    static const int actors[] = {1, 2, 3, 5, 12, 100};
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++) {
        struct trace *trace = trace_new(owner);
        struct interleaving what = shown(trace);
        for (int step = 0; step < 200; step++)
            trace_step(trace, step % actors[i], OP_MUTEX_LOCK, step % 2 ? 28 : 31);
        for (size_t j = 0; j < sizeof pages / sizeof *pages; j++) {
            size_t width = widest_line(print(&what, pages[j]));
            cr_expect(le(sz, width, (size_t)atoi(pages[j])), "%d actors", actors[i]);
            cr_expect(ge(sz, width, 60), "%d actors: is it a table?", actors[i]);
        }
    }
    struct interleaving what = shown(trace_seat(owner));
    cr_expect(eq(sz, widest_line(print(&what, "nonsense")), 80), "80 columns if it is no number");
}

/* Which of the steps are shown: their numbers, and how many are left out between them. */
static const char *numbers(const char *text) {
    char *found = talloc_strdup(owner, "");
    for (text = strstr(text, "----"); text != NULL; text = strchr(text + 1, '\n')) {
        int number, length = 0;
        if (sscanf(text, "\n %d %n", &number, &length) == 1 && length > 0)
            found = talloc_asprintf_append(found, " %d", number);
        else if (sscanf(text, "\n ... %d more steps", &number) == 1)
            found = talloc_asprintf_append(found, " (%d)", number);
    }
    return found;
}

/* Runs of one actor each: the next actor, how many steps. */
static struct trace *trace_of_runs(const int *lengths, size_t count) {
    struct trace *trace = trace_new(owner);
    for (size_t run = 0; run < count; run++)
        for (int i = 0; i < lengths[run]; i++)
            trace_step(trace, (int)(run % 2), OP_LOAD, 0);
    return trace;
}

Test(interleaving, long_runs_are_left_out) {
    static const struct {
        const char *about;
        int runs[4];
        size_t count;
        int critical;
        const char *full, *shown;
    } rows[] = {
        {"short", {2, 3}, 2, 0, " 1 2 3 4 5", " 1 2 3 4 5"},
        {"before the first switch", {9, 1}, 2, 0, NULL, " (7) 8 9 10"},
        {"a gap of two is none", {4, 1}, 2, 0, NULL, " 1 2 3 4 5"},
        {"the middle of a run", {1, 10, 1}, 3, 0, NULL, " 1 2 3 4 (4) 9 10 11 12"},
        {"one actor alone", {20}, 1, 0, NULL, " (15) 16 17 18 19 20"},
        {"the critical step and its neighbours", {20}, 1, 7, NULL, " (5) 6 7 8 (7) 16 17 18 19 20"},
        {"one step", {1}, 1, 0, " 1", " 1"},
        {"two steps", {2}, 1, 0, " 1 2", " 1 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct interleaving what = shown(trace_of_runs(rows[i].runs, rows[i].count));
        what.critical = rows[i].critical;
        expect_text(numbers(print(&what, NULL)), rows[i].shown, "%s", rows[i].about);
        what.full = true;
        if (rows[i].full != NULL)
            expect_text(numbers(print(&what, NULL)), rows[i].full, "%s, full", rows[i].about);
    }
}

Test(interleaving, of_a_long_execution_a_page_is_shown) {
    struct trace *trace = trace_new(owner);
    struct interleaving what = shown(trace);
    for (int i = 0; i < 1000; i++)
        trace_step(trace, i % 2, OP_LOAD, 0);
    trace->shared->trace[499].flags |= STEP_PREEMPT;
    what.critical = 700;
    expect_text(
        numbers(print(&what, NULL)),
        " 1 2 3 4 (493) 498 499 500 501 502 (195) 698 699 700 701 702 (274) 977 978 979 980 "
        "981 982 983 984 985 986 987 988 989 990 991 992 993 994 995 996 997 998 999 1000");
}

Test(interleaving, a_step_that_chose_is_always_shown) {
    struct trace *trace = trace_of_runs((const int[]){1, 20, 1}, 3);
    struct interleaving what = shown(trace);
    trace->shared->trace[10].event.alternative = 1;
    trace->shared->trace[10].event.alternatives = 2;
    expect_text(numbers(print(&what, NULL)), " 1 2 3 4 (5) 10 11 12 (6) 19 20 21 22");
}

static uint64_t pc_of(int line) {
    return trace_step(trace_new(owner), 0, OP_LOAD, line)->pc;
}

/* Two threads that write without a lock; of the first access nothing else says when it was. */
static struct trace *trace_of_race(void) {
    struct trace *trace = trace_new(owner);
    trace_step(trace, 0, OP_START, 0);
    trace_step(trace, 1, OP_START, 0);
    trace_step(trace, 1, OP_MUTEX_UNLOCK, 12);
    trace_step(trace, 0, OP_MUTEX_LOCK, 10);
    trace_find(trace, KIND_DATA_RACE, "data race on `sold`");
    struct shared_finding *finding = &trace->shared->findings[0];
    finding->location_count = 2;
    finding->locations[0] = (struct shared_location){
        .actor = 0, .pc = trace->shared->trace[3].pc, .doing = DOING(PART(SAY_READ, 4))};
    finding->locations[1] = (struct shared_location){
        .actor = 1, .pc = pc_of(11), .doing = DOING(PART(SAY_PREVIOUS), PART(SAY_WRITE, 4))};
    return trace;
}

Test(interleaving, accesses_that_race_have_rows_without_a_number) {
    static const char *const rows[] = {"1 starts",
                                       "2 ~ starts",
                                       "! 11 | int free_seats = seats;",
                                       "previous write of 4 bytes",
                                       "3 12 | pthread_mutex_unlock(&lock);",
                                       "unlocks @",
                                       "4 ~ 10 | pthread_mutex_lock(&lock);",
                                       "locks @",
                                       "! read of 4 bytes"};
    struct interleaving what = shown(trace_of_race());
    const char *text = print(&what, "78");
    EXPECT_ROWS(text, rows);
    cr_expect(strstr(text, "\n  !  an access that races with the other") != NULL, "%s", text);
    cr_expect(strstr(text, "\n  *  ") == NULL, "no step is critical: %s", text);
}

Test(interleaving, the_step_before_an_access_that_races_is_never_left_out) {
    struct trace *trace = trace_of_race();
    struct interleaving what = shown(trace);
    struct shared *shared = trace->shared;
    shared->trace_length = 0;
    trace_step(trace, 1, OP_START, 0);
    for (int i = 0; i < 30; i++)
        trace_step(trace, 1, OP_LOAD, i == 14 ? 10 : 20);
    trace_step(trace, 0, OP_LOAD, 10);
    cr_expect(strstr(numbers(print(&what, NULL)), " 15 16 17 ") != NULL, "%s", print(&what, NULL));
}

Test(interleaving, the_cycle_of_a_livelock_is_marked) {
    struct trace *trace = trace_of_runs((const int[]){1, 20, 20}, 3);
    struct interleaving what = shown(trace);
    trace_find(trace, KIND_LIVELOCK, "");
    message_add(&trace->shared->findings[0].message, PART(SAY_CYCLE, 11));
    cr_expect(strstr(print(&what, NULL), "           the steps from here on repeat for ever:\n"
                                         "    31   ") != NULL,
              "%s", print(&what, NULL));
    expect_text(numbers(print(&what, NULL)),
                " 1 2 3 4 (14) 19 20 21 22 23 24 (5) 30 31 32 (6) 39 40 41");
}

Test(interleaving, nothing_is_shown_of_no_steps) {
    struct interleaving what = shown(trace_new(owner));
    expect_text(print(&what, NULL), "");
}

Test(interleaving, hostile_words_are_cleaned) {
    struct trace *trace = trace_seat(owner);
    struct interleaving what = shown(trace);
    trace->shared->trace[3].event.op.kind = 250;
    cr_expect(strstr(print(&what, NULL), "  ?\n") != NULL);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *as_text(json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT);
    const char *copy = talloc_strdup(owner, text);
    free(text);
    return copy;
}

static bool is_true(const json_t *object, const char *key) {
    return json_is_true(json_object_get(object, key));
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

Test(interleaving, as_json_has_all_steps) {
    static const struct {
        int number;
        const char *actor, *words, *file;
        int line;
        bool has_value, changes, preempts, critical;
    } rows[] = {
        {2, "main thread", "creates thread 2", "seat.c", 28, true, false, false, false},
        {7, "thread 3", "starts", "", 0, false, true, true, false},
        {9, "thread 3", "unlocks `0x10000`", "seat.c", 12, false, false, false, true},
    };
    struct interleaving what = shown(trace_seat(owner));
    json_t *steps = interleaving_json(&what);
    cr_assert(eq(sz, json_array_size(steps), 14));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int number = rows[i].number;
        const json_t *step = json_array_get(steps, (size_t)number - 1);
        cr_expect(eq(int, answer_number(step, "step"), number));
        expect_text(answer_word(step, "actor"), rows[i].actor, "step %d", number);
        expect_text(answer_word(step, "words"), rows[i].words, "step %d", number);
        expect_text(name_of(answer_word(step, "file")), rows[i].file, "step %d", number);
        cr_expect(eq(int, answer_number(step, "line"), rows[i].line), "step %d", number);
        cr_expect(eq(int, json_object_get(step, "value") != NULL, rows[i].has_value), "step %d",
                  number);
        cr_expect(eq(int, is_true(step, "switch"), rows[i].changes), "step %d", number);
        cr_expect(eq(int, is_true(step, "preemption"), rows[i].preempts), "step %d", number);
        cr_expect(eq(int, is_true(step, "critical"), rows[i].critical), "step %d", number);
    }
    json_decref(steps);
}

Test(interleaving, as_json_accesses_that_race_stand_behind_their_step) {
    struct interleaving what = shown(trace_of_race());
    json_t *steps = interleaving_json(&what);
    cr_assert(eq(sz, json_array_size(steps), 6));
    const json_t *access = json_array_get(steps, 2);
    cr_expect(eq(int, answer_number(access, "after"), 2));
    cr_expect(json_object_get(access, "step") == NULL);
    expect_text(answer_word(access, "actor"), "thread 2");
    expect_text(answer_word(access, "words"), "previous write of 4 bytes");
    cr_expect(eq(int, answer_number(access, "line"), 11));
    bool races = is_true(access, "race");
    cr_expect(races);
    json_decref(steps);
}

/* ---- Chrome ---------------------------------------------------------------------------------- */

/* What must hold of any trace: each "E" ends the last "B" of its track, nothing overlaps, arrows
 * come in pairs and forward, and time does not run backwards in a track. */
struct checked {
    int begins, arrows;
    const char *open[OP_ACTORS + 1][64];
    int depth[OP_ACTORS + 1];
    int last[OP_ACTORS + 1];
};

static void check_edge(struct checked *checked, json_t *event, size_t index) {
    int track = answer_number(event, "tid");
    if (strcmp(answer_word(event, "ph"), "B") == 0) {
        checked->begins++;
        checked->open[track][checked->depth[track]++] = answer_word(event, "name");
    } else {
        cr_assert(gt(int, checked->depth[track], 0), "event %zu ends nothing", index);
        expect_text(answer_word(event, "name"), checked->open[track][--checked->depth[track]],
                    "event %zu", index);
    }
}

static struct checked check_trace(json_t *trace) {
    struct checked checked = {0};
    json_t *event;
    size_t index;
    json_array_foreach(json_object_get(trace, "traceEvents"), index, event) {
        const char *phase = answer_word(event, "ph");
        int track = answer_number(event, "tid"), time = answer_number(event, "ts");
        cr_assert(track >= 1 && track <= OP_ACTORS, "event %zu", index);
        if (*phase == 'M' || *phase == 's' || *phase == 'f') {
            checked.arrows += *phase == 's' ? 1 : *phase == 'f' ? -1 : 0;
            continue;
        }
        cr_expect(time >= checked.last[track], "event %zu goes back in time", index);
        checked.last[track] = time + answer_number(event, "dur");
        if (*phase == 'B' || *phase == 'E')
            check_edge(&checked, event, index);
    }
    for (int i = 0; i <= OP_ACTORS; i++)
        cr_expect(eq(int, checked.depth[i], 0), "track %d stays open", i);
    cr_expect(eq(int, checked.arrows, 0), "arrows without an end");
    return checked;
}

Test(interleaving, chrome_shows_steps_locks_and_wake_ups) {
    struct interleaving what = shown(trace_seat(owner));
    json_t *trace = chrome_trace(&what);
    struct checked checked = check_trace(trace);
    cr_expect(eq(int, checked.begins, 4), "locks held");
    const char *text = as_text(trace);
    static const char *const wanted[] = {
        "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":2,\"args\":{\"name\":\"thread "
        "2\"}}",
        "{\"name\":\"holds 0x10000\",\"cat\":\"lock\",\"ph\":\"B\",\"ts\":48,\"pid\":1,\"tid\":2}",
        "{\"name\":\"holds 0x10000\",\"cat\":\"lock\",\"ph\":\"E\",\"ts\":50,\"pid\":1,\"tid\":2}",
        "{\"name\":\"starts\",\"cat\":\"step\",\"ph\":\"X\",\"ts\":30,\"dur\":8,\"pid\":1,\"tid\":"
        "2,",
        "{\"name\":\"wakes\",\"cat\":\"wake-up\",\"ph\":\"s\",\"id\":3,\"ts\":14,\"pid\":1,\"tid\":"
        "1}",
        "\"ph\":\"f\",\"bp\":\"e\",\"id\":3,\"ts\":34,\"pid\":1,\"tid\":2}",
        "{\"name\":\"critical step\",\"cat\":\"critical\",\"ph\":\"i\",\"s\":\"p\",\"ts\":88,",
        "\"source\":\"pthread_mutex_lock(&lock);\"",
        "\"displayTimeUnit\":\"ms\"",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        cr_expect(strstr(text, wanted[i]) != NULL, "%s in %s", wanted[i], text);
    json_decref(trace);
}

static void lock_step(struct trace *trace, enum op_kind kind, uint64_t object, int delta) {
    struct shared_step *step = trace_step(trace, 0, kind, 0);
    trace_access(step, MODE_WRITE, delta);
    step->event.op.access[0].object = object | OBJECT_SYNC;
}

/* A locked, B, C; A unlocked first: the slices of B and C are cut and go on. */
Test(interleaving, chrome_nests_locks_that_are_not_given_back_in_order) {
    struct trace *trace = trace_new(owner);
    struct interleaving what = shown(trace);
    for (uint64_t object = 0x10; object <= 0x30; object += 0x10)
        lock_step(trace, OP_MUTEX_LOCK, object, -1);
    lock_step(trace, OP_MUTEX_UNLOCK, 0x10, +1);
    lock_step(trace, OP_MUTEX_UNLOCK, 0x20, +1);
    json_t *made = chrome_trace(&what); /* 0x30 is held to the end */
    cr_expect(eq(int, check_trace(made).begins, 3 + 2 + 1));
    json_decref(made);
}

Test(interleaving, chrome_knows_what_is_no_lock) {
    struct trace *trace = trace_new(owner);
    struct interleaving what = shown(trace);
    lock_step(trace, OP_SEM_WAIT, 0x10, -1);
    lock_step(trace, OP_MUTEX_TRYLOCK, 0x20, -1);
    trace->shared->trace[1].flags |= STEP_FAILED;
    lock_step(trace, OP_MUTEX_UNLOCK, 0x30, +1);
    json_t *made = chrome_trace(&what);
    cr_expect(eq(int, check_trace(made).begins, 0));
    json_decref(made);
}

/* ---- ShiViz ---------------------------------------------------------------------------------- */

#define EXPRESSION "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n"

Test(interleaving, shiviz_gets_vector_clocks) {
    struct trace *trace = trace_new(owner);
    struct interleaving what = shown(trace);
    trace_step(trace, 0, OP_CREATE, 28);
    trace_access(trace_step(trace, 0, OP_MUTEX_LOCK, 10), MODE_WRITE, -1);
    trace_step(trace, 1, OP_START, 0)->event.enabled_by = 0;
    trace_access(trace_step(trace, 0, OP_MUTEX_UNLOCK, 12), MODE_WRITE, +1);
    trace_access(trace_step(trace, 1, OP_MUTEX_LOCK, 18), MODE_WRITE, -1);
    what.root = talloc_strndup(owner, trace->subject.sources.paths[0],
                               strlen(trace->subject.sources.paths[0]) - strlen("/seat.c"));
    what.critical = 5;
    expect_text(shiviz_log(owner, &what),
                EXPRESSION "main-thread {\"main-thread\":1}\ncreates thread 2 at seat.c:28\n"
                           "main-thread {\"main-thread\":2}\nlocks `0x10000` at seat.c:10\n"
                           "thread-2 {\"main-thread\":1, \"thread-2\":1}\nstarts\n"
                           "main-thread {\"main-thread\":3}\nunlocks `0x10000` at seat.c:12\n"
                           "thread-2 {\"main-thread\":3, \"thread-2\":2}\n"
                           "locks `0x10000` at seat.c:18 (critical step)\n");
}

/* Clocks as op.h says, found without any cleverness: clock[i] joins clock[j] for each j before i that
 * is of the same actor, dependent, or woke i. */
static void plain_clocks(const struct shared *shared, int (*clocks)[8]) {
    for (int i = 0; i < shared->trace_length; i++) {
        const struct event *event = &shared->trace[i].event;
        for (int j = 0; j < i; j++) {
            const struct event *before = &shared->trace[j].event;
            bool ordered = before->actor == event->actor || event->enabled_by == j ||
                           op_dependent(&before->op, &event->op);
            for (int k = 0; ordered && k < 8; k++)
                if (clocks[j][k] > clocks[i][k])
                    clocks[i][k] = clocks[j][k];
        }
        clocks[i][event->actor]++;
    }
}

static const char *clock_of_host(const char *line, int actor) {
    const char *host =
        actor == 0 ? "\"main-thread\":" : talloc_asprintf(owner, "\"thread-%d\":", actor + 1);
    const char *at = strstr(line, host);
    const char *end = strchr(line, '\n');
    return at != NULL && at < end ? at + strlen(host) : "0";
}

static struct access random_access(unsigned *seed) {
    static const uint8_t modes[] = {MODE_READ, MODE_WRITE, MODE_SHARE, MODE_POST, MODE_ALL};
    static const uint8_t bytes[] = {0x0f, 0xf0, 0x3c};
    int mode = rand_r(seed) % 20; /* seldom one that conflicts with all */
    return (struct access){.object = (uint64_t)(rand_r(seed) % 5) << 3,
                           .mode = modes[mode == 0 ? 4 : mode % 4],
                           .bytes = bytes[rand_r(seed) % 3]};
}

Test(interleaving, shiviz_clocks_are_those_of_the_definition) {
    enum { STEPS = 300, ACTORS = 6 };
    for (unsigned first = 1; first <= 5; first++) {
        unsigned seed = first;
        struct trace *trace = trace_new(owner);
        struct interleaving what = shown(trace);
        static int clocks[STEPS][8];
        memset(clocks, 0, sizeof clocks);
        for (int i = 0; i < STEPS; i++) {
            struct shared_step *step = trace_step(trace, rand_r(&seed) % ACTORS, OP_RMW, 0);
            step->event.op.access_count = (uint8_t)(rand_r(&seed) % (OP_ACCESSES + 1));
            for (int j = 0; j < step->event.op.access_count; j++)
                step->event.op.access[j] = random_access(&seed);
            if (i > 0 && rand_r(&seed) % 10 == 0)
                step->event.enabled_by = rand_r(&seed) % i;
        }
        plain_clocks(trace->shared, clocks);
        const char *line = shiviz_log(owner, &what) + strlen(EXPRESSION);
        for (int i = 0; i < STEPS; i++) {
            for (int actor = 0; actor < ACTORS; actor++)
                cr_expect(eq(int, atoi(clock_of_host(line, actor)), clocks[i][actor]),
                          "seed %u, step %d, actor %d", first, i + 1, actor);
            line = strchr(strchr(line, '\n') + 1, '\n') + 1;
        }
        cr_expect(eq(int, *line, '\0'));
    }
}
