/* SPDX-License-Identifier: MIT */
/*
 * Every object that was compiled with -fsanitize=thread calls __tsan_init before main, whatever is
 * in it: both compilers see to that. So an object that does not know that name has no hooks.
 */
#include "hazard/cc/cc_hooks.h"

#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/cc/cc_word.h"
#include "hazard/cc/recipe.h"
#include "symbols/relocatable.h"

static const char advice[] = "was not compiled by `hazard cc`: explore could not see what it does";

/* A file that cannot be opened passes: the linker will say so. */
int cc_hooks_check(const char *file, struct error *error) {
    void *owner = new_owner();
    const char *member;
    int result = 0;
    if (!relocatable_names(owner, file, "__tsan_init", &member))
        result = member != NULL ? fail(error, "%s(%s) %s", file, member, advice)
                                : fail(error, "%s %s", file, advice);
    talloc_free(owner);
    return result;
}

const char *cc_hooks_archive(void *owner, const char *const *words, const char *folder,
                             const char *name) {
    for (; *words != NULL; words += cc_word_read(words).count) {
        struct cc_word word = cc_word_read(words);
        if (strncmp(*words, "-L", 2) != 0 || word.value == NULL)
            continue;
        const char *path = recipe_path(owner, folder, word.value);
        const char *shared = talloc_asprintf(owner, "%s/lib%s.so", path, name);
        if (access(shared, F_OK) == 0)
            return relocatable_is(shared) ? shared : NULL;
        const char *archive = talloc_asprintf(owner, "%s/lib%s.a", path, name);
        if (access(archive, F_OK) == 0)
            return archive;
    }
    return NULL;
}

int cc_hooks_check_link(const char *const *words, const char *folder, struct error *error) {
    void *owner = new_owner();
    int result = 0;
    const char *const *at = words;
    for (; result == 0 && at != NULL && *at != NULL; at += cc_word_read(at).count) {
        struct cc_word word = cc_word_read(at);
        const char *file = NULL;
        if (word.stage == CC_INPUT)
            file = recipe_path(owner, folder, *at);
        else if (strncmp(*at, "-l", 2) == 0 && word.value != NULL)
            file = cc_hooks_archive(owner, words, folder, word.value);
        if (file != NULL)
            result = cc_hooks_check(file, error);
    }
    talloc_free(owner);
    return result;
}
