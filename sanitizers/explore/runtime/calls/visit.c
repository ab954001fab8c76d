/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/calls/visit.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/unsupported.h"

void visit_all(struct visit *visit) {
    visit->op.access_count = 1;
    visit->op.access[0] = (struct access){.mode = MODE_ALL, .bytes = 0xff};
}

void visit_touch(struct visit *visit, uint64_t object, enum mode mode, const void *address) {
    struct op *op = &visit->op;
    if (op->access_count > 0 && op->access[0].mode == MODE_ALL)
        return;
    if (op->access_count == OP_ACCESSES) {
        visit_all(visit);
        return;
    }
    op->access[op->access_count++] =
        (struct access){.object = object, .mode = (uint8_t)mode, .bytes = 0xff};
    if (visit->object == NULL)
        visit->object = address;
}

bool visit_is_alone(void) {
    for (int i = 0; i < fiber_count; i++)
        if (fibers[i] != NULL && fibers[i] != self && fibers[i]->buffer_of == NULL &&
            (fibers[i]->state == FIBER_READY || fibers[i]->state == FIBER_ASLEEP))
            return false;
    return true;
}

void visit_skip(struct visit *visit, int64_t result) {
    visit->skip = true;
    visit->result = (uint64_t)result;
}

void visit_refuse(const struct visit *visit, enum message_text why) {
    unsupported_call(visit->pc, visit->call->name, why);
}

void visit_refuse_as_table_says(const struct visit *visit) {
    const char *reason = visit->call->spec.reason;
    struct message message = {0};
    message_add(&message, PART(SAY_CALL, message_quote(&message, visit->call->name)));
    if (reason != NULL)
        message_add(&message, PART(SAY_TABLE_SAYS, message_quote(&message, reason)));
    unsupported_because(visit->pc, &message);
}
