/* SPDX-License-Identifier: MIT */
/*
 * Two judges: of an execution in which nobody can move, and of one that has come to its end.
 *
 * When nobody can move, the wait-for graph (wait_graph.c) tells the kinds apart:
 *  - a cycle: a deadlock, and those in the cycle are guilty;
 *  - somebody waits on a condition variable that was signalled when nobody waited, or whose signal
 *    went to another who then waited again, and that signal was of no use: a lost wake-up;
 *  - everybody spins, or waits for the end of one who does: a livelock;
 *  - else a deadlock too: all who wait for something that nobody is left to do are guilty. Who
 *    merely waits for another thread's end is not.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/program.h"
#include "explore/runtime/worker.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/runtime/world/verdict.h"
#include "explore/runtime/world/wait_graph.h"
#include "report/kind.h"

/* --- building a message --- */

/* Waits that are told, and those of them that are for an object: a long list is cut short. */
enum { WAITS_TOLD = 5, OBJECTS_TOLD = 4 };

struct wait_list {
    struct message *message;
    int waits, objects, cut;
};

/* "held by thread 3, which has ended" */
static void say_holder(struct message *message, const struct wait_node *node) {
    const struct wait_edge *edge = &node->edges[0];
    if (node->edge_count == 0 || edge->how == SAY_NOTHING)
        return;
    if (edge->to == node->fiber) {
        message_add(message, PART(edge->how == SAY_RUN_BY ? SAY_ITSELF_RUNS : SAY_ITSELF_HOLDS));
        return;
    }
    message_add(message, PART(edge->how, edge->to->number));
    if (edge->to->state == FIBER_ENDED)
        message_add(message, PART(SAY_HAS_ENDED));
}

/* "thread 2 waits for mutex @ held by thread 3" */
static void say_wait(struct wait_list *list, const struct wait_node *node) {
    const struct message_part what = wait_said(node);
    bool object = message_has_object((enum message_text)what.values[0]);
    list->waits++;
    if (list->waits > WAITS_TOLD || (object && list->objects == OBJECTS_TOLD)) {
        list->cut++;
        return;
    }
    list->objects += object;
    if (list->waits > 1)
        message_add(list->message, PART(SAY_NEXT));
    message_add(list->message, PART(SAY_THREAD_WAITS, node->fiber->number));
    message_add(list->message, what);
    say_holder(list->message, node);
}

static void add_location(struct shared_finding *finding, const struct world_place *place,
                         struct message_doing doing, bool context) {
    if (finding->location_count < SHARED_LOCATIONS)
        finding_at(finding, place->actor, place->stack, (uintptr_t)place->pc, doing)->context =
            context;
}

static void add_waiting(struct shared_finding *finding, const struct wait_node *node,
                        bool context) {
    const struct fiber *fiber = node->fiber;
    const struct world_place place = {.pc = fiber->pc, .stack = fiber->stack, .actor = fiber->id};
    add_location(finding, &place, DOING(PART(SAY_WAITS_FOR), wait_said(node)), context);
}

static struct message_doing taken_said(const struct wait_node *node, enum message_text how) {
    const struct message_part object = sync_said(node->sync);
    if (how == SAY_KEPT_FOR)
        return DOING(PART(SAY_COMES_FIRST), object, PART(SAY_SINCE_HERE));
    if (how == SAY_RUN_BY)
        return DOING(PART(SAY_RUNS_ROUTINE), object, PART(SAY_SINCE_HERE));
    return DOING(object, PART(SAY_TAKEN_HERE));
}

/* Where what a guilty thread waits for was taken. */
static void add_holders(struct shared_finding *finding, const struct wait_node *node) {
    for (int i = 0; i < node->edge_count; i++) {
        const struct world_place *since = node->edges[i].since;
        if (since == NULL || since->pc == 0 || (node->in_cycle && i > 0))
            continue;
        add_location(finding, since, taken_said(node, node->edges[i].how), true);
    }
}

/* --- who is guilty --- */

/* A signal came when nobody waited, and what it told of was not dealt with since, as far as can be seen: nobody else
 * had the mutex, and left it again. */
static bool is_unheard(const struct sync *sync, const struct cond_note *note) {
    const struct cond *cond = (const struct cond *)sync;
    return note->lost.pc != 0 && (sync->kind != SYNC_COND || cond->mutex == NULL ||
                                  !mutex_served(cond->mutex, note->lost_at, note->lost.actor));
}

static const struct cond_note *lost_signal(const struct wait_graph *graph,
                                           const struct wait_node *node) {
    if (node->sync == NULL || (node->sync->kind != SYNC_COND && node->sync->kind != SYNC_FUTEX))
        return NULL;
    const struct cond_note *note = cond_note(node->sync);
    if (is_unheard(node->sync, note))
        return note;
    const struct wait_node *woken =
        note->woken != NULL ? wait_graph_node(graph, note->woken) : NULL;
    return woken != NULL && woken->sync == node->sync ? note : NULL;
}

