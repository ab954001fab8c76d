/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

typedef const char *string;
typedef void *target;

static int opened(void) {
    return open(file_with("abcdef"), O_RDONLY);
}

static void descriptors(void) {
    static const char *const opens = "open open64 __open __open64 __open_2 __open64_2";
    EACH(opens, "usual") AS(int, (string, int, int))(file_with("abc"), O_RDONLY, 0);
    EACH(opens, "not there") AS(int, (string, int, int))(text("no"), O_RDONLY, 0);
    EACH(opens, "a folder") AS(int, (string, int, int))(text("."), O_RDONLY | O_DIRECTORY, 0);
    static const char *const opens_at = "openat openat64 __openat_2 __openat64_2";
    EACH(opens_at, "usual")
    AS(int, (int, string, int, int))(AT_FDCWD, file_with("abc"), O_RDONLY, 0);
    EACH(opens_at, "not there") AS(int, (int, string, int, int))(AT_FDCWD, text("no"), O_RDONLY, 0);
    EACH(opens_at, "no such folder") AS(int, (int, string, int, int))(99, text("no"), O_RDONLY, 0);
    EACH("close __close", "usual") AS(int, (int))(opened());
    EACH("close __close", "not open") AS(int, (int))(99);
    EACH("close __close", "negative") AS(int, (int))(-1);
    static const char *const reads = "read __read";
    EACH(reads, "usual") AS(ssize_t, (int, target, size_t))(opened(), filled(16), 16);
    EACH(reads, "part") AS(ssize_t, (int, target, size_t))(opened(), filled(16), 3);
    EACH(reads, "no bytes") AS(ssize_t, (int, target, size_t))(opened(), filled(16), 0);
    EACH(reads, "not open") AS(ssize_t, (int, target, size_t))(99, filled(16), 16);
    EACH("__read_chk", "usual")
    AS(ssize_t, (int, target, size_t, size_t))(opened(), filled(16), 16, 16);
    EACH("__read_chk", "part")
    AS(ssize_t, (int, target, size_t, size_t))(opened(), filled(16), 3, 16);
    EACH("__read_chk", "not open")
    AS(ssize_t, (int, target, size_t, size_t))(99, filled(16), 16, 16);
    static const char *const reads_at = "pread pread64 __pread64 __pread_chk __pread64_chk";
    EACH(reads_at, "usual")
    AS(ssize_t, (int, target, size_t, long, size_t))(opened(), filled(16), 16, 1, 16);
    EACH(reads_at, "behind the end")
    AS(ssize_t, (int, target, size_t, long, size_t))(opened(), filled(16), 16, 100, 16);
    EACH(reads_at, "not open")
    AS(ssize_t, (int, target, size_t, long, size_t))(99, filled(16), 16, 0, 16);
    EACH("write __write", "usual") AS(ssize_t, (int, target, size_t))(1, text("abc"), 3);
    EACH("write __write", "no bytes") AS(ssize_t, (int, target, size_t))(1, text("abc"), 0);
    EACH("write __write", "not open") AS(ssize_t, (int, target, size_t))(99, text("abc"), 3);
    EACH("writev", "usual")
    AS(ssize_t, (int, target, int))
    (1, copy((struct iovec[2]){{text("abc"), 3}, {text("d"), 1}}, 32), 2);
    EACH("writev", "none") AS(ssize_t, (int, target, int))(1, space(32), 0);
    EACH("writev", "not open")
    AS(ssize_t, (int, target, int))
    (99, copy((struct iovec[2]){{text("abc"), 3}, {text("d"), 1}}, 32), 2);
}

