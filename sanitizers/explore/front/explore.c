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
 * A verdict is only as good as its weakest part, so each way to end has one reading:
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

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "explore/front/check.h"
#include "explore/front/detail.h"
#include "explore/front/trace_marks.h"
#include "explore/front/words.h"
#include "explore/search/strategies.h"
#include "run/run_describe.h"

enum { EXHAUSTIVE_EXECUTIONS = 1000000, SAMPLED_EXECUTIONS = 10000, SCHEDULE_SHOWN = 500 };
enum { LOOK_MILLISECONDS = 100 };
#define NO_LIMIT_SECONDS 1e9
#define OUTPUT_BYTES ((size_t)64 << 20)
#define CAP_SECONDS 5 /* without an operation: stuck for good */

/* ---- The memory that is shared ------------------------------------------------------- */

struct mapping {
    void *start;
    int fd;
};

static int end_mapping(struct mapping *mapping) {
    munmap(mapping->start, SHARED_SIZE);
    close(mapping->fd);
    return 0;
}

static int64_t execution_limit(const struct explore_options *options) {
    if (options->executions >= 0)
        return options->executions;
    const struct strategy *strategy = strategies_find(options->strategy);
    return strategy != NULL && strategy->exhaustive ? EXHAUSTIVE_EXECUTIONS : SAMPLED_EXECUTIONS;
}

static void fill_config(struct shared_config *config, const struct explore_options *options) {
    *config = (struct shared_config){
        .seed = options->seed,
        .executions = execution_limit(options),
        .steps = options->steps,
        .bound = options->bound,
        .spurious = options->spurious,
        .races = (int32_t)options->races,
        .jobs = options->jobs,
        .minimise = options->minimise,
        .output = options->output,
        .keep_going = options->keep_going,
        .overtaking = options->overtaking,
        .cap = CAP_SECONDS,
        .trace = options->trace,
        .schedule_length = options->schedule_length,
    };
    strncpy(config->strategy, options->strategy, sizeof config->strategy - 1);
    if (options->schedule_length > 0)
        memcpy(config->schedule, options->schedule, 2 * (size_t)options->schedule_length);
}

/* A memory file is a file: the user's limit on their size (ulimit -f) holds for it. */
static int set_size(int fd) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    int result = ftruncate(fd, (off_t)SHARED_SIZE);
    int code = errno;
    signal(SIGXFSZ, before);
    errno = code;
    return result;
}

