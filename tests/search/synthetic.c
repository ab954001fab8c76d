/* SPDX-License-Identifier: MIT */
/*
 * The interpreter. A thread stands before an instruction that is a step, described to the search as
 * an operation; instructions that are no steps (registers, jumps, assertions) are carried out
 * together with the step before them.
 *
 * Two words of memory share a granule, so that every program with two variables tests the masks of
 * bytes.
 */
#include "tests/search/synthetic_machine.h"

#include <string.h>

static const struct instruction *instruction_of(const struct machine *machine, int t) {
    return &machine->program->thread[t].code[machine->thread[t].pc];
}

static uint64_t sync_key(int object) {
    return ((uint64_t)(0x200 + object) << 3) | OBJECT_SYNC;
}

static void touch(struct op *op, uint64_t object, enum mode mode, int need, int delta) {
    op->access[op->access_count++] = (struct access){
        .object = object, .need = need, .delta = delta, .mode = (uint8_t)mode, .bytes = 0xff};
}

static int32_t *state_of(struct machine *machine, uint64_t object) {
    static int32_t none;
    switch (object & 7) {
    case OBJECT_SYNC:
        return &machine->sync[(object >> 3) - 0x200];
    case OBJECT_ACTOR:
        return &machine->ended[object >> 3];
    default:
        none = 0;
        return &none;
    }
}

/* What the instructions are to the search. A try is what it may come out as: a write. */
static const struct {
    uint8_t kind;
    enum { TOUCHES_NOTHING, TOUCHES_SYNC, TOUCHES_MEMORY, TOUCHES_ACTOR, TOUCHES_ALL } what;
    uint8_t mode;
    int need, delta;
} shapes[] = {
    [SYN_LOCK] = {OP_MUTEX_LOCK, TOUCHES_SYNC, MODE_WRITE, 1, -1},
    [SYN_UNLOCK] = {OP_MUTEX_UNLOCK, TOUCHES_SYNC, MODE_WRITE, 0, 1},
    [SYN_TRYLOCK] = {OP_MUTEX_TRYLOCK, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_LOAD] = {OP_LOAD, TOUCHES_MEMORY, MODE_READ, 0, 0},
    [SYN_STORE] = {OP_STORE, TOUCHES_MEMORY, MODE_WRITE, 0, 0},
    [SYN_ADD] = {OP_RMW, TOUCHES_MEMORY, MODE_WRITE, 0, 0},
    [SYN_CAS] = {OP_RMW, TOUCHES_MEMORY, MODE_WRITE, 0, 0},
    [SYN_SEM_WAIT] = {OP_SEM_WAIT, TOUCHES_SYNC, MODE_WRITE, 1, -1},
    [SYN_SEM_TRYWAIT] = {OP_SEM_TRYWAIT, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_SEM_POST] = {OP_SEM_POST, TOUCHES_SYNC, MODE_POST, 0, 1},
    [SYN_READ_LOCK] = {OP_RW_READ, TOUCHES_SYNC, MODE_SHARE, 1, -1},
    [SYN_READ_UNLOCK] = {OP_RW_UNLOCK, TOUCHES_SYNC, MODE_SHARE, 0, 1},
    [SYN_WRITE_LOCK] = {OP_RW_WRITE, TOUCHES_SYNC, MODE_WRITE, OP_MANY, -OP_MANY},
    [SYN_WRITE_UNLOCK] = {OP_RW_UNLOCK, TOUCHES_SYNC, MODE_WRITE, 0, OP_MANY},
    [SYN_TRY_WRITE_LOCK] = {OP_RW_TRYWRITE, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_COND_WAIT] = {OP_COND_WAIT, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_SIGNAL] = {OP_COND_SIGNAL, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_BROADCAST] = {OP_COND_BROADCAST, TOUCHES_SYNC, MODE_WRITE, 0, 0},
    [SYN_CREATE] = {OP_CREATE, TOUCHES_NOTHING, 0, 0, 0},
    [SYN_END] = {OP_END, TOUCHES_ACTOR, MODE_WRITE, 0, 1},
    [SYN_JOIN] = {OP_JOIN, TOUCHES_ACTOR, MODE_READ, 1, 0},
    [SYN_EXIT] = {OP_EXIT, TOUCHES_ALL, MODE_ALL, 0, 0},
    [SYN_YIELD] = {OP_YIELD, TOUCHES_NOTHING, 0, 0, 0},
    [SYN_NOTHING] = {OP_FENCE, TOUCHES_NOTHING, 0, 0, 0},
};

