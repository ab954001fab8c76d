/* SPDX-License-Identifier: MIT */
/*
 * The trap flag is set on the way in, and SIGTRAP's handler decodes the instruction that comes next, as
 * explore's follower does. Functions of which the library has several versions, for several processors,
 * read whole vectors: where one is called by another function, what its row says is taken for what it
 * touches; where one is measured itself, its writes are found by what has changed, and its reads
 * by what its answer hangs on (stepper->perturb).
 */
#include "bench/calls/stepper.h"

#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/calls/inputs.h"
#include "bench/calls/reach.h"
#include "explore/runtime/audit/decode.h"
#include "explore/runtime/audit/machine.h"
#include "explore/runtime/audit/system_calls.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/real.h"

struct stepper *stepper;
uintptr_t stepper_target __attribute__((visibility("hidden")));
uintptr_t stepper_return __attribute__((visibility("hidden")));

__asm__(".text\n"
        ".globl stepper_enter\n"
        ".type stepper_enter, @function\n"
        "stepper_enter:\n"
        "  pushfq\n"
        "  orq $0x100, (%rsp)\n"
        "  popfq\n"
        "  jmp *stepper_target(%rip)\n"
        ".size stepper_enter, .-stepper_enter\n"
        ".type stepper_back, @function\n"
        "stepper_back:\n" /* where a call returns to that was not stepped */
        "  pushq stepper_return(%rip)\n"
        "  pushfq\n"
        "  orq $0x100, (%rsp)\n"
        "  popfq\n"
        "  ret\n"
        ".size stepper_back, .-stepper_back\n");
void stepper_back(void);

static bool inside, locked;
static uintptr_t frame, fs;
static int64_t system_call_number = -1;
static uint64_t system_call_argument[6];
static char before_call[REACH_INPUTS], before_kernel[REACH_INPUTS];

/* --- functions of several versions --- */

enum { VECTORED = 256 };
static struct vectored {
    uintptr_t pc;
    const char *name;
    struct spec spec;
} vectored[VECTORED];
static int vectored_count;
static struct claims nested;
static uintptr_t nested_frame; /* 0: none is called */

static void add_vectored(const char *name) {
    uintptr_t pc = (uintptr_t)real_function(name);
    const struct table_entry *entry = table_find(name);
    const char *wrong;
    struct vectored *made = &vectored[vectored_count];
    if (pc == 0 || entry == NULL || vectored_count == VECTORED ||
        !spec_parse(entry->touches, &made->spec, &wrong) || made->spec.follow)
        return;
    made->pc = pc;
    made->name = name;
    vectored_count++;
}

static uint32_t symbol_count(const uint32_t *table) {
    uint32_t buckets = table[0], offset = table[1], words = table[2], last = 0;
    const uint32_t *bucket = table + 4 + (size_t)2 * words, *chain = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++)
        if (bucket[i] > last)
            last = bucket[i];
    while (last >= offset && (chain[last - offset] & 1) == 0)
        last++;
    return last < offset ? offset : last + 1;
}

static int look_for_vectored(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size, (void)argument;
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    const uint32_t *table = NULL;
    const ElfW(Dyn) *entry = NULL;
    if (strstr(object->dlpi_name, "/libc.so") == NULL)
        return 0;
    for (int i = 0; i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
            entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    for (; entry != NULL && entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_SYMTAB)
            symbols = (const ElfW(Sym) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRTAB)
            names = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_GNU_HASH)
            table = (const uint32_t *)entry->d_un.d_ptr;
    for (uint32_t i = 0; symbols != NULL && table != NULL && i < symbol_count(table); i++)
        if (ELF64_ST_TYPE(symbols[i].st_info) == STT_GNU_IFUNC)
            add_vectored(names + symbols[i].st_name);
    return 1;
}

static const struct vectored *vectored_at(uintptr_t pc) {
    for (int i = 0; i < vectored_count; i++)
        if (vectored[i].pc == pc)
            return &vectored[i];
    return NULL;
}

