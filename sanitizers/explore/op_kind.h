/* SPDX-License-Identifier: MIT */
/* What a visible operation is, for people: the search does not look at it. */
#ifndef HAZARD_EXPLORE_OP_KIND_H
#define HAZARD_EXPLORE_OP_KIND_H

enum op_kind {
    OP_START, /* a thread's first step; touches nothing */
    OP_CREATE,
    OP_JOIN,
    OP_END, /* of a thread */
    OP_DETACH,
    OP_CANCEL,
    OP_EXIT, /* of the process */
    OP_MUTEX_LOCK,
    OP_MUTEX_TRYLOCK,
    OP_MUTEX_TIMEDLOCK,
    OP_MUTEX_UNLOCK,
    OP_MUTEX_INIT,
    OP_MUTEX_DESTROY,
    OP_RW_READ,
    OP_RW_TRYREAD,
    OP_RW_WRITE,
    OP_RW_TRYWRITE,
    OP_RW_UNLOCK,
    OP_RW_REQUEST, /* a writer takes its place in the queue of a writer-preferring lock */
    OP_SPIN_LOCK,
    OP_SPIN_TRYLOCK,
    OP_SPIN_UNLOCK,
    OP_COND_WAIT,   /* leaves the mutex and starts to wait */
    OP_COND_RELOCK, /* woken: takes the mutex again */
    OP_COND_SIGNAL,
    OP_COND_BROADCAST,
    OP_BARRIER,
    OP_FUTEX_WAIT,
    OP_FUTEX_WAKE,
    OP_SEM_WAIT,
    OP_SEM_TRYWAIT,
    OP_SEM_POST,
    OP_SEM_READ,
    OP_ONCE,
    OP_ONCE_DONE,
    OP_OBJECT, /* init or destroy of anything else */
    OP_LOAD,   /* atomic */
    OP_STORE,
    OP_BUFFER, /* a store that goes to its thread's store buffer */
    OP_FLUSH,  /* ... and reaches memory: a step of the buffer's own */
    OP_DRAIN,  /* a thread waits until its buffer is empty */
    OP_RMW,    /* atomic read-modify-write, compare-exchange */
    OP_FENCE,
    OP_READ, /* plain access to memory that is known to be raced on */
    OP_WRITE,
    OP_YIELD,   /* sched_yield, any sleep */
    OP_LOOK,    /* at the clock */
    OP_TICK,    /* nothing happened for long: the others get their turn */
    OP_CALL,    /* a call into code without hooks; touches its hidden state */
    OP_TIMEOUT, /* of a timed wait when nothing else can happen */
    OP_CHOOSE,  /* one of several values: hazard_choose */
    OP_ASSUME,  /* what is assumed does not hold: nothing of that execution counts */
    OP_ATOMIC,  /* a whole block of the program: hazard_atomic */
    OP_KIND_COUNT
};

#endif
