/* SPDX-License-Identifier: MIT */
/* What the clients of a server say: lines to be echoed, an HTTP request, or the user's dialogue. */
#ifndef HAZARD_PROBE_SCRIPT_H
#define HAZARD_PROBE_SCRIPT_H

#include "probe/origin.h"
#include "probe/probe_options.h"

/* Do they speak to an echo server? Its protocol is all ours to know; of another we do not know what
 * a server may do at an early end. */
bool script_is_echo(const struct probe_options *options);

/* "echo server" */
const char *script_server(void *owner, const struct probe_options *options);

/* What a client says that is served. Below `owner`; not for a proxy. */
const struct dialogue *script_usual(void *owner, const struct probe_options *options,
                                    size_t client);

/* What one says that asks a proxy for an object of the origin. */
const struct dialogue *script_object(void *owner, const struct origin_server *origin,
                                     enum origin_way way, unsigned long number);

/* A few lines to be echoed, and then far more of them. */
const struct dialogue *script_flood(void *owner);

#endif
