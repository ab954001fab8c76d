/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>

#include "explore/runtime/audit/decode.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/real.h"

enum { SLOTS = 1 << 16, LONGEST = 15 };

/* By address; what falls into the same slot is decoded again. */
static struct decoder {
    ZydisDecoder zydis;
    __typeof__(&ZydisDecoderDecodeFull) decode;
    struct instruction slots[SLOTS];
} * decoder;

bool decode_start(void) {
    if (decoder != NULL)
        return true;
    void *(*load)(const char *, int) =
        __extension__(void *(*)(const char *, int)) real_function("dlopen");
    void *(*find)(void *, const char *) =
        __extension__(void *(*)(void *, const char *)) real_function("dlsym");
    void *library = load(HAZARD_ZYDIS, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL)
        return false;
    __typeof__(&ZydisDecoderInit) init =
        __extension__(__typeof__(&ZydisDecoderInit)) find(library, "ZydisDecoderInit");
    struct decoder *made = lasting_new(sizeof *made);
    made->decode =
        __extension__(__typeof__(&ZydisDecoderDecodeFull)) find(library, "ZydisDecoderDecodeFull");
    if (init == NULL || made->decode == NULL ||
        !ZYAN_SUCCESS(init(&made->zydis, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)))
        return false;
    decoder = made;
    return true;
}

/* A register that holds an address; false: not a general one. */
static bool take_register(ZydisRegister name, int8_t *number, bool *narrow) {
    *number = -1;
    if (name == ZYDIS_REGISTER_NONE)
        return true;
    if (name >= ZYDIS_REGISTER_RAX && name <= ZYDIS_REGISTER_R15) {
        *number = (int8_t)(name - ZYDIS_REGISTER_RAX);
        return true;
    }
    if (name >= ZYDIS_REGISTER_EAX && name <= ZYDIS_REGISTER_R15D) {
        *number = (int8_t)(name - ZYDIS_REGISTER_EAX);
        *narrow = true;
        return true;
    }
    return false;
}

