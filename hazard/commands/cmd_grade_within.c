/* SPDX-License-Identifier: MIT */
/*
 * `hazard grade --within=FOLDER COMMAND...`: what `hazard grade` runs in its sandbox, a command of hazard's that keeps the
 * programs it runs off itself. They may write in FOLDER alone, and what lies in FOLDER/../given, the teacher's, is not shown.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hazard/commands/commands.h"
#include "hazard/render/shown.h"
#include "sandbox/fence.h"

#define WITHIN "--within="

int cmd_grade_within(int argc, char **argv) {
    static char own[PATH_MAX], builds[PATH_MAX], concealed[PATH_MAX];
    char given[PATH_MAX + sizeof "/../given"];
    const char *temporary = getenv("TMPDIR");
    struct error error;
    if (argc < 3 || realpath(argv[1] + strlen(WITHIN), own) == NULL ||
        realpath(temporary != NULL ? temporary : "/tmp", builds) == NULL) {
        fputs("hazard: grade --within: a folder and a command\n", stderr);
        return EXIT_TROUBLE;
    }
    if (fence_raise(builds, own, &error) != 0) {
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    snprintf(given, sizeof given, "%s/../given", own);
    if (realpath(given, concealed) != NULL)
        shown_conceal(concealed);
    argv[1] = argv[0];
    return commands_run(argc - 1, argv + 1);
}
