/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/syscall.h>

#include "explore/runtime/by_hand.h"
#include "explore/runtime/control.h"
#include "explore/runtime/system_call.h"
#include "report/kind.h"

struct by_hand_line {
    struct message_writer writer;
    size_t length;
    char text[1024];
};

static void line_words(struct message_writer *writer, const char *words, size_t length) {
    struct by_hand_line *line = (struct by_hand_line *)writer;
    size_t room = sizeof line->text - 1 - line->length;
    length = length < room ? length : room;
    memcpy(line->text + line->length, words, length);
    line->length += length;
}

static void line_object(struct message_writer *writer, uint64_t address) {
    (void)address;
    line_words(writer, "@", 1);
}

static enum message_text kind_said(int kind) {
    switch (kind) {
    case KIND_DEADLOCK:
        return SAY_DEADLOCK;
    case KIND_LOST_WAKEUP:
        return SAY_LOST_WAKEUP;
    case KIND_LIVELOCK:
        return SAY_LIVELOCK;
    case KIND_STARVATION:
        return SAY_STARVATION;
    case KIND_USE_AFTER_FREE:
        return SAY_USE_AFTER_FREE;
    case KIND_USE_AFTER_RETURN:
        return SAY_USE_AFTER_RETURN;
    case KIND_HEAP_OVERFLOW:
        return SAY_HEAP_OVERFLOW;
    default:
        return SAY_NOTHING;
    }
}

static void line_print(enum message_text kind, const struct message *message) {
    struct by_hand_line line = {.writer = {line_words, line_object}};
    const struct message_doing start = DOING(PART(SAY_BY_HAND), PART(kind));
    message_write_doing(&start, &line.writer);
    message_write(message, &line.writer);
    line.text[line.length++] = '\n';
    system_call(SYS_write, 2, (long)line.text, (long)line.length, 0, 0, 0);
}

_Noreturn void by_hand_end(void) {
    const struct shared_finding *finding = &shared->findings[0];
    int status = control->exit_status;
    if (shared->finding_count > 0 && finding->kind != KIND_EXIT) {
        status = 1;
        line_print(kind_said(finding->kind), &finding->message);
    } else if (shared->reason.part_count > 0) {
        status = 2;
        line_print(SAY_NOTHING, &shared->reason);
    }
    for (;;)
        system_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}
