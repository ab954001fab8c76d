/* SPDX-License-Identifier: MIT */
#include "tests/soak/machine.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/soak/move.h"

/* --- the program, made flat --- */

static int flatten(struct soak_machine *machine, int t, int from, int to) {
    const struct soak_thread *thread = &machine->program->thread[t];
    int last = from;
    for (int i = from; i < to; i = last) {
        const struct soak_op *op = &thread->op[i];
        struct soak_instruction *at = &machine->code[t][machine->length[t]++];
        *at = (struct soak_instruction){.op = op};
        last = i + 1;
        if (!soak_is_block((enum soak_code)op->code))
            continue;
        last = flatten(machine, t, i + 1, i + 1 + op->length);
        if (op->code != SOAK_IF)
            machine->code[t][machine->length[t]++] =
                (struct soak_instruction){.op = op, .leaves = true};
        at->skip = (uint8_t)machine->length[t];
    }
    return last;
}

/* rand() begins as after srand(1). */
static void fill_random(struct soak_machine *machine) {
    struct random_data data;
    char buffer[128];
    memset(&data, 0, sizeof data);
    initstate_r(1, buffer, sizeof buffer, &data);
    for (int i = 0; i < SOAK_RANDOMS; i++) {
        int32_t value;
        random_r(&data, &value);
        machine->random[i] = (uint8_t)(value % 4);
    }
}

void soak_machine_make(struct soak_machine *machine, const struct soak_program *program,
                       const struct soak_model *model) {
    memset(machine, 0, sizeof *machine);
    machine->model = *model;
    machine->program = program;
    machine->timed = soak_program_is_timed(program);
    for (int t = 0; t < program->threads; t++)
        flatten(machine, t, 0, program->thread[t].length);
    fill_random(machine);
}

/* --- going on --- */

/* Past what only decides within the thread. */
static void settle(const struct soak_machine *machine, struct soak_position *mine, int t) {
    while (mine->pc < machine->length[t]) {
        const struct soak_instruction *at = &machine->code[t][mine->pc];
        if (at->op->code != SOAK_IF)
            return;
        bool is = mine->reg[at->op->other] == at->op->value;
        mine->pc = is ? (uint8_t)(mine->pc + 1) : at->skip;
    }
}

void soak_machine_start(const struct soak_machine *machine, struct soak_state *state) {
    memset(state, 0, sizeof *state);
    memcpy(state->semaphore, machine->program->semaphore, sizeof state->semaphore);
    if (machine->timed && machine->program->main_works) /* main looks at the clock once before */
        state->thread[0].looks = machine->model.late > 0 && machine->model.looks > 0;
    for (int t = 0; t < machine->program->threads; t++)
        settle(machine, &state->thread[t], t);
}

struct soak_position *soak_move_begin(struct soak_move *move) {
    move->to = *move->from;
    return soak_mine(move);
}

void soak_move_stay(struct soak_move *move) {
    move->machine->arrive(move->machine->data, &move->to, move->t);
}

static void go_to(struct soak_move *move, uint8_t pc) {
    struct soak_position *mine = soak_mine(move);
    mine->pc = pc;
    mine->phase = 0;
    mine->count = 0;
    settle(move->machine, mine, move->t);
    soak_move_stay(move);
}

void soak_move_on(struct soak_move *move) {
    go_to(move, (uint8_t)(soak_mine(move)->pc + 1));
}

void soak_move_past(struct soak_move *move) {
    go_to(move, move->at->skip);
}

void soak_move_result(struct soak_move *move, int result) {
    soak_mine(move)->reg[move->op->reg] = (uint8_t)result;
    soak_move_on(move);
}

/* --- time --- */

static void later(uint16_t *time, uint16_t other) {
    *time = *time < other ? other : *time;
}

void soak_move_touch(struct soak_move *move, int place, enum soak_mode mode) {
    struct soak_state *to = &move->to;
    uint16_t *clock = &soak_mine(move)->clock;
    if (!move->machine->timed)
        return;
    later(clock, to->floor);
    for (int other = 0; other < SOAK_MODES; other++)
        if (other != (int)mode || mode == SOAK_WRITES)
            later(clock, to->latest[place][other]);
    later(&to->latest[place][mode], *clock);
    later(&to->latest_of_all, *clock);
}

bool soak_move_is_over(const struct soak_move *move) {
    return move->to.thread[move->t].clock >= move->op->value;
}

/* --- plain accesses --- */

static soak_records record(int variable, int t, bool write) {
    return (soak_records)1 << ((variable * SOAK_THREADS + t) * 2 + write);
}

