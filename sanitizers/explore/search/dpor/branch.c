/* SPDX-License-Identifier: MIT */
#include "explore/search/dpor/branch.h"

struct branch *branch_new(struct tree *tree, struct arena *own) {
    struct branch *branch = arena_new(own, sizeof *branch);
    branch->tree = tree;
    branch->own = own;
    branch->valid = NONE;
    trace_init(&branch->trace, own);
    return branch;
}

void branch_reserve(struct branch *branch, int depth) {
    branch->path = arena_grow(branch->own, branch->path, sizeof *branch->path,
                              &branch->path_capacity, depth + 1);
}

static void put_on_path(struct branch *branch, struct node *node) {
    branch->path[node->depth] = (struct path_node){
        .node = node,
        .id = node->id,
        .actor = node->step.actor,
        .alternative = (uint8_t)(node->alternative % OP_ANY),
    };
}

/* --- sleep sets --- */

static void add_sleeper(struct branch *branch, const struct footprint *step, int since) {
    branch->sleepers = arena_grow(branch->own, branch->sleepers, sizeof *branch->sleepers,
                                  &branch->sleeper_capacity, branch->sleeper_count + 1);
    branch->sleepers[branch->sleeper_count++] = (struct branch_sleeper){*step, since, NONE};
    branch->asleep[step->actor]++;
}

/* Those asleep at the last node that was executed, and from there on the earlier siblings. */
static void find_sleepers(struct branch *branch) {
    const struct node *start = branch->path[branch->executed].node;
    for (int i = 0; i < branch->sleeper_count; i++)
        branch->asleep[branch->sleepers[i].step.actor] = 0;
    branch->sleeper_count = 0;
    for (int i = 0; i < start->sleep_count; i++)
        add_sleeper(branch, &start->sleep[i], branch->executed - 1);
    for (int depth = branch->executed; depth < branch->known; depth++) {
        const struct node *next = branch->path[depth + 1].node,
                          *other = branch->path[depth].node->first;
        for (; other != NULL && other->rank < next->rank; other = other->next)
            add_sleeper(branch, &other->step, depth);
    }
    branch->asleep_count = branch->sleeper_count;
    branch->sleep_depth = NONE;
}

static void wake(struct branch *branch, int at, int index) {
    struct branch_sleeper woken = branch->sleepers[at];
    woken.woken_by = index;
    branch->asleep[woken.step.actor]--;
    branch->sleepers[at] = branch->sleepers[--branch->asleep_count];
    branch->sleepers[branch->asleep_count] = woken;
}

/* An actor with several alternatives is asleep as long as all of them are. */
static void wake_others(struct branch *branch, int actor, int index) {
    for (int i = branch->asleep_count - 1; i >= 0; i--)
        if (branch->sleepers[i].step.actor == actor && branch->sleepers[i].since <= index)
            wake(branch, i, index);
}

void branch_wake(struct branch *branch, const struct footprint *step, int index) {
    for (int i = branch->asleep_count - 1; i >= 0; i--) {
        const struct branch_sleeper *sleeper = &branch->sleepers[i];
        int actor = sleeper->step.actor;
        if (sleeper->since > index ||
            (actor != step->actor && !footprint_dependent(&sleeper->step, step)))
            continue;
        wake(branch, i, index);
        wake_others(branch, actor, index);
        i = i < branch->asleep_count ? i : branch->asleep_count;
    }
}

static void gather_sleep(struct branch *branch, int depth) {
    int count = 0;
    branch->sleep = arena_grow(branch->own, branch->sleep, sizeof *branch->sleep,
                               &branch->sleep_capacity, branch->sleeper_count);
    for (int i = 0; i < branch->sleeper_count; i++) {
        const struct branch_sleeper *sleeper = &branch->sleepers[i];
        if (sleeper->since < depth && (sleeper->woken_by == NONE || sleeper->woken_by >= depth))
            branch->sleep[count++] = sleeper->step;
    }
    branch->sleep_depth = depth;
    branch->sleep_count = count;
}

const struct footprint *branch_sleep(struct branch *branch, int depth, int *count) {
    if (depth <= branch->executed) {
        *count = branch->path[depth].node->sleep_count;
        return branch->path[depth].node->sleep;
    }
    if (branch->sleep_depth != depth)
        gather_sleep(branch, depth);
    *count = branch->sleep_count;
    return branch->sleep;
}

bool branch_is_final(struct branch *branch, int depth) {
    int deepest = depth < branch->valid ? depth : branch->valid;
    while (branch->final < deepest && tree_earlier_done(branch->path[branch->final + 1].node))
        branch->final++;
    return branch->final >= deepest;
}

/* --- nodes of the path --- */

void branch_note(struct branch *branch, struct node *node) {
    const struct record *record = &branch->trace.records[node->depth - 1];
    if (node->executed)
        return;
    node->executed = true;
    node->step = record->footprint;
    node->alternative = record->event.alternative;
    node->alternatives = record->event.alternatives;
    node->unsettled = record->unsettled;
    int count;
    const struct footprint *sleep = branch_sleep(branch, node->depth, &count);
    if (count == 0)
        return;
    node->sleep = arena_new(branch->tree->arena, (size_t)count * sizeof *sleep);
    memcpy(node->sleep, sleep, (size_t)count * sizeof *sleep);
    node->sleep_count = (uint16_t)count;
}

struct node *branch_node(struct branch *branch, int depth) {
    branch_reserve(branch, depth);
    while (branch->valid < depth) {
        const struct record *record = &branch->trace.records[branch->valid];
        struct node *node = tree_add(branch->tree, branch->path[branch->valid].node,
                                     &record->footprint, record->event.alternative);
        node->state = NODE_ACTIVE;
        branch_note(branch, node);
        put_on_path(branch, node);
        branch->valid++;
    }
    return branch->path[depth].node;
}

/* --- the next branch --- */

/* Fills the path to the leaf; the depth down to which it is that of the last execution. */
static int lay_path(struct branch *branch, struct node *leaf) {
    branch_reserve(branch, leaf->depth);
    for (struct node *node = leaf; node != NULL; node = node->parent) {
        int depth = node->depth;
        if (depth <= branch->valid && branch->path[depth].node == node &&
            branch->path[depth].id == node->id)
            return depth;
        put_on_path(branch, node);
    }
    return 0;
}

void branch_take(struct branch *branch, struct node *leaf) {
    int same = lay_path(branch, leaf);
    branch->final = branch->final < same ? branch->final : same;
    branch->known = branch->valid = leaf->depth;
    branch->executed = leaf->depth;
    branch->reversal = NONE;
    for (const struct node *node = leaf; !node->executed; node = node->parent) {
        branch->executed--;
        if (branch->reversal == NONE)
            branch->reversal = node->reversal;
    }
    same = same < branch->executed ? same : branch->executed;
    branch->kept = same < branch->trace.count ? same : branch->trace.count;
    find_sleepers(branch);
}
