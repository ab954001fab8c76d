/* SPDX-License-Identifier: MIT */
/*
 * The hidden state of libraries: each is an object to the search, and a variable to the race
 * detector and to people. The variables are never used otherwise; hazard finds their names here.
 *
 * Some of it programs can see: the library declares the variable (environ, timezone, optind). The
 * library's own accesses to those count as atomic: its locks, or the race on the hidden state, say
 * what two calls are to each other, but a plain access by the program is a race with them.
 */
#include "explore/runtime/base.h"

#include <dlfcn.h>
#include <unistd.h>

#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/race.h"

#define X(name, races, variable) static uint64_t variable;
HIDDEN_STATES(X)
#undef X

static const struct {
    uint64_t *variable;
    bool races;
} states[] = {
#define X(name, races, variable) {&(variable), races},
    HIDDEN_STATES(X)
#undef X
};

/* Each of its names, as a program that uses one of them may have a copy of its own of the variable,
 * under the names that its linker knew of. */
static struct {
    const char *name;
    enum hidden hidden;
    uint8_t size;
    bool constant; /* the library only reads it */
    uintptr_t address;
} public_variables[] = {
    {"environ", HIDDEN_environment, 8, false, 0},   {"_environ", HIDDEN_environment, 8, false, 0},
    {"__environ", HIDDEN_environment, 8, false, 0}, {"timezone", HIDDEN_timezone, 8, false, 0},
    {"__timezone", HIDDEN_timezone, 8, false, 0},   {"daylight", HIDDEN_timezone, 4, false, 0},
    {"__daylight", HIDDEN_timezone, 4, false, 0},   {"tzname", HIDDEN_timezone, 16, false, 0},
    {"__tzname", HIDDEN_timezone, 16, false, 0},    {"optind", HIDDEN_getopt, 4, false, 0},
    {"optarg", HIDDEN_getopt, 8, false, 0},         {"optopt", HIDDEN_getopt, 4, false, 0},
    {"opterr", HIDDEN_getopt, 4, true, 0},          {"getdate_err", HIDDEN_getdate, 4, false, 0},
    {"signgam", HIDDEN_signgam, 4, false, 0},       {"__signgam", HIDDEN_signgam, 4, false, 0},
};

enum { PUBLIC = sizeof public_variables / sizeof *public_variables };

/* The words that came with the process, from the first to behind the last. */
static uintptr_t words_start, words_end;

static void find_words(void) {
    words_start = UINTPTR_MAX;
    words_end = 0;
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        uintptr_t word = (uintptr_t)*entry;
        if (word < words_start)
            words_start = word;
        if (word >= words_end)
            words_end = word + 1;
    }
}

void hidden_variables_find(void) {
    find_words();
    for (int i = 0; i < PUBLIC; i++)
        public_variables[i].address = (uintptr_t)dlsym(RTLD_DEFAULT, public_variables[i].name);
}

/* One that came later may be the program's own (putenv): the library reads its name. */
static void read_word(uintptr_t word, uintptr_t pc) {
    if (word >= words_start && word < words_end)
        return;
    const volatile char *at = (const volatile char *)word;
    size_t size = 0;
    while (at[size] != '\0' && at[size] != '=')
        size++;
    race_access(word, size + 1, false, pc);
}

/* The array that environ points to, as it came with the process: setenv writes to it, getenv reads
 * it. One that setenv has made is the library's. */
static void access_environment(uintptr_t variable, bool write, uintptr_t pc) {
    uintptr_t list = *(const uintptr_t *)variable;
    size_t count = 1; /* with its end */
    if (list == 0)
        return;
    for (const uintptr_t *entry = (const uintptr_t *)list; *entry != 0; entry++) {
        read_word(*entry, pc);
        count++;
    }
    if (!heap_has(list))
        race_atomic(list, count * sizeof list, write, pc);
}

static void visit_public(struct visit *visit, enum hidden hidden, bool write) {
    for (int i = 0; i < PUBLIC; i++) {
        uintptr_t address = public_variables[i].address;
        if (public_variables[i].hidden != hidden || address == 0)
            continue;
        race_atomic(address, public_variables[i].size, write && !public_variables[i].constant,
                    visit->pc);
        if (hidden == HIDDEN_environment)
            access_environment(address, write, visit->pc);
        if (clocks->raced > 0) /* the program's accesses may be steps */
            visit_all(visit);
    }
}

void hidden_touch(struct visit *visit, enum hidden hidden, bool write) {
    uint64_t *variable = states[hidden].variable;
    if (states[hidden].races)
        race_access((uintptr_t)variable, sizeof *variable, write, visit->pc);
    visit_touch(visit, (uint64_t)hidden << 3 | OBJECT_HIDDEN, write ? MODE_WRITE : MODE_READ,
                variable);
    visit_public(visit, hidden, write);
}
