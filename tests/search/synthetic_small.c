/* SPDX-License-Identifier: MIT */
/*
 * Small synthetic programs, one for each thing that an operation can do to others.
 *
 * Objects: mutexes 10 and 11, semaphores 20 and 21, readers-writer lock 30, condition 40.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/search/synthetic.h"

enum { THREADS = 4, INSTRUCTION = 40 };

/* What the programs use of enum code, by their words. */
static const char *const words[] = {
    [SYN_LOCK] = "lock",
    [SYN_UNLOCK] = "unlock",
    [SYN_TRYLOCK] = "trylock",
    [SYN_LOAD] = "load",
    [SYN_STORE] = "store",
    [SYN_ADD] = "add",
    [SYN_CAS] = "cas",
    [SYN_SEM_WAIT] = "wait",
    [SYN_SEM_TRYWAIT] = "trywait",
    [SYN_SEM_POST] = "post",
    [SYN_READ_LOCK] = "read-lock",
    [SYN_READ_UNLOCK] = "read-unlock",
    [SYN_WRITE_LOCK] = "write-lock",
    [SYN_WRITE_UNLOCK] = "write-unlock",
    [SYN_COND_WAIT] = "cond-wait",
    [SYN_SIGNAL] = "signal",
    [SYN_BROADCAST] = "broadcast",
    [SYN_CREATE] = "create",
    [SYN_END] = "end",
    [SYN_JOIN] = "join",
    [SYN_EXIT] = "exit",
    [SYN_NOTHING] = "nothing",
    [SYN_SKIP_IF] = "skip-if",
};

static const struct small {
    const char *name;
    bool exact;
    int semaphores[2]; /* 20 and 21 */
    unsigned late;     /* a bit for each thread that is to be created */
    int spurious;
    /* "code object register value; ..."; what is left out is 0. Up to one that is not there. */
    const char *threads[THREADS];
} smalls[] = {
    {.name = "semaphore, two tokens",
     .exact = true,
     .semaphores = {2, 0},
     .threads = {"wait 20; post 20", "wait 20; post 20", "wait 20; post 20"}},
    {.name = "semaphore, producers and consumers",
     .exact = true,
     .threads = {"post 20", "post 20", "wait 20; add 0 1 1", "wait 20; add 0 1 1"}},
    {.name = "semaphores in opposite order",
     .exact = true,
     .semaphores = {1, 1},
     .threads = {"wait 20; wait 21; post 21; post 20", "wait 21; wait 20; post 20; post 21"}},
    {.name = "blocked for ever, its lock before the other's",
     .exact = true,
     .threads = {"lock 10; add 0 1 1", "lock 10; add 0 1 1"}},
    {.name = "readers and a writer",
     .exact = true,
     .threads = {"read-lock 30; read-unlock 30", "read-lock 30; read-unlock 30",
                 "write-lock 30; write-unlock 30"}},
    {.name = "readers alone",
     .exact = true,
     .threads = {"read-lock 30; read-unlock 30", "read-lock 30; read-unlock 30",
                 "read-lock 30; read-unlock 30"}},
    {.name = "a writer, and readers that wait for each other inside",
     .exact = true,
     .threads = {"write-lock 30; write-unlock 30", "read-lock 30; post 20; wait 21; read-unlock 30",
                 "read-lock 30; post 21; wait 20; read-unlock 30"}},
    {.name = "the same, and a reader who waits for nobody",
     .exact = true,
     .threads = {"write-lock 30; load 0 1; write-unlock 30", "read-lock 30; read-unlock 30",
                 "read-lock 30; post 21; wait 20; read-unlock 30",
                 "read-lock 30; post 20; wait 21; read-unlock 30"}},
    {.name = "trylock",
     .exact = true,
     .threads = {"trylock 10 1; skip-if 2 1; add 0 2 1; unlock 10",
                 "trylock 10 1; skip-if 2 1; add 0 2 1; unlock 10", "lock 10; unlock 10"}},
    {.name = "compare and swap",
     .exact = true,
     .threads = {"cas 0 1 1", "cas 0 1 2; store 0", "cas 0 1 3; load 0 1"}},
    {.name = "compares and swaps that may fail",
     .threads = {"load 0 1", "add 0 1 1; add 0 1 1; store 0 1 2", "cas 0 2 1", "cas 0 2 1"}},
    {.name = "a compare and swap that has failed where it was announced",
     .threads = {"cas 0 1 1", "load 0 2; lock 10; load 0 1", "store 0 0 2; add 0 2 1; unlock 10",
                 "load 0 3"}},
    {.name = "tries among readers and a writer",
     .threads = {"trylock 11 1; skip-if 1 1; unlock 11; add 0 2 1; trylock 10 1; skip-if 1 1; "
                 "unlock 10; add 0 2 1",
                 "read-lock 30; trylock 11 1; skip-if 1 1; unlock 11; add 0 2 1; read-unlock 30",
                 "write-lock 30; write-unlock 30",
                 "trylock 10 1; skip-if 2 1; unlock 10; add 0 2 1; read-lock 30; read-unlock 30"}},
    {.name = "created one after the other",
     .exact = true,
     .semaphores = {0, 2},
     .late = 1 << 1 | 1 << 2,
     .threads = {"create 1; add 0 1 1; store 0 0 1", "create 2; trywait 20 1; post 20",
                 "lock 11; add 0 1 1; lock 10; post 20; unlock 10; unlock 11"}},
    {.name = "lost wake-up",
     .exact = true,
     .threads = {"lock 10; cond-wait 40 0 10; unlock 10", "lock 10; signal 40; unlock 10"}},
    {.name = "which waiter",
     .exact = true,
     .threads = {"lock 10; cond-wait 40 0 10; unlock 10", "lock 10; cond-wait 40 0 10; unlock 10",
                 "signal 40; signal 40"}},
    {.name = "broadcast",
     .exact = true,
     .threads = {"lock 10; cond-wait 40 0 10; unlock 10", "lock 10; cond-wait 40 0 10; unlock 10",
                 "broadcast 40; broadcast 40"}},
    {.name = "spurious wake-up",
     .spurious = 1,
     .threads = {"lock 10; cond-wait 40 0 10; unlock 10", "lock 10; signal 40; unlock 10"}},
    {.name = "exit while others live",
     .exact = true,
     .threads = {"add 0 1 1; add 0 1 1", "nothing; lock 10; store 1 0 1", "load 0 1; exit"}},
    {.name = "exit from two", .exact = true, .threads = {"lock 10; exit", "wait 20; exit"}},
    {.name = "created and joined",
     .exact = true,
     .late = 1 << 2,
     .threads = {"add 0 1 1; create 2; join 2; load 0 1", "add 0 1 1", "add 0 1 1; end"}},
};
enum { SMALLS = sizeof smalls / sizeof *smalls };

