/* SPDX-License-Identifier: MIT */
/*
 * Random synthetic programs, the same for the same seed. They are made of phrases that make sense
 * (what is locked is mostly unlocked), because programs of random instructions mostly hang at once.
 *
 * Objects: variables 0 and up, mutexes 10 and 11, semaphores 20 and 21, readers-writer locks 30 and
 * 31, a condition 40.
 */
#include <stdio.h>

#include "tests/search/synthetic.h"

enum { MUTEX = 10, SEMAPHORE = 20, RWLOCK = 30, CONDITION = 40 };

/* What a program may consist of; each has some of it. */
enum phrase {
    PHRASE_MEMORY,
    PHRASE_LOCKED,
    PHRASE_TRY,
    PHRASE_SEMAPHORE,
    PHRASE_READING,
    PHRASE_WRITING,
    PHRASE_TRY_WRITING,
    PHRASE_WAIT,
    PHRASE_SIGNAL,
    PHRASE_JOIN,
    PHRASE_EXIT,
    PHRASE_NOTHING,
    PHRASE_COUNT
};

struct author {
    struct program *program;
    uint64_t state;
    unsigned kinds; /* a bit for each phrase */
    int variables;
};

/* xorshift: Marsaglia, Journal of Statistical Software, 2003. */
static int below(struct author *author, int n) {
    author->state ^= author->state << 13;
    author->state ^= author->state >> 7;
    author->state ^= author->state << 17;
    return (int)((author->state >> 20) % (uint64_t)n);
}

static bool once_in(struct author *author, int n) {
    return below(author, n) == 0;
}

static void add_memory(struct author *author, int t) {
    static const enum code codes[] = {SYN_LOAD, SYN_STORE, SYN_ADD, SYN_CAS};
    enum code code = codes[below(author, 4)];
    int reg = code == SYN_STORE ? below(author, 2) : 1;
    program_add(author->program, t, code, below(author, author->variables), reg, 1 + t);
    if (once_in(author, 4)) {
        program_add(author->program, t, SYN_SKIP_IF, 1, 1, 0);
        program_add(author->program, t, SYN_NOTHING, 0, 0, 0);
    }
}

static void add_semaphore(struct author *author, int t) {
    static const enum code codes[] = {SYN_SEM_WAIT, SYN_SEM_WAIT, SYN_SEM_TRYWAIT, SYN_SEM_POST,
                                      SYN_SEM_POST};
    program_add(author->program, t, codes[below(author, 5)], SEMAPHORE + below(author, 2), 1, 0);
}

static void add_try(struct author *author, int t, enum code try, int object, enum code undo) {
    program_add(author->program, t, try, object, 3, 0);
    program_add(author->program, t, SYN_SKIP_IF, 2, 3, 0);
    program_add(author->program, t, SYN_ADD, 0, 2, 1);
    program_add(author->program, t, undo, object, 0, 0);
}

static void add_phrase(struct author *author, int t, int depth);

static void add_section(struct author *author, int t, int depth, enum code enter, int object,
                        enum code leave) {
    program_add(author->program, t, enter, object, 0, 0);
    for (int i = below(author, 3); i > 0 && depth < 2; i--)
        add_phrase(author, t, depth + 1);
    if (!once_in(author, 12))
        program_add(author->program, t, leave, object, 0, 0);
}

static void add_wait(struct author *author, int t) {
    program_add(author->program, t, SYN_LOCK, MUTEX, 0, 0);
    program_add(author->program, t, SYN_COND_WAIT, CONDITION, 0, MUTEX);
    program_add(author->program, t, SYN_UNLOCK, MUTEX, 0, 0);
}

