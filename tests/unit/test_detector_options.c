/* SPDX-License-Identifier: MIT */
/*
 * The options of explore and of inject: each row of their tables is told on the command line, in
 * the catalogue, and by what repeats a run, and comes to the same.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <string.h>
#include <wordexp.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/signal_name.h"
#include "explore/front/explore_detector.h"
#include "explore/front/schedule_parse.h"
#include "explore/front/schedule_text.h"
#include "explore/search/strategies.h"
#include "hazard/catalog/catalog_options.h"
#include "hazard/commands/detector_options.h"
#include "hazard/shell_line.h"
#include "inject/inject_options.h"
#include "inject/report/inject_detector.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

static void *owner;

static void setup(void) {
    owner = new_owner();
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(detector_options, .init = setup, .fini = teardown);

/* ---- Both detectors -------------------------------------------------------------------------- */

/* Of one detector; `wanted` is a struct of its options. */
struct option_side {
    const struct detector *detector;
    size_t size;
    const void *defaults;
    bool (*same)(const void *a, const void *b);
};

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_explore(const void *left, const void *right) {
    const struct explore_options *a = left, *b = right;
    return same_text(a->strategy, b->strategy) && a->seed == b->seed &&
           a->executions == b->executions && a->steps == b->steps && a->seconds == b->seconds &&
           a->bound == b->bound && a->spurious == b->spurious && a->weak == b->weak &&
           a->timeouts == b->timeouts && a->late == b->late && a->looks == b->looks &&
           a->audit == b->audit && a->memory == b->memory && a->stores == b->stores &&
           a->jobs == b->jobs && a->overtaking == b->overtaking && a->races == b->races &&
           a->minimise == b->minimise && a->output == b->output && a->keep_going == b->keep_going &&
           a->trace == b->trace && a->memory_bytes == b->memory_bytes && a->shard == b->shard &&
           a->shards == b->shards && a->allow_exit == b->allow_exit &&
           same_text(a->reach, b->reach) && a->sv_comp == b->sv_comp &&
           memcmp(&a->severities, &b->severities, sizeof a->severities) == 0;
}

static bool same_inject(const void *left, const void *right) {
    const struct inject_options *a = left, *b = right;
    return a->signal == b->signal && a->child_exit == b->child_exit &&
           same_text(a->from, b->from) && same_text(a->until, b->until) && a->jobs == b->jobs &&
           a->at == b->at && a->second == b->second && a->twice == b->twice &&
           a->allow_exit == b->allow_exit && a->any_output == b->any_output &&
           a->points == b->points && a->seconds == b->seconds &&
           a->instructions == b->instructions && a->output_bytes == b->output_bytes &&
           a->memory_bytes == b->memory_bytes;
}

static const struct option_side explore_side = {&explore_detector, sizeof(struct explore_options),
                                                &explore_default_options, same_explore};
static const struct option_side inject_side = {&inject_detector, sizeof(struct inject_options),
                                               &inject_default_options, same_inject};

static void *defaults_of(const struct option_side *side) {
    return never_null(talloc_memdup(owner, side->defaults, side->size));
}

/* ---- The command line ------------------------------------------------------------------------ */

