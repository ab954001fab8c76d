/* SPDX-License-Identifier: MIT */
/*
 * Drives a strategy over a synthetic program, as the runtime would drive it over a real one; and
 * enumerates a program by brute force.
 *
 * A trace is recognised by a hash that does not depend on the order of independent steps: the sum
 * over its events of a hash of who, its how manieth event, which alternative, and the vector clock
 * of what happened before it. The clocks come from comparing each operation with all earlier ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/search/synthetic_machine.h"

enum { WORKERS = 4 };

/* Sets of hashes. */

static size_t find(const struct hashes *hashes, uint64_t key) {
    size_t at = key & (hashes->capacity - 1);
    while (hashes->keys[at] != 0 && hashes->keys[at] != key)
        at = (at + 1) & (hashes->capacity - 1);
    return at;
}

static void grow(struct hashes *hashes) {
    struct hashes old = *hashes;
    hashes->capacity = old.capacity == 0 ? 1024 : 2 * old.capacity;
    hashes->keys = calloc(hashes->capacity, sizeof *hashes->keys);
    hashes->values = calloc(hashes->capacity, sizeof *hashes->values);
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.keys[i] == 0)
            continue;
        size_t at = find(hashes, old.keys[i]);
        hashes->keys[at] = old.keys[i];
        hashes->values[at] = old.values[i];
    }
    free(old.keys);
    free(old.values);
}

/* The value stays that of the first insertion; was it new? */
static bool insert(struct hashes *hashes, uint64_t key, uint64_t value, uint64_t *first) {
    if (2 * hashes->count >= hashes->capacity)
        grow(hashes);
    key += key == 0;
    size_t at = find(hashes, key);
    bool is_new = hashes->keys[at] == 0;
    if (is_new) {
        hashes->keys[at] = key;
        hashes->values[at] = value;
        hashes->count++;
    }
    *first = hashes->values[at];
    return is_new;
}

bool same_hashes(const struct hashes *a, const struct hashes *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->capacity; i++)
        if (a->keys[i] != 0 && b->keys[find(b, a->keys[i])] == 0)
            return false;
    return true;
}

void counts_free(struct counts *counts) {
    free(counts->states.keys);
    free(counts->states.values);
    free(counts->traces.keys);
    free(counts->traces.values);
    free(counts->schedule);
    memset(counts, 0, sizeof *counts);
}

/* Traces. */

struct trace {
    struct event *events;
    int32_t *clocks; /* a row of `width` for each event: how many events of each actor happened */
    int32_t *nth;
    int width, count, capacity;
    uint64_t hash;
};

static void trace_reserve(struct trace *trace) {
    if (trace->count < trace->capacity)
        return;
    trace->capacity = trace->capacity == 0 ? 64 : 2 * trace->capacity;
    size_t n = (size_t)trace->capacity;
    trace->events = realloc(trace->events, n * sizeof *trace->events);
    trace->clocks = realloc(trace->clocks, n * (size_t)trace->width * sizeof *trace->clocks);
    trace->nth = realloc(trace->nth, n * sizeof *trace->nth);
}

static void trace_free(struct trace *trace) {
    free(trace->events);
    free(trace->clocks);
    free(trace->nth);
}

/* The finaliser of splitmix64: as hashes are added up, they must not be related. */
static uint64_t scramble(uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

/* Appends the event and adds its hash. */
static void trace_add(struct trace *trace, const struct event *event) {
    trace_reserve(trace);
    int at = trace->count++;
    size_t width = (size_t)trace->width;
    int32_t *clock = &trace->clocks[(size_t)at * width];
    memset(clock, 0, width * sizeof *clock);
    trace->events[at] = *event;
    for (int i = 0; i < at; i++) {
        const struct event *earlier = &trace->events[i];
        if (earlier->actor != event->actor && i != event->enabled_by &&
            !op_dependent(&earlier->op, &event->op))
            continue;
        for (size_t a = 0; a < width; a++)
            if (trace->clocks[(size_t)i * width + a] > clock[a])
                clock[a] = trace->clocks[(size_t)i * width + a];
    }
    trace->nth[at] = ++clock[event->actor];
    uint64_t hash = scramble((uint64_t)event->actor << 8 | event->alternative);
    for (size_t a = 0; a < width; a++)
        hash = scramble(hash ^ (uint64_t)clock[a]);
    trace->hash += hash;
}

/* Running a strategy. */

struct player {
    void *worker;
    struct arena own;
    char *region;
    struct machine machine;
    struct trace trace;
    uint8_t *schedule;
    int steps;
    bool running, over;
};

struct session {
    const struct program *program;
    const struct strategy *strategy;
    const struct run_options *options;
    struct counts *counts;
    void *search;
    int steps_limit, ends;
    struct player players[WORKERS];
};

/* Untouched memory costs nothing; touched memory is given back when the run is over. */
static const size_t shared_size = (size_t)4 << 30, own_size = (size_t)1 << 30;

static void exhausted(void) {
    fprintf(stderr, "synthetic: the arena is full\n");
    abort();
}

static char *make_region(struct arena *arena, size_t size) {
    char *region = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED)
        abort();
    arena_init(arena, region, size, exhausted);
    return region;
}

