/* SPDX-License-Identifier: MIT */
#include "report/severity.h"

#include <string.h>

const struct severities severity_strict;

static const struct severities usual = SEVERITIES_DEFAULT;

static int kind_of(const char *name, size_t length) {
    char copy[32];
    if (length >= sizeof copy)
        return -1;
    memcpy(copy, name, length);
    copy[length] = '\0';
    return kind_from_name(copy);
}

int severity_take(struct severities *severities, enum severity severity, const char *shown,
                  const char *kinds, struct error *error) {
    for (const char *name = kinds;; name++) {
        size_t length = strcspn(name, ",");
        int kind = kind_of(name, length);
        if (kind < 0)
            return fail(
                error,
                "%s takes kinds of findings, and '%.*s' is none: hazard list --kinds names them",
                shown, (int)length, name);
        if (severity == SEVERITY_IGNORED && usual.of[kind] == SEVERITY_ERROR)
            return fail(error, "%s takes thread-leak and exit, and '%s' is always a failure", shown,
                        kind_name((enum kind)kind));
        severities->of[kind] = (uint8_t)severity;
        name += length;
        if (*name == '\0')
            return 0;
    }
}
