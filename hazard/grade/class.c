/* SPDX-License-Identifier: MIT */
#include "hazard/grade/class.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/grade/grade_json.h"
#include "hazard/grade/grade_key.h"
#include "hazard/grade/grading.h"
#include "hazard/grade/handin.h"
#include "hazard/suite/jobs.h"
#include "run/run.h"

struct grading_class {
    void *owner;
    const struct sandbox *sandbox;
    const struct class_options *options;
    struct class *class;
    size_t *todo; /* indices of rows; those of the same key follow the one that is graded */
    size_t todo_count, finished;
};

/* ---- Kept grades ------------------------------------------------------------------------------ */

static const char *kept_path(const struct grading_class *all, const struct class_row *row) {
    return never_null(talloc_asprintf(all->owner, "%s/%s.json", all->options->kept, row->key));
}

static bool read_kept(const struct grading_class *all, struct class_row *row) {
    if (all->options->kept == NULL || row->key == NULL)
        return false;
    json_t *value = json_load_file(kept_path(all, row), 0, NULL);
    bool read = value != NULL && grade_json_read(all->owner, value, &row->grade) &&
                !mark_broken(&row->grade);
    json_decref(value);
    return read;
}

/* What is the platform's fault is tried again the next time. */
static int keep(const struct grading_class *all, const struct class_row *row, const json_t *answer,
                struct error *error) {
    if (all->options->kept == NULL || row->key == NULL || mark_broken(&row->grade))
        return 0;
    char *text = json_dumps(answer, JSON_INDENT(2));
    if (text == NULL)
        memory_exhausted();
    int result = file_replace(kept_path(all, row), text, strlen(text), error);
    free(text);
    return result;
}

/* ---- Grading ---------------------------------------------------------------------------------- */

static void show_progress(const struct grading_class *all, const char *name) {
    if (!all->options->progress)
        return;
    void *scratch = new_owner();
    fprintf(stderr, "\r\033[K[%zu/%zu] %s", all->finished, all->todo_count,
            clean_line(scratch, name));
    if (all->finished == all->todo_count)
        fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
    talloc_free(scratch);
}

static json_t *grade_one(size_t index, void *context) {
    const struct grading_class *all = context;
    const struct class_row *row = &all->class->rows[all->todo[index]];
    struct grade grade;
    struct error error;
    if (grading_run(all->owner, all->class->assignment, all->sandbox, row->path, &grade, &error) !=
        0)
        return NULL;
    return grade_json(&grade);
}

static int take_grade(size_t index, json_t *answer, void *context, struct error *error) {
    struct grading_class *all = context;
    struct class_row *row = &all->class->rows[all->todo[index]];
    if (!grade_json_read(all->owner, answer, &row->grade))
        return fail(error, "hazard itself failed: the grade of %s cannot be read", row->name);
    if (keep(all, row, answer, error) != 0)
        return -1;
    all->finished++;
    all->class->graded++;
    show_progress(all, row->name);
    return 0;
}

/* It stops nobody else's. */
static int lose_grade(size_t index, int status, void *context, struct error *error) {
    struct grading_class *all = context;
    struct class_row *row = &all->class->rows[all->todo[index]];
    (void)error;
    grading_broken(
        all->owner, all->class->assignment, all->sandbox, row->path,
        talloc_asprintf(all->owner,
                        "hazard itself failed: who graded it ended without an answer (status %d)",
                        status),
        &row->grade);
    all->finished++;
    show_progress(all, row->name);
    return 0;
}

/* ---- Who is to be graded ---------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b) {
    const struct class_row *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static int check_names(const struct class *class, struct error *error) {
    const struct class_row **sorted = new_array(NULL, const struct class_row *, class->count);
    int result = 0;
    for (size_t i = 0; i < class->count; i++)
        sorted[i] = &class->rows[i];
    qsort(sorted, class->count, sizeof(const struct class_row *), compare_names);
    for (size_t i = 1; i < class->count && result == 0; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            result = fail(error,
                          "two hand-ins are named %s: %s and %s; name the folders that they are in",
                          sorted[i]->name, sorted[i - 1]->path, sorted[i]->path);
    talloc_free(sorted);
    return result;
}

static int list_rows(const struct grading_class *all, const char *const *paths,
                     struct error *error) {
    struct class *class = all->class;
    for (size_t i = 0; i < class->count; i++) {
        if (access(paths[i], F_OK) != 0)
            return fail(error, "cannot read the hand-in %s: %s", paths[i], strerror(errno));
        class->rows[i] =
            (struct class_row){.path = paths[i], .name = handin_name(all->owner, paths[i])};
    }
    return check_names(class, error);
}

static int find_keys(const struct grading_class *all, struct error *error) {
    const struct assignment *assignment = all->class->assignment;
    const char *base = grade_key_base(all->owner, assignment, all->sandbox, error);
    struct error unread; /* grading says so again */
    if (base == NULL)
        return -1;
    for (size_t i = 0; i < all->class->count; i++) {
        struct class_row *row = &all->class->rows[i];
        row->key = grade_key(all->owner, base, assignment, row->path, &unread);
    }
    return 0;
}

static const struct class_row *same_before(const struct class *class, size_t index) {
    const struct class_row *row = &class->rows[index];
    for (size_t i = 0; i < index && row->key != NULL; i++)
        if (class->rows[i].key != NULL && strcmp(class->rows[i].key, row->key) == 0)
            return &class->rows[i];
    return NULL;
}

static void list_todo(struct grading_class *all) {
    all->todo = new_array(all->owner, size_t, all->class->count);
    for (size_t i = 0; i < all->class->count; i++)
        if (same_before(all->class, i) == NULL && !read_kept(all, &all->class->rows[i]))
            all->todo[all->todo_count++] = i;
}

/* The same files have the same grade, but for whose they are. */
static void share_grades(const struct grading_class *all) {
    for (size_t i = 0; i < all->class->count; i++) {
        struct class_row *row = &all->class->rows[i];
        const struct class_row *same = same_before(all->class, i);
        if (same != NULL)
            row->grade = same->grade;
        row->grade.handin = clean_line(all->owner, row->name);
    }
}

/* ---- The whole -------------------------------------------------------------------------------- */

static int tell_kept(const struct grading_class *all, struct error *error) {
    if (all->options->kept == NULL || !run_interrupted())
        return -1;
    return fail(error,
                "interrupted: %zu of %zu hand-ins are graded and kept; the same command goes on",
                all->class->count - all->todo_count + all->finished, all->class->count);
}

int class_run(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
              const char *const *paths, size_t count, const struct class_options *options,
              struct class *class, struct error *error) {
    *class = (struct class){assignment, new_array(owner, struct class_row, count), count, 0};
    struct grading_class all = {
        .owner = owner, .sandbox = sandbox, .options = options, .class = class};
    if (list_rows(&all, paths, error) != 0 || find_keys(&all, error) != 0 ||
        (options->kept != NULL && folder_make(options->kept, error) != 0))
        return -1;
    list_todo(&all);
    struct jobs jobs = {.count = all.todo_count,
                        .parallel = options->parallel,
                        .work = grade_one,
                        .done = take_grade,
                        .lost = lose_grade,
                        .context = &all};
    if (jobs_run(&jobs, error) != 0) {
        if (options->progress)
            fprintf(stderr, "\r\033[K");
        return tell_kept(&all, error);
    }
    share_grades(&all);
    return 0;
}
