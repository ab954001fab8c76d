/* SPDX-License-Identifier: MIT */
/*
 * Recurring states: await loops and livelock.
 *
 * A thread that spins would make executions endless. So whenever a thread comes to an operation
 * that may be part of waiting (an atomic load, a failed trylock, a yield...; after many steps:
 * any), its own state (registers and stack) is hashed. Has it been in that state before, then
 *
 *  - if since then it only read, and nobody changed what it read, going on would bring it here
 *    again: it awaits a change. It is disabled until somebody executes a conflicting operation,
 *    which is recorded as what enabled it (the order cannot be reversed). Spin loops thus cost one
 *    round, as in the spin-assume transformation (Kokologiannakis, Ren, Vafeiadis, FMCAD 2021).
 *  - else the whole state (memory, stacks, objects) is hashed. If that recurs, the execution has
 *    closed a cycle. If every thread that could move in it has moved, a fair schedule exists on
 *    which nobody progresses: livelock, a lasso (the fair cycles of Musuvathi & Qadeer, PLDI 2008).
 *    Else those that did not move go first: the thread awaits them as above, but only as long as
 *    they can move (it may hold what they need). If it is made to close the cycle once more, this
 *    execution is one that was tried, with one round less: it ends as redundant.
 *
 * "The same state" means that everything which can influence what the thread does next is the same.
 * What it keeps for itself without a hook (errno, keys, its mask...) counts as written, or is hashed
 * with its stack. Its clock counts if it ever looked at one: until then nobody can tell how late it
 * is. A cycle in which nobody looks can be repeated for ever, whatever the clocks show by then; so
 * that is a livelock, but an execution with one round less is another one: it shows other times.
 *
 * Hashes have 64 bits; memory that only counts (logs, the race detector's clocks, our own variables
 * but for COMPARED ones) is left out.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/blocks.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/outside.h"
#include "explore/runtime/recur.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/store_buffer.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/undo.h"
#include "report/kind.h"

enum {
    VISITS = 1 << 12, /* states remembered in one execution: the latest */
    BUCKETS = 1 << 8,
    CYCLE = 1 << 12, /* operations remembered: the length of the longest cycle seen */
    AWAITED = 24,    /* accesses that a waiting thread watches; more: any will do */
    LONG = 400       /* after so many steps every operation may be part of a cycle */
};

struct recur_visit {
    uint64_t own, whole; /* hashes; whole 0: not taken */
    uint64_t times;      /* hash of the clocks that were looked at */
    uint64_t looks;      /* by then: fiber_looks */
    uint64_t clock;      /* of the fiber, by then */
    uint64_t writes;     /* of the fiber by then */
    int32_t index;       /* of the next event by then */
    int32_t rounds;      /* how often the whole state recurred here, with others idle */
    uint16_t next;       /* 1 + the next visit of the bucket; 0: none */
    uint8_t actor;
};

struct awaited {
    bool reads; /* it only reads: going on would change nothing at all */
    bool any;   /* any event by another will do */
    int count;
    struct access access[AWAITED];
};

/* Lasting, as it is too large to be rewound; `generation` makes the old buckets void. Visits are made
 * one after the other, so that a short execution stays within a few lines of the cache. How many visits and events
 * there are is rewound: those behind are nothing any more. What is written over is saved for checkpoints. */
struct recur {
    struct bucket {
        uint32_t generation;
        uint16_t first; /* as `next` */
    } buckets[BUCKETS];
    struct recur_visit visits[VISITS];
    uint32_t generation;
    int linked;                 /* visits that are in buckets */
    struct event events[CYCLE]; /* a ring */
    bool same[CYCLE];           /* it changed nothing: STEP_SAME */
    struct awaited awaited[OP_ACTORS];
    uint64_t owed[OP_ACTORS][WORDS]; /* by a tired thread: who goes first, one bit each */
};
static struct recur *recur;
static int event_count, visit_count;
static bool held; /* somebody awaited or was tired in this execution */

static void recur_forget(void) {
    recur->generation++;
    recur->linked = visit_count = 0;
}

void recur_begin(void) {
    if (recur == NULL)
        recur = lasting_new(sizeof *recur);
    recur_forget();
}

/* It is about to change. */
static void save(void *at, size_t size) {
    if (clocks->kept)
        undo_save_all(at, size);
}

static bool conflicts(const struct awaited *awaited, const struct op *op) {
    if (awaited->any)
        return true;
    for (int i = 0; i < awaited->count; i++)
        for (int j = 0; j < op->access_count; j++)
            if (access_dependent(&awaited->access[i], &op->access[j]))
                return true;
    return false;
}

