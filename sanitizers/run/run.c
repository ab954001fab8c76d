/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The program leads a session of its own, with the stdin that it is given and its output in two pipes
 * that we read. Three things end a run: the program itself; a limit; and being stuck.
 *
 * Stuck means that waiting longer cannot help: over STUCK_SECONDS the whole tree used (next to) no
 * processor time, printed nothing, and every thread sleeps in a call that has no time-out and
 * cannot be ended by a timer (rest.c). TSan's own background thread is left out of that. Under
 * Valgrind, which catches every signal itself, a program's own timer cannot be seen, so there we
 * wait longer. Whatever else is in doubt is left to the time limit.
 *
 * The end is always the same: SIGKILL to everything that descends from the program, in rounds,
 * until we have no child left. As a subreaper we inherit whatever lost its parent, so nothing can
 * escape by daemonising.
 */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/proc.h"
#include "run/proc_text.h"
#include "run/rest.h"

#define SAMPLE_SECONDS 0.1
#define STUCK_SECONDS 2.0
#define STUCK_HIDDEN_SECONDS 5.0 /* where a timer's signal may be coming that we cannot know of */
#define STUCK_CPU_NS 20000000ULL /* over STUCK_SECONDS: a hundredth of one processor */
#define PROCESS_LIMIT 512
#define FILE_LIMIT_BYTES (256UL << 20)

const struct run_limits run_default_limits = {
    .seconds = 10, .output_bytes = 1 << 20, .memory_bytes = (size_t)2 << 30};

/* One of the two output pipes. */
struct stream {
    int fd; /* -1: closed */
    char *text;
    size_t length;
};

struct run {
    void *owner;
    struct run_spec spec;
    /* Stays ours until run_finish: even when it has ended we leave it unreaped, so that its number,
     * which also names the session, cannot become another process's. */
    pid_t pid;
    int pidfd;
    double started, last_sample;
    double quiet_since; /* since when the tree has looked asleep */
    unsigned long long quiet_cpu_ns;
    struct stream out, err;
    bool ended;
    struct run_outcome outcome;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

void run_catch_interrupts(void) {
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        sigaction(signals[i], NULL, &old);
        if (old.sa_handler != SIG_IGN) /* nohup(1) asked for that */
            sigaction(signals[i], &action, NULL);
    }
}

bool run_interrupted(void) {
    return interrupted != 0;
}

/* ---- Starting -------------------------------------------------------------------------------- */

static void tell(int status_fd) {
    int code = errno;
    if (write(status_fd, &code, sizeof code) < 0)
        _exit(126);
    _exit(127);
}

/* In the child. Whatever fails here is told through `status_fd`, which closes by itself at a
 * successful exec. */
static void become_program(const struct run_spec *spec, pid_t parent, int out, int err,
                           int status_fd) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);

    struct rlimit core = {0, 0}, file = {FILE_LIMIT_BYTES, FILE_LIMIT_BYTES};
    setrlimit(RLIMIT_CORE, &core);
    if (!spec->any_file_size)
        setrlimit(RLIMIT_FSIZE, &file);
    if (spec->fixed_addresses)
        personality(ADDR_NO_RANDOMIZE);
    /* Descriptors that we inherited without knowing are not the program's business. */
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    if (spec->keep_fd > 0)
        fcntl(spec->keep_fd, F_SETFD, 0);

    if (surroundings_enter(&spec->surroundings) != 0)
        tell(status_fd);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    surroundings_set(spec->surroundings.environment);
    surroundings_set(spec->environment);
    /* execvp does not change its arguments; POSIX types them so for historical reasons. */
    execvp(spec->argv[0], (char *const *)(uintptr_t)spec->argv);
    tell(status_fd);
}

/* The errno of a failed exec, or 0. */
static int read_exec_status(int fd) {
    int code = 0;
    ssize_t length;
    do
        length = read(fd, &code, sizeof code);
    while (length < 0 && errno == EINTR);
    return length == (ssize_t)sizeof code ? code : 0;
}

