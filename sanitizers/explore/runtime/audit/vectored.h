/* SPDX-License-Identifier: MIT */
/*
 * Functions of libc in several versions, one a kind of processor (STT_GNU_IFUNC): memcpy, strlen...
 * They load whole vectors, beyond the end of what they were given, so what they access is told by
 * the table of calls, not by their instructions.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_VECTORED_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_VECTORED_H

#include <stdint.h>

void vectored_find(void); /* once, before the snapshot */

/* The stub that tells the accesses of the function which begins there; 0: it is none of these. */
uintptr_t vectored_stub(uintptr_t pc);

#endif
