/* SPDX-License-Identifier: MIT */
#include "inject/family/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>

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

void signals_send(struct family *family, int number) {
    kill(family->tasks[0]->pid, number);
    family_wake_nappers(family);
}

void signals_release(struct family *family, size_t index) {
    struct delayed_signal signal = delayed_take(&family->delayed, index);
    kill(family_task(family, signal.to)->pid, signal.number);
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
static void send(const struct asking *asking, const struct task *to, int number) {
    struct family *family = asking->family;
    if (number == family->tried.number)
        family->delayed.could_merge |= could_merge(family, to, number);
    if (number == family->tried.number)
        delayed_add(family, &family->delayed,
                    (struct delayed_signal){to->id, asking->task->id, number});
    else if (number != 0)
        kill(to->pid, number);
    family_wake_nappers(family);
}

/* kill(0, ...) and kill(-1, ...): everybody in the family, and only they. The sender itself gets it
 * from the kernel, so that it comes before the call returns. */
static bool sends_to_all(struct asking *asking, int number) {
    struct family *family = asking->family;
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i] != asking->task && family->tasks[i]->state != TASK_ENDED)
            send(asking, family->tasks[i], number);
    cpu_set_argument(asking->asked, 0, (uint64_t)asking->task->pid);
    return false;
}

static bool sends_kill(struct asking *asking) {
    int to = (int)asking_argument(asking, 0), number = (int)asking_argument(asking, 1);
    if (to < -1)
        return asking_refuses(asking, "sends a signal to a process group (kill)");
    if (to <= 0 && number >= 0 && number < NSIG)
        return sends_to_all(asking, number);
    struct task *member = family_task(asking->family, to);
    if (member == NULL)
        return asking_gives(asking, -ESRCH);
    if (member == asking->task || member->state == TASK_ENDED ||
        number != asking->family->tried.number)
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
