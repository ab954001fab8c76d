/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

typedef void *target;

static pthread_attr_t *attributes(void) {
    pthread_attr_t *made = filled(sizeof *made);
    pthread_attr_init(made);
    return made;
}

static pthread_attr_t *with_stack_size(void) {
    pthread_attr_t *made = attributes();
    pthread_attr_setstacksize(made, 1 << 16);
    return made;
}

static pthread_attr_t *with_processors(void) {
    pthread_attr_t *made = attributes();
    cpu_set_t set = {{1}};
    pthread_attr_setaffinity_np(made, sizeof set, &set);
    return made;
}

static void end(void) {
}

void inputs_modelled(void) {
    static const char *const handlers = "__cxa_atexit __cxa_at_quick_exit on_exit";
    EACH(handlers, "usual") AS(int, (target, target, target))((target)end, NULL, NULL);
    EACH(handlers, "with an argument")
    AS(int, (target, target, target))((target)end, text("a"), NULL);
    EACH(handlers, "again") atexit(end), AS(int, (target, target, target))((target)end, NULL, NULL);
    EACH("pthread_attr_init", "usual") AS(int, (target))(filled(56));
    EACH("pthread_attr_init", "zeroes") AS(int, (target))(space(56));
    EACH("pthread_attr_init", "again") AS(int, (target))(attributes());
    EACH("pthread_attr_destroy", "usual") AS(int, (target))(attributes());
    EACH("pthread_attr_destroy", "with a size of stack") AS(int, (target))(with_stack_size());
    EACH("pthread_attr_destroy", "with processors") AS(int, (target))(with_processors());
    static const char *const asks =
        "pthread_attr_getdetachstate pthread_attr_getinheritsched pthread_attr_getschedparam "
        "pthread_attr_getschedpolicy pthread_attr_getscope pthread_attr_getguardsize "
        "pthread_attr_getstacksize";
    EACH(asks, "usual") AS(int, (target, target))(attributes(), filled(8));
    EACH(asks, "with a size of stack") AS(int, (target, target))(with_stack_size(), filled(8));
    EACH(asks, "with processors") AS(int, (target, target))(with_processors(), filled(8));
    static const char *const sets =
        "pthread_attr_setdetachstate pthread_attr_setguardsize pthread_attr_setinheritsched "
        "pthread_attr_setschedpolicy pthread_attr_setscope pthread_attr_setstacksize";
    EACH(sets, "0") AS(int, (target, size_t))(attributes(), 0);
    EACH(sets, "1") AS(int, (target, size_t))(attributes(), 1);
    EACH(sets, "a size") AS(int, (target, size_t))(attributes(), 1 << 16);
    EACH("pthread_attr_setschedparam", "usual")
    AS(int, (target, target))(attributes(), COPY(struct sched_param, {0}));
    EACH("pthread_attr_setschedparam", "wrong")
    AS(int, (target, target))(attributes(), COPY(struct sched_param, {99}));
    EACH("pthread_attr_setschedparam", "of SCHED_FIFO") {
        pthread_attr_t *made = attributes();
        pthread_attr_setschedpolicy(made, SCHED_FIFO);
        AS(int, (target, target))(made, COPY(struct sched_param, {3}));
    }
    EACH("pthread_equal thrd_equal", "equal") AS(int, (target, target))(NULL, NULL);
    EACH("pthread_equal thrd_equal", "not") AS(int, (target, target))(NULL, text(""));
    EACH("pthread_equal thrd_equal", "itself")
    AS(int, (long, long))((long)pthread_self(), (long)pthread_self());
    static const char *const itself = "pthread_self thrd_current pthread_getconcurrency";
    EACH(itself, "usual") AS(long, (void))();
    EACH(itself, "again") pthread_self(), AS(long, (void))();
    EACH(itself, "set") pthread_setconcurrency(2), AS(int, (void))();
}
