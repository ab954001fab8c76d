/* SPDX-License-Identifier: MIT */
/*
 * In this order, so that what is refused is not read: the files as they are written; if they include nothing that they must
 * not, their preprocessed texts, with what those include of the hand-in; an object.
 */
#include "hazard/gate/gate.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_words.h"
#include "hazard/gate/scan.h"
#include "hazard/root.h"

#define COMPILER_SECONDS 120
#define TEXT_LARGEST (64 << 20) /* bytes; with all headers of the C library there are 2 MB */

static const char *const compilers[GATE_COMPILERS] = {"gcc", "clang"};

struct gate_checking {
    void *owner;
    const struct gate_input *input;
    const char *const *words; /* for each C file */
    struct notes notes;
    struct sources_read sources;
    struct gate *gate;
    struct error *error;
};

/* ---- Rules --------------------------------------------------------------------------------------- */

void gate_defaults(struct gate_input *input) {
    for (enum gate_kind kind = 0; kind < GATE_KINDS; kind++)
        input->off[kind] = gate_rules[kind].off;
}

int gate_switch(struct gate_input *input, const char *name, bool on, struct error *error) {
    for (enum gate_kind kind = 0; kind < GATE_KINDS; kind++) {
        if (strcmp(gate_rules[kind].name, name) != 0)
            continue;
        if (!on && gate_rules[kind].fixed)
            return fail(error, "the rule '%s' cannot be left out: the others stand on it", name);
        input->off[kind] = !on;
        return 0;
    }
    return fail(error, "there is no rule '%s': see docs/gate.md", name);
}

/* ---- Compilers ------------------------------------------------------------------------------------- */

static int run_here(void *argument, void *owner, const char *const *argv,
                    struct run_outcome *outcome, struct error *error) {
    struct run_spec spec = {.argv = argv, .limits = run_default_limits, .asks_others = true};
    (void)argument;
    spec.limits.seconds = COMPILER_SECONDS;
    return run_program(owner, &spec, outcome, error);
}

/* 0: done; 1: it does not compile, which the gate says; -1. */
static int compile(const struct gate_checking *checking, const struct cc_line *line) {
    struct run_outcome outcome;
    gate_runner *run = checking->input->run != NULL ? checking->input->run : run_here;
    if (run(checking->input->run_argument, checking->owner, line->words, &outcome,
            checking->error) != 0)
        return -1;
    if (outcome.end == RUN_EXITED && outcome.status == 0)
        return 0;
    if (checking->gate->complaint == NULL)
        checking->gate->complaint =
            *outcome.errors != '\0' ? outcome.errors : "the compiler ended without a word\n";
    return 1;
}

/* -std=gnu17 -pthread are every flavour's. */
static struct cc_line start_line(const struct gate_checking *checking,
                                 enum gate_compiler compiler) {
    struct cc_line line = {.owner = checking->owner};
    cc_line_add_all(&line,
                    (const char *const[]){compilers[compiler], "-std=gnu17", "-pthread", NULL});
    cc_line_add_all(&line, checking->words);
    return line;
}

static const char *made(const struct gate_checking *checking, size_t index, const char *ending) {
    return never_null(
        talloc_asprintf(checking->owner, "%s/%zu.%s", checking->input->scratch, index, ending));
}

static int preprocess(const struct gate_checking *checking, size_t index,
                      enum gate_compiler compiler, const char **file) {
    struct cc_line line = start_line(checking, compiler);
    const char *folder = root_include_folder(checking->owner, NULL);
    *file = made(checking, index, compiler == GATE_GCC ? "gcc.i" : "clang.i");
    if (folder != NULL)
        cc_line_add_all(&line, (const char *const[]){"-idirafter", folder, NULL});
    cc_line_add_all(&line, (const char *const[]){"-w", "-E", "-dD", "-o", *file,
                                                 checking->input->files[index], NULL});
    return compile(checking, &line);
}

/* -w: the flavours that are to come will warn. */
static int make_object(const struct gate_checking *checking, const char *text, const char *object) {
    struct cc_line line = start_line(checking, GATE_GCC);
    cc_line_add_all(&line, (const char *const[]){"-w", "-O0", "-x", "cpp-output", "-c", text, "-o",
                                                 object, NULL});
    return compile(checking, &line);
}

/* ---- A file --------------------------------------------------------------------------------------- */

static int write_text(const char *path, const char *text, struct error *error) {
    FILE *file = fopen(path, "we");
    bool written = file != NULL && fputs(text, file) >= 0;
    if (file != NULL)
        written &= fclose(file) == 0;
    return written ? 0 : fail(error, "cannot write %s: %s", path, strerror(errno));
}

