/* SPDX-License-Identifier: MIT */
/*
 * Before main: the server, its workers, and the way into the kernel.
 *
 *   .preinit_array   runs before any code of the program: the first process becomes the server. It makes
 *                    the search (in shared memory), forks workers, and waits for them; a worker that
 *                    ends with WORKER_AGAIN is replaced by a fresh one. It never runs the program.
 *   constructors     run in each worker, once.
 *   main             our __libc_start_main hands kernel_main to libc's: snapshot, then executions.
 *
 * Without SHARED_VARIABLE in the environment the program was started by hand: it runs once.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "explore/runtime/calls/calls.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/heap.h"
#include "explore/runtime/lasting.h"
#include "explore/search/search.h"

enum { WORKERS = 64, LEND_AT_FIRST = 7 };

struct shared *shared;
int (*program_main)(int, char **, char **);
int program_argc;
char **program_argv, **program_envp;

static bool by_hand; /* nobody watches: one execution, output where it belongs */

static void shared_full(void) {
    unsupported(0, "the search needs more than %d GiB of memory", (int)(SHARED_SIZE >> 30));
}

/* --- the server --- */

static const char *variable(char **environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment != NULL; environment++)
        if (memcmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static int to_number(const char *text) {
    int value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + *text - '0';
    return value;
}

/* false: the environment names no shared memory, or none of ours. */
static void shared_map(char **environment) {
    const char *text = variable(environment, SHARED_VARIABLE);
    by_hand = text == NULL;
    long fd = by_hand ? -1 : to_number(text);
    int flags = by_hand ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
    long address = system_call(SYS_mmap, (long)SHARED_ADDRESS, (long)SHARED_SIZE,
                               PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, fd, 0);
    if (address < 0)
        system_call(SYS_exit_group, 70, 0, 0, 0, 0, 0);
    if (fd >= 0)
        system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    shared = (struct shared *)address;
    shared->version = SHARED_VERSION;
    if (by_hand)
        shared->config = (struct shared_config){.steps = 100000000, .executions = 1};
}

static const struct strategy *phase_strategy(enum phase phase) {
    switch (phase) {
    case PHASE_SEARCH:
        return strategy_find(by_hand ? "replay" : shared->config.strategy);
    case PHASE_MINIMISE:
        return &strategy_minimise;
    case PHASE_CRITICAL:
        return &strategy_critical;
    case PHASE_TRACE:
        return &strategy_replay;
    }
    return NULL;
}

static void search_make(enum phase phase) {
    const struct shared_config *config = &shared->config;
    char *start = (char *)control + ((sizeof *control + 63) & ~(size_t)63);
    if (phase == PHASE_SEARCH) /* later phases must not overwrite the schedules that were kept */
        arena_init(&control->arena, start, (size_t)((char *)shared + SHARED_SIZE - start),
                   shared_full);
    control->phase = (int32_t)phase;
    control->strategy = phase_strategy(phase);
    control->search_config = (struct search_config){
        .seed = config->seed,
        .bound = config->bound,
        .executions = phase == PHASE_SEARCH ? config->executions : 0,
        .schedule = config->schedule,
        .schedule_length = config->schedule_length,
    };
    if (phase != PHASE_SEARCH) {
        control->search_config.schedule = control->schedule;
        control->search_config.schedule_length = control->schedule_length;
    }
    control->stop = control->again = 0;
    if (control->strategy != NULL)
        control->search = control->strategy->create(&control->arena, &control->search_config);
}

/* The child goes on to the program. */
static pid_t worker_start(void) {
    pid_t (*real_fork)(void) = (pid_t(*)(void))real_function("fork");
    pid_t pid = real_fork();
    if (pid == 0)
        system_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
    return pid;
}

static void worker_died(int status) {
    control->stop = 1;
    if (shared->end != SHARED_RUNNING)
        return;
    if (WIFSIGNALED(status))
        text_format(shared->reason, SHARED_TEXT, "a worker was killed by signal %d",
                    WTERMSIG(status));
    else
        text_format(shared->reason, SHARED_TEXT, "a worker ended with status %d",
                    WEXITSTATUS(status));
    shared->end = SHARED_FAILED;
}

/* Runs the workers of one phase to their end. true in a worker: go on to the program. */
static bool workers_run(int count) {
    int alive = 0;
    for (; alive < count; alive++) {
        pid_t pid = worker_start();
        if (pid == 0)
            return true;
        if (pid < 0)
            break;
    }
    while (alive > 0) {
        int status = 0;
        long pid = system_call(SYS_wait4, -1, (long)&status, 0, 0, 0, 0);
        if (pid == -EINTR)
            continue;
        bool again = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == WORKER_AGAIN;
        alive--;
        if (again && !control->stop && !control->again && worker_start() == 0)
            return true;
        alive += again && !control->stop && !control->again;
        if (!again && (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != WORKER_DONE))
            worker_died(status);
    }
    return false;
}

static void counts_reset(bool keep_findings) {
    shared->executions = shared->blocked = shared->steps = shared->deepest = 0;
    shared->left = -1;
    control->cut = 0;
    if (!keep_findings)
        shared->finding_count = control->schedule_length = 0;
}

/* The search, begun anew while racy locations turn up. With several workers, which of two failures is
 * seen first is chance: so then one worker looks again, in its own order. */
static bool search_run(void) {
    int jobs = control->strategy != NULL && control->strategy->parallel ? shared->config.jobs : 1;
    for (;;) {
        if (workers_run(jobs < 1 ? 1 : jobs > WORKERS ? WORKERS : jobs))
            return true;
        if (shared->end != SHARED_RUNNING)
            return false;
        if (jobs > 1 && shared->finding_count > 0 && !control->again)
            jobs = 1;
        else if (control->again && !(shared->finding_count > 0 && control->stop))
            shared->earlier += shared->executions;
        else
            return false;
        counts_reset(shared->config.races == RACES_REPORT && jobs == 1);
        search_make(PHASE_SEARCH);
    }
}

/* A failure is traced, and what was asked to be replayed. */
static bool trace_wanted(void) {
    if (shared->end != SHARED_RUNNING)
        return false;
    if (shared->finding_count > 0)
        return true;
    control->schedule_length = shared->config.schedule_length;
    memcpy(control->schedule, shared->config.schedule, 2 * (size_t)control->schedule_length);
    return shared->config.trace;
}

/* What a failure is worth knowing beyond that it exists. */
static bool failure_study(void) {
    int64_t executions = shared->executions, blocked = shared->blocked, steps = shared->steps,
            deepest = shared->deepest;
    const uint8_t *pairs;
    shared->critical = -1;
    if (shared->config.minimise && shared->finding_count > 0) {
        search_make(PHASE_MINIMISE);
        if (workers_run(1))
            return true;
        int length = minimise_best(control->search, &pairs);
        if (length > 0) {
            memcpy(control->schedule, pairs, 2 * (size_t)length);
            control->schedule_length = length;
        }
        search_make(PHASE_CRITICAL);
        if (workers_run(1))
            return true;
        shared->critical = critical_step(control->search);
    }
    search_make(PHASE_TRACE);
    if (workers_run(1))
        return true;
    shared->executions = executions;
    shared->blocked = blocked;
    shared->steps = steps;
    shared->deepest = deepest;
    return false;
}

/* Started by hand: what was found goes to stderr, else the program's own status counts. */
_Noreturn static void end_by_hand(void) {
    const char *words = shared->finding_count > 0 ? shared->findings[0].message : shared->reason;
    int status = shared->finding_count > 0 ? 1 : words[0] != '\0' ? 2 : control->exit_status;
    char line[SHARED_TEXT + 16];
    size_t length = text_format(line, sizeof line, "hazard: %s\n", words);
    if (words[0] != '\0')
        system_call(SYS_write, 2, (long)line, (long)length, 0, 0, 0);
    for (;;)
        system_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

static void conclude(void) {
    if (shared->end != SHARED_RUNNING)
        return;
    const struct shared_config *config = &shared->config;
    bool full = config->executions > 0 && shared->executions >= config->executions;
    if (shared->finding_count > 0) {
        shared->end = SHARED_FOUND;
    } else if (control->cut > 0) {
        text_format(shared->reason, SHARED_TEXT, "%ld executions did not end within %ld steps",
                    (long)control->cut, (long)config->steps);
        shared->end = SHARED_BUDGET;
    } else if (full && control->stop) {
        text_format(shared->reason, SHARED_TEXT, "%ld executions were made",
                    (long)shared->executions);
        shared->end = SHARED_BUDGET;
    } else {
        shared->end = SHARED_EXHAUSTED;
    }
}

/* Returns in workers only. */
static void serve(void) {
    counts_reset(false);
    search_make(PHASE_SEARCH);
    control->lend = LEND_AT_FIRST;
    control->actor_count = 1;
    if (control->strategy == NULL) {
        text_format(shared->reason, SHARED_TEXT, "no strategy '%s'", shared->config.strategy);
        shared->end = SHARED_FAILED;
    } else if (search_run()) {
        return;
    } else if (by_hand) {
        end_by_hand();
    } else if (trace_wanted() && failure_study()) {
        return;
    }
    conclude();
    system_call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

/* --- the worker --- */

/* libc's exit calls this last: it was registered before anything else. What still lies in stdio's
 * buffers is written, and the process ends, for the program. */
static void last_handler(int status, void *unused) {
    (void)unused;
    if (!exploring)
        return;
    const struct op op = {
        .kind = OP_EXIT, .access_count = 1, .access = {{.mode = MODE_ALL, .bytes = 0xff}}};
    step(&op, NULL, self->exit_pc);
    int (*flush)(void *) = (int (*)(void *))real_function("fflush");
    flush(NULL);
    execution_exit(status);
}

_Noreturn void real_exit(int status) {
    static bool exiting;
    if (exploring && exiting) /* another thread is at it already: this one never returns */
        for (;;)
            fall_asleep(false, 0);
    exiting = true;
    ((void (*)(int))real_function("exit"))(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void exit(int status);
EXPORT _Noreturn void exit(int status) {
    if (exploring) {
        self->exit_pc = CALLER();
        self->exit_stack = self->stack;
    }
    real_exit(status);
}

static _Noreturn void exit_at_once(int status, uintptr_t pc) {
    const struct op op = {
        .kind = OP_EXIT, .access_count = 1, .access = {{.mode = MODE_ALL, .bytes = 0xff}}};
    if (!exploring)
        for (;;)
            system_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
    self->exit_pc = pc;
    self->exit_stack = self->stack;
    step(&op, NULL, pc);
    execution_exit(status);
}

EXPORT _Noreturn void _exit(int status);
EXPORT _Noreturn void _exit(int status) {
    exit_at_once(status, CALLER());
}
EXPORT _Noreturn void _Exit(int status);
EXPORT _Noreturn void _Exit(int status) {
    exit_at_once(status, CALLER());
}

/* What the program prints goes nowhere while the search runs, and is kept for the failing execution. */
static int output_redirect(void) {
    long fd =
        control->phase == PHASE_TRACE
            ? system_call(SYS_memfd_create, (long)"output", MFD_CLOEXEC, 0, 0, 0, 0)
            : system_call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return -1;
    system_call(SYS_dup2, fd, 1, 0, 0, 0, 0);
    system_call(SYS_dup2, fd, 2, 0, 0, 0, 0);
    return 0;
}

static void output_keep(void) {
    long got = system_call(SYS_pread64, 1, (long)shared->output, SHARED_OUTPUT, 0, 0, 0);
    if (got > 0)
        shared->output_length = (int32_t)got;
}

static int kernel_main(int argc, char **argv, char **envp) {
    program_argc = argc;
    program_argv = argv;
    program_envp = envp;
    calls_patch();
    if (!by_hand && output_redirect() != 0)
        unsupported(0, "cannot open /dev/null");
    int error = tls_lend(control->lend);
    if (error != 0)
        unsupported(0, "cannot create %d threads: error %d", control->lend, error);
    if (stack_of(0) == NULL)
        unsupported(0, "no memory for a stack");
    heap_keep();
    recur_begin();
    race_begin();
    signals_start();
    if (rewind_snapshot((char *)argv) != 0)
        unsupported(0, "cannot read /proc/self/maps");
    int end = kernel_run();
    if (control->phase == PHASE_TRACE && !by_hand)
        output_keep();
    for (;;)
        system_call(SYS_exit_group, end, 0, 0, 0, 0, 0);
}

EXPORT int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                             void *stack_end);
EXPORT int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                             void *stack_end) {
    typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void),
                           void (*)(void), void (*)(void), void *);
    program_main = main_function;
    start_main *real = (start_main *)real_function("__libc_start_main");
    return real(kernel_main, argc, argv, init, fini, loader_fini, stack_end);
}

/* What the program was moved by when it was loaded. */
static uint64_t load_bias(void) {
    const ElfW(Phdr) *header = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
        if (header[i].p_type == PT_PHDR)
            return (uintptr_t)header - header[i].p_vaddr;
    return 0;
}

static void begin(int argc, char **argv, char **envp) {
    (void)argc;
    (void)argv;
    real_functions_find();
    shared_map(envp);
    shared->base = load_bias();
    memory_map();
    ((int (*)(void (*)(int, void *), void *))real_function("on_exit"))(last_handler, NULL);
    serve();
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(int, char **,
                                                                              char **) = begin;
