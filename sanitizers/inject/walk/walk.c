/* SPDX-License-Identifier: MIT */
/*
 * Start: the program is stopped at its loader's first instruction. Two copies run to their end
 * without the signal: what both print is what is compared. Then the walked process runs to `from`,
 * and from there it is stepped.
 *
 * A point is a stop before an instruction at which the signal has a handler or is blocked; or, with
 * child_exit, at which a child of the first process is held. While the signal is blocked it only
 * becomes pending: so one copy stands for the whole stretch up to the next call that could see the
 * difference. A call that sleeps is one more point: the copy is let into the call first. An
 * instruction with a rep prefix is as many points as it has iterations: it can be interrupted
 * between them.
 */
#include "inject/walk/walk.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "inject/process/filter.h"
#include "inject/process/launch.h"
#include "inject/process/state_hash.h"
#include "run/proc_text.h"
#include "symbols/image.h"

#define RECURRENCES 10000 /* of all registers, while memory changes */
#define LEAST_BUDGET 0.1
#define UNDISTURBED_SECONDS 3 /* of processor time, at least */
#define MUCH_LONGER 4         /* than the undisturbed run: so long a copy may take, too */
#define RUN_AWAYS 8           /* that are asked a second time... */
#define PATIENCE 10           /* ...with so many times the budget */

/* ---- The undisturbed run ------------------------------------------------------------- */

static int refuse(struct walk *walk, const char *what, const char *which) {
    snprintf(walk->report->unsupported, sizeof walk->report->unsupported, "%s%s", what, which);
    return -1;
}

/* How often `until` is called in it. */
static void run_counting(struct walk *walk, struct family *run) {
    while (walk->until != 0 && walk_to_hit(run, walk->until, 1))
        walk->until_left++;
    family_run(run);
}

/* If it waits for ever without the signal, it is a program that waits for the signal: then it is
 * run on with it. */
static void finish_undisturbed(struct walk *walk, struct family *run) {
    if (run->end != FAMILY_DEADLOCK || walk->options->child_exit)
        return;
    run->end = FAMILY_GOES_ON;
    family_signal(run, walk->options->signal);
    family_run(run);
    run->deliveries = 0;
}

static struct family *run_undisturbed(struct walk *walk, bool counts) {
    struct family *run = family_copy(walk->owner, walk->family);
    double started = clock_seconds();
    if (run == NULL)
        return NULL;
    if (run->budget < UNDISTURBED_SECONDS)
        run->budget = UNDISTURBED_SECONDS;
    if (counts)
        run_counting(walk, run);
    else
        family_run(run);
    finish_undisturbed(walk, run);
    double budget = (clock_seconds() - started) * MUCH_LONGER;
    if (walk->family->budget < budget)
        walk->family->budget = budget;
    return run;
}

static int judge_undisturbed(struct walk *walk, const struct family *run) {
    switch (run->end) {
    case FAMILY_EXITED:
    case FAMILY_KILLED:
        return 0;
    case FAMILY_DEADLOCK:
        return refuse(walk, "waits for ever, with the signal and without it: ", run->why);
    case FAMILY_RAN_AWAY:
        return refuse(walk, "does not end by itself", " (--instructions: how long to wait for it)");
    case FAMILY_INTERRUPTED:
        walk->report->interrupted = true;
        return -1;
    case FAMILY_UNSUPPORTED:
    case FAMILY_LOST:
    case FAMILY_GOES_ON:
        break;
    }
    return refuse(walk, run->why, "");
}

static void report_undisturbed(struct walk *walk) {
    struct board *board = walk->board;
    board->undisturbed = walk->reference.end;
    board->undisturbed_status = walk->reference.status;
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(walk->reference.output[i]);
        board->lengths[i] = length < board->output_bytes ? length : board->output_bytes;
        memcpy(board->output[i], walk->reference.output[i], board->lengths[i]);
    }
}

static int learn_undisturbed(struct walk *walk) {
    struct family *run = run_undisturbed(walk, true), *again = NULL;
    int result = run == NULL ? fail(walk->error, "a process cannot be copied")
                             : judge_undisturbed(walk, run);
    if (result == 0) {
        again = run_undisturbed(walk, false);
        reference_from(walk->owner, run, again, &walk->reference);
        walk->reference.allow_exit = walk->options->allow_exit;
        walk->reference.any_output = walk->options->any_output;
        if (walk->worker == 0)
            report_undisturbed(walk);
    }
    family_end(again);
    family_end(run);
    return result;
}

/* ---- Starting ------------------------------------------------------------------------ */

