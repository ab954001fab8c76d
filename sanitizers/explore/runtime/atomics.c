/* SPDX-License-Identifier: MIT */
/*
 * The program's atomic operations, as gcc 12, clang 14 and clang 19 call them with
 * -fsanitize=thread.
 *
 * Each is a step on the bytes that it touches, done plainly once the search has granted it; but a store
 * that is weaker than seq_cst may reach memory later (store_buffer.c), as on the processor. What else the
 * order counts for is happens-before (hb.c): a relaxed flag orders nothing, and the race on the data
 * shows. The operations that are weaker than seq_cst are counted, because C11 allows them more than a
 * verdict holds for.
 *
 * A compare-exchange that fails only read. A weak one may fail for nothing: the search is asked,
 * as often in one execution as the bound on it says. clang 14 and 19 do not tell weak ones apart;
 * theirs fail only when the value differs, as on every x86-64, and are counted.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/actors.h"
#include "explore/runtime/atomics.h"
#include "explore/runtime/bounds.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/depot.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/race.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/step.h"
#include "explore/runtime/store_buffer.h"

__extension__ typedef unsigned __int128 value128;
typedef uint64_t value64;
typedef uint32_t value32;
typedef uint16_t value16;
typedef uint8_t value8;

enum { WEAKER = (1 << 30) - 1, UNTOLD = (1 << 30) - 2 /* tags of the depot */ };

/* Places in the program, not executions of them. */
static void count_weaker(int order, uintptr_t pc) {
    if (order != __ATOMIC_SEQ_CST && depot_first(WEAKER, pc))
        __atomic_add_fetch(&shared->weak_atomics, 1, __ATOMIC_RELAXED);
}

void atomic_untold(uintptr_t pc) {
    if (exploring && depot_first(UNTOLD, pc))
        __atomic_add_fetch(&shared->untold_exchanges, 1, __ATOMIC_RELAXED);
}

/* Up to two granules for the hooks' sizes; more, for structs, count as everything. */
static void add_granules(struct op *op, const struct atomic *atomic, enum mode mode) {
    uintptr_t end = atomic->address + atomic->size;
    for (uintptr_t at = atomic->address & ~(uintptr_t)7; at < end; at += 8) {
        if (op->access_count == OP_ACCESSES) {
            op->access_count = 1;
            op->access[0] = (struct access){.mode = MODE_ALL, .bytes = 0xff};
            return;
        }
        op->access[op->access_count++] = (struct access){
            .object = at | OBJECT_MEMORY,
            .mode = (uint8_t)mode,
            .bytes = granule_bytes(at, atomic->address, end),
        };
    }
}

static void atomic_step(const struct atomic *atomic, enum op_kind kind, enum mode mode) {
    struct op op = {.kind = (uint8_t)kind};
    add_granules(&op, atomic, mode);
    step(&op, (const void *)atomic->address, atomic->pc);
    count_weaker(atomic->order, atomic->pc);
}

/* The step at hand sees what is there. */
static void note_order(const struct atomic *atomic) {
    if (clocks->watched && !race_reads_in_order(atomic->address, atomic->size))
        step_unordered();
}

/* Who reads a store of its own, on its way, acquires nothing. */
void atomic_load_begins(const struct atomic *atomic) {
    if (!exploring)
        return;
    atomic_step(atomic, OP_LOAD, MODE_READ);
    if (!store_buffer_hides(atomic->address, atomic->size))
        hb_load((const void *)atomic->address, atomic->order);
    note_order(atomic);
    race_atomic(atomic->address, atomic->size, false, atomic->pc);
    self->loaded = atomic->address;
}

void atomic_store_begins(const struct atomic *atomic) {
    if (!exploring)
        return;
    atomic_step(atomic, OP_STORE, MODE_WRITE);
    race_atomic(atomic->address, atomic->size, true, atomic->pc);
    hb_store((const void *)atomic->address, atomic->order);
}

static void make_room(uintptr_t pc) {
    int most = shared->config.bounds[BOUND_STORES];
    bounds_note(BOUND_STORES, self->buffered < most ? BOUND_MET : BOUND_REACHED);
    step_drain(most - 1, pc);
}

static bool may_wait(int order) {
    return exploring && self->undivided == 0 && order != __ATOMIC_SEQ_CST &&
           shared->config.memory == MEMORY_TSO && shared->config.bounds[BOUND_STORES] != 0;
}

/* The step in which a store enters the buffer. */
static void buffer_step(const struct atomic *atomic, const struct op *op) {
    if (self->buffer == NULL)
        store_buffer_make(actor_new_buffer());
    make_room(atomic->pc);
    step(op, (const void *)atomic->address, atomic->pc);
    count_weaker(atomic->order, atomic->pc);
}

