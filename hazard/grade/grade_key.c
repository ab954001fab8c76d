/* SPDX-License-Identifier: MIT */
#include "hazard/grade/grade_key.h"

#include <gnu/libc-version.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hazard/grade/digest.h"
#include "hazard/grade/handin.h"
#include "hazard/root.h"

/* ---- The assignment, and what grades --------------------------------------------------------- */

static int add_below(struct digest *digest, const char *folder, const char *const *names,
                     struct error *error) {
    int result = 0;
    digest_add_list(digest, names);
    for (; result == 0 && *names != NULL; names++)
        result = digest_add_file(
            digest, never_null(talloc_asprintf(digest, "%s/%s", folder, *names)), error);
    return result;
}

static int add_inputs(struct digest *digest, const struct assignment *assignment,
                      struct error *error) {
    int result = 0;
    for (size_t i = 0; i < assignment->check_count; i++) {
        const struct check *check = &assignment->checks[i];
        const char *const files[] = {check->stdin_file, check->dialogue, check->output};
        for (size_t j = 0; result == 0 && j < sizeof files / sizeof *files; j++)
            if (files[j] != NULL)
                result = digest_add_file(digest, files[j], error);
    }
    return result;
}

static int add_assignment(struct digest *digest, const struct assignment *assignment,
                          struct error *error) {
    digest_add(digest, assignment->name);
    return digest_add_file(digest, assignment->source, error) != 0 ||
                   add_below(digest, assignment->folder, assignment->given, error) != 0 ||
                   add_below(digest, assignment->folder, assignment->driver, error) != 0
               ? -1
               : add_inputs(digest, assignment, error);
}

static void add_tools(struct digest *digest) {
    static const char *const tools[] = {"gcc", "clang", "valgrind"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        const char *version = tool_ask(digest, tools[i], "--version");
        digest_add(digest, version != NULL ? version : "");
    }
    digest_add(digest, gnu_get_libc_version());
}

const char *grade_key_base(void *owner, const struct assignment *assignment,
                           const struct sandbox *sandbox, struct error *error) {
    struct digest *digest = digest_new(owner);
    const char *runtime = root_data(digest, "explore/runtime.o", error);
    if (runtime == NULL || digest_add_file(digest, runtime, error) != 0 ||
        digest_add_file(digest, "/proc/self/exe", error) != 0 ||
        add_assignment(digest, assignment, error) != 0)
        return NULL;
    add_tools(digest);
    digest_add(digest, sandbox->tier == SANDBOX_NONE ? "" : sandbox_words(digest, sandbox));
    return digest_end(owner, digest);
}

/* ---- The hand-in ------------------------------------------------------------------------------ */

/* What is wrong with it is said in the same words for the same files. */
static int add_handin(struct digest *digest, const struct assignment *assignment,
                      const struct handin *handin, const char *folder, struct error *error) {
    int result = 0;
    if (handin->refusal != NULL) {
        digest_add(digest, handin->refusal);
        return 0;
    }
    for (size_t i = 0; result == 0 && i < assignment->file_count; i++) {
        const char *path =
            never_null(talloc_asprintf(digest, "%s/%s", folder, assignment->files[i].name));
        if (access(path, F_OK) != 0)
            continue;
        digest_add(digest, assignment->files[i].name);
        result = digest_add_file(digest, path, error);
    }
    return result;
}

const char *grade_key(void *owner, const char *base, const struct assignment *assignment,
                      const char *handin, struct error *error) {
    struct digest *digest = digest_new(owner);
    struct handin taken;
    const char *folder = root_scratch(digest, error);
    if (folder == NULL)
        return NULL;
    digest_add(digest, base);
    int result = handin_take(digest, assignment, handin, folder, &taken, error);
    if (result == 0)
        result = add_handin(digest, assignment, &taken, folder, error);
    folder_remove(folder);
    return result == 0 ? digest_end(owner, digest) : NULL;
}
