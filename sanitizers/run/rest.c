/* SPDX-License-Identifier: MIT */
/*
 * A thread that sleeps in a known call without a time-out cannot go on by itself. Time-outs hide in
 * four places: in the call's arguments, in its socket (SO_RCVTIMEO), in a timerfd, and in timers
 * whose signal is caught or waited for. Whatever cannot be known counts as one.
 */
#include "run/rest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc_text.h"

#define THREAD_PIDFD O_EXCL /* PIDFD_THREAD, of Linux 6.9 */

/* SO_RCVTIMEO or SO_SNDTIMEO if the call obeys one, else 0. */
static int timeout_option(long call) {
    switch (call) {
    case SYS_read:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_accept:
    case SYS_accept4:
        return SO_RCVTIMEO;
    case SYS_write:
    case SYS_writev:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_connect:
        return SO_SNDTIMEO;
    default:
        return 0;
    }
}

/* Of a process whose main thread has ended, descriptors are to be had of another thread only. */
static int open_socket(const struct proc *process, int number) {
    bool whole = process->living == process->pid;
    int pidfd = pidfd_open(process->living, whole ? 0 : THREAD_PIDFD);
    int fd = pidfd < 0 ? -1 : pidfd_getfd(pidfd, number, 0);
    if (pidfd >= 0)
        close(pidfd);
    return fd;
}

/* Where the kernel does not let us look (EPERM in some containers),
 * there is none that we know of. */
static bool socket_times_out(const struct proc *process, const struct proc_task *task) {
    int option = timeout_option(task->call);
    if (option == 0)
        return false;
    int fd = open_socket(process, (int)task->call_args[0]);
    struct timeval limit = {0, 0};
    socklen_t length = sizeof limit;
    if (fd >= 0) {
        getsockopt(fd, SOL_SOCKET, option, &limit, &length);
        close(fd);
    }
    return limit.tv_sec != 0 || limit.tv_usec != 0;
}

/* Is this descriptor a timerfd that will go off? See proc(5) on fdinfo. */
static bool armed_timer(pid_t pid, const char *fd) {
    char *text = proc_text(NULL, "/proc/%d/fdinfo/%.10s", (int)pid, fd);
    long long seconds, nanoseconds;
    bool armed =
        sscanf(proc_field(text, "it_value:"), " (%lld, %lld)", &seconds, &nanoseconds) == 2 &&
        (seconds != 0 || nanoseconds != 0);
    talloc_free(text);
    return armed;
}

static bool has_armed_timer(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    bool armed = false;
    for (struct dirent *entry; folder != NULL && !armed && (entry = readdir(folder)) != NULL;) {
        char target[64] = "";
        if (readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1) > 0)
            armed = strcmp(target, "anon_inode:[timerfd]") == 0 && armed_timer(pid, entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    return armed;
}

/* timer_create(2): the kernel lists them. */
static bool has_posix_timer(pid_t pid) {
    char *text = proc_text(NULL, "/proc/%d/timers", (int)pid);
    bool any = *text != '\0';
    talloc_free(text);
    return any;
}

static enum rest task_rest(const struct proc *process, const struct proc_task *task) {
    if (task->state == 'Z' || task->state == 'X' || task->state == 'T')
        return REST_ASLEEP;
    if (task->state != 'S')
        return REST_BUSY;
    bool may_wake = task->call < 0 || proc_task_in_timed_wait(task) ||
                    proc_task_awaits_timer_signal(process->living, task) ||
                    socket_times_out(process, task);
    return may_wake ? REST_NAPPING : REST_ASLEEP;
}

/* TSan's own thread is never the first of its process. */
bool rest_is_of_tsan(const struct proc *process, const struct proc_task *task) {
    return task->state == 'S' && task->tid != process->pid &&
           proc_task_nap_milliseconds(process->living, task) == 100;
}

bool rest_is_symbolizer(const struct proc *process) {
    static const char name[] = "llvm-symbolizer"; /* as much as the kernel keeps of a longer one */
    char *text = proc_text(NULL, "/proc/%d/comm", (int)process->pid);
    bool same = strncmp(text, name, strlen(name)) == 0;
    talloc_free(text);
    return same;
}

/* The one of the two that can go on sooner. */
static enum rest rest_lower(enum rest a, enum rest b) {
    return a < b ? a : b;
}

enum rest rest_of_process(const struct proc *process, enum rest_tool tool) {
    if (process->state == 'Z' && proc_has_ended(process))
        return REST_ASLEEP;
    enum rest rest = process->task_count == 0 ? REST_BUSY : REST_ASLEEP;
    bool excused = tool != REST_TSAN; /* at most one thread is the tool's */
    for (size_t i = 0; i < process->task_count && rest > REST_BUSY; i++) {
        const struct proc_task *task = &process->tasks[i];
        if (!excused && rest_is_of_tsan(process, task))
            excused = true;
        else
            rest = rest_lower(rest, task_rest(process, task));
    }
    if (rest == REST_ASLEEP &&
        (process->catches_timer_signals || has_armed_timer(process->living) ||
         has_posix_timer(process->living)))
        rest = REST_NAPPING;
    return rest;
}

enum rest rest_of_tree(const struct proc_tree *tree, enum rest_tool tool) {
    enum rest rest = REST_ASLEEP;
    for (size_t i = 0; i < tree->count && rest > REST_BUSY; i++)
        rest = rest_lower(rest, rest_of_process(&tree->items[i], tool));
    return rest;
}
