/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The model only grows: every array is a talloc array below the owner that is handed in, and
 * nothing is removed.
 *
 * Whose code is a frame? File names come from debug information, as the compiler was told them:
 * absolute, with "." and ".." left in ("/x/buggy/../include/subject.h"), or relative when a tool
 * does not know the folder. So names are compared component by component after folding those away,
 * and never by asking the file system: a report may be read where the program no longer lies. A
 * relative name is taken for a source when a source's path ends in it.
 */
#include "report/report.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static const char *const kind_names[KIND_COUNT] = {
    [KIND_DATA_RACE] = "data-race",
    [KIND_ATOMICITY] = "atomicity",
    [KIND_ORDER_VIOLATION] = "order-violation",
    [KIND_DEADLOCK] = "deadlock",
    [KIND_LOCK_ORDER] = "lock-order",
    [KIND_LIVELOCK] = "livelock",
    [KIND_STARVATION] = "starvation",
    [KIND_SIGNAL_UNSAFE_CALL] = "signal-unsafe-call",
    [KIND_SIGNAL_RACE] = "signal-race",
    [KIND_LOST_WAKEUP] = "lost-wakeup",
    [KIND_THREAD_LEAK] = "thread-leak",
    [KIND_MEMORY_LEAK] = "memory-leak",
    [KIND_USE_AFTER_FREE] = "use-after-free",
    [KIND_HEAP_OVERFLOW] = "heap-overflow",
    [KIND_API_MISUSE] = "api-misuse",
    [KIND_BLOCKED_CLIENT] = "blocked-client",
    [KIND_ZOMBIE] = "zombie",
    [KIND_DESCRIPTOR_LEAK] = "descriptor-leak",
    [KIND_CRASH] = "crash",
    [KIND_ASSERTION] = "assertion",
    [KIND_EXIT] = "exit",
};

static const char *const kind_titles[KIND_COUNT] = {
    [KIND_DATA_RACE] = "Two threads use the same memory, one writes, and nothing orders them.",
    [KIND_ATOMICITY] = "Steps that belong together can be split by another thread.",
    [KIND_ORDER_VIOLATION] = "Something is used before the step that makes it ready.",
    [KIND_DEADLOCK] = "Threads or processes wait for each other, and none can ever go on.",
    [KIND_LOCK_ORDER] = "Locks are taken in contradicting orders: a deadlock in waiting.",
    [KIND_LIVELOCK] = "Threads keep giving way to each other, and none makes progress.",
    [KIND_STARVATION] = "One thread can be passed over without bound while others go on.",
    [KIND_SIGNAL_UNSAFE_CALL] = "A signal handler calls what is not async-signal-safe.",
    [KIND_SIGNAL_RACE] = "A signal handler and the code it interrupts use the same data.",
    [KIND_LOST_WAKEUP] = "A signal or wake-up comes before its receiver waits, and is gone.",
    [KIND_THREAD_LEAK] = "A thread is neither joined nor detached, so its memory is kept.",
    [KIND_MEMORY_LEAK] = "Memory is taken again and again and never given back.",
    [KIND_USE_AFTER_FREE] = "Memory is used after it was freed.",
    [KIND_HEAP_OVERFLOW] = "Memory is used beyond the end of the block that was allocated.",
    [KIND_API_MISUSE] = "A synchronisation function is called against its contract.",
    [KIND_BLOCKED_CLIENT] = "A client has to wait for another client that does nothing.",
    [KIND_ZOMBIE] = "Children end and nobody waits for them: they stay in the process table.",
    [KIND_DESCRIPTOR_LEAK] = "Descriptors are opened again and again and never closed.",
    [KIND_CRASH] = "The program was killed by a signal that it did not expect.",
    [KIND_ASSERTION] = "A condition that the program itself checks did not hold.",
    [KIND_EXIT] = "The program ended with an exit code that says it failed.",
};

static const char *const verdicts[VERDICT_COUNT] = {
    [VERDICT_FOUND] = "found",     [VERDICT_OTHER] = "other",
    [VERDICT_SILENT] = "silent",   [VERDICT_HUNG] = "hung",
    [VERDICT_CHANGED] = "changed", [VERDICT_PROVED] = "proved",
    [VERDICT_BOUNDED] = "bounded", [VERDICT_UNSUPPORTED] = "unsupported",
};

const char *kind_name(enum kind kind) {
    return kind_names[kind];
}

const char *kind_title(enum kind kind) {
    return kind_titles[kind];
}

const char *verdict_name(enum verdict verdict) {
    return verdicts[verdict];
}

int kind_from_name(const char *name) {
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0)
            return kind;
    return -1;
}

int verdict_from_name(const char *name) {
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (strcmp(verdicts[verdict], name) == 0)
            return verdict;
    return -1;
}

void findings_add(void *owner, struct findings *all, struct finding one) {
    all->items = grow_array(owner, all->items, struct finding, all->count + 1);
    all->items[all->count++] = one;
}

