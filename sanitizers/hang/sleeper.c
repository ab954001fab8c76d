/* SPDX-License-Identifier: MIT */
/*
 * The kernel says in which call a thread sleeps, the stack says why the program went there.
 *
 * A futex in memory that only the program has can be woken by the program alone, and so can a wait
 * for a child of its own, and an anonymous pipe: a run gets none from outside (run.c; its own two end
 * in us, who always read). All else may come from outside.
 *
 * Of a mutex glibc keeps the owner right behind the lock word, and pthread_join sleeps on the word in
 * which the kernel keeps the number of the thread that is joined, until it has ended.
 */
#include "hang/sleeper.h"

#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc_text.h"
#include "symbols/stack.h"

#define LOCK_AWAITED 2 /* the word of a mutex that somebody sleeps on */

/* ---- The call that the program makes ---------------------------------------------------------- */

enum needs { NEEDS_ANY, NEEDS_OWNER, NEEDS_JOINED, NEEDS_SIGNAL };

static const struct waiting_call {
    const char *name, *noun;
    enum needs needs;
} calls[] = {
    {"pthread_mutex_lock", "mutex", NEEDS_OWNER},
    {"mtx_lock", "mutex", NEEDS_OWNER},
    {"pthread_join", "the end", NEEDS_JOINED},
    {"thrd_join", "the end", NEEDS_JOINED},
    {"pthread_cond_wait", "condition variable", NEEDS_SIGNAL},
    {"cnd_wait", "condition variable", NEEDS_SIGNAL},
    {"sem_wait", "semaphore", NEEDS_ANY},
    {"pthread_rwlock_rdlock", "read-write lock", NEEDS_ANY},
    {"pthread_rwlock_wrlock", "read-write lock", NEEDS_ANY},
    {"pthread_barrier_wait", "barrier", NEEDS_ANY},
};

static const struct waiting_call *waiting_call(const char *name) {
    for (size_t i = 0; name != NULL && i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    return NULL;
}

/* "pthread_join", whether it is libc's or the tool's in its place. */
static const char *plain_name(const char *function) {
    const char *at = strstr(function, "interceptor_");
    if (at != NULL)
        return at + strlen("interceptor_");
    return strncmp(function, "__GI_", 5) == 0 ? function + 5 : function;
}

static bool is_of_tool(const char *function) {
    static const char *const names[] = {"interceptor_", "__tsan", "__sanitizer"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(function, names[i]) != NULL)
            return true;
    return false;
}

const struct frame *sleeper_own_frame(const struct sleeper *sleeper,
                                      const struct sources *sources) {
    const struct frame *own = location_own_frame(&sleeper->where, sources);
    for (size_t i = 0; own == NULL && i < sleeper->where.frame_count; i++) {
        const struct frame *frame = &sleeper->where.frames[i];
        if (frame->file != NULL && !is_of_tool(frame->function))
            own = frame;
    }
    return own;
}

/* What libc and the tool do below the program's call explains nothing. */
static void cut_to_call(struct sleeper *sleeper, const struct sources *sources) {
    struct location *where = &sleeper->where;
    const struct frame *own = sleeper_own_frame(sleeper, sources);
    if (own == NULL || own == where->frames)
        return;
    size_t above = (size_t)(own - where->frames) - 1;
    where->frames += above;
    where->frame_count -= above;
    where->frames[0].function = sleeper->call = plain_name(where->frames[0].function);
}

/* ---- Who could wake it ------------------------------------------------------------------------ */

struct mapped_range {
    char mode[8], path[256];
};

/* What of a process lies at that address. False: nothing. */
static bool mapping_at(pid_t process, unsigned long address, struct mapped_range *mapping) {
    char *text = proc_text(NULL, "/proc/%d/maps", (int)process);
    bool found = false;
    for (char *rest = text, *line; !found && (line = strsep(&rest, "\n")) != NULL;) {
        unsigned long start, end;
        *mapping->path = '\0';
        found = sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &start, &end, mapping->mode,
                       mapping->path) >= 3 &&
                start <= address && address < end;
    }
    talloc_free(text);
    return found;
}

/* In memory of a file that others may map, too? */
static bool is_shared_with_others(pid_t process, unsigned long address) {
    struct mapped_range mapping;
    return !mapping_at(process, address, &mapping) ||
           (mapping.mode[3] == 's' && strcmp(mapping.path, "/dev/zero") != 0);
}

