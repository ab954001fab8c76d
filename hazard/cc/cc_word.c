/* SPDX-License-Identifier: MIT */
#include "hazard/cc/cc_word.h"

#include <stddef.h>
#include <string.h>

/* Where the value of an option stands. */
enum cc_form {
    ALONE,  /* it has none */
    NEXT,   /* in the next word */
    JOINED, /* in the same word, as far as there is one */
    EITHER  /* in the same word; if there is nothing, in the next one */
};

/* The first that fits counts. */
static const struct cc_row {
    const char *name;
    enum cc_form form;
    enum cc_stage stage;
    const char *refused;
} rows[] = {
    {"-shared", ALONE, CC_OUTPUT,
     "hazard takes programs, and no shared libraries: link its objects to the program"},
    {"-static-libgcc", ALONE, CC_LINK, NULL},
    {"-static", JOINED, CC_LINK,
     "detectors take over functions of the C library, which a static program has for good: leave "
     "it out"},
    {"-fsanitize", JOINED, CC_BOTH, "hazard brings its own hooks: leave the sanitizer out"},
    {"-fno-sanitize", JOINED, CC_BOTH, "hazard brings its own hooks: leave the sanitizer out"},
    {"-m32", ALONE, CC_BOTH, "hazard takes programs for x86-64"},
    {"-mx32", ALONE, CC_BOTH, "hazard takes programs for x86-64"},
    {"-m16", ALONE, CC_BOTH, "hazard takes programs for x86-64"},
    {"@", JOINED, CC_INPUT, "words in a file are not looked at: give them on the command line"},
    {"-Werror", ALONE, CC_DROPPED, NULL},
    {"-flto", JOINED, CC_DROPPED, NULL},
    {"-s", ALONE, CC_DROPPED, NULL},
    /* Who measures writes files when the program ends. */
    {"--coverage", ALONE, CC_DROPPED, NULL},
    {"-coverage", ALONE, CC_DROPPED, NULL},
    {"-fprofile", JOINED, CC_DROPPED, NULL},
    {"-ftest-coverage", ALONE, CC_DROPPED, NULL},
    {"-pg", ALONE, CC_DROPPED, NULL},
    {"-p", ALONE, CC_DROPPED, NULL},
    {"-c", ALONE, CC_OUTPUT, NULL},
    {"-S", ALONE, CC_OUTPUT, NULL},
    {"-E", ALONE, CC_OUTPUT, NULL},
    {"-r", ALONE, CC_OUTPUT, NULL},
    {"-M", ALONE, CC_OUTPUT, NULL},
    {"-MM", ALONE, CC_OUTPUT, NULL},
    {"-fsyntax-only", ALONE, CC_OUTPUT, NULL},
    {"-###", ALONE, CC_OUTPUT, NULL},
    {"-o", EITHER, CC_OUTPUT, NULL},
    {"-MF", EITHER, CC_LISTS, NULL},
    {"-MT", EITHER, CC_LISTS, NULL},
    {"-MQ", EITHER, CC_LISTS, NULL},
    {"-MD", ALONE, CC_LISTS, NULL},
    {"-MMD", ALONE, CC_LISTS, NULL},
    {"-MP", ALONE, CC_LISTS, NULL},
    {"-MG", ALONE, CC_LISTS, NULL},
    {"-aux-info", NEXT, CC_LISTS, NULL},
    {"-Wl,-Map", JOINED, CC_LISTS, NULL},
    {"-dumpbase", NEXT, CC_LISTS, NULL},
    {"-dumpbase-ext", NEXT, CC_LISTS, NULL},
    {"-dumpdir", NEXT, CC_LISTS, NULL},
    {"-I", EITHER, CC_COMPILE, NULL},
    {"-D", EITHER, CC_COMPILE, NULL},
    {"-U", EITHER, CC_COMPILE, NULL},
    {"-include", EITHER, CC_COMPILE, NULL},
    {"-imacros", EITHER, CC_COMPILE, NULL},
    {"-isystem", EITHER, CC_COMPILE, NULL},
    {"-iquote", EITHER, CC_COMPILE, NULL},
    {"-idirafter", EITHER, CC_COMPILE, NULL},
    {"-iprefix", EITHER, CC_COMPILE, NULL},
    {"-iwithprefixbefore", EITHER, CC_COMPILE, NULL},
    {"-iwithprefix", EITHER, CC_COMPILE, NULL},
    {"-isysroot", EITHER, CC_COMPILE, NULL},
    {"-x", EITHER, CC_COMPILE, NULL},
    {"-Wp,", JOINED, CC_COMPILE, NULL},
    {"-Wa,", JOINED, CC_COMPILE, NULL},
    {"-Xpreprocessor", NEXT, CC_COMPILE, NULL},
    {"-Xassembler", NEXT, CC_COMPILE, NULL},
    {"-Wl,", JOINED, CC_LINK, NULL},
    {"-Xlinker", NEXT, CC_LINK, NULL},
    {"-l", EITHER, CC_LINK, NULL},
    {"-L", EITHER, CC_LINK, NULL},
    {"-T", EITHER, CC_LINK, NULL},
    {"-u", EITHER, CC_LINK, NULL},
    {"-z", EITHER, CC_LINK, NULL},
    {"-e", NEXT, CC_LINK, NULL},
    {"-rdynamic", ALONE, CC_LINK, NULL},
    {"-pie", ALONE, CC_LINK, NULL},
    {"-no-pie", ALONE, CC_LINK, NULL},
    {"-nostartfiles", ALONE, CC_LINK, NULL},
    {"-nodefaultlibs", ALONE, CC_LINK, NULL},
    {"-nostdlib", ALONE, CC_LINK, NULL},
    {"-nolibc", ALONE, CC_LINK, NULL},
    {"-nostdinc", ALONE, CC_COMPILE, NULL},
    {"-B", EITHER, CC_BOTH, NULL},
    {"--param", EITHER, CC_BOTH, NULL},
    {"--std", EITHER, CC_BOTH, NULL},
    {"--sysroot", EITHER, CC_BOTH, NULL},
    {"-wrapper", NEXT, CC_BOTH, NULL},
    {"-O", JOINED, CC_BOTH, NULL},
    {"-W", JOINED, CC_BOTH, NULL},
    {"-f", JOINED, CC_BOTH, NULL},
    {"-g", JOINED, CC_BOTH, NULL},
    {"-m", JOINED, CC_BOTH, NULL},
    {"-std=", JOINED, CC_BOTH, NULL},
    {"-specs", JOINED, CC_BOTH, NULL},
    {"-save-temps", JOINED, CC_BOTH, NULL},
    {"-w", ALONE, CC_BOTH, NULL},
    {"-pthread", ALONE, CC_BOTH, NULL},
    {"-pedantic", JOINED, CC_BOTH, NULL},
    {"-pipe", ALONE, CC_BOTH, NULL},
    {"-ansi", ALONE, CC_BOTH, NULL},
};

