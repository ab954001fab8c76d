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

_Noreturn void found(const struct shared_finding *finding) {
    struct shared_finding copy = *finding;
    if (exploring) {
        judge_fail(&copy);
        step_leave(execution.ending);
    }
    unsupported(0, "before main: %s", finding->message);
}

/* A race that was only noted is traced to where it happens, as if it had ended the execution;
 * but what is replayed shall go on. */
void found_note(const struct shared_finding *finding) {
    if (exploring && control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (exploring && !shared->config.trace && finding_alike(finding, &shared->findings[0]))
        found(finding);
}

_Noreturn void found_crash(const char *what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_CRASH, "%s", what);
    finding_at(&finding, self->id, self->stack, pc, "crashed here", NULL);
    found(&finding);
}
