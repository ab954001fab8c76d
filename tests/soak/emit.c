/* SPDX-License-Identifier: MIT */
#include "tests/soak/emit.h"

#include <string.h>

static const char prelude[] =
    "#define _GNU_SOURCE\n"
    "#include <assert.h>\n#include <pthread.h>\n#include <sched.h>\n#include <semaphore.h>\n"
    "#include <signal.h>\n#include <stdatomic.h>\n#include <stdint.h>\n#include <stdlib.h>\n"
    "#include <string.h>\n#include <time.h>\n#include <unistd.h>\n"
    "\n"
    "static atomic_int x[3];\n"
    "static int v[2];\n"
    "static pthread_mutex_t m[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,\n"
    "                               PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};\n"
    "static pthread_cond_t c[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};\n"
    "static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;\n"
    "static sem_t s[2];\n"
    "static int result[4][6];\n"
    "\n";

static const char prelude_counters[] =
    "/* Counters of spins: in memory, thread-local, a thread's value of a key, its signal mask. "
    "*/\n"
    "static int cell[4];\n"
    "static _Thread_local int tls;\n"
    "static pthread_key_t key;\n"
    "static const int signals[] = {SIGUSR1, SIGUSR2};\n"
    "static int masked(void) {\n"
    "    sigset_t set;\n"
    "    pthread_sigmask(SIG_BLOCK, NULL, &set);\n"
    "    return sigismember(&set, signals[0]) + sigismember(&set, signals[1]);\n"
    "}\n"
    "static void mask(int how, int first, int last) {\n"
    "    sigset_t set;\n"
    "    sigemptyset(&set);\n"
    "    for (int i = first; i <= last; i++)\n"
    "        sigaddset(&set, signals[i]);\n"
    "    pthread_sigmask(how, &set, NULL);\n"
    "}\n"
    "\n";

static const char prelude_time[] =
    "static struct timespec start;\n"
    "static struct timespec *at(struct timespec *time, int seconds) {\n"
    "    *time = start;\n"
    "    time->tv_sec += seconds;\n"
    "    return time;\n"
    "}\n"
    "static int passed(int seconds) {\n"
    "    struct timespec now;\n"
    "    clock_gettime(CLOCK_REALTIME, &now);\n"
    "    now.tv_sec -= start.tv_sec + seconds;\n"
    "    return now.tv_sec > 0 || (now.tv_sec == 0 && now.tv_nsec >= start.tv_nsec);\n"
    "}\n"
    "\n"
    "static char words[] = \"1,2,3,4\";\n"
    "static int token(void) {\n"
    "    char *word = strtok(NULL, \",\");\n"
    "    return word == NULL ? 0 : *word - '0';\n"
    "}\n"
    "\n"
    "typedef unsigned char outcome[31]; /* 4 x 6 results, x, v, s */\n"
    "struct program {\n"
    "    void (*body[4])(void);\n"
    "    int threads, main_works, semaphore[2], timed;\n"
    "    const outcome *outcomes;\n"
    "    int count;\n"
    "};\n"
    "\n";

static const char run_all[] =
    "static void *run(void *body) {\n"
    "    void (**function)(void) = body;\n"
    "    (*function)();\n"
    "    return NULL;\n"
    "}\n"
    "\n"
    "static void get(outcome is) {\n"
    "    int n = 0, value;\n"
    "    for (int i = 0; i < 24; i++)\n"
    "        is[n++] = (unsigned char)result[i / 6][i % 6];\n"
    "    for (int i = 0; i < 3; i++)\n"
    "        is[n++] = (unsigned char)atomic_load(&x[i]);\n"
    "    for (int i = 0; i < 2; i++)\n"
    "        is[n++] = (unsigned char)v[i];\n"
    "    for (int i = 0; i < 2; i++) {\n"
    "        sem_getvalue(&s[i], &value);\n"
    "        is[n++] = (unsigned char)value;\n"
    "    }\n"
    "}\n"
    "\n"
    "static int same(const unsigned char *a, const unsigned char *b) {\n"
    "    int i = 0;\n"
    "    while (i < 31 && a[i] == b[i])\n"
    "        i++;\n"
    "    return i == 31;\n"
    "}\n"
    "\n"
    "static int known(const struct program *program, const unsigned char *is) {\n"
    "    int i = 0;\n"
    "    while (i < program->count && !same(program->outcomes[i], is))\n"
    "        i++;\n"
    "    return i < program->count;\n"
    "}\n"
    "\n";

