/* SPDX-License-Identifier: MIT */
/* A hazard from its story to its fix, as one page; a section for each question a reader asks. */
#include <argp.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/catalog/catalog.h"
#include "hazard/catalog/catalog_where.h"
#include "hazard/commands/commands.h"
#include "hazard/render/grid.h"
#include "hazard/render/layout.h"
#include "hazard/render/lesson.h"
#include "hazard/render/render_json_hazard.h"
#include "hazard/render/style.h"
#include "hazard/root.h"

struct show_options {
    const char *name;
    bool no_diff, json;
    const char *decoy, *variant; /* what to compare with in place of the fix; NULL: the fix */
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct show_options *options = state->input;
    switch (key) {
    case 'D':
        options->no_diff = true;
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case 'd':
        options->decoy = argument;
        return 0;
    case 'v':
        options->variant = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (options->name != NULL)
            argp_error(state, "one hazard at a time: '%s' or '%s'", options->name, argument);
        options->name = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which hazard? `hazard list` names them");
        return 0;
    case ARGP_KEY_END:
        if (options->decoy != NULL && options->variant != NULL)
            argp_error(state, "--decoy and --variant exclude each other");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_section(const char *title, const struct style *style) {
    printf("\n%s%s%s\n", style->bold, title, style->reset);
}

static void print_story(const struct hazard *hazard, const struct style *style) {
    void *scratch = new_owner();
    printf("%s%s: %s%s\n", style->bold, hazard->name, clean_line(scratch, hazard->title),
           style->reset);
    printf("%s%s, %s, CWE-%d%s\n\n  ", style->dim, catalog_family_name(hazard->family),
           kind_name(hazard->kind), hazard->cwe, style->reset);
    layout_paragraph(stdout, 2, clean_line(scratch, hazard->story));
    talloc_free(scratch);
}

static void print_programs(const struct hazard *hazard, const struct style *style) {
    enum { ROLE = 9, ABOUT = 13 };
    print_section("Programs", style);
    for (size_t i = 0; i < hazard->program_count; i++) {
        const struct program *program = &hazard->programs[i];
        printf("  %-*s%s\n", ROLE, catalog_role_name(program->role), program->path);
        if (*program->about == '\0')
            continue;
        char *about = talloc_strdup(NULL, program->about);
        printf("%*s", ABOUT, "");
        layout_paragraph(stdout, ABOUT, clean_line(about, about));
        talloc_free(about);
    }
}

static int print_interleaving(const char *root, const struct hazard *hazard,
                              const struct style *style, struct error *error) {
    void *scratch = new_owner();
    const char *file = talloc_asprintf(scratch, "%s/buggy/%s.c", root, hazard->name);
    const char *table = lesson_interleaving(scratch, file, error);
    if (table != NULL && *table != '\0') {
        print_section("How it goes wrong", style);
        fputs(table, stdout);
    }
    talloc_free(scratch);
    return table != NULL ? 0 : -1;
}

static const char *expected_words(void *owner, const struct expectation *expected) {
    if (expected == NULL)
        return "-";
    if (expected->count > 0)
        return talloc_asprintf(owner, "%s %d", verdict_name(expected->verdict), expected->count);
    if (expected->alternative < 0)
        return verdict_name(expected->verdict);
    return talloc_asprintf(owner, "%s/%s", verdict_name(expected->verdict),
                           verdict_name((enum verdict)expected->alternative));
}

/* The program with the most expectations has the columns of all: the first ones are the same. */
static const struct program *widest(const struct hazard *hazard) {
    const struct program *best = &hazard->programs[0];
    for (size_t i = 1; i < hazard->program_count; i++)
        if (hazard->programs[i].expectation_count > best->expectation_count)
            best = &hazard->programs[i];
    return best;
}

static void print_verdicts(const struct hazard *hazard, const struct style *style) {
    const struct program *head = widest(hazard);
    struct grid *grid = grid_new(NULL, head->expectation_count);
    print_section("What the detectors are expected to say", style);
    for (size_t i = 0; i < head->expectation_count; i++)
        grid_cell(grid, talloc_asprintf(grid, "  %s", head->expectations[i].detector), style->bold);
    for (size_t i = 0; i < hazard->program_count; i++) {
        grid_line(grid, hazard->programs[i].path, "");
        for (size_t j = 0; j < head->expectation_count; j++) {
            const struct expectation *expected =
                catalog_expectation(&hazard->programs[i], head->expectations[j].detector);
            bool found = expected != NULL && expected->verdict == VERDICT_FOUND;
            grid_cell(grid, talloc_asprintf(grid, "  %s", expected_words(grid, expected)),
                      found ? style->green : style->dim);
        }
    }
    grid_print(stdout, grid, 2);
    talloc_free(grid);
}

/* Is there something to say beside the table: a reason, or with which versions it holds? */
static bool is_told(const struct expectation *row) {
    return *row->reason != '\0' || row->where != NULL;
}

static bool same_reason(const struct expectation *a, const struct expectation *b) {
    return a->verdict == b->verdict && strcmp(a->reason, b->reason) == 0 && a->where == NULL &&
           b->where == NULL && a->otherwise == NULL && b->otherwise == NULL;
}

/* "tsan, drd": all detectors with the reason of number `first`; NULL if an earlier one has it too.
 */
static const char *detectors_with(void *owner, const struct program *program, size_t first) {
    const struct expectation *all = program->expectations;
    char *names = never_null(talloc_strdup(owner, all[first].detector));
    for (size_t i = 0; i < program->expectation_count; i++) {
        if (i == first || !same_reason(&all[i], &all[first]))
            continue;
        if (i < first)
            return NULL;
        names = never_null(talloc_asprintf_append(names, ", %s", all[i].detector));
    }
    return names;
}

/* "found with glibc >=2.37"; of the last row of several, "found with other versions". */
static const char *row_words(void *owner, const struct expectation *row, bool first) {
    const char *words = verdict_name(row->verdict);
    if (row->where == NULL)
        return first ? words : never_null(talloc_asprintf(owner, "%s with other versions", words));
    return never_null(
        talloc_asprintf(owner, "%s with %s", words, catalog_where_words(owner, row->where)));
}

static void print_program_reasons(const struct program *program) {
    void *scratch = new_owner();
    for (size_t i = 0; i < program->expectation_count; i++) {
        const struct expectation *first = &program->expectations[i];
        const char *names = detectors_with(scratch, program, i);
        if (!is_told(first) || names == NULL)
            continue;
        for (const struct expectation *row = first; row != NULL; row = row->otherwise) {
            printf("  %s, %s: %s\n", program->path, names, row_words(scratch, row, row == first));
            if (*row->reason == '\0')
                continue;
            printf("      ");
            layout_paragraph(stdout, 6, clean_line(scratch, row->reason));
        }
    }
    talloc_free(scratch);
}

static bool has_reason(const struct hazard *hazard) {
    for (size_t i = 0; i < hazard->program_count; i++)
        for (size_t j = 0; j < hazard->programs[i].expectation_count; j++)
            if (is_told(&hazard->programs[i].expectations[j]))
                return true;
    return false;
}

static void print_reasons(const struct hazard *hazard, const struct style *style) {
    if (!has_reason(hazard))
        return;
    print_section("Why", style);
    for (size_t i = 0; i < hazard->program_count; i++)
        print_program_reasons(&hazard->programs[i]);
}

/* The other side of the diff, below `owner`; NULL and *error if there is no such program. */
static const char *other_side(void *owner, const struct hazard *hazard,
                              const struct show_options *options, struct error *error) {
    const char *what = options->decoy != NULL ? options->decoy : options->variant;
    const char *folder = options->decoy != NULL ? "buggy" : "fixed";
    const char *path = talloc_asprintf(owner, "%s/%s%s%s.c", folder, hazard->name,
                                       what != NULL ? "-" : "", what != NULL ? what : "");
    for (size_t i = 0; i < hazard->program_count; i++)
        if (strcmp(hazard->programs[i].path, path) == 0)
            return path;
    fail(error, "%s has no %s '%s' (%s); `hazard show %s` lists its programs", hazard->name,
         options->decoy != NULL ? "decoy" : "variant", what, path, hazard->name);
    return NULL;
}

static int print_diff(const char *root, const struct hazard *hazard, const char *after,
                      const struct style *style, struct error *error) {
    void *scratch = new_owner();
    const char *before = talloc_asprintf(scratch, "buggy/%s.c", hazard->name);
    print_section(talloc_asprintf(scratch, "diff -u %s %s", before, after), style);
    int result = lesson_diff(root, before, after,
                             *style->reset != '\0' ? LESSON_COLOUR : LESSON_PLAIN, error);
    talloc_free(scratch);
    return result;
}

static void print_exercise(const struct hazard *hazard, const struct style *style) {
    void *scratch = new_owner();
    print_section("Try it", style);
    printf("  ");
    layout_paragraph(stdout, 2, clean_line(scratch, hazard->exercise));
    print_section("Sources", style);
    for (const char *const *source = hazard->sources; *source != NULL; source++) {
        printf("  ");
        layout_paragraph(stdout, 4, clean_line(scratch, *source));
    }
    talloc_free(scratch);
}

static int print_json(const struct hazard *hazard) {
    json_t *json = render_json_hazard(hazard);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
    return 0;
}

static int show(void *owner, const char *root, const struct hazard *hazard,
                const struct show_options *options, struct error *error) {
    if (options->json)
        return print_json(hazard);
    const struct style *style = style_for(stdout);
    const char *after = other_side(owner, hazard, options, error);
    if (after == NULL)
        return -1;
    print_story(hazard, style);
    print_programs(hazard, style);
    if (print_interleaving(root, hazard, style, error) != 0)
        return -1;
    print_verdicts(hazard, style);
    print_reasons(hazard, style);
    print_exercise(hazard, style);
    return options->no_diff ? 0 : print_diff(root, hazard, after, style, error);
}

int cmd_show(int argc, char **argv) {
    static const struct argp_option words[] = {
        {"no-diff", 'D', NULL, 0, "Leave the diff out", 0},
        {"decoy", 'd', "X", 0, "Compare with the decoy buggy/NAME-X.c, not with the fix", 0},
        {"json", 'j', NULL, 0, "As JSON, without the interleaving and the diff", 0},
        {"variant", 'v', "X", 0, "Compare with the variant fixed/NAME-X.c, not with the fix", 0},
        {0},
    };
    static const struct argp argp = {
        .options = words,
        .parser = parse,
        .args_doc = "NAME",
        .doc = "Shows a hazard: its story, its programs, how it goes wrong, what each detector is "
               "expected to say and why, what to try, where it is from, and the fix as a diff."
               "\vExit status: 0, or 2 for misuse or when the suite cannot be read.",
    };
    struct show_options options = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    void *owner = new_owner();
    struct error error;
    const char *root = root_find(owner, &error);
    const struct catalog *catalog = root != NULL ? catalog_load(owner, root, &error) : NULL;
    const struct hazard *hazard =
        catalog != NULL ? catalog_need(catalog, options.name, &error) : NULL;
    int result = hazard != NULL ? show(owner, root, hazard, &options, &error) : -1;
    if (result != 0)
        fprintf(stderr, "hazard: %s\n", error.text);
    talloc_free(owner);
    return result == 0 ? EXIT_CLEAN : EXIT_TROUBLE;
}
