/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The kernel runs on the process's first stack, the program's threads on stacks of their own. A fiber
 * that comes to a visible operation leaves it in `pending`, and enters the kernel with a request; the
 * kernel makes an event of the step that just ended, asks the search who goes next, and switches to
 * that fiber, whose step() then returns. So between two requests exactly one fiber runs, and what it
 * does there belongs to its last step.
 *
 * An execution ends when the process exits, when nobody can move, when the search says that it is
 * equivalent to an earlier one, or at a finding. Then memory is rewound (rewind.c) and the next begins.
 * All variables here are static and thus rewound too; what has to last is in `lasting` (this worker)
 * and `control` (all of them).
 */
#include "explore/runtime/base.h"

#include <sys/syscall.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/heap.h"
#include "explore/runtime/lasting.h"
#include "report/report.h"

enum request { REQUEST_STEP, REQUEST_CHOOSE, REQUEST_SLEEP, REQUEST_OVER };
enum { OBJECTS = 256 };

struct fiber *self;
struct fiber *fibers[OP_ACTORS];
int fiber_count;
bool exploring;

static struct actor_view views[OP_ACTORS];
static struct object_entry {
    struct object object;
    struct object_entry *next;
} * objects[OBJECTS];

static enum request request;
static int choose_count, choose_kind;
static int current = -1;   /* the actor of the last step */
static struct event event; /* in progress */
static int event_index;    /* its index: events before it in this execution */
static bool over;          /* the execution has ended: `ending` and the rest say how */
static enum ending ending;
static bool exited, diverged, threads_out;
static int exit_status;

/* --- from the fiber's side --- */

static void enter_kernel(enum request what) {
    struct fiber *fiber = self;
    request = what;
    char here;
    if (&here < fiber->lowest)
        fiber->lowest = &here;
    context_switch(&fiber->sp, lasting->sp);
}

static void apply(struct fiber *fiber) {
    for (int i = 0; i < fiber->pending.access_count; i++)
        if (fiber->objects[i] != NULL) {
            fiber->pending.access[i].before = fiber->objects[i]->state;
            fiber->objects[i]->state += fiber->pending.access[i].delta;
        }
}

/* An object is looked up only where its state matters. */
static void resolve(struct fiber *fiber) {
    for (int i = 0; i < fiber->pending.access_count; i++) {
        const struct access *access = &fiber->pending.access[i];
        bool stateful = (access->need != 0 && access->need != OP_QUIET) || access->delta != 0;
        fiber->objects[i] = stateful ? object_find(access->object) : NULL;
    }
}

static void set_pending(struct fiber *fiber, const struct op *op) {
    fiber->pending = *op;
    fiber->state = FIBER_READY;
    resolve(fiber);
}

void step(const struct op *op, const void *address, uintptr_t pc) {
    set_pending(self, op);
    self->address = (uint64_t)(uintptr_t)address;
    self->pc = pc;
    if (exploring)
        enter_kernel(REQUEST_STEP);
    else
        apply(self);
    self->waits = NULL;
}

/* Amends the event in progress, which is the caller's. */
void step_amend(int index, enum mode mode, int32_t delta) {
    struct object *object = self->objects[index];
    struct access *access = exploring ? &event.op.access[index] : &self->pending.access[index];
    if (object != NULL)
        object->state += delta - access->delta;
    access->mode = (uint8_t)mode;
    access->delta = delta;
    if (mode == MODE_READ)
        access->need = 0;
}

void step_failed(void) {
    self->flags |= STEP_FAILED;
}

void step_value(uint64_t value) {
    self->value = value;
    self->flags |= STEP_HAS_VALUE;
}

int choose(int n, int kind) {
    if (!exploring || n <= 1)
        return 0;
    choose_count = n;
    choose_kind = kind;
    enter_kernel(REQUEST_CHOOSE);
    return event.alternative;
}

bool fall_asleep(bool timed, uint64_t deadline) {
    struct fiber *fiber = self;
    if (!exploring)
        unsupported(fiber->pc, "waits before main");
    fiber->timed = timed;
    fiber->timed_out = false;
    fiber->deadline = deadline;
    fiber->state = FIBER_ASLEEP;
    enter_kernel(REQUEST_SLEEP);
    fiber->waits = NULL;
    return !fiber->timed_out;
}

void wake(struct fiber *fiber, const struct op *next) {
    set_pending(fiber, next);
    fiber->enabled_by = event_index;
    fiber->timed = false;
}

_Noreturn static void leave(enum ending how) {
    over = true;
    ending = how;
    for (;;)
        enter_kernel(REQUEST_OVER);
}

