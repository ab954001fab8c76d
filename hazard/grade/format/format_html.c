/* SPDX-License-Identifier: MIT */
/*
 * One page for the student that needs nothing else: no script, no font, no picture, and a policy that forbids them, should
 * the page ever hold what a hand-in made up. Light and dark as the reader's system is; a table that screen readers take;
 * states are words, not colours alone. A schedule is a link that holds it (data:, RFC 2397).
 */
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

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

static void put(FILE *out, const char *text) {
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
static void put_element(FILE *out, const char *element, const char *text) {
    if (*text == '\0')
        return;
    fprintf(out, "<%s>", element);
    put(out, text);
    fprintf(out, "</%s>\n", element);
}

/* RFC 3986, section 2.1: every byte that is not surely harmless. */
static void put_percent_encoded(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                     (*text >= '0' && *text <= '9') || strchr("-._~", *text) != NULL;
        fprintf(out, plain ? "%c" : "%%%02X", (unsigned char)*text);
    }
}

static void put_row(FILE *out, const struct mark *mark, bool linked, void *scratch) {
    const char *state = mark_state_name(mark->state);
    fprintf(out, "<tr class=\"%s\"><th scope=\"row\">", state);
    if (linked)
        fprintf(out, "<a href=\"#%s\">", mark->name);
    put(out, mark->title);
    fputs(linked ? "</a></th>" : "</th>", out);
    fprintf(out, "<td>%s</td><td>%s</td><td>", state,
            said_points(scratch, mark->points, mark->most));
    put(out, said_sentence(mark));
    fputs("</td></tr>\n", out);
}

/* Has it more to say than its row? */
static bool has_section(const struct grade *grade, const struct mark *mark) {
    return grade->end == GRADE_MARKED && mark->state != MARK_PASSED && !mark->hidden;
}

static void put_table(FILE *out, const struct grade *grade, void *scratch) {
    fputs("<table><caption>The checks</caption>\n<thead><tr><th scope=\"col\">Check</th>"
          "<th scope=\"col\">State</th><th scope=\"col\">Points</th><th scope=\"col\">Why</th></tr>"
          "</thead>\n<tbody>\n",
          out);
    for (size_t i = 0; i < grade->count; i++)
        put_row(out, &grade->marks[i], has_section(grade, &grade->marks[i]), scratch);
    fputs("</tbody></table>\n", out);
}

static void put_places(FILE *out, const struct mark *mark, void *scratch) {
    fputs(mark->place_count > 0 ? "<ul>\n" : "", out);
    for (size_t i = 0; i < mark->place_count; i++)
        put_element(out, "li",
                    talloc_asprintf(scratch, "%s:%d: %s", mark->places[i].file,
                                    mark->places[i].line, mark->places[i].text));
    fputs(mark->place_count > 0 ? "</ul>\n" : "", out);
}

static void put_replay(FILE *out, const struct mark *mark) {
    if (*mark->replay == '\0')
        return;
    fputs("<h3>See it again at home</h3>\n", out);
    if (mark->attachment_name != NULL) {
        fputs("<p>Save <a download=\"", out);
        put(out, mark->attachment_name);
        fputs("\" href=\"data:text/plain;charset=utf-8,", out);
        put_percent_encoded(out, mark->attachment);
        fputs("\">", out);
        put(out, mark->attachment_name);
        fputs("</a> beside your files, and run</p>\n", out);
    }
    put_element(out, "pre", mark->replay);
}

static void put_section(FILE *out, const struct mark *mark, void *scratch) {
    fprintf(out, "<section id=\"%s\" class=\"%s\" style=\"padding-left:1rem\">\n<h2>", mark->name,
            mark_state_name(mark->state));
    put(out, mark->title);
    fputs("</h2>\n", out);
    put_element(out, "p", mark->sentence);
    put_places(out, mark, scratch);
    put_element(out, "pre", said_details(scratch, mark));
    put_replay(out, mark);
    if (*mark->hint != '\0')
        put_element(out, "p", talloc_asprintf(scratch, "Hint: %s", mark->hint));
    fputs("</section>\n", out);
}

static void put_head(FILE *out, const struct grade *grade, void *scratch) {
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'unsafe-inline'\">\n",
          out);
    put_element(out, "title", talloc_asprintf(scratch, "%s: %s", grade->title, grade->handin));
    fprintf(out, "<style>%s</style>\n</head>\n<body>\n<main>\n", style);
    put_element(out, "h1", grade->title);
    put_element(out, "p", talloc_asprintf(scratch, "Hand-in: %s", grade->handin));
}

int format_html(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    put_head(out, grade, scratch);
    fputs("<p><strong>", out);
    put(out, said_headline(scratch, grade));
    fputs("</strong></p>\n", out);
    put_element(out, "pre", said_whole(scratch, grade));
    if (!said_broken(grade)) {
        put_table(out, grade, scratch);
        for (size_t i = 0; i < grade->count; i++)
            if (has_section(grade, &grade->marks[i]))
                put_section(out, &grade->marks[i], scratch);
    }
    fputs("</main>\n<footer>", out);
    put_element(out, "p", talloc_asprintf(scratch, "Kept in by: %s", grade->sandbox));
    fputs("</footer>\n</body>\n</html>\n", out);
    talloc_free(scratch);
    return dump_end(out, error);
}
