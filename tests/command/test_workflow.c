/* SPDX-License-Identifier: MIT */
/*
 * The workflows to copy, as far as they run without their host: actions are pinned by commit, and
 * the shell's steps are run for a program of a user's, in a folder of its own, with this tree as
 * `.hazard`. Not run are those that install packages and get repositories.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/yaml_file.h"
#include "tests/support/readers.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(workflow, .init = workplace_open, .fini = workplace_close, .timeout = 600);

static struct yaml_file *open_yaml(const char *path) {
    struct error error = {""};
    struct yaml_file *file = yaml_open(workplace.owner, path, path, &error);
    cr_assert(file != NULL, "%s", error.text);
    return file;
}

/* What is below a row of keys. */
static yaml_node_t *below(struct yaml_file *file, yaml_node_t *node, const char *const *keys) {
    for (; *keys != NULL; keys++) {
        node = yaml_value(file, node, *keys);
        cr_assert(node != NULL, "%s: no %s", file->label, *keys);
    }
    return node;
}

/* ---- Pinned ---------------------------------------------------------------------------------- */

static bool is_pinned(const char *uses) {
    const char *at = strchr(uses, '@');
    size_t digits = 0;
    while (at != NULL && isxdigit((unsigned char)at[1 + digits]))
        digits++;
    return digits == 40 && at[41] == '\0';
}

static size_t expect_pinned(struct yaml_file *file, const char *job) {
    yaml_node_t *steps = below(file, yaml_root(file), (const char *[]){"jobs", job, "steps", NULL});
    size_t count = 0;
    yaml_node_t *step;
    for (size_t i = 0; (step = yaml_item(file, steps, i)) != NULL; i++) {
        yaml_node_t *uses = yaml_value(file, step, "uses");
        cr_expect(uses == NULL || is_pinned(yaml_text(uses)), "%s: %s", file->label,
                  yaml_text(uses));
        count += uses != NULL;
    }
    return count;
}

Test(workflow, actions_are_pinned_by_commit) {
    cr_expect(eq(sz, expect_pinned(open_yaml("ci/github-actions.yml"), "check"), 4));
    cr_expect(eq(sz, expect_pinned(open_yaml("ci/shards/github-actions.yml"), "shard"), 2));
    cr_expect(eq(sz, expect_pinned(open_yaml("ci/shards/github-actions.yml"), "verdict"), 2));
    cr_expect(eq(
        sz, expect_pinned(open_yaml("adapters/github/.github/workflows/hazard-grade.yml"), "grade"),
        3));
}

/* ---- Run ------------------------------------------------------------------------------------- */

/* The variables of the file as assignments for a shell; a program and options of ours in place of two. */
static const char *variables(struct yaml_file *file, yaml_node_t *node, const char *program) {
    char *text = talloc_strdup(workplace.owner, "");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const char *name = yaml_text(yaml_document_get_node(&file->document, pair->key));
        const char *value = yaml_text(yaml_document_get_node(&file->document, pair->value));
        if (strcmp(name, "HAZARD_PROGRAM") == 0)
            value = program;
        if (strcmp(name, "HAZARD_OPTIONS") == 0)
            value = talloc_asprintf(workplace.owner, "%s --with drd,explore --runs 1", value);
        text = talloc_asprintf_append(text, "export %s='%s'; ", name, value);
    }
    return text;
}

/* As a host runs steps: each in a shell of its own that ends at the first failure. */
static struct run_outcome run_steps(const char *variables, const char *const *steps) {
    char *line = talloc_asprintf(workplace.owner,
                                 "mkdir -p home src; rm -f path; ln -sfn \"$ROOT\" .hazard; export "
                                 "HOME=$PWD/home GITHUB_PATH=$PWD/path; %s",
                                 variables);
    for (; *steps != NULL; steps++)
        line = talloc_asprintf_append(line,
                                      " cat >step <<'END_OF_STEP'\n%s\nEND_OF_STEP\n"
                                      "PATH=$(cat path 2>/dev/null):$PATH sh -e step || exit;",
                                      *steps);
    return in_folder(line);
}

static const struct {
    char program[80];
    int status;
    char said[24];
} programs[] = {
    {"$ROOT/tests/fixtures/programs/racy.c", 1, "data race on `balance`"},
    {"$ROOT/tests/fixtures/programs/clean.c", 0, "1 silent, 1 proved"},
    {"src/*.c", 2, ""}, /* there are two mains: it does not link */
};

static void expect_reports(const char *about) {
    xmlFreeDoc(readers_junit(workplace_path("hazard.xml")));
    json_t *run = readers_sarif_run(workplace_path("hazard.sarif"));
    cr_expect(run != NULL, "%s", about);
    json_decref(run);
}

static void run_for_each_program(struct yaml_file *file, yaml_node_t *names,
                                 const char *const *steps) {
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct run_outcome made =
            in_folder("mkdir -p src; cp $PROGRAMS/racy.c src/; cp $PROGRAMS/clean.c src/");
        cr_assert(eq(int, made.status, 0), "%s", made.errors);
        const char *program = programs[i].program;
        if (strncmp(program, "$ROOT", 5) == 0)
            program = talloc_asprintf(workplace.owner, "%s%s", workplace.root, program + 5);
        struct run_outcome outcome = run_steps(variables(file, names, program), steps);
        cr_expect(eq(int, outcome.status, programs[i].status), "%s: %s%s", program, outcome.output,
                  outcome.errors);
        cr_expect(strstr(outcome.output, programs[i].said) != NULL, "%s: %s", program,
                  outcome.output);
        expect_reports(program);
    }
}

Test(workflow, of_github_checks_the_users_program) {
    struct yaml_file *file = open_yaml("ci/github-actions.yml");
    const char *runs[8] = {NULL};
    size_t count = 0;
    yaml_node_t *step,
        *steps = below(file, yaml_root(file), (const char *[]){"jobs", "check", "steps", NULL});
    for (size_t i = 0; (step = yaml_item(file, steps, i)) != NULL; i++) {
        const yaml_node_t *run = yaml_value(file, step, "run");
        if (run != NULL && strstr(yaml_text(run), "apt-get") == NULL)
            runs[count++] = yaml_text(run);
    }
    cr_assert(eq(sz, count, 2), "install and check");
    run_for_each_program(file, yaml_value(file, yaml_root(file), "env"), runs);
}

Test(workflow, of_gitlab_checks_the_users_program) {
    struct yaml_file *file = open_yaml("ci/gitlab-ci.yml");
    yaml_node_t *job = yaml_value(file, yaml_root(file), "hazard");
    yaml_node_t *before = yaml_value(file, job, "before_script");
    const char *runs[] = {yaml_text(yaml_item(file, before, 2)),
                          yaml_text(yaml_item(file, yaml_value(file, job, "script"), 0)), NULL};
    run_for_each_program(file, yaml_value(file, job, "variables"), runs);
}
