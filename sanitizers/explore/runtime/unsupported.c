/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/syscall.h>

#include "explore/runtime/control.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"

_Noreturn void unsupported_because(uintptr_t pc, const struct message *reason) {
    if (shared->end == SHARED_RUNNING) {
        shared->reason = *reason;
        shared->reason_pc = pc;
        shared->end = SHARED_UNSUPPORTED;
    }
    for (;;)
        system_call(SYS_exit_group, WORKER_DONE, 0, 0, 0, 0, 0);
}

_Noreturn void unsupported(uintptr_t pc, enum message_text reason) {
    unsupported_number(pc, reason, 0);
}

_Noreturn void unsupported_number(uintptr_t pc, enum message_text reason, uint64_t number) {
    struct message message = {0};
    message_add(&message, PART(reason, number));
    unsupported_because(pc, &message);
}

_Noreturn void unsupported_call(uintptr_t pc, const char *name, enum message_text why) {
    struct message message = {0};
    message_add(&message, PART(SAY_CALL, message_quote(&message, name)));
    if (why != SAY_NOTHING) {
        message_add(&message, PART(SAY_BECAUSE));
        message_add(&message, PART(why));
    }
    unsupported_because(pc, &message);
}
