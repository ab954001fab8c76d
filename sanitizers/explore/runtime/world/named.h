/* SPDX-License-Identifier: MIT */
/* Semaphores with a name: named.c defines sem_open, sem_close and sem_unlink. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_NAMED_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_NAMED_H

#include <semaphore.h>

/* In place of the library's. */
sem_t *sem_open(const char *name, int flags, ...);
int sem_close(sem_t *semaphore);
int sem_unlink(const char *name);

#endif
