/* SPDX-License-Identifier: MIT */
#include "inject/family/limits.h"

#include "base/clock.h"
#include "run/run.h"

/* Processes at once: each that sleeps is looked at after each step of another. */
#define MOST_ALIVE 256

/* Of a run without a signal; what it really came to is known afterwards... */
#define UNDISTURBED_MADE 4000
#define UNDISTURBED_WAITS 30000

/* ...and one with a signal may take so many times as much, and what a handler is expected to. */
#define MUCH_MORE 4
#define LEAST_MADE 400
#define LEAST_WAITS 3000

struct limits limits_undisturbed(const _Atomic bool *stop, double until) {
    return (struct limits){.stop = stop,
                           .until = until,
                           .most_made = UNDISTURBED_MADE,
                           .most_waits = UNDISTURBED_WAITS};
}

void limits_learn(struct limits *limits, const struct limits *undisturbed) {
    limits->most_made = LEAST_MADE + MUCH_MORE * undisturbed->made;
    limits->most_waits = LEAST_WAITS + MUCH_MORE * undisturbed->waits;
}

void limits_restart(struct limits *limits) {
    limits->made = limits->waits = 0;
    limits->endless = false;
}

void limits_widen(struct limits *limits, double patience) {
    limits->most_made = (size_t)((double)limits->most_made * patience);
    limits->most_waits = (size_t)((double)limits->most_waits * patience);
}

enum limits_end limits_look(const struct limits *limits) {
    if (run_interrupted() || (limits->stop != NULL && *limits->stop))
        return LIMITS_STOP;
    return limits->until > 0 && clock_seconds() >= limits->until ? LIMITS_TIME : LIMITS_NONE;
}

/* 0 is no limit. */
static bool counts(size_t *count, size_t most, bool *endless) {
    bool more = ++*count > most && most != 0;
    *endless = *endless || more;
    return more;
}

enum limits_end limits_count_process(struct limits *limits, size_t alive) {
    bool more = counts(&limits->made, limits->most_made, &limits->endless);
    if (alive > MOST_ALIVE && limits->most_made != 0)
        return LIMITS_ALIVE;
    return more ? LIMITS_MADE : LIMITS_NONE;
}

enum limits_end limits_count_wait(struct limits *limits) {
    return counts(&limits->waits, limits->most_waits, &limits->endless) ? LIMITS_WAITS
                                                                        : LIMITS_NONE;
}

const char *limits_words(enum limits_end end) {
    switch (end) {
    case LIMITS_ALIVE:
        return "has more than 256 processes at once: inject leads no more";
    case LIMITS_MADE:
        return "makes processes without end";
    case LIMITS_WAITS:
        return "waits and goes on without end";
    case LIMITS_NONE:
    case LIMITS_STOP:
    case LIMITS_TIME:
        break;
    }
    return "";
}
