/* SPDX-License-Identifier: MIT */
/*
 * Reading /proc. A process may end between any two of our reads: whatever cannot be read then is
 * left out or zero, and that is no error.
 *
 * To a tree belong the descendants by parent links, and all processes of the session that the root
 * leads. The second catches a grandchild whose parent has ended (its parent link leads elsewhere),
 * the first a child that made a session of its own. Who has done both is known by whom it was
 * given to: the subreaper.
 *
 * A main thread that has ended (pthread_exit) makes the process a zombie to look at, while its
 * other threads live on; the memory, the descriptors and the rest can then be asked of those only.
 */
#include "run/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc_text.h"

#define TIMER_SIGNALS (1ULL << (SIGALRM - 1) | 1ULL << (SIGVTALRM - 1) | 1ULL << (SIGPROF - 1))

/* The numeric entries of a folder, below `owner`. */
static pid_t *list_numbers(void *owner, const char *path, size_t *count) {
    pid_t *numbers = NULL;
    *count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return NULL;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char *end;
        long number = strtol(entry->d_name, &end, 10);
        if (*end != '\0' || number <= 0)
            continue;
        numbers = grow_array(owner, numbers, pid_t, *count + 1);
        numbers[(*count)++] = (pid_t)number;
    }
    closedir(folder);
    return numbers;
}

/* What follows the command's name in a stat file; "" if it could not be read. The name, in
 * brackets, may contain anything, so we look for the last one. */
static const char *after_name(const char *stat) {
    const char *bracket = strrchr(stat, ')');
    return bracket != NULL ? bracket + 1 : "";
}

/* State, parent, group and session. */
static bool read_stat(struct proc *process) {
    char *text = proc_text(NULL, "/proc/%d/stat", (int)process->pid);
    int fields = sscanf(after_name(text), " %c %d %d %d", &process->state, &process->parent,
                        &process->group, &process->session);
    talloc_free(text);
    return fields == 4;
}

static unsigned long long tick_ns(void) {
    return 1000000000ULL / (unsigned long long)sysconf(_SC_CLK_TCK);
}

/* The process's own time by its clock, which counts nanoseconds; that of its children in ticks. */
static void read_time(struct proc *process) {
    char *text = proc_text(NULL, "/proc/%d/stat", (int)process->pid);
    unsigned long long user = 0, kernel = 0, waited_user = 0, waited_kernel = 0;
    clockid_t clock;
    struct timespec own;
    sscanf(after_name(text), " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu",
           &user, &kernel, &waited_user, &waited_kernel);
    talloc_free(text);
    process->cpu_ns = (waited_user + waited_kernel) * tick_ns();
    if (clock_getcpuclockid(process->pid, &clock) == 0 && clock_gettime(clock, &own) == 0)
        process->cpu_ns +=
            (unsigned long long)own.tv_sec * 1000000000ULL + (unsigned long long)own.tv_nsec;
    else
        process->cpu_ns += (user + kernel) * tick_ns();
}

static void read_memory(struct proc *process) {
    char *text = proc_text(NULL, "/proc/%d/statm", (int)process->living);
    unsigned long virtual_pages = 0, resident_pages = 0;
    sscanf(text, "%lu %lu", &virtual_pages, &resident_pages);
    talloc_free(text);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    process->virtual_bytes = virtual_pages * page;
    process->resident_bytes = resident_pages * page;
}

static void read_signals(struct proc *process) {
    char *text = proc_text(NULL, "/proc/%d/status", (int)process->pid);
    sscanf(proc_field(text, "SigCgt:"), " %llx", &process->caught);
    talloc_free(text);
    /* No program catches more than half of the 64; Valgrind catches nearly all. */
    process->catches_all_signals = __builtin_popcountll(process->caught) > 32;
    process->catches_timer_signals =
        !process->catches_all_signals && (process->caught & TIMER_SIGNALS) != 0;
}

/* Processor time: schedstat counts nanoseconds; where the kernel lacks
 * it, stat counts clock ticks. */
