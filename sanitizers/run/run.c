/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The program leads a session of its own, with the stdin that it is given and its output in two pipes
 * that we read. Three things end a run: the program itself; a limit; and being stuck.
 *
 * The limit on time is on what the program itself has had of it (spent.c), so that a busy machine
 * changes no verdict; wall time is a far backstop.
 *
 * Stuck means that waiting longer cannot help: over STUCK_SECONDS the whole tree used (next to) no
 * processor time, printed nothing, and every thread sleeps in a call that has no time-out and
 * cannot be ended by a timer (rest.c). TSan's own background thread is left out of that. Under
 * Valgrind, which catches every signal itself, a program's own timer cannot be seen, so there we
 * wait longer. Whatever else is in doubt is left to the time limit.
 *
 * The end is always the same: SIGKILL to everything that descends from the program, in rounds,
 * until we have no child left. As a subreaper we inherit whatever lost its parent, so nothing can
 * escape by daemonising. A chain of processes, each of which makes the next and ends, is faster
 * than a look at all of /proc: its process group is killed at once, and a chain of sessions is
 * chased by a look at our children alone.
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
#include <sys/fsuid.h>
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
#include "run/guard.h"
#include "run/proc.h"
#include "run/rest.h"
#include "run/spent.h"
#include "run/usage.h"

#define SAMPLE_SECONDS 0.1
#define STUCK_SECONDS 2.0
#define STUCK_HIDDEN_SECONDS 5.0 /* where a timer's signal may be coming that we cannot know of */
#define KILL_SECONDS 60.0        /* a process that cannot die is not worth for ever */
#define CHASE_LOOKS 200
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
    struct proc_numbers others; /* children that we had before */
    double others_cpu;          /* of ours that had been waited for before */
    double started;
    struct spent spent;
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
    if (spec->clean_environment)
        clearenv();
    surroundings_set(spec->surroundings.environment);
    surroundings_set(spec->environment);
    if (spec->enter != NULL && spec->enter(spec->enter_argument) != 0)
        tell(status_fd);
    if (!spec->asks_others && guard_enter(spec->writes) != 0)
        tell(status_fd);
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

/* Processor time of all children that we have waited for. */
static double waited_cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
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
    struct proc_numbers others = proc_children(owner);
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
    *run = (struct run){.owner = owner,
                        .spec = *spec,
                        .pid = pid,
                        .others = others,
                        .others_cpu = waited_cpu(),
                        .started = clock_seconds()};
    run->pidfd = pidfd_open(pid, 0);
    spent_start(&run->spent);
    run->out = (struct stream){fds[0], talloc_strdup(owner, ""), 0};
    run->err = (struct stream){fds[2], talloc_strdup(owner, ""), 0};
    return run;
}

pid_t run_pid(const struct run *run) {
    return run->pid;
}

/* ---- Watching -------------------------------------------------------------------------------- */

/* Of its own time, what the limit is on. */
static double counted_seconds(const struct run *run) {
    return run->spent.seconds - (run->spec.sleeps_freely ? run->spent.sleep : 0);
}

static void end_because(struct run *run, enum run_end end, int status) {
    if (run->ended)
        return;
    run->ended = true;
    run->outcome.end = end;
    run->outcome.status = status;
    run->outcome.seconds = clock_seconds() - run->started;
    run->outcome.burning = run->spent.burning;
    run->outcome.spent = counted_seconds(run) >= run->spec.limits.seconds ? counted_seconds(run)
                                                                          : run->outcome.seconds;
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
        run->spent.rested = 0;
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

/* Is it one of those of ours that stand between the program and us? */
static bool is_keeper(const struct run *run, const struct proc *process) {
    return run->spec.has_keepers && (process->pid == run->pid || process->parent == run->pid);
}

/* Pages that a parent shares with its children count once. Dear to ask, so only when it matters. */
static size_t proportional(const struct run *run, const struct proc_tree *tree) {
    size_t sum = 0;
    for (size_t i = 0; i < tree->count; i++)
        if (!is_keeper(run, &tree->items[i])) {
            size_t bytes = proc_proportional_bytes(tree->items[i].living);
            sum += bytes > 0 ? bytes : tree->items[i].resident_bytes; /* it does not let us look */
        }
    return sum;
}

/* Orphans that have ended are waited for, as init does: they are no longer the program's. */
static void reap_ended(const struct run *run, const struct proc_tree *tree) {
    for (size_t i = 0; i < tree->count; i++) {
        const struct proc *process = &tree->items[i];
        if (process->parent == getpid() && process->pid != run->pid && proc_has_ended(process))
            waitpid(process->pid, NULL, WNOHANG);
    }
}

static bool has_root(const struct run *run, const struct proc_tree *tree) {
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].pid == run->pid)
            return !proc_has_ended(&tree->items[i]);
    return false;
}

