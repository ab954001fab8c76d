/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins that make too many processes, outlive their run, or reach for processes of others. Who outlives
 * holds a lock on the file `held` of the scratch folder: the self-test looks whether it is free.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hazard/selftest/attempt.h"
#include "hazard/selftest/planted.h"

#define PIDS "pid namespace"
#define THREE(what)                                                                                \
    { what, what, what }
#define LATE 6 /* seconds that an outliver would live */

static void hold(void) {
    int fd = open("held", O_WRONLY | O_CREAT, 0600);
    flock(fd, LOCK_SH);
}

/* All at once, and they end with their parent. */
static bool make_processes(const struct attempt_place *place) {
    (void)place;
    int made = 0, cause = 0;
    for (int i = 0; i < 2 * ATTEMPT_PROCESSES; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            alarm(LATE);
            pause();
            _exit(0);
        }
        made += pid > 0;
        cause = pid < 0 ? errno : cause;
    }
    printf("%d processes\n", made);
    errno = cause;
    return made > ATTEMPT_PROCESSES;
}

static void *be_thread(void *unused) {
    pause();
    return unused;
}

static bool make_threads(const struct attempt_place *place) {
    (void)place;
    int made = 0, cause = 0;
    for (int i = 0; i < 2 * ATTEMPT_PROCESSES; i++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, be_thread, NULL);
        made += error == 0;
        cause = error != 0 ? error : cause;
    }
    printf("%d threads\n", made);
    errno = cause;
    return made > ATTEMPT_PROCESSES;
}

/* Each makes the next in a session of its own, and ends: 300 of them. */
static bool make_chain(const struct attempt_place *place) {
    (void)place;
    hold();
    for (int link = 0; link < 300; link++) {
        pid_t pid = fork();
        if (pid != 0)
            _exit(ATTEMPT_COULD_NOT);
        setsid();
    }
    sleep(LATE);
    _exit(0);
}

static void become_daemon(bool silent) {
    hold();
    if (fork() != 0)
        return;
    setsid();
    if (fork() != 0)
        _exit(0);
    for (int fd = 0; silent && fd < 3; fd++)
        close(fd);
    sleep(LATE);
    _exit(0);
}

static bool leave_daemon(const struct attempt_place *place) {
    (void)place;
    become_daemon(true);
    return false;
}

static bool leave_printing_daemon(const struct attempt_place *place) {
    (void)place;
    become_daemon(false);
    return false;
}

/* Ours is the last to look after it: it asks to be given what loses its parent. */
static bool keep_orphans(const struct attempt_place *place) {
    (void)place;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGTERM, SIG_IGN);
    for (int i = 0; i < 3; i++)
        become_daemon(true);
    return false;
}

/* The main thread ends, another goes on. */
static void *hold_on(void *unused) {
    hold();
    sleep(ATTEMPT_LONG);
    _exit(ATTEMPT_COULD);
    return unused;
}

static bool end_main_thread(const struct attempt_place *place) {
    (void)place;
    pthread_t thread;
    if (pthread_create(&thread, NULL, hold_on, NULL) != 0)
        return false;
    pthread_exit(NULL);
}

static bool kill_bystander(const struct attempt_place *place) {
    return kill(place->bystander, SIGKILL) == 0;
}

static bool kill_by_descriptor(const struct attempt_place *place) {
    int fd = pidfd_open(place->bystander, 0);
    return fd >= 0 && pidfd_send_signal(fd, SIGKILL, NULL, 0) == 0;
}

/* Signal 0 is a question. */
static bool signal_parent(const struct attempt_place *place) {
    (void)place;
    return getppid() > 1 && kill(getppid(), 0) == 0;
}

/* The first of a pid namespace cannot be ended from within. */
static bool signal_everybody(const struct attempt_place *place) {
    (void)place;
    DIR *proc = opendir("/proc");
    bool could = false;
    for (struct dirent *entry; proc != NULL && !could && (entry = readdir(proc)) != NULL;) {
        pid_t pid = atoi(entry->d_name);
        could = pid > 1 && pid != getpid() && kill(pid, 0) == 0;
    }
    return could;
}

/* A descriptor's owner gets a signal when it can be read. */
static bool signal_by_owner(const struct attempt_place *place) {
    int ends[2];
    if (pipe(ends) != 0 || fcntl(ends[0], F_SETFL, O_ASYNC) != 0 ||
        fcntl(ends[0], F_SETSIG, SIGTERM) != 0 || fcntl(ends[0], F_SETOWN, place->bystander) != 0 ||
        write(ends[1], "x", 1) != 1)
        return false;
    errno = 0;
    return false; /* whether the bystander has had it is seen from outside */
}

static bool trace_bystander(const struct attempt_place *place) {
    return ptrace(PTRACE_SEIZE, place->bystander, NULL, NULL) == 0;
}

static bool trace_parent(const struct attempt_place *place) {
    (void)place;
    return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

static bool read_memory(const struct attempt_place *place) {
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    /* EFAULT: it may look, and nothing is at that address. */
    return process_vm_readv(place->bystander, &here, 1, &there, 1, 0) == 1 || errno == EFAULT;
}

static bool write_memory(const struct attempt_place *place) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)place->bystander);
    return open(path, O_RDWR) >= 0;
}

