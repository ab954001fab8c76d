/* SPDX-License-Identifier: MIT */
/*
 * What <hazard.h> declares (include/public/hazard.h).
 *
 * A thread whose assumption does not hold stays there for ever: the others go on, as what they do would have
 * happened as well if it had been looked at later; so what they do wrong counts. That nobody can move in
 * the end does not. Going on matters to the search, too: an execution in which the assumption holds may be one in
 * which they come first, and that is seen only from what they do.
 *
 * Within an atomic block nobody could have come in between: the execution ends there and then, and, as
 * the end of the process does, conflicts with all that the others would have done.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/labels.h"
#include "explore/runtime/real.h"
#include "explore/runtime/step.h"
#include "explore/runtime/undivided.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/header.h"
#include "explore/runtime/world/misuse.h"
#include "report/kind.h"

enum { MOST = 255 /* alternatives of one step */ };

int header_choose(int count, uintptr_t pc) {
    const struct op op = {.kind = OP_CHOOSE};
    if (!exploring)
        unsupported(pc, SAY_CHOOSES_EARLY);
    if (count < 1)
        misuse(pc, DOING(PART(SAY_CHOOSES_OF_LESS)), NULL, SAY_NOTHING);
    if (count > MOST)
        misuse(pc, DOING(PART(SAY_CHOOSES_OF, (uint64_t)count)), NULL, SAY_NOTHING);
    if (count == 1)
        return 0;
    self->pc = pc;
    if (self->undivided == 0)
        step(&op, NULL, pc);
    return step_choose(count, CHOICE_VALUE);
}

void header_assume(bool holds, uintptr_t pc) {
    if (holds)
        return;
    if (!exploring)
        unsupported(pc, SAY_CHOOSES_EARLY);
    if (self->undivided != 0) {
        step_is_whole();
        step_leave(END_ASSUMED);
    }
    execution.assumed = true;
    self->waits = SAY_ASSUMPTION;
    const struct op op = {
        .kind = OP_ASSUME,
        .access_count = 1,
        .access = {{.object = ((uint64_t)self->id + 1) << 3 | OBJECT_HEADER,
                    .need = 1,
                    .mode = MODE_READ,
                    .bytes = 0xff}},
    };
    step(&op, NULL, pc);
    __builtin_unreachable();
}

_Noreturn void header_error(const char *function, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_ASSERTION);
    message_add(&finding.message,
                PART(SAY_ERROR_REACHED, message_quote(&finding.message, function)));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(SAY_ASSERTS)));
    found(&finding);
}

/* --- what the program calls ------------------------------------------------------------------ */

EXPORT int hazard_header_choose(int count);
int hazard_header_choose(int count) {
    int value = header_choose(count, hook_caller);
    step_value((uint64_t)value);
    return value;
}

EXPORT void hazard_header_assume(int holds);
void hazard_header_assume(int holds) {
    header_assume(holds != 0, hook_caller);
}

EXPORT int hazard_header_begin(void);
int hazard_header_begin(void) {
    undivided_begin(hook_caller);
    return 1;
}

EXPORT void hazard_header_end(const int *block);
void hazard_header_end(const int *block) {
    (void)block;
    if (exploring && self->undivided != 0)
        undivided_end();
}

EXPORT void hazard_header_reach(const char *label);
void hazard_header_reach(const char *label) {
    struct shared_finding finding;
    if (!labels_reached(label) || !exploring)
        return;
    finding_start(&finding, KIND_REACHED);
    message_add(&finding.message, PART(SAY_REACHED, message_quote(&finding.message, label)));
    finding_at(&finding, self->id, self->stack, CALLER(), DOING(PART(SAY_COMES_HERE)));
    found(&finding);
}

EXPORT _Noreturn void hazard_header_failed(const char *words, const char *file, int line,
                                           const char *function);
_Noreturn void hazard_header_failed(const char *words, const char *file, int line,
                                    const char *function) {
    uintptr_t pc = CALLER();
    int (*print)(int, const char *, ...) =
        __extension__(int (*)(int, const char *, ...)) real_function("dprintf");
    print(2, "%s:%d: %s: hazard_assert(%s) failed.\n", file, line, function, words);
    struct shared_finding finding;
    finding_start(&finding, KIND_ASSERTION);
    message_add(&finding.message, PART(SAY_ASSERTION, message_quote(&finding.message, words)));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(SAY_ASSERTS)));
    found(&finding);
}
