/* SPDX-License-Identifier: MIT */
/*
 * From a catalogue file to a struct hazard, in three steps:
 *
 *   yaml_open      is it YAML?                         libyaml, with the line
 *   schema_check   has it the form of the schema?      catalog_check.c, with line and allowed words
 *   cyaml_load     the values in C                     libcyaml, into raw structs
 *
 * and then the rules of CONTRIBUTING.md that no schema can say: files that must exist, reasons that
 * must be given. Their lines come from the document of the first step, in which entry i of
 * `programs` is raw program i.
 */
#include "hazard/catalog/catalog_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_schema.h"

enum { DEFAULT_DIFF = 40 };

struct reader {
    struct yaml_file *file;
    struct hazard *hazard;
    const struct raw_hazard *raw;
    const char *root;
    const struct hazard_names *names;
};

/* What is left for libcyaml to reject once the schema was checked: numbers. */
struct complaint {
    char words[128];
    char key[64];
    unsigned long line;
};

static void note_complaint(cyaml_log_t level, void *context, const char *format, va_list words)
    __attribute__((format(printf, 3, 0)));

/* libcyaml logs what is wrong first and then where, innermost first. */
static void note_complaint(cyaml_log_t level, void *context, const char *format, va_list words) {
    (void)level;
    struct complaint *complaint = context;
    char text[256], key[sizeof complaint->key];
    unsigned long line;
    vsnprintf(text, sizeof text, format, words);
    if (complaint->words[0] == '\0')
        sscanf(text, "Load: %127[^\n]", complaint->words);
    if (complaint->line == 0 &&
        sscanf(text, " in mapping field '%63[^']' (line: %lu", key, &line) == 2) {
        memcpy(complaint->key, key, strlen(key) + 1);
        complaint->line = line;
    }
}

static void *talloc_for_cyaml(void *owner, void *memory, size_t size) {
    return talloc_realloc_size(owner, memory, size);
}

static int load_values(struct reader *reader) {
    struct complaint complaint = {0};
    const cyaml_config_t config = {
        .log_fn = note_complaint,
        .log_ctx = &complaint,
        .mem_fn = talloc_for_cyaml,
        .mem_ctx = reader->hazard,
        .log_level = CYAML_LOG_ERROR,
    };
    const char *text = reader->file->text;
    cyaml_data_t *values = NULL;
    cyaml_err_t result = cyaml_load_data((const unsigned char *)text, strlen(text), &config,
                                         &catalog_schema, &values, NULL);
    reader->raw = values;
    if (result == CYAML_OK)
        return 0;
    char number[sizeof complaint.words];
    if (sscanf(complaint.words, "Invalid INT value: '%127[^']", number) == 1)
        return fail(reader->file->error, "%s:%lu: '%s' must be a whole number (32 bits), not '%s'",
                    reader->file->label, complaint.line, complaint.key, number);
    return fail(reader->file->error, "%s:%lu: '%s': %s (%s)", reader->file->label,
                complaint.line > 0 ? complaint.line : 1, complaint.key, complaint.words,
                cyaml_strerror(result));
}

static yaml_node_t *program_node(struct reader *reader, size_t index) {
    yaml_node_t *programs = yaml_value(reader->file, yaml_root(reader->file), "programs");
    return yaml_item(reader->file, programs, index);
}

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

static int check_path(struct reader *reader, size_t index) {
    const char *name = reader->hazard->name, *path = reader->raw->programs[index].path;
    const yaml_node_t *node = yaml_value(reader->file, program_node(reader, index), "path");
    size_t length = 0;
    const char *stem = path_stem(path, &length);
    const char *belongs = stem != NULL ? names_owner(reader->names, stem, length) : NULL;
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
    for (size_t i = 0; i < index; i++)
        if (strcmp(reader->raw->programs[i].path, path) == 0)
            return yaml_reject(reader->file, node, "the program %s is listed twice", path);
    return 0;
}

/* Where chance, the tool or our own neglect could be behind a verdict, the catalogue must say
 * which. */
static const char *why_reason(enum role role, const struct raw_expectation *raw) {
    bool wrong = role == ROLE_BUGGY || role == ROLE_DECOY;
    bool blind = raw->verdict == VERDICT_SILENT || raw->verdict == VERDICT_HUNG ||
                 raw->verdict == VERDICT_CHANGED || raw->verdict == VERDICT_PROVED;
    if (wrong && blind)
        return "on a program with a bug";
    if (raw->verdict == VERDICT_OTHER || raw->verdict == VERDICT_UNSUPPORTED ||
        raw->verdict == VERDICT_BOUNDED)
        return "wherever it is expected";
    return raw->alternative != NULL ? "beside an 'or'" : NULL;
}

