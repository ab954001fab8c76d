/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/stages.h"

/* The two that can prove, and the samples. */
enum { DPOR, STATES, RANDOM, POS, SEARCHES };

static const char *const names[SEARCHES] = {"dpor", "states", "random", "pos"};

/* Dpor's very first turn shows what is simple; what it comes to late a sample may come to soon. */
enum {
    BRIEF = 1 << 12,
    SAMPLE = 24 /* executions of each, */,
    SAMPLE_STEPS = 1 << 13 /* ... or so many steps */
};

/* Steps of the first turn behind that, and how many times more in each that follows. A step of states takes as long as 20
 * to 40 of dpor; so the choice costs two or three times what the better one does. States begin, with a few: in most
 * programs they merge soon, or not at all. */
static const int64_t first_turn[] = {1 << 17, 1 << 11};
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
static struct outlook {    /* of dpor, after its latest turn */
    double made, expected; /* executions: so far, and in all by its own estimate */
    bool hurries;          /* it has been given another turn at once */
    bool lags; /* what it expects grows as fast as what it made: the end is not in sight */
} outlook;
static bool proved; /* by dpor, up to some bounds; states may do without */

void stages_begin(void) {
    const struct shared_config *config = &shared->config;
    is_auto = !control_by_hand && strcmp(config->strategy, "auto") == 0;
    chooses = is_auto && !config->keep_going && config->races != RACES_REPORT;
    turn = DPOR;
    proved = sampled = false;
    outlook = (struct outlook){0};
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

/* What a sample counts on from. */
static const struct stage_search *sampled_before(void) {
    return &searches[turn == POS ? RANDOM : DPOR];
}

int64_t stages_steps(void) {
    if (!chooses)
        return 0;
    if (samples())
        return sampled_before()->counts.steps + SAMPLE_STEPS;
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
        give_back(sampled_before());
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

/* States would have no more to spend than it takes to come to where there is a choice. */
static bool states_stand_back(void) {
    return !searches[DPOR].last && searches[STATES].limit <= control->alone;
}

/* A sample came to nothing. */
static void end_sample(void) {
    searches[turn].counts = shared->counts;
    if (turn == RANDOM)
        turn = POS;
    else
        turn = states_stand_back() ? DPOR : STATES;
}

/* By its own estimate dpor is through soon: then it goes on, with as much as that takes and a half more. The estimate
 * may be far too low: so twice running only if it has not grown meanwhile. */
static bool is_nearly_through(struct stage_search *dpor, double left) {
    enum { SOON = 4 };
    double made = (double)shared->counts.executions;
    bool stands = !outlook.hurries || made + left < 1.25 * outlook.expected;
    if (dpor->last || left > SOON * made || !stands)
        return false;
    double enough = (double)control_steps() * (1.25 + 1.5 * left / made);
    if (enough < (double)dpor->limit)
        dpor->limit = (int64_t)enough;
    return true;
}

/* (Not where several work at it: what they are at is chance.) */
static void look_ahead(struct stage_search *dpor) {
    double left = shared->config.jobs > 1 || control->strategy->left == NULL
                      ? -1
                      : control->strategy->left(control->search);
    if (left < 0) {
        outlook = (struct outlook){0};
        return;
    }
    double made = (double)shared->counts.executions, expected = made + left;
    outlook = (struct outlook){.hurries = is_nearly_through(dpor, left),
                               .lags = expected * outlook.made > 0.75 * made * outlook.expected &&
                                       outlook.made > 0,
                               .made = made,
                               .expected = expected};
}

static void take_turns(void) {
    if (turn == DPOR)
        look_ahead(&searches[DPOR]);
    if (turn == STATES && outlook.lags && !searches[STATES].last)
        outlook.lags = false; /* they have another turn */
    else if (turn == DPOR && (outlook.hurries || states_stand_back()))
        searches[STATES].limit *= MORE;
    else if (!searches[1 - turn].last)
        turn = 1 - turn;
}

bool stages_next(void) {
    if (!chooses)
        return false;
    if (control->late != 0 || control->weary != 0) {
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
    struct stage_search *mine = &searches[turn];
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
    take_turns();
    return !searches[turn].last;
}
