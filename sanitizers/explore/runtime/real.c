/* SPDX-License-Identifier: MIT */
/*
 * The library's own functions, for the runtime: found with dlsym before our stubs stand in the
 * global offset table, which the runtime shares with the program.
 */
#include "explore/runtime/base.h"

#include <dlfcn.h>

#include "explore/runtime/real.h"

static struct {
    const char *name;
    void *address;
} functions[] = {
    {"__libc_start_main", NULL},
    {"_IO_list_all", NULL},
    {"__longjmp_chk", NULL},
    {"__rseq_offset", NULL},
    {"__rseq_size", NULL},
    {"_longjmp", NULL},
    {"exit", NULL},
    {"fflush", NULL},
    {"fork", NULL},
    {"longjmp", NULL},
    {"on_exit", NULL},
    {"pthread_attr_init", NULL},
    {"pthread_attr_setstack", NULL},
    {"pthread_create", NULL},
    {"siglongjmp", NULL},
    {"vfprintf", NULL},
    {"vwarn", NULL},
    {"vwarnx", NULL},
};

/* Assigned, not initialised: an initialised pointer would be patched like the program's. */
static void *(*lookup)(void *, const char *);

void real_functions_find(void) {
    lookup = dlsym;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        functions[i].address = lookup(RTLD_NEXT, functions[i].name);
}

void *real_function(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].address;
    return lookup(RTLD_NEXT, name);
}
