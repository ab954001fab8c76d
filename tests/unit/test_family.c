/* SPDX-License-Identifier: MIT */
/*
 * What a family decides without a process: who comes next, what is let go, which end stands, what a
 * held child has inherited, what a deadlock is said to be; and by which waypoint a copy goes a way.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/memory.h"
#include "inject/copy/waypoints.h"
#include "inject/family/order.h"
#include "inject/family/waits.h"
#include "tests/support/text.h"

enum { MOST = 4, FIRST = FAMILY_FIRST_PID, NOBODY = -1 };

static void *owner;
static struct family *family;

static void setup(void) {
    owner = talloc_new(NULL);
}

/* Never family_end: there are no processes to be ended. */
static void teardown(void) {
    talloc_free(owner);
}

TestSuite(family, .init = setup, .fini = teardown);

/* ---- Members ------------------------------------------------------------------------- */

/* 'r'eady, 'a'sleep, 'n'apping, 'h'eld, 'e'nded. */
static enum task_state state_of(char letter) {
    static const char letters[] = "ranhe";
    const char *at = strchr(letters, letter);
    cr_assert(at != NULL && letter != '\0', "no state '%c'", letter);
    return (enum task_state)(at - letters);
}

/* One task for each letter: the first process, and children of it. */
static void new_family(const char *states) {
    family = talloc_zero(owner, struct family);
    for (int i = 0; states[i] != '\0'; i++)
        family_add(family, 0, FIRST + i, i == 0 ? FIRST - 1 : FIRST)->state = state_of(states[i]);
}

static int index_of(const struct task *task) {
    return task == NULL ? NOBODY : task->id - FIRST;
}

/* ---- Who runs next ------------------------------------------------------------------- */

static const struct {
    const char *states;
    uint64_t turns[MOST];
    int next;
} ready_rows[] = {
    {"r", {0}, 0},         /* alone */
    {"a", {0}, NOBODY},    /* asleep */
    {"anhe", {0}, NOBODY}, /* none is ready */
    {"rr", {2, 1}, 1},     /* the younger */
    {"rr", {1, 2}, 0},     /* the older */
    {"rr", {1, 1}, 0},     /* of equals the older */
    {"arr", {1, 3, 2}, 2}, /* of those that are ready */
    {"ehr", {1, 2, 3}, 2}, /* the only one */
};

Test(family, the_one_that_has_not_run_for_longest_comes_first) {
    for (size_t i = 0; i < sizeof ready_rows / sizeof *ready_rows; i++) {
        new_family(ready_rows[i].states);
        for (size_t task = 0; task < family->task_count; task++)
            family->tasks[task]->turn = ready_rows[i].turns[task];
        cr_expect(eq(int, index_of(order_ready(family)), ready_rows[i].next), "row %zu", i);
    }
}

/* ---- What is let go ------------------------------------------------------------------ */

