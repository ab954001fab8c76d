/* SPDX-License-Identifier: MIT */
/*
 * Places in the fixture come from this file's own debug information: places() is compiled as if its
 * lines were the fixture's.
 */
#include "tests/support/trace.h"

#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"

enum { FIRST_LINE = 10, LAST_LINE = 31 };

static uint64_t pcs[LAST_LINE + 1];

__attribute__((noinline)) static void here(int line) {
    pcs[line] = (uint64_t)(uintptr_t)__builtin_return_address(0);
}

/* clang-format off */
__attribute__((noinline)) static void places(void) {
#line 10 "tests/fixtures/schedule/seat.c"
    here(10);
    here(11);
    here(12);
#line 17 "tests/fixtures/schedule/seat.c"
    here(17);
    here(18);
    here(19);
    here(20);
#line 28 "tests/fixtures/schedule/seat.c"
    here(28);
#line 30 "tests/fixtures/schedule/seat.c"
    here(30);
    here(31);
}
#line 44 "tests/support/trace.c"
/* clang-format on */

static int note_base(struct dl_phdr_info *info, size_t size, void *base) {
    (void)size;
    *(uint64_t *)base = info->dlpi_addr;
    return 1; /* the first is the program */
}

static int unmap(struct shared **shared) {
    return munmap(*shared, sizeof **shared);
}

static struct shared *shared_new(void *owner) {
    struct shared **shared = new_array(owner, struct shared *, 1);
    *shared = mmap(NULL, sizeof **shared, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (*shared == MAP_FAILED)
        abort();
    talloc_set_destructor(shared, unmap);
    (*shared)->critical = -1;
    return *shared;
}

struct trace *trace_new(void *owner) {
    static const char *const no_args[] = {NULL};
    struct trace *trace = new_array(owner, struct trace, 1);
    const char **paths = new_array(trace, const char *, 1);
    char *path = realpath(TRACE_SOURCE, NULL), *binary = realpath("/proc/self/exe", NULL);
    uint64_t base = 0;
    paths[0] = talloc_strdup(trace, path);
    trace->shared = shared_new(trace);
    trace->options = explore_default_options;
    trace->subject = (struct subject){.name = "seat.c",
                                      .sources = {paths, 1},
                                      .binary = talloc_strdup(trace, binary),
                                      .args = no_args};
    free(path);
    free(binary);
    dl_iterate_phdr(note_base, &base);
    places();
    trace->outcome = (struct explore_outcome){
        .verdict = VERDICT_FOUND,
        .detail = "",
        .sources = trace->subject.sources,
        .shared = trace->shared,
        .objects = objects_open(trace, trace->subject.binary, base, trace->shared, NULL),
    };
    return trace;
}

struct shared_step *trace_step(struct trace *trace, int actor, enum op_kind kind, int line) {
    struct shared *shared = trace->shared;
    struct shared_step *step = &shared->trace[shared->trace_length++];
    bool changed = shared->trace_length > 1 && step[-1].event.actor != actor;
    *step = (struct shared_step){
        .event = {.op = {.kind = (uint8_t)kind}, .actor = (uint8_t)actor, .enabled_by = -1},
        .pc = line > 0 ? pcs[line] : 0,
        .flags = changed ? STEP_SWITCH : 0,
    };
    shared->actors[actor].number = shared->actors[actor].order = actor + 1;
    if (shared->actor_count <= actor)
        shared->actor_count = actor + 1;
    return step;
}

void trace_access(struct shared_step *step, enum mode mode, int32_t delta) {
    step->address = TRACE_LOCK;
    step->event.op.access[step->event.op.access_count++] = (struct access){
        .object = TRACE_LOCK | OBJECT_SYNC, .delta = delta, .mode = (uint8_t)mode, .bytes = 0xff};
}

void trace_find(struct trace *trace, enum kind kind, const char *message) {
    struct finding finding = {.kind = kind, .message = message};
    trace->shared->findings[trace->shared->finding_count++].kind = (int32_t)kind;
    findings_add(trace, &trace->outcome.findings, finding);
}

static void locked(struct trace *trace, int actor, int first_line) {
    trace_access(trace_step(trace, actor, OP_MUTEX_LOCK, first_line), MODE_WRITE, -1);
    trace_access(trace_step(trace, actor, OP_MUTEX_UNLOCK, first_line + 2), MODE_WRITE, +1);
}

struct trace *trace_seat(void *owner) {
    struct trace *trace = trace_new(owner);
    trace_step(trace, 0, OP_START, 0);
    for (int i = 1; i <= 2; i++) {
        struct shared_step *create = trace_step(trace, 0, OP_CREATE, 28);
        create->value = (uint64_t)i;
        create->flags |= STEP_HAS_VALUE;
    }
    trace_step(trace, 1, OP_START, 0)->event.enabled_by = 1;
    locked(trace, 1, 10);
    struct shared_step *start = trace_step(trace, 2, OP_START, 0);
    start->event.enabled_by = 2;
    start->flags |= STEP_PREEMPT;
    locked(trace, 2, 10);
    trace->shared->trace[8].flags |= STEP_CRITICAL;
    trace->shared->critical = 8;
    locked(trace, 2, 18);
    trace_step(trace, 1, OP_MUTEX_LOCK, 18);
    trace->shared->trace[11].flags |= STEP_PREEMPT;
    trace_access(&trace->shared->trace[11], MODE_WRITE, -1);
    trace_access(trace_step(trace, 1, OP_MUTEX_UNLOCK, 20), MODE_WRITE, +1);
    trace_step(trace, 0, OP_EXIT, 31);
    trace_find(trace, KIND_ASSERTION, "sold == 1 && \"a seat is sold once\"");
    return trace;
}
