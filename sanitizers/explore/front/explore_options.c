/* SPDX-License-Identifier: MIT */
#include "explore/front/explore_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explore/search/strategies.h"

const struct explore_options explore_default_options = {
    .strategy = "auto",
    .executions = -1,
    .steps = 20000,
    .spurious = BOUND_FREE,
    .weak = BOUND_FREE,
    .timeouts = BOUND_FREE,
    .late = 1,
    .looks = 2,
    .stores = 8,
    .jobs = 1,
    .races = RACES_STOP,
    .audit = AUDIT_FIRST,
    .memory = MEMORY_TSO,
    .minimise = true,
    .allow_exit = -1,
    .severities = SEVERITIES_DEFAULT,
    .memory_bytes = (size_t)4 << 30,
};

/* 0 is none at all, which a member of 0, the strategy's default, cannot say. */
static int take_bound(const struct detector_option *option, const char *shown, void *options,
                      const char *value, struct error *error) {
    struct explore_options *explore = options;
    int64_t bound;
    if (option_whole_number(option, shown, value, &bound, error) != 0)
        return -1;
    explore->bound = bound == 0 ? -1 : (int)bound;
    return 0;
}

static int take_errors(const struct detector_option *option, const char *shown, void *options,
                       const char *value, struct error *error) {
    (void)option;
    return severity_take(&((struct explore_options *)options)->severities, SEVERITY_ERROR, shown,
                         value, error);
}

static int take_ignored(const struct detector_option *option, const char *shown, void *options,
                        const char *value, struct error *error) {
    (void)option;
    return severity_take(&((struct explore_options *)options)->severities, SEVERITY_IGNORED, shown,
                         value, error);
}

/* Which part of how many: "2/3". */
static int take_shard(const struct detector_option *option, const char *shown, void *options,
                      const char *value, struct error *error) {
    enum { MOST = 10000 };
    struct explore_options *explore = options;
    char *end;
    long shard = strtol(value, &end, 10), shards = *end == '/' ? strtol(end + 1, &end, 10) : 0;
    (void)option;
    if (*end != '\0' || strspn(value, "0123456789/") != strlen(value) || shard < 1 ||
        shard > shards || shards > MOST)
        return fail(error,
                    "%s takes K/N, part K of N, as 1/3, 2/3 and 3/3 (N at most %d), not '%s'",
                    shown, MOST, value);
    explore->shard = (int)shard;
    explore->shards = (int)shards;
    return 0;
}

static int take_reach(const struct detector_option *option, const char *shown, void *options,
                      const char *value, struct error *error) {
    (void)option;
    if (*value == '\0' || strlen(value) >= SHARED_LABEL)
        return fail(error, "%s takes the label of a hazard_reach, of at most %d characters", shown,
                    SHARED_LABEL - 1);
    ((struct explore_options *)options)->reach = value;
    return 0;
}

static const char *shard_text(void *owner, const void *options) {
    const struct explore_options *explore = options;
    return explore->shards == 0
               ? NULL
               : never_null(talloc_asprintf(owner, "%d/%d", explore->shard, explore->shards));
}

/* ---- The table ------------------------------------------------------------------------------- */

/* What the search knows, but for replay: only `hazard replay` knows what to replay. */
static const char *const strategy_names[] = {"auto",   "dpor", "states", "dfs", "bound",
                                             "random", "pct",  "pos",    NULL};
static const char *const bounded[] = {"bound", "pct", NULL};
static const char *const sharded[] = {"auto", "dpor", "states", NULL};
static const char *const random_ones[] = {"random", "pct", "pos", NULL};

static const char *const races[] = {
    [RACES_STOP] = "stop", [RACES_REPORT] = "report", [RACES_IGNORE] = "ignore", NULL};

static const char *const memories[] = {[MEMORY_TSO] = "tso", [MEMORY_SC] = "sc", NULL};

static const char *const audits[] = {
    [AUDIT_OFF] = "off", [AUDIT_FIRST] = "first", [AUDIT_ALL] = "all", NULL};

enum { CHOICE = 1, JUDGEMENT, BUDGET, RESULT }; /* groups of the help */

