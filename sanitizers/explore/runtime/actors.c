/* SPDX-License-Identifier: MIT */
/*
 * An actor's id depends on its parent and on how many that has created before it, not on the
 * schedule: so a thread has the same id, and with it the same stack and heap, in every execution in
 * which it is created. All workers agree on it; each keeps what it has learnt.
 */
#include "explore/runtime/base.h"

#include <sys/syscall.h>

#include "explore/runtime/actors.h"
#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/program.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/unsupported.h"
#include "explore/search/search.h"

static int actor_intern(int parent, int child) {
    int found_id = 0;
    arena_lock(&control->arena);
    for (int id = 1; id < control->actor_count && found_id == 0; id++)
        if (control->actors[id].parent == parent && control->actors[id].child == child)
            found_id = id;
    if (found_id == 0 && control->actor_count < OP_ACTORS) {
        found_id = control->actor_count++;
        control->actors[found_id].parent = (int16_t)parent;
        control->actors[found_id].child = (int16_t)child;
    }
    arena_unlock(&control->arena);
    return found_id;
}

enum { KNOWN = sizeof lasting->ids[0] / sizeof lasting->ids[0][0], BUFFER_CHILD = INT16_MAX };

static int actor_id(int parent, int child) {
    if (child < KNOWN && lasting->ids[parent][child] != 0)
        return lasting->ids[parent][child];
    int id = actor_intern(parent, child);
    if (child < KNOWN)
        lasting->ids[parent][child] = (int16_t)id;
    return id;
}

/* Where a new fiber starts. */
static void fiber_entry(void) {
    step_stop_for_debugger();
    if (self->parent < 0) {
        program_construct();
        program_exit(program_main(program_argc, program_argv, program_envp));
    }
    context_call(self->start, self->argument, self->ended);
}

/* The main thread's: static, as it is there before main, and keeps what its thread did in
 * constructors (world/thread.c). */
static struct fiber main_fiber;

void actor_before_main(void) {
    main_fiber = (struct fiber){.parent = -1,
                                .number = 1,
                                .enabled_by = -1,
                                .holder = -1,
                                .lowest = stack_of(0),
                                .touched = UINTPTR_MAX};
    self = fibers[0] = &main_fiber;
    fiber_count = 1;
}

/* The fiber is there in this execution. */
static void enter(struct fiber *fiber) {
    static uint16_t order;
    int id = fiber->id;
    fiber->order = ++order;
    fibers[id] = fiber;
    fiber_changed(fiber);
    if (id >= fiber_count)
        fiber_count = id + 1;
    if (shared->actor_count <= id)
        shared->actor_count = id + 1;
    shared->actors[id].parent = fiber->parent;
    shared->actors[id].number = fiber->number;
    shared->actors[id].order = fiber->order;
    shared->actors[id].buffer_of = fiber->buffer_of != NULL ? fiber->buffer_of->id + 1 : 0;
}

struct fiber *actor_make(int id, int parent) {
    struct fiber *fiber =
        id == 0 ? &main_fiber : memory_new(MEMORY_FIBER, (uint64_t)id, sizeof *fiber);
    struct thread *thread = fiber->thread;
    uint64_t clock = fiber->clock;
    char *top = stack_of(id);
    if (top == NULL)
        unsupported(0, SAY_NO_THREAD_MEMORY);
    static uint16_t number;
    *fiber = (struct fiber){.id = (uint8_t)id,
                            .parent = (int16_t)parent,
                            .number = ++number,
                            .enabled_by = -1,
                            .holder = -1,
                            .state = FIBER_READY,
                            .lowest = top,
                            .touched = UINTPTR_MAX,
                            .clock = clock,
                            .thread = thread};
    fiber->sp = context_new(top, fiber_entry);
    enter(fiber);
    return fiber;
}

struct fiber *actor_new_buffer(void) {
    int id = actor_id(self->id, BUFFER_CHILD);
    if (id == 0)
        unsupported_number(0, SAY_MANY_THREADS, OP_ACTORS);
    struct fiber *fiber = memory_new(MEMORY_DRAINER, (uint64_t)id, sizeof *fiber);
    *fiber = (struct fiber){
        .id = (uint8_t)id, .parent = self->id, .enabled_by = -1, .holder = -1, .buffer_of = self};
    enter(fiber);
    return fiber;
}

/* In a constructor: then each execution begins with those. (Another worker may have come to that meanwhile.) What
 * the loader runs, for libraries, is before all of them. */
_Noreturn static void begin_earlier(void) {
    if (control->constructors < 0 || program_constructs || program_main == NULL)
        unsupported(0, SAY_CREATES_BEFORE_MAIN);
    control->constructors = 1;
    for (;;)
        system_call(SYS_exit_group, WORKER_AGAIN, 0, 0, 0, 0, 0);
}

struct fiber *actor_new(void *(*start)(void *), void *argument, void (*ended)(void *)) {
    if (!exploring)
        begin_earlier();
    int id = actor_id(self->id, self->children);
    if (id == 0)
        return NULL;
    self->children++;
    if (id >= tls_count()) { /* abandoned, and made again in a process that has more */
        control->lend = id < 128 ? 2 * id + 1 : OP_ACTORS - 1;
        execution.threads_out = true;
        step_leave(END_ABANDONED);
    }
    struct fiber *fiber = actor_make(id, self->id);
    fiber->fs = tls_pointer(id);
    fiber->start = start;
    fiber->argument = argument;
    fiber->ended = ended;
    fiber->enabled_by = execution.index;
    fiber->pending = (struct op){.kind = OP_START};
    shared->actors[id].start = (uint64_t)(uintptr_t)start;
    return fiber;
}
