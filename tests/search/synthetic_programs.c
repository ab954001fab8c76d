/* SPDX-License-Identifier: MIT */
/* Well-known synthetic programs. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/search/synthetic.h"

void program_init(struct program *program, int threads) {
    cr_assert(threads <= SYN_THREADS, "%d threads are too many", threads);
    memset(program, 0, sizeof *program);
    program->threads = threads;
    for (int i = 0; i < SYN_OBJECTS; i++)
        program->initial[i] = 1;
}

void program_add(struct program *program, int thread, enum code code, int object, int reg,
                 int32_t value) {
    cr_assert(program->thread[thread].length < SYN_LENGTH, "thread %d is too long", thread);
    program->thread[thread].code[program->thread[thread].length++] =
        (struct instruction){(uint8_t)code, (uint8_t)object, (uint8_t)reg, value};
}

void program_mutex(struct program *program, int threads, int times) {
    program_init(program, threads);
    for (int t = 0; t < threads; t++) {
        for (int i = 0; i < times; i++) {
            program_add(program, t, SYN_LOCK, 0, 0, 0);
            program_add(program, t, SYN_UNLOCK, 0, 0, 0);
        }
    }
}

void program_independent(struct program *program, int threads, int times) {
    program_init(program, threads);
    for (int t = 0; t < threads; t++)
        for (int i = 0; i < times; i++)
            program_add(program, t, SYN_ADD, t, 1, 1);
}

/* Mutex n is the gate: who has it takes both forks in peace, eats, and leaves. */
void program_philosophers(struct program *program, int n) {
    program_init(program, n);
    for (int t = 0; t < n; t++) {
        program_add(program, t, SYN_LOCK, n, 0, 0);
        program_add(program, t, SYN_LOCK, t, 0, 0);
        program_add(program, t, SYN_LOCK, (t + 1) % n, 0, 0);
        program_add(program, t, SYN_UNLOCK, (t + 1) % n, 0, 0);
        program_add(program, t, SYN_UNLOCK, t, 0, 0);
        program_add(program, t, SYN_UNLOCK, n, 0, 0);
    }
}

void program_readers(struct program *program, int n) {
    program_init(program, n + 1);
    program_add(program, 0, SYN_STORE, 0, 0, 1);
    for (int t = 1; t <= n; t++)
        program_add(program, t, SYN_LOAD, 0, 1, 0);
}

/* Thread j: a[j] = a[j - 1] + 1. Thread 0 walks down from a[n] to the last zero. */
void program_lastzero(struct program *program, int n) {
    program_init(program, n + 1);
    for (int i = n; i >= 0; i--) {
        program_add(program, 0, SYN_LOAD, i, 1, 0);
        program_add(program, 0, SYN_SKIP_IF, 1, 1, 0);
        program_add(program, 0, SYN_SKIP, 1, 0, 0);
        program_add(program, 0, SYN_SKIP, 4 * i, 0, 0);
    }
    for (int j = 1; j <= n; j++) {
        program_add(program, j, SYN_LOAD, j - 1, 1, 0);
        program_add(program, j, SYN_STORE, j, 1, 1);
    }
}

static void add_setter(struct program *program, int t) {
    program_add(program, t, SYN_STORE, 0, 0, 1);
    program_add(program, t, SYN_STORE, 1, 0, -1);
}

/* Wrong only if it sees a == 1 and b == 0. */
static void add_checker(struct program *program, int t) {
    program_add(program, t, SYN_LOAD, 0, 1, 0);
    program_add(program, t, SYN_LOAD, 1, 2, 0);
    program_add(program, t, SYN_SKIP_IF, 1, 1, 0);
    program_add(program, t, SYN_ASSERT, 0, 2, -1);
}

void program_reorder(struct program *program, int setters, bool checker_first) {
    program_init(program, setters + 1);
    int checker = checker_first ? 0 : setters;
    for (int t = 0; t <= setters; t++) {
        if (t == checker)
            add_checker(program, t);
        else
            add_setter(program, t);
    }
}

void program_abba(struct program *program) {
    program_init(program, 2);
    for (int t = 0; t < 2; t++) {
        program_add(program, t, SYN_LOCK, t, 0, 0);
        program_add(program, t, SYN_LOCK, 1 - t, 0, 0);
        program_add(program, t, SYN_UNLOCK, 1 - t, 0, 0);
        program_add(program, t, SYN_UNLOCK, t, 0, 0);
    }
}

void program_lost_update(struct program *program) {
    program_init(program, 3);
    for (int t = 0; t < 2; t++) {
        program_add(program, t, SYN_LOAD, 0, 1, 0);
        program_add(program, t, SYN_STORE, 0, 1, 1);
        program_add(program, t, SYN_END, 0, 0, 0);
        program_add(program, 2, SYN_JOIN, t, 0, 0);
    }
    program_add(program, 2, SYN_LOAD, 0, 1, 0);
    program_add(program, 2, SYN_ASSERT, 0, 1, 2);
}
