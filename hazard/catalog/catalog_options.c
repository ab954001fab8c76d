/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog_options.h"

#include <string.h>

#include "base/memory.h"

static const char *const names[] = {
    [CATALOG_OPTIONS_EXPLORE] = "explore",
    [CATALOG_OPTIONS_INJECT] = "inject",
};

static const char *text_at(const void *texts, size_t index) {
    return ((const char *const *)texts)[index];
}

#define WORDS(...)                                                                                 \
    {                                                                                              \
        .count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), .at = text_at, \
        .words = (const char *const[]){__VA_ARGS__},                                               \
    }

static const struct schema_words strategies = WORDS("dpor", "dfs", "bound", "random", "pct", "pos");
static const struct schema_words races = WORDS("stop", "report", "ignore");

/* As on the command line of `hazard explore` and of `hazard inject`. */
static const struct schema_key explore_keys[] = {
    {.name = "strategy", .form = SCHEMA_WORD, .words = &strategies},
    {.name = "races", .form = SCHEMA_WORD, .words = &races},
    {.name = "spurious", .form = SCHEMA_NUMBER},
    {.name = "executions", .form = SCHEMA_NUMBER},
    {.name = "steps", .form = SCHEMA_NUMBER},
    {.name = "bound", .form = SCHEMA_NUMBER},
    {.name = "seed", .form = SCHEMA_NUMBER},
    {.name = "seconds", .form = SCHEMA_NUMBER},
    {0},
};

static const struct schema_key inject_keys[] = {
    {.name = "signal", .form = SCHEMA_TEXT},
    {.name = "child-exit", .form = SCHEMA_FLAG},
    {.name = "from", .form = SCHEMA_TEXT},
    {.name = "until", .form = SCHEMA_TEXT},
    {.name = "twice", .form = SCHEMA_NUMBER},
    {.name = "allow-exit", .form = SCHEMA_NUMBER},
    {.name = "any-output", .form = SCHEMA_FLAG},
    {.name = "points", .form = SCHEMA_NUMBER},
    {.name = "seconds", .form = SCHEMA_NUMBER},
    {.name = "instructions", .form = SCHEMA_NUMBER},
    {0},
};

static const struct schema_key *const tables[] = {
    [CATALOG_OPTIONS_EXPLORE] = explore_keys,
    [CATALOG_OPTIONS_INJECT] = inject_keys,
};

int catalog_options_index(const char *detector) {
    for (int i = 0; i < CATALOG_OPTIONS_COUNT; i++)
        if (strcmp(names[i], detector) == 0)
            return i;
    return -1;
}

int catalog_options_check(struct yaml_file *file, const struct catalog_own own[]) {
    for (size_t i = 0; i < CATALOG_OPTIONS_COUNT; i++)
        if (own[i].options != NULL &&
            schema_read(file, tables[i], names[i], own[i].options, NULL) != 0)
            return -1;
    return 0;
}

static size_t pair_count(const yaml_node_t *node) {
    return node != NULL ? (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start)
                        : 0;
}

static size_t add_options(struct yaml_file *file, const yaml_node_t *node, const char **words,
                          size_t count) {
    for (size_t i = 0; i < pair_count(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        words[count++] = yaml_text(yaml_document_get_node(&file->document, pair->key));
        words[count++] = yaml_text(yaml_document_get_node(&file->document, pair->value));
    }
    return count;
}

const char *const *catalog_options_join(struct yaml_file *file, const yaml_node_t *first,
                                        const yaml_node_t *second) {
    size_t most = 2 * (pair_count(first) + pair_count(second));
    const char **words = new_array(file, const char *, most + 1);
    add_options(file, second, words, add_options(file, first, words, 0));
    return words;
}
