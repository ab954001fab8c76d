/* SPDX-License-Identifier: MIT */
/*
 * One execution as a table:
 *
 *    step     thread 2                        thread 3
 *    ----     ------------------------------  ------------------------------
 *       8     24 | if (seats > 0)
 *               reads 1 from `seats`
 *       9 >                                   24 | if (seats > 0)
 *                                               reads 1 from `seats`
 *         !                                   25 | seats--;
 *                                               write of 4 bytes
 *         ... 4 more steps
 *      14 *~  25 | seats--;
 *               writes 0 to `seats`
 *
 *   >  the actor before could have gone on ...
 *
 * Where the columns would be too narrow to read, a column names the actor instead.
 */

#include "hazard/render/interleaving.h"
#include "hazard/render/interesting.h"
#include "hazard/render/layout.h"
#include "hazard/render/shown.h"
#include "hazard/render/style.h"

#include <string.h>

#include "base/memory.h"

enum {
    NARROWEST_PAGE = 40,
    WIDEST_PAGE = 400,
    NARROWEST = 20,
    WIDEST = 48,
    MARKS = 2,
    WORDS_INDENT = 2
};

struct table {
    FILE *out;
    size_t indent;
    const struct style *style;
    struct steps *steps;
    const bool *kept;
    int columns[OP_ACTORS]; /* by actor: from 0; -1: no step of it is shown */
    const char *heads[OP_ACTORS];
    int column_count;
    bool by_row; /* too many actors: their names are in the rows */
    size_t page, number_width, width, name_width;
    struct step_shown before; /* the row before, if it had a place */
    bool many_files;
    bool switched, preempted, critical, raced; /* marks to explain */
};

/* ---- Layout ---------------------------------------------------------------------------------- */

/* Columns stand in the order in which the threads were made. */
static void order_columns(struct table *table, const struct shared *shared) {
    for (int actor = 0; actor < OP_ACTORS; actor++) {
        if (table->columns[actor] < 0)
            continue;
        int before = 0;
        for (int other = 0; other < OP_ACTORS; other++)
            before +=
                table->columns[other] >= 0 &&
                (shared->actors[other].number < shared->actors[actor].number ||
                 (shared->actors[other].number == shared->actors[actor].number && other < actor));
        table->columns[actor] = before;
    }
}

static void look_at_row(struct table *table, const struct step_shown *shown, const char **file) {
    bool file_shown = shown->file != NULL && !shown_conceals(shown->path);
    table->column_count += table->columns[shown->id] < 0;
    table->columns[shown->id] = 0;
    table->many_files =
        table->many_files || (*file != NULL && file_shown && strcmp(*file, shown->file) != 0);
    *file = file_shown ? shown->file : *file;
    if (layout_width(shown->actor) > table->name_width)
        table->name_width = layout_width(shown->actor);
}

static void look_over(struct table *table, const struct interleaving *what) {
    const char *file = NULL;
    memset(table->columns, -1, sizeof table->columns);
    for (int i = 0; i < steps_count(table->steps); i++) {
        struct step_shown shown = steps_look(table->steps, i);
        if (table->kept[i])
            look_at_row(table, &shown, &file);
    }
    const struct trace_marks *marks = steps_marks(table->steps);
    for (int i = 0; i < marks->racing_count; i++) {
        struct step_shown shown = steps_racing(table->steps, i);
        if (marks->racing[i].after < steps_count(table->steps))
            look_at_row(table, &shown, &file);
    }
    order_columns(table, what->outcome->shared);
    for (int i = 0; i < steps_count(table->steps); i++) {
        struct step_shown shown = steps_look(table->steps, i);
        if (table->kept[i])
            table->heads[table->columns[shown.id]] = shown.actor;
    }
}

static size_t lead_width(const struct table *table) {
    return table->indent + table->number_width + 1 + MARKS + COLUMN_GAP;
}

static void lay_out(struct table *table) {
    char number[16];
    int digits = snprintf(number, sizeof number, "%d", steps_count(table->steps));
    table->number_width = digits > 4 ? (size_t)digits : 4;
    table->page = layout_page(table->out, NARROWEST_PAGE, WIDEST_PAGE);
    size_t lead = lead_width(table), count = (size_t)table->column_count;
    size_t all = table->page > lead ? table->page - lead : 1;
    table->by_row = all / count < NARROWEST + COLUMN_GAP && count > 1;
    if (table->by_row) {
        size_t names = table->name_width + COLUMN_GAP;
        table->width = all > names + NARROWEST ? all - names : NARROWEST;
    } else {
        table->width = (all + COLUMN_GAP) / count - COLUMN_GAP;
        if (table->width > WIDEST)
            table->width = WIDEST;
    }
}

