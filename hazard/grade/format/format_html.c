/* SPDX-License-Identifier: MIT */
/*
 * One page for the student: a table that screen readers take; states are words, not colours alone. A schedule is a link that
 * holds it (data:, RFC 2397).
 */
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/html.h"
#include "hazard/grade/format/said.h"

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
    html_put(out, mark->title);
    fputs(linked ? "</a></th>" : "</th>", out);
    fprintf(out, "<td>%s</td><td>%s</td><td>", state,
            said_points(scratch, mark->points, mark->most));
    html_put(out, said_sentence(mark));
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
        html_element(out, "li",
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
        html_put(out, mark->attachment_name);
        fputs("\" href=\"data:text/plain;charset=utf-8,", out);
        put_percent_encoded(out, mark->attachment);
        fputs("\">", out);
        html_put(out, mark->attachment_name);
        fputs("</a> beside your files, and run</p>\n", out);
    }
    html_element(out, "pre", mark->replay);
}

static void put_section(FILE *out, const struct mark *mark, void *scratch) {
    fprintf(out, "<section id=\"%s\" class=\"%s\" style=\"padding-left:1rem\">\n<h2>", mark->name,
            mark_state_name(mark->state));
    html_put(out, mark->title);
    fputs("</h2>\n", out);
    html_element(out, "p", mark->sentence);
    put_places(out, mark, scratch);
    html_element(out, "pre", said_details(scratch, mark));
    put_replay(out, mark);
    if (*mark->hint != '\0')
        html_element(out, "p", talloc_asprintf(scratch, "Hint: %s", mark->hint));
    fputs("</section>\n", out);
}

static void put_head(FILE *out, const struct grade *grade, void *scratch) {
    html_open(out, talloc_asprintf(scratch, "%s: %s", grade->title, grade->handin));
    html_element(out, "h1", grade->title);
    html_element(out, "p", talloc_asprintf(scratch, "Hand-in: %s", grade->handin));
}

int format_html(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    put_head(out, grade, scratch);
    fputs("<p><strong>", out);
    html_put(out, said_headline(scratch, grade));
    fputs("</strong></p>\n", out);
    html_element(out, "pre", said_whole(scratch, grade));
    if (!mark_broken(grade)) {
        put_table(out, grade, scratch);
        for (size_t i = 0; i < grade->count; i++)
            if (has_section(grade, &grade->marks[i]))
                put_section(out, &grade->marks[i], scratch);
    }
    html_close(out, talloc_asprintf(scratch, "Kept in by: %s", grade->sandbox));
    talloc_free(scratch);
    return dump_end(out, error);
}
