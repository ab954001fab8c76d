/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The program is started by gdb with the same shared memory that explore would give it: strategy
 * "replay", `trace` set, and in `bound` the number of the step to stop before. The runtime then
 * makes that one execution in the first process, without a server and workers, and calls
 * hazard_breakpoint() on the stack of the thread whose step it is. From there gdb goes up to the
 * program's own frame; a thread that starts has none yet, and goes on to its first function.
 *
 * The runtime uses SIGSEGV (first writes to a page) and SIGVTALRM (its watchdog) itself: gdb hands
 * them through. SIGTRAP is gdb's own, so that library calls are not followed there.
 */
#include "hazard/replay/debugger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/objects.h"
#include "explore/front/region.h"
#include "explore/front/words.h"
#include "hazard/replay/gdb.h"
#include "symbols/symbols.h"

enum { MOST_WORDS = 36 };

#define INPUT "HAZARD_INPUT" /* a variable for the shell that starts the program */

struct command {
    const char **argv;
    size_t count;
};

static void add(struct command *command, const char *word) {
    command->argv[command->count++] = word;
}

static void add_command(struct command *command, const char *words) {
    add(command, "-ex");
    add(command, words);
}

/* gdb's echo takes C escapes. */
static const char *echo(void *owner, const char *words) {
    char *line = never_null(talloc_strdup(owner, "echo \\n"));
    for (const char *at = words; *at != '\0'; at++)
        line = never_null(talloc_asprintf_append_buffer(line, *at == '\\' ? "\\\\" : "%c", *at));
    return never_null(talloc_asprintf_append_buffer(line, "\\n"));
}

/* A function as gdb takes it: with its file, as the runtime and libraries have functions that are
 * called the same. NULL: none of the program's own. */
static const char *function_at(void *owner, const struct frame *frame) {
    if (frame == NULL || frame->file == NULL || strcmp(frame->function, "?") == 0)
        return NULL;
    return never_null(talloc_asprintf(owner, "%s:%s", frame->file, frame->function));
}

/* The innermost of the program's own that the step lies in. */
static const char *own_function(void *owner, const struct replay *replay,
                                const struct shared_step *step) {
    const struct explore_outcome *outcome = &replay->outcome;
    struct location location = {.actor = "", .doing = ""};
    objects_step(outcome->objects, step, &location, owner);
    return function_at(owner, location_own_frame(&location, &outcome->sources));
}

/* The one that a thread begins with: at its first step nothing of the program is on its stack. */
static const char *first_function(void *owner, const struct replay *replay, int actor) {
    const struct explore_outcome *outcome = &replay->outcome;
    const struct shared_actor *thread = &outcome->shared->actors[actor];
    if (thread->parent < 0)
        return "main";
    struct frame frame = symbols_frame(objects_symbols(outcome->objects), thread->start + 1);
    return function_at(owner, &frame);
}

/* Shows the program's own frame, where there is one. */
static void show_own_frame(void *owner, struct command *command, const struct replay *replay,
                           const struct shared_step *step) {
    bool starts = step->event.op.kind == OP_START;
    const char *function = starts ? first_function(owner, replay, step->event.actor)
                                  : own_function(owner, replay, step);
    if (function == NULL)
        return;
    if (!starts) {
        add_command(command, talloc_asprintf(owner, "frame function %s", function));
        return;
    }
    add_command(command, talloc_asprintf(owner, "tbreak %s", function));
    add_command(command, "continue");
}

static const char *welcome(void *owner, const struct replay *replay, int number) {
    const struct shared *shared = replay->outcome.shared;
    const struct shared_step *step = &shared->trace[number - 1];
    bool critical = number == replay->schedule->critical + 1;
    return clean_line(
        owner, talloc_asprintf(owner, "hazard: stopped before step %d of %d: %s %s.%s", number,
                               shared->trace_length, actor_words(owner, shared, step->event.actor),
                               words_step(owner, shared, replay->outcome.objects, step),
                               critical ? " After it the failure can no longer be avoided." : ""));
}

/* Inside a step the innermost frames are the runtime's, and `next` would walk through them. */
static const char *hint(const struct shared_step *step) {
    if (step->event.op.kind == OP_START)
        return "hazard: `next' goes on in this thread, `continue' to the end.";
    return "hazard: `down' and `finish' make this step; then `next' goes on in this thread, "
           "`continue' to the end.";
}

static const char *const *gdb_command(void *owner, const struct replay *replay, int number) {
    const struct subject *subject = &replay->subject;
    size_t args = 0;
    while (subject->args[args] != NULL)
        args++;
    struct command command = {new_array(owner, const char *, MOST_WORDS + args), 0};
    static const char wrapper[] = "set exec-wrapper sh -c 'exec \"$0\" \"$@\" <\"$" INPUT "\"'";
    const struct shared_step *step = &replay->outcome.shared->trace[number - 1];
    add(&command, "gdb");
    add(&command, "-q");
    add_command(&command, "set confirm off");
    add_command(&command, "set pagination off");
    add_command(&command, wrapper);
    if (subject->surroundings.folder != NULL)
        add_command(&command, talloc_asprintf(owner, "set cwd %s", subject->surroundings.folder));
    add_command(&command, "handle SIGSEGV SIGVTALRM nostop noprint pass");
    add_command(&command, "break hazard_breakpoint");
    add_command(&command, "run");
    show_own_frame(owner, &command, replay, step);
    add_command(&command, echo(owner, welcome(owner, replay, number)));
    add_command(&command, echo(owner, hint(step)));
    add(&command, "--args");
    add(&command, subject->binary);
    for (size_t i = 0; i < args; i++)
        add(&command, subject->args[i]);
    return command.argv;
}

int debugger_run(void *owner, const struct replay *replay, struct error *error) {
    const struct schedule *schedule = replay->schedule;
    int number =
        schedule->critical >= 0 ? schedule->critical + 1 : replay->outcome.shared->trace_length;
    if (number < 1 || number > replay->outcome.shared->trace_length)
        return fail(error, "%s: there is no step %d to stop at", replay->file, number);
    struct explore_options options = schedule_options(owner, schedule);
    struct explore_region region;
    options.bound = number;
    if (region_open(owner, &options, &region, error) != 0)
        return -1;
    const char *value = strchr(region.environment, '=') + 1;
    const struct surroundings *around = &replay->subject.surroundings;
    surroundings_set(around->environment);
    setenv(INPUT, around->input != NULL ? around->input : "/dev/null", 1);
    region.shared->config.input = around->input != NULL;
    if (fcntl(region.fd, F_SETFD, 0) != 0 || setenv(SHARED_VARIABLE, value, 1) != 0)
        return fail(error, "cannot hand memory to gdb: %s", strerror(errno));
    return gdb_run(gdb_command(owner, replay, number), error);
}
