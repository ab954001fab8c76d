/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "bench/calls/claims.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/calls/effect.h"
#include "explore/runtime/calls/format.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/race.h"
#include "explore/runtime/real.h"
#include "explore/runtime/rewind.h"

static struct claims *current;

/* --- what explore's code calls --- */

void race_access(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    (void)pc;
    current->listener(address, size, write);
}

void follow_observe(uintptr_t address, size_t size, bool write) {
    current->listener(address, size, write);
}

void hidden_touch(struct visit *visit, enum hidden hidden, bool write) {
    (void)visit;
    *(write ? &current->hidden : &current->hidden_read) |= UINT64_C(1) << hidden;
}

void heap_check(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    (void)address, (void)size, (void)write, (void)pc;
}

void rewind_touch_for_kernel(uintptr_t address, uint64_t size) {
    if (current != NULL && current->kernel != NULL)
        current->kernel(address, size);
}

void visit_refuse(const struct visit *visit, enum message_text why) {
    (void)visit, (void)why;
    abort();
}

void *lasting_new(size_t size) {
    static char memory[1 << 24] __attribute__((aligned(64)));
    static size_t used;
    void *made = memory + used;
    used += (size + 63) & ~(size_t)63;
    return used > sizeof memory ? NULL : made;
}

void *real_function(const char *name) {
    return dlsym(RTLD_DEFAULT, name);
}

/* --- a call --- */

static void save(struct claims *claims, const ucontext_t *context) {
    static const int registers[] = {REG_RDI, REG_RSI, REG_RDX, REG_RCX, REG_R8, REG_R9};
    const greg_t *general = context->uc_mcontext.gregs;
    struct call_frame *frame = &claims->saved.frame;
    for (int i = 0; i < SPEC_ARGUMENTS; i++)
        frame->argument[i] = (uint64_t)general[registers[i]];
    memcpy(frame->vector, context->uc_mcontext.fpregs->_xmm, sizeof frame->vector);
    frame->rax = (uint64_t)general[REG_RAX];
    frame->return_to = *(const uint64_t *)general[REG_RSP];
    memcpy(frame->stack, (const uint64_t *)general[REG_RSP] + 1, sizeof claims->saved.stack);
    memcpy(claims->argument, frame->argument, sizeof claims->argument);
    claims->visit = (struct visit){.call = &claims->call,
                                   .frame = frame,
                                   .pc = frame->return_to,
                                   .argument = claims->argument};
}

/* As check_gather does. */
static void gather(const struct claims *claims) {
    const struct iovec *parts = (const struct iovec *)claims->argument[1];
    int count = (int)claims->argument[2];
    if (parts != NULL && count > 0)
        claims->listener((uintptr_t)parts, (size_t)count * sizeof *parts, false);
    for (int i = 0; parts != NULL && i < count; i++)
        if (parts[i].iov_len > 0)
            claims->listener((uintptr_t)parts[i].iov_base, parts[i].iov_len, false);
}

void claims_before(struct claims *claims, const ucontext_t *context) {
    const struct spec *spec = &claims->call.spec;
    current = claims;
    save(claims, context);
    for (int i = 0; i < spec->effect_count; i++)
        if (!spec->effects[i].after)
            effect_apply(&claims->visit, &spec->effects[i]);
    if (spec->format == FORMAT_PRINTF || spec->format == FORMAT_WIDE_PRINTF)
        format_printf(&claims->visit);
    if (spec->format == FORMAT_SCANF && spec->format_list)
        format_list(&claims->visit, claims->list);
    for (int i = 0; i < spec->read_count; i++)
        hidden_touch(&claims->visit, (enum hidden)spec->reads[i], false);
    for (int i = 0; i < spec->write_count; i++)
        hidden_touch(&claims->visit, (enum hidden)spec->writes[i], true);
    if (spec->check == CHECK_gather)
        gather(claims);
}

void claims_after(struct claims *claims, uint64_t result) {
    const struct spec *spec = &claims->call.spec;
    current = claims;
    claims->visit.after = true;
    claims->visit.result = result;
    if (spec->format == FORMAT_SCANF) {
        if (!spec->format_list)
            format_list(&claims->visit, claims->list);
        format_scanf(&claims->visit, claims->list);
    }
    for (int i = 0; i < spec->effect_count; i++)
        if (spec->effects[i].after)
            effect_apply(&claims->visit, &spec->effects[i]);
}