/* What thread t is about to do. */
static void describe(const struct instruction *in, int t, struct op *op) {
    enum mode mode = (enum mode)shapes[in->code].mode;
    int need = shapes[in->code].need, delta = shapes[in->code].delta;
    *op = (struct op){.kind = shapes[in->code].kind};
    switch (shapes[in->code].what) {
    case TOUCHES_NOTHING:
        break;
    case TOUCHES_SYNC:
        touch(op, sync_key(in->object), mode, need, delta);
        break;
    case TOUCHES_MEMORY:
        touch(op, ((uint64_t)(0x100 + in->object / 2) << 3) | OBJECT_MEMORY, mode, 0, 0);
        op->access[0].bytes = in->object % 2 == 0 ? 0x0f : 0xf0;
        break;
    case TOUCHES_ACTOR:
        touch(op, ((uint64_t)(in->code == SYN_END ? t : in->object) << 3) | OBJECT_ACTOR, mode,
              need, delta);
        break;
    case TOUCHES_ALL:
        touch(op, 0, MODE_ALL, 0, 0);
        break;
    }
    if (in->code == SYN_COND_WAIT)
        touch(op, sync_key(in->value), MODE_WRITE, 0, 1);
}

/* Carries out what is no step, and describes the step that the thread now stands before. */
static void advance(struct machine *machine, int t) {
    struct machine_thread *thread = &machine->thread[t];
    while (thread->pc < machine->program->thread[t].length) {
        const struct instruction *in = instruction_of(machine, t);
        int32_t *reg = &thread->reg[in->reg];
        if (in->code < SYN_SET) {
            describe(in, t, &machine->pending[t]);
            return;
        }
        thread->pc++;
        if (in->code == SYN_SET)
            *reg = in->value;
        else if (in->code == SYN_ASSERT)
            machine->failed |= *reg != in->value;
        else if (in->code == SYN_SKIP || (in->code == SYN_SKIP_IF && *reg == in->value))
            thread->pc += in->object;
        else if (in->code == SYN_LOOP && --*reg > 0)
            thread->pc -= in->object + 1;
    }
    thread->status = STATUS_ENDED;
}

void machine_start(struct machine *machine, const struct program *program) {
    memset(machine, 0, offsetof(struct machine, pending));
    machine->program = program;
    machine->current = -1;
    memcpy(machine->sync, program->initial, sizeof machine->sync);
    for (int t = 0; t < program->threads; t++) {
        machine->thread[t].enabled_by = -1;
        machine->thread[t].spurious = program->spurious;
        machine->thread[t].status = program->thread[t].late ? STATUS_LATE : STATUS_READY;
        if (!program->thread[t].late)
            advance(machine, t);
    }
}

void machine_copy(struct machine *to, const struct machine *from) {
    memcpy(to, from, offsetof(struct machine, pending));
    memcpy(to->pending, from->pending, (size_t)from->program->threads * sizeof *to->pending);
}

static bool enabled(struct machine *machine, int t) {
    uint8_t status = machine->thread[t].status;
    if (machine->exited || machine->failed || (status != STATUS_READY && status != STATUS_RELOCK))
        return false;
    const struct op *op = &machine->pending[t];
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].need > 0 && *state_of(machine, op->access[i].object) < op->access[i].need)
            return false;
    return true;
}

