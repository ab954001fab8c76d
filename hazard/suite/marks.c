/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A mark is the word HAZARD with a colon after it, in a comment; it marks the line on which that
 * word stands. Comments are found by the rules of C (a quoted string that looks like a comment is
 * none), with no preprocessing.
 *
 * A finding points at a mark if one of its guilty locations does, and a location points by its
 * innermost own frame: what the program itself did there. For what is seen from outside (a client
 * that is blocked, a zombie, a leak, a crash) any own frame counts: the process is caught wherever
 * it happens to stand, deep in a helper, and the guilty line may be the call that led there: the
 * accept loop that calls echo() is at fault, not the read() in echo(). The same rule is there for a
 * detector whose locations are those of whole steps (MARK_ANY_FRAME).
 */
#include "hazard/suite/marks.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const char word[] = "HAZARD:";

static int line_of(const char *text, const char *at) {
    int line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* [from, to) with each run of blanks as one space, and without the stars that begin comment lines.
 */
static char *tidy_text(void *owner, const char *from, const char *to) {
    char *tidy = new_array(owner, char, to - from + 1);
    size_t length = 0;
    bool gap = false, line_start = false;
    for (; from < to; from++) {
        line_start = line_start || *from == '\n';
        if (isspace((unsigned char)*from) || (line_start && *from == '*')) {
            gap = length > 0;
            continue;
        }
        if (gap)
            tidy[length++] = ' ';
        tidy[length++] = *from;
        gap = line_start = false;
    }
    return tidy;
}

static void add_mark(void *owner, struct marks *marks, struct marked_line one) {
    marks->items = grow_array(owner, marks->items, struct marked_line, marks->count + 1);
    marks->items[marks->count++] = one;
}

static void read_comment(void *owner, const char *file, const char *text, const char *from,
                         const char *to, struct marks *marks) {
    size_t length = strlen(word);
    for (const char *at = from; (at = memmem(at, (size_t)(to - at), word, length)) != NULL;
         at += length)
        if (!isalnum((unsigned char)at[-1]) && at[-1] != '_')
            add_mark(owner, marks,
                     (struct marked_line){
                         .file = file,
                         .line = line_of(text, at),
                         .text = tidy_text(owner, at + length, to),
                     });
}

/* Past a quoted string or character; an unclosed one ends with its line, as in C. */
static const char *past_quoted(const char *at) {
    char quote = *at++;
    while (*at != '\0' && *at != '\n' && *at != quote)
        at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    return *at == quote ? at + 1 : at;
}

static const char *comment_end(const char *at) {
    const char *end = at[1] == '*' ? strstr(at + 2, "*/") : strchr(at, '\n');
    return end != NULL ? end : at + strlen(at);
}

int marks_read(void *owner, const char *file, struct marks *marks, struct error *error) {
    char *text = file_read(owner, file, error);
    if (text == NULL)
        return -1;
    const char *name = never_null(talloc_strdup(owner, file)), *at = text;
    while (*at != '\0') {
        if (*at == '"' || *at == '\'') {
            at = past_quoted(at);
        } else if (*at == '/' && (at[1] == '*' || at[1] == '/')) {
            const char *end = comment_end(at);
            read_comment(owner, name, text, at + 2, end, marks);
            at = end;
        } else {
            at++;
        }
    }
    talloc_free(text);
    return 0;
}

/* What the kernel or a client shows of a program, rather than a tool that watched each access. */
static bool seen_from_outside(enum kind kind) {
    switch (kind) {
    case KIND_BLOCKED_CLIENT:
    case KIND_ZOMBIE:
    case KIND_DESCRIPTOR_LEAK:
    case KIND_MEMORY_LEAK:
    case KIND_CRASH:
        return true;
    case KIND_DATA_RACE:
    case KIND_ATOMICITY:
    case KIND_ORDER_VIOLATION:
    case KIND_DEADLOCK:
    case KIND_LOCK_ORDER:
    case KIND_LIVELOCK:
    case KIND_STARVATION:
    case KIND_SIGNAL_UNSAFE_CALL:
    case KIND_SIGNAL_RACE:
    case KIND_LOST_WAKEUP:
    case KIND_THREAD_LEAK:
    case KIND_USE_AFTER_FREE:
    case KIND_USE_AFTER_RETURN:
    case KIND_HEAP_OVERFLOW:
    case KIND_API_MISUSE:
    case KIND_ASSERTION:
    case KIND_EXIT:
    case KIND_REACHED:
    case KIND_COUNT:
        break;
    }
    return false;
}

static const struct marked_line *mark_at(const struct marks *marks, const struct frame *frame) {
    for (size_t i = 0; frame != NULL && i < marks->count; i++)
        if (marks->items[i].line == frame->line && frame_in_file(frame, marks->items[i].file))
            return &marks->items[i];
    return NULL;
}

static const struct marked_line *mark_on_stack(const struct marks *marks,
                                               const struct location *location) {
    const struct marked_line *mark = NULL;
    for (size_t i = 0; mark == NULL && i < location->frame_count; i++)
        mark = mark_at(marks, &location->frames[i]);
    return mark;
}

const struct marked_line *marks_match(const struct marks *marks, const struct finding *finding,
                                      const struct sources *sources, enum mark_rule rule) {
    const struct marked_line *mark = NULL;
    bool any = rule == MARK_ANY_FRAME || seen_from_outside(finding->kind);
    for (size_t i = 0; mark == NULL && i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        if (location->context)
            continue;
        mark = any ? mark_on_stack(marks, location)
                   : mark_at(marks, location_own_frame(location, sources));
    }
    return mark;
}
