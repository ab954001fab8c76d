/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A call is a run of points outside the program's own code, between two in it. It begins behind the
 * instruction of the program that was executed last; the first function in it that is neither a
 * jump table nor the dynamic linker (which looks the function up when it is called for the first
 * time) is the one that was called.
 *
 * Not all that precedes a run in the walk has called it: where only stretches of the program are
 * walked (--child-exit) there are gaps. A return address lies a few bytes behind its call; if the
 * instruction after the run does not do so, and is no function's first one (a library that calls
 * the program back), the run began in a gap, and the call is the instruction before the one that it
 * returns to.
 */
#include "inject/report/library_calls.h"

#include "base/memory.h"

/* The longest instruction of x86-64; other machines have shorter ones. */
enum { LONGEST_INSTRUCTION = 15 };

static bool returns_behind(uint64_t call, uint64_t after) {
    return after > call && after - call <= LONGEST_INSTRUCTION;
}

/* Any address within the calling instruction: lines are looked up by it. */
static uint64_t caller_of(struct spots *spots, uint64_t before, uint64_t after) {
    if (after == 0 || (before != 0 && returns_behind(before, after)))
        return before;
    if (before != 0 && spots_at(spots, after).offset == 0)
        return before;
    return after - 1;
}

/* A call is named after the first function in it that is neither the linker nor a jump table. */
static void name_call(struct spots *spots, uint64_t pc, struct library_call *call) {
    struct spot spot = spots_at(spots, pc);
    if (*call->function == '\0' && *spot.library != '\0' && !spots_linker(spots, pc))
        call->function = spot.function;
}

struct library_calls library_calls_find(void *owner, struct spots *spots,
                                        const struct injection *injection) {
    struct library_calls calls = {.of = new_array(owner, int32_t, injection->point_count + 1)};
    uint64_t own = 0; /* the last instruction of the program's own */
    bool inside = false;
    for (size_t i = 0; i < injection->point_count; i++) {
        const struct point *point = &injection->points[i];
        struct library_call *call = inside ? &calls.items[calls.count - 1] : NULL;
        calls.of[i] = -1;
        if (spots_own(spots, point->pc)) {
            if (inside)
                call->caller = caller_of(spots, own, point->pc);
            own = point->pc;
            inside = false;
            continue;
        }
        if (!inside) {
            calls.items = grow_array(owner, calls.items, struct library_call, calls.count + 1);
            call = &calls.items[calls.count++];
            *call = (struct library_call){.function = "", .first = (int64_t)i, .caller = own};
            inside = true;
        }
        name_call(spots, point->pc, call);
        call->instructions += (point->flags & POINT_INSIDE) == 0 && point->child == 0;
        calls.of[i] = (int32_t)(calls.count - 1);
    }
    return calls;
}

const struct library_call *library_calls_at(const struct library_calls *calls, size_t point) {
    return calls->of[point] < 0 ? NULL : &calls->items[calls->of[point]];
}

uint64_t library_calls_own_pc(const struct library_calls *calls, const struct injection *injection,
                              size_t point) {
    const struct library_call *call = library_calls_at(calls, point);
    return call == NULL ? injection->points[point].pc : call->caller;
}
