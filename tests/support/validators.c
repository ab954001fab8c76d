/* SPDX-License-Identifier: MIT */
#include "tests/support/validators.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/memory.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

const char *validated(const char *folder, int status) {
    struct run_outcome outcome =
        command(workplace.owner, talloc_asprintf(workplace.owner,
                                                 "VALIDATORS=%s/build/validators node "
                                                 "%s/tests/validators/validate.mjs '%s'",
                                                 workplace.root, workplace.root, folder));
    cr_assert(eq(int, outcome.status, status), "%s%s", outcome.output, outcome.errors);
    return talloc_asprintf(workplace.owner, "\n%s", outcome.output);
}

void expect_validated(const char *folder, size_t files) {
    expect_text(validated(folder, 0),
                talloc_asprintf(workplace.owner, "\n%zu read, 0 wrong\n", files));
}
