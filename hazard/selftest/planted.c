/* SPDX-License-Identifier: MIT */
#include "hazard/selftest/planted.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"

#define PATH_SIZE 4096
#define LIFE_SECONDS 3600 /* the bystander's, whatever becomes of us */
#define KEPT "kept\n"
#define MODE_OPEN 0666
#define MODE_SECRET 0644

static const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};

_Noreturn void planted_stand_by(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(LIFE_SECONDS);
    for (;;)
        pause();
}

/* ---- Planting ---------------------------------------------------------------------------------- */

static const char *path_in(const struct planted *planted, const char *name) {
    return never_null(talloc_asprintf(planted->folder, "%s/%s", planted->folder, name));
}

static int plant(const char *path, const char *text, mode_t mode, struct error *error) {
    if (file_replace(path, text, strlen(text), error) != 0)
        return -1;
    return chmod(path, mode) == 0 && utimensat(AT_FDCWD, path, long_ago, 0) == 0
               ? 0
               : fail(error, "cannot set the mode of %s: %s", path, strerror(errno));
}

static int make_folder(const char *path, mode_t mode, struct error *error) {
    if ((mkdir(path, mode) != 0 && errno != EEXIST) || chmod(path, mode) != 0)
        return fail(error, "cannot make the folder %s: %s", path, strerror(errno));
    return 0;
}

/* To where all users may run it. */
static int copy_tool(const char *hazard, const char *path, struct error *error) {
    int from = open(hazard, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    struct stat status;
    bool copied = from >= 0 && to >= 0 && fstat(from, &status) == 0;
    for (off_t at = 0; copied && at < status.st_size;)
        copied = sendfile(to, from, &at, (size_t)(status.st_size - at)) > 0;
    copied = copied && fchmod(to, 0755) == 0;
    int cause = errno;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return copied ? 0 : fail(error, "cannot copy hazard to %s: %s", path, strerror(cause));
}

static int start_bystander(struct planted *planted, struct error *error) {
    pid_t pid = fork();
    if (pid == 0) {
        char command[] = "grade", option[] = "--attempt=stand-by";
        char *words[] = {(char *)(uintptr_t)planted->tool, command, option, NULL};
        char variable[128];
        snprintf(variable, sizeof variable, PLANTED_VARIABLE "=%s", planted->token);
        int nothing = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++)
            dup2(nothing, fd);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (chdir(planted->folder) == 0)
            execve(planted->tool, words, (char *[]){variable, NULL});
        _exit(127);
    }
    planted->place.bystander = pid;
    return pid > 0 ? 0 : fail(error, "cannot start a process: %s", strerror(errno));
}

static int start_listener(struct planted *planted, struct error *error) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    planted->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (planted->listener < 0 ||
        bind(planted->listener, (const struct sockaddr *)&address, size) != 0 ||
        listen(planted->listener, 16) != 0 ||
        getsockname(planted->listener, (struct sockaddr *)&address, &size) != 0)
        return fail(error, "cannot listen on the loopback: %s", strerror(errno));
    planted->place.port = ntohs(address.sin_port);
    return 0;
}

static const char *new_token(void *owner) {
    uint64_t number[2] = {0};
    while (getrandom(number, sizeof number, 0) != sizeof number)
        ;
    return never_null(
        talloc_asprintf(owner, "word%016" PRIx64 "%016" PRIx64, number[0], number[1]));
}

int planted_make(void *owner, const char *hazard, struct planted *planted, struct error *error) {
    *planted = (struct planted){.token = new_token(owner), .listener = -1};
    planted->folder = folder_new(owner, "/tmp", error);
    if (planted->folder == NULL)
        return -1;
    planted->place = (struct attempt_place){.secret = path_in(planted, "secret"),
                                            .hidden = path_in(planted, "hidden"),
                                            .outside = path_in(planted, "outside"),
                                            .shared = path_in(planted, "shared"),
                                            .scratch = path_in(planted, "scratch")};
    planted->tool = path_in(planted, "hazard");
    setenv(PLANTED_VARIABLE, planted->token, 1);
    if (make_folder(planted->folder, 0755, error) != 0 ||
        make_folder(planted->place.shared, 0755, error) != 0 ||
        copy_tool(hazard, planted->tool, error) != 0 || start_listener(planted, error) != 0)
        return -1;
    return planted_renew(owner, planted, error);
}