/* --- accesses --- */

static bool is_private(uintptr_t address) {
    uintptr_t end = frame + 8 + CLAIMS_STACK * 8; /* of the arguments */
    return address < end && address > frame - (1 << 22);
}

static void note_hidden(uintptr_t address, size_t size, bool write) {
    for (int i = stepper->hidden_count - 1; i >= 0 && i > stepper->hidden_count - 64; i--) {
        const struct hidden_access *known = &stepper->hidden[i];
        if (known->address == address && known->size == size && known->write == write)
            return;
    }
    if (stepper->hidden_count < STEPPER_HIDDEN)
        stepper->hidden[stepper->hidden_count++] =
            (struct hidden_access){address, (uint32_t)size, write, locked};
}

static void observe(uintptr_t address, size_t size, bool write) {
    if (size == 0 || address == 0 || is_private(address))
        return;
    enum owner owner = reach_owner(address, write);
    stepper->environment |= reach_is_environment(address);
    if (owner == OWNER_PROGRAM)
        reach_mark(address, size, write ? MARK_WRITTEN : MARK_READ);
    else if (owner == OWNER_LIBRARY)
        note_hidden(address, size, write);
}

static void observe_nested(uintptr_t address, uint64_t size, bool write) {
    observe(address, size, write);
}

static void take(const struct instruction *instruction, const struct operand *operand,
                 const ucontext_t *context) {
    size_t size;
    uintptr_t address = machine_address(context, fs, operand, &size);
    if (operand->segment != SEGMENT_NONE)
        return;
    locked |= instruction->locked;
    if (operand->read)
        observe(address, size, false);
    if (operand->write)
        observe(address, size, true);
}

static void claim(uintptr_t address, uint64_t size, bool write) {
    reach_mark(address, size, write ? MARK_MAY_WRITE : MARK_MAY_READ);
    if (stepper->claimed_count < STEPPER_CLAIMS)
        stepper->claimed[stepper->claimed_count++] = (struct claimed){address, size, write};
}

static void claim_kernel(uintptr_t address, uint64_t size) {
    reach_mark(address, size, MARK_FOR_KERNEL);
}

/* --- the kernel --- */

static void end_system_call(const ucontext_t *context) {
    struct system_call_effect effect;
    system_calls_effect(system_call_number, system_call_argument,
                        context->uc_mcontext.gregs[REG_RAX], &effect);
    if (effect.size > 0) {
        observe(effect.address, effect.size, effect.writes);
        if (effect.writes && effect.address - (uintptr_t)reach < REACH_INPUTS)
            reach_mark(effect.address, effect.size, MARK_BY_KERNEL);
        else if (effect.writes && !reach_has(effect.address) && !is_private(effect.address))
            stepper->kernel_writes_own |= reach_owner(effect.address, true) == OWNER_LIBRARY;
    }
    for (size_t i = 0; stepper->refused_call == system_call_number && i < REACH_INPUTS; i++)
        if (reach[i] != before_kernel[i])
            reach_marks[i] |= MARK_WRITTEN | MARK_BY_KERNEL;
    system_call_number = -1;
}

