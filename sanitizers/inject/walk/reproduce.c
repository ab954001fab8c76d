/* SPDX-License-Identifier: MIT */
/*
 * Both walk to their points in this very process, because a copy that is left over must be its child.
 */
#include "inject/walk/reproduce.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/family/schedule.h"
#include "inject/process/watch.h"
#include "inject/walk/attempt.h"
#include "inject/walk/board.h"
#include "inject/walk/deliver.h"
#include "inject/walk/walk.h"
#include "symbols/stack.h"

#define MOST_STEPS 20000 /* of a handler that are looked at; a printf takes some 1,500 */

/* ---- Walking to the point ------------------------------------------------------------ */

/* What is asked of a walk to one point. */
struct errand {
    void *owner;
    const struct inject_options *options;
    struct board *board;
    struct watch watch;
    struct walk walk;
    const int64_t *points; /* the last of them is the end of it */
    size_t count;
    struct reproduction *reproductions; /* one for each */
    struct reproduction *reproduction;  /* of the copy that is watched */
    struct location arrival;            /* where the signal came */
    int arrivals;
    pid_t left; /* the copy that is left to the caller; 0: none */
    struct error *error;
};

static int begin(struct errand *errand) {
    size_t last = (size_t)errand->points[errand->count - 1];
    errand->board = board_new(last + 1, errand->options->output_bytes);
    if (errand->board == NULL)
        return fail(errand->error, "cannot map memory: %s", strerror(errno));
    errand->walk = (struct walk){.owner = errand->owner,
                                 .options = errand->options,
                                 .board = errand->board,
                                 .report = &errand->board->workers[0],
                                 .jobs = 1,
                                 .chosen = {errand->points, errand->count, 0},
                                 .visit_data = errand,
                                 .error = errand->error};
    watch_start(&errand->watch);
    return 0;
}

/* As far as it comes. */
static int walk_along(struct errand *errand, const struct subject *subject) {
    struct walk *walk = &errand->walk;
    struct error none = {""};
    *errand->error = none;
    if (walk_run(walk, subject) != 0 && errand->error->text[0] != '\0')
        return -1;
    const struct board_worker *report = walk->report;
    if (report->unsupported[0] != '\0')
        return fail(errand->error, "%s: %s", subject->name, report->unsupported);
    return 0;
}

static int walk_to(struct errand *errand, const struct subject *subject) {
    const struct walk *walk = &errand->walk;
    if (walk_along(errand, subject) != 0)
        return -1;
    if (walk->report->interrupted)
        return fail(errand->error, "interrupted");
    if (walk->points.count <= (size_t)errand->points[0])
        return fail(errand->error, "there is no point %lld: %s has %zu",
                    (long long)errand->points[0], subject->name, walk->points.count);
    return 0;
}

static void finish(struct errand *errand) {
    walk_end(&errand->walk);
    watch_stop(&errand->watch);
    board_free(errand->board);
}

/* ---- Stacks -------------------------------------------------------------------------- */

static void look_at_stack(const struct errand *errand, const struct family *copy,
                          struct location *location) {
    const struct task *first = copy->tasks[0];
    location->frame_count = 0;
    location->frames = NULL;
    stack_of_stopped(errand->owner, first->pid, first->pid, location);
}

static void look_at_death(struct family *family, int number, void *data) {
    struct errand *errand = data;
    (void)number;
    look_at_stack(errand, family, &errand->reproduction->stuck);
}

/* Keeps the stack at the second of two signals; else at the last signal before the program comes
 * out wrong. */
static void look_at_arrival(struct family *family, void *data) {
    struct errand *errand = data;
    struct reproduction *reproduction = errand->reproduction;
    const struct task *first = family->tasks[0];
    struct cpu cpu;
    errand->arrivals++;
    if ((errand->options->second >= 0 && errand->arrivals != 2) || !cpu_read(first->pid, &cpu))
        return;
    look_at_stack(errand, family, &errand->arrival);
    reproduction->interrupted_pc = cpu_pc(&cpu);
    reproduction->interrupted_sleep = cpu_behind_interrupted_call(first->pid, &cpu);
}