static void close_all(const int *fds, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

struct run *run_start(void *owner, const struct run_spec *spec, struct error *error) {
    /* out read, out write, err read, err write, status read, status write */
    int fds[6] = {-1, -1, -1, -1, -1, -1};
    for (int i = 0; i < 6; i += 2) {
        if (pipe2(&fds[i], O_CLOEXEC) != 0) {
            close_all(fds, 6);
            fail(error, "cannot make a pipe to run %s: %s", spec->argv[0], strerror(errno));
            return NULL;
        }
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_program(spec, parent, fds[1], fds[3], fds[5]);
    int fork_error = errno;
    close_all((int[]){fds[1], fds[3], fds[5]}, 3);
    int code = pid < 0 ? fork_error : read_exec_status(fds[4]);
    close(fds[4]);
    if (code != 0) {
        close_all((int[]){fds[0], fds[2]}, 2);
        if (pid > 0)
            waitpid(pid, NULL, 0);
        fail(error, "cannot run %s: %s", spec->argv[0], strerror(code));
        return NULL;
    }
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    fcntl(fds[2], F_SETFL, O_NONBLOCK);

    struct run *run = talloc_zero(owner, struct run);
    *run = (struct run){.owner = owner, .spec = *spec, .pid = pid, .started = clock_seconds()};
    run->pidfd = pidfd_open(pid, 0);
    run->last_sample = run->quiet_since = run->started;
    run->out = (struct stream){fds[0], talloc_strdup(owner, ""), 0};
    run->err = (struct stream){fds[2], talloc_strdup(owner, ""), 0};
    return run;
}

pid_t run_pid(const struct run *run) {
    return run->pid;
}

/* ---- Watching -------------------------------------------------------------------------------- */

static void end_because(struct run *run, enum run_end end, int status) {
    if (run->ended)
        return;
    run->ended = true;
    run->outcome.end = end;
    run->outcome.status = status;
    run->outcome.seconds = clock_seconds() - run->started;
}

/* Reads what is there. What exceeds the limit is dropped, and ends the run. */
static void drain(struct run *run, struct stream *stream) {
    char block[65536];
    while (stream->fd >= 0) {
        ssize_t length = read(stream->fd, block, sizeof block);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno == EAGAIN)
            return;
        if (length <= 0) {
            close(stream->fd);
            stream->fd = -1;
            return;
        }
        size_t room = run->spec.limits.output_bytes - run->out.length - run->err.length;
        size_t kept = (size_t)length < room ? (size_t)length : room;
        stream->text = grow_array(run->owner, stream->text, char, stream->length + kept + 1);
        memcpy(stream->text + stream->length, block, kept);
        stream->length += kept;
        stream->text[stream->length] = '\0';
        run->quiet_since = clock_seconds();
        if (kept < (size_t)length) {
            end_because(run, RUN_OUTPUT_LIMIT, 0);
            return;
        }
    }
}

static void wait_for_output(struct run *run, int milliseconds) {
    struct pollfd fds[3] = {{.fd = run->pidfd, .events = POLLIN}};
    nfds_t count = 1;
    if (run->out.fd >= 0)
        fds[count++] = (struct pollfd){.fd = run->out.fd, .events = POLLIN};
    if (run->err.fd >= 0)
        fds[count++] = (struct pollfd){.fd = run->err.fd, .events = POLLIN};
    poll(fds, count, milliseconds);
    drain(run, &run->out);
    drain(run, &run->err);
}

/* Pages that a parent shares with its children count once. Dear to ask, so only when it matters. */
static size_t proportional(const struct proc_tree *tree) {
    size_t sum = 0;
    for (size_t i = 0; i < tree->count; i++)
        sum += proc_proportional_bytes(tree->items[i].pid);
    return sum;
}

static void sample(struct run *run) {
    struct proc_tree tree = proc_tree_read(run, run->pid);
    unsigned long long cpu = 0;
    size_t resident = 0;
    bool asleep = true;
    double patience = STUCK_SECONDS;
    run->outcome.threads = 0;
    for (size_t i = 0; i < tree.count; i++) {
        const struct proc *process = &tree.items[i];
        resident += process->resident_bytes;
        asleep = asleep && rest_of_process(process, run->spec.tool) == REST_ASLEEP;
        if (process->catches_all_signals)
            patience = STUCK_HIDDEN_SECONDS;
        for (size_t j = 0; j < process->task_count; j++) {
            cpu += process->tasks[j].cpu_ns;
            run->outcome.threads += process->state != 'Z';
        }
    }

    double time = clock_seconds();
    /* A member that ended takes its processor time along: then the sum
     * shrinks, and that is news too. */
    bool worked = cpu > run->quiet_cpu_ns + STUCK_CPU_NS || cpu < run->quiet_cpu_ns;
    if (!asleep || worked) {
        run->quiet_since = time;
        run->quiet_cpu_ns = cpu;
    }
    run->outcome.burning = worked;
    if (tree.count > PROCESS_LIMIT)
        end_because(run, RUN_PROCESS_LIMIT, 0);
    else if (resident > run->spec.limits.memory_bytes &&
             proportional(&tree) > run->spec.limits.memory_bytes)
        end_because(run, RUN_MEMORY_LIMIT, 0);
    else if (!run->spec.may_idle && time - run->quiet_since >= patience)
        end_because(run, RUN_STUCK, 0);
    talloc_free(tree.items);
}

static void check_program_end(struct run *run) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid != run->pid)
        return;
    if (info.si_code == CLD_EXITED)
        end_because(run, RUN_EXITED, info.si_status);
    else if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED)
        end_because(run, RUN_SIGNALED, info.si_status); /* not a stop, as a tracer is told */
}

