/* SPDX-License-Identifier: MIT */
#include "hazard/commands/lesson_hint.h"

#include <stdio.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/catalog/lesson_for.h"
#include "hazard/root.h"

static bool of_several(const struct suite_report *report) {
    for (size_t i = 1; i < report->count; i++)
        if (report->programs[i].hazard != report->programs[0].hazard)
            return true;
    return false;
}

/* Of the first finding that the catalogue has a hazard for. */
static const struct hazard *find_taught(const struct catalog *catalog,
                                        const struct program_report *program) {
    for (size_t i = 0; i < program->cell_count; i++) {
        const struct findings *findings = &program->cells[i].result.findings;
        for (size_t j = 0; j < findings->count; j++) {
            const struct hazard *hazard = lesson_for(catalog, findings->items[j].kind);
            if (hazard != NULL)
                return hazard;
        }
    }
    return NULL;
}

void lesson_hint_print(const struct suite_report *report) {
    void *scratch = new_owner();
    struct error ignored;
    const struct program_report *program = report->count > 0 ? &report->programs[0] : NULL;
    const struct hazard *hazard = program != NULL ? program->hazard : NULL;
    if (program != NULL && hazard == NULL) {
        const char *root = root_find(scratch, &ignored);
        const struct catalog *catalog = root != NULL ? catalog_load(scratch, root, &ignored) : NULL;
        hazard = catalog != NULL ? find_taught(catalog, program) : NULL;
    }
    if (hazard != NULL && !of_several(report))
        printf("\nto learn more, and how it is mended: hazard show %s (%s)\n", hazard->name,
               kind_name(hazard->kind));
    talloc_free(scratch);
}