static const char run_main[] =
    "int main(int argc, char **argv) {\n"
    "    static struct program program; /* a copy that the bodies are taken from */\n"
    "    pthread_t thread[4];\n"
    "    outcome is;\n"
    "    if (argc < 3)\n"
    "        return 2;\n"
    "    program = programs[atoi(argv[1])];\n"
    "    pthread_key_create(&key, NULL);\n"
    "    strtok(words, \",\");\n"
    "    for (int i = 0; i < 2; i++)\n"
    "        sem_init(&s[i], 0, (unsigned)program.semaphore[i]);\n"
    "    if (program.timed)\n"
    "        clock_gettime(CLOCK_REALTIME, &start);\n"
    "    for (int i = program.main_works; i < program.threads; i++)\n"
    "        pthread_create(&thread[i], NULL, run, &program.body[i]);\n"
    "    if (program.main_works)\n"
    "        program.body[0]();\n"
    "    for (int i = program.main_works; i < program.threads; i++)\n"
    "        pthread_join(thread[i], NULL);\n"
    "    get(is);\n"
    "    if (strcmp(argv[2], \"in\") == 0)\n"
    "        assert(known(&program, is));\n"
    "    if (strcmp(argv[2], \"not\") == 0)\n"
    "        assert(!same(program.outcomes[atoi(argv[3])], is));\n"
    "    return 0;\n"
    "}\n";

_Static_assert(SOAK_THREADS == 4 && SOAK_REGISTERS == 6 && SOAK_OUTCOME == 31,
               "the numbers that the C above has");

/* --- operations --- */

static const char *const orders[] = {
    [SOAK_RELAXED] = "memory_order_relaxed", [SOAK_ACQUIRE] = "memory_order_acquire",
    [SOAK_RELEASE] = "memory_order_release", [SOAK_BOTH] = "memory_order_acq_rel",
    [SOAK_SEQ_CST] = "memory_order_seq_cst",
};

static const char *const pauses[] = {[SOAK_PAUSE_NONE] = ";",
                                     [SOAK_PAUSE_YIELD] = "sched_yield();",
                                     [SOAK_PAUSE_SLEEP] = "usleep(1000);"};

struct writer {
    FILE *out;
    const struct soak_program *program;
    int t, indent;
};

static void start_line(const struct writer *writer) {
    fprintf(writer->out, "%*s", 4 * writer->indent, "");
}

static void say_load(const struct writer *writer, const struct soak_op *op) {
    fprintf(writer->out, "atomic_load_explicit(&x[%d], %s)", op->object, orders[op->order]);
}

static void say_atomic(const struct writer *writer, const struct soak_op *op) {
    FILE *out = writer->out;
    const char *order = orders[op->order];
    switch (op->code) {
    case SOAK_LOAD:
        fprintf(out, "r[%d] = atomic_load_explicit(&x[%d], %s);\n", op->reg, op->object, order);
        break;
    case SOAK_STORE:
        fprintf(out, "atomic_store_explicit(&x[%d], %d, %s);\n", op->object, op->value, order);
        break;
    case SOAK_COPY:
        fprintf(out, "atomic_store_explicit(&x[%d], (r[%d] + 1) & 255, %s);\n", op->object,
                op->other, order);
        break;
    case SOAK_EXCHANGE:
    case SOAK_ADD:
        fprintf(out, "r[%d] = atomic_%s_explicit(&x[%d], %d, %s);\n", op->reg,
                op->code == SOAK_ADD ? "fetch_add" : "exchange", op->object, op->value, order);
        break;
    case SOAK_FENCE:
        fprintf(out, "atomic_thread_fence(%s);\n", order);
        break;
    default:
        fprintf(out, "r[%d] = %d;\n", op->reg, op->expect);
        start_line(writer);
        fprintf(out, "if (atomic_compare_exchange_%s_explicit(&x[%d], &r[%d], %d, %s, %s))\n",
                op->code == SOAK_CAS ? "strong" : "weak", op->object, op->reg, op->value, order,
                orders[op->failure]);
        start_line(writer);
        fprintf(out, "    r[%d] = %d;\n", op->reg, SOAK_EXCHANGED);
        break;
    }
}

