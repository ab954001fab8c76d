/* SPDX-License-Identifier: MIT */
#include "explore/front/region.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "explore/search/strategies.h"

enum { EXHAUSTIVE_EXECUTIONS = 1000000, SAMPLED_EXECUTIONS = 10000 };
#define NANOSECONDS 1e9
#define CAP_SECONDS 3 /* without an operation: stuck for good */

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
    return strategy == NULL || strategy->exhaustive ? EXHAUSTIVE_EXECUTIONS : SAMPLED_EXECUTIONS;
}

static uint64_t kinds_at(const struct severities *severities, enum severity severity) {
    uint64_t kinds = 0;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        kinds |= (uint64_t)(severities->of[kind] == severity) << kind;
    return kinds;
}

/* Whether an exit status is the same under every schedule a part of the search cannot know. */
static uint64_t kinds_warned(const struct explore_options *options) {
    uint64_t kinds = kinds_at(&options->severities, SEVERITY_WARNING);
    return options->shards > 0 ? kinds & ~(UINT64_C(1) << KIND_EXIT) : kinds;
}

/* How long somebody can wait is seen by all states, and by no one order of each class. */
static const char *strategy_of(const struct explore_options *options) {
    if (strcmp(options->strategy, "auto") != 0)
        return options->strategy;
    bool all_findings = options->keep_going || options->races == RACES_REPORT;
    return options->shards > 0                        ? "dpor"
           : options->overtaking > 0 && !all_findings ? "states"
                                                      : options->strategy;
}

static void fill_config(struct shared_config *config, const struct explore_options *options) {
    *config = (struct shared_config){
        .seed = options->seed,
        .executions = execution_limit(options),
        .steps = options->steps,
        .bound = options->bound,
        .bounds = {[BOUND_SPURIOUS] = options->spurious,
                   [BOUND_WEAK] = options->weak,
                   [BOUND_TIMEOUTS] = options->timeouts,
                   [BOUND_LATE] = options->late,
                   [BOUND_LOOKS] = options->looks,
                   [BOUND_STORES] = options->stores},
        .races = (int32_t)options->races,
        .audit = (int32_t)options->audit,
        .memory = (int32_t)options->memory,
        .warned = kinds_warned(options),
        .ignored = kinds_at(&options->severities, SEVERITY_IGNORED),
        .allow_exit = options->allow_exit,
        .jobs = options->jobs,
        .shard = options->shard - 1,
        .shards = options->shards,
        .minimise = options->minimise,
        .output = options->output,
        .keep_going = options->keep_going,
        .overtaking = options->overtaking,
        .cap = CAP_SECONDS,
        .deadline = options->seconds > 0
                        ? (int64_t)((clock_seconds() + options->seconds) * NANOSECONDS)
                        : 0,
        .effort = options->effort,
        .trace = options->trace,
        .schedule_length = options->schedule_length,
    };
    config->sv_comp = options->sv_comp;
    if (options->reach != NULL)
        strncpy(config->reach, options->reach, sizeof config->reach - 1);
    strncpy(config->strategy, strategy_of(options), sizeof config->strategy - 1);
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

int region_open(void *owner, const struct explore_options *options, struct explore_region *region,
                struct error *error) {
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
    region->shared->counts.left = -1;
    region->shared->critical = -1;
    fill_config(&region->shared->config, options);
    region->shared->raced = options->raced_count;
    if (options->raced_count > 0)
        memcpy(region->shared->raced_granules, options->raced,
               (size_t)options->raced_count * sizeof *options->raced);
    return 0;
}
