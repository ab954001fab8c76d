/* SPDX-License-Identifier: MIT */
#include "explore/search/shard/beginnings.h"

#include "explore/search/order.h"

/* A plan is never larger: where there are few ways to go on, there are few however far it goes. */
enum { LENGTH_MOST = 400, EXECUTIONS_MOST = 20000 };

static void add_sleeper(struct arena *arena, struct beginning *beginning,
                        const struct footprint *step) {
    beginning->sleep = arena_grow(arena, beginning->sleep, sizeof *step, &beginning->sleep_capacity,
                                  beginning->sleep_count + 1);
    beginning->sleep[beginning->sleep_count++] = *step;
}

/* One step more than `before`, with the same sleepers. */
static void add(struct beginnings *plan, struct beginning_list *list,
                const struct beginning *before, int actor, int alternative) {
    struct beginning more = {.length = before->length + 1};
    more.pairs = arena_new(plan->arena, 2 * (size_t)more.length);
    if (before->length > 0)
        memcpy(more.pairs, before->pairs, 2 * (size_t)before->length);
    more.pairs[2 * more.length - 2] = (uint8_t)actor;
    more.pairs[2 * more.length - 1] = (uint8_t)alternative;
    for (int i = 0; i < before->sleep_count; i++)
        add_sleeper(plan->arena, &more, &before->sleep[i]);
    list->items =
        arena_grow(plan->arena, list->items, sizeof *list->items, &list->capacity, list->count + 1);
    list->items[list->count++] = more;
}

static void forget(struct arena *arena, const struct beginning *beginning) {
    arena_free(arena, beginning->pairs, 2 * (size_t)beginning->length);
    arena_free(arena, beginning->sleep,
               (size_t)beginning->sleep_capacity * sizeof *beginning->sleep);
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
        forget(plan->arena, &plan->list.items[i]);
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
    struct beginning *beginning = &plan->list.items[plan->at], before = *beginning;
    if (beginning->asked)
        return;
    beginning->asked = true;
    before.length--;
    int actor = before.pairs[2 * before.length];
    for (int i = 1; i < n; i++) {
        add(plan, &plan->list, &before, actor, i);
        plan->list.items[plan->list.count - 1].asked = true;
    }
}

/* Whoever's step conflicts with it wakes up. */
void beginnings_step(struct beginnings *plan, const struct event *event) {
    struct beginning *beginning = &plan->list.items[plan->at];
    struct footprint made = footprint_of(&event->op, event->actor);
    int count = 0;
    for (int i = 0; i < beginning->sleep_count; i++)
        if (!footprint_dependent(&beginning->sleep[i], &made))
            beginning->sleep[count++] = beginning->sleep[i];
    beginning->sleep_count = count;
}

static bool sleeps(const struct beginning *beginning, int actor) {
    for (int i = 0; i < beginning->sleep_count; i++)
        if (beginning->sleep[i].actor == actor)
            return true;
    return false;
}

void beginnings_arrived(struct beginnings *plan, const struct view *view) {
    struct beginning *beginning = &plan->list.items[plan->at];
    uint8_t actors[OP_ACTORS];
    int count = order_actors(view, actors), before = beginning->sleep_count;
    for (int i = 0; i < count; i++) {
        if (sleeps(beginning, actors[i]))
            continue;
        struct footprint step = footprint_announced(view->actors[actors[i]].pending, actors[i]);
        add(plan, &plan->next, beginning, actors[i], 0);
        add_sleeper(plan->arena, beginning, &step); /* behind those that come later */
    }
    beginning->sleep_count = before;
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
