/* SPDX-License-Identifier: MIT */
#include "probe/script.h"

#include <string.h>

#include "base/memory.h"
#include "run/talker.h"

bool script_is_echo(const struct probe_options *options) {
    return options->dialogue == NULL && options->http == NULL && !options->origin;
}

const char *script_server(void *owner, const struct probe_options *options) {
    if (options->dialogue != NULL)
        return talloc_asprintf(owner, "server of %s", options->dialogue->path);
    return options->origin ? "HTTP proxy" : options->http != NULL ? "HTTP server" : "echo server";
}

/* ---- Echo ------------------------------------------------------------------------------------ */

static void add_echo(struct dialogue *dialogue, const char *text, size_t length) {
    dialogue_add(dialogue, TURN_SEND, text, length);
    dialogue_add(dialogue, TURN_EXPECT, text, length);
}

static const struct dialogue *echo_of_lines(void *owner, size_t client) {
    static const char *const lines[] = {"hello, I am client {client}\n",
                                        "client {client} says more\n",
                                        "and client {client} says bye\n"};
    struct dialogue *dialogue = dialogue_new(owner, "line");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        add_echo(dialogue, lines[i], strlen(lines[i]));
    return dialogue_for_client(owner, dialogue, client);
}

#define LONG_LINES 4096
#define ECHOED_BEFORE 4096 /* bytes: the server is in the middle of its work after them */

const struct dialogue *script_flood(void *owner) {
    static const char line[] = "a line that is echoed over and over again, until nobody listens\n";
    size_t line_length = sizeof line - 1, length = line_length * LONG_LINES;
    struct dialogue *dialogue = dialogue_new(owner, "line");
    char *text = new_array(owner, char, length);
    for (size_t i = 0; i < length; i++)
        text[i] = line[i % line_length];
    add_echo(dialogue, text, ECHOED_BEFORE);
    add_echo(dialogue, text + ECHOED_BEFORE, length - ECHOED_BEFORE);
    return dialogue;
}

/* ---- HTTP ------------------------------------------------------------------------------------ */

static struct dialogue *request(void *owner, const char *target, const char *host) {
    struct dialogue *dialogue = dialogue_new(owner, "request");
    const char *text = talloc_asprintf(
        owner, "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n", target, host);
    dialogue_add(dialogue, TURN_SEND, text, strlen(text));
    return dialogue;
}

const struct dialogue *script_object(void *owner, const struct origin_server *origin,
                                     enum origin_way way, unsigned long number) {
    size_t length;
    const char *host = talloc_asprintf(owner, "127.0.0.1:%u", origin_port(origin));
    const char *body = origin_body(owner, way, number, &length);
    struct dialogue *dialogue = request(owner, origin_url(owner, origin, way, number), host);
    dialogue_add(dialogue, TURN_RESPONSE, body, length)->status = 200;
    return dialogue;
}

/* ---- All ------------------------------------------------------------------------------------- */

const struct dialogue *script_usual(void *owner, const struct probe_options *options,
                                    size_t client) {
    if (options->dialogue != NULL)
        return dialogue_for_client(owner, options->dialogue, client);
    if (options->http == NULL)
        return echo_of_lines(owner, client);
    struct dialogue *dialogue = request(owner, options->http, "localhost");
    dialogue_add(dialogue, TURN_RESPONSE, NULL, 0);
    return dialogue;
}
