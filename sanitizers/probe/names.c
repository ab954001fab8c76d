/* SPDX-License-Identifier: MIT */
#include "probe/names.h"

#include <string.h>

#include "base/memory.h"

static const struct proc *find_process(const struct proc_tree *tree, pid_t pid) {
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].pid == pid)
            return &tree->items[i];
    return NULL;
}

const char *names_actor(void *owner, const struct proc_tree *tree, pid_t root, pid_t process,
                        pid_t tid) {
    if (process != root)
        return "child process of the server";
    const struct proc *server = find_process(tree, root);
    if (server == NULL || server->task_count <= 1)
        return "server process";
    if (tid == root)
        return "main thread of the server";
    size_t rank = 1; /* thread ids rise with creation, as long as they do not wrap */
    for (size_t i = 0; i < server->task_count; i++)
        rank += server->tasks[i].tid < tid;
    return talloc_asprintf(owner, "thread %zu of the server", rank);
}

const char *names_place(void *owner, const struct location *location,
                        const struct sources *sources) {
    const struct frame *frame = location_own_frame(location, sources);
    for (size_t i = 0; frame == NULL && i < location->frame_count; i++)
        if (location->frames[i].file != NULL)
            frame = &location->frames[i];
    if (frame == NULL)
        return location->frame_count > 0 ? location->frames[0].function : "an unknown place";
    const char *slash = strrchr(frame->file, '/');
    return talloc_asprintf(owner, "%s (%s:%d)", frame->function,
                           slash != NULL ? slash + 1 : frame->file, frame->line);
}
