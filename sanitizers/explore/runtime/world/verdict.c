/* SPDX-License-Identifier: MIT */
/*
 * Two judges: of an execution in which nobody can move, and of one that has come to its end.
 *
 * When nobody can move, the wait-for graph (wait_graph.c) tells the kinds apart:
 *  - a cycle: a deadlock, and those in the cycle are guilty;
 *  - somebody waits on a condition variable that was signalled when nobody waited, or whose signal
 *    went to another who then waited again: a lost wake-up;
 *  - everybody spins, or waits for the end of one who does: a livelock;
 *  - else a deadlock too: all who wait for something that nobody is left to do are guilty. Who
 *    merely waits for another thread's end is not.
 */
#include "explore/runtime/base.h"

#include <stdarg.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/program.h"
#include "explore/runtime/text.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/runtime/world/verdict.h"
#include "explore/runtime/world/wait_graph.h"
#include "report/kind.h"

enum { OBJECTS = sizeof((struct shared_finding *)NULL)->objects / sizeof(uint64_t) };

/* --- building a message --- */

struct message {
    struct shared_finding *finding;
    size_t length;
    int objects, parts, cut;
};

__attribute__((format(printf, 2, 3))) static void say(struct message *message, const char *format,
                                                      ...) {
    va_list list;
    va_start(list, format);
    message->length += text_format_list(message->finding->message + message->length,
                                        SHARED_TEXT - message->length, format, list);
    va_end(list);
}

static bool has_object(const char *words) {
    while (*words != '\0' && *words != '@')
        words++;
    return *words == '@';
}

/* "thread 2 waits for mutex @ held by thread 3, which has ended". Not more than there are places
 * for addresses: a long list is cut short. */
static void say_wait(struct message *message, const struct wait_node *node) {
    char name[FIBER_NAME_SIZE], words[WAIT_WORDS];
    wait_words(words, node);
    bool object = has_object(words);
    message->parts++;
    if (message->parts > OBJECTS + 1 || (object && message->objects == OBJECTS)) {
        message->cut++;
        return;
    }
    say(message, "%s%s waits for %s", message->parts == 1 ? "" : "; ",
        fiber_name(name, node->fiber), words);
    if (object)
        message->finding->objects[message->objects++] = node->fiber->waits_for;
    if (node->edge_count == 0 || node->edges[0].how == NULL)
        return;
    const struct fiber *holder = node->edges[0].to;
    if (holder == node->fiber)
        say(message, " which it %s itself", node->edges[0].how == wait_run ? "runs" : "holds");
    else
        say(message, " %s %s%s", node->edges[0].how, fiber_name(name, holder),
            holder->state == FIBER_ENDED ? ", which has ended" : "");
}

static struct shared_location *add_location(struct shared_finding *finding, int actor,
                                            uint32_t stack, uint64_t pc, const char *doing,
                                            uint64_t object, bool context) {
    if (finding->location_count == SHARED_LOCATIONS)
        return NULL;
    struct shared_location *location =
        finding_at(finding, actor, stack, (uintptr_t)pc, doing, (const void *)(uintptr_t)object);
    location->context = context;
    return location;
}

static void add_waiting(struct shared_finding *finding, const struct wait_node *node,
                        bool context) {
    const struct fiber *fiber = node->fiber;
    char words[WAIT_WORDS], doing[WAIT_WORDS + 16];
    text_format(doing, sizeof doing, "waits for %s", wait_words(words, node));
    add_location(finding, fiber->id, fiber->stack, fiber->pc, doing, fiber->waits_for, context);
}

/* Where what a guilty thread waits for was taken. */
static void add_holders(struct shared_finding *finding, const struct wait_node *node) {
    for (int i = 0; i < node->edge_count; i++) {
        const struct world_place *since = node->edges[i].since;
        if (since == NULL || since->pc == 0 || (node->in_cycle && i > 0))
            continue;
        char doing[WAIT_WORDS];
        text_format(doing, sizeof doing,
                    node->edges[i].how == wait_kept  ? "comes first at %s @ since here"
                    : node->edges[i].how == wait_run ? "runs the routine of %s @ since here"
                                                     : "%s @ was taken here",
                    sync_name(node->sync->kind));
        add_location(finding, since->actor, since->stack, since->pc, doing, node->fiber->waits_for,
                     true);
    }
}

/* --- who is guilty --- */

static const struct cond *lost_cond(const struct wait_graph *graph, const struct wait_node *node) {
    if (node->sync == NULL || node->sync->kind != SYNC_COND)
        return NULL;
    const struct cond *cond = (const struct cond *)node->sync;
    if (cond->lost.pc != 0)
        return cond;
    const struct wait_node *woken =
        cond->woken != NULL ? wait_graph_node(graph, cond->woken) : NULL;
    return woken != NULL && woken->sync == node->sync ? cond : NULL;
}

