/* SPDX-License-Identifier: MIT */
#include "hazard/grade/check_run.h"

#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/memory.h"
#include "explore/front/schedule_parse.h"
#include "explore/front/schedule_text.h"
#include "hazard/catalog/lesson_for.h"
#include "hazard/cc/cc_line.h"
#include "hazard/root.h"
#include "hazard/shell_line.h"
#include "run/run_describe.h"

#define SCHEDULE "../.hazard/tmp/schedule"
#define SCHEDULE_BYTES (1 << 20)

/* ---- Command lines ------------------------------------------------------------------------------ */

static const struct way {
    const char *command, *detector, *compiler; /* hazard COMMAND; of `check`, --with=DETECTOR */
    enum stage_room room;
} ways[CHECK_WITHS] = {
    [CHECK_EXPLORE] = {"explore", NULL, "gcc", STAGE_DETECTOR},
    [CHECK_CONCURRENCY] = {"explore", NULL, "gcc", STAGE_DETECTOR},
    [CHECK_INJECT] = {"inject", NULL, "gcc", STAGE_TRACER},
    [CHECK_PROBE] = {"probe", NULL, "gcc", STAGE_SERVER},
    [CHECK_TSAN] = {"check", "tsan", "clang", STAGE_DETECTOR},
    [CHECK_TSAN_GCC] = {"check", "tsan-gcc", "gcc", STAGE_DETECTOR},
    [CHECK_HELGRIND] = {"check", "helgrind", "gcc", STAGE_DETECTOR},
    [CHECK_DRD] = {"check", "drd", "gcc", STAGE_DETECTOR},
    [CHECK_RUN] = {NULL, NULL, "gcc", STAGE_DETECTOR},
};

static void add_sources(struct cc_line *line, const struct handin *handin, const char *compiler) {
    for (const char *const *source = handin->sources; *source != NULL; source++)
        cc_line_add(line, talloc_asprintf(line->owner, "%s.%s.i", *source, compiler));
}

const char *const *check_run_driver(void *owner, const struct assignment *assignment) {
    struct cc_line line = {.owner = owner};
    for (const char *const *file = assignment->driver; *file != NULL; file++)
        cc_line_add(&line, talloc_asprintf(owner, STAGE_GIVEN "/%s", *file));
    return cc_line_words(&line);
}

const char *const *check_run_sources(void *owner, const struct assignment *assignment,
                                     const struct handin *handin, const char *compiler) {
    struct cc_line line = {.owner = owner};
    add_sources(&line, handin, compiler);
    cc_line_add_all(&line, check_run_driver(owner, assignment));
    return cc_line_words(&line);
}

static void add_given(struct cc_line *line, const char *option, const struct check *check,
                      const char *ending) {
    cc_line_add(line, talloc_asprintf(line->owner, "--%s=" STAGE_GIVEN "/%s.%s", option,
                                      check->name, ending));
}

static const char *const *command_line(const struct check_run *run, const struct check *check) {
    const struct way *way = &ways[check->with];
    struct cc_line line = {.owner = run->owner};
    cc_line_add_all(&line,
                    (const char *const[]){run->stage->hazard, "grade", "--within=" STAGE_WORK,
                                          way->command, "--json", NULL});
    if (way->detector != NULL)
        cc_line_add(&line, talloc_asprintf(run->owner, "--with=%s", way->detector));
    if (strcmp(way->command, "explore") == 0)
        cc_line_add(&line, "--schedule=" SCHEDULE);
    if (check->with == CHECK_CONCURRENCY)
        cc_line_add(&line, talloc_asprintf(run->owner, "--reach=%s", check->label));
    if (check->dialogue != NULL)
        add_given(&line, "dialogue", check, "dialogue");
    if (check->stdin_file != NULL)
        add_given(&line, "stdin", check, "stdin");
    if (check->with != CHECK_PROBE)
        cc_line_add(&line, "--cwd=" STAGE_WORK);
    cc_line_add_all(&line, check->options);
    cc_line_add_all(&line,
                    check_run_sources(run->owner, run->assignment, run->handin, way->compiler));
    cc_line_add(&line, "-I..");
    cc_line_add_all(&line, run->assignment->flags);
    cc_line_add(&line, "--");
    cc_line_add_all(&line, check->args);
    return cc_line_words(&line);
}

/* ---- What it came to ---------------------------------------------------------------------------- */

static int read_status(const struct run_outcome *outcome) {
    return outcome->end == RUN_EXITED ? outcome->status : -1;
}

/* The last line that hazard said when it failed: the one with the reason. */
static const char *reason_of(void *owner, const struct run_outcome *outcome) {
    const char *at = strstr(outcome->errors, "hazard: "), *last = at;
    for (; at != NULL; at = strstr(at + 1, "hazard: "))
        last = at;
    return last != NULL ? last + strlen("hazard: ") : run_explain(owner, outcome);
}

/* What the program took from all of the sandbox is its own fault; time is nobody's. */
static int end_by_limit(const struct check_run *run, const struct check *check, struct mark *mark,
                        const struct run_outcome *outcome, struct error *error) {
    switch (outcome->end) {
    case RUN_MEMORY_LIMIT:
    case RUN_DISK_LIMIT:
    case RUN_PROCESS_LIMIT:
    case RUN_OUTPUT_LIMIT:
        mark->state = MARK_FAILED;
        mark->points = check->points < 0 ? check->points : 0;
        break;
    case RUN_TIME_LIMIT:
    case RUN_STUCK:
        mark->state = MARK_UNDECIDED;
        mark->points = check->undecided;
        break;
    case RUN_EXITED:
    case RUN_SIGNALED:
    case RUN_INTERRUPTED:
        return fail(error, "hazard was ended in the sandbox: %s",
                    run_describe(run->owner, outcome));
    }
    mark->sentence =
        talloc_asprintf(run->owner, "the sandbox ended it: %s", run_describe(run->owner, outcome));
    return 0;
}

