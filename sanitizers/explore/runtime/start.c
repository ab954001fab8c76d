/* SPDX-License-Identifier: MIT */
/*
 * Before main: the server, its workers, and the way into the kernel.
 *
 *   .preinit_array   runs before any code of the program: the first process becomes the server
 *                    (server.c), which forks workers and never runs the program.
 *   constructors     run in each worker, once.
 *   main             our __libc_start_main hands kernel_main to libc's: snapshot, then executions.
 *
 * Without SHARED_VARIABLE in the environment the program was started by hand: it runs once.
 */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/runtime/calls/calls.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/heap.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/now.h"
#include "explore/search/search.h"

struct shared *shared;
int (*program_main)(int, char **, char **);
int program_argc;
char **program_argv, **program_envp;

bool started_by_hand; /* nobody watches: one execution, output where it belongs */

static const char *variable(char **environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment != NULL; environment++)
        if (memcmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static int to_number(const char *text) {
    int value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + *text - '0';
    return value;
}

/* false: the environment names no shared memory, or none of ours. */
static void shared_map(char **environment) {
    const char *text = variable(environment, SHARED_VARIABLE);
    started_by_hand = text == NULL;
    long fd = started_by_hand ? -1 : to_number(text);
    int flags = MAP_SHARED | (started_by_hand ? MAP_ANONYMOUS | MAP_NORESERVE : 0);
    long address = system_call(SYS_mmap, (long)SHARED_ADDRESS, (long)SHARED_SIZE,
                               PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, fd, 0);
    if (address < 0)
        system_call(SYS_exit_group, 70, 0, 0, 0, 0, 0);
    if (fd >= 0)
        system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    shared = (struct shared *)address;
    shared->version = SHARED_VERSION;
    if (started_by_hand)
        shared->config = (struct shared_config){.steps = 100000000, .executions = 1};
}

/* libc's exit calls this last: it was registered before anything else. What still lies in stdio's
 * buffers is written, and the process ends, for the program. */
static void last_handler(int status, void *unused) {
    (void)unused;
    if (!exploring)
        return;
    const struct op op = {
        .kind = OP_EXIT, .access_count = 1, .access = {{.mode = MODE_ALL, .bytes = 0xff}}};
    step(&op, NULL, self->exit_pc);
    int (*flush)(void *) = (int (*)(void *))(uintptr_t)real_function("fflush");
    flush(NULL);
    execution_exit(status);
}

_Noreturn void real_exit(int status) {
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
            fall_asleep(false, 0);
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
    real_exit(status);
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
    execution_exit(status);
}

EXPORT _Noreturn void _exit(int status);
EXPORT _Noreturn void _exit(int status) {
    exit_at_once(status, CALLER());
}
EXPORT _Noreturn void _Exit(int status);
EXPORT _Noreturn void _Exit(int status) {
    exit_at_once(status, CALLER());
}

/* What the program prints goes nowhere while the search runs; of the failing execution it is kept. */
static int output_redirect(void) {
    long fd =
        control->phase == PHASE_TRACE
            ? system_call(SYS_memfd_create, (long)"output", MFD_CLOEXEC, 0, 0, 0, 0)
            : system_call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return -1;
    system_call(SYS_dup2, fd, 1, 0, 0, 0, 0);
    system_call(SYS_dup2, fd, 2, 0, 0, 0, 0);
    return 0;
}

/* The end of it, from the start of a line. */
static void output_keep(void) {
    long size = system_call(SYS_lseek, 1, 0, SEEK_END, 0, 0, 0);
    long from = size > SHARED_OUTPUT ? size - SHARED_OUTPUT : 0;
    long got = system_call(SYS_pread64, 1, (long)shared->output, SHARED_OUTPUT, from, 0, 0);
    if (got <= 0)
        return;
    long skip = 0;
    while (from > 0 && skip < got && shared->output[skip++] != '\n')
        ;
    memmove(shared->output, shared->output + skip, (size_t)(got - skip));
    shared->output_length = (int32_t)(got - skip);
}

static int kernel_main(int argc, char **argv, char **envp) {
    control->main_reached = 1;
    program_argc = argc;
    program_argv = argv;
    program_envp = envp;
    calls_patch();
    if (!started_by_hand && !in_debugger() && output_redirect() != 0)
        unsupported(0, "cannot open /dev/null");
    int error = tls_lend(control->lend);
    if (error != 0)
        unsupported(0, "cannot create %d threads: error %d", control->lend, error);
    if (stack_of(0) == NULL)
        unsupported(0, "no memory for a stack");
    heap_keep();
    recur_begin();
    race_begin();
    signals_start();
    if (rewind_snapshot((char *)argv) != 0)
        unsupported(0, "cannot read /proc/self/maps");
    int end = kernel_run();
    if (control->phase == PHASE_TRACE && !started_by_hand && !in_debugger())
        output_keep();
    for (;;)
        system_call(SYS_exit_group, end, 0, 0, 0, 0, 0);
}

EXPORT int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                             void *stack_end);
EXPORT int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                             void *stack_end) {
    typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void),
                           void (*)(void), void (*)(void), void *);
    program_main = main_function;
    start_main *real = (start_main *)(uintptr_t)real_function("__libc_start_main");
    return real(kernel_main, argc, argv, init, fini, loader_fini, stack_end);
}

/* What the program was moved by when it was loaded. */
static uint64_t load_bias(void) {
    const ElfW(Phdr) *header = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
        if (header[i].p_type == PT_PHDR)
            return (uintptr_t)header - header[i].p_vaddr;
    return 0;
}

static void begin(int argc, char **argv, char **envp) {
    (void)argc;
    (void)argv;
    real_functions_find();
    shared_map(envp);
    shared->base = load_bias();
    memory_map();
    ((int (*)(void (*)(int, void *), void *))(uintptr_t)real_function("on_exit"))(last_handler,
                                                                                  NULL);
    serve();
    fiber_before_main();
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(int, char **,
                                                                              char **) = begin;
