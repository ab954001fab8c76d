/* SPDX-License-Identifier: MIT */
/* What the self-test plants for its stand-ins to find, and what it looks at afterwards. */
#ifndef HAZARD_SELFTEST_PLANTED_H
#define HAZARD_SELFTEST_PLANTED_H

#include "hazard/selftest/attempt.h"
#include "run/run.h"

#define PLANTED_VARIABLE "HAZARD_SELFTEST_SECRET"

struct planted {
    struct attempt_place place;
    const char *token;  /* the secret itself: a word that is nowhere else */
    const char *folder; /* of all of it */
    const char *tool;   /* a copy of hazard that all users may run */
    int listener;
};

/* Makes folders and files, copies the command that is at `hazard`, starts the bystander, listens on a port of
 * the loopback. -1 and *error; planted_remove takes away what there is of it also then. */
int planted_make(void *owner, const char *hazard, struct planted *planted, struct error *error);

/* Makes good what an attempt has changed, with an empty scratch folder. -1 and *error. */
int planted_renew(void *owner, struct planted *planted, struct error *error);

/*
 * What the attempt has left behind or got, seen from outside, whatever it said: "the secret was printed".
 * NULL: nothing.
 */
const char *planted_harm(const struct planted *planted, const struct run_outcome *outcome);

/* Ends the bystander, removes the folder. */
void planted_remove(struct planted *planted);

/* The bystander's life: `hazard grade` with a hidden option. */
_Noreturn void planted_stand_by(void);

#endif
