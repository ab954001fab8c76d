/* SPDX-License-Identifier: MIT */
/*
 * Memory that the program maps for itself. The kernel would place it by the order of all such
 * calls, and no address may hang on the schedule; so each actor has a region of its own here, as in
 * the heap, and is told where its next mapping lies. Regions are never used twice in one execution,
 * and the next one happens in a fresh process.
 */
#include "explore/runtime/base.h"

#include <sys/mman.h>

#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/descriptor.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"
#include "explore/runtime/race.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/step.h"
#include "explore/runtime/worker.h"

enum { PAGE = 4096 };

/* With a page between it and the next one, which nobody may touch. */
static uintptr_t place(const struct visit *visit, uint64_t size) {
    uint64_t pages = (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    uintptr_t *bytes = &self->mapped;
    if (pages < size || pages + PAGE > MAPPINGS_SIZE - *bytes)
        visit_refuse(visit, SAY_TOO_MUCH_MEMORY);
    uintptr_t address = MAPPINGS_ADDRESS + (uintptr_t)self->id * MAPPINGS_SIZE + *bytes;
    *bytes += pages + PAGE;
    return address;
}

void check_mmap(struct visit *visit) {
    uint64_t *argument = visit->frame->argument;
    uint64_t flags = argument[3];
    if ((flags & MAP_SHARED) != 0) /* also part of MAP_SHARED_VALIDATE */
        visit_refuse(visit, SAY_SHARED_MEMORY);
    if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN)) != 0)
        visit_refuse(visit, SAY_CHOSEN_PLACES);
    if ((flags & MAP_ANONYMOUS) == 0)
        descriptor_check(visit, (int)argument[4]);
    if (argument[1] == 0)
        return; /* fails */
    argument[0] = place(visit, argument[1]);
    argument[3] = flags | MAP_FIXED_NOREPLACE;
    worker_touched();
}

/* A store cannot arrive where its memory is not, or is written no more: so the three below wait for it.
 * Like free(): who still uses it races with that. */
void check_munmap(struct visit *visit) {
    step_drain(0, visit->pc);
    if (visit->argument[1] > 0)
        race_access(visit->argument[0], visit->argument[1], true, visit->pc);
    worker_touched();
}

/* First everything is made to be rewound by copying: a fault then means what the program says. */
void check_mprotect(struct visit *visit) {
    step_drain(0, visit->pc);
    rewind_all();
    worker_touched();
}

void check_madvise(struct visit *visit) {
    int advice = (int)visit->argument[2];
    if (advice == MADV_NORMAL || advice == MADV_RANDOM || advice == MADV_SEQUENTIAL ||
        advice == MADV_WILLNEED || advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE) {
        visit_skip(visit, 0);
        return;
    }
    step_drain(0, visit->pc);
    if (visit->argument[1] > 0)
        race_access(visit->argument[0], visit->argument[1], true, visit->pc);
    rewind_all();
    worker_touched();
}
