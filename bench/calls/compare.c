/* SPDX-License-Identifier: MIT */
#include "bench/calls/stepper.h"

#include "bench/calls/compare.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/calls/inputs.h"
#include "bench/calls/reach.h"

__attribute__((format(printf, 3, 4))) static void add(char *where, size_t size, const char *format,
                                                      ...) {
    size_t length = strlen(where);
    va_list list;
    va_start(list, format);
    vsnprintf(where + length, size - length, format, list);
    va_end(list);
}

#define PROBLEM(...) add(stepper->report.problems, sizeof stepper->report.problems, __VA_ARGS__)
#define NOTE(...) add(stepper->report.notes, sizeof stepper->report.notes, __VA_ARGS__)
#define TOUCHED(...) add(stepper->report.touched, sizeof stepper->report.touched, __VA_ARGS__)

/* --- places are called by the argument that leads there --- */

struct base {
    uintptr_t address;
    char name[4];
};

static uintptr_t pointer_at(uintptr_t address) {
    return reach_has(address) ? *(const uintptr_t *)address : 0;
}

/* The nearest one below. */
static struct base base_of(uintptr_t address) {
    struct base best = {0}, tried[13];
    int count = 0;
    for (int i = 0; i < 6; i++) {
        tried[count++] = (struct base){stepper->argument[i], {(char)('0' + i)}};
        tried[count++] = (struct base){pointer_at(stepper->argument[i]), {'*', (char)('0' + i)}};
    }
    tried[count++] = (struct base){stepper->result, "="};
    for (int i = 0; i < count; i++)
        if (tried[i].address <= address && address - tried[i].address < 8192 &&
            tried[i].address > best.address)
            best = tried[i];
    return best;
}

static void name_place(char *where, size_t size, char what, size_t start, size_t bytes) {
    uintptr_t address = (uintptr_t)reach + start;
    struct base base = base_of(address);
    if (base.address == 0)
        add(where, size, " %c?[%zu]", what, bytes);
    else if (base.address == address)
        add(where, size, " %c%s[%zu]", what, base.name, bytes);
    else
        add(where, size, " %c%s+%zu[%zu]", what, base.name, address - base.address, bytes);
}

/* Calls `name_place` for each run of bytes that have some mark of `some` and none of `none`. */
static bool name_all(char *where, size_t size, char what, int some, int none) {
    size_t end = reach_used();
    bool any = false;
    for (size_t i = 0; i < end; i++) {
        size_t start = i;
        while (i < end && (reach_marks[i] & some) != 0 && (reach_marks[i] & none) == 0 &&
               (i == start ||
                base_of((uintptr_t)reach + i).address == base_of((uintptr_t)reach + start).address))
            i++;
        if (i > start) {
            name_place(where, size, what, start, i - start);
            any = true;
            i--;
        }
    }
    return any;
}

static void name_problem(const char *words, char what, int some, int none) {
    char places[512] = "";
    if (name_all(places, sizeof places, what, some, none))
        PROBLEM("%s%s; ", words, places);
}

/* --- the library's own --- */

static bool may_hide(void) {
    const struct spec *spec = &stepper->claims.call.spec;
    return spec->file != FILE_NONE || spec->all || spec->touched || spec->rewind ||
           spec->check != CHECK_none || stepper->claims.hidden != 0 ||
           stepper->claims.hidden_read != 0;
}

static const char *module_of(uintptr_t address, uintptr_t *offset) {
    Dl_info info;
    *offset = address;
    if (dladdr((const void *)address, &info) == 0)
        return "";
    *offset = address - (uintptr_t)info.dli_fbase;
    return info.dli_fname;
}

static bool is_claimed(uintptr_t address) {
    for (int i = 0; i < stepper->claimed_count; i++)
        if (address - stepper->claimed[i].address < stepper->claimed[i].size)
            return true;
    return false;
}

