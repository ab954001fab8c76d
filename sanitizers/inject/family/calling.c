/* SPDX-License-Identifier: MIT */
/*
 * The tables of all takers, and the calls that have no module of their own: new processes, chance,
 * and what cannot be led so that every run is the same, which is refused by its name.
 */
#include "inject/family/calling.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/syscall.h>

#include "inject/family/descriptor_options.h"
#include "inject/family/files.h"
#include "inject/family/process_ids.h"
#include "inject/family/signals.h"
#include "inject/family/virtual_clock.h"

#define LUCKY_BYTES 256

/* ---- New processes ------------------------------------------------------------------- */

static bool makes_process(struct asking *asking, uint64_t flags) {
    if (flags & CLONE_THREAD)
        return asking_refuses(asking, "starts a thread");
    if ((flags & CLONE_VM) && !(flags & CLONE_VFORK))
        return asking_refuses(asking, "shares its memory with a process that it makes (clone)");
    if (flags & CLONE_UNTRACED)
        return asking_refuses(asking, "makes a process that must not be traced (clone)");
    asking->task->vforks = (flags & CLONE_VFORK) != 0;
    return false;
}

static bool makes_clone(struct asking *asking) {
    return makes_process(asking, asking_argument(asking, 0));
}

static bool makes_clone3(struct asking *asking) {
    uint64_t flags = 0;
    tracee_get(asking->task->pid, asking_argument(asking, 0), &flags, sizeof flags);
    return makes_process(asking, flags);
}

static bool makes_vfork(struct asking *asking) {
    return makes_process(asking, CLONE_VM | CLONE_VFORK);
}

/* ---- Chance ---------------------------------------------------------------------------- */

/* Numbers that look like chance and are the same in every run (splitmix64, Steele, Lea and Flood,
 * OOPSLA 2014). */
static uint64_t next_number(struct family *family) {
    uint64_t z = family->luck += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static bool takes_getrandom(struct asking *asking) {
    uint64_t address = asking_argument(asking, 0), left = asking_argument(asking, 1);
    if (left > LUCKY_BYTES)
        left = LUCKY_BYTES; /* a short answer: the caller asks again */
    uint64_t length = left;
    while (left > 0) {
        uint64_t number = next_number(asking->family), part = left < 8 ? left : 8;
        if (!tracee_put(asking->task->pid, address, &number, part))
            return asking_gives(asking, -EFAULT);
        address += part;
        left -= part;
    }
    return asking_gives(asking, (long)length);
}

/* ---- What is refused ----------------------------------------------------------------- */

static bool refuses_timer(struct asking *asking) {
    return asking_refuses(asking, "makes a POSIX timer (timer_create)");
}

static bool refuses_timerfd(struct asking *asking) {
    return asking_refuses(asking, "makes a timer descriptor (timerfd_create)");
}

static bool refuses_ptrace(struct asking *asking) {
    return asking_refuses(asking, "uses ptrace");
}

static bool refuses_ring(struct asking *asking) {
    return asking_refuses(asking, "uses asynchronous input and output (io_uring)");
}

/* ---- All of them --------------------------------------------------------------------- */

static const struct asking_taker other_takers[] = {
    {SYS_getrandom, takes_getrandom},
    {SYS_clone, makes_clone},
    {SYS_clone3, makes_clone3},
    {SYS_vfork, makes_vfork},
    {SYS_timer_create, refuses_timer},
    {SYS_timerfd_create, refuses_timerfd},
    {SYS_ptrace, refuses_ptrace},
    {SYS_io_uring_setup, refuses_ring},
    {0, NULL},
};

static const struct asking_taker *find(const struct asking_taker *takers, long call) {
    while (takers->takes != NULL && takers->call != call)
        takers++;
    return takers->takes == NULL ? NULL : takers;
}

bool calling_answers(struct family *family, struct task *task, struct cpu *asked) {
    enum { TABLES = 6 };
    static const struct asking_taker *const tables[TABLES] = {other_takers,
                                                              signals_takers,
                                                              virtual_clock_takers,
                                                              files_takers,
                                                              descriptor_options_takers,
                                                              process_ids_takers};
    struct asking asking = {family, task, asked};
    size_t count = TABLES;
    if (family->real_ids)
        count--; /* without process_ids_takers */
    for (size_t i = 0; i < count; i++) {
        const struct asking_taker *taker = find(tables[i], cpu_call(&task->cpu));
        if (taker != NULL)
            return taker->takes(&asking);
    }
    return files_refuse_change(&asking);
}
