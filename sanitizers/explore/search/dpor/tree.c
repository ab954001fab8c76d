/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Nodes exist only where they are needed: on the way to a place at which something is left to try.
 * What one execution does below the last such place leaves no trace. When all below a node has been
 * tried its children are freed; the node itself stays as long as its parent, because the sleep sets
 * of its siblings, and the test whether a reversal is covered, need its step.
 *
 * A *branch* is a pending node whose parent is active: an execution went through the parent and
 * left this for later. Below a branch there may be more pending nodes (a wakeup tree). Who takes it
 * follows the leftmost path to a leaf and explores freely from there; the siblings on the way
 * become branches of their own.
 *
 * Ranks say which of two siblings counts as the earlier one: the later one sleeps on it. What is
 * explored does not depend on the order in which branches are really taken, by the following rules.
 *
 *  - What is found below the earlier sibling may add branches below the later one (wakeup.c). So
 *    the later one's nodes are kept, explored as they may be, until all who sleep there are done
 *    (is_final).
 *  - A branch is taken only if its earlier siblings have been executed at least once: before, it is
 *    not known for sure what their steps conflict with. And only if at the end of its path nobody
 *    can be asleep who is not done (is_ready): nothing must be added where an execution has gone on
 *    in a way that nobody has noted. The first branch in order is always free.
 *
 * The normal order is depth first, by ranks: then earlier siblings are done first, and the tree is
 * no more than a path with its branches. But it varies only the end of the execution for a long
 * time. So the first executions (LOOK_AROUND) take the shallowest and the deepest branch in turns,
 * and follow up what looks promising (`chase`, see races.c).
 */
#include "explore/search/dpor/tree.h"

#include <string.h>

#include "explore/search/dpor/trace.h"

enum { LOOK_AROUND = 64 };

static struct node *new_node(struct tree *tree, struct node *parent, const struct footprint *step,
                             int alternative) {
    struct node *node = arena_new(tree->arena, sizeof *node);
    node->parent = parent;
    node->step = *step;
    node->id = ++tree->ids;
    node->alternative = (uint8_t)alternative;
    node->reversal = NONE;
    if (parent != NULL) {
        node->depth = parent->depth + 1;
        parent->open++;
        parent->children++;
    }
    return node;
}

struct tree *tree_new(struct arena *arena) {
    struct tree *tree = arena_new(arena, sizeof *tree);
    tree->arena = arena;
    tree->root = new_node(tree, NULL, &(struct footprint){.count = 0}, 0);
    tree->root->executed = true;
    return tree;
}

