/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <stdarg.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/text.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "report/kind.h"

_Noreturn void misuse(uintptr_t pc, const void *object, const struct world_place *before,
                      const char *before_doing, const char *format, ...) {
    char doing[sizeof((struct shared_location *)NULL)->doing], name[FIBER_NAME_SIZE];
    va_list list;
    va_start(list, format);
    text_format_list(doing, sizeof doing, format, list);
    va_end(list);
    struct shared_finding finding;
    finding_start(&finding, KIND_API_MISUSE, "%s %s", fiber_name(name, self), doing);
    finding.objects[0] = (uint64_t)(uintptr_t)object;
    finding_at(&finding, self->id, self->stack, pc, doing, object);
    if (before != NULL && before->pc != 0)
        finding_at(&finding, before->actor, before->stack, before->pc, before_doing, object)
            ->context = 1;
    found(&finding);
}