#define MEMBER(name) .offset = offsetof(struct explore_options, name)

/* What a schedule file says is what decides how the schedule goes on. */
const struct detector_option explore_options_table[] = {
    {.name = "strategy",
     .argument = "NAME",
     .group = CHOICE,
     .help =
         "How schedules are chosen: dpor and dfs try all, states each state once, auto (default) "
         "dpor or states, whichever is through sooner; bound those with few preemptions; "
         "random, pct and pos are samples",
     .in_catalog = true,
     .value = VALUE_WORD,
     .words = strategy_names,
     MEMBER(strategy)},
    {.name = "races",
     .argument = "WHAT",
     .group = JUDGEMENT,
     .help = "stop at the first data race (default), report them and go on, or ignore them",
     .in_catalog = true,
     .record = RECORD_ALWAYS,
     .value = VALUE_ENUM,
     .words = races,
     MEMBER(races)},
    {.name = "spurious",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "In one execution each thread may wake up for nothing N times (default any: no bound "
             "with states, 1 with other strategies)",
     .in_catalog = true,
     .record = RECORD_ALWAYS,
     .value = VALUE_INT,
     .below = "any",
     .max = 1000,
     MEMBER(spurious)},
    {.name = "weak",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "In one execution N weak compare-exchanges of each thread may fail for nothing "
             "(default any: no bound with states, 2 with other strategies)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .below = "any",
     .max = 1000,
     MEMBER(weak)},
    {.name = "timeouts",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "In one execution each thread may time out N times while others can still move "
             "(default any: no bound with states, 3 with other strategies)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .below = "any",
     .max = 1000,
     MEMBER(timeouts)},
    {.name = "late",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "In one execution each thread may look at the clock N times an hour late (default 1)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .max = 1000,
     MEMBER(late)},
    {.name = "looks",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "Only the first N looks at the clock of each thread may be late (default 2)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .max = 1000000,
     MEMBER(looks)},
    {.name = "memory",
     .argument = "MODEL",
     .group = JUDGEMENT,
     .help =
         "When others see an atomic store weaker than seq_cst: tso (default), some time later, as "
         "on x86-64; sc, at once",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_ENUM,
     .words = memories,
     MEMBER(memory)},
    {.name = "stores",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "With tso: N stores of a thread may wait in its store buffer at a time (default 8)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .max = STORES_MOST,
     MEMBER(stores)},
    {.name = "audit",
     .argument = "WHAT",
     .group = JUDGEMENT,
     .help = "Which instructions are held against the hooks that announce what they access: those "
             "that run for the first time (first, the default), all, or none (off)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_ENUM,
     .words = audits,
     MEMBER(audit)},
    {.name = "overtaking",
     .argument = "N",
     .group = JUDGEMENT,
     .help =
         "Others may take what a thread waits for N times, then it starves (default 0: no limit)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .max = 1000000,
     MEMBER(overtaking)},
    {.name = "executions",
     .argument = "N",
     .group = BUDGET,
     .help = "Stop after N executions (default 1000000, or 10000 of a sample; 0: no limit)",
     .in_catalog = true,
     .value = VALUE_INT64,
     .max = INT64_MAX,
     MEMBER(executions)},
    {.name = "steps",
     .argument = "N",
     .group = BUDGET,
     .help = "End an execution after N steps (default 20000)",
     .in_catalog = true,
     .record = RECORD_ALWAYS,
     .record_name = "step-limit", /* its "steps" are those that follow */
     .value = VALUE_INT64,
     .min = 1,
     .max = SHARED_TRACE,
     MEMBER(steps)},
    {.name = "ordered-output",
     .alone = "true",
     .group = JUDGEMENT,
     .help = "Executions whose lines of output come in another order differ",
     .record = RECORD_ALWAYS,
     .value = VALUE_FLAG,
     MEMBER(output)},
    {.name = "bound",
     .argument = "N",
     .group = CHOICE,
     .help = "With bound: how many preemptions; with pct: the depth of the bug",
     .in_catalog = true,
     .value = VALUE_INT,
     .max = 1000,
     .take = take_bound,
     .strategies = bounded},
    {.name = "seed",
     .argument = "N",
     .group = CHOICE,
     .help = "With random, pct and pos: where the random numbers begin (default 0)",
     .in_catalog = true,
     .value = VALUE_INT64,
     .max = INT64_MAX,
     MEMBER(seed),
     .strategies = random_ones},
    {.name = "seconds",
     .argument = "N",
     .group = BUDGET,
     .help =
         "Stop after N seconds (default: never, but for a program of yours, without --executions "
         "and --shard, after a number of steps that takes some 15 s)",
     .in_catalog = true,
     .value = VALUE_SECONDS,
     MEMBER(seconds)},
    {.name = "jobs",
     .formerly = "parallel",
     .key = 'j',
     .argument = "N",
     .group = CHOICE,
     .help = "Share the search among N processes (default 1)",
     .value = VALUE_INT,
     .min = 1,
     .max = 256,
     MEMBER(jobs)},
    {.name = "shard",
     .argument = "K/N",
     .group = CHOICE,
     .help = "Search part K of N only, by dpor (default) or states; `hazard merge' joins the "
             "verdicts (with --json) of all N",
     .value = VALUE_TEXT,
     .take = take_shard,
     .text = shard_text,
     MEMBER(shard),
     .strategies = sharded},
    {.name = "keep-going",
     .alone = "true",
     .group = JUDGEMENT,
     .help = "Go on after a finding, and report each that differs",
     .value = VALUE_FLAG,
     MEMBER(keep_going)},
    {.name = "error",
     .argument = "KIND",
     .group = JUDGEMENT,
     .help = "A finding of that kind (or kinds: A,B) fails the program, also where it would be a "
             "warning: thread-leak, and an exit status that is the same under every schedule",
     .in_catalog = true,
     .value = VALUE_TEXT,
     .take = take_errors},
    {.name = "ignore",
     .argument = "KIND",
     .group = JUDGEMENT,
     .help = "A thread-leak or exit is not worth a word",
     .value = VALUE_TEXT,
     .take = take_ignored},
    {.name = "allow-exit",
     .argument = "N",
     .group = JUDGEMENT,
     .help = "Exit status N is as good as 0",
     .in_catalog = true,
     .value = VALUE_INT,
     .max = 255,
     MEMBER(allow_exit)},
    {.name = "reach",
     .argument = "LABEL",
     .group = CHOICE,
     .help = "Search for a schedule that comes to hazard_reach(\"LABEL\"): exit status 0 if there "
             "is one, 1 if there is none",
     .record = RECORD_IF_SET,
     .value = VALUE_TEXT,
     .take = take_reach,
     MEMBER(reach)},
    {.name = "sv-comp",
     .alone = "true",
     .group = CHOICE,
     .help = "Know the functions of SV-COMP: __VERIFIER_nondet_int and its like (some values are "
             "tried), __VERIFIER_assume, __VERIFIER_atomic_*, reach_error",
     .record = RECORD_IF_SET,
     .value = VALUE_FLAG,
     MEMBER(sv_comp)},
    {.name = "no-minimise",
     .alone = "false", /* of `minimise` */
     .group = RESULT,
     .help = "Keep the failing schedule as it was found, with all its switches",
     .value = VALUE_FLAG,
     MEMBER(minimise)},
    {.name = NULL},
};

/* ---- Options of some strategies only --------------------------------------------------------- */

int explore_option_fits(const struct detector_option *option, const char *strategy,
                        struct error *error) {
    if (option->strategies == NULL)
        return 0;
    for (const char *const *one = option->strategies; *one != NULL; one++)
        if (strcmp(*one, strategy) == 0)
            return 0;
    char names[64];
    option_join(names, sizeof names, option->strategies, " and ");
    return fail(error, "--%s is for the strategies %s: strategy %s has no use for it", option->name,
                names, strategy);
}

const struct strategy *explore_decided(const struct explore_options *options,
                                       const struct shared *shared) {
    return strategies_find(shared->decided[0] != '\0' ? shared->decided : options->strategy);
}
