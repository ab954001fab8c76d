/* SPDX-License-Identifier: MIT */
/*
 * Before main: the server, its workers, and the way into the kernel.
 *
 *   .preinit_array   runs before any code of the program: the first process becomes the server
 *                    (server.c), which forks workers and never runs the program.
 *   constructors     run in each worker, once; if one creates a thread, in each execution (program.c).
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

#include "explore/runtime/actors.h"
#include "explore/runtime/audit/audit.h"
#include "explore/runtime/blocks.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/checkpoint.h"
#include "explore/runtime/control.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/input.h"
#include "explore/runtime/kernel.h"
#include "explore/runtime/labels.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/program.h"
#include "explore/runtime/raced.h"
#include "explore/runtime/real.h"
#include "explore/runtime/recur.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/server.h"
#include "explore/runtime/signals.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/undivided.h"
#include "explore/runtime/unsupported.h"

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

_Noreturn static void no_threads(int error) {
    struct message reason = {0};
    message_add(&reason, PART(SAY_NO_THREADS, (uint64_t)control->lend, (uint64_t)error));
    unsupported_because(0, &reason);
}

static int kernel_main(int argc, char **argv, char **envp) {
    control->main_reached = 1;
    program_argc = argc;
    program_argv = argv;
    program_envp = envp;
    patch_program();
    if (!control_by_hand && !control_in_debugger() && output_redirect() != 0)
        unsupported(0, SAY_NO_DEV_NULL);
    int error = tls_lend(control->lend);
    if (error != 0)
        no_threads(error);
    if (stack_of(0) == NULL)
        unsupported(0, SAY_NO_STACK_MEMORY);
    if (shared->config.audit != AUDIT_OFF && !control_by_hand && !control_in_debugger())
        audit_start();
    if (shared->config.sv_comp != 0)
        undivided_find(shared->base);
    if (shared->config.atomic_blurred != 0)
        unsupported(0, SAY_ATOMIC_BLURRED);
    blocks_keep();
    recur_begin();
    hb_begin();
    raced_begin();
    signals_start();
    hook_cleans = control->strategy->states;
    if (!control_by_hand && !control_in_debugger())
        stream_prepare();
    input_keep();
    if (rewind_snapshot((char *)argv) != 0)
        unsupported(0, SAY_NO_MAPS);
    if (control->strategy->kept != NULL)
        checkpoint_start(control->strategy->states);
    int end = kernel_run();
    if (control->phase == PHASE_TRACE && !control_by_hand && !control_in_debugger())
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
    if (control->constructors > 0)
        program_take_constructors();
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
    control_map(envp);
    shared->base = load_bias();
    lasting_map();
    memory_map();
    program_watch_end();
    labels_find();
    server_run();
    input_own();
    actor_before_main();
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(int, char **,
                                                                              char **) = begin;
