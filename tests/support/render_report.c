/* SPDX-License-Identifier: MIT */
#include "tests/support/render_report.h"

#include <stdlib.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_where.h"

static struct hazard hazards[] = {
    {.name = "toy", .title = "A toy", .family = HAZARD_FAMILY_RACES, .headline = true, .cwe = 362},
    {.name = "inn",
     .title = "No room",
     .family = HAZARD_FAMILY_SERVERS,
     .server = true,
     .cwe = 833},
};

/* Of the C library that is there. */
static const struct where renewed = {
    .ranges[0] = {.oldest = 237, .below = 300, .text = ">=2.37 <3"}};

static const struct expectation found = {.detector = "tsan",
                                         .verdict = VERDICT_FOUND,
                                         .alternative = -1,
                                         .kind = KIND_DATA_RACE,
                                         .reason = ""};
static const struct expectation blind = {.detector = "helgrind",
                                         .verdict = VERDICT_SILENT,
                                         .alternative = -1,
                                         .kind = KIND_DATA_RACE,
                                         .reason = "It looks at locks alone, and there is none."};
static const struct expectation chance = {.detector = "tsan",
                                          .verdict = VERDICT_FOUND,
                                          .alternative = VERDICT_SILENT,
                                          .kind = KIND_ATOMICITY,
                                          .reason = "The window is narrow.",
                                          .where = &renewed};
static const struct expectation cannot = {.detector = "helgrind",
                                          .verdict = VERDICT_UNSUPPORTED,
                                          .alternative = -1,
                                          .kind = KIND_DATA_RACE,
                                          .reason = "It knows no such call."};
static const struct expectation alarm = {.detector = "drd",
                                         .verdict = VERDICT_OTHER,
                                         .alternative = -1,
                                         .kind = KIND_DATA_RACE,
                                         .reason = "A known false alarm."};
static const struct expectation seen = {.detector = "drd",
                                        .verdict = VERDICT_FOUND,
                                        .alternative = -1,
                                        .kind = KIND_DATA_RACE,
                                        .reason = ""};
static const struct expectation quiet = {.detector = "tsan",
                                         .verdict = VERDICT_SILENT,
                                         .alternative = -1,
                                         .kind = KIND_DATA_RACE,
                                         .reason = ""};
static const struct expectation blocked = {.detector = "probe",
                                           .verdict = VERDICT_FOUND,
                                           .alternative = -1,
                                           .kind = KIND_BLOCKED_CLIENT,
                                           .reason = ""};

static const struct expectation exhausted = {.detector = "explore",
                                             .verdict = VERDICT_FOUND,
                                             .alternative = -1,
                                             .kind = KIND_DATA_RACE,
                                             .reason = ""};
static const struct expectation proved = {.detector = "explore",
                                          .verdict = VERDICT_PROVED,
                                          .alternative = -1,
                                          .kind = KIND_DATA_RACE,
                                          .reason = "",
                                          .count = 432};
static const struct expectation budget = {.detector = "explore",
                                          .verdict = VERDICT_BOUNDED,
                                          .alternative = -1,
                                          .kind = KIND_DATA_RACE,
                                          .reason = "It is a big one."};

static const struct program toy = {.path = "buggy/toy.c", .role = ROLE_BUGGY};
static const struct program toy_decoy = {.path = "buggy/toy-decoy.c", .role = ROLE_DECOY};
static const struct program toy_fixed = {.path = "fixed/toy.c", .role = ROLE_FIXED};
static const struct program inn = {.path = "buggy/inn.c", .role = ROLE_BUGGY};

static struct program_report *add_program(struct suite_report *report, const char *path,
                                          const struct hazard *hazard,
                                          const struct program *program) {
    report->programs =
        grow_array(report, report->programs, struct program_report, report->count + 1);
    struct program_report *added = &report->programs[report->count++];
    const char **source = new_array(report, const char *, 1);
    *source = talloc_asprintf(report, "%s/%s", report->root, path);
    *added = (struct program_report){.program = path,
                                     .hazard = hazard,
                                     .in_suite = program,
                                     .sources = {.paths = source, .count = 1}};
    return added;
}

