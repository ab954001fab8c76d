/* SPDX-License-Identifier: MIT */
#include "hazard/selftest/attempt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static struct attempt_list (*const rooms[])(void) = {attempt_list_limits, attempt_list_processes,
                                                     attempt_list_files, attempt_list_kernel,
                                                     attempt_list_compilers};

const struct attempt *attempt_at(size_t number) {
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        struct attempt_list list = rooms[i]();
        if (number < list.count)
            return &list.items[number];
        number -= list.count;
    }
    return NULL;
}

const struct attempt *attempt_named(const char *name) {
    const struct attempt *attempt;
    for (size_t i = 0; (attempt = attempt_at(i)) != NULL; i++)
        if (strcmp(attempt->name, name) == 0)
            return attempt;
    return NULL;
}

const char *const *attempt_environment(void *owner, const struct attempt_place *place) {
    const char **all = new_array(owner, const char *, 8);
    all[0] = never_null(talloc_asprintf(owner, "SECRET=%s", place->secret));
    all[1] = never_null(talloc_asprintf(owner, "HIDDEN=%s", place->hidden));
    all[2] = never_null(talloc_asprintf(owner, "OUTSIDE=%s", place->outside));
    all[3] = never_null(talloc_asprintf(owner, "SHARED=%s", place->shared));
    all[4] = never_null(talloc_asprintf(owner, "SCRATCH=%s", place->scratch));
    all[5] = never_null(talloc_asprintf(owner, "BYSTANDER=%d", (int)place->bystander));
    all[6] = never_null(talloc_asprintf(owner, "PORT=%d", place->port));
    return all;
}

static const char *word(const char *name) {
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

/* Without leak checkers and handlers at exit: they trace, which is forbidden. */
_Noreturn void attempt_act(const char *name) {
    const struct attempt_place place = {.secret = word("SECRET"),
                                        .hidden = word("HIDDEN"),
                                        .outside = word("OUTSIDE"),
                                        .shared = word("SHARED"),
                                        .scratch = word("SCRATCH"),
                                        .bystander = atoi(word("BYSTANDER")),
                                        .port = atoi(word("PORT"))};
    const struct attempt *attempt = attempt_named(name);
    if (attempt == NULL || attempt->act == NULL) {
        fprintf(stderr, "hazard: there is no attempt '%s'\n", name);
        _exit(2);
    }
    errno = 0;
    bool could = attempt->act(&place);
    if (!could)
        printf("%s\n", errno != 0 ? strerror(errno) : "no");
    fflush(stdout);
    _exit(could ? ATTEMPT_COULD : ATTEMPT_COULD_NOT);
}
