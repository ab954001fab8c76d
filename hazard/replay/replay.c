/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A schedule says how its program is built and which execution to make. The program that is found
 * may be another by now, because it was edited (to fix the bug, as like as not): then its checksum
 * differs, and what comes out is shown with that said. An unchanged program must do what was
 * recorded, each time; where it does not, the user is told what differs.
 */
#include "hazard/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/schedule_parse.h"
#include "explore/front/words.h"
#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_word.h"
#include "hazard/root.h"
#include "hazard/shell_line.h"
#include "hazard/suite/trial.h"
#include "symbols/checksum.h"

/* ---- Finding the program --------------------------------------------------------------------- */

/* Here, or beside the schedule. */
static const char *find_file(void *owner, const char *schedule, const char *path) {
    const char *slash = strrchr(schedule, '/');
    if (path[0] == '/' || slash == NULL || access(path, F_OK) == 0)
        return path;
    const char *beside =
        never_null(talloc_asprintf(owner, "%.*s/%s", (int)(slash - schedule), schedule, path));
    return access(beside, F_OK) == 0 ? beside : path;
}

static const char *const *words_of(void *owner, const struct replay *replay, size_t *count) {
    const struct schedule *schedule = replay->schedule;
    size_t sources = 0;
    while (schedule->sources[sources] != NULL)
        sources++;
    const char **words = new_array(owner, const char *, sources + 1);
    for (*count = 0; *count < sources; ++*count)
        words[*count] = find_file(owner, replay->file, schedule->sources[*count]);
    if (schedule->in_suite != NULL)
        words[(*count)++] = talloc_asprintf(owner, "%s/%s", replay->root, schedule->in_suite);
    if (schedule->binary != NULL)
        words[(*count)++] = find_file(owner, replay->file, schedule->binary);
    return words;
}

/* The words for the compiler, those that are paths likewise. */
static const char *const *flags_of(void *owner, const struct replay *replay) {
    struct cc_line flags = {.owner = owner};
    for (const char *const *at = replay->schedule->flags; *at != NULL; at++) {
        const struct cc_word word = cc_word_read(at);
        const char *path =
            word.stage == CC_INPUT ? *at
            : strncmp(*at, "-I", 2) == 0 || strncmp(*at, "-i", 2) == 0 || strncmp(*at, "-L", 2) == 0
                ? word.value
                : NULL;
        cc_line_add(&flags, path == NULL || word.count > 1
                                ? *at
                                : never_null(talloc_asprintf(
                                      owner, "%.*s%s", (int)(strlen(*at) - strlen(path)), *at,
                                      find_file(owner, replay->file, path))));
    }
    return cc_line_words(&flags);
}

static int find_program(void *owner, struct replay *replay, struct target *target,
                        struct error *error) {
    const struct schedule *schedule = replay->schedule;
    struct targets targets = {0};
    char *folder = getcwd(NULL, 0);
    replay->root = schedule->in_suite != NULL ? root_find(owner, error)
                                              : talloc_strdup(owner, folder != NULL ? folder : "/");
    free(folder);
    if (replay->root == NULL)
        return -1;
    struct target_words said = {.args = schedule->args, .command = "replay"};
    said.words = words_of(owner, replay, &said.count);
    if (cc_words_sort(owner, flags_of(owner, replay), &said.compiler, error) != 0)
        return -1;
    if (targets_in_suite(&said))
        return fail(error, "%s: there is no program %s", replay->file, said.words[0]);
    if (targets_resolve(owner, NULL, &said, &targets, error) != 0)
        return -1;
    *target = targets.items[0];
    target->name = schedule->program;
    return 0;
}

static const char *absolute(void *owner, const char *path, struct error *error) {
    char *resolved = realpath(path, NULL);
    const char *copy = resolved != NULL ? talloc_strdup(owner, resolved) : NULL;
    if (resolved == NULL)
        fail(error, "cannot read %s: %s", path, strerror(errno));
    free(resolved);
    return copy;
}

