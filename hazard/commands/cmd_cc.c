/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * `hazard cc` stands where a makefile has its compiler. What compiles (-c) is handed to the
 * compiler with the words of explore's flavour before the user's own, so that the user's win (-O2,
 * -std=c99), and with what must not be lost behind them. What links gets our runtime in place of
 * the one that -fsanitize would bring; sources in a command that links are therefore compiled
 * first, each to an object of its own. What is made knows how (hazard/cc/cc_record.h).
 *
 * A program is as good as its least part: an object without hooks would be invisible, and a proof
 * that does not see all of the program is none. So such objects are refused (hazard/cc/cc_hooks.h),
 * and so is what the runtime cannot stand in (static programs, other sanitizers).
 *
 * A shared library would be code that explore takes for a library's. So -shared makes one object of
 * all that is in it, under the library's name: the linker puts it into the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "explore/front/explore.h"
#include "hazard/cc/cc_hooks.h"
#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_record.h"
#include "hazard/cc/cc_run.h"
#include "hazard/cc/cc_tools.h"
#include "hazard/cc/cc_word.h"
#include "hazard/commands/commands.h"
#include "hazard/root.h"
#include "symbols/relocatable.h"

struct cc {
    void *owner;
    const char *compiler;
    const struct flavour *flavour;
    const char *const *user; /* the user's words, NULL-terminated */
    bool links, compiles;    /* -c: compiles alone */
    bool shares;             /* -shared */
    const char *output;      /* -o */
    size_t inputs;
    struct cc_line record; /* of the link, without what is in the objects' records */
    struct cc_line needs;  /* likewise, of libraries that are objects */
    const char *scratch;
    struct error error;
};

static bool is_source(const char *word) {
    return cc_word_is_c(word) || cc_word_is_assembler(word) || strcmp(word, "-") == 0 ||
           (strlen(word) > 2 && strcmp(word + strlen(word) - 2, ".i") == 0);
}

/* ---- Reading the command line -------------------------------------------------------- */

static int read_word(struct cc *cc, const char *const *at, const struct cc_word *word) {
    if (strcmp(*at, "-shared") == 0) {
        cc->shares = true;
        return 0;
    }
    if (word->refused != NULL) {
        cc_tools_note("refused", *at);
        return fail(&cc->error, "%s: %s", *at, word->refused);
    }
    if (word->stage == CC_INPUT && cc_word_is_cxx(*at))
        return fail(&cc->error, "explore takes C: %s is C++", *at);
    if (strncmp(*at, "-o", 2) == 0 && word->stage == CC_OUTPUT)
        cc->output = word->value;
    else if (word->stage == CC_OUTPUT)
        cc->links = false;
    cc->compiles = cc->compiles || strcmp(*at, "-c") == 0;
    cc->inputs += word->stage == CC_INPUT;
    return 0;
}

static int read_words(struct cc *cc) {
    cc->links = true;
    for (const char *const *at = cc->user; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        if (read_word(cc, at, &word) != 0)
            return -1;
        at += word.count;
    }
    return 0;
}

/* ---- Making command lines ------------------------------------------------------------ */

static struct cc_line compile_line(struct cc *cc) {
    struct cc_line line = {.owner = cc->owner};
    cc_line_add(&line, cc->compiler);
    cc_line_add_all(&line, cc->flavour->flags);
    struct error none; /* without it only who includes <hazard.h> misses something */
    const char *folder = root_include_folder(cc->owner, &none);
    if (folder != NULL)
        cc_line_add_all(&line, (const char *const[]){"-idirafter", folder, NULL});
    return line;
}

/* With link-time optimisation the hooks would be put in at the link, which knows nothing of them.
 */
static void add_hooks(struct cc_line *line) {
    cc_line_add(line, "-fsanitize=thread");
    cc_line_add(line, "-fno-lto");
}

static void add_word(struct cc_line *line, const char *const *at, const struct cc_word *word) {
    for (int i = 0; i < word->count; i++)
        cc_line_add(line, at[i]);
}

/* Of the user's words those that matter to one source, or with `lists` also to make. */
static void add_source_words(struct cc *cc, struct cc_line *line, const char *language,
                             bool lists) {
    for (const char *const *at = cc->user; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        if ((word.stage == CC_BOTH || word.stage == CC_COMPILE ||
             (lists && word.stage == CC_LISTS)) &&
            strncmp(*at, "-x", 2) != 0)
            add_word(line, at, &word);
        at += word.count;
    }
    if (language != NULL)
        cc_line_add_all(line, (const char *const[]){"-x", language, NULL});
}

