/* SPDX-License-Identifier: MIT */
#include "hazard/cc/recipe.h"

#include <string.h>

#include "base/memory.h"

struct recipe recipe_of_sources(void *owner, const struct sources *sources,
                                const struct cc_words *words) {
    struct recipe_unit *units = new_array(owner, struct recipe_unit, sources->count + 1);
    for (size_t i = 0; i < sources->count; i++)
        units[i] = (struct recipe_unit){.source = sources->paths[i],
                                        .words = words != NULL ? words->compile : NULL};
    return (struct recipe){
        .units = units, .unit_count = sources->count, .link = words != NULL ? words->link : NULL};
}

static bool is_among(const char *const *paths, size_t count, const char *path) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(paths[i], path) == 0)
            return true;
    return false;
}

struct sources recipe_sources(void *owner, const struct recipe *recipe) {
    const char **paths = new_array(owner, const char *, recipe->unit_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < recipe->unit_count; i++)
        if (!is_among(paths, count, recipe->units[i].source))
            paths[count++] = recipe->units[i].source;
    return (struct sources){.paths = paths, .count = count};
}

const char *recipe_path(void *owner, const char *folder, const char *path) {
    return folder == NULL || *path == '/'
               ? path
               : never_null(talloc_asprintf(owner, "%s/%s", folder, path));
}