static void seeks_and_controls(void) {
    static const char *const seeks = "lseek lseek64 __lseek";
    EACH(seeks, "usual") AS(long, (int, long, int))(opened(), 1, SEEK_SET);
    EACH(seeks, "wrong") AS(long, (int, long, int))(opened(), -9, SEEK_SET);
    EACH(seeks, "not open") AS(long, (int, long, int))(99, 0, SEEK_END);
    static const char *const controls = "fcntl fcntl64 __fcntl";
    EACH(controls, "F_GETFD") AS(int, (int, int, int))(opened(), F_GETFD, 0);
    EACH(controls, "F_SETFD") AS(int, (int, int, int))(opened(), F_SETFD, FD_CLOEXEC);
    EACH(controls, "F_GETFL") AS(int, (int, int, int))(opened(), F_GETFL, 0);
    EACH(controls, "not open") AS(int, (int, int, int))(99, F_GETFL, 0);
    static const char *const one = "fsync fdatasync syncfs isatty";
    EACH(one, "usual") AS(int, (int))(opened());
    EACH(one, "not open") AS(int, (int))(99);
    EACH(one, "standard input") AS(int, (int))(0);
    static const char *const advice = "posix_fadvise posix_fadvise64 readahead";
    EACH(advice, "usual") AS(int, (int, long, long, int))(opened(), 0, 1, 0);
    EACH(advice, "not open") AS(int, (int, long, long, int))(99, 0, 1, 0);
    EACH(advice, "nothing") AS(int, (int, long, long, int))(opened(), 0, 0, 0);
    EACH("fpathconf", "usual") AS(long, (int, int))(opened(), _PC_NAME_MAX);
    EACH("fpathconf", "unknown") AS(long, (int, int))(opened(), -1);
    EACH("fpathconf", "not open") AS(long, (int, int))(99, _PC_LINK_MAX);
    EACH("sync", "usual") AS(void, (void))();
    EACH("sync", "again") sync(), AS(void, (void))();
    EACH("sync", "something to write") file_with("x"), AS(void, (void))();
}

static void states(void) {
    static const char *const by_name = "stat stat64 lstat lstat64";
    EACH(by_name, "usual") AS(int, (string, target))(text("/etc/passwd"), filled(144));
    EACH(by_name, "not there") AS(int, (string, target))(text("no"), filled(144));
    EACH(by_name, "a link") AS(int, (string, target))(text("/bin"), filled(144));
    static const char *const versioned = "__xstat __xstat64 __lxstat __lxstat64";
    EACH(versioned, "usual") AS(int, (int, string, target))(1, text("/etc/passwd"), filled(144));
    EACH(versioned, "not there") AS(int, (int, string, target))(1, text("no"), filled(144));
    EACH(versioned, "unknown version")
    AS(int, (int, string, target))(9, text("/etc/passwd"), filled(144));
    static const char *const by_number = "fstat fstat64";
    EACH(by_number, "usual") AS(int, (int, target))(open("/etc/passwd", O_RDONLY), filled(144));
    EACH(by_number, "not open") AS(int, (int, target))(99, filled(144));
    EACH(by_number, "a device") AS(int, (int, target))(0, filled(144));
    EACH("__fxstat __fxstat64", "usual")
    AS(int, (int, int, target))(1, open("/etc/passwd", O_RDONLY), filled(144));
    EACH("__fxstat __fxstat64", "not open") AS(int, (int, int, target))(1, 99, filled(144));
    EACH("__fxstat __fxstat64", "unknown version") AS(int, (int, int, target))(9, 0, filled(144));
    EACH("fstatat fstatat64", "usual")
    AS(int, (int, string, target, int))(AT_FDCWD, text("/etc/passwd"), filled(144), 0);
    EACH("fstatat fstatat64", "not there")
    AS(int, (int, string, target, int))(AT_FDCWD, text("no"), filled(144), 0);
    EACH("fstatat fstatat64", "empty")
    AS(int, (int, string, target, int))(0, text(""), filled(144), AT_EMPTY_PATH);
    EACH("__fxstatat __fxstatat64", "usual")
    AS(int, (int, int, string, target, int))(1, AT_FDCWD, text("/etc/passwd"), filled(144), 0);
    EACH("__fxstatat __fxstatat64", "not there")
    AS(int, (int, int, string, target, int))(1, AT_FDCWD, text("no"), filled(144), 0);
    EACH("__fxstatat __fxstatat64", "unknown version")
    AS(int, (int, int, string, target, int))(9, AT_FDCWD, text("no"), filled(144), 0);
    EACH("statx", "usual")
    AS(int, (int, string, int, unsigned, target))
    (AT_FDCWD, text("/etc/passwd"), 0, 0xfff, filled(256));
    EACH("statx", "not there")
    AS(int, (int, string, int, unsigned, target))(AT_FDCWD, text("no"), 0, 0xfff, filled(256));
    EACH("statx", "wrong")
    AS(int, (int, string, int, unsigned, target))(AT_FDCWD, text("no"), -1, 0xfff, filled(256));
    EACH("statfs statfs64 __statfs", "usual") AS(int, (string, target))(text("/proc"), filled(120));
    EACH("statfs statfs64 __statfs", "not there")
    AS(int, (string, target))(text("no"), filled(120));
    EACH("statfs statfs64 __statfs", "here")
    AS(int, (string, target))(text("/proc/version"), filled(120));
    EACH("fstatfs fstatfs64", "usual")
    AS(int, (int, target))(open("/proc/version", O_RDONLY), filled(120));
    EACH("fstatfs fstatfs64", "not open") AS(int, (int, target))(99, filled(120));
    EACH("fstatfs fstatfs64", "a device") AS(int, (int, target))(0, filled(120));
    EACH("statvfs statvfs64", "usual") AS(int, (string, target))(text("/proc"), filled(112));
    EACH("statvfs statvfs64", "not there") AS(int, (string, target))(text("no"), filled(112));
    EACH("statvfs statvfs64", "here") AS(int, (string, target))(text("/proc/version"), filled(112));
    EACH("fstatvfs fstatvfs64", "usual")
    AS(int, (int, target))(open("/proc/version", O_RDONLY), filled(112));
    EACH("fstatvfs fstatvfs64", "not open") AS(int, (int, target))(99, filled(112));
    EACH("fstatvfs fstatvfs64", "a device") AS(int, (int, target))(0, filled(112));
}

