/* SPDX-License-Identifier: MIT */
/*
 * Every object that was compiled with -fsanitize=thread calls __tsan_init before main, whatever is
 * in it: both compilers see to that. So an object that does not know that name has no hooks.
 */
#include "hazard/commands/hooks.h"

#include "base/memory.h"
#include "symbols/relocatable.h"

static const char advice[] = "was not compiled by `hazard cc`: explore could not see what it does";

/* A file that cannot be opened passes: the linker will say so. */
int hooks_check(const char *file, struct error *error) {
    void *owner = new_owner();
    const char *member;
    int result = 0;
    if (!relocatable_names(owner, file, "__tsan_init", &member))
        result = member != NULL ? fail(error, "%s(%s) %s", file, member, advice)
                                : fail(error, "%s %s", file, advice);
    talloc_free(owner);
    return result;
}
