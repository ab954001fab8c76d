/* SPDX-License-Identifier: MIT */
/*
 * From a catalogue file to a struct hazard: yaml_file.c parses it, schema.c reads its mappings by
 * the tables below, and here are the rules of CONTRIBUTING.md that no table can say: files that
 * must exist, and files that must be listed. (catalog_expect.c has those of expectations.)
 */
#include "hazard/catalog/catalog_file.h"

#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_expect.h"
#include "hazard/catalog/catalog_options.h"
#include "hazard/catalog/schema.h"

enum { DEFAULT_DIFF = 40 };

/* The file as it is read; `hazard` is what remains of it. */
struct draft_hazard {
    struct hazard hazard;
    struct catalog_own own[CATALOG_OPTIONS_COUNT];
    const yaml_node_t *programs, *reasons;
};

struct draft_program {
    struct program program;
    enum kind kind; /* the hazard's, where the program has none of its own */
    struct catalog_own own[CATALOG_OPTIONS_COUNT];
    const yaml_node_t *expect;
};

struct catalog_reader {
    const char *root;
    const struct catalog_names *names;
    struct yaml_file *file;
    struct draft_hazard draft;
    struct catalog_reasons reasons;
};

static const char *family_at(const void *unused, size_t index) {
    (void)unused;
    return catalog_family_name((enum hazard_family)index);
}

static const struct schema_words families = {.count = HAZARD_FAMILY_COUNT, .at = family_at};

#define HAZARD(key, kind_of_value, member, ...)                                                    \
    {                                                                                              \
        .name = (key), .form = (kind_of_value), .offset = offsetof(struct draft_hazard, member),   \
        __VA_ARGS__                                                                                \
    }
#define PROGRAM(key, kind_of_value, member, ...)                                                   \
    {                                                                                              \
        .name = (key), .form = (kind_of_value), .offset = offsetof(struct draft_program, member),  \
        __VA_ARGS__                                                                                \
    }

static const struct schema_key hazard_keys[] = {
    HAZARD("title", SCHEMA_TEXT, hazard.title, .required = true),
    HAZARD("family", SCHEMA_WORD, hazard.family, .required = true, .words = &families),
    HAZARD("headline", SCHEMA_FLAG, hazard.headline, ),
    HAZARD("story", SCHEMA_TEXT, hazard.story, .required = true),
    HAZARD("sources", SCHEMA_TEXTS, hazard.sources, .required = true, .least = 1),
    HAZARD("exercise", SCHEMA_TEXT, hazard.exercise, .required = true),
    HAZARD("cwe", SCHEMA_NUMBER, hazard.cwe, .required = true),
    HAZARD("kind", SCHEMA_WORD, hazard.kind, .required = true, .words = &catalog_expect_kinds),
    HAZARD("actors", SCHEMA_TEXTS, hazard.actors, .required = true, .least = 1),
    HAZARD("args", SCHEMA_TEXTS, hazard.args, ),
    CATALOG_OPTIONS_KEYS(struct draft_hazard),
    HAZARD("server", SCHEMA_FLAG, hazard.server, ),
    HAZARD("diff", SCHEMA_NUMBER, hazard.diff_limit, ),
    HAZARD("reasons", SCHEMA_MAPPING, reasons, ),
    HAZARD("programs", SCHEMA_MAPPINGS, programs, .required = true, .least = 2),
    {0},
};

static const struct schema_key program_keys[] = {
    PROGRAM("path", SCHEMA_TEXT, program.path, .required = true),
    PROGRAM("about", SCHEMA_TEXT, program.about, ),
    PROGRAM("kind", SCHEMA_WORD, kind, .words = &catalog_expect_kinds),
    CATALOG_OPTIONS_KEYS(struct draft_program),
    PROGRAM("expect", SCHEMA_MAPPING, expect, .required = true),
    {0},
};

static const char *const folders[] = {"buggy/", "fixed/"};
enum { FOLDER_LENGTH = 6 };

/* "buggy/STEM.c": STEM and its length; NULL if the path has another form. */
static const char *path_stem(const char *path, size_t *length) {
    size_t all = strlen(path);
    if (all <= FOLDER_LENGTH + 2 || strcmp(path + all - 2, ".c") != 0)
        return NULL;
    *length = all - FOLDER_LENGTH - 2;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(path, folders[i], FOLDER_LENGTH) == 0)
            return memchr(path + FOLDER_LENGTH, '/', *length) == NULL ? path + FOLDER_LENGTH : NULL;
    return NULL;
}