static void permissions_and_links(void) {
    static const char *const allowed = "access eaccess euidaccess";
    EACH(allowed, "usual") AS(int, (string, int))(file_with("abc"), R_OK);
    EACH(allowed, "not there") AS(int, (string, int))(text("no"), R_OK);
    EACH(allowed, "may not be run") AS(int, (string, int))(file_with("abc"), X_OK);
    EACH("faccessat", "usual")
    AS(int, (int, string, int, int))(AT_FDCWD, file_with("abc"), R_OK, 0);
    EACH("faccessat", "not there") AS(int, (int, string, int, int))(AT_FDCWD, text("no"), R_OK, 0);
    EACH("faccessat", "as itself")
    AS(int, (int, string, int, int))(AT_FDCWD, file_with("abc"), R_OK, AT_EACCESS);
    EACH("pathconf", "usual") AS(long, (string, int))(text("."), _PC_NAME_MAX);
    EACH("pathconf", "not there") AS(long, (string, int))(text("no"), _PC_LINK_MAX);
    EACH("pathconf", "unknown") AS(long, (string, int))(text("."), -1);
    EACH("readlink", "usual")
    AS(ssize_t, (string, target, size_t))(text("/proc/self/exe"), filled(80), 80);
    EACH("readlink", "too short")
    AS(ssize_t, (string, target, size_t))(text("/proc/self/exe"), filled(80), 3);
    EACH("readlink", "no link") AS(ssize_t, (string, target, size_t))(text("."), filled(80), 80);
    EACH("__readlink_chk", "usual")
    AS(ssize_t, (string, target, size_t, size_t))(text("/proc/self/exe"), filled(80), 80, 80);
    EACH("__readlink_chk", "too short")
    AS(ssize_t, (string, target, size_t, size_t))(text("/proc/self/exe"), filled(80), 3, 80);
    EACH("__readlink_chk", "no link")
    AS(ssize_t, (string, target, size_t, size_t))(text("."), filled(80), 80, 80);
    static const char *const at = "readlinkat __readlinkat_chk";
    EACH(at, "usual")
    AS(ssize_t, (int, string, target, size_t, size_t))
    (AT_FDCWD, text("/proc/self/exe"), filled(80), 80, 80);
    EACH(at, "too short")
    AS(ssize_t, (int, string, target, size_t, size_t))
    (AT_FDCWD, text("/proc/self/exe"), filled(80), 3, 80);
    EACH(at, "no link")
    AS(ssize_t, (int, string, target, size_t, size_t))(AT_FDCWD, text("."), filled(80), 80, 80);
}

