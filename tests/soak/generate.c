/* SPDX-License-Identifier: MIT */
#include "tests/soak/generate.h"

#include <string.h>

const char *const soak_group_names[SOAK_GROUPS] = {
    [SOAK_GROUP_ATOMICS] = "atomics",
    [SOAK_GROUP_PLAIN] = "plain",
    [SOAK_GROUP_MUTEXES] = "mutexes",
    [SOAK_GROUP_CONDITIONS] = "conditions",
    [SOAK_GROUP_SEMAPHORES] = "semaphores",
    [SOAK_GROUP_RWLOCKS] = "rwlocks",
    [SOAK_GROUP_TIME] = "time",
    [SOAK_GROUP_LOOPS] = "loops",
    [SOAK_GROUP_SPINS] = "spins",
    [SOAK_GROUP_CALLS] = "calls",
};

struct author {
    struct soak_program *program;
    struct soak_thread *thread;
    uint64_t random;
    unsigned groups;
    int left;      /* phrases */
    int results;   /* registers in use */
    unsigned held; /* mutexes: a bit for each; and the readers-writer lock */
    int stores;    /* of the thread, at most what its buffer holds */
    int spread;    /* objects of a kind in use: few, so that threads meet */
};

enum { RWLOCK_HELD = 1 << 8, SLOTS = 24, STORES = 6 };

uint64_t soak_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

int soak_below(uint64_t *state, int n) {
    return (int)((soak_random(state) >> 33) % (uint64_t)n);
}

static int below(struct author *author, int n) {
    return soak_below(&author->random, n);
}

static bool once_in(struct author *author, int n) {
    return below(author, n) == 0;
}

/* Which object of a kind. */
static int some(struct author *author, int objects) {
    return below(author, objects < author->spread ? objects : author->spread);
}

static bool allowed(const struct author *author, enum soak_group group) {
    return (author->groups >> group & 1) != 0;
}

/* --- operations --- */

static enum soak_order load_order(struct author *author) {
    static const enum soak_order orders[] = {SOAK_RELAXED, SOAK_ACQUIRE, SOAK_SEQ_CST};
    return orders[below(author, 3)];
}

static enum soak_order store_order(struct author *author) {
    static const enum soak_order orders[] = {SOAK_RELAXED, SOAK_RELEASE, SOAK_SEQ_CST};
    return orders[below(author, 3)];
}

static enum soak_order any_order(struct author *author) {
    return (enum soak_order)below(author, SOAK_SEQ_CST + 1);
}

/* Not stronger than that of success, or compilers complain. */
static enum soak_order failure_order(struct author *author, int success) {
    enum soak_order order = load_order(author);
    bool weaker = success == SOAK_RELAXED || success == SOAK_RELEASE;
    if (weaker || (order == SOAK_SEQ_CST && success != SOAK_SEQ_CST))
        return SOAK_RELAXED;
    return order;
}

/* NULL: the thread is long enough. */
static struct soak_op *add(struct author *author, enum soak_code code, int object) {
    struct soak_thread *thread = author->thread;
    bool result = soak_has_result(code);
    if (thread->length == SOAK_LENGTH || (result && author->results == SOAK_REGISTERS))
        return NULL;
    struct soak_op *op = &thread->op[thread->length++];
    *op = (struct soak_op){.code = (uint8_t)code, .object = (uint8_t)object};
    if (result)
        op->reg = (uint8_t)author->results++;
    return op;
}

static void add_phrase(struct author *author, int depth);

/* The phrases within a block; its length comes with its end. */
static void fill(struct author *author, int block, int depth) {
    for (int i = 1 + below(author, 2); i > 0; i--)
        add_phrase(author, depth + 1);
    struct soak_thread *thread = author->thread;
    thread->op[block].length = (uint8_t)(thread->length - block - 1);
}

