/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/yaml_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static int free_document(struct yaml_file *file) {
    yaml_document_delete(&file->document);
    return 0;
}

/* libyaml knows the place of an encoding error as an offset only. */
static size_t line_at_offset(const char *text, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < offset && text[i] != '\0'; i++)
        line += text[i] == '\n';
    return line;
}

static int fail_parse(const struct yaml_file *file, const yaml_parser_t *parser) {
    size_t line = parser->error == YAML_READER_ERROR
                      ? line_at_offset(file->text, parser->problem_offset)
                      : parser->problem_mark.line + 1;
    const char *context = parser->context != NULL ? parser->context : "";
    return fail(file->error, "%s:%zu: no valid YAML: %s%s%s", file->label, line, context,
                *context != '\0' ? ", " : "",
                parser->problem != NULL ? parser->problem : "out of memory");
}

/* A stream may hold several documents; all but the first would silently be dropped. */
static int check_end(struct yaml_file *file, yaml_parser_t *parser) {
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next))
        return fail_parse(file, parser);
    const yaml_node_t *extra = yaml_document_get_root_node(&next);
    size_t line = extra != NULL ? extra->start_mark.line + 1 : 0;
    yaml_document_delete(&next);
    if (extra != NULL)
        return fail(file->error, "%s:%zu: a second YAML document; a file describes one hazard",
                    file->label, line);
    return 0;
}

static int parse(struct yaml_file *file) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return fail(file->error, "%s:1: libyaml is out of memory", file->label);
    yaml_parser_set_input_string(&parser, (const unsigned char *)file->text, strlen(file->text));
    int result = 0;
    if (!yaml_parser_load(&parser, &file->document)) {
        result = fail_parse(file, &parser);
    } else {
        talloc_set_destructor(file, free_document);
        if (yaml_root(file) == NULL)
            result = fail(file->error, "%s:1: the file is empty", file->label);
        else
            result = check_end(file, &parser);
    }
    yaml_parser_delete(&parser);
    return result;
}

struct yaml_file *yaml_open(void *owner, const char *path, const char *label, struct error *error) {
    struct yaml_file *file = new_array(owner, struct yaml_file, 1);
    file->label = never_null(talloc_strdup(file, label));
    file->error = error;
    file->text = file_read(file, path, error);
    if (file->text == NULL || parse(file) != 0) {
        talloc_free(file);
        return NULL;
    }
    return file;
}

yaml_node_t *yaml_root(struct yaml_file *file) {
    return yaml_document_get_root_node(&file->document);
}

const yaml_node_pair_t *yaml_pair(struct yaml_file *file, const yaml_node_t *node,
                                  const char *key) {
    if (node->type != YAML_MAPPING_NODE)
        return NULL;
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        if (strcmp(yaml_text(yaml_document_get_node(&file->document, pair->key)), key) == 0)
            return pair;
    return NULL;
}

yaml_node_t *yaml_value(struct yaml_file *file, const yaml_node_t *node, const char *key) {
    const yaml_node_pair_t *pair = yaml_pair(file, node, key);
    return pair != NULL ? yaml_document_get_node(&file->document, pair->value) : NULL;
}

yaml_node_t *yaml_item(struct yaml_file *file, const yaml_node_t *node, size_t index) {
    if (node->type != YAML_SEQUENCE_NODE)
        return NULL;
    const yaml_node_item_t *items = node->data.sequence.items.start;
    if (index >= (size_t)(node->data.sequence.items.top - items))
        return NULL;
    return yaml_document_get_node(&file->document, items[index]);
}

const char *yaml_text(const yaml_node_t *node) {
    if (node->type != YAML_SCALAR_NODE)
        return "";
    return (const char *)node->data.scalar.value;
}

int yaml_reject(struct yaml_file *file, const yaml_node_t *node, const char *format, ...) {
    char text[sizeof file->error->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fail(file->error, "%s:%zu: %s", file->label,
                node != NULL ? node->start_mark.line + 1 : 1, text);
}
