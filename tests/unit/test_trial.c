/* SPDX-License-Identifier: MIT */
/*
 * A program under a detector that plays a script: how often it runs, what each run is held against,
 * what all of them come to. The programs are those of tests/fixtures/catalog/suite, and some that
 * are written here. Where a row needs no compiler, /bin/true stands for what would have been built.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "hazard/suite/trial.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

static void *owner;
static const char *folder;
static const struct catalog *catalog;

/* ---- The detector -------------------------------------------------------------------- */

/* What one run brings. */
enum act {
    NO_MORE,
    EXITS,
    FAILS, /* exit 1 */
    CRASHES,
    IS_ENDED, /* by SIGTERM */
    STUCK,
    OUT_OF_TIME,
    SPINS, /* out of time, too, and never waited */
    OUT_OF_OUTPUT,
    OUT_OF_MEMORY,
    OUT_OF_PROCESSES,
    INTERRUPTED,
    CANNOT_RUN, /* hazard itself fails */
    /* Findings: at the marked line, or, in a program without one, at any. */
    RACES,
    ATOMICITY,
    LOCK_ORDER,
    RACES_ELSEWHERE,
    CALLER_RACES /* the marked line called what races */
};
enum { MOST_ACTS = 5 };
#define BUGGY "buggy/sample.c"
#define DECOY "buggy/sample-decoy.c"
#define FIXED "fixed/sample.c"
#define VARIANT "fixed/sample-variant.c"
#define SERVER "fixed/listener.c"
#define TIME 0.5 /* a run may take */

static struct script {
    const enum act *acts;
    int runs; /* so far */
    char folders[MOST_ACTS][64];
    const char *binary; /* of the last run */
} script;

static const struct run_outcome outcomes[] = {
    [FAILS] = {.status = 1},
    [CRASHES] = {.end = RUN_SIGNALED, .status = SIGSEGV},
    [IS_ENDED] = {.end = RUN_SIGNALED, .status = SIGTERM},
    [STUCK] = {.end = RUN_STUCK},
    [OUT_OF_TIME] = {.end = RUN_TIME_LIMIT},
    [SPINS] = {.end = RUN_TIME_LIMIT, .burning = true},
    [OUT_OF_OUTPUT] = {.end = RUN_OUTPUT_LIMIT},
    [OUT_OF_MEMORY] = {.end = RUN_MEMORY_LIMIT},
    [OUT_OF_PROCESSES] = {.end = RUN_PROCESS_LIMIT},
    [INTERRUPTED] = {.end = RUN_INTERRUPTED},
    [CALLER_RACES] = {0}, /* exit 0, like all that have a finding */
};

static int marked_line(const char *file) {
    struct marks marks = {0};
    cr_assert(marks_read(owner, file, &marks, NULL) == 0);
    return marks.count > 0 ? marks.items[0].line : 2;
}

static void say(void *below, const char *file, enum act act, struct findings *findings) {
    enum kind kind = act == ATOMICITY    ? KIND_ATOMICITY
                     : act == LOCK_ORDER ? KIND_LOCK_ORDER
                                         : KIND_DATA_RACE;
    struct location location = {.actor = "thread 2", .doing = "write"};
    struct finding finding = {.kind = kind, .message = "tool's words"};
    struct frame frame = {.function = "main", .file = file, .line = marked_line(file)};
    struct frame other = {.function = "f", .file = file, .line = 1};
    if (act == CALLER_RACES || act == RACES_ELSEWHERE)
        location_add_frame(below, &location, other);
    if (act != RACES_ELSEWHERE)
        location_add_frame(below, &location, frame);
    finding_add_location(below, &finding, location);
    findings_add(below, findings, finding);
}

static size_t count_entries(const char *path) {
    size_t count = 0;
    DIR *open = opendir(path);
    cr_assert(open != NULL, "%s is not there", path);
    while (readdir(open) != NULL)
        count++;
    closedir(open);
    return count - 2; /* "." and ".." */
}

