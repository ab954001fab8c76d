/* SPDX-License-Identifier: MIT */
/*
 * The evasion gate: does a hand-in tell detectors not to look, or take the place of what they watch?
 *
 * Each C file is preprocessed once for each compiler, without any sanitizer's macros; that text is what every
 * flavour compiles. The student's own lines of it, the files themselves and a plain object made of it are
 * looked through for what stands in gate_rules.h. docs/gate.md has what is refused and why.
 *
 * gcc and clang need a text each: the C library's headers have types and built-ins for the one that the other
 * refuses (measured: of the suite's 137 programs none compiles from the other's text). That both texts say
 * the same of the student's lines is a rule of the gate.
 */
#ifndef HAZARD_GATE_GATE_H
#define HAZARD_GATE_GATE_H

#include <stddef.h>

#include "base/fail.h"
#include "hazard/gate/gate_rules.h"
#include "run/run.h"

/* Runs a compiler, in the sandbox perhaps: it reads the hand-in, and writes below `scratch`. 0, or -1 and *error: it
 * could not be run. */
typedef int gate_runner(void *argument, void *owner, const char *const *argv,
                        struct run_outcome *outcome, struct error *error);

struct gate_input {
    const char *folder; /* of the hand-in: all files below it are the student's */
    const char *const *
        files; /* C files, as the compilers are to be told of them: absolute, or from where we stand */
    size_t file_count;
    const char *const
        *words; /* the teacher's for the compilers: "-Iinclude"; NULL-terminated; may be NULL */
    const char *scratch;  /* a folder for what is made; the texts stay in it */
    bool off[GATE_KINDS]; /* rules that are to be left out: see gate_switch */
    gate_runner *run;     /* NULL: as we are, without a sandbox */
    void *run_argument;
};

enum gate_compiler { GATE_GCC, GATE_CLANG, GATE_COMPILERS };

/* What is to be compiled in place of a source: a .i file with line markers that name the student's. */
struct gate_text {
    const char *source;
    const char *preprocessed[GATE_COMPILERS];
};

struct gate_refusal {
    enum gate_kind kind;
    const char *file; /* below the hand-in's folder */
    int line;         /* 0: the whole file */
    const char *text; /* of that line, clean; "" */
    const char *what; /* "pthread_mutex_lock", "#pragma GCC optimize" */
};

struct gate {
    struct gate_refusal *refusals; /* by file, line, kind; GATE_MOST of a file */
    size_t count;
    struct gate_text
        *texts; /* one a file; NULL where something was refused before, or did not compile */
    const char *
        complaint; /* NULL, or what the compiler said: it does not compile. What was refused counts all the same */
};

#define GATE_MOST 20

/* All defaults: the rules that are off unless asked for. */
void gate_defaults(struct gate_input *input);

/* Turns the rule of that name on or off. -1 and *error: there is none, or it cannot be left out. */
int gate_switch(struct gate_input *input, const char *name, bool on, struct error *error);

/* What it says lives below `owner`. -1 and *error: a file cannot be read, a compiler not be run. */
int gate_check(void *owner, const struct gate_input *input, struct gate *gate, struct error *error);

#endif
