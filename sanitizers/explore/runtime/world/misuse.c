/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "report/kind.h"

_Noreturn void misuse(uintptr_t pc, struct message_doing doing, const struct world_place *before,
                      enum message_text before_said) {
    struct shared_finding finding;
    finding_start(&finding, KIND_API_MISUSE);
    message_add(&finding.message, PART(SAY_THREAD, self->number));
    message_add_doing(&finding.message, doing);
    finding_at(&finding, self->id, self->stack, pc, doing);
    if (before != NULL && before->pc != 0)
        finding_at(&finding, before->actor, before->stack, before->pc, DOING(PART(before_said)))
            ->context = 1;
    found(&finding);
}
