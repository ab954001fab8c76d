/* SPDX-License-Identifier: MIT */
#include "inject/walk/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct collection {
    void *owner;
    const struct board *board;
    size_t jobs;
    bool all;          /* as collect_injection says */
    uint32_t *numbers; /* of each worker's endings in the result; UINT32_MAX: none yet */
    struct injection *injection;
};

static void collect_flags(struct collection *collection) {
    struct injection *injection = collection->injection;
    for (size_t i = 0; i < collection->jobs; i++) {
        const struct board_worker *worker = &collection->board->workers[i];
        injection->cut |= worker->cut;
        injection->input_ended |= worker->input_ended;
        injection->interrupted |= worker->interrupted;
        if (injection->unsupported == NULL && worker->unsupported[0] != '\0')
            injection->unsupported =
                never_null(talloc_strdup(collection->owner, worker->unsupported));
        if (injection->note[0] == '\0' && worker->note[0] != '\0')
            injection->note = never_null(talloc_strdup(collection->owner, worker->note));
    }
}

/* ---- Endings ------------------------------------------------------------------------- */

static const struct judged *ending_of(const struct collection *collection, size_t point) {
    const struct board *board = collection->board;
    size_t worker = board_worker_of(point, collection->jobs);
    return &board->workers[worker].endings[board->points[point].ending];
}

static bool same_ending(enum ending_kind kind, const char *text, const struct judged *judged) {
    return kind == judged->kind && strcmp(text, judged->text) == 0;
}

/* Most copies print a line once more: it is what the handler prints. */
static bool is_handlers_line(const struct collection *collection, const struct judged *judged) {
    size_t same = 0, tried = 0;
    for (size_t i = 0; i < collection->injection->point_count; i++) {
        if ((collection->board->points[i].flags & POINT_TRIED) == 0)
            continue;
        const struct judged *other = ending_of(collection, i);
        tried += other->kind == ENDING_WELL || other->kind == ENDING_WRONG;
        same += same_ending(other->kind, other->text, judged);
    }
    return same * 2 > tried;
}

/* The ending's number in the result: endings are numbered as they first come up. */
static uint32_t ending_number(struct collection *collection, const struct judged *judged) {
    struct injection *injection = collection->injection;
    void *owner = collection->owner;
    for (size_t i = 0; i < injection->ending_count; i++)
        if (same_ending(injection->endings[i].kind, injection->endings[i].text, judged))
            return (uint32_t)i;
    injection->endings =
        grow_array(owner, injection->endings, struct ending, injection->ending_count + 1);
    injection->endings[injection->ending_count] =
        (struct ending){judged->kind, never_null(talloc_strdup(owner, judged->text)), judged->late};
    return (uint32_t)injection->ending_count++;
}

/* ---- Points -------------------------------------------------------------------------- */

static uint32_t point_ending(struct collection *collection, size_t point) {
    const struct judged *judged = ending_of(collection, point);
    size_t worker = board_worker_of(point, collection->jobs);
    uint32_t *number =
        &collection->numbers[worker * BOARD_ENDINGS + collection->board->points[point].ending];
    if (*number == UINT32_MAX)
        *number = judged->repeats && is_handlers_line(collection, judged)
                      ? 0
                      : ending_number(collection, judged);
    return *number;
}

static void collect_point(struct collection *collection, size_t index) {
    const struct board_point *from = &collection->board->points[index];
    struct point *to = &collection->injection->points[index];
    *to = (struct point){.pc = from->pc, .flags = from->flags, .child = from->child};
    bool shares_ending =
        collection->all && (from->flags & (POINT_TRIED | POINT_BLOCKED)) == POINT_BLOCKED;
    size_t tried = shares_ending ? from->stands_for : index;
    if ((collection->board->points[tried].flags & POINT_TRIED) != 0)
        to->ending = point_ending(collection, tried);
    else
        to->flags |= POINT_LEFT_OUT;
}