static struct findings *add_cell(struct suite_report *report, struct program_report *program,
                                 struct cell cell) {
    program->cells = grow_array(report, program->cells, struct cell, program->cell_count + 1);
    program->cells[program->cell_count++] = cell;
    report->mismatches += cell.mismatch;
    return &program->cells[program->cell_count - 1].result.findings;
}

/* A location in a program of the suite, or outside of it when the path is absolute; line 0: none.
 */
static void add_location(struct suite_report *report, struct finding *finding,
                         struct location location, const char *file, int line,
                         const char *function) {
    const char *path = *file == '/' ? file : talloc_asprintf(report, "%s/%s", report->root, file);
    struct frame frame = {.function = function, .file = path, .line = line, .column = line / 4};
    if (line > 0)
        location_add_frame(report, &location, frame);
    finding_add_location(report, finding, location);
}

static void add_race(struct suite_report *report, struct findings *findings, const char *file) {
    struct finding race = {.kind = KIND_DATA_RACE, .message = "data race on global 'total'"};
    add_location(report, &race, (struct location){.actor = "thread 2", .doing = "write of size 4"},
                 file, 22, "add");
    add_location(report, &race,
                 (struct location){.actor = "thread 1", .doing = "previous read of size 4"}, file,
                 21, "add");
    add_location(
        report, &race,
        (struct location){.actor = "main thread", .doing = "thread 2 was created", .context = true},
        "/lib/pthread_create.c", 9, "pthread_create");
    findings_add(report, findings, race);
}

/* Words that a terminal would obey, that are no UTF-8, and that XML must escape. */
static void add_nasty(struct suite_report *report, struct findings *findings) {
    findings_add(report, findings,
                 (struct finding){.kind = KIND_EXIT,
                                  .message = "\033[2J<b>&\"' \xff\xc3\xa9\x01 \xed\xa0\x80 end\n"});
}

static void add_cycle(struct suite_report *report, struct findings *findings) {
    static const char *const actors[] = {"car 0", "car 1", "car 2", "car 3"};
    struct finding cycle = {.kind = KIND_DEADLOCK, .message = "a cycle of 4"};
    for (int i = 0; i < 4; i++)
        add_location(report, &cycle,
                     (struct location){
                         .actor = actors[i],
                         .doing = talloc_asprintf(
                             report, "holds the mutex M%d and waits for M%d for ever", i, i + 1),
                     },
                     "fixed/toy.c", 21, "add");
    findings_add(report, findings, cycle);
}

static void add_blocked(struct suite_report *report, struct findings *findings) {
    struct finding finding = {.kind = KIND_BLOCKED_CLIENT,
                              .message = "client 2 waits for client 1"};
    struct location server = {.actor = "server process", .doing = "blocked in read"};
    location_add_frame(report, &server, (struct frame){.function = "read", .file = "/lib/read.c"});
    add_location(report, &finding, server, "buggy/inn.c", 12, "serve");
    add_location(report, &finding,
                 (struct location){.actor = "client 2", .doing = "blocked in read"}, "", 0, "");
    findings_add(report, findings, finding);
}

static struct suite_report *new_report(void *owner) {
    struct suite_report *report = new_array(owner, struct suite_report, 1);
    char *root = realpath(RENDER_SUITE, NULL);
    report->root = talloc_strdup(report, root);
    free(root);
    return report;
}

static struct cell cell(enum verdict verdict, int hits, int runs, const char *detail,
                        const struct expectation *expected) {
    return (struct cell){
        .result = {.detector = expected->detector,
                   .verdict = verdict,
                   .hits = hits,
                   .runs = runs,
                   .detail = detail},
        .expected = expected,
        .mismatch = verdict != expected->verdict && (int)verdict != expected->alternative,
    };
}