static uint64_t function(struct walk *walk, const struct subject *subject, const char *name) {
    return image_function(subject->binary, launch_entry(walk->family->tasks[0]->pid), name);
}

/* Of a stripped program: what _start hands to the C library. */
static uint64_t stripped_main(struct walk *walk) {
    uint64_t entry = launch_entry(walk->family->tasks[0]->pid), address = 0;
    struct family *copy = family_copy(walk->owner, walk->family);
    if (copy != NULL && (cpu_pc(&copy->tasks[0]->cpu) == entry || walk_to_hit(copy, entry, 1)))
        address = cpu_find_main(copy->tasks[0]->pid);
    family_end(copy);
    return address;
}

static int find_functions(struct walk *walk, const struct subject *subject) {
    const struct inject_options *options = walk->options;
    walk->from = function(walk, subject, options->from == NULL ? "main" : options->from);
    if (walk->from == 0 && options->from == NULL)
        walk->from = stripped_main(walk);
    if (walk->from == 0)
        return fail(walk->error, "%s has no function '%s'", subject->name,
                    options->from == NULL ? "main" : options->from);
    if (options->until != NULL)
        walk->until = function(walk, subject, options->until);
    if (options->until != NULL && walk->until == 0)
        return fail(walk->error, "%s has no function '%s'", subject->name, options->until);
    return 0;
}

static void keep_maps(struct walk *walk) {
    if (walk->worker != 0)
        return;
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)walk->family->tasks[0]->pid);
    snprintf(walk->board->maps, sizeof walk->board->maps, "%s", maps);
    talloc_free(maps);
}

static void look_at_mask(struct walk *walk) {
    uint64_t mask = 0;
    uint64_t bit = 1ULL << (walk->options->signal - 1);
    ptrace(PTRACE_GETSIGMASK, walk->family->tasks[0]->pid, sizeof mask, &mask);
    walk->blocked = (mask & bit) != 0;
}

static void look_at_handler(struct walk *walk) {
    struct signal_sets sets = tracee_signals(walk->family->tasks[0]->pid);
    uint64_t bit = 1ULL << (walk->options->signal - 1);
    walk->handled = (sets.caught & bit) != 0;
    walk->ignored = (sets.ignored & bit) != 0;
    walk->family->handled = walk->handled;
    walk->ever_handled |= walk->handled;
    walk->ever_ignored |= walk->ignored;
}

/* Runs the walked process to `from`. The template is a copy from the very start. */
static int run_to_from(struct walk *walk) {
    struct family *family = walk->family;
    walk->template = family_copy(walk->owner, family);
    walk->from_start = true;
    if (walk->template == NULL)
        return fail(walk->error, "a process cannot be copied");
    if (!walk_to_hit(family, walk->from, 1))
        return refuse(walk, "never comes to ",
                      walk->options->from == NULL ? "main" : walk->options->from);
    walk->from_sp = cpu_sp(&family->tasks[0]->cpu);
    if (walk->until == 0) {
        walk->return_sp = walk->from_sp;
        tracee_get(family->tasks[0]->pid, walk->from_sp, &walk->return_pc, sizeof walk->return_pc);
    }
    walk_begin_at_from(walk);
    keep_maps(walk);
    look_at_mask(walk);
    look_at_handler(walk);
    return 0;
}

/* The program, its copies and we, their worker, stay on one processor, of those that we may use:
 * only one of them runs at a time, so stops are quicker; and the program sees the same number of
 * processors however many workers there are. */
static cpu_set_t one_processor(size_t worker) {
    cpu_set_t ours, one;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof ours, &ours) != 0)
        CPU_SET(0, &ours);
    size_t left = worker % (size_t)CPU_COUNT(&ours);
    for (size_t i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &ours) && left-- == 0)
            CPU_SET(i, &one);
    return one;
}

static int start_program(struct walk *walk, const struct subject *subject) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cpu_set_t processor = one_processor(walk->worker);
    sched_setaffinity(0, sizeof processor, &processor);
    struct launch launch = {.argv = subject_argv(walk->owner, subject, NULL),
                            .processors = &processor};
    for (int i = 0; i < 2; i++)
        launch.keep[i] = walk->keeps_output ? WALK_KEPT + i : 0;
    pid_t pid = launch_program(&launch, &walk->capture, walk->error);
    if (pid < 0)
        return -1;
    walk->family = family_new(walk->owner, pid, &walk->capture);
    walk->family->call_pc = cpu_find_call(pid);
    walk->family->held_number = walk->options->signal;
    walk->family->output_bytes = walk->board->output_bytes;
    walk->family->real_ids = walk->real_ids;
    double budget = (double)walk->options->instructions / 1e9;
    walk->family->budget = budget < LEAST_BUDGET ? LEAST_BUDGET : budget;
    if (walk->family->call_pc == 0)
        return fail(walk->error, "%s has no system call instruction in its memory", subject->name);
    walk->family->filtered = filter_install(pid, walk->family->call_pc, walk->instead != NULL);
    cpu_read(pid, &walk->family->tasks[0]->cpu);
    return 0;
}

