/* SPDX-License-Identifier: MIT */
/* A user id that nobody has, for one run: for root. */
#ifndef HAZARD_SANDBOX_SPARE_USER_H
#define HAZARD_SANDBOX_SPARE_USER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/fail.h"

struct spare_user {
    uid_t uid;
    int claim; /* a descriptor: while it is open, no other hazard takes the same */
};

/* One that has no name, no process, and no other hazard's claim. -1 and *error. */
int spare_user_take(struct spare_user *user, struct error *error);

/* Kills all its processes at one stroke, however fast they fork. True: none is left. */
bool spare_user_end(const struct spare_user *user);

void spare_user_return(struct spare_user *user);

#endif
