/* SPDX-License-Identifier: MIT */
/* readers.c ARG1: what a reader read is forgotten, as there. */
bit value;

proctype write_it() {
    value = 1
}

proctype read_it() {
    if
    :: value -> skip
    :: !value -> skip
    fi
}

init {
    byte i;
    run write_it();
    for (i : 1 .. ARG1) { run read_it() }
    _nr_pr == 1
}