static void collect_points(struct collection *collection) {
    struct injection *injection = collection->injection;
    void *owner = collection->owner;
    for (size_t i = 0; i < collection->jobs; i++)
        if (collection->board->workers[i].point_count > injection->point_count)
            injection->point_count = collection->board->workers[i].point_count;
    injection->points = new_array(owner, struct point, injection->point_count);
    injection->endings = new_array(owner, struct ending, 1);
    injection->endings[0] = (struct ending){.kind = ENDING_WELL, .text = ""};
    injection->ending_count = 1;
    size_t most = (size_t)BOARD_JOBS * BOARD_ENDINGS;
    collection->numbers = new_array(owner, uint32_t, most);
    memset(collection->numbers, 0xff, most * sizeof *collection->numbers);
    for (size_t i = 0; i < injection->point_count; i++)
        collect_point(collection, i);
    talloc_free(collection->numbers);
}

/* ---- Pairs --------------------------------------------------------------------------- */

static int by_point(const void *a, const void *b) {
    const struct signal_pair *one = a, *other = b;
    if (one->point != other->point)
        return one->point < other->point ? -1 : 1;
    return (one->instruction > other->instruction) - (one->instruction < other->instruction);
}

static void collect_pair(struct collection *collection, const struct board_worker *worker,
                         const struct board_second *second) {
    struct injection *injection = collection->injection;
    uint32_t ending = ending_number(collection, &worker->endings[second->ending]);
    if (injection->endings[ending].kind == ENDING_WELL ||
        injection->endings[ending].kind == ENDING_UNJUDGED)
        return;
    injection->pairs = grow_array(collection->owner, injection->pairs, struct signal_pair,
                                  injection->pair_count + 1);
    injection->pairs[injection->pair_count++] =
        (struct signal_pair){second->point, second->instruction, ending};
}

static void collect_pairs(struct collection *collection) {
    struct injection *injection = collection->injection;
    for (size_t i = 0; i < collection->jobs; i++) {
        const struct board_worker *worker = &collection->board->workers[i];
        injection->pairs_tried += worker->second_tried;
        for (size_t j = 0; j < worker->second_count; j++)
            collect_pair(collection, worker, &worker->seconds[j]);
    }
    if (injection->pair_count > 0)
        qsort(injection->pairs, injection->pair_count, sizeof *injection->pairs, by_point);
}

/* ---- The program --------------------------------------------------------------------- */

static enum run_end end_of(enum family_end end) {
    if (end == FAMILY_DEADLOCK)
        return RUN_STUCK;
    return end == FAMILY_KILLED ? RUN_SIGNALED : RUN_EXITED;
}

static void collect_undisturbed(struct collection *collection) {
    const struct board *board = collection->board;
    void *owner = collection->owner;
    collection->injection->undisturbed = (struct run_outcome){
        .end = end_of(board->undisturbed),
        .status = board->undisturbed_status,
        .output = never_null(talloc_strndup(owner, board->output[0], board->lengths[0])),
        .errors = never_null(talloc_strndup(owner, board->output[1], board->lengths[1]))};
    collection->injection->asleep = never_null(talloc_strdup(owner, board->undisturbed_why));
}

/* "START-END r-xp OFFSET DEVICE INODE    PATH": those with an x. */
static void collect_map(struct collection *collection, const char *line, size_t length) {
    struct injection *injection = collection->injection;
    void *owner = collection->owner;
    struct symbols_map map;
    char permissions[5] = "";
    int path = 0;
    if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %n", &map.start, &map.end, permissions, &map.offset,
               &path) != 4 ||
        permissions[2] != 'x' || path == 0)
        return;
    injection->maps =
        grow_array(owner, injection->maps, struct symbols_map, injection->map_count + 1);
    size_t name = (size_t)path < length ? length - (size_t)path : 0;
    map.path = never_null(talloc_strndup(owner, line + path, name));
    injection->maps[injection->map_count++] = map;
}

static void collect_maps(struct collection *collection) {
    for (const char *line = collection->board->maps; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        collect_map(collection, line, length);
        line += length + (line[length] == '\n');
    }
}

void collect_injection(void *owner, const struct board *board, size_t jobs, bool all,
                       struct injection *injection) {
    struct collection collection = {
        .owner = owner, .board = board, .jobs = jobs, .all = all, .injection = injection};
    *injection = (struct injection){.note = "", .asleep = ""};
    collect_flags(&collection);
    collect_points(&collection);
    collect_pairs(&collection);
    collect_undisturbed(&collection);
    collect_maps(&collection);
}