/* `language`: what -x said, or NULL. */
static struct cc_line one_source_line(struct cc *cc, const char *source, const char *language,
                                      const char *object) {
    struct cc_line line = compile_line(cc);
    add_source_words(cc, &line, NULL, true);
    add_hooks(&line);
    if (language != NULL)
        cc_line_add_all(&line, (const char *const[]){"-x", language, NULL});
    cc_line_add_all(&line, (const char *const[]){"-c", source, "-o", object, NULL});
    return line;
}

/* Without a record the program cannot be made again for other detectors, and that is all. */
static void record(struct cc *cc, const char *source, const char *language, const char *object) {
    struct cc_line words = {.owner = cc->owner};
    if (cc_word_is_assembler(source) || strcmp(source, "-") == 0)
        return;
    add_source_words(cc, &words, language, false);
    (void)cc_record_add_unit(object, source, cc_line_words(&words), cc->scratch);
}

/* ---- Linking ------------------------------------------------------------------------- */

/* The compiler's exit status; -1 and the error. */
static int compile_source(struct cc *cc, const char *source, const char *language,
                          const char *object) {
    struct cc_line line = one_source_line(cc, source, language, object);
    int status = cc_run(line.words, &cc->error);
    if (status != 0)
        return status;
    if (cc_hooks_check(object, &cc->error) != 0) /* assembler has none */
        return fail(&cc->error, "%s has no hooks: explore takes C", source);
    record(cc, source, language, object);
    return 0;
}

/* A library that we have made into an object says what it needs itself. */
static void add_needs(struct cc *cc, const char *file) {
    const struct cc_record *record = cc_record_read(cc->owner, file);
    if (record != NULL)
        cc_line_add_all(&cc->needs, record->recipe.link);
}

/* Objects and archives are known by their sources, which are in their records. */
static int add_file(struct cc *cc, const char *file, const char *shown, bool *recorded) {
    *recorded = !relocatable_is(file);
    if (cc_hooks_check(file, &cc->error) == 0) {
        if (!*recorded)
            add_needs(cc, file);
        return 0;
    }
    cc_tools_note("plain", shown);
    return -1;
}

static int add_link_word(struct cc *cc, const char *const *at, const struct cc_word *word,
                         struct cc_line *line) {
    bool recorded = word->stage == CC_BOTH || word->stage == CC_LINK;
    const char *archive = NULL;
    if (strncmp(*at, "-l", 2) == 0 && word->value != NULL)
        archive = cc_hooks_archive(cc->owner, cc->user, NULL, word->value);
    if ((word->stage == CC_INPUT && add_file(cc, *at, *at, &recorded) != 0) ||
        (archive != NULL && add_file(cc, archive, *at, &recorded) != 0))
        return -1;
    if (word->stage != CC_DROPPED)
        add_word(line, at, word);
    if (recorded)
        add_word(&cc->record, at, word);
    return 0;
}

/* One word of a command that links, and what stands for it in the link. 0, the compiler's exit
 * status, or -1 and the error. */
static int link_word(struct cc *cc, const char *const *at, const struct cc_word *word,
                     const char **language, struct cc_line *line) {
    if (strncmp(*at, "-x", 2) == 0 && word->value != NULL) {
        *language = strcmp(word->value, "none") == 0 ? NULL : word->value;
        return 0;
    }
    if (word->stage != CC_INPUT || (*language == NULL && !is_source(*at)))
        return add_link_word(cc, at, word, line);
    const char *object = talloc_asprintf(cc->owner, "%s/%zu.o", cc->scratch, line->count);
    int status = compile_source(cc, *at, *language, object);
    cc_line_add(line, object);
    return status;
}

/* The runtime, and with it the record of the link. */
static const char *runtime_of(struct cc *cc) {
    const char *runtime = root_data(cc->owner, cc->flavour->runtime, &cc->error);
    const char *copy = talloc_asprintf(cc->owner, "%s/runtime.o", cc->scratch);
    bool added = runtime != NULL &&
                 cc_record_add_link(runtime, copy, cc_line_words(&cc->record), cc->scratch);
    return added ? copy : runtime;
}

/* What the words come to in a link: sources are objects now. 0, the exit status, or -1 and the
 * error. */
