/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog_where.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/schema.h"

static const char *name_at(const void *unused, size_t index) {
    (void)unused;
    return versions_name(index);
}

/* ">=2.37" or "<3" into one end of the range. False if it is neither. */
static bool read_bound(const char *word, struct where_range *range) {
    int major = 0, minor = 0, length = 0;
    bool lower = strncmp(word, ">=", 2) == 0;
    if (!lower && *word != '<')
        return false;
    const char *number = word + (lower ? 2 : 1);
    int read = sscanf(number, "%4d%n.%2d%n", &major, &length, &minor, &length);
    if (read < 1 || number[length] != '\0' || major < 0 || minor < 0)
        return false;
    *(lower ? &range->oldest : &range->below) = major * 100 + minor;
    return true;
}

static bool read_range(void *owner, const char *text, struct where_range *range) {
    char *rest = never_null(talloc_strdup(owner, text));
    bool good = true;
    *range = (struct where_range){.below = INT_MAX, .text = text};
    for (char *word; good && (word = strsep(&rest, " ")) != NULL;)
        good = read_bound(word, range);
    return good && range->oldest < range->below;
}

static int read_pair(struct yaml_file *file, const yaml_node_pair_t *pair, struct where *where) {
    const yaml_node_t *key = yaml_document_get_node(&file->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&file->document, pair->value);
    size_t i = 0;
    const char *text;
    if (schema_need(file, "where", key, YAML_SCALAR_NODE) != 0)
        return -1;
    while (i < VERSIONS_COUNT && strcmp(versions_name(i), yaml_text(key)) != 0)
        i++;
    if (i == VERSIONS_COUNT)
        return schema_reject_word(file, "tool", key, name_at, NULL, VERSIONS_COUNT);
    if (where->ranges[i].text != NULL)
        return yaml_reject(file, key, "the key '%s' is given twice", versions_name(i));
    if (schema_read_text(file, versions_name(i), value, &text) != 0)
        return -1;
    if (!read_range(file, text, &where->ranges[i]))
        return yaml_reject(file, value,
                           "'%s' must be a range of versions, as '>=2.37', '<3.24' or '>=2.37 "
                           "<2.42', not '%s'",
                           versions_name(i), text);
    return 0;
}

const struct where *catalog_where_read(struct yaml_file *file, const yaml_node_t *node) {
    struct where *where = new_array(file, struct where, 1);
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    if (pair == node->data.mapping.pairs.top) {
        yaml_reject(file, node, "'where' needs at least 1 entry");
        return NULL;
    }
    for (; pair < node->data.mapping.pairs.top; pair++)
        if (read_pair(file, pair, where) != 0)
            return NULL;
    return where;
}

bool catalog_where_holds(const struct where *where, version_at *version) {
    for (size_t i = 0; i < VERSIONS_COUNT; i++) {
        const struct where_range *range = &where->ranges[i];
        if (range->text == NULL)
            continue;
        int here = version(i);
        if (here == 0 || here < range->oldest || here >= range->below)
            return false;
    }
    return true;
}

const char *catalog_where_words(void *owner, const struct where *where) {
    char *words = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < VERSIONS_COUNT; i++)
        if (where->ranges[i].text != NULL)
            words = never_null(talloc_asprintf_append(words, "%s%s %s", *words != '\0' ? ", " : "",
                                                      versions_name(i), where->ranges[i].text));
    return words;
}
