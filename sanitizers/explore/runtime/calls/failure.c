/* SPDX-License-Identifier: MIT */
/*
 * Calls that say that the program has failed: assertions, abort, the checks that the compiler puts
 * in (stack protector, _FORTIFY_SOURCE), and the functions of <err.h> and <error.h>, which print
 * and exit.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <stdio.h>

#include "explore/runtime/assume.h"
#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/format.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/program.h"
#include "explore/runtime/real.h"
#include "report/kind.h"

static void print_list(const char *format, va_list list) {
    int (*print)(FILE *, const char *, va_list) =
        __extension__(int (*)(FILE *, const char *, va_list)) real_function("vfprintf");
    print(stderr, format, list);
}

__attribute__((format(printf, 1, 2))) static void print(const char *format, ...) {
    va_list list;
    va_start(list, format);
    print_list(format, list);
    va_end(list);
}

_Noreturn static void fail(const struct visit *visit, enum message_text why) {
    struct shared_finding finding;
    finding_start(&finding, KIND_CRASH);
    message_add(&finding.message, PART(why));
    finding_at(&finding, self->id, self->stack, visit->pc, DOING(PART(SAY_ABORTS)));
    found(&finding);
}

_Noreturn static void fail_assertion(const struct visit *visit, enum message_text why,
                                     const char *words) {
    struct shared_finding finding;
    finding_start(&finding, KIND_ASSERTION);
    message_add(&finding.message, PART(why, message_quote(&finding.message, words)));
    finding_at(&finding, self->id, self->stack, visit->pc, DOING(PART(SAY_ASSERTS)));
    found(&finding);
}

void check_assert_fail(struct visit *visit) {
    const char *text = (const char *)visit->argument[0], *file = (const char *)visit->argument[1];
    const char *function = (const char *)visit->argument[3];
    print("%s: %s:%u: %s: Assertion `%s' failed.\n", program_invocation_short_name, file,
          (unsigned)visit->argument[2], function == NULL ? "?" : function, text);
    fail_assertion(visit, SAY_ASSERTION, text);
}

void check_assert(struct visit *visit) {
    const char *text = (const char *)visit->argument[0];
    print("%s: %s:%u: Assertion `%s' failed.\n", program_invocation_short_name,
          (const char *)visit->argument[1], (unsigned)visit->argument[2], text);
    fail_assertion(visit, SAY_ASSERTION, text);
}

void check_assert_perror(struct visit *visit) {
    int error = (int)visit->argument[0];
    const char *words = strerror(error);
    print("%s: %s:%u: Unexpected error: %s.\n", program_invocation_short_name,
          (const char *)visit->argument[1], (unsigned)visit->argument[2], words);
    fail_assertion(visit, SAY_UNEXPECTED, words);
}

/* To the competition, who aborts has come to an end that is none of its business. */
void check_abort(struct visit *visit) {
    if (shared->config.sv_comp != 0)
        assume_fails(visit->pc);
    fail(visit, SAY_ABORT);
}

void check_stack_chk_fail(struct visit *visit) {
    fail(visit, SAY_STACK_SMASHED);
}

void check_chk_fail(struct visit *visit) {
    fail(visit, SAY_BUFFER_OVERFLOWN);
}

/* --- print and exit --------------------------------------------------------------------------- */

_Noreturn static void end(const struct visit *visit, int status) {
    self->exit_pc = visit->pc;
    self->exit_stack = self->stack;
    program_exit(status);
}

static void warn_with(const struct visit *visit, const char *function) {
    void (*warn_list)(const char *, va_list) =
        __extension__(void (*)(const char *, va_list)) real_function(function);
    va_list list;
    format_list(visit, list);
    warn_list((const char *)visit->argument[1], list);
}

void check_err(struct visit *visit) {
    warn_with(visit, "vwarn");
    end(visit, (int)visit->argument[0]);
}

void check_errx(struct visit *visit) {
    warn_with(visit, "vwarnx");
    end(visit, (int)visit->argument[0]);
}

void check_verr(struct visit *visit) {
    check_err(visit);
}

void check_verrx(struct visit *visit) {
    check_errx(visit);
}

static void print_error(const struct visit *visit, const char *format) {
    va_list list;
    format_list(visit, list);
    print_list(format, list);
    int error = (int)visit->argument[1];
    print("%s%s\n", error != 0 ? ": " : "", error != 0 ? strerror(error) : "");
}

/* With status 0 they only print, by themselves. */
void check_error(struct visit *visit) {
    int status = (int)visit->argument[0];
    if (status == 0)
        return;
    print("%s: ", program_invocation_name);
    print_error(visit, (const char *)visit->argument[2]);
    end(visit, status);
}

void check_error_at_line(struct visit *visit) {
    int status = (int)visit->argument[0];
    if (status == 0)
        return;
    print("%s:%s:%u: ", program_invocation_name, (const char *)visit->argument[2],
          (unsigned)visit->argument[3]);
    print_error(visit, (const char *)visit->argument[4]);
    end(visit, status);
}
