/* SPDX-License-Identifier: MIT */
#include "hazard/grade/adapter/adapter.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "base/whole.h"
#include "hazard/grade/adapter/adapter_words.h"
#include "hazard/grade/format/grade_format.h"
#include "hazard/nearest.h"

const struct adapter adapters[] = {
    {"autolab", "Autolab", "autolab", "autograde/"},
    {"check50", "check50", "json", ""},
    {"classroom50", "Classroom 50", "classroom50", ""},
    {"codegrade", "CodeGrade", "codegrade", ""},
    {"dodona", "Dodona", "dodona", "exercise/evaluation/"},
    {"github", "GitHub Actions", "json", ".github/hazard/"},
    {"gradescope", "Gradescope", "gradescope", ""},
    {"prairielearn", "PrairieLearn", "prairielearn", "tests/"},
    {"submitty", "Submitty", "submitty", "custom_validation_code/"},
};
const size_t adapter_count = sizeof adapters / sizeof *adapters;

static const char *name_at(const void *words, size_t index) {
    return ((const struct adapter *)words)[index].name;
}

const struct adapter *adapter_find(const char *name, struct error *error) {
    for (size_t i = 0; i < adapter_count; i++)
        if (strcmp(adapters[i].name, name) == 0)
            return &adapters[i];
    void *scratch = new_owner();
    fail(error, "%s", nearest_hint(scratch, "adapter", name, name_at, adapters, adapter_count));
    talloc_free(scratch);
    return NULL;
}

/* ---- What is to be written ------------------------------------------------------------------- */

struct adapter_file {
    const char *path; /* below the folder */
    const char *bytes;
    size_t size;
    mode_t mode;
};

struct writing {
    void *owner;
    const struct adapter *adapter;
    const struct assignment *assignment;
    bool ready; /* a hazard of the suite: hazard brings it along */
    const char *folder;
    struct adapter_file *files;
    size_t count;
};

static void add(struct writing *writing, struct adapter_file file) {
    writing->files =
        grow_array(writing->owner, writing->files, struct adapter_file, writing->count + 1);
    writing->files[writing->count++] = file;
}

static bool has(const struct writing *writing, const char *path) {
    for (size_t i = 0; i < writing->count; i++)
        if (strcmp(writing->files[i].path, path) == 0)
            return true;
    return false;
}

/* With a zero byte after the last. */
static char *read_whole(void *owner, const char *from, struct adapter_file *file,
                        struct error *error) {
    struct stat info;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &info) == 0;
    char *bytes = good ? new_array(owner, char, info.st_size + 1) : NULL;
    good = good && (info.st_size == 0 || whole_read(fd, bytes, (size_t)info.st_size));
    int code = errno;
    if (fd >= 0)
        close(fd);
    if (!good) {
        fail(error, "cannot read %s: %s", from, strerror(code));
        return NULL;
    }
    *file = (struct adapter_file){
        .bytes = bytes, .size = (size_t)info.st_size, .mode = info.st_mode & 0777};
    return bytes;
}

static int add_template(struct writing *writing, const char *from, const char *path,
                        struct error *error) {
    struct adapter_file file;
    const char *text = read_whole(writing->owner, from, &file, error);
    if (text == NULL)
        return -1;
    file.path = path;
    file.bytes = adapter_words_put(writing->owner, text, writing->assignment, writing->ready);
    file.size = strlen(file.bytes);
    add(writing, file);
    return 0;
}

