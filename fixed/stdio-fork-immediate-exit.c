/* SPDX-License-Identifier: MIT */
/*
 * stdio-fork: main writes a line to its log, then forks children that end with exit().
 *
 * Variant (fixed/stdio-fork-immediate-exit.c): the child ends with _exit, which flushes nothing and
 * runs no atexit handlers: they are main's. The price: what the child itself has printed must be
 * flushed by the child, or it is lost.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static const char line[] = "started\n";

static void start_child(void) {
    if (must_errno(fork(), "fork") == 0)
        _exit(0);
}

int main(int argc, char **argv) {
    int children = size_arg(argc, argv, 1, 1, 1, 100);
    FILE *journal = tmpfile();
    if (journal == NULL)
        must(errno, "tmpfile");
    must_errno(fputs(line, journal), "fputs");
    for (int i = 0; i < children; i++)
        start_child();
    while (wait(NULL) > 0)
        continue;
    must_errno(fflush(journal), "fflush");
    struct stat status;
    must_errno(fstat(fileno(journal), &status), "fstat");
    long lines = (long)status.st_size / (long)strlen(line);
    printf("1 line written, %ld in the log\n", lines);
    return lines != 1;
}
