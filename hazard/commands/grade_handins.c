/* SPDX-License-Identifier: MIT */
#include "hazard/commands/grade_handins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/grade/class_files.h"
#include "hazard/grade/format/grade_format.h"
#include "hazard/grade/format/said.h"
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

/* ---- Formats ---------------------------------------------------------------------------------- */

/* NAME, or NAME:FILE. */
struct asked_format {
    const struct grade_format *format;
    const char *file; /* NULL: standard output */
};

static int read_format(void *owner, const char *word, struct asked_format *asked,
                       struct error *error) {
    const char *colon = strchr(word, ':');
    size_t length = colon != NULL ? (size_t)(colon - word) : strlen(word);
    asked->format = grade_format_find(talloc_strndup(owner, word, length), error);
    asked->file = colon != NULL && colon[1] != '\0' ? colon + 1 : NULL;
    return asked->format != NULL ? 0 : -1;
}

/* In the folder of a hand-in each format has a file. */
static int check_file(void *owner, const struct grade_handins *asked, const char *word,
                      struct asked_format *format, struct error *error) {
    if (asked->results == NULL && format->file != NULL && asked->word_count > 2)
        return fail(error, "--format=%s is one file, and %zu hand-ins are named: see --results",
                    word, asked->word_count - 1);
    if (asked->results != NULL && format->file != NULL && strchr(format->file, '/') != NULL)
        return fail(error, "--format=%s: with --results it is a file in the folder of a hand-in",
                    word);
    if (asked->results != NULL && format->file == NULL)
        format->file = format->format->file != NULL
                           ? format->format->file
                           : talloc_asprintf(owner, "%s.txt", format->format->name);
    return 0;
}

/* Before anything is graded: are they known, and has each hand-in a file of its own? */
static const struct asked_format *read_formats(void *owner, const struct grade_handins *asked,
                                               size_t *count, struct error *error) {
    static const char *const one[] = {"text"}, *const several[] = {"html", "json"};
    const char *const *words = asked->results != NULL ? several : one;
    *count = asked->results != NULL ? 2 : 1;
    if (asked->format_count > 0) {
        words = asked->formats;
        *count = asked->format_count;
    }
    struct asked_format *formats = new_array(owner, struct asked_format, *count);
    for (size_t i = 0; i < *count; i++)
        if (read_format(owner, words[i], &formats[i], error) != 0 ||
            check_file(owner, asked, words[i], &formats[i], error) != 0)
            return NULL;
    return formats;
}

/* ---- Writing ---------------------------------------------------------------------------------- */

struct grade_writing {
    void *owner;
    const struct grade_handins *asked;
    const struct asked_format *formats;
    size_t count;
    struct error *error;
};

/* What is written by then, as a file. */
static int close_file(FILE *out, char **text, const size_t *size, const char *path,
                      struct error *error) {
    if (fclose(out) != 0)
        memory_exhausted();
    int result = file_replace(path, *text, *size, error);
    free(*text);
    return result;
}

static FILE *open_text(char **text, size_t *size) {
    FILE *out = open_memstream(text, size);
    if (out == NULL)
        memory_exhausted();
    return out;
}

static int write_file(const struct grade_writing *writing, const struct asked_format *asked,
                      const char *path, const struct grade *grade) {
    char *text = NULL;
    size_t size;
    FILE *out = open_text(&text, &size);
    int result = asked->format->write(out, grade, writing->error);
    int closed = close_file(out, &text, &size, path, writing->error);
    return result != 0 ? result : closed;
}

/* Of one hand-in, where it was asked for. */
static int write_grade(const struct grade_writing *writing, const struct grade *grade) {
    int result = 0;
    for (size_t i = 0; i < writing->count && result == 0; i++) {
        const struct asked_format *format = &writing->formats[i];
        result = format->file != NULL ? write_file(writing, format, format->file, grade)
                                      : format->format->write(stdout, grade, writing->error);
    }
    return result;
}

#define HANDINS "handins"

static int write_in_results(const struct grade_writing *writing, const struct class_row *row) {
    char *folder = never_null(
        talloc_asprintf(writing->owner, "%s/" HANDINS "/%s", writing->asked->results, row->name));
    int result = folder_make(folder, writing->error);
    for (size_t i = 0; i < writing->count && result == 0; i++)
        result = write_file(
            writing, &writing->formats[i],
            never_null(talloc_asprintf(folder, "%s/%s", folder, writing->formats[i].file)),
            &row->grade);
    talloc_free(folder);
    return result;
}

/* Where the students' pages are linked from. */
static const char *page_name(const struct grade_writing *writing) {
    for (size_t i = 0; i < writing->count; i++)
        if (strcmp(writing->formats[i].format->name, "html") == 0)
            return writing->formats[i].file;
    return NULL;
}