int explore_region_open(void *owner, const struct explore_options *options,
                        struct explore_region *region, struct error *error) {
    int fd = memfd_create("hazard", MFD_CLOEXEC);
    if (fd < 0 || set_size(fd) != 0) {
        int code = errno;
        if (fd >= 0)
            close(fd);
        return fail(error, "cannot make memory to share with the program: %s%s", strerror(code),
                    code == EFBIG ? ": raise the limit on file sizes (ulimit -f unlimited)" : "");
    }
    void *start =
        mmap(NULL, SHARED_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (start == MAP_FAILED) {
        int code = errno;
        close(fd);
        return fail(error, "cannot map memory to share with the program: %s", strerror(code));
    }
    struct mapping *mapping = new_array(owner, struct mapping, 1);
    *mapping = (struct mapping){start, fd};
    talloc_set_destructor(mapping, end_mapping);
    region->shared = start;
    region->fd = fd;
    region->environment = never_null(talloc_asprintf(owner, "%s=%d", SHARED_VARIABLE, fd));
    region->shared->left = -1;
    region->shared->critical = -1;
    fill_config(&region->shared->config, options);
    region->shared->raced = options->raced_count;
    if (options->raced_count > 0)
        memcpy(region->shared->raced_granules, options->raced,
               (size_t)options->raced_count * sizeof *options->raced);
    return 0;
}

/* ---- Running ------------------------------------------------------------------------- */

struct exploration {
    void *owner;
    const struct subject *subject;
    const struct explore_options *options;
    struct shared *shared;
    struct run_outcome run;
    struct explore_outcome *outcome;
    struct error *error;
};

/* A program without our runtime would simply run, whatever it does: better ask before. */
static int check_binary(const struct subject *subject, struct error *error) {
    void *scratch = new_owner();
    const char *text = file_read(scratch, subject->binary, error);
    int result = -1;
    if (text != NULL)
        result =
            memmem(text, talloc_get_size(text), SHARED_VARIABLE, strlen(SHARED_VARIABLE)) != NULL
                ? 0
                : fail(error,
                       "%s was not built for explore: compile and link it with `hazard cc` "
                       "(make CC=\"hazard cc\")",
                       subject->name);
    talloc_free(scratch);
    return result;
}

static int run_to_its_end(struct exploration *at, const struct explore_region *region,
                          explore_progress progress, void *data) {
    const char *environment[] = {region->environment, NULL};
    const struct explore_options *options = at->options;
    const struct run_spec spec = {
        .argv = subject_argv(at->owner, at->subject, NULL),
        .environment = environment,
        .limits = {.seconds = options->seconds > 0 ? options->seconds : NO_LIMIT_SECONDS,
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

/* ---- Findings ------------------------------------------------------------------------ */

static struct location make_location(const struct exploration *at,
                                     const struct shared_location *raw) {
    const struct explore_outcome *outcome = at->outcome;
    struct location location = {
        .actor = explore_actor(at->owner, at->shared, raw->actor),
        .doing = explore_words(at->owner, outcome->objects, raw->doing, raw->objects, 2),
        .context = raw->context != 0,
    };
    objects_stack(outcome->objects, raw->stack, raw->pc, &location, at->owner);
    return location;
}

static struct location step_location(const struct exploration *at, const struct shared_step *step) {
    struct objects *objects = at->outcome->objects;
    struct location location = {
        .actor = explore_actor(at->owner, at->shared, step->event.actor),
        .doing = explore_step_words(at->owner, at->shared, objects, step),
    };
    objects_step(objects, step, &location, at->owner);
    return location;
}

static void schedule_add(struct finding *finding, struct location one) {
    one.frame_count = one.frame_count > 1 ? 1 : one.frame_count;
    finding->schedule[finding->schedule_count++] = one;
}

/* The trace as the finding's schedule: the last steps, where the failure is, and the accesses that
 * race, which are no steps. */
static void add_schedule(const struct exploration *at, struct finding *finding) {
    const struct shared *shared = at->shared;
    struct trace_marks marks = trace_marks_of(at->outcome, 0);
    int first = shared->trace_length > SCHEDULE_SHOWN ? shared->trace_length - SCHEDULE_SHOWN : 0;
    finding->schedule_first = (size_t)first;
    finding->schedule =
        new_array(at->owner, struct location, shared->trace_length - first + marks.racing_count);
    for (int i = first; i < shared->trace_length; i++) {
        schedule_add(finding, step_location(at, &shared->trace[i]));
        for (int j = 0; j < marks.racing_count; j++)
            if (marks.racing[j].after == i && marks.racing[j].location < finding->location_count)
                schedule_add(finding, finding->locations[marks.racing[j].location]);
    }
}

/* The message without the kind in front of it ("deadlock: ", "lost wake-up: "), which is said by
 * the finding itself. */
static const char *without_kind(const char *message, enum kind kind) {
    const char *at = message, *name = kind_name(kind);
    while (*name != '\0') {
        if (*name == '-')
            name++;
        else if (*at == '-' || *at == ' ')
            at++;
        else if (*at++ != *name++)
            return message;
    }
    return strncmp(at, ": ", 2) == 0 ? at + 2 : message;
}

static void read_findings(const struct exploration *at) {
    const struct shared *shared = at->shared;
    int64_t *executions = new_array(at->owner, int64_t, shared->finding_count + 1);
    for (int i = 0; i < shared->finding_count; i++) {
        const struct shared_finding *raw = &shared->findings[i];
        struct finding finding = {
            .kind = (enum kind)raw->kind,
            .message =
                explore_words(at->owner, at->outcome->objects,
                              without_kind(raw->message, (enum kind)raw->kind), raw->objects, 4),
        };
        for (int j = 0; j < raw->location_count; j++)
            finding_add_location(at->owner, &finding, make_location(at, &raw->locations[j]));
        if (i == 0 && shared->trace_length > 0)
            add_schedule(at, &finding);
        findings_add(at->owner, &at->outcome->findings, finding);
        executions[i] = raw->execution;
    }
    at->outcome->finding_execution = executions;
}

/* ---- The verdict --------------------------------------------------------------------- */

/* The end that the runtime did not come to write: a limit of ours, or a failure of its own. */
static int ended_by_run(const struct exploration *at, enum verdict *verdict, const char **why) {
    *verdict = VERDICT_BOUNDED;
    switch (at->run.end) {
    case RUN_TIME_LIMIT:
        *why = never_null(
            talloc_asprintf(at->owner, "its time of %g s was over", at->options->seconds));
        return 0;
    case RUN_MEMORY_LIMIT:
        *why = never_null(talloc_asprintf(at->owner, "the %zu MiB of memory granted were used up",
                                          at->options->memory_bytes >> 20));
        return 0;
    case RUN_INTERRUPTED:
        *why = "it was interrupted";
        return 0;
    case RUN_STUCK:
        *verdict = VERDICT_UNSUPPORTED;
        *why = "the program waits in a call of the kernel that explore does not know";
        return 0;
    case RUN_EXITED:
    case RUN_SIGNALED:
    case RUN_OUTPUT_LIMIT:
    case RUN_PROCESS_LIMIT:
        break;
    }
    return fail(at->error, "explore itself failed: the search in %s did not come to its end: %s",
                at->subject->name, run_explain(at->owner, &at->run));
}

static int diverged(const struct exploration *at) {
    if (strcmp(at->options->strategy, "replay") == 0)
        return fail(at->error, "%s strays from the schedule: %s", at->subject->name,
                    at->shared->reason);
    return fail(
        at->error,
        "%s is not deterministic: %s. Under one schedule it must always do the same; the "
        "usual causes are the time of day, random numbers, addresses that decide something, "
        "memory that is never set, and files that change",
        at->subject->name, at->shared->reason);
}

/* What came out but for findings; *why: of what is not proved. -1 and the error. */
static int read_end(const struct exploration *at, enum verdict *verdict, const char **why) {
    const struct strategy *strategy = strategies_find(at->options->strategy);
    bool exhaustive = strategy != NULL && strategy->exhaustive;
    *why = at->shared->reason;
    switch ((enum shared_end)at->shared->end) {
    case SHARED_RUNNING:
    case SHARED_FOUND: /* without a finding: no word that counts */
        return ended_by_run(at, verdict, why);
    case SHARED_EXHAUSTED:
        *verdict = exhaustive ? VERDICT_PROVED : VERDICT_BOUNDED;
        *why = never_null(talloc_asprintf(at->owner, "strategy %s does not try all that differ",
                                          at->options->strategy));
        return 0;
    case SHARED_BUDGET:
        *verdict = VERDICT_BOUNDED;
        return 0;
    case SHARED_UNSUPPORTED:
        *verdict = VERDICT_UNSUPPORTED;
        return 0;
    case SHARED_DIVERGED:
        return diverged(at);
    case SHARED_FAILED:
        return fail(at->error, "explore itself failed: %s", at->shared->reason);
    }
    return -1;
}

static int judge(const struct exploration *at) {
    struct explore_outcome *outcome = at->outcome;
    const char *why = "";
    bool found = at->shared->finding_count > 0 && at->shared->end != SHARED_DIVERGED &&
                 at->shared->end != SHARED_FAILED;
    if (!found && read_end(at, &outcome->verdict, &why) != 0)
        return -1;
    if (found)
        outcome->verdict = VERDICT_FOUND;
    outcome->detail = explore_detail(at->owner, outcome, at->options, why);
    return 0;
}

static int check_version(const struct exploration *at) {
    uint32_t version = at->shared->version;
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
    if (check_version(at) != 0 || shared_check(at->shared, at->error) != 0)
        return -1;
    outcome->objects =
        objects_open(at->owner, at->subject->binary, shared->base, shared, at->error);
    if (outcome->objects == NULL)
        return -1;
    outcome->sources = at->subject->sources.count > 0
                           ? at->subject->sources
                           : symbols_sources(objects_symbols(outcome->objects));
    outcome->shared = shared;
    outcome->executions = shared->executions;
    outcome->blocked = shared->blocked;
    outcome->steps = shared->steps;
    outcome->deepest = shared->deepest;
    outcome->seconds = at->run.seconds;
    outcome->interrupted = at->run.end == RUN_INTERRUPTED;
    read_findings(at);
    return judge(at);
}

int explore_run(void *owner, const struct subject *subject, const struct explore_options *options,
                explore_progress progress, void *data, struct explore_outcome *outcome,
                struct error *error) {
    struct explore_region region = {0};
    struct exploration at = {
        .owner = owner, .subject = subject, .options = options, .outcome = outcome, .error = error};
    *outcome = (struct explore_outcome){.verdict = VERDICT_UNSUPPORTED, .detail = ""};
    if (check_binary(subject, error) != 0 ||
        explore_region_open(owner, options, &region, error) != 0)
        return -1;
    at.shared = region.shared;
    if (run_to_its_end(&at, &region, progress, data) != 0)
        return -1;
    return read_outcome(&at);
}
