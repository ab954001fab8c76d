/* SPDX-License-Identifier: MIT */
#include "hang/hang.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/signal_name.h"
#include "hang/sleeper.h"
#include "run/proc_text.h"
#include "symbols/symbols.h"

#define MOST_THREADS 64 /* whose stacks are read */
#define SHOWN 16

struct sight {
    void *owner;
    struct hang *hang;
    pid_t root;
    struct sleeper *sleepers;
    bool *in_circle; /* one for each sleeper */
    size_t count;
    size_t circle; /* how many are in one */
    struct symbols *symbols;
    unsigned long *unnamed; /* objects that have no name: M1, M2... by place */
    size_t unnamed_count;
};

/* ---- Who is there ----------------------------------------------------------------------------- */

static bool has_ended(const struct proc_task *task) {
    return task->state == 'Z' || task->state == 'X';
}

/* "thread 2 of child process 1". The child is 0 in the program's first process. */
static const char *actor_name(void *owner, size_t child, size_t rank) {
    if (child == 0)
        return rank == 1 ? "main thread" : talloc_asprintf(owner, "thread %zu", rank);
    if (rank == 1)
        return talloc_asprintf(owner, "child process %zu", child);
    return talloc_asprintf(owner, "thread %zu of child process %zu", rank, child);
}

static void add_process(struct sight *sight, const struct proc *process, size_t child) {
    size_t rank = 0; /* thread ids rise with creation, as long as they do not wrap */
    for (size_t i = 0; i < process->task_count; i++) {
        const struct proc_task *task = &process->tasks[i];
        if (sight->hang->tool == REST_TSAN && rest_is_of_tsan(process, task))
            continue;
        rank++;
        if (has_ended(task))
            continue;
        sight->sleepers =
            grow_array(sight->owner, sight->sleepers, struct sleeper, sight->count + 1);
        sight->sleepers[sight->count++] = (struct sleeper){
            .process = process, .task = task, .actor = actor_name(sight->owner, child, rank)};
    }
}

static void add_everybody(struct sight *sight, const struct proc_tree *tree) {
    size_t children = 0;
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].pid == sight->root)
            add_process(sight, &tree->items[i], 0);
    for (size_t i = 0; i < tree->count; i++) {
        const struct proc *process = &tree->items[i];
        bool of_tool = sight->hang->tool == REST_TSAN && rest_is_symbolizer(process);
        if (process->pid != sight->root && !proc_has_ended(process) && !of_tool)
            add_process(sight, process, ++children);
    }
    sight->in_circle = new_array(sight->owner, bool, sight->count + 1);
}

/* Of the same process: thread ids that a fork left behind mean nobody. */
static struct sleeper *needed_by(const struct sight *sight, const struct sleeper *sleeper) {
    for (size_t i = 0; sleeper->needs != 0 && i < sight->count; i++)
        if (sight->sleepers[i].process == sleeper->process &&
            sight->sleepers[i].task->tid == sleeper->needs)
            return &sight->sleepers[i];
    return NULL;
}

/* ---- Is it a deadlock? ------------------------------------------------------------------------ */

static bool comes_back(const struct sight *sight, const struct sleeper *start) {
    const struct sleeper *at = start;
    for (size_t steps = 0; at != NULL && steps < sight->count; steps++) {
        at = needed_by(sight, at);
        if (at == start)
            return true;
    }
    return false;
}

static void find_circles(struct sight *sight) {
    for (size_t i = 0; i < sight->count; i++) {
        sight->in_circle[i] = comes_back(sight, &sight->sleepers[i]);
        sight->circle += sight->in_circle[i];
    }
}

/* Those that a handler of the program's may be called for; the tool's, for faults, and libc's are none. */
static int handled_signal(const struct proc *process) {
    static const int of_others[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
                                    SIGTRAP, SIGSYS, 32,     33,     34};
    unsigned long long caught = process->caught;
    for (size_t i = 0; i < sizeof of_others / sizeof *of_others; i++)
        caught &= ~(1ULL << (of_others[i] - 1));
    return caught == 0 ? 0 : __builtin_ctzll(caught) + 1;
}

/* Why one of them may go on all the same; NULL: nobody can. */
static const char *way_out(const struct sight *sight) {
    for (size_t i = 0; i < sight->count; i++)
        if (sight->sleepers[i].outside != NULL)
            return sight->sleepers[i].outside;
    for (size_t i = 0; i < sight->count; i++) {
        int number = handled_signal(sight->sleepers[i].process);
        if (number != 0)
            return talloc_asprintf(sight->owner, "the handler of %s may wake one",
                                   signal_name(number));
    }
    return NULL;
}

/* ---- Words ------------------------------------------------------------------------------------ */

/* Where the program's file begins in memory; 0: another program runs in its place. */
static unsigned long base_of(pid_t process, const char *binary) {
    char *text = proc_text(NULL, "/proc/%d/maps", (int)process), *path = realpath(binary, NULL);
    unsigned long base = 0;
    for (char *rest = text, *line;
         path != NULL && base == 0 && (line = strsep(&rest, "\n")) != NULL;) {
        const char *slash = strchr(line, '/');
        if (slash != NULL && strcmp(slash, path) == 0)
            base = strtoul(line, NULL, 16);
    }
    free(path);
    talloc_free(text);
    return base;
}

