/* SPDX-License-Identifier: MIT */
/*
 * The README's commands are run, and must print what it says. In a ```console block a line "$ command" is followed by
 * lines that must come in that order, each right after the one before unless "..." stands between them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/command.h"

/* The two commands that are tested by being the way in here; they would run the tests within the tests. */
static bool is_entry(const char *line) {
    return strcmp(line, "make matrix") == 0 || strcmp(line, "make test") == 0;
}

/* The command line with the tested hazard in place of build/hazard, which is made already. */
static const char *as_tested(void *owner, const char *line) {
    static const char made[] = "make && ", name[] = "build/hazard ";
    const char *rest = strncmp(line, made, strlen(made)) == 0 ? line + strlen(made) : line;
    cr_assert(strncmp(rest, name, strlen(name)) == 0, "only build/hazard can be tested here: %s",
              line);
    return talloc_asprintf(owner, "unset COLUMNS; hazard %s", rest + strlen(name));
}

/* Looks for `wanted` from *at on: at once, or anywhere later after "...". */
static bool find_line(const char **at, const char *wanted, bool anywhere) {
    while (**at != '\0') {
        size_t length = strcspn(*at, "\n");
        bool same = length == strlen(wanted) && strncmp(*at, wanted, length) == 0;
        *at += length + ((*at)[length] == '\n');
        if (same || !anywhere)
            return same;
    }
    return false;
}

/* Runs one command; `lines` stands on the line after it. Returns where its expected output ends. */
static char *run_example(void *owner, const char *line, char *lines) {
    struct run_outcome outcome = {.output = talloc_strdup(owner, "")};
    if (!is_entry(line))
        outcome = command(owner, as_tested(owner, line));
    const char *at = outcome.output;
    bool anywhere = false;
    char *wanted;
    while ((wanted = lines) != NULL && *wanted != '$' && strncmp(wanted, "```", 3) != 0) {
        strsep(&lines, "\n");
        if (strcmp(wanted, "...") == 0) {
            anywhere = true;
            continue;
        }
        cr_expect(find_line(&at, wanted, anywhere), "%s\nmust print: %s\nbut prints:\n%s%s", line,
                  wanted, outcome.output, outcome.errors);
        anywhere = false;
    }
    return lines;
}

Test(readme, its_commands_print_what_it_says, .timeout = 300) {
    void *owner = talloc_new(NULL);
    command(owner, "rm -rf build/bank"); /* what an earlier hazard has built there is no help */
    char *lines = read_file(owner, "README.md");
    bool console = false;
    size_t examples = 0;
    while (lines != NULL) {
        char *line = strsep(&lines, "\n");
        if (strncmp(line, "```", 3) == 0)
            console = strcmp(line, "```console") == 0;
        else if (console && strncmp(line, "$ ", 2) == 0) {
            lines = run_example(owner, line + 2, lines);
            examples++;
        }
    }
    cr_expect(examples >= 5, "only %zu examples were found", examples);
    talloc_free(owner);
}

/* Every `make X` that the README names is a target that make knows: it is asked of all of them at once. */
Test(readme, names_only_make_targets_that_exist, .timeout = 300) {
    void *owner = talloc_new(NULL);
    char *readme = read_file(owner, "README.md"), *line = talloc_strdup(owner, "make -n");
    size_t targets = 0;
    for (const char *at = readme; (at = strstr(at, "`make ")) != NULL;) {
        at += strlen("`make ");
        line = talloc_asprintf_append(line, " %.*s", (int)strcspn(at, "`"), at);
        targets++;
    }
    struct run_outcome outcome = command(owner, line);
    cr_expect(eq(int, outcome.status, 0), "%s: %s", line, outcome.errors);
    cr_expect(ge(sz, targets, 8));
    talloc_free(owner);
}
