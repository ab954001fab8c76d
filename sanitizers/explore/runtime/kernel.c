/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The kernel runs on the process's first stack, the program's threads on stacks of their own. A
 * fiber that comes to a visible operation leaves it in `pending`, and enters the kernel with a
 * request, as a call on the kernel's stack; the kernel makes an event of the step that just ended,
 * asks the search who goes next, and returns to that fiber, whose step() then returns. So between
 * two requests exactly one fiber runs, and what it does there belongs to its last step.
 *
 * An execution ends when the process exits, when nobody can move, when the search says that it is
 * equivalent to an earlier one, or at a finding. Then memory is rewound (rewind.c) and the next
 * begins. What is known of the execution at hand is in `execution`, rewound with the rest; what has to
 * last is in `lasting` (this worker) and `control` (all of them).
 */
#include "explore/runtime/base.h"

#include <sys/syscall.h>

#include "explore/runtime/actors.h"
#include "explore/runtime/audit/audit.h"
#include "explore/runtime/blocks.h"
#include "explore/runtime/checkpoint.h"
#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/cut.h"
#include "explore/runtime/effort.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/input.h"
#include "explore/runtime/judge.h"
#include "explore/runtime/kernel.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/object.h"
#include "explore/runtime/patience.h"
#include "explore/runtime/pending.h"
#include "explore/runtime/raced.h"
#include "explore/runtime/recur.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/store_buffer.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/worker.h"
#include "explore/search/search.h"

/* The program goes on, as that fiber, once its stack is the one in use. */
static void *resume(struct fiber *fiber) {
    self = fiber;
    lasting->ran[fiber->id] = true;
    tls_use(fiber->fs);
    store_buffer_show(fiber);
    lasting->in_kernel = false;
    return fiber->sp;
}

static bool guards_hold(const struct fiber *fiber) {
    for (int i = 0; i < fiber->pending.access_count; i++) {
        const struct access *access = &fiber->pending.access[i];
        if (access->need == OP_QUIET)
            continue; /* it is pending because all was quiet */
        if (access->need > 0 && fiber->objects[i]->state < access->need)
            return false;
    }
    return true;
}

/* A thread's first step touches nothing. Its last one is only waited for, unless somebody asks whether it has been
 * made. (What else it does before and behind these is no step.) */
static bool goes_first(const struct fiber *fiber) {
    return fiber->pending.kind == OP_START ||
           (fiber->pending.kind == OP_END && fiber->id != 0 && control->facts.ends_asked == 0);
}

static void look_at(struct fiber *fiber, struct actor_view *view) {
    bool ready = fiber->state == FIBER_READY;
    bool could = ready && (!fiber->guarded || guards_hold(fiber));
    view->alive = ready || fiber->state == FIBER_ASLEEP;
    view->pending = ready ? &fiber->pending : NULL;
    view->awaits = could && fiber->awaits;
    view->enabled = could && !view->awaits;
    view->first = could && goes_first(fiber);
    view->yields = fiber->yields || fiber->tired ||
                   (control->endless_count > 0 && cut_is_known(fiber->id, fiber->pc));
    view->enabled_by = fiber->enabled_by;
}

static void look_again(int id, bool changed) {
    struct fiber *fiber = fibers[id];
    struct actor_view *view = &execution.views[id];
    bool before = view->enabled;
    if (changed)
        look_at(fiber, view);
    else if (!view->awaits)
        view->enabled = guards_hold(fiber);
    if (before && !view->enabled)
        fiber->enabled_at = execution.index - 1;
    execution.enabled += view->enabled - before;
}

/* Brings the views up to date; how many actors are enabled. Only what has changed is looked at, and
 * the guards on objects that have. */
static int look_around(void) {
    for (int word = 0; word < words_in_use(); word++) {
        uint64_t changed = execution.changed[word];
        for (uint64_t bits = changed | execution.stirred[word]; bits != 0; bits &= bits - 1) {
            int bit = __builtin_ctzll(bits);
            look_again(word * 64 + bit, (changed >> bit & 1) != 0);
        }
        execution.changed[word] = execution.stirred[word] = 0;
    }
    return execution.enabled;
}