/* ---- Printing -------------------------------------------------------------------------------- */

/* `text` in at most `width` columns. */
static const char *shorten(void *owner, const char *text, size_t width) {
    if (layout_width(text) <= width)
        return text;
    size_t bytes = 0, taken = 0;
    while (text[bytes] != '\0') {
        if ((text[bytes] & 0xC0) != 0x80 && taken++ == width - 3)
            break;
        bytes++;
    }
    while (bytes > 0 && text[bytes - 1] == ' ')
        bytes--;
    return never_null(talloc_asprintf(owner, "%.*s...", (int)bytes, text));
}

static void put(const struct table *table, const char *text, size_t width, const char *colour) {
    fprintf(table->out, "%s%s%s%*s", colour, text, *colour != '\0' ? table->style->reset : "",
            (int)(width > layout_width(text) ? width - layout_width(text) : 0), "");
}

static void print_heads(const struct table *table) {
    void *scratch = talloc_new(NULL);
    char dashes[WIDEST_PAGE + 1];
    memset(dashes, '-', WIDEST_PAGE);
    dashes[WIDEST_PAGE] = '\0';
    for (int row = 0; row < 2; row++) {
        int rule = row == 1 ? (int)table->number_width : 4;
        fprintf(table->out, "%*s%*.*s%*s", (int)table->indent, "", (int)table->number_width, rule,
                row == 1 ? dashes : "step", 1 + MARKS + COLUMN_GAP, "");
        int columns = table->by_row ? 2 : table->column_count;
        for (int i = 0; i < columns; i++) {
            size_t width = table->by_row && i == 0 ? table->name_width : table->width;
            const char *head = !table->by_row ? table->heads[i] : i == 0 ? "who" : "does";
            const char *text =
                row == 1 ? dashes + WIDEST_PAGE - width : shorten(scratch, head, width);
            bool last = i + 1 == columns;
            put(table, text, last ? 0 : width + COLUMN_GAP, row == 0 ? table->style->bold : "");
        }
        fputc('\n', table->out);
    }
    talloc_free(scratch);
}

/* Where a row begins: the step's number, its marks, and in rows the actor's name. */
struct lead {
    bool begins; /* its first line is still to come */
    int number;  /* 0: it is no step */
    const char *marks, *actor;
    int column;
};

static void print_line(const struct table *table, struct lead *lead, const char *text,
                       const char *colour) {
    FILE *out = table->out;
    if (lead->begins && lead->number > 0)
        fprintf(out, "%*s%*d ", (int)table->indent, "", (int)table->number_width, lead->number);
    else
        fprintf(out, "%*s", (int)(table->indent + table->number_width + 1), "");
    put(table, lead->begins ? lead->marks : "", MARKS + COLUMN_GAP, table->style->red);
    if (table->by_row)
        put(table, lead->begins ? lead->actor : "", table->name_width + COLUMN_GAP, "");
    else
        fprintf(out, "%*s", lead->column * (int)(table->width + COLUMN_GAP), "");
    put(table, text, 0, colour);
    fputc('\n', out);
    lead->begins = false;
}

static void print_wrapped_words(const struct table *table, struct lead *lead, const char *words,
                                size_t indent, const char *colour) {
    void *scratch = talloc_new(NULL);
    for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
        size_t length = layout_break(words, table->width - indent);
        print_line(table, lead,
                   talloc_asprintf(scratch, "%*s%.*s", (int)indent, "", (int)length, words),
                   colour);
        words += length;
    }
    talloc_free(scratch);
}

static const char *marks_of(struct table *table, const struct step_shown *shown) {
    bool waits = shown->switched && !shown->preempted;
    table->raced |= shown->step == NULL;
    if (shown->step == NULL)
        return "!";
    table->critical |= shown->critical;
    table->preempted |= shown->preempted;
    table->switched |= waits;
    if (shown->critical)
        return shown->preempted ? "*>" : waits ? "*~" : "*";
    return shown->preempted ? ">" : waits ? "~" : "";
}

/* Nothing stands to the right of a line of source, so that it may go on to the end of the page. */
static size_t source_width(const struct table *table, int column) {
    size_t start = lead_width(table) + (size_t)column * (table->width + COLUMN_GAP);
    return table->by_row || start + table->width > table->page ? table->width : table->page - start;
}

