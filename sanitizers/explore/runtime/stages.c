/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/stages.h"

/* The two that can prove, and the samples. */
enum { DPOR, STATES, RANDOM, POS, SEARCHES };

static const char *const names[SEARCHES] = {"dpor", "states", "random", "pos"};

/* Dpor's very first turn shows what is simple; what it comes to late a sample may come to soon. */
enum { BRIEF = 1 << 12, SAMPLE = 24 /* executions of each */ };

/* Steps of the first turn, and how many times more in each that follows. A step of states takes as long as 10 to 20 of
 * dpor, so the turns of both take about as long, and the choice costs twice what the better one does. */
static const int64_t first_turn[] = {1 << 17, 1 << 13};
enum { MORE = 4, UPGRADE = 1 << 19 /* for a proof without bounds */ };

/* What a search came to so far. */
static struct stage_search { /* of a sample: only its counts */
    void *search;            /* NULL: it has not begun */
    int64_t limit;
    bool last; /* it has no more to spend */
    struct shared_counts counts;
    int64_t cut;
} searches[SEARCHES];

static bool is_auto;
static bool chooses; /* between the two; but all findings are asked of dpor */
static int turn;
static bool sampled;
static bool proved; /* by dpor, up to some bounds; states may do without */

void stages_begin(void) {
    const struct shared_config *config = &shared->config;
    is_auto = !control_by_hand && strcmp(config->strategy, "auto") == 0;
    chooses = is_auto && !config->keep_going && config->races != RACES_REPORT;
    turn = DPOR;
    proved = sampled = false;
    for (int i = 0; i < SEARCHES; i++)
        searches[i] = (struct stage_search){0};
    searches[DPOR].limit = BRIEF;
    searches[STATES].limit = first_turn[STATES];
}

static bool samples(void) {
    return turn == RANDOM || turn == POS;
}

const char *stages_strategy(void) {
    if (control_by_hand)
        return "replay";
    return is_auto ? names[turn] : shared->config.strategy;
}

/* What the user grants in executions is granted to states in steps. */
static int64_t most_of_states(void) {
    enum { STEPS = 16 }; /* for an execution */
    int64_t executions = shared->config.executions;
    return executions > 0 && executions <= INT64_MAX / STEPS ? STEPS * executions : INT64_MAX;
}

int64_t stages_executions(void) {
    return chooses && samples() ? SAMPLE : shared->config.executions;
}

int64_t stages_steps(void) {
    if (!chooses || samples())
        return 0;
    int64_t most = turn == STATES ? most_of_states() : INT64_MAX;
    if (proved && most > UPGRADE)
        most = UPGRADE;
    struct stage_search *mine = &searches[turn];
    mine->last = mine->limit >= most;
    return mine->last ? most : mine->limit;
}

void stages_reset_counts(void) {
    shared->counts = (struct shared_counts){.left = -1};
    control->cut = 0;
}

static void keep(struct stage_search *mine) {
    mine->search = control->again_soon != 0 ? NULL : control->search; /* or it has to heed more */
    mine->counts = shared->counts;
    mine->cut = control->cut;
}

static void give_back(const struct stage_search *mine) {
    shared->counts = mine->counts;
    control->cut = mine->cut;
}

void *stages_search(void) {
    if (chooses && samples()) /* they count on */
        give_back(&searches[turn == POS ? RANDOM : DPOR]);
    if (!chooses || searches[turn].search == NULL)
        return NULL;
    give_back(&searches[turn]);
    return searches[turn].search;
}

void stages_forget(void) {
    for (int i = 0; i < SEARCHES; i++)
        searches[i].search = NULL;
}

/* Bounds that states do without. */
static bool met_bounds(void) {
    for (int bound = 0; bound < BOUND_COUNT; bound++)
        if (shared->config.bounds[bound] == BOUND_FREE &&
            shared->counts.bounds[bound] != BOUND_UNUSED)
            return true;
    return false;
}

/* Dpor's proof stands. */
static void take_proof(void) {
    give_back(&searches[DPOR]);
    memcpy(shared->decided, "dpor", sizeof "dpor");
    control->exhausted = 1;
    control->stop = 0;
    control->given_up = 0;
}

/* As far as the user's grant has room for them. */
static bool begin_samples(void) {
    int64_t executions = shared->config.executions;
    if (sampled)
        return false;
    sampled = true;
    searches[DPOR].limit = first_turn[DPOR];
    if (executions > 0 && searches[DPOR].counts.executions + 2 * SAMPLE > executions)
        return false;
    turn = RANDOM;
    return true;
}

/* A sample came to nothing. */
static void end_sample(void) {
    searches[turn].counts = shared->counts;
    if (turn == RANDOM)
        turn = POS;
    else
        turn = searches[DPOR].last ? STATES : DPOR;
}

bool stages_next(void) {
    if (!chooses)
        return false;
    if (control->late != 0) {
        if (proved)
            take_proof();
        return false;
    }
    if (samples()) {
        end_sample();
        return true;
    }
    bool over = control->exhausted != 0, through = over && control->cut == 0;
    int64_t executions = shared->config.executions;
    struct stage_search *mine = &searches[turn], *other = &searches[1 - turn];
    keep(mine);
    mine->last |= over || control->given_up != 0 ||
                  (turn == DPOR && executions > 0 &&
                   shared->counts.executions + shared->counts.assumed >= executions);
    mine->limit *= MORE;
    if (proved && !through && mine->last)
        take_proof();
    if (turn == DPOR && through && met_bounds())
        proved = true;
    else if (through || (proved && mine->last))
        return false;
    if (turn == DPOR && !proved && begin_samples())
        return true;
    if (!other->last)
        turn = 1 - turn;
    return !searches[turn].last;
}