/* Nobody can move: time passes until the first timed sleep is over. */
static bool let_time_pass(void) {
    struct fiber *first = NULL;
    for (int id = 0; id < fiber_count; id++) {
        struct fiber *fiber = fibers[id];
        if (fiber != NULL && fiber->state == FIBER_ASLEEP && fiber->timed &&
            (first == NULL || fiber->deadline < first->deadline))
            first = fiber;
    }
    if (first == NULL)
        return false;
    const struct op timeout = {
        .kind = OP_TIMEOUT,
        .access_count = 1,
        .access = {{.mode = MODE_ALL, .need = OP_QUIET, .bytes = 0xff}},
    };
    first->timed_out = true;
    pending_set(first, &timeout);
    return true;
}

static void record(const struct fiber *fiber) {
    if (!lasting->traced || execution.index >= SHARED_TRACE)
        return;
    shared->trace_length = execution.index + 1;
    bool buffer = fiber->buffer_of != NULL; /* the processor's doing, no switch */
    bool switched = execution.current >= 0 && execution.current != fiber->id && !buffer;
    bool could_go_on = switched && execution.views[execution.current].enabled;
    shared->trace[execution.index] = (struct shared_step){
        .address = fiber->address,
        .pc = fiber->pc,
        .stack = fiber->stack,
        .flags = (switched ? STEP_SWITCH : 0U) | (could_go_on ? STEP_PREEMPT : 0U),
    };
}

/* The fiber's pending operation happens execution. */
static void grant(struct fiber *fiber) {
    record(fiber);
    pending_apply(fiber);
    memcpy(execution.objects, fiber->objects, sizeof execution.objects);
    execution.event =
        (struct event){.op = fiber->pending, .actor = fiber->id, .enabled_by = fiber->enabled_by};
    execution.pc = fiber->pc;
    fiber->enabled_by = -1;
    if (shared->config.overtaking == 0)
        fiber->passed = 0;
    fiber->flags = 0;
    fiber->yields = fiber->pending.kind == OP_YIELD || fiber->pending.kind == OP_TICK;
    fiber_changed(fiber);
    if (fiber->buffer_of == NULL)
        execution.current = fiber->id;
}

/* The search has no answer to what the program does. */
static void diverge(void) {
    execution.diverged = true;
    execution.ending = END_REDUNDANT;
}

/* Answers the choice that the running fiber asks for. */
static bool answer(void) {
    if (execution.forced > 0) { /* then it is none of those steps */
        diverge();
        return false;
    }
    int answer = control->strategy->alternative(lasting->search, execution.choose_count,
                                                (enum choice)execution.choose_kind);
    if (answer < 0 || answer >= execution.choose_count) {
        diverge();
        return false;
    }
    execution.event.alternative = (uint8_t)answer;
    execution.event.alternatives = (uint8_t)execution.choose_count;
    return true;
}

static void finish_step(struct fiber *fiber) {
    if (execution.index < SHARED_TRACE)
        execution_keep_decision();
    if (lasting->traced && execution.index < SHARED_TRACE) {
        struct shared_step *entry = &shared->trace[execution.index];
        entry->event = execution.event;
        entry->value = fiber->value;
        entry->flags |= fiber->flags;
    }
    flow_step_ends();
    if (execution.forced == 0) {
        control->strategy->step(lasting->search, &execution.event);
        execution.asked++;
    }
    recur_moved(fiber, &execution.event, execution.index);
    if (shared->config.overtaking > 0)
        patience_moved(fiber);
    execution.index++;
    lasting->moves++;
}

/* Makes the next step that of the actor whom the search picks. NULL: the execution is over. */
static struct fiber *choose_step(const struct fingerprint *state) {
    execution.forced = 0;
    if (lasting->shows && execution.asked == control->strategy->around(lasting->search))
        lasting->around = execution.index;
    const struct view view = {.actors = execution.views,
                              .count = fiber_count,
                              .current = execution.current,
                              .enabled = execution.enabled,
                              .assumed = execution.assumed,
                              .state = *state};
    int actor = control->strategy->pick(lasting->search, &view);
    if (actor == PICK_AROUND) {
        judge_around(lasting->around);
        return NULL;
    }
    if (actor < 0 || !(execution.views[actor].enabled || execution.views[actor].awaits)) {
        execution.ending = END_REDUNDANT;
        execution.diverged = actor != PICK_REDUNDANT;
        return NULL;
    }
    grant(fibers[actor]);
    return fibers[actor];
}