static int play(void *below, const struct subject *subject, const struct run_limits *limits,
                const char *scratch, struct run_report *report, struct error *error) {
    enum act act = script.acts[script.runs];
    cr_assert(act != NO_MORE, "one run more than the script has");
    cr_expect(limits->seconds == TIME);
    cr_expect(eq(sz, count_entries(scratch), 0), "the scratch folder is empty");
    write_file(below, scratch, "report", "");
    strncpy(script.folders[script.runs++], scratch, sizeof *script.folders - 1);
    script.binary = subject->binary;
    if (act == CANNOT_RUN)
        return fail(error, "the report cannot be read");
    report->outcome = outcomes[act];
    report->outcome.output = report->outcome.errors = talloc_strdup(below, "");
    if (act >= RACES)
        say(below, subject->sources.paths[0], act, &report->findings);
    return 0;
}

/* ---- The trial ----------------------------------------------------------------------- */

static void setup(void) {
    struct error error = {""};
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
    catalog = catalog_load(owner, "tests/fixtures/catalog/suite", &error);
    cr_assert(catalog != NULL, "%s", error.text);
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
}

TestSuite(trial, .init = setup, .fini = teardown, .timeout = 300);

static struct target own_program(const char *path) {
    static const char *const no_args[] = {NULL};
    const char **paths = new_array(owner, const char *, 1);
    paths[0] = path;
    return (struct target){.name = path, .sources = {paths, 1}, .args = no_args};
}

/* "buggy/sample.c", a path in the suite. */
static struct target suite_program(const char *path) {
    for (size_t i = 0; i < catalog->count; i++) {
        const struct hazard *hazard = &catalog->hazards[i];
        for (size_t j = 0; j < hazard->program_count; j++) {
            if (strcmp(hazard->programs[j].path, path) != 0)
                continue;
            struct target target =
                own_program(talloc_asprintf(owner, "%s/%s", catalog->root, path));
            target.name = path;
            target.args = hazard->args;
            target.server = hazard->server;
            target.hazard = hazard;
            target.program = &hazard->programs[j];
            return target;
        }
    }
    cr_assert(false, "the suite has no %s", path);
    return (struct target){0};
}

static struct detector detector_of(const char *name) {
    return (struct detector){.name = name,
                             .flavour = &flavour_plain,
                             .whole_stacks = strcmp(name, "explore") == 0,
                             .default_runs = 3,
                             .run = play};
}

static int run_trial(const struct detector *detector, const struct target *target,
                     const enum act *acts, int runs, struct result *result, const char **words,
                     struct error *error) {
    struct trial trial = {.detector = detector,
                          .target = target,
                          .runs = runs,
                          .limits = run_default_limits,
                          .build_folder = folder};
    trial.limits.seconds = TIME;
    script = (struct script){.acts = acts};
    int status = trial_run(owner, &trial, result, words, error);
    for (int i = 0; i < script.runs; i++)
        cr_expect(access(script.folders[i], F_OK) != 0, "run %d: its folder is left", i);
    return status;
}

