/* SPDX-License-Identifier: MIT */
/*
 * The common instructions of x86-64, from Intel's opcode map (SDM volume 2, appendix A). Prefixes
 * other than REX, operand size and FS are not looked behind: rep repeats, lock is for memory, VEX
 * and its like are vectors.
 */
#include "inject/process/footprint.h"

#include <string.h>

/* An opcode, and where ModRM says so, what it does to its operand E (a register or memory). */
enum opcode_kind {
    ANY,     /* or unknown */
    READS,   /* writes registers at most */
    WRITES,  /* writes E */
    PUSHES,  /* an implied operand or the return address */
    GROUP_1, /* add... cmp E, immediate */
    GROUP_3, /* test, not, neg, mul... */
    GROUP_4, /* inc, dec E */
    GROUP_5, /* inc, dec, call, jmp, push E */
    GROUP_8  /* bt, bts... E, immediate */
};

/* Rows of the map of one byte: the last one that holds the opcode counts. */
struct opcode_range {
    unsigned char first, last;
    enum opcode_kind kind;
};

static const struct opcode_range one_byte[] = {
    {0x50, 0x57, PUSHES},  {0x58, 0x5f, READS}, /* pop */
    {0x63, 0x63, READS},                        /* movsxd */
    {0x68, 0x68, PUSHES},  {0x69, 0x69, READS},   {0x6a, 0x6a, PUSHES},
    {0x6b, 0x6b, READS},   {0x70, 0x7f, READS},                        /* jcc */
    {0x80, 0x81, GROUP_1}, {0x83, 0x83, GROUP_1}, {0x84, 0x85, READS}, /* test */
    {0x86, 0x89, WRITES},                                              /* xchg, mov */
    {0x8a, 0x8b, READS},   {0x8d, 0x8d, READS},                        /* mov, lea */
    {0x90, 0x90, READS},   {0x98, 0x99, READS},                        /* nop, cdqe, cqo */
    {0xa8, 0xa9, READS},   {0xb0, 0xbf, READS},                        /* test, mov of immediates */
    {0xc0, 0xc1, WRITES},  {0xc2, 0xc3, READS},                        /* shifts, ret */
    {0xc6, 0xc7, WRITES},  {0xc9, 0xc9, READS},                        /* mov, leave */
    {0xd0, 0xd3, WRITES},  {0xe8, 0xe8, PUSHES},                       /* shifts, call */
    {0xe9, 0xe9, READS},   {0xeb, 0xeb, READS},                        /* jmp */
    {0xf6, 0xf7, GROUP_3}, {0xfe, 0xfe, GROUP_4}, {0xff, 0xff, GROUP_5},
};

/* Behind 0f. */
static const struct opcode_range two_bytes[] = {
    {0x1f, 0x1f, READS}, {0x40, 0x4f, READS},   /* nop, cmov */
    {0x80, 0x8f, READS}, {0x90, 0x9f, WRITES},  /* jcc, setcc */
    {0xa3, 0xa3, READS}, {0xaf, 0xaf, READS},   /* bt, imul */
    {0xb6, 0xb7, READS}, {0xba, 0xba, GROUP_8}, /* movzx */
    {0xbc, 0xbf, READS}, {0xc8, 0xcf, READS},   /* bsf, bsr, movsx, bswap */
};

static enum opcode_kind kind_in(const struct opcode_range *ranges, size_t count,
                                unsigned char opcode) {
    for (size_t i = 0; i < count; i++)
        if (opcode >= ranges[i].first && opcode <= ranges[i].last)
            return ranges[i].kind;
    return ANY;
}

/* add, or, adc, sbb, and, sub, xor, cmp: each has eight opcodes. */
static enum opcode_kind arithmetic_kind(unsigned char opcode) {
    int form = opcode & 7;
    if (form > 5)
        return ANY;
    return form > 1 || opcode >> 3 == 7 ? READS : WRITES;
}

static enum footprint if_register(bool is_register) {
    return is_register ? FOOTPRINT_REGISTERS : FOOTPRINT_ANY;
}

static enum footprint group_5(int which, bool is_register) {
    if (which == 2 || which == 6) /* call, push */
        return FOOTPRINT_PUSH;
    if (which == 4) /* jmp */
        return FOOTPRINT_REGISTERS;
    return if_register(is_register && which < 2);
}

static enum footprint footprint_by(enum opcode_kind kind, unsigned char modrm) {
    bool is_register = modrm >> 6 == 3;
    int which = modrm >> 3 & 7;
    switch (kind) {
    case READS:
        return FOOTPRINT_REGISTERS;
    case PUSHES:
        return FOOTPRINT_PUSH;
    case WRITES:
        return if_register(is_register);
    case GROUP_1:
        return if_register(is_register || which == 7); /* cmp */
    case GROUP_3:
        return if_register(is_register || which < 2 || which > 3); /* not, neg write */
    case GROUP_4:
        return if_register(is_register && which < 2);
    case GROUP_5:
        return group_5(which, is_register);
    case GROUP_8:
        return if_register(which == 4 || (is_register && which > 4));
    case ANY:
        break;
    }
    return FOOTPRINT_ANY;
}

enum footprint footprint_of(const struct cpu_code *code) {
    static const unsigned char endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const unsigned char *at = code->bytes;
    if (memcmp(at, endbr64, sizeof endbr64) == 0)
        return FOOTPRINT_REGISTERS;
    bool narrow = false;
    for (int prefixes = 0; prefixes < 2 && (*at == 0x64 || *at == 0x66); prefixes++)
        narrow |= *at++ == 0x66;
    if (*at >> 4 == 4) /* REX */
        at++;
    enum opcode_kind kind;
    if (*at < 0x40 && *at != 0x0f)
        kind = arithmetic_kind(*at);
    else if (*at != 0x0f)
        kind = kind_in(one_byte, sizeof one_byte / sizeof *one_byte, *at);
    else {
        at++;
        kind = kind_in(two_bytes, sizeof two_bytes / sizeof *two_bytes, *at);
    }
    enum footprint footprint = footprint_by(kind, at[1]);
    return narrow && footprint == FOOTPRINT_PUSH ? FOOTPRINT_ANY : footprint;
}
