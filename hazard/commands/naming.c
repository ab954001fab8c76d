/* SPDX-License-Identifier: MIT */
#include "hazard/commands/naming.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/cc/cc_word.h"
#include "hazard/commands/commands.h"
#include "hazard/root.h"
#include "hazard/shell_line.h"

/* ---- Whose option is it? --------------------------------------------------------------------- */

typedef bool wanted(const struct argp_option *option, const char *word);

/* The first that is wanted, among the options of argp and its children; NULL: none. */
static const struct argp_option *find(const struct argp *argp, wanted *is_wanted,
                                      const char *word) {
    for (const struct argp_option *at = argp->options;
         at != NULL && (at->name != NULL || at->key != 0 || at->doc != NULL); at++)
        if (is_wanted(at, word))
            return at;
    for (const struct argp_child *child = argp->children; child != NULL && child->argp != NULL;
         child++) {
        const struct argp_option *found = find(child->argp, is_wanted, word);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static bool has_letter(const struct argp_option *option, const char *word) {
    return isascii(option->key) && isalnum(option->key) && option->key == word[1];
}

/* As far as the word goes: getopt_long takes the beginning of a name for the name. */
static bool has_name(const struct argp_option *option, const char *word) {
    word += strspn(word, "-");
    return option->name != NULL && strncmp(option->name, word, strcspn(word, "=")) == 0;
}

static bool has_whole_name(const struct argp_option *option, const char *word) {
    return option->name != NULL && has_name(option, word) &&
           strlen(option->name) == strcspn(word + strspn(word, "-"), "=");
}

/* "tsan,drd", "USR1", "2": what no compiler's option has behind it. */
static bool is_value(const char *next) {
    return next != NULL && *next != '-' && strpbrk(next, "./") == NULL;
}

enum owner_of { OF_HAZARD, OF_COMPILER, OF_NOBODY };

/* An option of one dash; *count words are its. */
static enum owner_of whose(const struct argp *argp, char *const *at, int *count) {
    const struct argp_option *letter = find(argp, has_letter, *at);
    const struct cc_word word = cc_word_read((const char *const *)at);
    bool joined = (*at)[2] != '\0';
    *count = 1;
    if (joined && !word.known && find(argp, has_whole_name, *at) != NULL)
        return OF_NOBODY;
    if (letter != NULL && (joined ? !word.known : !word.known || is_value(at[1]))) {
        *count += !joined && letter->arg != NULL && at[1] != NULL;
        return OF_HAZARD;
    }
    if ((*at)[1] == '?')
        return OF_HAZARD;
    *count = word.count;
    return OF_COMPILER;
}

/* "--seed 5" are two words. */
static int count_long(const struct argp *argp, char *const *at) {
    const struct argp_option *option = find(argp, has_name, *at);
    bool apart = option != NULL && option->arg != NULL &&
                 (option->flags & OPTION_ARG_OPTIONAL) == 0 && strchr(*at, '=') == NULL;
    return apart && at[1] != NULL ? 2 : 1;
}

static enum owner_of sort_word(const struct argp *argp, char *const *at, int *count) {
    bool dash = (*at)[0] == '-' && (*at)[1] != '\0';
    const struct cc_word word = cc_word_read((const char *const *)at);
    *count = 1;
    if (dash && (*at)[1] != '-')
        return whose(argp, at, count);
    if (dash) {
        bool compilers = word.known && find(argp, has_whole_name, *at) == NULL;
        *count = compilers ? word.count : count_long(argp, at);
        return compilers ? OF_COMPILER : OF_HAZARD;
    }
    return cc_word_is_linked(*at) || **at == '@' ? OF_COMPILER : OF_HAZARD;
}

static _Noreturn void refuse(const struct naming *naming, const char *word) {
    fprintf(stderr, "hazard %s: %s: hazard's long options have two dashes: -%s\n", naming->command,
            word, word);
    exit(EXIT_TROUBLE);
}

/* ---- The split ------------------------------------------------------------------------------- */

static int cut(struct naming *naming, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        const char **args = new_array(naming->owner, const char *, argc - i);
        for (int j = i + 1; j < argc; j++)
            args[j - i - 1] = argv[j];
        naming->args = args;
        argv[i] = NULL;
        return i;
    }
    return argc;
}

int naming_split(struct naming *naming, const struct argp *argp, int argc, char **argv) {
    int kept = 1;
    argc = cut(naming, argc, argv);
    naming->compiler.owner = naming->owner;
    for (int i = 1, count; i < argc; i += count) {
        enum owner_of owner = sort_word(argp, &argv[i], &count);
        if (owner == OF_NOBODY)
            refuse(naming, argv[i]);
        for (int j = i; j < i + count; j++)
            if (owner == OF_COMPILER)
                cc_line_add(&naming->compiler, argv[j]);
            else
                argv[kept++] = argv[j];
    }
    argv[kept] = NULL;
    return kept;
}

void naming_add(struct naming *naming, const char *word) {
    naming->words = grow_array(naming->owner, naming->words, const char *, naming->word_count + 1);
    naming->words[naming->word_count++] = word;
}

char *naming_repeat(char *line, const struct naming *naming) {
    for (const char *const *word = cc_line_words(&naming->compiler); *word != NULL; word++)
        line = shell_line_add(line, *word);
    for (size_t i = 0; i < naming->word_count; i++)
        line = shell_line_add(line, naming->words[i]);
    return line;
}

/* ---- What is named --------------------------------------------------------------------------- */

static const char *current_folder(void *owner) {
    char *folder = getcwd(NULL, 0);
    const char *copy = talloc_strdup(owner, folder != NULL ? folder : "/");
    free(folder);
    return copy;
}

/* Files of the suite speak of it, too; for files of the user it need not be there. */
static bool are_files_of_suite(const struct naming *naming, const struct target_words *said) {
    struct error ignored;
    const char *root = root_find(naming->owner, &ignored);
    return root != NULL && targets_below(root, said);
}

/* The catalogue, if the words speak of it; else NULL. -1 and *error. */
static int load_catalog(const struct naming *naming, const struct target_words *said,
                        const struct catalog **catalog, struct error *error) {
    *catalog = NULL;
    if (!targets_in_suite(said) && !are_files_of_suite(naming, said))
        return 0;
    const char *root = root_find(naming->owner, error);
    *catalog = root != NULL ? catalog_load(naming->owner, root, error) : NULL;
    return *catalog != NULL ? 0 : -1;
}

/* Where the suite is; or where we stand, for programs that are not of it. */
static int place(const struct naming *naming, const struct catalog *catalog, struct named *named,
                 struct error *error) {
    named->root = current_folder(naming->owner);
    if (catalog == NULL || named->targets.items[0].program == NULL)
        return 0;
    named->root = catalog->root;
    named->build_folder = root_build_folder(naming->owner, catalog->root, error);
    return named->build_folder != NULL ? 0 : -1;
}

/* "helper.o -lm" alone is no program, and not the whole suite either. */
static int check_alone(const struct naming *naming, struct error *error) {
    const char *const *compiler = cc_line_words(&naming->compiler);
    if (naming->word_count > 0 || *compiler == NULL)
        return 0;
    return fail(error, "%s is for the compiler, and there is no C file beside it", *compiler);
}

int naming_resolve(const struct naming *naming, struct named *named, struct error *error) {
    const struct catalog *catalog;
    struct target_words said = {.words = naming->words,
                                .count = naming->word_count,
                                .args = naming->args,
                                .command = naming->command};
    *named = (struct named){0};
    if (check_alone(naming, error) != 0 ||
        cc_words_sort(naming->owner, cc_line_words(&naming->compiler), &said.compiler, error) !=
            0 ||
        load_catalog(naming, &said, &catalog, error) != 0 ||
        targets_resolve(naming->owner, catalog, &said, &named->targets, error) != 0)
        return -1;
    for (size_t i = 0; i < named->targets.count; i++)
        named->targets.items[i].surroundings = naming->surroundings;
    return place(naming, catalog, named, error);
}