/* The mover had its turn. Is that all that thread `id` owed? */
static bool is_paid(int id, int mover) {
    uint64_t *owed = recur->owed[id], left = 0;
    save(owed, sizeof recur->owed[id]);
    owed[mover / 64] &= ~(UINT64_C(1) << mover % 64);
    for (int word = 0; word < WORDS; word++)
        left |= owed[word];
    return left == 0;
}

/* An event was executed: whoever awaits a change of what it touched goes on. */
void recur_moved(struct fiber *fiber, const struct event *event, int index) {
    bool same = (fiber->flags & STEP_SAME) != 0;
    int at = event_count % CYCLE;
    if (event_count >= CYCLE) {
        save(&recur->events[at], sizeof recur->events[at]);
        save(&recur->same[at], sizeof recur->same[at]);
    }
    recur->events[at] = *event;
    recur->same[at] = same;
    event_count++;
    if (!held)
        return;
    for (int id = 0; id < fiber_count; id++) {
        struct awaited *awaited = &recur->awaited[id];
        if (fibers[id] == NULL)
            continue;
        if (fibers[id]->tired && is_paid(id, fiber->id)) {
            fibers[id]->tired = false;
            fiber_changed(fibers[id]);
        }
        if (fibers[id]->awaits && id != fiber->id && !same && conflicts(awaited, &event->op)) {
            fibers[id]->awaits = false;
            fiber_changed(fibers[id]);
            fibers[id]->enabled_by = index;
            fibers[id]->waits = SAY_NOTHING;
        }
    }
}

/* The operations of which waiting loops are made. */
static const bool waits[OP_KIND_COUNT] = {
    [OP_MUTEX_TRYLOCK] = true, [OP_MUTEX_TIMEDLOCK] = true,
    [OP_RW_TRYREAD] = true,    [OP_RW_TRYWRITE] = true,
    [OP_SPIN_TRYLOCK] = true,  [OP_SEM_TRYWAIT] = true,
    [OP_SEM_READ] = true,      [OP_LOAD] = true,
    [OP_RMW] = true,           [OP_READ] = true,
    [OP_YIELD] = true,         [OP_TICK] = true,
    [OP_TIMEOUT] = true,       [OP_CALL] = true,
    [OP_FUTEX_WAIT] = true,    [OP_CHOOSE] = true,
    [OP_ATOMIC] = true,
};

static bool may_wait(const struct fiber *fiber) {
    return waits[fiber->pending.kind] || event_count > LONG;
}

/* What only that thread can see: registers and stack, errno, the calls that return to us, and what it
 * is about to do. */
uint64_t recur_own_hash(const struct fiber *fiber) {
    const char *top = stack_of(fiber->id), *sp = fiber->hook != NULL ? fiber->hook : fiber->sp;
    const struct op *op = &fiber->pending;
    struct {
        uint64_t sp, controls, returns;
        int32_t error;
        uint32_t rest;
        uint16_t children;
        uint8_t id, kind, state, timed, timed_out, detached;
    } own = {.sp = (uintptr_t)sp, .returns = fiber->returns, .error = *tls_errno(fiber->fs)};
    memcpy(&own.controls, fiber->sp, CONTEXT_CONTROL);
    own.rest = fiber->rest;
    own.children = fiber->children;
    own.id = fiber->id;
    own.kind = op->kind;
    own.state = fiber->state;
    own.timed = fiber->timed;
    own.timed_out = fiber->timed_out;
    own.detached = fiber->detached;
    uint64_t hash = hash_bytes(1, &own, offsetof(__typeof__(own), detached) + 1);
    if (fiber->hook == NULL || fiber->rest != 0) /* else its arguments say it, which lie there */
        hash = hash_bytes(hash, op->access, op->access_count * sizeof *op->access);
    return hash_bytes(hash, sp, (size_t)(top - sp));
}

/* Of the threads that looked at theirs. */
static uint64_t times_hash(void) {
    uint64_t hash = 1;
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id]->looked && fibers[id]->state != FIBER_ENDED)
            hash = hash_bytes(hash ^ (uint64_t)id, &fibers[id]->clock, sizeof fibers[id]->clock);
    return hash;
}

uint64_t recur_whole_hash(void) {
    uint64_t hash = outside_hash(blocks_hash(rewind_hash(1)));
    struct memory_extent compared, noted, scratch;
    memory_extents(&compared, &noted, &scratch);
    for (int id = 0; id < fiber_count; id++) {
        const struct fiber *fiber = fibers[id];
        if (fiber == NULL)
            continue;
        hash = hash_bytes(hash, &fiber->state, sizeof fiber->state);
        if (fiber->buffer_of != NULL)
            continue; /* what it will do lies in the memory of the buffer */
        if (fiber->state == FIBER_READY || fiber->state == FIBER_ASLEEP)
            hash ^= recur_own_hash(fiber);
    }
    return hash_bytes(hash, compared.start, (size_t)(compared.end - compared.start));
}

