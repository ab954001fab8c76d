/* SPDX-License-Identifier: MIT */
/* Which thread is which actor, and its start. */
#ifndef HAZARD_EXPLORE_RUNTIME_ACTORS_H
#define HAZARD_EXPLORE_RUNTIME_ACTORS_H

#include "explore/runtime/fiber.h"

/* A new fiber, READY with an OP_START step; its id depends only on its parent and on how many that
 * has created. It calls start(argument), then ended with what that returned, which does not return. Called within a
 * step. NULL: no more actors. */
struct fiber *actor_new(void *(*start)(void *), void *argument, void (*ended)(void *));

/* The actor that empties the calling thread's store buffer: no thread, never on a stack. */
struct fiber *actor_new_buffer(void);

struct fiber *actor_make(int id, int parent); /* parent -1: the main thread */
void actor_before_main(void);                 /* the main thread's, for constructors */

#endif
