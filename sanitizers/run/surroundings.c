/* SPDX-License-Identifier: MIT */
#include "run/surroundings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int surroundings_enter(const struct surroundings *surroundings) {
    const char *input = surroundings->input != NULL ? surroundings->input : "/dev/null";
    int fd = open(input, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
        return -1;
    return surroundings->folder == NULL ? 0 : chdir(surroundings->folder);
}

int surroundings_name_length(const char *variable) {
    return (int)strcspn(variable, "=");
}

void surroundings_set(const char *const *environment) {
    for (const char *const *one = environment; one != NULL && *one != NULL; one++) {
        char name[256];
        int length = surroundings_name_length(*one);
        snprintf(name, sizeof name, "%.*s", length, *one);
        setenv(name, *one + length + 1, 1);
    }
}
