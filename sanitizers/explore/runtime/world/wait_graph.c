/* SPDX-License-Identifier: MIT */
/*
 * The wait-for graph, made when nobody can move: so every thread that has not ended waits, and each
 * object knows who holds it. An edge leads to whoever could end the wait. Condition variables and
 * barriers have none: anybody could.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/calls/stream_lock.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/world/barrier.h"
#include "explore/runtime/world/hold.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/once.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/rwlock.h"
#include "explore/runtime/world/semaphore.h"
#include "explore/runtime/world/spin.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/runtime/world/wait_graph.h"

static void add_edge(struct wait_node *node, struct fiber *to, enum message_text how,
                     const struct world_place *since) {
    if (to != NULL && node->edge_count < WAIT_EDGES)
        node->edges[node->edge_count++] = (struct wait_edge){to, how, since};
}

static void add_holds(struct wait_node *node, const struct hold *holds, enum message_text how) {
    for (const struct hold *hold = holds; hold != NULL; hold = hold->next)
        add_edge(node, hold->fiber, how, hold->place);
}

/* A reader may also wait for those who came before it: writers in the queue. */
static void add_rwlock(struct wait_node *node, const struct rwlock *lock) {
    add_edge(node, lock->writer, SAY_HELD_BY, lock->sync.taken);
    if (node->fiber->pending.kind == OP_RW_WRITE) {
        add_holds(node, lock->readers, SAY_HELD_BY);
    } else if (lock->writer == NULL) {
        add_holds(node, lock->queue, SAY_KEPT_FOR);
    }
}

static void add_sync(struct wait_node *node, const struct sync *sync) {
    const struct mutex *mutex = (const struct mutex *)sync;
    const struct spin *spin = (const struct spin *)sync;
    const struct once *once = (const struct once *)sync;
    const struct stream_lock *stream = (const struct stream_lock *)sync;
    const struct semaphore *semaphore = (const struct semaphore *)sync;
    switch ((enum sync_kind)sync->kind) {
    case SYNC_MUTEX:
        add_edge(node, mutex->owner, SAY_HELD_BY, mutex->sync.taken);
        break;
    case SYNC_RWLOCK:
        add_rwlock(node, (const struct rwlock *)sync);
        break;
    case SYNC_SPIN:
        add_edge(node, spin->owner, SAY_HELD_BY, spin->sync.taken);
        break;
    case SYNC_STREAM:
        add_edge(node, stream->owner, SAY_HELD_BY, stream->sync.taken);
        break;
    case SYNC_ONCE:
        add_edge(node, once->runner, SAY_RUN_BY, once->sync.taken);
        break;
    case SYNC_SEMAPHORE:
        add_holds(node, semaphore_note(semaphore)->takers, SAY_TAKEN_BY);
        break;
    case SYNC_COND:
    case SYNC_BARRIER:
    case SYNC_FUTEX:
    case SYNC_COUNT:
        break;
    }
}

static void make_node(struct wait_node *node, struct fiber *fiber) {
    const struct thread *thread = fiber->thread;
    *node = (struct wait_node){.fiber = fiber, .spins = fiber->awaits};
    if (node->spins)
        return;
    node->joins = fiber->pending.kind == OP_JOIN;
    if (node->joins)
        add_edge(node, thread->joins, SAY_NOTHING, NULL);
    else if (fiber->holder >= 0)
        add_edge(node, fibers[fiber->holder], SAY_HELD_BY, NULL);
    else if (thread != NULL && fiber->waits != SAY_NOTHING && fiber->waits == thread->waits_said)
        node->sync = thread->waits;
    if (node->sync != NULL)
        add_sync(node, node->sync);
}

void wait_graph_make(struct wait_graph *graph) {
    graph->count = 0;
    graph->nodes = memory_scratch((size_t)fiber_count * sizeof *graph->nodes);
    for (int id = 0; id < fiber_count; id++) {
        struct fiber *fiber = fibers[id];
        if (fiber == NULL || fiber->buffer_of != NULL || fiber->state == FIBER_ENDED)
            continue;
        int at = graph->count++;
        for (; at > 0 && graph->nodes[at - 1].fiber->number > fiber->number; at--)
            graph->nodes[at] = graph->nodes[at - 1];
        make_node(&graph->nodes[at], fiber);
    }
}

struct wait_node *wait_graph_node(const struct wait_graph *graph, const struct fiber *fiber) {
    for (int i = 0; i < graph->count; i++)
        if (graph->nodes[i].fiber == fiber)
            return &graph->nodes[i];
    return NULL;
}

/* Is there a way from the node to `goal`, through nodes that were not tried before? */
static bool leads_to(struct wait_graph *graph, struct wait_node *node, const struct wait_node *goal,
                     bool *tried) {
    for (int i = 0; i < node->edge_count; i++) {
        struct wait_node *next = wait_graph_node(graph, node->edges[i].to);
        if (next == NULL)
            continue;
        bool reached = next == goal;
        if (!reached && !tried[next - graph->nodes]) {
            tried[next - graph->nodes] = true;
            reached = leads_to(graph, next, goal, tried);
        }
        if (reached) {
            node->in_cycle = true;
            node->edges[0] = node->edges[i]; /* the one that matters */
            return true;
        }
    }
    return false;
}

bool wait_graph_cycle(struct wait_graph *graph) {
    for (int i = 0; i < graph->count; i++) {
        bool *tried = memory_scratch((size_t)graph->count);
        if (leads_to(graph, &graph->nodes[i], &graph->nodes[i], tried))
            return true;
    }
    return false;
}

struct message_part wait_said(const struct wait_node *node) {
    const struct barrier *barrier = (const struct barrier *)node->sync;
    const struct fiber *fiber = node->fiber;
    if (node->joins && node->edge_count > 0)
        return PART(SAY_END_OF, node->edges[0].to->number);
    if (node->sync != NULL && node->sync->kind == SYNC_BARRIER)
        return PART(SAY_BARRIER_COME, fiber->waits_for, barrier->arrived, barrier->count);
    if (node->sync != NULL && node->sync->kind == SYNC_COND)
        return PART(SAY_COND_SIGNAL, fiber->waits_for);
    if (node->sync != NULL && node->sync->kind == SYNC_FUTEX)
        return PART(SAY_FUTEX_WAKE, fiber->waits_for);
    return fiber->waits == SAY_NOTHING ? PART(SAY_NOBODY) : PART(fiber->waits, fiber->waits_for);
}