static int add_link_words(struct cc *cc, struct cc_line *line) {
    const char *language = NULL;
    for (const char *const *at = cc->user; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        int status = strcmp(*at, "-shared") == 0 ? 0 : link_word(cc, at, &word, &language, line);
        if (status != 0)
            return status;
        at += word.count;
    }
    cc_line_add_all(line, cc_line_words(&cc->needs));
    cc_line_add_all(&cc->record, cc_line_words(&cc->needs));
    return 0;
}

/* Sources first, then the link. The exit status; -1 and the error. */
static int link_program(struct cc *cc) {
    struct cc_line line = {.owner = cc->owner};
    cc_line_add(&line, cc->compiler);
    int status = add_link_words(cc, &line);
    const char *runtime = status == 0 ? runtime_of(cc) : NULL;
    if (runtime == NULL)
        return status != 0 ? status : -1;
    cc_line_add(&line, runtime);
    cc_line_add_all(&line, cc->flavour->link_flags);
    status = cc_run(line.words, &cc->error);
    char *made = realpath(cc->output != NULL ? cc->output : "a.out", NULL);
    if (status == 0 && made != NULL)
        cc_tools_note("built", made);
    free(made);
    return status;
}

/* ---- Shared libraries ---------------------------------------------------------------- */

/* Of the words of the link those that matter to whom it is linked to, wherever that is done. */
static struct cc_line needs_of(struct cc *cc) {
    struct cc_line needs = {.owner = cc->owner};
    char *here = getcwd(NULL, 0);
    const char *const *at = cc_line_words(&cc->record);
    for (; *at != NULL; at += cc_word_read(at).count) {
        struct cc_word word = cc_word_read(at);
        if (strncmp(*at, "-l", 2) == 0)
            add_word(&needs, at, &word);
        else if (strncmp(*at, "-L", 2) == 0 && word.value != NULL)
            cc_line_add(&needs, talloc_asprintf(cc->owner, "-L%s",
                                                recipe_path(cc->owner, here, word.value)));
    }
    free(here);
    return needs;
}

/* An object that is nothing but that record. */
static int make_needs(struct cc *cc, const char *object) {
    const char *const words[] = {cc->compiler, "-x", "c", "-c", "/dev/null", "-o", object, NULL};
    const struct cc_line needs = needs_of(cc);
    int status = cc_run(words, &cc->error);
    if (status == 0)
        (void)cc_record_add_link(object, object, cc_line_words(&needs), cc->scratch);
    return status;
}

/* Of a line for the link: files, and the archives that are named by -l. */
static void add_objects(struct cc *cc, struct cc_line *to, const struct cc_line *from) {
    const char *const *at = from->words + 1;
    for (; *at != NULL; at += cc_word_read(at).count) {
        struct cc_word word = cc_word_read(at);
        const char *file = word.stage == CC_INPUT && relocatable_is(*at) ? *at : NULL;
        if (strncmp(*at, "-l", 2) == 0 && word.value != NULL)
            file = cc_hooks_archive(cc->owner, cc->user, NULL, word.value);
        bool whole = strncmp(*at, "-Wl,", 4) == 0 && strstr(*at, "whole-archive") != NULL;
        if (file != NULL || whole)
            cc_line_add(to, whole ? *at : file);
    }
}

static int make_library(struct cc *cc) {
    const char *needs = talloc_asprintf(cc->owner, "%s/needs.o", cc->scratch);
    struct cc_line words = {.owner = cc->owner}, line = {.owner = cc->owner};
    cc_line_add(&words, cc->compiler);
    int status = add_link_words(cc, &words);
    if (status == 0)
        status = make_needs(cc, needs);
    if (status != 0)
        return status;
    cc_line_add_all(&line, (const char *const[]){cc->compiler, "-r", "-nostdlib", NULL});
    add_objects(cc, &line, &words);
    cc_line_add_all(
        &line, (const char *const[]){needs, "-o", cc->output != NULL ? cc->output : "a.out", NULL});
    status = cc_run(line.words, &cc->error);
    if (status == 0)
        cc_tools_note("shared", "");
    return status;
}

/* ---- Compiling ----------------------------------------------------------------------- */

/* Where -c puts it, if -o says nothing. */
static const char *object_of(struct cc *cc, const char *source) {
    const char *slash = strrchr(source, '/'), *base = slash != NULL ? slash + 1 : source;
    const char *dot = strrchr(base, '.');
    return cc->output != NULL
               ? cc->output
               : never_null(talloc_asprintf(
                     cc->owner, "%.*s.o", (int)(dot != NULL ? (size_t)(dot - base) : strlen(base)),
                     base));
}

