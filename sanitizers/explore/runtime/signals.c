/* SPDX-License-Identifier: MIT */
/*
 * The signals that the worker itself needs: first writes to protected pages (rewind.c), crashes of
 * the program, and a watchdog on processor time for a thread that computes for ever without ever
 * coming to a hook. All run on a stack of their own, as the program's may be what overflowed.
 */
#include "explore/runtime/base.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

#include "explore/runtime/audit/audit.h"
#include "explore/runtime/audit/follow.h"
#include "explore/runtime/audit/functions.h"
#include "explore/runtime/calls/dispatch.h"
#include "explore/runtime/control.h"
#include "explore/runtime/cut.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/found.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/places.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/signals.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"

enum { KERNEL_SIGSET = 8, RESTORER = 0x04000000 };

/* What the kernel takes, as opposed to libc's struct sigaction. */
struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

__asm__(".text\n.type signal_return, @function\nsignal_return:\n  mov $15, %eax\n  syscall\n");
void signal_return(void);

/* The program does not go on: what it had on its stack is to be cleaned. */
static void leave(const void *context) {
    enum { RED_ZONE = 128 };
    const ucontext_t *machine = context;
    char *sp = (char *)machine->uc_mcontext.gregs[REG_RSP] - RED_ZONE, *top = stack_of(self->id);
    if (sp < self->lowest && sp >= top - STACK_SIZE)
        self->lowest = sp;
}

static uintptr_t program_counter(const void *context) {
    const ucontext_t *machine = context;
    return (uintptr_t)machine->uc_mcontext.gregs[REG_RIP];
}

_Noreturn static void our_failure(int signal, uintptr_t pc) {
    if (shared->end == SHARED_RUNNING) {
        message_set(&shared->reason, PART(SAY_RUNTIME_SIGNAL, (uint64_t)signal, pc - shared->base));
        shared->reason_pc = pc;
        shared->end = SHARED_FAILED;
    }
    for (;;)
        system_call(SYS_exit_group, WORKER_DONE, 0, 0, 0, 0, 0);
}

static enum message_text crash_said(int signal, const siginfo_t *info) {
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t stack = STACK_ADDRESS + (uintptr_t)self->id * STACK_SPACE;
    uintptr_t low = (uintptr_t)stack_of(self->id) - STACK_SIZE;
    switch (signal) {
    case SIGSEGV:
        if (address >= stack && address < low)
            return SAY_STACK_OVERFLOW;
        return address < 4096 ? SAY_NULL_POINTER : SAY_SEGMENTATION_FAULT;
    case SIGBUS:
        return SAY_BUS_ERROR;
    case SIGFPE:
        return SAY_ARITHMETIC_ERROR;
    case SIGILL:
        return SAY_ILLEGAL_INSTRUCTION;
    case SIGABRT:
        return SAY_ABORTED;
    case SIGTRAP:
        return SAY_TRACE_TRAP;
    default:
        return SAY_KILLED;
    }
}

static void on_fault(int signal, siginfo_t *info, void *context) {
    if (signal == SIGSEGV && rewind_fault(info->si_addr))
        return;
    uintptr_t pc = program_counter(context);
    if (lasting->in_kernel || !exploring)
        our_failure(signal, pc);
    leave(context);
    found_crash(crash_said(signal, info),
                dispatch_blame(pc + 1)); /* as if it were a return address */
}

static void on_trap(int signal, siginfo_t *info, void *context) {
    if (!audit_trap(context) && !follow_trap(context))
        on_fault(signal, info, context);
}

static void tick_after(long microseconds) {
    const struct itimerval ticks = {.it_interval = {.tv_usec = 1000000 / CUT_TICKS},
                                    .it_value = {.tv_usec = microseconds}};
    system_call(SYS_setitimer, ITIMER_VIRTUAL, (long)&ticks, 0, 0, 0, 0);
}

/* The thread that runs has computed for long. */
static void end_computation(const void *context) {
    int ticks = lasting->idle;
    lasting->idle = 0;
    leave(context);
    cut_computation(ticks, dispatch_blame(program_counter(context) + 1));
    step_leave(END_CUT);
}

/* Now and then while the program runs. It is left in its own code only, where nothing of ours is half done: soon
 * again, if it is not there. */
static void on_tick(int signal, siginfo_t *info, void *context) {
    enum { SOON = 1000 };
    (void)signal;
    (void)info;
    bool stuck = !lasting->in_kernel && lasting->moves == lasting->moves_seen;
    lasting->moves_seen = lasting->moves;
    lasting->idle = stuck ? lasting->idle + 1 : 0;
    bool late = cut_at_deadline(), due = exploring && cut_is_due(lasting->idle);
    if (lasting->in_kernel || !(late || due) || shared->end != SHARED_RUNNING)
        return;
    if (functions_is_ours(program_counter(context)))
        tick_after(SOON);
    else if (late)
        system_call(SYS_exit_group, WORKER_DONE, 0, 0, 0, 0, 0);
    else
        end_computation(context);
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), unsigned long flags) {
    const struct kernel_action action = {.handler = handler,
                                         .flags = SA_SIGINFO | SA_ONSTACK | RESTORER | flags,
                                         .restorer = signal_return};
    system_call(SYS_rt_sigaction, signal, (long)&action, 0, KERNEL_SIGSET, 0, 0);
}

void signals_start(void) {
    const stack_t stack = {.ss_sp = lasting->signal_stack, .ss_size = sizeof lasting->signal_stack};
    system_call(SYS_sigaltstack, (long)&stack, 0, 0, 0, 0, 0);
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        handle(crashes[i], on_fault, SA_NODEFER);
    handle(SIGTRAP, on_trap, SA_NODEFER);
    handle(SIGVTALRM, on_tick, SA_RESTART | SA_NODEFER);
    tick_after(1000000 / CUT_TICKS);
}
