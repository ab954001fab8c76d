/* SPDX-License-Identifier: MIT */
/* One call at hand, between the stub that took it and the function that it is for. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_VISIT_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_VISIT_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/message/message.h"
#include "explore/op.h"
#include "explore/runtime/calls/spec.h"

enum { CALLS = 1024 }; /* stubs: functions that one program can import; as in trampoline.S */

/* All that how a call goes on hangs on, but for the registers that calls preserve (step_rest). */
struct call_taken {
    uint64_t argument[SPEC_ARGUMENTS]; /* those that the function takes; else 0 */
    uint8_t vector[8][16];
    uint64_t act, skip, result; /* as of the visit */
    uint64_t unused;            /* so that the stack stays aligned */
};
_Static_assert(sizeof(struct call_taken) == 8 * 26, "as in trampoline.S");

/* What the stub saves: see trampoline.S. The registers lie as va_arg expects them to. */
struct call_frame {
    uint64_t argument[SPEC_ARGUMENTS]; /* rdi, rsi, rdx, rcx, r8, r9 */
    uint8_t vector[8][16];             /* xmm0-7 */
    uint64_t rax, r10;
    struct call_taken taken; /* from here on the state has it */
    uint64_t preserved[6];   /* rbp, rbx, r12-r15 */
    uint64_t index;          /* of the stub */
    uint64_t return_to;
    uint64_t stack[]; /* further arguments */
};

/* A function that the program imports. */
struct call {
    const char *name;
    uintptr_t real;
    bool unknown; /* not in the table */
    int takes;    /* takes.h */
    struct spec spec;
};

struct visit {
    const struct call *call;
    struct call_frame *frame;
    uintptr_t pc; /* the caller's */
    const uint64_t *argument;
    struct op op;       /* what the search is told; no accesses: nothing */
    const void *object; /* for people: what the operation works on */
    const void *passes; /* a FILE, whose lock it takes and leaves; NULL: none */
    bool
        memory; /* on a stream whose file is memory of the program: each of its accesses is looked at */
    bool followed; /* a library function that is followed has called it */
    bool after;    /* the function has returned, with: */
    uint64_t result;
    void (*act)(struct visit *); /* once the search has let it happen; may set what follows */
    bool skip;                   /* the function itself is not called; `result` is its answer */
};

/* One more object of the operation; more than an operation holds become everything. */
void visit_touch(struct visit *visit, uint64_t object, enum mode mode, const void *address);
void visit_all(struct visit *visit);

/* Is there no other thread now? One that has ended, and might not have, is another matter. */
bool visit_is_alone(void);

/* The same answer without the call. */
void visit_skip(struct visit *visit, int64_t result);

/* Ends the search: explore cannot take this. */
_Noreturn void visit_refuse(const struct visit *visit, enum message_text why);
_Noreturn void visit_refuse_as_table_says(const struct visit *visit);

#endif