static const struct trial_row {
    char about[40];
    const char *program; /* of the suite; "": a user's own */
    char detector[12];
    int asked;                /* that many runs; 0: as the detector has it, three */
    enum act acts[MOST_ACTS]; /* of the runs that there are */
    enum verdict verdict;
    int hits;
} trial_rows[] = {
    /* How often. */
    {"as the detector has it", BUGGY, "tsan", 0, {EXITS, EXITS, EXITS}, VERDICT_SILENT, 3},
    {"as the user has it", BUGGY, "tsan", 1, {EXITS}, VERDICT_SILENT, 1},
    {"a finding ends nothing", BUGGY, "tsan", 0, {RACES, EXITS, RACES}, VERDICT_FOUND, 2},
    {"a crash ends nothing", "", "tsan", 0, {CRASHES, EXITS, CRASHES}, VERDICT_FOUND, 2},
    {"stuck twice is enough", BUGGY, "tsan", 0, {STUCK, STUCK}, VERDICT_HUNG, 2},
    {"not only in a row", BUGGY, "tsan", 5, {STUCK, EXITS, STUCK}, VERDICT_HUNG, 2},
    {"stuck once is not", BUGGY, "tsan", 0, {STUCK, EXITS, RACES}, VERDICT_FOUND, 1},
    {"time is over once", BUGGY, "tsan", 0, {OUT_OF_TIME}, VERDICT_HUNG, 1},
    {"too much output once", BUGGY, "tsan", 0, {OUT_OF_OUTPUT}, VERDICT_HUNG, 1},
    {"too much memory once", BUGGY, "tsan", 0, {OUT_OF_MEMORY}, VERDICT_HUNG, 1},
    {"too many processes once", BUGGY, "tsan", 0, {OUT_OF_PROCESSES}, VERDICT_HUNG, 1},
    {"a limit after other runs", BUGGY, "tsan", 0, {RACES, OUT_OF_TIME}, VERDICT_FOUND, 1},
    {"a binary that spins stays hung", "", "tsan", 0, {SPINS}, VERDICT_HUNG, 1},
    /* The charge: the kind and the marks. Under explore whole stacks count. */
    {"the hazard's kind", BUGGY, "tsan", 1, {RACES}, VERDICT_FOUND, 1},
    {"another line", BUGGY, "tsan", 1, {RACES_ELSEWHERE}, VERDICT_OTHER, 1},
    {"another kind", BUGGY, "tsan", 1, {LOCK_ORDER}, VERDICT_OTHER, 1},
    {"the detector's own word for it", BUGGY, "helgrind", 1, {LOCK_ORDER}, VERDICT_FOUND, 1},
    {"the hazard's word is not that", BUGGY, "helgrind", 1, {RACES}, VERDICT_OTHER, 1},
    {"the program's own kind", DECOY, "tsan", 1, {ATOMICITY}, VERDICT_FOUND, 1},
    {"the hazard's kind is not that", DECOY, "tsan", 1, {RACES}, VERDICT_OTHER, 1},
    {"nothing expected: the hazard's kind", BUGGY, "probe", 1, {RACES}, VERDICT_FOUND, 1},
    {"the marked line called it", BUGGY, "tsan", 1, {CALLER_RACES}, VERDICT_OTHER, 1},
    {"the same where whole stacks count", BUGGY, "explore", 1, {CALLER_RACES}, VERDICT_FOUND, 1},
    {"a false alarm", FIXED, "tsan", 1, {RACES}, VERDICT_OTHER, 1},
    {"any finding in a user's own", "", "tsan", 1, {LOCK_ORDER}, VERDICT_FOUND, 1},
    /* The charge: how it may end. */
    {"a buggy program may fail", BUGGY, "tsan", 1, {FAILS}, VERDICT_SILENT, 1},
    {"a decoy may fail", DECOY, "tsan", 1, {FAILS}, VERDICT_SILENT, 1},
    {"a fixed program may not", FIXED, "tsan", 1, {FAILS}, VERDICT_OTHER, 1},
    {"a variant may not", VARIANT, "tsan", 1, {FAILS}, VERDICT_OTHER, 1},
    {"a user's own may fail", "", "tsan", 1, {FAILS}, VERDICT_SILENT, 1},
    {"SIGTERM ends a server", SERVER, "tsan", 1, {IS_ENDED}, VERDICT_SILENT, 1},
    {"SIGTERM ends no other", FIXED, "tsan", 1, {IS_ENDED}, VERDICT_OTHER, 1},
};

static int count_acts(const enum act *acts) {
    int count = 0;
    while (acts[count] != NO_MORE)
        count++;
    return count;
}

static struct target target_of(const struct trial_row *row) {
    struct target target =
        row->program[0] != '\0'
            ? suite_program(row->program)
            : own_program(talloc_asprintf(owner, "%s/buggy/sample.c", catalog->root));
    target.binary = "/bin/true";
    return target;
}

Test(trial, comes_to_the_verdict_of_its_runs) {
    for (size_t i = 0; i < sizeof trial_rows / sizeof *trial_rows; i++) {
        const struct trial_row *row = &trial_rows[i];
        const struct target target = target_of(row);
        const struct detector detector = detector_of(row->detector);
        struct result result;
        const char *words;
        struct error error = {""};
        int status = run_trial(&detector, &target, row->acts, row->asked, &result, &words, &error);
        cr_assert(eq(int, status, 0), "%s: %s", row->about, error.text);
        expect_text(verdict_name(result.verdict), verdict_name(row->verdict), "%s", row->about);
        cr_expect(eq(int, script.runs, count_acts(row->acts)), "%s", row->about);
        cr_expect(eq(int, result.runs, script.runs), "%s", row->about);
        cr_expect(eq(int, result.hits, row->hits), "%s", row->about);
        expect_text(result.detector, row->detector, "%s", row->about);
    }
}

