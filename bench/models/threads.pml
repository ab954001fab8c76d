/* SPDX-License-Identifier: MIT */
/* What the models share: a mutex is a bit, the waiters of a condition variable are a mask; nobody wakes up for nothing. */
#define lock(mutex)   atomic { !mutex -> mutex = 1 }
#define unlock(mutex) mutex = 0

inline wait(waiters, mutex, me) {
    atomic { waiters = waiters | (1 << me); mutex = 0 }
    atomic { !(waiters & (1 << me)) && !mutex -> mutex = 1 }
}

/* Any of the waiters, if there are some; there may be six threads. */
inline signal(waiters) {
    atomic {
        if
        :: waiters & 1 -> waiters = waiters & ~1
        :: waiters & 2 -> waiters = waiters & ~2
        :: waiters & 4 -> waiters = waiters & ~4
        :: waiters & 8 -> waiters = waiters & ~8
        :: waiters & 16 -> waiters = waiters & ~16
        :: waiters & 32 -> waiters = waiters & ~32
        :: !waiters -> skip
        fi
    }
}

#define broadcast(waiters) waiters = 0