static const struct {
    const char *states;
    const char *receivers;        /* of delayed signals, the oldest first: "02" */
    int timers[MOST], naps[MOST]; /* when they end; 0: there is none */
    bool timed;
    enum order_source source;
    int which; /* the task, or the index of the signal */
} source_rows[] = {
    {"a", "", {0}, {0}, true, ORDER_NOTHING, NOBODY},
    {"ah", "", {0}, {0}, true, ORDER_CHILD, 1},
    {"ahh", "", {0}, {0}, true, ORDER_CHILD, 1}, /* the oldest */
    {"aehh", "", {0}, {0}, true, ORDER_CHILD, 2},
    {"ah", "0", {5}, {0}, true, ORDER_CHILD, 1}, /* before signals and time */
    {"ae", "0", {5}, {0}, true, ORDER_SIGNAL, 0},
    {"aa", "10", {0}, {0}, false, ORDER_SIGNAL, 0},
    {"aea", "12", {0}, {0}, true, ORDER_SIGNAL, 1}, /* the receiver of the first is gone */
    {"ae", "1", {0}, {0}, true, ORDER_NOTHING, NOBODY},
    {"ae", "1", {5}, {0}, true, ORDER_TIMER, 0},
    {"a", "", {5}, {0}, true, ORDER_TIMER, 0},
    {"a", "", {5}, {0}, false, ORDER_NOTHING, NOBODY}, /* no time is over */
    {"n", "", {0}, {5}, true, ORDER_NAP, 0},
    {"n", "", {0}, {5}, false, ORDER_NOTHING, NOBODY},
    {"n", "", {6}, {5}, true, ORDER_NAP, 0},
    {"n", "", {4}, {5}, true, ORDER_TIMER, 0},
    {"n", "", {5}, {5}, true, ORDER_TIMER, 0}, /* of equals the timer */
    {"nn", "", {0}, {7, 6}, true, ORDER_NAP, 1},
    {"ann", "", {0, 9, 8}, {0, 9, 9}, true, ORDER_TIMER, 2},
    {"ae", "", {0, 5}, {0}, true, ORDER_NOTHING, NOBODY}, /* who has ended has no timer */
    {"r", "", {0}, {5}, true, ORDER_NOTHING, NOBODY},     /* it does not nap any more */
};

static void prepare_source(size_t row) {
    new_family(source_rows[row].states);
    for (size_t i = 0; i < family->task_count; i++) {
        int timer = source_rows[row].timers[i];
        family->tasks[i]->timer_at = timer == 0 ? -1 : timer;
        family->tasks[i]->wakes_at = source_rows[row].naps[i];
    }
    for (const char *to = source_rows[row].receivers; *to != '\0'; to++)
        delayed_add(family, &family->delayed,
                    (struct delayed_signal){.to = FIRST + *to - '0', .number = SIGUSR1});
}

Test(family, a_child_is_let_go_before_a_signal_before_time) {
    for (size_t i = 0; i < sizeof source_rows / sizeof *source_rows; i++) {
        prepare_source(i);
        struct order_next next = order_source(family, source_rows[i].timed);
        int which = next.source == ORDER_SIGNAL ? (int)next.signal : index_of(next.task);
        cr_expect(eq(int, (int)next.source, (int)source_rows[i].source), "row %zu", i);
        cr_expect(eq(int, which, source_rows[i].which), "row %zu", i);
    }
}

Test(family, a_delayed_signal_is_taken_with_those_before_it) {
    new_family("aa");
    for (int i = 0; i < 3; i++)
        delayed_add(family, &family->delayed, (struct delayed_signal){.number = 10 + i});
    cr_expect(eq(int, delayed_take(&family->delayed, 1).number, 11));
    cr_assert(eq(sz, family->delayed.count, 1));
    cr_expect(eq(int, delayed_take(&family->delayed, 0).number, 12));
    cr_expect(eq(sz, family->delayed.count, 0));
}

/* ---- A child's end ------------------------------------------------------------------- */

static const struct {
    const char *states;
    int parents[MOST]; /* as indices */
    int next;          /* so that task 1 comes to its end */
} child_rows[] = {
    {"ar", {0}, 1},
    {"an", {0}, 1},
    {"aa", {0}, NOBODY},        /* it waits for the first process */
    {"aar", {0, 0, 0}, NOBODY}, /* its brother does not help */
    {"aar", {0, 0, 1}, 2},
    {"aah", {0, 0, 1}, 2},
    {"aaer", {0, 0, 1, 1}, 3},
    {"aan", {0, 0, 1}, NOBODY},
};

Test(family, a_child_is_led_to_its_end_by_itself_and_its_children) {
    for (size_t i = 0; i < sizeof child_rows / sizeof *child_rows; i++) {
        new_family(child_rows[i].states);
        for (size_t task = 1; task < family->task_count; task++)
            family->tasks[task]->parent = FIRST + child_rows[i].parents[task];
        cr_expect(eq(int, index_of(order_for_child(family, family->tasks[1])), child_rows[i].next),
                  "row %zu", i);
    }
}