_Noreturn void fiber_end(void) {
    self->state = FIBER_ENDED;
    for (;;)
        enter_kernel(REQUEST_SLEEP);
}

_Noreturn void execution_exit(int status) {
    exited = true;
    exit_status = control->exit_status = status;
    leave(END_COMPLETE);
}

/* --- objects --- */

struct object *object_find(uint64_t key) {
    struct object_entry **slot = &objects[(key * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
    for (struct object_entry *entry = *slot; entry != NULL; entry = entry->next)
        if (entry->object.key == key)
            return &entry->object;
    struct object_entry *entry = execution_new(sizeof *entry);
    *entry = (struct object_entry){.object = {.key = key}, .next = *slot};
    *slot = entry;
    return &entry->object;
}

/* --- fibers --- */

/* Where a new fiber starts. */
static void fiber_entry(void) {
    if (self->parent < 0)
        real_exit(program_main(program_argc, program_argv, program_envp));
    self->start(self->argument);
    fiber_end();
}

/* An actor's id depends on its parent and on how many that has created, not on the schedule. All workers
 * agree on it. */
static int actor_intern(int parent, int child) {
    int found_id = 0;
    arena_lock(&control->arena);
    for (int id = 1; id < control->actor_count && found_id == 0; id++)
        if (control->actors[id].parent == parent && control->actors[id].child == child)
            found_id = id;
    if (found_id == 0 && control->actor_count < OP_ACTORS) {
        found_id = control->actor_count++;
        control->actors[found_id].parent = (int16_t)parent;
        control->actors[found_id].child = (int16_t)child;
    }
    arena_unlock(&control->arena);
    return found_id;
}

static int actor_id(int parent, int child) {
    enum { KNOWN = sizeof lasting->ids[0] / sizeof lasting->ids[0][0] };
    if (child < KNOWN && lasting->ids[parent][child] != 0)
        return lasting->ids[parent][child];
    int id = actor_intern(parent, child);
    if (child < KNOWN)
        lasting->ids[parent][child] = (int16_t)id;
    return id;
}

static struct fiber *fiber_make(int id, int parent) {
    struct fiber *fiber = scratch_new(sizeof *fiber);
    char *top = stack_of(id);
    if (top == NULL)
        unsupported(0, "no memory for the stack of a thread");
    static uint16_t number;
    *fiber = (struct fiber){.id = (uint8_t)id,
                            .parent = (int16_t)parent,
                            .number = ++number,
                            .enabled_by = -1,
                            .holder = -1,
                            .state = FIBER_READY,
                            .lowest = top};
    fiber->sp = context_new(top, fiber_entry);
    fibers[id] = fiber;
    if (id >= fiber_count)
        fiber_count = id + 1;
    shared->actors[id].parent = parent;
    shared->actors[id].number = fiber->number;
    if (shared->actor_count <= id)
        shared->actor_count = id + 1;
    return fiber;
}

struct fiber *fiber_new(void *(*start)(void *), void *argument) {
    if (!exploring)
        unsupported(0, "a thread is created before main");
    int id = actor_id(self->id, self->children);
    if (id == 0)
        return NULL;
    self->children++;
    if (id >= tls_count()) { /* abandoned, and made again in a process that has more */
        control->lend = id < 128 ? 2 * id + 1 : OP_ACTORS - 1;
        threads_out = true;
        leave(END_ABANDONED);
    }
    struct fiber *fiber = fiber_make(id, self->id);
    fiber->fs = tls_pointer(id);
    fiber->start = start;
    fiber->argument = argument;
    fiber->enabled_by = event_index;
    fiber->pending = (struct op){.kind = OP_START};
    shared->actors[id].start = (uint64_t)(uintptr_t)start;
    return fiber;
}

/* --- from the kernel's side --- */

static void run(struct fiber *fiber) {
    self = fiber;
    tls_use(fiber->fs);
    lasting->in_kernel = false;
    context_switch(&lasting->sp, fiber->sp);
    lasting->in_kernel = true;
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

/* Brings the views up to date; how many actors are enabled. */
static int look_around(void) {
    int enabled = 0;
    for (int id = 0; id < fiber_count; id++) {
        struct fiber *fiber = fibers[id];
        struct actor_view *view = &views[id];
        if (fiber == NULL)
            continue;
        bool ready = fiber->state == FIBER_READY;
        view->alive = ready || fiber->state == FIBER_ASLEEP;
        view->pending = ready ? &fiber->pending : NULL;
        bool could = ready && guards_hold(fiber);
        view->awaits = could && recur_awaits(fiber);
        view->enabled = could && !view->awaits;
        view->yields = fiber->yields;
        view->enabled_by = fiber->enabled_by;
        enabled += view->enabled;
    }
    return enabled;
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
    set_pending(first, &timeout);
    if (first->clock < first->deadline)
        first->clock = first->deadline;
    return true;
}

static void record(const struct fiber *fiber) {
    if (!lasting->traced || event_index >= SHARED_TRACE)
        return;
    shared->trace_length = event_index + 1;
    bool could_go_on = current >= 0 && current != fiber->id && views[current].enabled;
    shared->trace[event_index] = (struct shared_step){
        .address = fiber->address,
        .pc = fiber->pc,
        .stack = fiber->stack,
        .flags = (current >= 0 && current != fiber->id ? STEP_SWITCH : 0U) |
                 (could_go_on ? STEP_PREEMPT : 0U),
    };
}

/* gdb stops here: `hazard replay --gdb`. */
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number);
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number) {
    __asm__ volatile("" : : "r"(step_number) : "memory");
}

/* The fiber's pending operation happens now. */
static void grant(struct fiber *fiber) {
    record(fiber);
    apply(fiber);
    event =
        (struct event){.op = fiber->pending, .actor = fiber->id, .enabled_by = fiber->enabled_by};
    fiber->enabled_by = -1;
    fiber->flags = 0;
    fiber->yields = fiber->pending.kind == OP_YIELD || fiber->pending.kind == OP_TICK;
    current = fiber->id;
    if (lasting->traced && shared->config.bound == event_index + 1)
        hazard_breakpoint(event_index);
}

/* Runs the fiber to its next request that is not a choice. */
static bool run_step(struct fiber *fiber) {
    const struct strategy *strategy = control->strategy;
    run(fiber);
    while (request == REQUEST_CHOOSE) {
        int answer = strategy->alternative(lasting->search, choose_count, (enum choice)choose_kind);
        if (answer < 0 || answer >= choose_count)
            return false;
        event.alternative = (uint8_t)answer;
        event.alternatives = (uint8_t)choose_count;
        run(fiber);
    }
    return true;
}

static void finish_step(struct fiber *fiber) {
    if (event_index < SHARED_TRACE) {
        lasting->schedule[2 * event_index] = event.actor;
        lasting->schedule[2 * event_index + 1] = event.alternative;
    }
    if (lasting->traced && event_index < SHARED_TRACE) {
        struct shared_step *entry = &shared->trace[event_index];
        entry->event = event;
        entry->value = fiber->value;
        entry->flags |= fiber->flags;
    }
    control->strategy->step(lasting->search, &event);
    recur_moved(fiber, &event, event_index);
    event_index++;
    lasting->moves++;
}

int kernel_schedule(uint8_t **pairs) {
    *pairs = lasting->schedule;
    if (lasting->in_kernel || event_index >= SHARED_TRACE)
        return event_index;
    (*pairs)[2 * event_index] = event.actor; /* the step in progress */
    (*pairs)[2 * event_index + 1] = event.alternative;
    return event_index + 1;
}

/* The execution fails. To minimise, only the same failure counts. */
static void fail(struct shared_finding *finding) {
    ending = END_FOUND;
    if (control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (control->phase == PHASE_TRACE)
        finding_renew(finding);
    else if (control->phase == PHASE_MINIMISE && !finding_alike(finding, &shared->findings[0]))
        ending = END_CUT;
}

/* After a step: does the state recur? */
static bool judge_recurrence(struct fiber *fiber) {
    struct shared_finding finding;
    enum recurrence recurrence = recur_check(fiber, &finding);
    if (recurrence != RECUR_LIVELOCK && recurrence != RECUR_STARVATION)
        return false;
    fail(&finding);
    return true;
}

static void judge_exit(void) {
    struct shared_finding finding;
    if (judge_end(&finding, exit_status))
        fail(&finding);
}

static void judge_stuck(void) {
    struct shared_finding finding;
    ending = END_COMPLETE;
    bool alive = false;
    for (int id = 0; id < fiber_count; id++)
        alive = alive || (fibers[id] != NULL && views[id].alive);
    if (!alive) /* the last thread has ended: so has the process, with status 0 (POSIX) */
        judge_exit();
    else if (judge_deadlock(&finding))
        fail(&finding);
}

/* One step: false when the execution is over. */
static bool advance(void) {
    int enabled = look_around();
    if (enabled == 0 && let_time_pass())
        enabled = look_around();
    if (enabled == 0) {
        judge_stuck();
        return false;
    }
    const struct view view = {views, fiber_count, current, enabled};
    int actor = control->strategy->pick(lasting->search, &view);
    if (actor < 0 || !(views[actor].enabled || views[actor].awaits)) {
        ending = END_REDUNDANT;
        diverged = actor != PICK_REDUNDANT;
        return false;
    }
    struct fiber *fiber = fibers[actor];
    grant(fiber);
    if (!run_step(fiber)) {
        diverged = true;
        ending = END_REDUNDANT;
        return false;
    }
    finish_step(fiber);
    if (over) {
        if (exited)
            judge_exit();
        return false;
    }
    if (event_index >= shared->config.steps) {
        ending = END_CUT;
        __atomic_add_fetch(&control->cut, 1, __ATOMIC_RELAXED);
        return false;
    }
    return !judge_recurrence(fiber);
}

/* The stacks of the last execution, clean again: what a function finds in its unset variables shall not
 * depend on the execution before. */
static void clean_stacks(void) {
    enum { BELOW = 4096 }; /* what libc may have used below the lowest point that was seen */
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL) {
            char *top = stack_of(id), *low = fibers[id]->lowest - BELOW;
            if (low < top - STACK_SIZE)
                low = top - STACK_SIZE;
            memset(low, 0, (size_t)(top - low));
        }
}

static void rewind_world(void) {
    tls_use(tls_pointer(0));
    clean_stacks();
    rewind_memory();
    heap_begin();
    race_begin();
    recur_begin();
}

static void start_main(void) {
    struct fiber *fiber = fiber_make(0, -1);
    fiber->fs = tls_pointer(0);
    fiber->pending = (struct op){.kind = OP_START};
    self = fiber;
}

static void count(void) {
    if (ending == END_COMPLETE || ending == END_FOUND)
        __atomic_add_fetch(&shared->executions, 1, __ATOMIC_RELAXED);
    else if (ending == END_REDUNDANT)
        __atomic_add_fetch(&shared->blocked, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&shared->steps, event_index, __ATOMIC_RELAXED);
    if (event_index > shared->deepest)
        shared->deepest = event_index;
}

/* One execution, from main to its end. */
static void execute(void) {
    rewind_world();
    exploring = true;
    start_main();
    while (advance())
        ;
    look_around(); /* for the pending operations of those that did not come to them */
    const struct view view = {views, fiber_count, current, 0};
    if (ending != END_ABANDONED)
        count();
    control->strategy->end(lasting->search, &view, ending);
}

static void divergence(void) {
    arena_lock(&control->arena);
    if (shared->end == SHARED_RUNNING) {
        text_format(shared->reason, SHARED_TEXT,
                    "the program did something else under the same schedule, at step %d",
                    event_index);
        shared->end = SHARED_DIVERGED;
    }
    arena_unlock(&control->arena);
    control->stop = 1;
}

static void budget(void) {
    if (control->phase != PHASE_SEARCH || shared->config.executions <= 0 ||
        shared->executions < shared->config.executions || !control->strategy->exhaustive)
        return;
    control->stop = 1;
}

static void pause_a_little(void) {
    const long nap[2] = {0, 50000};
    system_call(SYS_nanosleep, (long)nap, 0, 0, 0, 0, 0);
}

/* After an execution: must this process end? */
static int verdict_of_execution(void) {
    if (diverged)
        divergence();
    if (threads_out)
        return WORKER_AGAIN;
    if (ending == END_FOUND && control->phase == PHASE_SEARCH && !shared->config.keep_going)
        control->stop = 1;
    budget();
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
        if (begin == BEGIN_OVER)
            return WORKER_DONE;
        if (begin == BEGIN_WAIT) {
            pause_a_little();
            continue;
        }
        execute();
        if (strategy->left != NULL && (shared->executions & 255) == 0)
            shared->left = strategy->left(control->search);
        int end = verdict_of_execution();
        if (end >= 0)
            return end;
    }
}

/* --- findings --- */

_Noreturn void found(const struct shared_finding *finding) {
    struct shared_finding copy = *finding;
    if (exploring) {
        fail(&copy);
        leave(ending);
    }
    unsupported(0, "before main: %s", finding->message);
}

void found_note(const struct shared_finding *finding) {
    if (exploring && control->phase == PHASE_SEARCH)
        finding_keep(finding);
}

_Noreturn void kernel_crash(const char *what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_CRASH, "%s", what);
    finding_at(&finding, self->id, self->stack, pc, "crashed here", NULL);
    found(&finding);
}

void kernel_touched(void) {
    lasting->touched = true;
}

void search_restart(void) {
    __atomic_store_n(&control->again, 1, __ATOMIC_RELAXED);
}
