/* SPDX-License-Identifier: MIT */
#include "explore/front/explore_options.h"

#include <stdio.h>
#include <string.h>

#include "explore/search/policy/policies.h"
#include "explore/search/strategies.h"

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

/* ---- Values that are not just a number ----------------------------------------------------- */

static const char *const races_names[] = {
    [RACES_STOP] = "stop", [RACES_REPORT] = "report", [RACES_IGNORE] = "ignore"};

const char *explore_races_name(enum races races) {
    return races_names[races];
}

int explore_races_from_name(const char *name, enum races *races) {
    for (int one = RACES_STOP; one <= RACES_IGNORE; one++)
        if (strcmp(races_names[one], name) == 0) {
            *races = (enum races)one;
            return 0;
        }
    return -1;
}

static int take_races(void *options, const char *value, struct error *error) {
    struct explore_options *explore = options;
    if (explore_races_from_name(value, &explore->races) == 0)
        return 0;
    return fail(error, "--races takes stop, report or ignore, not '%s'", value);
}

static int take_strategy(void *options, const char *value, struct error *error) {
    struct explore_options *explore = options;
    char known[128] = "";
    size_t length = 0;
    for (const struct strategy *const *s = strategies; *s != NULL; s++) {
        if (strcmp((*s)->name, value) == 0) {
            explore->strategy = value;
            return 0;
        }
        /* Nobody but `hazard replay` knows what to replay. */
        if (*s != &replay_strategy && length < sizeof known)
            length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                       length > 0 ? ", " : "", (*s)->name);
    }
    return fail(error, "there is no strategy '%s'; there are %s", value, known);
}

/* 0 is none at all, which a member of 0, the strategy's default, cannot say. */
static int take_bound(void *options, const char *value, struct error *error) {
    struct explore_options *explore = options;
    int64_t bound;
    if (option_whole_number("bound", value, 0, 1000, &bound, error) != 0)
        return -1;
    explore->bound = bound == 0 ? -1 : (int)bound;
    return 0;
}

static int take_no_minimise(void *options, const char *value, struct error *error) {
    struct explore_options *explore = options;
    if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return fail(error, "no-minimise is true or false, not '%s'", value);
    explore->minimise = strcmp(value, "false") == 0;
    return 0;
}

/* ---- The table ------------------------------------------------------------------------------- */

enum { CHOICE = 1, JUDGEMENT, BUDGET, RESULT }; /* groups of the help */

#define MEMBER(name) .offset = offsetof(struct explore_options, name)

static const char *const bounded[] = {"bound", "pct", NULL};
static const char *const random_ones[] = {"random", "pct", "pos", NULL};

const struct detector_option explore_options_table[] = {
    {.name = "strategy",
     .argument = "NAME",
     .group = CHOICE,
     .help = "How schedules are chosen: dpor (default) and dfs try all, bound those with few "
             "preemptions; random, pct and pos are samples",
     .value = VALUE_OTHER,
     .take = take_strategy},
    {.name = "bound",
     .argument = "N",
     .group = CHOICE,
     .help = "With bound: how many preemptions; with pct: the depth of the bug",
     .value = VALUE_OTHER,
     .take = take_bound,
     .strategies = bounded},
    {.name = "seed",
     .argument = "N",
     .group = CHOICE,
     .help = "With random, pct and pos: where the random numbers begin (default 0)",
     .value = VALUE_INT64,
     .max = INT64_MAX,
     MEMBER(seed),
     .strategies = random_ones},
    {.name = "jobs",
     .key = 'j',
     .argument = "N",
     .group = CHOICE,
     .help = "Share the search among N processes (default 1)",
     .value = VALUE_INT,
     .min = 1,
     .max = 256,
     MEMBER(jobs)},
    {.name = "races",
     .argument = "WHAT",
     .group = JUDGEMENT,
     .help = "stop at the first data race (default), report them and go on, or ignore them",
     .value = VALUE_OTHER,
     .take = take_races},
    {.name = "spurious",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "In one execution each thread may wake up for nothing N times (default 1)",
     .value = VALUE_INT,
     .max = 1000,
     MEMBER(spurious)},
    {.name = "overtaking",
     .argument = "N",
     .group = JUDGEMENT,
     .value = VALUE_INT,
     .max = 1000000,
     MEMBER(overtaking)},
    {.name = "ordered-output",
     .alone = "true",
     .group = JUDGEMENT,
     .help = "Executions whose lines of output come in another order differ",
     .value = VALUE_FLAG,
     MEMBER(output)},
    {.name = "keep-going",
     .alone = "true",
     .group = JUDGEMENT,
     .help = "Go on after a finding, and report each that differs",
     .value = VALUE_FLAG,
     MEMBER(keep_going)},
    {.name = "executions",
     .argument = "N",
     .group = BUDGET,
     .help = "Stop after N executions (default 1000000 with dpor and dfs, else 10000; 0: no limit)",
     .value = VALUE_INT64,
     .max = INT64_MAX,
     MEMBER(executions)},
    {.name = "steps",
     .argument = "N",
     .group = BUDGET,
     .help = "End an execution after N steps (default 20000)",
     .value = VALUE_INT64,
     .min = 1,
     .max = SHARED_TRACE,
     MEMBER(steps)},
    {.name = "seconds",
     .argument = "N",
     .group = BUDGET,
     .help = "Stop after N seconds (default: never)",
     .value = VALUE_SECONDS,
     MEMBER(seconds)},
    {.name = "no-minimise",
     .alone = "true",
     .group = RESULT,
     .help = "Keep the failing schedule as it was found, with all its switches",
     .value = VALUE_OTHER,
     .take = take_no_minimise},
    {.name = "parallel", /* what "jobs" was called in earlier versions */
     .value = VALUE_INT,
     .min = 1,
     .max = 256,
     MEMBER(jobs)},
    {.name = NULL},
};

int explore_option_set(struct explore_options *options, const char *name, const char *value,
                       struct error *error) {
    const struct detector_option *option = option_find(explore_options_table, name);
    return option != NULL ? option_set(option, options, value, error)
                          : fail(error, "explore has no option '%s'", name);
}

/* ---- Options of some strategies only --------------------------------------------------------- */

/* "random, pct and pos". */
static void join(char *text, size_t size, const char *const *names) {
    size_t length = 0;
    *text = '\0';
    for (size_t i = 0; names[i] != NULL && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   i == 0                 ? ""
                                   : names[i + 1] == NULL ? " and "
                                                          : ", ",
                                   names[i]);
}

int explore_option_fits(const char *name, const char *strategy, struct error *error) {
    const struct detector_option *option = option_find(explore_options_table, name);
    if (option == NULL || option->strategies == NULL)
        return 0;
    for (const char *const *one = option->strategies; *one != NULL; one++)
        if (strcmp(*one, strategy) == 0)
            return 0;
    char names[64];
    join(names, sizeof names, option->strategies);
    return fail(error, "--%s is for the strategies %s: strategy %s has no use for it", name, names,
                strategy);
}