static enum role role_of(const char *path, bool whole_name) {
    if (strncmp(path, folders[0], FOLDER_LENGTH) == 0)
        return whole_name ? ROLE_BUGGY : ROLE_DECOY;
    return whole_name ? ROLE_FIXED : ROLE_VARIANT;
}

static bool is_file(const char *root, const char *path) {
    char *whole = never_null(talloc_asprintf(NULL, "%s/%s", root, path));
    struct stat info;
    bool there = stat(whole, &info) == 0 && S_ISREG(info.st_mode);
    talloc_free(whole);
    return there;
}

static bool lists(const struct hazard *hazard, const char *path) {
    for (size_t i = 0; i < hazard->program_count; i++)
        if (strcmp(hazard->programs[i].path, path) == 0)
            return true;
    return false;
}

static int check_path(struct catalog_reader *reader, const char *path, const yaml_node_t *node) {
    const struct hazard *hazard = &reader->draft.hazard;
    const char *name = hazard->name;
    size_t length = 0;
    const char *stem = path_stem(path, &length);
    const char *belongs = stem != NULL ? catalog_names_owner(reader->names, stem, length) : NULL;
    if (belongs == NULL || strncmp(stem, name, strlen(name)) != 0)
        return yaml_reject(reader->file, node,
                           "'path' must be buggy/%s.c, buggy/%s-DECOY.c, fixed/%s.c or "
                           "fixed/%s-VARIANT.c, not '%s'",
                           name, name, name, name, path);
    if (strcmp(belongs, name) != 0)
        return yaml_reject(reader->file, node, "%s belongs to catalog/%s.yaml by its name", path,
                           belongs);
    if (!is_file(reader->root, path))
        return yaml_reject(reader->file, node, "the program %s does not exist", path);
    if (lists(hazard, path))
        return yaml_reject(reader->file, node, "the program %s is listed twice", path);
    return 0;
}

static int check_probe(struct catalog_reader *reader, const struct program *program,
                       const yaml_node_t *expect) {
    bool server = reader->draft.hazard.server;
    bool expected = catalog_expectation(program, "probe") != NULL;
    const yaml_node_pair_t *pair = yaml_pair(reader->file, expect, "probe");
    const yaml_node_t *node =
        pair != NULL ? yaml_document_get_node(&reader->file->document, pair->key) : expect;
    if (server && !expected)
        return yaml_reject(
            reader->file, node,
            "the key 'probe' is missing in 'expect': the hazard says 'server: true'");
    if (!server && expected)
        return yaml_reject(reader->file, node,
                           "'probe' is for servers: remove it, or say 'server: true'");
    return 0;
}

/* Where a detector has keys of its own, the program's go before the hazard's. An empty list of
 * arguments is one. */
static void add_own(struct catalog_reader *reader, const struct draft_program *draft,
                    struct expectation *expected) {
    int index = catalog_options_index(expected->detector);
    if (index < 0)
        return;
    const struct catalog_own *hazards = &reader->draft.own[index], *programs = &draft->own[index];
    expected->args = programs->args != NULL ? programs->args : hazards->args;
    expected->options = catalog_options_join(reader->file, hazards->options, programs->options);
}

static int read_expectations(struct catalog_reader *reader, struct draft_program *draft) {
    struct program *program = &draft->program;
    if (catalog_options_check(reader->file, draft->own) != 0 ||
        catalog_expect_read(reader->file, draft->expect, draft->kind, &reader->reasons, program) !=
            0 ||
        check_probe(reader, program, draft->expect) != 0)
        return -1;
    for (size_t i = 0; i < program->expectation_count; i++)
        for (struct expectation *row = &program->expectations[i]; row != NULL; row = row->otherwise)
            add_own(reader, draft, row);
    return 0;
}