static void say_spin(const struct writer *writer, const struct soak_op *op) {
    static const struct {
        const char *reset, *get, *next;
    } counters[] = {
        [SOAK_COUNTS_GLOBAL] = {"cell[%d] = 0", "cell[%d]", "cell[%d]++"},
        [SOAK_COUNTS_TLS] = {"tls = 0", "tls", "tls++"},
        [SOAK_COUNTS_KEY] = {"pthread_setspecific(key, NULL)",
                             "(int)(intptr_t)pthread_getspecific(key)",
                             "pthread_setspecific(key, (char *)pthread_getspecific(key) + 1)"},
        [SOAK_COUNTS_MASK] = {"mask(SIG_UNBLOCK, 0, 1)", "masked()",
                              "mask(SIG_BLOCK, masked(), masked())"},
    };
    char cell[16];
    bool global = op->counter == SOAK_COUNTS_GLOBAL;
    snprintf(cell, sizeof cell, "cell[%d]", writer->t);
    const char *get = global ? cell : counters[op->counter].get;
    FILE *out = writer->out;
    if (global)
        fprintf(out, "for (%s = 0; %s < %d && ", cell, cell, op->other);
    else
        fprintf(out, "for (%s; %s < %d && ", counters[op->counter].reset, get, op->other);
    say_load(writer, op);
    fprintf(out, " != %d; %s%s)\n", op->value, global ? cell : counters[op->counter].next,
            global ? "++" : "");
    start_line(writer);
    fprintf(out, "    ;\n");
    start_line(writer);
    fprintf(out, "r[%d] = %s;\n", op->reg, get);
}

static void say_spin_rand(const struct writer *writer, const struct soak_op *op) {
    fprintf(writer->out, "while (rand() %% 4 != 0 && (r[%d] = ", op->reg);
    say_load(writer, op);
    fprintf(writer->out, " == %d) == 0)\n", op->value);
    start_line(writer);
    fprintf(writer->out, "    ;\n");
}

static void say_await(const struct writer *writer, const struct soak_op *op) {
    FILE *out = writer->out;
    fprintf(out, "while (");
    if (op->code == SOAK_AWAIT_SEM) {
        fprintf(out, "sem_trywait(&s[%d]) != 0)\n", op->object);
    } else {
        say_load(writer, op);
        fprintf(out, " != %d)\n", op->value);
    }
    start_line(writer);
    fprintf(out, "    %s\n", pauses[op->pause]);
}

static void say_await_locked(const struct writer *writer, const struct soak_op *op) {
    FILE *out = writer->out;
    fprintf(out, "for (int is = 0; !is;) {\n");
    start_line(writer);
    fprintf(out, "    pthread_mutex_lock(&m[%d]);\n", op->object);
    start_line(writer);
    fprintf(out, "    is = v[%d] == %d;\n", op->other, op->value);
    start_line(writer);
    fprintf(out, "    pthread_mutex_unlock(&m[%d]);\n", op->object);
    if (op->pause != SOAK_PAUSE_NONE) {
        start_line(writer);
        fprintf(out, "    if (!is)\n");
        start_line(writer);
        fprintf(out, "        %s\n", pauses[op->pause]);
    }
    start_line(writer);
    fprintf(out, "}\n");
}

static void say_call(const struct writer *writer, const struct soak_op *op) {
    FILE *out = writer->out;
    int o = op->object;
    switch (op->code) {
    case SOAK_READ:
        fprintf(out, "r[%d] = v[%d];\n", op->reg, o);
        break;
    case SOAK_WRITE:
        fprintf(out, "v[%d] = %d;\n", o, op->value);
        break;
    case SOAK_WAIT:
        fprintf(out, "pthread_cond_wait(&c[%d], &m[%d]);\n", o, o);
        break;
    case SOAK_WAIT_FOR:
        fprintf(out, "while (v[%d] != %d)\n", op->other, op->value);
        start_line(writer);
        fprintf(out, "    pthread_cond_wait(&c[%d], &m[%d]);\n", o, o);
        break;
    case SOAK_TIMEDWAIT:
        fprintf(out, "r[%d] = pthread_cond_timedwait(&c[%d], &m[%d], at(&time, %d)) != 0;\n",
                op->reg, o, o, op->value);
        break;
    case SOAK_SIGNAL:
    case SOAK_BROADCAST:
        fprintf(out, "pthread_cond_%s(&c[%d]);\n", op->code == SOAK_SIGNAL ? "signal" : "broadcast",
                o);
        break;
    case SOAK_SEM_WAIT:
    case SOAK_SEM_POST:
        fprintf(out, "sem_%s(&s[%d]);\n", op->code == SOAK_SEM_POST ? "post" : "wait", o);
        break;
    case SOAK_SEM_TRYWAIT:
        fprintf(out, "r[%d] = sem_trywait(&s[%d]) == 0;\n", op->reg, o);
        break;
    case SOAK_SEM_TIMEDWAIT:
        fprintf(out, "r[%d] = sem_timedwait(&s[%d], at(&time, %d)) == 0;\n", op->reg, o, op->value);
        break;
    case SOAK_RAND:
        fprintf(out, "r[%d] = rand() %% 4;\n", op->reg);
        break;
    case SOAK_TOKEN:
        fprintf(out, "r[%d] = token();\n", op->reg);
        break;
    case SOAK_YIELD:
        fprintf(out, "sched_yield();\n");
        break;
    case SOAK_SLEEP:
        fprintf(out, "sleep(%d);\n", op->value);
        break;
    case SOAK_LOOK:
        fprintf(out, "r[%d] = passed(%d);\n", op->reg, op->value);
        break;
    default:
        break;
    }
}

