/* SPDX-License-Identifier: MIT */
#include "inject/walk/judge.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define QUOTED 40 /* characters of a line in a message */

/* ---- Lines --------------------------------------------------------------------------- */

static int compare(const void *a, const void *b) {
    const struct output_line *one = a, *other = b;
    size_t shorter = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->text, other->text, shorter);
    if (order != 0 || one->length == other->length)
        return order;
    return one->length < other->length ? -1 : 1;
}

static struct output_line line_of(const struct output_lines *lines, size_t i) {
    return (struct output_line){lines->items[i], lines->lengths[i]};
}

static int compare_lines(const struct output_lines *a, size_t i, const struct output_lines *b,
                         size_t j) {
    struct output_line one = line_of(a, i), other = line_of(b, j);
    return compare(&one, &other);
}

/* What the program leaves without an end of line is a prompt: others may print behind it. */
static struct output_line prompt_of(const char *text, size_t length) {
    const char *newline = memrchr(text, '\n', length);
    const char *last = newline == NULL ? text : newline + 1;
    return (struct output_line){last, length - (size_t)(last - text)};
}

/* Behind the line that begins at `at`; a prompt is one of its own. */
static const char *behind_line(const char *at, const char *end, struct output_line prompt) {
    size_t left = (size_t)(end - at);
    if (prompt.length > 0 && left > prompt.length && memcmp(at, prompt.text, prompt.length) == 0)
        return at + prompt.length;
    const char *newline = memchr(at, '\n', left);
    return newline == NULL ? end : newline + 1;
}

static struct output_lines sorted_lines(void *owner, const char *text, size_t length,
                                        struct output_line prompt) {
    const char *end = text + length;
    size_t most = 1, count = 0;
    for (const char *at = text; at < end; at = behind_line(at, end, prompt))
        most++;
    struct output_line *all = new_array(owner, struct output_line, most);
    for (const char *at = text, *next; at < end; at = next) {
        next = behind_line(at, end, prompt);
        all[count++] = (struct output_line){at, (size_t)(next - at)};
    }
    qsort(all, count, sizeof *all, compare);
    struct output_lines lines = {new_array(owner, const char *, most),
                                 new_array(owner, size_t, most), count};
    for (size_t i = 0; i < count; i++) {
        lines.items[i] = all[i].text;
        lines.lengths[i] = all[i].length;
    }
    return lines;
}

/* Only what both have. */
static void intersect(struct output_lines *lines, const struct output_lines *other) {
    size_t kept = 0;
    for (size_t i = 0, j = 0; i < lines->count && j < other->count;) {
        int order = compare_lines(lines, i, other, j);
        if (order == 0) {
            lines->items[kept] = lines->items[i];
            lines->lengths[kept++] = lines->lengths[i];
            j++;
        }
        i += order <= 0;
        j += order > 0;
    }
    lines->count = kept;
}

void judge_reference_from(void *owner, const struct family *run, const struct family *again,
                          struct judge_reference *reference) {
    reference->end = run->end;
    reference->status = run->status;
    reference->why = run->end == FAMILY_DEADLOCK ? never_null(talloc_strdup(owner, run->why)) : "";
    reference->signalled = run->tried.deliveries > 0;
    for (int i = 0; i < 2; i++) {
        size_t length = run->output.length[i];
        reference->output[i] = never_null(talloc_memdup(owner, run->output.text[i], length + 1));
        struct output_line prompt = prompt_of(reference->output[i], length);
        reference->prompt[i] = prompt;
        reference->lines[i] = sorted_lines(owner, reference->output[i], length, prompt);
        if (again == NULL)
            continue;
        struct output_lines other =
            sorted_lines(owner, again->output.text[i], again->output.length[i], prompt);
        intersect(&reference->lines[i], &other);
    }
}

/* ---- Words --------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static struct judged
say(struct judged judged, enum ending_kind kind, const char *format, ...) {
    va_list arguments;
    judged.kind = kind;
    va_start(arguments, format);
    vsnprintf(judged.text, sizeof judged.text, format, arguments);
    va_end(arguments);
    return judged;
}

static const char *quoted(char text[QUOTED + 8], struct output_line line) {
    size_t length = 0;
    while (line.length > 0 && line.text[line.length - 1] == '\n')
        line.length--;
    for (; length < line.length && length < QUOTED; length++)
        text[length] = isprint((unsigned char)line.text[length]) ? line.text[length] : '?';
    snprintf(text + length, sizeof "...", "%s", length < line.length ? "..." : "");
    return text;
}

/* ---- Judging ------------------------------------------------------------------------- */

