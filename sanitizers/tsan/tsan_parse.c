/* SPDX-License-Identifier: MIT */
/*
 * A report is a title, then sections; a section is a heading that ends in ':' and the frames below
 * it. Some reports start with frames that have no heading. What a heading says decides whether the
 * section is an actor's part in the finding or explains it ("Thread T1 created by...").
 */
#include "tsan/tsan_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/access.h"

static const struct title {
    const char *text; /* what follows "WARNING: ThreadSanitizer: ", up to " (pid=" */
    enum kind kind;
} titles[] = {
    {"data race", KIND_DATA_RACE},
    {"data race on vptr (ctor/dtor vs virtual call)", KIND_DATA_RACE},
    {"use of an invalid vptr (e.g. ctor/dtor vs virtual call)", KIND_DATA_RACE},
    {"race on external object", KIND_DATA_RACE},
    {"heap-use-after-free", KIND_USE_AFTER_FREE},
    {"heap-use-after-free (virtual call vs free)", KIND_USE_AFTER_FREE},
    {"lock-order-inversion (potential deadlock)", KIND_LOCK_ORDER},
    {"thread leak", KIND_THREAD_LEAK},
    {"destroy of a locked mutex", KIND_API_MISUSE},
    {"double lock of a mutex", KIND_DEADLOCK},
    {"use of an invalid mutex (e.g. uninitialized or destroyed)", KIND_API_MISUSE},
    {"unlock of an unlocked mutex (or by a wrong thread)", KIND_API_MISUSE},
    {"read lock of a write locked mutex", KIND_API_MISUSE},
    {"read unlock of a write locked mutex", KIND_API_MISUSE},
    {"mutex held in the wrong context", KIND_API_MISUSE},
    {"signal-unsafe call inside of a signal", KIND_SIGNAL_UNSAFE_CALL},
    {"signal handler spoils errno", KIND_SIGNAL_RACE},
};

/* gcc 12's: it gives the new thread an id that one of the parent's threads had. */
#define CHECK_FAILED "CHECK failed: "
#define DIES_IN_CHILD                                                                              \
    "this ThreadSanitizer ends a child process that starts a thread, where its parent had "        \
    "several: it cannot say what happens there"

/* Where we are in the text. A line never includes its newline; a last one without any was cut off,
 * and says nothing. */
struct cursor {
    const char *next;
    const char *line;
    size_t length;
};

static bool next_line(struct cursor *cursor) {
    const char *end = strchr(cursor->next, '\n');
    if (end == NULL)
        return false;
    cursor->line = cursor->next;
    cursor->length = (size_t)(end - cursor->next);
    cursor->next = end + 1;
    return true;
}

static bool line_starts(const struct cursor *cursor, const char *prefix) {
    return cursor->length >= strlen(prefix) && strncmp(cursor->line, prefix, strlen(prefix)) == 0;
}

static char *line_copy(void *owner, const struct cursor *cursor) {
    return never_null(talloc_strndup(owner, cursor->line, cursor->length));
}

/* "@F|0|7|81|main|/tmp/racy.c". False if the line is no frame. */
static bool parse_frame(void *owner, const struct cursor *cursor, struct frame *frame) {
    if (!line_starts(cursor, "@F|"))
        return false;
    char *text = line_copy(owner, cursor) + 3;
    const char *fields[5] = {"0", "0", "0", "?", ""};
    for (int i = 0; i < 5 && text != NULL; i++)
        fields[i] = i < 4 ? strsep(&text, "|") : text;
    bool has_file = *fields[4] == '/';
    *frame = (struct frame){
        .function = *fields[3] != '\0' && *fields[3] != '<' ? fields[3] : "?",
        .file = has_file ? fields[4] : NULL,
        .line = has_file ? (int)strtol(fields[1], NULL, 10) : 0,
        .column = has_file ? (int)strtol(fields[2], NULL, 10) : 0,
    };
    return true;
}

/* The text between two marks inside `heading`, or up to its end if `to` does not follow; NULL if
 * `from` is not there. */
static char *between(void *owner, const char *heading, const char *from, const char *to) {
    const char *start = strstr(heading, from);
    if (start == NULL)
        return NULL;
    start += strlen(from);
    const char *end = strstr(start, to);
    return never_null(
        talloc_strndup(owner, start, end != NULL ? (size_t)(end - start) : strlen(start)));
}

/* Stacks that explain: where something was made. For a leaked thread, that is the finding itself.
 */
static bool heading_is_context(const char *heading, enum kind kind) {
    if (strstr(heading, "created by") != NULL || strstr(heading, "created at") != NULL)
        return kind != KIND_THREAD_LEAK;
    return strncmp(heading, "Location is", 11) == 0 ||
           strncmp(heading, "As if synchronized", 18) == 0;
}

