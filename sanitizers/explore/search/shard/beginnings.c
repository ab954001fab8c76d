/* SPDX-License-Identifier: MIT */
#include "explore/search/shard/beginnings.h"

#include "explore/search/order.h"

/* A plan is never larger: where there are few ways to go on, there are few however far it goes. */
enum { LENGTH_MOST = 400, EXECUTIONS_MOST = 20000 };

static void add(struct beginnings *plan, struct beginning_list *list, const struct beginning *before, int actor,
                int alternative) {
    int length = before->length + 1;
    uint8_t *pairs = arena_new(plan->arena, 2 * (size_t)length);
    if (before->length > 0)
        memcpy(pairs, before->pairs, 2 * (size_t)before->length);
    pairs[2 * length - 2] = (uint8_t)actor;
    pairs[2 * length - 1] = (uint8_t)alternative;
    list->items = arena_grow(plan->arena, list->items, sizeof *list->items, &list->capacity,
                             list->count + 1);
    list->items[list->count++] = (struct beginning){.pairs = pairs, .length = length};
}

struct beginnings beginnings_of(struct arena *arena, int wanted) {
    struct beginnings plan = {.arena = arena, .wanted = wanted};
    struct beginning_list *list = &plan.list;
    list->items = arena_grow(arena, NULL, sizeof *list->items, &list->capacity, 1);
    list->items[list->count++] = (struct beginning){.asked = true}; /* of no step */
    return plan;
}

static int open_count(const struct beginnings *plan) {
    int count = 0;
    for (int i = 0; i < plan->list.count; i++)
        count += !plan->list.items[i].ended;
    return count;
}

/* All of the list were executed: is it enough? Else on to those that are a step longer. */
static void go_on(struct beginnings *plan) {
    plan->over = open_count(plan) >= plan->wanted || plan->next.count == 0 ||
                 plan->list.items[0].length >= LENGTH_MOST ||
                 plan->made + plan->next.count > EXECUTIONS_MOST;
    if (plan->over)
        return;
    for (int i = 0; i < plan->list.count; i++)
        arena_free(plan->arena, plan->list.items[i].pairs,
                   2 * (size_t)plan->list.items[i].length);
    struct beginning_list done = plan->list;
    plan->list = plan->next;
    plan->next = done;
    plan->next.count = plan->at = 0;
}

struct beginning *beginnings_next(struct beginnings *plan) {
    if (!plan->over && plan->at == plan->list.count)
        go_on(plan);
    return plan->over ? NULL : &plan->list.items[plan->at];
}

void beginnings_choice(struct beginnings *plan, int n) {
    struct beginning *beginning = &plan->list.items[plan->at];
    if (beginning->asked)
        return;
    beginning->asked = true;
    const struct beginning before = {.pairs = beginning->pairs, .length = beginning->length - 1};
    int actor = beginning->pairs[2 * beginning->length - 2];
    for (int i = 1; i < n; i++) {
        add(plan, &plan->list, &before, actor, i);
        plan->list.items[plan->list.count - 1].asked = true;
    }
}

void beginnings_arrived(struct beginnings *plan, const struct view *view) {
    uint8_t actors[OP_ACTORS];
    int count = order_actors(view, actors);
    for (int i = 0; i < count; i++)
        add(plan, &plan->next, &plan->list.items[plan->at], actors[i], 0);
}

void beginnings_ended(struct beginnings *plan, bool arrived) {
    plan->list.items[plan->at++].ended = !arrived;
    plan->made++;
}

uint64_t beginnings_hash(const struct beginnings *plan) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (int i = 0; i < plan->list.count; i++) {
        const struct beginning *beginning = &plan->list.items[i];
        hash = (hash ^ (beginning->ended ? 1 : 2)) * UINT64_C(0x100000001b3);
        for (int at = 0; at < 2 * beginning->length; at++)
            hash = (hash ^ beginning->pairs[at]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
