/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/class_files.h"
#include "hazard/grade/format/html.h"
#include "hazard/grade/format/said.h"

/* ---- Tables ------------------------------------------------------------------------------------ */

static void open_table(FILE *out, const char *caption, const char *const *heads) {
    fputs("<table>", out);
    html_element(out, "caption", caption);
    fputs("<thead><tr>", out);
    for (; *heads != NULL; heads++) {
        fputs("<th scope=\"col\">", out);
        html_put(out, *heads);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

static void close_table(FILE *out) {
    fputs("</tbody></table>\n", out);
}

/* A number, and a bar as long. */
static void put_count(FILE *out, size_t count, size_t most) {
    fprintf(out, "<td>%zu <meter min=\"0\" max=\"%zu\" value=\"%zu\">%zu of %zu</meter></td>",
            count, most > 0 ? most : 1, count, count, most);
}

/* ---- How many ---------------------------------------------------------------------------------- */

static void put_outcomes(FILE *out, const struct class *class) {
    static const char *const outcomes[][2] = {{"full", "all points"},
                                              {"lost", "points were lost"},
                                              {"undecided", "not all could be decided"},
                                              {"refused", "refused, before any check"},
                                              {"broken", "not graded: the platform's fault"}};
    open_table(out, "What they came to", (const char *const[]){"Outcome", "Hand-ins", NULL});
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        size_t count = 0;
        for (size_t j = 0; j < class->count; j++)
            count += strcmp(class_outcome(&class->rows[j].grade), outcomes[i][0]) == 0;
        fprintf(out, "<tr><th scope=\"row\">%s</th>", outcomes[i][1]);
        put_count(out, count, class->count);
        fputs("</tr>\n", out);
    }
    close_table(out);
}

static void put_distribution(FILE *out, const struct class *class) {
    open_table(out, "Points", (const char *const[]){"Points", "Hand-ins", NULL});
    for (int points = class->assignment->most; points >= 0; points--) {
        size_t count = 0;
        for (size_t i = 0; i < class->count; i++)
            count += !mark_broken(&class->rows[i].grade) && class->rows[i].grade.points == points;
        if (count == 0)
            continue;
        fprintf(out, "<tr><th scope=\"row\">%d</th>", points);
        put_count(out, count, class->count);
        fputs("</tr>\n", out);
    }
    close_table(out);
}

/* The mark of that check; NULL: it has none. */
static const struct mark *mark_of(const struct grade *grade, size_t check) {
    return check < grade->count ? &grade->marks[check] : NULL;
}

/* "data-race 12, deadlock 3". */
static const char *kinds_of(void *owner, const struct class *class, size_t check) {
    char *words = never_null(talloc_strdup(owner, ""));
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        size_t count = 0;
        for (size_t i = 0; i < class->count; i++) {
            const struct mark *mark = mark_of(&class->rows[i].grade, check);
            count += mark != NULL && mark->kind != NULL && strcmp(mark->kind, kind_name(kind)) == 0;
        }
        if (count > 0)
            words = never_null(talloc_asprintf_append_buffer(
                words, "%s%s %zu", *words != '\0' ? ", " : "", kind_name(kind), count));
    }
    return words;
}

static void put_checks(FILE *out, const struct class *class, void *scratch) {
    open_table(out, "The checks",
               (const char *const[]){"Check", "Passed", "Lost", "Undecided", "Found", NULL});
    for (size_t i = 0; i < class->assignment->check_count; i++) {
        size_t counts[MARK_STATES] = {0};
        for (size_t j = 0; j < class->count; j++) {
            const struct mark *mark = mark_of(&class->rows[j].grade, i);
            if (mark != NULL)
                counts[mark->state]++;
        }
        fputs("<tr><th scope=\"row\">", out);
        html_put(out, class->assignment->checks[i].title);
        fprintf(out, "</th><td>%zu</td><td>%zu</td><td>%zu</td><td>", counts[MARK_PASSED],
                counts[MARK_FAILED] + counts[MARK_PARTIAL], counts[MARK_UNDECIDED]);
        html_put(out, kinds_of(scratch, class, i));
        fputs("</td></tr>\n", out);
    }
    close_table(out);
}

/* ---- Each -------------------------------------------------------------------------------------- */

/* A part of a path, in a link (RFC 3986). */
static void put_part(FILE *out, const char *text) {
    for (; *text != '\0'; text++)
        fprintf(out, strchr("%?#\"&<>' :", *text) == NULL && *text > ' ' ? "%c" : "%%%02X",
                (unsigned char)*text);
}

