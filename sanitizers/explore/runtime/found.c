/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/judge.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unsupported.h"
#include "report/kind.h"

_Noreturn static void before_main(const struct message *said) {
    struct message reason = *said;
    message_set(&reason, PART(SAY_BEFORE_MAIN));
    for (int i = 0; i < said->part_count; i++)
        message_add(&reason, said->parts[i]);
    unsupported_because(0, &reason);
}

_Noreturn void found(const struct shared_finding *finding) {
    struct shared_finding copy = *finding;
    if (exploring) {
        judge_fail(&copy);
        step_leave(execution.ending);
    }
    before_main(&finding->message);
}

/* A race that was only noted is traced to where it happens, as if it had ended the execution;
 * but what is replayed shall go on. */
void found_note(const struct shared_finding *finding) {
    if (exploring && control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (exploring && !shared->config.trace && finding_alike(finding, &shared->findings[0]))
        found(finding);
}

_Noreturn void found_crash(enum message_text what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_CRASH);
    message_add(&finding.message, PART(what));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(SAY_CRASHED_HERE)));
    found(&finding);
}
