/* SPDX-License-Identifier: MIT */
/*
 * What the world does for the program (world/), as far as it comes to a step before it calls code of the
 * program: X(name, how many arguments). The program calls the stub of that name (hook.S); the C function of that name
 * is called hooked_... to the linker. Also for the assembler: nothing but macros.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_HOOKED_H
#define HAZARD_EXPLORE_RUNTIME_HOOKED_H

/* clang-format off */
#define HOOKED(X)                                                                                  \
    X(pthread_mutex_init, 2) X(pthread_mutex_destroy, 1) X(pthread_mutex_lock, 1)                  \
    X(pthread_mutex_trylock, 1) X(pthread_mutex_timedlock, 2) X(pthread_mutex_clocklock, 3)        \
    X(pthread_mutex_unlock, 1)                                                                     \
    X(pthread_cond_init, 2) X(pthread_cond_destroy, 1) X(pthread_cond_wait, 2)                     \
    X(pthread_cond_timedwait, 3) X(pthread_cond_clockwait, 4) X(pthread_cond_signal, 1)            \
    X(pthread_cond_broadcast, 1)                                                                   \
    X(pthread_rwlock_init, 2) X(pthread_rwlock_destroy, 1) X(pthread_rwlock_rdlock, 1)             \
    X(pthread_rwlock_tryrdlock, 1) X(pthread_rwlock_timedrdlock, 2)                                \
    X(pthread_rwlock_clockrdlock, 3) X(pthread_rwlock_wrlock, 1) X(pthread_rwlock_trywrlock, 1)    \
    X(pthread_rwlock_timedwrlock, 2) X(pthread_rwlock_clockwrlock, 3) X(pthread_rwlock_unlock, 1)  \
    X(pthread_spin_init, 2) X(pthread_spin_destroy, 1) X(pthread_spin_lock, 1)                     \
    X(pthread_spin_trylock, 1) X(pthread_spin_unlock, 1)                                           \
    X(pthread_barrier_init, 3) X(pthread_barrier_destroy, 1) X(pthread_barrier_wait, 1)            \
    X(sem_init, 3) X(sem_destroy, 1) X(sem_wait, 1) X(sem_trywait, 1) X(sem_timedwait, 2)          \
    X(sem_clockwait, 3) X(sem_post, 1) X(sem_getvalue, 2)                                          \
    X(sem_open, 4) X(sem_close, 1) X(sem_unlink, 1)                                                \
    X(pthread_once, 2) X(call_once, 2)                                                             \
    X(pthread_key_create, 2) X(pthread_key_delete, 1) X(pthread_getspecific, 1)                    \
    X(pthread_setspecific, 2)                                                                      \
    X(pthread_create, 4) X(pthread_join, 2) X(pthread_tryjoin_np, 2) X(pthread_clockjoin_np, 4)    \
    X(pthread_timedjoin_np, 3) X(pthread_detach, 1)                                                \
    X(thrd_create, 3) X(thrd_join, 2) X(thrd_detach, 1)                                            \
    X(mtx_init, 2) X(mtx_destroy, 1) X(mtx_lock, 1) X(mtx_trylock, 1) X(mtx_timedlock, 2)          \
    X(mtx_unlock, 1)                                                                               \
    X(cnd_init, 1) X(cnd_destroy, 1) X(cnd_wait, 2) X(cnd_timedwait, 3) X(cnd_signal, 1)           \
    X(cnd_broadcast, 1)                                                                            \
    X(tss_create, 2) X(tss_delete, 1) X(tss_get, 1) X(tss_set, 2)                                  \
    X(hazard_header_choose, 1) X(hazard_header_assume, 1) X(hazard_header_begin, 0)                \
    X(hazard_header_end, 1)                                                                        \
    X(syscall, 6) X(sleep, 1) X(nanosleep, 2) X(clock_nanosleep, 4) X(thrd_sleep, 2)
/* clang-format on */

#endif