Test(trial, each_run_has_a_folder_of_its_own) {
    static const enum act acts[MOST_ACTS] = {EXITS, EXITS};
    const struct target target = target_of(&trial_rows[0]);
    const struct detector detector = detector_of("tsan");
    struct result result;
    const char *words;
    cr_assert(eq(int, run_trial(&detector, &target, acts, 2, &result, &words, NULL), 0));
    expect_other_text(script.folders[0], script.folders[1]);
}

static const struct {
    char about[32];
    enum act acts[MOST_ACTS];
    char error[32];
} failure_rows[] = {
    {"hazard failed", {CANNOT_RUN}, "the report cannot be read"},
    {"it failed later", {RACES, CANNOT_RUN}, "the report cannot be read"},
    {"the user stopped it", {EXITS, INTERRUPTED}, "interrupted"},
};

Test(trial, a_failure_of_hazard_itself_is_no_verdict) {
    for (size_t i = 0; i < sizeof failure_rows / sizeof *failure_rows; i++) {
        const struct target target = target_of(&trial_rows[0]);
        const struct detector detector = detector_of("tsan");
        struct result result;
        const char *words;
        struct error error = {""};
        int status =
            run_trial(&detector, &target, failure_rows[i].acts, 0, &result, &words, &error);
        cr_expect(eq(int, status, -1), "%s", failure_rows[i].about);
        cr_expect(eq(int, script.runs, count_acts(failure_rows[i].acts)), "%s",
                  failure_rows[i].about);
        expect_text(error.text, failure_rows[i].error, "%s", failure_rows[i].about);
    }
}

/* ---- Under the tool and without ------------------------------------------------------ */

static const struct {
    char about[40];
    char code[48]; /* of main */
    enum act acts[MOST_ACTS];
    enum verdict verdict;
    char detail[56];
} native_rows[] = {
    {"it ends without the tool", "return 3;", {SPINS}, VERDICT_CHANGED, "without the tool: exit 3"},
    {"after another run", "return 0;", {STUCK, SPINS}, VERDICT_CHANGED, "without the tool: exit 0"},
    {"it spins without the tool, too", "for (;;) ;", {SPINS}, VERDICT_HUNG, ""},
    {"it is killed without the tool", "__builtin_trap();", {SPINS}, VERDICT_HUNG, ""},
    {"it waited", "return 0;", {OUT_OF_TIME}, VERDICT_HUNG, ""},
    {"it was stuck", "return 0;", {STUCK, STUCK}, VERDICT_HUNG, ""},
    {"a run had a finding", "return 0;", {RACES, SPINS}, VERDICT_FOUND, ""},
};

Test(trial, what_ends_without_the_tool_was_changed_by_it) {
    for (size_t i = 0; i < sizeof native_rows / sizeof *native_rows; i++) {
        const char *about = native_rows[i].about;
        const char *code =
            talloc_asprintf(owner, "int main(void) {\n    %s\n}\n", native_rows[i].code);
        const struct target target =
            own_program(write_file(owner, folder, talloc_asprintf(owner, "%zu.c", i), code));
        const struct detector detector = detector_of("tsan");
        struct result result;
        const char *words;
        struct error error = {""};
        int status = run_trial(&detector, &target, native_rows[i].acts, 0, &result, &words, &error);
        cr_assert(eq(int, status, 0), "%s: %s", about, error.text);
        expect_text(verdict_name(result.verdict), verdict_name(native_rows[i].verdict), "%s",
                    about);
        cr_expect(strstr(result.detail, native_rows[i].detail) != NULL, "%s: %s", about,
                  result.detail);
        cr_expect(eq(int, strstr(result.detail, "without the tool") != NULL,
                     result.verdict == VERDICT_CHANGED),
                  "%s: %s", about, result.detail);
    }
}

