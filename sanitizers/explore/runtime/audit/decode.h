/* SPDX-License-Identifier: MIT */
/*
 * What an instruction of x86-64 does to memory: decoded with Zydis, once for each address.
 *
 * Zydis is loaded with its own view of libc (RTLD_DEEPBIND): the runtime has taken the program's
 * memset's place, and must not be called by it.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_DECODE_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum { DECODE_OPERANDS = 3, DECODE_SP = 4, DECODE_BP = 5 /* the processor's numbers */ };

/* One access to memory: segment + base + index * scale + displacement. */
struct operand {
    int8_t base, index; /* the processor's number of the register; -1: none */
    uint8_t scale;
    uint8_t segment; /* enum segment */
    bool read, write;
    bool repeated;        /* by a rep prefix: rcx times, one after the other */
    bool narrow;          /* the address is cut to 32 bits */
    uint16_t size;        /* bytes, of one repetition */
    int64_t displacement; /* the whole address where it is relative to the program counter */
};
enum segment { SEGMENT_NONE, SEGMENT_FS, SEGMENT_GS };

/* What it does with the stack pointer, beyond moving it. */
enum frame {
    FRAME_NONE,
    FRAME_MADE,  /* mov %rsp, %rbp */
    FRAME_LEAKS, /* an address of the frame goes elsewhere... */
    FRAME_PASSES /* ... to the first argument of a call: of a hook, perhaps */
};

struct instruction {
    uintptr_t pc;   /* 0: none */
    uint8_t length; /* bytes; 0: it cannot be decoded */
    uint8_t count;  /* of operands */
    bool locked;    /* an atomic read-modify-write */
    bool fence;     /* whatever its thread stored has reached memory: mfence, and what is locked */
    bool system_call;
    uint8_t frame;    /* enum frame */
    uintptr_t target; /* of a direct call; 0: none */
    bool branches;    /* a jump, a call, a return */
    bool opaque;      /* it accesses memory in a way that is not told: gather, scatter, xsave... */
    struct operand operand[DECODE_OPERANDS];
};

/* Once, before the snapshot. False: the library is not there. */
bool decode_start(void);

/* Lasts. Pushes and pops of the stack are left out. */
const struct instruction *decode(uintptr_t pc);

#endif