/* Addresses differ from run to run and say nothing to a reader: "M0 (0x5634b6d95288)" becomes "M0".
 */
static char *without_addresses(void *owner, const char *text) {
    char *clean = never_null(talloc_strdup(owner, text));
    for (char *at; (at = strstr(clean, " (0x")) != NULL;) {
        char *end = strchr(at, ')');
        if (end == NULL)
            break;
        memmove(at, end + 1, strlen(end + 1) + 1);
    }
    char *at = strstr(clean, " at 0x");
    if (at != NULL) {
        size_t length = strspn(at + 6, "0123456789abcdef");
        memmove(at, at + 6 + length, strlen(at + 6 + length) + 1);
    }
    return clean;
}

/* Who: "... by thread T1 (mutexes: write M0)", "... in thread T1", "... created by main thread at",
 * or nobody named. */
static const char *actor_of(void *owner, const char *heading, const struct finding *finding) {
    if (strstr(heading, "the same thread") != NULL && finding->location_count > 0)
        return finding->locations[finding->location_count - 1].actor;
    const char *actor = between(owner, heading, " by ", " (mutexes");
    if (actor == NULL)
        actor = between(owner, heading, " in ", " (mutexes");
    if (actor == NULL)
        return finding->kind == KIND_SIGNAL_UNSAFE_CALL || finding->kind == KIND_SIGNAL_RACE
                   ? "signal handler"
                   : "thread";
    const char *at = strstr(actor, " at");
    return never_null(
        talloc_strndup(owner, actor, at != NULL ? (size_t)(at - actor) : strlen(actor)));
}

/* "M1" from "Mutex M1 acquired here while holding mutex M0"; NULL if `key` is not in the heading.
 */
static char *word_after(void *owner, const char *heading, const char *key) {
    const char *at = strstr(heading, key);
    return at == NULL ? NULL
                      : never_null(talloc_strndup(owner, at + strlen(key),
                                                  strcspn(at + strlen(key), " (")));
}

/* What it does there, in our words where we know the tool's: "write of 4 bytes", "acquires M1 while
 * holding M0". */
static const char *doing_of(void *owner, const char *heading, bool context) {
    char *lock = word_after(owner, heading, "Mutex "),
         *held = word_after(owner, heading, "while holding mutex ");
    if (lock != NULL && held != NULL)
        return talloc_asprintf(owner, "acquires %s while holding %s", lock, held);
    if (lock != NULL && strstr(heading, "previously acquired") != NULL)
        return talloc_asprintf(owner, "acquired %s before", lock);
    char *thread = word_after(owner, heading, "Thread ");
    if (thread != NULL && strstr(heading, "created by") != NULL)
        return talloc_asprintf(owner, "created thread %s", thread);

    const char *access = context ? NULL : access_words(owner, heading);
    if (access != NULL)
        return access;
    char *doing = without_addresses(owner, heading);
    char *end = strstr(doing, " by ");
    if (!context && end != NULL)
        *end = '\0';
    doing[0] = (char)tolower((unsigned char)doing[0]);
    return doing;
}

static struct location make_location(void *owner, const char *heading,
                                     const struct finding *finding) {
    bool context = heading_is_context(heading, finding->kind);
    return (struct location){.actor = actor_of(owner, heading, finding),
                             .doing = *heading != '\0' ? doing_of(owner, heading, context)
                                                       : finding->message,
                             .context = context};
}

/* Reads one report up to its closing line; the cursor stands on its title. */
static void parse_sections(void *owner, struct cursor *cursor, struct finding *finding) {
    struct location current = {0};
    bool open = false;
    const char *heading = "";
    struct frame frame;
    while (next_line(cursor) && !line_starts(cursor, "====") && !line_starts(cursor, "SUMMARY:")) {
        if (parse_frame(owner, cursor, &frame)) {
            if (!open)
                current = make_location(owner, heading, finding);
            open = true;
            location_add_frame(owner, &current, frame);
            continue;
        }
        if (open)
            finding_add_location(owner, finding, current);
        open = false;
        char *line = line_copy(owner, cursor);
        line += strspn(line, " ");
        size_t length = strlen(line);
        if (length > 0 && line[length - 1] == ':')
            line[length - 1] = '\0';
        heading = line;
        if (strncmp(line, "Location is ", 12) == 0 && strstr(line, "'<null>'") == NULL &&
            strstr(line, "'?"
                         "?'") == NULL)
            finding->message = talloc_asprintf(
                owner, "%s on %s", finding->message,
                between(owner, without_addresses(owner, line), "Location is ", " ("));
    }
    if (open)
        finding_add_location(owner, finding, current);
}

