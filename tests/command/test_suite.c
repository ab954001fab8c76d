/* SPDX-License-Identifier: MIT */
/*
 * Every hazard of the suite: are the three files there, and are they what CONTRIBUTING.md asks for?
 * What the detectors say of them is `make matrix`, and for the headliners also tested here.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/catalog/catalog.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"

static struct catalog *load(void *owner) {
    struct error error;
    struct catalog *catalog = catalog_load(owner, ".", &error);
    cr_assert(catalog != NULL, "%s", error.text);
    return catalog;
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

/* The second comment of the file: SPDX comes first. */
static const char *header_of(void *owner, const char *text) {
    const char *start = strstr(text, "*/");
    start = start != NULL ? strstr(start, "/*") : NULL;
    const char *end = start != NULL ? strstr(start, "*/") : NULL;
    return end != NULL ? talloc_strndup(owner, start, (size_t)(end - start)) : "";
}

#define EACH_PROGRAM(catalog, hazard, program)                                                     \
    for (const struct hazard *hazard = (catalog)->hazards;                                         \
         hazard < (catalog)->hazards + (catalog)->count; hazard++)                                 \
        for (const struct program *program = hazard->programs;                                     \
             program < hazard->programs + hazard->program_count; program++)

Test(suite, has_at_least_its_first_33_hazards_in_five_families) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    size_t in_family[HAZARD_FAMILY_COUNT] = {0}, headliners = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        in_family[catalog->hazards[i].family]++;
        headliners += catalog->hazards[i].headline;
    }
    cr_expect(ge(sz, catalog->count, 33));
    cr_expect(ge(sz, headliners, 8));
    cr_expect(ge(sz, in_family[HAZARD_FAMILY_RACES], 8));
    cr_expect(ge(sz, in_family[HAZARD_FAMILY_DEADLOCKS], 8));
    cr_expect(ge(sz, in_family[HAZARD_FAMILY_SIGNALS], 8));
    cr_expect(ge(sz, in_family[HAZARD_FAMILY_FAIRNESS], 3));
    cr_expect(ge(sz, in_family[HAZARD_FAMILY_SERVERS], 6));
    talloc_free(owner);
}

Test(suite, wrong_programs_are_marked_and_right_ones_are_not) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    EACH_PROGRAM(catalog, hazard, program) {
        struct marks marks = {0};
        struct error error;
        cr_assert(marks_read(owner, program->path, &marks, &error) == 0, "%s", error.text);
        bool wrong = program->role == ROLE_BUGGY || program->role == ROLE_DECOY;
        bool marked = marks.count > 0;
        cr_expect(marked == wrong, "%s has %zu markers", program->path, marks.count);
    }
    talloc_free(owner);
}

Test(suite, every_program_has_its_header) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    EACH_PROGRAM(catalog, hazard, program) {
        const char *header = header_of(owner, read_file(owner, program->path));
        bool pair = program->role == ROLE_BUGGY || program->role == ROLE_FIXED;
        static const char *const words[] = {[ROLE_DECOY] = "Decoy", [ROLE_VARIANT] = "Variant"};
        if (pair) {
            cr_expect(strstr(header, "Bug (") != NULL && strstr(header, "Fix (") != NULL,
                      "%s: Bug and Fix", program->path);
            cr_expect(strstr(header, talloc_asprintf(owner, "CWE-%d", hazard->cwe)) != NULL,
                      "%s: the catalogue's CWE-%d", program->path, hazard->cwe);
        } else {
            cr_expect(strstr(header, words[program->role]) != NULL, "%s: %s", program->path,
                      words[program->role]);
        }
    }
    talloc_free(owner);
}

Test(suite, the_two_of_a_pair_share_their_header) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    for (size_t i = 0; i < catalog->count; i++) {
        const char *name = catalog->hazards[i].name;
        char *buggy = read_file(owner, talloc_asprintf(owner, "buggy/%s.c", name));
        char *fixed = read_file(owner, talloc_asprintf(owner, "fixed/%s.c", name));
        cr_expect(strcmp(header_of(owner, buggy), header_of(owner, fixed)) == 0, "%s", name);
    }
    talloc_free(owner);
}

Test(suite, the_diff_of_a_pair_stays_a_lesson) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    for (size_t i = 0; i < catalog->count; i++) {
        const struct hazard *hazard = &catalog->hazards[i];
        struct run_outcome diff =
            command(owner, talloc_asprintf(owner, "diff buggy/%s.c fixed/%s.c | grep -c '^[<>]'",
                                           hazard->name, hazard->name));
        int changed = atoi(diff.output);
        cr_expect(changed > 0 && changed <= hazard->diff_limit,
                  "%s: %d changed lines, allowed are 1 to %d", hazard->name, changed,
                  hazard->diff_limit);
    }
    talloc_free(owner);
}

Test(suite, programs_are_short) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    EACH_PROGRAM(catalog, hazard, program) {
        size_t lines = count_lines(read_file(owner, program->path));
        size_t most = hazard->server ? 120 : 100;
        cr_expect(lines >= 25 && lines <= most, "%s has %zu lines", program->path, lines);
    }
    talloc_free(owner);
}

/* A barrier orders the very accesses that race, and hides the bug from every detector. */
Test(suite, no_barrier_lines_the_threads_up) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    EACH_PROGRAM(catalog, hazard, program)
    cr_expect(strstr(read_file(owner, program->path), "pthread_barrier") == NULL, "%s",
              program->path);
    talloc_free(owner);
}

/* The pairs of what the suite exists for, all detectors: verdicts as the catalogue says. `make matrix` has the whole of it. */
Test(suite, headliners_come_out_as_expected, .timeout = 600) {
    void *owner = talloc_new(NULL);
    struct catalog *catalog = load(owner);
    char *names = talloc_strdup(owner, "");
    size_t programs = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        if (!catalog->hazards[i].headline)
            continue;
        const char *name = catalog->hazards[i].name;
        names = talloc_asprintf_append(names, " buggy/%s.c fixed/%s.c", name, name);
        programs += 2;
    }
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner, "hazard matrix --json%s", names));
    json_t *matrix = json_loads(outcome.output, 0, NULL);
    cr_assert(matrix != NULL, "%s", outcome.errors);
    size_t seen = 0, i;
    json_t *hazard;
    json_array_foreach(json_object_get(matrix, "hazards"), i, hazard) seen +=
        answer_count(hazard, "programs");
    cr_expect(eq(sz, seen, programs));
    cr_expect(eq(int, outcome.status, 0), "%s", outcome.output);
    cr_expect(eq(int, answer_number(matrix, "mismatches"), 0));
    const char *glibc = answer_word(json_object_get(matrix, "versions"), "glibc");
    cr_expect(strlen(glibc) > 0 && strncmp(gnu_get_libc_version(), glibc, strlen(glibc)) == 0,
              "'%s'", glibc);
    json_decref(matrix);
    talloc_free(owner);
}
