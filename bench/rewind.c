/* SPDX-License-Identifier: MIT */
/* Rewinds K hot pages N times, for callgrind: bench/run. */
#include <stdlib.h>
#include <sys/mman.h>

#include "explore/runtime/lasting.h"
#include "explore/runtime/rewind.h"

enum { PAGE = 4096, PAGES = 64 };

int main(int argc, char **argv) {
    static char page[PAGES][PAGE], copy[PAGES][PAGE];
    static struct hot_page hot[PAGES];
    int pages = argc > 1 ? atoi(argv[1]) : 0;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (pages > PAGES ||
        mmap((void *)LASTING_ADDRESS, sizeof *lasting, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
        return 2;
    for (int i = 0; i < pages; i++)
        hot[i] = (struct hot_page){page[i], copy[i]};
    lasting->hot = hot;
    lasting->hot_count = pages;
    for (long i = 0; i < rounds; i++)
        rewind_memory();
    return 0;
}
