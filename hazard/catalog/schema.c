/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/schema.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const type_words[] = {
    [YAML_NO_NODE] = "nothing",
    [YAML_SCALAR_NODE] = "a single value",
    [YAML_SEQUENCE_NODE] = "a list",
    [YAML_MAPPING_NODE] = "a mapping (key: value)",
};

int schema_need(struct yaml_file *file, const char *name, const yaml_node_t *node,
                yaml_node_type_t type) {
    if (node->type == type)
        return 0;
    const char *quote = name != NULL ? "'" : "";
    return yaml_reject(file, node, "%s%s%s must be %s, not %s", quote,
                       name != NULL ? name : "the file", quote, type_words[type],
                       type_words[node->type]);
}

int schema_reject_word(struct yaml_file *file, const char *what, const yaml_node_t *node,
                       word_at *at, const void *words, size_t count) {
    return yaml_reject(file, node, "%s",
                       nearest_hint(file, what, yaml_text(node), at, words, count));
}

int schema_read_text(struct yaml_file *file, const char *name, const yaml_node_t *node,
                     const char **text) {
    if (schema_need(file, name, node, YAML_SCALAR_NODE) != 0)
        return -1;
    *text = yaml_text(node);
    if ((*text)[strspn(*text, " \t\n")] == '\0')
        return yaml_reject(file, node, "'%s' must not be empty", name);
    return 0;
}

static int read_word(struct yaml_file *file, const char *name, const yaml_node_t *node,
                     const struct schema_words *words, int *value) {
    if (schema_need(file, name, node, YAML_SCALAR_NODE) != 0)
        return -1;
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at(words->words, i), yaml_text(node)) == 0) {
            *value = words->values != NULL ? words->values[i] : (int)i;
            return 0;
        }
    return schema_reject_word(file, name, node, words->at, words->words, words->count);
}

static const char *flag_at(const void *unused, size_t index) {
    (void)unused;
    return index == 0 ? "true" : "false";
}

static int read_flag(struct yaml_file *file, const char *name, const yaml_node_t *node,
                     bool *flag) {
    static const struct schema_words flags = {.count = 2, .at = flag_at};
    int value = 0;
    if (read_word(file, name, node, &flags, &value) != 0)
        return -1;
    *flag = value == 0;
    return 0;
}

static int read_number(struct yaml_file *file, const char *name, const yaml_node_t *node,
                       int *number) {
    if (schema_need(file, name, node, YAML_SCALAR_NODE) != 0)
        return -1;
    const char *text = yaml_text(node);
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < INT_MIN || value > INT_MAX)
        return yaml_reject(file, node, "'%s' must be a whole number (32 bits), not '%s'", name,
                           text);
    *number = (int)value;
    return 0;
}

/* Whether `node` is a list of such entries, and of enough of them; their number in *count. */
static int need_list(struct yaml_file *file, const struct schema_key *key, const yaml_node_t *node,
                     yaml_node_type_t type, size_t *count) {
    if (schema_need(file, key->name, node, YAML_SEQUENCE_NODE) != 0)
        return -1;
    const yaml_node_t *item;
    for (*count = 0; (item = yaml_item(file, node, *count)) != NULL; ++*count)
        if (schema_need(file, key->name, item, type) != 0)
            return -1;
    if (*count < key->least)
        return yaml_reject(file, node, "'%s' needs at least %zu entr%s", key->name, key->least,
                           key->least == 1 ? "y" : "ies");
    return 0;
}

static int read_texts(struct yaml_file *file, const struct schema_key *key, const yaml_node_t *node,
                      const char *const **texts) {
    size_t count;
    if (need_list(file, key, node, YAML_SCALAR_NODE, &count) != 0)
        return -1;
    const char **all = new_array(file, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item = yaml_item(file, node, i);
        all[i] = yaml_text(item);
        if (key->least > 0 && schema_read_text(file, key->name, item, &all[i]) != 0)
            return -1;
    }
    *texts = all;
    return 0;
}

static int read_node(struct yaml_file *file, const struct schema_key *key, const yaml_node_t *node,
                     const yaml_node_t **place) {
    size_t count;
    *place = node;
    if (key->form == SCHEMA_MAPPING)
        return schema_need(file, key->name, node, YAML_MAPPING_NODE);
    return need_list(file, key, node, YAML_MAPPING_NODE, &count);
}

static int read_value(struct yaml_file *file, const struct schema_key *key, const yaml_node_t *node,
                      void *place) {
    switch (key->form) {
    case SCHEMA_TEXT:
        return schema_read_text(file, key->name, node, place);
    case SCHEMA_WORD:
        return read_word(file, key->name, node, key->words, place);
    case SCHEMA_FLAG:
        return read_flag(file, key->name, node, place);
    case SCHEMA_NUMBER:
        return read_number(file, key->name, node, place);
    case SCHEMA_TEXTS:
        return read_texts(file, key, node, place);
    case SCHEMA_MAPPING:
    case SCHEMA_MAPPINGS:
        return read_node(file, key, node, place);
    }
    return -1;
}

static const char *key_at(const void *keys, size_t index) {
    return ((const struct schema_key *)keys)[index].name;
}

static int read_pair(struct yaml_file *file, const struct schema_key *keys,
                     const yaml_node_t *mapping, const yaml_node_pair_t *pair, void *target) {
    const yaml_node_t *name = yaml_document_get_node(&file->document, pair->key);
    size_t count = 0;
    const struct schema_key *key = NULL;
    if (schema_need(file, "key", name, YAML_SCALAR_NODE) != 0)
        return -1;
    for (; keys[count].name != NULL; count++)
        if (strcmp(keys[count].name, yaml_text(name)) == 0)
            key = &keys[count];
    if (key == NULL)
        return schema_reject_word(file, "key", name, key_at, keys, count);
    if (yaml_pair(file, mapping, key->name) != pair)
        return yaml_reject(file, name, "the key '%s' is given twice", key->name);
    void *unused; /* as large as the largest of the forms */
    return read_value(file, key, yaml_document_get_node(&file->document, pair->value),
                      target != NULL ? (char *)target + key->offset : (char *)&unused);
}

int schema_read(struct yaml_file *file, const struct schema_key *keys, const char *name,
                const yaml_node_t *node, void *target) {
    if (schema_need(file, name, node, YAML_MAPPING_NODE) != 0)
        return -1;
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        if (read_pair(file, keys, node, pair, target) != 0)
            return -1;
    for (const struct schema_key *key = keys; key->name != NULL; key++)
        if (key->required && yaml_pair(file, node, key->name) == NULL)
            return yaml_reject(file, node, "the key '%s' is missing%s%s%s", key->name,
                               name != NULL ? " in '" : "", name != NULL ? name : "",
                               name != NULL ? "'" : "");
    return 0;
}