/* Another input may lead anywhere: nothing could be held against the record. */
static int find_input(void *owner, const struct replay *replay, struct surroundings *around,
                      struct error *error) {
    const struct schedule *schedule = replay->schedule;
    uint64_t checksum;
    if (schedule->input == NULL)
        return 0;
    around->input = absolute(owner, find_file(owner, replay->file, schedule->input), error);
    if (around->input == NULL || checksum_content(around->input, &checksum, error) != 0)
        return -1;
    if (checksum != schedule->input_checksum)
        return fail(error,
                    "%s: the program read %s, and that has changed since: put it back, or run "
                    "`hazard explore --stdin%s` again",
                    replay->file, schedule->input,
                    shell_line_add(talloc_strdup(owner, ""), schedule->input));
    return 0;
}

static int find_surroundings(void *owner, const struct replay *replay, struct surroundings *around,
                             struct error *error) {
    const struct schedule *schedule = replay->schedule;
    around->environment = schedule->environment;
    if (schedule->folder != NULL) {
        around->folder = absolute(owner, find_file(owner, replay->file, schedule->folder), error);
        if (around->folder == NULL)
            return -1;
    }
    return find_input(owner, replay, around, error);
}

int replay_prepare(void *owner, const char *file, const char *scratch, struct replay *replay,
                   const char **words, struct error *error) {
    *replay = (struct replay){.file = file, .difference = ""};
    const struct schedule *schedule = replay->schedule = schedule_read(owner, file, error);
    if (schedule == NULL)
        return -1;
    const struct flavour *flavour =
        schedule->compiler != NULL ? explore_flavour(schedule->compiler, error) : &flavour_explore;
    struct target target;
    const struct trial trial = {.target = &target, .build_folder = scratch};
    uint64_t checksum;
    if (flavour == NULL || find_program(owner, replay, &target, error) != 0 ||
        find_surroundings(owner, replay, &target.surroundings, error) != 0 ||
        trial_build(owner, &trial, flavour, &replay->subject, words, error) != 0 ||
        checksum_program(replay->subject.binary, &checksum, error) != 0)
        return -1;
    replay->changed = checksum != schedule->checksum;
    return 0;
}

/* ---- Running it ------------------------------------------------------------------------------ */

/* Addresses aside: a heap lies where its actor's number says, and that is the search's. */
static bool same_message(const char *a, const char *b) {
    static const char hex[] = "0123456789abcdef";
    while (*a != '\0' && *a == *b) {
        bool address = strncmp(a, "0x", 2) == 0 && strncmp(b, "0x", 2) == 0;
        a += address ? 2 + strspn(a + 2, hex) : 1;
        b += address ? 2 + strspn(b + 2, hex) : 1;
    }
    return *a == *b;
}

static bool is_recorded(const struct schedule *schedule, const struct finding *finding) {
    return (int)finding->kind == schedule->kind &&
           same_message(finding->message, schedule->message);
}

/* With --races=report races may be noted on the way to what was recorded. */
size_t replay_finding_index(const struct replay *replay) {
    const struct findings *findings = &replay->outcome.findings;
    for (size_t i = 0; i < findings->count; i++)
        if (is_recorded(replay->schedule, &findings->items[i]))
            return i;
    return 0;
}

const struct finding *replay_finding(const struct replay *replay) {
    const struct findings *findings = &replay->outcome.findings;
    return findings->count > 0 ? &findings->items[replay_finding_index(replay)] : NULL;
}

/* ---- The critical step ---------------------------------------------------------------------- */

/* Failures that show themselves far from their cause: there the runtime adds the critical step to
 * the finding's locations (runtime/explain.c), but only where it has searched for it. */
static bool is_explained(enum kind kind) {
    return kind == KIND_EXIT || kind == KIND_ASSERTION || kind == KIND_CRASH ||
           kind == KIND_STARVATION;
}

static bool has_place(const struct shared_finding *finding, const struct shared_step *step) {
    for (int i = 0; i < finding->location_count; i++)
        if (finding->locations[i].pc == step->pc &&
            finding->locations[i].actor == step->event.actor)
            return true;
    return false;
}

/* The critical step is known from the schedule. */
static void explain(void *owner, struct replay *replay) {
    struct explore_outcome *outcome = &replay->outcome;
    const struct shared *shared = outcome->shared;
    int critical = replay->schedule->critical;
    size_t index = replay_finding_index(replay);
    if (outcome->findings.count == 0 || critical < 0 || critical >= shared->trace_length)
        return;
    const struct shared_step *step = &shared->trace[critical];
    struct finding *finding = &outcome->findings.items[index];
    if (step->pc == 0 || !is_explained(finding->kind) || !is_recorded(replay->schedule, finding) ||
        has_place(&shared->findings[index], step))
        return;
    const struct message_doing doing = DOING(PART(SAY_UNAVOIDABLE));
    struct location location = {.actor = actor_words(owner, shared, step->event.actor),
                                .doing = words_doing(owner, outcome->objects, &doing)};
    objects_step(outcome->objects, step, &location, owner);
    finding_add_location(owner, finding, location);
}