static enum code code_of(const char *word) {
    size_t code = 0;
    while (code < sizeof words / sizeof *words &&
           (words[code] == NULL || strcmp(words[code], word) != 0))
        code++;
    cr_assert(code < sizeof words / sizeof *words, "there is no instruction '%s'", word);
    return (enum code)code;
}

static void add_thread(struct program *program, int thread, const char *text) {
    for (const char *at = text; *at != '\0'; at += strspn(at, "; ")) {
        char instruction[INSTRUCTION], word[INSTRUCTION];
        int object = 0, reg = 0, value = 0;
        size_t length = strcspn(at, ";");
        cr_assert(length < sizeof instruction, "too long: %s", at);
        snprintf(instruction, sizeof instruction, "%.*s", (int)length, at);
        sscanf(instruction, "%s %d %d %d", word, &object, &reg, &value);
        program_add(program, thread, code_of(word), object, reg, value);
        at += length;
    }
}

const char *program_small(struct program *program, int index, bool *exact) {
    if (index >= SMALLS)
        return NULL;
    const struct small *small = &smalls[index];
    int threads = 0;
    while (threads < THREADS && small->threads[threads] != NULL)
        threads++;
    program_init(program, threads);
    for (int i = 0; i < 2; i++) {
        program->initial[20 + i] = small->semaphores[i];
        program->initial[30 + i] = OP_MANY;
    }
    program->spurious = small->spurious;
    for (int t = 0; t < threads; t++) {
        program->thread[t].late = (small->late >> t & 1) != 0;
        add_thread(program, t, small->threads[t]);
    }
    *exact = small->exact;
    return small->name;
}
