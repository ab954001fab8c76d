/* SPDX-License-Identifier: MIT */
/*
 * A page that needs nothing else: no script, no font, no picture, and a policy that forbids them, should it ever hold what a
 * hand-in made up. Light and dark as the reader's system is.
 */
#ifndef HAZARD_GRADE_FORMAT_HTML_H
#define HAZARD_GRADE_FORMAT_HTML_H

#include <stdio.h>

/* Up to <main>. */
void html_open(FILE *out, const char *title);

/* From </main> on. */
void html_close(FILE *out, const char *foot);

/* The text, with its special characters as references, and without control characters. */
void html_put(FILE *out, const char *text);

/* <ELEMENT>text</ELEMENT>, nothing of an empty text. */
void html_element(FILE *out, const char *element, const char *text);

#endif
