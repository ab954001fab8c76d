/* SPDX-License-Identifier: MIT */
#include "hazard/commands/grade_handins.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "hazard/commands/commands.h"
#include "hazard/grade/grading.h"
#include "hazard/grade/ready.h"
#include "hazard/root.h"
#include "run/run.h"

static int trouble(const struct error *error) {
    fprintf(stderr, "hazard: %s\n", error->text);
    return EXIT_TROUBLE;
}

static int exit_code(const struct grade *grade) {
    if (grade->end == GRADE_BROKEN)
        return EXIT_TROUBLE;
    if (mark_undecided(grade))
        return EXIT_UNDECIDED;
    return grade->points == grade->most ? EXIT_CLEAN : EXIT_HAZARD;
}

static void print(FILE *out, const struct grade *grade) {
    fprintf(out, "%s: %d of %d points\n%s\n%s", grade->title, grade->points, grade->most,
            grade->reason, grade->details);
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        fprintf(out, "%s %s %d/%d %s\n%s\n%s\n%s\n", mark->name, mark_state_name(mark->state),
                mark->points, mark->most, mark->sentence, mark->details, mark->replay, mark->hint);
    }
}

static int find_sandbox(void *owner, const struct grade_handins *asked, struct sandbox *sandbox,
                        struct error *error) {
    if (sandbox_probe(owner, asked->tier, sandbox, error) == 0)
        return 0;
    *sandbox = (struct sandbox){.tier = SANDBOX_NONE};
    return asked->unsafe ? 0 : -1;
}

/* A folder with an assignment; else a hazard of the suite. */
static const struct assignment *find_assignment(void *owner, const char *word,
                                                struct error *error) {
    struct stat info;
    if (stat(word, &info) == 0)
        return assignment_load(owner, word, error);
    if (strchr(word, '/') != NULL) {
        fail(error, "cannot read the assignment %s: %s", word, strerror(errno));
        return NULL;
    }
    const char *root = root_find(owner, error);
    const struct catalog *catalog = root != NULL ? catalog_load(owner, root, error) : NULL;
    const struct hazard *hazard = catalog != NULL ? catalog_need(catalog, word, error) : NULL;
    return hazard != NULL ? ready_assignment(owner, catalog, hazard) : NULL;
}

int grade_handins_run(void *owner, const struct grade_handins *asked) {
    struct error error;
    struct sandbox sandbox;
    struct grade grade;
    run_catch_interrupts();
    const struct assignment *assignment = find_assignment(owner, asked->words[0], &error);
    if (assignment == NULL || find_sandbox(owner, asked, &sandbox, &error) != 0)
        return trouble(&error);
    if (grading_run(owner, assignment, &sandbox, asked->words[1], &grade, &error) != 0)
        return trouble(&error);
    print(stdout, &grade);
    return exit_code(&grade);
}
