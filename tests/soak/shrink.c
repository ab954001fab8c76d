/* SPDX-License-Identifier: MIT */
#include "tests/soak/shrink.h"

#include <string.h>

void soak_shrink_drop(struct soak_program *program, int t, int at, bool whole) {
    struct soak_thread *thread = &program->thread[t];
    int count = whole ? 1 + thread->op[at].length : 1;
    for (int i = 0; i < at; i++)
        if (i + thread->op[i].length >= at)
            thread->op[i].length = (uint8_t)(thread->op[i].length - count);
    memmove(&thread->op[at], &thread->op[at + count],
            (size_t)(thread->length - at - count) * sizeof *thread->op);
    thread->length -= count;
}

static void drop_thread(struct soak_program *program, int t) {
    for (; t + 1 < program->threads; t++)
        program->thread[t] = program->thread[t + 1];
    program->threads--;
    program->thread[program->threads].length = 0;
}

/* A wait needs the mutex, which the block around it holds. */
static bool may_open(const struct soak_thread *thread, int at) {
    for (int i = at + 1; i <= at + thread->op[at].length; i++)
        if (thread->op[i].code == SOAK_WAIT || thread->op[i].code == SOAK_WAIT_FOR ||
            thread->op[i].code == SOAK_TIMEDWAIT)
            return false;
    return true;
}

struct shrinking {
    struct soak_program *program;
    bool (*differs)(void *data, const struct soak_program *program);
    void *data;
};

static bool try(const struct shrinking *shrinking, const struct soak_program *smaller) {
    if (!shrinking->differs(shrinking->data, smaller))
        return false;
    *shrinking->program = *smaller;
    return true;
}

static bool try_threads(const struct shrinking *shrinking) {
    for (int t = 0; t < shrinking->program->threads && shrinking->program->threads > 1; t++) {
        struct soak_program smaller = *shrinking->program;
        drop_thread(&smaller, t);
        if (try(shrinking, &smaller))
            return true;
    }
    return false;
}

static bool try_operations(const struct shrinking *shrinking) {
    for (int t = 0; t < shrinking->program->threads; t++)
        for (int i = 0; i < shrinking->program->thread[t].length; i++)
            for (int whole = 1; whole >= 0; whole--) {
                struct soak_program smaller = *shrinking->program;
                const struct soak_thread *thread = &smaller.thread[t];
                if (whole == 0 && (thread->op[i].length == 0 || !may_open(thread, i)))
                    continue;
                soak_shrink_drop(&smaller, t, i, whole == 1);
                if (try(shrinking, &smaller))
                    return true;
            }
    return false;
}

static bool try_settings(const struct shrinking *shrinking) {
    struct soak_program smaller = *shrinking->program;
    smaller.main_works = false;
    if (shrinking->program->main_works && try(shrinking, &smaller))
        return true;
    for (int i = 0; i < SOAK_SEMAPHORES; i++) {
        smaller = *shrinking->program;
        smaller.semaphore[i] = 0;
        if (shrinking->program->semaphore[i] != 0 && try(shrinking, &smaller))
            return true;
    }
    return false;
}

void soak_shrink(struct soak_program *program,
                 bool (*differs)(void *data, const struct soak_program *program), void *data) {
    const struct shrinking shrinking = {program, differs, data};
    while (try_threads(&shrinking) || try_operations(&shrinking) || try_settings(&shrinking))
        continue;
}