struct view machine_view(struct machine *machine) {
    struct view view = {
        .actors = machine->actors, .count = machine->program->threads, .current = machine->current};
    for (int t = 0; t < view.count; t++) {
        const struct machine_thread *thread = &machine->thread[t];
        bool stands = thread->status == STATUS_READY || thread->status == STATUS_RELOCK;
        machine->actors[t] =
            (struct actor_view){.pending = stands ? &machine->pending[t] : NULL,
                                .enabled = enabled(machine, t),
                                .alive = stands || thread->status == STATUS_WAITING,
                                .yields = thread->yields,
                                .enabled_by = thread->enabled_by};
        view.enabled += machine->actors[t].enabled;
    }
    return view;
}

bool machine_stuck(const struct machine *machine, const struct view *view) {
    bool alive = false;
    for (int t = 0; t < view->count; t++)
        alive |= view->actors[t].alive;
    return alive && view->enabled == 0 && !machine->failed && !machine->exited;
}

static void wake(struct machine *machine, int t, int32_t enabled_by) {
    struct machine_thread *thread = &machine->thread[t];
    thread->status = STATUS_RELOCK;
    thread->enabled_by = enabled_by;
    machine->pending[t] = (struct op){.kind = OP_COND_RELOCK};
    touch(&machine->pending[t], sync_key(thread->mutex), MODE_WRITE, 1, -1);
}

/* Those who wait on the condition, first come first; how many. */
static int waiters(const struct machine *machine, int condition, int found[SYN_THREADS]) {
    int count = 0;
    for (int t = 0; t < machine->program->threads; t++) {
        const struct machine_thread *thread = &machine->thread[t];
        if (thread->status != STATUS_WAITING || thread->condition != condition)
            continue;
        int at = count++;
        for (; at > 0 && machine->thread[found[at - 1]].ticket > thread->ticket; at--)
            found[at] = found[at - 1];
        found[at] = t;
    }
    return count;
}

/* Asks for an alternative; false: there is no answer. */
static bool ask(const struct chooser *chooser, int n, enum choice kind, struct event *event) {
    if (n <= 1)
        return true;
    int answer = chooser->choose(chooser->data, n, kind);
    event->alternatives = (uint8_t)n;
    event->alternative = (uint8_t)answer;
    return answer >= 0 && answer < n;
}

static bool signal_one(struct machine *machine, int condition, const struct chooser *chooser,
                       struct event *event) {
    int found[SYN_THREADS];
    int count = waiters(machine, condition, found);
    if (!ask(chooser, count, CHOICE_WAITER, event))
        return false;
    if (count > 0)
        wake(machine, found[event->alternative], machine->events);
    return true;
}

static bool start_waiting(struct machine *machine, int t, const struct instruction *in,
                          const struct chooser *chooser, struct event *event) {
    struct machine_thread *thread = &machine->thread[t];
    thread->condition = in->object;
    thread->mutex = (uint8_t)in->value;
    thread->status = STATUS_WAITING;
    thread->ticket = machine->tickets++;
    if (!ask(chooser, thread->spurious > 0 ? 2 : 1, CHOICE_SPURIOUS, event))
        return false;
    if (event->alternative == 1) {
        thread->spurious--;
        wake(machine, t, -1);
    }
    return true;
}

/* A try that succeeds takes the lock; one that fails only looked. */
static void come_out(struct machine *machine, struct machine_thread *thread,
                     const struct instruction *in, struct access *access) {
    int need = in->code == SYN_TRY_WRITE_LOCK ? OP_MANY : 1;
    bool got = machine->sync[in->object] >= need;
    thread->reg[in->reg] = got;
    access->delta = got ? -need : 0;
    access->mode = got ? MODE_WRITE : MODE_READ;
}

static void come_out_cas(struct machine *machine, struct machine_thread *thread,
                         const struct instruction *in, struct access *access) {
    bool done = machine->memory[in->object] == 0;
    if (done)
        machine->memory[in->object] = in->value;
    thread->reg[in->reg] = done;
    access->mode = done ? MODE_WRITE : MODE_READ;
}

static void wake_all(struct machine *machine, int condition) {
    int all[SYN_THREADS];
    for (int i = waiters(machine, condition, all); i > 0; i--)
        wake(machine, all[i - 1], machine->events);
}

