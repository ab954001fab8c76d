/* SPDX-License-Identifier: MIT */
/*
 * A stack does not show what was called before and has returned, a lock for one. So a finding involves a call if a
 * function on one of its guilty stacks refers to it, itself or through the functions of the program that it calls
 * (symbols/references.h). That is more than was called: it marks, and only a proof refutes (arbitrate.h).
 */
#include "hazard/suite/known_alarms.h"

#include <fnmatch.h>
#include <string.h>

#include "base/memory.h"
#include "base/tool.h"
#include "symbols/references.h"

#define KINDS(...)                                                                                 \
    (const enum kind[]) {                                                                          \
        __VA_ARGS__, KIND_COUNT                                                                    \
    }
#define RACE KINDS(KIND_DATA_RACE, KIND_USE_AFTER_FREE)
#define RACE_AND_MISUSE KINDS(KIND_DATA_RACE, KIND_USE_AFTER_FREE, KIND_API_MISUSE)
#define RACE_AND_LEAK KINDS(KIND_DATA_RACE, KIND_USE_AFTER_FREE, KIND_THREAD_LEAK)
#define MISUSE KINDS(KIND_API_MISUSE)
#define ORDER KINDS(KIND_LOCK_ORDER)
#define CRASH KINDS(KIND_CRASH)

#define GLIB "g_mutex_* g_cond_* g_async_queue_* g_rec_mutex_* g_rw_lock_* g_once_* g_thread_*"
#define URCU "urcu_* rcu_* synchronize_rcu"

