/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/clients.h"
#include "run/echo.h"
#include "run/socket_inode.h"
#include "run/tcp_table_ask.h"
#include "run/tcp_table_parse.h"
#include "run/tcp_table_read.h"
#include "tests/support/text.h"

/* A socket that listens at a numeric address, on any free port; -1 without that family. */
static int listen_at(const char *host, struct server_address *at) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    bool is_v6 = strchr(host, ':') != NULL;
    inet_pton(is_v6 ? AF_INET6 : AF_INET, host,
              is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr);
    *at = (struct server_address){.length = is_v6 ? sizeof v6 : sizeof v4};
    memcpy(&at->address, is_v6 ? (void *)&v6 : (void *)&v4, at->length);
    int fd = socket(at->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at->address, at->length) != 0) {
        close(fd);
        return -1;
    }
    cr_assert(listen(fd, 16) == 0);
    getsockname(fd, (struct sockaddr *)&at->address, &at->length);
    return fd;
}

static in_port_t port_of(const struct server_address *at) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&at->address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&at->address;
    return ntohs(at->address.ss_family == AF_INET6 ? v6->sin6_port : v4->sin_port);
}

static const char *host_of(const struct server_address *at, char *text, socklen_t size) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&at->address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&at->address;
    return at->address.ss_family == AF_INET6 ? inet_ntop(AF_INET6, &v6->sin6_addr, text, size)
                                             : inet_ntop(AF_INET, &v4->sin_addr, text, size);
}

/* ---- Finding the server */

static const struct address_row {
    const char *listens, *reached;
} address_rows[] = {
    {"127.0.0.1", "127.0.0.1"},
    {"127.8.9.10", "127.8.9.10"},
    {"0.0.0.0", "127.0.0.1"},
    {"::1", "::1"},
    {"::", "::1"},
};

Test(clients, a_server_is_found_wherever_it_listens) {
    for (size_t i = 0; i < sizeof address_rows / sizeof *address_rows; i++) {
        const struct address_row *row = &address_rows[i];
        struct server_address at, found;
        int fd = listen_at(row->listens, &at);
        if (fd < 0)
            continue; /* a machine without IPv6 */
        char host[INET6_ADDRSTRLEN];
        cr_assert(eq(int, server_listening(getpid(), &found), 1), "%s", row->listens);
        expect_text(host_of(&found, host, sizeof host), row->reached);
        cr_expect(eq(int, port_of(&found), port_of(&at)), "%s", row->listens);
        struct echo client;
        echo_open(&client, &found, "");
        cr_expect(ne(int, (int)client.state, ECHO_CUT), "%s cannot be reached", row->listens);
        echo_close(&client);
        close(fd);
    }
}

Test(clients, a_grandchild_may_be_the_one_that_listens) {
    int ready[2], leave[2];
    cr_assert(pipe(ready) == 0 && pipe(leave) == 0);
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            struct server_address at;
            char byte = 0;
            listen_at("127.0.0.1", &at);
            close(leave[1]);
            if (write(ready[1], &byte, 1) == 1 && read(leave[0], &byte, 1) == 0)
                _exit(0);
        }
        wait(NULL);
        _exit(0);
    }
    char byte;
    struct server_address found;
    close(leave[0]);
    cr_assert(read(ready[0], &byte, 1) == 1);
    cr_expect(eq(int, server_listening(child, &found), 1));
    /* The end of the pipe lets it go; but the child in between has our end too. */
    kill(child, SIGKILL);
    close(leave[1]);
    waitpid(child, NULL, 0);
}

Test(clients, a_bound_socket_does_not_listen_yet) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct server_address found;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(fd, (struct sockaddr *)&any, sizeof any) == 0);
    cr_expect(eq(int, server_listening(getpid(), &found), 0));
    close(fd);
}

/* ---- What the kernel says of sockets */

static const struct tcp_socket *server_end(const struct tcp_table *table, in_port_t server,
                                           in_port_t client) {
    for (size_t i = 0; i < table->count; i++)
        if (table->items[i].local_port == server && table->items[i].remote_port == client)
            return &table->items[i];
    return NULL;
}

Test(clients, the_kernel_tells_accepted_from_waiting_and_read_from_unread) {
    void *owner = talloc_new(NULL);
    struct server_address at;
    int listener = listen_at("127.0.0.1", &at);
    struct echo client;
    echo_open(&client, &at, "hello");
    echo_advance(&client);

    struct tcp_table table = tcp_table_read(owner, port_of(&at));
    const struct tcp_socket *end = server_end(&table, port_of(&at), client.port);
    cr_assert(end != NULL);
    cr_expect(eq(ulong, end->inode, 0), "not accepted: nobody has it open");
    cr_expect(eq(uint, end->unread, 5));

    int fd = accept(listener, NULL, NULL);
    char bytes[2];
    cr_assert(read(fd, bytes, sizeof bytes) == sizeof bytes);
    table = tcp_table_read(owner, port_of(&at));
    end = server_end(&table, port_of(&at), client.port);
    cr_assert(end != NULL);
    cr_expect(eq(ulong, end->inode, socket_inode(getpid(), fd)));
    cr_expect(eq(int, socket_descriptor(getpid(), end->inode), fd));
    cr_expect(eq(uint, end->unread, 3));
    cr_expect(eq(int, end->state, TCP_ESTABLISHED));
    echo_close(&client);
    close(fd);
    close(listener);
    talloc_free(owner);
}

