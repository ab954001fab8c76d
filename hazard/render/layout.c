/* SPDX-License-Identifier: MIT */
#include "hazard/render/layout.h"

#include <stdbool.h>
#include <string.h>

size_t layout_width(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += (*text & 0xC0) != 0x80;
    return width;
}

size_t layout_break(const char *text, size_t width) {
    size_t taken = 0, blank = 0, length = 0;
    for (; text[length] != '\0'; length++) {
        bool starts = (text[length] & 0xC0) != 0x80;
        if (text[length] == ' ')
            blank = length;
        if (starts && taken++ == width)
            return blank > 0 ? blank : length;
    }
    return length;
}

static const char *skip_blanks(const char *text) {
    return text + strspn(text, " ");
}

void layout_paragraph(FILE *out, size_t indent, const char *text) {
    size_t width = PAGE_WIDTH - indent;
    for (text = skip_blanks(text);;) {
        size_t length = layout_break(text, width);
        fprintf(out, "%.*s\n", (int)length, text);
        text = skip_blanks(text + length);
        if (*text == '\0')
            return;
        fprintf(out, "%*s", (int)indent, "");
    }
}