/* The old access of that kind is forgotten by all. */
static void forget(struct soak_known *known, soak_records old) {
    /* All of it is records. */
    _Static_assert(sizeof *known % sizeof old == 0, "nothing but records");
    soak_records *all = (soak_records *)known;
    for (size_t i = 0; i < sizeof *known / sizeof old; i++)
        all[i] &= ~old;
}

void soak_move_access(struct soak_move *move, int variable, bool write) {
    struct soak_known *known = &move->to.known;
    int t = move->t;
    for (int u = 0; u < SOAK_THREADS; u++) {
        soak_records others = record(variable, u, true) | (write ? record(variable, u, false) : 0);
        if (u != t && (others & known->exist & ~known->now[t]) != 0)
            move->machine->raced = true;
    }
    forget(known, record(variable, t, write));
    known->exist |= record(variable, t, write);
    known->now[t] |= record(variable, t, write);
}

/* --- all that can follow --- */

bool soak_machine_has_ended(const struct soak_machine *machine, const struct soak_state *state,
                            int t) {
    return t >= machine->program->threads ||
           (state->thread[t].pc == machine->length[t] && state->thread[t].stores == 0);
}

bool soak_machine_is_over(const struct soak_machine *machine, const struct soak_state *state) {
    for (int t = 0; t < machine->program->threads; t++)
        if (!soak_machine_has_ended(machine, state, t))
            return false;
    return true;
}

static bool stands(struct soak_move *move, struct soak_machine *machine,
                   const struct soak_state *from, int t) {
    *move = (struct soak_move){.machine = machine, .from = from, .t = t};
    if (from->thread[t].pc == machine->length[t])
        return false;
    move->at = &machine->code[t][from->thread[t].pc];
    move->op = move->at->op;
    return true;
}

static void usual(struct soak_move *move) {
    if (!soak_move_atomic(move) && !soak_move_lock(move) && !soak_move_wait(move) &&
        !soak_move_other(move))
        abort();
}

struct watched {
    void (*arrive)(void *data, const struct soak_state *to, int actor);
    void *data;
    unsigned able;
};

static void note_arrival(void *data, const struct soak_state *to, int actor) {
    struct watched *watched = data;
    watched->able |= 1U << actor;
    watched->arrive(watched->data, to, actor);
}

/* What threads and buffers can do for sure; who can. */
static unsigned step_usually(struct soak_machine *machine, const struct soak_state *from) {
    struct watched watched = {machine->arrive, machine->data, 0};
    struct soak_move move;
    machine->arrive = note_arrival;
    machine->data = &watched;
    for (int t = 0; t < machine->program->threads; t++) {
        bool stays = stands(&move, machine, from, t);
        if (stays)
            usual(&move);
        if (from->thread[t].stores > 0)
            soak_move_flush(&move);
    }
    machine->arrive = watched.arrive;
    machine->data = watched.data;
    return watched.able;
}

/* Who waits with a deadline to come; *first is the first of them. */
static unsigned timed_ones(struct soak_machine *machine, const struct soak_state *from,
                           int *first) {
    struct soak_move move;
    unsigned able = 0;
    *first = INT_MAX;
    for (int t = 0; t < machine->program->threads; t++) {
        int deadline = stands(&move, machine, from, t) ? soak_move_deadline(&move) : -1;
        able |= deadline >= 0 ? 1U << t : 0;
        if (deadline >= 0 && deadline < *first)
            *first = deadline;
    }
    return able;
}

unsigned soak_machine_step(struct soak_machine *machine, const struct soak_state *from) {
    struct soak_move move;
    int first;
    unsigned able = step_usually(machine, from), timed = timed_ones(machine, from, &first);
    for (int t = 0; t < machine->program->threads; t++) {
        if (!stands(&move, machine, from, t))
            continue;
        soak_move_early(&move);
        if (able == 0 && soak_move_deadline(&move) == first)
            soak_move_time_out(&move, false);
    }
    return able | timed;
}

void soak_machine_outcome(const struct soak_state *state, uint8_t outcome[SOAK_OUTCOME]) {
    for (int t = 0; t < SOAK_THREADS; t++, outcome += SOAK_REGISTERS)
        memcpy(outcome, state->thread[t].reg, SOAK_REGISTERS);
    memcpy(outcome, state->atomic, SOAK_ATOMICS);
    memcpy(outcome + SOAK_ATOMICS, state->plain, SOAK_PLAIN);
    memcpy(outcome + SOAK_ATOMICS + SOAK_PLAIN, state->semaphore, SOAK_SEMAPHORES);
}
