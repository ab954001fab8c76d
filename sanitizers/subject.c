/* SPDX-License-Identifier: MIT */
#include "detector.h"

#include <string.h>

#include "base/memory.h"

/* -O0: what is written is what runs. DWARF 4: Valgrind 3.19 does not read all that clang writes as
 * version 5. */
static const char *const plain_flags[] = {"-std=gnu17", "-g", "-gdwarf-4", "-O0", "-pthread", NULL};

const struct flavour flavour_plain = {
    .name = "plain", .compiler = "gcc", .package = "gcc", .flags = plain_flags};

const struct detector *const detectors[] = {
    &detector_tsan,  &detector_tsan_gcc, &detector_helgrind, &detector_drd,
    &detector_probe, &detector_explore,  &detector_inject,   NULL};

const struct detector *detector_find(const char *name) {
    for (const struct detector *const *d = detectors; *d != NULL; d++)
        if (strcmp((*d)->name, name) == 0)
            return *d;
    return NULL;
}

static size_t count_words(const char *const *words) {
    size_t count = 0;
    while (words != NULL && words[count] != NULL)
        count++;
    return count;
}

const struct flavour *flavour_with(void *owner, const struct flavour *base,
                                   const char *const *more) {
    size_t own = count_words(base->flags), added = count_words(more);
    const char **flags = new_array(owner, const char *, own + added + 1);
    for (size_t i = 0; i < own + added; i++)
        flags[i] = i < own ? base->flags[i] : more[i - own];
    struct flavour *flavour = new_array(owner, struct flavour, 1);
    *flavour = *base;
    flavour->flags = flags;
    return flavour;
}

const char *const *subject_argv(void *owner, const struct subject *subject,
                                const char *const *tool) {
    size_t tools = count_words(tool), args = count_words(subject->args);
    const char **argv = new_array(owner, const char *, tools + 1 + args + 1);
    size_t count = 0;
    for (size_t i = 0; i < tools; i++)
        argv[count++] = tool[i];
    argv[count++] = subject->binary;
    for (size_t i = 0; i < args; i++)
        argv[count++] = subject->args[i];
    return argv;
}

int subject_run(void *owner, const struct subject *subject, const struct run_spec *spec,
                struct run_outcome *outcome, struct error *error) {
    return subject->server ? run_server(owner, spec, outcome, error)
                           : run_program(owner, spec, outcome, error);
}