struct node *tree_add(struct tree *tree, struct node *parent, const struct footprint *step,
                      int alternative) {
    struct node *node = new_node(tree, parent, step, alternative);
    node->rank = parent->ranks++;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

struct node *tree_alternative(struct tree *tree, struct node *node, const struct footprint *step,
                              int alternative) {
    if (node->alternative % OP_ANY == alternative % OP_ANY)
        return node;
    struct node *sibling = node->parent->first, *before = node;
    for (; sibling != NULL; sibling = sibling->next) {
        if (sibling->rank != node->rank)
            continue;
        if (sibling->alternative % OP_ANY == alternative % OP_ANY)
            return sibling;
        before = sibling;
    }
    sibling = new_node(tree, node->parent, step, alternative);
    sibling->rank = node->rank;
    sibling->next = before->next;
    before->next = sibling;
    if (node->parent->last == before)
        node->parent->last = sibling;
    return sibling;
}

/* --- taking branches --- */

bool tree_earlier_done(const struct node *node) {
    for (const struct node *other = node->parent->first; other->rank < node->rank;
         other = other->next)
        if (other->state != NODE_DONE)
            return false;
    return true;
}

/* Is everything done that is asleep at the node? Siblings of smaller rank, the node's and those
 * of its ancestors up to one where nobody is asleep. */
static bool is_final(const struct node *node) {
    for (; node->parent != NULL && (!node->executed || node->sleep_count > 0); node = node->parent)
        if (!tree_earlier_done(node))
            return false;
    return true;
}

static bool wakes(const struct node *branch, const struct footprint *asleep) {
    for (const struct node *node = branch; node != NULL; node = node->first)
        if (node->step.actor == asleep->actor || footprint_surely_dependent(asleep, &node->step))
            return true;
    return false;
}

/* Can the branch be explored now? Not if at the end of its path somebody may still be asleep who
 * is not done: then something may be added there, and nobody knows yet how the execution goes on
 * from there. */
static bool is_ready(const struct node *branch) {
    const struct node *parent = branch->parent;
    if (is_final(branch))
        return true;
    for (int i = 0; i < parent->sleep_count; i++)
        if (!wakes(branch, &parent->sleep[i]))
            return false;
    for (const struct node *other = parent->first; other->rank < branch->rank; other = other->next)
        if (!wakes(branch, &other->step))
            return false;
    return true;
}

bool tree_looks_around(const struct tree *tree) {
    return tree->taken < LOOK_AROUND;
}

/* The next node in preorder: not below a pending, done or fully explored one, nor behind a
 * sibling that has not been executed. NULL: none. */
static struct node *next_node(struct node *node) {
    if (node->state == NODE_ACTIVE && node->open > 0 && node->first != NULL)
        return node->first;
    while (node != NULL && (node->next == NULL || !node->executed))
        node = node->parent;
    return node == NULL ? NULL : node->next;
}

static struct node *next_branch(struct node *node) {
    while (node != NULL && (node->state != NODE_PENDING || !is_ready(node)))
        node = next_node(node);
    return node;
}

/* The first branch in depth-first order. One execution alone, that is on the first path, adds
 * branches only behind it: from there on is enough. */
static struct node *first_branch(const struct tree *tree) {
    return next_branch(tree->cursor != NULL ? tree->cursor : tree->root);
}

/* The first of the deepest branches, or of the shallowest. */
static struct node *extreme_branch(const struct tree *tree, bool deepest) {
    struct node *found = NULL;
    for (struct node *node = tree->root; node != NULL; node = next_node(node)) {
        bool better =
            found == NULL || (deepest ? node->depth > found->depth : node->depth < found->depth);
        if (better && node->state == NODE_PENDING && is_ready(node))
            found = node;
    }
    return found;
}

/* The branch that leads to the node that is chased, or must come before it; NULL: none is free. */
static struct node *chased_branch(const struct tree *tree) {
    struct node *node = tree->chase;
    if (node == NULL || node->id != tree->chase_id || node->state != NODE_PENDING)
        return NULL;
    while (node->parent->state == NODE_PENDING)
        node = node->parent;
    struct node *first = node->parent->first;
    while (first->executed)
        first = first->next;
    return next_branch(first->rank < node->rank ? first : node);
}

/* The leftmost path to a leaf becomes active, its siblings branches. */
static struct node *claim(struct node *node) {
    for (;; node = node->first) {
        node->state = NODE_ACTIVE;
        if (node->first == NULL) {
            node->open++;
            return node;
        }
    }
}

static struct node *take_branch(struct tree *tree) {
    struct node *node = chased_branch(tree);
    bool in_order = node == NULL && !tree_looks_around(tree);
    if (in_order)
        node = first_branch(tree);
    else if (node == NULL)
        node = extreme_branch(tree, tree->looks++ % 2 == 0);
    tree->cursor = NULL;
    if (node == NULL)
        return NULL;
    tree->taken++;
    node = claim(node);
    tree->leader = in_order && tree->running == 0 ? node : NULL;
    return node;
}

struct node *tree_take(struct tree *tree) {
    struct node *node = tree->again;
    if (node != NULL)
        tree->again = node->next_again;
    else
        node = take_branch(tree);
    tree->running += node != NULL;
    return node;
}

/* It stays active and started, so that nobody takes it for a branch, or for explored. */
void tree_give_back(struct tree *tree, struct node *leaf) {
    leaf->next_again = tree->again;
    tree->again = leaf;
    tree->running--;
}

void tree_chase(struct tree *tree, struct node *node) {
    tree->chase = node;
    tree->chase_id = node->id;
}

/* --- the end of an execution --- */

static void finish(struct tree *tree, struct node *node) {
    for (struct node *child = node->first, *next; child != NULL; child = next) {
        next = child->next;
        child->id = 0;
        arena_free(tree->arena, child, sizeof *child);
    }
    node->first = node->last = NULL;
    arena_free(tree->arena, node->sleep, node->sleep_count * sizeof *node->sleep);
    node->sleep = NULL;
    node->sleep_count = 0;
    node->state = NODE_DONE;
    if (node->parent != NULL)
        node->parent->open--;
}

static bool can_finish(const struct node *node) {
    return node->state == NODE_ACTIVE && node->open == 0 && is_final(node);
}

static struct node *descend(struct node *node) {
    while (node->state == NODE_ACTIVE && node->first != NULL)
        node = node->first;
    return node;
}

/* Finishes what can be finished at and below the node: children before parents. */
static void sweep(struct tree *tree, struct node *top) {
    for (struct node *node = descend(top);;
         node = node->next == NULL ? node->parent : descend(node->next)) {
        if (can_finish(node))
            finish(tree, node);
        if (node == top)
            return;
    }
}

struct node *tree_end(struct tree *tree, struct node *leaf, struct node *last) {
    bool leads = leaf == tree->leader;
    tree->ended++;
    tree->running--;
    leaf->open--;
    while (can_finish(last)) {
        finish(tree, last);
        if (last->parent == NULL)
            break;
        for (struct node *later = last->next; later != NULL; later = later->next)
            if (later->state == NODE_ACTIVE)
                sweep(tree, later);
        last = last->parent;
    }
    tree->cursor = leads ? last : NULL;
    return last;
}

/* --- the estimate --- */

/*
 * Knuth's estimate (Mathematics of Computation, 1975): if a part p of the tree has been explored in
 * n executions, then n / p is a guess of them all. Each child of a node counts as an equal share of
 * it. Nodes get children as the search goes on, so early guesses are far too low.
 */
double tree_left(struct tree *tree) {
    double weight = 1, explored = 0;
    for (struct node *node = tree->root; node != NULL;) {
        bool inner = node->state == NODE_ACTIVE && node->open > 0 && node->first != NULL;
        if (node->state != NODE_PENDING && node->open == 0)
            explored += weight;
        struct node *next = inner ? node->first : node;
        weight = inner ? weight / node->children : weight;
        for (; !inner && next != NULL && next->next == NULL; next = next->parent)
            weight *= next->parent != NULL ? next->parent->children : 1;
        node = inner || next == NULL ? next : next->next;
    }
    if (explored <= 0)
        return -1;
    return (double)tree->ended * (explored < 1 ? 1 - explored : 0) / explored;
}
