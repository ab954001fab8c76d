/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * `hazard cc` stands where a makefile has its compiler. What compiles (-c) is handed to the
 * compiler
 * with the words of explore's flavour before the user's own, so that the user's win (-O2,
 * -std=c99),
 * and with what must not be lost behind them. What links gets our runtime in place of the one that
 * -fsanitize would bring; sources in a command that links are therefore compiled first, each to an
 * object of its own.
 *
 * A program is as good as its least part: an object without hooks would be invisible, and a proof
 * that does not see all of the program is none. So such objects are refused (hooks.c), and so is
 * what the runtime cannot stand in (static programs, other sanitizers, shared libraries).
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "explore/front/explore.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/hooks.h"
#include "hazard/root.h"

struct line {
    const char **words; /* NULL-terminated */
    size_t count;
};

struct cc {
    void *owner;
    const char *compiler;
    const struct flavour *flavour;
    char **user; /* the user's words, NULL-terminated */
    bool links;
    size_t inputs;
    const char *scratch; /* of objects that the user does not ask for */
    struct error error;
};

/* ---- Reading the command line -------------------------------------------------------- */

/* Options whose value is a word of its own. */
static bool takes_word(const char *word) {
    static const char *const all[] = {"-o",
                                      "-I",
                                      "-D",
                                      "-U",
                                      "-L",
                                      "-l",
                                      "-x",
                                      "-include",
                                      "-imacros",
                                      "-isystem",
                                      "-iquote",
                                      "-iprefix",
                                      "-idirafter",
                                      "-iwithprefix",
                                      "-isysroot",
                                      "-Xlinker",
                                      "-MF",
                                      "-Xassembler",
                                      "-MT",
                                      "-MQ",
                                      "-T",
                                      "-u",
                                      "-z",
                                      "-e",
                                      "-B",
                                      "--param",
                                      "-aux-info",
                                      "-wrapper",
                                      "-Xpreprocessor",
                                      "-dumpbase",
                                      "-dumpdir"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(word, all[i]) == 0)
            return true;
    return false;
}

