/* SPDX-License-Identifier: MIT */
#include "inject/report/function_lists.h"

#include <string.h>

/* POSIX.1-2008 with its corrigenda of 2013 and 2016; fork, which POSIX.1-2024 took out, was on the
 * list of all programs that exist. */
static const char safe[] =
    " _Exit _exit abort accept accept4 access aio_error aio_return aio_suspend alarm bind"
    " cfgetispeed cfgetospeed cfsetispeed cfsetospeed chdir chmod chown clock_gettime close"
    " connect creat dup dup2 dup3 execl execle execv execve faccessat fchdir fchmod fchmodat"
    " fchown fchownat fcntl fdatasync fexecve ffs fork fstat fstatat fsync ftruncate futimens"
    " getegid geteuid getgid getgroups getpeername getpgrp getpid getppid getsockname"
    " getsockopt getuid htonl htons kill killpg link linkat listen longjmp lseek lstat memccpy"
    " memchr memcmp memcpy memmove memset mkdir mkdirat mkfifo mkfifoat mknod mknodat ntohl"
    " ntohs open openat pause pipe pipe2 poll posix_trace_event pselect pthread_kill"
    " pthread_self pthread_sigmask raise read readlink readlinkat recv recvfrom recvmsg rename"
    " renameat rmdir select sem_post send sendmsg sendto setgid setpgid setsid setsockopt"
    " setuid shutdown sigaction sigaddset sigdelset sigemptyset sigfillset sigismember"
    " siglongjmp signal sigpause sigpending sigprocmask sigqueue sigset sigsuspend sleep"
    " sockatmark socket socketpair stat stpcpy stpncpy strcat strchr strcmp strcpy strcspn"
    " strlen strncat strncmp strncpy strnlen strpbrk strrchr strspn strstr strtok_r symlink"
    " symlinkat tcdrain tcflow tcflush tcgetattr tcgetpgrp tcsendbreak tcsetattr tcsetpgrp"
    " time timer_getoverrun timer_gettime timer_settime times umask uname unlink unlinkat"
    " utime utimensat utimes wait wait3 wait4 waitid waitpid wcpcpy wcpncpy wcscat wcschr"
    " wcscmp wcscpy wcscspn wcslen wcsncat wcsncmp wcsncpy wcsnlen wcspbrk wcsrchr wcsspn"
    " wcsstr wcstok wmemchr wmemcmp wmemcpy wmemmove wmemset write writev"
    /* What headers make of errno and of FD_SET. */
    " errno_location fdelt"
    " ";

static const char events[] =
    " epoll_pwait epoll_wait pause poll ppoll pselect select sigpause sigsuspend sigtimedwait"
    " sigwait sigwaitinfo"
    " ";

static bool is_in(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; length > 0 && (at = strstr(at, word)) != NULL; at += length)
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

/* __libc_fork, __read and __read_chk (with _FORTIFY_SOURCE) are fork and read;
 * __memcpy_avx_unaligned_erms is memcpy. */
static const char *plain_name(const char *function, char *plain, size_t size) {
    static const char *const prefixes[] = {"__libc_", "__GI_", "__new_", "__"};
    const char *name = function;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && name == function; i++)
        if (strncmp(function, prefixes[i], strlen(prefixes[i])) == 0)
            name += strlen(prefixes[i]);
    if (name == function)
        return function;
    size_t length = strcspn(name, "_");
    bool variant = strncmp(name, "mem", 3) == 0 || strncmp(name, "str", 3) == 0 ||
                   strcmp(name + length, "_chk") == 0;
    if (variant && length < size && name[length] == '_' && strstr(name, "_r") != name + length) {
        memcpy(plain, name, length);
        plain[length] = '\0';
        return plain;
    }
    return name;
}

bool function_safe_in_handler(const char *function) {
    char plain[64];
    return is_in(safe, function) || is_in(safe, plain_name(function, plain, sizeof plain));
}

bool function_waits_for_event(const char *function) {
    char plain[64];
    return is_in(events, function) || is_in(events, plain_name(function, plain, sizeof plain));
}