/* What it finds it prints: the secret is in it. */
static bool show_environment(pid_t pid) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    int fd = open(path, O_RDONLY);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
    for (ssize_t at = 0; at < length; at++)
        putchar(text[at] != '\0' ? text[at] : '\n');
    return length > 0;
}

static bool read_environment(const struct attempt_place *place) {
    return show_environment(place->bystander);
}

static bool read_parents_environment(const struct attempt_place *place) {
    (void)place;
    return show_environment(getppid());
}

static bool read_commands(const struct attempt_place *place) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)place->bystander);
    return open(path, O_RDONLY) >= 0;
}

static bool take_descriptor(const struct attempt_place *place) {
    int fd = pidfd_open(place->bystander, 0);
    return fd >= 0 && pidfd_getfd(fd, 0, 0) >= 0;
}

static bool slow_down(const struct attempt_place *place) {
    return setpriority(PRIO_PROCESS, (id_t)place->bystander, 19) == 0;
}

static bool limit_bystander(const struct attempt_place *place) {
    struct rlimit few = {3, 3};
    return prlimit(place->bystander, RLIMIT_NOFILE, &few, NULL) == 0;
}

/* What hazard has planted in its own environment, and what it has open. */
static bool inherit_environment(const struct attempt_place *place) {
    (void)place;
    const char *value = getenv(PLANTED_VARIABLE);
    if (value != NULL)
        puts(value);
    return value != NULL;
}

static bool inherit_descriptors(const struct attempt_place *place) {
    (void)place;
    for (int fd = 3; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return true;
    return false;
}

static const struct attempt processes[] = {
    {"fork-bomb", "makes twice as many processes", THREE("RLIMIT_NPROC"), make_processes, NULL,
     false},
    {"thread-bomb", "makes twice as many threads", THREE("RLIMIT_NPROC"), make_threads, NULL,
     false},
    {"fork-chain",
     "makes 300 processes, each of which makes the next and ends",
     {PIDS, "subreaper, kill by user", "subreaper"},
     make_chain,
     NULL,
     false},
    {"daemon",
     "leaves a daemon",
     {PIDS, "subreaper, kill by user", "subreaper"},
     leave_daemon,
     NULL,
     false},
    {"printing-daemon",
     "leaves a daemon that holds the output",
     {PIDS, "subreaper, kill by user", "subreaper"},
     leave_printing_daemon,
     NULL,
     false},
    {"subreaper",
     "leaves daemons, and takes the orphans itself",
     {PIDS, "subreaper, kill by user", "subreaper"},
     keep_orphans,
     NULL,
     false},
    {"main-thread-ends", "ends its main thread, and goes on", THREE("watched time"),
     end_main_thread, NULL, false},
    {"kill-bystander",
     "kills a process of ours",
     {PIDS, "spare user", "Landlock or seccomp"},
     kill_bystander,
     NULL,
     false},
    {"kill-by-descriptor",
     "kills a process of ours by its descriptor",
     {PIDS, "spare user", "Landlock or seccomp"},
     kill_by_descriptor,
     NULL,
     false},
    {"signal-parent",
     "signals its parent",
     {PIDS, "spare user", "Landlock or seccomp"},
     signal_parent,
     NULL,
     false},
    {"signal-all",
     "signals whatever process it sees",
     {PIDS, "spare user", "Landlock or seccomp"},
     signal_everybody,
     NULL,
     false},
    {"signal-by-owner",
     "has a descriptor signal a process of ours",
     {PIDS, "spare user", "Landlock or seccomp"},
     signal_by_owner,
     NULL,
     false},
    {"trace-bystander",
     "traces a process of ours",
     {PIDS ", seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     trace_bystander,
     NULL,
     false},
    {"trace-parent", "traces its parent", THREE("seccomp, Landlock"), trace_parent, NULL, false},
    {"read-memory",
     "reads the memory of a process of ours",
     {PIDS ", seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     read_memory,
     NULL,
     false},
    {"write-memory",
     "opens the memory of a process of ours to write",
     {PIDS, "spare user, Landlock", "Landlock"},
     write_memory,
     NULL,
     false},
    {"read-environment",
     "reads the environment of a process of ours",
     {PIDS, "spare user, Landlock", "Landlock"},
     read_environment,
     NULL,
     false},
    {"read-parents-environment",
     "reads the environment of its parent",
     {"Landlock, no dumps", "spare user, Landlock", "Landlock"},
     read_parents_environment,
     NULL,
     false},
    {"read-commands",
     "reads how others were called",
     {PIDS, NULL, NULL},
     read_commands,
     NULL,
     false},
    {"take-descriptor",
     "takes a descriptor of a process of ours",
     {PIDS ", seccomp", "seccomp, spare user", "seccomp, Landlock"},
     take_descriptor,
     NULL,
     false},
    {"slow-down",
     "takes a process of ours its priority",
     {PIDS, "spare user", "seccomp"},
     slow_down,
     NULL,
     false},
    {"limit-others",
     "sets limits for a process of ours",
     {PIDS, "spare user", "seccomp"},
     limit_bystander,
     NULL,
     false},
    {"inherit-environment", "finds the grader's environment in its own", THREE("clean environment"),
     inherit_environment, NULL, false},
    {"inherit-descriptors", "finds descriptors of the grader", THREE("closed at the start"),
     inherit_descriptors, NULL, false},
};

struct attempt_list attempt_list_processes(void) {
    return (struct attempt_list){processes, sizeof processes / sizeof *processes};
}