static void open_symbols(struct sight *sight) {
    const struct symbols_runtime none = {.files = "\n", .named_variables = "\n"};
    const char *binary = sight->hang->subject->binary;
    unsigned long base = base_of(sight->root, binary);
    struct error error;
    if (base != 0)
        sight->symbols = symbols_open(sight->owner, binary, base, none, &error);
}

/* "M1": the same one has the same name in every sentence. */
static const char *number_of(struct sight *sight, unsigned long object) {
    size_t i = 0;
    while (i < sight->unnamed_count && sight->unnamed[i] != object)
        i++;
    if (i == sight->unnamed_count) {
        sight->unnamed = grow_array(sight->owner, sight->unnamed, unsigned long, i + 1);
        sight->unnamed[sight->unnamed_count++] = object;
    }
    return talloc_asprintf(sight->owner, "M%zu", i + 1);
}

/* "forks[1]": the variable, without libc's own members. */
static const char *object_name(struct sight *sight, const struct sleeper *sleeper) {
    const char *name =
        sight->symbols == NULL ? NULL : symbols_variable(sight->symbols, sleeper->object);
    if (name == NULL)
        return number_of(sight, sleeper->object);
    const char *inner = strstr(name, ".__");
    return inner == NULL ? name : talloc_strndup(sight->owner, name, (size_t)(inner - name));
}

static const char *holder(const struct sight *sight, const struct sleeper *sleeper) {
    const struct sleeper *needed = needed_by(sight, sleeper);
    if (needed == sleeper)
        return "itself";
    return needed != NULL ? needed->actor : "a thread that does not exist here";
}

/* "mutex b, held by thread 2" */
static const char *what_for(struct sight *sight, const struct sleeper *sleeper) {
    if (sleeper->noun == NULL)
        return NULL;
    if (strcmp(sleeper->noun, "the end") == 0)
        return sleeper->needs == 0
                   ? "the end of a thread"
                   : talloc_asprintf(sight->owner, "the end of %s", holder(sight, sleeper));
    if (sleeper->object == 0)
        return sleeper->noun;
    const char *name = object_name(sight, sleeper);
    if (sleeper->needs == 0)
        return talloc_asprintf(sight->owner, "%s %s", sleeper->noun, name);
    return talloc_asprintf(sight->owner, "%s %s, held by %s", sleeper->noun, name,
                           holder(sight, sleeper));
}

static const char *doing(struct sight *sight, const struct sleeper *sleeper) {
    const char *call = sleeper->call != NULL ? sleeper->call : "a system call";
    const char *what = what_for(sight, sleeper);
    return what == NULL ? talloc_asprintf(sight->owner, "waits in %s", call)
                        : talloc_asprintf(sight->owner, "waits in %s for %s", call, what);
}

static const char *sentence(const struct sight *sight) {
    if (sight->circle == 1)
        return "a thread waits for itself";
    if (sight->circle == 2)
        return "two threads wait for each other";
    if (sight->circle > 2)
        return talloc_asprintf(sight->owner, "%zu threads wait for each other in a circle",
                               sight->circle);
    if (sight->count == 1)
        return "the only thread waits, and nothing can wake it";
    if (sight->count == 2)
        return "both threads wait, and nothing can wake one";
    return talloc_asprintf(sight->owner, "all %zu threads wait, and nothing can wake one",
                           sight->count);
}

static const char *message(const struct sight *sight) {
    const char *words = sentence(sight);
    return sight->count <= SHOWN ? words
                                 : talloc_asprintf(sight->owner, "%s (%d of the %zu are shown)",
                                                   words, SHOWN, sight->count);
}

static void add_locations(struct sight *sight, bool context) {
    struct finding *finding = &sight->hang->finding;
    for (size_t i = 0; i < sight->count && finding->location_count < SHOWN; i++) {
        struct sleeper *sleeper = &sight->sleepers[i];
        if ((sight->circle > 0 && !sight->in_circle[i]) != context)
            continue;
        struct location location = sleeper->where;
        location.doing = doing(sight, sleeper);
        location.context = context;
        finding_add_location(sight->owner, finding, location);
    }
}

static void tell(struct sight *sight) {
    struct hang *hang = sight->hang;
    open_symbols(sight);
    hang->found = true;
    hang->finding = (struct finding){.kind = KIND_DEADLOCK, .message = message(sight)};
    add_locations(sight, false);
    add_locations(sight, true);
}

void hang_look(void *argument, pid_t root, const struct proc_tree *tree) {
    struct hang *hang = argument;
    struct sight sight = {.owner = hang->owner, .hang = hang, .root = root};
    add_everybody(&sight, tree);
    if (sight.count > MOST_THREADS) {
        hang->doubt = "too many threads to look at";
        return;
    }
    for (size_t i = 0; i < sight.count; i++)
        if (sleeper_look(sight.owner, &hang->subject->sources, &sight.sleepers[i]) != 0) {
            hang->doubt = "ptrace is not permitted here, so nobody can say what they wait for";
            return;
        }
    find_circles(&sight);
    hang->doubt = sight.circle > 0 ? NULL : way_out(&sight);
    if (hang->doubt == NULL && sight.count > 0)
        tell(&sight);
}
