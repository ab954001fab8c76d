/* SPDX-License-Identifier: MIT */
/* counts/philosophers.c ARG1, its synchronisation alone. */
#include "threads.pml"

bit gate, forks[ARG1];

proctype dine(byte left) {
    byte right = (left + 1) % ARG1;
    lock(gate);
    lock(forks[left]);
    lock(forks[right]);
    unlock(forks[right]);
    unlock(forks[left]);
    unlock(gate)
}

init {
    byte i;
    for (i : 0 .. ARG1 - 1) { run dine(i) }
    _nr_pr == 1
}
