/* SPDX-License-Identifier: MIT */
/* bench/atomics.c ARG1, its synchronisation alone: a fetch-and-add is one step. */
int counter;

proctype add() {
    byte i = 0;
    do
    :: i < ARG1 -> atomic { counter++; i++ }
    :: else -> break
    od
}

init {
    run add();
    run add();
    _nr_pr == 1;
    assert(counter == 2 * ARG1)
}
