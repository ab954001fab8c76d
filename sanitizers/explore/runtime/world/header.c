/* SPDX-License-Identifier: MIT */
/* What <hazard.h> declares (include/public/hazard.h). */
#include "explore/runtime/base.h"

#include "explore/runtime/assume.h"
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
    uintptr_t pc = hook_caller;
    if (holds == 0)
        assume_fails(pc);
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
    uintptr_t pc = CALLER();
    if (!labels_reached(label))
        return;
    if (!exploring)
        unsupported(pc, SAY_CHOOSES_EARLY);
    finding_start(&finding, KIND_REACHED);
    message_add(&finding.message, PART(SAY_REACHED, message_quote(&finding.message, label)));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(SAY_COMES_HERE)));
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
