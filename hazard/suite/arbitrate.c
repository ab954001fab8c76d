/* SPDX-License-Identifier: MIT */
#include "hazard/suite/arbitrate.h"

#include <string.h>

#include "base/memory.h"

#define TSAN "tsan tsan-gcc"
#define ALL TSAN " helgrind drd"
#define MISUSE "no schedule misuses a lock"
#define WAKE_UP "no schedule loses a wake-up"

/*
 * Which reports a proof of explore refutes: those of which it judges the very thing, in every execution. Not here, and
 * so never refuted: a crash, a call that failed (Helgrind's PthAPIerror), locks in freed memory, threads that
 * end with a lock, and what happens in signal handlers (inject proves that of one signal, and no tool says which
 * signal its report is about).
 */
static const struct refutable {
    const char *detectors; /* with blanks between them */
    enum kind kind;
    const char *words;  /* in the message; NULL: any */
    const char *proved; /* "no schedule has a data race" */
} refutable[] = {
    {ALL, KIND_DATA_RACE, NULL, "no schedule has a data race"},
    {TSAN, KIND_USE_AFTER_FREE, NULL, "no schedule uses freed memory"},
    {TSAN " helgrind", KIND_LOCK_ORDER, NULL, "no schedule has a deadlock"},
    {TSAN, KIND_DEADLOCK, "double lock", "no schedule has a deadlock"},
    {"helgrind", KIND_DEADLOCK, "re-lock", "no schedule has a deadlock"},
    {"drd", KIND_DEADLOCK, "Recursive locking", "no schedule has a deadlock"},
    {TSAN, KIND_API_MISUSE, "destroy of a locked mutex", MISUSE},
    {TSAN, KIND_API_MISUSE, "use of an invalid mutex", MISUSE},
    {TSAN, KIND_API_MISUSE, "unlock of", MISUSE},
    {TSAN, KIND_API_MISUSE, "lock of a write locked", MISUSE},
    {"helgrind", KIND_API_MISUSE, "unlocked a", MISUSE},
    {"helgrind", KIND_API_MISUSE, "unlocked lock", MISUSE},
    {"helgrind", KIND_API_MISUSE, "associated lock is not held", WAKE_UP},
    {"drd", KIND_API_MISUSE, "Mutex not locked", MISUSE},
    {"drd", KIND_API_MISUSE, "associated mutex", WAKE_UP},
};

static bool names(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

const char *arbitrate_refutes(const char *detector, const struct finding *finding) {
    for (size_t i = 0; i < sizeof refutable / sizeof *refutable; i++) {
        const struct refutable *row = &refutable[i];
        if (row->kind == finding->kind && names(row->detectors, detector) &&
            (row->words == NULL || strstr(finding->message, row->words) != NULL))
            return row->proved;
    }
    return NULL;
}

static bool is_proved(const struct program_report *program) {
    for (size_t i = 0; i < program->cell_count; i++) {
        const struct result *result = &program->cells[i].result;
        if (strcmp(result->detector, "explore") == 0 && result->verdict == VERDICT_PROVED)
            return !result->conditional;
    }
    return false;
}

static void refute(void *owner, const char *detector, struct finding *finding) {
    const char *proved = arbitrate_refutes(detector, finding), *known = finding->doubt;
    if (proved == NULL)
        return;
    finding->refuted = true;
    finding->doubt =
        never_null(talloc_asprintf(owner, "refuted by explore: %s, so this is a false alarm%s%s",
                                   proved, known != NULL ? "; " : "", known != NULL ? known : ""));
}

/* Where no finding stands: is each refuted? */
static void weigh(struct result *result) {
    size_t refuted = 0, doubted = 0, count = result->findings.count;
    for (size_t i = 0; i < count; i++) {
        refuted += result->findings.items[i].refuted;
        doubted += result->findings.items[i].doubt != NULL;
    }
    if (count > 0 && doubted == count)
        result->verdict = refuted == count ? VERDICT_REFUTED : VERDICT_DOUBTFUL;
}

void arbitrate(void *owner, struct suite_report *report) {
    for (size_t i = 0; i < report->count; i++) {
        struct program_report *program = &report->programs[i];
        bool proved = is_proved(program);
        for (size_t j = 0; program->in_suite == NULL && j < program->cell_count; j++) {
            struct result *result = &program->cells[j].result;
            if (result->verdict != VERDICT_FOUND)
                continue;
            for (size_t k = 0; proved && k < result->findings.count; k++)
                refute(owner, result->detector, &result->findings.items[k]);
            weigh(result);
        }
    }
}