static const struct {
    const char *states;
    int held[MOST]; /* from the youngest on, then NOBODY */
    bool alone;
} held_rows[] = {
    {"a", {NOBODY}, true},           {"ae", {NOBODY}, true},  {"aeh", {2, NOBODY}, false},
    {"ahrh", {3, 1, NOBODY}, false}, {"ar", {NOBODY}, false},
};

Test(family, held_children_are_counted_from_the_youngest) {
    for (size_t i = 0; i < sizeof held_rows / sizeof *held_rows; i++) {
        new_family(held_rows[i].states);
        for (size_t at = 0; at == 0 || held_rows[i].held[at - 1] != NOBODY; at++)
            cr_expect(eq(int, index_of(family_held(family, at)), held_rows[i].held[at]),
                      "row %zu, %zu", i, at);
        cr_expect(eq(int, order_is_alone(family), held_rows[i].alone), "row %zu", i);
    }
}

/* ---- Which end stands ---------------------------------------------------------------- */

/* What happens, in this order: 'x' the first process exits with 3, 'k' it is killed by signal 9,
 * 'c' a child exits with 4, 'd' deadlock, 'u' unsupported, 'i' interrupted. */
static const struct {
    const char *events;
    enum family_end end;
    int status;
    const char *why;
} end_rows[] = {
    {"", FAMILY_GOES_ON, 0, NULL},      {"c", FAMILY_GOES_ON, 0, NULL},
    {"x", FAMILY_EXITED, 3, NULL},      {"k", FAMILY_KILLED, 9, NULL},
    {"cx", FAMILY_EXITED, 3, NULL},     {"d", FAMILY_DEADLOCK, 0, "d"},
    {"dx", FAMILY_DEADLOCK, 0, "d"},    {"xd", FAMILY_EXITED, 3, NULL},
    {"ui", FAMILY_UNSUPPORTED, 0, "u"}, {"iuk", FAMILY_INTERRUPTED, 0, "i"},
};

static void happens(char event) {
    switch (event) {
    case 'x':
        family_task_ended(family, family->tasks[0],
                          (struct stop){.kind = STOP_EXITED, .number = 3});
        break;
    case 'k':
        family_task_ended(family, family->tasks[0],
                          (struct stop){.kind = STOP_KILLED, .number = 9});
        break;
    case 'c':
        family_task_ended(family, family->tasks[1],
                          (struct stop){.kind = STOP_EXITED, .number = 4});
        break;
    case 'd':
        family_stop_because(family, FAMILY_DEADLOCK, "d");
        break;
    case 'u':
        family_stop_because(family, FAMILY_UNSUPPORTED, "u");
        break;
    default:
        family_stop_because(family, FAMILY_INTERRUPTED, "i");
        break;
    }
}

Test(family, the_first_end_stands) {
    for (size_t i = 0; i < sizeof end_rows / sizeof *end_rows; i++) {
        new_family("rr");
        for (const char *event = end_rows[i].events; *event != '\0'; event++)
            happens(*event);
        cr_expect(eq(int, (int)family->end, (int)end_rows[i].end), "row %zu", i);
        cr_expect(eq(int, family->status, end_rows[i].status), "row %zu", i);
        expect_text(family->why == NULL ? "" : family->why,
                    end_rows[i].why == NULL ? "" : end_rows[i].why);
    }
}

/* ---- What a held child has inherited ------------------------------------------------- */

static void stand_at(struct task *task, long call, uint64_t a, uint64_t b) {
    const uint64_t arguments[6] = {a, b};
    cpu_set_call(&task->cpu, call, arguments);
}