static void add_one(struct author *author, int t, int depth, enum phrase phrase) {
    struct program *program = author->program;
    int other = below(author, 2);
    switch (phrase) {
    case PHRASE_MEMORY:
        add_memory(author, t);
        break;
    case PHRASE_LOCKED:
        add_section(author, t, depth, SYN_LOCK, MUTEX + other, SYN_UNLOCK);
        break;
    case PHRASE_TRY:
        add_try(author, t, SYN_TRYLOCK, MUTEX + other, SYN_UNLOCK);
        break;
    case PHRASE_SEMAPHORE:
        add_semaphore(author, t);
        break;
    case PHRASE_READING:
        add_section(author, t, depth, SYN_READ_LOCK, RWLOCK + other, SYN_READ_UNLOCK);
        break;
    case PHRASE_WRITING:
        add_section(author, t, depth, SYN_WRITE_LOCK, RWLOCK + other, SYN_WRITE_UNLOCK);
        break;
    case PHRASE_TRY_WRITING:
        add_try(author, t, SYN_TRY_WRITE_LOCK, RWLOCK + other, SYN_WRITE_UNLOCK);
        break;
    case PHRASE_WAIT:
        add_wait(author, t);
        break;
    case PHRASE_SIGNAL:
        program_add(program, t, other ? SYN_SIGNAL : SYN_BROADCAST, CONDITION, 0, 0);
        break;
    case PHRASE_JOIN:
        if (t > 0)
            program_add(program, t, SYN_JOIN, below(author, t), 0, 0);
        break;
    case PHRASE_EXIT:
        if (once_in(author, 6))
            program_add(program, t, SYN_EXIT, 0, 0, 0);
        break;
    case PHRASE_NOTHING:
    case PHRASE_COUNT:
        program_add(program, t, other ? SYN_NOTHING : SYN_YIELD, 0, 0, 0);
        break;
    }
}

static void add_phrase(struct author *author, int t, int depth) {
    enum phrase phrase;
    do
        phrase = (enum phrase)below(author, PHRASE_COUNT);
    while ((author->kinds >> phrase & 1) == 0);
    add_one(author, t, depth, phrase);
}

static void choose_kinds(struct author *author) {
    author->kinds = 0;
    for (int i = 1 + below(author, 4); i > 0; i--)
        author->kinds |= 1U << below(author, PHRASE_COUNT);
    if (once_in(author, 2))
        author->kinds |= 1U << PHRASE_MEMORY;
    if ((author->kinds >> PHRASE_WAIT & 1) != 0)
        author->kinds |= 1U << PHRASE_SIGNAL;
}

static void choose_objects(struct author *author) {
    for (int i = 0; i < 2; i++) {
        author->program->initial[SEMAPHORE + i] = below(author, 3);
        author->program->initial[RWLOCK + i] = OP_MANY;
    }
    author->variables = 1 + below(author, 3);
    author->program->spurious = once_in(author, 4);
}

void program_random(struct program *program, uint64_t seed, int threads, int phrases) {
    struct author author = {.program = program, .state = seed * 0x9e3779b97f4a7c15U + 1};
    for (int i = 0; i < 8; i++)
        below(&author, 2);
    program_init(program, 2 + below(&author, threads - 1));
    choose_kinds(&author);
    choose_objects(&author);
    bool creates = once_in(&author, 4);
    for (int t = 1; t < program->threads && creates; t++) {
        program->thread[t].late = once_in(&author, 2);
        if (program->thread[t].late)
            program_add(program, below(&author, t), SYN_CREATE, t, 0, 0);
    }
    for (int t = 0; t < program->threads; t++) {
        for (int i = 1 + below(&author, phrases); i > 0; i--)
            add_phrase(&author, t, 0);
        if ((author.kinds >> PHRASE_JOIN & 1) != 0)
            program_add(program, t, SYN_END, 0, 0, 0);
    }
}

void program_print(const struct program *program) {
    static const char *const names[] = {
        "lock",       "unlock",       "trylock",   "load", "store",     "add",
        "cas",        "sem_wait",     "trywait",   "post", "read_lock", "read_unlock",
        "write_lock", "write_unlock", "try_write", "wait", "signal",    "broadcast",
        "create",     "end",          "join",      "exit", "yield",     "nothing",
        "set",        "assert",       "skip_if",   "skip", "loop"};
    for (int t = 0; t < program->threads; t++) {
        fprintf(stderr, "  %s %d:", program->thread[t].late ? "late" : "thread", t);
        for (int i = 0; i < program->thread[t].length; i++) {
            const struct instruction *in = &program->thread[t].code[i];
            fprintf(stderr, " %s(%d, r%d, %d)", names[in->code], in->object, in->reg, in->value);
        }
        fprintf(stderr, "\n");
    }
    fprintf(stderr, "  semaphores %d %d, spurious %d\n", program->initial[SEMAPHORE],
            program->initial[SEMAPHORE + 1], program->spurious);
}
