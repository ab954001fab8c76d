/* SPDX-License-Identifier: MIT */
#include "hazard/grade/format/html.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"

static const char style[] =
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid GrayText}"
    "pre{overflow-x:auto;padding:.6rem;border:1px solid GrayText}"
    ".passed{border-left:.4rem solid #2a9d4a}.failed,.partial{border-left:.4rem solid #d0342c}"
    ".undecided,.broken,.skipped{border-left:.4rem solid #c08a00}";

void html_put(FILE *out, const char *text) {
    void *scratch = new_owner();
    for (text = clean_text(scratch, text); *text != '\0'; text++) {
        static const char special[] = "&<>\"'";
        const char *at = strchr(special, *text);
        if (at != NULL)
            fprintf(out, "&#%d;", *at);
        else
            fputc(*text, out);
    }
    talloc_free(scratch);
}

/* <ELEMENT>text</ELEMENT>, nothing of an empty text. */
void html_element(FILE *out, const char *element, const char *text) {
    if (*text == '\0')
        return;
    fprintf(out, "<%s>", element);
    html_put(out, text);
    fprintf(out, "</%s>\n", element);
}

void html_open(FILE *out, const char *title) {
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'unsafe-inline'\">\n",
          out);
    html_element(out, "title", title);
    fprintf(out, "<style>%s</style>\n</head>\n<body>\n<main>\n", style);
}

void html_close(FILE *out, const char *foot) {
    fputs("</main>\n<footer>", out);
    html_element(out, "p", foot);
    fputs("</footer>\n</body>\n</html>\n", out);
}
