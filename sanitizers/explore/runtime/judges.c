/* SPDX-License-Identifier: MIT */
/*
 * When does an execution fail? The judges that need nothing but the kernel's view: overtaking,
 * recurring states, exit, nobody can move. (Races and the heap are judged where memory is accessed,
 * misuse where the world is modelled.)
 */
#include "explore/runtime/base.h"

#include "explore/runtime/lasting.h"
#include "explore/runtime/now.h"
#include "report/report.h"

/* The execution fails. To minimise, only the same failure counts; and what is traced may fail in
 * another way after the race that was noted. */
void fail(struct shared_finding *finding) {
    /* The racy memory is not visible yet: who waits for it seems to wait for ever. */
    bool waits = finding->kind == KIND_LIVELOCK || finding->kind == KIND_DEADLOCK ||
                 finding->kind == KIND_LOST_WAKEUP || finding->kind == KIND_STARVATION;
    if (control->again && waits) {
        now.ending = END_CUT;
        return;
    }
    bool same = shared->finding_count == 0 || finding_alike(finding, &shared->findings[0]);
    now.ending = END_FOUND;
    if (control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (control->phase == PHASE_TRACE && same)
        finding_renew(finding);
    else if (control->phase == PHASE_MINIMISE && !same)
        now.ending = END_CUT;
}

/* True: too often. */
static bool passed_once_more(struct fiber *waiter, const struct fiber *fiber) {
    if (waiter == fiber || waiter->passed_at == now.index) /* by another of its objects */
        return false;
    waiter->passed_at = now.index;
    if (++waiter->passed > shared->overtaken)
        shared->overtaken = waiter->passed;
    if (shared->config.overtaking <= 0 || waiter->passed <= shared->config.overtaking)
        return false;
    struct shared_finding finding;
    finding_start(&finding, KIND_STARVATION,
                  "starvation: thread %d was passed %d times while it waited for @", waiter->number,
                  waiter->passed);
    finding.objects[0] = waiter->address;
    finding_at(&finding, waiter->id, waiter->stack, waiter->pc, "waits", NULL);
    finding_at(&finding, fiber->id, fiber->stack, now.pc, "passes it", NULL);
    fail(&finding);
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
    for (int i = 0; i < now.event.op.access_count; i++)
        if (now.event.op.access[i].delta < 0 && now.objects[i] != NULL)
            too_often = passed_by(now.objects[i], fiber) || too_often;
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
        now.ending = END_REDUNDANT;
        return true;
    case RECUR_LIVELOCK:
        fail(&finding);
        return true;
    }
    return false;
}

void judge_exit(void) {
    struct shared_finding finding;
    if (judge_end(&finding, now.exit_status))
        fail(&finding);
}

void judge_stuck(void) {
    struct shared_finding finding;
    now.ending = END_COMPLETE;
    bool alive = false;
    for (int id = 0; id < fiber_count; id++)
        alive = alive || (fibers[id] != NULL && now.views[id].alive);
    if (!alive) /* the last thread has ended: so has the process, with status 0 (POSIX) */
        judge_exit();
    else if (judge_deadlock(&finding))
        fail(&finding);
}