static int read_program(struct catalog_reader *reader, const yaml_node_t *node) {
    struct hazard *hazard = &reader->draft.hazard;
    struct draft_program draft = {.kind = hazard->kind, .program.about = ""};
    struct program *program = &draft.program;
    if (schema_read(reader->file, program_keys, "programs", node, &draft) != 0 ||
        check_path(reader, program->path, yaml_value(reader->file, node, "path")) != 0)
        return -1;
    size_t length = 0;
    path_stem(program->path, &length);
    program->role = role_of(program->path, length == strlen(hazard->name));
    if (*program->about == '\0' && (program->role == ROLE_DECOY || program->role == ROLE_VARIANT))
        return yaml_reject(reader->file, node, "a %s must say in 'about' what it tries",
                           catalog_role_name(program->role));
    if (read_expectations(reader, &draft) != 0)
        return -1;
    hazard->programs[hazard->program_count++] = draft.program;
    return 0;
}

static int read_programs(struct catalog_reader *reader) {
    struct draft_hazard *draft = &reader->draft;
    const yaml_node_t *item;
    size_t count = 0;
    while (yaml_item(reader->file, draft->programs, count) != NULL)
        count++;
    draft->hazard.programs = new_array(reader->file, struct program, count);
    for (size_t i = 0; (item = yaml_item(reader->file, draft->programs, i)) != NULL; i++)
        if (read_program(reader, item) != 0)
            return -1;
    return 0;
}

/* The pair must be listed, and so must every other file that carries the hazard's name. */
static int check_listed(struct catalog_reader *reader, const char *folder) {
    const struct hazard *hazard = &reader->draft.hazard;
    const yaml_node_t *node = reader->draft.programs;
    void *scratch = talloc_new(reader->file);
    struct catalog_names stems;
    char *whole = never_null(talloc_asprintf(scratch, "%s/%s", reader->root, folder));
    if (catalog_names_read(scratch, whole, ".c", &stems, reader->file->error) != 0)
        return -1;
    char *half = never_null(talloc_asprintf(scratch, "%s%s.c", folder, hazard->name));
    if (!lists(hazard, half))
        return yaml_reject(reader->file, node, "%s is not listed in 'programs'", half);
    for (size_t i = 0; i < stems.count; i++) {
        const char *stem = stems.items[i];
        const char *belongs = catalog_names_owner(reader->names, stem, strlen(stem));
        char *path = never_null(talloc_asprintf(scratch, "%s%s.c", folder, stem));
        if (belongs != NULL && strcmp(belongs, hazard->name) == 0 && !lists(hazard, path))
            return yaml_reject(reader->file, node, "%s is not listed in 'programs'", path);
    }
    talloc_free(scratch);
    return 0;
}

static int check_number(struct catalog_reader *reader, const char *key, int value) {
    if (value > 0)
        return 0;
    return yaml_reject(reader->file, yaml_value(reader->file, yaml_root(reader->file), key),
                       "'%s' must be a positive number, not %d", key, value);
}

static int read_hazard(struct catalog_reader *reader) {
    struct draft_hazard *draft = &reader->draft;
    if (schema_read(reader->file, hazard_keys, NULL, yaml_root(reader->file), draft) != 0 ||
        check_number(reader, "cwe", draft->hazard.cwe) != 0 ||
        check_number(reader, "diff", draft->hazard.diff_limit) != 0 ||
        catalog_options_check(reader->file, draft->own) != 0 ||
        catalog_reasons_read(reader->file, draft->reasons, &reader->reasons) != 0 ||
        read_programs(reader) != 0 || catalog_reasons_check_used(&reader->reasons) != 0)
        return -1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (check_listed(reader, folders[i]) != 0)
            return -1;
    return 0;
}

struct hazard *catalog_file_read(void *owner, const char *root, const struct catalog_names *names,
                                 const char *name, struct error *error) {
    static const char *const no_args[] = {NULL};
    struct hazard *hazard = new_array(owner, struct hazard, 1);
    char *label = never_null(talloc_asprintf(hazard, "catalog/%s.yaml", name));
    char *path = never_null(talloc_asprintf(hazard, "%s/%s", root, label));
    struct catalog_reader reader = {
        .root = root,
        .names = names,
        .file = yaml_open(hazard, path, label, error),
        .draft.hazard = {.name = never_null(talloc_strdup(hazard, name)),
                         .args = no_args,
                         .diff_limit = DEFAULT_DIFF},
    };
    if (reader.file == NULL || read_hazard(&reader) != 0) {
        talloc_free(hazard);
        return NULL;
    }
    *hazard = reader.draft.hazard;
    return hazard;
}
