/* SPDX-License-Identifier: MIT */
/*
 * stdio-fork: main writes a line to its log, then forks children that end with exit().
 *
 * Bug (buggy/stdio-fork.c): at the fork the line is still in the buffer of the FILE, in memory; and
 * memory is what fork copies. Each process flushes its own copy when it ends.
 *
 *   main                              child
 *   --------------------------------  --------------------------------
 *   fputs(line, journal): into the buffer
 *   fork(): the buffer too
 *                                     exit(0): flushes the line
 *   fflush(journal): the line again
 *
 * Fix (fixed/stdio-fork.c): main flushes before it forks; what is copied is an empty buffer.
 * Class: CWE-675, multiple operations on a resource in a single-operation context.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static const char line[] = "started\n";

static void start_child(void) {
    if (must_errno(fork(), "fork") == 0) /* HAZARD: copies the unflushed line */
        exit(0);                         /* HAZARD: and flushes the copy */
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
