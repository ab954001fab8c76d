/* SPDX-License-Identifier: MIT */
/*
 * The English of why a search ended without a word on the program: rows as in finding_texts.h.
 */
#ifndef HAZARD_EXPLORE_MESSAGE_REASON_TEXTS_H
#define HAZARD_EXPLORE_MESSAGE_REASON_TEXTS_H

/* A call that is refused: its name, and why. The reasons that a row of the table of calls gives are
 * texts of that table, where one row says all of a call. */
#define REFUSAL_TEXTS(X)                                                                           \
    X(CALL, "$")                                                                                   \
    X(BECAUSE, ": ")                                                                               \
    X(TABLE_SAYS, ": $")                                                                           \
    X(NOT_MODELLED, "not modelled")                                                                \
    X(INPUT_ONCE, "standard input cannot be read twice: redirect it from /dev/null")               \
    X(OPENED_EARLY, "what was opened before main cannot be rewound")                               \
    X(FILES_WRITTEN, "files written cannot be rewound")                                            \
    X(CHANCE, "chance cannot be explored")                                                         \
    X(DEVICES, "devices and what may block are not explored")                                      \
    X(STREAMS_STAY_OPEN, "the standard streams must stay open")                                    \
    X(OUTPUT_READ, "nothing is read from the output")                                              \
    X(DESCRIPTOR_LOCKS, "locks, modes and copies of descriptors are not explored")                 \
    X(NUMBERED_FORMATS,                                                                            \
      "a format that numbers some of its arguments only, more than 32, or scanf's")                \
    X(CLOSED_STREAM, "a standard stream that was closed is used")                                  \
    X(STREAM_STATE, "the state of a standard stream is not explored")                              \
    X(STREAM_LEFT, "the end of the program closes a stream in memory beside a thread that is not " \
                   "joined: close it")                                                             \
    X(STREAM_WIDTH, "bytes and wide characters on one standard stream")                            \
    X(STREAM_IN_USE, "a standard stream is closed while other threads may use it")                 \
    X(LOCALE_SHARED, "the locale is set while there are other threads, which may look at it")      \
    X(ERRNO_OF_ANOTHER, "errno of another thread is used, which library calls set unseen")         \
    X(STREAM_LOCKS,                                                                                \
      "it waits for the locks of all streams, and somebody may have one by flockfile")             \
    X(STREAM_BUFFER, "a buffer of the program that a stream writes to is not explored")            \
    X(TOO_MUCH_MEMORY, "more memory than a thread has room for")                                   \
    X(SHARED_MEMORY, "memory shared with others is not explored")                                  \
    X(CHOSEN_PLACES, "mappings at places of the program's choice are not explored")                \
    X(PROCESS_SETTINGS, "settings of the process are not explored")                                \
    X(SIGNAL_HANDLERS, "signal handlers are not explored")                                         \
    X(MASK_CHANGE, "no such way of changing a mask")                                               \
    X(SEMAPHORE_OUTSIDE,                                                                           \
      "there is a semaphore of that name already, of another process or left by an earlier run")   \
    X(SEMAPHORE_MODE, "a semaphore that its owner may not use")                                    \
    X(SEMAPHORE_FLAGS, "other flags than O_CREAT and O_EXCL")                                      \
    X(FOLLOWED_SYSTEM_CALL, "it makes system call #, which is not explored")                       \
    X(IN_LIBRARY, " in $")                                                                         \
    X(ORDERS_UNHOOKED, "it orders threads by atomics of its own, which have no hooks")             \
    X(SPINS_UNHOOKED, "it waits by going round an atomic operation that has no hook")              \
    X(WAITS_UNHOOKED, "it waits on a futex of its own, which has no hook")                         \
    X(STARTS_UNHOOKED, "it starts a thread that has no hooks")                                     \
    X(FOLLOWED_OPAQUE, "what an instruction of it accesses cannot be told")                        \
    X(CALLS_BACK, "it calls back and is called again, too deep")

/* Other things that explore cannot take. */
#define UNSUPPORTED_TEXTS(X)                                                                       \
    X(BEFORE_MAIN, "before main: ")                                                                \
    X(ENDED_BEFORE_MAIN, "the program ended before main, in a constructor")                        \
    X(CREATES_BEFORE_MAIN, "a thread is created before main")                                      \
    X(WAITS_BEFORE_MAIN, "waits before main")                                                      \
    X(LAZY_BINDING, "the program binds its functions lazily: link it with -z now")                 \
    X(MANY_THREADS, "more than # threads")                                                         \
    X(MANY_SEMAPHORES, "more than # semaphores with a name, one after another")                    \
    X(MANY_RACES, "races on more than # places")                                                   \
    X(MANY_IMPORTS, "the program imports more than # functions")                                   \
    X(MANY_STRETCHES, "more than # stretches of writable memory")                                  \
    X(SCATTERED, "the program touches too much memory, piece by piece, to watch it for races")     \
    X(SEARCH_MEMORY, "the search needs more than # GiB of memory")                                 \
    X(BOOKKEEPING, "one execution needs more than # MiB of bookkeeping")                           \
    X(PRIORITY_CEILING, "a mutex with a priority ceiling")                                         \
    X(CANCEL_ASYNCHRONOUS, "asynchronous cancellation")                                            \
    X(SCHEDULING, "priorities and processors, asked for and set")                                  \
    X(UNSEEN_ATOMIC, "an atomic operation without a hook")                                         \
    X(UNSEEN_FENCE, "a fence in assembly, while stores wait: atomic_thread_fence is known")        \
    X(UNSEEN_OPAQUE, "what an instruction without a hook accesses cannot be told")

/* What a program that was started by hand says before its finding. */
#define KIND_TEXTS(X)                                                                              \
    X(BY_HAND, "hazard: ")                                                                         \
    X(DEADLOCK, "deadlock: ")                                                                      \
    X(LOST_WAKEUP, "lost wake-up: ")                                                               \
    X(LIVELOCK, "livelock: ")                                                                      \
    X(STARVATION, "starvation: ")                                                                  \
    X(USE_AFTER_FREE, "use after free: ")                                                          \
    X(USE_AFTER_RETURN, "use after return: ")                                                      \
    X(HEAP_OVERFLOW, "heap overflow: ")

#endif
