/* SPDX-License-Identifier: MIT */
/*
 * The search alone, on synthetic programs (tests/search/synthetic.h), for callgrind: bench/run. Prints
 * executions and steps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/search/synthetic.h"

int main(int argc, char **argv) {
    struct program *program = calloc(1, sizeof *program);
    struct counts counts;
    if (argc < 3 || program == NULL)
        return 2;
    int size = atoi(argv[2]);
    if (strcmp(argv[1], "mutex") == 0)
        program_mutex(program, 2, size);
    else if (strcmp(argv[1], "philosophers") == 0)
        program_philosophers(program, size);
    else
        program_readers(program, size);
    run(program, &dpor_strategy, &(struct search_config){.seed = 0},
        &(struct run_options){.limit = 0}, &counts);
    printf("%ld %ld\n", (long)counts.executions, (long)counts.steps);
    counts_free(&counts);
    free(program);
    return 0;
}
