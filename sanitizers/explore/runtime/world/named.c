/* SPDX-License-Identifier: MIT */
/*
 * Semaphores with a name, of this process alone. The names are one object: who opens, closes or unlinks looks at all of
 * them. Nothing of it reaches the system.
 *
 * At the start there are no names. One that the system has, because another process made it or an earlier run left it, is
 * refused when it is opened; unlinking it is what a careful program does first, and succeeds.
 *
 * Who opens a name once more gets the same place, and the value that it has. Between the last close and that nobody may
 * use it.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/named.h"
#include "explore/runtime/world/semaphore.h"
#include "explore/runtime/world/sync.h"

enum { LENGTH = NAME_MAX - 4 /* "sem." */, NAMED = SHARED_NAMES };

/* A semaphore: at the place of the same index. */
struct named_semaphore {
    char name[LENGTH + 1]; /* without slashes in front */
    uint32_t opened;       /* so many times, and not closed */
    bool linked;           /* under that name it is found */
};

struct names {
    int count;
    struct named_semaphore items[NAMED];
};

static sem_t places[NAMED];
static uint64_t names_object;

static struct names *all_names(void) {
    return memory_new(MEMORY_NAMES, 0, sizeof(struct names));
}

static int failed(int error) {
    errno = error;
    return -1;
}

/* --- names --- */

/* What counts of it: *name. Else why it is no name, as the library says. */
static int read_name(const char **name, uintptr_t pc) {
    bool slash = false;
    sync_touch(*name, strlen(*name) + 1, false, pc);
    while (**name == '/')
        ++*name;
    size_t length = strlen(*name);
    for (const char *at = *name; *at != '\0'; at++)
        slash |= *at == '/';
    if (slash || length == 0 || length > NAME_MAX)
        return EINVAL;
    return length > LENGTH ? ENAMETOOLONG : 0;
}

static struct named_semaphore *find_linked(struct names *names, const char *name) {
    for (int i = 0; i < names->count; i++)
        if (names->items[i].linked && strcmp(names->items[i].name, name) == 0)
            return &names->items[i];
    return NULL;
}

static bool was_used(const struct names *names, const char *name) {
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->items[i].name, name) == 0)
            return true;
    return false;
}

/* Another process's, or left by an earlier run. */
static bool is_outside(const struct names *names, const char *name) {
    static const char folder[] = "/dev/shm/sem.";
    char path[sizeof folder + LENGTH];
    memcpy(path, folder, sizeof folder - 1);
    memcpy(path + sizeof folder - 1, name, strlen(name) + 1);
    return !was_used(names, name) && system_call(SYS_access, (long)path, F_OK, 0, 0, 0, 0) == 0;
}

static struct named_semaphore *add(struct names *names, const char *name, uintptr_t pc) {
    if (names->count == NAMED)
        unsupported_number(pc, SAY_MANY_SEMAPHORES, NAMED);
    struct named_semaphore *named = &names->items[names->count++];
    memcpy(named->name, name, strlen(name) + 1);
    return named;
}

/* What people call it: for findings. */
static void tell_name(int index, const char *name) {
    struct shared_name *told = &shared->names[index];
    size_t length = strlen(name);
    told->address = (uintptr_t)&places[index];
    told->name[0] = '/';
    length = length < sizeof told->name - 2 ? length : sizeof told->name - 2;
    memcpy(told->name + 1, name, length);
    told->name[1 + length] = '\0';
}

static struct named_semaphore *make(struct names *names, const char *name, unsigned value,
                                    uintptr_t pc) {
    struct named_semaphore *named = add(names, name, pc);
    named->linked = true;
    int index = (int)(named - names->items);
    semaphore_named(&places[index], (int32_t)value);
    tell_name(index, name);
    return named;
}

/* --- opening --- */

struct opening {
    int flags;
    unsigned mode, value;
    uintptr_t pc;
};

