/* SPDX-License-Identifier: MIT */
/*
 * When does an execution fail? The judges that need nothing but the kernel's view: overtaking,
 * recurring states, exit, nobody can move. (Races and the heap are judged where memory is accessed,
 * misuse where the world is modelled.)
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/cut.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/judge.h"
#include "explore/runtime/object.h"
#include "explore/runtime/patience.h"
#include "explore/runtime/recur.h"
#include "explore/runtime/world/verdict.h"
#include "explore/search/search.h"
#include "report/kind.h"

/* The execution fails. To minimise, only the same failure counts; and what is traced may fail in
 * another way after the race that was noted. */
void judge_fail(struct shared_finding *finding) {
    /* The racy memory is not visible yet: who waits for it seems to wait for ever. */
    bool waits = finding->kind == KIND_LIVELOCK || finding->kind == KIND_DEADLOCK ||
                 finding->kind == KIND_LOST_WAKEUP || finding->kind == KIND_STARVATION;
    if (control->again && waits) {
        execution.ending = END_CUT;
        return;
    }
    bool same = shared->finding_count == 0 || finding_alike(finding, &shared->findings[0]);
    execution.ending = END_FOUND;
    if (control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (control->phase == PHASE_TRACE && same)
        finding_renew(finding);
    else if (control->phase == PHASE_MINIMISE && !same)
        execution.ending = END_CUT;
}

/* True: too often. */
static bool passed_once_more(struct fiber *waiter, const struct fiber *fiber) {
    if (waiter == fiber || waiter->passed_at == execution.index) /* by another of its objects */
        return false;
    waiter->passed_at = execution.index;
    waiter->passed++;
    int round = shared->config.overtaking > 0 ? patience_round(waiter) : 0;
    if (waiter->passed > shared->counts.overtaken &&
        (!control->strategy->states ||
         shared->config.overtaking > 0)) /* else it is of one way there */
        shared->counts.overtaken = waiter->passed;
    if (shared->config.overtaking <= 0 || waiter->passed <= shared->config.overtaking)
        return false;
    struct shared_finding finding;
    finding_start(&finding, KIND_STARVATION);
    message_add(&finding.message,
                PART(SAY_OVERTAKEN, waiter->number, (uint64_t)waiter->passed, waiter->address));
    if (round > 0) {
        message_add(&finding.message, PART(SAY_FOR_EVER));
        message_add(&finding.message, PART(SAY_CYCLE, (uint64_t)round));
    }
    finding_at(&finding, waiter->id, waiter->stack, waiter->pc, DOING(PART(SAY_WAITS)));
    finding_at(&finding, fiber->id, fiber->stack, execution.pc, DOING(PART(SAY_PASSES)));
    judge_fail(&finding);
    return true;
}

static bool passed_by(const struct object *taken, const struct fiber *fiber) {
    bool too_often = false;
    for (int word = 0; word < words_in_use(); word++)
        for (uint64_t bits = taken->waiters[word]; bits != 0; bits &= bits - 1)
            if (passed_once_more(fibers[word * 64 + __builtin_ctzll(bits)], fiber))
                too_often = true;
    return too_often;
}

/* Whoever waits for what this step took was passed once more. True: too often. */
bool judge_overtaking(const struct fiber *fiber) {
    bool too_often = false;
    for (int i = 0; i < execution.event.op.access_count; i++)
        if (execution.event.op.access[i].delta < 0 && execution.objects[i] != NULL)
            too_often = passed_by(execution.objects[i], fiber) || too_often;
    for (int id = 0; id < fiber_count && shared->config.overtaking > 0; id++)
        if (fibers[id] != NULL && patience_is_tried(fibers[id], fiber))
            too_often = passed_once_more(fibers[id], fiber) || too_often;
    return too_often;
}

/* After a step: does the state recur? */
bool judge_recurrence(struct fiber *fiber) {
    struct shared_finding finding;
    switch (recur_check(fiber, &finding)) {
    case RECUR_NOT:
    case RECUR_AWAITS:
        return false;
    case RECUR_REDUNDANT:
        execution.ending = END_REDUNDANT;
        return true;
    case RECUR_BY_CHOICE: /* other values are tried where they are asked for; a sample goes on */
        if (!control->strategy->exhaustive)
            return false;
        cut_round(execution.pc);
        return true;
    case RECUR_LIVELOCK:
        if (execution.assumed) { /* who could end it has no say */
            execution.ending = END_ASSUMED;
            return true;
        }
        judge_fail(&finding);
        return true;
    }
    return false;
}

void judge_around(int since) {
    struct shared_finding finding;
    recur_say_cycle(&finding, since);
    judge_fail(&finding);
}

void judge_exit(void) {
    struct shared_finding finding;
    if (verdict_end(&finding, execution.exit_status))
        judge_fail(&finding);
}

void judge_stuck(void) {
    struct shared_finding finding;
    execution.ending = END_COMPLETE;
    bool alive = false;
    for (int id = 0; id < fiber_count; id++)
        alive = alive || (fibers[id] != NULL && execution.views[id].alive);
    if (!alive) /* the last thread has ended: so has the process, with status 0 (POSIX) */
        judge_exit();
    else if (verdict_deadlock(&finding, execution.assumed))
        judge_fail(&finding);
    else if (execution.assumed)
        execution.ending = END_ASSUMED;
}
