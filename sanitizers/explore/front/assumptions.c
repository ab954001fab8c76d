/* SPDX-License-Identifier: MIT */
/*
 * A proof holds under assumptions, and a reader must see them beside it: how often a wait may wake
 * for nothing, which atomics were taken for stronger than they are, which calls nobody knows.
 */
#include "explore/front/assumptions.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "explore/front/objects.h"

static const struct bound_words {
    const char *name;                     /* as the option's */
    size_t offset;                        /* of the number among the options */
    const char *none, *some, *one, *more; /* in `some` @ is "3 times", # is "3" */
} bound_words[BOUND_COUNT] = {
    [BOUND_SPURIOUS] = {"spurious", offsetof(struct explore_options, spurious),
                        "no wait wakes up for nothing", "every thread may wake up @ for nothing",
                        "wake-up for nothing", "wake-ups for nothing"},
    [BOUND_WEAK] = {"weak", offsetof(struct explore_options, weak),
                    "no weak compare-exchange fails for nothing",
                    "every thread's weak compare-exchanges may fail @ for nothing",
                    "weak compare-exchange that fails for nothing",
                    "weak compare-exchanges that fail for nothing"},
    [BOUND_TIMEOUTS] = {"timeouts", offsetof(struct explore_options, timeouts),
                        "no time-out strikes early", "every thread may time out early @",
                        "early time-out", "early time-outs"},
    [BOUND_LATE] = {"late", offsetof(struct explore_options, late),
                    "no thread is late when it looks at the clock",
                    "every thread may look at the clock late @, by an hour",
                    "look at the clock an hour late", "looks at the clock an hour late"},
    [BOUND_LOOKS] = {"looks", offsetof(struct explore_options, looks),
                     "no look at the clock is late",
                     "of a thread's looks at the clock only the first # may be late",
                     "look that may be late", "looks that may be late"},
    [BOUND_STORES] = {"stores", offsetof(struct explore_options, stores),
                      "no store waits in a store buffer",
                      "a store buffer holds no more than # of its thread's stores",
                      "store in a store buffer", "stores in a store buffer"},
};

/* BOUND_FREE: as often as it likes. */
static int bound_number(enum bound bound, const struct explore_outcome *outcome,
                        const struct explore_options *options) {
    int number = *(const int *)(const void *)((const char *)options + bound_words[bound].offset);
    const struct strategy *strategy = explore_decided(options, outcome->shared);
    return strategy != NULL && strategy->states ? number : bounds_usual(bound, number);
}

/* A proof that stops at a bound says so with its first words. */
static bool is_reached(enum bound bound, const struct explore_outcome *outcome,
                       const struct explore_options *options) {
    return (outcome->verdict == VERDICT_PROVED || outcome->share_done) &&
           bound_number(bound, outcome, options) > 0 &&
           outcome->shared->counts.bounds[bound] == BOUND_REACHED;
}

static const struct bound_words *words_of(const struct assumption *assumption) {
    for (int bound = 0; bound < BOUND_COUNT; bound++)
        if (assumption->reached && strcmp(bound_words[bound].name, assumption->name) == 0)
            return &bound_words[bound];
    return NULL;
}

static bool assumes(const struct assumption *list, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].name, ASSUMPTIONS_PROGRAM) == 0)
            return true;
    return false;
}

const char *assumptions_up_to(void *owner, const struct assumption *list, int count, bool tso) {
    bool own = assumes(list, count);
    char *words = never_null(talloc_strdup(owner, tso && own ? " under TSO and its assumptions"
                                                  : tso      ? " under TSO"
                                                  : own      ? " under its assumptions"
                                                             : ""));
    int all = 0, left;
    for (int i = 0; i < count; i++)
        all += words_of(&list[i]) != NULL;
    left = all;
    for (int i = 0; i < count; i++) {
        const struct bound_words *bound = words_of(&list[i]);
        if (bound == NULL)
            continue;
        words = never_null(talloc_asprintf_append(words, "%s%d %s",
                                                  left == all ? " up to "
                                                  : left > 1  ? ", "
                                                              : " and ",
                                                  (int)list[i].number,
                                                  list[i].number == 1 ? bound->one : bound->more));
        left--;
    }
    return all == 0 ? words : never_null(talloc_asprintf_append(words, " a thread"));
}

static struct assumption *add(struct assumption *next, const char *name, int64_t number,
                              const char *words) {
    *next = (struct assumption){.name = name, .words = words, .number = number};
    return next + 1;
}

