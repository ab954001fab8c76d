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
#define REST_SECONDS 1.0

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

/* Has the server had that much time since the clients came, or does it wait for them? */
struct client_patience {
    const struct clients_plan *plan;
    double started;
    struct spent spent;
};

static bool is_over(struct client_patience *patience) {
    const struct clients_plan *plan = patience->plan;
    double now = clock_seconds();
    if (now - patience->spent.looked < LOOK_SECONDS)
        return false;
    struct proc_tree tree = proc_tree_read(NULL, plan->server);
    spent_look(&patience->spent, &tree, 0, rest_of_tree(&tree, plan->tool));
    talloc_free(tree.items);
    return patience->spent.seconds >= plan->seconds || patience->spent.rested >= REST_SECONDS ||
           now - patience->started >= SPENT_BACKSTOP * plan->seconds;
}

/* `count` clients at once. Returns how many were served in full. */
static int serve(const struct server_address *address, const struct clients_plan *plan, int count,
                 bool echoes) {
    void *scratch = talloc_new(NULL);
    struct echo *clients = open_clients(scratch, address, count, echoes);
    struct pollfd *fds = new_array(scratch, struct pollfd, count);
    struct client_patience patience = {.plan = plan, .started = clock_seconds()};
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

int clients_run(const struct server_address *address, const struct clients_plan *plan) {
    int served = 0;
    bool echoes = true;
    for (int i = 0; i < plan->sequential; i++) {
        int content = serve(address, plan, 1, echoes);
        echoes = echoes && content > 0;
        served += content;
    }
    return served + (plan->concurrent > 0 ? serve(address, plan, plan->concurrent, echoes) : 0);
}