enum guilt { GUILT_CYCLE, GUILT_LOST, GUILT_ANY };

static bool is_guilty(const struct wait_graph *graph, const struct wait_node *node,
                      enum guilt guilt) {
    switch (guilt) {
    case GUILT_CYCLE:
        return node->in_cycle;
    case GUILT_LOST:
        return lost_cond(graph, node) != NULL;
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
static void say_cycle(struct message *message, const struct wait_graph *graph) {
    const struct wait_node *first = graph->nodes;
    while (!first->in_cycle)
        first++;
    const struct wait_node *node = first;
    do {
        say_wait(message, node);
        node = wait_graph_node(graph, node->edges[0].to);
    } while (node != first);
}

static void say_all(struct message *message, const struct wait_graph *graph) {
    for (int i = 0; i < graph->count; i++)
        if (!graph->nodes[i].joins)
            say_wait(message, &graph->nodes[i]);
    for (int i = 0; i < graph->count; i++)
        if (graph->nodes[i].joins)
            say_wait(message, &graph->nodes[i]);
}

static void say_lost(struct message *message, const struct wait_graph *graph) {
    char name[FIBER_NAME_SIZE], other[FIBER_NAME_SIZE];
    const struct wait_node *node = graph->nodes;
    while (lost_cond(graph, node) == NULL)
        node++;
    const struct cond *cond = lost_cond(graph, node);
    const struct world_place *place = cond->lost.pc != 0 ? &cond->lost : &cond->given;
    message->finding->objects[0] = node->fiber->waits_for;
    say(message, "%s waits on condition variable @ for ever: ", fiber_name(name, node->fiber));
    fiber_name(name, fibers[place->actor]);
    if (place == &cond->lost)
        say(message, "the signal of %s came when nobody waited", name);
    else
        say(message, "the signal of %s woke %s, which waits again", name,
            fiber_name(other, cond->woken));
    add_location(message->finding, place->actor, place->stack, place->pc,
                 "signals condition variable @", node->fiber->waits_for, true);
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
        if (lost_cond(graph, &graph->nodes[i]) != NULL)
            return true;
    return false;
}

bool verdict_deadlock(struct shared_finding *finding) {
    struct wait_graph graph;
    wait_graph_make(&graph);
    for (int i = 0; i < graph.count; i++)
        if (cancel_missed(graph.nodes[i].fiber))
            return false;
    bool cycle = wait_graph_cycle(&graph);
    bool lost = !cycle && any_lost(&graph), spin = !cycle && !lost && all_spin(&graph);
    finding_start(finding,
                  lost   ? KIND_LOST_WAKEUP
                  : spin ? KIND_LIVELOCK
                         : KIND_DEADLOCK,
                  "%s",
                  lost   ? "lost wake-up: "
                  : spin ? "livelock: "
                         : "deadlock: ");
    add_all(finding, &graph, cycle ? GUILT_CYCLE : lost ? GUILT_LOST : GUILT_ANY);
    struct message message = {.finding = finding, .length = strlen(finding->message)};
    if (cycle)
        say_cycle(&message, &graph);
    else if (lost)
        say_lost(&message, &graph);
    else
        say_all(&message, &graph);
    if (message.cut > 0)
        say(&message, "; and %d more", message.cut);
    return true;
}

/* --- the end --- */

static bool is_leaked(const struct fiber *fiber) {
    return fiber != NULL && fiber->id != 0 && fiber->state == FIBER_ENDED &&
           !fiber->thread->detached && fiber->thread->joined.pc == 0;
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
    char name[FIBER_NAME_SIZE];
    finding_start(finding, KIND_THREAD_LEAK, "%s ended, and was neither joined nor detached",
                  fiber_name(name, first));
    if (count > 1)
        finding_start(finding, KIND_THREAD_LEAK,
                      "%d threads ended, and were neither joined nor detached", count);
    const struct world_place *created = &first->thread->created;
    char doing[FIBER_NAME_SIZE + 16];
    text_format(doing, sizeof doing, "creates %s", fiber_name(name, first));
    add_location(finding, created->actor, created->stack, created->pc, doing, 0, false);
    return true;
}

bool verdict_end(struct shared_finding *finding, int status) {
    if (status == 0)
        return judge_leaks(finding);
    finding_start(finding, KIND_EXIT, "the program ended with exit code %d", status);
    char doing[FIBER_NAME_SIZE + 32];
    bool called = self->exit_pc != 0;
    text_format(doing, sizeof doing,
                called ? "ends the program with exit code %d" : "returns %d from main", status);
    finding_at(finding, self->id, called ? self->exit_stack : self->stack,
               called ? (uintptr_t)self->exit_pc : (uintptr_t)program_main + 1, doing, NULL);
    return true;
}
