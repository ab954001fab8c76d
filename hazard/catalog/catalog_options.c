/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog_options.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/detectors.h"

static const char *const names[] = {
    [CATALOG_OPTIONS_EXPLORE] = "explore",
    [CATALOG_OPTIONS_INJECT] = "inject",
};

static const char *word_at_index(const void *words, size_t index) {
    return ((const char *const *)words)[index];
}

static const struct schema_words *words_of(void *owner, const struct detector_option *option) {
    struct schema_words *words = new_array(owner, struct schema_words, 1);
    *words = (struct schema_words){.at = word_at_index, .words = option->words};
    while (option->words[words->count] != NULL)
        words->count++;
    return words;
}

static enum schema_form form_of(enum option_value value) {
    switch (value) {
    case VALUE_FLAG:
        return SCHEMA_FLAG;
    case VALUE_INT:
    case VALUE_INT64:
    case VALUE_SECONDS:
        return SCHEMA_NUMBER;
    case VALUE_WORD:
    case VALUE_ENUM:
        return SCHEMA_WORD;
    case VALUE_TEXT:
        break;
    }
    return SCHEMA_TEXT;
}

/* As on the detector's own command line. */
static const struct schema_key *keys_of(void *owner, const struct detector_option *table) {
    struct schema_key *keys = new_array(owner, struct schema_key, option_count(table) + 1);
    struct schema_key *next = keys;
    for (const struct detector_option *option = table; option->name != NULL; option++)
        if (option->in_catalog)
            *next++ = (struct schema_key){.name = option->name,
                                          .form = form_of(option->value),
                                          .words = option->words != NULL ? words_of(owner, option)
                                                                         : NULL};
    return keys;
}

int catalog_options_index(const char *detector) {
    for (int i = 0; i < CATALOG_OPTIONS_COUNT; i++)
        if (strcmp(names[i], detector) == 0)
            return i;
    return -1;
}

int catalog_options_check(struct yaml_file *file, const struct catalog_own own[]) {
    for (size_t i = 0; i < CATALOG_OPTIONS_COUNT; i++) {
        if (own[i].options == NULL)
            continue;
        const struct schema_key *keys = keys_of(file, detectors_find(names[i])->options);
        if (schema_read(file, keys, names[i], own[i].options, NULL) != 0)
            return -1;
    }
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
