/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * First the plan: every shard makes the whole of it, and so all have the same. What fails or ends within its steps,
 * each has seen. Then, for each beginning that is this shard's, a search by dpor of its own, to which the state behind
 * the beginning is the first there is: it is not told of the steps before, and reverses no race with them, as the
 * other order is another beginning. Who sleeps behind the beginning sleeps when that search begins. So each
 * execution is equivalent to one that some shard makes, and to no other's.
 *
 * A search over states goes through all that can be reached behind the shard's beginnings, with one table; sleepers are
 * not left out there, as what they lead to may be reached from nowhere else in this shard. Each state lies behind an
 * equivalent of some execution that begins in one of the ways, so some shard comes to it, or the plan did. Once in a
 * cycle an execution can go round as often as it likes, and so be longer than any beginning: the shard that comes to a
 * state of it comes to all of it. So what is found is right, and if none finds anything, there is nothing.
 */
#include "explore/search/shard/shard.h"
#include "explore/search/dpor/dpor.h"
#include "explore/search/order.h"
#include "explore/search/shard/beginnings.h"
#include "explore/search/states/states.h"

enum { BEGINNINGS = 16 }; /* for a shard, so that none has much more to do than another */

struct shard {
    struct arena *arena;
    struct search_config config;
    const struct strategy *inner;
    struct beginnings plan;
    int at;       /* of the plan's list: the beginning that dpor searches behind */
    void *search; /* behind it, or of states behind all; NULL: that has not begun */
    bool diverged;
};

struct shard_worker {
    struct shard *all;
    struct arena *own;
    void *behind; /* its part of all->search... */
    int at;       /* ... as long as that is behind this one */
    const struct beginning *beginning;
    int made;     /* steps of the execution at hand */
    bool arrived; /* as beginnings_arrived() says */
    bool strayed;
    bool shows; /* a cycle */
};

static struct shard *shard_new(struct arena *shared, const struct search_config *config,
                               const struct strategy *inner) {
    struct shard *shard = arena_new(shared, sizeof *shard);
    shard->arena = shared;
    shard->inner = inner;
    shard->config = *config;
    shard->plan = beginnings_of(shared, BEGINNINGS * config->shards);
    shard->at = config->shard;
    return shard;
}

static void *create(struct arena *shared, const struct search_config *config) {
    return shard_new(shared, config, &dpor_strategy);
}

static void *create_states(struct arena *shared, const struct search_config *config) {
    return shard_new(shared, config, &states_strategy);
}

static void *attach(void *search, struct arena *own) {
    struct shard_worker *worker = arena_new(own, sizeof *worker);
    worker->all = search;
    worker->own = own;
    worker->at = -1;
    return worker;
}

uint64_t shard_plan(const void *search) {
    return beginnings_hash(&((const struct shard *)search)->plan);
}

/* --- begin --- */

static bool is_planned(const struct shard_worker *mine) {
    return mine->all->plan.over;
}

/* Behind the beginning at hand; false: all is done there. */
static bool begin_behind(struct shard_worker *mine) {
    struct shard *shard = mine->all;
    mine->beginning = &shard->plan.list.items[shard->at];
    if (mine->beginning->ended)
        return false;
    if (shard->search == NULL) {
        shard->search = shard->inner->create(shard->arena, &shard->config);
        dpor_asleep(shard->search, mine->beginning->sleep, mine->beginning->sleep_count);
    }
    if (mine->at != shard->at) {
        mine->behind = shard->inner->attach(shard->search, mine->own);
        mine->at = shard->at;
    }
    return shard->inner->begin(mine->behind) == BEGIN_RUN;
}

static enum begin begin_dpor(struct shard_worker *mine) {
    struct shard *shard = mine->all;
    for (; shard->at < shard->plan.list.count; shard->at += shard->config.shards) {
        if (begin_behind(mine))
            return BEGIN_RUN;
        shard->search = NULL;
    }
    return BEGIN_OVER;
}

static void *search_states(struct shard *shard) {
    void *search = shard->inner->create(shard->arena, &shard->config);
    for (int i = shard->config.shard; i < shard->plan.list.count; i += shard->config.shards)
        if (!shard->plan.list.items[i].ended)
            states_add_root(search, i);
    return search;
}

static enum begin begin_states(struct shard_worker *mine) {
    struct shard *shard = mine->all;
    if (shard->search == NULL)
        shard->search = search_states(shard);
    if (mine->behind == NULL)
        mine->behind = shard->inner->attach(shard->search, mine->own);
    enum begin begin = shard->inner->begin(mine->behind);
    mine->shows = begin == BEGIN_SHOW;
    if (begin == BEGIN_RUN || begin == BEGIN_SHOW)
        mine->beginning = &shard->plan.list.items[states_root(mine->behind)];
    return begin;
}

