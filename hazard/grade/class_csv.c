/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/grade/class_files.h"

const char *class_outcome(const struct grade *grade) {
    if (mark_broken(grade))
        return "broken";
    if (grade->end == GRADE_REFUSED)
        return "refused";
    if (mark_undecided(grade))
        return "undecided";
    return grade->points == grade->most ? "full" : "lost";
}

static void put_field(FILE *out, const char *text) {
    void *scratch = new_owner();
    text = clean_line(scratch, text);
    fputs(*text != '\0' && strchr("=+-@", *text) != NULL ? "\"'" : "\"", out);
    for (; *text != '\0'; text++)
        fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
    fputc('"', out);
    talloc_free(scratch);
}

/* What went wrong first. */
static const char *sentence_of(const struct grade *grade) {
    for (size_t i = 0; i < grade->count && *grade->reason == '\0'; i++)
        if (grade->marks[i].state != MARK_PASSED)
            return grade->marks[i].sentence;
    return grade->reason;
}

static void put_row(FILE *out, const struct class_row *row) {
    const struct grade *grade = &row->grade;
    bool given = !mark_broken(grade);
    put_field(out, row->name);
    fprintf(out, ",%s,", class_outcome(grade));
    if (given)
        fprintf(out, "%d", grade->points);
    fprintf(out, ",%d", grade->most);
    for (size_t i = 0; i < grade->count; i++)
        if (given)
            fprintf(out, ",%d", grade->marks[i].points);
        else
            fputc(',', out);
    fputc(',', out);
    put_field(out, sentence_of(grade));
    fputs("\r\n", out);
}

void class_csv(FILE *out, const struct class *class) {
    fputs("handin,outcome,points,most", out);
    for (size_t i = 0; i < class->assignment->check_count; i++)
        fprintf(out, ",%s", class->assignment->checks[i].name);
    fputs(",why\r\n", out);
    for (size_t i = 0; i < class->count; i++)
        put_row(out, &class->rows[i]);
}
