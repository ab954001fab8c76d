/* SPDX-License-Identifier: MIT */
#include "inject/walk/start.h"

#include <sched.h>
#include <sys/prctl.h>

#include "inject/family/schedule.h"
#include "inject/process/filter.h"
#include "inject/process/launch.h"
#include "inject/walk/undisturbed.h"
#include "symbols/image.h"

#define LEAST_BUDGET 0.1 /* seconds */

/* ---- Functions ----------------------------------------------------------------------- */

static uint64_t function(struct walk *walk, const struct subject *subject, const char *name) {
    return image_function(subject->binary, launch_entry(walk->family->tasks[0]->pid), name);
}

/* main of a stripped program: what _start hands to the C library. */
static uint64_t stripped_main(struct walk *walk) {
    uint64_t entry = launch_entry(walk->family->tasks[0]->pid), address = 0;
    struct family *copy = family_copy(walk->owner, walk->family);
    if (copy != NULL && (cpu_pc(&copy->tasks[0]->cpu) == entry || schedule_run_to(copy, entry, 1)))
        address = cpu_find_main(copy->tasks[0]->pid);
    family_end(copy);
    return address;
}

static int find_functions(struct walk *walk, const struct subject *subject) {
    const struct inject_options *options = walk->options;
    walk->bounds.from = function(walk, subject, options->from == NULL ? "main" : options->from);
    if (walk->bounds.from == 0 && options->from == NULL)
        walk->bounds.from = stripped_main(walk);
    if (walk->bounds.from == 0)
        return fail(walk->error, "%s has no function '%s'", subject->name,
                    options->from == NULL ? "main" : options->from);
    if (options->until != NULL)
        walk->bounds.until = function(walk, subject, options->until);
    if (options->until != NULL && walk->bounds.until == 0)
        return fail(walk->error, "%s has no function '%s'", subject->name, options->until);
    return 0;
}

/* The first template is a copy from the very start. */
static int run_to_from(struct walk *walk) {
    struct task *first = walk->family->tasks[0];
    walk->copies = copies_new(walk->owner, walk->family, walk->bounds.from);
    if (walk->copies == NULL)
        return fail(walk->error, "a process cannot be copied");
    if (!schedule_run_to(walk->family, walk->bounds.from, 1))
        return board_refuse(walk->report, "never comes to ",
                            walk->options->from == NULL ? "main" : walk->options->from);
    if (walk->bounds.until == 0)
        bounds_end_at_return(&walk->bounds, first);
    copies_begin(walk->copies);
    return 0;
}

/* ---- Starting ------------------------------------------------------------------------ */

/* The processor of this worker. The program, its copies and the worker stay on it: only one of them
 * runs at a time, so stops are quicker; and the program sees the same number of processors however
 * many workers there are. Counted from the one where this process is: others like it are elsewhere. */
static cpu_set_t one_processor(size_t worker) {
    cpu_set_t ours, one;
    CPU_ZERO(&one);
    CPU_ZERO(&ours);
    if (sched_getaffinity(0, sizeof ours, &ours) != 0)
        CPU_SET(0, &ours);
    size_t here = 0;
    int now = sched_getcpu();
    for (size_t i = 0; now > 0 && i < (size_t)now; i++)
        here += CPU_ISSET(i, &ours) ? 1 : 0;
    size_t left = (here + worker) % (size_t)CPU_COUNT(&ours);
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
                            .surroundings = subject->surroundings,
                            .processors = &processor};
    for (int i = 0; i < 2; i++)
        launch.keep[i] = walk->keeps_output ? WALK_KEPT + i : 0;
    pid_t pid = launch_program(&launch, &walk->capture, walk->error);
    if (pid < 0)
        return -1;
    walk->family = family_new(walk->owner, pid, &walk->capture);
    walk->family->call_pc = cpu_find_call(pid);
    walk->family->tried.number = walk->options->signal;
    walk->family->output.limit = walk->board->output_bytes;
    walk->family->real_ids = walk->real_ids;
    double seconds = walk->options->seconds;
    walk->family->limits =
        limits_undisturbed(&walk->board->stop, seconds > 0 ? walk->started + seconds : 0);
    double budget = (double)walk->options->instructions / 1e9;
    walk->family->budget = budget < LEAST_BUDGET ? LEAST_BUDGET : budget;
    if (walk->family->call_pc == 0)
        return fail(walk->error, "%s has no system call instruction in its memory", subject->name);
    walk->family->filtered = filter_install(pid, walk->family->call_pc, walk->visit != NULL);
    cpu_read(pid, &walk->family->tasks[0]->cpu);
    return 0;
}

int start_at_from(struct walk *walk, const struct subject *subject) {
    if (start_program(walk, subject) != 0 || find_functions(walk, subject) != 0 ||
        undisturbed_learn(walk) != 0 || run_to_from(walk) != 0)
        return -1;
    return 0;
}
