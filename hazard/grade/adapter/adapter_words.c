/* SPDX-License-Identifier: MIT */
#include "hazard/grade/adapter/adapter_words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Takes the reference. */
static const char *dumped(void *owner, json_t *value) {
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    const char *copy = never_null(talloc_strdup(owner, never_null(text)));
    free(text);
    json_decref(value);
    return copy;
}

static const char *title(void *owner, const struct assignment *assignment) {
    const char *quoted = dumped(owner, json_string(assignment->title));
    return never_null(talloc_strndup(owner, quoted + 1, strlen(quoted) - 2));
}

static const char *points(void *owner, const struct assignment *assignment) {
    return never_null(talloc_asprintf(owner, "%d", assignment->most));
}

/* A word of make's and of the shell's. */
static bool is_plain(const char *name) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return name[0] != '-' && name[strspn(name, plain)] == '\0';
}

static const char *handin(void *owner, const struct assignment *assignment) {
    bool one = assignment->file_count == 1 && is_plain(assignment->files[0].name);
    return never_null(talloc_strdup(owner, one ? assignment->files[0].name : "handin.tar"));
}

static const char *files(void *owner, const struct assignment *assignment) {
    json_t *names = json_array();
    for (size_t i = 0; i < assignment->file_count; i++)
        json_array_append_new(names, json_string(assignment->files[i].name));
    return dumped(owner, names);
}

/* A string of JSON is one of YAML. */
static const char *require(void *owner, const struct assignment *assignment) {
    char *lines = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < assignment->file_count; i++)
        lines = never_null(
            talloc_asprintf_append(lines, "%s    - %s %s", i > 0 ? "\n" : "",
                                   assignment->files[i].optional ? "!include" : "!require",
                                   dumped(owner, json_string(assignment->files[i].name))));
    return lines;
}

static const char *checks(void *owner, const struct assignment *assignment) {
    char *line = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < assignment->check_count; i++)
        line = never_null(talloc_asprintf_append(line, "%s%s (%d)", i > 0 ? ", " : "",
                                                 assignment->checks[i].name,
                                                 assignment->checks[i].points));
    return line;
}

static const char *checks_json(void *owner, const struct assignment *assignment) {
    json_t *all = json_array();
    for (size_t i = 0; i < assignment->check_count; i++)
        json_array_append_new(
            all, json_pack("[ss]", assignment->checks[i].name, assignment->checks[i].title));
    return dumped(owner, all);
}

static const struct {
    const char *word;
    const char *(*text)(void *owner, const struct assignment *assignment);
} words[] = {
    {"@TITLE@", title},     {"@POINTS@", points}, {"@HANDIN@", handin},          {"@FILES@", files},
    {"@REQUIRE@", require}, {"@CHECKS@", checks}, {"@CHECKS_JSON@", checks_json}};

/* What `at` begins with, and how long that is; NULL: no word. */
static const char *replacement(void *owner, const char *at, const struct assignment *assignment,
                               bool ready, size_t *length) {
    static const char name[] = "@ASSIGNMENT@";
    *length = strlen(name);
    if (strncmp(at, name, *length) == 0)
        return ready ? assignment->name : "assignment";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *length = strlen(words[i].word);
        if (strncmp(at, words[i].word, *length) == 0)
            return words[i].text(owner, assignment);
    }
    return NULL;
}

const char *adapter_words_put(void *owner, const char *text, const struct assignment *assignment,
                              bool ready) {
    char *result = never_null(talloc_strdup(owner, ""));
    while (*text != '\0') {
        size_t plain = strcspn(text + 1, "@") + 1, length;
        const char *word =
            *text == '@' ? replacement(owner, text, assignment, ready, &length) : NULL;
        result = never_null(word != NULL ? talloc_strdup_append(result, word)
                                         : talloc_strndup_append(result, text, plain));
        text += word != NULL ? length : plain;
    }
    return result;
}