static bool takes_checkpoints(void) {
    return control->strategy->kept != NULL && !lasting->shows;
}

/* One costs as much as some steps. The first is at main; the next where somebody else could move, as nearly all that is
 * to be tried branches off behind that. */
static bool wants_checkpoint(void) {
    enum { APART = 8 };
    const struct strategy *strategy = control->strategy;
    if (!takes_checkpoints() || strategy->returns == NULL || checkpoint_latest() < 0)
        return takes_checkpoints();
    if (execution.asked - checkpoint_latest() < APART)
        return false;
    return (checkpoint_latest() == 0 && execution.enabled > 1) ||
           strategy->returns(lasting->search);
}

/* Steps within which nothing is chosen. */
static const bool settled[OP_KIND_COUNT] = {
    [OP_MUTEX_LOCK] = true, [OP_MUTEX_UNLOCK] = true, [OP_COND_RELOCK] = true,
    [OP_SEM_WAIT] = true,   [OP_SEM_POST] = true,     [OP_RW_READ] = true,
    [OP_RW_WRITE] = true,   [OP_RW_UNLOCK] = true,    [OP_CREATE] = true,
    [OP_START] = true,      [OP_END] = true,          [OP_LOAD] = true,
    [OP_STORE] = true,
};

/* To a search over states: who made the last step, if there is nobody else who could make the next. Then there is
 * nothing to decide, and nothing to come back for; but one that goes round for ever must be seen to. (Not behind a
 * step of a store buffer: in the graph, all that a step leads to is its actor's doing.) */
static struct fiber *goes_on_alone(void) {
    enum { FORCED = 16 };
    if (!control->strategy->states || execution.enabled != 1 || execution.current < 0 ||
        shared->config.overtaking > 0 || execution.forced == FORCED ||
        execution.event.actor != execution.current)
        return NULL;
    for (int id = 0; id < fiber_count; id++)
        if (id != execution.current && execution.views[id].awaits) /* in a cycle that is shown */
            return NULL;
    struct fiber *fiber = fibers[execution.current];
    return execution.views[execution.current].enabled && fiber->buffer_of == NULL &&
                   settled[fiber->pending.kind]
               ? fiber
               : NULL;
}

/* Nobody can move unless time passes. NULL: the execution is over. */
static struct fiber *begin_step(void) {
    int enabled = look_around();
    if (enabled == 0 && (let_time_pass() || recur_release()))
        enabled = look_around();
    if (enabled == 0) {
        judge_stuck();
        return NULL;
    }
    if (enabled > 1 && control->alone == 0)
        control->alone = execution.index;
    struct fiber *fiber = goes_on_alone();
    if (fiber != NULL) {
        execution.forced++;
        grant(fiber);
        return fiber;
    }
    struct fingerprint state = {0};
    if (wants_checkpoint())
        state = checkpoint_take(execution.asked);
    return choose_step(&state);
}

/* Steps whose outcome may hang on what does not happen before them, or that nobody has looked at as to that. */
static const bool unordered[OP_KIND_COUNT] = {
    [OP_CALL] = true,   [OP_BUFFER] = true, [OP_FLUSH] = true,
    [OP_CANCEL] = true, [OP_LOOK] = true,   [OP_SEM_READ] = true,
    [OP_READ] = true,   [OP_WRITE] = true,  [OP_TIMEOUT] = true,
};

static bool is_alone(const struct fiber *fiber) {
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id] != fiber && execution.views[id].alive)
            return false;
    return true;
}