enum guilt { GUILT_CYCLE, GUILT_LOST, GUILT_ORPHAN, GUILT_ANY };

/* Does it wait for what a thread holds that has ended? */
static bool is_orphan(const struct wait_node *node) {
    for (int i = 0; i < node->edge_count && !node->joins; i++)
        if (node->edges[i].to->state == FIBER_ENDED)
            return true;
    return false;
}

static bool is_guilty(const struct wait_graph *graph, const struct wait_node *node,
                      enum guilt guilt) {
    switch (guilt) {
    case GUILT_CYCLE:
        return node->in_cycle;
    case GUILT_LOST:
        return lost_signal(graph, node) != NULL;
    case GUILT_ORPHAN:
        return is_orphan(node);
    case GUILT_ANY:
        return !node->joins;
    }
    return true;
}

/* Does it wait for a thread that itself waits? Then it is not where the trouble began. */
static bool waits_for_waiting(const struct wait_graph *graph, const struct wait_node *node) {
    for (int i = 0; i < node->edge_count; i++)
        if (wait_graph_node(graph, node->edges[i].to) != NULL)
            return true;
    return false;
}

static void add_all(struct shared_finding *finding, const struct wait_graph *graph,
                    enum guilt guilt) {
    for (int later = 0; later < 2; later++)
        for (int i = 0; i < graph->count; i++) {
            const struct wait_node *node = &graph->nodes[i];
            bool last = guilt == GUILT_ANY && waits_for_waiting(graph, node);
            if (is_guilty(graph, node, guilt) && last == (later == 1))
                add_waiting(finding, node, false);
        }
    for (int i = 0; i < graph->count; i++)
        if (is_guilty(graph, &graph->nodes[i], guilt))
            add_holders(finding, &graph->nodes[i]);
    for (int i = 0; i < graph->count; i++)
        if (!is_guilty(graph, &graph->nodes[i], guilt))
            add_waiting(finding, &graph->nodes[i], true);
}

/* --- the kinds --- */

/* In a cycle each waits for the next: told in that order. */
static void say_cycle(struct wait_list *list, const struct wait_graph *graph) {
    const struct wait_node *first = graph->nodes;
    while (!first->in_cycle)
        first++;
    const struct wait_node *node = first;
    do {
        say_wait(list, node);
        node = wait_graph_node(graph, node->edges[0].to);
    } while (node != first);
}

static void say_all(struct wait_list *list, const struct wait_graph *graph) {
    for (int i = 0; i < graph->count; i++)
        if (!graph->nodes[i].joins)
            say_wait(list, &graph->nodes[i]);
    for (int i = 0; i < graph->count; i++)
        if (graph->nodes[i].joins)
            say_wait(list, &graph->nodes[i]);
}

static void say_lost(struct shared_finding *finding, const struct wait_graph *graph) {
    const struct wait_node *node = graph->nodes;
    while (lost_signal(graph, node) == NULL)
        node++;
    const struct cond_note *note = lost_signal(graph, node);
    bool unheard = is_unheard(node->sync, note), futex = node->sync->kind == SYNC_FUTEX;
    const struct world_place *place = unheard ? &note->lost : &note->given;
    const struct fiber *signaller = fibers[place->actor];
    message_add(&finding->message, PART(futex ? SAY_FUTEX_FOR_EVER : SAY_WAITS_FOR_EVER,
                                        node->fiber->number, node->fiber->waits_for));
    message_add(&finding->message,
                unheard ? PART(SAY_SIGNAL_UNHEARD, signaller->number)
                        : PART(SAY_SIGNAL_TAKEN, signaller->number, note->woken->number));
    add_location(finding, place,
                 DOING(PART(futex ? SAY_WAKES_FUTEX : SAY_SIGNALS_COND, node->fiber->waits_for)),
                 true);
}

static bool all_spin(const struct wait_graph *graph) {
    bool any = false;
    for (int i = 0; i < graph->count; i++) {
        any |= graph->nodes[i].spins;
        if (!graph->nodes[i].spins && !graph->nodes[i].joins)
            return false;
    }
    return any;
}

static bool any_lost(const struct wait_graph *graph) {
    for (int i = 0; i < graph->count; i++)
        if (lost_signal(graph, &graph->nodes[i]) != NULL)
            return true;
    return false;
}

bool verdict_deadlock(struct shared_finding *finding, bool assumed) {
    struct wait_graph graph;
    wait_graph_make(&graph);
    for (int i = 0; i < graph.count; i++)
        if (cancel_missed(graph.nodes[i].fiber))
            return false;
    bool cycle = wait_graph_cycle(&graph);
    if (assumed && !cycle)
        return false;
    bool lost = !cycle && any_lost(&graph), spin = !cycle && !lost && all_spin(&graph);
    finding_start(finding, lost ? KIND_LOST_WAKEUP : spin ? KIND_LIVELOCK : KIND_DEADLOCK);
    add_all(finding, &graph, cycle ? GUILT_CYCLE : lost ? GUILT_LOST : GUILT_ANY);
    struct wait_list list = {.message = &finding->message};
    if (cycle)
        say_cycle(&list, &graph);
    else if (lost)
        say_lost(finding, &graph);
    else
        say_all(&list, &graph);
    if (list.cut > 0)
        message_add(list.message, PART(SAY_MORE, (uint64_t)list.cut));
    return true;
}

