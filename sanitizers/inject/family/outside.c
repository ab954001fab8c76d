/* SPDX-License-Identifier: MIT */
#include "inject/family/outside.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "base/memory.h"
#include "run/proc_text.h"

static uint64_t bit(int number) {
    return 1ULL << (number - 1);
}

static uint64_t never_sent(int but) {
    static const int numbers[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGTRAP, SIGSYS,
                                  SIGABRT, SIGCHLD, SIGALRM, SIGVTALRM, SIGPROF, SIGPIPE};
    uint64_t set = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] != but)
            set |= bit(numbers[i]);
    return set;
}

/* rt_sigtimedwait takes what is blocked. */
static uint64_t waited_for(const struct task *task) {
    uint64_t set = 0;
    if (cpu_call(&task->cpu) == SYS_rt_sigtimedwait)
        tracee_get(task->pid, cpu_argument(&task->cpu, 0), &set, sizeof set);
    return set;
}

/* A signalfd says in /proc/PID/fdinfo what it is open for. */
static uint64_t read_from_descriptors(const struct task *task) {
    void *owner = new_owner();
    uint64_t set = 0;
    DIR *folder = opendir(talloc_asprintf(owner, "/proc/%d/fdinfo", (int)task->pid));
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        const char *text = proc_text(owner, "/proc/%d/fdinfo/%s", (int)task->pid, entry->d_name);
        set |= strtoull(proc_field(text, "sigmask:"), NULL, 16);
    }
    if (folder != NULL)
        closedir(folder);
    talloc_free(owner);
    return set;
}

uint64_t outside_signals(const struct family *family, int but) {
    uint64_t set = 0;
    for (size_t i = 0; i < family->task_count; i++) {
        const struct task *task = family->tasks[i];
        if (task->state == TASK_ENDED)
            continue;
        struct signal_sets sets = tracee_signals(task->pid);
        set |= (sets.caught & ~sets.blocked) | waited_for(task) | read_from_descriptors(task);
    }
    return set & ~never_sent(but);
}
