/* SPDX-License-Identifier: MIT */
#include "inject/walk/walk.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signal_name.h"
#include "inject/family/advance.h"
#include "inject/family/schedule.h"
#include "inject/process/call_table.h"
#include "inject/walk/points.h"
#include "inject/walk/start.h"
#include "run/run.h"

#define FIRST_LOOK 0.75 /* the part of --seconds after which a walk that has found something ends */

/* ---- Steps --------------------------------------------------------------------------- */

static void look_at_mask(struct walk *walk) {
    signal_state_look_at_mask(&walk->signal, walk->family->tasks[0]->pid);
}

static void look_at_handler(struct walk *walk) {
    signal_state_look_at_handler(&walk->signal, walk->family->tasks[0]->pid);
    walk->family->tried.handled = walk->signal.handled;
}

/* Looks again how the walked process can be copied. */
static void look_at_copies(struct walk *walk) {
    uint64_t pending = signal_state_look_at_pending(&walk->signal, walk->family->tasks[0]->pid);
    copies_look(walk->copies, pending);
}

static void keep_maps(struct walk *walk) {
    if (walk->worker == 0)
        board_keep_maps(walk->board, walk->family->tasks[0]->pid);
}

/* Nothing was left to read, where nobody gave it anything. */
static void look_at_input(struct walk *walk, const struct cpu *before) {
    if (cpu_call(before) == SYS_read && cpu_argument(before, 0) == STDIN_FILENO &&
        cpu_argument(before, 2) > 0 && cpu_result(&walk->family->tasks[0]->cpu) == 0)
        walk->report->input_ended = true;
}

/* Looks at what the call may have changed. */
static void after_call(struct walk *walk, const struct cpu *before) {
    long call = cpu_call(before);
    bool quiet = (call_traits(before) & CALL_QUIET) != 0;
    look_at_mask(walk);
    schedule_look(walk->family);
    if (!walk->signal.blocked || !quiet)
        points_end_stretch(walk);
    if (call == SYS_rt_sigaction)
        look_at_handler(walk);
    if (call == SYS_mmap && (cpu_argument(before, 2) & PROT_EXEC) != 0)
        keep_maps(walk);
    if (!quiet)
        look_at_copies(walk);
    look_at_input(walk, before);
}

/* The walked process goes round: what is held back is let go. */
static void let_others(struct walk *walk) {
    copies_keep_template(walk->copies);
    if (schedule_others(walk->family))
        look_at_copies(walk);
}

static void watch_for_spinning(struct walk *walk) {
    const struct task *first = walk->family->tasks[0];
    enum rounds_found found = rounds_look(&walk->rounds, first);
    if (found == ROUNDS_WAITS)
        let_others(walk);
    if (found == ROUNDS_ENDLESS) {
        snprintf(walk->report->note, sizeof walk->report->note,
                 "the walk ends where the program goes round %d times without a call",
                 ROUNDS_AT_MOST);
        walk->report->cut = true;
    }
    rounds_remember(&walk->rounds, first);
}

/* After the call the walked process may be one that cannot be copied. */
static void before_call(struct walk *walk, const struct cpu *before) {
    unsigned traits = call_traits(before);
    if ((traits & CALL_QUIET) == 0 && (traits & (CALL_SHARES | CALL_SLEEPS)) != 0)
        copies_keep_template(walk->copies);
}

/* A signal was delivered in this step. */
static void after_delivery(struct walk *walk) {
    look_at_mask(walk);
    look_at_handler(walk);
    points_end_stretch(walk);
}

/* It sleeps: at once, and after all that others do meanwhile, the signal may come. */
static void sleep_through(struct walk *walk) {
    struct family *family = walk->family;
    uint64_t before = family->changes;
    do {
        signal_state_look_at_pending(&walk->signal, family->tasks[0]->pid);
        walk->points.changes = family->changes - before;
        if (points_any_here(walk))
            points_inside_call(walk);
    } while (schedule_rest_to_change(family));
}

/* One step of the first process. True if it slept, and others ran. */
static bool step_family(struct walk *walk, bool at_call) {
    struct family *family = walk->family;
    if (at_call)
        advance_over_call(family);
    else
        advance_over_instruction(family);
    bool sleeping = family->end == FAMILY_GOES_ON && family->tasks[0]->state != TASK_READY;
    if (sleeping)
        sleep_through(walk);
    return sleeping;
}

/* What is known of its memory is known still after most instructions, and some calls. `slept`: or
 * it was otherwise not alone in what it did. */
static void after_step(struct walk *walk, const struct cpu *before, const struct cpu_code *code,
                       bool slept) {
    const struct task *first = walk->family->tasks[0];
    if (slept || first->signal != 0 || first->at_call)
        copies_forget_rehearsal(walk->copies);
    else if (cpu_is_call(code))
        copies_note_call(walk->copies, cpu_call(before));
    else
        copies_note_step(walk->copies, footprint_of(code));
}

