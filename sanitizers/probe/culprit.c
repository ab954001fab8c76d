/* SPDX-License-Identifier: MIT */
#include "probe/culprit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "probe/names.h"
#include "run/proc_text.h"

/* Less than this for each connection is no thread's stack. */
#define STACK_BYTES 65536

/* ---- Which event? ---------------------------------------------------------------------------- */

static const struct proc *process_of(const struct look *look, pid_t pid) {
    for (size_t i = 0; i < look->tree.count; i++)
        if (look->tree.items[i].pid == pid)
            return &look->tree.items[i];
    return NULL;
}

static bool is_open(pid_t process, long fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%ld", (int)process, fd);
    struct stat info;
    return lstat(path, &info) == 0;
}

static bool thread_lives(const struct look *look, pid_t tid) {
    for (size_t i = 0; i < look->tree.count; i++)
        for (size_t j = 0; j < look->tree.items[i].task_count; j++)
            if (look->tree.items[i].tasks[j].tid == tid)
                return true;
    return false;
}

static bool is_mapped(pid_t process, long address) {
    char *text = proc_text(NULL, "/proc/%d/maps", (int)process);
    bool found = false;
    for (char *rest = text, *line; !found && (line = strsep(&rest, "\n")) != NULL;) {
        unsigned long start, end;
        found = sscanf(line, "%lx-%lx", &start, &end) == 2 && start <= (unsigned long)address &&
                (unsigned long)address <= end;
    }
    talloc_free(text);
    return found;
}

/* Is what it made still there, so that it leaks in that way? */
static bool remains(const struct session *session, enum leak leak,
                    const struct trace_event *event) {
    const struct proc *child;
    switch (event->what) {
    case TRACE_FORK:
        child = process_of(session->last, (pid_t)event->result);
        return child != NULL && proc_has_ended(child) == (leak == LEAK_ZOMBIES);
    case TRACE_DESCRIPTOR:
        return is_open(event->process, event->result);
    case TRACE_THREAD:
        return thread_lives(session->last, (pid_t)event->result);
    case TRACE_MEMORY:
        return is_mapped(event->process, event->result);
    case TRACE_DEATH:
        break;
    }
    return false;
}

/* The latest of its sort. From the last one back: a number that was used again belongs to its
 * latest creator. */
static const struct trace_event *latest(const struct session *session, enum leak leak,
                                        enum trace_what what, bool must_remain) {
    size_t count;
    const struct trace_event *events = tracer_events(session->tracer, &count);
    while (count-- > 0) {
        const struct trace_event *event = &events[count];
        if (event->what == what && (!must_remain || remains(session, leak, event)))
            return event;
    }
    return NULL;
}

const struct trace_event *culprit_find(const struct session *session, enum leak leak,
                                       const struct probe_figures *first,
                                       const struct probe_figures *last) {
    const struct trace_event *thread;
    switch (leak) {
    case LEAK_ZOMBIES:
        return latest(session, leak, TRACE_FORK, true);
    case LEAK_DESCRIPTORS:
        return latest(session, leak, TRACE_DESCRIPTOR, true);
    case LEAK_THREADS:
        return latest(session, leak,
                      figures_leak_processes(first, last) ? TRACE_FORK : TRACE_THREAD, true);
    case LEAK_MEMORY:
        /* A stack's worth for each connection, and threads that come and go: it is their stacks. */
        thread = latest(session, leak, TRACE_THREAD, false);
        return thread != NULL && figures_virtual_growth(first, last) >= STACK_BYTES
                   ? thread
                   : latest(session, leak, TRACE_MEMORY, true);
    case LEAK_COUNT:
        break;
    }
    return NULL;
}

/* ---- The finding ----------------------------------------------------------------------------- */

static const struct {
    enum kind kind;
    const char *things, *reproach, *doing;
} leaks[LEAK_COUNT] = {
    [LEAK_ZOMBIES] = {KIND_ZOMBIE, "zombies", "nobody waits for the children",
                      "forks a child that nobody waits for"},
    [LEAK_DESCRIPTORS] = {KIND_DESCRIPTOR_LEAK, "open descriptors",
                          "some are not closed when their client is gone",
                          "opens a descriptor that stays open"},
    [LEAK_THREADS] = {KIND_THREAD_LEAK, "threads", "some do not end when their client is gone",
                      "creates a thread that does not end"},
    [LEAK_MEMORY] = {KIND_MEMORY_LEAK, "", "", "takes memory that is not given back"},
};

static const char *memory_message(void *owner, const struct probe_figures *first,
                                  const struct probe_figures *last) {
    double connections = last->connections - first->connections;
    double resident = (double)last->resident_bytes - (double)first->resident_bytes;
    return talloc_asprintf(owner,
                           "each connection costs the server %.0f KB of address space and %.1f KB "
                           "of memory for ever (seen over %.0f connections)",
                           (double)figures_virtual_growth(first, last) / 1024,
                           resident / connections / 1024, connections);
}

static size_t value_of(enum leak leak, const struct probe_figures *figures) {
    return leak == LEAK_ZOMBIES       ? figures->zombies
           : leak == LEAK_DESCRIPTORS ? figures->descriptors
                                      : figures->threads;
}

static const char *message_of(void *owner, enum leak leak, const struct probe_figures *first,
                              const struct probe_figures *last) {
    if (leak == LEAK_MEMORY)
        return memory_message(owner, first, last);
    const char *things = leak == LEAK_THREADS && figures_leak_processes(first, last)
                             ? "processes"
                             : leaks[leak].things;
    return talloc_asprintf(owner, "%zu %s after %d connections, %zu after %d: %s",
                           value_of(leak, last), things, last->connections, value_of(leak, first),
                           first->connections, leaks[leak].reproach);
}

struct finding culprit_finding(void *owner, const struct session *session, enum leak leak,
                               const struct probe_figures *first, const struct probe_figures *last,
                               const struct trace_event *event, const char *excuse) {
    struct finding finding = {.kind = leaks[leak].kind,
                              .message = message_of(owner, leak, first, last)};
    struct location location = {.actor = "server process"};
    const char *doing = leak == LEAK_THREADS && figures_leak_processes(first, last)
                            ? "forks a child that does not end"
                            : leaks[leak].doing;
    if (event != NULL) {
        location = event->where;
        location.actor = names_actor(owner, &session->last->tree, run_pid(session->run),
                                     event->process, event->tid);
        location.doing = event->what == TRACE_THREAD && leak == LEAK_MEMORY
                             ? "creates a thread whose stack is not given back"
                             : doing;
    } else {
        location.doing = talloc_asprintf(owner, "%s (no line: %s)", doing, excuse);
    }
    finding_add_location(owner, &finding, location);
    return finding;
}
