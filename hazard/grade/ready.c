/* SPDX-License-Identifier: MIT */
#include "hazard/grade/ready.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/detectors.h"

enum { POINTS = 10, MOST_CHECKS = 3, BYTES = 64 << 10 };

static const char *const nothing[] = {NULL};
static const char *const given[] = {"include/subject.h", "include/server.h", NULL};
static const char *const flags[] = {"-I../include", NULL}; /* `hazard copy` lays headers beside */

/* In this order; the verdict that a right program has to come to. */
static const struct judge {
    enum check_with with;
    enum verdict right;
    const char *title;
} judges[MOST_CHECKS] = {
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

/* As the suite tries the fix. */
static struct check check_of(void *owner, const struct hazard *hazard, const struct judge *judge) {
    const struct detector *detector = detectors_find(assignment_with_name(judge->with));
    const struct program *fix = find_program(hazard, ROLE_FIXED);
    return (struct check){.name = detector->name,
                          .title = judge->title,
                          .with = judge->with,
                          .requires_checks = nothing,
                          .args = catalog_program_args(hazard, fix, detector->name),
                          .options = option_words(owner, fix, detector)};
}

/* The first has what cannot be divided. */
static void share_points(struct assignment *assignment) {
    const int count = (int)assignment->check_count;
    for (int i = 0; i < count; i++)
        assignment->checks[i].points = POINTS / count + (i == 0 ? POINTS % count : 0);
}

struct assignment *ready_assignment(void *owner, const struct catalog *catalog,
                                    const struct hazard *hazard, struct error *error) {
    struct assignment *assignment = new_array(owner, struct assignment, 1);
    *assignment = (struct assignment){.name = hazard->name,
                                      .title = hazard->title,
                                      .folder = catalog->root,
                                      .files = new_array(assignment, struct wanted_file, 1),
                                      .file_count = 1,
                                      .given = given,
                                      .driver = nothing,
                                      .flags = flags,
                                      .allow = nothing,
                                      .refuse = nothing,
                                      .checks = new_array(assignment, struct check, MOST_CHECKS),
                                      .most = POINTS,
                                      .undecided_cap = -1};
    assignment->files[0] = (struct wanted_file){
        .name = never_null(talloc_asprintf(assignment, "%s.c", hazard->name)), .bytes = BYTES};
    for (size_t i = 0; i < MOST_CHECKS; i++) {
        const char *detector = assignment_with_name(judges[i].with);
        if (expects(hazard, ROLE_BUGGY, detector, VERDICT_FOUND) &&
            expects(hazard, ROLE_FIXED, detector, judges[i].right))
            assignment->checks[assignment->check_count++] =
                check_of(assignment, hazard, &judges[i]);
    }
    if (assignment->check_count > 0) {
        share_points(assignment);
        return assignment;
    }
    talloc_free(assignment);
    fail(error, "%s is no assignment: none of explore, inject and probe proves its fix",
         hazard->name);
    return NULL;
}