void finding_add_location(void *owner, struct finding *finding, struct location one) {
    finding->locations =
        grow_array(owner, finding->locations, struct location, finding->location_count + 1);
    finding->locations[finding->location_count++] = one;
}

void location_add_frame(void *owner, struct location *location, struct frame one) {
    location->frames = grow_array(owner, location->frames, struct frame, location->frame_count + 1);
    location->frames[location->frame_count++] = one;
}

struct tidy {
    char path[PATH_MAX];
    size_t length;
};

static void drop_last(struct tidy *tidy) {
    while (tidy->length > 0 && tidy->path[--tidy->length] != '/')
        ;
    tidy->path[tidy->length] = '\0';
}

/* "/a/./b/../c" becomes "/a/c", and "x/c" becomes "/x/c": with a leading slash, suffixes end at a
 * border. */
static void tidy_path(struct tidy *tidy, const char *path) {
    tidy->length = 0;
    tidy->path[0] = '\0';
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        if (length == 2 && strncmp(path, "..", 2) == 0)
            drop_last(tidy);
        else if (length > 0 && !(length == 1 && *path == '.') &&
                 tidy->length + length + 2 < sizeof tidy->path)
            tidy->length += (size_t)sprintf(tidy->path + tidy->length, "/%.*s", (int)length, path);
        path += length;
        path += *path == '/';
    }
}

bool frame_in_file(const struct frame *frame, const char *file) {
    if (frame->file == NULL)
        return false;
    struct tidy named, whole;
    tidy_path(&named, frame->file);
    tidy_path(&whole, file);
    if (frame->file[0] == '/')
        return strcmp(named.path, whole.path) == 0;
    return named.length > 0 && named.length <= whole.length &&
           strcmp(whole.path + whole.length - named.length, named.path) == 0;
}

static bool frame_beside_file(const struct frame *frame, const char *file) {
    if (frame->file == NULL || frame->file[0] != '/')
        return false;
    struct tidy named, whole;
    tidy_path(&named, frame->file);
    tidy_path(&whole, file);
    drop_last(&named);
    drop_last(&whole);
    return strcmp(named.path, whole.path) == 0;
}

static const struct frame *innermost(const struct location *location, const struct sources *sources,
                                     bool (*belongs)(const struct frame *, const char *)) {
    for (size_t i = 0; i < location->frame_count; i++)
        for (size_t j = 0; j < sources->count; j++)
            if (belongs(&location->frames[i], sources->paths[j]))
                return &location->frames[i];
    return NULL;
}

const struct frame *location_own_frame(const struct location *location,
                                       const struct sources *sources) {
    const struct frame *own = innermost(location, sources, frame_in_file);
    return own != NULL ? own : innermost(location, sources, frame_beside_file);
}

/* Where a guilty location stands, for comparison: the same line of the same file, or both outside
 * the program. */
static bool same_place(const struct frame *a, const struct frame *b) {
    if (a == NULL || b == NULL)
        return a == b;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static size_t guilty_at(const struct finding *finding, const struct frame *place,
                        const struct sources *sources) {
    size_t count = 0;
    for (size_t i = 0; i < finding->location_count; i++)
        if (!finding->locations[i].context)
            count += same_place(location_own_frame(&finding->locations[i], sources), place);
    return count;
}

/* Which of a race's two accesses is told first is chance, so the places are compared as a multiset.
 */
static bool same_places(const struct finding *a, const struct finding *b,
                        const struct sources *sources) {
    for (size_t i = 0; i < a->location_count; i++) {
        if (a->locations[i].context)
            continue;
        const struct frame *place = location_own_frame(&a->locations[i], sources);
        if (guilty_at(a, place, sources) != guilty_at(b, place, sources))
            return false;
    }
    return true;
}

static size_t guilty_count(const struct finding *finding) {
    size_t count = 0;
    for (size_t i = 0; i < finding->location_count; i++)
        count += !finding->locations[i].context;
    return count;
}

/* The same words; numbers (thread ids, addresses, process ids) differ from run to run and do not
 * count. */
static bool same_words(const char *a, const char *b) {
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            while (isalnum((unsigned char)*a))
                a++;
            while (isalnum((unsigned char)*b))
                b++;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

bool finding_same(const struct finding *a, const struct finding *b, const struct sources *sources) {
    size_t guilty = guilty_count(a);
    if (a->kind != b->kind || guilty != guilty_count(b))
        return false;
    if (guilty_at(a, NULL, sources) == guilty && guilty_at(b, NULL, sources) == guilty)
        return same_words(a->message, b->message); /* no line of the program tells them apart */
    return same_places(a, b, sources);
}

const char *access_words(void *owner, const char *words) {
    static const char mark[] = " of size ";
    const char *at = strstr(words, mark);
    int size;
    if (at == NULL || sscanf(at + strlen(mark), "%d", &size) != 1)
        return NULL;
    char *said = never_null(talloc_asprintf(owner, "%.*s of %d byte%s", (int)(at - words), words,
                                            size, size == 1 ? "" : "s"));
    said[0] = (char)tolower((unsigned char)said[0]);
    return said;
}
