/* SPDX-License-Identifier: MIT */
#include "hazard/grade/answer.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "report/verdict.h"

enum { MOST_LINES = 40, MOST_PLACES = 8, MOST_SENTENCE = 400 };

struct answering {
    void *owner;
    const struct check *check;
    const struct answer_names *names;
    const json_t *program; /* what it says of the program */
    const json_t *result;  /* what it says of the verdict: the program itself, or its only result */
    struct mark *mark;
};

/* ---- Text ------------------------------------------------------------------------------------- */

static char *replace(void *owner, const char *text, const char *what, const char *with) {
    char *result = never_null(talloc_strdup(owner, ""));
    size_t length = strlen(what);
    for (const char *at; length > 0 && (at = strstr(text, what)) != NULL; text = at + length)
        result = never_null(
            talloc_asprintf_append_buffer(result, "%.*s%s", (int)(at - text), text, with));
    return never_null(talloc_strdup_append_buffer(result, text));
}

/* The linker names objects by chance: /.../ccAb12Cd.o */
static char *drop_temporaries(void *owner, const char *text) {
    static const char begin[] = ".hazard/tmp/cc";
    const size_t length = strlen(begin) + 6;
    char *result = never_null(talloc_strdup(owner, ""));
    const char *at;
    for (; (at = strstr(text, begin)) != NULL; text = at) {
        bool object = strnlen(at, length + 2) == length + 2 && strncmp(at + length, ".o", 2) == 0;
        result = never_null(talloc_asprintf_append_buffer(result, "%.*s%s", (int)(at - text), text,
                                                          object ? "object" : ".hazard/tmp/"));
        at += object ? length + 2 : strlen(".hazard/tmp/");
    }
    return never_null(talloc_strdup_append_buffer(result, text));
}

const char *answer_clean(void *owner, const struct answer_names *names, const char *text) {
    static const char *const left_out[] = {"../.hazard/given/", ".hazard/given/", "handin/",
                                           ".gcc.i", ".clang.i"};
    const char *folder = *names->stage != '\0' ? talloc_asprintf(owner, "%s/", names->stage) : "";
    char *clean = replace(owner, clean_text(owner, text), folder, "");
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        clean = replace(owner, clean, left_out[i], "");
    return drop_temporaries(owner, clean);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const char *sentence(const struct answering *reading, const char *text) {
    const char *clean =
        clean_line(reading->owner, answer_clean(reading->owner, reading->names, text));
    return strlen(clean) <= MOST_SENTENCE
               ? clean
               : clean_utf8(reading->owner, never_null(talloc_asprintf(reading->owner, "%.*s...",
                                                                       MOST_SENTENCE, clean)));
}

/* ---- What was found --------------------------------------------------------------------------- */

static const json_t *findings_of(const struct answering *reading) {
    return json_object_get(reading->result, "findings");
}

/* False alarms, refuted or known, are none. */
static bool counts(const json_t *finding) {
    return json_object_get(finding, "doubt") == NULL;
}

static const json_t *first_finding(const struct answering *reading) {
    const json_t *all = findings_of(reading);
    for (size_t i = 0; i < json_array_size(all); i++)
        if (counts(json_array_get(all, i)))
            return json_array_get(all, i);
    return json_array_get(all, 0);
}

/* The least that is left, over the kinds of all findings. */
static int points_left(const struct answering *reading) {
    const struct check *check = reading->check;
    const json_t *all = findings_of(reading);
    int least = check->points > 0 ? check->points : 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        int kind = kind_from_name(text_of(json_array_get(all, i), "kind")), left = 0;
        for (size_t j = 0; j < check->partial_count; j++)
            if (kind == (int)check->partial[j].kind)
                left = check->partial[j].points;
        least = left < least ? left : least;
    }
    return json_array_size(all) > 0 ? least : 0;
}

static void add_place(const struct answering *reading, const json_t *location) {
    struct mark *mark = reading->mark;
    const char *file = answer_clean(reading->owner, reading->names, text_of(location, "file"));
    int line = (int)json_integer_value(json_object_get(location, "line"));
    bool own = false;
    for (const char *const *source = reading->names->sources; *source != NULL; source++)
        own = own || strcmp(*source, file) == 0;
    if (!own || line <= 0 || mark->place_count == MOST_PLACES)
        return;
    mark->places =
        grow_array(reading->owner, mark->places, struct mark_place, mark->place_count + 1);
    mark->places[mark->place_count++] = (struct mark_place){
        file, line,
        sentence(reading, talloc_asprintf(reading->owner, "%s: %s", text_of(location, "actor"),
                                          text_of(location, "doing")))};
}

static void add_places(const struct answering *reading, const json_t *finding) {
    const json_t *locations = json_object_get(finding, "locations");
    for (size_t i = 0; i < json_array_size(locations); i++)
        add_place(reading, json_array_get(locations, i));
}

/* ---- Details: the text for people, from the finding on ---------------------------------------- */

/* Students get these another way, or their place is the stage's. */
static bool ends_details(const char *line) {
    static const char *const ends[] = {"replay with:", "that point again", "no schedule was kept"};
    line += strspn(line, " ");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strncmp(line, ends[i], strlen(ends[i])) == 0)
            return true;
    return false;
}

static bool begins_finding(const char *line, const char *kind) {
    size_t length = strlen(kind);
    line += strspn(line, " ");
    return length > 0 && strncmp(line, kind, length) == 0 && line[length] == ':';
}