/* Nothing is linked, or nothing of ours. */
static bool stops_before_link(const char *word) {
    static const char *const all[] = {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r", "-###"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(word, all[i]) == 0)
            return true;
    return false;
}

static bool begins(const char *word, const char *with) {
    return strncmp(word, with, strlen(with)) == 0;
}

static bool ends(const char *word, const char *with) {
    size_t length = strlen(word), tail = strlen(with);
    return length > tail && strcmp(word + length - tail, with) == 0;
}

static bool is_input(const char *word) {
    return word[0] != '-' || word[1] == '\0';
}

static bool is_source(const char *word) {
    return ends(word, ".c") || ends(word, ".i") || ends(word, ".s") || ends(word, ".S") ||
           strcmp(word, "-") == 0;
}

/* Why this word cannot be taken; NULL: it can. */
static const char *objection(const char *word) {
    static const char *const foreign[] = {".cc", ".cpp", ".cxx", ".C", ".c++", ".f", ".f90"};
    if (strcmp(word, "-shared") == 0)
        return "explore cannot take shared libraries: link their objects to the program";
    if (begins(word, "-static") && !begins(word, "-static-libgcc"))
        return "explore takes over functions of the C library, which a static program has for "
               "good: "
               "leave -static out";
    if (begins(word, "-fsanitize") || begins(word, "-fno-sanitize"))
        return "explore brings its own hooks: leave the sanitizer out";
    if (word[0] == '@')
        return "words in a file are not looked at: give them on the command line";
    for (size_t i = 0; is_input(word) && i < sizeof foreign / sizeof *foreign; i++)
        if (ends(word, foreign[i]))
            return "explore takes C";
    return NULL;
}

static int read_words(struct cc *cc) {
    cc->links = true;
    for (char **word = cc->user; *word != NULL; word++) {
        const char *why = objection(*word);
        if (why != NULL)
            return fail(&cc->error, "%s: %s", *word, why);
        if (stops_before_link(*word))
            cc->links = false;
        cc->inputs += is_input(*word);
        if (takes_word(*word) && word[1] != NULL)
            word++;
    }
    return 0;
}

/* ---- Making command lines ------------------------------------------------------------ */

static void add(struct cc *cc, struct line *line, const char *word) {
    line->words = grow_array(cc->owner, line->words, const char *, line->count + 2);
    line->words[line->count++] = word;
    line->words[line->count] = NULL;
}

static void add_all(struct cc *cc, struct line *line, const char *const *words) {
    for (; *words != NULL; words++)
        add(cc, line, *words);
}

/* With link-time optimisation the hooks would be put in at the link, which knows nothing of them.
 * */
static void add_hooks(struct cc *cc, struct line *line) {
    add(cc, line, "-fsanitize=thread");
    add(cc, line, "-fno-lto");
}

static struct line compile_line(struct cc *cc) {
    struct line line = {0};
    add(cc, &line, cc->compiler);
    add_all(cc, &line, cc->flavour->flags);
    return line;
}

/* Of the user's words those that matter to one source; `language`: what -x said, or NULL. */
static struct line one_source_line(struct cc *cc, const char *source, const char *language,
                                   const char *object) {
    struct line line = compile_line(cc);
    for (char **word = cc->user; *word != NULL; word++) {
        bool pair = takes_word(*word) && word[1] != NULL;
        bool of_link = is_input(*word) || begins(*word, "-l") || begins(*word, "-Wl,") ||
                       strcmp(*word, "-Xlinker") == 0 || strcmp(*word, "-o") == 0 ||
                       strcmp(*word, "-x") == 0;
        if (!of_link)
            add(cc, &line, *word);
        if (!of_link && pair)
            add(cc, &line, word[1]);
        word += pair;
    }
    add_hooks(cc, &line);
    if (language != NULL) {
        add(cc, &line, "-x");
        add(cc, &line, language);
    }
    const char *const rest[] = {"-c", source, "-o", object, NULL};
    add_all(cc, &line, rest);
    return line;
}

/* ---- Running them -------------------------------------------------------------------- */

/* The compiler's exit status; -1 and the error. */
static int run(struct cc *cc, const struct line *line) {
    extern char **environ;
    pid_t pid;
    int status = 0;
    /* posix_spawn does not change its arguments; POSIX types them so for historical reasons. */
    int code =
        posix_spawnp(&pid, line->words[0], NULL, NULL, (char **)(uintptr_t)line->words, environ);
    if (code != 0)
        return fail(&cc->error, "cannot run %s: %s", line->words[0], strerror(code));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_TROUBLE;
}

/* -lNAME names an archive if a folder of -L has one, and no shared library. */
static int check_library(struct cc *cc, const char *name) {
    for (char **word = cc->user; *word != NULL; word++) {
        const char *folder = !begins(*word, "-L") ? NULL : (*word)[2] != '\0' ? *word + 2 : word[1];
        if (folder == NULL)
            continue;
        const char *shared = talloc_asprintf(cc->owner, "%s/lib%s.so", folder, name);
        if (access(shared, F_OK) == 0)
            return 0;
        const char *archive = talloc_asprintf(cc->owner, "%s/lib%s.a", folder, name);
        if (access(archive, F_OK) == 0)
            return hooks_check(archive, &cc->error);
    }
    return 0;
}

/* One word of a command that links, and what stands for it in the link; the number of words taken.
 * */
static int link_word(struct cc *cc, char **word, const char **language, struct line *line) {
    if (strcmp(*word, "-x") == 0 && word[1] != NULL) {
        *language = strcmp(word[1], "none") == 0 ? NULL : word[1];
        return 2;
    }
    if (is_input(*word) && (*language != NULL || is_source(*word))) {
        const char *object = talloc_asprintf(cc->owner, "%s/%zu.o", cc->scratch, line->count);
        struct line compile = one_source_line(cc, *word, *language, object);
        int status = run(cc, &compile);
        if (status != 0)
            return status > 0 ? -status : -1;
        if (hooks_check(object, &cc->error) != 0) /* assembler has none */
            return fail(&cc->error, "%s has no hooks: explore takes C", *word);
        add(cc, line, object);
        return 1;
    }
    if (is_input(*word) && hooks_check(*word, &cc->error) != 0)
        return -1;
    if (begins(*word, "-l") &&
        check_library(cc, (*word)[2] != '\0' || word[1] == NULL ? *word + 2 : word[1]) != 0)
        return -1;
    add(cc, line, *word);
    if (!takes_word(*word) || word[1] == NULL)
        return 1;
    add(cc, line, word[1]);
    return 2;
}

/* Sources first, then the link. The exit status; -1 and the error. */
static int link_program(struct cc *cc) {
    const char *runtime = root_data(cc->owner, cc->flavour->runtime, &cc->error), *language = NULL;
    struct line line = {0};
    if (runtime == NULL)
        return -1;
    add(cc, &line, cc->compiler);
    for (char **word = cc->user; *word != NULL;) {
        int taken = link_word(cc, word, &language, &line);
        if (taken <= 0)
            return cc->error.text[0] != '\0' ? -1 : -taken;
        word += taken;
    }
    add(cc, &line, runtime);
    add_all(cc, &line, cc->flavour->link_flags);
    return run(cc, &line);
}

static int compile_only(struct cc *cc) {
    struct line line = compile_line(cc);
    for (char **word = cc->user; *word != NULL; word++)
        add(cc, &line, *word);
    add_hooks(cc, &line);
    return run(cc, &line);
}

/* --version, -print-search-dirs...: not our business. */
static int ask_compiler(struct cc *cc) {
    struct line line = {0};
    add(cc, &line, cc->compiler);
    for (char **word = cc->user; *word != NULL; word++)
        add(cc, &line, *word);
    return run(cc, &line);
}

static void print_help(void) {
    puts("Usage: hazard cc WORD...\n"
         "Compiles and links like the C compiler that it stands for, for `hazard explore':\n\n"
         "  make CC=\"hazard cc\" && hazard explore ./program\n\n"
         "All words are the compiler's. HAZARD_CC names it (default gcc; clang is known too).\n"
         "Refused are -shared, -static, -fsanitize and objects that `hazard cc' has not compiled.\n"
         "Exit status: the compiler's, or 2 when hazard itself failed.");
}

int cmd_cc(int argc, char **argv) {
    struct cc cc = {.owner = new_owner(), .user = argv + 1};
    const char *compiler = getenv("HAZARD_CC");
    cc.compiler = compiler != NULL && *compiler != '\0' ? compiler : "gcc";
    cc.flavour = strstr(cc.compiler, "clang") != NULL ? &flavour_explore_clang : &flavour_explore;
    int status = -1;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help();
        status = EXIT_CLEAN;
    } else if (read_words(&cc) != 0) {
        status = -1;
    } else if (cc.inputs == 0) {
        status = ask_compiler(&cc);
    } else if (!cc.links) {
        status = compile_only(&cc);
    } else if ((cc.scratch = root_scratch(cc.owner, &cc.error)) != NULL) {
        status = link_program(&cc);
        folder_remove(cc.scratch);
    }
    if (status < 0)
        fprintf(stderr, "hazard cc: %s\n", cc.error.text);
    talloc_free(cc.owner);
    return status < 0 ? EXIT_TROUBLE : status;
}