static void add_atomic(struct author *author) {
    static const enum soak_code codes[] = {SOAK_LOAD,     SOAK_LOAD,     SOAK_STORE, SOAK_STORE,
                                           SOAK_COPY,     SOAK_EXCHANGE, SOAK_ADD,   SOAK_CAS,
                                           SOAK_CAS_WEAK, SOAK_FENCE};
    enum soak_code code = codes[below(author, 10)];
    bool stores = code == SOAK_STORE || code == SOAK_COPY;
    if ((stores && author->stores++ >= STORES) || (code == SOAK_COPY && author->results == 0))
        code = SOAK_LOAD;
    struct soak_op *op = add(author, code, some(author, SOAK_ATOMICS));
    if (op == NULL)
        return;
    op->value = (uint8_t)(1 + below(author, 2));
    op->expect = (uint8_t)below(author, 3);
    op->other = (uint8_t)(author->results > 0 ? below(author, author->results) : 0);
    op->order = (uint8_t)(code == SOAK_LOAD                         ? load_order(author)
                          : code == SOAK_STORE || code == SOAK_COPY ? store_order(author)
                                                                    : any_order(author));
    if (code == SOAK_FENCE && op->order == SOAK_RELAXED)
        op->order = SOAK_SEQ_CST;
    op->failure = (uint8_t)failure_order(author, op->order);
}

static void add_plain(struct author *author) {
    bool write = once_in(author, 2);
    struct soak_op *op = add(author, write ? SOAK_WRITE : SOAK_READ, some(author, SOAK_PLAIN));
    if (op != NULL)
        op->value = (uint8_t)(1 + below(author, 2));
}

/* A mutex that the thread does not hold; -1: it holds too much. The recursive one it may. */
static int choose_mutex(struct author *author) {
    int mutex = once_in(author, 4) ? SOAK_MUTEXES : some(author, SOAK_MUTEXES);
    if (mutex < SOAK_MUTEXES && (author->held >> mutex & 1) != 0)
        return once_in(author, 12) ? mutex : SOAK_MUTEXES;
    return mutex;
}

static void add_section(struct author *author, int depth, enum soak_code code, int object,
                        unsigned held) {
    int block = author->thread->length;
    unsigned before = author->held;
    struct soak_op *op = add(author, code, object);
    if (op == NULL)
        return;
    op->order = (uint8_t)any_order(author);
    op->failure = (uint8_t)failure_order(author, op->order);
    op->value = (uint8_t)(code == SOAK_AWAIT_CAS ? 1 : below(author, 4));
    op->other = (uint8_t)store_order(author);
    op->pause = (uint8_t)below(author, 3);
    author->held |= held;
    fill(author, block, depth);
    author->held = before;
}

static void add_locked(struct author *author, int depth) {
    static const enum soak_code codes[] = {SOAK_LOCK, SOAK_LOCK, SOAK_TRYLOCK, SOAK_TIMEDLOCK};
    enum soak_code code = codes[below(author, allowed(author, SOAK_GROUP_TIME) ? 4 : 3)];
    int mutex = choose_mutex(author);
    add_section(author, depth, code, mutex, 1U << mutex);
}

static void add_rwlock(struct author *author, int depth) {
    static const enum soak_code codes[] = {SOAK_READ_LOCK,  SOAK_READ_LOCK, SOAK_WRITE_LOCK,
                                           SOAK_WRITE_LOCK, SOAK_TRYREAD,   SOAK_TRYWRITE};
    if ((author->held & RWLOCK_HELD) == 0)
        add_section(author, depth, codes[below(author, 6)], 0, RWLOCK_HELD);
}

/* Within the section of its mutex: waits, or sets what others wait for and says so. */
static void add_cond_inside(struct author *author, int mutex) {
    static const enum soak_code waits[] = {SOAK_WAIT, SOAK_WAIT_FOR, SOAK_WAIT_FOR, SOAK_TIMEDWAIT};
    struct soak_op *op;
    if (once_in(author, 2)) {
        op = add(author, waits[below(author, allowed(author, SOAK_GROUP_TIME) ? 4 : 3)], mutex);
        if (op != NULL) {
            op->value = (uint8_t)(op->code == SOAK_TIMEDWAIT ? below(author, 4) : 1);
            op->other = (uint8_t)mutex;
        }
        if (once_in(author, 3))
            add_plain(author);
        return;
    }
    op = add(author, SOAK_WRITE, mutex);
    if (op != NULL)
        op->value = 1;
    if (!once_in(author, 4))
        add(author, once_in(author, 2) ? SOAK_SIGNAL : SOAK_BROADCAST, mutex);
}

