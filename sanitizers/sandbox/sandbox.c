/* SPDX-License-Identifier: MIT */
/*
 * Over the supervisor of run.h, which starts, watches and ends; entry.c locks in. What is ours alone is
 * before and after: a user id, the scratch folder's owner, and a look at what is left.
 */
#include "sandbox/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "run/proc.h"
#include "run/run_describe.h"
#include "run/usage.h"
#include "sandbox/entry.h"
#include "sandbox/landlock.h"
#include "sandbox/spare_user.h"

#define LOOK_SECONDS 0.02 /* memory grows by gigabytes a second */
#define END_ROUNDS 10000  /* of a millisecond or more */
#define KEEPERS 2         /* processes of tier A that are ours: room.c */

const struct sandbox_limits sandbox_default_limits = {.seconds = 10,
                                                      .memory_bytes = (size_t)1 << 30,
                                                      .output_bytes = 1 << 20,
                                                      .disk_bytes = (size_t)64 << 20,
                                                      .processes = 64,
                                                      .open_files = 256};

static const struct tier {
    const char *name, *words;
} tiers[SANDBOX_TIERS] = {
    [SANDBOX_NONE] = {"none", "none"},
    [SANDBOX_A] = {"A", "user, mount, pid, network and IPC namespaces"},
    [SANDBOX_B] = {"B", "a spare user id"},
    [SANDBOX_C] = {"C", "the same user"},
};

const char *sandbox_tier_name(enum sandbox_tier tier) {
    return tiers[tier].name;
}

const char *sandbox_words(void *owner, const struct sandbox *sandbox) {
    const char *landlock = sandbox->landlock_abi > 0 ? talloc_asprintf(owner, ", Landlock (ABI %d)",
                                                                       sandbox->landlock_abi)
                                                     : "";
    return never_null(talloc_asprintf(owner, "%s: %s%s, seccomp, rlimits, subreaper",
                                      tiers[sandbox->tier].name, tiers[sandbox->tier].words,
                                      landlock));
}

/* ---- Before and after ------------------------------------------------------------------------- */

/* The folder and all in it. What a hostile owner puts in the way of a path is not followed: a name
 * is looked up in its folder's descriptor. */
static int give_folder(const char *path, uid_t uid, gid_t gid) {
    char *const roots[] = {(char *)(uintptr_t)path, NULL};
    FTS *walk =
        fts_open(roots, FTS_PHYSICAL, NULL); /* goes along: accpath is a name in our folder */
    int result = walk == NULL ? -1 : 0;
    for (FTSENT *entry; result == 0 && (entry = fts_read(walk)) != NULL;)
        if (entry->fts_info != FTS_DP)
            result = fchownat(AT_FDCWD, entry->fts_accpath, uid, gid, AT_SYMLINK_NOFOLLOW);
    if (walk != NULL)
        fts_close(walk);
    return result;
}

/* Threads of ours, which RLIMIT_NPROC counts beside the command's: links of a task folder are its
 * entries. */
static size_t own_threads(void) {
    DIR *proc = opendir("/proc");
    size_t count = 0;
    for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
        char path[64];
        struct stat status;
        snprintf(path, sizeof path, "%.20s/task", entry->d_name);
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            fstatat(dirfd(proc), path, &status, 0) == 0 && status.st_uid == getuid())
            count += status.st_nlink - 2;
    }
    if (proc != NULL)
        closedir(proc);
    return count;
}

static size_t most_threads(enum sandbox_tier tier, const struct sandbox_limits *limits,
                           bool spare) {
    if (tier == SANDBOX_C)
        return limits->processes + own_threads();
    return limits->processes + (tier == SANDBOX_A && !spare ? KEEPERS : 0);
}

