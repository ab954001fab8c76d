/* SPDX-License-Identifier: MIT */
/* One check of one hand-in: the command that is run in the sandbox, and the mark that it comes to. */
#ifndef HAZARD_GRADE_CHECK_RUN_H
#define HAZARD_GRADE_CHECK_RUN_H

#include "hazard/grade/answer.h"
#include "hazard/grade/handin.h"
#include "hazard/grade/stage.h"

/* The plain program, as a path from where commands start. */
#define STAGE_PLAIN "../.hazard/tmp/plain"

struct check_run {
    void *owner;
    const struct assignment *assignment;
    const struct stage *stage;
    const struct handin *handin;
    const struct answer_names *names;
};

/* 0, or -1 and *error: the platform's fault. */
int check_run(const struct check_run *run, const struct check *check, struct mark *mark,
              struct error *error);

/* The hand-in's texts for that compiler, and the driver's C files; NULL-terminated. */
const char *const *check_run_sources(void *owner, const struct assignment *assignment,
                                     const struct handin *handin, const char *compiler);

/* The driver's alone. */
const char *const *check_run_driver(void *owner, const struct assignment *assignment);

#endif
