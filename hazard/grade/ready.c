/* SPDX-License-Identifier: MIT */
#include "hazard/grade/ready.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/detectors.h"

enum { POINTS = 10, RUNS = 20, BYTES = 64 << 10 };

static const char *const nothing[] = {NULL};
static const char *const given[] = {"include/subject.h", "include/server.h", NULL};
static const char *const flags[] = {"-I../include", NULL}; /* `hazard copy` lays headers beside */

/* In this order; the verdict that a right program has to come to. */
static const struct judge {
    enum check_with with;
    enum verdict right;
    const char *title;
} judges[] = {
    {CHECK_EXPLORE, VERDICT_PROVED, "right under every schedule of its threads"},
    {CHECK_INJECT, VERDICT_PROVED, "right wherever the signal comes"},
    {CHECK_PROBE, VERDICT_SILENT, "no client waits for another"},
};

static const struct program *find_program(const struct hazard *hazard, enum role role) {
    for (size_t i = 0; i < hazard->program_count; i++)
        if (hazard->programs[i].role == role)
            return &hazard->programs[i];
    return NULL;
}

static bool expects(const struct hazard *hazard, enum role role, const char *detector,
                    enum verdict verdict) {
    const struct expectation *expected = catalog_expectation(find_program(hazard, role), detector);
    return expected != NULL && expected->verdict == verdict;
}

static const char *const *option_words(void *owner, const struct program *program,
                                       const struct detector *detector) {
    const char *const *pairs = catalog_program_options(program, detector->name);
    size_t count = 0;
    while (pairs != NULL && pairs[count] != NULL)
        count++;
    const char **words = new_array(owner, const char *, count / 2 + 1);
    for (size_t i = 0; i < count; i += 2) {
        const struct detector_option *option = option_find(detector->options, pairs[i]);
        words[i / 2] = option != NULL && option->argument == NULL
                           ? talloc_asprintf(owner, "--%s", pairs[i])
                           : talloc_asprintf(owner, "--%s=%s", pairs[i], pairs[i + 1]);
    }
    return words;
}

static bool same_words(const char *const *a, const char *const *b) {
    while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
        a++;
        b++;
    }
    return *a == NULL && *b == NULL;
}

static struct check *add_check(struct assignment *assignment, enum check_with with,
                               const char *title, const char *const *args) {
    assignment->checks =
        grow_array(assignment, assignment->checks, struct check, assignment->check_count + 1);
    struct check *check = &assignment->checks[assignment->check_count++];
    *check = (struct check){.name = assignment_with_name(with),
                            .title = title,
                            .with = with,
                            .requires_checks = nothing,
                            .args = args,
                            .options = nothing,
                            .runs = 1};
    return check;
}

/* As the suite tries that program, unless another is tried alike. */
static void add_configuration(struct assignment *assignment, const struct hazard *hazard,
                              const struct program *program, const struct judge *judge) {
    const struct detector *detector = detectors_find(assignment_with_name(judge->with));
    const char *const *args = catalog_program_args(hazard, program, detector->name),
                      *const *options = option_words(assignment, program, detector);
    size_t alike = 0;
    for (size_t i = 0; i < assignment->check_count; i++) {
        const struct check *check = &assignment->checks[i];
        if (check->with == judge->with && same_words(check->args, args) &&
            same_words(check->options, options))
            return;
        alike += check->with == judge->with;
    }
    struct check *check = add_check(assignment, judge->with, judge->title, args);
    check->options = options;
    if (alike > 0)
        check->name = never_null(
            talloc_asprintf(assignment, "%s-%zu", assignment_with_name(judge->with), alike + 1));
}

/* A right program may be proved in one configuration, and too large in another. */
static void add_judge(struct assignment *assignment, const struct hazard *hazard,
                      const struct judge *judge) {
    for (size_t i = 0; i < hazard->program_count; i++) {
        const struct program *program = &hazard->programs[i];
        if ((program->role == ROLE_FIXED || program->role == ROLE_VARIANT) &&
            catalog_expectation(program, assignment_with_name(judge->with)) != NULL)
            add_configuration(assignment, hazard, program, judge);
    }
}

/* What none of ours calls by its name: a tool that always does. */
static void add_tool(struct assignment *assignment, const struct hazard *hazard) {
    static const char *const server[] = {"--server", NULL};
    if (!expects(hazard, ROLE_BUGGY, "drd", VERDICT_FOUND) ||
        !expects(hazard, ROLE_FIXED, "drd", VERDICT_SILENT))
        return;
    struct check *check = add_check(assignment, CHECK_DRD, "DRD reports nothing", hazard->args);
    if (hazard->server)
        check->options = server;
}

static bool is_called_by_name(const struct hazard *hazard, const struct judge *judge) {
    const struct expectation *expected =
        catalog_expectation(find_program(hazard, ROLE_BUGGY), assignment_with_name(judge->with));
    return expected->kind == hazard->kind;
}

/* Each hazard has at least one check. */
static void add_checks(struct assignment *assignment, const struct hazard *hazard) {
    bool named = false;
    for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
        const char *detector = assignment_with_name(judges[i].with);
        if (!expects(hazard, ROLE_BUGGY, detector, VERDICT_FOUND) ||
            !expects(hazard, ROLE_FIXED, detector, judges[i].right))
            continue;
        add_judge(assignment, hazard, &judges[i]);
        named = named || is_called_by_name(hazard, &judges[i]);
    }
    if (!named)
        add_tool(assignment, hazard);
    if (assignment->check_count == 0)
        add_check(assignment, CHECK_RUN, "ends, and says that all went well", hazard->args)->runs =
            RUNS;
}

/* The first has what cannot be divided. Where there are several configurations, that one is too large is no fault. */
static void share_points(struct assignment *assignment) {
    const int count = (int)assignment->check_count;
    for (int i = 0; i < count; i++) {
        struct check *check = &assignment->checks[i];
        bool several = count > 1 && assignment->checks[1 - (i > 0)].with == check->with;
        check->points = POINTS / count + (i == 0 ? POINTS % count : 0);
        check->undecided = several ? check->points : 0;
    }
}

struct assignment *ready_assignment(void *owner, const struct catalog *catalog,
                                    const struct hazard *hazard) {
    struct assignment *assignment = new_array(owner, struct assignment, 1);
    *assignment = (struct assignment){
        .name = hazard->name,
        .title = hazard->title,
        .folder = catalog->root,
        .source = talloc_asprintf(assignment, "%s/catalog/%s.yaml", catalog->root, hazard->name),
        .files = new_array(assignment, struct wanted_file, 1),
        .file_count = 1,
        .given = given,
        .driver = nothing,
        .flags = flags,
        .allow = nothing,
        .refuse = nothing,
        .most = POINTS,
        .undecided_cap = -1};
    assignment->files[0] = (struct wanted_file){
        .name = never_null(talloc_asprintf(assignment, "%s.c", hazard->name)), .bytes = BYTES};
    add_checks(assignment, hazard);
    share_points(assignment);
    return assignment;
}