bool atomic_store_waits(const struct atomic *atomic, const void *value) {
    if (!may_wait(atomic->order) || !store_buffer_takes(atomic->address, atomic->size))
        return false;
    const struct op op = {.kind = OP_BUFFER};
    buffer_step(atomic, &op);
    race_atomic(atomic->address, atomic->size, true, atomic->pc);
    store_buffer_put(atomic->address, atomic->size, value, atomic->order, atomic->pc);
    return true;
}

bool atomic_unlock_waits(uint64_t object, const void *lock, uintptr_t pc) {
    const struct atomic atomic = {.address = (uintptr_t)lock, .order = __ATOMIC_RELEASE, .pc = pc};
    if (!may_wait(atomic.order))
        return false;
    /* Before or after it others may destroy the lock, or set it up anew. */
    const struct op op = {
        .kind = OP_BUFFER,
        .access_count = 1,
        .access = {{.object = object, .mode = MODE_READ, .bytes = 0xff}},
    };
    buffer_step(&atomic, &op);
    store_buffer_unlock(object, atomic.address, pc);
    return true;
}

void atomic_modify_begins(const struct atomic *atomic) {
    if (exploring)
        atomic_step(atomic, OP_RMW, MODE_WRITE);
}

void atomic_modifies(const struct atomic *atomic) {
    if (!exploring)
        return;
    hb_load((const void *)atomic->address, atomic->order);
    note_order(atomic);
    race_atomic(atomic->address, atomic->size, true, atomic->pc);
    hb_modify((const void *)atomic->address, atomic->order);
}

/* One that fails for nothing stays the write that it was announced as: the search takes all alternatives of a
 * step to conflict with the same steps. */
void atomic_fails(const struct atomic *atomic, int order, bool for_nothing) {
    if (!exploring)
        return;
    for (int i = 0; !for_nothing && i < self->pending.access_count; i++)
        if (self->pending.access[i].mode == MODE_WRITE)
            step_amend(i, MODE_READ, 0);
    step_failed();
    hb_load((const void *)atomic->address, order);
    note_order(atomic);
    race_atomic(atomic->address, atomic->size, false, atomic->pc);
}

static void value_is(value128 value) {
    if (exploring)
        step_value((uint64_t)value);
}

/* --- the hooks --- */

/* The upper bits of an order are hints to the processor (__ATOMIC_HLE_...). */
#define ATOMIC(bits, object, order)                                                                \
    { (uintptr_t)(object), sizeof *(object), (order)&7, PLACE_##bits }

/* The program calls the stubs of hook.S, which call these; but those of 128 bits, whose arguments do
 * not fit into registers. */
#define HOOK_8(name) atomics_8_##name
#define HOOK_16(name) atomics_16_##name
#define HOOK_32(name) atomics_32_##name
#define HOOK_64(name) atomics_64_##name
#define HOOK_128(name) __tsan_atomic128_##name
#define EXPORT_8
#define EXPORT_16
#define EXPORT_32
#define EXPORT_64
#define EXPORT_128 EXPORT
#define PLACE_8 hook_caller
#define PLACE_16 hook_caller
#define PLACE_32 hook_caller
#define PLACE_64 hook_caller
#define PLACE_128 CALLER()

#define LOAD(bits)                                                                                 \
    EXPORT_##bits value##bits HOOK_##bits(load)(const volatile value##bits *object, int order);    \
    value##bits HOOK_##bits(load)(const volatile value##bits *object, int order) {                 \
        const struct atomic atomic = ATOMIC(bits, object, order);                                  \
        atomic_load_begins(&atomic);                                                               \
        value##bits value = *object;                                                               \
        value_is(value);                                                                           \
        return value;                                                                              \
    }

#define STORE(bits)                                                                                \
    EXPORT_##bits void HOOK_##bits(store)(volatile value##bits * object, value##bits value,        \
                                          int order);                                              \
    void HOOK_##bits(store)(volatile value##bits * object, value##bits value, int order) {         \
        const struct atomic atomic = ATOMIC(bits, object, order);                                  \
        if (!atomic_store_waits(&atomic, &value)) {                                                \
            atomic_store_begins(&atomic);                                                          \
            *object = value;                                                                       \
        }                                                                                          \
        value_is(value);                                                                           \
    }

