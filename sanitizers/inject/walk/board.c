/* SPDX-License-Identifier: MIT */
#include "inject/walk/board.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "run/proc_text.h"

/* Pages that are never touched cost nothing. */
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

/* The number of that ending among the worker's. The last one of each kind stands for all for which
 * there is no room. */
static uint32_t ending_number(struct board_worker *worker, const struct judged *judged) {
    for (size_t i = 0; i < worker->ending_count; i++)
        if (worker->endings[i].kind == judged->kind &&
            strcmp(worker->endings[i].text, judged->text) == 0)
            return (uint32_t)i;
    if (worker->ending_count < BOARD_ENDINGS - ENDING_KINDS) {
        worker->endings[worker->ending_count] = *judged;
        return (uint32_t)worker->ending_count++;
    }
    size_t last = BOARD_ENDINGS - ENDING_KINDS + (size_t)judged->kind;
    worker->endings[last] = *judged;
    snprintf(worker->endings[last].text, sizeof worker->endings[last].text, "in yet another way");
    return (uint32_t)last;
}

int board_refuse(struct board_worker *worker, const char *what, const char *which) {
    snprintf(worker->unsupported, sizeof worker->unsupported, "%s%s", what, which);
    return -1;
}

void board_note_ending(struct board_worker *worker, struct board_point *point,
                       const struct judged *judged) {
    point->ending = ending_number(worker, judged);
    point->flags |= POINT_TRIED;
    worker->done++;
    worker->bad += judged->kind != ENDING_WELL;
}

void board_note_second(struct board_worker *worker, size_t point, int64_t instruction,
                       const struct judged *judged) {
    worker->second_tried++;
    if (judged->kind == ENDING_WELL || judged->repeats)
        return;
    worker->bad++;
    if (worker->second_count < BOARD_SECONDS)
        worker->seconds[worker->second_count++] = (struct board_second){
            (uint32_t)point, (uint32_t)instruction, ending_number(worker, judged)};
}

void board_keep_undisturbed(struct board *board, const struct judge_reference *reference) {
    board->undisturbed = reference->end;
    board->undisturbed_status = reference->status;
    snprintf(board->undisturbed_why, sizeof board->undisturbed_why, "%s", reference->why);
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(reference->output[i]);
        board->lengths[i] = length < board->output_bytes ? length : board->output_bytes;
        memcpy(board->output[i], reference->output[i], board->lengths[i]);
    }
}

void board_keep_maps(struct board *board, pid_t pid) {
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)pid);
    snprintf(board->maps, sizeof board->maps, "%s", maps);
    talloc_free(maps);
}