static struct bucket *bucket_of(uint64_t own) {
    struct bucket *bucket = &recur->buckets[own % BUCKETS];
    if (bucket->generation != recur->generation)
        *bucket = (struct bucket){.generation = recur->generation};
    return bucket;
}

static struct recur_visit *find_visit(uint64_t own, uint8_t actor) {
    for (int i = bucket_of(own)->first; i != 0; i = recur->visits[i - 1].next)
        if (recur->visits[i - 1].own == own && recur->visits[i - 1].actor == actor)
            return &recur->visits[i - 1];
    return NULL;
}

void recur_back(void) {
    while (recur->linked > visit_count) {
        const struct recur_visit *visit = &recur->visits[--recur->linked];
        bucket_of(visit->own)->first = visit->next;
    }
}

/* With no room left, all is forgotten: what recurs from here on is seen one round later. */
static void add_visit(uint64_t own, const struct fiber *fiber) {
    if (visit_count == VISITS) {
        recur_forget();
        if (clocks->kept)
            undo_lose();
    }
    struct bucket *bucket = bucket_of(own);
    recur->visits[visit_count++] = (struct recur_visit){
        .own = own,
        .writes = fiber->writes,
        .clock = fiber->clock,
        .index = event_count,
        .next = bucket->first,
        .actor = fiber->id,
    };
    bucket->first = (uint16_t)visit_count;
    recur->linked = visit_count;
}

static const struct event *event_at(int index) {
    return &recur->events[index % CYCLE];
}

/* For the wait-for graph: the first memory among what it watches. */
static void name_awaited(struct fiber *fiber, const struct awaited *awaited) {
    fiber->waits = SAY_OTHERS_FIRST;
    for (int i = 0; i < awaited->count; i++) {
        const struct access *access = &awaited->access[i];
        if ((access->object & 7) != OBJECT_MEMORY || access->mode == MODE_ALL)
            continue;
        fiber->waits = SAY_CHANGE;
        fiber->waits_for = access->object + (uint64_t)__builtin_ctz(access->bytes);
        return;
    }
}

/* What the fiber touched since that event becomes what it waits for. */
static void watch(struct fiber *fiber, int since, bool reads) {
    struct awaited *awaited = &recur->awaited[fiber->id];
    save(awaited, sizeof *awaited);
    *awaited = (struct awaited){.reads = reads};
    fiber->awaits = true;
    held = true;
    fiber_changed(fiber);
    for (int i = since; i < event_count; i++) {
        const struct event *event = event_at(i);
        if (event->actor != fiber->id)
            continue;
        for (int j = 0; j < event->op.access_count; j++) {
            if (awaited->count == AWAITED)
                awaited->any = true;
            else
                awaited->access[awaited->count++] = event->op.access[j];
        }
    }
    name_awaited(fiber, awaited);
}

/* Since that event, did the fiber only read, and did nobody change what it read after it did? */
static bool only_read(const struct fiber *fiber, const struct recur_visit *visit) {
    if (fiber->writes != visit->writes || (fiber->looked && fiber->clock != visit->clock))
        return false;
    for (int i = visit->index; i < event_count; i++) {
        const struct event *event = event_at(i);
        if (event->actor != fiber->id)
            continue;
        if (event->alternatives > 1)
            return false;
        for (int j = 0; j < event->op.access_count; j++)
            if (event->op.access[j].mode != MODE_READ && !recur->same[i % CYCLE])
                return false;
        for (int k = i + 1; k < event_count; k++)
            if (event_at(k)->actor != fiber->id && !recur->same[k % CYCLE] &&
                op_dependent(&event->op, &event_at(k)->op))
                return false;
    }
    return true;
}

static bool moved_since(int id, int since) {
    for (int i = since; i < event_count; i++)
        if (event_at(i)->actor == id)
            return true;
    return false;
}

void recur_say_cycle(struct shared_finding *finding, int since) {
    finding_start(finding, KIND_LIVELOCK);
    message_add(&finding->message, PART(SAY_CYCLE, (uint64_t)(event_count - since)));
    for (int id = 0; id < fiber_count; id++) {
        const struct fiber *fiber = fibers[id];
        if (fiber != NULL && fiber->buffer_of == NULL && moved_since(id, since))
            finding_at(finding, id, fiber->stack, fiber->pc, DOING(PART(SAY_GOES_ROUND)));
    }
}