static void add_cond(struct author *author) {
    int mutex = some(author, SOAK_CONDS), block = author->thread->length;
    if (once_in(author, 4)) {
        add(author, once_in(author, 2) ? SOAK_SIGNAL : SOAK_BROADCAST, mutex);
        return;
    }
    if ((author->held >> mutex & 1) != 0 || add(author, SOAK_LOCK, mutex) == NULL)
        return;
    add_cond_inside(author, mutex);
    struct soak_thread *thread = author->thread;
    thread->op[block].length = (uint8_t)(thread->length - block - 1);
}

static void add_semaphore(struct author *author) {
    static const enum soak_code codes[] = {SOAK_SEM_WAIT, SOAK_SEM_TRYWAIT, SOAK_SEM_POST,
                                           SOAK_SEM_POST, SOAK_SEM_TIMEDWAIT};
    struct soak_op *op = add(author, codes[below(author, allowed(author, SOAK_GROUP_TIME) ? 5 : 4)],
                             some(author, SOAK_SEMAPHORES));
    if (op != NULL)
        op->value = (uint8_t)below(author, 4);
}

static void add_time(struct author *author) {
    struct soak_op *op = add(author, once_in(author, 2) ? SOAK_SLEEP : SOAK_LOOK, 0);
    if (op != NULL)
        op->value = (uint8_t)(1 + below(author, 3));
}

static void add_loop(struct author *author, int depth) {
    int kind = below(author, 8), mutex = choose_mutex(author);
    if (kind == 0) {
        add_section(author, depth, SOAK_AWAIT_TRY, mutex, 1U << mutex);
    } else if (kind < 3 && author->stores++ < STORES) {
        add_section(author, depth, kind == 1 ? SOAK_AWAIT_CAS : SOAK_AWAIT_SWAP, SOAK_ATOMICS - 1,
                    0);
    } else if (kind == 3) {
        struct soak_op *op = add(author, SOAK_AWAIT_SEM, some(author, SOAK_SEMAPHORES));
        if (op != NULL)
            op->pause = (uint8_t)below(author, 3);
    } else {
        bool locked = kind < 6 && (author->held >> mutex & 1) == 0;
        struct soak_op *op = add(author, locked ? SOAK_AWAIT_LOCKED : SOAK_AWAIT,
                                 locked ? mutex : some(author, SOAK_ATOMICS));
        if (op == NULL)
            return;
        op->value = 1;
        op->other = (uint8_t)some(author, SOAK_PLAIN);
        op->order = (uint8_t)load_order(author);
        op->pause = (uint8_t)below(author, 3);
    }
}

static void add_spin(struct author *author) {
    bool chance = allowed(author, SOAK_GROUP_CALLS) && once_in(author, 4);
    struct soak_op *op =
        add(author, chance ? SOAK_SPIN_RAND : SOAK_SPIN, some(author, SOAK_ATOMICS));
    if (op == NULL)
        return;
    op->value = (uint8_t)(1 + below(author, 2));
    op->other = (uint8_t)(1 + below(author, 3));
    op->order = (uint8_t)load_order(author);
    op->counter = (uint8_t)below(author, SOAK_COUNTERS);
    if (op->counter == SOAK_COUNTS_MASK && op->other > 2)
        op->other = 2;
}

static void add_call(struct author *author) {
    enum { RAND, TOKEN, YIELD, LOCKED_TOKEN };
    int kind = below(author, 4);
    int block = author->thread->length;
    if (kind == LOCKED_TOKEN && (author->held & 1) == 0 && add(author, SOAK_LOCK, 0) != NULL) {
        add(author, SOAK_TOKEN, 0);
        author->thread->op[block].length = (uint8_t)(author->thread->length - block - 1);
        return;
    }
    add(author, kind == RAND ? SOAK_RAND : kind == YIELD ? SOAK_YIELD : SOAK_TOKEN, 0);
}

static void add_if(struct author *author, int depth) {
    if (author->results == 0)
        return;
    int block = author->thread->length, reg = below(author, author->results);
    struct soak_op *op = add(author, SOAK_IF, 0);
    if (op == NULL)
        return;
    op->other = (uint8_t)reg;
    op->value = (uint8_t)below(author, 3);
    fill(author, block, depth);
}

