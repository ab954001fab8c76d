/* SPDX-License-Identifier: MIT */
#include "option.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct detector_option *option_find(const struct detector_option *table, const char *name) {
    for (const struct detector_option *option = table; option->name != NULL; option++)
        if (strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

int option_whole_number(const char *name, const char *value, int64_t min, int64_t max, int64_t *to,
                        struct error *error) {
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < min || number > max)
        return fail(error, "--%s takes a whole number from %lld to %lld, not '%s'", name,
                    (long long)min, (long long)max, value);
    *to = number;
    return 0;
}

static int take_int(const struct detector_option *option, int *member, const char *value,
                    struct error *error) {
    int64_t number;
    if (option_whole_number(option->name, value, option->min, option->max, &number, error) != 0)
        return -1;
    *member = (int)number;
    return 0;
}

static int take_seconds(const char *name, double *member, const char *value, struct error *error) {
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(seconds) || seconds < 0.1 || seconds > 1e7)
        return fail(error, "--%s takes a number from 0.1 to 10000000, not '%s'", name, value);
    *member = seconds;
    return 0;
}

static int take_flag(const char *name, bool *member, const char *value, struct error *error) {
    *member = strcmp(value, "true") == 0;
    if (!*member && strcmp(value, "false") != 0)
        return fail(error, "%s is true or false, not '%s'", name, value);
    return 0;
}

int option_set(const struct detector_option *option, void *options, const char *value,
               struct error *error) {
    void *member = (char *)options + option->offset;
    switch (option->value) {
    case VALUE_FLAG:
        return take_flag(option->name, member, value, error);
    case VALUE_INT:
        return take_int(option, member, value, error);
    case VALUE_INT64:
        return option_whole_number(option->name, value, option->min, option->max, member, error);
    case VALUE_SECONDS:
        return take_seconds(option->name, member, value, error);
    case VALUE_TEXT:
        *(const char **)member = value;
        return 0;
    case VALUE_OTHER:
        return option->take(options, value, error);
    }
    return -1;
}
