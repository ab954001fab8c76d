/* SPDX-License-Identifier: MIT */
/* yaml_file.c parses it, schema.c reads its mappings by the tables below; here are the rules that no table can say. */
#include "hazard/grade/assignment.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_expect.h"
#include "hazard/catalog/schema.h"

enum {
    DEFAULT_BYTES = 64 << 10,
    MOST_BYTES = 8 << 20,
    MOST_POINTS = 100000,
    MOST_RUNS = 1000,
    UNSAID = -MOST_POINTS
};

static const char *const with_names[CHECK_WITHS] = {[CHECK_EXPLORE] = "explore",
                                                    [CHECK_INJECT] = "inject",
                                                    [CHECK_PROBE] = "probe",
                                                    [CHECK_TSAN] = "tsan",
                                                    [CHECK_TSAN_GCC] = "tsan-gcc",
                                                    [CHECK_HELGRIND] = "helgrind",
                                                    [CHECK_DRD] = "drd",
                                                    [CHECK_RUN] = "run",
                                                    [CHECK_CONCURRENCY] = "concurrency"};

const char *assignment_with_name(enum check_with with) {
    return with_names[with];
}

static const char *with_at(const void *unused, size_t index) {
    (void)unused;
    return with_names[index];
}

static const struct schema_words withs = {.count = CHECK_WITHS, .at = with_at};

struct draft_assignment {
    struct assignment assignment;
    const yaml_node_t *files, *checks;
};

struct draft_check {
    struct check check;
    const yaml_node_t *partial;
};

struct assignment_reader {
    struct yaml_file *file;
    struct draft_assignment draft;
};

static const char *const nothing[] = {NULL};

#define KEY(type, key, kind_of_value, member, ...)                                                 \
    { .name = (key), .form = (kind_of_value), .offset = offsetof(struct type, member), __VA_ARGS__ }

static const struct schema_key assignment_keys[] = {
    KEY(draft_assignment, "title", SCHEMA_TEXT, assignment.title, .required = true),
    KEY(draft_assignment, "files", SCHEMA_MAPPINGS, files, .required = true, .least = 1),
    KEY(draft_assignment, "given", SCHEMA_TEXTS, assignment.given, ),
    KEY(draft_assignment, "driver", SCHEMA_TEXTS, assignment.driver, ),
    KEY(draft_assignment, "flags", SCHEMA_TEXTS, assignment.flags, ),
    KEY(draft_assignment, "allow", SCHEMA_TEXTS, assignment.allow, ),
    KEY(draft_assignment, "refuse", SCHEMA_TEXTS, assignment.refuse, ),
    KEY(draft_assignment, "undecided-cap", SCHEMA_NUMBER, assignment.undecided_cap, ),
    KEY(draft_assignment, "checks", SCHEMA_MAPPINGS, checks, .required = true, .least = 1),
    {0},
};

static const struct schema_key file_keys[] = {
    KEY(wanted_file, "name", SCHEMA_TEXT, name, .required = true),
    KEY(wanted_file, "bytes", SCHEMA_NUMBER, bytes, ),
    KEY(wanted_file, "optional", SCHEMA_FLAG, optional, ),
    {0},
};

static const struct schema_key check_keys[] = {
    KEY(draft_check, "name", SCHEMA_TEXT, check.name, .required = true),
    KEY(draft_check, "title", SCHEMA_TEXT, check.title, ),
    KEY(draft_check, "with", SCHEMA_WORD, check.with, .required = true, .words = &withs),
    KEY(draft_check, "points", SCHEMA_NUMBER, check.points, .required = true),
    KEY(draft_check, "undecided", SCHEMA_NUMBER, check.undecided, ),
    KEY(draft_check, "hidden", SCHEMA_FLAG, check.hidden, ),
    KEY(draft_check, "requires", SCHEMA_TEXTS, check.requires_checks, ),
    KEY(draft_check, "args", SCHEMA_TEXTS, check.args, ),
    KEY(draft_check, "options", SCHEMA_TEXTS, check.options, ),
    KEY(draft_check, "stdin", SCHEMA_TEXT, check.stdin_file, ),
    KEY(draft_check, "dialogue", SCHEMA_TEXT, check.dialogue, ),
    KEY(draft_check, "output", SCHEMA_TEXT, check.output, ),
    KEY(draft_check, "status", SCHEMA_NUMBER, check.status, ),
    KEY(draft_check, "runs", SCHEMA_NUMBER, check.runs, ),
    KEY(draft_check, "label", SCHEMA_TEXT, check.label, ),
    KEY(draft_check, "hint", SCHEMA_TEXT, check.hint, ),
    KEY(draft_check, "partial", SCHEMA_MAPPING, partial, ),
    {0},
};