int walk_start(struct walk *walk, const struct subject *subject) {
    walk->started = clock_seconds();
    if (start_program(walk, subject) != 0 || find_functions(walk, subject) != 0 ||
        learn_undisturbed(walk) != 0 || run_to_from(walk) != 0)
        return -1;
    return 0;
}

void walk_end(struct walk *walk) {
    family_end(walk->template);
    if (walk->family == NULL)
        return;
    family_end(walk->family);
    for (int i = 0; i < 2; i++)
        close(walk->capture.fd[i]);
}

/* ---- Points -------------------------------------------------------------------------- */

static void note_ending(struct walk *walk, struct board_point *point, const struct judged *judged) {
    point->ending = board_ending(walk->report, judged);
    point->flags |= POINT_TRIED;
    walk->report->done++;
    walk->report->bad += judged->kind != ENDING_WELL;
}

/* One signal, or with --at=K+N two. */
void walk_signal(const struct walk *walk, struct family *copy) {
    int64_t second = walk->options->second;
    if (second < 0)
        walk_inject(walk, copy);
    else if (!twice_inject(walk, copy, second))
        family_stop_because(copy, FAMILY_LOST, "no second signal can come there");
}

static bool is_ours(const struct walk *walk, size_t index) {
    if (walk->only >= 0)
        return (size_t)walk->only == index;
    return board_worker_of(index, walk->jobs) == walk->worker;
}

/* A new point. NULL when there is no room for it. */
static struct board_point *add_point(struct walk *walk, uint64_t pc, unsigned flags,
                                     uint16_t child) {
    const struct inject_options *options = walk->options;
    if (walk->count == walk->board->most_points ||
        (options->points > 0 && walk->count == (size_t)options->points)) {
        walk->report->cut = true;
        return NULL;
    }
    walk->checksum = (walk->checksum ^ pc) * 0x100000001b3ULL + flags; /* FNV-1a */
    struct board_point *point = &walk->board->points[walk->count++];
    if (!is_ours(walk, walk->count - 1)) {
        if (walk->worker == 0)
            point->pc = pc; /* the others write the same in theirs */
        return point;
    }
    *point = (struct board_point){.pc = pc, .flags = (uint16_t)flags, .child = child};
    return point;
}

/* A copy where the walked process stands; with `inside` in the call in which that sleeps. NULL and
 * *why if there can be none. */
static struct family *copy_of(struct walk *walk, bool inside, const char **why) {
    struct family *copy = walk_copy(walk, why);
    if (copy == NULL || !inside)
        return copy;
    family_step(copy);
    if (copy->end == FAMILY_GOES_ON && copy->tasks[0]->state == TASK_READY)
        family_stop_because(copy, FAMILY_LOST, "the call does not sleep again");
    return copy;
}

/* A copy gets the signal: how does that end? */
static struct judged ask(struct walk *walk, bool inside, double patience) {
    struct judged judged = {.kind = ENDING_UNJUDGED};
    const char *why = "";
    struct family *copy = copy_of(walk, inside, &why);
    if (copy == NULL) {
        snprintf(judged.text, sizeof judged.text, "%s", why);
        return judged;
    }
    copy->budget *= patience;
    walk_signal(walk, copy);
    family_run(copy);
    judged = judge(&walk->reference, copy);
    if (copy->end == FAMILY_INTERRUPTED)
        walk->report->interrupted = true;
    family_end(copy);
    return judged;
}

/* Processor time is all there is to tell a long run from an endless one, and on a busy machine it
 * may lie: so the first of them are asked once more, with patience. */
static void try_here(struct walk *walk, bool inside, struct board_point *point) {
    if (walk->instead != NULL) {
        const char *why;
        struct family *copy = copy_of(walk, inside, &why);
        if (copy != NULL)
            walk->instead(walk, copy, walk->instead_data);
        return;
    }
    struct judged judged = ask(walk, inside, 1);
    if (judged.kind == ENDING_RAN_AWAY && walk->run_aways < RUN_AWAYS &&
        !walk->report->interrupted) {
        judged = ask(walk, inside, PATIENCE);
        walk->run_aways += judged.kind == ENDING_RAN_AWAY;
    }
    if (!walk->report->interrupted)
        note_ending(walk, point, &judged);
}