static int check_expectation(struct reader *reader, enum role role, const char *detector,
                             const struct raw_expectation *raw, const yaml_node_t *node) {
    bool right = role == ROLE_FIXED || role == ROLE_VARIANT;
    if (right && (raw->verdict == VERDICT_FOUND ||
                  (raw->alternative != NULL && *raw->alternative == VERDICT_FOUND)))
        return yaml_reject(reader->file, node,
                           "%s: a %s program has no hazard to be found; a false alarm is 'other'",
                           detector, role_name(role));
    if (raw->alternative != NULL && *raw->alternative == raw->verdict)
        return yaml_reject(reader->file, node, "%s: 'or' repeats the verdict '%s'", detector,
                           verdict_name(raw->verdict));
    if (raw->executions != NULL && (raw->verdict != VERDICT_PROVED || *raw->executions <= 0))
        return yaml_reject(reader->file, node,
                           "%s: 'executions' is a positive number and belongs to 'proved'",
                           detector);
    const char *why = why_reason(role, raw);
    if (why != NULL && raw->reason == NULL)
        return yaml_reject(reader->file, node, "%s: '%s' needs a 'reason' %s", detector,
                           verdict_name(raw->verdict), why);
    return 0;
}

static int check_probe(struct reader *reader, bool expected, const yaml_node_t *node) {
    if (reader->raw->server && !expected)
        return yaml_reject(
            reader->file, node,
            "the key 'probe' is missing in 'expect': the hazard says 'server: true'");
    if (!reader->raw->server && expected)
        return yaml_reject(reader->file, node,
                           "'probe' is for servers: remove it, or say 'server: true'");
    return 0;
}

static void add_expectation(struct hazard *hazard, struct program *program, const char *detector,
                            const struct raw_program *raw_program,
                            const struct raw_expectation *raw) {
    const enum kind *kind = raw->kind != NULL ? raw->kind : raw_program->kind;
    program->expectations[program->expectation_count++] = (struct expectation){
        .detector = detector,
        .verdict = raw->verdict,
        .alternative = raw->alternative != NULL ? (int)*raw->alternative : -1,
        .kind = kind != NULL ? *kind : hazard->kind,
        .reason = raw->reason != NULL ? raw->reason : "",
        .count = raw->executions != NULL ? *raw->executions : 0,
    };
}