/* --- blocks --- */

static const char *lock_call(enum soak_code code) {
    return code == SOAK_TRYREAD     ? "pthread_rwlock_tryrdlock(&rw)"
           : code == SOAK_TRYWRITE  ? "pthread_rwlock_trywrlock(&rw)"
           : code == SOAK_READ_LOCK ? "pthread_rwlock_rdlock(&rw)"
                                    : "pthread_rwlock_wrlock(&rw)";
}

static void open_block(const struct writer *writer, const struct soak_op *op) {
    FILE *out = writer->out;
    switch (op->code) {
    case SOAK_LOCK:
        fprintf(out, "pthread_mutex_lock(&m[%d]);\n", op->object);
        break;
    case SOAK_TRYLOCK:
        fprintf(out, "if (pthread_mutex_trylock(&m[%d]) == 0) {\n", op->object);
        break;
    case SOAK_TIMEDLOCK:
        fprintf(out, "if (pthread_mutex_timedlock(&m[%d], at(&time, %d)) == 0) {\n", op->object,
                op->value);
        break;
    case SOAK_READ_LOCK:
    case SOAK_WRITE_LOCK:
        fprintf(out, "%s;\n", lock_call((enum soak_code)op->code));
        break;
    case SOAK_TRYREAD:
    case SOAK_TRYWRITE:
        fprintf(out, "if (%s == 0) {\n", lock_call((enum soak_code)op->code));
        break;
    case SOAK_AWAIT_TRY:
        fprintf(out, "while (pthread_mutex_trylock(&m[%d]) != 0)\n", op->object);
        break;
    case SOAK_AWAIT_SWAP:
        fprintf(out, "while (atomic_exchange_explicit(&x[%d], 1, %s) != 0)\n", op->object,
                orders[op->order]);
        break;
    case SOAK_AWAIT_CAS:
        fprintf(out,
                "while (e = 0, !atomic_compare_exchange_weak_explicit(&x[%d], &e, 1, %s, %s))\n",
                op->object, orders[op->order], orders[op->failure]);
        break;
    default:
        fprintf(out, "if (r[%d] == %d) {\n", op->other, op->value);
        break;
    }
    if (op->code == SOAK_AWAIT_TRY || op->code == SOAK_AWAIT_SWAP || op->code == SOAK_AWAIT_CAS) {
        start_line(writer);
        fprintf(out, "    %s\n", pauses[op->pause]);
    }
}

static void close_block(struct writer *writer, const struct soak_op *op, bool braces) {
    FILE *out = writer->out;
    if (op->code != SOAK_IF)
        start_line(writer);
    if (op->code == SOAK_AWAIT_SWAP || op->code == SOAK_AWAIT_CAS)
        fprintf(out, "atomic_store_explicit(&x[%d], 0, %s);\n", op->object, orders[op->other]);
    else if (op->code == SOAK_READ_LOCK || op->code == SOAK_WRITE_LOCK ||
             op->code == SOAK_TRYREAD || op->code == SOAK_TRYWRITE)
        fprintf(out, "pthread_rwlock_unlock(&rw);\n");
    else if (op->code != SOAK_IF)
        fprintf(out, "pthread_mutex_unlock(&m[%d]);\n", op->object);
    if (!braces)
        return;
    writer->indent--;
    start_line(writer);
    fprintf(out, "}\n");
}

static bool has_braces(enum soak_code code) {
    return code == SOAK_IF || (soak_has_result(code) && soak_is_block(code));
}

static void say_ops(struct writer *writer, int from, int to);

static void say_block(struct writer *writer, const struct soak_op *op, int from) {
    bool braces = has_braces((enum soak_code)op->code);
    open_block(writer, op);
    if (braces)
        writer->indent++;
    if (soak_has_result((enum soak_code)op->code)) {
        start_line(writer);
        fprintf(writer->out, "r[%d] = 1;\n", op->reg);
    }
    say_ops(writer, from, from + op->length);
    close_block(writer, op, braces);
}

