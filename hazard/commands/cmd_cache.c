/* SPDX-License-Identifier: MIT */
/* `hazard cache`: what was built and is kept. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clean.h"
#include "base/memory.h"
#include "base/number.h"
#include "hazard/commands/commands.h"
#include "hazard/kept/kept_folder.h"

struct cache_command {
    bool clear;
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct cache_command *command = state->input;
    switch (key) {
    case 'c':
        command->clear = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected '%s'", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *megabytes(void *owner, size_t bytes) {
    size_t megabyte = (size_t)1 << 20;
    return number_with_commas(owner, (int64_t)((bytes + megabyte - 1) / megabyte));
}

static void print_total(void *owner, const struct kept_folder *folder) {
    struct kept_total total = kept_folder_total(folder);
    printf("%s: %s %s, %s of at most %s MB\n", clean_line(owner, folder->path),
           number_with_commas(owner, (int64_t)total.count),
           total.count == 1 ? "program" : "programs", megabytes(owner, total.bytes),
           megabytes(owner, folder->limit));
}

int cmd_cache(int argc, char **argv) {
    static const struct argp_option options[] = {
        {"clear", 'c', NULL, 0, "Remove all that is kept", 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Says what is kept of the programs that were built, and where.\v"
               "What check, probe, explore, inject and replay build of your sources is kept and "
               "taken again while sources, headers, flags, compiler and hazard are the same. "
               "HAZARD_CACHE_SIZE is the bound in megabytes (default 256): what was used longest "
               "ago goes first. With 0 nothing is kept.\n\n"
               "Exit status: 0, or 2 when hazard itself failed.",
    };
    void *owner = new_owner();
    struct cache_command command = {0};
    struct kept_folder folder;
    struct error error;
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    int failed = kept_folder_find(owner, &folder, &error);
    if (failed != 0)
        fprintf(stderr, "hazard: %s\n", error.text);
    else if (folder.path == NULL)
        puts("nothing is kept: neither XDG_CACHE_HOME nor HOME names a folder");
    else if (command.clear)
        kept_folder_trim(&folder, 0);
    if (failed == 0 && folder.path != NULL)
        print_total(owner, &folder);
    talloc_free(owner);
    return failed == 0 ? EXIT_CLEAN : EXIT_TROUBLE;
}
