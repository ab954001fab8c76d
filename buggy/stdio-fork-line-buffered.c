/* SPDX-License-Identifier: MIT */
/*
 * stdio-fork: main writes a line to its log, then forks children that end with exit().
 *
 * Decoy (buggy/stdio-fork-line-buffered.c): the log is made line-buffered, as stdout is on a
 * terminal, where the trouble was never seen. Whole lines leave at once now. But half a line does
 * not, and half a line it is that stands in the buffer when main forks: the other half is written
 * when all is done.
 *
 *   main                              child
 *   --------------------------------  --------------------------------
 *   fputs("starting: ", journal): into the buffer
 *   fork(): the buffer too
 *                                     exit(0): flushes "starting: "
 *   fputs("done\n", journal): flushes "starting: done\n"
 *
 * Class: CWE-675, multiple operations on a resource in a single-operation context.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static const char begin[] = "starting: ", end[] = "done\n";

static void start_child(void) {
    if (must_errno(fork(), "fork") == 0) /* HAZARD: copies the half line, which waits for its end */
        exit(0);                         /* HAZARD: and flushes the copy */
}

int main(int argc, char **argv) {
    int children = size_arg(argc, argv, 1, 1, 1, 100);
    FILE *journal = tmpfile();
    if (journal == NULL)
        must(errno, "tmpfile");
    setvbuf(journal, NULL, _IOLBF, BUFSIZ);
    must_errno(fputs(begin, journal), "fputs");
    for (int i = 0; i < children; i++)
        start_child();
    while (wait(NULL) > 0)
        continue;
    must_errno(fputs(end, journal), "fputs");
    must_errno(fflush(journal), "fflush");
    struct stat status;
    must_errno(fstat(fileno(journal), &status), "fstat");
    long extra = (long)status.st_size - (long)strlen(begin) - (long)strlen(end);
    printf("1 line written, %ld bytes too many in the log\n", extra);
    return extra != 0;
}