static bool fits(const struct cc_row *row, const char *word) {
    return row->form == JOINED || row->form == EITHER
               ? strncmp(word, row->name, strlen(row->name)) == 0
               : strcmp(word, row->name) == 0;
}

static struct cc_word read_option(const struct cc_row *row, const char *const *at) {
    const char *rest = *at + strlen(row->name);
    bool next = (row->form == NEXT || (row->form == EITHER && *rest == '\0')) && at[1] != NULL;
    return (struct cc_word){.stage = row->stage,
                            .count = next ? 2 : 1,
                            .value = next                 ? at[1]
                                     : row->form == ALONE ? NULL
                                                          : rest,
                            .known = true,
                            .refused = row->refused};
}

struct cc_word cc_word_read(const char *const *at) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fits(&rows[i], *at))
            return read_option(&rows[i], at);
    bool input = (*at)[0] != '-' || (*at)[1] == '\0';
    return (struct cc_word){.stage = input ? CC_INPUT : CC_BOTH, .count = 1};
}

/* ---- Files ----------------------------------------------------------------------------------- */

static bool ends(const char *word, const char *with) {
    size_t length = strlen(word), tail = strlen(with);
    return length > tail && strcmp(word + length - tail, with) == 0;
}

/* `endings` end with NULL. */
static bool ends_as(const char *word, const char *const *endings) {
    for (; *endings != NULL; endings++)
        if (ends(word, *endings))
            return true;
    return false;
}

bool cc_word_is_c(const char *file) {
    return ends(file, ".c") || ends(file, ".i");
}

bool cc_word_is_cxx(const char *file) {
    static const char *const endings[] = {".cc", ".cpp", ".cxx", ".C", ".c++", ".cp", ".CPP", NULL};
    return ends_as(file, endings);
}

bool cc_word_is_assembler(const char *file) {
    static const char *const endings[] = {".s", ".S", NULL};
    return ends_as(file, endings);
}

bool cc_word_is_linked(const char *file) {
    static const char *const endings[] = {".o", ".a", ".so", ".lo", NULL};
    return ends_as(file, endings) || strstr(file, ".so.") != NULL;
}