/* The copy sleeps: it is stopped there. */
static void look_at_sleeper(const struct errand *errand, const struct family *copy) {
    pid_t pid = copy->tasks[0]->pid;
    tracee_interrupt(pid);
    struct stop stop = tracee_next_stop(pid);
    if (stop.kind != STOP_EXITED && stop.kind != STOP_KILLED)
        look_at_stack(errand, copy, &errand->reproduction->stuck);
}

/* The C library's code to which every handler returns; in a stripped library it has no symbol. */
static bool is_trampoline(const struct frame *frame) {
    return strcmp(frame->function, "__restore_rt") == 0 || strcmp(frame->function, "?") == 0;
}

/* How many frames of `stuck` lie above the interrupted stack. The interrupted stack is the end of
 * the other, unless the handler has returned or was left meanwhile. */
static size_t handler_frames(const struct location *stuck, const struct location *interrupted) {
    size_t common = interrupted->frame_count;
    if (common == 0 || stuck->frame_count <= common)
        return 0;
    size_t above = stuck->frame_count - common;
    for (size_t i = 0; i < common; i++)
        if (strcmp(stuck->frames[above + i].function, interrupted->frames[i].function) != 0)
            return 0;
    return is_trampoline(&stuck->frames[above - 1]) ? above : 0;
}

/* The stack of a copy that dies was read as it died. */
static void look_at_end(const struct errand *errand, const struct family *copy) {
    enum task_state state = copy->tasks[0]->state;
    if (copy->end == FAMILY_DEADLOCK && state == TASK_ASLEEP)
        look_at_sleeper(errand, copy);
    else if (copy->end == FAMILY_RAN_AWAY && state == TASK_READY)
        look_at_stack(errand, copy, &errand->reproduction->stuck);
}

/* Where the signal came that did the harm: where we sent it, or where a later one arrived. */
static void choose_interrupted(const struct errand *errand) {
    struct reproduction *reproduction = errand->reproduction;
    if (reproduction->ending.late || (errand->options->second >= 0 && errand->arrivals >= 2))
        reproduction->interrupted = errand->arrival;
    else
        reproduction->interrupted_pc = 0;
}

/* As rt_sigaction gives it; 0 if it does not. */
static uint64_t handler_of(const struct family *copy, int number) {
    const struct task *first = copy->tasks[0];
    uint64_t address = cpu_scratch(&first->cpu), action[4] = {0};
    uint64_t arguments[6] = {(uint64_t)number, 0, address, 8};
    unsigned char before[sizeof action];
    bool known = tracee_get(first->pid, address, before, sizeof before) &&
                 tracee_call(first->pid, copy->call_pc, SYS_rt_sigaction, arguments) == 0 &&
                 tracee_get(first->pid, address, action, sizeof action) &&
                 tracee_put(first->pid, address, before, sizeof before);
    return known ? action[0] : 0;
}

/* What a copy dies of may be what its handler has done, and that has returned when it dies. */
static void follow_handler(const struct errand *errand, struct family *copy) {
    struct reproduction *reproduction = errand->reproduction;
    const struct task *first = copy->tasks[0];
    if (errand->options->second >= 0)
        return;
    struct point *steps = new_array(errand->owner, struct point, MOST_STEPS);
    for (int i = 0; i < MOST_STEPS && copy->end == FAMILY_GOES_ON && copy->tried.returns == 0;
         i++) {
        if (errand->arrivals > 0 && first->signal == 0)
            steps[reproduction->handler_step_count++].pc = cpu_pc(&first->cpu);
        schedule_step(copy);
    }
    reproduction->handler_steps = steps;
}