/* What libc wrote last before it aborted; "" if nothing. */
static void last_words(const struct family *copy, char text[JUDGED_TEXT]) {
    const char *errors = copy->output.text[1];
    size_t end = copy->output.length[1];
    while (end > 0 && errors[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && errors[start - 1] != '\n')
        start--;
    snprintf(text, JUDGED_TEXT, "%.*s", (int)(end - start), errors + start);
}

static struct judged judge_death(const struct family *copy) {
    struct judged judged = {.kind = ENDING_CRASH};
    if (copy->status == SIGABRT)
        last_words(copy, judged.text);
    if (judged.text[0] != '\0')
        return judged;
    const char *name = sigabbrev_np(copy->status);
    if (name == NULL)
        return say(judged, ENDING_CRASH, "killed by signal %d", copy->status);
    return say(judged, ENDING_CRASH, "killed by SIG%s", name);
}

static struct judged judge_stream(const struct output_lines *wanted,
                                  const struct output_lines *got) {
    struct judged judged = {.kind = ENDING_WELL};
    struct judged repeated = judged;
    char text[QUOTED + 8];
    size_t i = 0, j = 0;
    while (i < wanted->count) {
        int order = j < got->count ? compare_lines(wanted, i, got, j) : -1;
        if (order < 0)
            return say(judged, ENDING_WRONG, "does not print '%s' (whole) any more",
                       quoted(text, line_of(wanted, i)));
        i += order == 0;
        j++;
        if (order == 0 && j < got->count && compare_lines(wanted, i - 1, got, j) == 0 &&
            (i == wanted->count || compare_lines(wanted, i - 1, wanted, i) != 0) &&
            !repeated.repeats) {
            repeated = say(judged, ENDING_WRONG, "prints '%s' too often",
                           quoted(text, line_of(wanted, i - 1)));
            repeated.repeats = true;
        }
    }
    return repeated;
}

static struct judged judge_output(const struct judge_reference *reference,
                                  const struct family *copy) {
    struct judged worst = {.kind = ENDING_WELL};
    if (reference->any_output)
        return worst;
    void *owner = new_owner();
    for (int i = 0; i < 2 && (worst.kind == ENDING_WELL || worst.repeats); i++) {
        struct output_lines got =
            sorted_lines(owner, copy->output.text[i], copy->output.length[i], reference->prompt[i]);
        struct judged judged = judge_stream(&reference->lines[i], &got);
        if (judged.kind != ENDING_WELL && (!judged.repeats || worst.kind == ENDING_WELL))
            worst = judged;
    }
    talloc_free(owner);
    return worst;
}

/*
 * Exit code 0 means that the program finds itself right. If the undisturbed run ends with another,
 * and the signal came in it too, then it is the signal's fault there as well; if not, another code
 * is what the program is meant to give. No program is meant to sleep for ever.
 */
static bool is_late(const struct judge_reference *reference) {
    return reference->end == FAMILY_DEADLOCK ||
           (reference->end == FAMILY_EXITED && reference->status != 0 && reference->signalled);
}

static struct judged say_well_but_late(const struct judge_reference *reference,
                                       struct judged judged) {
    if (reference->end == FAMILY_DEADLOCK)
        return say(judged, ENDING_WRONG, "exit 0, but when the signal comes late it %s",
                   reference->why);
    return say(judged, ENDING_WRONG, "exit 0, but exit %d when the signal comes late",
               reference->status);
}

static struct judged judge_exit(const struct judge_reference *reference,
                                const struct family *copy) {
    struct judged judged = {.kind = ENDING_WELL};
    if (reference->allow_exit == copy->status)
        return judged; /* and what it prints then is its own affair */
    bool exits = reference->end == FAMILY_EXITED, same = exits && reference->status == copy->status;
    judged.late = is_late(reference);
    if (judged.late && copy->status == 0)
        return say_well_but_late(reference, judged);
    if (!same)
        return say(judged, ENDING_WRONG, "exit %d", copy->status);
    if (judged.late)
        return say(judged, ENDING_WRONG, "exit %d, as when the signal comes late", copy->status);
    return judge_output(reference, copy);
}

struct judged judge_copy(const struct judge_reference *reference, const struct family *copy) {
    struct judged judged = {.kind = ENDING_WELL};
    switch (copy->end) {
    case FAMILY_EXITED:
        return judge_exit(reference, copy);
    case FAMILY_KILLED:
        if (reference->end == FAMILY_KILLED && reference->status == copy->status &&
            !reference->signalled)
            return judge_output(reference, copy);
        return judge_death(copy);
    case FAMILY_DEADLOCK:
        judged.late = reference->end == FAMILY_DEADLOCK;
        return say(judged, ENDING_DEADLOCK, "%s", copy->why);
    case FAMILY_RAN_AWAY:
        judged.sure = copy->circle.closed;
        return say(judged, ENDING_RAN_AWAY, "%s",
                   copy->why[0] != '\0' ? copy->why : "runs on without end");
    case FAMILY_GOES_ON:
    case FAMILY_UNSUPPORTED:
    case FAMILY_LOST:
    case FAMILY_INTERRUPTED:
    case FAMILY_CUT:
        break;
    }
    return say(judged, ENDING_UNJUDGED, "%s", copy->why == NULL ? "" : copy->why);
}