static struct run_spec run_spec_of(void *owner, const struct sandbox_spec *spec,
                                   struct entry *entry) {
    const struct sandbox_limits *limits = &spec->limits;
    return (struct run_spec){.argv = spec->argv,
                             .environment = entry_environment(owner, spec),
                             .surroundings = {.input = spec->input},
                             .limits = {.seconds = limits->seconds,
                                        .wall_seconds = limits->wall_seconds,
                                        .output_bytes = limits->output_bytes,
                                        .memory_bytes = limits->memory_bytes,
                                        .processes = limits->processes + KEEPERS,
                                        .disk_bytes = limits->disk_bytes},
                             .fixed_addresses = true,
                             .may_idle = spec->may_idle,
                             .any_file_size = true, /* a limit of ours follows */
                             .tool = spec->tool,
                             .disk = spec->scratch,
                             .look_seconds = LOOK_SECONDS,
                             .look_as = entry->sandbox->tier == SANDBOX_B ? entry->uid : 0,
                             .clean_environment = true,
                             .has_keepers = entry->sandbox->tier == SANDBOX_A,
                             .enter = entry_enter,
                             .enter_argument = entry};
}

static bool is_among(const struct proc_numbers *numbers, pid_t pid) {
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->items[i] == pid)
            return true;
    return false;
}

/* Who is our child and was not before: what died after the supervisor's last look is waited for. */
static bool end_orphans(const struct proc_numbers *before) {
    bool any = true;
    for (int round = 0; round < END_ROUNDS && any; round++) {
        struct proc_numbers now = proc_children(NULL);
        any = false;
        for (size_t i = 0; i < now.count; i++) {
            if (is_among(before, now.items[i]))
                continue;
            kill(now.items[i], SIGKILL);
            any = waitpid(now.items[i], NULL, WNOHANG) == 0 || any;
        }
        talloc_free(now.items);
        if (any)
            poll(NULL, 0, 1);
    }
    return !any;
}

/* Run.h's errors say what; the stage says where. */
static int refused(const struct entry *entry, struct error *error) {
    const struct entry_stage *stage = entry->stage;
    if (stage->step == NULL || error == NULL)
        return -1;
    const char *cause = strrchr(error->text, ':');
    struct error copy;
    snprintf(copy.text, sizeof copy.text, "%.200s", cause != NULL ? cause : "");
    bool rights = entry->uid != 0 && strstr(copy.text, strerror(EACCES)) != NULL;
    return fail(error, "sandbox of tier %s: cannot %s%s%s%s%s",
                sandbox_tier_name(entry->sandbox->tier), stage->step,
                stage->path != NULL ? " " : "", stage->path != NULL ? stage->path : "",
                rights ? " as another user" : "", copy.text);
}

static int run_within(void *owner, const struct entry *entry, const struct run_spec *spec,
                      struct run_outcome *outcome, struct error *error) {
    struct proc_numbers before = proc_children(owner);
    if (run_program(owner, spec, outcome, error) != 0)
        return refused(entry, error);
    struct spare_user user = {entry->uid, -1};
    bool alive = entry->uid != 0 && !spare_user_end(&user);
    if (!end_orphans(&before) || alive)
        return fail(error, "%s started a process that does not die", spec->argv[0]);
    if (outcome->end != RUN_INTERRUPTED && usage_of_folder(spec->disk) > spec->limits.disk_bytes)
        outcome->end = RUN_DISK_LIMIT; /* between two looks */
    return 0;
}

static int run_as(void *owner, const struct sandbox *sandbox, const struct sandbox_spec *spec,
                  const struct spare_user *user, struct run_outcome *outcome, struct error *error) {
    struct entry_stage *stage =
        mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (stage == MAP_FAILED)
        return fail(error, "no memory for a sandbox: %s", strerror(errno));
    struct entry entry = {.sandbox = sandbox,
                          .spec = spec,
                          .uid = user->uid,
                          .nproc = most_threads(sandbox->tier, &spec->limits, user->uid != 0),
                          .stage = stage};
    struct run_spec run = run_spec_of(owner, spec, &entry);
    int result = user->uid != 0 ? give_folder(spec->scratch, user->uid, user->uid) : 0;
    if (result != 0)
        fail(error, "cannot give %s to another user: %s", spec->scratch, strerror(errno));
    else
        result = run_within(owner, &entry, &run, outcome, error);
    if (user->uid != 0)
        give_folder(spec->scratch, getuid(), getgid());
    munmap(stage, sizeof *stage);
    return result;
}

