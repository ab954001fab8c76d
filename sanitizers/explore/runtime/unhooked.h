/* SPDX-License-Identifier: MIT */
/*
 * Libraries whose code has no hooks: calls into them that order threads by atomics of their own, and threads that
 * begin in them. What they do to memory is not all seen, so that a race where it matters is not judged.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_UNHOOKED_H
#define HAZARD_EXPLORE_RUNTIME_UNHOOKED_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/message/message.h"
#include "explore/runtime/past.h"

/* The call that returns to `pc` leads into that library, and is followed. The names last. */
void unhooked_call(uintptr_t pc, const char *name, const char *library);

/* ... and has made an atomic read-modify-write. */
void unhooked_locks(uintptr_t pc);

/* The calling thread makes another, whose own code lies in a library; it is `name` that the program
 * has called for it, NULL: nothing, the library does it by itself. */
void unhooked_thread(int actor, const char *name, const char *library);

/* The calling thread does what only the library knows: ends the search if it is such a thread. */
void unhooked_check_thread(uintptr_t pc);

/* Two accesses that nothing orders, as far as is seen: is that a race? Ends the search where nobody can tell; false: it
 * is told at the end of the call. */
bool unhooked_judges(const struct past *earlier, const struct past *now, uintptr_t granule);

/* The call at hand, which was followed, has ended. */
void unhooked_leave(void);

/* The reason, of a call into a library. */
_Noreturn void unhooked_refuse(uintptr_t pc, const char *name, const char *library,
                               enum message_text why, uint64_t number);

#endif
