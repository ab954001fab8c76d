/* SPDX-License-Identifier: MIT */
#include "run/clients.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/echo.h"
#include "run/rest.h"
#include "run/spent.h"

#define LOOK_SECONDS 0.1

/* One round of a client's life: as far as it gets without waiting. */
static void go_on(struct echo *client) {
    echo_advance(client);
    while (client->state == ECHO_CONTENT && echo_next_line(client))
        ;
    if (client->state >= ECHO_CONTENT)
        echo_close(client);
}

/* What any server has an answer to; the client has said all, and takes what comes. */
#define REQUEST "GET http://127.0.0.1:9/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"

static struct echo *open_clients(void *owner, const struct server_address *address, int count,
                                 bool echoes) {
    struct echo *clients = new_array(owner, struct echo, count);
    for (int i = 0; i < count; i++) {
        if (!echoes) {
            echo_open(&clients[i], address, REQUEST);
            clients[i].end = ECHO_TAKES_ALL;
            continue;
        }
        const char *text =
            talloc_asprintf(owner, "client %d says hello\nand how are you\nbye %d\n", i, i);
        echo_open(&clients[i], address, text);
        clients[i].allowed = clients[i].expected = 0; /* line by line */
    }
    return clients;
}

/* Has the server had that much time since the clients came? */
struct client_patience {
    pid_t server;
    double seconds, started;
    struct spent spent;
};

static bool is_over(struct client_patience *patience) {
    double now = clock_seconds();
    if (now - patience->spent.looked < LOOK_SECONDS)
        return false;
    struct proc_tree tree = proc_tree_read(NULL, patience->server);
    spent_look(&patience->spent, &tree, 0, rest_of_tree(&tree, REST_NO_TOOL));
    talloc_free(tree.items);
    return patience->spent.seconds >= patience->seconds ||
           now - patience->started >= SPENT_BACKSTOP * patience->seconds;
}

/* `count` clients at once. Returns how many were served in full. */
static int serve(const struct server_address *address, pid_t server, int count, bool echoes,
                 double seconds) {
    void *scratch = talloc_new(NULL);
    struct echo *clients = open_clients(scratch, address, count, echoes);
    struct pollfd *fds = new_array(scratch, struct pollfd, count);
    struct client_patience patience = {
        .server = server, .seconds = seconds, .started = clock_seconds()};
    spent_start(&patience.spent);
    for (int waiting = count; waiting > 0 && !is_over(&patience);) {
        waiting = 0;
        for (int i = 0; i < count; i++) {
            go_on(&clients[i]);
            fds[i] = (struct pollfd){.fd = clients[i].fd, .events = echo_events(&clients[i])};
            waiting += echo_waits(&clients[i]);
        }
        if (waiting > 0)
            poll(fds, (nfds_t)count, (int)(1000 * LOOK_SECONDS));
    }
    int served = 0;
    for (int i = 0; i < count; i++) {
        served += clients[i].state == ECHO_CONTENT;
        echo_close(&clients[i]);
    }
    talloc_free(scratch);
    return served;
}

int clients_run(const struct server_address *address, pid_t server, int sequential, int concurrent,
                double seconds) {
    int served = 0;
    bool echoes = true;
    for (int i = 0; i < sequential; i++) {
        int content = serve(address, server, 1, echoes, seconds);
        echoes = echoes && content > 0;
        served += content;
    }
    return served + (concurrent > 0 ? serve(address, server, concurrent, echoes, seconds) : 0);
}
