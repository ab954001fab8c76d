/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The states lie in an array; a region is a stretch of it that is still in question, and all of its
 * states have its number as their mark. Tarjan's algorithm sorts a region by component. A component whose
 * steps are those of all who can move in it has a fair cycle: around all of it. Else whoever can move
 * there, and never does so without leaving it, must not be able to: the states where it can are
 * dropped, and what is left is another region.
 */
#include "explore/search/states/cycles.h"

enum { WORDS = OP_ACTORS / 64 };

struct actors {
    uint64_t bits[WORDS];
};

static void put(struct actors *set, int actor) {
    set->bits[actor / 64] |= UINT64_C(1) << actor % 64;
}

static bool has(const struct actors *set, int actor) {
    return (set->bits[actor / 64] >> actor % 64 & 1) != 0;
}

static bool contains(const struct actors *set, const struct actors *subset) {
    for (int i = 0; i < WORDS; i++)
        if ((subset->bits[i] & ~set->bits[i]) != 0)
            return false;
    return true;
}

struct cycle_region {
    uint32_t start, end; /* in `sorted` */
};

struct cycle_visit {
    uint32_t state, step; /* the next of its steps to look at */
};

struct cycle_search {
    struct graph *graph;
    uint32_t *list, *sorted; /* the states of the region at hand as they were, and by component */
    uint32_t *found, *low;   /* by state: Tarjan's numbers; found 0: not yet */
    struct cycle_visit *visits;
    uint32_t *open; /* Tarjan's stack */
    uint32_t visit_count, open_count, found_count, sorted_count;
    uint32_t marks; /* given so far */
    struct cycle_region *regions;
    int region_count, region_capacity;
};

static uint32_t *numbers(struct graph *graph) {
    return arena_new(graph->arena, ((size_t)graph->state_count + 1) * sizeof(uint32_t));
}

/* Does the step stay among the states with that mark, and does it happen by somebody's doing? */
static bool stays(const struct graph *graph, const struct graph_step *step, uint32_t mark) {
    return step->to != 0 && !step->free && graph_state(graph, step->to)->mark == mark;
}

/* --- components --- */

static void enter(struct cycle_search *search, uint32_t state) {
    search->found[state] = search->low[state] = ++search->found_count;
    search->open[search->open_count++] = state;
    search->visits[search->visit_count++] =
        (struct cycle_visit){state, graph_state(search->graph, state)->steps};
}

static void lower(uint32_t *low, uint32_t other) {
    if (other < *low)
        *low = other;
}

#define DONE UINT32_MAX /* as `found`: its component is complete */

/* The state's steps are through. If its component is, that goes to `sorted`; where it ends there. */
static void leave(struct cycle_search *search, uint32_t state, struct cycle_region *component) {
    *component = (struct cycle_region){search->sorted_count, search->sorted_count};
    if (search->low[state] == search->found[state]) {
        uint32_t member;
        do {
            member = search->open[--search->open_count];
            search->found[member] = (uint32_t)DONE;
            search->sorted[search->sorted_count++] = member;
        } while (member != state);
        component->end = search->sorted_count;
    }
    if (search->visit_count > 0)
        lower(&search->low[search->visits[search->visit_count - 1].state], search->low[state]);
}

/* One step further with the state at hand; true: it is through. */
static bool follow(struct cycle_search *search, uint32_t mark) {
    struct cycle_visit *visit = &search->visits[search->visit_count - 1];
    if (visit->step == 0)
        return true;
    const struct graph_step *step = graph_step(search->graph, visit->step);
    visit->step = step->next;
    if (!stays(search->graph, step, mark))
        return false;
    if (search->found[step->to] == 0)
        enter(search, step->to);
    else if (search->found[step->to] != (uint32_t)DONE)
        lower(&search->low[visit->state], search->found[step->to]);
    return false;
}

/* --- fairness --- */

static void look_at(const struct graph *graph, uint32_t state, uint32_t mark, struct actors *can,
                    struct actors *move) {
    for (uint32_t i = graph_state(graph, state)->steps; i != 0; i = graph_step(graph, i)->next) {
        const struct graph_step *step = graph_step(graph, i);
        put(can, step->actor);
        if (stays(graph, step, mark))
            put(move, step->actor);
    }
}

/* Those of the component where somebody can move who does not move within it are dropped. */
static void drop(struct cycle_search *search, const struct cycle_region *component, uint32_t mark,
                 const struct actors *move) {
    if (search->region_count == search->region_capacity)
        search->regions = arena_grow(search->graph->arena, search->regions, sizeof *search->regions,
                                     &search->region_capacity, search->region_count + 1);
    struct cycle_region *rest = &search->regions[search->region_count];
    *rest = (struct cycle_region){component->start, component->start};
    for (uint32_t i = component->start; i < component->end; i++) {
        uint32_t state = search->sorted[i];
        struct actors can = {0}, moves = {0};
        look_at(search->graph, state, mark, &can, &moves);
        bool stay = contains(move, &can);
        graph_state(search->graph, state)->mark = 0;
        if (stay)
            search->sorted[rest->end++] = state;
    }
    search->region_count += rest->end > rest->start;
}