/* A tool that sleeps for itself makes the system call itself. */
static bool sleeps_in_libc(const struct sleeper *sleeper) {
    pid_t process = sleeper->process->living;
    char *text = proc_text(NULL, "/proc/%d/task/%d/syscall", (int)process, (int)sleeper->task->tid);
    unsigned long pc = 0;
    struct mapped_range mapping;
    bool in_libc = sscanf(text, "%*s %*s %*s %*s %*s %*s %*s %*s %lx", &pc) == 1 &&
                   mapping_at(process, pc, &mapping) && strstr(mapping.path, "/libc.so") != NULL;
    talloc_free(text);
    return in_libc;
}

static bool is_own_pipe(pid_t process, unsigned long fd) {
    char path[64], target[32] = "";
    snprintf(path, sizeof path, "/proc/%d/fd/%lu", (int)process, fd);
    if (readlink(path, target, sizeof target - 1) < 0)
        return false;
    return strncmp(target, "pipe:", 5) == 0 || strcmp(target, "anon_inode:[eventfd]") == 0;
}

static const char *other_waits(void *owner, const struct sleeper *sleeper) {
    return never_null(talloc_asprintf(owner, "%s waits in %s, which may end from outside",
                                      sleeper->actor,
                                      sleeper->call != NULL ? sleeper->call : "a system call"));
}

static bool has_thread(const struct proc *process, pid_t tid) {
    for (size_t i = 0; i < process->task_count; i++)
        if (process->tasks[i].tid == tid)
            return true;
    return false;
}

/* A wait for a condition variable ends with one for its mutex. */
static void look_at_futex(void *owner, struct sleeper *sleeper, const struct waiting_call *call) {
    pid_t process = sleeper->process->living;
    int words[3] = {0}; /* of a mutex: the lock, a count, the owner */
    sleeper->object = sleeper->task->call_args[0];
    if (is_shared_with_others(process, sleeper->object))
        sleeper->outside = never_null(talloc_asprintf(
            owner, "%s waits for something that other programs may share", sleeper->actor));
    if (call == NULL || call->needs == NEEDS_ANY ||
        !proc_read_memory(process, sleeper->object, words, sizeof words))
        return;
    bool is_mutex =
        call->needs == NEEDS_OWNER || (call->needs == NEEDS_SIGNAL && words[0] == LOCK_AWAITED &&
                                       has_thread(sleeper->process, words[2]));
    if (is_mutex)
        sleeper->noun = "mutex";
    if (is_mutex || call->needs == NEEDS_JOINED)
        sleeper->needs = (pid_t)(words[is_mutex ? 2 : 0] & FUTEX_TID_MASK);
}

static void look_at_call(void *owner, struct sleeper *sleeper) {
    const struct waiting_call *call = waiting_call(sleeper->call);
    pid_t process = sleeper->process->living;
    sleeper->noun = call != NULL ? call->noun : NULL;
    switch (sleeper->task->call) {
    case SYS_futex:
        look_at_futex(owner, sleeper, call);
        return;
    case SYS_wait4:
    case SYS_waitid:
        sleeper->noun = "a child";
        return;
    case SYS_read:
    case SYS_readv:
    case SYS_write:
    case SYS_writev:
        if (is_own_pipe(process, sleeper->task->call_args[0]))
            sleeper->noun = "a pipe";
        else
            sleeper->outside = other_waits(owner, sleeper);
        return;
    default:
        sleeper->outside = other_waits(owner, sleeper);
    }
}

int sleeper_look(void *owner, const struct sources *sources, struct sleeper *sleeper) {
    struct location *where = &sleeper->where;
    where->actor = sleeper->actor;
    if (sleeper->task->state != 'S') {
        sleeper->outside = never_null(talloc_asprintf(owner, "%s is stopped", sleeper->actor));
        return 0;
    }
    bool in_libc = sleeps_in_libc(sleeper); /* before it is stopped: then it runs for a moment */
    if (stack_of_sleeping(owner, sleeper->process->living, sleeper->task->tid, where) != 0)
        return -1;
    if (where->frame_count == 0 || !in_libc) {
        sleeper->outside = never_null(talloc_asprintf(owner, "%s %s", sleeper->actor,
                                                      where->frame_count == 0
                                                          ? "has no stack that can be read"
                                                          : "waits in the tool, or in a library"));
        return 0;
    }
    cut_to_call(sleeper, sources);
    look_at_call(owner, sleeper);
    return 0;
}