static const char *times(void *owner, int number) {
    return number == 1 ? "once" : never_null(talloc_asprintf(owner, "%d times", number));
}

static const char *one_bound(void *owner, const struct bound_words *words, int number) {
    if (number == 0)
        return words->none;
    size_t before = strcspn(words->some, "@#");
    const char *said =
        words->some[before] == '#' ? number_with_commas(owner, number) : times(owner, number);
    return never_null(talloc_asprintf(owner, "%.*s%s%s", (int)before, words->some, said,
                                      words->some + before + 1));
}

/* One that was asked for on wake-ups stands in every verdict, as most programs have one; any other only where the
 * program could have come near it. */
static struct assumption *add_bounds(struct assumption *next, void *owner,
                                     const struct explore_outcome *outcome,
                                     const struct explore_options *options) {
    for (int bound = 0; bound < BOUND_COUNT; bound++) {
        int number = bound_number((enum bound)bound, outcome, options);
        bool always = bound == BOUND_SPURIOUS && options->spurious != BOUND_FREE;
        if (number == BOUND_FREE ||
            (!always && outcome->shared->counts.bounds[bound] == BOUND_UNUSED))
            continue;
        next = add(next, bound_words[bound].name, number,
                   one_bound(owner, &bound_words[bound], number));
        next[-1].reached = is_reached((enum bound)bound, outcome, options);
    }
    return next;
}

static const char *unknown_words(void *owner, const struct shared *shared) {
    char *words = never_null(talloc_strdup(owner, "calls not modelled: "));
    for (int i = 0; i < shared->unknown_count; i++)
        words = never_null(
            talloc_asprintf_append(words, "%s%s", i > 0 ? ", " : "", shared->unknown[i]));
    return never_null(
        talloc_asprintf_append(words, " (followed, and taken as conflicting with everything)"));
}

static int unseen_count(const struct shared *shared) {
    int count = 0;
    while (count < SHARED_UNSEEN && shared->unseen[count] != 0)
        count++;
    return count;
}

static struct frame unseen_place(const struct explore_outcome *outcome, int index) {
    return symbols_frame(objects_symbols(outcome->objects), outcome->shared->unseen[index] + 1);
}

/* " at seat.c:31"; "" if the program's debug information does not tell, or the line is there already. */
static char *add_unseen(char *words, const struct explore_outcome *outcome, int index) {
    struct frame frame = unseen_place(outcome, index);
    if (frame.file == NULL)
        return words;
    for (int i = 0; i < index; i++) {
        struct frame earlier = unseen_place(outcome, i);
        if (earlier.file != NULL && earlier.line == frame.line &&
            strcmp(earlier.file, frame.file) == 0)
            return words;
    }
    const char *slash = strrchr(frame.file, '/');
    return never_null(talloc_asprintf_append(words, "%s%s:%d", index > 0 ? ", " : " at ",
                                             slash != NULL ? slash + 1 : frame.file, frame.line));
}

static const char *audit_words(void *owner, const struct explore_outcome *outcome, int unseen) {
    bool all = outcome->shared->unaudited == 0;
    char *words = never_null(
        talloc_strdup(owner, all ? "audited: all code that ran" : "audited: what can be decoded"));
    if (unseen == 0)
        return words;
    words = never_null(talloc_asprintf_append(words, ", of it %d access%s without a hook", unseen,
                                              unseen == 1 ? "" : "es"));
    for (int i = 0; i < unseen; i++)
        words = add_unseen(words, outcome, i);
    return words;
}

/* How many accesses no hook announced. */
static struct assumption *add_audit(struct assumption *next, void *owner,
                                    const struct explore_outcome *outcome) {
    int unseen = unseen_count(outcome->shared);
    if (outcome->shared->audited == 0)
        return add(next, "audit", -1, "not audited");
    return add(next, "audit", unseen, audit_words(owner, outcome, unseen));
}