/* The program's own. */
static size_t living_threads(const struct proc *process, enum rest_tool tool) {
    size_t count = 0;
    if (tool == REST_TSAN && rest_is_symbolizer(process))
        return 0;
    for (size_t i = 0; i < process->task_count; i++) {
        const struct proc_task *task = &process->tasks[i];
        bool of_tool = tool == REST_TSAN && rest_is_of_tsan(process, task);
        count += task->state != 'Z' && task->state != 'X' && !of_tool;
    }
    return count;
}

static void end_stuck(struct run *run, const struct proc_tree *tree) {
    if (!run->ended && run->spec.look != NULL)
        run->spec.look(run->spec.look_argument, run->pid, tree);
    end_because(run, RUN_STUCK, 0);
}

/* Files are looked at where there is a limit on them: then memory in files counts, too. */
static void check_files(struct run *run, const struct proc_tree *tree, size_t resident) {
    const struct run_limits *limits = &run->spec.limits;
    if (run->spec.disk == NULL)
        return;
    struct usage_held held = usage_held_by(tree);
    if (held.memory_bytes > 0 && resident + held.memory_bytes > limits->memory_bytes &&
        proportional(run, tree) + held.memory_bytes > limits->memory_bytes)
        end_because(run, RUN_MEMORY_LIMIT, 0);
    if (usage_of_folder(run->spec.disk) + held.file_bytes > limits->disk_bytes)
        end_because(run, RUN_DISK_LIMIT, 0);
}

static void check_limits(struct run *run, const struct proc_tree *tree, size_t resident,
                         double patience) {
    const struct run_limits *limits = &run->spec.limits;
    check_files(run, tree, resident);
    if (tree->count > (limits->processes > 0 ? limits->processes : RUN_PROCESSES))
        end_because(run, RUN_PROCESS_LIMIT, 0);
    else if (resident > limits->memory_bytes && proportional(run, tree) > limits->memory_bytes)
        end_because(run, RUN_MEMORY_LIMIT, 0);
    else if (!run->spec.may_idle && run->spent.rested >= patience)
        end_stuck(run, tree);
    else if (counted_seconds(run) >= limits->seconds)
        end_because(run, RUN_TIME_LIMIT, 0);
}

/* proc(5) asks for the user id that is used for files. */
static void look_as(uid_t uid, gid_t gid) {
    setfsgid(gid);
    setfsuid(uid);
}