/* ---- Building ------------------------------------------------------------------------ */

Test(trial, what_does_not_compile_is_not_run) {
    static const enum act acts[MOST_ACTS] = {NO_MORE};
    const struct target target =
        own_program(write_file(owner, folder, "bad.c", "int main(void) { return missing; }\n"));
    const struct detector detector = detector_of("tsan");
    struct result result;
    const char *words = NULL;
    struct error error = {""};
    cr_expect(eq(int, run_trial(&detector, &target, acts, 0, &result, &words, &error), -1));
    cr_expect(strstr(error.text, "does not compile") != NULL, "%s", error.text);
    cr_expect(words != NULL && strstr(words, "bad.c:1:25: error: ") != NULL, "%s", words);
}

/* Below the build folder, by the detector's flavour. */
Test(trial, is_built_in_the_detectors_flavour) {
    static const enum act acts[MOST_ACTS] = {EXITS};
    struct flavour flavour = flavour_plain;
    struct detector detector = detector_of("tsan");
    const struct target targets[] = {
        suite_program("fixed/sample-variant.c"),
        own_program(talloc_asprintf(owner, "%s/fixed/sample.c", catalog->root)),
        target_of(&trial_rows[0]),
    };
    const char *binaries[] = {talloc_asprintf(owner, "%s/spiced/fixed/sample-variant", folder),
                              talloc_asprintf(owner, "%s/spiced/program", folder), "/bin/true"};
    flavour.name = "spiced";
    detector.flavour = &flavour;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct result result;
        const char *words;
        struct error error = {""};
        int status = run_trial(&detector, &targets[i], acts, 1, &result, &words, &error);
        cr_assert(eq(int, status, 0), "%s: %s", targets[i].name, error.text);
        expect_text(script.binary, binaries[i]);
        cr_expect(eq(int, access(binaries[i], X_OK), 0), "%s", binaries[i]);
    }
}

/* The arguments, with the options behind them: "2 1; races report". */
static const char *words_of(const struct subject *subject) {
    char *line = talloc_strdup(owner, "");
    for (const char *const *arg = subject->args; *arg != NULL; arg++)
        line = talloc_asprintf_append(line, "%s%s", arg == subject->args ? "" : " ", *arg);
    line = talloc_asprintf_append(line, subject->options != NULL ? ";" : "");
    for (const char *const *word = subject->options; word != NULL && *word != NULL; word++)
        line = talloc_asprintf_append(line, " %s", *word);
    return line;
}

static const struct {
    char program[24];  /* "": a user's own */
    char detector[12]; /* "": none */
    bool own_args;     /* the user gave "7" */
    char words[40];
} word_rows[] = {
    {"buggy/sample.c", "tsan", false, "2 100;"},
    {"buggy/sample.c", "tsan", true, "7;"},
    {"buggy/sample.c", "", false, "2 100"},
    {"fixed/sample-more.c", "tsan", false, ";"},
    {"fixed/sample-more.c", "explore", false, "2 1; races report spurious 0"},
    {"fixed/sample-more.c", "explore", true, "7; races report spurious 0"},
    {"fixed/sample-more.c", "", false, ""},
    {"", "explore", false, ""},
    {"", "explore", true, "7"},
};

Test(trial, the_detector_gets_the_arguments_and_options_of_the_program) {
    static const char *const given[] = {"7", NULL};
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        struct target target = word_rows[i].program[0] != '\0' ? suite_program(word_rows[i].program)
                                                               : own_program("/own.c");
        const struct detector detector = detector_of(word_rows[i].detector);
        const struct trial trial = {.detector = *detector.name != '\0' ? &detector : NULL,
                                    .target = &target,
                                    .build_folder = folder};
        struct subject subject;
        const char *words;
        if (word_rows[i].own_args)
            target.args = given;
        target.binary = "/bin/true";
        cr_assert(trial_build(owner, &trial, &flavour_plain, &subject, &words, NULL) == 0);
        expect_text(words_of(&subject), word_rows[i].words, "row %zu", i);
        expect_text(subject.name, target.name, "row %zu", i);
        cr_expect(words == NULL, "row %zu", i);
    }
}
