/* SPDX-License-Identifier: MIT */
#include "report/kind.h"

#include <string.h>

static const char *const kind_names[KIND_COUNT] = {
    [KIND_DATA_RACE] = "data-race",
    [KIND_ATOMICITY] = "atomicity",
    [KIND_ORDER_VIOLATION] = "order-violation",
    [KIND_DEADLOCK] = "deadlock",
    [KIND_LOCK_ORDER] = "lock-order",
    [KIND_LIVELOCK] = "livelock",
    [KIND_STARVATION] = "starvation",
    [KIND_SIGNAL_UNSAFE_CALL] = "signal-unsafe-call",
    [KIND_SIGNAL_RACE] = "signal-race",
    [KIND_LOST_WAKEUP] = "lost-wakeup",
    [KIND_THREAD_LEAK] = "thread-leak",
    [KIND_MEMORY_LEAK] = "memory-leak",
    [KIND_USE_AFTER_FREE] = "use-after-free",
    [KIND_USE_AFTER_RETURN] = "use-after-return",
    [KIND_HEAP_OVERFLOW] = "heap-overflow",
    [KIND_API_MISUSE] = "api-misuse",
    [KIND_BLOCKED_CLIENT] = "blocked-client",
    [KIND_ZOMBIE] = "zombie",
    [KIND_DESCRIPTOR_LEAK] = "descriptor-leak",
    [KIND_CRASH] = "crash",
    [KIND_ASSERTION] = "assertion",
    [KIND_EXIT] = "exit",
    [KIND_REACHED] = "reached",
};

static const char *const kind_titles[KIND_COUNT] = {
    [KIND_DATA_RACE] = "Two threads use the same memory, one writes, and nothing orders them.",
    [KIND_ATOMICITY] = "Steps that belong together can be split by another thread.",
    [KIND_ORDER_VIOLATION] = "Something is used before the step that makes it ready.",
    [KIND_DEADLOCK] = "Threads or processes wait for each other, and none can ever go on.",
    [KIND_LOCK_ORDER] = "Locks are taken in contradicting orders: a deadlock in waiting.",
    [KIND_LIVELOCK] = "Threads keep giving way to each other, and none makes progress.",
    [KIND_STARVATION] = "One thread can be passed over without bound while others go on.",
    [KIND_SIGNAL_UNSAFE_CALL] = "A signal handler calls what is not async-signal-safe.",
    [KIND_SIGNAL_RACE] = "A signal handler and the code it interrupts use the same data.",
    [KIND_LOST_WAKEUP] = "A signal or wake-up comes before its receiver waits, and is gone.",
    [KIND_THREAD_LEAK] = "A thread is neither joined nor detached, so its memory is kept.",
    [KIND_MEMORY_LEAK] = "Memory is taken again and again and never given back.",
    [KIND_USE_AFTER_FREE] = "Memory is used after it was freed.",
    [KIND_USE_AFTER_RETURN] =
        "A local variable is used after its function has returned or its thread has ended.",
    [KIND_HEAP_OVERFLOW] = "Memory is used beyond the end of the block that was allocated.",
    [KIND_API_MISUSE] = "A synchronisation function is called against its contract.",
    [KIND_BLOCKED_CLIENT] = "A client has to wait for another client that does nothing.",
    [KIND_ZOMBIE] = "Children end and nobody waits for them: they stay in the process table.",
    [KIND_DESCRIPTOR_LEAK] = "Descriptors are opened again and again and never closed.",
    [KIND_CRASH] = "The program was killed by a signal that it did not expect.",
    [KIND_ASSERTION] = "A condition that the program itself checks did not hold.",
    [KIND_EXIT] = "The program ended with an exit code that says it failed.",
    [KIND_REACHED] = "A schedule comes to the place that was searched for: no failure.",
};

static const char *const kind_remedies[KIND_COUNT] = {
    [KIND_DATA_RACE] = "Guard every access, reads included, by one mutex, or make the variable "
                       "atomic. volatile orders nothing between threads.",
    [KIND_ATOMICITY] =
        "Hold one lock from the check to the act, or make both one atomic operation.",
    [KIND_ORDER_VIOLATION] = "Let the user wait until it is told that the thing is ready: by a "
                             "condition variable with a predicate, a semaphore or a join.",
    [KIND_DEADLOCK] = "Take locks in one order everywhere, hold none while waiting for another "
                      "thread or process, and close the ends of pipes that are not used.",
    [KIND_LOCK_ORDER] = "Give all locks one order, and take them in that order in every function.",
    [KIND_LIVELOCK] =
        "Let one of those that give way wait for its turn: block on the lock, or back "
        "off for different times.",
    [KIND_STARVATION] =
        "Serve those who wait in the order in which they came: a ticket, a queue, or "
        "a bound on how often others may pass.",
    [KIND_SIGNAL_UNSAFE_CALL] = "Call only what signal-safety(7) lists, or let the handler set a "
                                "flag and do the work outside of it.",
    [KIND_SIGNAL_RACE] = "Block the signal while the data is changed, let the handler touch only "
                         "volatile sig_atomic_t, and keep errno.",
    [KIND_LOST_WAKEUP] =
        "Check the predicate and begin to wait in one step: under the mutex with a "
        "condition variable, with the signal blocked until sigsuspend.",
    [KIND_THREAD_LEAK] = "Join the thread, or detach it.",
    [KIND_MEMORY_LEAK] = "Free on every path, also where a client breaks off.",
    [KIND_USE_AFTER_FREE] = "Free when the last user is done: after a join, or by counting "
                            "references.",
    [KIND_USE_AFTER_RETURN] =
        "Let what other threads use live longer than they do: allocate it, or "
        "join before the function returns.",
    [KIND_HEAP_OVERFLOW] = "Check the index or the length against what was allocated.",
    [KIND_API_MISUSE] =
        "Read the function's contract in its man page: who may call it, when, and on "
        "an object in which state.",
    [KIND_BLOCKED_CLIENT] =
        "Serve each client in a process or thread of its own, or wait for all of "
        "them at once (poll, epoll), and limit how long one may take.",
    [KIND_ZOMBIE] =
        "Call waitpid with WNOHANG in a loop for each SIGCHLD: one may stand for several "
        "children.",
    [KIND_DESCRIPTOR_LEAK] = "Close on every path, in the parent and in the child.",
    [KIND_CRASH] = "Start at the innermost line of the program on the stack.",
    [KIND_ASSERTION] =
        "Look at what other threads can do between the step that makes the condition "
        "true and the check.",
    [KIND_EXIT] = "Look at what the program printed before it ended.",
    [KIND_REACHED] = "Nothing is to be mended: the schedule shows how the place is reached.",
};

const char *kind_name(enum kind kind) {
    return kind_names[kind];
}

const char *kind_title(enum kind kind) {
    return kind_titles[kind];
}

const char *kind_remedy(enum kind kind) {
    return kind_remedies[kind];
}

int kind_from_name(const char *name) {
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0)
            return kind;
    return -1;
}