/* --- the end --- */

/* Can only who it waits for end its wait? Anybody may post a semaphore, and time runs out. */
static bool is_settled(const struct wait_node *node) {
    bool semaphore = node->sync != NULL && node->sync->kind == SYNC_SEMAPHORE;
    return !semaphore && !node->fiber->timed;
}

/* Threads wait for each other, or for one that has ended, as the process ends: that hides it. */
static bool judge_hidden_deadlock(struct shared_finding *finding) {
    struct wait_graph graph;
    bool orphan = false;
    wait_graph_make(&graph);
    int kept = 0;
    for (int i = 0; i < graph.count; i++)
        if (graph.nodes[i].edge_count > 0 && is_settled(&graph.nodes[i]))
            graph.nodes[kept++] = graph.nodes[i];
    graph.count = kept;
    for (int i = 0; i < kept; i++)
        orphan |= is_orphan(&graph.nodes[i]);
    bool cycle = wait_graph_cycle(&graph);
    if (!cycle && !orphan)
        return false;
    finding_start(finding, KIND_DEADLOCK);
    add_all(finding, &graph, cycle ? GUILT_CYCLE : GUILT_ORPHAN);
    struct wait_list list = {.message = &finding->message};
    if (cycle)
        say_cycle(&list, &graph);
    for (int i = 0; !cycle && i < graph.count; i++)
        if (is_orphan(&graph.nodes[i]))
            say_wait(&list, &graph.nodes[i]);
    message_add(list.message, PART(SAY_AS_IT_ENDS));
    return true;
}

static bool is_leaked(const struct fiber *fiber) {
    return fiber != NULL && fiber->id != 0 && fiber->buffer_of == NULL &&
           fiber->state == FIBER_ENDED && !fiber->thread->detached && fiber->thread->joined.pc == 0;
}

static bool judge_leaks(struct shared_finding *finding) {
    int count = 0;
    const struct fiber *first = NULL;
    for (int id = 0; id < fiber_count; id++)
        if (is_leaked(fibers[id])) {
            count++;
            if (first == NULL || fibers[id]->number < first->number)
                first = fibers[id];
        }
    if (count == 0)
        return false;
    finding_start(finding, KIND_THREAD_LEAK);
    message_add(&finding->message, count > 1 ? PART(SAY_LEAKED_MANY, (uint64_t)count)
                                             : PART(SAY_LEAKED_ONE, first->number));
    add_location(finding, &first->thread->created, DOING(PART(SAY_CREATES, first->number)), false);
    return true;
}

/* A replay judges as if nothing were a matter of taste. */
static bool is_among(uint64_t kinds, enum kind kind) {
    return !worker_replays() && (kinds >> kind & 1) != 0;
}

/* True: it is an error. */
static bool weigh(const struct shared_finding *finding) {
    bool warned = is_among(shared->config.warned, (enum kind)finding->kind);
    if (warned)
        finding_warn(finding);
    return !warned && !is_among(shared->config.ignored, (enum kind)finding->kind);
}

/* A status other than 0 is the program's way if it comes out under every schedule: then it is worth a warning. */
static bool exit_hangs_on_schedule(int status) {
    int32_t seen = 0;
    if (worker_replays() ||
        __atomic_compare_exchange_n(&control->exit_seen, &seen, 1 + status, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED) ||
        seen == 1 + status)
        return control->facts.exits_differ != 0;
    if (control->facts.exits_differ == 0 && status == 0) {
        control->learnt.exits_differ = 1;
        worker_search_anew(); /* for an execution that fails by it */
    }
    return true;
}

static bool judge_status(struct shared_finding *finding, int status) {
    if (status == shared->config.allow_exit)
        status = 0;
    bool called = self->exit_pc != 0, hangs = exit_hangs_on_schedule(status);
    if (status == 0)
        return false;
    finding_start(finding, KIND_EXIT);
    message_add(&finding->message, PART(SAY_EXIT_CODE, (uint64_t)status));
    finding_at(finding, self->id, called ? self->exit_stack : self->stack,
               called ? (uintptr_t)self->exit_pc : (uintptr_t)program_main + 1,
               DOING(PART(called ? SAY_EXITS : SAY_MAIN_RETURNS, (uint64_t)status)));
    return (hangs && !is_among(shared->config.ignored, KIND_EXIT)) || weigh(finding);
}

bool verdict_end(struct shared_finding *finding, int status) {
    return judge_status(finding, status) || (judge_hidden_deadlock(finding) && weigh(finding)) ||
           (judge_leaks(finding) && weigh(finding));
}
