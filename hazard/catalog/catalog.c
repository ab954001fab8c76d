/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_file.h"
#include "hazard/catalog/catalog_names.h"
#include "hazard/catalog/catalog_where.h"
#include "hazard/nearest.h"

const char *catalog_family_name(enum hazard_family family) {
    static const char *const names[HAZARD_FAMILY_COUNT] = {
        [HAZARD_FAMILY_RACES] = "races",     [HAZARD_FAMILY_DEADLOCKS] = "deadlocks",
        [HAZARD_FAMILY_SIGNALS] = "signals", [HAZARD_FAMILY_FAIRNESS] = "fairness",
        [HAZARD_FAMILY_SERVERS] = "servers",
    };
    return names[family];
}

const char *catalog_role_name(enum role role) {
    static const char *const names[] = {
        [ROLE_BUGGY] = "buggy",
        [ROLE_DECOY] = "decoy",
        [ROLE_FIXED] = "fixed",
        [ROLE_VARIANT] = "variant",
    };
    return names[role];
}

static int compare_hazards(const void *a, const void *b) {
    const struct hazard *one = a, *other = b;
    if (one->family != other->family)
        return one->family < other->family ? -1 : 1;
    if (one->headline != other->headline)
        return one->headline ? -1 : 1;
    return strcmp(one->name, other->name);
}

static int read_names(void *owner, const char *root, struct catalog_names *names,
                      struct error *error) {
    char *folder = never_null(talloc_asprintf(owner, "%s/catalog", root));
    return catalog_names_read(owner, folder, ".yaml", names, error);
}

/* A program that no catalogue file could list: there is no hazard of such a name. */
static int check_orphans(void *scratch, const char *root, const struct catalog_names *names,
                         const char *folder, struct error *error) {
    struct catalog_names stems;
    char *path = never_null(talloc_asprintf(scratch, "%s/%s", root, folder));
    if (catalog_names_read(scratch, path, ".c", &stems, error) != 0)
        return -1;
    for (size_t i = 0; i < stems.count; i++)
        if (catalog_names_owner(names, stems.items[i], strlen(stems.items[i])) == NULL)
            return fail(error,
                        "%s/%s.c: no catalogue file mentions it (catalog/%s.yaml is missing)",
                        folder, stems.items[i], stems.items[i]);
    return 0;
}

static int read_all(struct catalog *catalog, const struct catalog_names *names,
                    struct error *error) {
    catalog->hazards = new_array(catalog, struct hazard, names->count);
    for (size_t i = 0; i < names->count; i++) {
        const struct hazard *hazard =
            catalog_file_read(catalog, catalog->root, names, names->items[i], error);
        if (hazard == NULL)
            return -1;
        catalog->hazards[catalog->count++] = *hazard;
    }
    qsort(catalog->hazards, catalog->count, sizeof *catalog->hazards, compare_hazards);
    return 0;
}

/* The folder as an absolute path with no links in it; NULL and *error. */
static char *resolve(void *owner, const char *path, struct error *error) {
    char *resolved = realpath(path, NULL);
    if (resolved == NULL) {
        fail(error, "cannot find the suite in %s: %s", path, strerror(errno));
        return NULL;
    }
    char *copy = never_null(talloc_strdup(owner, resolved));
    free(resolved);
    return copy;
}

struct catalog *catalog_load(void *owner, const char *root, struct error *error) {
    struct catalog *catalog = new_array(owner, struct catalog, 1);
    struct catalog_names names;
    catalog->root = resolve(catalog, root, error);
    if (catalog->root == NULL || read_names(catalog, catalog->root, &names, error) != 0 ||
        read_all(catalog, &names, error) != 0 ||
        check_orphans(catalog, catalog->root, &names, "buggy", error) != 0 ||
        check_orphans(catalog, catalog->root, &names, "fixed", error) != 0) {
        talloc_free(catalog);
        return NULL;
    }
    return catalog;
}

struct hazard *catalog_load_file(void *owner, const char *root, const char *file,
                                 struct error *error) {
    void *scratch = talloc_new(owner);
    const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
    size_t length = strlen(base);
    struct hazard *hazard = NULL;
    struct catalog_names names;
    const char *whole = resolve(scratch, root, error);
    if (length <= 5 || strcmp(base + length - 5, ".yaml") != 0)
        fail(error, "%s: a catalogue file is called NAME.yaml", file);
    else if (whole != NULL && read_names(scratch, whole, &names, error) == 0)
        hazard = catalog_file_read(owner, whole, &names, talloc_strndup(scratch, base, length - 5),
                                   error);
    talloc_free(scratch);
    return hazard;
}

const struct hazard *catalog_find(const struct catalog *catalog, const char *name) {
    for (size_t i = 0; i < catalog->count; i++)
        if (strcmp(catalog->hazards[i].name, name) == 0)
            return &catalog->hazards[i];
    return NULL;
}

static const char *hazard_name_at(const void *hazards, size_t index) {
    return ((const struct hazard *)hazards)[index].name;
}

const char *catalog_nearest(const struct catalog *catalog, const char *name) {
    return nearest_word(name, hazard_name_at, catalog->hazards, catalog->count);
}

const struct hazard *catalog_need(const struct catalog *catalog, const char *name,
                                  struct error *error) {
    const struct hazard *hazard = catalog_find(catalog, name);
    const char *nearest = hazard == NULL ? catalog_nearest(catalog, name) : NULL;
    if (nearest != NULL)
        fail(error, "there is no hazard '%s', did you mean '%s'?", name, nearest);
    else if (hazard == NULL)
        fail(error, "there is no hazard '%s'; `hazard list` names them", name);
    return hazard;
}

const struct expectation *catalog_expectation_with(const struct program *program,
                                                   const char *detector, version_at *version) {
    const struct expectation *row = NULL;
    for (size_t i = 0; i < program->expectation_count && row == NULL; i++)
        if (strcmp(program->expectations[i].detector, detector) == 0)
            row = &program->expectations[i];
    while (row != NULL && row->where != NULL && !catalog_where_holds(row->where, version))
        row = row->otherwise;
    return row;
}

const struct expectation *catalog_expectation(const struct program *program, const char *detector) {
    return catalog_expectation_with(program, detector, versions_here);
}

const char *const *catalog_program_args(const struct hazard *hazard, const struct program *program,
                                        const char *detector) {
    const struct expectation *expected = catalog_expectation(program, detector);
    return expected != NULL && expected->args != NULL ? expected->args : hazard->args;
}

const char *const *catalog_program_options(const struct program *program, const char *detector) {
    static const char *const none[] = {NULL};
    const struct expectation *expected = catalog_expectation(program, detector);
    return expected != NULL && expected->options != NULL ? expected->options : none;
}