static void create(struct machine *machine, int t) {
    machine->thread[t].status = STATUS_READY;
    machine->thread[t].enabled_by = machine->events;
    advance(machine, t);
}

/* What the instruction does besides the deltas of its accesses. */
static bool execute(struct machine *machine, int t, const struct chooser *chooser,
                    struct event *event) {
    const struct instruction *in = instruction_of(machine, t);
    struct machine_thread *thread = &machine->thread[t];
    switch ((enum code)in->code) {
    case SYN_TRYLOCK:
    case SYN_SEM_TRYWAIT:
    case SYN_TRY_WRITE_LOCK:
        come_out(machine, thread, in, &event->op.access[0]);
        break;
    case SYN_LOAD:
        thread->reg[in->reg] = machine->memory[in->object];
        break;
    case SYN_STORE:
        machine->memory[in->object] = thread->reg[in->reg] + in->value;
        break;
    case SYN_ADD:
        thread->reg[in->reg] = machine->memory[in->object];
        machine->memory[in->object] += in->value;
        break;
    case SYN_CAS:
        come_out_cas(machine, thread, in, &event->op.access[0]);
        break;
    case SYN_COND_WAIT:
        return start_waiting(machine, t, in, chooser, event);
    case SYN_SIGNAL:
        return signal_one(machine, in->object, chooser, event);
    case SYN_BROADCAST:
        wake_all(machine, in->object);
        break;
    case SYN_CREATE:
        create(machine, in->object);
        break;
    case SYN_EXIT:
        machine->exited = true;
        break;
    case SYN_YIELD:
        thread->yields = true;
        break;
    case SYN_LOCK:
    case SYN_UNLOCK:
    case SYN_SEM_WAIT:
    case SYN_SEM_POST:
    case SYN_READ_LOCK:
    case SYN_READ_UNLOCK:
    case SYN_WRITE_LOCK:
    case SYN_WRITE_UNLOCK:
    case SYN_END:
    case SYN_JOIN:
    case SYN_NOTHING:
    case SYN_SET:
    case SYN_ASSERT:
    case SYN_SKIP_IF:
    case SYN_SKIP:
    case SYN_LOOP:
        break;
    }
    return true;
}

/* One step of the actor, which must be enabled. False: the chooser had no answer. */
bool machine_step(struct machine *machine, int actor, const struct chooser *chooser,
                  struct event *event) {
    struct machine_thread *thread = &machine->thread[actor];
    *event = (struct event){
        .op = machine->pending[actor], .actor = (uint8_t)actor, .enabled_by = thread->enabled_by};
    for (int i = 0; i < event->op.access_count; i++)
        event->op.access[i].before = *state_of(machine, event->op.access[i].object);
    thread->enabled_by = -1;
    thread->yields = false;
    bool relocks = thread->status == STATUS_RELOCK;
    thread->status = STATUS_READY;
    if (!relocks && !execute(machine, actor, chooser, event))
        return false;
    for (int i = 0; i < event->op.access_count; i++)
        *state_of(machine, event->op.access[i].object) += event->op.access[i].delta;
    machine->current = actor;
    machine->events++;
    if (thread->status == STATUS_READY) {
        thread->pc++;
        advance(machine, actor);
    }
    return true;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
    return hash ^ (hash >> 29);
}

/* Of everything that can make a difference to what follows, and to what people see. */
uint64_t machine_hash(const struct machine *machine) {
    uint64_t hash = mix(machine->failed, machine->exited);
    for (int i = 0; i < SYN_OBJECTS; i++)
        hash = mix(mix(hash, (uint64_t)machine->memory[i]), (uint64_t)machine->sync[i]);
    for (int t = 0; t < machine->program->threads; t++) {
        const struct machine_thread *thread = &machine->thread[t];
        hash = mix(mix(hash, thread->status), (uint64_t)thread->pc);
        for (int i = 0; i < SYN_REGISTERS; i++)
            hash = mix(hash, (uint64_t)thread->reg[i]);
    }
    return hash;
}