/* 0: there are no more. */
static int held_id(struct walk *walk, size_t index) {
    const struct task *child = family_held(walk->family, index);
    return child == NULL ? 0 : child->id;
}

static bool is_harmless(const struct walk *walk, const struct board_point *point) {
    const struct judged *judged = &walk->report->endings[point->ending];
    return (point->flags & POINT_TRIED) != 0 && (judged->kind == ENDING_WELL || judged->repeats);
}

static void try_point(struct walk *walk, uint64_t pc, uint16_t child) {
    /* A child does more than to end: what it does may matter although its signal waits. */
    bool continues = walk->blocked && walk->stretch && !walk->options->child_exit;
    struct board_point *point = add_point(walk, pc, walk->blocked ? POINT_BLOCKED : 0, child);
    bool new_place = !walk->blocked && child == 0 && twice_is_new_place(walk, pc);
    if (point == NULL)
        return;
    size_t index = walk->count - 1;
    if (!continues)
        walk->first = index;
    walk->stretch = walk->blocked;
    if (!is_ours(walk, index))
        return;
    if (continues && walk->only < 0)
        point->stands_for = (uint32_t)walk->first;
    else
        try_here(walk, false, point);
    if (new_place && is_harmless(walk, point))
        twice_try(walk, index);
}

static void before_instruction(struct walk *walk) {
    uint64_t pc = cpu_pc(&walk->family->tasks[0]->cpu);
    if (!walk->options->child_exit) {
        try_point(walk, pc, 0);
        return;
    }
    for (uint16_t i = 0; walk->child = held_id(walk, i), walk->child != 0; i++)
        try_point(walk, pc, i);
}

/* Is there something to interrupt here? Where the signal is pending already, one more is the same
 * signal, unless it is one of those that queue. */
static bool is_point(struct walk *walk) {
    if (walk->family->tasks[0]->signal != 0)
        return false; /* one is just being delivered: that was the point before */
    if (!walk->options->child_exit)
        return (walk->handled || walk->blocked) &&
               (!walk->pending || walk->options->signal >= SIGRTMIN);
    bool held = family_held(walk->family, 0) != NULL;
    walk->ever_child |= held;
    return held;
}

/* The walked process sleeps in a call; a copy is made that stands before it, and goes in. */
static void inside_call(struct walk *walk) {
    uint64_t pc = cpu_pc(&walk->family->tasks[0]->cpu);
    bool children = walk->options->child_exit;
    walk->copyable = COPY_BY_RERUN;
    for (uint16_t i = 0; i == 0 || children; i++) {
        walk->child = children ? held_id(walk, i) : 0;
        if (children && walk->child == 0)
            return;
        struct board_point *point = add_point(walk, pc, POINT_INSIDE, i);
        if (point == NULL)
            return;
        if (is_ours(walk, walk->count - 1))
            try_here(walk, true, point);
    }
}

/* ---- Steps --------------------------------------------------------------------------- */

/* What a call may have changed. */
static void after_call(struct walk *walk, const struct cpu *before) {
    long call = cpu_call(before);
    look_at_mask(walk);
    if (!walk->blocked || (call_traits(before) & CALL_QUIET) == 0)
        walk->stretch = false;
    if (call == SYS_rt_sigaction)
        look_at_handler(walk);
    if (call == SYS_mmap && (cpu_argument(before, 2) & PROT_EXEC) != 0)
        keep_maps(walk);
    if ((call_traits(before) & CALL_QUIET) == 0)
        walk_look(walk);
}

/* It goes round: what is held back is let go. */
static void let_others(struct walk *walk) {
    walk->recurrences = 0;
    walk_keep_template(walk);
    if (family_let_others(walk->family))
        walk_look(walk);
}

/*
 * Its registers come back, and it has made no call. If its memory is the same, too, it waits for
 * something that is held back, and has shown all that it does until then. If not, it computes; or it
 * counts while it waits: after very many rounds we go no further.
 */
static void watch_for_spinning(struct walk *walk) {
    const struct task *first = walk->family->tasks[0];
    uint64_t state;
    if (memcmp(&walk->seen.regs, &first->cpu.regs, sizeof first->cpu.regs) == 0) {
        if (walk->seen_known && state_hash(first->pid, &state) && state == walk->seen_state) {
            let_others(walk);
        } else if (++walk->recurrences == RECURRENCES) {
            snprintf(walk->report->note, sizeof walk->report->note,
                     "the walk ends where the program goes round %d times without a call",
                     RECURRENCES);
            walk->report->cut = true;
        }
    }
    if (++walk->since_seen < walk->seen_span)
        return;
    walk->seen = first->cpu; /* after Brent: at growing distances */
    walk->seen_known = state_hash(first->pid, &walk->seen_state);
    walk->since_seen = 0;
    walk->seen_span *= 2;
}