/* The step of who looks at the names, and perhaps at a semaphore. */
static void names_step(const sem_t *semaphore, uintptr_t pc) {
    struct op op = {.kind = OP_CALL,
                    .access_count = 1,
                    .access = {{.object = (uintptr_t)&names_object | OBJECT_HIDDEN,
                                .mode = MODE_WRITE,
                                .bytes = 0xff}}};
    if (semaphore != NULL)
        op.access[op.access_count++] =
            (struct access){.object = sync_key(semaphore), .mode = MODE_WRITE, .bytes = 0xff};
    step(&op, &names_object, pc);
}

static struct named_semaphore *create(struct names *names, const char *name,
                                      const struct opening *how) {
    enum { OWNER = 0600 };
    if (how->value > SEM_VALUE_MAX) {
        errno = EINVAL;
        return NULL;
    }
    if ((how->mode & OWNER) != OWNER)
        unsupported_call(how->pc, "sem_open", SAY_SEMAPHORE_MODE);
    return make(names, name, how->value, how->pc);
}

static struct named_semaphore *open_named(struct names *names, const char *name,
                                          const struct opening *how) {
    bool creates = (how->flags & O_CREAT) != 0, alone = creates && (how->flags & O_EXCL) != 0;
    if (is_outside(names, name))
        unsupported_call(how->pc, "sem_open", SAY_SEMAPHORE_OUTSIDE);
    struct named_semaphore *named = find_linked(names, name);
    bool wrong = alone && how->value > SEM_VALUE_MAX;
    if (named == NULL && creates)
        return create(names, name, how);
    if (named == NULL || alone) {
        errno = named == NULL ? ENOENT : wrong ? EINVAL : EEXIST;
        return NULL;
    }
    semaphore_reopen(&places[named - names->items]);
    return named;
}

static sem_t *opened(const char *name, const struct opening *how) {
    if ((how->flags & ~(O_CREAT | O_EXCL | O_ACCMODE | O_CLOEXEC)) != 0)
        unsupported_call(how->pc, "sem_open", SAY_SEMAPHORE_FLAGS);
    int error = read_name(&name, how->pc);
    if (error != 0) {
        errno = error;
        return SEM_FAILED;
    }
    names_step(NULL, how->pc);
    struct names *names = all_names();
    struct named_semaphore *named = open_named(names, name, how);
    if (named == NULL) {
        step_amend(0, MODE_READ, 0);
        return SEM_FAILED;
    }
    named->opened++;
    return &places[named - names->items];
}

static int closed(const sem_t *semaphore, uintptr_t pc) {
    uintptr_t index = ((uintptr_t)semaphore - (uintptr_t)places) / sizeof *places;
    if (index >= NAMED || semaphore != &places[index])
        return failed(EINVAL);
    names_step(semaphore, pc);
    struct names *names = all_names();
    struct named_semaphore *named = &names->items[index];
    if ((int)index >= names->count || named->opened == 0)
        return failed(EINVAL);
    if (--named->opened == 0)
        semaphore_close(&places[index], pc);
    return 0;
}

static int unlinked(const char *name, uintptr_t pc) {
    int error = read_name(&name, pc);
    if (error != 0)
        return failed(error == ENAMETOOLONG ? ENAMETOOLONG : ENOENT);
    names_step(NULL, pc);
    struct names *names = all_names();
    struct named_semaphore *named = find_linked(names, name);
    if (named == NULL && is_outside(names, name)) {
        add(names, name, pc); /* now it is not there */
        return 0;
    }
    if (named == NULL) {
        step_amend(0, MODE_READ, 0);
        return failed(ENOENT);
    }
    named->linked = false;
    return 0;
}

/* --- what the program calls --- */

EXPORT sem_t *sem_open(const char *name, int flags, ...) {
    struct opening how = {.flags = flags, .pc = hook_caller};
    va_list arguments;
    va_start(arguments, flags);
    if ((flags & O_CREAT) != 0) {
        how.mode = va_arg(arguments, unsigned);
        how.value = va_arg(arguments, unsigned);
    }
    va_end(arguments);
    return opened(name, &how);
}

EXPORT int sem_close(sem_t *semaphore) {
    return closed(semaphore, hook_caller);
}

EXPORT int sem_unlink(const char *name) {
    return unlinked(name, hook_caller);
}