#define MODIFY(bits, name, result)                                                                 \
    EXPORT_##bits value##bits HOOK_##bits(name)(volatile value##bits * object,                     \
                                                value##bits operand, int order);                   \
    value##bits HOOK_##bits(name)(volatile value##bits * object, value##bits operand, int order) { \
        const struct atomic atomic = ATOMIC(bits, object, order);                                  \
        atomic_modify_begins(&atomic);                                                             \
        atomic_modifies(&atomic);                                                                  \
        value##bits old = *object;                                                                 \
        *object = (value##bits)(result);                                                           \
        if (exploring && *object == old)                                                           \
            step_same();                                                                           \
        value_is(*object);                                                                         \
        return old;                                                                                \
    }

/* False, with *seen set to what is there: it fails. */
#define EXCHANGE(bits)                                                                             \
    static bool exchange##bits(const struct atomic *atomic, value##bits expected,                  \
                               value##bits desired, int failure, bool weak, value##bits *seen) {   \
        volatile value##bits *object = (volatile value##bits *)atomic->address;                    \
        atomic_modify_begins(atomic);                                                              \
        *seen = *object;                                                                           \
        bool fails = *seen != expected || (weak && bounds_choose(BOUND_WEAK, CHOICE_WEAK));        \
        if (fails) {                                                                               \
            atomic_fails(atomic, failure & 7, *seen == expected);                                  \
        } else {                                                                                   \
            atomic_modifies(atomic);                                                               \
            *object = desired;                                                                     \
        }                                                                                          \
        value_is(*object);                                                                         \
        return !fails;                                                                             \
    }

#define COMPARE(bits, name, weak)                                                                  \
    EXPORT_##bits int HOOK_##bits(compare_exchange_##name)(                                        \
        volatile value##bits * object, value##bits * expected, value##bits desired, int order,     \
        int failure);                                                                              \
    int HOOK_##bits(compare_exchange_##name)(volatile value##bits * object,                        \
                                             value##bits * expected, value##bits desired,          \
                                             int order, int failure) {                             \
        const struct atomic atomic = ATOMIC(bits, object, order);                                  \
        value##bits seen;                                                                          \
        race_access((uintptr_t)expected, sizeof *expected, false, atomic.pc);                      \
        if (exchange##bits(&atomic, *expected, desired, failure, weak, &seen))                     \
            return 1;                                                                              \
        race_access((uintptr_t)expected, sizeof *expected, true, atomic.pc);                       \
        *expected = seen;                                                                          \
        return 0;                                                                                  \
    }

#define COMPARE_VALUE(bits)                                                                        \
    EXPORT_##bits value##bits HOOK_##bits(compare_exchange_val)(                                   \
        volatile value##bits * object, value##bits expected, value##bits desired, int order,       \
        int failure);                                                                              \
    value##bits HOOK_##bits(compare_exchange_val)(volatile value##bits * object,                   \
                                                  value##bits expected, value##bits desired,       \
                                                  int order, int failure) {                        \
        const struct atomic atomic = ATOMIC(bits, object, order);                                  \
        value##bits seen;                                                                          \
        exchange##bits(&atomic, expected, desired, failure, false, &seen);                         \
        atomic_untold(atomic.pc);                                                                  \
        return seen;                                                                               \
    }

#define ATOMICS(bits)                                                                              \
    LOAD(bits)                                                                                     \
    STORE(bits)                                                                                    \
    MODIFY(bits, exchange, operand)                                                                \
    MODIFY(bits, fetch_add, old + operand)                                                         \
    MODIFY(bits, fetch_sub, old - operand)                                                         \
    MODIFY(bits, fetch_and, old &operand)                                                          \
    MODIFY(bits, fetch_or, old | operand)                                                          \
    MODIFY(bits, fetch_xor, old ^ operand)                                                         \
    MODIFY(bits, fetch_nand, ~(old & operand))                                                     \
    EXCHANGE(bits)                                                                                 \
    COMPARE(bits, strong, false)                                                                   \
    COMPARE(bits, weak, true)                                                                      \
    COMPARE_VALUE(bits)

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)
ATOMICS(128)

/* --- fences --- */

EXPORT void __tsan_atomic_thread_fence(int order);
EXPORT void __tsan_atomic_signal_fence(int order);

/* What it orders and what it waits for is all that it does; it is a step to be seen. Those weaker than
 * seq_cst are no instruction on x86-64. */
void __tsan_atomic_thread_fence(int order) {
    if (!exploring)
        return;
    const struct atomic atomic = {0, 0, order & 7, CALLER()};
    if (atomic.order == __ATOMIC_SEQ_CST)
        step_drain(0, atomic.pc);
    atomic_step(&atomic, OP_FENCE, MODE_READ);
    hb_fence(atomic.order);
}

/* Between a thread and its own signal handlers: only the compiler has to heed it. */
void __tsan_atomic_signal_fence(int order) {
    (void)order;
}