static void begin_system_call(const ucontext_t *context) {
    static const int registers[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
    system_call_number = context->uc_mcontext.gregs[REG_RAX];
    for (int i = 0; i < 6; i++)
        system_call_argument[i] = (uint64_t)context->uc_mcontext.gregs[registers[i]];
    if (!system_calls_know(system_call_number, system_call_argument))
        stepper->refused_call = system_call_number;
    memcpy(before_kernel, reach, sizeof before_kernel);
}

/* --- the call --- */

static void perturb(void) {
    size_t used = reach_used_inputs();
    for (size_t i = 0; i < used; i++)
        if ((reach_marks[i] & (MARK_MAY_READ | MARK_MAY_WRITE)) == 0)
            reach[i] = stepper->with == 0 ? 0 : (char)(reach[i] ^ stepper->with);
}

/* What the first process has heard. */
static void take_claims(void) {
    for (int i = 0; i < stepper->claimed_count; i++)
        reach_mark(stepper->claimed[i].address, stepper->claimed[i].size,
                   stepper->claimed[i].write ? MARK_MAY_WRITE : MARK_MAY_READ);
}

static void enter(ucontext_t *context) {
    inside = stepper->entered = true;
    frame = machine_sp(context);
    stepper_return = *(const uintptr_t *)frame;
    fs = (uintptr_t)__builtin_thread_pointer();
    stepper->vectored = vectored_at(machine_pc(context)) != NULL;
    if (stepper->perturb) {
        take_claims();
        perturb();
        if (!inputs_stepped) {
            *(uintptr_t *)frame = (uintptr_t)stepper_back;
            machine_step(context, false);
        }
    } else {
        stepper->claims.listener = claim;
        stepper->claims.kernel = claim_kernel;
        claims_before(&stepper->claims, context);
        memcpy(stepper->argument, stepper->claims.argument, sizeof stepper->argument);
    }
    memcpy(before_call, reach, sizeof before_call);
    reach_begin();
}

static void leave(ucontext_t *context) {
    stepper->result = (uint64_t)context->uc_mcontext.gregs[REG_RAX];
    memcpy(stepper->vector, context->uc_mcontext.fpregs->_xmm, sizeof stepper->vector);
    memcpy(stepper->x87, context->uc_mcontext.fpregs->_st, sizeof stepper->x87);
    stepper->error = errno;
    for (size_t i = 0; i < sizeof before_call; i++)
        if (reach[i] != before_call[i])
            reach_marks[i] |= MARK_WRITTEN;
    if (!stepper->perturb)
        claims_after(&stepper->claims, stepper->result);
    inside = false;
    stepper->returned = true;
    machine_step(context, false);
}

static void call_vectored(const struct vectored *callee, const ucontext_t *context) {
    nested = (struct claims){.listener = observe_nested, .call = {.name = callee->name}};
    nested.call.spec = callee->spec;
    nested_frame = machine_sp(context);
    claims_before(&nested, context);
    nested.visit.frame = &nested.saved.frame;
}

static void look_at(const ucontext_t *context) {
    const struct instruction *instruction = decode(machine_pc(context));
    if (system_call_number >= 0)
        end_system_call(context);
    if ((instruction->length == 0 || instruction->opaque) && stepper->opaque == 0)
        stepper->opaque = instruction->pc;
    if (instruction->system_call)
        begin_system_call(context);
    for (int i = 0; i < instruction->count; i++)
        take(instruction, &instruction->operand[i], context);
}

static void step(ucontext_t *context) {
    uintptr_t pc = machine_pc(context), sp = machine_sp(context);
    stepper->steps++;
    if (!inside && pc == stepper_target)
        enter(context);
    if (inside && nested_frame != 0 && sp > nested_frame) {
        nested_frame = 0;
        claims_after(&nested, (uint64_t)context->uc_mcontext.gregs[REG_RAX]);
    }
    if (inside && pc == stepper_return && sp == frame + 8)
        leave(context);
    if (!inside || stepper->perturb)
        return;
    if (reach_is_ours(pc) || reach_is_loader(pc) || nested_frame != 0)
        return;
    const struct vectored *callee = pc == stepper_target ? NULL : vectored_at(pc);
    if (callee != NULL)
        call_vectored(callee, context);
    else if (!stepper->vectored)
        look_at(context);
}

static void trapped(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    int error = errno;
    step(context);
    errno = error;
}

bool stepper_start(void) {
    static char stack[1 << 16];
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGTRAP, &action, NULL);
    dl_iterate_phdr(look_for_vectored, NULL);
    stepper =
        mmap(NULL, sizeof *stepper, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return stepper != MAP_FAILED && decode_start();
}

void stepper_arm(const char *name, void (*function)(void)) {
    (void)name;
    stepper_target = (uintptr_t)function;
}
