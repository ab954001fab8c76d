/* SPDX-License-Identifier: MIT */
#include "hazard/commands/grade_handins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_replace.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/grade/format/grade_format.h"
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

static int write_file(const struct asked_format *asked, const struct grade *grade,
                      struct error *error) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        memory_exhausted();
    int result = asked->format->write(out, grade, error);
    fclose(out);
    if (result == 0)
        result = file_replace(asked->file, text, size, error);
    free(text);
    return result;
}

static int write_all(const struct asked_format *formats, size_t count, const struct grade *grade,
                     struct error *error) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = formats[i].file != NULL ? write_file(&formats[i], grade, error)
                                         : formats[i].format->write(stdout, grade, error);
    return result;
}

/* Before anything is graded: are they known, and has each hand-in a file of its own? */
static const struct asked_format *read_formats(void *owner, const struct grade_handins *asked,
                                               size_t *count, struct error *error) {
    struct asked_format *formats = new_array(owner, struct asked_format, asked->format_count + 1);
    *count = asked->format_count > 0 ? asked->format_count : 1;
    for (size_t i = 0; i < *count; i++) {
        const char *word = asked->format_count > 0 ? asked->formats[i] : "text";
        if (read_format(owner, word, &formats[i], error) != 0)
            return NULL;
        if (formats[i].file != NULL && asked->word_count > 2) {
            fail(error, "--format=%s is one file, and %zu hand-ins are named", word,
                 asked->word_count - 1);
            return NULL;
        }
    }
    return formats;
}

static int find_sandbox(void *owner, const struct grade_handins *asked, struct sandbox *sandbox,
                        struct error *error) {
    if (sandbox_probe(owner, asked->tier, sandbox, error) == 0)
        return 0;
    *sandbox = (struct sandbox){.tier = SANDBOX_NONE};
    return asked->unsafe ? 0 : -1;
}

/* A folder with an assignment; else a hazard of the suite, of which there may be a copy in a folder of its name. */
static const struct assignment *find_assignment(void *owner, const char *word,
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

int grade_handins_run(void *owner, const struct grade_handins *asked) {
    struct error error;
    struct sandbox sandbox;
    size_t count;
    int code = EXIT_CLEAN;
    run_catch_interrupts();
    const struct asked_format *formats = read_formats(owner, asked, &count, &error);
    const struct assignment *assignment =
        formats != NULL ? find_assignment(owner, asked->words[0], &error) : NULL;
    if (assignment == NULL || find_sandbox(owner, asked, &sandbox, &error) != 0)
        return trouble(&error);
    for (size_t i = 1; i < asked->word_count; i++) {
        struct grade grade;
        void *one = talloc_new(owner);
        if (grading_run(one, assignment, &sandbox, asked->words[i], &grade, &error) != 0 ||
            write_all(formats, count, &grade, &error) != 0)
            return trouble(&error);
        (void)fflush(stdout);
        code = worse(code, exit_code(&grade));
        talloc_free(one);
    }
    return code;
}
