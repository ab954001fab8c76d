/* SPDX-License-Identifier: MIT */
/*
 * The options of an exploration, by their words: the command line, the catalogue and the schedule
 * file say the same in the same way.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/front/explore.h"
#include "explore/search/search.h"

const struct explore_options explore_default_options = {
    .strategy = "dpor",
    .executions = -1,
    .steps = 20000,
    .spurious = 1,
    .jobs = 1,
    .races = RACES_STOP,
    .minimise = true,
    .memory_bytes = (size_t)4 << 30,
};

static const char *const races_names[] = {
    [RACES_STOP] = "stop", [RACES_REPORT] = "report", [RACES_IGNORE] = "ignore"};

const char *races_name(enum races races) {
    return races_names[races];
}

static int take_races(struct explore_options *options, const char *value, struct error *error) {
    for (int races = RACES_STOP; races <= RACES_IGNORE; races++)
        if (strcmp(races_names[races], value) == 0) {
            options->races = (enum races)races;
            return 0;
        }
    return fail(error, "--races takes stop, report or ignore, not '%s'", value);
}

static int take_strategy(struct explore_options *options, const char *value, struct error *error) {
    char known[128] = "";
    size_t length = 0;
    for (const struct strategy *const *s = strategies; *s != NULL; s++) {
        if (strcmp((*s)->name, value) == 0) {
            options->strategy = value;
            return 0;
        }
        /* Nobody but `hazard replay` knows what to replay. */
        if (*s != &strategy_replay && length < sizeof known)
            length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                       length > 0 ? ", " : "", (*s)->name);
    }
    return fail(error, "there is no strategy '%s'; there are %s", value, known);
}

/* A whole number from min to max. */
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

static int take_seconds(struct explore_options *options, const char *value, struct error *error) {
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(seconds) || seconds < 0.1 || seconds > 1e7)
        return fail(error, "--seconds takes a number from 0.1 to 10000000, not '%s'", value);
    options->seconds = seconds;
    return 0;
}

/* The numbers: what they may be, and which member they fill (one of the two). */
static const struct number {
    const char *name;
    int64_t min, max;
    size_t wide, narrow; /* offsets of an int64_t or an int; SIZE_MAX: not that */
} numbers[] = {
    {"seed", 0, INT64_MAX, offsetof(struct explore_options, seed), SIZE_MAX},
    {"executions", 0, INT64_MAX, offsetof(struct explore_options, executions), SIZE_MAX},
    {"steps", 1, SHARED_TRACE, offsetof(struct explore_options, steps), SIZE_MAX},
    {"bound", 0, 1000, SIZE_MAX, offsetof(struct explore_options, bound)},
    {"spurious", 0, 1000, SIZE_MAX, offsetof(struct explore_options, spurious)},
    {"overtaking", 0, 1000000, SIZE_MAX, offsetof(struct explore_options, overtaking)},
    {"parallel", 1, 256, SIZE_MAX, offsetof(struct explore_options, jobs)},
};

/* Options that only some strategies have a use for. */
static const struct special {
    const char *name;
    const char *strategies[4]; /* NULL-terminated */
    const char *words;
} specials[] = {
    {"bound", {"bound", "pct"}, "strategies bound and pct"},
    {"seed", {"random", "pct", "pos"}, "strategies random, pct and pos"},
};

int explore_option_fits(const char *name, const char *strategy, struct error *error) {
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (strcmp(specials[i].name, name) != 0)
            continue;
        for (const char *const *one = specials[i].strategies; *one != NULL; one++)
            if (strcmp(*one, strategy) == 0)
                return 0;
        return fail(error, "--%s is for the %s: strategy %s has no use for it", name,
                    specials[i].words, strategy);
    }
    return 0;
}

int explore_option_set(struct explore_options *options, const char *name, const char *value,
                       struct error *error) {
    if (strcmp(name, "races") == 0)
        return take_races(options, value, error);
    if (strcmp(name, "strategy") == 0)
        return take_strategy(options, value, error);
    if (strcmp(name, "seconds") == 0)
        return take_seconds(options, value, error);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct number *number = &numbers[i];
        int64_t taken = 0;
        if (strcmp(number->name, name) != 0)
            continue;
        if (take_number(name, value, number->min, number->max, &taken, error) != 0)
            return -1;
        if (strcmp(name, "bound") == 0 && taken == 0)
            taken = -1; /* none at all; 0 is the strategy's default */
        if (number->wide != SIZE_MAX)
            memcpy((char *)options + number->wide, &taken, sizeof taken);
        else
            *(int *)(void *)((char *)options + number->narrow) = (int)taken;
        return 0;
    }
    return fail(error, "explore has no option '%s'", name);
}
