/* SPDX-License-Identifier: MIT */
/*
 * What the runtime has in place of snprintf.
 */
#include "explore/runtime/base.h"

#include <stdarg.h>
#include <stdbool.h>

#include "explore/runtime/text.h"

struct out {
    char *buffer;
    size_t size, used;
};

/* One conversion: what stands between % and its letter. */
struct text_conversion {
    bool left, zero;
    size_t width;
    size_t precision; /* SIZE_MAX: none */
    bool wide;        /* l, ll, z, j, t: 64 bits */
};

static void put(struct out *out, char c) {
    if (out->used + 1 < out->size)
        out->buffer[out->used++] = c;
}

static void put_padded(struct out *out, const struct text_conversion *how, const char *text,
                       size_t length) {
    size_t padding = how->width > length ? how->width - length : 0;
    if (!how->left)
        for (size_t i = 0; i < padding; i++)
            put(out, how->zero ? '0' : ' ');
    for (size_t i = 0; i < length; i++)
        put(out, text[i]);
    if (how->left)
        for (size_t i = 0; i < padding; i++)
            put(out, ' ');
}

static void put_number(struct out *out, const struct text_conversion *how, uint64_t value,
                       unsigned base, const char *sign) {
    char digits[32];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);

    struct text_conversion rest = *how;
    size_t sign_length = rt_strlen(sign);
    if (how->zero && !how->left) { /* the sign stands before the zeros */
        for (size_t i = 0; i < sign_length; i++)
            put(out, sign[i]);
        rest.width = how->width > sign_length ? how->width - sign_length : 0;
    } else {
        while (sign_length > 0)
            digits[--at] = sign[--sign_length];
    }
    put_padded(out, &rest, digits + at, sizeof digits - at);
}

static void put_text(struct out *out, const struct text_conversion *how, const char *text) {
    if (text == NULL)
        text = "(null)";
    size_t length = 0;
    while (length < how->precision && text[length] != '\0')
        length++;
    put_padded(out, how, text, length);
}

static size_t read_size(const char **format, va_list *list) {
    size_t size = 0;
    if (**format == '*') {
        (*format)++;
        int given = va_arg(*list, int);
        return given < 0 ? 0 : (size_t)given;
    }
    for (; **format >= '0' && **format <= '9'; (*format)++)
        size = size * 10 + (size_t)(**format - '0');
    return size;
}

static struct text_conversion read_conversion(const char **format, va_list *list) {
    struct text_conversion how = {.precision = SIZE_MAX};
    for (; **format == '-' || **format == '0'; (*format)++) {
        how.left |= **format == '-';
        how.zero |= **format == '0';
    }
    how.width = read_size(format, list);
    if (**format == '.') {
        (*format)++;
        how.precision = read_size(format, list);
    }
    for (;; (*format)++) {
        if (**format == 'l' || **format == 'z' || **format == 'j' || **format == 't')
            how.wide = true;
        else if (**format != 'h')
            return how;
    }
}

static void put_conversion(struct out *out, const struct text_conversion *how, char letter,
                           va_list *list) {
    switch (letter) {
    case 's':
        put_text(out, how, va_arg(*list, const char *));
        break;
    case 'c': {
        char c = (char)va_arg(*list, int);
        put_padded(out, how, &c, 1);
        break;
    }
    case 'd':
    case 'i': {
        int64_t value = how->wide ? va_arg(*list, int64_t) : va_arg(*list, int);
        put_number(out, how, value < 0 ? -(uint64_t)value : (uint64_t)value, 10,
                   value < 0 ? "-" : "");
        break;
    }
    case 'u':
    case 'x':
        put_number(out, how, how->wide ? va_arg(*list, uint64_t) : va_arg(*list, unsigned),
                   letter == 'x' ? 16 : 10, "");
        break;
    case 'p':
        put_number(out, how, (uintptr_t)va_arg(*list, void *), 16, "0x");
        break;
    default:
        put(out, letter);
    }
}

size_t text_format_list(char *buffer, size_t size, const char *format, va_list list) {
    struct out out = {.buffer = buffer, .size = size};
    va_list rest;
    va_copy(rest, list);
    while (*format != '\0') {
        if (*format != '%') {
            put(&out, *format++);
            continue;
        }
        format++;
        struct text_conversion how = read_conversion(&format, &rest);
        if (*format == '\0')
            break;
        put_conversion(&out, &how, *format++, &rest);
    }
    va_end(rest);
    if (size > 0)
        buffer[out.used] = '\0';
    return out.used;
}

size_t text_format(char *buffer, size_t size, const char *format, ...) {
    va_list list;
    va_start(list, format);
    size_t written = text_format_list(buffer, size, format, list);
    va_end(list);
    return written;
}
