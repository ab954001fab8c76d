/* SPDX-License-Identifier: MIT */
#include "hazard/render/layout.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST_PROSE = 60, WIDEST_PROSE = 100, NARROWEST_PARAGRAPH = 24 };

static size_t within(size_t value, size_t least, size_t most) {
    return value < least ? least : value > most ? most : value;
}

size_t layout_page(FILE *out, size_t least, size_t most) {
    const char *columns = getenv("COLUMNS");
    long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    struct winsize window;
    if (width <= 0 && isatty(fileno(out)) != 0 && ioctl(fileno(out), TIOCGWINSZ, &window) == 0)
        width = window.ws_col;
    return within(width > 0 ? (size_t)width : PAGE_WIDTH, least, most);
}

size_t layout_prose(FILE *out) {
    return layout_page(out, NARROWEST_PROSE, WIDEST_PROSE);
}

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

/* The same, but a word that is too long for any line is not cut. */
static size_t break_between_words(const char *text, size_t width) {
    size_t word = strcspn(text, " "), length = layout_break(text, width);
    return length > word ? length : word;
}

static const char *skip_blanks(const char *text) {
    return text + strspn(text, " ");
}

void layout_paragraph(FILE *out, size_t indent, const char *text) {
    size_t page = layout_prose(out);
    size_t width = page > indent + NARROWEST_PARAGRAPH ? page - indent : NARROWEST_PARAGRAPH;
    for (text = skip_blanks(text);;) {
        size_t length = break_between_words(text, width);
        fprintf(out, "%.*s\n", (int)length, text);
        text = skip_blanks(text + length);
        if (*text == '\0')
            return;
        fprintf(out, "%*s", (int)indent, "");
    }
}
