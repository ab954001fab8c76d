/* SPDX-License-Identifier: MIT */
#include "hazard/kept/kept.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hazard/cc/cc_word.h"
#include "hazard/kept/kept_entry.h"
#include "hazard/kept/kept_folder.h"
#include "hazard/kept/kept_hash.h"
#include "hazard/kept/kept_inputs.h"
#include "hazard/root.h"

struct kept {
    void *owner;
    struct kept_folder folder;
    const char *path; /* of the entry */
    const char *compiler;
    struct timespec started;
    struct kept_inputs *inputs;
    bool unknown; /* not all that it was made of is known */
};

/* ---- What is asked ------------------------------------------------------------------- */

/* A word with its length before it: no two lists of words are the same text. */
static char *add_word(char *text, const char *word) {
    return word == NULL
               ? never_null(talloc_strdup_append_buffer(text, "-"))
               : never_null(talloc_asprintf_append_buffer(text, "%zu:%s", strlen(word), word));
}

static char *add_words(char *text, const char *const *words) {
    for (; words != NULL && *words != NULL; words++)
        text = add_word(text, *words);
    return add_word(text, NULL);
}

/* What compilers and linkers read of the environment. (The one that $PATH names is an input.) */
static char *add_environment(char *text) {
    static const char *const names[] = {
        "CPATH",           "C_INCLUDE_PATH",    "LIBRARY_PATH",      "COMPILER_PATH",
        "GCC_EXEC_PREFIX", "LD_LIBRARY_PATH",   "LD_RUN_PATH",       "LDEMULATION",
        "LD_PRELOAD",      "GCC_COMPARE_DEBUG", "SOURCE_DATE_EPOCH", "CCC_OVERRIDE_OPTIONS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        text = add_word(text, getenv(names[i]));
    return text;
}

/* The debug information names the folder as $PWD does, and a relative path leads from it. */
static char *add_folder(char *text) {
    char *folder = getcwd(NULL, 0);
    text = add_word(add_word(text, folder), getenv("PWD"));
    free(folder);
    return text;
}

/* Another hazard has another, which may be as good as it was when that one used it. */
static char *add_runtime(void *owner, char *text, const struct flavour *flavour) {
    struct error error;
    return add_word(text,
                    flavour->runtime == NULL ? NULL : root_data(owner, flavour->runtime, &error));
}

/* False if the source cannot be read. */
static bool add_unit(void *owner, char **text, const struct recipe_unit *unit) {
    struct error error;
    const char *source = file_read(owner, unit->source, &error);
    if (source == NULL)
        return false;
    *text = add_word(add_word(*text, unit->source), unit->folder);
    *text = add_words(*text, unit->words);
    *text = add_word(*text, kept_hash_of(source, talloc_get_size(source) - 1).digits);
    return true;
}

/* NULL if a source cannot be read. */
static char *asked(void *owner, const struct flavour *flavour, const struct recipe *recipe) {
    char *text = add_word(never_null(talloc_strdup(owner, "2\n")), flavour->compiler);
    text = add_words(text, flavour->flags);
    text = add_words(text, flavour->link_flags);
    text = add_runtime(owner, text, flavour);
    text = add_folder(add_environment(text));
    text = add_words(add_word(text, recipe->folder), recipe->link);
    for (size_t i = 0; i < recipe->unit_count; i++)
        if (!add_unit(owner, &text, &recipe->units[i]))
            return NULL;
    return text;
}

/* Words that make compilers read files which they do not tell of. */
static bool hides_inputs(const char *word) {
    static const char *const all[] = {"-B",           "-specs",         "-fplugin",   "-fprofile",
                                      "-fauto",       "--sysroot",      "-isysroot",  "-iprefix",
                                      "-iwithprefix", "-wrapper",       "-Wp,",       "-Wa,",
                                      "-Xassembler",  "-Xpreprocessor", "-save-temps"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(word, all[i], strlen(all[i])) == 0)
            return true;
    return false;
}

/* What the words say of where to look: what was not there then may be there now. */
static void add_searched(struct kept *kept, const char *const *words, const char *folder) {
    for (; words != NULL && *words != NULL; words += cc_word_read(words).count) {
        struct cc_word word = cc_word_read(words);
        bool libraries = strncmp(*words, "-L", 2) == 0;
        if (hides_inputs(*words))
            kept->unknown = true;
        else if (word.value != NULL &&
                 (libraries || strncmp(*words, "-I", 2) == 0 ||
                  strncmp(*words, "-isystem", 8) == 0 || strncmp(*words, "-iquote", 7) == 0 ||
                  strncmp(*words, "-idirafter", 10) == 0))
            kept_inputs_add(kept->inputs, libraries ? KEPT_LIBRARIES : KEPT_HEADERS,
                            recipe_path(kept, folder, word.value));
    }
}

static void add_all_searched(struct kept *kept, const struct recipe *recipe) {
    for (size_t i = 0; i < recipe->unit_count; i++)
        add_searched(kept, recipe->units[i].words, recipe->units[i].folder);
    add_searched(kept, recipe->link, recipe->folder);
}

int kept_open(void *owner, const struct flavour *flavour, const struct recipe *recipe,
              struct kept **kept, struct error *error) {
    struct kept *made = new_array(owner, struct kept, 1);
    *kept = NULL;
    if (kept_folder_find(made, &made->folder, error) != 0)
        return -1;
    if (made->folder.path == NULL || made->folder.limit == 0)
        return 0;
    /* The clock by which files get their times. */
    clock_gettime(CLOCK_REALTIME_COARSE, &made->started);
    const char *text = asked(made, flavour, recipe);
    if (text == NULL)
        return 0;
    made->owner = made;
    made->compiler = flavour->compiler;
    made->inputs = kept_inputs_new(made);
    add_all_searched(made, recipe);
    made->path = never_null(
        talloc_asprintf(made, "%s/%s", made->folder.path, kept_hash_of(text, strlen(text)).digits));
    *kept = made;
    return 0;
}

/* ---- Taking -------------------------------------------------------------------------- */

bool kept_take(const struct kept *kept, const char *path) {
    void *scratch = new_owner();
    struct kept_entry entry;
    bool taken = kept_folder_make(&kept->folder) && kept_entry_read(scratch, kept->path, &entry) &&
                 kept_inputs_same(entry.inputs) && kept_entry_unpack(&entry, path);
    if (taken) /* the time of the last use */
        (void)utimensat(AT_FDCWD, kept->path, NULL, 0);
    talloc_free(scratch);
    return taken;
}

/* ---- Keeping ------------------------------------------------------------------------- */

void kept_made_of_sources(struct kept *kept, const char *makefile, const char *but,
                          const char *folder) {
    if (!kept_inputs_add_rule(kept->inputs, KEPT_TEXT, makefile, but, folder))
        kept->unknown = true;
}

void kept_made_of_objects(struct kept *kept, const char *makefile, const char *but,
                          const char *folder) {
    if (!kept_inputs_add_rule(kept->inputs, KEPT_FILE, makefile, but, folder))
        kept->unknown = true;
}

/* The compiler is several programs. What it does not know it answers by the bare name, and clang
 * knows no cc1. */
static void add_tools(struct kept *kept) {
    static const char *const questions[] = {"-print-prog-name=cc1", "-print-prog-name=as",
                                            "-print-prog-name=ld"};
    kept_inputs_add(kept->inputs, KEPT_PROGRAM, kept->compiler);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *answer = tool_ask(kept->owner, kept->compiler, questions[i]);
        if (answer == NULL)
            kept->unknown = true;
        else if (strcmp(answer, "cc1") != 0)
            kept_inputs_add(kept->inputs, KEPT_PROGRAM, answer);
    }
}

void kept_put(struct kept *kept, const char *program) {
    struct error error;
    if (!kept_folder_make(&kept->folder))
        return;
    add_tools(kept);
    const char *bytes = file_read(kept->owner, program, &error);
    struct kept_entry entry = {
        .inputs =
            kept->unknown ? NULL : kept_inputs_text(kept->owner, kept->inputs, &kept->started),
        .program = bytes};
    if (entry.inputs == NULL || bytes == NULL)
        return;
    entry.program_size = talloc_get_size(bytes) - 1;
    if (strlen(entry.inputs) + entry.program_size < kept->folder.limit &&
        kept_entry_write(kept->path, &entry))
        kept_folder_trim(&kept->folder, kept->folder.limit);
}