/* The signal comes to the copy, and the stack is read where the copy dies or waits for ever. */
static void watch_copy(struct walk *walk, struct family *copy, void *data) {
    struct errand *errand = data;
    struct reproduction *reproduction = &errand->reproductions[walk->chosen.next];
    errand->reproduction = reproduction;
    errand->arrivals = 0;
    errand->arrival = (struct location){.actor = ""};
    *reproduction = (struct reproduction){.interrupted = {.actor = ""}};
    if (copy->tasks[0]->state == TASK_READY) {
        look_at_stack(errand, copy, &reproduction->interrupted);
        reproduction->handler_pc = handler_of(copy, errand->options->signal);
    }
    copy->observer.dies = look_at_death;
    copy->observer.comes = look_at_arrival;
    copy->observer.data = errand;
    copy->tried.returns = 0;
    attempt_signals(walk, copy);
    follow_handler(errand, copy);
    schedule_run(copy);
    struct judged judged = judge_copy(&walk->reference, copy);
    reproduction->tried = copy->end != FAMILY_CUT && copy->end != FAMILY_INTERRUPTED;
    look_at_end(errand, copy);
    reproduction->ending = (struct ending){
        judged.kind, never_null(talloc_strdup(errand->owner, judged.text)), judged.late};
    choose_interrupted(errand);
    if (copy->tried.returns == 0)
        reproduction->handler_frames =
            handler_frames(&reproduction->stuck, &reproduction->interrupted);
    family_end(copy);
}

int reproduce_points(void *owner, const struct subject *subject,
                     const struct inject_options *options, const int64_t *points, size_t count,
                     struct reproduction *reproductions, struct error *error) {
    for (size_t i = 0; i < count; i++)
        reproductions[i] = (struct reproduction){.ending.text = ""};
    struct errand errand = {.owner = owner,
                            .options = options,
                            .points = points,
                            .count = count,
                            .reproductions = reproductions,
                            .error = error};
    if (begin(&errand) != 0)
        return -1;
    errand.walk.visit = watch_copy;
    int result = walk_along(&errand, subject);
    finish(&errand);
    return result;
}

/* ---- Leaving it to a debugger -------------------------------------------------------- */

/* The copy's output goes where ours does, not to a pipe that nobody reads. */
static void give_output(const struct family *copy) {
    pid_t pid = copy->tasks[0]->pid;
    for (uint64_t i = 0; i < 2; i++) {
        uint64_t words[6] = {WALK_KEPT + i, STDOUT_FILENO + i};
        tracee_call(pid, copy->call_pc, SYS_dup2, words);
        uint64_t kept[6] = {WALK_KEPT + i};
        tracee_call(pid, copy->call_pc, SYS_close, kept);
    }
}

/* Takes the process to where SIGSTOP is about to be delivered: not one instruction further, because
 * signals come first. */
static bool bring_to_stop(pid_t pid, bool asleep) {
    kill(pid, SIGSTOP);
    if (!asleep && !tracee_step(pid, 0))
        return false;
    struct stop stop = tracee_next_stop(pid);
    return stop.kind == STOP_SIGNAL && stop.number == SIGSTOP;
}

static void let_children_go(const struct family *copy) {
    for (size_t i = 1; i < copy->task_count; i++)
        if (copy->tasks[i]->state != TASK_ENDED)
            ptrace(PTRACE_DETACH, copy->tasks[i]->pid, NULL, NULL);
}

/* The signal is sent while SIGSTOP is about to be delivered, and waits behind it. */
static void leave_copy(struct walk *walk, struct family *copy, void *data) {
    struct errand *errand = data;
    struct task *first = copy->tasks[0];
    bool asleep = first->state == TASK_ASLEEP;
    if (first->state == TASK_READY)
        give_output(copy);
    if (copy->end == FAMILY_GOES_ON && bring_to_stop(first->pid, asleep))
        deliver_signal(walk, copy);
    else
        family_stop_because(copy, FAMILY_LOST, "");
    long number = SIGSTOP;
    if (copy->end != FAMILY_GOES_ON || ptrace(PTRACE_DETACH, first->pid, NULL, number) != 0) {
        family_end(copy);
        return;
    }
    let_children_go(copy);
    errand->left = first->pid;
    talloc_free(copy);
}

pid_t reproduce_for_debugger(void *owner, const struct subject *subject,
                             const struct inject_options *options, int64_t at,
                             struct error *error) {
    struct errand errand = {
        .owner = owner, .options = options, .points = &at, .count = 1, .error = error};
    if (begin(&errand) != 0)
        return -1;
    errand.walk.visit = leave_copy;
    errand.walk.keeps_output = true;
    errand.walk.real_ids = true;
    int result = walk_to(&errand, subject);
    finish(&errand);
    if (result != 0)
        return -1;
    if (errand.left == 0)
        return fail(error, "the copy cannot be left at point %lld", (long long)at);
    return errand.left;
}
