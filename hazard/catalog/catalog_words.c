/* SPDX-License-Identifier: MIT */
/*
 * What the catalogue says of programs under explore and inject: smaller arguments (every schedule
 * of two rounds is tried, or every instruction of three lines, not of ten thousand), and options. A
 * program's own words go before the hazard's.
 */
#include "base/memory.h"
#include "hazard/catalog/catalog_file.h"
#include "hazard/catalog/catalog_schema.h"

/* How a member of struct raw_options is told to a detector. */
enum form { FORM_WORD, FORM_NUMBER, FORM_TEXT };

static const struct option {
    const char *name;
    enum form form;
    size_t offset;
} options[] = {
    {"strategy", FORM_WORD, offsetof(struct raw_options, strategy)},
    {"races", FORM_WORD, offsetof(struct raw_options, races)},
    {"spurious", FORM_NUMBER, offsetof(struct raw_options, spurious)},
    {"executions", FORM_NUMBER, offsetof(struct raw_options, executions)},
    {"steps", FORM_NUMBER, offsetof(struct raw_options, steps)},
    {"bound", FORM_NUMBER, offsetof(struct raw_options, bound)},
    {"seed", FORM_NUMBER, offsetof(struct raw_options, seed)},
    {"seconds", FORM_NUMBER, offsetof(struct raw_options, seconds)},
    {"signal", FORM_TEXT, offsetof(struct raw_options, signal)},
    {"child-exit", FORM_WORD, offsetof(struct raw_options, child_exit)},
    {"from", FORM_TEXT, offsetof(struct raw_options, from)},
    {"until", FORM_TEXT, offsetof(struct raw_options, until)},
    {"twice", FORM_NUMBER, offsetof(struct raw_options, twice)},
    {"allow-exit", FORM_NUMBER, offsetof(struct raw_options, allow_exit)},
    {"any-output", FORM_WORD, offsetof(struct raw_options, any_output)},
    {"points", FORM_NUMBER, offsetof(struct raw_options, points)},
    {"instructions", FORM_NUMBER, offsetof(struct raw_options, instructions)},
};
enum { OPTIONS = sizeof options / sizeof *options };

/* Each member is a pointer: NULL where the key is not given. */
static const char *value_of(void *owner, const struct raw_options *raw,
                            const struct option *option) {
    const void *member = *(const void *const *)((const char *)raw + option->offset);
    if (member == NULL || option->form == FORM_TEXT)
        return member;
    if (option->form == FORM_WORD)
        return catalog_option_word(*(const enum option_word *)member);
    return never_null(talloc_asprintf(owner, "%d", *(const int *)member));
}

static size_t add_options(void *owner, const struct raw_options *raw, const char **words,
                          size_t count) {
    for (size_t i = 0; raw != NULL && i < OPTIONS; i++) {
        const char *value = value_of(owner, raw, &options[i]);
        if (value == NULL)
            continue;
        words[count++] = options[i].name;
        words[count++] = value;
    }
    return count;
}

const char *const *catalog_options(void *owner, const struct raw_options *of_hazard,
                                   const struct raw_options *of_program) {
    const char **words = new_array(owner, const char *, 4 * OPTIONS + 1);
    size_t count = add_options(owner, of_hazard, words, 0);
    add_options(owner, of_program, words, count);
    return words;
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
