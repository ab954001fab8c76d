/* SPDX-License-Identifier: MIT */
#include "inject/walk/twice.h"

#include "base/memory.h"
#include "inject/family/schedule.h"
#include "inject/walk/deliver.h"

#define LONGEST_HANDLER 20000 /* instructions; of a longer one the rest is not tried */

/* ---- Places -------------------------------------------------------------------------- */

/* The pcs that the walk has met: a hash table with open addressing; 0 is a free row. */
struct twice_places {
    uint64_t *pcs;
    size_t size, used;
};

static uint64_t *find_place(const struct twice_places *places, uint64_t pc) {
    size_t at = (size_t)(pc * 0x9e3779b97f4a7c15ULL >> 20) & (places->size - 1);
    while (places->pcs[at] != 0 && places->pcs[at] != pc)
        at = (at + 1) & (places->size - 1);
    return &places->pcs[at];
}

static void grow_places(struct twice_places *places) {
    struct twice_places old = *places;
    places->size = old.size == 0 ? 1024 : 2 * old.size;
    places->pcs = new_array(places, uint64_t, places->size);
    for (size_t i = 0; i < old.size; i++)
        if (old.pcs[i] != 0)
            *find_place(places, old.pcs[i]) = old.pcs[i];
    talloc_free(old.pcs);
}

bool twice_is_new_place(struct walk *walk, uint64_t pc) {
    if (walk->options->twice == 0)
        return false;
    if (walk->places == NULL)
        walk->places = never_null(talloc_zero(walk->owner, struct twice_places));
    if (walk->places->used * 2 >= walk->places->size)
        grow_places(walk->places);
    uint64_t *place = find_place(walk->places, pc);
    if (*place == pc)
        return false;
    *place = pc;
    walk->places->used++;
    return true;
}

/* ---- In the handler ------------------------------------------------------------------ */

/* The copy has got the signal: it goes on to the handler's first instruction. */
static bool enter(struct family *copy) {
    int before = copy->tried.deliveries;
    for (int i = 0; i < 2 && copy->end == FAMILY_GOES_ON && copy->tried.deliveries == before; i++)
        schedule_step(copy);
    if (copy->end == FAMILY_GOES_ON && copy->tasks[0]->signal != 0)
        schedule_step(copy);
    return copy->end == FAMILY_GOES_ON && copy->tried.deliveries != before;
}

/* The copy takes that number of instructions, or fewer if the handler ends before. The handler ends
 * by sigreturn, or by a jump to above what it interrupted. Returns how many it took. */
static int64_t go_on(struct family *copy, uint64_t interrupted_sp, int64_t instructions) {
    const struct task *first = copy->tasks[0];
    bool below = cpu_sp(&first->cpu) < interrupted_sp; /* else it has a stack of its own */
    int returns = copy->tried.returns;
    int64_t done = 0;
    while (done < instructions) {
        schedule_step(copy);
        if (copy->end != FAMILY_GOES_ON || copy->tried.returns != returns ||
            (below && cpu_sp(&first->cpu) > interrupted_sp))
            break;
        done++;
    }
    return done;
}

static bool can_come_again(const struct walk *walk, struct family *copy) {
    return !walk->options->child_exit || family_able(copy, 0) != NULL;
}

bool twice_deliver(const struct walk *walk, struct family *copy, int64_t instruction) {
    uint64_t sp = cpu_sp(&copy->tasks[0]->cpu);
    deliver_signal(walk, copy);
    if (!enter(copy) || go_on(copy, sp, instruction) < instruction || !can_come_again(walk, copy))
        return false;
    deliver_signal(walk, copy);
    return true;
}

static bool is_blocked(const struct walk *walk, const struct family *copy) {
    struct signal_state state = {.number = walk->options->signal};
    signal_state_look_at_mask(&state, copy->tasks[0]->pid);
    return state.blocked;
}

/* At how many instructions of the handler a second signal is worth a try: 0 if none can come; 1 if
 * the signal is blocked in there, so that it comes at the handler's end wherever it was sent. */
static int64_t handler_length(struct walk *walk) {
    const char *why;
    struct family *copy = copies_make(walk->copies, &why);
    if (copy == NULL)
        return 0;
    uint64_t sp = cpu_sp(&copy->tasks[0]->cpu);
    int64_t length = 0;
    deliver_signal(walk, copy);
    if (enter(copy) && can_come_again(walk, copy))
        length = is_blocked(walk, copy) ? 1 : 1 + go_on(copy, sp, LONGEST_HANDLER);
    family_end(copy);
    return length;
}

/* ---- Samples ------------------------------------------------------------------------- */

static void try_second(struct walk *walk, size_t point, int64_t instruction) {
    const char *why;
    struct family *copy = copies_make(walk->copies, &why);
    if (copy == NULL)
        return;
    if (twice_deliver(walk, copy, instruction)) {
        schedule_run(copy);
        struct judged judged = judge_copy(&walk->reference, copy);
        if (copy->end != FAMILY_INTERRUPTED && copy->end != FAMILY_CUT)
            board_note_second(walk->report, point, instruction, &judged);
    }
    family_end(copy);
}

void twice_try(struct walk *walk, size_t point) {
    int64_t length = handler_length(walk), samples = walk->options->twice;
    if (length == 0)
        return;
    if (samples > length)
        samples = length;
    int64_t begin = (int64_t)(point * 2654435761U % (uint64_t)length);
    for (int64_t i = 0; i < samples && !walk->board->stop; i++)
        try_second(walk, point, (begin + i * length / samples) % length);
}