static void step(struct walk *walk) {
    const struct task *first = walk->family->tasks[0];
    struct cpu before = first->cpu;
    struct cpu_code code;
    bool delivers = first->signal != 0;
    bool known = cpu_read_code(first->pid, cpu_pc(&before), &code);
    bool at_call = !delivers && known && cpu_is_call(&code);
    if (at_call)
        before_call(walk, &before);
    bool slept = step_family(walk, at_call);
    if (walk->family->end != FAMILY_GOES_ON)
        return;
    uint64_t pc = cpu_pc(&first->cpu);
    /* A signal that comes as a call returns, comes before a breakpoint behind the call: its handler
     * may meet that in main's place, or the call is made again. */
    copies_count(walk->copies, pc, pc == cpu_pc(&before) || (at_call && task_is_signalled(first)));
    after_step(walk, &before, &code, !known || delivers || slept);
    if (at_call) {
        after_call(walk, &before);
        rounds_restart(&walk->rounds);
    } else {
        watch_for_spinning(walk);
    }
    if (delivers)
        after_delivery(walk);
    if (delivers || first->signal != 0 || slept)
        look_at_copies(walk);
}

/* ---- The end ------------------------------------------------------------------------- */

/* A part of the time is for a second look at what was found, if anything was. */
static bool time_is_up(const struct walk *walk) {
    double seconds = walk->options->seconds, used = clock_seconds() - walk->started;
    if (seconds <= 0 || used < seconds * FIRST_LOOK)
        return false;
    bool found = false;
    for (size_t i = 0; i < walk->jobs && walk->visit == NULL; i++)
        found = found || walk->board->workers[i].bad > 0;
    return found || used >= seconds;
}

static bool is_over(struct walk *walk) {
    if (walk->family->end != FAMILY_GOES_ON || walk->report->cut || walk->report->interrupted)
        return true;
    const struct walk_choice *chosen = &walk->chosen;
    if (chosen->count > 0 && walk->points.count > (size_t)chosen->points[chosen->count - 1])
        return true;
    if (bounds_reached(&walk->bounds, walk->family->tasks[0]))
        return true;
    if (time_is_up(walk))
        walk->report->cut = true;
    if (walk->board->stop || run_interrupted())
        walk->report->interrupted = true;
    return walk->report->cut || walk->report->interrupted;
}

/* exec replaces the program, and the walk is of this program alone. */
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
    if (walk->points.count > 0 || note[0] != '\0' || walk->report->cut || walk->report->interrupted)
        return;
    if (walk->reference.end == FAMILY_DEADLOCK)
        snprintf(note, size, "never ends, and no signal of ours can change that: %s",
                 walk->reference.why);
    else if (walk->options->child_exit)
        snprintf(note, size, "no child was there that could end");
    else if (walk->signal.ever_ignored)
        snprintf(note, size, "%s is ignored, and no handler for it is installed", name);
    else
        snprintf(note, size, "no handler for %s is installed", name);
}

/* What is not tried is no proof. */
static void say_what_may_merge(struct walk *walk) {
    if (!walk->family->delayed.could_merge || walk->report->note[0] != '\0')
        return;
    snprintf(
        walk->report->note, sizeof walk->report->note,
        "processes of the program send %s to one that has not taken the one before: that the two "
        "become one is not tried",
        signal_name(walk->options->signal));
    walk->report->cut = true;
}

static void report_end(struct walk *walk) {
    if (walk->family->end == FAMILY_UNSUPPORTED || walk->family->end == FAMILY_LOST)
        board_refuse(walk->report, walk->family->why, "");
    walk->report->interrupted |= walk->family->end == FAMILY_INTERRUPTED;
    walk->report->cut |= walk->family->end == FAMILY_CUT;
    say_why_none(walk);
    say_what_may_merge(walk);
    walk->report->point_count = walk->points.count;
    walk->report->checksum = walk->points.checksum;
}

/* ---- The whole ----------------------------------------------------------------------- */

static void step_to_end(struct walk *walk) {
    for (;;) {
        bounds_watch(&walk->bounds, walk->family->tasks[0]);
        if (is_over(walk))
            return;
        if (points_any_here(walk))
            points_before_instruction(walk);
        else
            points_end_stretch(walk);
        if (is_over(walk) || is_exec(walk))
            return;
        step(walk);
    }
}

int walk_run(struct walk *walk, const struct subject *subject) {
    walk->started = clock_seconds();
    walk->signal.number = walk->options->signal;
    rounds_restart(&walk->rounds);
    if (start_at_from(walk, subject) != 0)
        return -1;
    look_at_copies(walk);
    keep_maps(walk);
    look_at_mask(walk);
    look_at_handler(walk);
    step_to_end(walk);
    report_end(walk);
    return 0;
}

void walk_end(struct walk *walk) {
    copies_end(walk->copies);
    if (walk->family == NULL)
        return;
    family_end(walk->family);
    for (int i = 0; i < 2; i++)
        close(walk->capture.fd[i]);
}
