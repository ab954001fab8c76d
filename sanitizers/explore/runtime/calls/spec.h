/* SPDX-License-Identifier: MIT */
/*
 * The little language of the table (table.h), parsed.
 *
 *   effect := ['>'] letter place size       '>': looked at after the call
 *          |  '~' argument                  the mbstate_t there, or the library's own if it is NULL
 *   letter := r  reads      w  writes       a, A  writes at the end of the (wide) string there
 *             k  the kernel writes there, at most so much   e  writes, if the result is that place
 *   place  := ['*'] (argument 0-5 | '=')    '=': the result; '*': where the pointer there points
 *   size   := (letter [place] | '[' term {'*' term} ']') {modifier}
 *     s  the string there, with its end     l  without its end     S, L  of wide characters
 *     t  from there up to the result        x  the same, but for the result itself
 *   term   := argument | '#' number | '=' | 'i'             'i': the result, an int
 *   modifier := '+1' | '<' argument (at most so much) | 'W' (wide characters: times four)
 *
 * The place of a size is by default that of the effect. What hangs on the result is looked at after
 * the call. Arguments are those in general registers: numbers in floating point do not count.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_SPEC_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/calls/table.h"

enum { SPEC_EFFECTS = 6, SPEC_HIDDEN = 4, SPEC_TERMS = 3, SPEC_MODIFIERS = 3, SPEC_ARGUMENTS = 6 };

enum term_kind { TERM_ARGUMENT, TERM_NUMBER, TERM_RESULT, TERM_INT_RESULT };
struct term {
    uint8_t kind; /* enum term_kind */
    uint32_t value;
};

struct spec_place {
    int8_t argument; /* -1: the result */
    bool indirect;
};

enum size_kind {
    SIZE_PRODUCT,
    SIZE_STRING,
    SIZE_LENGTH,
    SIZE_WIDE_STRING,
    SIZE_WIDE_LENGTH,
    SIZE_TILL,
    SIZE_BEFORE
};
enum modifier_kind { MODIFIER_MORE, MODIFIER_LIMIT, MODIFIER_WIDE };
struct modifier {
    uint8_t kind; /* enum modifier_kind */
    int8_t argument;
};

struct size {
    uint8_t kind; /* enum size_kind */
    uint8_t term_count, modifier_count;
    struct term terms[SPEC_TERMS];
    struct spec_place place;
    struct modifier modifiers[SPEC_MODIFIERS];
};

enum effect_kind {
    EFFECT_READ,
    EFFECT_WRITE,
    EFFECT_APPEND,
    EFFECT_WIDE_APPEND,
    EFFECT_KERNEL,
    EFFECT_IF_SAME,
    EFFECT_STATE
};
struct effect {
    uint8_t kind; /* enum effect_kind */
    bool after;
    struct spec_place place;
    struct size size;
};

enum format_kind { FORMAT_NONE, FORMAT_PRINTF, FORMAT_WIDE_PRINTF, FORMAT_SCANF };
enum {
    FILE_NONE = -1,
    FILE_STDIN = 16, /* else the number of an argument */
    FILE_STDOUT,
    FILE_STDERR
};

struct spec {
    uint8_t effect_count, read_count, write_count;
    struct effect effects[SPEC_EFFECTS];
    uint8_t reads[SPEC_HIDDEN], writes[SPEC_HIDDEN]; /* enum hidden */
    uint8_t check;                                   /* enum check */
    uint8_t format;                                  /* enum format_kind */
    uint8_t format_argument;
    bool format_list; /* the arguments are a va_list */
    int8_t file;
    bool unlocked; /* it takes no lock on `file` */
    bool prints;   /* it only prints there, or asks what printing does not change */
    bool all, touched, rewind, cancel, may_cancel, refuse, world;
    bool follow; /* its accesses are not told here: it is followed, instruction by instruction */
    const char *reason; /* of `refuse`; NULL: none */
};

/* False: not of the language; then *wrong is where. */
bool spec_parse(const char *text, struct spec *spec, const char **wrong);

/* Nothing to do when it is called? */
bool spec_is_harmless(const struct spec *spec);

#endif
