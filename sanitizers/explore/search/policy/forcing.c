/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Some bugs need one operation to come before all of many that it usually
 * comes after: a reader that sees a flag before any of a hundred writers has set it. No
 * distribution over orders finds them soon. Reads-from fuzzing does (Wolff, Shi, Duck, Mathur,
 * Roychoudhury, "Greybox fuzzing for concurrency testing", ASPLOS 2024): it remembers which
 * operations met in earlier executions and forces other pairs of them. Here the constraint has one
 * form: the target, one operation of one actor, precedes every conflicting operation that others
 * still have to do. While it is outstanding, whoever is about to do one of these is held back, as
 * long as anybody else can go.
 *
 * Operations have no names that last from one execution to the next, but objects and actors do. A
 * site is "this actor reads (or takes: writes, locks) this object", and an operation is the i-th of
 * its site. What makes others possible (an unlock, a post, the end of a thread) is neither a target
 * nor held.
 *
 * A target is drawn in stages, because what stands out is worth more than what is frequent: first
 * an object over which actors compete, then a sort of access (reads above all, as in the paper),
 * then the actor (often the first or the last to come: the odd one out is seldom in the middle),
 * then i.
 */
#include "explore/search/policy/forcing.h"

#include <string.h>

/* An operation that takes turns on an object with others: others can be held back from it. */
static bool competes(const struct access *access) {
    return access->delta <= 0 && access->mode != MODE_ALL && access->mode != MODE_POST &&
           (access->object & 7) != OBJECT_ACTOR;
}

static bool takes(const struct access *access) {
    return access->mode == MODE_WRITE;
}

/* What tells the sites of an object apart. */
static unsigned sort(int actor, const struct access *access) {
    return (unsigned)actor << 9 | (unsigned)access->bytes << 1 | takes(access);
}

static uint32_t hash(uint64_t object, unsigned salt) {
    uint64_t h = (object ^ (uint64_t)salt << 48) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 40);
}

/* -1: no room. */
static int find_place(struct forcing *forcing, const struct access *access) {
    uint32_t slot = hash(access->object, access->bytes);
    for (;; slot++) {
        struct forcing_place *place = &forcing->places[slot % FORCING_PLACES];
        if (place->readers + place->takers == 0) {
            if (forcing->place_count > FORCING_PLACES / 2)
                return -1;
            forcing->place_count++;
            *place = (struct forcing_place){access->object, .first = -1, .bytes = access->bytes};
            return (int)(slot % FORCING_PLACES);
        }
        if (place->object == access->object && place->bytes == access->bytes)
            return (int)(slot % FORCING_PLACES);
    }
}

/* The place is contended once two actors meet there and one of them takes. */
static void add_to_place(struct forcing *forcing, int index, int site_index) {
    struct forcing_place *place = &forcing->places[index];
    struct forcing_site *site = &forcing->sites[site_index];
    if (place->first < 0)
        place->actor = site->actor;
    site->sibling = place->first;
    place->first = (int16_t)site_index;
    *(site->takes ? &place->takers : &place->readers) += 1;
    if (!place->contended && place->takers > 0 && place->actor != site->actor) {
        place->contended = true;
        forcing->contended[forcing->contended_count++] = (int16_t)index;
    }
}

static bool is_site(const struct forcing_site *site, int actor, const struct access *access) {
    return site->object == access->object && site->actor == actor && site->bytes == access->bytes &&
           site->takes == takes(access);
}

/* NULL: no room. */
static struct forcing_site *find_site(struct forcing *forcing, int actor,
                                      const struct access *access) {
    uint32_t slot = hash(access->object, sort(actor, access));
    struct forcing_site *site = &forcing->sites[slot % FORCING_SITES];
    for (; site->most > 0; site = &forcing->sites[++slot % FORCING_SITES])
        if (is_site(site, actor, access))
            return site;
    if (forcing->site_count > FORCING_SITES / 2)
        return NULL;
    int place = find_place(forcing, access);
    if (place < 0)
        return NULL;
    forcing->site_count++;
    *site = (struct forcing_site){.object = access->object,
                                  .actor = (uint8_t)actor,
                                  .bytes = access->bytes,
                                  .takes = takes(access)};
    add_to_place(forcing, place, (int)(site - forcing->sites));
    return site;
}

void forcing_begin(struct forcing *forcing) {
    forcing->target = NULL;
    forcing->execution++;
    forcing->born = 0;
}

void forcing_birth(struct forcing *forcing, int actor) {
    forcing->births[actor] = ++forcing->born;
}

/* Older actors have smaller ages; ids, for those that no execution has seen together. */
static int age(const struct forcing *forcing, int actor) {
    return forcing->births[actor] << 8 | actor;
}

/* The nth of the place's sites that take, or read, from the eldest actor on. */
static int by_age(const struct forcing *forcing, const struct forcing_place *place, bool taking,
                  int n) {
    int found = -1;
    for (int after = -1; n >= 0; n--) {
        found = -1;
        for (int i = place->first; i >= 0; i = forcing->sites[i].sibling) {
            const struct forcing_site *site = &forcing->sites[i];
            int its = age(forcing, site->actor);
            if (site->takes == taking && its > after &&
                (found < 0 || its < age(forcing, forcing->sites[found].actor)))
                found = i;
        }
        after = age(forcing, forcing->sites[found].actor);
    }
    return found;
}

static void draw(struct forcing *forcing, struct numbers *numbers) {
    forcing->drawn = NULL;
    if (forcing->contended_count == 0)
        return;
    int index = forcing->contended[numbers_below(numbers, forcing->contended_count)];
    const struct forcing_place *place = &forcing->places[index];
    bool taking = place->readers == 0 || numbers_below(numbers, 4) == 0;
    int count = taking ? place->takers : place->readers;
    int which = numbers_below(numbers, 4);
    int n = which == 0 ? 0 : which == 1 ? count - 1 : numbers_below(numbers, count);
    const struct forcing_site *site = &forcing->sites[by_age(forcing, place, taking, n)];
    forcing->drawn = site;
    forcing->index = numbers_below(numbers, site->most);
}

void forcing_draw(struct forcing *forcing, int64_t draw_number, struct numbers *numbers) {
    if (forcing->draw_number != draw_number)
        draw(forcing, numbers);
    forcing->draw_number = draw_number;
    forcing->target = forcing->drawn;
}

bool forcing_holds(const struct forcing *forcing, int actor, const struct op *pending) {
    const struct forcing_site *target = forcing->target;
    if (!target || actor == target->actor || !pending)
        return false;
    for (int i = 0; i < pending->access_count; i++) {
        const struct access *access = &pending->access[i];
        if (access->object == target->object && (access->bytes & target->bytes) &&
            competes(access) && (target->takes || takes(access)))
            return true;
    }
    return false;
}

void forcing_step(struct forcing *forcing, const struct event *event) {
    for (int i = 0; i < event->op.access_count; i++) {
        const struct access *access = &event->op.access[i];
        struct forcing_site *site =
            competes(access) ? find_site(forcing, event->actor, access) : NULL;
        if (!site)
            continue;
        if (site->execution != forcing->execution)
            site->count = 0;
        site->execution = forcing->execution;
        if (site == forcing->target && site->count == forcing->index)
            forcing->target = NULL;
        if (++site->count > site->most)
            site->most = site->count;
    }
}
