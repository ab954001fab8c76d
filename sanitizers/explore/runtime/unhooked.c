/* SPDX-License-Identifier: MIT */
/*
 * A lock that is taken by an atomic read-modify-write and given back by a plain store, or handed over by one, looks
 * like a race in the library's own memory: at -O0 or -O3 a release is a store like any other. Between two calls of which one
 * has made an atomic read-modify-write it is taken for that. Calls that make none are judged like the program's code.
 *
 * Which call an access was made by is told by the place that it returns to: no hook returns there.
 */
#include "explore/runtime/base.h"

#include "explore/op.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/unhooked.h"
#include "explore/runtime/unsupported.h"

enum { SITES = 256 };

static struct site {
    uintptr_t pc;
    const char *name, *library;
    bool locks;
} * sites;

/* By actor; of this execution. */
static struct { const char *name, *library; } begun[OP_ACTORS];

/* By actor: the race of its call at hand that may be none. */
static struct doubt {
    const struct site *site; /* NULL: none */
    uintptr_t pc, granule;
} doubts[OP_ACTORS];

static struct site *find(uintptr_t pc) {
    size_t at = (pc * UINT64_C(0x9e3779b97f4a7c15)) >> 56;
    _Static_assert(SITES == 1 << 8, "the upper 8 bits");
    for (int i = 0; i < SITES; i++, at = (at + 1) % SITES)
        if (sites[at].pc == pc || sites[at].pc == 0)
            return &sites[at];
    return NULL;
}

void unhooked_call(uintptr_t pc, const char *name, const char *library) {
    if (sites == NULL)
        sites = lasting_new(SITES * sizeof *sites);
    struct site *site = find(pc);
    if (site != NULL && site->pc == 0)
        *site = (struct site){.pc = pc, .name = name, .library = library};
}

void unhooked_locks(uintptr_t pc) {
    struct site *site = sites == NULL ? NULL : find(pc);
    if (site != NULL)
        site->locks = true;
}

static struct message reason(const char *name, const char *library, enum message_text why,
                             uint64_t number) {
    struct message message = {0};
    message_add(&message, PART(SAY_CALL, message_quote(&message, name)));
    if (library != NULL)
        message_add(&message, PART(SAY_IN_LIBRARY, message_quote(&message, library)));
    message_add(&message, PART(SAY_BECAUSE));
    message_add(&message, PART(why, number));
    return message;
}

_Noreturn void unhooked_refuse(uintptr_t pc, const char *name, const char *library,
                               enum message_text why, uint64_t number) {
    const struct message message = reason(name, library, why, number);
    unsupported_because(pc, &message);
}

void unhooked_thread(int actor, const char *name, const char *library) {
    int first = 0;
    if (name == NULL)
        name = begun[self->id].name != NULL ? begun[self->id].name : "pthread_create";
    begun[actor].name = name;
    begun[actor].library = library;
    if (library == NULL || !__atomic_compare_exchange_n(&shared->unhooked_said, &first, 1, false,
                                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return;
    shared->unhooked = reason(name, library, SAY_STARTS_UNHOOKED, 0);
}

void unhooked_check_thread(uintptr_t pc) {
    if (begun[self->id].library != NULL)
        unhooked_refuse(pc, begun[self->id].name, begun[self->id].library, SAY_STARTS_UNHOOKED, 0);
}

static const struct site *site_of(uintptr_t pc) {
    const struct site *site = sites == NULL ? NULL : find(pc);
    return site != NULL && site->pc != 0 ? site : NULL;
}

/* liburcu publishes by volatile accesses and barriers, half of them in its header: no hook tells these from plain ones. */
static bool by_volatile(const struct site *site) {
    static const char start[] = "liburcu";
    return site != NULL && site->library != NULL &&
           strncmp(site->library, start, sizeof start - 1) == 0;
}

/*
 * A lock's word is written by who holds the lock, so it is read beside a write, but never written beside one. And who counts
 * without the lock reads and writes: that write decides. So a read is put off until the call ends.
 */
static bool is_put_off(const struct site *site, bool both_write, uintptr_t pc, uintptr_t granule) {
    struct doubt *doubt = &doubts[self->id];
    if (both_write && (doubt->site == NULL || doubt->granule == granule)) {
        doubt->site = NULL;
        return false;
    }
    if (doubt->site == NULL)
        *doubt = (struct doubt){.site = site, .pc = pc, .granule = granule};
    return true;
}

void unhooked_leave(void) {
    const struct doubt *doubt = &doubts[self->id];
    if (doubt->site != NULL)
        unhooked_refuse(doubt->pc, doubt->site->name, doubt->site->library, SAY_ORDERS_UNHOOKED, 0);
}

bool unhooked_judges(const struct past *earlier, const struct past *now, uintptr_t granule) {
    const struct site *at = site_of(now->pc), *before = site_of(earlier->pc);
    const struct site *one = at != NULL ? at : before;
    int thread = begun[now->actor].library != NULL ? now->actor : earlier->actor;
    if (begun[thread].library != NULL)
        unhooked_refuse(now->pc, begun[thread].name, begun[thread].library, SAY_STARTS_UNHOOKED, 0);
    if (by_volatile(at) || by_volatile(before))
        unhooked_refuse(now->pc, one->name, one->library, SAY_ORDERS_UNHOOKED, 0);
    return at == NULL || before == NULL || (!at->locks && !before->locks) ||
           !is_put_off(at, now->write && earlier->write, now->pc, granule);
}