static void folders(void) {
    EACH("opendir", "usual") AS(target, (string))(text("."));
    EACH("opendir", "not there") AS(target, (string))(text("no"));
    EACH("opendir", "no folder") AS(target, (string))(file_with("abc"));
    EACH("closedir", "usual") AS(int, (target))(opendir("."));
    EACH("closedir", "it was read") {
        DIR *folder = opendir(".");
        readdir(folder);
        AS(int, (target))(folder);
    }
    EACH("closedir", "NULL") AS(int, (target))(NULL);
    EACH("dirfd", "usual") AS(int, (target))(opendir("."));
    EACH("dirfd", "the root") AS(int, (target))(opendir("/"));
    EACH("dirfd", "it was read") {
        DIR *folder = opendir(".");
        readdir(folder);
        AS(int, (target))(folder);
    }
    EACH("getcwd", "usual") chdir("/usr/lib"), AS(target, (target, size_t))(filled(4096), 4096);
    EACH("getcwd", "too short") AS(target, (target, size_t))(filled(80), 2);
    EACH("getcwd", "no buffer") chdir("/usr/lib"), AS(target, (target, size_t))(NULL, 0);
    EACH("__getcwd_chk", "usual")
    chdir("/usr/lib"), AS(target, (target, size_t, size_t))(filled(4096), 4096, 4096);
    EACH("__getcwd_chk", "too short") AS(target, (target, size_t, size_t))(filled(80), 2, 80);
    EACH("__getcwd_chk", "just enough")
    chdir("/usr/lib"), AS(target, (target, size_t, size_t))(filled(80), 80, 80);
    EACH("getwd", "usual") chdir("/usr/lib"), AS(target, (target))(filled(4096));
    EACH("getwd", "NULL") AS(target, (target))(NULL);
    EACH("getwd", "the root") chdir("/"), AS(target, (target))(filled(4096));
    EACH("get_current_dir_name", "usual") AS(target, (void))();
    EACH("get_current_dir_name", "by PWD") setenv("PWD", "/", 1), AS(target, (void))();
    EACH("get_current_dir_name", "without PWD") unsetenv("PWD"), AS(target, (void))();
}

static void accounts(void) {
    static const char *const rewinds = "setgrent endgrent setpwent endpwent";
    EACH(rewinds, "usual") AS(void, (void))();
    EACH(rewinds, "groups were read") getgrent(), AS(void, (void))();
    EACH(rewinds, "users were read") getpwent(), AS(void, (void))();
    static const char *const nexts = "getgrent getpwent";
    EACH(nexts, "the first") AS(target, (void))();
    EACH(nexts, "the second") getgrent(), getpwent(), AS(target, (void))();
    EACH(nexts, "again") getgrent(), setgrent(), AS(target, (void))();
    static const char *const by_number = "getgrgid getpwuid";
    EACH(by_number, "0") AS(target, (int))(0);
    EACH(by_number, "1") AS(target, (int))(1);
    EACH(by_number, "unknown") AS(target, (int))(12345678);
    static const char *const by_name = "getgrnam getpwnam";
    EACH(by_name, "root") AS(target, (string))(text("root"));
    EACH(by_name, "unknown") AS(target, (string))(text("no_such_name"));
    EACH(by_name, "empty") AS(target, (string))(text(""));
    EACH("getlogin", "usual") AS(target, (void))();
    EACH("getlogin", "again") getlogin(), AS(target, (void))();
    EACH("getlogin", "with a name") setenv("LOGNAME", "x", 1), AS(target, (void))();
    EACH("getgroups", "how many") AS(int, (int, target))(0, filled(400));
    EACH("getgroups", "usual") AS(int, (int, target))(100, filled(400));
    EACH("getgroups", "negative") AS(int, (int, target))(-1, filled(400));
    EACH("getresgid getresuid", "usual")
    AS(int, (target, target, target))(filled(4), filled(4), filled(4));
    EACH("getresgid getresuid", "again")
    AS(int, (target, target, target))(space(4), space(4), space(4));
    EACH("getresgid getresuid", "NULL")
    AS(int, (target, target, target))(filled(4), filled(4), NULL);
    static const char *const own = "getegid geteuid getgid getuid getpagesize __getpagesize "
                                   "getpgrp get_nprocs get_nprocs_conf "
                                   "get_phys_pages ttyslot getdtablesize";
    EACH(own, "usual") AS(int, (void))();
    EACH(own, "again") getuid(), AS(int, (void))();
    EACH(own, "once more") getgid(), AS(int, (void))();
    EACH("get_avphys_pages", "usual") AS(void, (void))(); /* never the same */
    EACH("get_avphys_pages", "again") getuid(), AS(void, (void))();
    EACH("get_avphys_pages", "once more") getgid(), AS(void, (void))();
    static const char *const of = "getpgid __getpgid getsid";
    EACH(of, "its own") AS(int, (int))(0);
    EACH(of, "no such process") AS(int, (int))(1 << 29);
    EACH(of, "the first") AS(int, (int))(1);
}