static enum begin begin(void *worker) {
    struct shard_worker *mine = worker;
    struct shard *shard = mine->all;
    mine->made = 0;
    mine->arrived = mine->strayed = mine->shows = false;
    if (shard->diverged && mine->beginning != NULL)
        return BEGIN_RUN; /* which says so */
    mine->beginning = beginnings_next(&shard->plan);
    if (mine->beginning != NULL)
        return BEGIN_RUN;
    return shard->inner->states ? begin_states(mine) : begin_dpor(mine);
}

/* States alone can do with what is kept. */
static int kept(void *worker) {
    const struct shard_worker *mine = worker;
    if (!is_planned(mine) || mine->behind == NULL || mine->all->diverged)
        return -1;
    int steps = mine->all->inner->kept(mine->behind);
    return steps < 0 ? -1 : mine->beginning->length + steps;
}

static void resume(void *worker, int steps) {
    struct shard_worker *mine = worker;
    mine->made = steps;
    if (steps >= mine->beginning->length)
        mine->all->inner->resume(mine->behind, steps - mine->beginning->length);
}

static int around(void *worker) {
    const struct shard_worker *mine = worker;
    return mine->beginning->length + mine->all->inner->around(mine->behind);
}

static void size(void *search, int64_t *states, int64_t *steps) {
    const struct shard *shard = search;
    *states = *steps = 0;
    if (shard->search != NULL)
        shard->inner->size(shard->search, states, steps);
}

/* --- the execution --- */

static int pick(void *worker, const struct view *view) {
    struct shard_worker *mine = worker;
    if (mine->strayed || mine->all->diverged)
        return PICK_DIVERGED;
    if (mine->made < mine->beginning->length) {
        int actor = mine->beginning->pairs[2 * mine->made];
        return order_followed(view, actor) ? actor : PICK_DIVERGED;
    }
    if (is_planned(mine))
        return mine->all->inner->pick(mine->behind, view);
    beginnings_arrived(&mine->all->plan, view);
    mine->arrived = true;
    return PICK_REDUNDANT;
}

static int alternative(void *worker, int n, enum choice kind) {
    struct shard_worker *mine = worker;
    const struct beginning *beginning = mine->beginning;
    if (mine->made >= beginning->length)
        return mine->all->inner->alternative(mine->behind, n, kind);
    if (!is_planned(mine) && mine->made == beginning->length - 1)
        beginnings_choice(&mine->all->plan, n);
    beginning = mine->beginning = is_planned(mine) ? beginning : beginnings_next(&mine->all->plan);
    int answer = beginning->pairs[2 * mine->made + 1];
    return answer < n ? answer : PICK_DIVERGED;
}

/* As the search behind the beginning counts. */
static int32_t behind(const struct shard_worker *mine, int32_t step) {
    return step >= mine->beginning->length ? step - mine->beginning->length : -1;
}

static void step(void *worker, const struct event *event) {
    struct shard_worker *mine = worker;
    const struct beginning *beginning = mine->beginning;
    if (mine->made >= beginning->length) {
        struct event later = *event;
        later.enabled_by = behind(mine, event->enabled_by);
        mine->all->inner->step(mine->behind, &later);
    } else {
        if (!is_planned(mine) && mine->made == beginning->length - 1)
            beginnings_step(&mine->all->plan, event);
        mine->strayed |= event->actor != beginning->pairs[2 * mine->made] ||
                         event->alternative != beginning->pairs[2 * mine->made + 1];
    }
    mine->made++;
}

static void end_behind(struct shard_worker *mine, const struct view *view, enum ending ending) {
    struct actor_view actors[OP_ACTORS];
    struct view later = *view;
    memcpy(actors, view->actors, (size_t)view->count * sizeof *actors);
    for (int i = 0; i < view->count; i++)
        actors[i].enabled_by = behind(mine, actors[i].enabled_by);
    later.actors = actors;
    mine->all->inner->end(mine->behind, &later, ending);
}

static void end(void *worker, const struct view *view, enum ending ending) {
    struct shard_worker *mine = worker;
    bool planned = is_planned(mine);
    if (ending != END_ABANDONED && (mine->strayed || mine->made < mine->beginning->length))
        mine->all->diverged = true; /* the next pick says so */
    if (planned)
        end_behind(mine, view, mine->all->diverged ? END_ABANDONED : ending);
    else if (ending != END_ABANDONED && !mine->all->diverged)
        beginnings_ended(&mine->all->plan, mine->arrived);
}

const struct strategy shard_strategy = {
    .name = "dpor",
    .exhaustive = true,
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
};

const struct strategy shard_states_strategy = {
    .name = "states",
    .exhaustive = true,
    .states = true,
    .create = create_states,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
    .kept = kept,
    .resume = resume,
    .around = around,
    .size = size,
};
