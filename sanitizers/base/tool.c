/* SPDX-License-Identifier: MIT */
#include "base/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* Everything that can be read from `fd`, which is closed. */
static char *read_all(void *owner, int fd) {
    char *text = never_null(talloc_strdup(owner, ""));
    char block[4096];
    for (;;) {
        ssize_t length = read(fd, block, sizeof block);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            break;
        text = never_null(talloc_strndup_append(text, block, (size_t)length));
    }
    close(fd);
    return text;
}

char *tool_ask(void *owner, const char *command, const char *argument) {
    extern char **environ;
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return NULL;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    char *name = talloc_strdup(NULL, command), *word = talloc_strdup(name, argument);
    pid_t pid;
    int failed = posix_spawnp(&pid, command, &actions, NULL, (char *[]){name, word, NULL}, environ);
    posix_spawn_file_actions_destroy(&actions);
    talloc_free(name);
    close(fds[1]);
    char *text = read_all(owner, fds[0]);
    int status = 1;
    if (failed || waitpid(pid, &status, 0) != pid || status != 0) {
        talloc_free(text);
        return NULL;
    }
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    return text;
}

int tool_read_version(const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        int major, minor;
        bool starts = at == text || at[-1] == ' ' || at[-1] == '-'; /* "valgrind-3.19.0" */
        if (starts && sscanf(at, "%d.%d", &major, &minor) == 2)
            return major * 100 + minor;
    }
    return 0;
}

int tool_version(const char *command) {
    char *words = tool_ask(NULL, command, "--version");
    int version = words != NULL ? tool_read_version(words) : 0;
    talloc_free(words);
    return version;
}

int tool_check(const struct tool *tool, struct error *error) {
    char *words = tool_ask(NULL, tool->command, "--version");
    if (words == NULL)
        return fail(error, "%s is missing: apt-get install %s", tool->command, tool->package);
    int version = tool_read_version(words);
    talloc_free(words);
    bool known = version >= tool->oldest && version <= tool->newest;
    if (known || getenv("HAZARD_ANY_VERSION") != NULL)
        return 0;
    fail(error,
         "%s is %d.%d, too %s for hazard, which was tested with %d.%d to %d.%d: its reports "
         "may be misread "
         "(HAZARD_ANY_VERSION=1 takes that risk)",
         tool->command, version / 100, version % 100, version < tool->oldest ? "old" : "new",
         tool->oldest / 100, tool->oldest % 100, tool->newest / 100, tool->newest % 100);
    return TOOL_UNKNOWN;
}