static int write_class(const struct grade_writing *writing, const struct class *class) {
    const char *page = page_name(writing), *results = writing->asked->results;
    int result = 0;
    for (size_t i = 0; i < class->count && result == 0; i++)
        result = write_in_results(writing, &class->rows[i]);
    for (int i = 0; i < 2 && result == 0; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_text(&text, &size);
        if (i == 0)
            class_csv(out, class);
        else
            class_page(out, class, page != NULL ? HANDINS : NULL, page);
        result = close_file(
            out, &text, &size,
            talloc_asprintf(writing->owner, "%s/%s", results, i == 0 ? "grades.csv" : "index.html"),
            writing->error);
    }
    return result;
}

/* A line a hand-in, and where the rest is. */
static void print_class(const struct grade_writing *writing, const struct class *class) {
    for (size_t i = 0; i < class->count; i++)
        printf("%s: %s\n", class->rows[i].grade.handin,
               said_headline(writing->owner, &class->rows[i].grade));
    printf("%zu graded, %zu known before or the same as another: %s/grades.csv, %s/index.html\n",
           class->graded, class->count - class->graded, writing->asked->results,
           writing->asked->results);
}

static int write_all(const struct grade_writing *writing, const struct class *class) {
    if (writing->asked->results != NULL) {
        int result = write_class(writing, class);
        if (result == 0)
            print_class(writing, class);
        return result;
    }
    int result = 0;
    for (size_t i = 0; i < class->count && result == 0; i++)
        result = write_grade(writing, &class->rows[i].grade);
    return result;
}

/* ---- Grading ---------------------------------------------------------------------------------- */

static int find_sandbox(void *owner, const struct grade_handins *asked, struct sandbox *sandbox,
                        struct error *error) {
    if (sandbox_probe(owner, asked->tier, sandbox, error) == 0)
        return 0;
    *sandbox = (struct sandbox){.tier = SANDBOX_NONE};
    return asked->unsafe ? 0 : -1;
}

/* A folder with an assignment; else a hazard of the suite, of which there may be a copy in a folder of its name. */
const struct assignment *grade_handins_assignment(void *owner, const char *word,
                                                  struct error *error) {
    struct stat info;
    char *file = never_null(talloc_asprintf(owner, "%s/" ASSIGNMENT_FILE, word));
    bool folder = stat(word, &info) == 0 && S_ISDIR(info.st_mode);
    if (strchr(word, '/') != NULL || stat(file, &info) == 0)
        return assignment_load(owner, word, error);
    const char *root = root_find(owner, error);
    const struct catalog *catalog = root != NULL ? catalog_load(owner, root, error) : NULL;
    const struct hazard *hazard = catalog != NULL ? catalog_find(catalog, word) : NULL;
    if (hazard != NULL)
        return ready_assignment(owner, catalog, hazard);
    if (folder || catalog == NULL)
        return folder ? assignment_load(owner, word, error) : NULL;
    catalog_need(catalog, word, error);
    return NULL;
}

/* What is wrong with the platform weighs most, then what is not decided. */
static int worse(int a, int b) {
    static const int weights[] = {
        [EXIT_CLEAN] = 0, [EXIT_HAZARD] = 1, [EXIT_TROUBLE] = 3, [EXIT_UNDECIDED] = 2};
    return weights[a] >= weights[b] ? a : b;
}

static int run_class(const struct grade_writing *writing, const struct assignment *assignment,
                     const struct sandbox *sandbox, struct class *class) {
    const struct grade_handins *asked = writing->asked;
    const struct class_options options = {
        .kept = asked->results != NULL ? talloc_asprintf(writing->owner, "%s/.kept", asked->results)
                                       : NULL,
        .parallel = asked->jobs > 0 ? asked->jobs : (int)sysconf(_SC_NPROCESSORS_ONLN),
        .progress = isatty(STDERR_FILENO) && asked->word_count > 2};
    return class_run(writing->owner, assignment, sandbox, asked->words + 1, asked->word_count - 1,
                     &options, class, writing->error);
}

int grade_handins_run(void *owner, const struct grade_handins *asked) {
    struct error error;
    struct sandbox sandbox;
    struct class class;
    struct grade_writing writing = {.owner = owner, .asked = asked, .error = &error};
    int code = EXIT_CLEAN;
    run_catch_interrupts();
    writing.formats = read_formats(owner, asked, &writing.count, &error);
    const struct assignment *assignment =
        writing.formats != NULL ? grade_handins_assignment(owner, asked->words[0], &error) : NULL;
    if (assignment == NULL || find_sandbox(owner, asked, &sandbox, &error) != 0 ||
        run_class(&writing, assignment, &sandbox, &class) != 0 || write_all(&writing, &class) != 0)
        return trouble(&error);
    for (size_t i = 0; i < class.count; i++)
        code = worse(code, exit_code(&class.rows[i].grade));
    return code;
}
