/* SPDX-License-Identifier: MIT */
/*
 * The formats of printf and scanf: which strings they read, and where they write to.
 *
 * Only what reaches memory matters: the strings of %s, the pointers of %n and of all that scanf
 * assigns. Every other conversion is read from the arguments to come to the next one. Of a printf format
 * that numbers its arguments (%2$s) all are read first, each as the type that the format gives it.
 */
#include "explore/runtime/base.h"

#include <limits.h>
#include <wchar.h>

#include "explore/runtime/calls/effect.h"
#include "explore/runtime/calls/format.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/race.h"

/* System V ABI, x86-64, 3.5.7. */
struct list_tag {
    uint32_t general, vector; /* offsets of the next register in the save area */
    const void *overflow;
    const void *saved;
};

void format_list(const struct visit *visit, va_list list) {
    const struct spec *spec = &visit->call->spec;
    struct list_tag tag = {
        .general = (uint32_t)(spec->format_argument + 1) * 8,
        .vector = SPEC_ARGUMENTS * 8,
        .overflow = visit->frame->stack,
        .saved = visit->argument,
    };
    const void *from =
        spec->format_list ? (const void *)visit->argument[spec->format_argument + 1] : &tag;
    memcpy(list, from, sizeof tag);
}

/* Text of bytes or of wide characters. */
struct text {
    uintptr_t at;
    bool wide;
};

static uint32_t peek(const struct text *text) {
    return text->wide ? (uint32_t) * (const volatile wchar_t *)text->at
                      : *(const volatile unsigned char *)text->at;
}

static uint32_t next(struct text *text) {
    uint32_t c = peek(text);
    if (c != '\0')
        text->at += text->wide ? sizeof(wchar_t) : 1;
    return c;
}

static bool take(struct text *text, uint32_t c) {
    if (peek(text) != c)
        return false;
    next(text);
    return true;
}

enum length { LENGTH_NONE, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG, LENGTH_LONG_DOUBLE };

static const uint64_t length_bytes[] = {
    [LENGTH_NONE] = 4, [LENGTH_CHAR] = 1,        [LENGTH_SHORT] = 2,
    [LENGTH_LONG] = 8, [LENGTH_LONG_DOUBLE] = 8, /* of an integer: as ll */
};

enum { NO_ARGUMENT = -1, NEXT_ARGUMENT = 0 }; /* else its number, from 1 on */

struct format_conversion {
    int argument, width, precision; /* of printf: which arguments it takes */
    bool suppressed;                /* scanf's '*' */
    bool allocates;                 /* scanf's 'm' */
    bool bounded;
    uint64_t bound; /* printf's precision, scanf's width */
    enum length length;
    uint32_t letter;
};

static uint64_t read_number(struct text *text) {
    uint64_t number = 0;
    while (peek(text) >= '0' && peek(text) <= '9')
        number = number * 10 + (next(text) - '0');
    return number;
}

static enum length read_length(struct text *text) {
    enum length length = LENGTH_NONE;
    for (;;)
        switch (peek(text)) {
        case 'h':
            length = length == LENGTH_SHORT ? LENGTH_CHAR : LENGTH_SHORT;
            next(text);
            break;
        case 'l':
        case 'q':
        case 'j':
        case 'z':
        case 't':
            length = LENGTH_LONG;
            next(text);
            break;
        case 'L':
            length = LENGTH_LONG_DOUBLE;
            next(text);
            break;
        default:
            return length;
        }
}

/* --- printf ----------------------------------------------------------------------------------- */

static bool is_flag(uint32_t c) {
    return c == '-' || c == '+' || c == ' ' || c == '#' || c == '0' || c == '\'' || c == 'I';
}

/* A number and a $. If there is none, nothing is taken. */
static int take_position(struct text *text) {
    struct text ahead = *text;
    uint64_t number = read_number(&ahead);
    if (number == 0 || number > INT_MAX || !take(&ahead, '$'))
        return NEXT_ARGUMENT;
    *text = ahead;
    return (int)number;
}