static int by_name(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_templates(struct writing *writing, const char *root, struct error *error) {
    char *own = talloc_asprintf(writing->owner, "%s/adapters/%s", root, writing->adapter->name);
    FTS *walk = fts_open((char *[]){never_null(own), NULL}, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    int result = walk != NULL ? 0 : fail(error, "cannot read %s: %s", own, strerror(errno));
    for (FTSENT *at; result == 0 && (at = fts_read(walk)) != NULL;) {
        if (at->fts_info == FTS_F)
            result =
                add_template(writing, at->fts_path,
                             talloc_strdup(writing->owner, at->fts_path + strlen(own) + 1), error);
        else if (at->fts_info != FTS_D && at->fts_info != FTS_DP)
            result = fail(error, "cannot read %s: %s", at->fts_path, strerror(at->fts_errno));
    }
    if (walk != NULL)
        fts_close(walk);
    return result;
}

static int add_common(struct writing *writing, const char *root, struct error *error) {
    void *owner = writing->owner;
    const char *script = talloc_asprintf(owner, "%s/adapters/hazard-grade", root),
               *page =
                   talloc_asprintf(owner, "%s/docs/platforms/%s.md", root, writing->adapter->name),
               *path = talloc_asprintf(owner, "%shazard-grade", writing->adapter->where);
    int result = add_template(writing, script, path, error);
    if (result == 0)
        result = add_template(writing, page, "HOWTO.md", error);
    return result;
}

/* ---- What says that nothing is graded -------------------------------------------------------- */

static struct grade grade_not_graded(void *owner, const struct assignment *assignment) {
    struct mark *marks = new_array(owner, struct mark, assignment->check_count + 1);
    for (size_t i = 0; i < assignment->check_count; i++)
        marks[i] = (struct mark){
            .name = assignment->checks[i].name,
            .title = assignment->checks[i].title,
            .with = assignment_with_name(assignment->checks[i].with),
            .state = MARK_BROKEN,
            .most = assignment->checks[i].points > 0 ? assignment->checks[i].points : 0,
            .hidden = assignment->checks[i].hidden,
            .sentence = "it was not tried",
            .details = "",
            .hint = "",
            .replay = ""};
    return (struct grade){.assignment = assignment->name,
                          .title = assignment->title,
                          .handin = "",
                          .end = GRADE_BROKEN,
                          .reason =
                              "hazard did not come to an end: the log of the platform says why",
                          .details = "",
                          .marks = marks,
                          .count = assignment->check_count,
                          .most = assignment->most,
                          .note = "",
                          .sandbox = "nothing was run"};
}

static int add_not_graded(struct writing *writing, struct error *error) {
    struct grade grade = grade_not_graded(writing->owner, writing->assignment);
    const struct grade_format *format = grade_format_find(writing->adapter->format, error);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        memory_exhausted();
    int result = format != NULL ? format->write(out, &grade, error) : -1;
    if (fclose(out) != 0)
        memory_exhausted();
    add(writing,
        (struct adapter_file){
            .path = talloc_asprintf(writing->owner, "%snot-graded", writing->adapter->where),
            .bytes = never_null(talloc_memdup(writing->owner, text, (unsigned)size + 1)),
            .size = size,
            .mode = 0644});
    free(text);
    return result;
}

/* ---- The assignment -------------------------------------------------------------------------- */

/* A path below the assignment's folder; one that is named twice is written once. */
static int add_own(struct writing *writing, const char *name, struct error *error) {
    struct adapter_file file;
    const char *from = talloc_asprintf(writing->owner, "%s/%s", writing->assignment->folder, name);
    const char *path = never_null(
        talloc_asprintf(writing->owner, "%sassignment/%s", writing->adapter->where, name));
    if (has(writing, path))
        return 0;
    if (read_whole(writing->owner, from, &file, error) == NULL)
        return -1;
    file.path = path;
    add(writing, file);
    return 0;
}

static int add_all(struct writing *writing, const char *const *names, struct error *error) {
    int result = 0;
    for (; result == 0 && names != NULL && *names != NULL; names++)
        result = add_own(writing, *names, error);
    return result;
}

/* Absolute ones; NULL: none. */
static int add_inputs(struct writing *writing, const struct check *check, struct error *error) {
    const char *const inputs[] = {check->stdin_file, check->dialogue, check->output};
    size_t length = strlen(writing->assignment->folder) + 1;
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i] != NULL)
            result = add_own(writing, inputs[i] + length, error);
    return result;
}

static int add_assignment(struct writing *writing, struct error *error) {
    const struct assignment *assignment = writing->assignment;
    int result = add_own(writing, ASSIGNMENT_FILE, error);
    if (result == 0)
        result = add_all(writing, assignment->given, error);
    if (result == 0)
        result = add_all(writing, assignment->driver, error);
    for (size_t i = 0; result == 0 && i < assignment->check_count; i++)
        result = add_inputs(writing, &assignment->checks[i], error);
    return result;
}

/* ---- Written --------------------------------------------------------------------------------- */

static const char *full_path(const struct writing *writing, size_t i) {
    return never_null(
        talloc_asprintf(writing->owner, "%s/%s", writing->folder, writing->files[i].path));
}

/* Work that lies there is not lost. */
static int look_before(const struct writing *writing, struct error *error) {
    struct stat info;
    for (size_t i = 0; i < writing->count; i++)
        if (lstat(full_path(writing, i), &info) == 0)
            return fail(error,
                        "%s is there already: move it away, or name another folder by --output",
                        full_path(writing, i));
    return 0;
}

static int write_one(const char *path, const struct adapter_file *file, struct error *error) {
    char *parent = never_null(talloc_strdup(NULL, path));
    *strrchr(parent, '/') = '\0';
    int result = folder_make(parent, error);
    talloc_free(parent);
    if (result != 0)
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file->mode);
    bool good = fd >= 0 && whole_write(fd, file->bytes, file->size);
    int code = errno;
    if (fd >= 0 && close(fd) != 0)
        good = false;
    return good ? 0 : fail(error, "cannot write %s: %s", path, strerror(code));
}

static int write_all(const struct writing *writing, FILE *out, struct error *error) {
    for (size_t i = 0; i < writing->count; i++) {
        const char *path = full_path(writing, i);
        if (write_one(path, &writing->files[i], error) != 0)
            return -1;
        fprintf(out, "%s\n", path);
    }
    fprintf(out, "%zu files for %s. What to do with them: %s/HOWTO.md\n", writing->count,
            writing->adapter->title, writing->folder);
    return 0;
}

int adapter_write(const struct adapter *adapter, const struct assignment *assignment,
                  const char *root, const char *folder, FILE *out, struct error *error) {
    struct writing writing = {
        .owner = new_owner(), .adapter = adapter, .assignment = assignment, .folder = folder};
    const char *own = talloc_asprintf(writing.owner, "%s/" ASSIGNMENT_FILE, assignment->folder);
    writing.ready = access(own, F_OK) != 0;
    int result = add_templates(&writing, root, error);
    if (result == 0)
        result = add_common(&writing, root, error);
    if (result == 0)
        result = add_not_graded(&writing, error);
    if (result == 0 && !writing.ready)
        result = add_assignment(&writing, error);
    if (result == 0)
        result = look_before(&writing, error);
    if (result == 0)
        result = write_all(&writing, out, error);
    talloc_free(writing.owner);
    return result;
}