static void record_all(struct cc *cc) {
    const char *language = NULL;
    for (const char *const *at = cc->user; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        if (strncmp(*at, "-x", 2) == 0 && word.value != NULL)
            language = strcmp(word.value, "none") == 0 ? NULL : word.value;
        else if (word.stage == CC_INPUT)
            record(cc, *at, language, object_of(cc, *at));
        at += word.count;
    }
}

static int compile_only(struct cc *cc) {
    struct cc_line line = compile_line(cc);
    for (const char *const *at = cc->user; *at != NULL;) {
        struct cc_word word = cc_word_read(at);
        if (word.stage != CC_DROPPED)
            add_word(&line, at, &word);
        at += word.count;
    }
    add_hooks(&line);
    int status = cc_run(line.words, &cc->error);
    if (status == 0 && cc->compiles) {
        cc_tools_note("compiled", "");
        record_all(cc);
    }
    return status;
}

/* --version, -print-search-dirs...: not our business. */
static int ask_compiler(struct cc *cc) {
    struct cc_line line = {.owner = cc->owner};
    cc_line_add(&line, cc->compiler);
    cc_line_add_all(&line, cc->user);
    return cc_run(line.words, &cc->error);
}

/* ---- The command --------------------------------------------------------------------- */

static void print_help(void) {
    puts("Usage: hazard cc WORD...\n"
         "Compiles and links like the C compiler that it stands for, for `hazard explore'\n"
         "and `hazard check':\n\n"
         "  make CC=\"hazard cc\" && hazard explore ./program\n\n"
         "All words are the compiler's. HAZARD_CC names it (default gcc; clang is known\n"
         "too). Refused are -static, -fsanitize and objects that `hazard cc' has not\n"
         "compiled; -Werror, -flto and -s are left out. Of a shared library an object is\n"
         "made, which becomes a part of the programs that are linked with it. What is\n"
         "built says how, so that `hazard check' can build it again for each detector.\n"
         "`hazard make' puts it in the place of gcc and clang.\n"
         "Exit status: the compiler's, or 2 when hazard itself failed.");
}

static int compile_and_link(struct cc *cc) {
    if (read_words(cc) != 0)
        return -1;
    if (cc->inputs == 0)
        return ask_compiler(cc);
    if ((cc->scratch = root_scratch(cc->owner, &cc->error)) == NULL)
        return -1;
    int status = !cc->links ? compile_only(cc) : cc->shares ? make_library(cc) : link_program(cc);
    folder_remove(cc->scratch);
    return status;
}

static int cc_as(const char *compiler, const char *const *words) {
    struct cc cc = {.owner = new_owner(), .user = words};
    const char *named = getenv("HAZARD_CC");
    cc.record.owner = cc.needs.owner = cc.owner;
    cc.compiler = named != NULL && *named != '\0' ? named : compiler;
    cc.flavour = strstr(cc.compiler, "clang") != NULL ? &flavour_explore_clang : &flavour_explore;
    int status = compile_and_link(&cc);
    if (status < 0)
        fprintf(stderr, "hazard cc: %s\n", cc.error.text);
    talloc_free(cc.owner);
    return status < 0 ? EXIT_TROUBLE : status;
}

int cmd_cc(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help();
        return EXIT_CLEAN;
    }
    cc_tools_leave();
    return cc_as("gcc", (const char *const *)(argv + 1));
}

/* C++ is nothing for explore, and none of our business. */
static int leave_alone(const char *compiler, char **argv) {
    bool told = false;
    for (char **word = argv + 1; *word != NULL && !told; word++)
        if ((told = cc_word_is_cxx(*word)))
            cc_tools_note("c++", *word);
    execvp(compiler, argv);
    fprintf(stderr, "hazard make: cannot run %s: %s\n", compiler, strerror(errno));
    return EXIT_TROUBLE;
}

int cmd_cc_as_compiler(char **argv) {
    const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
    cc_tools_leave();
    if (cc_tool_of(name) == CC_CXX_COMPILER) {
        argv[0] = (char *)(uintptr_t)name;
        return leave_alone(name, argv);
    }
    return cc_as(strcmp(name, "cc") == 0 ? "gcc" : name, (const char *const *)(argv + 1));
}
