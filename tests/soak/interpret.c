/* SPDX-License-Identifier: MIT */
#include "tests/soak/interpret.h"

#include <stdlib.h>
#include <string.h>

#include "tests/soak/cycles.h"

enum { TABLE = 1 << 20 };
_Static_assert(TABLE > 2 * SOAK_STATES, "the table never gets full");

/* The states that were met: the table has 1 + their numbers. */
struct met {
    struct soak_machine machine;
    struct soak_state *states;
    uint32_t *table;
    uint32_t count, space, at;
    struct soak_edge *edges;
    uint32_t edge_count, edge_space;
    unsigned *able, *alive;
    bool full;
};

static void *grow(void *array, uint32_t *space, uint32_t count, size_t size) {
    if (count < *space)
        return array;
    *space = *space == 0 ? 1024 : 2 * *space;
    array = realloc(array, *space * size);
    if (array == NULL)
        abort();
    return array;
}

/* Only where to look first: what decides is memcmp. */
static uint32_t slot_of(const struct soak_state *state) {
    const unsigned char *bytes = (const unsigned char *)state;
    uint64_t hash = 0;
    for (size_t i = 0; i + 4 <= sizeof *state; i += 4) {
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 20) % TABLE;
}

static uint32_t number_of(struct met *met, const struct soak_state *state) {
    uint32_t slot = slot_of(state);
    for (; met->table[slot] != 0; slot = (slot + 1) % TABLE)
        if (memcmp(&met->states[met->table[slot] - 1], state, sizeof *state) == 0)
            return met->table[slot] - 1;
    met->states = grow(met->states, &met->space, met->count, sizeof *met->states);
    met->states[met->count] = *state;
    met->table[slot] = ++met->count;
    return met->count - 1;
}

static void arrive(void *data, const struct soak_state *to, int actor) {
    struct met *met = data;
    if (met->count >= SOAK_STATES) {
        met->full = true;
        return;
    }
    met->edges = grow(met->edges, &met->edge_space, met->edge_count, sizeof *met->edges);
    met->edges[met->edge_count++] =
        (struct soak_edge){.from = met->at, .to = number_of(met, to), .actor = actor};
}

static unsigned alive(const struct soak_machine *machine, const struct soak_state *state) {
    unsigned bits = 0;
    for (int t = 0; t < machine->program->threads; t++)
        bits |= soak_machine_has_ended(machine, state, t) ? 0 : 1U << t;
    return bits;
}

/* --- outcomes --- */

static int compare_outcomes(const void *a, const void *b) {
    return memcmp(a, b, SOAK_OUTCOME);
}

static void add_outcome(struct soak_truth *truth, const struct soak_state *state, uint32_t *space) {
    truth->outcomes = grow(truth->outcomes, space, (uint32_t)truth->outcome_count, SOAK_OUTCOME);
    soak_machine_outcome(state, truth->outcomes[truth->outcome_count++]);
}

static void sort_outcomes(struct soak_truth *truth) {
    size_t kept = 0;
    if (truth->outcome_count == 0)
        return;
    qsort(truth->outcomes, truth->outcome_count, SOAK_OUTCOME, compare_outcomes);
    for (size_t i = 1; i < truth->outcome_count; i++)
        if (compare_outcomes(truth->outcomes[kept], truth->outcomes[i]) != 0)
            memcpy(truth->outcomes[++kept], truth->outcomes[i], SOAK_OUTCOME);
    truth->outcome_count = kept + 1;
}

bool soak_truth_has(const struct soak_truth *truth, const uint8_t outcome[SOAK_OUTCOME]) {
    return truth->outcome_count > 0 && bsearch(outcome, truth->outcomes, truth->outcome_count,
                                               SOAK_OUTCOME, compare_outcomes) != NULL;
}

void soak_truth_free(struct soak_truth *truth) {
    free(truth->outcomes);
    *truth = (struct soak_truth){0};
}

/* --- all interleavings --- */

static void visit_all(struct met *met, struct soak_truth *truth) {
    uint32_t able_space = 0, alive_space = 0, outcome_space = 0;
    for (met->at = 0; met->at < met->count && !met->full; met->at++) {
        struct soak_state state = met->states[met->at]; /* they may move */
        met->able = grow(met->able, &able_space, met->at, sizeof *met->able);
        met->alive = grow(met->alive, &alive_space, met->at, sizeof *met->alive);
        met->able[met->at] = soak_machine_step(&met->machine, &state);
        met->alive[met->at] = alive(&met->machine, &state);
        if (soak_machine_is_over(&met->machine, &state))
            add_outcome(truth, &state, &outcome_space);
        else if (met->able[met->at] == 0)
            truth->failures |= SOAK_DEADLOCKS;
    }
}

void soak_interpret(const struct soak_program *program, const struct soak_model *model,
                    struct soak_truth *truth) {
    struct met met = {.table = calloc(TABLE, sizeof *met.table)};
    struct soak_state start;
    *truth = (struct soak_truth){0};
    if (met.table == NULL)
        abort();
    soak_machine_make(&met.machine, program, model);
    met.machine.arrive = arrive;
    met.machine.data = &met;
    soak_machine_start(&met.machine, &start);
    number_of(&met, &start);
    visit_all(&met, truth);
    truth->complete = !met.full;
    truth->state_count = met.count;
    if (truth->complete) {
        sort_outcomes(truth);
        truth->failures |= met.machine.raced ? SOAK_RACES : 0;
        truth->failures |= soak_cycles(
            &(struct soak_graph){met.count, met.edge_count, met.edges, met.able, met.alive});
    }
    free(met.table);
    free(met.states);
    free(met.edges);
    free(met.able);
    free(met.alive);
}
