/* SPDX-License-Identifier: MIT */
#include "hazard/grade/format/said.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/render/layout.h"

/* PLACES: lines of the hand-in that are listed. LINE: columns of one that is not ours. ATTACHMENT: bytes that a page of text
 * takes in. */
enum { LONGEST_PLACES = 10, LONGEST_LINE = 200, LONGEST_ATTACHMENT = 16384 };

static bool any_failed(const struct grade *grade) {
    for (size_t i = 0; i < grade->count; i++)
        if (grade->marks[i].state != MARK_PASSED)
            return true;
    return grade->end == GRADE_REFUSED;
}

bool said_full(const struct grade *grade) {
    return !mark_broken(grade) && grade->points == grade->most &&
           (grade->most > 0 || !any_failed(grade));
}

double said_score(const struct grade *grade) {
    if (grade->most == 0)
        return said_full(grade) ? 1 : 0;
    return (double)grade->points / grade->most;
}

const char *said_points(void *owner, int points, int most) {
    bool one = most > 0 ? most == 1 : points == 1 || points == -1;
    const char *noun = one ? "point" : "points";
    return never_null(most > 0 ? talloc_asprintf(owner, "%d of %d %s", points, most, noun)
                               : talloc_asprintf(owner, "%d %s", points, noun));
}

const char *said_headline(void *owner, const struct grade *grade) {
    if (mark_broken(grade))
        return "Not graded: the machine that grades is to blame, not your program. Ask your "
               "teacher.";
    const char *undecided =
        mark_undecided(grade) ? " Not all could be decided: see `undecided` below." : "";
    return never_null(talloc_asprintf(owner, "%s%s.%s", said_full(grade) ? "Full marks: " : "",
                                      said_points(owner, grade->points, grade->most), undecided));
}

const char *said_wrapped(void *owner, const char *text) {
    char *lines = never_null(talloc_strdup(owner, ""));
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t word = strcspn(text, " "), length = layout_break(text, SAID_WIDTH);
        if (length < word)
            length = word;
        lines = never_null(
            talloc_asprintf_append(lines, "%s%.*s", *lines != '\0' ? "\n" : "", (int)length, text));
        text += length;
    }
    return lines;
}

static size_t lines_in(const char *text) {
    size_t lines = *text != '\0';
    for (; *text != '\0'; text++)
        lines += *text == '\n' && text[1] != '\0';
    return lines;
}

/* Up to the line end. */
static char *append_line(char *text, const char *line) {
    size_t length = strcspn(line, "\n"), width = 0, shown = 0;
    for (; shown < length && width <= LONGEST_LINE; shown++)
        width += (line[shown] & 0xC0) != 0x80;
    shown -= width > LONGEST_LINE;
    return never_null(talloc_asprintf_append(text, "%s%.*s%s", *text != '\0' ? "\n" : "",
                                             (int)shown, line, shown < length ? "..." : ""));
}

const char *said_cut(void *owner, const char *text) {
    char *lines = never_null(talloc_strdup(owner, ""));
    size_t all = lines_in(text), shown = all > SAID_LINES ? SAID_LINES - 1 : all;
    for (size_t i = 0; i < shown; i++) {
        lines = append_line(lines, text);
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    if (shown < all)
        lines = never_null(talloc_asprintf_append(lines, "\n... (%zu more lines)", all - shown));
    return lines;
}

/* A paragraph more, with an empty line between. */
static char *add(char *text, const char *paragraph) {
    if (*paragraph == '\0')
        return text;
    return never_null(talloc_asprintf_append(text, "%s%s", *text != '\0' ? "\n\n" : "", paragraph));
}

/* "counter.c:12: read of 4 bytes by thread 2", a line each. */
static const char *places_text(void *owner, const struct mark_place *places, size_t count) {
    char *text = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < count && i < LONGEST_PLACES; i++)
        text = append_line(text, talloc_asprintf(owner, "%s:%d: %s", places[i].file, places[i].line,
                                                 places[i].text));
    if (count > LONGEST_PLACES)
        text = never_null(
            talloc_asprintf_append(text, "\n... (%zu more lines)", count - LONGEST_PLACES));
    return text;
}

const char *said_whole(void *owner, const struct grade *grade) {
    char *text = never_null(talloc_strdup(owner, ""));
    text = add(text, said_wrapped(owner, grade->reason));
    text = add(text, places_text(owner, grade->places, grade->place_count));
    text = add(text, said_cut(owner, grade->details));
    if (*grade->note != '\0' && !mark_broken(grade))
        text = add(text, said_wrapped(owner, talloc_asprintf(owner, "Points: %s.", grade->note)));
    return text;
}

const char *said_sentence(const struct mark *mark) {
    return mark->hidden ? "This check is hidden: what it found is not shown." : mark->sentence;
}

const char *said_details(void *owner, const struct mark *mark) {
    return mark->hidden ? "" : said_cut(owner, mark->details);
}

const char *said_hint(const struct mark *mark) {
    return mark->hidden ? "" : mark->hint;
}

static char *add_replay(char *text, const struct mark *mark, void *owner) {
    const char *name = mark->attachment_name;
    if (*mark->replay == '\0')
        return text;
    if (name == NULL)
        return add(text, talloc_asprintf(owner, "To see it again at home:\n    %s", mark->replay));
    bool fits = strlen(mark->attachment) <= LONGEST_ATTACHMENT;
    const char *which = fits ? "what stands between the rules below as"
                             : "what your teacher has (it is too long to stand here) as";
    return add(text, talloc_asprintf(owner,
                                     "To see it again at home, save %s\n    %s\n"
                                     "beside your files, and run\n    %s",
                                     which, name, mark->replay));
}

static char *add_attachment(char *text, const struct mark *mark, void *owner) {
    if (mark->attachment_name == NULL || strlen(mark->attachment) > LONGEST_ATTACHMENT)
        return text;
    size_t length = strlen(mark->attachment);
    const char *end = length > 0 && mark->attachment[length - 1] == '\n' ? "" : "\n";
    return add(text, talloc_asprintf(owner, "---- %s ----\n%s%s---- end of %s ----",
                                     mark->attachment_name, mark->attachment, end,
                                     mark->attachment_name));
}

const char *said_mark_openly(void *owner, const struct mark *mark) {
    char *text = never_null(talloc_strdup(owner, ""));
    text = add(text, said_wrapped(owner, mark->sentence));
    text = add(text, places_text(owner, mark->places, mark->place_count));
    text = add(text, said_cut(owner, mark->details));
    text = add_replay(text, mark, owner);
    if (*mark->hint != '\0')
        text = add(text, said_wrapped(owner, talloc_asprintf(owner, "Hint: %s", mark->hint)));
    return add_attachment(text, mark, owner);
}

const char *said_mark(void *owner, const struct mark *mark) {
    return mark->hidden ? said_sentence(mark) : said_mark_openly(owner, mark);
}