static void say_op(struct writer *writer, const struct soak_op *op) {
    switch (op->code) {
    case SOAK_SPIN:
        say_spin(writer, op);
        break;
    case SOAK_SPIN_RAND:
        say_spin_rand(writer, op);
        break;
    case SOAK_AWAIT:
    case SOAK_AWAIT_SEM:
        say_await(writer, op);
        break;
    case SOAK_AWAIT_LOCKED:
        say_await_locked(writer, op);
        break;
    default:
        if (op->code <= SOAK_FENCE)
            say_atomic(writer, op);
        else
            say_call(writer, op);
        break;
    }
}

static void say_ops(struct writer *writer, int from, int to) {
    const struct soak_thread *thread = &writer->program->thread[writer->t];
    for (int i = from; i < to; i++) {
        const struct soak_op *op = &thread->op[i];
        start_line(writer);
        if (!soak_is_block((enum soak_code)op->code)) {
            say_op(writer, op);
            continue;
        }
        say_block(writer, op, i + 1);
        i += op->length;
    }
}

/* --- programs --- */

static bool thread_has(const struct soak_thread *thread, enum soak_code a, enum soak_code b,
                       enum soak_code c) {
    for (int i = 0; i < thread->length; i++)
        if (thread->op[i].code == a || thread->op[i].code == b || thread->op[i].code == c)
            return true;
    return false;
}

/* Results are the thread's own until its end, so that nobody else can tell when they come. */
static void say_thread(FILE *out, const struct soak_program *program, int number, int t) {
    const struct soak_thread *thread = &program->thread[t];
    struct writer writer = {.out = out, .program = program, .t = t, .indent = 1};
    fprintf(out, "static void p%d_thread%d(void) {\n    int r[6] = {0};\n", number, t);
    if (thread_has(thread, SOAK_AWAIT_CAS, SOAK_AWAIT_CAS, SOAK_AWAIT_CAS))
        fprintf(out, "    int e;\n");
    if (thread_has(thread, SOAK_TIMEDLOCK, SOAK_TIMEDWAIT, SOAK_SEM_TIMEDWAIT))
        fprintf(out, "    struct timespec time;\n");
    say_ops(&writer, 0, thread->length);
    fprintf(out, "    for (int i = 0; i < 6; i++)\n        result[%d][i] = r[i];\n}\n\n", t);
}

static void say_outcomes(FILE *out, const struct soak_truth *truth, int number) {
    fprintf(out, "static const outcome p%d_outcomes[] = {\n", number);
    for (size_t i = 0; i < truth->outcome_count; i++) {
        fprintf(out, "    {");
        for (int j = 0; j < SOAK_OUTCOME; j++)
            fprintf(out, "%s%d", j == 0 ? "" : ", ", truth->outcomes[i][j]);
        fprintf(out, "},\n");
    }
    fprintf(out, "%s};\n\n", truth->outcome_count == 0 ? "    {0},\n" : "");
}

static void say_row(FILE *out, const struct soak_emitted *one, int number) {
    const struct soak_program *program = one->program;
    fprintf(out, "    {{");
    for (int t = 0; t < program->threads; t++)
        fprintf(out, "%sp%d_thread%d", t == 0 ? "" : ", ", number, t);
    fprintf(out, "}, %d, %d, {%d, %d}, %d, p%d_outcomes, %zu},\n", program->threads,
            program->main_works, program->semaphore[0], program->semaphore[1],
            soak_program_is_timed(program), number, one->truth->outcome_count);
}

void soak_emit(FILE *out, const char *first, const struct soak_emitted *programs, int count) {
    if (first != NULL)
        fprintf(out, "%s\n", first);
    fputs(prelude, out);
    fputs(prelude_counters, out);
    fputs(prelude_time, out);
    for (int i = 0; i < count; i++) {
        for (int t = 0; t < programs[i].program->threads; t++)
            say_thread(out, programs[i].program, i, t);
        say_outcomes(out, programs[i].truth, i);
    }
    fprintf(out, "static const struct program programs[] = {\n");
    for (int i = 0; i < count; i++)
        say_row(out, &programs[i], i);
    fprintf(out, "};\n\n");
    fputs(run_all, out);
    fputs(run_main, out);
}

void soak_emit_failures(char *words, size_t size, unsigned failures) {
    static const char *const names[] = {"data-race", "deadlock", "livelock",
                                        "deadlock or livelock"};
    size_t used = 0;
    words[0] = '\0';
    enum { NAMES = sizeof names / sizeof *names };
    for (int i = 0; i < NAMES && used < size; i++)
        if ((failures >> i & 1) != 0)
            used += (size_t)snprintf(words + used, size - used, "%s%s", used == 0 ? "found " : ", ",
                                     names[i]);
    if (used == 0)
        snprintf(words, size, "proved");
}
