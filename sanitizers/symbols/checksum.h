/* SPDX-License-Identifier: MIT */
/* Is it the same program? */
#ifndef HAZARD_SYMBOLS_CHECKSUM_H
#define HAZARD_SYMBOLS_CHECKSUM_H

#include <stdint.h>

#include "base/fail.h"

/*
 * Of what a program does, and not of where it was built: FNV-1a over the loaded segments of the ELF
 * file without its notes and debug information. -1 and *error.
 */
int checksum_program(const char *binary, uint64_t *checksum, struct error *error);

/* Of all bytes of a file of any kind. -1 and *error. */
int checksum_content(const char *path, uint64_t *checksum, struct error *error);

#endif
