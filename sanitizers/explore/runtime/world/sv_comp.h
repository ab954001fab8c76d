/* SPDX-License-Identifier: MIT */
/*
 * What --sv-comp makes of the functions of the Competition on Software Verification. Called by the stubs of hook.S,
 * and by nobody else.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SV_COMP_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SV_COMP_H

#include <stdint.h>

/* X(name, type, the least value and the greatest): __VERIFIER_nondet_name. */
#define SV_COMP_NUMBERS(X)                                                                         \
    X(char, char, INT8_MIN, INT8_MAX)                                                              \
    X(schar, signed char, INT8_MIN, INT8_MAX)                                                      \
    X(uchar, unsigned char, 0, UINT8_MAX)                                                          \
    X(u8, unsigned char, 0, UINT8_MAX)                                                             \
    X(short, short, INT16_MIN, INT16_MAX)                                                          \
    X(ushort, unsigned short, 0, UINT16_MAX)                                                       \
    X(u16, unsigned short, 0, UINT16_MAX)                                                          \
    X(int, int, INT32_MIN, INT32_MAX)                                                              \
    X(uint, unsigned, 0, UINT32_MAX)                                                               \
    X(unsigned, unsigned, 0, UINT32_MAX)                                                           \
    X(unsigned_int, unsigned, 0, UINT32_MAX)                                                       \
    X(u32, unsigned, 0, UINT32_MAX)                                                                \
    X(long, long, INT64_MIN, INT64_MAX)                                                            \
    X(ulong, unsigned long, 0, -1)                                                                 \
    X(longlong, long long, INT64_MIN, INT64_MAX)                                                   \
    X(ulonglong, unsigned long long, 0, -1)                                                        \
    X(size_t, unsigned long, 0, -1)                                                                \
    X(loff_t, long long, INT64_MIN, INT64_MAX)                                                     \
    X(sector_t, unsigned long, 0, -1)

#define X(name, type, least, greatest) type sv_comp_##name(void);
SV_COMP_NUMBERS(X)
#undef X
_Bool sv_comp_bool(void);
void *sv_comp_pointer(void);
void sv_comp_assume(int holds);
void sv_comp_begin(void);
void sv_comp_end(void);

#endif