static void attach(struct session *session, struct player *player) {
    if (player->region != NULL)
        munmap(player->region, own_size);
    player->region = make_region(&player->own, own_size);
    player->worker = session->strategy->attach(session->search, &player->own);
}

struct asking {
    const struct strategy *strategy;
    void *worker;
};

static int ask_strategy(void *data, int n, enum choice kind) {
    const struct asking *asking = data;
    return asking->strategy->alternative(asking->worker, n, kind);
}

/* The schedule of the last execution, for those who look at it. */
static void note_schedule(struct session *session, struct player *player) {
    struct counts *counts = session->counts;
    size_t size = 2 * (size_t)player->steps;
    counts->schedule = realloc(counts->schedule, size + 2);
    memcpy(counts->schedule, player->schedule, size);
    counts->schedule_length = player->steps;
    counts->trace = player->trace.hash;
}

static void note_trace(struct session *session, struct player *player, enum ending ending) {
    uint64_t ignored;
    if (!session->options->traces || ending == END_REDUNDANT)
        return;
    if (ending != END_CUT)
        insert(&session->counts->states, machine_hash(&player->machine), 0, &ignored);
    if (!insert(&session->counts->traces, player->trace.hash, 0, &ignored))
        session->counts->repeated++;
}

static void finish(struct session *session, struct player *player, struct view *view,
                   enum ending ending) {
    struct counts *counts = session->counts;
    player->running = false;
    int abandon = session->options->abandon;
    if (abandon > 0 && ++session->ends % abandon == 0) {
        session->strategy->end(player->worker, view, END_ABANDONED);
        attach(session, player);
        return;
    }
    counts->executions++;
    counts->steps += player->steps;
    counts->complete += ending == END_COMPLETE || ending == END_FOUND;
    counts->redundant += ending == END_REDUNDANT;
    counts->cut += ending == END_CUT;
    counts->found += ending == END_FOUND;
    if (ending == END_FOUND && counts->first_found == 0)
        counts->first_found = counts->executions;
    counts->deadlocks += ending == END_COMPLETE && machine_stuck(&player->machine, view);
    note_trace(session, player, ending);
    note_schedule(session, player);
    session->strategy->end(player->worker, view, ending);
    if (session->options->after != NULL)
        session->options->after(session->options->data, counts, ending);
}

/* One step of the execution; false: it diverged. */
static bool make_step(struct session *session, struct player *player, int actor) {
    struct event event;
    struct asking asking = {session->strategy, player->worker};
    if (!machine_step(&player->machine, actor, &(struct chooser){ask_strategy, &asking}, &event))
        return false;
    player->schedule[2 * player->steps] = (uint8_t)actor;
    player->schedule[2 * player->steps + 1] = event.alternative;
    player->steps++;
    if (session->options->traces)
        trace_add(&player->trace, &event);
    session->strategy->step(player->worker, &event);
    return true;
}

static void diverge(struct session *session, struct player *player, struct view *view) {
    session->counts->diverged++;
    session->strategy->end(player->worker, view, END_ABANDONED);
    for (int i = 0; i < WORKERS; i++)
        session->players[i].over = true;
}

static enum ending how_it_ended(const struct player *player, const struct view *view) {
    if (player->machine.failed)
        return END_FOUND;
    return view->enabled == 0 ? END_COMPLETE : END_CUT;
}

static void play_step(struct session *session, struct player *player) {
    struct view view = machine_view(&player->machine);
    bool over =
        player->machine.failed || view.enabled == 0 || player->steps == session->steps_limit;
    int actor = over ? -1 : session->strategy->pick(player->worker, &view);
    if (over)
        finish(session, player, &view, how_it_ended(player, &view));
    else if (actor == PICK_REDUNDANT)
        finish(session, player, &view, END_REDUNDANT);
    else if (actor < 0 || actor >= view.count || !view.actors[actor].enabled ||
             !make_step(session, player, actor))
        diverge(session, player, &view);
}

