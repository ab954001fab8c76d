/* SPDX-License-Identifier: MIT */
#include "hazard/commands/naming.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/root.h"

int naming_cut(struct naming *naming, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        const char **args = new_array(naming->owner, const char *, argc - i);
        for (int j = i + 1; j < argc; j++)
            args[j - i - 1] = argv[j];
        naming->args = args;
        argv[i] = NULL;
        return i;
    }
    return argc;
}

void naming_add(struct naming *naming, const char *word) {
    naming->words = grow_array(naming->owner, naming->words, const char *, naming->word_count + 1);
    naming->words[naming->word_count++] = word;
}

static const char *current_folder(void *owner) {
    char *folder = getcwd(NULL, 0);
    const char *copy = talloc_strdup(owner, folder != NULL ? folder : "/");
    free(folder);
    return copy;
}

/* Files of the suite speak of it, too; for files of the user it need not be there. */
static bool are_files_of_suite(const struct naming *naming) {
    struct error ignored;
    const char *root = root_find(naming->owner, &ignored);
    return root != NULL && targets_below(root, naming->words, naming->word_count);
}

/* The catalogue, if the words speak of it; else NULL. -1 and *error. */
static int load_catalog(const struct naming *naming, const struct catalog **catalog,
                        struct error *error) {
    *catalog = NULL;
    if (!targets_in_suite(naming->words, naming->word_count) && !are_files_of_suite(naming))
        return 0;
    const char *root = root_find(naming->owner, error);
    *catalog = root != NULL ? catalog_load(naming->owner, root, error) : NULL;
    return *catalog != NULL ? 0 : -1;
}

/* Where the suite is; or where we stand, for programs that are not of it. */
static int place(const struct naming *naming, const struct catalog *catalog, struct named *named,
                 struct error *error) {
    named->root = current_folder(naming->owner);
    if (catalog == NULL || named->targets.items[0].program == NULL)
        return 0;
    named->root = catalog->root;
    named->build_folder = root_build_folder(naming->owner, catalog->root, error);
    return named->build_folder != NULL ? 0 : -1;
}

int naming_resolve(const struct naming *naming, struct named *named, struct error *error) {
    const struct catalog *catalog;
    *named = (struct named){0};
    if (load_catalog(naming, &catalog, error) != 0 ||
        targets_resolve(naming->owner, catalog, naming->words, naming->word_count, naming->args,
                        &named->targets, error) != 0)
        return -1;
    for (size_t i = 0; i < named->targets.count; i++)
        named->targets.items[i].surroundings = naming->surroundings;
    return place(naming, catalog, named, error);
}