/* ---- Paths ------------------------------------------------------------------------------------ */

/* Below a folder by its spelling alone: no part of it is "..", "." or empty, or begins with '-'. */
static bool is_below(const char *path) {
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += *part == '/' && part != path;
        size_t length = strcspn(part, "/");
        if (length == 0 || *part == '-' || *part == '.')
            return false;
        for (size_t i = 0; i < length; i++)
            if (iscntrl((unsigned char)part[i]))
                return false;
    }
    return true;
}

/* A file of the teacher's: it has to be there. */
static int check_given(struct assignment_reader *reader, const yaml_node_t *node,
                       const char *path) {
    struct stat info;
    char *whole = talloc_asprintf(reader->file, "%s/%s", reader->draft.assignment.folder, path);
    if (!is_below(path))
        return yaml_reject(reader->file, node,
                           "'%s' has to be a path below the assignment's folder", path);
    if (stat(whole, &info) != 0)
        return yaml_reject(reader->file, node, "cannot read %s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return yaml_reject(reader->file, node, "%s is no regular file", path);
    return 0;
}

static int check_all_given(struct assignment_reader *reader, const char *key,
                           const char *const *paths) {
    const yaml_node_t *list = yaml_value(reader->file, yaml_root(reader->file), key);
    for (size_t i = 0; paths[i] != NULL; i++)
        if (check_given(reader, yaml_item(reader->file, list, i), paths[i]) != 0)
            return -1;
    return 0;
}

static int find_given(struct assignment_reader *reader, const yaml_node_t *node, const char *key,
                      const char **path) {
    if (*path == NULL)
        return 0;
    if (check_given(reader, yaml_value(reader->file, node, key), *path) != 0)
        return -1;
    *path =
        never_null(talloc_asprintf(reader->file, "%s/%s", reader->draft.assignment.folder, *path));
    return 0;
}

/* ---- Files that are handed in ----------------------------------------------------------------- */

static int read_file(struct assignment_reader *reader, const yaml_node_t *node,
                     struct wanted_file *file) {
    *file = (struct wanted_file){.bytes = DEFAULT_BYTES};
    if (schema_read(reader->file, file_keys, "files", node, file) != 0)
        return -1;
    if (!is_below(file->name))
        return yaml_reject(reader->file, node, "'%s' has to be a path below the hand-in's folder",
                           file->name);
    if (file->bytes < 1 || file->bytes > MOST_BYTES)
        return yaml_reject(reader->file, node, "'bytes' is from 1 to %d, not %d", MOST_BYTES,
                           file->bytes);
    return 0;
}

static bool ends(const char *word, const char *with) {
    size_t length = strlen(word), tail = strlen(with);
    return length > tail && strcmp(word + length - tail, with) == 0;
}

static int read_files(struct assignment_reader *reader) {
    struct assignment *assignment = &reader->draft.assignment;
    const yaml_node_t *node;
    bool compiled = false;
    for (size_t i = 0; (node = yaml_item(reader->file, reader->draft.files, i)) != NULL; i++) {
        struct wanted_file file;
        if (read_file(reader, node, &file) != 0)
            return -1;
        assignment->files = grow_array(reader->file, assignment->files, struct wanted_file, i + 1);
        assignment->files[assignment->file_count++] = file;
        compiled = compiled || ends(file.name, ".c");
        for (size_t j = 0; j < i; j++)
            if (strcmp(assignment->files[j].name, file.name) == 0)
                return yaml_reject(reader->file, node, "%s is asked for twice", file.name);
    }
    return compiled
               ? 0
               : yaml_reject(reader->file, reader->draft.files, "no C file is asked for: FILE.c");
}

/* ---- Checks ----------------------------------------------------------------------------------- */

const struct check *assignment_check(const struct assignment *assignment, const char *name) {
    for (size_t i = 0; i < assignment->check_count; i++)
        if (strcmp(assignment->checks[i].name, name) == 0)
            return &assignment->checks[i];
    return NULL;
}

static int read_partial(struct assignment_reader *reader, const yaml_node_t *node,
                        struct check *check) {
    if (node == NULL)
        return 0;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&reader->file->document, pair->key),
                          *value = yaml_document_get_node(&reader->file->document, pair->value);
        int kind = kind_from_name(yaml_text(key));
        char *end;
        long points = strtol(yaml_text(value), &end, 10);
        if (kind < 0)
            return schema_reject_word(reader->file, "kind", key, catalog_expect_kinds.at,
                                      catalog_expect_kinds.words, catalog_expect_kinds.count);
        if (*yaml_text(value) == '\0' || *end != '\0' || points < 0 || points > check->points)
            return yaml_reject(reader->file, value,
                               "'%s' is what is left of the points: from 0 to %d", yaml_text(key),
                               check->points);
        check->partial = grow_array(reader->file, check->partial, struct partial_credit,
                                    check->partial_count + 1);
        check->partial[check->partial_count++] =
            (struct partial_credit){(enum kind)kind, (int)points};
    }
    return 0;
}