static void the_machine(void) {
    EACH("uname", "usual") AS(int, (target))(filled(390));
    EACH("uname", "zeroes") AS(int, (target))(space(390));
    EACH("uname", "NULL") AS(int, (target))(NULL);
    EACH("sysconf __sysconf", "_SC_PAGESIZE") AS(long, (int))(_SC_PAGESIZE);
    EACH("sysconf __sysconf", "_SC_NPROCESSORS_ONLN") AS(long, (int))(_SC_NPROCESSORS_ONLN);
    EACH("sysconf __sysconf", "_SC_OPEN_MAX") AS(long, (int))(_SC_OPEN_MAX);
    EACH("sysconf __sysconf", "unknown") AS(long, (int))(-1);
    EACH("confstr", "usual") AS(size_t, (int, target, size_t))(_CS_PATH, filled(80), 80);
    EACH("confstr", "too short") AS(size_t, (int, target, size_t))(_CS_PATH, filled(80), 3);
    EACH("confstr", "no buffer") AS(size_t, (int, target, size_t))(_CS_PATH, NULL, 0);
    EACH("confstr", "unknown") AS(size_t, (int, target, size_t))(-1, filled(80), 80);
    EACH("getrlimit getrlimit64", "usual") AS(int, (int, target))(RLIMIT_NOFILE, filled(16));
    EACH("getrlimit getrlimit64", "stack") AS(int, (int, target))(RLIMIT_STACK, filled(16));
    EACH("getrlimit getrlimit64", "unknown") AS(int, (int, target))(999, filled(16));
    EACH("setrlimit setrlimit64", "usual")
    AS(int, (int, target))(RLIMIT_NOFILE, copy((struct rlimit[1]){{100, 100}}, 16));
    EACH("setrlimit setrlimit64", "wrong")
    AS(int, (int, target))(RLIMIT_NOFILE, copy((struct rlimit[1]){{100, 1}}, 16));
    EACH("setrlimit setrlimit64", "unknown")
    AS(int, (int, target))(999, copy((struct rlimit[1]){{100, 100}}, 16));
    EACH("getpriority", "usual") AS(int, (int, int))(PRIO_PROCESS, 0);
    EACH("getpriority", "unknown") AS(int, (int, int))(99, 0);
    EACH("getpriority", "no such process") AS(int, (int, int))(PRIO_PROCESS, 1 << 29);
    EACH("umask", "usual") AS(int, (int))(022);
    EACH("umask", "0") AS(int, (int))(0);
    EACH("umask", "all") AS(int, (int))(0777);
}

static void networks(void) {
    EACH("inet_ntoa", "usual") AS(target, (uint32_t))(0x0100007f);
    EACH("inet_ntoa", "0") AS(target, (uint32_t))(0);
    EACH("inet_ntoa", "the largest") AS(target, (uint32_t))(UINT32_MAX);
    EACH("htonl htons ntohl ntohs", "usual") AS(int, (uint32_t))(0x1234);
    EACH("htonl htons ntohl ntohs", "0") AS(int, (uint32_t))(0);
    EACH("htonl htons ntohl ntohs", "the largest") AS(int, (uint32_t))(UINT32_MAX);
    EACH("gai_strerror hstrerror", "usual") AS(target, (int))(1);
    EACH("gai_strerror hstrerror", "negative") AS(target, (int))(-2);
    EACH("gai_strerror hstrerror", "unknown") AS(target, (int))(1000);
}

static void pages(void) {
    static const char *const maps = "mmap mmap64";
    EACH(maps, "usual")
    AS(target, (target, size_t, int, int, int, long))
    (NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EACH(maps, "a file")
    AS(target, (target, size_t, int, int, int, long))
    (NULL, 4096, PROT_READ, MAP_PRIVATE, opened(), 0);
    EACH(maps, "nothing")
    AS(target, (target, size_t, int, int, int, long))
    (NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#define PAGE mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    EACH("munmap", "usual") AS(int, (target, size_t))(PAGE, 4096);
    EACH("munmap", "nothing") AS(int, (target, size_t))(PAGE, 0);
    EACH("munmap", "wrong") AS(int, (target, size_t))((target)1, 4096);
    EACH("mprotect", "usual") AS(int, (target, size_t, int))(PAGE, 4096, PROT_READ);
    EACH("mprotect", "nothing") AS(int, (target, size_t, int))(PAGE, 0, PROT_READ);
    EACH("mprotect", "wrong") AS(int, (target, size_t, int))((target)1, 4096, PROT_READ);
    EACH("madvise posix_madvise", "usual")
    AS(int, (target, size_t, int))(PAGE, 4096, MADV_WILLNEED);
    EACH("madvise posix_madvise", "not needed")
    AS(int, (target, size_t, int))(PAGE, 4096, MADV_DONTNEED);
    EACH("madvise posix_madvise", "wrong") AS(int, (target, size_t, int))((target)1, 4096, 0);
}

void inputs_unix(void) {
    descriptors();
    seeks_and_controls();
    states();
    permissions_and_links();
    folders();
    accounts();
    the_machine();
    networks();
    pages();
}
