/* SPDX-License-Identifier: MIT */
/*
 * pipe-deadlock: a parent sends a text to its child, which echoes it.
 *
 * Bug (buggy/pipe-deadlock.c): the parent writes everything before it reads, and neither process
 * closes the pipe ends that it does not use.
 *
 *   parent, long text           child
 *   --------------------------  --------------------------
 *   writes, and writes on       reads, echoes, and so on
 *                               write: the echo fills its pipe, waits for a reader
 *   write: the text fills its
 *   pipe, waits for a reader
 *
 *   parent, short text          child
 *   --------------------------  --------------------------
 *   writes it, closes
 *                               echoes it
 *                               read: no end of file, its own end is open
 *   read: waits for an end of
 *   file in turn
 *
 * Fix (fixed/pipe-deadlock.c): close the unused ends; wait for both pipes at once with poll, and
 * write only where there is room, read where there is something.
 * Class: CWE-833, deadlock.
 */
#include <limits.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

/* The child. A write of at most PIPE_BUF bytes to a pipe is never cut short. */
static void echo(int in, int out) {
    char data[PIPE_BUF];
    int n;
    while ((n = must_errno((int)read(in, data, sizeof data), "read")) > 0)
        must_errno((int)write(out, data, (size_t)n), "write");
}

/* The parent: sends `blocks` times PIPE_BUF bytes, returns how many came back. */
static int converse(int out, int in, int blocks) {
    char text[PIPE_BUF], reply[PIPE_BUF];
    int back = 0;
    memset(text, 'x', sizeof text);
    for (int i = 0; i < blocks; i++)
        must_errno((int)write(out, text, sizeof text), "write"); /* HAZARD: nobody reads replies */
    must_errno(close(out), "close");
    int n;
    while ((n = must_errno((int)read(in, reply, sizeof reply), "read")) > 0) /* HAZARD: no end */
        back += n;
    return back;
}

int main(int argc, char **argv) {
    int blocks = size_arg(argc, argv, 1, 64, 1, 10000);
    int to_child[2], to_parent[2];
    must_errno(pipe(to_child), "pipe");
    must_errno(pipe(to_parent), "pipe");
    pid_t pid = must_errno(fork(), "fork");
    if (pid == 0) {
        echo(to_child[0], to_parent[1]);
        _exit(0);
    }
    int back = converse(to_child[1], to_parent[0], blocks);
    must_errno(waitpid(pid, NULL, 0), "waitpid");
    printf("%d of %d bytes came back\n", back, blocks * PIPE_BUF);
    return back != blocks * PIPE_BUF;
}
