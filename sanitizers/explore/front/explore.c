/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * hazard makes a memfd, writes into it what is asked, and starts the program with the descriptor's
 * number in its environment. The runtime inside (explore/runtime) takes it from there: it forks
 * workers, runs execution after execution, and writes what came out into the same memory; its last
 * word is `end`. hazard watches the counters meanwhile, ends the program when the time or the
 * memory that was granted is used up (run.c), and reads the outcome when nobody writes any more.
 *
 * A verdict is only as good as its weakest part, so each way to end has one reading, in
 * outcome_verdict.c:
 *
 *   findings, whatever the end         found
 *   EXHAUSTED by a strategy that tries all    proved
 *   EXHAUSTED by a sample, BUDGET, our limits    bounded
 *   UNSUPPORTED, or blocked in the kernel    unsupported
 *   DIVERGED, FAILED, or no word at all    no verdict: an error
 *
 * Addresses are fixed where the kernel allows it; nothing that is printed depends on them.
 */
#include "explore/front/explore.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "explore/front/check.h"
#include "explore/front/exploration.h"
#include "explore/front/objects.h"
#include "explore/front/outcome_findings.h"
#include "explore/front/outcome_verdict.h"
#include "explore/front/region.h"
#include "explore/front/sharing.h"
#include "explore/shared_version.h"
#include "run/run_describe.h"
#include "symbols/units.h"

enum { LOOK_MILLISECONDS = 100 };
#define NO_LIMIT_SECONDS 1e9
#define GRACE_SECONDS 10 /* the search keeps to its time, and shows what it found in it */
#define OUTPUT_BYTES ((size_t)64 << 20)

/* ---- Running ------------------------------------------------------------------------- */

/* A program without our runtime would simply run, whatever it does: better ask before. (What cannot
 * be read, the run will complain of.) */
const char *explore_objection(void *owner, const struct subject *subject) {
    void *scratch = new_owner();
    struct error error;
    const char *text = file_read(scratch, subject->binary, &error), *why = NULL;
    if (text == NULL)
        why = never_null(talloc_strdup(owner, error.text));
    else if (memmem(text, talloc_get_size(text), SHARED_VARIABLE, strlen(SHARED_VARIABLE)) == NULL)
        why = never_null(
            talloc_asprintf(owner,
                            "%s was not built for explore: compile and link it with `hazard cc` "
                            "(make CC=\"hazard cc\", or `hazard make`)",
                            subject->name));
    talloc_free(scratch);
    return why;
}

static int run_to_its_end(struct exploration *at, const struct explore_region *region,
                          explore_progress progress, void *data) {
    const char *environment[] = {region->environment, NULL};
    const struct explore_options *options = at->options;
    const struct run_spec spec = {
        .argv = subject_argv(at->owner, at->subject, NULL),
        .environment = environment,
        .surroundings = at->subject->surroundings,
        .limits = {.seconds = NO_LIMIT_SECONDS,
                   .wall_seconds =
                       options->seconds > 0 ? options->seconds + GRACE_SECONDS : NO_LIMIT_SECONDS,
                   .output_bytes = OUTPUT_BYTES,
                   .memory_bytes = options->memory_bytes},
        .fixed_addresses = true,
        .keep_fd = region->fd,
    };
    struct run *run = run_start(at->owner, &spec, at->error);
    if (run == NULL)
        return -1;
    double started = clock_seconds();
    while (run_step(run, LOOK_MILLISECONDS))
        if (progress != NULL)
            progress(region->shared, clock_seconds() - started, data);
    run_finish(run, &at->run);
    return 0;
}

static int check_version(const struct exploration *at) {
    uint64_t version = at->shared->version;
    if (version == SHARED_VERSION)
        return 0;
    if (at->run.end == RUN_INTERRUPTED)
        return fail(at->error, "interrupted");
    if (version == 0)
        return fail(at->error,
                    "%s did not start to explore (%s): was it built and linked with `hazard cc`?",
                    at->subject->name, run_explain(at->owner, &at->run));
    return fail(at->error, "%s was built with another version of hazard: build it again",
                at->subject->name);
}

static int read_outcome(struct exploration *at) {
    const struct shared *shared = at->shared;
    struct explore_outcome *outcome = at->outcome;
    if (check_version(at) != 0 || check_shared(at->shared, at->error) != 0)
        return -1;
    outcome->objects =
        objects_open(at->owner, at->subject->binary, shared->base, shared, at->error);
    if (outcome->objects == NULL)
        return -1;
    outcome->sources = at->subject->sources.count > 0
                           ? at->subject->sources
                           : symbols_sources(objects_symbols(outcome->objects));
    outcome->shared = shared;
    outcome->executions = shared->counts.executions;
    outcome->blocked = shared->counts.blocked;
    outcome->steps = shared->counts.steps;
    outcome->deepest = shared->counts.deepest;
    outcome->states = shared->counts.states;
    outcome->state_steps = shared->counts.state_steps;
    outcome->seconds = at->run.seconds;
    outcome->interrupted = at->run.end == RUN_INTERRUPTED;
    outcome_findings(at);
    return outcome_verdict(at);
}

int explore_run(void *owner, const struct subject *subject, const struct explore_options *options,
                explore_progress progress, void *data, struct explore_outcome *outcome,
                struct error *error) {
    struct explore_region region = {0};
    struct exploration at = {
        .owner = owner, .subject = subject, .options = options, .outcome = outcome, .error = error};
    *outcome = (struct explore_outcome){.verdict = VERDICT_UNSUPPORTED, .up_to = "", .detail = ""};
    const char *why = explore_objection(owner, subject);
    if (why != NULL)
        return fail(error, "%s", why);
    if (sharing_check(options, error) != 0 ||
        (options->shards > 0 &&
         sharing_identity(subject, options, &outcome->identity, error) != 0) ||
        region_open(owner, options, &region, error) != 0)
        return -1;
    at.shared = region.shared;
    at.shared->config.input = subject->surroundings.input != NULL;
    const struct units_compiled compiled = units_compiled(subject->binary, OBJECTS_RUNTIME_FILES);
    at.shared->config.sequences = compiled.before_c23;
    at.shared->config.frames = compiled.by_clang;
    if (options->sv_comp)
        at.shared->config.atomic_blurred =
            units_blur(subject->binary, OBJECTS_RUNTIME_FILES, "__VERIFIER_atomic_");
    if (run_to_its_end(&at, &region, progress, data) != 0)
        return -1;
    return read_outcome(&at);
}
