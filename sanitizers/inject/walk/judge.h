/* SPDX-License-Identifier: MIT */
/*
 * How a copy ended, compared with the undisturbed run.
 *
 * Of the output, whole lines are compared, as a multiset: a handler may print lines of its own and
 * overtake what is still in a buffer, and that is no fault. But each line of the undisturbed run
 * must be there, whole, as often as in that run. Lines that differ between two undisturbed runs
 * (times, addresses, what hangs on which child ends first) are left out. What that run leaves last without an end of line is a prompt: a
 * line of its own wherever a line begins with it.
 */
#ifndef HAZARD_INJECT_WALK_JUDGE_H
#define HAZARD_INJECT_WALK_JUDGE_H

#include "inject/family/family.h"
#include "inject/walk/injection.h"

#define JUDGED_TEXT 160

struct output_line {
    const char *text;
    size_t length;
};

struct output_lines {
    const char **items; /* sorted */
    size_t *lengths;
    size_t count;
};

struct judge_reference {
    enum family_end end;
    int status;
    const char *why;    /* FAMILY_DEADLOCK: it is at fault wherever the signal comes */
    bool signalled;     /* the signal came by itself in that run */
    int64_t allow_exit; /* as inject_options.h says */
    bool any_output;
    struct output_lines lines[2]; /* of stdout and stderr */
    char *output[2];
    struct output_line prompt[2]; /* in `output`; of length 0: none */
};

/* From one or two (`again` may be NULL) undisturbed runs that have ended. */
void judge_reference_from(void *owner, const struct family *run, const struct family *again,
                          struct judge_reference *reference);

struct judged {
    enum ending_kind kind;
    bool late;    /* see injection.h */
    bool sure;    /* ENDING_RAN_AWAY: all of its state has come back */
    bool repeats; /* ENDING_WRONG only because the copy prints a line once more than the undisturbed
                     run: no fault if that is what the handler prints */
    char text[JUDGED_TEXT];
};

struct judged judge_copy(const struct judge_reference *reference, const struct family *copy);

#endif
