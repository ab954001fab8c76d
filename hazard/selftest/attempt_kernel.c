/* SPDX-License-Identifier: MIT */
/* Stand-ins that ask the kernel for what a program of a course never needs. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hazard/selftest/attempt.h"

#define SECCOMP                                                                                    \
    { "seccomp", "seccomp", "seccomp" }
#define SOCKETS                                                                                    \
    { "network namespace, seccomp", "seccomp", "seccomp" }

#define OF_FAMILY(name, family, type)                                                              \
    static bool name(const struct attempt_place *place) {                                          \
        (void)place;                                                                               \
        return socket(family, type, 0) >= 0;                                                       \
    }
OF_FAMILY(open_inet, AF_INET, SOCK_STREAM)
OF_FAMILY(open_udp, AF_INET, SOCK_DGRAM)
OF_FAMILY(open_inet6, AF_INET6, SOCK_STREAM)
OF_FAMILY(open_unix, AF_UNIX, SOCK_STREAM)
OF_FAMILY(open_netlink, AF_NETLINK, SOCK_RAW)
OF_FAMILY(open_packet, AF_PACKET, SOCK_RAW)
OF_FAMILY(open_vsock, AF_VSOCK, SOCK_STREAM)
OF_FAMILY(open_alg, AF_ALG, SOCK_SEQPACKET)
OF_FAMILY(open_key, AF_KEY, SOCK_RAW)
OF_FAMILY(open_xdp, AF_XDP, SOCK_RAW)

/* Any family that the row's own do not name. */
static bool open_any(const struct attempt_place *place) {
    (void)place;
    for (int family = 0; family < 64; family++)
        for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++)
            if (socket(family, type, 0) >= 0)
                return true;
    return false;
}

static bool connect_out(const struct attempt_place *place) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((in_port_t)place->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
}

static bool set_up_ring(const struct attempt_place *place) {
    (void)place;
    struct io_uring_params params = {0};
    return syscall(SYS_io_uring_setup, 1, &params) >= 0;
}

static bool add_key(const struct attempt_place *place) {
    (void)place;
    long session = -3, timeout = 15; /* KEY_SPEC_SESSION_KEYRING, KEYCTL_SET_TIMEOUT: a second */
    long key = syscall(SYS_add_key, "user", "hazard-selftest", "x", 1, session);
    return key >= 0 && syscall(SYS_keyctl, timeout, key, 1) == 0;
}

static bool share_memory(const struct attempt_place *place) {
    (void)place;
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    return id >= 0 && shmctl(id, IPC_RMID, NULL) == 0;
}

static bool make_semaphores(const struct attempt_place *place) {
    (void)place;
    int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    return id >= 0 && semctl(id, 0, IPC_RMID) == 0;
}

static bool make_messages(const struct attempt_place *place) {
    (void)place;
    int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    return id >= 0 && msgctl(id, IPC_RMID, NULL) == 0;
}

static bool open_queue(const struct attempt_place *place) {
    (void)place;
    mqd_t queue = mq_open("/hazard-selftest", O_RDWR | O_CREAT, 0600, NULL);
    return queue >= 0 && mq_unlink("/hazard-selftest") == 0;
}

static bool unshare_user(const struct attempt_place *place) {
    (void)place;
    return unshare(CLONE_NEWUSER) == 0;
}

/* By both of the calls that make a process. */
static bool clone_namespaces(const struct attempt_place *place) {
    (void)place;
    uint64_t args[8] = {[0] = CLONE_NEWUSER, [4] = SIGCHLD}; /* clone(2): flags, exit_signal */
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid < 0)
        pid = syscall(SYS_clone3, args, sizeof args);
    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool mount_tmpfs(const struct attempt_place *place) {
    return mount("tmpfs", place->scratch, "tmpfs", 0, "size=4k") == 0;
}

static bool change_root(const struct attempt_place *place) {
    return chroot(place->scratch) == 0;
}

static bool become_root(const struct attempt_place *place) {
    (void)place;
    return setresuid(0, 0, 0) == 0;
}

