/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <stdarg.h>
#include <sys/syscall.h>

#include "explore/runtime/control.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/text.h"
#include "explore/runtime/unsupported.h"

_Noreturn void unsupported(uintptr_t pc, const char *format, ...) {
    if (shared->end == SHARED_RUNNING) {
        va_list list;
        va_start(list, format);
        text_format_list(shared->reason, SHARED_TEXT, format, list);
        va_end(list);
        shared->reason_pc = pc;
        shared->end = SHARED_UNSUPPORTED;
    }
    for (;;)
        system_call(SYS_exit_group, WORKER_DONE, 0, 0, 0, 0, 0);
}