static const struct {
    long call;
    uint64_t a, b; /* its first arguments */
    bool by_first; /* else by another process */
    bool estranged, remapped;
} inheritance_rows[] = {
    {SYS_write, 1, 0, true, false, false},
    {SYS_chdir, 0, 0, true, true, false},
    {SYS_chdir, 0, 0, false, true, false},
    {SYS_brk, 0, 0, true, false, true},
    {SYS_brk, 0, 0, false, false, false},
    {SYS_mprotect, 0, 0, true, true, false}, /* the child has the old protection */
    {SYS_mprotect, 0, 0, false, false, false},
    {SYS_futex, 0, FUTEX_WAIT_PRIVATE, true, false, false},
    {SYS_futex, 0, FUTEX_LOCK_PI, true, true, false},
    {SYS_fcntl, 1, F_GETFL, true, false, false},
    {SYS_fcntl, 1, F_SETLKW, true, true, false},
    {SYS_clone, SIGCHLD, 0, true, false, false},
    {SYS_clone, 0, 0, true, true, false},
    {SYS_kill, FIRST, SIGUSR1, true, false, false},
    {SYS_kill, FIRST + 1, SIGUSR1, true, true, false}, /* it may be the held child */
    {SYS_tgkill, FIRST, FIRST, true, false, false},
};

Test(family, a_call_may_estrange_a_held_child) {
    new_family("rr");
    for (size_t i = 0; i < sizeof inheritance_rows / sizeof *inheritance_rows; i++) {
        bool by_first = inheritance_rows[i].by_first;
        struct task *task = family->tasks[by_first ? 0 : 1];
        struct inheritance inheritance = {.estranged = false};
        stand_at(task, inheritance_rows[i].call, inheritance_rows[i].a, inheritance_rows[i].b);
        inheritance_note_call(&inheritance, task, by_first, true);
        cr_expect(eq(int, inheritance.estranged, inheritance_rows[i].estranged), "row %zu", i);
        cr_expect(eq(int, inheritance.remapped, inheritance_rows[i].remapped), "row %zu", i);
        cr_expect(inheritance.called);
        inheritance_note_call(&inheritance, task, by_first, false);
        cr_expect(not(inheritance.estranged), "row %zu: there is no held child any more", i);
    }
}

Test(family, a_signal_estranges_where_a_handler_is_reset) {
    struct inheritance inheritance = {.resets = false};
    inheritance_note_signal(&inheritance);
    cr_expect(not(inheritance.estranged));
    inheritance.resets = true;
    inheritance_note_signal(&inheritance);
    cr_expect(inheritance.estranged);
}

/* ---- What a deadlock is said to be --------------------------------------------------- */

static const struct {
    const char *states;
    long calls[2]; /* of the first process, and of its child */
    const char *words;
} wait_rows[] = {
    {"a", {SYS_futex}, "waits for a lock that nobody will release (futex)"},
    {"a", {SYS_pause}, "sleeps for ever in pause: no signal is pending or to come"},
    {"a", {SYS_read}, "reads from a descriptor that nobody else will write to"},
    {"a", {SYS_poll}, "sleeps for ever in poll"},
    {"a", {999}, "sleeps for ever in system call 999"},
    {"a", {SYS_wait4}, "wait: no child is left that could end"},
    {"ae", {SYS_wait4, SYS_futex}, "wait: no child is left that could end"},
    {"aa",
     {SYS_waitid, SYS_futex},
     "waitid: the child itself waits for a lock that nobody will release (futex)"},
};

Test(family, a_deadlock_says_what_the_first_process_waits_for) {
    for (size_t i = 0; i < sizeof wait_rows / sizeof *wait_rows; i++) {
        new_family(wait_rows[i].states);
        for (size_t task = 0; task < family->task_count; task++)
            stand_at(family->tasks[task], wait_rows[i].calls[task], 0, 0);
        expect_text(waits_of_first(family), wait_rows[i].words);
    }
    family->tasks[0]->halted = true;
    expect_text(waits_of_first(family), "was stopped and nobody continues it");
}

/* ---- Waypoints ----------------------------------------------------------------------- */

