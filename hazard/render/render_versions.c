/* SPDX-License-Identifier: MIT */
#include "hazard/render/render_versions.h"

#include "base/memory.h"

void render_versions(FILE *out, const struct suite_report *report) {
    void *scratch = new_owner();
    const char *before = "with ", *after = "";
    for (size_t i = 0; i < VERSIONS_COUNT; i++) {
        if (report->versions[i] == 0)
            continue;
        fprintf(out, "%s%s %s", before, versions_name(i),
                versions_words(scratch, report->versions[i]));
        before = ", ";
        after = "\n";
    }
    fputs(after, out);
    talloc_free(scratch);
}

json_t *render_versions_json(const struct suite_report *report) {
    json_t *object = json_object();
    void *scratch = new_owner();
    for (size_t i = 0; i < VERSIONS_COUNT; i++)
        if (report->versions[i] != 0)
            json_object_set_new(object, versions_name(i),
                                json_string(versions_words(scratch, report->versions[i])));
    talloc_free(scratch);
    return object;
}
