/* SPDX-License-Identifier: MIT */
/* Where the program and the libraries that were loaded with it have code and static data. */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_LIBRARIES_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_LIBRARIES_H

#include <stdbool.h>
#include <stdint.h>

void libraries_find(void); /* once, before the snapshot */
bool libraries_own(uintptr_t address);

bool libraries_is_program_data(uintptr_t address); /* writable */
bool libraries_has_code(uintptr_t address);        /* of a library */

/* The file of that code, without its folder; NULL: it is of no library but the C library. Lasts. */
const char *libraries_name(uintptr_t address);

/* Code of the dynamic loader, whose own books are nobody's business. */
bool libraries_is_loader(uintptr_t pc);

#endif
