/* SPDX-License-Identifier: MIT */
#include "hazard/render/style.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct style plain = {"", "", "", "", "", "", ""};
static const struct style colours = {
    .bold = "\033[1m",
    .dim = "\033[2m",
    .red = "\033[1;31m",
    .green = "\033[32m",
    .yellow = "\033[33m",
    .cyan = "\033[36m",
    .reset = "\033[0m",
};

const struct style *style_for(FILE *stream) {
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    int fd = fileno(stream);
    if (fd < 0 || !isatty(fd) || (no_colour != NULL && *no_colour != '\0') ||
        (terminal != NULL && strcmp(terminal, "dumb") == 0))
        return &plain;
    return &colours;
}
