/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/catalog.h"
#include "hazard/commands/commands.h"
#include "hazard/detectors.h"
#include "hazard/nearest.h"
#include "hazard/render/grid.h"
#include "hazard/render/render_json_hazard.h"
#include "hazard/root.h"

enum list_of { LIST_HAZARDS, LIST_KINDS, LIST_DETECTORS };
enum list_form { FORM_TABLE, FORM_NAMES, FORM_JSON };

struct list_options {
    enum list_of of;
    enum list_form form;
    int family; /* -1: all */
};

static const char *family_at(const void *unused, size_t index) {
    (void)unused;
    return catalog_family_name((enum hazard_family)index);
}

static int parse_family(const char *word, const struct argp_state *state) {
    for (int family = 0; family < HAZARD_FAMILY_COUNT; family++)
        if (strcmp(catalog_family_name((enum hazard_family)family), word) == 0)
            return family;
    void *scratch = new_owner();
    argp_error(state, "%s",
               nearest_hint(scratch, "family", word, family_at, NULL, HAZARD_FAMILY_COUNT));
    talloc_free(scratch);
    return -1;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct list_options *options = state->input;
    switch (key) {
    case 'f':
        options->family = parse_family(argument, state);
        return 0;
    case 'k':
        options->of = LIST_KINDS;
        return 0;
    case 'd':
        options->of = LIST_DETECTORS;
        return 0;
    case 'n':
        options->form = FORM_NAMES;
        return 0;
    case 'j':
        options->form = FORM_JSON;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected '%s'; `hazard show NAME` tells of one hazard", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* One line of a list; the columns that a list has no use for are NULL. */
struct row {
    const char *mark, *name, *family, *title;
};

static void print_row(struct grid *grid, const struct row *row, enum list_form form) {
    const char *const columns[] = {row->mark, row->name, row->family, row->title};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (columns[i] != NULL && (form == FORM_TABLE || columns[i] == row->name))
            grid_cell(grid, columns[i], "");
}

static json_t *titled_json(const struct row *row) {
    return json_pack("{ss ss}", "name", row->name, "title", row->title);
}

/* Where the rows of a list go, in the form that was asked for. */
struct listing {
    enum list_form form;
    struct grid *grid;
    json_t *json;
};

static void list_row(struct listing *list, const struct row *row, const struct hazard *hazard) {
    if (list->form == FORM_JSON)
        json_array_append_new(list->json,
                              hazard != NULL ? render_json_summary(hazard) : titled_json(row));
    else
        print_row(list->grid, row, list->form);
}

static void list_hazards(struct listing *list, const struct catalog *catalog, int family) {
    for (size_t i = 0; i < catalog->count; i++) {
        const struct hazard *hazard = &catalog->hazards[i];
        const struct row row = {hazard->headline ? "*" : " ", hazard->name,
                                catalog_family_name(hazard->family), hazard->title};
        if (family < 0 || (int)hazard->family == family)
            list_row(list, &row, hazard);
    }
}

static void list_kinds(struct listing *list) {
    for (int kind = 0; kind < KIND_COUNT; kind++)
        list_row(
            list,
            &(struct row){.name = kind_name((enum kind)kind), .title = kind_title((enum kind)kind)},
            NULL);
}

static void list_detectors(struct listing *list) {
    for (const struct detector *const *detector = detectors; *detector != NULL; detector++)
        list_row(list, &(struct row){.name = (*detector)->name, .title = (*detector)->title}, NULL);
}

static int fill(void *owner, struct listing *list, const struct list_options *options) {
    struct error error;
    if (options->of == LIST_KINDS) {
        list_kinds(list);
    } else if (options->of == LIST_DETECTORS) {
        list_detectors(list);
    } else {
        const char *root = root_find(owner, &error);
        const struct catalog *catalog = root != NULL ? catalog_load(owner, root, &error) : NULL;
        if (catalog == NULL) {
            fprintf(stderr, "hazard: %s\n", error.text);
            return -1;
        }
        list_hazards(list, catalog, options->family);
    }
    return 0;
}

static void print_list(const struct listing *list, const struct list_options *options) {
    if (list->form == FORM_JSON) {
        json_dumpf(list->json, stdout, JSON_INDENT(2));
        putchar('\n');
        return;
    }
    grid_print(stdout, list->grid, 0);
    if (list->form == FORM_TABLE && options->of == LIST_HAZARDS)
        puts("\n* the ones that the suite exists for; `hazard show NAME` tells of one");
}

static size_t column_count(const struct list_options *options) {
    if (options->form == FORM_NAMES)
        return 1;
    return options->of == LIST_HAZARDS ? 4 : 2;
}

int cmd_list(int argc, char **argv) {
    static const struct argp_option words[] = {
        {"family", 'f', "NAME", 0, "Only the hazards of this family", 0},
        {"kinds", 'k', NULL, 0, "List the kinds of findings instead", 0},
        {"detectors", 'd', NULL, 0, "List the detectors instead", 0},
        {"names", 'n', NULL, 0, "Names alone, one a line", 0},
        {"json", 'j', NULL, 0, "As JSON", 0},
        {0},
    };
    static const struct argp argp = {
        .options = words,
        .parser = parse,
        .doc = "Lists the hazards of the suite, one a line: name, family, title."
               "\vExit status: 0, or 2 for misuse or when the catalogue cannot be read.",
    };
    struct list_options options = {.family = -1};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    void *owner = new_owner();
    struct listing list = {
        .form = options.form,
        .grid = grid_new(owner, column_count(&options)),
        .json = json_array(),
    };
    int result = fill(owner, &list, &options);
    if (result == 0)
        print_list(&list, &options);
    json_decref(list.json);
    talloc_free(owner);
    return result == 0 ? EXIT_CLEAN : EXIT_TROUBLE;
}