/* As much as its first line is indented. */
static const char *details(const struct answering *reading, const char *kind) {
    char *text = talloc_strdup(reading->owner, answer_clean(reading->owner, reading->names,
                                                            text_of(reading->program, "text")));
    char *result = never_null(talloc_strdup(reading->owner, ""));
    size_t lines = 0, indent = 0, blank = 0;
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        if (lines == 0 && !begins_finding(line, kind))
            continue;
        if (lines > 0 && (ends_details(line) || begins_finding(line, kind)))
            break;
        indent = lines == 0 ? strspn(line, " ") : indent;
        if (*line == '\0') {
            blank++;
            lines++;
            continue;
        }
        if (lines++ >= MOST_LINES) {
            result = never_null(talloc_strdup_append_buffer(result, "...\n"));
            break;
        }
        size_t skip = strspn(line, " ") < indent ? strspn(line, " ") : indent;
        result = never_null(
            talloc_asprintf_append_buffer(result, "%s%s\n", blank > 0 ? "\n" : "", line + skip));
        blank = 0;
    }
    return result;
}

/* ---- Verdicts --------------------------------------------------------------------------------- */

static void fail_by_finding(const struct answering *reading, const json_t *finding) {
    struct mark *mark = reading->mark;
    const char *kind = text_of(finding, "kind");
    mark->points = points_left(reading);
    if (reading->check->points < 0)
        mark->points = reading->check->points;
    mark->state = mark->points > 0 ? MARK_PARTIAL : MARK_FAILED;
    mark->kind = kind_from_name(kind) >= 0 ? talloc_strdup(reading->owner, kind) : NULL;
    mark->sentence = sentence(
        reading, talloc_asprintf(reading->owner, "%s: %s", kind, text_of(finding, "message")));
    mark->details = details(reading, kind);
    add_places(reading, finding);
}

static void pass(const struct answering *reading, const char *why) {
    reading->mark->state = MARK_PASSED;
    reading->mark->points = reading->check->points > 0 ? reading->check->points : 0;
    reading->mark->sentence = sentence(reading, why);
}

static void fail_alone(const struct answering *reading, const char *why) {
    reading->mark->state = MARK_FAILED;
    reading->mark->points = reading->check->points < 0 ? reading->check->points : 0;
    reading->mark->sentence = sentence(reading, why);
}

static void leave_open(const struct answering *reading, const char *verdict) {
    const char *detail = text_of(reading->result, "detail");
    reading->mark->state = MARK_UNDECIDED;
    reading->mark->points = reading->check->undecided;
    reading->mark->sentence =
        sentence(reading, talloc_asprintf(reading->owner, "%s%s%s", verdict,
                                          *detail != '\0' ? ": " : "", detail));
}

/* What took no time, so that it is the same every time. */
static const char *proof_words(const struct answering *reading) {
    static const char *const words[CHECK_WITHS] = {
        [CHECK_INJECT] = "proved: the signal does no harm at any instruction",
        [CHECK_PROBE] = "no client waits for another, and nothing is left behind",
        [CHECK_TSAN] = "nothing was reported",
        [CHECK_TSAN_GCC] = "nothing was reported",
        [CHECK_HELGRIND] = "nothing was reported",
        [CHECK_DRD] = "nothing was reported"};
    const char *known = words[reading->check->with];
    return known != NULL
               ? known
               : talloc_asprintf(reading->owner, "proved: %s", text_of(reading->result, "detail"));
}

static int read_concurrency(const struct answering *reading, const char *verdict) {
    const char *label = reading->check->label;
    if (strcmp(verdict, "reached") == 0)
        pass(reading, talloc_asprintf(reading->owner, "some schedule comes to \"%s\"", label));
    else if (strcmp(verdict, "unreached") == 0)
        fail_alone(reading, talloc_asprintf(reading->owner, "no schedule comes to \"%s\"", label));
    else
        return 0;
    return 1;
}

static int read_verdict(const struct answering *reading, struct error *error) {
    const char *verdict = text_of(reading->result, "verdict");
    const json_t *finding = first_finding(reading);
    if (reading->check->with == CHECK_CONCURRENCY && read_concurrency(reading, verdict) != 0)
        return 0;
    int known = verdict_from_name(verdict);
    if (known < 0)
        return fail(error, "%s",
                    *text_of(reading->result, "detail") != '\0' ? text_of(reading->result, "detail")
                                                                : "hazard gave no verdict");
    if ((known == VERDICT_FOUND || known == VERDICT_OTHER) && finding != NULL)
        fail_by_finding(reading, finding);
    else if (known == VERDICT_FOUND || known == VERDICT_OTHER)
        fail_alone(reading, text_of(reading->result, "detail"));
    else if (json_is_true(json_object_get(reading->result, "program_failed")))
        fail_alone(reading, talloc_asprintf(reading->owner, "the program failed: %s",
                                            text_of(reading->result, "detail")));
    else if (known == VERDICT_PROVED || known == VERDICT_SILENT || known == VERDICT_REFUTED)
        pass(reading, proof_words(reading));
    else
        leave_open(reading, verdict);
    return 0;
}

int answer_read(void *owner, const struct check *check, const char *said,
                const struct answer_names *names, struct mark *mark, struct error *error) {
    json_error_t wrong;
    json_t *root = json_loads(said, JSON_REJECT_DUPLICATES, &wrong);
    const json_t *program = json_array_get(json_object_get(root, "programs"), 0),
                 *results = json_object_get(program, "results");
    const struct answering reading = {.owner = owner,
                                      .check = check,
                                      .names = names,
                                      .program = program,
                                      .result =
                                          results != NULL ? json_array_get(results, 0) : program,
                                      .mark = mark};
    int result = program != NULL && reading.result != NULL
                     ? read_verdict(&reading, error)
                     : fail(error, "hazard gave no answer that can be read");
    json_decref(root);
    return result;
}
