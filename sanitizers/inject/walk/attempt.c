/* SPDX-License-Identifier: MIT */
#include "inject/walk/attempt.h"

#include <signal.h>
#include <stdio.h>

#include "inject/family/advance.h"
#include "inject/family/schedule.h"
#include "inject/walk/deliver.h"
#include "inject/walk/twice.h"

#define RUN_AWAYS 8 /* copies that ran away again, after which none is made a second time... */
#define PATIENCE 10 /* ...with a budget this many times as large */

void attempt_signals(const struct walk *walk, struct family *copy) {
    int64_t second = walk->options->second;
    if (second < 0)
        deliver_signal(walk, copy);
    else if (!twice_deliver(walk, copy, second))
        family_stop_because(copy, FAMILY_LOST, "no second signal can come there");
}

/* On into the call, until others have done so much while it sleeps. */
static void go_into_call(struct family *copy, uint64_t changes) {
    advance_step(copy);
    uint64_t before = copy->changes;
    while (copy->end == FAMILY_GOES_ON && copy->tasks[0]->state != TASK_READY &&
           copy->changes - before < changes)
        schedule_rest_to_change(copy);
    if (copy->end == FAMILY_GOES_ON && copy->tasks[0]->state != TASK_READY &&
        copy->changes - before == changes)
        return;
    copy->end = FAMILY_LOST;
    copy->why = "the call does not sleep again";
}

/* A copy where the walked process stands; with `inside` in the call in which it sleeps. NULL and
 * *why if there can be none. */
static struct family *copy_of(struct walk *walk, bool inside, const char **why) {
    struct family *copy = copies_make(walk->copies, why);
    if (copy != NULL)
        schedule_look(copy);
    if (copy == NULL || !inside)
        return copy;
    go_into_call(copy, walk->points.changes);
    return copy;
}

/* The plain case: one signal, to its handler, where the walked process stands. */
static bool is_plain(const struct walk *walk, bool inside) {
    const struct inject_options *options = walk->options;
    bool of_one = !options->child_exit || (walk->points.child != 0 && !walk->points.all_end);
    return !inside && options->second < 0 && of_one && walk->signal.handled &&
           !walk->signal.blocked && !walk->signal.pending && options->signal != SIGTRAP &&
           options->signal != SIGCONT;
}

/* A copy gets the signal: how does that end? */
static struct judged ask(struct walk *walk, bool inside, double patience) {
    int child = walk->options->child_exit ? walk->points.child : 0;
    struct family *tried = is_plain(walk, inside) ? copies_rehearse(walk->copies, child) : NULL;
    if (tried != NULL) {
        struct judged judged = judge_copy(&walk->reference, tried);
        family_end(tried);
        return judged;
    }
    struct judged judged = {.kind = ENDING_UNJUDGED};
    const char *why = "";
    struct family *copy = copy_of(walk, inside, &why);
    if (copy == NULL) {
        snprintf(judged.text, sizeof judged.text, "%s", why);
        return judged;
    }
    copy->budget *= patience;
    limits_widen(&copy->limits, patience);
    attempt_signals(walk, copy);
    schedule_run(copy);
    judged = judge_copy(&walk->reference, copy);
    walk->report->interrupted |= copy->end == FAMILY_INTERRUPTED;
    walk->report->cut |= copy->end == FAMILY_CUT;
    family_end(copy);
    return judged;
}

static void visit(struct walk *walk, bool inside) {
    const char *why;
    struct family *copy = copy_of(walk, inside, &why);
    if (copy != NULL)
        walk->visit(walk, copy, walk->visit_data);
}

/* Often only processor time tells a long run from an endless one, and on a busy machine it may lie: so
 * the first points at which copies run away are tried once more, with patience. */
void attempt_point(struct walk *walk, bool inside, struct board_point *point) {
    if (walk->visit != NULL) {
        visit(walk, inside);
        return;
    }
    struct judged judged = ask(walk, inside, 1);
    if (judged.kind == ENDING_RAN_AWAY && !judged.sure && walk->points.run_aways < RUN_AWAYS) {
        judged = ask(walk, inside, PATIENCE);
        walk->points.run_aways += judged.kind == ENDING_RAN_AWAY;
    }
    if (!walk->report->interrupted && !walk->report->cut)
        board_note_ending(walk->report, point, &judged);
}
