/* SPDX-License-Identifier: MIT */
/*
 * The options of inject, by their words: the command line and the catalogue say the same in the
 * same way.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject/inject_options.h"

const struct inject_options inject_default_options = {
    .jobs = 1,
    .at = -1,
    .second = -1,
    .allow_exit = -1,
    .points = 1000000,
    .instructions = 10000000,
    .output_bytes = (size_t)1 << 20,
    .memory_bytes = (size_t)2 << 30,
};

/* ---- Signals ------------------------------------------------------------------------- */

const char *signal_name(int number) {
    static char names[_NSIG][32];
    if (number <= 0 || number >= _NSIG) {
        static char other[32];
        snprintf(other, sizeof other, "signal %d", number);
        return other;
    }
    char *name = names[number];
    const char *abbreviation = sigabbrev_np(number);
    if (abbreviation != NULL)
        snprintf(name, sizeof names[0], "SIG%s", abbreviation);
    else if (number == SIGRTMIN)
        snprintf(name, sizeof names[0], "SIGRTMIN");
    else if (number > SIGRTMIN && number <= SIGRTMAX)
        snprintf(name, sizeof names[0], "SIGRTMIN+%d", number - SIGRTMIN);
    else
        snprintf(name, sizeof names[0], "signal %d", number);
    return name;
}

/* "SIGCHLD", "CHLD", "17", "SIGRTMIN+2"; 0 if there is none of that name. */
static int signal_number(const char *word) {
    char *end;
    long number = strtol(word, &end, 10);
    if (end != word && *end == '\0')
        return number > 0 && number < _NSIG ? (int)number : 0;
    const char *name = strncasecmp(word, "SIG", 3) == 0 ? word + 3 : word;
    for (int i = 1; i < _NSIG; i++)
        if (strcasecmp(signal_name(i), word) == 0 || strcasecmp(signal_name(i) + 3, name) == 0)
            return i;
    return strcmp(name, "IOT") == 0 ? SIGABRT : 0;
}

static int take_signal(struct inject_options *options, const char *value, struct error *error) {
    int number = signal_number(value);
    if (number == 0)
        return fail(error,
                    "there is no signal '%s': SIGCHLD, SIGALRM, SIGUSR1... `kill -l` names "
                    "them",
                    value);
    if (number == SIGKILL || number == SIGSTOP)
        return fail(error, "--signal: no program can handle %s", signal_name(number));
    options->signal = number;
    return 0;
}

/* ---- Numbers and words --------------------------------------------------------------- */

/* A whole number from min to max that ends at *end or, where `end` is NULL, with the text. */
static int take_number(const char *name, const char *value, int64_t min, int64_t max, int64_t *to,
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

static int take_seconds(struct inject_options *options, const char *value, struct error *error) {
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(seconds) || seconds < 0.1 || seconds > 1e7)
        return fail(error, "--seconds takes a number from 0.1 to 10000000, not '%s'", value);
    options->seconds = seconds;
    return 0;
}

static int take_flag(const char *name, const char *value, bool *to, struct error *error) {
    *to = strcmp(value, "true") == 0;
    if (!*to && strcmp(value, "false") != 0)
        return fail(error, "%s is true or false, not '%s'", name, value);
    return 0;
}

/* "1204", or "1204+31": the second signal at the 31st instruction of the first one's handler. */
static int take_at(struct inject_options *options, const char *value, struct error *error) {
    long long first = -1, second = -1;
    int length = 0;
    bool both = sscanf(value, "%lld+%lld%n", &first, &second, &length) == 2;
    if (!both && sscanf(value, "%lld%n", &first, &length) != 1)
        length = 0;
    if (length == 0 || value[length] != '\0' || first < 0 || (both && second < 0))
        return fail(error, "--at takes the number of a point (or two: 1204+31), not '%s'", value);
    options->at = first;
    options->second = both ? second : -1;
    return 0;
}

static const struct number {
    const char *name;
    int64_t min, max;
    size_t offset; /* of an int64_t */
} numbers[] = {
    {"twice", 0, 1000000, offsetof(struct inject_options, twice)},
    {"allow-exit", 0, 255, offsetof(struct inject_options, allow_exit)},
    {"points", 0, INT64_MAX, offsetof(struct inject_options, points)},
    {"instructions", 1, INT64_MAX, offsetof(struct inject_options, instructions)},
};

static int take_jobs(struct inject_options *options, const char *value, struct error *error) {
    int64_t jobs = 0;
    if (take_number("jobs", value, 1, 256, &jobs, error) != 0)
        return -1;
    options->jobs = (int)jobs;
    return 0;
}

int inject_option_set(struct inject_options *options, const char *name, const char *value,
                      struct error *error) {
    if (strcmp(name, "signal") == 0)
        return take_signal(options, value, error);
    if (strcmp(name, "child-exit") == 0)
        return take_flag(name, value, &options->child_exit, error);
    if (strcmp(name, "any-output") == 0)
        return take_flag(name, value, &options->any_output, error);
    if (strcmp(name, "seconds") == 0)
        return take_seconds(options, value, error);
    if (strcmp(name, "at") == 0)
        return take_at(options, value, error);
    if (strcmp(name, "jobs") == 0 || strcmp(name, "parallel") == 0) /* of earlier versions */
        return take_jobs(options, value, error);
    if (strcmp(name, "from") == 0 || strcmp(name, "until") == 0) {
        *(*name == 'f' ? &options->from : &options->until) = value;
        return 0;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(numbers[i].name, name) == 0)
            return take_number(name, value, numbers[i].min, numbers[i].max,
                               (int64_t *)(void *)((char *)options + numbers[i].offset), error);
    return fail(error, "inject has no option '%s'", name);
}

int inject_options_check(struct inject_options *options, struct error *error) {
    if (options->child_exit && options->signal == 0)
        options->signal = SIGCHLD;
    if (options->signal == 0)
        return fail(error, "which signal? --signal=SIGALRM, SIGUSR1, SIGINT, SIGTERM and SIGCHLD "
                           "(with --child-exit: when a child ends) are usual");
    if (options->child_exit && options->signal != SIGCHLD)
        return fail(error, "--child-exit brings SIGCHLD, not %s", signal_name(options->signal));
    return 0;
}
