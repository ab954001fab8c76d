/* SPDX-License-Identifier: MIT */
#include "probe/probe_options.h"

#include <string.h>

#include "run/dialogue_read.h"

static int take_path(const struct detector_option *option, const char *shown, void *options,
                     const char *value, struct error *error) {
    (void)option;
    if (*value != '/' || value[strcspn(value, " \t\r\n")] != '\0')
        return fail(error, "%s takes a path that begins with / and has no blanks, not '%s'", shown,
                    value);
    ((struct probe_options *)options)->http = value;
    return 0;
}

#define MEMBER(name) .offset = offsetof(struct probe_options, name)

const struct detector_option probe_options_table[] = {
    {.name = "dialogue",
     .argument = "FILE",
     .help = "It is no echo server: clients say and expect what FILE says (DIALOGUE FILES in man "
             "hazard)",
     .value = VALUE_TEXT,
     MEMBER(dialogue_file)},
    {.name = "http",
     .argument = "PATH",
     .alone = "/",
     .help = "It is an HTTP server: clients GET PATH (default /), and expect a whole response",
     .value = VALUE_TEXT,
     .take = take_path,
     MEMBER(http)},
    {.name = "origin",
     .alone = "true",
     .help = "It is an HTTP proxy: clients GET through it what a server of hazard's own on "
             "127.0.0.1 has, which for some is slow, silent or resets the connection",
     .value = VALUE_FLAG,
     MEMBER(origin)},
    {.name = NULL},
};

int probe_options_check(const struct probe_options *options, struct error *error) {
    if (options->dialogue_file != NULL && (options->http != NULL || options->origin))
        return fail(error, "--dialogue says all that clients say: leave out --http and --origin");
    if (options->origin && options->http != NULL && strcmp(options->http, "/") != 0)
        return fail(error, "with --origin the paths are hazard's: leave out that of --http");
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
        if (options->steps != PROBE_ALL_STEPS && (options->steps & 1U << step) != 0 &&
            probe_step_needs_origin(step) && !options->origin)
            return fail(error, "step %s is for proxies: it needs --origin", probe_step_name(step));
    return 0;
}

int probe_options_read(void *owner, struct probe_options *options, struct error *error) {
    if (options->dialogue_file == NULL)
        return 0;
    options->dialogue = dialogue_read(owner, options->dialogue_file, error);
    return options->dialogue != NULL ? 0 : -1;
}