static bool is_alive(pid_t pid) {
    siginfo_t info = {0};
    return pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

static void end_bystander(struct planted *planted) {
    if (planted->place.bystander <= 0)
        return;
    kill(planted->place.bystander, SIGKILL);
    waitpid(planted->place.bystander, NULL, 0);
    planted->place.bystander = 0;
}

static bool bystander_is_as_before(pid_t pid) {
    struct rlimit own, its;
    errno = 0;
    return getpriority(PRIO_PROCESS, (id_t)pid) == getpriority(PRIO_PROCESS, 0) &&
           getrlimit(RLIMIT_NOFILE, &own) == 0 && prlimit(pid, RLIMIT_NOFILE, NULL, &its) == 0 &&
           own.rlim_cur == its.rlim_cur;
}

int planted_renew(void *owner, struct planted *planted, struct error *error) {
    const struct attempt_place *place = &planted->place;
    const char *text = talloc_asprintf(owner, "secret %s\n", planted->token);
    folder_remove(place->scratch);
    folder_remove(place->outside);
    if (make_folder(place->scratch, 0755, error) != 0 ||
        make_folder(place->outside, 0777, error) != 0 ||
        plant(path_in(planted, "outside/kept"), KEPT, MODE_OPEN, error) != 0 ||
        plant(path_in(planted, "shared/given"), KEPT, MODE_OPEN, error) != 0 ||
        plant(place->secret, text, MODE_SECRET, error) != 0 ||
        plant(place->hidden, text, 0600, error) != 0)
        return -1;
    if (is_alive(place->bystander) && bystander_is_as_before(place->bystander))
        return 0;
    end_bystander(planted);
    return start_bystander(planted, error);
}

void planted_remove(struct planted *planted) {
    end_bystander(planted);
    unsetenv(PLANTED_VARIABLE);
    if (planted->listener >= 0)
        close(planted->listener);
    if (planted->folder != NULL)
        folder_remove(planted->folder);
}

/* ---- Harm -------------------------------------------------------------------------------------- */

static bool is_as_planted(const char *path, mode_t mode) {
    struct stat status;
    char *text = file_read(NULL, path, NULL);
    bool same = text != NULL && strcmp(text, KEPT) == 0 && lstat(path, &status) == 0 &&
                S_ISREG(status.st_mode) && (status.st_mode & 07777) == mode &&
                status.st_mtim.tv_sec == long_ago[1].tv_sec && status.st_nlink == 1;
    talloc_free(text);
    return same;
}

static size_t entries(const char *path) {
    DIR *folder = opendir(path);
    size_t count = 0;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder != NULL)
        closedir(folder);
    return count;
}

static bool holds_token(const struct planted *planted, const char *path) {
    char block[64 << 10];
    size_t length = strlen(planted->token), kept = 0;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool found = false;
    for (ssize_t got;
         fd >= 0 && !found && (got = read(fd, block + kept, sizeof block - kept)) > 0;) {
        size_t there = kept + (size_t)got;
        found = memmem(block, there, planted->token, length) != NULL;
        kept = there < length ? there : length;
        memmove(block, block + there - kept, kept);
    }
    if (fd >= 0)
        close(fd);
    return found;
}

static const char *harm_of_entry(const struct planted *planted, const FTSENT *entry) {
    mode_t mode = entry->fts_statp->st_mode;
    if (!S_ISREG(mode) && !S_ISDIR(mode))
        return "it left what is no file and no folder";
    if ((mode & (S_ISUID | S_ISGID)) != 0)
        return "it left a program with its owner's rights";
    if (entry->fts_statp->st_nlink > 1 && S_ISREG(mode))
        return "it left another name of a file";
    return S_ISREG(mode) && holds_token(planted, entry->fts_path) ? "it has the secret in a file"
                                                                  : NULL;
}

static const char *harm_in_scratch(const struct planted *planted) {
    char *const roots[] = {(char *)(uintptr_t)planted->place.scratch, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    const char *harm = NULL;
    for (FTSENT *entry; walk != NULL && harm == NULL && (entry = fts_read(walk)) != NULL;)
        harm = entry->fts_info == FTS_DP ? NULL : harm_of_entry(planted, entry);
    if (walk != NULL)
        fts_close(walk);
    return harm;
}

/* And if there is something, it is taken away. */
static bool is_on_machine(const struct planted *planted) {
    static const char *const folders[] = {"/dev/shm", "/tmp", "/var/tmp"};
    bool any = false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/hazard-selftest-%d", folders[i],
                 (int)planted->place.bystander);
        any = unlink(path) == 0 || any;
    }
    return any;
}

/* A lock is a process's that lives. */
static bool is_held(const struct planted *planted) {
    const char *path = path_in(planted, "scratch/held");
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
    if (fd >= 0)
        close(fd);
    return held;
}

static bool was_printed(const struct planted *planted, const struct run_outcome *outcome) {
    return strstr(outcome->output, planted->token) != NULL ||
           strstr(outcome->errors, planted->token) != NULL;
}

const char *planted_harm(const struct planted *planted, const struct run_outcome *outcome) {
    const struct attempt_place *place = &planted->place;
    struct stat status;
    if (was_printed(planted, outcome))
        return "it has the secret";
    if (!is_as_planted(path_in(planted, "outside/kept"), MODE_OPEN) ||
        !is_as_planted(path_in(planted, "shared/given"), MODE_OPEN) ||
        stat(place->secret, &status) != 0 || (status.st_mode & 07777) != MODE_SECRET)
        return "it changed a file outside";
    if (entries(place->outside) != 1 || entries(place->shared) != 1 || is_on_machine(planted))
        return "it made a file outside";
    if (!is_alive(place->bystander))
        return "it killed a process of ours";
    if (!bystander_is_as_before(place->bystander))
        return "it changed a process of ours";
    if (is_held(planted))
        return "it left a process behind";
    if (strlen(outcome->output) + strlen(outcome->errors) > ATTEMPT_OUTPUT)
        return "it printed more than it may";
    return harm_in_scratch(planted);
}
