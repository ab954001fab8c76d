/* SPDX-License-Identifier: MIT */
#include "sandbox/reach.h"

#include "base/memory.h"

/* What compilers, the detectors and their programs need to run. */
static const struct reach system_reaches[] = {
    {"/usr", REACH_READ, false},
    {"/bin", REACH_READ, false},
    {"/sbin", REACH_READ, false},
    {"/lib", REACH_READ, false},
    {"/lib32", REACH_READ, false},
    {"/lib64", REACH_READ, false},
    {"/libx32", REACH_READ, false},
    {"/etc/alternatives", REACH_READ, false},
    {"/etc/ld.so.cache", REACH_READ, false},
    {"/etc/ld.so.conf", REACH_READ, false},
    {"/etc/ld.so.conf.d", REACH_READ, false},
    {"/etc/localtime", REACH_READ, false},
    {"/etc/nsswitch.conf", REACH_READ, false},
    {"/dev/null", REACH_DEVICE, false},
    {"/dev/zero", REACH_DEVICE, false},
    {"/dev/full", REACH_DEVICE, false},
    {"/dev/random", REACH_READ, false},
    {"/dev/urandom", REACH_READ, false},
    {"/proc", REACH_PROC, false},
};

/* Only where they are private. */
static const struct reach private_reaches[] = {
    {"/tmp", REACH_OWN, false},
    {"/dev/shm", REACH_OWN, false},
};

static void add(void *owner, struct reaches *reaches, struct reach reach) {
    reaches->items = grow_array(owner, reaches->items, struct reach, reaches->count + 1);
    reaches->items[reaches->count++] = reach;
}

static struct reaches reach_system(void *owner) {
    struct reaches reaches = {0};
    for (size_t i = 0; i < sizeof system_reaches / sizeof *system_reaches; i++)
        add(owner, &reaches, system_reaches[i]);
    return reaches;
}

struct reaches reach_list(void *owner, const struct sandbox *sandbox,
                          const struct sandbox_spec *spec) {
    struct reaches reaches = reach_system(owner);
    if (sandbox->tier == SANDBOX_A)
        for (size_t i = 0; i < sizeof private_reaches / sizeof *private_reaches; i++)
            add(owner, &reaches, private_reaches[i]);
    for (const char *const *path = spec->reads; path != NULL && *path != NULL; path++)
        add(owner, &reaches, (struct reach){*path, REACH_READ, true});
    add(owner, &reaches, (struct reach){spec->scratch, REACH_OWN, true});
    return reaches;
}

/* What is not private is refused by the domain around it. */
struct reaches reach_programs(void *owner, const char *builds, const char *const *own) {
    struct reaches reaches = reach_system(owner);
    add(owner, &reaches, (struct reach){"/dev/shm", REACH_OWN, false});
    add(owner, &reaches, (struct reach){builds, REACH_READ, true});
    for (; *own != NULL; own++)
        add(owner, &reaches, (struct reach){*own, REACH_OWN, true});
    return reaches;
}