static void step(struct walk *walk) {
    struct family *family = walk->family;
    struct task *first = family->tasks[0];
    struct cpu before = first->cpu;
    bool delivers = first->signal != 0;
    bool at_call = !delivers && cpu_at_call(first->pid, cpu_pc(&before));
    unsigned traits = at_call ? call_traits(&before) : CALL_QUIET;
    if ((traits & CALL_QUIET) == 0 && (traits & (CALL_SHARES | CALL_SLEEPS)) != 0)
        walk_keep_template(walk);
    family_step(family);
    bool sleeping = family->end == FAMILY_GOES_ON && first->state != TASK_READY;
    if (sleeping && is_point(walk))
        inside_call(walk);
    if (sleeping)
        family_rest(family);
    if (family->end != FAMILY_GOES_ON)
        return;
    walk_count_hit(walk, cpu_pc(&first->cpu), cpu_pc(&first->cpu) == cpu_pc(&before));
    if (at_call) {
        after_call(walk, &before);
        walk->since_seen = 0;
        walk->seen_span = 64;
        walk->recurrences = 0;
    } else {
        watch_for_spinning(walk);
    }
    if (delivers) {
        look_at_mask(walk);
        look_at_handler(walk);
        walk->stretch = false;
    }
    if (delivers || first->signal != 0 || sleeping)
        walk_look(walk);
}

/* ---- The whole ----------------------------------------------------------------------- */

/* The last call of `until` has begun: the walk ends where it returns. */
static void watch_until(struct walk *walk) {
    const struct task *first = walk->family->tasks[0];
    if (walk->until == 0 || cpu_pc(&first->cpu) != walk->until || --walk->until_left > 0)
        return;
    walk->return_sp = cpu_sp(&first->cpu);
    tracee_get(first->pid, walk->return_sp, &walk->return_pc, sizeof walk->return_pc);
}

static bool is_over(struct walk *walk) {
    const struct cpu *cpu = &walk->family->tasks[0]->cpu;
    const struct inject_options *options = walk->options;
    if (walk->family->end != FAMILY_GOES_ON || walk->report->cut || walk->report->interrupted)
        return true;
    if (walk->only >= 0 && walk->count > (size_t)walk->only)
        return true;
    if (walk->return_pc != 0 && cpu_pc(cpu) == walk->return_pc && cpu_sp(cpu) > walk->return_sp)
        return true;
    if (options->seconds > 0 && clock_seconds() - walk->started >= options->seconds)
        walk->report->cut = true;
    if (walk->board->stop || run_interrupted())
        walk->report->interrupted = true;
    return walk->report->cut || walk->report->interrupted;
}

/* exec replaces the program: what comes then is another's. */
static bool is_exec(struct walk *walk) {
    const struct task *first = walk->family->tasks[0];
    long call = cpu_call(&first->cpu);
    if (first->signal != 0 || (call != SYS_execve && call != SYS_execveat) ||
        !cpu_at_call(first->pid, cpu_pc(&first->cpu)))
        return false;
    snprintf(walk->report->note, sizeof walk->report->note,
             "the walk ends where the program executes another (exec)");
    walk->report->cut = true;
    return true;
}

static void say_why_none(struct walk *walk) {
    const char *name = signal_name(walk->options->signal);
    char *note = walk->report->note;
    size_t size = sizeof walk->report->note;
    if (walk->count > 0 || note[0] != '\0')
        return;
    if (walk->options->child_exit)
        snprintf(note, size, "no child was there that could end");
    else if (walk->ever_ignored)
        snprintf(note, size, "%s is ignored, and no handler for it is installed", name);
    else
        snprintf(note, size, "no handler for %s is installed", name);
}

void walk_go(struct walk *walk) {
    walk->seen_span = 64;
    for (;;) {
        watch_until(walk);
        if (is_over(walk))
            break;
        if (is_point(walk))
            before_instruction(walk);
        else
            walk->stretch = false;
        if (is_over(walk) || is_exec(walk))
            break;
        step(walk);
    }
    if (walk->family->end == FAMILY_UNSUPPORTED)
        refuse(walk, walk->family->why, "");
    if (walk->family->end == FAMILY_INTERRUPTED)
        walk->report->interrupted = true;
    say_why_none(walk);
    walk->report->point_count = walk->count;
    walk->report->checksum = walk->checksum;
}
