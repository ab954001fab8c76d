/* SPDX-License-Identifier: MIT */
/*
 * Up to date means: newer than the sources, the headers beside the suite, and hazard itself (which
 * has the flags). Two workers may want the same program at once: a lock file makes the second wait
 * for the first.
 */
#include "hazard/build.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/tool.h"

static bool newer(const struct stat *output, const char *input) {
    struct stat info;
    if (stat(input, &info) != 0)
        return false;
    return output->st_mtim.tv_sec > info.st_mtim.tv_sec ||
           (output->st_mtim.tv_sec == info.st_mtim.tv_sec &&
            output->st_mtim.tv_nsec > info.st_mtim.tv_nsec);
}

/* The headers that suite programs share lie in ../include. */
static bool newer_than_headers(void *owner, const struct stat *output, const char *source) {
    char *folder = talloc_strndup(owner, source, (size_t)(strrchr(source, '/') - source));
    char *pattern = talloc_asprintf(owner, "%s/../include/*.h", folder);
    glob_t headers;
    bool result = true;
    if (glob(pattern, 0, NULL, &headers) == 0) {
        for (size_t i = 0; i < headers.gl_pathc; i++)
            result = result && newer(output, headers.gl_pathv[i]);
        globfree(&headers);
    }
    return result;
}

static bool up_to_date(void *owner, const char *output, const struct sources *sources) {
    struct stat info;
    if (stat(output, &info) != 0 || !newer(&info, "/proc/self/exe"))
        return false;
    for (size_t i = 0; i < sources->count; i++)
        if (!newer(&info, sources->paths[i]) ||
            !newer_than_headers(owner, &info, sources->paths[i]))
            return false;
    return true;
}

static bool is_there(const char *command) {
    char *words = tool_ask(NULL, command, "--version");
    talloc_free(words);
    return words != NULL;
}

static int compile(void *owner, const struct flavour *flavour, const struct sources *sources,
                   const char *output, const char **words, struct error *error) {
    char *temporary = talloc_asprintf(owner, "%s.new", output);
    const char **argv = new_array(owner, const char *, sources->count + 32);
    size_t count = 0;
    argv[count++] = flavour->compiler;
    for (const char *const *flag = flavour->flags; *flag != NULL && count < 28; flag++)
        argv[count++] = *flag;
    for (size_t i = 0; i < sources->count; i++)
        argv[count++] = sources->paths[i];
    argv[count++] = "-o";
    argv[count++] = temporary;

    struct run_spec spec = {.argv = argv, .limits = run_default_limits};
    spec.limits.seconds = 120;
    struct run_outcome outcome;
    if (run_program(owner, &spec, &outcome, error) != 0)
        return is_there(flavour->compiler) ? -1
                                           : fail(error, "%s is missing: apt-get install %s",
                                                  flavour->compiler, flavour->package);
    if (outcome.end == RUN_EXITED && outcome.status == 0 && rename(temporary, output) == 0)
        return 0;
    int rename_error = errno;
    unlink(temporary);
    if (outcome.end == RUN_EXITED && outcome.status == 0)
        return fail(error, "cannot write %s: %s", output, strerror(rename_error));
    *words = outcome.errors;
    return fail(error, "%s does not compile with %s (%s)", sources->paths[0], flavour->compiler,
                run_describe(owner, &outcome));
}

int build_program(void *owner, const struct flavour *flavour, const struct sources *sources,
                  const char *output, const char **words, struct error *error) {
    *words = NULL;
    char *folder = talloc_strndup(owner, output, (size_t)(strrchr(output, '/') - output));
    if (folder_make(folder, error) != 0)
        return -1;
    char *lock_path = talloc_asprintf(owner, "%s.lock", output);
    int lock = open(lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (lock < 0)
        return fail(error, "cannot write in %s: %s", folder, strerror(errno));
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR && !run_interrupted())
        ;
    int result = up_to_date(owner, output, sources)
                     ? 0
                     : compile(owner, flavour, sources, output, words, error);
    close(lock);
    return result;
}
