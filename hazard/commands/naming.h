/* SPDX-License-Identifier: MIT */
/*
 * The words of a command that name programs, those beside them that are the compiler's, and what
 * stands behind "--" for the programs.
 */
#ifndef HAZARD_COMMANDS_NAMING_H
#define HAZARD_COMMANDS_NAMING_H

#include <argp.h>

#include "hazard/cc/cc_line.h"
#include "hazard/suite/target.h"

struct naming {
    void *owner;         /* in: whose memory */
    const char *command; /* "explore" */
    const char **words;  /* what is no option */
    size_t word_count;
    struct cc_line compiler;          /* "-Iinclude", "helper.o", "-lm" */
    struct surroundings surroundings; /* of each of them */
    const char *const *args;          /* after "--": for the program; NULL if there was none */
};

/*
 * The one place where a command line is split: what follows "--" goes to naming->args, what is the
 * compiler's to naming->compiler, and the rest, which is left in argv, is hazard's. `argp` says
 * which options those are, its children's included. Returns the new argc. A word that is neither's
 * ends the command as argp's errors do.
 *
 * An option of one dash is the compiler's, unless it is a letter of the command's own. Where both
 * have the letter (-w, -s, -O), it is hazard's if the next word is a value ("-w tsan,drd") and
 * neither a file nor an option, which the compiler's never has behind it.
 */
int naming_split(struct naming *naming, const struct argp *argp, int argc, char **argv);

/* What --help says of it. */
#define NAMING_HELP                                                                                \
    "Beside FILE.c... stand the compiler's options, as for cc: -I -D -U -std= -include -isystem "  \
    "-O -g -W... -f... -m... -pthread -x c -l -L -Wl,..., and .o, .a and .so files. Of one dash, " \
    "only hazard's own letters are hazard's; "

/* One more word. It is not copied. */
void naming_add(struct naming *naming, const char *word);

/* The words again, for a command to repeat: see shell_line.h. */
char *naming_repeat(char *line, const struct naming *naming);

/* What the words name, and where it is. */
struct named {
    struct targets targets;
    const char *root;         /* of the suite, or where we stand */
    const char *build_folder; /* of the suite's programs; NULL for others */
};

/* -1 and *error: see targets_resolve; there is no suite. */
int naming_resolve(const struct naming *naming, struct named *named, struct error *error);

#endif