static int check_spec(const struct sandbox *sandbox, const struct sandbox_spec *spec,
                      struct error *error) {
    if (spec->loopback && sandbox->tier != SANDBOX_A)
        return fail(error,
                    "a sandbox of tier %s has no network of its own: what needs sockets runs in "
                    "tier A only",
                    sandbox_tier_name(sandbox->tier));
    for (const char *const *path = spec->reads; path != NULL && *path != NULL; path++)
        if (**path != '/')
            return fail(error, "sandbox: %s is no absolute path", *path);
    return *spec->scratch == '/' ? 0
                                 : fail(error, "sandbox: %s is no absolute path", spec->scratch);
}

int sandbox_run(void *owner, const struct sandbox *sandbox, const struct sandbox_spec *spec,
                struct run_outcome *outcome, struct error *error) {
    struct spare_user user = {0, -1};
    if (check_spec(sandbox, spec, error) != 0)
        return -1;
    if (geteuid() == 0 && spare_user_take(&user, error) != 0)
        return -1;
    int result = run_as(owner, sandbox, spec, &user, outcome, error);
    spare_user_return(&user);
    return result;
}

int sandbox_make_executable(const char *path, struct error *error) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int result = fd < 0 ? -1 : fstat(fd, &status);
    if (result == 0 && !S_ISREG(status.st_mode)) {
        errno = EINVAL;
        result = -1;
    }
    if (result == 0)
        result = fchmod(fd, 0755);
    if (result != 0)
        fail(error, "cannot make %s executable: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return result;
}

/* ---- Which tier ------------------------------------------------------------------------------- */

/* What the machine would have to be for that tier, before it is tried; NULL: it may be. */
static const char *unfit(const struct sandbox *sandbox) {
    bool root = geteuid() == 0;
    if (sandbox->tier == SANDBOX_B && !root)
        return "it is for root";
    if (sandbox->tier == SANDBOX_C && root)
        return "it is for an ordinary user";
    if (sandbox->tier != SANDBOX_A && sandbox->landlock_abi == 0)
        return "the kernel has no Landlock, or it is switched off";
    return NULL;
}

/* A command that does nothing: it gets as far as one can get. 0, or -1 and *why. */
static int try_tier(const struct sandbox *sandbox, const char *scratch, struct error *why) {
    const char *reason = unfit(sandbox);
    if (reason != NULL)
        return fail(why, "sandbox of tier %s: %s", sandbox_tier_name(sandbox->tier), reason);
    void *owner = new_owner();
    struct sandbox_spec spec = {.argv = (const char *const[]){"true", NULL},
                                .scratch = scratch,
                                .limits = sandbox_default_limits};
    struct run_outcome outcome;
    int result = sandbox_run(owner, sandbox, &spec, &outcome, why);
    if (result == 0 && (outcome.end != RUN_EXITED || outcome.status != 0))
        result = fail(why, "sandbox of tier %s: true(1): %s", sandbox_tier_name(sandbox->tier),
                      run_explain(owner, &outcome));
    talloc_free(owner);
    return result;
}

static bool can_fix_addresses(void) {
    int before = personality(0xffffffff);
    bool can = before >= 0 && personality((unsigned long)before | ADDR_NO_RANDOMIZE) >= 0;
    if (can)
        personality((unsigned long)before);
    return can;
}

static int try_each(enum sandbox_tier wanted, const char *scratch, struct sandbox *sandbox,
                    struct error *error) {
    struct error all = {""};
    size_t length = 0;
    for (enum sandbox_tier tier = SANDBOX_A; tier < SANDBOX_TIERS; tier++) {
        struct error why;
        if (wanted != SANDBOX_NONE && wanted != tier)
            continue;
        sandbox->tier = tier;
        if (try_tier(sandbox, scratch, &why) == 0)
            return 0;
        length += (size_t)snprintf(all.text + length, sizeof all.text - length, "%s%.250s",
                                   length > 0 ? "; " : "", why.text);
    }
    sandbox->tier = SANDBOX_NONE;
    return fail(error, "no sandbox can be had here: %s", all.text);
}

int sandbox_probe(void *owner, enum sandbox_tier wanted, struct sandbox *sandbox,
                  struct error *error) {
    const char *scratch = folder_new(owner, "/tmp", error);
    if (scratch == NULL)
        return -1;
    *sandbox =
        (struct sandbox){.landlock_abi = landlock_abi(), .fixed_addresses = can_fix_addresses()};
    int result = try_each(wanted, scratch, sandbox, error);
    folder_remove(scratch);
    return result;
}
