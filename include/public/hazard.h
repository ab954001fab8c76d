/* SPDX-License-Identifier: MIT */
/*
 * What a program tells hazard of itself. In an ordinary build all of it is empty, or nearly so: no library is needed,
 * C99 is enough. Under `hazard explore` (and in what `hazard cc` builds) it has a meaning:
 *
 *   hazard_choose(n)       any of 0 ... n-1 (n from 1 to 255): all are tried. In an ordinary build: one by chance.
 *   hazard_assume(c);      an execution in which c does not hold does not count. In an ordinary build c is not
 *                          evaluated.
 *   hazard_assert(c);      c not holding is a failure. In an ordinary build c is not evaluated.
 *   hazard_atomic { ... }  nobody else moves while the block runs. In an ordinary build it is a plain block: it
 *                          protects nothing. break and continue leave the block, as they leave a loop; so do return
 *                          and goto.
 *   hazard_reach("name");  a place that some schedule ought to come to; `hazard explore --reach=name` searches for one
 *                          that does.
 *
 * See docs/hazard-h.md.
 */
#ifndef HAZARD_H
#define HAZARD_H

#define HAZARD_HEADER_JOIN(a, b) a##b
#define HAZARD_HEADER_NAME(a, b) HAZARD_HEADER_JOIN(a, b)

#ifdef __HAZARD__

#ifdef __cplusplus
extern "C" {
#endif
int hazard_header_choose(int count);
void hazard_header_assume(int holds);
int hazard_header_begin(void);
void hazard_header_end(const int *block);
void hazard_header_reach(const char *label);
void hazard_header_failed(const char *words, const char *file, int line, const char *function)
    __attribute__((noreturn));
#ifdef __cplusplus
}
#endif

#define hazard_choose(n) hazard_header_choose(n)
#define hazard_assume(c) hazard_header_assume((c) ? 1 : 0)
#define hazard_assert(c) ((c) ? (void)0 : hazard_header_failed(#c, __FILE__, __LINE__, __func__))
#define HAZARD_HEADER_BLOCK(name)                                                                  \
    for (int name __attribute__((cleanup(hazard_header_end))) = hazard_header_begin(); name != 0;  \
         name = 0)
#define hazard_atomic HAZARD_HEADER_BLOCK(HAZARD_HEADER_NAME(hazard_header_block_, __LINE__))
#define hazard_reach(label)                                                                        \
    do {                                                                                           \
        static const char hazard_header_label[] __attribute__((section("hazard_labels"), used)) =  \
            "" label;                                                                              \
        hazard_header_reach(hazard_header_label);                                                  \
    } while (0)

#else

#include <stdint.h>

#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L
#define HAZARD_HEADER_LOCAL _Thread_local
#elif defined __cplusplus
#define HAZARD_HEADER_LOCAL thread_local
#else
#define HAZARD_HEADER_LOCAL __thread
#endif

/* Each thread has numbers of its own, so nothing is shared and nothing ordered (splitmix64). They begin where the
 * thread's variables lie, which is elsewhere in each run. */
static inline int hazard_header_choose(int count) {
    static HAZARD_HEADER_LOCAL uint64_t state;
    uint64_t mixed;
    if (state == 0)
        state = (uint64_t)(uintptr_t)&state;
    mixed = state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    return count < 1 ? 0 : (int)(mixed % (uint64_t)count);
}

#define hazard_choose(n) hazard_header_choose(n)
#define hazard_assume(c) ((void)sizeof((c) ? 1 : 0))
#define hazard_assert(c) ((void)sizeof((c) ? 1 : 0))
#define HAZARD_HEADER_BLOCK(name) for (int name = 1; name != 0; name = 0)
#define hazard_atomic HAZARD_HEADER_BLOCK(HAZARD_HEADER_NAME(hazard_header_block_, __LINE__))
#define hazard_reach(label) ((void)sizeof("" label))

#endif

#endif
