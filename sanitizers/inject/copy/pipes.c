/* SPDX-License-Identifier: MIT */
/*
 * Pipes of a copy. In the copy P' of P a new pipe takes the numbers of each old one, with the same
 * flags; what is in the old one is put into the new one by tee(2), which takes nothing out. A child
 * of P' inherits that. Where a held child has other numbers than P by now, because P has closed or
 * opened some since, its copy makes it so. An end that only a child has stays open in P' until all
 * are made.
 */
#include "inject/copy/pipes.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/tracee.h"

#define LARGE_FILE 0100000 /* O_LARGEFILE as the kernel says it; O_LARGEFILE itself is 0 here */
/* In a pipe: in the copy nothing is added to the page that was written last, so one that is nearly
 * full would have room for less. */
#define MOST_BYTES 4096

enum { READING, WRITING };

struct pipe_end {
    pid_t pid; /* who has it, as... */
    int number;
    int flags;
    bool in_first; /* P has it */
    int source;    /* a descriptor for it in P', to be duplicated */
};

struct pipe_copied {
    uint64_t device, inode;
    struct pipe_end ends[2]; /* pid 0: nobody has it */
    int size, bytes;
};

struct pipes {
    struct pipe_copied *items;
    size_t count;
    const struct descriptor_user *users;
    size_t user_count;
    int beyond; /* all of their numbers */
};

static int end_of(const struct descriptor *descriptor) {
    return (descriptor->flags & O_ACCMODE) == O_WRONLY ? WRITING : READING;
}

/* Nothing else than these can be set in the same way again. */
static bool is_plain(const struct descriptor *descriptor) {
    return (descriptor->flags & O_ACCMODE) != O_RDWR &&
           (descriptor->flags & ~(O_ACCMODE | O_NONBLOCK | O_CLOEXEC | LARGE_FILE)) == 0;
}

static struct pipe_copied *pipe_of(const struct pipes *pipes, const struct descriptor *descriptor) {
    for (size_t i = 0; i < pipes->count; i++)
        if (pipes->items[i].inode == descriptor->inode &&
            pipes->items[i].device == descriptor->device)
            return &pipes->items[i];
    return NULL;
}

/* An end that was opened twice has two sets of flags: not so if all come from one pipe(2). */
static bool is_same_open(const struct pipe_end *end, pid_t pid, int number) {
    return syscall(SYS_kcmp, end->pid, pid, KCMP_FILE, end->number, number) == 0;
}

static bool add_descriptor(struct pipes *pipes, const struct descriptor *descriptor, size_t user) {
    pid_t pid = pipes->users[user].pid;
    struct pipe_copied *pipe = pipe_of(pipes, descriptor);
    if (pipe == NULL) {
        pipes->items = grow_array(pipes, pipes->items, struct pipe_copied, pipes->count + 1);
        pipe = &pipes->items[pipes->count++];
        *pipe = (struct pipe_copied){.device = descriptor->device, .inode = descriptor->inode};
    }
    struct pipe_end *end = &pipe->ends[end_of(descriptor)];
    if (end->pid != 0)
        return is_same_open(end, pid, descriptor->number);
    *end = (struct pipe_end){.pid = pid,
                             .number = descriptor->number,
                             .flags = descriptor->flags & O_NONBLOCK,
                             .in_first = user == 0};
    return true;
}

static bool is_alike(const struct descriptor *one, const struct descriptor *other) {
    return one->pipe == other->pipe && one->device == other->device && one->inode == other->inode &&
           one->flags == other->flags;
}

/*
 * May a child have that one, where P has what it has? What is no pipe must be the same. A pipe may
 * be at a number that P has free: not at one that P uses for something else, for then the order of
 * the changes would matter.
 */
static bool fits(const struct descriptors *first, const struct descriptor *childs) {
    const struct descriptor *firsts = descriptors_find(first, childs->number);
    return firsts == NULL ? childs->pipe : is_alike(firsts, childs);
}

static bool all_fit(const struct descriptors *first, const struct descriptors *childs) {
    for (size_t i = 0; i < childs->count; i++)
        if (!fits(first, &childs->items[i]))
            return false;
    for (size_t i = 0; i < first->count; i++)
        if (!first->items[i].pipe && descriptors_find(childs, first->items[i].number) == NULL)
            return false;
    return true;
}

static int open_end(pid_t pid, int number, int mode) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, number);
    return open(path, mode | O_NONBLOCK | O_CLOEXEC);
}

static bool measure(struct pipe_copied *pipe) {
    int which = pipe->ends[READING].pid != 0 ? READING : WRITING;
    const struct pipe_end *end = &pipe->ends[which];
    int fd = open_end(end->pid, end->number, which == READING ? O_RDONLY : O_WRONLY);
    if (fd < 0)
        return false;
    pipe->size = fcntl(fd, F_GETPIPE_SZ);
    bool good = pipe->size > 0 && (which == WRITING || ioctl(fd, FIONREAD, &pipe->bytes) == 0);
    close(fd);
    return good && pipe->bytes <= MOST_BYTES;
}

static bool add_user(struct pipes *pipes, size_t user) {
    const struct descriptors *descriptors = pipes->users[user].descriptors;
    if (user > 0 && !all_fit(pipes->users[0].descriptors, descriptors))
        return false;
    for (size_t i = 0; i < descriptors->count; i++) {
        const struct descriptor *one = &descriptors->items[i];
        if (one->number >= pipes->beyond)
            pipes->beyond = one->number + 1;
        if (one->pipe && (!is_plain(one) || !add_descriptor(pipes, one, user)))
            return false;
    }
    return true;
}

