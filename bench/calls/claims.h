/* SPDX-License-Identifier: MIT */
/*
 * What a row of the table says of a call: by explore's own code (calls/effect.c, calls/format.c), whose
 * race detector is replaced by who listens here.
 */
#ifndef HAZARD_BENCH_CALLS_CLAIMS_H
#define HAZARD_BENCH_CALLS_CLAIMS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "explore/runtime/calls/visit.h"

enum { CLAIMS_STACK = 64 };

/* A call of a row, at its beginning and at its end. */
struct claims {
    struct call call;
    struct visit visit;
    struct {
        struct call_frame frame;
        uint64_t stack[CLAIMS_STACK];
    } saved __attribute__((
        aligned(16))); /* as the program's stack: va_arg of a long double looks for that */
    uint64_t argument[SPEC_ARGUMENTS];
    va_list list; /* of the caller */
    void (*listener)(uintptr_t address, uint64_t size, bool write);
    void (*kernel)(uintptr_t address, uint64_t size);
    uint64_t hidden; /* bits of enum hidden: written... */
    uint64_t hidden_read;
    bool refused; /* for its values */
};

void claims_before(struct claims *claims, const ucontext_t *context);
void claims_after(struct claims *claims, uint64_t result);

#endif