bool run_step(struct run *run, int milliseconds) {
    if (run->ended)
        return false;
    int most = (int)(SAMPLE_SECONDS * 1000);
    wait_for_output(run, milliseconds < most ? milliseconds : most);
    check_program_end(run);
    if (interrupted)
        end_because(run, RUN_INTERRUPTED, 0);
    if (!run->ended && clock_seconds() - run->last_sample >= SAMPLE_SECONDS) {
        run->last_sample = clock_seconds();
        sample(run);
    }
    if (clock_seconds() - run->started >= run->spec.limits.seconds)
        end_because(run, RUN_TIME_LIMIT, 0);
    return !run->ended;
}

/* ---- Ending ---------------------------------------------------------------------------------- */

/* SIGKILL to every process of the tree; true if there was one. */
static bool kill_tree(struct run *run) {
    struct proc_tree tree = proc_tree_read(run, run->pid);
    bool any = false;
    for (size_t i = 0; i < tree.count; i++) {
        if (tree.items[i].state == 'Z')
            continue;
        kill(tree.items[i].pid, SIGKILL);
        any = true;
    }
    talloc_free(tree.items);
    return any;
}

/*
 * Orphans of the run, which the kernel gave to us, the subreaper: our children in sessions that are
 * not ours. (Our own helpers stay in our session.) True if one of them still lived.
 */
static bool reap_orphans(struct run *run) {
    struct proc_tree ours = proc_tree_read(run, getpid());
    bool any = false;
    for (size_t i = 0; i < ours.count; i++) {
        const struct proc *p = &ours.items[i];
        if (p->parent != getpid() || p->session == getsid(0) || p->pid == run->pid)
            continue;
        kill(p->pid, SIGKILL);
        any |= p->state != 'Z';
        waitpid(p->pid, NULL, WNOHANG);
    }
    talloc_free(ours.items);
    return any;
}

/*
 * Has the program ended, and left us no other child? Then nobody descends from it: whoever lost its
 * parent would be ours. A look at one file, where a tree costs a look at every process of the
 * machine.
 */
static bool nobody_is_left(const struct run *run) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid != run->pid ||
        (info.si_code != CLD_EXITED && info.si_code != CLD_KILLED && info.si_code != CLD_DUMPED))
        return false;
    char *text = proc_text(NULL, "/proc/self/task/%d/children", (int)getpid()), *end;
    bool alone = strtol(text, &end, 10) == run->pid && end[strspn(end, " \n")] == '\0';
    talloc_free(text);
    return alone;
}

void run_finish(struct run *run, struct run_outcome *outcome) {
    check_program_end(run);
    end_because(run, RUN_INTERRUPTED, 0); /* the caller stops it early */
    /* A process that forks while we kill may need several rounds; one that
     * cannot die is not worth for ever. */
    for (int round = 0;
         round < 500 && !nobody_is_left(run) && (kill_tree(run) || reap_orphans(run)); round++)
        poll(NULL, 0, 1);
    waitpid(run->pid, NULL, 0);
    drain(run, &run->out);
    drain(run, &run->err);
    close_all((int[]){run->out.fd, run->err.fd, run->pidfd}, 3);
    run->outcome.output = run->out.text;
    run->outcome.errors = run->err.text;
    *outcome = run->outcome;
    talloc_free(run);
}

int run_program(void *owner, const struct run_spec *spec, struct run_outcome *outcome,
                struct error *error) {
    struct run *run = run_start(owner, spec, error);
    if (run == NULL)
        return -1;
    while (run_step(run, 1000))
        ;
    run_finish(run, outcome);
    return 0;
}