struct pipes *pipes_find(void *owner, const struct descriptor_user *users, size_t count) {
    struct pipes *pipes = never_null(talloc_zero(owner, struct pipes));
    pipes->users = users;
    pipes->user_count = count;
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = add_user(pipes, i);
    for (size_t i = 0; good && i < pipes->count; i++)
        good = measure(&pipes->items[i]);
    if (good)
        return pipes;
    talloc_free(pipes);
    return NULL;
}

/* ---- In the copy --------------------------------------------------------------------- */

/* The process that executes calls of ours. */
struct pipe_caller {
    pid_t pid;
    uint64_t call_pc;
};

static long call(const struct pipe_caller *caller, long number, uint64_t a, uint64_t b,
                 uint64_t c) {
    const uint64_t arguments[6] = {a, b, c};
    return tracee_call(caller->pid, caller->call_pc, number, arguments);
}

static bool closes(const struct pipe_caller *caller, int number) {
    return call(caller, SYS_close, (uint64_t)number, 0, 0) == 0;
}

static bool duplicates(const struct pipe_caller *caller, int from, const struct descriptor *to) {
    return call(caller, SYS_dup3, (uint64_t)from, (uint64_t)to->number,
                (uint64_t)(to->flags & O_CLOEXEC)) == to->number;
}

/* Two words of its stack are used, and put back. */
static bool makes_pipe(const struct pipe_caller *caller, const struct cpu *cpu, int ends[2]) {
    uint64_t address = cpu_scratch(cpu), before;
    return tracee_get(caller->pid, address, &before, sizeof before) &&
           call(caller, SYS_pipe2, address, 0, 0) == 0 &&
           tracee_get(caller->pid, address, ends, 2 * sizeof *ends) &&
           tracee_put(caller->pid, address, &before, sizeof before);
}

/* The bytes of the old pipe, without taking them out. */
static bool tee_bytes(const struct pipe_copied *pipe, int to) {
    const struct pipe_end *end = &pipe->ends[READING];
    if (end->pid == 0 || pipe->bytes == 0)
        return true; /* nobody will ever read them */
    int from = open_end(end->pid, end->number, O_RDONLY);
    if (from < 0)
        return false;
    ssize_t done = tee(from, to, (size_t)pipe->size, SPLICE_F_NONBLOCK);
    close(from);
    return done == pipe->bytes;
}

static bool fill(const struct pipe_copied *pipe, pid_t copy, int number) {
    int to = open_end(copy, number, O_WRONLY);
    if (to < 0)
        return false;
    bool good = fcntl(to, F_GETPIPE_SZ) == pipe->size && tee_bytes(pipe, to);
    close(to);
    return good;
}

/* One end of the new pipe, at `number`, goes where P has the old one, or is kept for children. */
static bool place(const struct pipes *pipes, struct pipe_copied *pipe, int which, int number,
                  const struct pipe_caller *caller) {
    struct pipe_end *end = &pipe->ends[which];
    const struct descriptors *first = pipes->users[0].descriptors;
    if (end->pid == 0)
        return closes(caller, number);
    if (end->flags != 0 &&
        call(caller, SYS_fcntl, (uint64_t)number, F_SETFL, (uint64_t)end->flags) != 0)
        return false;
    if (!end->in_first) {
        end->source =
            (int)call(caller, SYS_fcntl, (uint64_t)number, F_DUPFD, (uint64_t)pipes->beyond);
        return end->source >= pipes->beyond && closes(caller, number);
    }
    end->source = end->number;
    for (size_t i = 0; i < first->count; i++)
        if (first->items[i].pipe && end_of(&first->items[i]) == which &&
            pipe_of(pipes, &first->items[i]) == pipe &&
            !duplicates(caller, number, &first->items[i]))
            return false;
    return closes(caller, number);
}

bool pipes_make(struct pipes *pipes, pid_t copy, const struct cpu *cpu, uint64_t call_pc) {
    const struct pipe_caller caller = {copy, call_pc};
    for (size_t i = 0; i < pipes->count; i++) {
        struct pipe_copied *pipe = &pipes->items[i];
        int ends[2];
        if (!makes_pipe(&caller, cpu, ends) || !fill(pipe, copy, ends[WRITING]) ||
            !place(pipes, pipe, READING, ends[READING], &caller) ||
            !place(pipes, pipe, WRITING, ends[WRITING], &caller))
            return false;
    }
    return true;
}

bool pipes_done(const struct pipes *pipes, pid_t copy, uint64_t call_pc) {
    const struct pipe_caller caller = {copy, call_pc};
    for (size_t i = 0; i < pipes->count; i++)
        for (int which = READING; which <= WRITING; which++) {
            const struct pipe_end *end = &pipes->items[i].ends[which];
            if (end->pid != 0 && !end->in_first && !closes(&caller, end->source))
                return false;
        }
    return true;
}

/* Its own numbers, from those of P', then away with what P has got since. */
bool pipes_fit(const struct pipes *pipes, size_t index, pid_t child, uint64_t call_pc) {
    const struct pipe_caller caller = {child, call_pc};
    const struct descriptors *first = pipes->users[0].descriptors;
    const struct descriptors *own = pipes->users[index].descriptors;
    for (size_t i = 0; i < own->count; i++) {
        const struct descriptor *one = &own->items[i];
        if (!one->pipe || descriptors_find(first, one->number) != NULL)
            continue;
        if (!duplicates(&caller, pipe_of(pipes, one)->ends[end_of(one)].source, one))
            return false;
    }
    for (size_t i = 0; i < first->count; i++)
        if (descriptors_find(own, first->items[i].number) == NULL &&
            !closes(&caller, first->items[i].number))
            return false;
    return pipes_done(pipes, child, call_pc);
}