static bool same_findings(const struct explore_outcome *a, const struct explore_outcome *b) {
    if (a->findings.count != b->findings.count || a->verdict != b->verdict)
        return false;
    for (size_t i = 0; i < a->findings.count; i++)
        if (a->findings.items[i].kind != b->findings.items[i].kind ||
            strcmp(a->findings.items[i].message, b->findings.items[i].message) != 0)
            return false;
    return true;
}

/* Field by field: what lies between them, and in accesses that are not used, is anything. */
static bool same_step(const struct shared_step *a, const struct shared_step *b) {
    const struct event *left = &a->event, *right = &b->event;
    if (left->actor != right->actor || left->alternative != right->alternative ||
        left->alternatives != right->alternatives || left->op.kind != right->op.kind ||
        left->op.access_count != right->op.access_count || a->flags != b->flags)
        return false;
    return (a->flags & STEP_HAS_VALUE) == 0 || a->value == b->value;
}

static bool same_run(const struct explore_outcome *a, const struct explore_outcome *b) {
    if (!same_findings(a, b) || a->shared->trace_length != b->shared->trace_length)
        return false;
    for (int i = 0; i < a->shared->trace_length; i++)
        if (!same_step(&a->shared->trace[i], &b->shared->trace[i]))
            return false;
    return true;
}

static const char *finding_words(void *owner, int kind, const char *message) {
    if (kind < 0)
        return "nothing";
    return never_null(talloc_asprintf(owner, "'%s: %s'", kind_name((enum kind)kind), message));
}

/* Holds what came out against the record. */
static void compare(void *owner, struct replay *replay) {
    const struct schedule *schedule = replay->schedule;
    const struct finding *finding = replay_finding(replay);
    int kind = finding != NULL ? (int)finding->kind : -1;
    const char *message = finding != NULL ? finding->message : "";
    const char *note = replay->changed ? "the program is not the one that was recorded (sources, "
                                         "compiler or hazard have changed)"
                                       : "";
    replay->difference = note;
    replay->as_recorded = true;
    if (replay->same < replay->times) {
        replay->as_recorded = false;
        replay->difference = talloc_asprintf(
            owner,
            "only %d of %d replays came out the same: the program does not depend on its "
            "schedule alone (time, addresses, random numbers, files?)",
            replay->same, replay->times);
    } else if (finding != NULL ? !is_recorded(schedule, finding) : schedule->kind >= 0) {
        replay->as_recorded = replay->changed && kind < 0;
        replay->difference =
            talloc_asprintf(owner, "recorded was %s, now there is %s%s%s",
                            finding_words(owner, schedule->kind, schedule->message),
                            finding_words(owner, kind, message), *note != '\0' ? "; " : "", note);
    }
}

static int stray(const struct replay *replay, struct error *error) {
    struct error why = *error;
    if (replay->changed)
        return fail(error, "%s: the program is not the one that was recorded: %s", replay->file,
                    why.text);
    return fail(error, "%s cannot be followed: %s", replay->file, why.text);
}

int replay_run(void *owner, struct replay *replay, int times, struct error *error) {
    struct explore_options options = schedule_options(owner, replay->schedule);
    for (replay->times = replay->same = 0; replay->times < times; replay->times++) {
        struct explore_outcome outcome;
        void *one = replay->times == 0 ? owner : talloc_new(owner);
        if (explore_run(one, &replay->subject, &options, NULL, NULL, &outcome, error) != 0)
            return stray(replay, error);
        if (outcome.interrupted)
            return fail(error, "interrupted");
        if (replay->times == 0)
            replay->outcome = outcome;
        replay->same += same_run(&replay->outcome, &outcome);
        if (one != owner)
            talloc_free(one);
    }
    if (replay->outcome.verdict == VERDICT_UNSUPPORTED)
        return fail(error, "%s: unsupported: %s", replay->schedule->program,
                    replay->outcome.detail);
    compare(owner, replay);
    explain(owner, replay);
    return 0;
}
