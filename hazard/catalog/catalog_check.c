/* SPDX-License-Identifier: MIT */
/*
 * The walk of the schema beside the document. It goes as deep as the schema, so an alias that
 * contains itself cannot make it run for ever.
 */
#include <string.h>

#include "hazard/catalog/catalog_schema.h"
#include "hazard/nearest.h"

static int check_value(struct yaml_file *file, const cyaml_schema_value_t *schema, const char *key,
                       const yaml_node_t *node);

static const char *field_at(const void *fields, size_t index) {
    return ((const cyaml_schema_field_t *)fields)[index].key;
}

static const char *enum_word_at(const void *words, size_t index) {
    return ((const cyaml_strval_t *)words)[index].str;
}

static int reject_word(struct yaml_file *file, const yaml_node_t *node, const char *what,
                       word_at *at, const void *words, size_t count) {
    return yaml_reject(file, node, "%s",
                       unknown_word(file, what, yaml_text(node), at, words, count));
}

static size_t field_count(const cyaml_schema_field_t *fields) {
    size_t count = 0;
    while (fields[count].key != NULL)
        count++;
    return count;
}

static int check_pair(struct yaml_file *file, const cyaml_schema_field_t *fields,
                      const yaml_node_t *mapping, const yaml_node_pair_t *pair) {
    const yaml_node_t *key = yaml_document_get_node(&file->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&file->document, pair->value);
    const cyaml_schema_field_t *field = fields;
    while (field->key != NULL && strcmp(field->key, yaml_text(key)) != 0)
        field++;
    if (field->key == NULL)
        return reject_word(file, key, "key", field_at, fields, field_count(fields));
    if (yaml_value(file, mapping, field->key) != value)
        return yaml_reject(file, key, "the key '%s' is given twice", field->key);
    return check_value(file, &field->value, field->key, value);
}

static int check_mapping(struct yaml_file *file, const cyaml_schema_field_t *fields,
                         const char *name, const yaml_node_t *node) {
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        if (check_pair(file, fields, node, pair) != 0)
            return -1;
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
        if (!(field->value.flags & CYAML_FLAG_OPTIONAL) &&
            yaml_value(file, node, field->key) == NULL)
            return yaml_reject(file, node, "the key '%s' is missing%s%s%s", field->key,
                               name != NULL ? " in '" : "", name != NULL ? name : "",
                               name != NULL ? "'" : "");
    return 0;
}

static int check_sequence(struct yaml_file *file, const cyaml_schema_value_t *schema,
                          const char *key, const yaml_node_t *node) {
    const yaml_node_t *item;
    size_t count = 0;
    for (; (item = yaml_item(file, node, count)) != NULL; count++)
        if (check_value(file, schema->sequence.entry, key, item) != 0)
            return -1;
    if (count < schema->sequence.min)
        return yaml_reject(file, node, "'%s' needs at least %u entr%s", key, schema->sequence.min,
                           schema->sequence.min == 1 ? "y" : "ies");
    return 0;
}

static int check_scalar(struct yaml_file *file, const cyaml_schema_value_t *schema, const char *key,
                        const yaml_node_t *node) {
    const char *text = yaml_text(node);
    if (schema->type == CYAML_STRING && schema->string.min > 0 &&
        text[strspn(text, " \t\n")] == '\0')
        return yaml_reject(file, node, "'%s' must not be empty", key);
    if (schema->type != CYAML_ENUM)
        return 0;
    const cyaml_strval_t *words = schema->enumeration.strings;
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        if (strcmp(words[i].str, text) == 0)
            return 0;
    return reject_word(file, node, key, enum_word_at, words, schema->enumeration.count);
}

static yaml_node_type_t node_type(const cyaml_schema_value_t *schema) {
    return schema->type == CYAML_MAPPING    ? YAML_MAPPING_NODE
           : schema->type == CYAML_SEQUENCE ? YAML_SEQUENCE_NODE
                                            : YAML_SCALAR_NODE;
}

static const char *const type_words[] = {
    [YAML_NO_NODE] = "nothing",
    [YAML_SCALAR_NODE] = "a single value",
    [YAML_SEQUENCE_NODE] = "a list",
    [YAML_MAPPING_NODE] = "a mapping (key: value)",
};

static int check_value(struct yaml_file *file, const cyaml_schema_value_t *schema, const char *key,
                       const yaml_node_t *node) {
    if (node->type != node_type(schema))
        return yaml_reject(file, node, "%s%s%s must be %s, not %s", key != NULL ? "'" : "",
                           key != NULL ? key : "the file", key != NULL ? "'" : "",
                           type_words[node_type(schema)], type_words[node->type]);
    if (node->type == YAML_MAPPING_NODE)
        return check_mapping(file, schema->mapping.fields, key, node);
    if (node->type == YAML_SEQUENCE_NODE)
        return check_sequence(file, schema, key, node);
    return check_scalar(file, schema, key, node);
}

int schema_check(struct yaml_file *file) {
    return check_value(file, &catalog_schema, NULL, yaml_root(file));
}
