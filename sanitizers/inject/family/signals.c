/* SPDX-License-Identifier: MIT */
#include "inject/family/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inject/family/process_ids.h"

/* ---- Delivery -------------------------------------------------------------------------- */

static bool goes_to_handler(const struct family *family, int number) {
    return number == family->tried.number &&
           (family->tried.handled || task_handles(family->tasks[0], number));
}

bool signals_is_merged(struct family *family, const struct task *task, int number) {
    if (!family->merges || task != family->tasks[0] || number != SIGCHLD)
        return false;
    family->merges = (tracee_signals(task->pid).pending & (1ULL << (SIGCHLD - 1))) != 0;
    return family->merges;
}

void signals_note_delivery(struct family *family, struct task *task, int number) {
    const struct observer *observer = &family->observer;
    circle_break(&family->circle);
    process_ids_name_sender(family, task);
    inheritance_note_signal(&family->inheritance);
    if (task != family->tasks[0])
        return;
    if (goes_to_handler(family, number)) {
        family->tried.deliveries++;
        if (observer->comes != NULL)
            observer->comes(family, observer->data);
    }
    if (observer->dies != NULL && task_dies_of(task, number))
        observer->dies(family, number, observer->data);
}

/* It ends a stop. */
static bool continues(const struct task *to, int number) {
    return to->halted && (number == SIGCONT || number == SIGKILL);
}

static void deliver(struct task *to, int number) {
    to->continued = continues(to, number);
    to->halted = to->halted && !to->continued;
    kill(to->pid, number);
}

void signals_send(struct family *family, int number) {
    kill(family->tasks[0]->pid, number);
    family_wake_nappers(family);
}

void signals_release(struct family *family, size_t index) {
    struct delayed_signal signal = delayed_take(&family->delayed, index);
    deliver(family_task(family, signal.to), signal.number);
    family_wake_nappers(family);
}

/* ---- Calls that send ------------------------------------------------------------------- */

/* One that is pending already is not sent twice; real-time signals queue. */
static bool could_merge(const struct family *family, const struct task *to, int number) {
    bool waits = false;
    for (size_t i = 0; i < family->delayed.count; i++)
        waits |= family->delayed.items[i].to == to->id && family->delayed.items[i].number == number;
    return waits && number < SIGRTMIN;
}

/* The program's own: never to somebody outside. */
static void send(const struct asking *asking, struct task *to, int number) {
    struct family *family = asking->family;
    if (number == family->tried.number)
        family->delayed.could_merge |= could_merge(family, to, number);
    if (number == family->tried.number)
        delayed_add(family, &family->delayed,
                    (struct delayed_signal){to->id, asking->task->id, number});
    else if (number != 0)
        deliver(to, number);
    family_wake_nappers(family);
}

/* A group is the kernel's. That of the first process bears the number of the program that is walked,
 * in each copy, too, so only members count: never somebody outside. */
static bool is_in_group(const struct task *task, pid_t group) {
    return getpgid(task->pid) == group;
}

/* A process that its parent has not waited for is there still. */
static bool is_there(const struct family *family, pid_t group) {
    for (size_t i = 0; i < family->task_count; i++)
        if (is_in_group(family->tasks[i], group))
            return true;
    return false;
}

/* To those of that group, or to everybody (0). The sender itself gets it from the kernel, so that it
 * comes before the call returns. */
static bool sends_to_all(struct asking *asking, pid_t group, int number) {
    struct family *family = asking->family;
    bool own = false;
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *to = family->tasks[i];
        if (to->state == TASK_ENDED || (group != 0 && !is_in_group(to, group)))
            continue;
        if (to == asking->task)
            own = true;
        else
            send(asking, to, number);
    }
    if (!own)
        return asking_gives(asking, 0);
    cpu_set_argument(asking->asked, 0, (uint64_t)asking->task->pid);
    return false;
}

/* The group that bears a member's number. */
static bool sends_to_group(struct asking *asking, int id, int number) {
    struct family *family = asking->family;
    const struct task *leader = family_task(family, id);
    pid_t group = leader == NULL ? 0 : leader == family->tasks[0] ? family->session : leader->pid;
    if (group == 0 || !is_there(family, group))
        return asking_gives(asking, -ESRCH);
    return sends_to_all(asking, group, number);
}

static bool sends_kill(struct asking *asking) {
    int to = (int)asking_argument(asking, 0), number = (int)asking_argument(asking, 1);
    if (to <= 0 && (number < 0 || number >= NSIG))
        return asking_gives(asking, -EINVAL);
    if (to < -1)
        return sends_to_group(asking, -to, number);
    if (to <= 0)
        return sends_to_all(asking, to == 0 ? getpgid(asking->task->pid) : 0, number);
    struct task *member = family_task(asking->family, to);
    if (member == NULL)
        return asking_gives(asking, -ESRCH);
    if (member == asking->task || member->state == TASK_ENDED ||
        (number != asking->family->tried.number && !continues(member, number)))
        return process_ids_translate(asking, 0);
    send(asking, member, number);
    return asking_gives(asking, 0);
}

static bool sends_tgkill(struct asking *asking) {
    struct task *member = family_task(asking->family, (int)asking_argument(asking, 1));
    if (member == NULL)
        return asking_gives(asking, -ESRCH);
    return process_ids_translate(asking, 0) || process_ids_translate(asking, 1);
}

static bool sends_queued(struct asking *asking) {
    if (family_task(asking->family, (int)asking_argument(asking, 0)) == NULL)
        return asking_gives(asking, -ESRCH);
    return process_ids_translate(asking, 0);
}

const struct asking_taker signals_takers[] = {
    {SYS_kill, sends_kill},
    {SYS_tkill, sends_queued},
    {SYS_tgkill, sends_tgkill},
    {SYS_rt_sigqueueinfo, sends_queued},
    {SYS_rt_tgsigqueueinfo, sends_tgkill},
    {0, NULL},
};