/* Its preprocessed text, which then has nothing but what is compiled. */
static int read_text(struct gate_checking *checking, size_t index, enum gate_compiler compiler,
                     const char **path, struct own_text *own) {
    struct stat info;
    int result = preprocess(checking, index, compiler, path);
    if (result == 0 && stat(*path, &info) == 0 && info.st_size > TEXT_LARGEST)
        return fail(checking->error, "%s comes to more than %d bytes when it is preprocessed",
                    checking->input->files[index], TEXT_LARGEST);
    char *text = result == 0 ? file_read(checking->owner, *path, checking->error) : NULL;
    if (text == NULL)
        return result != 0 ? result : -1;
    if (own_text_read(&checking->notes, text, own, checking->error) != 0)
        return -1;
    return write_text(*path, text, checking->error);
}

/* The student's files that it includes. */
static int scan_included(struct gate_checking *checking, const struct own_text *own) {
    const char *last = "";
    for (size_t i = 0; i < own->count; i++) {
        if (own->items[i].file == last)
            continue;
        last = own->items[i].file;
        if (sources_scan(&checking->notes, &checking->sources, last, checking->error) != 0)
            return -1;
    }
    return 0;
}

static int check_object(struct gate_checking *checking, size_t index, const char *text,
                        const struct own_text *own, const char *source) {
    const char *object = made(checking, index, "o");
    int result = make_object(checking, text, object);
    return result != 0 ? result
                       : scan_object(&checking->notes, object, own, source, checking->error);
}

static int check_text(struct gate_checking *checking, size_t index, const char *source) {
    const char *paths[GATE_COMPILERS];
    struct own_text own[GATE_COMPILERS] = {0};
    int result = 0;
    for (enum gate_compiler at = 0; result == 0 && at < GATE_COMPILERS; at++) {
        result = read_text(checking, index, at, &paths[at], &own[at]);
        if (result == 0)
            result = scan_included(checking, &own[at]);
    }
    if (result != 0)
        return result;
    scan_tokens(&checking->notes, &own[GATE_GCC], NULL);
    scan_tokens(&checking->notes, &own[GATE_CLANG], &own[GATE_GCC]);
    scan_difference(&checking->notes, &checking->sources,
                    (const struct own_text *const[]){&own[GATE_GCC], &own[GATE_CLANG]});
    result = check_object(checking, index, paths[GATE_GCC], &own[GATE_GCC], source);
    if (result == 0)
        memcpy(checking->gate->texts[index].preprocessed, paths, sizeof paths);
    return result;
}

static bool reads_others(const struct notes *notes) {
    for (size_t i = 0; i < notes->count; i++)
        if (gate_rules[notes->items[i].kind].fixed)
            return true;
    return false;
}

static int check_file(struct gate_checking *checking, size_t index) {
    char source[PATH_MAX];
    const char *name = checking->input->files[index];
    checking->gate->texts[index].source = name;
    if (realpath(name, source) == NULL)
        return fail(checking->error, "cannot read %s: %s", name, strerror(errno));
    if (!own_text_is_own(&checking->notes, source))
        return fail(checking->error, "%s does not lie in the hand-in's folder %s", name,
                    checking->input->folder);
    checking->sources = (struct sources_read){0};
    if (sources_scan(&checking->notes, &checking->sources, source, checking->error) != 0)
        return -1;
    return reads_others(&checking->notes) ? 0 : check_text(checking, index, source);
}

/* ---- The hand-in ------------------------------------------------------------------------------------- */

/* Files that a tool reads where it runs. */
static void check_folder(struct gate_checking *checking) {
    static const char *const files[] = {".valgrindrc", ".gdbinit", ".gdbearlyinit", ".lldbinit"};
    DIR *folder = opendir(checking->notes.folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        for (size_t i = 0; i < sizeof files / sizeof *files; i++)
            if (strcmp(entry->d_name, files[i]) == 0)
                notes_add(
                    &checking->notes, GATE_TOOL_FILE,
                    talloc_asprintf(checking->owner, "%s/%s", checking->notes.folder, files[i]), 0,
                    files[i]);
    if (folder != NULL)
        closedir(folder);
}

int gate_check(void *owner, const struct gate_input *input, struct gate *gate,
               struct error *error) {
    char folder[PATH_MAX];
    struct cc_words words;
    *gate = (struct gate){.texts = new_array(owner, struct gate_text, input->file_count + 1)};
    if (realpath(input->folder, folder) == NULL)
        return fail(error, "cannot read %s: %s", input->folder, strerror(errno));
    if (cc_words_sort(owner, input->words, &words, error) != 0)
        return -1;
    struct gate_checking checking = {.owner = owner,
                                     .input = input,
                                     .words = words.compile,
                                     .notes = {.owner = owner, .input = input, .folder = folder},
                                     .gate = gate,
                                     .error = error};
    check_folder(&checking);
    for (size_t i = 0; i < input->file_count; i++)
        if (check_file(&checking, i) < 0)
            return -1;
    notes_finish(&checking.notes, gate);
    return 0;
}
