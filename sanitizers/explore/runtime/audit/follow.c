/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The trap flag is set on the way into the library, so each of its instructions ends with SIGTRAP.
 * The handler decodes the instruction that comes next, and tells the race detector what it will
 * access: everything but its own frames, which nobody else can know of. Where it leaves the
 * library (a callback, malloc, any function that the runtime has taken over) the flag is cleared
 * and the return address replaced, so that the way back leads through follow_return, which sets it
 * again.
 *
 * An atomic read-modify-write is a lock's, taken or given back, and a plain access to the same
 * address is one of a lock, too: no race. But that libc's locks order what its callers do is
 * promised nowhere, and as each call runs by itself, all at once, they would order every two of
 * them. A function of another library may be there to do just that: an acquire and a release.
 *
 * Static data of the library itself is hidden state, unless it was given to the program (asctime's
 * text), of which the race detector then has heard; to write to it before any lock was taken is a
 * race of whoever does the same. So are blocks that were allocated under the table's name of it. What
 * another library does to its own data is held against its own locks.
 */
#include "explore/runtime/base.h"

#include <sys/syscall.h>
#include <ucontext.h>

#include "explore/runtime/audit/decode.h"
#include "explore/runtime/audit/follow.h"
#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/audit/machine.h"
#include "explore/runtime/audit/system_calls.h"
#include "explore/runtime/audit/vectored.h"
#include "explore/runtime/blocks.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/race.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/unhooked.h"

void trampoline_return(void);
void follow_return(void);
uintptr_t follow_back(void);

static struct follow *current[OP_ACTORS];

bool follow_start(void) {
    libraries_find();
    vectored_find();
    return decode_start();
}

static void single_step(void) {
    __asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq" ::: "cc", "memory");
}

struct follow *follow_current(void) {
    return current[self->id];
}

void follow_set(struct follow *follow) {
    current[self->id] = follow;
}

void follow_begin(struct follow *follow) {
    follow->active = follow->entering = true;
    follow->after = 0;
    follow->rounds = 0;
    follow->system_call = -1;
    current[self->id] = follow;
    single_step();
}

bool follow_hides(void) {
    const struct follow *follow = current[self->id];
    return follow != NULL && follow->active && follow->hides && !follow->memory;
}

/* Called by follow_return: where does the library go on? */
uintptr_t follow_back(void) {
    struct follow *follow = current[self->id];
    uintptr_t back = follow->back;
    follow->entering = true;
    single_step();
    return back;
}

/* What the library has called returns here. */
__asm__(".text\n"
        ".type follow_return, @function\n"
        "follow_return:\n"
        "  subq $8, %rsp\n"
        "  pushq %rax\n"
        "  pushq %rdx\n"
        "  subq $40, %rsp\n"
        "  movups %xmm0, (%rsp)\n"
        "  movups %xmm1, 16(%rsp)\n"
        "  call follow_back\n"
        "  movq %rax, 56(%rsp)\n"
        "  movups (%rsp), %xmm0\n"
        "  movups 16(%rsp), %xmm1\n"
        "  addq $40, %rsp\n"
        "  popq %rdx\n"
        "  popq %rax\n"
        "  ret\n"
        ".size follow_return, .-follow_return\n");

const struct follow *follow_caller(uintptr_t return_to) {
    return return_to == (uintptr_t)follow_return ? current[self->id] : NULL;
}

/* --- accesses --- */

/* Its frames, and what lies below them. */
static bool is_private(const struct follow *follow, uintptr_t address) {
    uintptr_t top = (uintptr_t)stack_of(self->id);
    return address < follow->frame && address >= top - STACK_SPACE;
}

static bool is_own(const struct follow *follow, uintptr_t address) {
    for (int i = 0; i < FOLLOW_OWN; i++)
        if (address >= follow->own[i].start && address < follow->own[i].end)
            return true;
    return false;
}

static void observe(struct follow *follow, uintptr_t address, size_t size, bool write) {
    if (size == 0 || is_private(follow, address))
        return;
    bool hidden = !write || ((follow->locked || follow->hides) && !follow->synchronises);
    if (libraries_own(address) && hidden && !race_has_heard(address))
        return;
    if (is_own(follow, address) || (heap_has(address) && block_is_hidden(address)))
        return;
    race_observe(address, size, write, follow->pc);
}

void follow_observe(uintptr_t address, size_t size, bool write) {
    observe(current[self->id], address, size, write);
}

/* An atomic read-modify-write, or an access to what one was made to before: a lock. */
static void synchronise(struct follow *follow, const void *object, bool locked,
                        const struct operand *operand) {
    follow->locked |= locked;
    hb_name_lock(object);
    if (!follow->synchronises)
        return;
    if (locked)
        unhooked_locks(follow->pc);
    if (locked || !operand->write)
        hb_acquire(object);
    if (locked || operand->write)
        hb_release(object);
}

