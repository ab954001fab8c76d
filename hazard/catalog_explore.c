/* SPDX-License-Identifier: MIT */
/*
 * What the catalogue says of programs under explore: smaller arguments (every schedule of two
 * rounds
 * is tried, not one of ten thousand), and options. A program's own words go before the hazard's.
 */
#include "base/memory.h"
#include "hazard/catalog_file.h"
#include "hazard/catalog_schema.h"

enum { OPTIONS_MOST = 16 };

struct pairs {
    void *owner;
    const char **words;
    size_t count;
};

static void add_pair(struct pairs *pairs, const char *name, const char *value) {
    pairs->words[pairs->count++] = name;
    pairs->words[pairs->count++] = value;
}

static void add_word(struct pairs *pairs, const char *name, const enum explore_word *word) {
    if (word != NULL)
        add_pair(pairs, name, catalog_explore_word(*word));
}

static void add_number(struct pairs *pairs, const char *name, const int *number) {
    if (number != NULL)
        add_pair(pairs, name, never_null(talloc_asprintf(pairs->owner, "%d", *number)));
}

static void add_options(struct pairs *pairs, const struct raw_options *raw) {
    if (raw == NULL)
        return;
    add_word(pairs, "strategy", raw->strategy);
    add_word(pairs, "races", raw->races);
    add_number(pairs, "spurious", raw->spurious);
    add_number(pairs, "executions", raw->executions);
    add_number(pairs, "steps", raw->steps);
    add_number(pairs, "bound", raw->bound);
    add_number(pairs, "seed", raw->seed);
    add_number(pairs, "seconds", raw->seconds);
}

const char *const *catalog_options(void *owner, const struct raw_options *of_hazard,
                                   const struct raw_options *of_program) {
    struct pairs pairs = {owner, new_array(owner, const char *, 4 * OPTIONS_MOST + 1), 0};
    add_options(&pairs, of_hazard);
    add_options(&pairs, of_program);
    return pairs.words;
}

const char *const *program_args(const struct hazard *hazard, const struct program *program,
                                const char *detector) {
    const struct expectation *expected = program_expectation(program, detector);
    return expected != NULL && expected->args != NULL ? expected->args : hazard->args;
}

const char *const *program_options(const struct program *program, const char *detector) {
    static const char *const none[] = {NULL};
    const struct expectation *expected = program_expectation(program, detector);
    return expected != NULL && expected->options != NULL ? expected->options : none;
}
