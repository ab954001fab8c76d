/* SPDX-License-Identifier: MIT */
/*
 * What the runtime has in place of libc's memcpy and its like.
 *
 * Nothing here may become a call of memcpy or memset by the compiler's own idea: those names stand
 * for these very functions. So the loops are either string instructions (fast for pages on every
 * processor of the last ten years, but slow to start: 8 ns and more) or word moves that no compiler
 * recognises as a copy: four times as fast for the 20 to 100 bytes of an operation (measured:
 * docs/bench.md).
 * In this file base.h makes memcpy an alias of the function below.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/base.h"

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

typedef long long __attribute__((vector_size(16), may_alias, aligned(1))) wide;

enum {
    SHORT = 16,  /* up to here two overlapping moves do */
    MEDIUM = 256 /* from here on a string instruction is the fastest */
};

/* 0 to 16 bytes: everything is loaded before anything is stored, so the blocks may overlap. */
static inline void move_short(char *to, const char *from, size_t size) {
    if (size >= sizeof(word)) {
        word head = *(const word *)from, tail = *(const word *)(from + size - sizeof(word));
        *(word *)to = head;
        *(word *)(to + size - sizeof(word)) = tail;
        return;
    }
    char bytes[sizeof(word)];
    for (size_t i = 0; i < size; i++)
        ((volatile char *)bytes)[i] = from[i];
    for (size_t i = 0; i < size; i++)
        to[i] = ((volatile char *)bytes)[i];
}

/* 16 to 256 bytes. `to` may overlap with what lies behind it: the tail is loaded first. */
static inline void move_medium(char *to, const char *from, size_t size) {
    wide tail = *(const wide *)(from + size - sizeof(wide));
    for (size_t i = 0; i + sizeof(wide) < size; i += sizeof(wide))
        *(wide *)(to + i) = *(const wide *)(from + i);
    *(wide *)(to + size - sizeof(wide)) = tail;
}

void *rt_memcpy(void *to, const void *from, size_t size) {
    if (size <= SHORT) {
        move_short(to, from, size);
    } else if (size < MEDIUM) {
        move_medium(to, from, size);
    } else {
        void *at = to;
        __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
    }
    return to;
}

void *rt_memmove(void *to, const void *from, size_t size) {
    if ((uintptr_t)to - (uintptr_t)from >= size)
        return rt_memcpy(to, from, size); /* forwards is safe */
    char *last = (char *)to + size - 1;
    const char *source = (const char *)from + size - 1;
    __asm__ volatile("std\n\trep movsb\n\tcld"
                     : "+D"(last), "+S"(source), "+c"(size)
                     :
                     : "memory", "cc");
    return to;
}

/* 16 to 256 bytes. */
static inline void set_medium(char *to, int byte, size_t size) {
    long long eight = (long long)(0x0101010101010101U * (unsigned char)byte);
    wide bytes = {eight, eight};
    for (size_t i = 0; i + sizeof(wide) < size; i += sizeof(wide))
        *(wide *)(to + i) = bytes;
    *(wide *)(to + size - sizeof(wide)) = bytes;
}

/* 0 to 15 bytes. */
static inline void set_short(char *to, int byte, size_t size) {
    word bytes = 0x0101010101010101U * (unsigned char)byte;
    if (size >= sizeof(word)) {
        *(word *)to = bytes;
        *(word *)(to + size - sizeof(word)) = bytes;
        return;
    }
    for (size_t i = 0; i < size; i++)
        ((volatile char *)to)[i] = (char)byte;
}

void *rt_memset(void *to, int byte, size_t size) {
    if (size < MEDIUM) {
        if (size >= SHORT)
            set_medium(to, byte, size);
        else
            set_short(to, byte, size);
        return to;
    }
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
    return to;
}

int rt_memcmp(const void *a, const void *b, size_t size) {
    const unsigned char *left = a, *right = b;
    size_t i = 0;
    while (i + sizeof(word) <= size && *(const word *)(left + i) == *(const word *)(right + i))
        i += sizeof(word);
    for (; i < size; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

size_t rt_strlen(const char *text) {
    const volatile char *end = text;
    while (*end != '\0')
        end++;
    return (size_t)(end - text);
}

int rt_strcmp(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}
