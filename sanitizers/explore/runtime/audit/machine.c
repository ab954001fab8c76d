/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/audit/machine.h"

enum { DIRECTION = 1 << 10 };

void machine_step(ucontext_t *context, bool single) {
    if (single)
        context->uc_mcontext.gregs[REG_EFL] |= MACHINE_TRAP;
    else
        context->uc_mcontext.gregs[REG_EFL] &= ~MACHINE_TRAP;
}

/* By the processor's numbers. */
static uint64_t general(const ucontext_t *context, int number) {
    static const uint8_t places[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                     REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                     REG_R12, REG_R13, REG_R14, REG_R15};
    return number < 0 ? 0 : (uint64_t)context->uc_mcontext.gregs[places[number]];
}

uintptr_t machine_address(const ucontext_t *context, uintptr_t fs, const struct operand *operand,
                          size_t *size) {
    uint64_t address = general(context, operand->base) +
                       general(context, operand->index) * operand->scale +
                       (uint64_t)operand->displacement;
    if (operand->narrow)
        address &= UINT32_MAX;
    if (operand->segment == SEGMENT_FS)
        address += fs;
    *size = operand->size;
    if (operand->repeated) {
        size_t count = (size_t)context->uc_mcontext.gregs[REG_RCX];
        *size *= count;
        if (count > 0 && (context->uc_mcontext.gregs[REG_EFL] & DIRECTION) != 0)
            address -= (count - 1) * operand->size;
    }
    return address;
}