static bool same_socket(const struct tcp_socket *a, const struct tcp_socket *b) {
    return a->family == b->family && memcmp(&a->local, &b->local, sizeof a->local) == 0 &&
           memcmp(&a->remote, &b->remote, sizeof a->remote) == 0 &&
           a->local_port == b->local_port && a->remote_port == b->remote_port &&
           a->state == b->state && a->unread == b->unread && a->unsent == b->unsent &&
           a->inode == b->inode;
}

static bool table_has(const struct tcp_table *table, const struct tcp_socket *wanted) {
    for (size_t i = 0; i < table->count; i++)
        if (same_socket(&table->items[i], wanted))
            return true;
    return false;
}

static bool same_table(const struct tcp_table *a, const struct tcp_table *b) {
    for (size_t i = 0; i < a->count; i++)
        if (!table_has(b, &a->items[i]))
            return false;
    return a->count == b->count;
}

/* What the one says, if the other said the same before and after: nothing moved meanwhile. */
static bool ask_both(void *owner, in_port_t port, struct tcp_table *asked,
                     struct tcp_table *parsed) {
    struct tcp_table again;
    do {
        *asked = *parsed = again = (struct tcp_table){NULL, 0};
        if (tcp_table_ask(owner, port, false, asked) != 0)
            return false; /* a container without sock_diag */
        tcp_table_parse(owner, port, parsed);
        tcp_table_ask(owner, port, false, &again);
    } while (!same_table(asked, &again));
    return true;
}

/* A listener, a connection that waits with more bytes than its queues take, and one that is
 * accepted: the two ways to ask must give the same answer. */
Test(clients, both_ways_to_ask_the_kernel_agree) {
    static const char *const hosts[] = {"127.0.0.1", "::1"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        void *owner = talloc_new(NULL);
        struct server_address at;
        int listener = listen_at(hosts[i], &at);
        if (listener < 0)
            continue;
        char *text = new_array(owner, char, 16 << 20);
        memset(text, 'x', (16 << 20) - 1);
        struct echo accepted, waiting;
        echo_open(&accepted, &at, "");
        int fd = accept(listener, NULL, NULL);
        echo_open(&waiting, &at, text);
        echo_advance(&waiting);

        struct tcp_table parsed, asked;
        if (ask_both(owner, port_of(&at), &asked, &parsed)) {
            unsigned unsent = 0;
            for (size_t j = 0; j < asked.count; j++) {
                unsent += asked.items[j].unsent;
                cr_expect(table_has(&parsed, &asked.items[j]), "%s, socket %zu", hosts[i], j);
            }
            cr_expect(eq(sz, asked.count, 5), "%s", hosts[i]);
            cr_expect(gt(uint, unsent, 0), "%s", hosts[i]);
        }
        struct tcp_table listeners = tcp_table_listeners(owner);
        size_t ours = 0;
        for (size_t j = 0; j < listeners.count; j++) {
            cr_expect(eq(int, listeners.items[j].state, TCP_LISTEN));
            ours += listeners.items[j].local_port == port_of(&at);
        }
        cr_expect(eq(sz, ours, 1), "%s", hosts[i]);
        echo_close(&accepted);
        echo_close(&waiting);
        close(fd);
        close(listener);
        talloc_free(owner);
    }
}

/* ---- Clients */

/* Serves connections one after the other, until killed; echoes all but the first `deaf` of them. */
static pid_t start_server(struct server_address *at, int deaf) {
    int listener = listen_at("127.0.0.1", at);
    pid_t pid = fork();
    if (pid != 0) {
        close(listener);
        return pid;
    }
    for (int count = 0;; count++) {
        int fd = accept(listener, NULL, NULL);
        char block[256];
        ssize_t length;
        while ((length = read(fd, block, sizeof block)) > 0)
            if (count >= deaf && write(fd, block, (size_t)length) != length)
                break;
        close(fd);
    }
}