/* Chance does not always give the same value: who gets one of several at that state and could leave by
 * another does leave, some time. Then none of those steps is part of a cycle. True: that was news. */
static bool leave_by_value(const struct graph *graph, uint32_t state, uint32_t mark) {
    struct actors leave = {0};
    bool news = false;
    for (uint32_t i = graph_state(graph, state)->steps; i != 0; i = graph_step(graph, i)->next)
        if (graph_step(graph, i)->value && !stays(graph, graph_step(graph, i), mark))
            put(&leave, graph_step(graph, i)->actor);
    for (uint32_t i = graph_state(graph, state)->steps; i != 0; i = graph_step(graph, i)->next) {
        struct graph_step *step = graph_step(graph, i);
        if (!step->value || step->free || !has(&leave, step->actor))
            continue;
        step->free = true;
        news = true;
    }
    return news;
}

/* All of the component is another region. */
static void keep(struct cycle_search *search, const struct cycle_region *component) {
    if (search->region_count == search->region_capacity)
        search->regions = arena_grow(search->graph->arena, search->regions, sizeof *search->regions,
                                     &search->region_capacity, search->region_count + 1);
    search->regions[search->region_count++] = *component;
    for (uint32_t i = component->start; i < component->end; i++)
        graph_state(search->graph, search->sorted[i])->mark = 0;
}

/* Has it a fair cycle? Else what is left of it may be a region. */
static bool judge(struct cycle_search *search, const struct cycle_region *component) {
    uint32_t mark = ++search->marks;
    struct actors can = {0}, move = {0};
    for (uint32_t i = component->start; i < component->end; i++)
        graph_state(search->graph, search->sorted[i])->mark = mark;
    bool news = false;
    for (uint32_t i = component->start; i < component->end; i++)
        news = leave_by_value(search->graph, search->sorted[i], mark) || news;
    if (news) {
        keep(search, component);
        return false;
    }
    for (uint32_t i = component->start; i < component->end; i++)
        look_at(search->graph, search->sorted[i], mark, &can, &move);
    const struct actors nobody = {0};
    if (contains(&nobody, &move))
        return false; /* no step stays there */
    if (contains(&move, &can))
        return true;
    drop(search, component, mark, &move);
    return false;
}

/* A component of the region with a fair cycle, as a stretch of `sorted`. */
static bool region_search(struct cycle_search *search, const struct cycle_region *region,
                          struct cycle_region *component) {
    uint32_t mark = ++search->marks;
    search->sorted_count = region->start;
    search->found_count = 0;
    for (uint32_t i = region->start; i < region->end; i++) {
        uint32_t state = search->list[i] = search->sorted[i];
        graph_state(search->graph, state)->mark = mark;
        search->found[state] = 0;
    }
    for (uint32_t i = region->start; i < region->end; i++) {
        if (search->found[search->list[i]] != 0)
            continue;
        enter(search, search->list[i]);
        while (search->visit_count > 0) {
            if (!follow(search, mark))
                continue;
            uint32_t state = search->visits[--search->visit_count].state;
            leave(search, state, component);
            if (component->end > component->start && judge(search, component))
                return true;
        }
    }
    return false;
}

/* --- the lasso --- */

struct lasso_walk {
    struct graph *graph;
    uint32_t *by;    /* by state: the step that led there; 0: not reached */
    uint32_t *from;  /* and from where */
    uint32_t *queue; /* of states reached, in the order in which they are */
    uint8_t *pairs;
    int length, capacity;
    uint32_t first; /* where the latest way began */
};

static void append(struct lasso_walk *walk, const struct graph_step *step) {
    walk->pairs =
        arena_grow(walk->graph->arena, walk->pairs, 1, &walk->capacity, 2 * (walk->length + 1));
    walk->pairs[2 * walk->length] = step->actor;
    walk->pairs[2 * walk->length + 1] = step->alternative;
    walk->length++;
}

/* The way back from that state to where the search began, then in order. */
static void append_way(struct lasso_walk *walk, uint32_t state) {
    int count = 0;
    uint32_t at = state;
    for (; at != walk->from[at]; at = walk->from[at])
        walk->queue[count++] = walk->by[at]; /* the search is over */
    walk->first = at;
    while (count > 0)
        append(walk, graph_step(walk->graph, walk->queue[--count]));
}

