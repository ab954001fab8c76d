/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog_reasons.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/schema.h"

static size_t reason_count(const struct catalog_reasons *reasons) {
    if (reasons->named == NULL)
        return 0;
    return (size_t)(reasons->named->data.mapping.pairs.top -
                    reasons->named->data.mapping.pairs.start);
}

static const yaml_node_t *name_node(const struct catalog_reasons *reasons, size_t index) {
    return yaml_document_get_node(&reasons->file->document,
                                  reasons->named->data.mapping.pairs.start[index].key);
}

static const char *name_at(const void *reasons, size_t index) {
    return yaml_text(name_node(reasons, index));
}

/* The number of the first reason of that name; the count of them if there is none. */
static size_t index_of(const struct catalog_reasons *reasons, const char *name) {
    size_t i = 0;
    while (i < reason_count(reasons) && strcmp(name_at(reasons, i), name) != 0)
        i++;
    return i;
}

static int check_reason(const struct catalog_reasons *reasons, size_t index) {
    struct yaml_file *file = reasons->file;
    const yaml_node_t *node = name_node(reasons, index);
    const char *name, *text;
    if (schema_read_text(file, "reasons", node, &name) != 0)
        return -1;
    if (index_of(reasons, name) != index)
        return yaml_reject(file, node, "the key '%s' is given twice", name);
    return schema_read_text(file, name, yaml_value(file, reasons->named, name), &text);
}

int catalog_reasons_read(struct yaml_file *file, const yaml_node_t *named,
                         struct catalog_reasons *reasons) {
    *reasons = (struct catalog_reasons){.file = file, .named = named};
    reasons->used = new_array(file, bool, reason_count(reasons));
    for (size_t i = 0; i < reason_count(reasons); i++)
        if (check_reason(reasons, i) != 0)
            return -1;
    return 0;
}

const char *catalog_reasons_find(struct catalog_reasons *reasons, const yaml_node_t *node) {
    size_t count = reason_count(reasons), i = index_of(reasons, yaml_text(node));
    if (i < count) {
        reasons->used[i] = true;
        return yaml_text(yaml_value(reasons->file, reasons->named, yaml_text(node)));
    }
    if (count > 0)
        schema_reject_word(reasons->file, "reason", node, name_at, reasons, count);
    else
        yaml_reject(reasons->file, node, "unknown reason '%s': the file has no 'reasons'",
                    yaml_text(node));
    return NULL;
}

int catalog_reasons_check_used(const struct catalog_reasons *reasons) {
    for (size_t i = 0; i < reason_count(reasons); i++)
        if (!reasons->used[i])
            return yaml_reject(reasons->file, name_node(reasons, i),
                               "the reason '%s' is not used: no 'because' names it",
                               name_at(reasons, i));
    return 0;
}
