/* SPDX-License-Identifier: MIT */
/*
 * The English of findings and of what actors do, a row each: the name behind SAY_ (message.h), and the
 * words. Words of several rows in a row make a sentence: "destroys " "mutex `m`" ", which thread 2 holds".
 */
#ifndef HAZARD_EXPLORE_MESSAGE_FINDING_TEXTS_H
#define HAZARD_EXPLORE_MESSAGE_FINDING_TEXTS_H

/* The objects that threads synchronise on, in the order of enum sync_kind. */
#define SYNC_TEXTS(X)                                                                              \
    X(MUTEX, "mutex @")                                                                            \
    X(RWLOCK, "readers-writer lock @")                                                             \
    X(SPIN, "spin lock @")                                                                         \
    X(COND, "condition variable @")                                                                \
    X(BARRIER, "barrier @")                                                                        \
    X(SEMAPHORE, "semaphore @")                                                                    \
    X(ONCE, "once control @")                                                                      \
    X(FUTEX, "futex @")                                                                            \
    X(STREAM, "the lock of stream @")

/* Misuse: who; does what; with what of the above, or with which thread; and why that is wrong. */
#define MISUSE_TEXTS(X)                                                                            \
    X(THREAD, "& ")                                                                                \
    X(INITIALISES, "initialises ")                                                                 \
    X(DESTROYS, "destroys ")                                                                       \
    X(CLOSES, "closes ")                                                                           \
    X(USES, "uses ")                                                                               \
    X(UNLOCKS, "unlocks ")                                                                         \
    X(POSTS, "posts ")                                                                             \
    X(WAITS_ON, "waits on ")                                                                       \
    X(JOINS, "joins ")                                                                             \
    X(DETACHES, "detaches ")                                                                       \
    X(CANCELS, "cancels ")                                                                         \
    X(NAMES, "names ")                                                                             \
    X(MOVES, "moves ")                                                                             \
    X(SCHEDULES, "schedules ")                                                                     \
    X(ASKS_NAME, "asks for the name of ")                                                          \
    X(ASKS_PROCESSORS, "asks for the processors of ")                                              \
    X(ASKS_PRIORITY, "asks for the priority of ")                                                  \
    X(ASKS_CLOCK, "asks for the clock of ")                                                        \
    X(ASKS_ATTRIBUTES, "asks for the attributes of ")                                              \
    X(DELETES_KEY, "deletes key #, which there is not")                                            \
    X(READS_KEY, "reads key #, which there is not")                                                \
    X(SETS_KEY, "sets key #, which there is not")                                                  \
    X(NO_THREAD, "a thread that there is not")                                                     \
    X(ITSELF, "itself")                                                                            \
    X(JOINED_THREAD, "&, which was joined already")                                                \
    X(DETACHED_THREAD, "&, which is detached")                                                     \
    X(DETACHED_BEFORE, "&, which is detached already")                                             \
    X(DETACHED_ENDED, "&, which is detached and has ended")                                        \
    X(DESTROYED, ", which was destroyed")                                                          \
    X(CLOSED, ", which was closed")                                                                \
    X(OPENED, ", which was made by sem_open")                                                      \
    X(UNINITIALISED, ", which was never initialised")                                              \
    X(HELD_BY_OTHER, ", which & holds")                                                            \
    X(HELD_BY_ITSELF, ", which it holds")                                                          \
    X(NOT_LOCKED, ", which is not locked")                                                         \
    X(NOT_HELD, ", which it does not hold")                                                        \
    X(AWAITED_ON, ", on which & waits")                                                            \
    X(AWAITED_AT, ", at which & waits")                                                            \
    X(AT_GREATEST, ", which has the greatest value already")                                       \
    X(OTHER_MUTEX, " with another mutex than &")                                                   \
    X(WITHOUT_MUTEX, " without holding the mutex")                                                 \
    X(DESTROYED_HERE, "destroyed here")                                                            \
    X(CLOSED_HERE, "closed here")                                                                  \
    X(LOCKED_HERE, "locked here")                                                                  \
    X(MUTEX_LOCKED_HERE, "the mutex was locked here")                                              \
    X(WAITS_HERE, "waits here")                                                                    \
    X(JOINED_HERE, "joined here")                                                                  \
    X(DETACHED_HERE, "detached here")

/* Nobody can move: who waits, for what (of the above or below), and who could end it. */
#define WAIT_TEXTS(X)                                                                              \
    X(NEXT, "; ")                                                                                  \
    X(MORE, "; and # more")                                                                        \
    X(THREAD_WAITS, "& waits for ")                                                                \
    X(WAITS_FOR, "waits for ")                                                                     \
    X(READ_LOCK, "readers-writer lock @ (to read)")                                                \
    X(WRITE_LOCK, "readers-writer lock @ (to write)")                                              \
    X(COND_SIGNAL, "a signal on condition variable @")                                             \
    X(BARRIER_COME, "barrier @ (# of # have come)")                                                \
    X(CHANGE, "a change of @")                                                                     \
    X(OTHERS_FIRST, "others to go first")                                                          \
    X(END_OF, "the end of &")                                                                      \
    X(END_OF_ANOTHER, "the end of another thread")                                                 \
    X(END_OF_OTHERS, "the end of all other threads")                                               \
    X(NOBODY, "what nobody does")                                                                  \
    X(HELD_BY, " held by &")                                                                       \
    X(TAKEN_BY, " taken by &")                                                                     \
    X(KEPT_FOR, " kept for &")                                                                     \
    X(RUN_BY, " being run by &")                                                                   \
    X(ITSELF_HOLDS, " which it holds itself")                                                      \
    X(ITSELF_RUNS, " which it runs itself")                                                        \
    X(HAS_ENDED, ", which has ended")                                                              \
    X(AS_IT_ENDS, ", as the program ends")                                                         \
    X(TAKEN_HERE, " was taken here")                                                               \
    X(COMES_FIRST, "comes first at ")                                                              \
    X(RUNS_ROUTINE, "runs the routine of ")                                                        \
    X(SINCE_HERE, " since here")                                                                   \
    X(WAITS_FOR_EVER, "& waits on condition variable @ for ever: ")                                \
    X(FUTEX_FOR_EVER, "& waits on futex @ for ever: ")                                             \
    X(WAKES_FUTEX, "wakes who waits on futex @")                                                   \
    X(FUTEX_WAKE, "a wake-up on futex @")                                                          \
    X(SIGNAL_UNHEARD, "the signal of & came when nobody waited")                                   \
    X(SIGNAL_TAKEN, "the signal of & woke &, which waits again")                                   \
    X(SIGNALS_COND, "signals condition variable @")                                                \
    X(CYCLE, "the last # steps lead back to the same state")                                       \
    X(GOES_ROUND, "goes round in circles")                                                         \
    X(OVERTAKEN, "thread # was passed # times while it waited for @")                              \
    X(FOR_EVER, ", and can be for ever: ")                                                         \
    X(WAITS, "waits")                                                                              \
    X(PASSES, "passes it")

#endif
