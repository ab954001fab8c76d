/* SPDX-License-Identifier: MIT */
/* bounded-buffer.c ARG1 ARG2 ARG3: what is done to the buffer under the mutex is one step. */
#include "threads.pml"
#define SIZE 2

byte buffer[SIZE], head, tail, count, total;
bit mutex;
byte not_full, not_empty;

proctype produce(byte me) {
    byte i = 0;
    do
    :: i < ARG3 ->
        lock(mutex);
        do
        :: count == SIZE -> wait(not_full, mutex, me)
        :: else -> break
        od;
        atomic { buffer[tail] = i; tail = (tail + 1) % SIZE; count++ }
        signal(not_empty);
        atomic { unlock(mutex); i++ }
    :: else -> break
    od
}

proctype consume(byte me) {
    byte i = 0;
    do
    :: i < ARG3 * ARG1 / ARG2 ->
        lock(mutex);
        do
        :: count == 0 -> wait(not_empty, mutex, me)
        :: else -> break
        od;
        atomic { total = total + buffer[head]; head = (head + 1) % SIZE; count-- }
        signal(not_full);
        atomic { unlock(mutex); i++ }
    :: else -> break
    od
}

init {
    byte i;
    for (i : 0 .. ARG1 - 1) { run produce(i) }
    for (i : ARG1 .. ARG1 + ARG2 - 1) { run consume(i) }
    _nr_pr == 1;
    assert(total == ARG1 * ARG3 * (ARG3 - 1) / 2)
}