static const char *const *terminated(void *owner, const char *const *items, size_t count) {
    const char **all = new_array(owner, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        all[i] = items[i];
    return all;
}

/* Under such a detector, a program's own arguments go before the hazard's. An empty list is a list. */
static void add_words(struct reader *reader, size_t index, const struct raw_program *raw,
                      struct expectation *expected, const yaml_node_t *node) {
    const struct raw_words *of_hazard = &reader->raw->words[index],
                           *of_program = &raw->words[index];
    struct hazard *owner = reader->hazard;
    const char *key = talloc_asprintf(owner, "%s-args", expected->detector);
    if (yaml_value(reader->file, node, key) != NULL)
        expected->args = terminated(owner, of_program->args, of_program->args_count);
    else if (yaml_value(reader->file, yaml_root(reader->file), key) != NULL)
        expected->args = terminated(owner, of_hazard->args, of_hazard->args_count);
    expected->options = catalog_options(owner, of_hazard->options, of_program->options);
}

/* Most detectors have none. */
static void add_own_words(struct reader *reader, const struct raw_program *raw,
                          struct expectation *expected, const yaml_node_t *node) {
    for (size_t i = 0; i < OWN_WORDS; i++)
        if (strcmp(expected->detector, catalog_words_of(i)) == 0)
            add_words(reader, i, raw, expected, node);
}

static int read_expectations(struct reader *reader, const struct raw_program *raw,
                             struct program *program, const yaml_node_t *program_entry) {
    const yaml_node_t *expect = yaml_value(reader->file, program_entry, "expect");
    program->expectations = new_array(reader->hazard, struct expectation, CATALOG_DETECTORS);
    for (size_t i = 0; i < CATALOG_DETECTORS; i++) {
        const char *detector = catalog_detector(i);
        const yaml_node_t *node = yaml_value(reader->file, expect, detector);
        if (raw->expect[i] == NULL)
            continue;
        if (check_expectation(reader, program->role, detector, raw->expect[i], node) != 0)
            return -1;
        add_expectation(reader->hazard, program, detector, raw, raw->expect[i]);
        add_own_words(reader, raw, &program->expectations[program->expectation_count - 1],
                      program_entry);
    }
    const yaml_node_t *probe = yaml_value(reader->file, expect, "probe");
    return check_probe(reader, probe != NULL, probe != NULL ? probe : expect);
}

static int read_program(struct reader *reader, size_t index) {
    const struct raw_program *raw = &reader->raw->programs[index];
    struct program *program = &reader->hazard->programs[index];
    yaml_node_t *node = program_node(reader, index);
    if (check_path(reader, index) != 0)
        return -1;
    size_t length = 0;
    path_stem(raw->path, &length);
    program->path = raw->path;
    program->about = raw->about != NULL ? raw->about : "";
    program->role = role_of(raw->path, length == strlen(reader->hazard->name));
    if (raw->about == NULL && (program->role == ROLE_DECOY || program->role == ROLE_VARIANT))
        return yaml_reject(reader->file, node, "a %s must say in 'about' what it tries",
                           role_name(program->role));
    return read_expectations(reader, raw, program, node);
}

static bool lists(const struct hazard *hazard, const char *path) {
    for (size_t i = 0; i < hazard->program_count; i++)
        if (strcmp(hazard->programs[i].path, path) == 0)
            return true;
    return false;
}

/* The pair must be listed, and so must every other file that carries the hazard's name. */
static int check_complete(struct reader *reader) {
    const struct hazard *hazard = reader->hazard;
    const yaml_node_t *node = yaml_value(reader->file, yaml_root(reader->file), "programs");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        void *scratch = talloc_new(reader->file);
        struct hazard_names stems;
        char *folder = never_null(talloc_asprintf(scratch, "%s/%s", reader->root, folders[i]));
        if (names_read(scratch, folder, ".c", &stems, reader->file->error) != 0)
            return -1;
        char *half = never_null(talloc_asprintf(scratch, "%s%s.c", folders[i], hazard->name));
        if (!lists(hazard, half))
            return yaml_reject(reader->file, node, "%s is not listed in 'programs'", half);
        for (size_t j = 0; j < stems.count; j++) {
            const char *stem = stems.items[j];
            const char *belongs = names_owner(reader->names, stem, strlen(stem));
            char *path = never_null(talloc_asprintf(scratch, "%s%s.c", folders[i], stem));
            if (belongs != NULL && strcmp(belongs, hazard->name) == 0 && !lists(hazard, path))
                return yaml_reject(reader->file, node, "%s is not listed in 'programs'", path);
        }
    }
    return 0;
}

static int check_number(struct reader *reader, const char *key, int value) {
    if (value > 0)
        return 0;
    return yaml_reject(reader->file, yaml_value(reader->file, yaml_root(reader->file), key),
                       "'%s' must be a positive number, not %d", key, value);
}

static int read_hazard(struct reader *reader) {
    struct hazard *hazard = reader->hazard;
    const struct raw_hazard *raw = reader->raw;
    hazard->title = raw->title;
    hazard->story = raw->story;
    hazard->family = raw->family;
    hazard->headline = raw->headline;
    hazard->server = raw->server;
    hazard->cwe = raw->cwe;
    hazard->kind = raw->kind;
    hazard->diff_limit = raw->diff != NULL ? *raw->diff : DEFAULT_DIFF;
    hazard->actors = terminated(hazard, raw->actors, raw->actors_count);
    hazard->args = terminated(hazard, raw->args, raw->args_count);
    hazard->programs = new_array(hazard, struct program, raw->programs_count);
    hazard->program_count = raw->programs_count;
    if (check_number(reader, "cwe", hazard->cwe) != 0 ||
        check_number(reader, "diff", hazard->diff_limit) != 0)
        return -1;
    for (size_t i = 0; i < hazard->program_count; i++)
        if (read_program(reader, i) != 0)
            return -1;
    return check_complete(reader);
}

struct hazard *catalog_file_read(void *owner, const char *root, const struct hazard_names *names,
                                 const char *name, struct error *error) {
    struct hazard *hazard = new_array(owner, struct hazard, 1);
    hazard->name = never_null(talloc_strdup(hazard, name));
    char *label = never_null(talloc_asprintf(hazard, "catalog/%s.yaml", name));
    char *path = never_null(talloc_asprintf(hazard, "%s/%s", root, label));
    struct reader reader = {
        .file = yaml_open(hazard, path, label, error),
        .hazard = hazard,
        .root = root,
        .names = names,
    };
    if (reader.file == NULL || schema_check(reader.file) != 0 || load_values(&reader) != 0 ||
        read_hazard(&reader) != 0) {
        talloc_free(hazard);
        return NULL;
    }
    talloc_free(reader.file);
    return hazard;
}