static void add_group(struct author *author, enum soak_group group, int depth) {
    switch (group) {
    case SOAK_GROUP_ATOMICS:
        add_atomic(author);
        break;
    case SOAK_GROUP_PLAIN:
        add_plain(author);
        break;
    case SOAK_GROUP_MUTEXES:
        if (depth < 2)
            add_locked(author, depth);
        break;
    case SOAK_GROUP_CONDITIONS:
        add_cond(author);
        break;
    case SOAK_GROUP_SEMAPHORES:
        add_semaphore(author);
        break;
    case SOAK_GROUP_RWLOCKS:
        if (depth < 2)
            add_rwlock(author, depth);
        break;
    case SOAK_GROUP_TIME:
        add_time(author);
        break;
    case SOAK_GROUP_LOOPS:
        add_loop(author, depth + 1);
        break;
    case SOAK_GROUP_SPINS:
        add_spin(author);
        break;
    case SOAK_GROUP_CALLS:
        add_call(author);
        break;
    case SOAK_GROUPS:
        break;
    }
}

static void add_phrase(struct author *author, int depth) {
    if (author->left-- <= 0)
        return;
    if (depth < 2 && once_in(author, 10)) {
        add_if(author, depth);
        return;
    }
    enum soak_group group;
    do
        group = (enum soak_group)below(author, SOAK_GROUPS);
    while (!allowed(author, group));
    add_group(author, group, depth);
}

/* Two to four of the groups that are allowed, so that what is there meets; with loops only sometimes,
 * as most of them end in nothing. */
static unsigned choose_groups(struct author *author, unsigned groups) {
    unsigned chosen =
        groups & (once_in(author, 3) ? 1U << SOAK_GROUP_PLAIN : 1U << SOAK_GROUP_ATOMICS);
    for (int i = 1 + below(author, 3) + (chosen == 0); i > 0; i--) {
        unsigned group;
        do
            group = 1U << below(author, SOAK_GROUPS);
        while ((group & groups) == 0 ||
               (group == 1U << SOAK_GROUP_LOOPS && groups != group && once_in(author, 2)));
        chosen |= group;
    }
    return chosen;
}

/* Somebody else makes what a thread spins for: mostly, as its last deed. */
static void satisfy(struct author *author, int t, const struct soak_op *op) {
    struct soak_program *program = author->program;
    struct soak_thread *other =
        &program->thread[(t + 1 + below(author, program->threads - 1)) % program->threads];
    if (op->code != SOAK_AWAIT || other->length == SOAK_LENGTH || once_in(author, 5))
        return;
    other->op[other->length++] = (struct soak_op){.code = SOAK_STORE,
                                                  .object = op->object,
                                                  .value = op->value,
                                                  .order = (uint8_t)store_order(author)};
}

static void satisfy_all(struct author *author) {
    const struct soak_program *program = author->program;
    for (int t = 0; t < program->threads; t++)
        for (int i = 0; i < program->thread[t].length; i++)
            satisfy(author, t, &program->thread[t].op[i]);
}

static void add_thread(struct author *author, int t, int phrases) {
    author->thread = &author->program->thread[t];
    author->left = 2 + below(author, phrases - 1);
    author->results = 0;
    author->held = 0;
    author->stores = 0;
    for (int slot = 0; slot < SLOTS && author->left > 0; slot++)
        add_phrase(author, 0);
}

/* In a program whose threads look at the time, a loop that sleeps would never be the same again. */
static void calm(struct soak_program *program) {
    if (!soak_program_is_timed(program))
        return;
    for (int t = 0; t < program->threads; t++)
        for (int i = 0; i < program->thread[t].length; i++)
            if (program->thread[t].op[i].pause == SOAK_PAUSE_SLEEP)
                program->thread[t].op[i].pause = SOAK_PAUSE_YIELD;
}

void soak_generate(struct soak_program *program, uint64_t seed, unsigned groups) {
    struct author author = {.program = program, .random = seed * 0x9e3779b97f4a7c15 + 1};
    memset(program, 0, sizeof *program);
    program->seed = seed;
    for (int i = 0; i < 8; i++)
        soak_random(&author.random);
    author.groups = choose_groups(&author, groups);
    author.spread = 1 + below(&author, SOAK_ATOMICS);
    program->threads = 2 + once_in(&author, 3);
    program->main_works = once_in(&author, 3);
    for (int i = 0; i < SOAK_SEMAPHORES; i++)
        program->semaphore[i] = (uint8_t)below(&author, 2);
    for (int t = 0; t < program->threads; t++)
        add_thread(&author, t, program->threads == 2 ? 5 : 3);
    satisfy_all(&author);
    calm(program);
}
