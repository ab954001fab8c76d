/* SPDX-License-Identifier: MIT */
/*
 * What a library function does to its caller's memory, as the table says it, told to the race
 * detector and the heap (which look at hooked code only).
 *
 * A null pointer is left alone: where the function takes one, nothing is touched; where it does
 * not, it crashes by itself, and then that is the finding.
 */
#include "explore/runtime/base.h"

#include <wchar.h>

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/calls/effect.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/race.h"
#include "explore/runtime/rewind.h"

enum { STATE = 8 /* sizeof(mbstate_t) */ };

/* A result of -1 touched nothing; no object is larger than this either. */
static const uint64_t LARGEST = UINT64_C(1) << 47;

/* The first unit that is the end, or `bound`. */
static uint64_t find_end(uintptr_t string, uint64_t bound) {
    const volatile char *at = (const volatile char *)string;
    uint64_t length = 0;
    while (length < bound && at[length] != '\0')
        length++;
    return length;
}

static uint64_t find_wide_end(uintptr_t string, uint64_t bound) {
    const volatile wchar_t *at = (const volatile wchar_t *)string;
    uint64_t length = 0;
    while (length < bound && at[length] != L'\0')
        length++;
    return length;
}

uint64_t effect_string_size(uintptr_t string, uint64_t bound) {
    uint64_t length = find_end(string, bound);
    return length < bound ? length + 1 : length;
}

uint64_t effect_wide_string_size(uintptr_t string, uint64_t bound) {
    uint64_t length = find_wide_end(string, bound);
    return length < bound ? length + 1 : length;
}

static uintptr_t place_address(const struct visit *visit, const struct spec_place *place) {
    uintptr_t address = place->argument < 0 ? visit->result : visit->argument[place->argument];
    if (place->indirect && address != 0)
        address = *(const volatile uintptr_t *)address;
    return address;
}

static uint64_t term_value(const struct visit *visit, const struct term *term) {
    switch ((enum term_kind)term->kind) {
    case TERM_ARGUMENT:
        return visit->argument[term->value];
    case TERM_NUMBER:
        return term->value;
    case TERM_RESULT:
        return visit->result;
    case TERM_INT_RESULT:
        return (uint64_t)(int64_t)(int32_t)visit->result;
    }
    return 0;
}

/* 0 where it makes no sense: the call failed. */
static uint64_t product(const struct visit *visit, const struct size *size) {
    uint64_t value = 1;
    for (int i = 0; i < size->term_count; i++) {
        uint64_t term = term_value(visit, &size->terms[i]);
        if (term > LARGEST || __builtin_mul_overflow(value, term, &value))
            return 0;
    }
    return value;
}

/* A bound that stands next to a string is one on how far it is read. */
static uint64_t bound_of(const struct visit *visit, const struct size *size) {
    return size->modifier_count > 0 && size->modifiers[0].kind == MODIFIER_LIMIT
               ? visit->argument[size->modifiers[0].argument]
               : UINT64_MAX;
}

static uint64_t base_size(const struct visit *visit, const struct size *size) {
    uintptr_t at = size->kind == SIZE_PRODUCT ? 0 : place_address(visit, &size->place);
    uint64_t bound = bound_of(visit, size);
    if (size->kind != SIZE_PRODUCT && at == 0)
        return 0;
    switch ((enum size_kind)size->kind) {
    case SIZE_PRODUCT:
        return product(visit, size);
    case SIZE_STRING:
        return effect_string_size(at, bound);
    case SIZE_LENGTH:
        return find_end(at, bound);
    case SIZE_WIDE_STRING:
        return effect_wide_string_size(at, bound);
    case SIZE_WIDE_LENGTH:
        return find_wide_end(at, bound);
    case SIZE_TILL:
        return visit->result == 0 ? bound : visit->result - at + 1;
    case SIZE_BEFORE:
        return visit->result == 0 ? bound : visit->result - at;
    }
    return 0;
}

static uint64_t limit_of(const struct visit *visit, const struct size *size) {
    for (int i = 0; i < size->modifier_count; i++)
        if (size->modifiers[i].kind == MODIFIER_LIMIT)
            return visit->argument[size->modifiers[i].argument];
    return UINT64_MAX;
}

/* A call that fails half-way leaves what it has made so far: at most the string there. */
static uint64_t left_by_failure(const struct visit *visit, const struct size *size, bool wide) {
    uintptr_t at = size->place.indirect ? 0 : place_address(visit, &size->place);
    uint64_t limit = limit_of(visit, size);
    if (at == 0)
        return 0;
    return wide ? effect_wide_string_size(at, limit) : effect_string_size(at, limit);
}

/* In bytes. */
static uint64_t size_of(const struct visit *visit, const struct size *size) {
    bool failed = size->kind == SIZE_PRODUCT && size->modifier_count > 0 && visit->after &&
                  (int32_t)visit->result < 0; /* '+1' must not make something of it */
    uint64_t value = failed ? 0 : base_size(visit, size);
    bool wide = size->kind == SIZE_WIDE_STRING || size->kind == SIZE_WIDE_LENGTH;
    for (int i = 0; i < size->modifier_count && !failed; i++)
        switch ((enum modifier_kind)size->modifiers[i].kind) {
        case MODIFIER_MORE:
            value++;
            break;
        case MODIFIER_LIMIT:
            if (value > visit->argument[size->modifiers[i].argument])
                value = visit->argument[size->modifiers[i].argument];
            break;
        case MODIFIER_WIDE:
            wide = true;
            break;
        }
    if (failed)
        for (int i = 0; i < size->modifier_count; i++)
            wide |= size->modifiers[i].kind == MODIFIER_WIDE;
    if (failed)
        value = left_by_failure(visit, size, wide);
    return wide ? value * sizeof(wchar_t) : value;
}

static void access_memory(const struct visit *visit, uintptr_t address, uint64_t size, bool write) {
    if (address == 0 || size == 0 || size >= LARGEST)
        return;
    if (visit->followed)
        follow_observe(address, size, write);
    else
        race_access(address, size, write, visit->pc);
}

void effect_apply(struct visit *visit, const struct effect *effect) {
    uintptr_t address = place_address(visit, &effect->place);
    uint64_t size =
        address == 0 || effect->kind == EFFECT_STATE ? 0 : size_of(visit, &effect->size);
    switch ((enum effect_kind)effect->kind) {
    case EFFECT_READ:
        access_memory(visit, address, size, false);
        break;
    case EFFECT_WRITE:
        access_memory(visit, address, size, true);
        break;
    case EFFECT_APPEND:
        if (address != 0)
            access_memory(visit, address + find_end(address, UINT64_MAX), size, true);
        break;
    case EFFECT_WIDE_APPEND:
        if (address != 0)
            access_memory(visit, address + find_wide_end(address, UINT64_MAX) * sizeof(wchar_t),
                          size, true);
        break;
    case EFFECT_KERNEL:
        if (address != 0 && size > 0 && heap_has(address))
            heap_check(address, size, true, visit->pc);
        if (address != 0)
            rewind_touch_for_kernel(address, size);
        break;
    case EFFECT_IF_SAME:
        if (address == visit->result)
            access_memory(visit, address, size, true);
        break;
    case EFFECT_STATE:
        if (address == 0)
            hidden_touch(visit, HIDDEN_multibyte, true);
        else
            access_memory(visit, address, STATE, true);
        break;
    }
}
