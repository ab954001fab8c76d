/* SPDX-License-Identifier: MIT */
#include "hazard/suite/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/cc/cc_record.h"
#include "hazard/cc/cc_word.h"

/* A source of another language is one, too: it is refused as such. */
static bool is_source(const struct target_words *said, const char *word) {
    return cc_word_is_c(word) || cc_word_is_cxx(word) || cc_word_is_assembler(word) ||
           said->compiler.any_ending;
}

static bool is_executable_file(const char *word) {
    struct stat info;
    return stat(word, &info) == 0 && S_ISREG(info.st_mode) && access(word, X_OK) == 0;
}

static const char *resolve_path(void *owner, const char *path, struct error *error) {
    char *absolute = realpath(path, NULL);
    if (absolute == NULL) {
        fail(error, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    const char *copy = talloc_strdup(owner, absolute);
    free(absolute);
    return copy;
}

static void add_target(void *owner, struct targets *targets, struct target target) {
    targets->items = grow_array(owner, targets->items, struct target, targets->count + 1);
    targets->items[targets->count++] = target;
}

static const char *const no_args[] = {NULL};

static void add_program(void *owner, const struct catalog *catalog, const struct hazard *hazard,
                        const struct program *program, const struct target_words *said,
                        struct targets *targets) {
    const char **paths = new_array(owner, const char *, 1);
    paths[0] = talloc_asprintf(owner, "%s/%s", catalog->root, program->path);
    add_target(owner, targets,
               (struct target){.name = program->path,
                               .sources = {paths, 1},
                               .words = said->compiler,
                               .args = said->args != NULL ? said->args : hazard->args,
                               .server = hazard->server,
                               .hazard = hazard,
                               .program = program});
}

static void add_hazard(void *owner, const struct catalog *catalog, const struct hazard *hazard,
                       const struct target_words *said, struct targets *targets) {
    for (size_t i = 0; i < hazard->program_count; i++)
        add_program(owner, catalog, hazard, &hazard->programs[i], said, targets);
}

/* ---- Files of the suite ---------------------------------------------------------------------- */

/* The path of a file below `root`, as in "buggy/counter.c"; NULL if it lies elsewhere. */
static const char *path_below(void *owner, const char *root, const char *word) {
    struct error ignored;
    const char *path = resolve_path(owner, word, &ignored);
    size_t length = strlen(root);
    bool below = path != NULL && strncmp(path, root, length) == 0 && path[length] == '/';
    return below ? path + length + 1 : NULL;
}

bool targets_below(const char *root, const struct target_words *said) {
    void *scratch = new_owner();
    bool all = true;
    for (size_t i = 0; i < said->count && all; i++) {
        const char *word = said->words[i];
        const char *path = is_source(said, word) ? path_below(scratch, root, word) : NULL;
        all = path != NULL && (strncmp(path, "buggy/", 6) == 0 || strncmp(path, "fixed/", 6) == 0);
    }
    talloc_free(scratch);
    return all;
}

/* Adds the program that lies in that file; false if there is none. */
static bool add_file(void *owner, const struct catalog *catalog, const struct target_words *said,
                     const char *word, struct targets *targets) {
    const char *path = path_below(owner, catalog->root, word);
    for (size_t i = 0; path != NULL && i < catalog->count; i++) {
        const struct hazard *hazard = &catalog->hazards[i];
        for (size_t j = 0; j < hazard->program_count; j++) {
            if (strcmp(hazard->programs[j].path, path) != 0)
                continue;
            add_program(owner, catalog, hazard, &hazard->programs[j], said, targets);
            return true;
        }
    }
    return false;
}

/* All of them, or none. */
static bool add_files(void *owner, const struct catalog *catalog, const struct target_words *said,
                      struct targets *targets) {
    size_t before = targets->count;
    if (catalog == NULL || said->count == 0 || !targets_below(catalog->root, said))
        return false;
    for (size_t i = 0; i < said->count; i++)
        if (!add_file(owner, catalog, said, said->words[i], targets)) {
            targets->count = before;
            return false;
        }
    return true;
}

/* ---- Programs of the user -------------------------------------------------------------------- */

static int check_language(const struct target_words *said, const char *word, struct error *error) {
    if (said->compiler.any_ending)
        return 0;
    if (cc_word_is_cxx(word))
        return fail(error, "%s takes C: %s is C++", said->command, word);
    if (cc_word_is_assembler(word))
        return fail(error, "%s takes C: %s is assembler", said->command, word);
    return 0;
}

static int add_sources(void *owner, const struct target_words *said, struct targets *targets,
                       struct error *error) {
    const char **paths = new_array(owner, const char *, said->count);
    for (size_t i = 0; i < said->count; i++) {
        if (!is_source(said, said->words[i]))
            return fail(error,
                        "%s is no C file: name the C files of one program, or hazards, not both",
                        said->words[i]);
        if (check_language(said, said->words[i], error) != 0)
            return -1;
        paths[i] = resolve_path(owner, said->words[i], error);
        if (paths[i] == NULL)
            return -1;
    }
    add_target(owner, targets,
               (struct target){.name = said->words[0],
                               .sources = {paths, said->count},
                               .words = said->compiler,
                               .args = said->args != NULL ? said->args : no_args});
    return 0;
}

static int add_binary(void *owner, const struct target_words *said, struct targets *targets,
                      struct error *error) {
    const char *word = said->words[0], *path = resolve_path(owner, word, error);
    if (path == NULL)
        return -1;
    if (said->compiler.all != NULL && *said->compiler.all != NULL)
        return fail(error, "%s: a compiler's option is for C files, and %s is built already",
                    *said->compiler.all, word);
    struct target target = {
        .name = word, .binary = path, .args = said->args != NULL ? said->args : no_args};
    target.record = cc_record_read(owner, path);
    if (target.record != NULL)
        target.sources = recipe_sources(owner, &target.record->recipe);
    add_target(owner, targets, target);
    return 0;
}

static int add_named(void *owner, const struct catalog *catalog, const struct target_words *said,
                     const char *word, struct targets *targets, struct error *error) {
    if (is_source(said, word) && add_file(owner, catalog, said, word, targets))
        return 0;
    if (strchr(word, '/') != NULL || is_source(said, word))
        return fail(error,
                    "%s is no hazard: name hazards, or the C files of one program, or a program "
                    "that can be run",
                    word);
    const struct hazard *hazard = catalog_need(catalog, word, error);
    if (hazard == NULL)
        return -1;
    add_hazard(owner, catalog, hazard, said, targets);
    return 0;
}

/* A path must look like one: a stray file called "counter" does not hide the hazard of that name.
 */
static bool is_binary(const char *word) {
    return strchr(word, '/') != NULL && is_executable_file(word);
}

bool targets_in_suite(const struct target_words *said) {
    return said->count == 0 ||
           !(is_source(said, said->words[0]) || (said->count == 1 && is_binary(said->words[0])));
}

int targets_resolve(void *owner, const struct catalog *catalog, const struct target_words *said,
                    struct targets *targets, struct error *error) {
    if (add_files(owner, catalog, said, targets))
        return 0;
    if (said->count > 0 && is_source(said, said->words[0]))
        return add_sources(owner, said, targets, error);
    if (said->count == 1 && is_binary(said->words[0]))
        return add_binary(owner, said, targets, error);
    if (catalog == NULL)
        return fail(error, "there is no suite to look for hazards in");
    for (size_t i = 0; i < said->count; i++)
        if (add_named(owner, catalog, said, said->words[i], targets, error) != 0)
            return -1;
    for (size_t i = 0; said->count == 0 && i < catalog->count; i++)
        add_hazard(owner, catalog, &catalog->hazards[i], said, targets);
    return 0;
}