static void play(struct session *session, struct player *player) {
    if (player->running) {
        play_step(session, player);
        return;
    }
    enum begin begin = session->strategy->begin(player->worker);
    player->over = begin == BEGIN_OVER;
    player->running = begin == BEGIN_RUN;
    player->steps = 0;
    player->trace.count = 0;
    player->trace.hash = 0;
    if (player->running)
        machine_start(&player->machine, session->program);
}

static bool ended(const struct session *session, int workers) {
    const struct run_options *options = session->options;
    bool over = true;
    for (int i = 0; i < workers; i++)
        over &= session->players[i].over;
    return over || (options->limit > 0 && session->counts->executions >= options->limit) ||
           (options->stop && session->counts->found > 0);
}

void run(const struct program *program, const struct strategy *strategy,
         const struct search_config *config, const struct run_options *options,
         struct counts *counts) {
    struct session *session = calloc(1, sizeof *session);
    struct arena shared;
    char *region = make_region(&shared, shared_size);
    int workers = options->workers > 0 ? options->workers : 1;
    memset(counts, 0, sizeof *counts);
    *session = (struct session){.program = program,
                                .strategy = strategy,
                                .options = options,
                                .counts = counts,
                                .search = strategy->create(&shared, config),
                                .steps_limit = options->steps > 0 ? options->steps : 10000};
    for (int i = 0; i < workers; i++) {
        struct player *player = &session->players[i];
        player->trace.width = program->threads;
        player->schedule = calloc(2, (size_t)session->steps_limit + 1);
        attach(session, player);
    }
    while (!ended(session, workers))
        for (int i = 0; i < workers && !ended(session, workers); i++)
            if (!session->players[i].over)
                play(session, &session->players[i]);
    counts->left = strategy->left != NULL ? strategy->left(session->search) : -1;
    counts->shared = (size_t)(shared.next - region);
    for (int i = 0; i < workers; i++) {
        munmap(session->players[i].region, own_size);
        free(session->players[i].schedule);
        trace_free(&session->players[i].trace);
    }
    munmap(region, shared_size);
    free(session);
}

/* Brute force. */

struct enumeration {
    const struct program *program;
    struct counts *counts;
    struct hashes prefixes; /* trace -> state */
    struct trace trace;
};

struct answer {
    int answer, n; /* what to say; how many there were */
};

static int give_answer(void *data, int n, enum choice kind) {
    struct answer *answer = data;
    (void)kind;
    answer->n = n;
    return answer->answer;
}

static void enumerate_from(struct enumeration *all, const struct machine *machine);

/* Every alternative of the actor's next step. */
static void enumerate_actor(struct enumeration *all, const struct machine *machine, int actor) {
    struct machine *next = malloc(sizeof *next);
    struct answer answer = {0, 1};
    for (; answer.answer < answer.n; answer.answer++) {
        struct event event;
        machine_copy(next, machine);
        if (!machine_step(next, actor, &(struct chooser){give_answer, &answer}, &event))
            abort();
        uint64_t before = all->trace.hash, state = machine_hash(next), first;
        trace_add(&all->trace, &event);
        if (insert(&all->prefixes, all->trace.hash, state, &first))
            enumerate_from(all, next);
        else
            all->counts->diverged += first != state;
        all->trace.count--;
        all->trace.hash = before;
    }
    free(next);
}

static void enumerate_from(struct enumeration *all, const struct machine *machine) {
    struct machine *here = malloc(sizeof *here);
    machine_copy(here, machine);
    struct view view = machine_view(here);
    uint64_t ignored;
    if (view.enabled == 0) {
        all->counts->complete++;
        all->counts->found += here->failed;
        all->counts->deadlocks += machine_stuck(here, &view);
        insert(&all->counts->states, machine_hash(here), 0, &ignored);
        insert(&all->counts->traces, all->trace.hash, 0, &ignored);
    }
    for (int actor = 0; actor < view.count; actor++)
        if (here->actors[actor].enabled)
            enumerate_actor(all, here, actor);
    free(here);
}

void enumerate(const struct program *program, struct counts *counts) {
    struct enumeration all = {program, counts, {0}, {.width = program->threads}};
    struct machine *machine = malloc(sizeof *machine);
    memset(counts, 0, sizeof *counts);
    machine_start(machine, program);
    enumerate_from(&all, machine);
    free(machine);
    trace_free(&all.trace);
    free(all.prefixes.keys);
    free(all.prefixes.values);
}