static void stop_server(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int run_clients(const struct server_address *at, pid_t server, int sequential,
                       int concurrent, double seconds) {
    return clients_run(at, &(struct clients_plan){.server = server,
                                                  .sequential = sequential,
                                                  .concurrent = concurrent,
                                                  .seconds = seconds});
}

Test(clients, all_are_served_by_a_server_that_serves) {
    struct server_address at;
    pid_t server = start_server(&at, 0);
    cr_expect(eq(int, run_clients(&at, server, 4, 8, 60), 12));
    stop_server(server);
}

Test(clients, one_that_is_not_served_is_given_up_and_not_counted) {
    struct server_address at;
    pid_t server = start_server(&at, 1);
    cr_expect(eq(int, run_clients(&at, server, 3, 0, 0.5), 2));
    stop_server(server);
}

/* For the client's time, which is longer than the test's, nobody waits. */
Test(clients, one_for_whom_the_server_waits_is_given_up, .timeout = 60) {
    struct server_address at;
    pid_t server = start_server(&at, 1);
    cr_expect(eq(int, run_clients(&at, server, 3, 1, 600), 3));
    stop_server(server);
}

Test(clients, nobody_is_served_where_nobody_listens) {
    struct server_address at;
    int listener = listen_at("127.0.0.1", &at);
    close(listener);
    cr_expect(eq(int, run_clients(&at, getpid(), 2, 3, 60), 0));
}

/* ---- One client, against a server that the test plays */

struct play {
    int listener, fd;
    struct echo client;
};

static struct play play_new(const char *text) {
    struct play play;
    struct server_address at;
    play.listener = listen_at("127.0.0.1", &at);
    echo_open(&play.client, &at, text);
    play.fd = accept(play.listener, NULL, NULL);
    echo_advance(&play.client);
    return play;
}

/* Until the kernel has brought the client what was sent. */
static enum echo_state state_after(struct play *play) {
    struct pollfd readable = {.fd = play->client.fd, .events = POLLIN};
    poll(&readable, 1, 10000);
    echo_advance(&play->client);
    return play->client.state;
}

static void play_end(struct play *play) {
    echo_close(&play->client);
    close(play->fd);
    close(play->listener);
}

Test(clients, a_client_knows_where_it_stands) {
    struct play play = play_new("one\ntwo\n");
    cr_expect(eq(int, (int)play.client.state, ECHO_READING));
    cr_assert(write(play.fd, "one\n", 4) == 4);
    cr_expect(eq(int, (int)state_after(&play), ECHO_READING));
    cr_assert(write(play.fd, "two\n", 4) == 4);
    cr_expect(eq(int, (int)state_after(&play), ECHO_CONTENT));
    play_end(&play);
}

Test(clients, a_client_goes_line_by_line_if_it_is_held_back) {
    struct play play = play_new("one\ntwo\n");
    play_end(&play);
    struct server_address at;
    int listener = listen_at("127.0.0.1", &at);
    echo_open(&play.client, &at, "one\ntwo\n");
    play.client.allowed = play.client.expected = 0;
    echo_advance(&play.client);
    cr_expect(eq(int, (int)play.client.state, ECHO_CONTENT));
    cr_expect(echo_next_line(&play.client));
    cr_expect(eq(sz, play.client.sent, 4));
    cr_expect(echo_next_line(&play.client));
    cr_expect(eq(sz, play.client.sent, 8));
    cr_expect(not(echo_next_line(&play.client)));
    echo_close(&play.client);
    close(listener);
}

Test(clients, a_wrong_echo_is_seen) {
    struct play play = play_new("one\n");
    cr_assert(write(play.fd, "two\n", 4) == 4);
    cr_expect(eq(int, (int)state_after(&play), ECHO_WRONG));
    play_end(&play);
}

Test(clients, more_than_was_sent_is_wrong_too) {
    struct play play = play_new("one\n");
    cr_assert(write(play.fd, "one\none\n", 8) == 8);
    cr_expect(eq(int, (int)state_after(&play), ECHO_WRONG));
    play_end(&play);
}

Test(clients, an_early_end_is_seen) {
    struct play play = play_new("one\n");
    char block[8];
    cr_assert(read(play.fd, block, sizeof block) == 4);
    close(play.fd);
    play.fd = -1;
    cr_expect(eq(int, (int)state_after(&play), ECHO_CUT));
    cr_expect(eq(int, (int)play.client.cut_in, ECHO_READING));
    cr_expect(eq(int, play.client.cause, 0));
    play_end(&play);
}

Test(clients, a_half_close_waits_for_the_end_of_file) {
    struct play play;
    struct server_address at;
    play.listener = listen_at("127.0.0.1", &at);
    echo_open(&play.client, &at, "one\n");
    play.client.end = ECHO_HALF_CLOSES;
    play.fd = accept(play.listener, NULL, NULL);
    echo_advance(&play.client);
    char block[8];
    cr_assert(read(play.fd, block, sizeof block) == 4);
    cr_expect(eq(int, (int)read(play.fd, block, sizeof block), 0), "the server sees the end");
    cr_assert(write(play.fd, "one\n", 4) == 4);
    cr_expect(eq(int, (int)state_after(&play), ECHO_ENDING));
    close(play.fd);
    play.fd = -1;
    cr_expect(eq(int, (int)state_after(&play), ECHO_CONTENT));
    play_end(&play);
}

Test(clients, a_reset_reaches_the_server_as_one) {
    struct play play = play_new("one\n");
    char block[8];
    cr_assert(read(play.fd, block, sizeof block) == 4);
    echo_reset(&play.client);
    cr_expect(eq(int, (int)read(play.fd, block, sizeof block), -1));
    cr_expect(eq(int, errno, ECONNRESET));
    play_end(&play);
}