/* A width, a precision: which argument says it, if one does; else it is in the format. */
static int take_star(struct text *text, uint64_t *number) {
    if (take(text, '*'))
        return take_position(text);
    *number = read_number(text);
    return NO_ARGUMENT;
}

static struct format_conversion read_printf(struct text *text) {
    struct format_conversion how = {.argument = take_position(text), .precision = NO_ARGUMENT};
    uint64_t width;
    while (is_flag(peek(text)))
        next(text);
    how.width = take_star(text, &width);
    if (take(text, '.')) {
        how.bounded = true;
        how.precision = take_star(text, &how.bound);
    }
    how.length = read_length(text);
    how.letter = next(text);
    return how;
}

static void read_string(const struct visit *visit, const struct format_conversion *how,
                        uintptr_t string) {
    bool wide = how->letter == 'S' || how->length == LENGTH_LONG;
    uint64_t bound = how->bounded ? how->bound : UINT64_MAX;
    uint64_t size = string == 0 ? 0
                    : wide      ? effect_wide_string_size(string, bound) * sizeof(wchar_t)
                                : effect_string_size(string, bound);
    if (size > 0)
        race_access(string, size, false, visit->pc);
}

/* How an argument is passed. */
enum passed { PASSED_NOT, PASSED_WORD, PASSED_DOUBLE, PASSED_LONG_DOUBLE };

static enum passed how_passed(const struct format_conversion *how) {
    switch (how->letter) {
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return how->length == LENGTH_LONG_DOUBLE ? PASSED_LONG_DOUBLE : PASSED_DOUBLE;
    case '%':
    case 'm':
    case '\0':
        return PASSED_NOT;
    default:
        return PASSED_WORD;
    }
}

enum { NUMBERED = 32 };

struct printed {
    va_list list;
    bool numbered;
    uint8_t passed[NUMBERED]; /* enum passed */
    uint64_t words[NUMBERED];
};

static uint64_t fetch(va_list list, enum passed passed) {
    if (passed == PASSED_DOUBLE)
        (void)va_arg(list, double);
    else if (passed == PASSED_LONG_DOUBLE)
        (void)va_arg(list, long double);
    return passed == PASSED_WORD ? va_arg(list, uint64_t) : 0;
}

static uint64_t argument_of(struct printed *printed, int argument, enum passed passed) {
    if (argument == NO_ARGUMENT || passed == PASSED_NOT)
        return 0;
    return printed->numbered ? printed->words[argument - 1] : fetch(printed->list, passed);
}

static void note_argument(const struct visit *visit, struct printed *printed, int argument,
                          enum passed passed) {
    if (argument == NO_ARGUMENT || passed == PASSED_NOT)
        return;
    if (argument == NEXT_ARGUMENT || argument > NUMBERED)
        visit_refuse(visit, SAY_NUMBERED_FORMATS);
    uint8_t *noted = &printed->passed[argument - 1];
    if (*noted != PASSED_NOT && *noted != passed)
        visit_refuse(visit, SAY_NUMBERED_FORMATS);
    *noted = (uint8_t)passed;
}

/* All arguments must be named, or nobody could tell where those behind them are. */
static void fetch_numbered(const struct visit *visit, struct printed *printed) {
    int count = NUMBERED;
    while (count > 0 && printed->passed[count - 1] == PASSED_NOT)
        count--;
    for (int i = 0; i < count; i++) {
        if (printed->passed[i] == PASSED_NOT)
            visit_refuse(visit, SAY_NUMBERED_FORMATS);
        printed->words[i] = fetch(printed->list, (enum passed)printed->passed[i]);
    }
}

static bool has_numbers(struct text text) {
    while (peek(&text) != '\0')
        if (next(&text) == '%') {
            const struct format_conversion how = read_printf(&text);
            if (how.argument > 0 || how.width > 0 || how.precision > 0)
                return true;
        }
    return false;
}

