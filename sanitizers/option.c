/* SPDX-License-Identifier: MIT */
#include "option.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- The table ------------------------------------------------------------------------------- */

size_t option_count(const struct detector_option *table) {
    size_t count = 0;
    while (table[count].name != NULL)
        count++;
    return count;
}

static bool is_called(const struct detector_option *option, const char *name) {
    return strcmp(option->name, name) == 0 ||
           (option->formerly != NULL && strcmp(option->formerly, name) == 0);
}

const struct detector_option *option_find(const struct detector_option *table, const char *name) {
    for (const struct detector_option *option = table; option->name != NULL; option++)
        if (is_called(option, name))
            return option;
    return NULL;
}

const char *option_record_name(const struct detector_option *option) {
    return option->record_name != NULL ? option->record_name : option->name;
}

const struct detector_option *option_find_recorded(const struct detector_option *table,
                                                   const char *name) {
    for (const struct detector_option *option = table; option->name != NULL; option++)
        if (option->record != RECORD_NEVER && strcmp(option_record_name(option), name) == 0)
            return option;
    return NULL;
}

void option_join(char *text, size_t size, const char *const *words, const char *last) {
    size_t length = 0;
    *text = '\0';
    for (size_t i = 0; words[i] != NULL && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   i == 0                 ? ""
                                   : words[i + 1] == NULL ? last
                                                          : ", ",
                                   words[i]);
}

/* ---- From a value to a member ---------------------------------------------------------------- */

static int take_flag(const char *shown, bool *member, const char *value, struct error *error) {
    *member = strcmp(value, "true") == 0;
    if (!*member && strcmp(value, "false") != 0)
        return fail(error, "%s takes true or false, not '%s'", shown, value);
    return 0;
}

int option_whole_number(const struct detector_option *option, const char *shown, const char *value,
                        int64_t *to, struct error *error) {
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < option->min || number > option->max)
        return fail(error, "%s takes a whole number from %lld to %lld%s%s, not '%s'", shown,
                    (long long)option->min, (long long)option->max,
                    option->below != NULL ? ", or " : "",
                    option->below != NULL ? option->below : "", value);
    *to = number;
    return 0;
}

static int take_int(const struct detector_option *option, const char *shown, int *member,
                    const char *value, struct error *error) {
    int64_t number = option->min - 1;
    if (option->below != NULL && strcmp(value, option->below) == 0) {
        *member = (int)number;
        return 0;
    }
    if (option_whole_number(option, shown, value, &number, error) != 0)
        return -1;
    *member = (int)number;
    return 0;
}

static int take_seconds(const char *shown, double *member, const char *value, struct error *error) {
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(seconds) || seconds < 0.1 || seconds > 1e7)
        return fail(error, "%s takes a number from 0.1 to 10000000, not '%s'", shown, value);
    *member = seconds;
    return 0;
}

/* The index of the value among the words; -1 and *error. */
static int find_word(const char *shown, const char *const *words, const char *value,
                     struct error *error) {
    char known[128];
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    option_join(known, sizeof known, words, " or ");
    return fail(error, "%s takes %s, not '%s'", shown, known, value);
}

static int take_word(const struct detector_option *option, const char *shown, void *member,
                     const char *value, struct error *error) {
    int index = find_word(shown, option->words, value, error);
    if (index < 0)
        return -1;
    if (option->value == VALUE_WORD)
        *(const char **)member = option->words[index];
    else
        *(int *)member = index;
    return 0;
}

int option_set_as(const struct detector_option *option, const char *shown, void *options,
                  const char *value, struct error *error) {
    void *member = (char *)options + option->offset;
    if (option->take != NULL)
        return option->take(option, shown, options, value, error);
    switch (option->value) {
    case VALUE_FLAG:
        return take_flag(shown, member, value, error);
    case VALUE_INT:
        return take_int(option, shown, member, value, error);
    case VALUE_INT64:
        return option_whole_number(option, shown, value, member, error);
    case VALUE_SECONDS:
        return take_seconds(shown, member, value, error);
    case VALUE_TEXT:
        *(const char **)member = value;
        return 0;
    case VALUE_WORD:
    case VALUE_ENUM:
        return take_word(option, shown, member, value, error);
    }
    return -1;
}

int option_set(const struct detector_option *option, void *options, const char *value,
               struct error *error) {
    char shown[64];
    snprintf(shown, sizeof shown, "--%s", option->name);
    return option_set_as(option, shown, options, value, error);
}

int option_set_pairs(const struct detector_option *table, void *options, const char *const *pairs,
                     struct error *error) {
    for (; pairs != NULL && *pairs != NULL; pairs += 2) {
        const struct detector_option *option = option_find(table, pairs[0]);
        if (option == NULL)
            return fail(error, "there is no option '%s'", pairs[0]);
        if (option_set(option, options, pairs[1], error) != 0)
            return -1;
    }
    return 0;
}

const char *const *option_pairs_known(void *owner, const struct detector_option *table,
                                      const char *const *pairs) {
    const char **known = NULL;
    size_t count = 0;
    for (; table != NULL && pairs != NULL && *pairs != NULL; pairs += 2) {
        if (option_find(table, pairs[0]) == NULL)
            continue;
        known = grow_array(owner, known, const char *, count + 3);
        known[count++] = pairs[0];
        known[count++] = pairs[1];
        known[count] = NULL;
    }
    return known;
}

/* ---- From a member to its value -------------------------------------------------------------- */

const char *option_text(void *owner, const struct detector_option *option, const void *options) {
    const void *member = (const char *)options + option->offset;
    if (option->text != NULL)
        return option->text(owner, options);
    switch (option->value) {
    case VALUE_FLAG:
        return *(const bool *)member ? "true" : "false";
    case VALUE_INT:
        if (option->below != NULL && *(const int *)member == option->min - 1)
            return option->below;
        return never_null(talloc_asprintf(owner, "%d", *(const int *)member));
    case VALUE_INT64:
        return never_null(talloc_asprintf(owner, "%lld", (long long)*(const int64_t *)member));
    case VALUE_SECONDS:
        return never_null(talloc_asprintf(owner, "%.17g", *(const double *)member));
    case VALUE_TEXT:
    case VALUE_WORD:
        return *(const char *const *)member;
    case VALUE_ENUM:
        return option->words[*(const int *)member];
    }
    return NULL;
}

static bool is_default(const struct detector_option *option, const void *options,
                       const void *defaults) {
    void *scratch = new_owner();
    const char *text = option_text(scratch, option, options);
    const char *usual = option_text(scratch, option, defaults);
    bool same = text == usual || (text != NULL && usual != NULL && strcmp(text, usual) == 0);
    talloc_free(scratch);
    return same;
}

bool option_is_recorded(const struct detector_option *option, const void *options,
                        const void *defaults) {
    return option->record == RECORD_ALWAYS ||
           (option->record == RECORD_IF_SET && !is_default(option, options, defaults));
}