/* What the memory model leaves out of what C11 allows. */
static struct assumption *add_memory(struct assumption *next, void *owner,
                                     const struct explore_outcome *outcome,
                                     const struct explore_options *options) {
    const struct shared *shared = outcome->shared;
    const char *plural = shared->weak_atomics == 1 ? "" : "s";
    if (shared->weak_atomics > 0 && options->memory == MEMORY_SC)
        next = add(next, "sequential-consistency", shared->weak_atomics,
                   never_null(talloc_asprintf(
                       owner, "under sequential consistency (%lld weaker atomic%s seen as seq_cst)",
                       (long long)shared->weak_atomics, plural)));
    if (shared->weak_atomics > 0 && options->memory == MEMORY_TSO)
        next =
            add(next, "tso", shared->weak_atomics,
                never_null(talloc_asprintf(
                    owner,
                    "%lld atomic%s weaker than seq_cst done as x86-64 does (TSO): C11 allows more",
                    (long long)shared->weak_atomics, plural)));
    if (shared->sequences != 0)
        next =
            add(next, "release-sequences", -1,
                "a release sequence goes on with relaxed stores of its thread, as in C11 and C17");
    return next;
}

static const char *untold_words(void *owner, const struct shared *shared) {
    return never_null(talloc_asprintf(
        owner, "%lld compare-exchange%s, weak or not, taken for strong",
        (long long)shared->untold_exchanges, shared->untold_exchanges == 1 ? "" : "s"));
}

/* n states of which no two may share a hash of 128 bits: n * n / 2^129, as a power of ten. */
const char *assumptions_states(void *owner, int64_t states) {
    int zeros = (int)floor(129 * log10(2) - 2 * log10((double)states));
    return never_null(talloc_asprintf(
        owner, "that two states share a hash of 128 bits has a probability below 1 in 10^%d",
        zeros));
}

/* Executions are one of each class, and not the one in which somebody waits longest. */
static const char *whoever(const struct explore_options *options) {
    return options->overtaking > 0 ? "whoever waits is" : "whoever waited was";
}

const char *assumptions_program_words(void *owner, int64_t executions) {
    return never_null(talloc_asprintf(
        owner, "%s execution%s ended where an assumption of the program's did not hold",
        number_with_commas(owner, executions), executions == 1 ? "" : "s"));
}

int assumptions_list(void *owner, const struct explore_outcome *outcome,
                     const struct explore_options *options, struct assumption *list) {
    const struct shared *shared = outcome->shared;
    struct assumption *next = add_bounds(list, owner, outcome, options);
    next = add_memory(next, owner, outcome, options);
    if (shared->counts.states > 0 && (outcome->verdict == VERDICT_PROVED || outcome->share_done))
        next = add(next, ASSUMPTIONS_STATES, shared->counts.states,
                   assumptions_states(owner, shared->counts.states));
    if (shared->counts.assumed > 0)
        next = add(next, ASSUMPTIONS_PROGRAM, shared->counts.assumed,
                   assumptions_program_words(owner, shared->counts.assumed));
    if (shared->untold_exchanges > 0)
        next = add(next, "weak-untold", shared->untold_exchanges, untold_words(owner, shared));
    if (options->races == RACES_IGNORE)
        next = add(next, "races", -1,
                   "data races are not judged, and what races is seen at once, as if seq_cst");
    if (shared->counts.overtaken > 0 && outcome->verdict == VERDICT_PROVED)
        next = add(next, "overtaking", shared->counts.overtaken,
                   never_null(talloc_asprintf(owner, "%s overtaken at most %lld time%s",
                                              whoever(options), (long long)shared->counts.overtaken,
                                              shared->counts.overtaken == 1 ? "" : "s")));
    if (shared->unknown_count > 0)
        next = add(next, "unknown-calls", shared->unknown_count, unknown_words(owner, shared));
    next = add_audit(next, owner, outcome);
    if (shared->input_ended != 0)
        next = add(next, "input", -1, ASSUMPTIONS_INPUT);
    return (int)(next - list);
}

bool assumptions_are_conditions(const struct explore_outcome *outcome,
                                const struct explore_options *options) {
    for (int bound = 0; bound < BOUND_COUNT; bound++)
        if (is_reached((enum bound)bound, outcome, options))
            return true;
    return outcome->shared->counts.assumed > 0 || options->races == RACES_IGNORE;
}

const char *assumptions_reached(void *owner, const struct explore_outcome *outcome,
                                const struct explore_options *options) {
    struct assumption list[ASSUMPTIONS];
    bool proved = outcome->verdict == VERDICT_PROVED || outcome->share_done;
    bool tso = proved && outcome->shared->weak_atomics > 0 && options->memory == MEMORY_TSO;
    int count = assumptions_list(owner, outcome, options, list);
    return proved ? assumptions_up_to(owner, list, count, tso) : "";
}
