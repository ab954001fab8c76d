/* SPDX-License-Identifier: MIT */
#include "hazard/cc/cc_tools.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/kept/kept_folder.h"
#include "hazard/kept/kept_hash.h"

/* ---- Names ----------------------------------------------------------------------------------- */

/* "gcc" of "x86_64-linux-gnu-gcc-12". */
static const char *stem_of(const char *name, size_t *length) {
    static const char *const machines[] = {"x86_64-linux-gnu-", "x86_64-pc-linux-gnu-"};
    const char *slash = strrchr(name, '/');
    name = slash != NULL ? slash + 1 : name;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (strncmp(name, machines[i], strlen(machines[i])) == 0)
            name += strlen(machines[i]);
    *length = strlen(name);
    while (*length > 0 && (isdigit((unsigned char)name[*length - 1]) || name[*length - 1] == '.'))
        --*length;
    *length = *length > 1 && name[*length] != '\0' && name[*length - 1] == '-' ? *length - 1
                                                                               : strlen(name);
    return name;
}

enum cc_tool cc_tool_of(const char *name) {
    static const struct tool_row {
        const char *name;
        enum cc_tool tool;
    } rows[] = {{"cc", CC_C_COMPILER},    {"gcc", CC_C_COMPILER},      {"clang", CC_C_COMPILER},
                {"c99", CC_C_COMPILER},   {"c89", CC_C_COMPILER},      {"c++", CC_CXX_COMPILER},
                {"g++", CC_CXX_COMPILER}, {"clang++", CC_CXX_COMPILER}};
    size_t length;
    const char *stem = stem_of(name, &length);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == length && strncmp(stem, rows[i].name, length) == 0)
            return rows[i].tool;
    return CC_NO_TOOL;
}

/* ---- The folder ------------------------------------------------------------------------------ */

/* Ourselves; NULL if that is not known. */
static const char *own_path(void *owner) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    return length > 0 ? never_null(talloc_strndup(owner, path, (size_t)length)) : NULL;
}

static void link_if_missing(const char *to, const char *folder, const char *name) {
    char *path = never_null(talloc_asprintf(NULL, "%s/%s", folder, name));
    struct stat info;
    if (lstat(path, &info) != 0)
        (void)symlink(to, path); /* another may have been faster */
    talloc_free(path);
}

/* A link for each compiler in a folder of $PATH. */
static void link_all(const char *to, const char *folder, const char *from) {
    DIR *open_folder = opendir(from);
    for (struct dirent *entry; open_folder != NULL && (entry = readdir(open_folder)) != NULL;)
        if (cc_tool_of(entry->d_name) != CC_NO_TOOL)
            link_if_missing(to, folder, entry->d_name);
    if (open_folder != NULL)
        closedir(open_folder);
}

const char *cc_tools_folder(void *owner, struct error *error) {
    const char *self = own_path(owner), *path = getenv("PATH");
    struct kept_folder folder;
    if (self == NULL) {
        fail(error, "cannot read /proc/self/exe: %s", strerror(errno));
        return NULL;
    }
    if (kept_folder_find(owner, &folder, error) != 0)
        return NULL;
    folder.limit = 1;
    if (folder.path != NULL) /* beside what is kept: another hazard has another */
        folder.path = never_null(talloc_asprintf(owner, "%s/../compilers/%s", folder.path,
                                                 kept_hash_of(self, strlen(self)).digits));
    if (!kept_folder_make(&folder)) {
        fail(error, "cannot make a folder for the compilers' names below %s: set XDG_CACHE_HOME",
             folder.path != NULL ? folder.path : "$HOME");
        return NULL;
    }
    char *rest = talloc_strdup(owner, path != NULL ? path : "/usr/bin:/bin");
    for (char *from; (from = strsep(&rest, ":")) != NULL;)
        link_all(self, folder.path, *from != '\0' ? from : ".");
    return folder.path;
}

/* ---- $PATH ----------------------------------------------------------------------------------- */

/* Is there a compiler that is hazard? */
static bool is_ours(const char *folder, const char *self) {
    static const char *const names[] = {"gcc", "cc", "clang"};
    bool ours = false;
    for (size_t i = 0; !ours && i < sizeof names / sizeof *names; i++) {
        char *path = never_null(talloc_asprintf(NULL, "%s/%s", folder, names[i]));
        char *real = realpath(path, NULL);
        ours = real != NULL && strcmp(real, self) == 0;
        free(real);
        talloc_free(path);
    }
    return ours;
}

void cc_tools_leave(void) {
    void *owner = new_owner();
    const char *self = own_path(owner), *path = getenv("PATH");
    char *left = never_null(talloc_strdup(owner, "")), *rest = talloc_strdup(owner, path);
    for (char *folder; path != NULL && self != NULL && (folder = strsep(&rest, ":")) != NULL;)
        if (!is_ours(*folder != '\0' ? folder : ".", self))
            left =
                never_null(talloc_asprintf_append(left, "%s%s", *left != '\0' ? ":" : "", folder));
    if (path != NULL && self != NULL)
        setenv("PATH", left, 1);
    talloc_free(owner);
}

/* ---- Notes ----------------------------------------------------------------------------------- */

/* cmake and configure try compilers before they build anything. */
static bool is_trial(const char *about) {
    char folder[PATH_MAX];
    return strstr(about, "conftest") != NULL ||
           (getcwd(folder, sizeof folder) != NULL && strstr(folder, "/CMakeFiles/") != NULL);
}

/* By one write at the end of the file: several compilers are at work at once. */
void cc_tools_note(const char *what, const char *about) {
    const char *path = getenv(CC_TOOLS_NOTES);
    int fd = path != NULL && !is_trial(about) ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    char *line = never_null(talloc_asprintf(NULL, "%s %s\n", what, about));
    ssize_t written = write(fd, line, strlen(line));
    (void)written; /* a note that is lost is not told */
    talloc_free(line);
    close(fd);
}