static void read_cpu(pid_t pid, struct proc_task *task, const char *stat_rest) {
    char *text = proc_text(NULL, "/proc/%d/task/%d/schedstat", (int)pid, (int)task->tid);
    unsigned long long user = 0, kernel = 0;
    bool counted = sscanf(text, "%llu %llu", &task->cpu_ns, &task->delay_ns) >= 1;
    talloc_free(text);
    if (counted)
        return;
    sscanf(stat_rest, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &kernel);
    task->cpu_ns = (user + kernel) * tick_ns();
}

/* The call stays -1 where the file says "running", or nothing. */
static void read_call(pid_t pid, struct proc_task *task) {
    char *text = proc_text(NULL, "/proc/%d/task/%d/syscall", (int)pid, (int)task->tid);
    unsigned long *a = task->call_args;
    if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", &task->call, &a[0], &a[1], &a[2], &a[3], &a[4],
               &a[5]) != 7)
        task->call = -1;
    talloc_free(text);
}

static bool read_task(pid_t pid, struct proc_task *task) {
    char *text = proc_text(NULL, "/proc/%d/task/%d/stat", (int)pid, (int)task->tid);
    const char *rest = after_name(text);
    bool there = sscanf(rest, " %c", &task->state) == 1;
    if (there) {
        read_cpu(pid, task, rest);
        read_call(pid, task);
    }
    talloc_free(text);
    return there;
}

static bool task_has_ended(const struct proc_task *task) {
    return task->state == 'Z' || task->state == 'X';
}

bool proc_has_ended(const struct proc *process) {
    for (size_t i = 0; i < process->task_count; i++)
        if (!task_has_ended(&process->tasks[i]))
            return false;
    return process->task_count > 0 || process->state == 'Z';
}

static void read_tasks(void *owner, struct proc *process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process->pid);
    size_t count;
    pid_t *tids = list_numbers(owner, path, &count);
    process->tasks = new_array(owner, struct proc_task, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct proc_task *task = &process->tasks[process->task_count];
        task->tid = tids[i];
        if (!read_task(process->pid, task))
            continue;
        process->task_count++;
        if (!task_has_ended(task) && process->state == 'Z')
            process->living = task->tid;
    }
    talloc_free(tids);
}

/* Everybody, with parent and session only. */
static struct proc *read_all(void *owner, size_t *count) {
    size_t number_count;
    pid_t *numbers = list_numbers(owner, "/proc", &number_count);
    struct proc *all = new_array(owner, struct proc, number_count + 1);
    *count = 0;
    for (size_t i = 0; i < number_count; i++) {
        all[*count] = (struct proc){.pid = numbers[i]};
        if (read_stat(&all[*count]))
            (*count)++;
    }
    talloc_free(numbers);
    return all;
}

static bool tree_has(const struct proc_tree *tree, pid_t pid) {
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].pid == pid)
            return true;
    return false;
}

static bool numbers_have(const struct proc_numbers *numbers, pid_t number) {
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->items[i] == number)
            return true;
    return false;
}

/* `others`: NULL: no orphan is ours. */
static bool belongs(const struct proc *p, const struct proc_tree *tree, pid_t root,
                    const struct proc_numbers *others) {
    if (p->pid == root || p->session == root || tree_has(tree, p->parent))
        return true;
    return others != NULL && p->parent == getpid() && p->session != getsid(0) &&
           !numbers_have(others, p->pid);
}

static void read_details(struct proc_tree *tree) {
    for (size_t i = 0; i < tree->count; i++) {
        struct proc *process = &tree->items[i];
        process->living = process->pid;
        read_tasks(tree->items, process);
        read_time(process);
        read_memory(process);
        read_signals(process);
    }
}

static struct proc_tree read_tree(void *owner, pid_t root, const struct proc_numbers *others) {
    size_t all_count;
    struct proc *all = read_all(owner, &all_count);
    struct proc_tree tree = {new_array(owner, struct proc, all_count + 1), 0};

    /* Until no new one is found: a child may stand before its parent in the list. */
    for (bool grew = true; grew;) {
        grew = false;
        for (size_t i = 0; i < all_count; i++) {
            const struct proc *p = &all[i];
            if (!belongs(p, &tree, root, others) || tree_has(&tree, p->pid))
                continue;
            tree.items[tree.count++] = *p;
            grew = true;
        }
    }
    talloc_free(all);
    read_details(&tree);
    return tree;
}

