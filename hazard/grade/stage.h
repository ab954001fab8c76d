/* SPDX-License-Identifier: MIT */
/*
 * The folders in which one hand-in is graded, and commands that run in them, in the sandbox:
 *
 *   FOLDER/                what the teacher gives, by its paths: headers
 *   FOLDER/handin/         what was handed in, and its preprocessed texts. Commands start here
 *   FOLDER/.hazard/given/  the driver; CHECK.stdin, CHECK.dialogue: what students do not see
 *   FOLDER/.hazard/work/   what programs may write
 *   FOLDER/.hazard/tmp/    what hazard builds
 */
#ifndef HAZARD_GRADE_STAGE_H
#define HAZARD_GRADE_STAGE_H

#include "hazard/grade/assignment.h"
#include "sandbox/sandbox.h"

/* As a path from FOLDER/handin. */
#define STAGE_GIVEN "../.hazard/given"
#define STAGE_WORK "../.hazard/work"

struct stage {
    const char *folder, *handin;   /* absolute */
    const struct sandbox *sandbox; /* tier SANDBOX_NONE: none, the teacher said so */
    const char *hazard;            /* this program */
    const char *headers;           /* the folder of <hazard.h> */
    const char *const
        *reads; /* absolute paths that commands need beside the stage; NULL-terminated */
    const char *const *environment; /* likewise */
};

/* With the teacher's files in it. NULL and *error. */
struct stage *stage_new(void *owner, const struct assignment *assignment,
                        const struct sandbox *sandbox, struct error *error);

/* All of it. */
void stage_remove(const struct stage *stage);

enum stage_room {
    STAGE_COMPILER, /* compilers */
    STAGE_DETECTOR, /* hazard itself, and what it runs */
    STAGE_SERVER,   /* the same, with a network of its own: tier A */
    STAGE_TRACER    /* the same, and it may trace what it runs */
};

/* Runs it in FOLDER/handin. `input`: its stdin, an absolute path; NULL: none. See sandbox_run. */
int stage_run(void *owner, const struct stage *stage, enum stage_room room, const char *const *argv,
              const char *input, struct run_outcome *outcome, struct error *error);

/* Runs the built program alone, in a folder of its own where nothing of the teacher's is. */
int stage_run_alone(void *owner, const struct stage *stage, const char *program,
                    const char *const *args, const char *input, struct run_outcome *outcome,
                    struct error *error);

#endif