static const struct {
    const char *way; /* a letter for each step's pc; a capital: perhaps without a hit there */
    char pc;         /* of the waypoint; 0: the way's beginning */
    uint64_t hits, step;
} waypoint_rows[] = {
    {"", 0, 0, 0},         /* nothing to go by */
    {"ab", 0, 0, 0},       /* a breakpoint costs more than two steps */
    {"abc", 'c', 1, 3},    /* as much as three */
    {"abcab", 'c', 1, 3},  /* a second meeting costs as much again */
    {"abcabc", 'c', 2, 6}, /* of equals the later */
    {"abcd", 'd', 1, 4},   /* from d on nothing is left */
    {"aaaaaa", 0, 0, 0},   /* each meeting costs three steps */
    {"aaaabc", 'c', 1, 6}, /* of b and c the later */
    {"abC", 0, 0, 0},      /* c is none */
    {"abcC", 0, 0, 0},     /* ...any more */
    {"abcCd", 'd', 1, 5},  /* but d is */
};

Test(family, a_copy_goes_by_the_cheapest_waypoint) {
    for (size_t i = 0; i < sizeof waypoint_rows / sizeof *waypoint_rows; i++) {
        struct waypoints *way = waypoints_new(owner);
        for (const char *step = waypoint_rows[i].way; *step != '\0'; step++)
            waypoints_meet(way, (uint64_t)(*step | 0x20), (*step & 0x20) == 0);
        cr_expect(eq(u64, way->best.pc, (uint64_t)waypoint_rows[i].pc), "row %zu", i);
        cr_expect(eq(u64, way->best.hits, waypoint_rows[i].hits), "row %zu", i);
        cr_expect(eq(u64, way->best.step, waypoint_rows[i].step), "row %zu", i);
    }
}

/* ---- Limits -------------------------------------------------------------------------- */

static void make(size_t count, enum task_state state) {
    for (size_t i = 0; i < count && family->end == FAMILY_GOES_ON; i++)
        family_add(family, 0, FIRST + 100 + (int)i, FIRST)->state = state;
}

/* How many processes a run makes until it has run away. */
static size_t made_in_all(const struct limits *limits) {
    new_family("r");
    family->limits = *limits;
    limits_restart(&family->limits);
    make(100000, TASK_ENDED);
    cr_expect(eq(int, (int)family->end, (int)FAMILY_RAN_AWAY));
    cr_expect(family->limits.endless);
    return family->limits.made;
}

Test(family, ends_when_it_makes_processes_without_end) {
    struct limits limits = limits_undisturbed(NULL, 0);
    cr_expect(eq(sz, made_in_all(&limits), 4001));
    limits.made = 30;
    limits_learn(&limits, &limits);
    cr_expect(eq(sz, made_in_all(&limits), 521));
    limits_widen(&limits, 10);
    cr_expect(eq(sz, made_in_all(&limits), 5201));
}

Test(family, ends_when_too_many_live_at_once) {
    new_family("r");
    family->limits = limits_undisturbed(NULL, 0);
    make(1000, TASK_HELD);
    cr_expect(eq(int, (int)family->end, (int)FAMILY_UNSUPPORTED));
    cr_expect(eq(sz, family->task_count, 257));
    expect_text(family->why, "has more than 256 processes at once: inject leads no more");
}

Test(family, ends_when_it_waits_without_end) {
    new_family("r");
    family->limits = limits_undisturbed(NULL, 0);
    while (family->end == FAMILY_GOES_ON)
        family_count_wait(family);
    cr_expect(eq(sz, family->limits.waits, 30001));
    expect_text(family->why, "waits and goes on without end");
}

Test(family, ends_when_it_is_told_to_or_the_time_is_up) {
    static const _Atomic bool stop = true;
    new_family("r");
    cr_expect(family_may_go_on(family));
    family->limits = limits_undisturbed(NULL, 1e-9);
    cr_expect(not(family_may_go_on(family)));
    cr_expect(eq(int, (int)family->end, (int)FAMILY_CUT));
    new_family("r");
    family->limits = limits_undisturbed(&stop, 0);
    cr_expect(not(family_may_go_on(family)));
    cr_expect(eq(int, (int)family->end, (int)FAMILY_INTERRUPTED));
}
