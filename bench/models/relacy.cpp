/* SPDX-License-Identifier: MIT */
/*
 * Programs of the bench for Relacy, which takes C++.
 *
 *   c++ -DPROGRAM=NAME -DARG1=N [-DARG2=N] relacy.cpp && a.out EXECUTIONS
 *
 * Its full search tries every interleaving, EXECUTIONS at most, and says how many those were.
 */
#include <cstdio>
#include <cstdlib>
#include <relacy/relacy.hpp>
#ifndef ARG2
#define ARG2 1
#endif

static long limit, ended;

/* Its full search heeds no limit of its own. */
template <typename test, rl::thread_id_t threads> struct program : rl::test_suite<test, threads> {
    void after() {
        if (++ended == limit) {
            std::printf("stopped: %ld\n", ended);
            std::exit(0);
        }
    }
};

struct atomics : program<atomics, 2> {
    rl::atomic<int> counter;

    void before() {
        counter.store(0, rl::memory_order_seq_cst);
    }
    void thread(unsigned) {
        for (int i = 0; i < ARG1; i++)
            counter.fetch_add(1, rl::memory_order_seq_cst);
    }
};

struct mutex : program<mutex, ARG1> {
    rl::mutex mutex;

    void thread(unsigned) {
        for (int i = 0; i < ARG2; i++) {
            mutex.lock($);
            mutex.unlock($);
        }
    }
};

struct philosophers : program<philosophers, ARG1> {
    rl::mutex gate, forks[ARG1];

    void thread(unsigned left) {
        unsigned right = (left + 1) % ARG1;
        gate.lock($);
        forks[left].lock($);
        forks[right].lock($);
        forks[right].unlock($);
        forks[left].unlock($);
        gate.unlock($);
    }
};

struct readers : program<readers, ARG1 + 1> {
    rl::atomic<int> value;

    void before() {
        value.store(0, rl::memory_order_seq_cst);
    }
    void thread(unsigned number) {
        if (number == 0)
            value.store(1, rl::memory_order_seq_cst);
        else
            value.load(rl::memory_order_seq_cst);
    }
};

struct lastzero : program<lastzero, ARG1 + 1> {
    rl::atomic<int> a[ARG1 + 1];

    void before() {
        for (int i = 0; i <= ARG1; i++)
            a[i].store(0, rl::memory_order_seq_cst);
    }
    void thread(unsigned j) {
        if (j > 0)
            a[j].store(a[j - 1].load(rl::memory_order_seq_cst) + 1, rl::memory_order_seq_cst);
        else
            for (int i = ARG1; a[i].load(rl::memory_order_seq_cst) != 0; i--)
                ;
    }
};

int main(int argc, char **argv) {
    rl::test_params params;
    params.search_type = rl::sched_full;
    limit = argc > 1 ? std::atol(argv[1]) : 1000;
    return !rl::simulate<PROGRAM>(params);
}
