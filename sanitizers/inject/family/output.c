/* SPDX-License-Identifier: MIT */
#include "inject/family/output.h"

#include <string.h>
#include <unistd.h>

#include "base/memory.h"

void output_begin(void *owner, struct output *output, const struct capture *capture) {
    *output = (struct output){.capture = capture};
    for (int i = 0; i < 2; i++)
        output->text[i] = never_null(talloc_strdup(owner, ""));
}

size_t output_length(const struct output *output) {
    return output->length[0] + output->length[1];
}

void output_separate(void *owner, struct output *output) {
    for (int i = 0; i < 2; i++)
        output->text[i] = never_null(talloc_memdup(owner, output->text[i], output->length[i] + 1));
}

static void append(void *owner, struct output *output, int stream, const char *block,
                   size_t length) {
    size_t had = output->length[stream];
    if (had + length > output->limit) {
        output->overflows = true;
        return;
    }
    output->text[stream] = grow_array(owner, output->text[stream], char, had + length + 1);
    memcpy(output->text[stream] + had, block, length);
    output->length[stream] = had + length;
    output->text[stream][had + length] = '\0';
}

bool output_drain(void *owner, struct output *output) {
    char block[65536];
    ssize_t length;
    bool any = false;
    output->overflows = false;
    for (int stream = 0; stream < 2; stream++)
        while ((length = read(output->capture->fd[stream], block, sizeof block)) > 0) {
            any = true;
            append(owner, output, stream, block, (size_t)length);
        }
    return any;
}
