/* SPDX-License-Identifier: MIT */
/*
 * Replay: the schedule prescribes actor and alternative of each step. Behind its end the actor that
 * moves goes on, so that a schedule need not be complete.
 */
#include "explore/search/order.h"
#include "explore/search/policy/policies.h"

struct replay_search {
    const uint8_t *schedule; /* pairs */
    int length;
    int64_t done, limit;
    int next; /* step */
    bool strayed;
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct replay_search *replay = arena_new(shared, sizeof *replay);
    replay->schedule = config->schedule;
    replay->length = config->schedule ? config->schedule_length : 0;
    replay->limit = config->executions > 0 ? config->executions : 1;
    return replay;
}

static void *attach(void *search, struct arena *own) {
    (void)own;
    return search;
}

static enum begin begin(void *worker) {
    struct replay_search *replay = worker;
    replay->next = 0;
    replay->strayed = false;
    return replay->done < replay->limit ? BEGIN_RUN : BEGIN_OVER;
}

static int pick(void *worker, const struct view *view) {
    struct replay_search *replay = worker;
    if (replay->strayed)
        return PICK_DIVERGED;
    if (replay->next >= replay->length)
        return order_first(view);
    int actor = replay->schedule[2 * (size_t)replay->next];
    return order_followed(view, actor) ? actor : PICK_DIVERGED;
}

/* What the schedule says of the step at hand. */
static int prescribed(const struct replay_search *replay) {
    if (replay->next >= replay->length)
        return 0;
    int alternative = replay->schedule[2 * (size_t)replay->next + 1];
    return alternative == OP_ANY ? 0 : alternative;
}

static int alternative(void *worker, int n, enum choice kind) {
    (void)kind;
    const struct replay_search *replay = worker;
    return prescribed(replay) < n ? prescribed(replay) : PICK_DIVERGED;
}

/* A step that was to choose and never asked: the next pick says so. */
static void step(void *worker, const struct event *event) {
    struct replay_search *replay = worker;
    replay->strayed |= event->alternative != prescribed(replay);
    replay->next++;
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct replay_search *replay = worker;
    replay->done += ending != END_ABANDONED;
}

const struct strategy replay_strategy = {
    .name = "replay",
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
};
