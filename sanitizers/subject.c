/* SPDX-License-Identifier: MIT */
#include "subject.h"

#include "base/memory.h"
#include "run/run_server.h"

static size_t count_words(const char *const *words) {
    size_t count = 0;
    while (words != NULL && words[count] != NULL)
        count++;
    return count;
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
    struct run_spec inside = *spec;
    inside.surroundings = subject->surroundings;
    return subject->server ? run_server(owner, &inside, outcome, error)
                           : run_program(owner, &inside, outcome, error);
}
