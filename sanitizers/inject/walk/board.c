/* SPDX-License-Identifier: MIT */
#include "inject/walk/board.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* Pages that nobody touches cost nothing. */
static void *shared_memory(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

struct board *board_new(size_t most_points, size_t output_bytes) {
    struct board *board = shared_memory(sizeof *board);
    if (board == NULL)
        return NULL;
    board->most_points = most_points;
    board->output_bytes = output_bytes;
    board->points = shared_memory(most_points * sizeof *board->points);
    for (int i = 0; i < 2; i++)
        board->output[i] = shared_memory(output_bytes + 1);
    if (board->points != NULL && board->output[0] != NULL && board->output[1] != NULL)
        return board;
    board_free(board);
    return NULL;
}

void board_free(struct board *board) {
    if (board->points != NULL)
        munmap(board->points, board->most_points * sizeof *board->points);
    for (int i = 0; i < 2; i++)
        if (board->output[i] != NULL)
            munmap(board->output[i], board->output_bytes + 1);
    munmap(board, sizeof *board);
}

uint32_t board_ending(struct board_worker *worker, const struct judged *judged) {
    for (size_t i = 0; i < worker->ending_count; i++)
        if (worker->endings[i].kind == judged->kind &&
            strcmp(worker->endings[i].text, judged->text) == 0)
            return (uint32_t)i;
    if (worker->ending_count < BOARD_ENDINGS - ENDING_KINDS) {
        worker->endings[worker->ending_count] = *judged;
        return (uint32_t)worker->ending_count++;
    }
    /* One place for each kind is left. */
    size_t last = BOARD_ENDINGS - ENDING_KINDS + (size_t)judged->kind;
    worker->endings[last] = *judged;
    snprintf(worker->endings[last].text, sizeof worker->endings[last].text, "in yet another way");
    return (uint32_t)last;
}
