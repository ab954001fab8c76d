/* SPDX-License-Identifier: MIT */
#include "explore/search/states/trail.h"

struct trail *trail_new(struct arena *arena) {
    return arena_new(arena, sizeof(struct trail));
}

void trail_free(struct arena *arena, struct trail *trail) {
    arena_free(arena, trail->path, (size_t)trail->capacity * sizeof *trail->path);
    arena_free(arena, trail->pool, (size_t)trail->pool_capacity);
    arena_free(arena, trail, sizeof *trail);
}

/* Room for a node more, and so many actors. */
static void reserve(struct arena *arena, struct trail *trail, int nodes, int actors) {
    trail->path = arena_grow(arena, trail->path, sizeof *trail->path, &trail->capacity, nodes);
    trail->pool = arena_grow(arena, trail->pool, 1, &trail->pool_capacity, actors);
}

void trail_push(struct arena *arena, struct trail *trail, uint32_t state, const uint8_t *actors,
                int count) {
    reserve(arena, trail, trail->length + 1, trail->pool_length + count);
    memcpy(trail->pool + trail->pool_length, actors, (size_t)count);
    trail->path[trail->length++] = (struct trail_node){
        .state = state, .actors = (uint32_t)trail->pool_length, .count = (uint16_t)count};
    trail->pool_length += count;
}

bool trail_advance(struct trail *trail) {
    while (trail->length > trail->base) {
        struct trail_node *node = trail_top(trail);
        if (node->alternative + 1 < node->alternatives) {
            node->alternative++;
            return true;
        }
        node->alternative = node->alternatives = 0;
        node->free = node->value = false;
        if (++node->taken < node->count)
            return true;
        trail->pool_length -= node->count;
        trail->length--;
    }
    return false;
}

/* Is there more to take than the step at hand? */
static bool has_more(const struct trail_node *node) {
    return node->taken + 1 < node->count || node->alternative + 1 < node->alternatives;
}

/* The node up to which half of the nodes that have more lie; < 0: none has. (The last one does not count: how many
 * alternatives its step has is not known before it is made.) */
static int middle(const struct trail *trail) {
    int count = 0, at = trail->base - 1;
    for (int i = trail->base; i < trail->length - 1; i++)
        count += has_more(&trail->path[i]);
    for (int left = (count + 1) / 2; left > 0;)
        left -= has_more(&trail->path[++at]);
    return count > 0 ? at : -1;
}

struct trail *trail_split(struct arena *arena, struct trail *trail) {
    int last = middle(trail);
    if (last < 0)
        return NULL;
    const struct trail_node *node = &trail->path[last];
    struct trail *other = trail_new(arena);
    other->base = trail->base;
    other->root = trail->root;
    other->length = last + 1;
    other->pool_length = (int)node->actors + node->count;
    reserve(arena, other, other->length, other->pool_length);
    memcpy(other->path, trail->path, (size_t)other->length * sizeof *other->path);
    memcpy(other->pool, trail->pool, (size_t)other->pool_length);
    trail->base = last + 1;
    trail_advance(other);
    return other;
}