/* Could this one have moved in the cycle, and did not? One that only reads until something changes
 * goes round as well: a round of its own changes nothing, and fits in anywhere. */
static bool is_idle(int id, int since) {
    const struct fiber *fiber = fibers[id];
    if (fiber == NULL || moved_since(id, since) || (fiber->awaits && recur->awaited[id].reads))
        return false;
    if (fiber->state == FIBER_ASLEEP)
        return fiber->timed;
    return fiber->state == FIBER_READY &&
           (!fiber->guarded || execution.views[id].enabled || fiber->enabled_at >= since);
}

/* Those that moved owe a turn to each that did not (the priorities of Musuvathi & Qadeer): else two
 * that go round could keep a third from ever moving. */
static void give_way(int since, const uint64_t idle[WORDS]) {
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && moved_since(id, since)) {
            save(recur->owed[id], sizeof recur->owed[id]);
            memcpy(recur->owed[id], idle, sizeof recur->owed[id]);
            fibers[id]->tired = true;
            fiber_changed(fibers[id]);
        }
}

/* Did the program get values in the cycle that it asked for? With others it may leave it. */
static bool chose_since(int since) {
    for (int i = since; i < event_count; i++)
        if (event_at(i)->op.kind == OP_CHOOSE && event_at(i)->alternatives > 1)
            return true;
    return false;
}

/* The state at this visit is that of the last one, but for the clocks if not `same_times`. */
static enum recurrence judge_cycle(struct fiber *fiber, struct recur_visit *visit, int since,
                                   bool same_times, struct shared_finding *finding) {
    uint64_t idle[WORDS] = {0}, any = 0;
    for (int id = 0; id < fiber_count; id++)
        idle[id / 64] |= (uint64_t)is_idle(id, since) << id % 64;
    for (int word = 0; word < WORDS; word++)
        any |= idle[word];
    if (any == 0 && chose_since(since))
        return RECUR_BY_CHOICE;
    if (any == 0) {
        recur_say_cycle(finding, since);
        return RECUR_LIVELOCK;
    }
    /* The schedule made it go on, in debt. */
    if (visit->rounds++ > 0 && fiber->tired && same_times)
        return RECUR_REDUNDANT;
    give_way(since, idle);
    if (!same_times) /* one round more is another execution, and all of them are wanted */
        return RECUR_NOT;
    watch(fiber, since, false);
    return RECUR_AWAITS;
}

bool recur_release(void) {
    bool any = false;
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id]->awaits && !recur->awaited[id].reads) {
            fibers[id]->awaits = false;
            fiber_changed(fibers[id]);
            fibers[id]->waits = SAY_NOTHING;
            any = true;
        }
    return any;
}

/* The fiber is there again; what is compared next time is the state as it is now. */
static void renew(struct recur_visit *visit, const struct fiber *fiber, uint64_t whole,
                  uint64_t times) {
    save(visit, sizeof *visit);
    visit->whole = whole;
    visit->times = times;
    visit->looks = fiber_looks;
    visit->clock = fiber->clock;
    visit->writes = fiber->writes;
    visit->index = event_count;
}

/* Where somebody asks how often waiting threads are passed, states that differ in that are two: patience.c. */
static uint64_t add_passed(uint64_t hash) {
    for (int id = 0; id < fiber_count && shared->config.overtaking > 0; id++)
        if (fibers[id] != NULL)
            hash = hash_bytes(hash, &fibers[id]->passed, sizeof fibers[id]->passed);
    return hash;
}

enum recurrence recur_check(struct fiber *fiber, struct shared_finding *finding) {
    if (fiber->state != FIBER_READY || fiber->buffer_of != NULL || !may_wait(fiber))
        return RECUR_NOT;
    uint64_t own = recur_own_hash(fiber);
    struct recur_visit *visit = find_visit(own, fiber->id);
    if (visit == NULL) {
        add_visit(own, fiber);
        return RECUR_NOT;
    }
    if (event_count - visit->index > CYCLE) { /* too long ago to know what it did since */
        renew(visit, fiber, 0, 0);
        return RECUR_NOT;
    }
    if (event_count > visit->index && only_read(fiber, visit)) {
        watch(fiber, visit->index, true);
        return RECUR_AWAITS;
    }
    store_buffer_hide(fiber); /* of which all that is hashed from here on is a part */
    uint64_t whole = add_passed(recur_whole_hash()), times = times_hash();
    bool same_times = visit->times == times;
    bool same = visit->whole == whole && (same_times || visit->looks == fiber_looks);
    int since = visit->index;
    renew(visit, fiber, whole, times);
    return same ? judge_cycle(fiber, visit, since, same_times, finding) : RECUR_NOT;
}
