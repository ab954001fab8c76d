/* SPDX-License-Identifier: MIT */
/*
 * Atomic objects of any size (structs): for those compilers call libatomic, whose locks need not
 * be explored. As atomics.c, but with copies in place of loads and stores.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/atomics.h"
#include "explore/runtime/race.h"

/* The compilers know these names as their own and let nobody define them, but for the linker. */
EXPORT void generic_load(size_t size, void *object, void *result,
                         int order) __asm__("__atomic_load");
EXPORT void generic_store(size_t size, void *object, void *value,
                          int order) __asm__("__atomic_store");
EXPORT void generic_exchange(size_t size, void *object, void *value, void *result,
                             int order) __asm__("__atomic_exchange");
EXPORT bool generic_compare_exchange(size_t size, void *object, void *expected, void *desired,
                                     int success, int failure) __asm__("__atomic_compare_exchange");

void generic_load(size_t size, void *object, void *result, int order) {
    const struct atomic atomic = {(uintptr_t)object, size, order & 7, CALLER()};
    race_access((uintptr_t)result, size, true, atomic.pc);
    atomic_load_begins(&atomic);
    memcpy(result, object, size);
}

void generic_store(size_t size, void *object, void *value, int order) {
    const struct atomic atomic = {(uintptr_t)object, size, order & 7, CALLER()};
    race_access((uintptr_t)value, size, false, atomic.pc);
    if (atomic_store_waits(&atomic, value))
        return;
    atomic_store_begins(&atomic);
    memcpy(object, value, size);
}

void generic_exchange(size_t size, void *object, void *value, void *result, int order) {
    const struct atomic atomic = {(uintptr_t)object, size, order & 7, CALLER()};
    race_access((uintptr_t)value, size, false, atomic.pc);
    race_access((uintptr_t)result, size, true, atomic.pc);
    atomic_modify_begins(&atomic);
    atomic_modifies(&atomic);
    for (size_t i = 0; i < size; i++) { /* value and result may be one */
        char before = ((char *)object)[i];
        ((char *)object)[i] = ((char *)value)[i];
        ((char *)result)[i] = before;
    }
}

/* Strong and weak ones come here alike. */
bool generic_compare_exchange(size_t size, void *object, void *expected, void *desired, int success,
                              int failure) {
    const struct atomic atomic = {(uintptr_t)object, size, success & 7, CALLER()};
    race_access((uintptr_t)expected, size, false, atomic.pc);
    race_access((uintptr_t)desired, size, false, atomic.pc);
    atomic_modify_begins(&atomic);
    atomic_untold(atomic.pc);
    if (memcmp(object, expected, size) == 0) {
        atomic_modifies(&atomic);
        memcpy(object, desired, size);
        return true;
    }
    atomic_fails(&atomic, failure & 7, false);
    race_access((uintptr_t)expected, size, true, atomic.pc);
    memcpy(expected, object, size);
    return false;
}
