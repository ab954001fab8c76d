/* SPDX-License-Identifier: MIT */
#include "hazard/commands/detector_options.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/shell_line.h"

/* ---- As argp sees the table ------------------------------------------------------------------ */

/* What argp knows an option by: its letter, or what no letter can be. */
enum { FIRST_KEY = 256 };

static int key_of(const struct detector_option *table, const struct detector_option *option) {
    return option->key != 0 ? option->key : FIRST_KEY + (int)(option - table);
}

static void add(struct argp_option *to, const struct detector_option *table,
                const struct detector_option *option) {
    *to = (struct argp_option){
        .name = option->name,
        .key = key_of(table, option),
        .arg = option->argument,
        .flags = option->argument != NULL && option->alone != NULL ? OPTION_ARG_OPTIONAL : 0,
        .doc = option->help,
        .group = option->group};
}

/* The help does not show what an option was called formerly. */
static const struct argp_option *argp_options(void *owner, const struct detector_option *table) {
    struct argp_option *all = new_array(owner, struct argp_option, 2 * option_count(table) + 1);
    struct argp_option *next = all;
    for (const struct detector_option *option = table; option->name != NULL; option++) {
        if (option->help == NULL)
            continue;
        add(next++, table, option);
        if (option->formerly == NULL)
            continue;
        add(next, table, option);
        next->name = option->formerly;
        next->flags |= OPTION_HIDDEN;
        next++->doc = NULL;
    }
    return all;
}

/* Two words more, and the end. */
static void give(struct detector_options *options, const char *name, const char *value) {
    size_t count = options->given_count;
    options->given = grow_array(options->owner, options->given, const char *, count + 3);
    options->given[count] = name;
    options->given[count + 1] = value;
    options->given[count + 2] = NULL;
    options->given_count = count + 2;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct detector_options *options = state->input;
    const struct detector_option *table = options->detector->options, *option = table;
    struct error error;
    while (option->name != NULL && key_of(table, option) != key)
        option++;
    if (option->name == NULL)
        return ARGP_ERR_UNKNOWN;
    const char *value = argument != NULL ? argument : option->alone;
    if (option_set(option, options->tried, value, &error) != 0)
        argp_error(state, "%s", error.text);
    give(options, option->name, value);
    return 0;
}

const struct argp *detector_options_argp(void *owner, const struct detector *detector) {
    struct argp *argp = new_array(owner, struct argp, 1);
    *argp = (struct argp){.options = argp_options(owner, detector->options), .parser = parse};
    return argp;
}

/* ---- What is said ---------------------------------------------------------------------------- */

const char *detector_options_given(const struct detector_options *options, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < options->given_count; i += 2)
        if (strcmp(options->given[i], name) == 0)
            value = options->given[i + 1];
    return value;
}

int detector_options_apply(const struct detector_options *options, const struct target *target,
                           void *to, struct error *error) {
    const struct detector *detector = options->detector;
    const char *const *of_catalog =
        target->program != NULL ? catalog_program_options(target->program, detector->name) : NULL;
    if (option_set_pairs(detector->options, to, of_catalog, error) != 0)
        return -1;
    return option_set_pairs(detector->options, to, options->given, error);
}

/* ---- The command that says it again ---------------------------------------------------------- */

char *detector_options_repeat(char *line, const struct detector *detector, const void *said,
                              const void *defaults) {
    for (const struct detector_option *option = detector->options; option->name != NULL; option++) {
        if (!option_is_recorded(option, said, defaults))
            continue;
        const char *text = option_text(line, option, said);
        line = shell_line_add(line, option->argument != NULL
                                        ? talloc_asprintf(line, "--%s=%s", option->name, text)
                                        : talloc_asprintf(line, "--%s", option->name));
    }
    return line;
}