static error_t hand_on(int key, char *argument, struct argp_state *state) {
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

/* Words of a command line, NULL-terminated; 0, or argp's error. */
static int read_line(const struct option_side *side, const char *const *words,
                     struct detector_options *options) {
    const struct argp_child children[] = {
        {detector_options_argp(owner, side->detector), 0, NULL, 0}, {0}};
    const struct argp argp = {.parser = hand_on, .children = children};
    char *argv[16] = {talloc_strdup(owner, "hazard")};
    int argc = 1;
    for (; *words != NULL; words++)
        argv[argc++] = talloc_strdup(owner, *words);
    *options = (struct detector_options){
        .owner = owner, .detector = side->detector, .tried = defaults_of(side)};
    return argp_parse(&argp, argc, argv, ARGP_SILENT, NULL, options);
}

/* What the user's words come to for a program that is not of the suite. */
static void *told_by_line(const struct option_side *side, const char *const *words) {
    static const struct target nobody = {0};
    struct detector_options options;
    struct error error = {""};
    void *told = defaults_of(side);
    cr_assert(read_line(side, words, &options) == 0, "%s", words[0]);
    cr_assert(detector_options_apply(&options, &nobody, told, &error) == 0, "%s", error.text);
    return told;
}

static const char *as_word(const struct detector_option *option, const char *value) {
    return option->argument == NULL ? talloc_asprintf(owner, "--%s", option->name)
                                    : talloc_asprintf(owner, "--%s=%s", option->name, value);
}

static void expect_by_line(const struct option_side *side, const struct detector_option *option,
                           const char *value, const void *wanted) {
    const char *const words[] = {as_word(option, value), NULL};
    struct detector_options options;
    if (option->help != NULL)
        cr_expect(side->same(told_by_line(side, words), wanted), "%s", words[0]);
    else
        cr_expect(read_line(side, words, &options) != 0, "%s is not for users", words[0]);
}

/* ---- The catalogue --------------------------------------------------------------------------- */

static void expect_by_catalog(const struct option_side *side, const struct detector_option *option,
                              const char *value, const void *wanted) {
    const char *folder = scratch_new(owner);
    const char *path = write_file(owner, folder, "x.yaml",
                                  talloc_asprintf(owner, "# one\n%s: %s\n", option->name, value));
    struct error error = {""};
    struct yaml_file *file = yaml_open(owner, path, "x.yaml", &error);
    cr_assert(file != NULL, "%s", error.text);
    file->error = &error;
    struct catalog_own own[CATALOG_OPTIONS_COUNT] = {0};
    own[catalog_options_index(side->detector->name)].options = yaml_root(file);
    int result = catalog_options_check(file, own);
    if (option->in_catalog) {
        void *told = defaults_of(side);
        cr_assert(result == 0, "%s: %s", option->name, error.text);
        cr_assert(option_set_pairs(side->detector->options, told,
                                   catalog_options_join(file, yaml_root(file), NULL), &error) == 0,
                  "%s", error.text);
        cr_expect(side->same(told, wanted), "%s: %s", option->name, value);
    } else {
        const char *begin = talloc_asprintf(owner, "x.yaml:2: unknown key '%s'", option->name);
        cr_expect(result != 0, "%s is no key of the catalogue", option->name);
        cr_expect(strncmp(error.text, begin, strlen(begin)) == 0, "%s", error.text);
    }
    scratch_remove(folder);
}

/* ---- explore --------------------------------------------------------------------------------- */

/* What a schedule file says of the options, when it has been written and read again. */
static const struct explore_options *recorded_explore(const struct explore_options *options) {
    static const char *const none[] = {NULL}, *const sources[] = {"a.c", NULL};
    const struct schedule schedule = {.program = "a.c",
                                      .sources = sources,
                                      .compiler = "gcc",
                                      .flags = none,
                                      .args = none,
                                      .options = *options,
                                      .kind = -1,
                                      .message = "",
                                      .critical = -1};
    struct error error = {""};
    const char *text = schedule_text(owner, &schedule);
    const struct schedule *again = schedule_parse(owner, "x", text, &error);
    cr_assert(again != NULL, "%s\n%s", error.text, text);
    return &again->options;
}

/* The defaults, and one member more. */
#define EXPLORE(assignment)                                                                        \
    ({                                                                                             \
        struct explore_options with = explore_default_options;                                     \
        with.assignment;                                                                           \
        with;                                                                                      \
    })

Test(detector_options, of_explore_come_to_the_same_wherever_they_are_told) {
    const struct {
        const char *name, *value;
        struct explore_options wanted;
    } rows[] = {
        {"strategy", "pct", EXPLORE(strategy = "pct")},
        {"races", "ignore", EXPLORE(races = RACES_IGNORE)},
        {"spurious", "0", EXPLORE(spurious = 0)},
        {"weak", "5", EXPLORE(weak = 5)},
        {"timeouts", "5", EXPLORE(timeouts = 5)},
        {"late", "5", EXPLORE(late = 5)},
        {"looks", "50", EXPLORE(looks = 50)},
        {"memory", "sc", EXPLORE(memory = MEMORY_SC)},
        {"stores", "3", EXPLORE(stores = 3)},
        {"audit", "all", EXPLORE(audit = AUDIT_ALL)},
        {"overtaking", "7", EXPLORE(overtaking = 7)},
        {"executions", "2147483647", EXPLORE(executions = INT32_MAX)},
        {"steps", "300", EXPLORE(steps = 300)},
        {"ordered-output", "true", EXPLORE(output = true)},
        {"bound", "3", EXPLORE(bound = 3)},
        {"seed", "5", EXPLORE(seed = 5)},
        {"seconds", "30", EXPLORE(seconds = 30)},
        {"jobs", "4", EXPLORE(jobs = 4)},
        {"keep-going", "true", EXPLORE(keep_going = true)},
        {"no-minimise", "false", EXPLORE(minimise = false)},
        {"error", "exit", EXPLORE(severities.of[KIND_EXIT] = SEVERITY_ERROR)},
        {"ignore", "exit", EXPLORE(severities.of[KIND_EXIT] = SEVERITY_IGNORED)},
        {"allow-exit", "3", EXPLORE(allow_exit = 3)},
        {"reach", "two at once", EXPLORE(reach = "two at once")},
        {"sv-comp", "true", EXPLORE(sv_comp = true)},
        {"shard", "2/3", EXPLORE(shard = 2; with.shards = 3)},
    };
    size_t count = option_count(explore_options_table);
    cr_assert(eq(sz, count, sizeof rows / sizeof *rows), "each option has its row");
    for (size_t i = 0; i < count; i++) {
        const struct detector_option *option = option_find(explore_options_table, rows[i].name);
        const struct explore_options *wanted = &rows[i].wanted;
        cr_assert(option != NULL && !same_explore(wanted, &explore_default_options));
        expect_by_line(&explore_side, option, rows[i].value, wanted);
        expect_by_catalog(&explore_side, option, rows[i].value, wanted);
        bool recorded = option->record != RECORD_NEVER;
        cr_expect(
            same_explore(recorded_explore(wanted), recorded ? wanted : &explore_default_options),
            "%s, from a schedule file", option->name);
    }
}

/* The bounds that a schedule file keeps. */
Test(detector_options, of_explore_are_recorded_up_to_their_bounds) {
    const struct explore_options rows[] = {
        EXPLORE(races = RACES_REPORT), EXPLORE(spurious = 1000),      EXPLORE(weak = 1000),
        EXPLORE(timeouts = 1000),      EXPLORE(late = 1000),          EXPLORE(looks = 1000000),
        EXPLORE(stores = STORES_MOST), EXPLORE(overtaking = 1000000), EXPLORE(steps = 1),
        EXPLORE(steps = SHARED_TRACE),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(same_explore(recorded_explore(&rows[i]), &rows[i]), "row %zu", i);
}

/* The search's list, but for replay, and the choice among them. */
Test(detector_options, each_strategy_of_the_search_can_be_asked_for) {
    const struct detector_option *option = option_find(explore_options_table, "strategy");
    size_t words = 0, known = 0;
    for (; option->words[words] != NULL; words++)
        cr_expect(strategies_find(option->words[words]) != NULL || words == 0, "%s",
                  option->words[words]);
    while (strategies[known] != NULL)
        known++;
    expect_text(option->words[0], "auto");
    cr_expect(eq(sz, words, known));
    struct explore_options options = explore_default_options;
    cr_expect(option_set(option, &options, "replay", NULL) != 0);
}

Test(detector_options, no_preemption_at_all_differs_from_the_strategy_s_default) {
    const char *const words[] = {"--bound=0", NULL};
    const struct explore_options wanted = EXPLORE(bound = -1);
    cr_expect(same_explore(told_by_line(&explore_side, words), &wanted));
}

static const struct {
    char name[16], strategy[8];
    bool fits;
} fit_rows[] = {
    {"bound", "bound", true}, {"bound", "pct", true},   {"bound", "dpor", false},
    {"bound", "pos", false},  {"seed", "random", true}, {"seed", "pct", true},
    {"seed", "pos", true},    {"seed", "bound", false}, {"seed", "dfs", false},
    {"races", "dfs", true},   {"jobs", "dpor", true},
};

Test(detector_options, some_of_explore_are_of_some_strategies_only) {
    struct error error = {""};
    for (size_t i = 0; i < sizeof fit_rows / sizeof *fit_rows; i++) {
        const struct detector_option *option = option_find(explore_options_table, fit_rows[i].name);
        cr_expect(eq(int, explore_option_fits(option, fit_rows[i].strategy, &error),
                     fit_rows[i].fits ? 0 : -1),
                  "%s with %s", fit_rows[i].name, fit_rows[i].strategy);
    }
    expect_text(error.text, "--seed is for the strategies random, pct and pos: strategy dfs has no "
                            "use for it");
}

/* "" is nothing at all. */
static void expect_begins(const char *text, const char *begin) {
    size_t length = strlen(begin);
    cr_expect(length > 0 ? strncmp(text, begin, length) == 0 : text[0] == '\0', "%s", text);
}

/* ---- inject ---------------------------------------------------------------------------------- */

/* What the command for one point says, when a shell has read it. */
static void *repeated_inject(const struct inject_options *options) {
    char *line = detector_options_repeat(talloc_strdup(owner, ""), &inject_detector, options,
                                         &inject_default_options);
    wordexp_t words;
    cr_assert(wordexp(line, &words, WRDE_NOCMD) == 0, "%s", line);
    void *told = told_by_line(&inject_side, (const char *const *)words.we_wordv);
    wordfree(&words);
    return told;
}

#define INJECT(assignment)                                                                         \
    ({                                                                                             \
        struct inject_options with = inject_default_options;                                       \
        with.assignment;                                                                           \
        with;                                                                                      \
    })

Test(detector_options, of_inject_come_to_the_same_wherever_they_are_told) {
    const struct {
        const char *name, *value;
        struct inject_options wanted;
    } rows[] = {
        {"signal", "USR1", INJECT(signal = SIGUSR1)},
        {"child-exit", "true", INJECT(child_exit = true)},
        {"from", "work", INJECT(from = "work")},
        {"until", "work", INJECT(until = "work")},
        {"twice", "4", INJECT(twice = 4)},
        {"allow-exit", "0", INJECT(allow_exit = 0)},
        {"any-output", "true", INJECT(any_output = true)},
        {"at", "12", INJECT(at = 12)},
        {"jobs", "4", INJECT(jobs = 4)},
        {"points", "0", INJECT(points = 0)},
        {"seconds", "30", INJECT(seconds = 30)},
        {"instructions", "900", INJECT(instructions = 900)},
    };
    size_t count = option_count(inject_options_table);
    cr_assert(eq(sz, count, sizeof rows / sizeof *rows), "each option has its row");
    for (size_t i = 0; i < count; i++) {
        const struct detector_option *option = option_find(inject_options_table, rows[i].name);
        struct inject_options wanted = rows[i].wanted;
        cr_assert(option != NULL && !same_inject(&wanted, &inject_default_options));
        expect_by_line(&inject_side, option, rows[i].value, &wanted);
        expect_by_catalog(&inject_side, option, rows[i].value, &wanted);
        /* There is always a signal when a point is told. */
        struct inject_options only_signal = INJECT(signal = SIGTERM);
        if (wanted.signal == 0)
            wanted.signal = SIGTERM;
        bool recorded = option->record != RECORD_NEVER;
        cr_expect(same_inject(repeated_inject(&wanted), recorded ? &wanted : &only_signal),
                  "%s, from the command for one point", option->name);
    }
}

static const struct {
    struct inject_options options;
    const char *line;
} repeat_rows[] = {
    {{.signal = SIGCHLD, .child_exit = true, .allow_exit = -1}, " --signal=SIGCHLD --child-exit"},
    {{.signal = SIGALRM, .from = "work", .until = "rest", .allow_exit = 3, .any_output = true},
     " --signal=SIGALRM --from=work --until=rest --allow-exit=3 --any-output"},
    {{.signal = SIGUSR1, .allow_exit = 0, .twice = 4, .at = 7}, " --signal=SIGUSR1 --allow-exit=0"},
    {{.signal = SIGUSR1, .allow_exit = -1, .from = "it's"}, " --signal=SIGUSR1 '--from=it'\\''s'"},
};

Test(detector_options, the_command_for_one_point_says_what_is_not_the_default) {
    for (size_t i = 0; i < sizeof repeat_rows / sizeof *repeat_rows; i++)
        expect_text(detector_options_repeat(talloc_strdup(owner, ""), &inject_detector,
                                            &repeat_rows[i].options, &inject_default_options),
                    repeat_rows[i].line);
}

/* Real-time signals, and those of libc's own, which have no name. */
Test(detector_options, every_signal_is_repeated_by_a_name_that_is_taken) {
    for (int i = 1; i < _NSIG; i++) {
        const struct inject_options wanted = INJECT(signal = i);
        if (i != SIGKILL && i != SIGSTOP)
            cr_expect(same_inject(repeated_inject(&wanted), &wanted), "%s", signal_name(i));
    }
    expect_text(signal_name(SIGCHLD), "SIGCHLD");
    expect_text(signal_name(SIGRTMIN + 2), "SIGRTMIN+2");
    expect_text(signal_name(70), "signal 70");
}

static const struct {
    char value[16];
    int64_t at, second; /* -2: it is refused */
} at_rows[] = {
    {"12", 12, -1}, {"12+3", 12, 3}, {"0+0", 0, 0}, {"12+", -2, 0}, {"12x", -2, 0},
    {"-1", -2, 0},  {"1+-1", -2, 0}, {"", -2, 0},   {"+", -2, 0},   {"1+2+3", -2, 0},
};

Test(detector_options, a_point_is_one_number_or_two) {
    const struct detector_option *option = option_find(inject_options_table, "at");
    for (size_t i = 0; i < sizeof at_rows / sizeof *at_rows; i++) {
        struct inject_options options = inject_default_options;
        struct error error = {""};
        int result = option_set(option, &options, at_rows[i].value, &error);
        cr_expect(eq(int, result, at_rows[i].at == -2 ? -1 : 0), "%s", at_rows[i].value);
        cr_expect(eq(i64, options.at, result == 0 ? at_rows[i].at : -1), "%s", at_rows[i].value);
        cr_expect(eq(i64, options.second, result == 0 ? at_rows[i].second : -1), "%s",
                  at_rows[i].value);
        const char *wanted =
            result == 0 ? ""
                        : talloc_asprintf(owner,
                                          "--at takes the number of a point (or two: 1204+31), "
                                          "not '%s'",
                                          at_rows[i].value);
        expect_text(error.text, wanted);
    }
}

Test(detector_options, of_inject_must_fit_together) {
    static const struct {
        struct inject_options options;
        int signal; /* afterwards */
        char error[48];
    } rows[] = {
        {{.signal = 0}, 0, "which signal? --signal="},
        {{.child_exit = true}, SIGCHLD, ""},
        {{.signal = SIGCHLD, .child_exit = true}, SIGCHLD, ""},
        {{.signal = SIGCHLD}, SIGCHLD, ""},
        {{.signal = SIGALRM, .child_exit = true},
         SIGALRM,
         "--child-exit brings SIGCHLD, not SIGALRM"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct inject_options options = rows[i].options;
        struct error error = {""};
        int result = inject_options_check(&options, &error);
        cr_expect(eq(int, result, *rows[i].error == '\0' ? 0 : -1), "row %zu", i);
        cr_expect(eq(int, options.signal, rows[i].signal), "row %zu", i);
        expect_begins(error.text, rows[i].error);
    }
}

/* ---- What is refused ------------------------------------------------------------------------- */

static const struct refused_row {
    const struct option_side *side;
    char name[16], value[24];
    char error[80]; /* how it begins; "": it is taken */
} refused_rows[] = {
    {&explore_side, "strategy", "best",
     "--strategy takes auto, dpor, states, dfs, bound, random, pct or pos, "},
    {&explore_side, "races", "report", ""},
    {&explore_side, "races", "maybe", "--races takes stop, report or ignore, not 'maybe'"},
    {&explore_side, "spurious", "1000", ""},
    {&explore_side, "spurious", "1001",
     "--spurious takes a whole number from 0 to 1000, or any, not"},
    {&explore_side, "spurious", "-1",
     "--spurious takes a whole number from 0 to 1000, or any, not"},
    {&explore_side, "executions", "0", ""},
    {&explore_side, "executions", "9223372036854775808", "--executions takes a whole number"},
    {&explore_side, "steps", "0", "--steps takes a whole number from 1 to 262144, not '0'"},
    {&explore_side, "steps", "262144", ""},
    {&explore_side, "steps", "262145", "--steps takes a whole number from 1 to 262144, not"},
    {&explore_side, "bound", "1000", ""},
    {&explore_side, "bound", "1001", "--bound takes a whole number from 0 to 1000, not '1001'"},
    {&explore_side, "seed", "-1", "--seed takes a whole number from 0"},
    {&explore_side, "jobs", "256", ""},
    {&explore_side, "jobs", "257", "--jobs takes a whole number from 1 to 256, not '257'"},
    {&explore_side, "parallel", "0", "--jobs takes a whole number from 1 to 256, not '0'"},
    {&explore_side, "seconds", "0.1", ""},
    {&explore_side, "seconds", "0", "--seconds takes a number from 0.1 to 10000000, not '0'"},
    {&explore_side, "signal", "USR1", "there is no option 'signal'"},
    {&inject_side, "signal", "SIGCHLD", ""},
    {&inject_side, "signal", "CHLD", ""},
    {&inject_side, "signal", "sigchld", ""},
    {&inject_side, "signal", "17", ""},
    {&inject_side, "signal", "IOT", ""},
    {&inject_side, "signal", "SIGRTMIN+2", ""},
    {&inject_side, "signal", "SIGRTMIN", ""},
    {&inject_side, "signal", "SIGFOO", "there is no signal 'SIGFOO': SIGCHLD"},
    {&inject_side, "signal", "", "there is no signal ''"},
    {&inject_side, "signal", "0", "there is no signal '0'"},
    {&inject_side, "signal", "65", "there is no signal '65'"},
    {&inject_side, "signal", "KILL", "--signal: no program can handle SIGKILL"},
    {&inject_side, "signal", "19", "--signal: no program can handle SIGSTOP"},
    {&inject_side, "child-exit", "yes", "--child-exit takes true or false, not 'yes'"},
    {&inject_side, "jobs", "0", "--jobs takes a whole number from 1 to 256, not '0'"},
    {&inject_side, "parallel", "2", ""},
    {&inject_side, "twice", "0", ""},
    {&inject_side, "twice", "-4", "--twice takes a whole number from 0 to 1000000, not '-4'"},
    {&inject_side, "allow-exit", "255", ""},
    {&inject_side, "allow-exit", "256", "--allow-exit takes a whole number from 0 to 255, not"},
    {&inject_side, "allow-exit", "-1", "--allow-exit takes a whole number from 0 to 255, not"},
    {&inject_side, "points", "1e3", "--points takes a whole number from 0 to"},
    {&inject_side, "seconds", "nan", "--seconds takes a number from 0.1"},
    {&inject_side, "instructions", "0", "--instructions takes a whole number from 1"},
    {&inject_side, "strategy", "dpor", "there is no option 'strategy'"},
};

Test(detector_options, are_taken_or_refused_with_what_they_take) {
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        const struct refused_row *row = &refused_rows[i];
        const char *const pair[] = {row->name, row->value, NULL};
        struct error error = {""};
        int result =
            option_set_pairs(row->side->detector->options, defaults_of(row->side), pair, &error);
        cr_expect(eq(int, result, *row->error == '\0' ? 0 : -1), "%s=%s", row->name, row->value);
        expect_begins(error.text, row->error);
    }
}

/* ---- Forms of a command line ----------------------------------------------------------------- */

Test(detector_options, have_short_forms_values_of_their_own_and_earlier_names) {
    const struct {
        const struct option_side *side;
        const char *words[4];
        struct explore_options explore;
        struct inject_options inject;
    } rows[] = {
        {&explore_side, {"-j4"}, .explore = EXPLORE(jobs = 4)},
        {&explore_side, {"-j", "4"}, .explore = EXPLORE(jobs = 4)},
        {&explore_side, {"--parallel=4"}, .explore = EXPLORE(jobs = 4)},
        {&explore_side, {"--parallel=4", "-j", "3"}, .explore = EXPLORE(jobs = 3)},
        {&explore_side, {"-j3", "--parallel", "4"}, .explore = EXPLORE(jobs = 4)},
        {&explore_side, {"--races", "report"}, .explore = EXPLORE(races = RACES_REPORT)},
        {&explore_side, {"--rac=report"}, .explore = EXPLORE(races = RACES_REPORT)},
        {&inject_side, {"-s", "USR1"}, .inject = INJECT(signal = SIGUSR1)},
        {&inject_side, {"--twice"}, .inject = INJECT(twice = 16)},
        {&inject_side, {"--twice=5"}, .inject = INJECT(twice = 5)},
        {&inject_side, {"--twice=5", "--twice"}, .inject = INJECT(twice = 16)},
        {&inject_side, {"--parallel", "4"}, .inject = INJECT(jobs = 4)},
        {&inject_side, {NULL}, .inject = inject_default_options},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const void *wanted = rows[i].side == &explore_side ? (const void *)&rows[i].explore
                                                           : (const void *)&rows[i].inject;
        cr_expect(rows[i].side->same(told_by_line(rows[i].side, rows[i].words), wanted), "row %zu",
                  i);
    }
}

Test(detector_options, what_the_user_gave_is_known_by_its_name) {
    const char *const words[] = {"-j3", "--parallel=4", "--keep-going", NULL};
    struct detector_options options;
    cr_assert(read_line(&explore_side, words, &options) == 0);
    expect_text(detector_options_given(&options, "jobs"), "4", "the last one");
    expect_text(detector_options_given(&options, "keep-going"), "true");
    cr_expect(detector_options_given(&options, "races") == NULL);
}

/* buggy/sample-more.c: the catalogue says {races: report, spurious: 0} and then {spurious: 2}. */
Test(detector_options, the_user_goes_before_the_catalogue_and_that_before_the_defaults) {
    const char *const words[] = {"--spurious=5", NULL}, *const nothing[] = {NULL};
    struct error error = {""};
    const struct catalog *catalog = catalog_load(owner, "tests/fixtures/catalog/suite", &error);
    cr_assert(catalog != NULL, "%s", error.text);
    const struct hazard *hazard = catalog_find(catalog, "sample-more");
    const struct target target = {.hazard = hazard, .program = &hazard->programs[0]};
    struct detector_options options;
    struct explore_options told = explore_default_options;
    cr_assert(read_line(&explore_side, nothing, &options) == 0);
    cr_assert(detector_options_apply(&options, &target, &told, &error) == 0, "%s", error.text);
    cr_expect(eq(int, told.spurious, 2));
    cr_expect(eq(int, (int)told.races, (int)RACES_REPORT));
    told = explore_default_options;
    cr_assert(read_line(&explore_side, words, &options) == 0);
    cr_assert(detector_options_apply(&options, &target, &told, &error) == 0, "%s", error.text);
    cr_expect(eq(int, told.spurious, 5));
    cr_expect(eq(int, (int)told.races, (int)RACES_REPORT));
    cr_expect(eq(int, (int)told.steps, 20000));
}

/* ---- Lines for a shell ----------------------------------------------------------------------- */

Test(shell_line, a_word_comes_back_as_it_was) {
    static const char *const words[] = {"plain", "a/b.c",   "",   "two words", "it's", "$HOME",
                                        "*",     "a;b",     "\"", "back\\",    "#x",   "-O1",
                                        "a=b",   "1204+31", "~",  NULL};
    char *line = talloc_strdup(NULL, "");
    wordexp_t read;
    for (size_t i = 0; words[i] != NULL; i++)
        line = shell_line_add(line, words[i]);
    expect_begins(line, " plain a/b.c '' 'two words' 'it'\\''s' ");
    cr_assert(wordexp(line, &read, WRDE_NOCMD) == 0, "%s", line);
    for (size_t i = 0; words[i] != NULL; i++)
        expect_text(read.we_wordv[i], words[i]);
    wordfree(&read);
    talloc_free(line);
}
