/* SPDX-License-Identifier: MIT */
#include "explore/search/states/walk.h"

struct walk *walk_new(struct arena *arena) {
    return arena_new(arena, sizeof(struct walk));
}

void walk_free(struct arena *arena, struct walk *walk) {
    arena_free(arena, walk->path, (size_t)walk->capacity * sizeof *walk->path);
    arena_free(arena, walk->pool, (size_t)walk->pool_capacity);
    arena_free(arena, walk, sizeof *walk);
}

/* Room for a node more, and so many actors. */
static void reserve(struct arena *arena, struct walk *walk, int nodes, int actors) {
    walk->path = arena_grow(arena, walk->path, sizeof *walk->path, &walk->capacity, nodes);
    walk->pool = arena_grow(arena, walk->pool, 1, &walk->pool_capacity, actors);
}

void walk_push(struct arena *arena, struct walk *walk, uint32_t state, const uint8_t *actors,
               int count) {
    reserve(arena, walk, walk->length + 1, walk->pool_length + count);
    memcpy(walk->pool + walk->pool_length, actors, (size_t)count);
    walk->path[walk->length++] = (struct walk_node){
        .state = state, .actors = (uint32_t)walk->pool_length, .count = (uint16_t)count};
    walk->pool_length += count;
}

bool walk_advance(struct walk *walk) {
    while (walk->length > walk->base) {
        struct walk_node *node = walk_top(walk);
        if (node->alternative + 1 < node->alternatives) {
            node->alternative++;
            return true;
        }
        node->alternative = node->alternatives = 0;
        node->free = false;
        if (++node->taken < node->count)
            return true;
        walk->pool_length -= node->count;
        walk->length--;
    }
    return false;
}

/* Is there more to take than the step at hand? */
static bool has_more(const struct walk_node *node) {
    return node->taken + 1 < node->count || node->alternative + 1 < node->alternatives;
}

/* The node up to which half of the nodes that have more lie; < 0: none has. (The last one does not count: how many
 * alternatives its step has is not known before it is made.) */
static int middle(const struct walk *walk) {
    int count = 0, at = walk->base - 1;
    for (int i = walk->base; i < walk->length - 1; i++)
        count += has_more(&walk->path[i]);
    for (int left = (count + 1) / 2; left > 0;)
        left -= has_more(&walk->path[++at]);
    return count > 0 ? at : -1;
}

struct walk *walk_split(struct arena *arena, struct walk *walk) {
    int last = middle(walk);
    if (last < 0)
        return NULL;
    const struct walk_node *node = &walk->path[last];
    struct walk *other = walk_new(arena);
    other->base = walk->base;
    other->length = last + 1;
    other->pool_length = (int)node->actors + node->count;
    reserve(arena, other, other->length, other->pool_length);
    memcpy(other->path, walk->path, (size_t)other->length * sizeof *other->path);
    memcpy(other->pool, walk->pool, (size_t)other->pool_length);
    walk->base = last + 1;
    walk_advance(other);
    return other;
}
