/* SPDX-License-Identifier: MIT */
/*
 * The English of hazard's own limits and failures: rows as in finding_texts.h.
 */
#ifndef HAZARD_EXPLORE_MESSAGE_FAILURE_TEXTS_H
#define HAZARD_EXPLORE_MESSAGE_FAILURE_TEXTS_H

#define FAILURE_TEXTS(X)                                                                           \
    X(NO_HEAP_MEMORY, "no memory for the heap")                                                    \
    X(NO_RACE_MEMORY, "no memory for the race detector")                                           \
    X(NO_CHECKPOINTS, "no memory for checkpoints")                                                 \
    X(MANY_CONTENDED, "more than 65,536 places in memory that several threads use")                \
    X(STATES_OUTSIDE, "it changes what the system keeps for it, so each state takes a process")    \
    X(MANY_RELEASES,                                                                               \
      "accesses of more than 4,096 times of one thread, between which it releases, "               \
      "could still race")                                                                          \
    X(NO_FRAME_MEMORY, "no memory for call stacks")                                                \
    X(NO_STACK_MEMORY, "no memory for a stack")                                                    \
    X(NO_THREAD_MEMORY, "no memory for the stack of a thread")                                     \
    X(NO_DEV_NULL, "cannot open /dev/null")                                                        \
    X(NO_INPUT, "cannot open standard input again")                                                \
    X(NO_DECODER, "instructions cannot be decoded: Zydis cannot be loaded")                        \
    X(NO_SYMBOLS, "the program has no symbols to audit it by: link it without -s")                 \
    X(NO_MAPS, "cannot read /proc/self/maps")                                                      \
    X(NO_THREADS, "cannot create # threads: error #")                                              \
    X(TABLE_WRONG, "the table of calls: $: $")                                                     \
    X(WORKER_KILLED, "a worker was killed by signal #")                                            \
    X(WORKER_ENDED, "a worker ended with status #")                                                \
    X(RUNTIME_SIGNAL, "the runtime itself got signal # at ^")                                      \
    X(SEARCH_BROKE_OFF, "the search ended without having come to its end")                         \
    X(NO_STRATEGY, "no strategy '$'")                                                              \
    X(DIVERGED, "the program did something else under the same schedule, at step #")               \
    X(CUT, "# execution(s) did not end within # steps")                                            \
    X(WAKES_SOME, "some of several that wait are woken")                                           \
    X(FUTEX_OTHER, "only FUTEX_WAIT, FUTEX_WAKE and both with _BITSET are modelled")               \
    X(FUTEX_CLOCK, "FUTEX_CLOCK_REALTIME goes with FUTEX_WAIT_BITSET alone")                       \
    X(KERNEL_CALLED, "the kernel is called directly")                                              \
    X(EFFORT_MADE, "the default budget was used up")                                               \
    X(TIME_OVER, "its time was over")                                                              \
    X(STEPS_MADE, "# steps between states were made")                                              \
    X(EXECUTIONS_MADE, "# executions were made")                                                   \
    X(COMPUTED, "thread # computed for # s without any operation that others can see")

#endif