static bool is_repeated(const ZydisDecodedInstruction *decoded) {
    return (decoded->attributes &
            (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) != 0;
}

/* False: it cannot be told. */
static bool take_operand(const ZydisDecodedInstruction *decoded, const ZydisDecodedOperand *from,
                         uintptr_t pc, struct operand *operand) {
    const ZydisDecodedOperandMem *memory = &from->mem;
    *operand = (struct operand){
        .scale = memory->scale,
        .segment = memory->segment == ZYDIS_REGISTER_FS   ? SEGMENT_FS
                   : memory->segment == ZYDIS_REGISTER_GS ? SEGMENT_GS
                                                          : SEGMENT_NONE,
        .read = (from->actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0,
        .write = (from->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0,
        .repeated = from->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && is_repeated(decoded),
        .size = (uint16_t)(from->size / 8),
        .displacement = memory->disp.has_displacement ? memory->disp.value : 0,
        .base = -1,
    };
    if (memory->type != ZYDIS_MEMOP_TYPE_MEM || operand->size == 0)
        return false;
    if (memory->base == ZYDIS_REGISTER_RIP)
        operand->displacement += (int64_t)pc + decoded->length;
    else if (!take_register(memory->base, &operand->base, &operand->narrow))
        return false;
    return take_register(memory->index, &operand->index, &operand->narrow);
}

static bool is_push_or_pop(const ZydisDecodedOperand *operand) {
    return operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
           operand->mem.base == ZYDIS_REGISTER_RSP;
}

static bool is_access(const ZydisDecodedOperand *operand) {
    return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
           operand->mem.type != ZYDIS_MEMOP_TYPE_AGEN && operand->actions != 0 &&
           !is_push_or_pop(operand);
}

static bool is_system_call(ZydisMnemonic mnemonic) {
    return mnemonic == ZYDIS_MNEMONIC_SYSCALL || mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
           mnemonic == ZYDIS_MNEMONIC_INT;
}

/* xchg with memory is atomic without a prefix. */
static bool is_locked(const ZydisDecodedInstruction *decoded, const struct instruction *made) {
    return (decoded->attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0 ||
           (decoded->mnemonic == ZYDIS_MNEMONIC_XCHG && made->count > 0);
}

/* Prefetches and cache control name memory that they do not access. */
static bool is_hint(const ZydisDecodedInstruction *decoded) {
    return decoded->meta.category == ZYDIS_CATEGORY_PREFETCH ||
           decoded->meta.category == ZYDIS_CATEGORY_NOP ||
           decoded->meta.category == ZYDIS_CATEGORY_WIDENOP ||
           decoded->meta.category == ZYDIS_CATEGORY_PREFETCHWT1;
}

static bool is_frame_register(ZydisRegister name) {
    return name == ZYDIS_REGISTER_RSP || name == ZYDIS_REGISTER_RBP;
}

/* `lea -8(%rbp), %rdi` and `mov %rsp, %rdi`, but not `mov %rsp, %rbp`. */
static enum frame frame_of(const ZydisDecodedInstruction *decoded,
                           const ZydisDecodedOperand *operands) {
    if (decoded->mnemonic == ZYDIS_MNEMONIC_LEA)
        return !is_frame_register(operands[1].mem.base) || is_frame_register(operands[0].reg.value)
                   ? FRAME_NONE
               : operands[0].reg.value == ZYDIS_REGISTER_RDI ? FRAME_PASSES
                                                             : FRAME_LEAKS;
    if (decoded->mnemonic != ZYDIS_MNEMONIC_MOV ||
        operands[1].type != ZYDIS_OPERAND_TYPE_REGISTER ||
        operands[1].reg.value != ZYDIS_REGISTER_RSP)
        return FRAME_NONE;
    bool made = operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
                operands[0].reg.value == ZYDIS_REGISTER_RBP;
    return made ? FRAME_MADE : FRAME_LEAKS;
}

static uintptr_t target_of(uintptr_t pc, const ZydisDecodedInstruction *decoded,
                           const ZydisDecodedOperand *operands) {
    if (decoded->mnemonic != ZYDIS_MNEMONIC_CALL ||
        operands[0].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return 0;
    return pc + decoded->length + (uintptr_t)operands[0].imm.value.s;
}

static void fill(struct instruction *made, const ZydisDecodedInstruction *decoded,
                 const ZydisDecodedOperand *operands) {
    made->length = decoded->length;
    made->system_call = is_system_call(decoded->mnemonic);
    for (int i = 0; i < decoded->operand_count && !is_hint(decoded); i++) {
        if (!is_access(&operands[i]))
            continue;
        if (made->count == DECODE_OPERANDS ||
            !take_operand(decoded, &operands[i], made->pc, &made->operand[made->count++]))
            made->opaque = true;
    }
    made->frame = (uint8_t)frame_of(decoded, operands);
    made->branches = decoded->meta.category == ZYDIS_CATEGORY_CALL ||
                     decoded->meta.category == ZYDIS_CATEGORY_COND_BR ||
                     decoded->meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
                     decoded->meta.category == ZYDIS_CATEGORY_RET;
    made->target = target_of(made->pc, decoded, operands);
    made->locked = is_locked(decoded, made);
    made->fence = made->locked || decoded->mnemonic == ZYDIS_MNEMONIC_MFENCE;
}

const struct instruction *decode(uintptr_t pc) {
    struct instruction *slot = &decoder->slots[(pc * UINT64_C(0x9e3779b97f4a7c15)) >> 48];
    _Static_assert(SLOTS == 1 << 16, "the upper 16 bits");
    if (slot->pc == pc)
        return slot;
    *slot = (struct instruction){.pc = pc};
    ZydisDecodedInstruction decoded;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    if (ZYAN_SUCCESS(
            decoder->decode(&decoder->zydis, (const void *)pc, LONGEST, &decoded, operands)))
        fill(slot, &decoded, operands);
    return slot;
}
