/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <dlfcn.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

typedef void *target;

static sigset_t *set_of(int signal) {
    sigset_t *set = filled(sizeof *set);
    sigemptyset(set);
    if (signal != 0)
        sigaddset(set, signal);
    return set;
}

static void scheduling(void) {
    static const char *const limits = "sched_get_priority_max __sched_get_priority_max "
                                      "sched_get_priority_min __sched_get_priority_min";
    EACH(limits, "SCHED_OTHER") AS(int, (int))(SCHED_OTHER);
    EACH(limits, "SCHED_FIFO") AS(int, (int))(SCHED_FIFO);
    EACH(limits, "unknown") AS(int, (int))(99);
    EACH("__sched_cpualloc", "usual") AS(target, (size_t))(8);
    EACH("__sched_cpualloc", "many") AS(target, (size_t))(1000);
    EACH("__sched_cpualloc", "none") AS(target, (size_t))(0);
    EACH("__sched_cpufree", "usual") AS(void, (target))(__sched_cpualloc(8));
    EACH("__sched_cpufree", "many") AS(void, (target))(__sched_cpualloc(1000));
    EACH("__sched_cpufree", "NULL") AS(void, (target))(NULL);
    EACH("__sched_cpucount", "usual") AS(int, (size_t, target))(16, filled(16));
    EACH("__sched_cpucount", "none") AS(int, (size_t, target))(0, filled(16));
    EACH("__sched_cpucount", "all") AS(int, (size_t, target))(128, filled(128));
    static const char *const parameters = "sched_getparam __sched_getparam";
    EACH(parameters, "usual") AS(int, (int, target))(0, filled(4));
    EACH(parameters, "no such process") AS(int, (int, target))(1 << 29, filled(4));
    EACH(parameters, "NULL") AS(int, (int, target))(0, NULL);
    EACH("sched_getscheduler __sched_getscheduler", "usual") AS(int, (int))(0);
    EACH("sched_getscheduler __sched_getscheduler", "no such process") AS(int, (int))(1 << 29);
    EACH("sched_getscheduler __sched_getscheduler", "wrong") AS(int, (int))(-1);
    EACH("sched_getaffinity", "usual") AS(int, (int, size_t, target))(0, 128, filled(128));
    EACH("sched_getaffinity", "too short") AS(int, (int, size_t, target))(0, 3, filled(128));
    EACH("sched_getaffinity", "8 bytes") AS(int, (int, size_t, target))(0, 8, filled(128));
    EACH("sched_rr_get_interval", "usual") AS(int, (int, target))(0, filled(16));
    EACH("sched_rr_get_interval", "no such process") AS(int, (int, target))(1 << 29, filled(16));
    EACH("sched_rr_get_interval", "wrong") AS(int, (int, target))(-1, filled(16));
    EACH("dladdr", "of libc") AS(int, (target, target))((target)strlen, filled(32));
    EACH("dladdr", "of the program") AS(int, (target, target))((target)inputs_system, filled(32));
    EACH("dladdr", "none") AS(int, (target, target))(NULL, filled(32));
    EACH("dladdr1", "of libc")
    AS(int, (target, target, target, int))((target)strlen, filled(32), filled(8), RTLD_DL_SYMENT);
    EACH("dladdr1", "of the program")
    AS(int, (target, target, target, int))
    ((target)inputs_system, filled(32), filled(8), RTLD_DL_LINKMAP);
    EACH("dladdr1", "none")
    AS(int, (target, target, target, int))(NULL, filled(32), filled(8), RTLD_DL_SYMENT);
    EACH("dlerror", "none") AS(target, (void))();
    EACH("dlerror", "one") dlsym(RTLD_DEFAULT, "no_such_name"), AS(target, (void))();
    EACH("dlerror", "again") dlsym(RTLD_DEFAULT, "no_such_name"), dlerror(), AS(target, (void))();
    EACH("setlogmask", "usual") AS(int, (int))(7);
    EACH("setlogmask", "which is it") AS(int, (int))(0);
    EACH("setlogmask", "all") AS(int, (int))(255);
}

static void signal_sets(void) {
    static const char *const changes = "sigaddset sigdelset";
    EACH(changes, "SIGINT") AS(int, (target, int))(set_of(SIGINT), SIGINT);
    EACH(changes, "SIGTERM") AS(int, (target, int))(set_of(SIGINT), SIGTERM);
    EACH(changes, "of real time") AS(int, (target, int))(set_of(SIGINT), 64);
    EACH(changes, "wrong") AS(int, (target, int))(set_of(SIGINT), 65);
    EACH("sigemptyset sigfillset", "usual") AS(int, (target))(filled(128));
    EACH("sigemptyset sigfillset", "zeroes") AS(int, (target))(space(128));
    EACH("sigemptyset sigfillset", "one") AS(int, (target))(set_of(SIGINT));
    EACH("sigandset sigorset", "usual")
    AS(int, (target, target, target))(filled(128), set_of(SIGINT), set_of(SIGINT));
    EACH("sigandset sigorset", "empty")
    AS(int, (target, target, target))(filled(128), set_of(0), set_of(0));
    EACH("sigandset sigorset", "differ")
    AS(int, (target, target, target))(filled(128), set_of(SIGINT), set_of(64));
    EACH("sigisemptyset", "yes") AS(int, (target))(set_of(0));
    EACH("sigisemptyset", "no") AS(int, (target))(set_of(SIGINT));
    EACH("sigisemptyset", "the last") AS(int, (target))(set_of(64));
    EACH("sigismember", "yes") AS(int, (target, int))(set_of(SIGINT), SIGINT);
    EACH("sigismember", "no") AS(int, (target, int))(set_of(SIGINT), 64);
    EACH("sigismember", "wrong") AS(int, (target, int))(set_of(SIGINT), 65);
}

void inputs_system(void) {
    scheduling();
    signal_sets();
}
