/* SPDX-License-Identifier: MIT */
/*
 * How the program ends: exit and its like are steps of the thread that calls them.
 */
#include "explore/runtime/base.h"

#include <link.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/calls/table.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/file.h"
#include "explore/runtime/program.h"
#include "explore/runtime/real.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"

int (*program_main)(int, char **, char **);
int program_argc;
char **program_argv, **program_envp;

bool program_constructs;
typedef void constructor(int, char **, char **);
static constructor **constructors; /* [constructor_count] */
static size_t constructor_count;

/* The array is emptied for whoever reads its size later, which is libc. (The loader may have made it read-only by
 * now; it stays writable, as other variables may lie beside it.) */
void program_take_constructors(void) {
    enum { PAGE = 4096 };
    ElfW(Dyn) *array = NULL, *size = NULL;
    for (ElfW(Dyn) *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++) {
        array = entry->d_tag == DT_INIT_ARRAY ? entry : array;
        size = entry->d_tag == DT_INIT_ARRAYSZ ? entry : size;
    }
    if (array == NULL || size == NULL)
        return;
    program_constructs = true;
    constructors = (constructor **)(shared->base + array->d_un.d_ptr);
    constructor_count = size->d_un.d_val / sizeof *constructors;
    long page = (long)((uintptr_t)&size->d_un & ~(uintptr_t)(PAGE - 1));
    system_call(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE, 0, 0, 0);
    size->d_un.d_val = 0;
}

void program_construct(void) {
    for (size_t i = 0; i < constructor_count; i++)
        constructors[i](program_argc, program_argv, program_envp);
}

static bool has_happened(int actor) {
    return actor == self->id || fibers[actor] == NULL || fibers[actor]->buffer_of != NULL ||
           clock_happened(actor, clock_of(actor));
}

/* The end of the program closes them all. What that does to memory is not seen, so there must be nobody to race with it. */
static void look_at_streams(uintptr_t pc) {
    const FILE *const *all = real_function("_IO_list_all");
    bool alone = true;
    for (int id = 0; id < fiber_count; id++)
        alone &= has_happened(id);
    if (alone || all == NULL)
        return;
    for (const FILE *file = *all; file != NULL; file = file->_chain)
        if (file_is_memory(file))
            unsupported(pc, SAY_STREAM_LEFT);
}

/* libc's exit calls this last: it was registered before anything else. What still lies in stdio's
 * buffers is written, and the process ends, for the program. */
static void program_ended(int status, void *unused) {
    (void)unused;
    if (!exploring)
        return;
    look_at_streams(self->exit_pc);
    const struct op op = {
        .kind = OP_EXIT, .access_count = 1, .access = {{.mode = MODE_ALL, .bytes = 0xff}}};
    step(&op, NULL, self->exit_pc);
    int (*flush)(void *) = (int (*)(void *))(uintptr_t)real_function("fflush");
    flush(NULL);
    step_exit(status);
}

_Noreturn void program_exit(int status) {
    static bool exiting;
    if (exploring) { /* who comes first decides how the process ends */
        const struct op op = {.kind = OP_CALL,
                              .access_count = 1,
                              .access = {{.object = (uint64_t)HIDDEN_handlers << 3 | OBJECT_HIDDEN,
                                          .mode = MODE_WRITE,
                                          .bytes = 0xff}}};
        step(&op, NULL, self->exit_pc);
    }
    if (exploring && exiting) /* another thread is at it already: this one never returns */
        for (;;)
            step_sleep(false, 0);
    exiting = true;
    ((void (*)(int))(uintptr_t)real_function("exit"))(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void exit(int status);
EXPORT _Noreturn void exit(int status) {
    if (exploring) {
        self->exit_pc = CALLER();
        self->exit_stack = self->stack;
    }
    program_exit(status);
}

static _Noreturn void exit_at_once(int status, uintptr_t pc) {
    const struct op op = {
        .kind = OP_EXIT, .access_count = 1, .access = {{.mode = MODE_ALL, .bytes = 0xff}}};
    if (!exploring)
        for (;;)
            system_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
    self->exit_pc = pc;
    self->exit_stack = self->stack;
    step(&op, NULL, pc);
    step_exit(status);
}

EXPORT _Noreturn void _exit(int status);
EXPORT _Noreturn void _exit(int status) {
    exit_at_once(status, CALLER());
}
EXPORT _Noreturn void _Exit(int status);
EXPORT _Noreturn void _Exit(int status) {
    exit_at_once(status, CALLER());
}

void program_watch_end(void) {
    ((int (*)(void (*)(int, void *), void *))(uintptr_t)real_function("on_exit"))(program_ended,
                                                                                  NULL);
}