static void access(struct follow *follow, const struct instruction *instruction,
                   const struct operand *operand, const ucontext_t *context) {
    size_t size;
    uintptr_t address = machine_address(context, self->fs, operand, &size);
    const void *object = (const void *)address;
    if (operand->segment != SEGMENT_NONE || is_private(follow, address))
        return;
    if (instruction->locked || hb_is_lock(object)) {
        synchronise(follow, object, instruction->locked, operand);
        return;
    }
    if (operand->read)
        observe(follow, address, size, false);
    if (operand->write)
        observe(follow, address, size, true);
}

_Noreturn static void refuse(const struct follow *follow, enum message_text why, uint64_t number) {
    unhooked_refuse(follow->pc, follow->name, follow->library, why, number);
}

/* A call runs by itself: if all is as it was the last time round, nobody else will ever let it go on. */
static void check_rounds(struct follow *follow, const struct instruction *instruction,
                         const ucontext_t *context) {
    enum { ENOUGH = 2000 };
    uint64_t now = hash_bytes(0, context->uc_mcontext.gregs, (REG_RIP + 1) * sizeof(greg_t));
    for (int i = 0; !instruction->locked && i < instruction->count; i++)
        if (instruction->operand[i].write)
            follow->rounds = 0;
    if (!instruction->locked || !follow->synchronises)
        return;
    follow->rounds = now == follow->round ? follow->rounds + 1 : 0;
    follow->round = now;
    if (follow->rounds == ENOUGH)
        refuse(follow, SAY_SPINS_UNHOOKED, 0);
}

static void end_system_call(struct follow *follow, const ucontext_t *context) {
    struct system_call_effect effect;
    int64_t number = follow->system_call;
    follow->system_call = -1;
    system_calls_effect(number, follow->argument, context->uc_mcontext.gregs[REG_RAX], &effect);
    if (effect.size > 0)
        observe(follow, effect.address, effect.size, effect.writes);
}

static enum message_text refusal_of(int64_t number) {
    return number == SYS_clone || number == SYS_clone3 ? SAY_STARTS_UNHOOKED
           : number == SYS_futex                       ? SAY_WAITS_UNHOOKED
                                                       : SAY_FOLLOWED_SYSTEM_CALL;
}

static void begin_system_call(struct follow *follow, const ucontext_t *context) {
    static const int registers[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
    follow->system_call = context->uc_mcontext.gregs[REG_RAX];
    for (int i = 0; i < 6; i++)
        follow->argument[i] = (uint64_t)context->uc_mcontext.gregs[registers[i]];
    if (!system_calls_know(follow->system_call, follow->argument))
        refuse(follow, refusal_of(follow->system_call), (uint64_t)follow->system_call);
    system_calls_begin(follow->system_call, follow->argument);
}

static void look_at(struct follow *follow, ucontext_t *context) {
    uintptr_t pc = machine_pc(context);
    if (follow->system_call >= 0)
        end_system_call(follow, context);
    const struct instruction *instruction = decode(pc);
    if (instruction->length == 0 || instruction->opaque)
        refuse(follow, SAY_FOLLOWED_OPAQUE, 0);
    if (instruction->system_call)
        begin_system_call(follow, context);
    check_rounds(follow, instruction, context);
    for (int i = 0; i < instruction->count; i++)
        access(follow, instruction, &instruction->operand[i], context);
    follow->after = pc + instruction->length;
}

/* It calls into the program, or jumps there: until that returns it runs by itself. */
static void leave(struct follow *follow, ucontext_t *context) {
    uintptr_t *return_to = (uintptr_t *)machine_sp(context);
    follow->back = *return_to;
    *return_to = (uintptr_t)follow_return;
    follow->rounds = 0;
    machine_step(context, false);
}

/* The loader runs by itself, its books being nobody's. Where it was not called (it binds a function
 * lazily, and then jumps there with the library's return address on the stack) it is stepped through. */
static void load(struct follow *follow, ucontext_t *context) {
    uintptr_t pc = machine_pc(context), return_to = *(const uintptr_t *)machine_sp(context);
    bool called = return_to == follow->after && libraries_has_code(return_to);
    follow->entering = false;
    follow->after = pc + decode(pc)->length;
    if (called)
        leave(follow, context);
}

bool follow_trap(void *machine) {
    ucontext_t *context = machine;
    struct follow *follow = exploring ? current[self->id] : NULL;
    if (follow == NULL || !follow->active)
        return false;
    uintptr_t pc = machine_pc(context);
    uintptr_t stub = vectored_stub(pc);
    if (stub != 0) {
        context->uc_mcontext.gregs[REG_RIP] = (greg_t)stub;
        leave(follow, context);
    } else if (libraries_is_loader(pc)) {
        load(follow, context);
    } else if (!patch_is_program(pc)) {
        follow->entering = false;
        look_at(follow, context);
    } else if (pc == (uintptr_t)trampoline_return) {
        follow->active = false;
        machine_step(context, false);
    } else if (!follow->entering) {
        leave(follow, context);
    }
    return true;
}
