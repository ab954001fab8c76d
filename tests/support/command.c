/* SPDX-License-Identifier: MIT */
#include "tests/support/command.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "run/run_describe.h"

const char *hazard_path(void *owner) {
    const char *binary = getenv("HAZARD_UNDER_TEST");
    char *path = realpath(binary != NULL ? binary : "build/asan/hazard-bin", NULL);
    cr_assert(path != NULL, "there is no hazard command to test");
    const char *copy = talloc_strdup(owner, path);
    free(path);
    return copy;
}

struct run_outcome command(void *owner, const char *line) {
    char *script = talloc_asprintf(owner, "export COLUMNS=100; hazard() { %s \"$@\"; }; %s",
                                   hazard_path(owner), line);
    const char *argv[] = {"sh", "-c", script, NULL};
    struct run_spec spec = {
        .argv = argv, .limits = run_default_limits, .may_idle = true, .any_file_size = true};
    spec.limits.seconds = 600;
    spec.limits.memory_bytes = (size_t)8 << 30;
    spec.limits.output_bytes = 16 << 20;
    struct run_outcome outcome;
    struct error error;
    cr_assert(run_program(owner, &spec, &outcome, &error) == 0, "%s", error.text);
    cr_assert(outcome.end == RUN_EXITED, "%s: %s\n%s", line, run_describe(owner, &outcome),
              outcome.errors);
    return outcome;
}

const char *scratch_new(void *owner) {
    struct error error;
    const char *parent = getenv("TMPDIR");
    const char *folder = folder_new(owner, parent != NULL ? parent : "/tmp", &error);
    cr_assert(folder != NULL, "%s", error.text);
    return folder;
}

void scratch_remove(const char *folder) {
    folder_remove(folder);
}

const char *write_file(void *owner, const char *folder, const char *name, const char *text) {
    const char *path = talloc_asprintf(owner, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", path);
    return path;
}

char *read_file(void *owner, const char *path) {
    struct error error = {""};
    char *text = file_read(owner, path, &error);
    cr_assert(text != NULL, "%s", error.text);
    return text;
}
