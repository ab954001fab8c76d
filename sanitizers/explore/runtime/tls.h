/* SPDX-License-Identifier: MIT */
/*
 * Thread-local storage: each fiber borrows that of a real thread which sleeps for that purpose. Number 0
 * is the main thread's.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_TLS_H
#define HAZARD_EXPLORE_RUNTIME_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts `count` real threads that do nothing but lend their TLS. Once in a process, before the
 * snapshot. 0, or an errno. */
int tls_lend(int count);
int tls_count(void);

/* The thread pointer of TLS `index`: 0 is the main thread's. */
uintptr_t tls_pointer(int index);

/* The errno of the thread with that thread pointer. */
int *tls_errno(uintptr_t pointer);

/* Is it part of the errno of a thread with another thread pointer? */
bool tls_is_errno_of_another(uintptr_t address, size_t size, uintptr_t pointer);

/* The memory of TLS `index` (static TLS block and thread descriptor), for the snapshot. */
void tls_extent(int index, char **start, size_t *size);

/* Makes `pointer` the thread pointer of this kernel thread. */
void tls_use(uintptr_t pointer);
void tls_renew(void); /* memory came back: so shall the thread pointer that was in use */

#endif