const struct known_alarm known_alarms[] = {
    {"call_once", "tsan", RACE, .why = "it does not know C11's call_once"},
    {"call_once", "tsan-gcc", RACE, .why = "it does not know C11's call_once"},
    {"call_once", "helgrind", RACE, .why = "it does not know C11's call_once"},
    {"pthread_once", "helgrind", RACE, .why = "it does not see that pthread_once orders"},
    {"mtx_*lock cnd_*wait", "tsan", RACE, .why = "it does not know C11's locks",
     .each = "mtx_*lock cnd_*wait"},
    {"mtx_*lock cnd_*wait", "tsan-gcc", RACE, .why = "it does not know C11's locks",
     .each = "mtx_*lock cnd_*wait"},
    {"thrd_create", "tsan", CRASH, .why = "it does not know thrd_create"},
    {"thrd_create", "tsan-gcc", CRASH, .why = "it does not know thrd_create"},
    {"thrd_create", "drd", CRASH, .why = "it does not know thrd_create", .newest = 323},
    {"pthread_mutex_clocklock", "tsan", RACE_AND_MISUSE,
     .why = "it does not see that the mutex is taken", .newest = 1899,
     .each = "pthread_mutex_*lock"},
    {"pthread_mutex_clocklock", "tsan-gcc", RACE_AND_MISUSE,
     .why = "it does not see that the mutex is taken", .each = "pthread_mutex_*lock"},
    {"pthread_mutex_clocklock", "helgrind", RACE_AND_MISUSE,
     .why = "it does not see that the mutex is taken", .newest = 323,
     .each = "pthread_mutex_*lock"},
    {"pthread_rwlock_clock*lock", "tsan", RACE_AND_MISUSE,
     .why = "it does not see that the lock is taken", .each = "pthread_rwlock_*lock"},
    {"pthread_rwlock_clock*lock", "tsan-gcc", RACE_AND_MISUSE,
     .why = "it does not see that the lock is taken", .each = "pthread_rwlock_*lock"},
    {"sem_clockwait", "tsan", RACE, .why = "it does not see that the semaphore is taken",
     .each = "sem_*"},
    {"sem_clockwait", "tsan-gcc", RACE, .why = "it does not see that the semaphore is taken",
     .each = "sem_*"},
    {"sem_clockwait", "helgrind", RACE, .why = "it does not see that the semaphore is taken",
     .each = "sem_*"},
    {"sem_clockwait", "drd", RACE, .why = "it does not see that the semaphore is taken",
     .each = "sem_*"},
    {"pthread_tryjoin_np pthread_timedjoin_np", "helgrind", RACE,
     .why = "it does not see that the thread is joined"},
    {"pthread_tryjoin_np pthread_timedjoin_np", "drd", RACE,
     .why = "it does not see that the thread is joined"},
    {"pthread_clockjoin_np", "tsan", RACE_AND_LEAK,
     .why = "it does not see that the thread is joined"},
    {"pthread_clockjoin_np", "tsan-gcc", RACE_AND_LEAK,
     .why = "it does not see that the thread is joined"},
    {"pthread_clockjoin_np", "helgrind", RACE, .why = "it does not see that the thread is joined"},
    {"pthread_clockjoin_np", "drd", RACE, .why = "it does not see that the thread is joined"},
    {"__tsan_atomic_thread_fence", "tsan", RACE, .why = "it does not see that a fence orders",
     .each = "__tsan_atomic*"},
    {"__tsan_atomic_thread_fence", "tsan-gcc", RACE, .why = "it does not see that a fence orders",
     .each = "__tsan_atomic*"},
    {"pthread_mutex_trylock", "helgrind", ORDER,
     .why = "who only tries a lock does not wait for it"},
    {"pthread_cond_signal pthread_cond_broadcast", "helgrind", MISUSE,
     .why = "POSIX allows to signal without the mutex", .words = "associated lock is not held"},
    {"pthread_cond_signal pthread_cond_broadcast", "drd", MISUSE,
     .why = "POSIX allows to signal without the mutex", .words = "associated mutex"},
    {GLIB, "tsan", RACE, .why = "it does not see GLib's own locks", .library = true},
    {GLIB, "tsan-gcc", RACE, .why = "it does not see GLib's own locks", .library = true},
    {GLIB, "helgrind", RACE, .why = "it does not see GLib's own locks", .library = true},
    {GLIB, "drd", RACE, .why = "it does not see GLib's own locks", .library = true},
    {"nsync_*", "tsan", RACE, .why = "it does not see nsync's own locks", .library = true},
    {"nsync_*", "tsan-gcc", RACE, .why = "it does not see nsync's own locks", .library = true},
    {"nsync_*", "helgrind", RACE, .why = "it does not see nsync's own locks", .library = true},
    {"nsync_*", "drd", RACE, .why = "it does not see nsync's own locks", .library = true},
    {"ck_*", "tsan", RACE, .why = "it does not see Concurrency Kit's atomics", .library = true},
    {"ck_*", "tsan-gcc", RACE, .why = "it does not see Concurrency Kit's atomics", .library = true},
    {"ck_*", "helgrind", RACE, .why = "it does not see Concurrency Kit's atomics", .library = true},
    {"ck_*", "drd", RACE, .why = "it does not see Concurrency Kit's atomics", .library = true},
    {URCU, "helgrind", RACE, .why = "it does not see liburcu's own order", .library = true},
    {URCU, "drd", RACE, .why = "it does not see liburcu's own order", .library = true},
    {"uv_*", "helgrind", RACE, .why = "it does not see how uv_loop_close is ordered",
     .library = true, .newest = 323},
    {"GOMP_* omp_*", "tsan", RACE, .why = "it does not see libgomp's barriers", .library = true},
    {"GOMP_* omp_*", "tsan-gcc", RACE, .why = "it does not see libgomp's barriers",
     .library = true},
    {"GOMP_* omp_*", "helgrind", RACE, .why = "it does not see libgomp's barriers",
     .library = true},
    {"__kmpc_* omp_*", "tsan", RACE, .why = "it does not see libomp's own locks", .library = true},
    {0},
};

/* Each column's tool, for its version. */
static const char *tool_of(const char *detector) {
    if (strcmp(detector, "tsan") == 0)
        return "clang";
    return strcmp(detector, "tsan-gcc") == 0 ? "gcc" : "valgrind";
}

static bool says(const struct known_alarm *alarm, const char *detector,
                 const struct finding *finding) {
    if (strcmp(alarm->detector, detector) != 0 ||
        (alarm->words != NULL && strstr(finding->message, alarm->words) == NULL))
        return false;
    for (const enum kind *kind = alarm->kinds; *kind != KIND_COUNT; kind++)
        if (*kind == finding->kind)
            return alarm->newest == 0 || tool_version(tool_of(detector)) <= alarm->newest;
    return false;
}

/* thrd_create@@GLIBC_2.34 and pthread_create@* are known without what follows the name. */
static const char *plain_name(void *owner, const char *name) {
    return never_null(talloc_strndup(owner, name, strcspn(name, "@")));
}

