/* SPDX-License-Identifier: MIT */
#include "inject/walk/undisturbed.h"

#include <stdio.h>

#include "base/clock.h"
#include "inject/family/outside.h"
#include "inject/family/schedule.h"
#include "inject/family/signals.h"

#define UNDISTURBED_SECONDS 3 /* of processor time, which each run has at least */
#define MUCH_LONGER 4         /* a copy may take as long as the undisturbed run this many times */

/* Runs it, and counts how often `until` is called. */
static void run_counting(struct walk *walk, struct family *run) {
    while (walk->bounds.until != 0 && schedule_run_to(run, walk->bounds.until, 1))
        walk->bounds.until_left++;
    schedule_run(run);
}

/* It sleeps for ever. Could a signal from outside still wake it? The tried one may come from there,
 * unless it has come by itself, or tells of children. */
static bool waits_for_outside(const struct walk *walk, const struct family *run) {
    int tried = walk->options->signal;
    if (!walk->options->child_exit && run->tried.deliveries == 0)
        return outside_signals(run, tried) != 0;
    return (outside_signals(run, 0) & ~(1ULL << (tried - 1))) != 0;
}

/* A program that waits for ever without the signal waits for the signal: it gets it, and runs
 * on. */
static void finish_undisturbed(const struct walk *walk, struct family *run) {
    if (run->end != FAMILY_DEADLOCK || walk->options->child_exit || !waits_for_outside(walk, run))
        return;
    run->end = FAMILY_GOES_ON;
    signals_send(run, walk->options->signal);
    schedule_run(run);
    run->tried.deliveries = 0;
}

static struct family *run_once(struct walk *walk, bool counts, bool youngest_first) {
    struct family *run = family_copy(walk->owner, walk->family);
    double started = clock_seconds();
    if (run == NULL)
        return NULL;
    run->youngest_first = youngest_first;
    if (run->budget < UNDISTURBED_SECONDS)
        run->budget = UNDISTURBED_SECONDS;
    if (counts)
        run_counting(walk, run);
    else
        schedule_run(run);
    finish_undisturbed(walk, run);
    double budget = (clock_seconds() - started) * MUCH_LONGER;
    if (walk->family->budget < budget)
        walk->family->budget = budget;
    return run;
}

static int check_end(struct walk *walk, const struct family *run) {
    switch (run->end) {
    case FAMILY_EXITED:
    case FAMILY_KILLED:
        return 0;
    case FAMILY_DEADLOCK:
        if (!waits_for_outside(walk, run))
            return 0; /* that is its own fault, wherever the signal comes */
        return board_refuse(walk->report,
                            "waits for ever, with the signal and without it, unless another comes "
                            "from outside: ",
                            run->why);
    case FAMILY_RAN_AWAY:
        if (run->why[0] != '\0')
            return board_refuse(walk->report, "does not end by itself: ", run->why);
        return board_refuse(walk->report, "does not end by itself",
                            " (--instructions: how long to wait for it)");
    case FAMILY_CUT:
        walk->report->cut = true;
        snprintf(walk->report->note, sizeof walk->report->note,
                 "--seconds=%g is over before its run without the signal has ended",
                 walk->options->seconds);
        return -1;
    case FAMILY_INTERRUPTED:
        walk->report->interrupted = true;
        return -1;
    case FAMILY_UNSUPPORTED:
    case FAMILY_LOST:
    case FAMILY_GOES_ON:
        break;
    }
    return board_refuse(walk->report, run->why, "");
}

/* The run once more, to see what it prints otherwise. If children of its may end at any time, they do
 * so in the other order, unless it comes out wrong then. */
static struct family *run_again(struct walk *walk, const struct family *run) {
    bool children = walk->options->child_exit;
    struct family *again = run_once(walk, false, children);
    if (!children || again == NULL || (again->end == run->end && again->status == run->status))
        return again;
    family_end(again);
    return run_once(walk, false, false);
}

int undisturbed_learn(struct walk *walk) {
    struct family *run = run_once(walk, true, false), *again = NULL;
    int result =
        run == NULL ? fail(walk->error, "a process cannot be copied") : check_end(walk, run);
    if (result == 0) {
        again = run_again(walk, run);
        limits_learn(&walk->family->limits, &run->limits);
        judge_reference_from(walk->owner, run, again, &walk->reference);
        walk->reference.allow_exit = walk->options->allow_exit;
        walk->reference.any_output = walk->options->any_output;
        if (walk->worker == 0)
            board_keep_undisturbed(walk->board, &walk->reference);
    }
    family_end(again);
    family_end(run);
    return result;
}
