/* SPDX-License-Identifier: MIT */
/* barrier-by-hand.c ARG1 ARG2, its synchronisation alone. */
#include "threads.pml"

bit mutex;
byte waiting, generation, released;

proctype turn(byte me) {
    byte i = 0, mine;
    do
    :: i < ARG2 ->
        lock(mutex);
        d_step { mine = generation; waiting++ }
        if
        :: waiting == ARG1 -> d_step { waiting = 0; generation++; broadcast(released) }
        :: else ->
            do
            :: mine == generation -> wait(released, mutex, me)
            :: else -> break
            od
        fi;
        atomic { unlock(mutex); i++; mine = 0 }
    :: else -> break
    od
}

init {
    byte i;
    for (i : 0 .. ARG1 - 1) { run turn(i) }
    _nr_pr == 1
}
