/* SPDX-License-Identifier: MIT */
/*
 * What every echo server of the suite needs and no lesson is about.
 *
 *   SERVER [PORT [HOST]]   PORT 0, the default, is any free one; HOST is a numeric IPv4 or IPv6
 *                          address, 127.0.0.1 by default
 *
 * Once it listens, a server says so in its first line of output: "listening on HOST port N". What a
 * client sends comes back as it is; when the client has shut down its sending side and everything
 * is echoed, the server closes. SIGTERM ends a server with exit 0, wherever it stands, and with it
 * its child processes.
 */
#ifndef SERVER_H
#define SERVER_H

#include "subject.h"

#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that the kernel completes and holds until they are accepted. */
enum { BACKLOG = 128 };

static pid_t server_pid; /* set once, before the first fork */

/*
 * The only thing a handler may do to end a process is _exit: exit would run stdio's clean-up in the
 * middle of whatever was interrupted. It needs no flag that a blocked read would never look at.
 */
static inline void end_at_sigterm(int sig) {
    (void)sig;
    _exit(0);
}

/*
 * Runs in every child, before fork returns there: the kernel sends it SIGTERM when the server ends.
 * A server that ended before the kernel was asked shows in the parent's process id. (It is the end
 * of the thread that forked which counts: here that is main's, which lives as long as the server.)
 */
static inline void child_ends_with_server(void) {
    must_errno(prctl(PR_SET_PDEATHSIG, SIGTERM), "prctl");
    if (getppid() != server_pid)
        _exit(0);
}

static inline void end_cleanly(void) {
    server_pid = getpid();
    must(pthread_atfork(NULL, NULL, child_ends_with_server), "pthread_atfork");
    /*
     * No SA_RESTART: TSan runs a handler late, when the call that it interrupted has returned.
     * There a SIGTERM just before a call that blocks is late as well; a second one gets through.
     */
    struct sigaction action = {.sa_handler = end_at_sigterm};
    sigemptyset(&action.sa_mask);
    must_errno(sigaction(SIGTERM, &action, NULL), "sigaction");
}

/* For getaddrinfo and getnameinfo, which have errors of their own. */
static inline void must_resolve(int error, const char *what) {
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", what, gai_strerror(error));
        exit(2);
    }
}

static inline void say_where(int listenfd) {
    struct sockaddr_storage address; /* room for either family */
    socklen_t length = sizeof address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    must_errno(getsockname(listenfd, (struct sockaddr *)&address, &length), "getsockname");
    must_resolve(getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port,
                             sizeof port, NI_NUMERICHOST | NI_NUMERICSERV),
                 "getnameinfo");
    printf("listening on %s port %s\n", host, port);
    fflush(stdout);
}

/* The listening socket for `argv`, announced on stdout. Called once, first of all. */
static inline int listen_on(int argc, char **argv, int backlog) {
    end_cleanly();
    const char *host = argc > 2 ? argv[2] : "127.0.0.1";
    char port[16];
    snprintf(port, sizeof port, "%d", size_arg(argc, argv, 1, 0, 0, 65535));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *at;
    must_resolve(getaddrinfo(host, port, &hints, &at), host);
    int listenfd = must_errno(socket(at->ai_family, at->ai_socktype, at->ai_protocol), "socket");
    int on = 1; /* the port is free again at once, though old connections linger in TIME_WAIT */
    must_errno(setsockopt(listenfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
    must_errno(bind(listenfd, at->ai_addr, at->ai_addrlen), "bind");
    must_errno(listen(listenfd, backlog), "listen");
    freeaddrinfo(at);
    say_where(listenfd);
    return listenfd;
}

/*
 * For event loops: a listening socket that does not block (a client that poll saw may be gone again
 * before accept), and its next connection. That is -1 when there is none, or when it was turned
 * away because its descriptor is not below `limit`.
 */
static inline int listen_nonblocking(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    must_errno(fcntl(listenfd, F_SETFL, O_NONBLOCK), "fcntl");
    return listenfd;
}

static inline int accept_below(int listenfd, int limit) {
    int connfd = accept(listenfd, NULL, NULL);
    if (connfd == -1 && (errno == EAGAIN || errno == ECONNABORTED))
        return -1;
    if (must_errno(connfd, "accept") < limit)
        return connfd;
    close(connfd);
    return -1;
}

/*
 * Echoes what the client sends until it sends no more, or is gone. One send may take a part only.
 * MSG_NOSIGNAL: a client that is gone is an error here, not a SIGPIPE (see the hazard sigpipe). No
 * call ends with EINTR: the handlers either never return or are installed with SA_RESTART.
 */
static inline void echo(int connfd) {
    char buf[512];
    ssize_t got;
    while ((got = recv(connfd, buf, sizeof buf, 0)) > 0) {
        ssize_t sent;
        for (ssize_t done = 0; done < got; done += sent) {
            sent = send(connfd, buf + done, (size_t)(got - done), MSG_NOSIGNAL);
            if (sent == -1)
                return;
        }
    }
}

#endif
