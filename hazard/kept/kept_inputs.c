/* SPDX-License-Identifier: MIT */
/*
 * A line for each file: its kind, a hash, its path. The last line, of kind 's', is for files that
 * are not there: a new header shadows another if it lies in a folder that is searched earlier, and
 * so does a new library. So the hash is of those that are there, among all that could be meant in
 * such folders.
 */
#include "hazard/kept/kept_inputs.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/cc/recipe.h"
#include "hazard/kept/kept_hash.h"

struct kept_input {
    enum kept_kind kind;
    const char *path;
};

struct kept_inputs {
    struct kept_input *items;
    size_t count;
};

enum { SHADOWS = 's', DIGITS = sizeof(struct kept_hash) - 1 };

struct kept_inputs *kept_inputs_new(void *owner) {
    return new_array(owner, struct kept_inputs, 1);
}

void kept_inputs_add(struct kept_inputs *inputs, enum kept_kind kind, const char *path) {
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->items[i].kind == kind && strcmp(inputs->items[i].path, path) == 0)
            return;
    inputs->items = grow_array(inputs, inputs->items, struct kept_input, inputs->count + 1);
    inputs->items[inputs->count++] =
        (struct kept_input){kind, never_null(talloc_strdup(inputs, path))};
}

/* ---- Rules --------------------------------------------------------------------------- */

static bool is_fold(const char *at) {
    return at[0] == '\\' && at[1] == '\n';
}

/* The next word of a rule, which goes on over folded lines. False at its end. */
static bool read_word(const char **at, char *word) {
    const char *from = *at;
    char *to = word;
    while (*from == ' ' || *from == '\t' || is_fold(from))
        from += is_fold(from) ? 2 : 1;
    while (*from != '\0' && !isspace((unsigned char)*from) && !is_fold(from)) {
        from += (from[0] == '\\' && (from[1] == ' ' || from[1] == '#')) ||
                (from[0] == '$' && from[1] == '$');
        *to++ = *from++;
    }
    *to = '\0';
    *at = from;
    return to != word;
}

bool kept_inputs_add_rule(struct kept_inputs *inputs, enum kept_kind kind, const char *makefile,
                          const char *but, const char *folder) {
    struct error error;
    char *text = file_read(inputs, makefile, &error);
    const char *at = text != NULL ? strstr(text, ": ") : NULL;
    if (at == NULL)
        return false;
    char *word = new_array(text, char, strlen(text) + 1);
    for (at++; read_word(&at, word);)
        if (strncmp(word, but, strlen(but)) != 0)
            kept_inputs_add(inputs, kind, recipe_path(text, folder, word));
    talloc_free(text);
    return true;
}

/* ---- One file ------------------------------------------------------------------------ */

/* Where execvp finds it, below `owner`; NULL: nowhere. */
static const char *find_program(void *owner, const char *name) {
    const char *path = getenv("PATH");
    if (strchr(name, '/') != NULL)
        return name;
    for (const char *at = path != NULL ? path : "/bin:/usr/bin", *end;; at = end + 1) {
        end = strchrnul(at, ':');
        char *candidate = end == at ? talloc_asprintf(owner, "./%s", name)
                                    : talloc_asprintf(owner, "%.*s/%s", (int)(end - at), at, name);
        struct stat info;
        if (access(candidate, X_OK) == 0 && stat(candidate, &info) == 0 && S_ISREG(info.st_mode))
            return candidate;
        if (*end == '\0')
            return NULL;
    }
}

/* What changes with every change to the file. The device is left out: its number may be another
 * after the machine was started again. */
static struct kept_hash hash_identity(void *owner, const char *path, const struct stat *info) {
    const char *text = never_null(talloc_asprintf(
        owner, "%ju %jd %jd.%09ld %jd.%09ld %s", (uintmax_t)info->st_ino, (intmax_t)info->st_size,
        (intmax_t)info->st_mtim.tv_sec, info->st_mtim.tv_nsec, (intmax_t)info->st_ctim.tv_sec,
        info->st_ctim.tv_nsec, path));
    return kept_hash_of(text, strlen(text));
}