struct suite_report *report_of_suite(void *owner) {
    struct suite_report *report = new_report(owner);
    struct program_report *program = add_program(report, toy.path, &hazards[0], &toy);
    add_race(report, add_cell(report, program, cell(VERDICT_FOUND, 2, 3, "exit 0", &found)),
             toy.path);
    add_cell(report, program, cell(VERDICT_SILENT, 3, 3, "", &blind));
    program = add_program(report, toy_decoy.path, &hazards[0], &toy_decoy);
    add_cell(report, program, cell(VERDICT_HUNG, 1, 3, "stuck", &chance));
    add_cell(report, program, cell(VERDICT_UNSUPPORTED, 1, 1, "io_uring", &cannot));
    add_race(report, add_cell(report, program, cell(VERDICT_FOUND, 1, 3, "", &seen)),
             toy_decoy.path);
    program = add_program(report, toy_fixed.path, &hazards[0], &toy_fixed);
    add_nasty(report, add_cell(report, program, cell(VERDICT_OTHER, 3, 3, "exit 1", &quiet)));
    program->cells[0].result.program_failed = true;
    add_cycle(report, add_cell(report, program, cell(VERDICT_OTHER, 3, 3, "", &alarm)));
    program = add_program(report, inn.path, &hazards[1], &inn);
    add_blocked(report, add_cell(report, program, cell(VERDICT_FOUND, 1, 1, "", &blocked)));
    report->versions[0] = 241;
    report->versions[3] = 324; /* the compilers are not there */
    return report;
}

/* Three steps of two actors; the first one of the execution is left out. */
static void add_schedule(struct suite_report *report, struct finding *finding) {
    static const struct {
        const char *actor, *doing;
        int line;
    } steps[] = {{"thread 2", "reads `total`: 0", 21},
                 {"main thread", "reads `total`: 0", 21},
                 {"thread 2", "writes `total`: 1", 22}};
    finding->schedule = new_array(report, struct location, 3);
    finding->schedule_first = 1;
    for (; finding->schedule_count < 3; finding->schedule_count++) {
        struct location *step = &finding->schedule[finding->schedule_count];
        int line = steps[finding->schedule_count].line;
        step->actor = steps[finding->schedule_count].actor;
        step->doing = steps[finding->schedule_count].doing;
        location_add_frame(
            report, step,
            (struct frame){.function = "add",
                           .file = talloc_asprintf(report, "%s/%s", report->root, toy.path),
                           .line = line,
                           .column = 9});
    }
}

static struct cell counted(enum verdict verdict, long long count, const char *detail,
                           const struct expectation *expected) {
    struct cell one = cell(verdict, 1, 1, detail, expected);
    one.result.count = count;
    one.mismatch |= expected->count > 0 && expected->count != count;
    return one;
}

struct suite_report *report_of_explore(void *owner) {
    struct suite_report *report = new_report(owner);
    struct program_report *program = add_program(report, toy.path, &hazards[0], &toy);
    struct findings *findings =
        add_cell(report, program, counted(VERDICT_FOUND, 3, "3 executions", &exhausted));
    add_race(report, findings, toy.path);
    add_schedule(report, &findings->items[0]);
    program = add_program(report, toy_decoy.path, &hazards[0], &toy_decoy);
    add_cell(report, program, counted(VERDICT_BOUNDED, 1000, "1,000 executions", &budget));
    program = add_program(report, toy_fixed.path, &hazards[0], &toy_fixed);
    add_cell(report, program, counted(VERDICT_PROVED, 431, "431 executions", &proved));
    return report;
}

struct suite_report *report_of_user(void *owner) {
    static const struct expectation shapes[] = {
        {.detector = "tsan", .verdict = VERDICT_FOUND, .alternative = -1, .reason = ""},
        {.detector = "tsan-gcc", .verdict = VERDICT_HUNG, .alternative = -1, .reason = ""},
        {.detector = "helgrind", .verdict = VERDICT_CHANGED, .alternative = -1, .reason = ""},
        {.detector = "drd", .verdict = VERDICT_SILENT, .alternative = -1, .reason = ""},
        {.detector = "probe", .verdict = VERDICT_UNSUPPORTED, .alternative = -1, .reason = ""},
    };
    static const char *const details[] = {"exit 66", "stuck", "spins", "exit 0", "never listens"};
    struct suite_report *report = new_report(owner);
    struct program_report *program = add_program(report, "buggy/toy.c", NULL, NULL);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        add_cell(report, program, cell(shapes[i].verdict, 3, 3, details[i], &shapes[i]));
        program->cells[i].expected = NULL;
    }
    program->cells[0].result.program_failed = true;
    add_race(report, &program->cells[0].result.findings, "buggy/toy.c");
    return report;
}
