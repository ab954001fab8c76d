/* SPDX-License-Identifier: MIT */
/* mutex.c ARG1 ARG2, its synchronisation alone. */
#include "threads.pml"

bit mutex;

proctype take() {
    byte i = 0;
    do
    :: i < ARG2 -> lock(mutex); atomic { unlock(mutex); i++ }
    :: else -> break
    od
}

init {
    byte i;
    for (i : 1 .. ARG1) { run take() }
    _nr_pr == 1
}