static bool is_searched(enum kept_kind kind) {
    return kind == KEPT_HEADERS || kind == KEPT_LIBRARIES;
}

/* False if it cannot be read. */
static bool hash_file(void *owner, enum kept_kind kind, const char *path, struct kept_hash *hash,
                      struct timespec *changed) {
    struct stat info;
    struct error error;
    if (is_searched(kind)) { /* what is in it is seen otherwise: hash_shadows */
        *hash = kept_hash_of(path, strlen(path));
        *changed = (struct timespec){0};
        return true;
    }
    if (kind == KEPT_PROGRAM)
        path = find_program(owner, path);
    if (path == NULL || stat(path, &info) != 0)
        return false;
    *changed = info.st_ctim;
    if (kind != KEPT_TEXT) {
        *hash = hash_identity(owner, path, &info);
        return true;
    }
    const char *text = file_read(owner, path, &error);
    if (text == NULL)
        return false;
    *hash = kept_hash_of(text, talloc_get_size(text) - 1);
    return true;
}

static bool is_before(const struct timespec *one, const struct timespec *other) {
    return one->tv_sec < other->tv_sec ||
           (one->tv_sec == other->tv_sec && one->tv_nsec < other->tv_nsec);
}

static bool is_of_system(const char *path) {
    return strncmp(path, "/usr/", 5) == 0;
}

/* Does it ask for the time, or for files that no compiler names? (Headers of the system ask which
 * headers the system has, and that is found by the others.) */
