/* SPDX-License-Identifier: MIT */
/*
 * Findings carry words from tools and from the program under test: any bytes. A terminal would obey
 * their escape sequences, an XML or JSON parser refuses them.
 */
#include "base/clean.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* The code point at `text` and its length; length 0 if that is no UTF-8 (RFC 3629). */
static size_t decode(const unsigned char *text, unsigned *code) {
    static const struct {
        unsigned mask, lead, least;
    } forms[] = {{0x80, 0x00, 0x0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    for (size_t i = 0; i < 4; i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead)
            continue;
        *code = text[0] & ~forms[i].mask;
        for (size_t j = 1; j <= i; j++) {
            if ((text[j] & 0xC0) != 0x80)
                return 0;
            *code = *code << 6 | (text[j] & 0x3F);
        }
        bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
        return *code >= forms[i].least && *code <= 0x10FFFF && !surrogate ? i + 1 : 0;
    }
    return 0;
}

/* Control characters, and the two that XML forbids beside them. */
static bool is_harmful(unsigned code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFFFE || code == 0xFFFF;
}

enum form { ANY_BYTES_OF_TEXT, LINES, ONE_LINE };

/* The bytes to print for the code point; `length` is what it takes in the text. */
static const char *harmless(const char *at, size_t *length, unsigned code, enum form form) {
    if (form == LINES && (code == '\t' || code == '\n'))
        return at;
    if (code == '\t' || code == '\n' || code == '\r')
        return " ";
    if (!is_harmful(code))
        return at;
    *length = sizeof replacement - 1;
    return replacement;
}

static const char *clean(void *owner, const char *text, enum form form) {
    char *copy = new_array(owner, char, strlen(text) * (sizeof replacement - 1) + 1), *end = copy;
    while (*text != '\0') {
        unsigned code = 0;
        size_t taken = decode((const unsigned char *)text, &code), length = taken;
        const char *bytes = text;
        if (taken == 0) {
            taken = 1;
            length = sizeof replacement - 1;
            bytes = replacement;
        } else if (form != ANY_BYTES_OF_TEXT) {
            bytes = harmless(text, &length, code, form);
        }
        memcpy(end, bytes, length);
        end += length;
        text += taken;
    }
    while (form == ONE_LINE && end > copy && end[-1] == ' ')
        *--end = '\0';
    return copy;
}

const char *clean_utf8(void *owner, const char *text) {
    return clean(owner, text, ANY_BYTES_OF_TEXT);
}

const char *clean_text(void *owner, const char *text) {
    return clean(owner, text, LINES);
}

const char *clean_line(void *owner, const char *text) {
    return clean(owner, text, ONE_LINE);
}