/* What one guilty stack's functions reach, and they themselves. Without any: all that the program reaches. */
static struct references stack_reaches(void *owner, const char *binary,
                                       const struct location *location) {
    struct references names = {0};
    struct error error;
    size_t count = location != NULL ? location->frame_count : 0;
    const char **functions = new_array(owner, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        functions[i] = plain_name(owner, location->frames[i].function);
    if (references_reached(owner, binary, functions, count, &names, &error) != 0)
        names = (struct references){0}; /* a script: what the stack says is all there is */
    names.imported =
        grow_array(owner, names.imported, const char *, names.imported_count + count + 1);
    for (size_t i = 0; i < count; i++)
        names.imported[names.imported_count++] = functions[i];
    return names;
}

/* One for each guilty stack. Of one that lies in libraries alone nothing tells from where in the program it came. */
struct involved {
    struct references *stacks;
    size_t count;
    bool outside; /* there is such a one: then `all` is what the program reaches */
    struct references all;
};

static struct involved involved_in(void *owner, const char *binary, const struct finding *finding,
                                   const struct sources *sources) {
    struct involved involved = {
        .stacks = new_array(owner, struct references, finding->location_count + 1)};
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        if (location->context || location->frame_count == 0)
            continue;
        involved.stacks[involved.count++] = stack_reaches(owner, binary, location);
        involved.outside |= sources->count > 0 && location_own_frame(location, sources) == NULL;
    }
    if (involved.outside || involved.count == 0)
        involved.all = stack_reaches(owner, binary, NULL);
    if (involved.count == 0)
        involved.stacks[involved.count++] = involved.all;
    return involved;
}

/* The name that one of the patterns stands for; NULL: none of them. */
static const char *matching(void *owner, const char *patterns, const struct references *names) {
    char *rest = never_null(talloc_strdup(owner, patterns));
    for (char *pattern; (pattern = strsep(&rest, " ")) != NULL;)
        for (size_t i = 0; i < names->imported_count; i++)
            if (fnmatch(pattern, names->imported[i], 0) == 0)
                return names->imported[i];
    return NULL;
}

/* The call of the row that a stack reaches, if all of them reach what else it asks for; NULL: it is another matter. */
static const char *call_involved(void *owner, const struct known_alarm *alarm,
                                 const struct involved *involved) {
    const char *call = NULL;
    for (size_t i = 0; i < involved->count; i++) {
        const char *name = matching(owner, alarm->calls, &involved->stacks[i]);
        if (name == NULL && alarm->each != NULL &&
            matching(owner, alarm->each, &involved->stacks[i]) == NULL)
            return NULL;
        if (call == NULL)
            call = name;
    }
    return call == NULL && alarm->library && involved->outside
               ? matching(owner, alarm->calls, &involved->all)
               : call;
}

/* The row that knows the finding, and *call, the call by its name for people; NULL: none. */
static const struct known_alarm *find_alarm(void *owner, const char *detector, const char *binary,
                                            const struct finding *finding,
                                            const struct sources *sources, const char **call) {
    static const char hook[] = "__tsan_";
    struct involved involved = {0};
    for (const struct known_alarm *alarm = known_alarms; alarm->calls != NULL; alarm++) {
        if (!says(alarm, detector, finding))
            continue;
        if (involved.count == 0)
            involved = involved_in(owner, binary, finding, sources);
        *call = call_involved(owner, alarm, &involved);
        if (*call == NULL)
            continue;
        if (strncmp(*call, hook, strlen(hook)) == 0)
            *call += strlen(hook);
        return alarm;
    }
    return NULL;
}

void known_alarms_mark(void *owner, const char *detector, const char *binary,
                       const struct sources *sources, struct findings *findings) {
    for (size_t i = 0; i < findings->count; i++) {
        const char *call;
        struct finding *finding = &findings->items[i];
        const struct known_alarm *alarm =
            finding->kind == KIND_CRASH
                ? NULL
                : find_alarm(owner, detector, binary, finding, sources, &call);
        if (alarm != NULL)
            finding->doubt = never_null(talloc_asprintf(
                owner, "known false alarm of %s with %s: %s", detector, call, alarm->why));
    }
}

/* Did the program's own instruction fault? */
static bool strikes_program(const struct finding *crash, const struct sources *sources) {
    for (size_t i = 0; i < crash->location_count; i++) {
        const struct location *location = &crash->locations[i];
        if (!location->context && location->frame_count > 0 &&
            location_own_frame(location, sources) == &location->frames[0])
            return true;
    }
    return false;
}

const char *known_alarms_death(void *owner, const char *detector, const char *binary,
                               const struct finding *crash, const struct sources *sources) {
    const char *call;
    if (crash->kind != KIND_CRASH || strikes_program(crash, sources))
        return NULL;
    return find_alarm(owner, detector, binary, crash, sources, &call) != NULL ? call : NULL;
}
