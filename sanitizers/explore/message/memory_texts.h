/* SPDX-License-Identifier: MIT */
/*
 * The English of findings that memory brings, or the program's own end: rows as in finding_texts.h.
 */
#ifndef HAZARD_EXPLORE_MESSAGE_MEMORY_TEXTS_H
#define HAZARD_EXPLORE_MESSAGE_MEMORY_TEXTS_H

/* Data races, and accesses to the heap. */
#define MEMORY_TEXTS(X)                                                                            \
    X(RACE_ON, "data race on @: ")                                                                 \
    X(READ, "read of # byte(s)")                                                                   \
    X(WRITE, "write of # byte(s)")                                                                 \
    X(ATOMIC_READ, "atomic read of # byte(s)")                                                     \
    X(ATOMIC_WRITE, "atomic write of # byte(s)")                                                   \
    X(READ_BLOCK, "read of a block")                                                               \
    X(WRITE_BLOCK, "write of a block")                                                             \
    X(WRITE_BY_FREE, "write by free")                                                              \
    X(ALLOCATION, "allocation")                                                                    \
    X(BY, " by &")                                                                                 \
    X(COMMA, ", ")                                                                                 \
    X(PREVIOUS, "previous ")                                                                       \
    X(OF, " of @")                                                                                 \
    X(STACK_ENDED, ", on the stack of &, which has ended")                                         \
    X(HAS_LEFT, ": the function whose variable it was has returned")                               \
    X(MAY_HAVE_LEFT, ": the function whose variable it is may have returned before")               \
    X(RETURNS, "returns")                                                                          \
    X(USE_OF, "use of ")                                                                           \
    X(INTO_FREED, ", # bytes into a freed block")                                                  \
    X(BEFORE_BLOCK, ", # byte(s) before a block of #")                                             \
    X(AFTER_BLOCK, ", # byte(s) after a block of #")                                               \
    X(READ_NOWHERE, "read of # bytes of the heap that nobody allocated")                           \
    X(WRITE_NOWHERE, "write of # bytes of the heap that nobody allocated")                         \
    X(READ_ALONE, "read")                                                                          \
    X(WRITE_ALONE, "write")                                                                        \
    X(BLOCK_ALLOCATED, "block of # byte(s) allocated here")                                        \
    X(BLOCK_FREED, "block of # byte(s) freed here")                                                \
    X(FREE, "free")                                                                                \
    X(REALLOC, "realloc")                                                                          \
    X(USABLE_SIZE, "malloc_usable_size")                                                           \
    X(NO_START, " of @, which is not the start of a block")                                        \
    X(FREED_TWICE, "double free of @")                                                             \
    X(REALLOC_FREED, "realloc of @")

/* How the program ended. */
#define END_TEXTS(X)                                                                               \
    X(EXIT_CODE, "the program ended with exit code #")                                             \
    X(EXITS, "ends the program with exit code #")                                                  \
    X(MAIN_RETURNS, "returns # from main")                                                         \
    X(LEAKED_ONE, "& ended, and was neither joined nor detached")                                  \
    X(LEAKED_MANY, "# threads ended, and were neither joined nor detached")                        \
    X(CREATES, "creates &")                                                                        \
    X(ASSERTION, "Assertion `$' failed")                                                           \
    X(UNEXPECTED, "Unexpected error: $")                                                           \
    X(ASSERTS, "asserts")                                                                          \
    X(ABORT, "abort()")                                                                            \
    X(STACK_SMASHED, "stack smashing detected")                                                    \
    X(BUFFER_OVERFLOWN, "buffer overflow detected")                                                \
    X(ABORTS, "aborts")                                                                            \
    X(STACK_OVERFLOW, "stack overflow")                                                            \
    X(NULL_POINTER, "segmentation fault: a null pointer is used")                                  \
    X(SEGMENTATION_FAULT, "segmentation fault")                                                    \
    X(BUS_ERROR, "bus error")                                                                      \
    X(ARITHMETIC_ERROR, "arithmetic error: a division by zero, or an overflow of one")             \
    X(ILLEGAL_INSTRUCTION, "illegal instruction")                                                  \
    X(ABORTED, "aborted")                                                                          \
    X(TRACE_TRAP, "trace trap")                                                                    \
    X(KILLED, "killed by a signal")                                                                \
    X(CRASHED_HERE, "crashed here")

/* Where a failure comes from, in its trace. */
#define CAUSE_TEXTS(X)                                                                             \
    X(INTERRUPTED, "is interrupted before this")                                                   \
    X(UNAVOIDABLE, "after this the failure cannot be avoided")

#endif