static void take_numbered(const struct visit *visit, struct text text, struct printed *printed) {
    while (peek(&text) != '\0')
        if (next(&text) == '%') {
            const struct format_conversion how = read_printf(&text);
            note_argument(visit, printed, how.width, PASSED_WORD);
            note_argument(visit, printed, how.precision, PASSED_WORD);
            note_argument(visit, printed, how.argument, how_passed(&how));
        }
    fetch_numbered(visit, printed);
}

static void print_one(const struct visit *visit, struct format_conversion *how,
                      struct printed *printed) {
    (void)argument_of(printed, how->width, PASSED_WORD);
    if (how->precision != NO_ARGUMENT) {
        int given = (int)argument_of(printed, how->precision, PASSED_WORD);
        how->bounded = given >= 0;
        how->bound = given >= 0 ? (uint64_t)given : 0;
    }
    uint64_t value = argument_of(printed, how->argument, how_passed(how));
    if (how->letter == 's' || how->letter == 'S')
        read_string(visit, how, value);
    else if (how->letter == 'n' && value != 0)
        race_access(value, length_bytes[how->length], true, visit->pc);
}

void format_printf(struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    bool wide = spec->format == FORMAT_WIDE_PRINTF;
    struct text text = {visit->argument[spec->format_argument], wide};
    if (text.at == 0)
        return;
    const struct format_conversion whole = {.letter = wide ? 'S' : 's'};
    read_string(visit, &whole, text.at);

    struct printed printed = {.numbered = has_numbers(text)};
    format_list(visit, printed.list);
    if (printed.numbered)
        take_numbered(visit, text, &printed);
    while (peek(&text) != '\0')
        if (next(&text) == '%') {
            struct format_conversion how = read_printf(&text);
            print_one(visit, &how, &printed);
        }
}

/* --- scanf ------------------------------------------------------------------------------------ */

static void skip_set(struct text *text) {
    take(text, '^');
    take(text, ']');
    while (peek(text) != '\0' && next(text) != ']')
        ;
}

static struct format_conversion read_scanf(const struct visit *visit, struct text *text) {
    struct format_conversion how = {.suppressed = take(text, '*')};
    how.bounded = peek(text) >= '0' && peek(text) <= '9';
    how.bound = read_number(text);
    if (peek(text) == '$')
        visit_refuse(visit, SAY_NUMBERED_FORMATS);
    how.allocates = take(text, 'm');
    how.length = read_length(text);
    how.letter = next(text);
    if (how.letter == '[')
        skip_set(text);
    return how;
}

static uint64_t scanned_size(const struct format_conversion *how, uintptr_t at) {
    bool wide = how->length == LENGTH_LONG || how->letter == 'S' || how->letter == 'C';
    uint64_t unit = wide ? sizeof(wchar_t) : 1;
    switch (how->letter) {
    case 'c':
    case 'C':
        return (how->bounded ? how->bound : 1) * unit;
    case 's':
    case 'S':
    case '[':
        return (wide ? effect_wide_string_size(at, UINT64_MAX)
                     : effect_string_size(at, UINT64_MAX)) *
               unit;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return how->length == LENGTH_LONG_DOUBLE ? sizeof(long double)
               : how->length == LENGTH_LONG      ? 8
                                                 : 4;
    case 'p':
        return sizeof(void *);
    default:
        return length_bytes[how->length];
    }
}

/* The first `result` assignments took place; %n does not count among them. */
void format_scanf(struct visit *visit, va_list list) {
    struct text text = {visit->argument[visit->call->spec.format_argument], false};
    const struct format_conversion whole = {.letter = 's'};
    read_string(visit, &whole, text.at);
    int left = (int32_t)visit->result;
    while (peek(&text) != '\0' && left >= 0) {
        if (next(&text) != '%' || take(&text, '%'))
            continue;
        struct format_conversion how = read_scanf(visit, &text);
        if (how.suppressed)
            continue;
        if (how.letter != 'n' && left-- == 0)
            return;
        uintptr_t at = va_arg(list, uintptr_t);
        race_access(at, how.allocates ? sizeof(void *) : scanned_size(&how, at), true, visit->pc);
    }
}