static bool asks_for_more(void *owner, const char *path) {
    static const char *const words[] = {"__DATE__", "__TIME__",      "__TIMESTAMP__",
                                        "incbin",   "__has_include", "__has_embed"};
    struct error error;
    const char *text = is_of_system(path) ? NULL : file_read(owner, path, &error);
    for (size_t i = 0; text != NULL && i < sizeof words / sizeof *words; i++)
        if (memmem(text, talloc_get_size(text), words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

/* ---- Headers that are not there ------------------------------------------------------ */

/* Folders that the compiler may search before others. */
struct shadow_folders {
    void *owner;
    const char **paths;
    size_t count;
};

static void add_folder(struct shadow_folders *folders, const char *path, size_t length) {
    for (size_t i = 0; i < folders->count; i++)
        if (strlen(folders->paths[i]) == length && memcmp(folders->paths[i], path, length) == 0)
            return;
    folders->paths = grow_array(folders->owner, folders->paths, const char *, folders->count + 1);
    folders->paths[folders->count++] = never_null(talloc_strndup(folders->owner, path, length));
}

static void add_folders_of(struct shadow_folders *folders, const char *variable) {
    const char *list = getenv(variable);
    for (const char *end; list != NULL; list = *end == ':' ? end + 1 : NULL) {
        end = strchrnul(list, ':');
        add_folder(folders, end == list ? "." : list, end == list ? 1 : (size_t)(end - list));
    }
}

/* The user's folders, the compiler's own headers, and what is there before the system's. */
static void find_folders(const struct kept_inputs *inputs, struct shadow_folders *folders) {
    static const char local[] = "/usr/local/include";
    add_folder(folders, local, strlen(local));
    add_folders_of(folders, "CPATH");
    add_folders_of(folders, "C_INCLUDE_PATH");
    for (size_t i = 0; i < inputs->count; i++) {
        const char *path = inputs->items[i].path, *slash = strrchr(path, '/');
        bool of_compiler = strncmp(path, "/usr/lib/", 9) == 0;
        if (inputs->items[i].kind == KEPT_TEXT && (!is_of_system(path) || of_compiler))
            add_folder(folders, slash != NULL ? path : ".",
                       slash != NULL ? (size_t)(slash - path) : 1);
        else if (inputs->items[i].kind == KEPT_HEADERS)
            add_folder(folders, path, strlen(path));
    }
}

/* "pthread.h" and "bits/types.h", as an #include may name the file. */
static const char *tail(const char *path, int components) {
    const char *at = path + strlen(path);
    while (at > path && components > 0)
        components -= *--at == '/';
    return components == 0 ? at + 1 : NULL;
}

/* Adds "FOLDER/NAMEENDING" to the text if there is such a file. */
static char *add_if_there(char *found, const char *folder, const char *name, size_t length,
                          const char *ending) {
    char candidate[4096];
    snprintf(candidate, sizeof candidate, "%s/%.*s%s", folder, (int)length, name, ending);
    return access(candidate, F_OK) == 0
               ? never_null(talloc_asprintf_append_buffer(found, "%s\n", candidate))
               : found;
}

static char *add_headers(char *found, const struct kept_input *input,
                         const struct shadow_folders *folders) {
    enum { COMPONENTS = 3 };
    for (int components = 1; components <= COMPONENTS; components++) {
        const char *name = input->kind == KEPT_TEXT ? tail(input->path, components) : NULL;
        for (size_t i = 0; name != NULL && i < folders->count; i++)
            found = add_if_there(found, folders->paths[i], name, strlen(name), "");
    }
    return found;
}

/* "libm.so" and "libm.a" for a libm.so.6 that was linked, in each folder that is searched. */
static char *add_libraries(char *found, const struct kept_input *input,
                           const struct kept_inputs *inputs) {
    const char *name = input->kind == KEPT_FILE ? tail(input->path, 1) : NULL;
    if (name == NULL || strncmp(name, "lib", 3) != 0)
        return found;
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < inputs->count; i++) {
        if (inputs->items[i].kind != KEPT_LIBRARIES)
            continue;
        found = add_if_there(found, inputs->items[i].path, name, length, ".so");
        found = add_if_there(found, inputs->items[i].path, name, length, ".a");
    }
    return found;
}

static struct kept_hash hash_shadows(void *owner, const struct kept_inputs *inputs) {
    struct shadow_folders folders = {.owner = owner};
    char *found = never_null(talloc_strdup(owner, ""));
    find_folders(inputs, &folders);
    for (size_t i = 0; i < inputs->count; i++) {
        found = add_headers(found, &inputs->items[i], &folders);
        found = add_libraries(found, &inputs->items[i], inputs);
    }
    return kept_hash_of(found, strlen(found));
}

/* ---- All of them --------------------------------------------------------------------- */

const char *kept_inputs_text(void *owner, const struct kept_inputs *inputs,
                             const struct timespec *started) {
    char *text = never_null(talloc_strdup(owner, ""));
    struct kept_hash hash;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct kept_input *input = &inputs->items[i];
        struct timespec changed;
        if (strchr(input->path, '\n') != NULL ||
            !hash_file(text, input->kind, input->path, &hash, &changed) ||
            !is_before(&changed, started) ||
            (input->kind == KEPT_TEXT && asks_for_more(text, input->path)))
            return NULL;
        text = never_null(talloc_asprintf_append_buffer(text, "%c%s %s\n", (char)input->kind,
                                                        hash.digits, input->path));
    }
    hash = hash_shadows(text, inputs);
    return never_null(talloc_asprintf_append_buffer(text, "%c%s \n", SHADOWS, hash.digits));
}

/* A line without its end: is it as it was? */
static bool is_same(void *scratch, const char *line, struct kept_inputs *inputs) {
    struct kept_hash hash;
    struct timespec changed;
    if (strlen(line) < 1 + DIGITS + 1)
        return false;
    const char *path = line + 1 + DIGITS + 1;
    if (*line == SHADOWS) {
        hash = hash_shadows(scratch, inputs);
    } else {
        enum kept_kind kind = (enum kept_kind) * line;
        kept_inputs_add(inputs, kind, path);
        if (!hash_file(scratch, kind, path, &hash, &changed))
            return false;
    }
    return memcmp(hash.digits, line + 1, DIGITS) == 0;
}

bool kept_inputs_same(const char *text) {
    void *scratch = new_owner();
    struct kept_inputs *inputs = kept_inputs_new(scratch);
    char *copy = never_null(talloc_strdup(scratch, text));
    bool same = true, complete = false;
    for (char *line = copy, *end; same && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        complete = *line == SHADOWS;
        same = is_same(scratch, line, inputs);
    }
    talloc_free(scratch);
    return same && complete;
}