struct proc_tree proc_tree_read(void *owner, pid_t root) {
    return read_tree(owner, root, NULL);
}

struct proc_tree proc_tree_read_orphans(void *owner, pid_t root, struct proc_numbers others) {
    return read_tree(owner, root, &others);
}

struct proc_numbers proc_children(void *owner) {
    char *text = proc_text(NULL, "/proc/self/task/%d/children", (int)getpid());
    struct proc_numbers children = {0};
    for (char *at = text, *end;; at = end) {
        long number = strtol(at, &end, 10);
        if (end == at)
            break;
        children.items = grow_array(owner, children.items, pid_t, children.count + 1);
        children.items[children.count++] = (pid_t)number;
    }
    talloc_free(text);
    return children;
}

int proc_descriptors(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return -1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

bool proc_read_memory(pid_t pid, unsigned long address, void *value, size_t size) {
    struct iovec local = {value, size};
    struct iovec remote = {(void *)address, size};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* The struct timespec at `address` in another process, in milliseconds; -1 if it cannot be read. */
static long remote_milliseconds(pid_t pid, unsigned long address) {
    struct timespec value;
    if (!proc_read_memory(pid, address, &value, sizeof value))
        return -1;
    return value.tv_sec * 1000 + value.tv_nsec / 1000000;
}

/* The set is the call's first argument. (The kernel takes it out of SigBlk meanwhile.) */
bool proc_task_awaits_timer_signal(pid_t pid, const struct proc_task *task) {
    unsigned long long set;
    if (task->call != SYS_rt_sigtimedwait)
        return false;
    return !proc_read_memory(pid, task->call_args[0], &set, sizeof set) ||
           (set & TIMER_SIGNALS) != 0;
}

long proc_task_nap_milliseconds(pid_t pid, const struct proc_task *task) {
    if (task->call == SYS_nanosleep)
        return remote_milliseconds(pid, task->call_args[0]);
    if (task->call == SYS_clock_nanosleep && task->call_args[1] == 0)
        return remote_milliseconds(pid, task->call_args[2]);
    return -1;
}

static bool futex_is_timed(const unsigned long *args) {
    int operation = (int)args[1] & FUTEX_CMD_MASK;
    bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET ||
                 operation == FUTEX_LOCK_PI || operation == FUTEX_LOCK_PI2;
    return waits && args[3] != 0;
}

bool proc_task_in_timed_wait(const struct proc_task *task) {
    const unsigned long *a = task->call_args;
    switch (task->call) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_restart_syscall: /* of a sleep or a poll, resumed after a stop */
        return true;
    case SYS_futex:
        return futex_is_timed(a);
    case SYS_poll:
        return (int)a[2] >= 0;
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
        return (int)a[3] >= 0;
    case SYS_select:
    case SYS_pselect6:
    case SYS_mq_timedreceive:
    case SYS_mq_timedsend:
    case SYS_io_getevents:
    case SYS_recvmmsg:
        return a[4] != 0;
    case SYS_semtimedop:
    case SYS_epoll_pwait2:
        return a[3] != 0;
    case SYS_ppoll:
    case SYS_rt_sigtimedwait:
        return a[2] != 0;
    default:
        return false;
    }
}

static bool task_awaits_others(const struct proc_task *task) {
    switch (task->call) {
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_connect:
    case SYS_poll:
    case SYS_ppoll:
    case SYS_select:
    case SYS_pselect6:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_flock:
        return true;
    case SYS_fcntl:
        return task->call_args[1] == F_SETLKW || task->call_args[1] == F_OFD_SETLKW;
    default:
        return false;
    }
}

bool proc_awaits_others(const struct proc *process) {
    for (size_t i = 0; i < process->task_count; i++)
        if (task_awaits_others(&process->tasks[i]))
            return true;
    return false;
}

size_t proc_proportional_bytes(pid_t pid) {
    char *text = proc_text(NULL, "/proc/%d/smaps_rollup", (int)pid);
    size_t kilobytes = 0;
    sscanf(proc_field(text, "Pss:"), " %zu", &kilobytes);
    talloc_free(text);
    return kilobytes << 10;
}