/* ---- For students ------------------------------------------------------------------------------- */

/* The schedule as it fits the student's files; only what a schedule may say. */
static void attach_schedule(const struct check_run *run, struct mark *mark) {
    struct error ignored;
    void *owner = run->owner;
    char *path = never_null(talloc_asprintf(owner, "%s/.hazard/tmp/schedule", run->stage->folder));
    char *text = file_read(owner, path, &ignored);
    remove(path);
    if (text == NULL || talloc_get_size(text) > SCHEDULE_BYTES || *run->assignment->driver != NULL)
        return;
    const char *clean = answer_clean(owner, run->names, text);
    struct schedule *schedule = schedule_parse(owner, "schedule", clean, &ignored);
    if (schedule == NULL)
        return;
    schedule->folder = NULL;
    schedule->input = NULL;
    mark->attachment_name = talloc_asprintf(owner, "%s.schedule", mark->name);
    mark->attachment = schedule_text(owner, schedule);
    mark->replay = talloc_asprintf(owner, "hazard replay %s", mark->attachment_name);
}

/* The teacher's own, or how the kind is mended and where the suite shows it. */
static const char *hint_of(const struct check_run *run, const struct check *check,
                           const struct mark *mark) {
    struct error ignored;
    if (check->hint != NULL)
        return clean_line(run->owner, check->hint);
    if (mark->kind == NULL)
        return "";
    enum kind kind = (enum kind)kind_from_name(mark->kind);
    const char *root = root_find(run->owner, &ignored);
    const struct catalog *catalog = root != NULL ? catalog_load(run->owner, root, &ignored) : NULL;
    const struct hazard *lesson = catalog != NULL ? lesson_for(catalog, kind) : NULL;
    return lesson == NULL
               ? kind_remedy(kind)
               : never_null(talloc_asprintf(run->owner,
                                            "%s The same in the small: `hazard show %s`.",
                                            kind_remedy(kind), lesson->name));
}

/* ---- A program alone ---------------------------------------------------------------------------- */

static void fail_run(const struct check_run *run, const struct check *check, struct mark *mark,
                     const char *sentence, const struct run_outcome *outcome) {
    mark->state = MARK_FAILED;
    mark->points = check->points < 0 ? check->points : 0;
    mark->sentence = sentence;
    if (*outcome->output != '\0')
        mark->details =
            answer_clean(run->owner, run->names,
                         talloc_asprintf(run->owner, "it printed:\n%.*s\n", 2000, outcome->output));
}

/* Does one run end as it should? *mark is filled where it does not. -1 and *error. */
static int run_once(const struct check_run *run, const struct check *check, const char *wanted,
                    struct mark *mark, struct error *error) {
    struct run_outcome outcome;
    const char *program = talloc_asprintf(run->owner, "%s/.hazard/tmp/plain", run->stage->folder);
    if (stage_run_alone(run->owner, run->stage, program, check->args, check->stdin_file, &outcome,
                        error) != 0)
        return -1;
    const char *sentence = NULL;
    if (read_status(&outcome) != check->status)
        sentence = talloc_asprintf(run->owner, "it did not end with exit status %d: %s",
                                   check->status, run_describe(run->owner, &outcome));
    else if (wanted != NULL && strcmp(wanted, outcome.output) != 0)
        sentence = "it printed something else than it should";
    if (sentence != NULL)
        fail_run(run, check, mark, sentence, &outcome);
    return sentence == NULL;
}

static int run_plain(const struct check_run *run, const struct check *check, struct mark *mark,
                     struct error *error) {
    char *wanted = check->output != NULL ? file_read(run->owner, check->output, error) : NULL;
    int good = check->output != NULL && wanted == NULL ? -1 : 1;
    for (int i = 0; good > 0 && i < check->runs; i++)
        good = run_once(run, check, wanted, mark, error);
    if (good <= 0)
        return good;
    mark->state = MARK_PASSED;
    mark->points = check->points > 0 ? check->points : 0;
    mark->sentence = wanted != NULL ? "it printed what it should, and ended as it should"
                                    : "it ended as it should";
    return 0;
}

/* ---- The check ---------------------------------------------------------------------------------- */

/* Under a third-party tool it has clients, too. */
static bool is_server(const struct check *check) {
    for (const char *const *option = check->options; *option != NULL; option++)
        if (strcmp(*option, "--server") == 0)
            return true;
    return check->with == CHECK_PROBE;
}

static int run_detector(const struct check_run *run, const struct check *check, struct mark *mark,
                        struct error *error) {
    struct run_outcome outcome;
    enum stage_room room = is_server(check) ? STAGE_SERVER : ways[check->with].room;
    if (stage_run(run->owner, run->stage, room, command_line(run, check), NULL, &outcome, error) !=
        0)
        return -1;
    int status = read_status(&outcome);
    if (status < 0)
        return end_by_limit(run, check, mark, &outcome, error);
    if (status == 2)
        return fail(error, "%s", reason_of(run->owner, &outcome));
    if (answer_read(run->owner, check, outcome.output, run->names, mark, error) != 0)
        return -1;
    attach_schedule(run, mark);
    return 0;
}

int check_run(const struct check_run *run, const struct check *check, struct mark *mark,
              struct error *error) {
    int result = check->with == CHECK_RUN ? run_plain(run, check, mark, error)
                                          : run_detector(run, check, mark, error);
    if (result == 0 && (mark->state == MARK_FAILED || mark->state == MARK_PARTIAL))
        mark->hint = hint_of(run, check, mark);
    return result;
}
