/* SPDX-License-Identifier: MIT */
/* lastzero.c ARG1: each load and each store of the array is a step. */
byte a[ARG1 + 1];

proctype add(byte j) {
    byte before;
    before = a[j - 1];
    atomic { a[j] = before + 1; before = 0 }
}

proctype walk() {
    byte i = ARG1;
    do
    :: a[i] != 0 -> i--
    :: a[i] == 0 -> break
    od
}

init {
    byte i;
    run walk();
    for (i : 1 .. ARG1) { run add(i) }
    _nr_pr == 1
}
