/* SPDX-License-Identifier: MIT */
/* Stand-ins that take more than they were granted: each goes a little beyond a limit, and ends. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hazard/selftest/attempt.h"

#define LIMIT(what)                                                                                \
    { what, what, what }
#define MEGABYTE ((size_t)1 << 20)

/* Naps a little, and so for `seconds`; a limit ends it before. */
static void linger(int seconds) {
    struct timespec rest = {seconds, 0};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        ;
}

/* Looks at every page, so that it is really there. */
static bool touch(size_t bytes) {
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    for (size_t at = 0; at < bytes; at += 4096)
        memory[at] = 1;
    return true;
}

/* Twice as much as granted, held until the time is up. */
static bool take_memory(const struct attempt_place *place) {
    (void)place;
    if (!touch(2 * ATTEMPT_MEMORY))
        return false;
    linger(ATTEMPT_SECONDS / 2);
    return true;
}

static bool take_memory_shared_out(const struct attempt_place *place) {
    (void)place;
    enum { CHILDREN = 4 };
    int started = 0;
    for (int i = 0; i < CHILDREN; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            bool could = touch(ATTEMPT_MEMORY / 2);
            linger(ATTEMPT_SECONDS / 2);
            _exit(could ? 0 : 1);
        }
        started += pid > 0;
    }
    for (int status; wait(&status) > 0;)
        started -= status != 0;
    return started == CHILDREN;
}

static bool write_all(int fd, size_t bytes) {
    static const char block[64 << 10];
    for (size_t done = 0; done < bytes; done += sizeof block)
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block)
            return false;
    return true;
}

/* Files of memory, each as large as one may be; nobody maps them. */
static bool take_memory_in_files(const struct attempt_place *place) {
    (void)place;
    for (size_t taken = 0; taken < 2 * ATTEMPT_MEMORY; taken += ATTEMPT_DISK) {
        int fd = memfd_create("taken", 0);
        if (fd < 0 || !write_all(fd, ATTEMPT_DISK))
            return false;
    }
    linger(ATTEMPT_SECONDS / 2);
    return true;
}

static bool fill_folder(const char *folder, bool keep) {
    for (int i = 0; i < 24; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/fill-%d", folder, i);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || (!keep && unlink(path) != 0) || !write_all(fd, MEGABYTE))
            return false;
    }
    linger(ATTEMPT_SECONDS / 2);
    return true;
}

static bool fill_disk(const struct attempt_place *place) {
    return fill_folder(place->scratch, true);
}

static bool fill_disk_unseen(const struct attempt_place *place) {
    return fill_folder(place->scratch, false);
}

/* One who may write in a folder need not be able to list it. */
static bool fill_disk_unlisted(const struct attempt_place *place) {
    (void)place;
    return mkdir("unlisted", 0300) == 0 && fill_folder("unlisted", true);
}

static bool fill_temporary(const struct attempt_place *place) {
    (void)place;
    return fill_folder("/tmp", true);
}

static bool fill_disk_with_names(const struct attempt_place *place) {
    for (int i = 0; i < 3000; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/name-%d", place->scratch, i);
        int fd = open(path, O_WRONLY | O_CREAT, 0600);
        if (fd < 0)
            return false;
        close(fd);
    }
    linger(ATTEMPT_SECONDS / 2);
    return true;
}

static bool write_large_file(const struct attempt_place *place) {
    (void)place;
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("large", O_WRONLY | O_CREAT, 0600);
    return fd >= 0 && write_all(fd, 3 * ATTEMPT_DISK);
}

static bool print_much(const struct attempt_place *place) {
    (void)place;
    return write_all(STDOUT_FILENO, 2 * ATTEMPT_OUTPUT);
}

static bool complain_much(const struct attempt_place *place) {
    (void)place;
    return write_all(STDERR_FILENO, 2 * ATTEMPT_OUTPUT);
}

static bool open_many(const struct attempt_place *place) {
    (void)place;
    for (int i = 0; i < 2 * ATTEMPT_OPEN_FILES; i++)
        if (open("/dev/null", O_RDONLY) < 0)
            return false;
    return true;
}