/* "24 | if (seats > 0)", with the file's name where there are several. Where a thread starts or
 * ends is no line of anybody's; a teacher's is not shown. */
static const char *source_words(void *scratch, struct table *table,
                                const struct step_shown *shown) {
    const char *slash = shown->file != NULL ? strrchr(shown->file, '/') : NULL;
    const char *file = slash != NULL ? slash + 1 : shown->file;
    const char *text = steps_source(table->steps, shown);
    int kind = shown->step != NULL ? shown->step->event.op.kind : OP_READ;
    if (shown->line == 0 || kind == OP_START || kind == OP_END || shown_conceals(shown->path))
        return "";
    const char *words = table->many_files || *text == '\0'
                            ? talloc_asprintf(scratch, "%s:%d | %s", file, shown->line, text)
                            : talloc_asprintf(scratch, "%d | %s", shown->line, text);
    return shorten(scratch, never_null((void *)(uintptr_t)words),
                   source_width(table, table->columns[shown->id]));
}

static bool same_place(const struct step_shown *a, const struct step_shown *b) {
    return a->id == b->id && a->line == b->line && a->line > 0 && strcmp(a->path, b->path) == 0;
}

/* `number`: of the step; 0: it is none. The line of source that the row
 * before has is not told again. */
static void print_row(struct table *table, const struct step_shown *shown, int number) {
    void *scratch = talloc_new(NULL);
    struct lead lead = {.begins = true,
                        .number = number,
                        .marks = marks_of(table, shown),
                        .actor = shown->actor,
                        .column = table->columns[shown->id]};
    const char *source = source_words(scratch, table, shown);
    if (*source != '\0' && !same_place(&table->before, shown))
        print_line(table, &lead, source, table->style->cyan);
    const char *colour = shown->critical || shown->step == NULL ? table->style->red : "";
    print_wrapped_words(table, &lead, shown->words, WORDS_INDENT, colour);
    table->before = *shown;
    talloc_free(scratch);
}

static void print_remark(struct table *table, const char *words) {
    fprintf(table->out, "%*s", (int)lead_width(table), "");
    put(table, words, 0, table->style->dim);
    fputc('\n', table->out);
    table->before = (struct step_shown){.id = -1};
}

/* The step, and the racing accesses that its thread then made. */
static void print_step(struct table *table, int index) {
    const struct trace_marks *marks = steps_marks(table->steps);
    struct step_shown shown = steps_look(table->steps, index);
    if (index == marks->cycle)
        print_remark(table, "the steps from here on repeat for ever:");
    print_row(table, &shown, index + 1);
    for (int i = 0; i < marks->racing_count; i++) {
        if (marks->racing[i].after != index)
            continue;
        shown = steps_racing(table->steps, i);
        print_row(table, &shown, 0);
    }
}

/* The steps from `index` on that are left out. Returns the index of the next that is not. */
static int print_gap(struct table *table, int index) {
    int end = index, count = steps_count(table->steps);
    while (end < count && !table->kept[end])
        end++;
    char words[64];
    snprintf(words, sizeof words, "... %d more steps", end - index);
    print_remark(table, words);
    return end;
}

static void print_legend(const struct table *table) {
    static const char *const words[] = {
        "*  after this step the failure can no longer be avoided",
        ">  the actor before could have gone on, but this one goes next",
        "~  the actor before waits, gives way or has ended",
        "!  an access that races with the other: nothing orders the two"};
    const bool used[] = {table->critical, table->preempted, table->switched, table->raced};
    if (table->critical || table->preempted || table->switched || table->raced)
        fputc('\n', table->out);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (used[i])
            fprintf(table->out, "%*s%s%s%s\n", (int)table->indent, "", table->style->dim, words[i],
                    table->style->reset);
}

void interleaving_print(FILE *out, size_t indent, const struct interleaving *what) {
    void *owner = new_owner();
    struct table table = {
        .out = out, .indent = indent, .style = style_for(out), .before = {.id = -1}};
    table.steps = steps_open(owner, what);
    table.kept = interesting_steps(owner, what);
    if (steps_count(table.steps) > 0) {
        look_over(&table, what);
        lay_out(&table);
        print_heads(&table);
        for (int i = 0; i < steps_count(table.steps);) {
            if (table.kept[i])
                print_step(&table, i++);
            else
                i = print_gap(&table, i);
        }
        print_legend(&table);
    }
    talloc_free(owner);
}
