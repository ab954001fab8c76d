/* SPDX-License-Identifier: MIT */
/*
 * The server: the first process, which never runs the program. It makes the search, in shared
 * memory, and forks workers; one that ends with WORKER_AGAIN (kernel state was touched, more
 * threads are wanted) is replaced by a fresh one.
 *
 * Phases: the search; and when something failed: the failing schedule minimised, its critical step
 * found, and the failing execution once more, traced.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "explore/runtime/by_hand.h"
#include "explore/runtime/control.h"
#include "explore/runtime/explain.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/real.h"
#include "explore/runtime/server.h"
#include "explore/runtime/stages.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"
#include "explore/search/failure/critical.h"
#include "explore/search/failure/minimise.h"
#include "explore/search/policy/policies.h"
#include "explore/search/search.h"
#include "explore/search/shard/shard.h"
#include "explore/search/states/states.h"
#include "explore/search/strategies.h"
#include "report/kind.h"

enum { WORKERS = 64, LEND_AT_FIRST = 7 };

/* Whoever else wants of it must come to see that all is over. */
static void shared_full(void) {
    arena_unlock(&control->arena);
    unsupported_number(0, SAY_SEARCH_MEMORY, SHARED_SIZE >> 30);
}

/* Who has the lock may have died with it; then all is over. */
static void give_way(void) {
    if (shared->end != SHARED_RUNNING)
        system_call(SYS_exit_group, WORKER_DONE, 0, 0, 0, 0, 0);
    system_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

static const struct strategy *phase_strategy(enum control_phase phase) {
    switch (phase) {
    case PHASE_SEARCH:
        if (shared->config.shards > 0)
            return strcmp(stages_strategy(), states_strategy.name) == 0 ? &shard_states_strategy
                                                                        : &shard_strategy;
        return strategies_find(stages_strategy());
    case PHASE_MINIMISE:
        return &minimise_strategy;
    case PHASE_CRITICAL:
        return &critical_strategy;
    case PHASE_TRACE:
        return &replay_strategy;
    }
    return NULL;
}

static void arena_renew(void) {
    char *start = (char *)(((uintptr_t)(control + 1) + 63) & ~(uintptr_t)63);
    arena_init(&control->arena, start, (size_t)((char *)finding_schedules() - start), shared_full);
    control->arena.wait = give_way;
    memset(control->uses, 0, sizeof control->uses);
    control->use_count = 0;
    stages_forget();
}

static void search_make(enum control_phase phase) {
    const struct shared_config *config = &shared->config;
    control->phase = (int32_t)phase;
    control->facts = control->learnt;
    control->strategy = phase_strategy(phase);
    control->step_limit = phase == PHASE_SEARCH ? stages_steps() : 0;
    if (phase == PHASE_SEARCH && control->strategy != NULL)
        memcpy(shared->decided, control->strategy->name, strlen(control->strategy->name) + 1);
    control->search_config = (struct search_config){
        .seed = config->seed,
        .bound = config->bound,
        .executions = phase == PHASE_SEARCH ? stages_executions() : 0,
        .schedule = config->schedule,
        .schedule_length = config->schedule_length,
        .shard = config->shard,
        .shards = config->shards,
    };
    if (phase != PHASE_SEARCH) {
        control->search_config.schedule = control->schedule;
        control->search_config.schedule_length = control->schedule_length;
    }
    control->stop = control->again = control->again_soon = control->exhausted = 0;
    control->given_up = 0;
    control->search = phase == PHASE_SEARCH ? stages_search() : NULL;
    if (control->strategy != NULL && control->search == NULL)
        control->search = control->strategy->create(&control->arena, &control->search_config);
}

/* The child goes on to the program. */
static pid_t worker_start(void) {
    pid_t (*real_fork)(void) = (pid_t(*)(void))(uintptr_t)real_function("fork");
    pid_t pid = real_fork();
    if (pid == 0)
        system_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
    return pid;
}

static void worker_died(int status) {
    control->stop = 1;
    if (shared->end != SHARED_RUNNING)
        return;
    if (!control->main_reached) {
        message_set(&shared->reason, PART(SAY_ENDED_BEFORE_MAIN));
        shared->end = SHARED_UNSUPPORTED;
        return;
    }
    if (WIFSIGNALED(status))
        message_set(&shared->reason, PART(SAY_WORKER_KILLED, (uint64_t)WTERMSIG(status)));
    else
        message_set(&shared->reason, PART(SAY_WORKER_ENDED, (uint64_t)WEXITSTATUS(status)));
    shared->end = SHARED_FAILED;
}

/* Runs the workers of one phase to their end. true in a worker: go on to the program. */
static bool workers_run(int count) {
    int alive = 0;
    for (; alive < count; alive++) {
        pid_t pid = worker_start();
        if (pid == 0)
            return true;
        if (pid < 0)
            break;
    }
    while (alive > 0) {
        int status = 0;
        long pid = system_call(SYS_wait4, -1, (long)&status, 0, 0, 0, 0);
        if (pid == -EINTR)
            continue;
        if (shared->end != SHARED_RUNNING) /* who waits for what it was at would wait for ever */
            control->stop = 1;
        bool again = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == WORKER_AGAIN;
        /* Asked once: another worker may change the answer, and who is started must be waited for. */
        bool goes_on = again && !control->stop && !control->again;
        if (goes_on && worker_start() == 0)
            return true;
        alive -= !goes_on;
        if (!again && (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != WORKER_DONE))
            worker_died(status);
    }
    return false;
}

static void counts_reset(bool keep_findings) {
    stages_reset_counts();
    if (!keep_findings)
        shared->finding_count = control->schedule_length = 0;
    shared->warning_count = 0;
}

/* Memory that is raced on is visible from the next search on; a replay begins with all that it
 * needs. */
static int64_t raced_at_start;

/* With several workers, which of two failures is seen first is chance, and so is how deep a search over states has come
 * where an execution is too long, and what was seen before something could not be taken. A proof is none. (Behind the
 * deadline there is no time to look again.) */
static bool hangs_on_chance(void) {
    if (control->late != 0 || (control->weary != 0 && shared->finding_count == 0))
        return false;
    bool is_last = control->step_limit == 0; /* else what is given up is left to another search */
    bool is_cut = control->cut > 0 && control->exhausted != 0;
    if (shared->end != SHARED_RUNNING)
        return shared->end == SHARED_UNSUPPORTED || shared->end == SHARED_BUDGET ||
               shared->end == SHARED_DIVERGED; /* as they share what lies outside of them */
    return shared->finding_count > 0 ||
           (control->strategy->states && (is_cut || (control->given_up != 0 && is_last)));
}

/* What several have found, as far as one who looks again forgets it. */
static struct first_look {
    bool found;
    int32_t schedule_length, actor_count;
    int64_t raced;
    char actors[sizeof control->actors];
    uint64_t raced_granules[SHARED_RACED];
} first_look;

static void first_look_keep(void) {
    first_look.found = shared->end == SHARED_RUNNING && shared->finding_count > 0;
    first_look.schedule_length = control->schedule_length;
    first_look.actor_count = control->actor_count;
    first_look.raced = shared->raced;
    memcpy(first_look.actors, control->actors, sizeof first_look.actors);
    memcpy(first_look.raced_granules, shared->raced_granules, sizeof first_look.raced_granules);
}

/* Time or a budget were over before it was found again: then it is what there is. The finding itself, and its schedule,
 * stand where they stood, as only another would have taken their place. */
static void first_look_recall(void) {
    if (!first_look.found || shared->end != SHARED_RUNNING || shared->finding_count > 0)
        return;
    shared->finding_count = 1;
    shared->raced = first_look.raced;
    control->schedule_length = first_look.schedule_length;
    control->actor_count = first_look.actor_count;
    memcpy(control->actors, first_look.actors, sizeof first_look.actors);
    memcpy(shared->raced_granules, first_look.raced_granules, sizeof first_look.raced_granules);
}

/* One worker looks again, as if it had been alone from the start. */
static void search_begin_alone(void) {
    first_look_keep();
    memset(shared->raced_granules + raced_at_start, 0,
           sizeof shared->raced_granules - (size_t)raced_at_start * sizeof(uint64_t));
    shared->raced = raced_at_start;
    shared->earlier = 0;
    shared->end = SHARED_RUNNING;
    shared->reason = (struct message){0};
    shared->reason_pc = 0;
    control->learnt = (struct control_facts){0};
    control->actor_count = 1;
    control->alone = control->effort = control->weary = 0;
    control->cut_pc = 0;
    control->cut_thread = control->cut_round = control->computed = control->endless_count =
        control->exit_seen = 0;
    stages_begin();
    counts_reset(false);
    arena_renew();
    search_make(PHASE_SEARCH);
}

/* The latest that a worker has written may be less than what there is. */
static void take_counts(void) {
    if (control->strategy == &shard_strategy || control->strategy == &shard_states_strategy)
        shared->shard_plan = shard_plan(control->search);
    if (control->strategy != NULL && control->strategy->states)
        control->strategy->size(control->search, &shared->counts.states,
                                &shared->counts.state_steps);
}

/* One stage: the search, begun anew while racy locations turn up. */
static bool stage_run(int jobs) {
    for (;;) {
        if (workers_run(jobs))
            return true;
        take_counts();
        if (shared->end != SHARED_RUNNING || (jobs > 1 && hangs_on_chance()))
            return false; /* search_run() sees to it */
        if (!control->again || control->late != 0 || control->weary != 0 ||
            control->strategy == &replay_strategy || (shared->finding_count > 0 && control->stop))
            return false;
        shared->earlier += shared->counts.executions;
        counts_reset(shared->config.races == RACES_REPORT);
        arena_renew();
        search_make(PHASE_SEARCH);
    }
}

static bool search_run(void) {
    int most = shared->config.jobs < WORKERS ? shared->config.jobs : WORKERS;
    raced_at_start = shared->raced;
    for (;;) {
        bool parallel = most > 1 && control->strategy != NULL && control->strategy->parallel;
        if (stage_run(parallel ? most : 1))
            return true;
        if (parallel && hangs_on_chance()) {
            most = 1;
            search_begin_alone();
        } else if (shared->end != SHARED_RUNNING || shared->finding_count > 0 || !stages_next()) {
            first_look_recall();
            shared->complete = control->strategy->exhaustive && control->exhausted != 0 &&
                               control->cut == 0 && control->stop == 0;
            return false;
        } else {
            counts_reset(false);
            search_make(PHASE_SEARCH);
        }
    }
}

static void replay_take(void) {
    control->schedule_length = shared->config.schedule_length;
    memcpy(control->schedule, shared->config.schedule, 2 * (size_t)control->schedule_length);
}

/* A failure is traced, and what was asked to be replayed. */
static bool trace_wanted(void) {
    if (shared->end != SHARED_RUNNING)
        return false;
    if (shared->finding_count > 0)
        return true;
    replay_take();
    return shared->config.trace;
}

/* What a failure is worth knowing beyond that it exists. */
static bool failure_study(void) {
    const struct shared_counts counts = shared->counts;
    const uint8_t *pairs;
    shared->critical = -1;
    /* What turned out to be raced on in the last execution was not visible in it. */
    shared->raced = shared->finding_count > 0 ? shared->findings[0].raced : raced_at_start;
    if (shared->config.minimise && shared->finding_count > 0) {
        search_make(PHASE_MINIMISE);
        if (workers_run(1))
            return true;
        int length = minimise_best(control->search, &pairs);
        if (length > 0) {
            memcpy(control->schedule, pairs, 2 * (size_t)length);
            control->schedule_length = length;
        }
        search_make(PHASE_CRITICAL);
        if (workers_run(1))
            return true;
        /* A livelock can always still be left: that is not its point. */
        bool known = shared->findings[0].kind != KIND_LIVELOCK && control->late == 0;
        shared->critical = known ? critical_step(control->search) : -1;
    }
    search_make(PHASE_TRACE);
    if (workers_run(1))
        return true;
    if (shared->finding_count > 0)
        explain_finding(&shared->findings[0]);
    shared->counts = counts;
    return false;
}

static void conclude_cut(void) {
    if (control->cut_thread != 0)
        message_set(&shared->reason, PART(SAY_COMPUTED, (uint64_t)control->cut_thread,
                                          (uint64_t)shared->config.cap));
    else if (control->cut_round != 0)
        message_set(&shared->reason, PART(SAY_ROUND_BY_CHOICE));
    else
        message_set(&shared->reason,
                    PART(SAY_CUT, (uint64_t)control->cut, (uint64_t)shared->config.steps));
    shared->reason_pc = control->cut_pc;
    shared->end = SHARED_BUDGET;
}

static void conclude(void) {
    if (shared->end != SHARED_RUNNING)
        return;
    const struct shared_config *config = &shared->config;
    bool full = config->executions > 0 &&
                shared->counts.executions + shared->counts.assumed >= config->executions;
    if (shared->finding_count > 0) {
        shared->end = SHARED_FOUND;
    } else if (control->late != 0 && !control->exhausted) {
        message_set(&shared->reason, PART(SAY_TIME_OVER));
        shared->end = SHARED_BUDGET;
    } else if (control->cut > 0) { /* of an effort that is over, too, this is the cause */
        conclude_cut();
    } else if (control->weary != 0 && !control->exhausted) {
        message_set(&shared->reason, PART(SAY_EFFORT_MADE));
        shared->end = SHARED_BUDGET;
    } else if (control->given_up != 0) {
        message_set(&shared->reason, PART((enum message_text)control->given_up));
        shared->end = SHARED_BUDGET;
    } else if (control->strategy->states && control->stop) {
        message_set(&shared->reason, PART(SAY_STEPS_MADE, (uint64_t)shared->counts.state_steps));
        shared->end = SHARED_BUDGET;
    } else if (full && control->stop) {
        message_set(&shared->reason,
                    PART(SAY_EXECUTIONS_MADE, (uint64_t)shared->counts.executions));
        shared->end = SHARED_BUDGET;
    } else if (!control->exhausted) {
        message_set(&shared->reason, PART(SAY_SEARCH_BROKE_OFF));
        shared->end = SHARED_FAILED;
    } else {
        shared->end = SHARED_EXHAUSTED;
    }
}

/* gdb follows one process: the one that it started makes the execution itself. There is nobody
 * to ask for more TLS later, and each shows as a thread: as many as the schedule names, and a
 * few. */
static void serve_debugger(void) {
    enum { UNNAMED = 4 }; /* created, but never moved */
    int last = 0;
    replay_take();
    const uint8_t *end = control->schedule + 2 * (ptrdiff_t)control->schedule_length;
    for (const uint8_t *actor = control->schedule; actor < end; actor += 2)
        if (*actor > last)
            last = *actor;
    control->constructors = -1; /* they have run once that is known */
    control->lend = last + UNNAMED < OP_ACTORS ? last + UNNAMED : OP_ACTORS - 1;
    search_make(PHASE_TRACE);
}

/* Returns in workers only. */
void server_run(void) {
    stages_begin();
    counts_reset(false);
    arena_renew();
    search_make(PHASE_SEARCH);
    control->lend = LEND_AT_FIRST;
    control->actor_count = 1;
    if (control->strategy == NULL) {
        message_set(&shared->reason,
                    PART(SAY_NO_STRATEGY, message_quote(&shared->reason, shared->config.strategy)));
        shared->end = SHARED_FAILED;
    } else if (control_in_debugger()) {
        serve_debugger();
        return;
    } else if (search_run() || (!control_by_hand && trace_wanted() && failure_study())) {
        return;
    }
    if (control_by_hand)
        by_hand_end();
    conclude();
    system_call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
