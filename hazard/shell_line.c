/* SPDX-License-Identifier: MIT */
#include "hazard/shell_line.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

char *shell_line_add(char *line, const char *word) {
    bool plain = *word != '\0';
    for (const char *at = word; *at != '\0'; at++)
        plain = plain && (isalnum((unsigned char)*at) || strchr("_-./=+,:@%", *at) != NULL);
    if (plain)
        return never_null(talloc_asprintf_append(line, " %s", word));
    line = talloc_strdup_append(line, " '");
    for (const char *at = word; *at != '\0'; at++)
        line =
            *at == '\'' ? talloc_strdup_append(line, "'\\''") : talloc_strndup_append(line, at, 1);
    return never_null(talloc_strdup_append(line, "'"));
}