static bool become_other(const struct attempt_place *place) {
    (void)place;
    uid_t other = getuid() == 65534 ? 65533 : 65534;
    return setresuid(other, other, other) == 0;
}

/* The name that it has already. */
static bool name_machine(const struct attempt_place *place) {
    (void)place;
    char name[256];
    return gethostname(name, sizeof name) == 0 && sethostname(name, strlen(name)) == 0;
}

static bool load_bpf(const struct attempt_place *place) {
    (void)place;
    union bpf_attr attr = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr) >= 0;
}

static bool count_events(const struct attempt_place *place) {
    (void)place;
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
                                   .size = sizeof attr,
                                   .config = PERF_COUNT_SW_CPU_CLOCK,
                                   .exclude_kernel = 1};
    return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) >= 0;
}

static bool handle_faults(const struct attempt_place *place) {
    (void)place;
    enum { USER_MODE_ONLY = 1 };
    return syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY) >= 0;
}

static const struct attempt kernel[] = {
    {"socket-inet", "opens a TCP socket", SOCKETS, open_inet, NULL, false},
    {"socket-udp", "opens a UDP socket", SOCKETS, open_udp, NULL, false},
    {"socket-inet6", "opens an IPv6 socket", SOCKETS, open_inet6, NULL, false},
    {"socket-unix", "opens a Unix socket", SECCOMP, open_unix, NULL, false},
    {"socket-netlink", "opens a netlink socket", SOCKETS, open_netlink, NULL, false},
    {"socket-packet", "opens a packet socket", SOCKETS, open_packet, NULL, false},
    {"socket-vsock", "opens a socket to the hypervisor", SECCOMP, open_vsock, NULL, false},
    {"socket-alg", "opens a socket of the kernel's ciphers", SECCOMP, open_alg, NULL, false},
    {"socket-key", "opens a key management socket", SECCOMP, open_key, NULL, false},
    {"socket-xdp", "opens an XDP socket", SECCOMP, open_xdp, NULL, false},
    {"socket-any", "opens a socket of any of 64 families", SECCOMP, open_any, NULL, false},
    {"connect-out",
     "connects to the machine from its own loopback",
     {"network namespace", "seccomp", "seccomp"},
     connect_out,
     NULL,
     true},
    {"io-uring", "sets up an io_uring", SECCOMP, set_up_ring, NULL, false},
    {"keyring", "leaves a key in a keyring", SECCOMP, add_key, NULL, false},
    {"sysv-memory", "makes a System V memory segment", SECCOMP, share_memory, NULL, false},
    {"sysv-semaphores", "makes System V semaphores", SECCOMP, make_semaphores, NULL, false},
    {"sysv-messages", "makes a System V message queue", SECCOMP, make_messages, NULL, false},
    {"message-queue", "makes a POSIX message queue", SECCOMP, open_queue, NULL, false},
    {"unshare", "makes a user namespace", SECCOMP, unshare_user, NULL, false},
    {"clone-namespace", "makes a process in a user namespace", SECCOMP, clone_namespaces, NULL,
     false},
    {"mount", "mounts a file system", SECCOMP, mount_tmpfs, NULL, false},
    {"chroot", "changes its root", SECCOMP, change_root, NULL, false},
    {"become-root",
     "becomes root",
     {"no capabilities", "no capabilities", "no capabilities"},
     become_root,
     NULL,
     false},
    {"become-other",
     "becomes another user",
     {"no capabilities", "no capabilities", "no capabilities"},
     become_other,
     NULL,
     false},
    {"name-machine", "gives the machine a name", SECCOMP, name_machine, NULL, false},
    {"bpf", "makes a BPF map", SECCOMP, load_bpf, NULL, false},
    {"perf-events", "counts events of the kernel", SECCOMP, count_events, NULL, false},
    {"userfaultfd", "handles page faults", SECCOMP, handle_faults, NULL, false},
};

struct attempt_list attempt_list_kernel(void) {
    return (struct attempt_list){kernel, sizeof kernel / sizeof *kernel};
}
