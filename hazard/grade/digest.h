/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4, by libmd) over texts and files, each with its length before it: nobody makes two things with one. */
#ifndef HAZARD_GRADE_DIGEST_H
#define HAZARD_GRADE_DIGEST_H

#include <stddef.h>

#include "base/fail.h"

struct digest;

struct digest *digest_new(void *owner);
void digest_add(struct digest *digest, const char *text);
void digest_add_list(struct digest *digest, const char *const *texts); /* NULL-terminated */

/* What is in the file. -1 and *error. */
int digest_add_file(struct digest *digest, const char *path, struct error *error);

/* 64 hexadecimal digits, below `owner`. The digest is used up. */
const char *digest_end(void *owner, struct digest *digest);

#endif