static bool is_name(const char *name) {
    for (const char *at = name; *at != '\0'; at++)
        if (!isascii(*at) || (!isalnum(*at) && *at != '-'))
            return false;
    return true;
}

static int check_requires(struct assignment_reader *reader, const yaml_node_t *node,
                          const struct check *check) {
    const yaml_node_t *list = yaml_value(reader->file, node, "requires");
    for (size_t i = 0; check->requires_checks[i] != NULL; i++)
        if (assignment_check(&reader->draft.assignment, check->requires_checks[i]) == NULL)
            return yaml_reject(reader->file, yaml_item(reader->file, list, i),
                               "there is no check '%s' before this one", check->requires_checks[i]);
    return 0;
}

/* Keys that only some checks know. */
static int check_fits(struct assignment_reader *reader, const yaml_node_t *node,
                      const struct check *check) {
    const struct {
        const char *key;
        bool needed, known;
    } rows[] = {{"label", check->with == CHECK_CONCURRENCY, check->with == CHECK_CONCURRENCY},
                {"dialogue", false, check->with == CHECK_PROBE},
                {"output", false, check->with == CHECK_RUN},
                {"status", false, check->with == CHECK_RUN},
                {"runs", false, check->with == CHECK_RUN},
                {"options", false, check->with != CHECK_RUN},
                {"stdin", false, check->with != CHECK_PROBE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool there = yaml_value(reader->file, node, rows[i].key) != NULL;
        if (there && !rows[i].known)
            return yaml_reject(reader->file, yaml_value(reader->file, node, rows[i].key),
                               "'%s' is not for a check with %s", rows[i].key,
                               with_names[check->with]);
        if (!there && rows[i].needed)
            return yaml_reject(reader->file, node, "a check with %s needs '%s'",
                               with_names[check->with], rows[i].key);
    }
    return 0;
}

static int check_points(struct assignment_reader *reader, const yaml_node_t *node,
                        struct check *check) {
    int least = check->points < 0 ? check->points : 0, most = check->points > 0 ? check->points : 0;
    if (check->points == 0 || abs(check->points) > MOST_POINTS)
        return yaml_reject(reader->file, yaml_value(reader->file, node, "points"),
                           "'points' is from 1 to %d, or as much below 0: a deduction",
                           MOST_POINTS);
    if (check->undecided == UNSAID)
        check->undecided = 0;
    if (check->undecided < least || check->undecided > most)
        return yaml_reject(reader->file, yaml_value(reader->file, node, "undecided"),
                           "'undecided' is from %d to %d, the check's points", least, most);
    return 0;
}

static int check_check(struct assignment_reader *reader, const yaml_node_t *node,
                       struct check *check) {
    if (!is_name(check->name))
        return yaml_reject(reader->file, yaml_value(reader->file, node, "name"),
                           "'%s': a check's name has letters, digits and '-' only", check->name);
    if (assignment_check(&reader->draft.assignment, check->name) != NULL)
        return yaml_reject(reader->file, node, "there are two checks named '%s'", check->name);
    if (check->runs < 1 || check->runs > MOST_RUNS)
        return yaml_reject(reader->file, yaml_value(reader->file, node, "runs"),
                           "'runs' is from 1 to %d", MOST_RUNS);
    if (check->title == NULL)
        check->title = check->name;
    return check_points(reader, node, check) != 0 || check_requires(reader, node, check) != 0 ||
                   check_fits(reader, node, check) != 0 ||
                   find_given(reader, node, "stdin", &check->stdin_file) != 0 ||
                   find_given(reader, node, "dialogue", &check->dialogue) != 0 ||
                   find_given(reader, node, "output", &check->output) != 0
               ? -1
               : 0;
}

static int read_checks(struct assignment_reader *reader) {
    struct assignment *assignment = &reader->draft.assignment;
    const yaml_node_t *node;
    for (size_t i = 0; (node = yaml_item(reader->file, reader->draft.checks, i)) != NULL; i++) {
        struct draft_check draft = {.check = {.undecided = UNSAID,
                                              .runs = 1,
                                              .requires_checks = nothing,
                                              .args = nothing,
                                              .options = nothing}};
        if (schema_read(reader->file, check_keys, "checks", node, &draft) != 0 ||
            check_check(reader, node, &draft.check) != 0 ||
            read_partial(reader, draft.partial, &draft.check) != 0)
            return -1;
        assignment->checks = grow_array(reader->file, assignment->checks, struct check, i + 1);
        assignment->checks[assignment->check_count++] = draft.check;
        assignment->most += draft.check.points > 0 ? draft.check.points : 0;
    }
    return 0;
}

/* ---- The whole ---------------------------------------------------------------------------------- */

static int read_all(struct assignment_reader *reader) {
    const struct assignment *assignment = &reader->draft.assignment;
    if (schema_read(reader->file, assignment_keys, NULL, yaml_root(reader->file), &reader->draft) !=
            0 ||
        read_files(reader) != 0 || read_checks(reader) != 0 ||
        check_all_given(reader, "given", assignment->given) != 0 ||
        check_all_given(reader, "driver", assignment->driver) != 0)
        return -1;
    if (assignment->undecided_cap < -1)
        return yaml_reject(reader->file,
                           yaml_value(reader->file, yaml_root(reader->file), "undecided-cap"),
                           "'undecided-cap' is a number of points");
    return 0;
}

struct assignment *assignment_load(void *owner, const char *folder, struct error *error) {
    char *path = realpath(folder, NULL);
    if (path == NULL) {
        fail(error, "cannot read the assignment %s: %s", folder, strerror(errno));
        return NULL;
    }
    struct assignment *assignment = new_array(owner, struct assignment, 1);
    const char *absolute = never_null(talloc_strdup(assignment, path));
    free(path);
    char *file = never_null(talloc_asprintf(assignment, "%s/" ASSIGNMENT_FILE, absolute));
    char *label = never_null(talloc_asprintf(assignment, "%s/" ASSIGNMENT_FILE, folder));
    struct assignment_reader reader = {
        .file = yaml_open(assignment, file, label, error),
        .draft.assignment = {.name = strrchr(absolute, '/') + 1,
                             .folder = absolute,
                             .source = file,
                             .given = nothing,
                             .driver = nothing,
                             .flags = nothing,
                             .allow = nothing,
                             .refuse = nothing,
                             .undecided_cap = -1},
    };
    if (reader.file == NULL || read_all(&reader) != 0) {
        talloc_free(assignment);
        return NULL;
    }
    *assignment = reader.draft.assignment;
    return assignment;
}