/* What the search has taken for nothing turns out to matter: it begins anew, and heeds it. */
static void heed(const struct fiber *fiber) {
    if (unordered[execution.event.op.kind] && !is_alone(fiber))
        execution.unordered = true;
    const struct control_facts *facts = &control->facts;
    struct control_facts *learnt = &control->learnt;
    if (control->given_up != 0)
        control->stop = 1;
    bool ends = execution.ends_asked && facts->ends_asked == 0;
    bool times = fiber_looks > 0 && facts->times == 0;
    bool past = times || (execution.unordered && facts->past_whole == 0);
    if (!ends && !past)
        return;
    if (ends)
        learnt->ends_asked = 1;
    if (past)
        learnt->past_whole = 1;
    if (times)
        learnt->times = 1;
    worker_search_anew();
}

/* A cycle that is shown is one to those who judge a replay, too, and they have more to say of it. */
static bool is_judged_around(struct fiber *fiber) {
    bool over = judge_recurrence(fiber) && execution.ending == END_FOUND;
    if (!over)
        execution.ending = END_COMPLETE;
    return over;
}

/* The fiber's step has ended. False: so has the execution. */
static bool end_step(struct fiber *fiber) {
    finish_step(fiber);
    if (execution.over) {
        if (execution.exited)
            judge_exit();
        return false;
    }
    if (execution.index >= shared->config.steps) {
        cut_steps(execution.pc);
        return false;
    }
    if (control->strategy->states) {
        heed(fiber);
        return !judge_overtaking(fiber) && !(lasting->shows && is_judged_around(fiber));
    }
    return !judge_overtaking(fiber) && !judge_recurrence(fiber);
}

/* The next thread to run, once the stores that reach memory before it have. */
static struct fiber *thread_from(struct fiber *next) {
    while (next != NULL && next->buffer_of != NULL) {
        self = next;
        store_buffer_flush(next);
        next = end_step(next) ? begin_step() : NULL;
    }
    return next;
}

static struct fiber *next_thread(void) {
    bool over = !end_step(self);
    store_buffer_hide(self);
    return over ? NULL : thread_from(begin_step());
}

void *kernel_serve(void) {
    lasting->in_kernel = true;
    struct fiber *next;
    if (execution.request == REQUEST_CHOOSE) {
        store_buffer_hide(self);
        next = answer() ? self : NULL;
    } else {
        next = next_thread();
    }
    return next != NULL ? resume(next) : lasting->sp;
}

static void rewind_world(void) {
    tls_use(tls_pointer(0));
    fiber_clean_stacks();
    memory_forget();
    rewind_memory();
    input_back();
    blocks_rewind();
    hb_begin();
    raced_begin();
    recur_begin();
    audit_begin();
}

static void start_main(void) {
    struct fiber *fiber = actor_make(0, -1);
    fiber->fs = tls_pointer(0);
    fiber->pending = (struct op){.kind = OP_START};
    self = fiber;
}

static void count(void) {
    if (execution.ending == END_COMPLETE || execution.ending == END_FOUND)
        __atomic_add_fetch(&shared->counts.executions, 1, __ATOMIC_RELAXED);
    else if (execution.ending == END_REDUNDANT)
        __atomic_add_fetch(&shared->counts.blocked, 1, __ATOMIC_RELAXED);
    else if (execution.ending == END_ASSUMED)
        __atomic_add_fetch(&shared->counts.assumed, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&shared->counts.steps, execution.index, __ATOMIC_RELAXED);
    if (execution.index > shared->counts.deepest)
        shared->counts.deepest = execution.index;
}

/* As the last execution was after that many steps; from main, if it cannot be had. */
static struct fiber *set_out(int steps) {
    const struct strategy *strategy = control->strategy;
    struct fingerprint state;
    if (steps >= 0 && (steps = checkpoint_back(steps, &state)) >= 0) {
        recur_back();
        strategy->resume(lasting->search, steps);
        return choose_step(&state);
    }
    rewind_world();
    if (takes_checkpoints())
        checkpoint_begin();
    exploring = true;
    start_main();
    return begin_step();
}