static void put_name(FILE *out, const char *name, const char *links, const char *page) {
    if (links != NULL) {
        fprintf(out, "<a href=\"%s/", links);
        put_part(out, name);
        fprintf(out, "/%s\">", page);
    }
    html_put(out, name);
    fputs(links != NULL ? "</a>" : "", out);
}

static void put_row(FILE *out, const struct class_row *row, const char *links, const char *page,
                    void *scratch) {
    const struct grade *grade = &row->grade;
    const char *outcome = class_outcome(grade);
    fprintf(out, "<tr class=\"%s\"><th scope=\"row\">",
            strcmp(outcome, "full") == 0                                      ? "passed"
            : strcmp(outcome, "lost") == 0 || strcmp(outcome, "refused") == 0 ? "failed"
                                                                              : "undecided");
    put_name(out, row->name, links, page);
    fprintf(out, "</th><td>%s</td><td>%s</td>", outcome,
            mark_broken(grade) ? "" : said_points(scratch, grade->points, grade->most));
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        fprintf(out, "<td>%s", mark_state_name(mark->state));
        if (mark->kind != NULL)
            fprintf(out, ": %s", mark->kind);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

static void put_rows(FILE *out, const struct class *class, const char *links, const char *page,
                     void *scratch) {
    const struct assignment *assignment = class->assignment;
    const char **heads = new_array(scratch, const char *, assignment->check_count + 4);
    heads[0] = "Hand-in";
    heads[1] = "Outcome";
    heads[2] = "Points";
    for (size_t i = 0; i < assignment->check_count; i++)
        heads[3 + i] = assignment->checks[i].name;
    open_table(out, "The hand-ins", heads);
    for (size_t i = 0; i < class->count; i++)
        put_row(out, &class->rows[i], links, page, scratch);
    close_table(out);
}

/* ---- What is alike ----------------------------------------------------------------------------- */

/* What makes a hand-in alike to others; NULL: nothing. */
typedef const char *likeness(const struct class_row *row);

/* What was found, where, and each step; not of which bytes the program was. */
static const char *schedule_of(const struct class_row *row) {
    for (size_t i = 0; i < row->grade.count; i++)
        if (row->grade.marks[i].attachment != NULL)
            return strstr(row->grade.marks[i].attachment, "\nfinding:");
    return NULL;
}

static const char *key_of(const struct class_row *row) {
    return row->key;
}

static bool alike(likeness *of, const struct class_row *a, const struct class_row *b) {
    const char *left = of(a), *right = of(b);
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

/* "anna, bert, carl": those alike to number `first`; NULL: it is alone, or one before it is. */
static const char *group_of(void *owner, const struct class *class, likeness *of, size_t first) {
    char *names = never_null(talloc_strdup(owner, class->rows[first].name));
    size_t count = 1;
    for (size_t i = 0; i < class->count; i++) {
        if (i == first || !alike(of, &class->rows[first], &class->rows[i]))
            continue;
        if (i < first)
            return NULL;
        names = never_null(talloc_asprintf_append_buffer(names, ", %s", class->rows[i].name));
        count++;
    }
    return count > 1 ? names : NULL;
}

static void put_groups(FILE *out, const struct class *class, likeness *of, const char *title,
                       const char *about, void *scratch) {
    bool any = false;
    for (size_t i = 0; i < class->count; i++) {
        const char *names = group_of(scratch, class, of, i);
        if (names == NULL)
            continue;
        if (!any) {
            html_element(out, "h2", title);
            html_element(out, "p", about);
            fputs("<ul>\n", out);
        }
        any = true;
        html_element(out, "li", names);
    }
    fputs(any ? "</ul>\n" : "", out);
}

/* ---- The page ---------------------------------------------------------------------------------- */

void class_page(FILE *out, const struct class *class, const char *links, const char *page) {
    void *scratch = new_owner();
    html_open(out, class->assignment->title);
    html_element(out, "h1", class->assignment->title);
    html_element(out, "p",
                 talloc_asprintf(scratch, "%s: %zu hand-in%s", class->assignment->name,
                                 class->count, class->count == 1 ? "" : "s"));
    put_outcomes(out, class);
    put_distribution(out, class);
    put_checks(out, class, scratch);
    put_rows(out, class, links, page, scratch);
    put_groups(out, class, key_of, "The same files", "To the byte.", scratch);
    put_groups(out, class, schedule_of, "The same schedule",
               "They lose by the same schedule, step for step, at the same lines: who changed the "
               "starter little, and copies.",
               scratch);
    html_close(out, class->count > 0
                        ? talloc_asprintf(scratch, "Kept in by: %s", class->rows[0].grade.sandbox)
                        : "");
    talloc_free(scratch);
}