/*
 * A race of an access with free(): whether TSan sees the free first and says "heap-use-after-free",
 * or the access first and says "data race", is up to the schedule. The hazard is the same, so the
 * kind must be too.
 */
static bool is_race_with_free(const struct finding *finding) {
    if (finding->kind != KIND_DATA_RACE)
        return false;
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        if (!location->context && location->frame_count > 0 &&
            strcmp(location->frames[0].function, "free") == 0)
            return true;
    }
    return false;
}

/* The first is told. */
static void add_gap(const char **gap, const char *words) {
    if (*gap == NULL)
        *gap = words;
}

/* "WARNING: ThreadSanitizer: data race (pid=1)" */
static void parse_warning(void *owner, struct cursor *cursor, struct findings *findings,
                          const char **gap) {
    char *line = line_copy(owner, cursor);
    char *title = between(owner, line, "ThreadSanitizer: ", " (pid=");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(title, titles[i].text) != 0)
            continue;
        struct finding finding = {.kind = titles[i].kind, .message = title};
        parse_sections(owner, cursor, &finding);
        if (is_race_with_free(&finding))
            finding.kind = KIND_USE_AFTER_FREE;
        findings_add(owner, findings, finding);
        return;
    }
    add_gap(gap, never_null(talloc_asprintf(
                     owner,
                     "this ThreadSanitizer reports '%s', a kind that hazard does not "
                     "know",
                     title)));
}

/* "==1==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc ...)": the program crashed. */
static void parse_crash(void *owner, struct cursor *cursor, struct findings *findings) {
    char *line = line_copy(owner, cursor);
    char *words = between(owner, line, "ThreadSanitizer: ", " (pc ");
    struct finding finding = {.kind = KIND_CRASH, .message = words};
    parse_sections(owner, cursor, &finding);
    findings_add(owner, findings, finding);
}

static void check_banner(void *owner, const struct cursor *cursor, const char **gap) {
    char *line = line_copy(owner, cursor);
    char *version = between(owner, line, "Running under ThreadSanitizer ", " (pid");
    if (version != NULL && (strcmp(version, "v2") == 0 || strcmp(version, "v3") == 0))
        return;
    add_gap(gap, never_null(
                     talloc_asprintf(owner,
                                     "this ThreadSanitizer calls itself '%s'; hazard can read the "
                                     "reports of v2 and v3",
                                     version != NULL ? version : line)));
}

static bool line_has(const struct cursor *cursor, const char *words) {
    const char *at = strstr(cursor->line, words);
    return at != NULL && at < cursor->line + cursor->length;
}

/*
 * The runtime has failed a check of its own, and died of that: clang 14 does where a thread joins itself. What it
 * reported before still holds (it can fail one while it describes a race that it has found); without any report, its
 * death must not pass for silence. "ThreadSanitizer: CHECK failed: x.cpp:348 "((t)) != (0)" (0x0, 0x0) (tid=1)": the
 * numbers are another run's every time.
 */
static void failed_check(void *owner, const struct cursor *cursor, const struct findings *findings,
                         const char **gap) {
    if (findings->count > 0)
        return;
    const char *check = between(owner, line_copy(owner, cursor), CHECK_FAILED, " (0x");
    add_gap(gap, never_null(talloc_asprintf(
                     owner, "the tool failed its own check (%s), which ended the program", check)));
}

/* The runtime could not even start here. */
static int own_failure(void *owner, const struct cursor *cursor, const struct findings *findings,
                       struct error *error) {
    if (findings->count > 0)
        return 0;
    return fail(error, "ThreadSanitizer itself failed: %s", line_copy(owner, cursor));
}

int tsan_parse(void *owner, const char *text, struct findings *findings, const char **gap,
               struct error *error) {
    struct cursor cursor = {.next = text};
    int result = 0;
    while (result == 0 && next_line(&cursor)) {
        if (line_starts(&cursor, "***** Running under"))
            check_banner(owner, &cursor, gap);
        else if (line_starts(&cursor, "WARNING: ThreadSanitizer: "))
            parse_warning(owner, &cursor, findings, gap);
        else if (line_has(&cursor, "ThreadSanitizer: dup thread with used id"))
            add_gap(gap, DIES_IN_CHILD);
        else if (line_has(&cursor, "ThreadSanitizer") && line_has(&cursor, CHECK_FAILED))
            failed_check(owner, &cursor, findings, gap);
        else if (line_has(&cursor, "FATAL: ThreadSanitizer"))
            result = own_failure(owner, &cursor, findings, error);
        else if (line_starts(&cursor, "==") && line_has(&cursor, "ERROR: ThreadSanitizer: "))
            parse_crash(owner, &cursor, findings);
    }
    return result;
}