static void judge_environment(void) {
    const struct claims *claims = &stepper->claims;
    bool named = ((claims->hidden | claims->hidden_read) >> HIDDEN_environment & 1) != 0;
    if (stepper->environment && !named && !claims->call.spec.all &&
        claims->call.spec.check != CHECK_setlocale)
        PROBLEM("looks into the environment, and does not say so; ");
}

static void judge_hidden(void) {
    bool writes = false, locks = false;
    for (int i = 0; i < stepper->hidden_count; i++) {
        const struct hidden_access *one = &stepper->hidden[i];
        uintptr_t offset;
        if (!one->write)
            continue;
        writes |= !one->locked;
        locks |= one->locked;
        const char *module = module_of(one->address, &offset);
        if (stepper->claims.call.spec.follow)
            continue;
        if (!one->locked && !may_hide() && !is_claimed(one->address))
            PROBLEM("writes to what is its own: %s+0x%zx[%u]; ", module, offset, one->size);
        if (inputs_result == 8 && stepper->result - one->address < one->size &&
            !is_claimed(stepper->result))
            PROBLEM("its result is written to, and not claimed; ");
    }
    if (stepper->hidden_count > 0)
        TOUCHED(writes ? " own" : locks ? " own, locked" : " own, read");
}

/* --- a call --- */

static void judge(void) {
    int may = MARK_MAY_READ | MARK_MAY_WRITE;
    if (!stepper->vectored)
        name_problem("reads", 'r', MARK_READ, may);
    name_problem("writes", 'w', MARK_WRITTEN, MARK_MAY_WRITE);
    const struct spec *spec = &stepper->claims.call.spec;
    if (!spec->rewind && spec->check != CHECK_setlocale && spec->file == FILE_NONE) {
        name_problem("the kernel writes", 'w', MARK_BY_KERNEL, MARK_FOR_KERNEL);
        if (stepper->kernel_writes_own)
            PROBLEM("the kernel writes to what is its own; ");
    }
    if (!stepper->vectored)
        name_all(stepper->report.notes, sizeof stepper->report.notes, 'r', MARK_MAY_READ,
                 MARK_READ | MARK_WRITTEN | MARK_MAY_WRITE);
    name_all(stepper->report.notes, sizeof stepper->report.notes, 'w', MARK_MAY_WRITE,
             MARK_WRITTEN);
}

void compare_first(void) {
    if (!stepper->entered || !stepper->returned) {
        PROBLEM("it was not %s; ", stepper->entered ? "left" : "called");
        return;
    }
    if (stepper->vectored) /* by what its answer hangs on: compare_perturbed() */
        name_all(stepper->report.touched, sizeof stepper->report.touched, 'r', MARK_MAY_READ, 0);
    else
        name_all(stepper->report.touched, sizeof stepper->report.touched, 'r', MARK_READ, 0);
    name_all(stepper->report.touched, sizeof stepper->report.touched, 'w', MARK_WRITTEN, 0);
    if (!stepper->claims.call.spec.follow)
        judge();
    judge_hidden();
    judge_environment();
    if (stepper->opaque != 0)
        PROBLEM("an instruction cannot be decoded; ");
    memcpy(stepper->inputs, reach, sizeof stepper->inputs);
}

static bool is_same_result(const struct stepper *first) {
    if (inputs_result == IN_VECTOR)
        return memcmp(stepper->vector, first->vector, sizeof stepper->vector) == 0;
    if (inputs_result == IN_X87)
        return memcmp(stepper->x87, first->x87, sizeof stepper->x87) == 0;
    return memcmp(&stepper->result, &first->result, (size_t)inputs_result) == 0;
}

void compare_perturbed(const struct stepper *first) {
    bool same = stepper->returned && stepper->error == first->error && is_same_result(first);
    for (size_t i = 0; i < sizeof first->inputs; i++)
        if ((reach_marks[i] & MARK_MAY_WRITE) != 0 && reach[i] != first->inputs[i])
            same = false;
    if (!same)
        PROBLEM("its outcome hangs on what is not claimed; ");
    name_problem("writes", 'w', MARK_WRITTEN, MARK_MAY_WRITE);
}