static bool raise_limits(const struct attempt_place *place) {
    (void)place;
    static const __rlimit_resource_t resources[] = {RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_FSIZE,
                                                    RLIMIT_CPU};
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
        if (resources[i] == RLIMIT_NOFILE)
            more = (struct rlimit){(rlim_t)4 * ATTEMPT_OPEN_FILES, (rlim_t)4 * ATTEMPT_OPEN_FILES};
        if (setrlimit(resources[i], &more) == 0)
            return true;
    }
    return false;
}

static bool sleep_long(const struct attempt_place *place) {
    (void)place;
    linger(ATTEMPT_LONG);
    return true;
}

static double processor_seconds(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static bool burn(const struct attempt_place *place) {
    (void)place;
    while (processor_seconds() < 2 * ATTEMPT_SECONDS)
        ;
    return true;
}

/* Each of them within the limit, all of them not. */
static bool burn_in_children(const struct attempt_place *place) {
    enum { CHILDREN = 4 };
    (void)place;
    for (int i = 0; i < CHILDREN; i++)
        if (fork() == 0) {
            while (processor_seconds() < 0.75 * ATTEMPT_SECONDS)
                ;
            _exit(0);
        }
    int ended = 0;
    for (int status; wait(&status) > 0;)
        ended += status == 0;
    return ended == CHILDREN;
}

/* Nobody is there to wake it. */
static bool wait_for_ever(const struct attempt_place *place) {
    (void)place;
    int ends[2];
    char byte;
    alarm(3 * ATTEMPT_LONG);
    return pipe(ends) == 0 && read(ends[0], &byte, 1) >= 0;
}

static bool stop_itself(const struct attempt_place *place) {
    (void)place;
    raise(SIGSTOP);
    return false;
}

static bool ignore_signals(const struct attempt_place *place) {
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
    return sleep_long(place);
}

static const struct attempt limits[] = {
    {"memory", "takes twice the memory", LIMIT("watched memory"), take_memory, NULL, false},
    {"memory-of-children", "takes twice the memory, shared out among children",
     LIMIT("watched memory"), take_memory_shared_out, NULL, false},
    {"memory-in-files", "takes twice the memory in memfds", LIMIT("watched memory"),
     take_memory_in_files, NULL, false},
    {"disk", "fills three times the disk", LIMIT("watched folder"), fill_disk, NULL, false},
    {"disk-unlinked", "fills three times the disk in files without a name",
     LIMIT("watched descriptors"), fill_disk_unseen, NULL, false},
    {"disk-unlisted", "fills three times the disk in a folder that cannot be listed",
     LIMIT("watched folder"), fill_disk_unlisted, NULL, false},
    {"disk-names", "makes 3,000 empty files", LIMIT("watched folder"), fill_disk_with_names, NULL,
     false},
    {"disk-temporary",
     "fills three times the disk in /tmp",
     {"size of the private /tmp", "Landlock", "Landlock"},
     fill_temporary,
     NULL,
     false},
    {"large-file", "writes one file of three times the disk", LIMIT("RLIMIT_FSIZE"),
     write_large_file, NULL, false},
    {"output", "prints twice as much as is read", LIMIT("bounded pipes"), print_much, NULL, false},
    {"errors", "prints twice as much on stderr", LIMIT("bounded pipes"), complain_much, NULL,
     false},
    {"open-files", "opens twice as many files", LIMIT("RLIMIT_NOFILE"), open_many, NULL, false},
    {"raise-limits", "raises its own limits", LIMIT("hard rlimits"), raise_limits, NULL, false},
    {"sleep", "sleeps four times as long", LIMIT("watched time"), sleep_long, NULL, false},
    {"burn", "uses twice the processor time", LIMIT("watched time"), burn, NULL, false},
    {"burn-in-children", "uses three times the processor time in children", LIMIT("watched time"),
     burn_in_children, NULL, false},
    {"wait-for-ever", "waits for what never comes", LIMIT("watched rest"), wait_for_ever, NULL,
     false},
    {"stop-itself", "stops itself", LIMIT("watched rest"), stop_itself, NULL, false},
    {"ignore-signals", "ignores every signal, and sleeps", LIMIT("SIGKILL"), ignore_signals, NULL,
     false},
};

struct attempt_list attempt_list_limits(void) {
    return (struct attempt_list){limits, sizeof limits / sizeof *limits};
}
