/* SPDX-License-Identifier: MIT */
#include "tests/support/here.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/command.h"

int here_line(void *owner, const char *path, const char *word) {
    char *text = read_file(owner, path);
    int number = 0;
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        number++;
        const char *here = strstr(line, "here: ");
        if (here != NULL && strstr(here, word) != NULL)
            return number;
    }
    cr_assert(false, "no line of %s says 'here: %s'", path, word);
    return 0;
}