/* One execution, to its end. */
static void execute(void) {
    const struct strategy *strategy = control->strategy;
    struct fiber *first = set_out(takes_checkpoints() ? strategy->kept(lasting->search) : -1);
    int start = execution.index;
    first = thread_from(first);
    if (first != NULL)
        context_switch(&lasting->sp, resume(first)); /* returns when the execution is over */
    input_look();
    look_around(); /* for the pending operations of those that did not come to them */
    if (execution.assumed && execution.ending == END_COMPLETE)
        execution.ending = END_ASSUMED;
    const struct view view = {
        .actors = execution.views, .count = fiber_count, .current = execution.current};
    if (execution.ending != END_ABANDONED)
        count();
    effort_spend(execution.index - start);
    control->strategy->end(lasting->search, &view, execution.ending);
}

static void divergence(void) {
    arena_lock(&control->arena);
    if (shared->end == SHARED_RUNNING) {
        message_set(&shared->reason, PART(SAY_DIVERGED, (uint64_t)execution.index));
        shared->end = SHARED_DIVERGED;
    }
    arena_unlock(&control->arena);
    control->stop = 1;
}

static void budget(void) {
    int64_t steps = control->strategy->kept != NULL ? control_steps() : shared->counts.steps,
            states;
    if (control->strategy->states)
        control->strategy->size(control->search, &states, &steps);
    if (control->step_limit > 0 && steps >= control->step_limit)
        control->stop = 1;
    if (control->phase != PHASE_SEARCH || control->strategy->states ||
        shared->config.executions <= 0 ||
        shared->counts.executions + shared->counts.assumed < shared->config.executions ||
        !control->strategy->exhaustive)
        return;
    control->stop = 1;
}

/* Where a choice between searches is left, states that take a process each are no way. */
static void give_up(void) {
    if (control->strategy->states && lasting->touched && control->step_limit > 0) {
        control->given_up = SAY_STATES_OUTSIDE;
        control->stop = 1;
    }
}

/* What the search has to heed from its next beginning on comes in numbers: it goes on for a while. */
static void learn(void) {
    int64_t done = shared->counts.executions + shared->counts.blocked;
    if (control->again_soon != 0 && (done & (done - 1)) == 0)
        worker_search_anew();
}

static void pause_a_little(void) {
    const long nap[2] = {0, 50000};
    system_call(SYS_nanosleep, (long)nap, 0, 0, 0, 0, 0);
}

/* After an execution: must this process end? */
static int verdict_of_execution(void) {
    if (execution.diverged && !control->again)
        divergence();
    if (execution.threads_out)
        return WORKER_AGAIN;
    if (execution.ending == END_FOUND && control->phase == PHASE_SEARCH &&
        !shared->config.keep_going)
        control->stop = 1;
    enum { OFTEN = 256 }; /* where an execution is a process of its own, no tick comes */
    if (lasting->touched || shared->counts.executions % OFTEN == 0)
        cut_at_deadline();
    budget();
    effort_look();
    give_up();
    learn();
    if (control->stop || control->again)
        return WORKER_DONE;
    return lasting->touched ? WORKER_AGAIN : -1;
}

int kernel_run(void) {
    const struct strategy *strategy = control->strategy;
    lasting->search = strategy->attach(control->search, &lasting->arena);
    lasting->in_kernel = true;
    lasting->traced = control->phase == PHASE_TRACE;
    for (;;) {
        if (control->stop || control->again)
            return WORKER_DONE;
        enum begin begin = strategy->begin(lasting->search);
        if (begin == BEGIN_OVER && control->again_soon != 0) {
            worker_search_anew();
            return WORKER_DONE;
        }
        if (begin == BEGIN_OVER) {
            control->exhausted = 1;
            return WORKER_DONE;
        }
        lasting->shows = begin == BEGIN_SHOW;
        if (begin == BEGIN_WAIT) {
            pause_a_little();
            continue;
        }
        execute();
        if (strategy->left != NULL && (shared->counts.executions & 255) == 0)
            shared->counts.left = strategy->left(control->search);
        if (strategy->states)
            strategy->size(control->search, &shared->counts.states, &shared->counts.state_steps);
        int end = verdict_of_execution();
        if (end >= 0)
            return end;
    }
}
