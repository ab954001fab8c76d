/* SPDX-License-Identifier: MIT */
/*
 * The hidden state of libraries: each is an object to the search, and a variable to the race
 * detector and to people. The variables are never used otherwise; hazard finds their names here.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/calls/visit.h"
#include "explore/runtime/race.h"

#define X(name, races, variable) static uint64_t variable;
HIDDEN_STATES(X)
#undef X

static const struct {
    uint64_t *variable;
    bool races;
} states[] = {
#define X(name, races, variable) {&variable, races},
    HIDDEN_STATES(X)
#undef X
};

void visit_hidden(struct visit *visit, enum hidden hidden, bool write) {
    uint64_t *variable = states[hidden].variable;
    if (states[hidden].races)
        race_access((uintptr_t)variable, sizeof *variable, write, visit->pc);
    visit_touch(visit, (uint64_t)hidden << 3 | OBJECT_HIDDEN, write ? MODE_WRITE : MODE_READ,
                variable);
}