enum { ANYWHERE = 0 };

/* Of a state's steps the one that leads on; `mark` ANYWHERE: all do. */
static bool leads(const struct lasso_walk *walk, const struct graph_step *step, uint32_t mark) {
    return mark == ANYWHERE ? step->to != 0 : stays(walk->graph, step, mark);
}

/* What is looked for: that state, or a step of that actor (>= 0) that stays; *step is then it. */
static bool is_goal(const struct lasso_walk *walk, uint32_t state, uint32_t goal, int actor,
                    uint32_t mark, uint32_t *step) {
    if (actor < 0)
        return state == goal;
    for (*step = graph_state(walk->graph, state)->steps; *step != 0;
         *step = graph_step(walk->graph, *step)->next)
        if (graph_step(walk->graph, *step)->actor == actor &&
            stays(walk->graph, graph_step(walk->graph, *step), mark))
            return true;
    return false;
}

/* All of them, none yet reached by a step; how many. */
static uint32_t set_out(struct lasso_walk *walk, const struct roots *starts) {
    uint32_t count = 0;
    memset(walk->by, 0, ((size_t)walk->graph->state_count + 1) * sizeof(uint32_t));
    for (int i = 0; i < starts->count; i++) {
        uint32_t start = starts->states[i];
        if (start == 0 || walk->by[start] != 0)
            continue;
        walk->from[start] = start;
        walk->by[start] = UINT32_MAX;
        walk->queue[count++] = start;
    }
    return count;
}

/* By the shortest way, breadth first, from one of some states to a goal; where that is. */
static uint32_t go(struct lasso_walk *walk, const struct roots *starts, uint32_t goal, int actor,
                   uint32_t mark, uint32_t way_mark) {
    uint32_t head = 0, tail = set_out(walk, starts), step = 0, at = 0;
    while (head < tail) {
        at = walk->queue[head++];
        if (is_goal(walk, at, goal, actor, mark, &step))
            break;
        for (uint32_t i = graph_state(walk->graph, at)->steps; i != 0;
             i = graph_step(walk->graph, i)->next) {
            const struct graph_step *next = graph_step(walk->graph, i);
            if (!leads(walk, next, way_mark) || walk->by[next->to] != 0)
                continue;
            walk->by[next->to] = i;
            walk->from[next->to] = at;
            walk->queue[tail++] = next->to;
        }
    }
    append_way(walk, at);
    if (actor < 0)
        return at;
    append(walk, graph_step(walk->graph, step));
    return graph_step(walk->graph, step)->to;
}

/* Into the component and around it, so that each who moves there has moved. */
static struct lasso lasso_make(const struct cycle_search *search,
                               const struct cycle_region *component, const struct roots *roots) {
    struct graph *graph = search->graph;
    uint32_t mark = search->marks, first = search->sorted[component->start];
    struct lasso_walk walk = {
        .graph = graph, .by = numbers(graph), .from = numbers(graph), .queue = numbers(graph)};
    struct actors can = {0}, move = {0};
    for (uint32_t i = component->start; i < component->end; i++) {
        look_at(graph, search->sorted[i], mark, &can, &move);
        if (search->sorted[i] < first) /* met earlier, so it is near */
            first = search->sorted[i];
    }
    go(&walk, roots, first, -1, mark, ANYWHERE);
    struct lasso lasso = {.stem = walk.length, .first = walk.first};
    uint32_t at = first;
    for (int actor = 0; actor < OP_ACTORS; actor++)
        if (has(&move, actor))
            at = go(&walk, &(struct roots){&at, 1}, 0, actor, mark, mark);
    go(&walk, &(struct roots){&at, 1}, first, -1, mark, mark);
    lasso.pairs = walk.pairs;
    lasso.length = walk.length;
    return lasso;
}

struct lasso cycles_find(struct graph *graph, const struct roots *roots) {
    struct cycle_search search = {
        .graph = graph,
        .list = numbers(graph),
        .sorted = numbers(graph),
        .found = numbers(graph),
        .low = numbers(graph),
        .open = numbers(graph),
        .visits =
            arena_new(graph->arena, ((size_t)graph->state_count + 1) * sizeof *search.visits)};
    for (uint32_t i = 0; i < graph->state_count; i++)
        search.sorted[i] = i + 1;
    search.regions =
        arena_grow(graph->arena, NULL, sizeof *search.regions, &search.region_capacity, 1);
    search.regions[search.region_count++] = (struct cycle_region){0, graph->state_count};
    while (search.region_count > 0) {
        struct cycle_region region = search.regions[--search.region_count], component;
        if (region_search(&search, &region, &component))
            return lasso_make(&search, &component, roots);
    }
    return (struct lasso){0};
}
