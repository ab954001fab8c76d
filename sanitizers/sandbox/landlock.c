/* SPDX-License-Identifier: MIT */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Those of <linux/landlock.h>, whose newer half our oldest system's headers lack. */
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_CHAR = 1 << 6,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    MAKE_SOCK = 1 << 9,
    MAKE_FIFO = 1 << 10,
    MAKE_BLOCK = 1 << 11,
    MAKE_SYM = 1 << 12,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    IOCTL_DEV = 1 << 15,
    BIND_TCP = 1 << 0,
    CONNECT_TCP = 1 << 1,
    SCOPE_ABSTRACT_SOCKET = 1 << 0,
    SCOPE_SIGNAL = 1 << 1,
    CREATE_VERSION = 1 << 0,
    RULE_PATH_BENEATH = 1
};

#define OF_FILES (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)

struct ruleset_attr {
    uint64_t handled_fs, handled_net, scoped;
};

struct path_beneath_attr {
    uint64_t allowed;
    int32_t parent_fd;
} __attribute__((packed));

/* What each version brought. */
static const struct version {
    uint64_t fs, net, scoped;
    size_t size; /* of what the kernel of that version reads of the attributes */
} versions[] = {
    {0, 0, 0, 0},
    {0x1fff, 0, 0, 8},
    {0x1fff | REFER, 0, 0, 8},
    {0x1fff | REFER | TRUNCATE, 0, 0, 8},
    {0x1fff | REFER | TRUNCATE, BIND_TCP | CONNECT_TCP, 0, 16},
    {0x1fff | REFER | TRUNCATE | IOCTL_DEV, BIND_TCP | CONNECT_TCP, 0, 16},
    {0x1fff | REFER | TRUNCATE | IOCTL_DEV, BIND_TCP | CONNECT_TCP,
     SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL, 24},
};
#define NEWEST ((int)(sizeof versions / sizeof *versions) - 1)

static const uint64_t rights[] = {
    [REACH_READ] = EXECUTE | READ_FILE | READ_DIR,
    [REACH_DEVICE] = READ_FILE | WRITE_FILE | TRUNCATE,
    [REACH_PROC] = READ_FILE | READ_DIR,
    [REACH_OWN] = EXECUTE | READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR |
                  REMOVE_FILE | REMOVE_DIR | REFER,
};

int landlock_abi(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
    return version < 0 ? 0 : (int)version;
}

static int add_rule(int ruleset, uint64_t handled, const struct reach *reach) {
    int fd = open(reach->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && !reach->asked ? 0 : -1;
    struct stat status;
    int result = fstat(fd, &status);
    uint64_t allowed = rights[reach->kind] & handled;
    if (result == 0 && !S_ISDIR(status.st_mode))
        allowed &= OF_FILES;
    struct path_beneath_attr rule = {allowed, fd};
    if (result == 0)
        result = (int)syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    int cause = errno;
    close(fd);
    errno = cause;
    return result;
}

int landlock_enter(int abi, const struct reaches *reaches, bool network, const char **at) {
    const struct version *version = &versions[abi < NEWEST ? abi : NEWEST];
    struct ruleset_attr attr = {version->fs, network ? 0 : version->net, version->scoped};
    *at = NULL;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, version->size, 0);
    if (ruleset < 0)
        return -1;
    int result = 0;
    for (size_t i = 0; i < reaches->count && result == 0; i++) {
        result = add_rule(ruleset, version->fs, &reaches->items[i]);
        if (result != 0)
            *at = reaches->items[i].path;
    }
    if (result == 0)
        result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
    int cause = errno;
    close(ruleset);
    errno = cause;
    return result;
}
