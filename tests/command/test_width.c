/* SPDX-License-Identifier: MIT */
/* What the command says fits a page of 80 columns. What it quotes need not: source code, and words of the user's. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <talloc.h>

#include "hazard/render/layout.h"
#include "tests/support/command.h"

/* "      27 |     echo(connfd);", "- int x;" of a diff, or a command to be copied. */
static bool is_quoted(const char *line) {
    const char *text = line + strspn(line, " ");
    size_t digits = strspn(text, "0123456789");
    return (digits > 0 && strncmp(text + digits, " | ", 3) == 0) ||
           strncmp(text, "hazard ", strlen("hazard ")) == 0;
}

/* Of one word, which no blank could break. */
static bool is_one_word(const char *line) {
    return strchr(line + strspn(line, " "), ' ') == NULL;
}

static void expect_page(void *owner, const char *words) {
    struct run_outcome outcome = command(owner, talloc_asprintf(owner, "unset COLUMNS; %s", words));
    size_t lines = 0;
    for (char *text = outcome.output, *line; (line = strsep(&text, "\n")) != NULL; lines++)
        cr_expect(layout_width(line) <= PAGE_WIDTH || is_quoted(line) || is_one_word(line),
                  "%s: %zu columns: %s", words, layout_width(line), line);
    cr_expect(gt(sz, lines, 3), "%s: %s", words, outcome.errors);
}

Test(width, of_help) {
    static const char *const names[] = {"",      "list",    "show",   "copy",   "check",
                                        "probe", "explore", "merge",  "cache",  "cc",
                                        "make",  "replay",  "matrix", "inject", "grade"};
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        expect_page(owner, talloc_asprintf(owner, "hazard %s --help", names[i]));
    talloc_free(owner);
}

Test(width, of_pages_of_the_catalogue) {
    void *owner = talloc_new(NULL);
    struct run_outcome names = command(owner, "hazard list --names");
    expect_page(owner, "hazard list");
    size_t i = 0; /* every third one */
    for (char *text = names.output, *name; (name = strsep(&text, "\n")) != NULL; i++)
        if (*name != '\0' && i % 3 == 0)
            expect_page(owner, talloc_asprintf(owner, "hazard show --no-diff %s", name));
    talloc_free(owner);
}

Test(width, of_what_is_found) {
    static const char *const lines[] = {
        "hazard explore --schedule=/dev/null buggy/airline-seat.c -- 2 1",
        "hazard check --with explore counter",
        "hazard matrix --with explore counter",
        "hazard inject --signal=ALRM buggy/handler-data.c -- 3",
        "hazard probe --only lunch,half-close buggy/iterative-server.c -- 0",
    };
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect_page(owner, lines[i]);
    talloc_free(owner);
}