static void sample(struct run *run) {
    double elsewhere = waited_cpu() - run->others_cpu;
    struct proc_tree tree = proc_tree_read_orphans(run, run->pid, run->others);
    size_t resident = 0;
    enum rest rest = rest_of_tree(&tree, run->spec.tool);
    double patience = STUCK_SECONDS;
    run->outcome.threads = 0;
    for (size_t i = 0; i < tree.count; i++) {
        const struct proc *process = &tree.items[i];
        if (is_keeper(run, process))
            continue;
        resident += process->resident_bytes;
        if (rest == REST_ASLEEP && run->spec.asks_others && proc_awaits_others(process))
            rest = REST_NAPPING;
        if (process->catches_all_signals)
            patience = STUCK_HIDDEN_SECONDS;
        run->outcome.threads += living_threads(process, run->spec.tool);
    }
    if (!has_root(run, &tree)) /* it has just ended by itself, which is not rest */
        rest = REST_BUSY;
    spent_look(&run->spent, &tree, elsewhere, rest);
    check_limits(run, &tree, resident, patience);
    reap_ended(run, &tree);
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

static double wall_limit(const struct run_limits *limits) {
    return limits->wall_seconds > 0 ? limits->wall_seconds : SPENT_BACKSTOP * limits->seconds;
}

/* A short limit is looked at as often as a long one. */
static double sample_seconds(const struct run *run) {
    double tenth = run->spec.limits.seconds / 10;
    double often = run->spec.look_seconds > 0 ? run->spec.look_seconds : SAMPLE_SECONDS;
    return tenth < often ? tenth : often;
}

bool run_step(struct run *run, int milliseconds) {
    if (run->ended)
        return false;
    int most = (int)(sample_seconds(run) * 1000) + 1;
    wait_for_output(run, milliseconds < most ? milliseconds : most);
    check_program_end(run);
    if (interrupted)
        end_because(run, RUN_INTERRUPTED, 0);
    if (!run->ended && clock_seconds() - run->spent.looked >= sample_seconds(run)) {
        if (run->spec.look_as != 0)
            look_as(run->spec.look_as, run->spec.look_as);
        sample(run);
        if (run->spec.look_as != 0)
            look_as(geteuid(), getegid());
    }
    if (clock_seconds() - run->started >= wall_limit(&run->spec.limits))
        end_because(run, RUN_TIME_LIMIT, 0);
    return !run->ended;
}

/* ---- Ending ---------------------------------------------------------------------------------- */

/* Is it the first of its group in the tree? */
static bool is_first(const struct proc_tree *tree, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (tree->items[i].group == tree->items[index].group)
            return false;
    return true;
}

/* SIGKILL to every process of the tree; true if there was one. A group that is not of our session
 * gets it at one moment, so that none of it can make another in between. Those that were given to
 * us are waited for. */
static bool kill_tree(const struct run *run) {
    struct proc_tree tree = proc_tree_read_orphans(NULL, run->pid, run->others);
    bool any = false;
    for (size_t i = 0; i < tree.count; i++) {
        const struct proc *p = &tree.items[i];
        if (p->group > 1 && p->session != getsid(0) && is_first(&tree, i))
            kill(-p->group, SIGKILL);
        if (proc_has_ended(p))
            continue;
        kill(p->pid, SIGKILL);
        any = true;
    }
    reap_ended(run, &tree);
    talloc_free(tree.items);
    return any;
}

static bool is_other(const struct run *run, pid_t pid) {
    bool other = pid == run->pid || getsid(pid) == getsid(0);
    for (size_t i = 0; i < run->others.count && !other; i++)
        other = run->others.items[i] == pid;
    return other;
}

/* The children that were given to us, as they come. */
static void chase_orphans(const struct run *run) {
    bool any = true;
    for (int look = 0; look < CHASE_LOOKS && any; look++) {
        struct proc_numbers children = proc_children(NULL);
        any = false;
        for (size_t i = 0; i < children.count; i++) {
            pid_t pid = children.items[i];
            if (is_other(run, pid))
                continue;
            kill(pid, SIGKILL);
            waitpid(pid, NULL, WNOHANG);
            any = true;
        }
        talloc_free(children.items);
    }
}

static bool is_dead(const struct run *run) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == run->pid &&
           (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

/*
 * Has the program ended, and left us no other child? Then nobody descends from it: whoever lost its
 * parent would be ours. A look at one file, where a tree costs a look at every process of the
 * machine.
 */
static bool nobody_is_left(const struct run *run) {
    if (!is_dead(run))
        return false;
    struct proc_numbers children = proc_children(NULL);
    bool alone = children.count == 1 && children.items[0] == run->pid;
    talloc_free(children.items);
    return alone;
}

/* A process that forks while we kill may need several rounds, and dying takes its time where the
 * machine is busy. */
static void kill_all(const struct run *run) {
    double started = clock_seconds();
    int nap = 1;
    while (!nobody_is_left(run) && clock_seconds() - started < KILL_SECONDS) {
        bool any = kill_tree(run);
        chase_orphans(run);
        if (!any && is_dead(run))
            break;
        poll(NULL, 0, nap);
        nap = nap < 20 ? nap + 1 : nap;
    }
}

void run_finish(struct run *run, struct run_outcome *outcome) {
    check_program_end(run);
    end_because(run, RUN_INTERRUPTED, 0); /* the caller stops it early */
    kill_all(run);
    waitpid(run->pid, NULL, is_dead(run) ? 0 : WNOHANG);
    drain(run, &run->out);
    drain(run, &run->err);
    close_all((int[]){run->out.fd, run->err.fd, run->pidfd}, 3);
    run->outcome.output = run->out.text;
    run->outcome.errors = run->err.text;
    *outcome = run->outcome;
    talloc_free(run->others.items);
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
