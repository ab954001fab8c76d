/* SPDX-License-Identifier: MIT */
#include "tests/support/workplace.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/command.h"

struct workplace workplace;

void workplace_open(void) {
    workplace.owner = talloc_new(NULL);
    workplace.folder = scratch_new(workplace.owner);
    workplace.root = getcwd(NULL, 0);
}

void workplace_close(void) {
    scratch_remove(workplace.folder);
    free(workplace.root);
    talloc_free(workplace.owner);
}

struct run_outcome in_folder(const char *line) {
    const char *all = talloc_asprintf(
        workplace.owner, "export ROOT=%s PROGRAMS=%s/tests/fixtures/programs; cd %s && %s",
        workplace.root, workplace.root, workplace.folder, line);
    return command(workplace.owner, all);
}
