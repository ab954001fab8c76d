/* SPDX-License-Identifier: MIT */
/*
 * The memory that all workers share, mapped.
 */
#include "explore/runtime/base.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/control.h"
#include "explore/runtime/places.h"
#include "explore/runtime/system_call.h"
#include "explore/shared_version.h"

struct shared *shared;
bool control_by_hand;

static const char *variable(char **environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment != NULL; environment++)
        if (memcmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static int to_number(const char *text) {
    int value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + *text - '0';
    return value;
}

/* false: the environment names no shared memory, or none of ours. */
void control_map(char **environment) {
    const char *text = variable(environment, SHARED_VARIABLE);
    control_by_hand = text == NULL;
    long fd = control_by_hand ? -1 : to_number(text);
    int flags = MAP_SHARED | (control_by_hand ? MAP_ANONYMOUS | MAP_NORESERVE : 0);
    long address = system_call(SYS_mmap, (long)SHARED_ADDRESS, (long)SHARED_SIZE,
                               PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, fd, 0);
    if (address < 0)
        system_call(SYS_exit_group, 70, 0, 0, 0, 0, 0);
    if (fd >= 0)
        system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    shared = (struct shared *)address;
    shared->version = SHARED_VERSION;
    if (control_by_hand)
        shared->config = (struct shared_config){.steps = 100000000, .executions = 1};
}

int64_t control_steps(void) {
    const struct shared_counts *counts = &shared->counts;
    return counts->steps - control->alone * (counts->executions + counts->blocked);
}

bool control_in_debugger(void) {
    const struct shared_config *config = &shared->config;
    return config->trace && config->bound > 0 && strcmp(config->strategy, "replay") == 0;
}
