/* SPDX-License-Identifier: MIT */
/*
 * The table in a header comment is known by the line of dashes below its heads (CONTRIBUTING.md
 * shows one). Its lines are indented, and the paragraphs around it are not.
 */
#include "hazard/render/lesson.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

struct lesson_line {
    const char *text; /* without the star that begins a comment line */
    size_t length;
};

/* The line at *at, which moves on to the next one. False at the end of the text or the comment. */
static bool next_line(const char **at, struct lesson_line *line) {
    const char *text = *at;
    size_t length = strcspn(text, "\n");
    if (*text == '\0')
        return false;
    *at = text + length + (text[length] == '\n');
    if (length >= 2 && strncmp(text, " *", 2) == 0) {
        text += 2;
        length -= 2;
    }
    if (length > 0 && *text == '/')
        return false;
    bool blank = length > 0 && *text == ' ';
    *line = (struct lesson_line){text + blank, length - blank};
    return true;
}

static bool is_rule(const struct lesson_line *line) {
    size_t dashes = 0;
    for (size_t i = 0; i < line->length; i++) {
        if (line->text[i] != '-' && line->text[i] != ' ')
            return false;
        dashes += line->text[i] == '-';
    }
    return dashes >= 3;
}

static bool is_indented(const struct lesson_line *line) {
    return line->length > 2 && strncmp(line->text, "  ", 2) == 0;
}

static char *append_line(char *table, const struct lesson_line *line) {
    return never_null(
        talloc_asprintf_append_buffer(table, "%.*s\n", (int)line->length, line->text));
}

/* Blank lines belong to the table only when more of it follows. */
static char *append_rows(char *table, const char *at) {
    struct lesson_line line;
    int blank = 0;
    while (next_line(&at, &line) && (line.length == 0 || is_indented(&line))) {
        if (line.length == 0) {
            blank++;
            continue;
        }
        for (; blank > 0; blank--)
            table = append_line(table, &(struct lesson_line){"", 0});
        table = append_line(table, &line);
    }
    return table;
}

const char *lesson_interleaving(void *owner, const char *file, struct error *error) {
    const char *at = file_read(owner, file, error);
    if (at == NULL)
        return NULL;
    char *table = never_null(talloc_strdup(owner, ""));
    const char *comment = strstr(at, "\n/*\n");
    struct lesson_line line;
    for (at = comment != NULL ? comment + 4 : ""; next_line(&at, &line);) {
        if (!is_indented(&line)) {
            talloc_free(table); /* what we have are no heads: no rule came below them */
            table = never_null(talloc_strdup(owner, ""));
            continue;
        }
        table = append_line(table, &line);
        if (is_rule(&line))
            return append_rows(table, at);
    }
    return "";
}

static int run_diff(char *const *words, struct error *error) {
    extern char **environ;
    pid_t pid;
    int status = 0;
    int failed = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);
    if (failed != 0)
        return fail(error, "cannot run diff: %s: apt-get install diffutils", strerror(failed));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        raise(SIGPIPE); /* nobody reads any more: as if we had printed it */
    /* 0: the same, 1: different, 2: trouble, which diff has explained. */
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        return fail(error, "diff failed");
    return 0;
}

static char *word(void *owner, const char *before, const char *text) {
    return never_null(talloc_asprintf(owner, "%s%s", before, text));
}

int lesson_diff(const char *root, const char *before, const char *after, enum lesson_colour colour,
                struct error *error) {
    if (fflush(stdout) != 0) /* diff writes to the same place, and its lines come after ours */
        return fail(error, "cannot write the result: %s", strerror(errno));
    void *owner = talloc_new(NULL);
    const char *folder = never_null(talloc_asprintf(owner, "%s/", root));
    char *words[] = {
        word(owner, "diff", ""),
        word(owner, "-u", ""),
        word(owner, "--color=", colour == LESSON_COLOUR ? "always" : "never"),
        word(owner, "--label=", before),
        word(owner, "--label=", after),
        word(owner, folder, before),
        word(owner, folder, after),
        NULL,
    };
    int result = run_diff(words, error);
    talloc_free(owner);
    return result;
}
