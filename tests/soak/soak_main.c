/* SPDX-License-Identifier: MIT */
/*
 * The soak as a command: build/soak [OPTION...]; see `usage`. Not a part of the tests' binary.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/soak/generate.h"
#include "tests/soak/soak.h"

enum { JOBS = 64 };

struct settings {
    struct soak_job job;
    int jobs, show, outcomes, executions;
    const char *hazard, *kept, *flags;
};

static const char usage[] =
    "Usage: soak [programs=N] [seed=N] [memory=sc|tso] [jobs=N] [groups=NAME,...] [shrink=0|1]\n"
    "            [show=0|1] [outcomes=N] [executions=N] [hazard=PATH] [kept=FOLDER] [flags=WORDS]\n"
    "Holds `hazard explore` against an interpreter, on random programs. Groups:";

static void refuse(const char *word) {
    fprintf(stderr, "soak: what is '%s'?\n%s", word, usage);
    for (int i = 0; i < SOAK_GROUPS; i++)
        fprintf(stderr, " %s", soak_group_names[i]);
    fprintf(stderr, "\n");
    exit(2);
}

static uint64_t number(const char *word, const char *value) {
    char *end;
    errno = 0;
    uint64_t result = strtoull(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0')
        refuse(word);
    return result;
}

static unsigned read_groups(const char *word, const char *value) {
    unsigned groups = 0;
    while (*value != '\0') {
        size_t length = strcspn(value, ",");
        int group = 0;
        while (group < SOAK_GROUPS && (strlen(soak_group_names[group]) != length ||
                                       strncmp(soak_group_names[group], value, length) != 0))
            group++;
        if (group == SOAK_GROUPS)
            refuse(word);
        groups |= 1U << group;
        value += length + (value[length] == ',');
    }
    return groups;
}

/* "NAME=": the value behind it, or NULL. */
static const char *value_of(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static void read_word(struct settings *settings, const char *word) {
    struct soak_job *job = &settings->job;
    const char *value;
    if ((value = value_of(word, "programs")) != NULL)
        job->count = (int)number(word, value);
    else if ((value = value_of(word, "seed")) != NULL)
        job->seed = number(word, value);
    else if ((value = value_of(word, "jobs")) != NULL)
        settings->jobs = (int)number(word, value);
    else if ((value = value_of(word, "outcomes")) != NULL)
        settings->outcomes = (int)number(word, value);
    else if ((value = value_of(word, "executions")) != NULL)
        settings->executions = (int)number(word, value);
    else if ((value = value_of(word, "shrink")) != NULL)
        job->shrink = number(word, value) != 0;
    else if ((value = value_of(word, "show")) != NULL)
        settings->show = number(word, value) != 0;
    else if ((value = value_of(word, "memory")) != NULL && strcmp(value, "sc") == 0)
        job->memory = SOAK_SC;
    else if (value != NULL && strcmp(value, "tso") == 0)
        job->memory = SOAK_TSO;
    else if ((value = value_of(word, "groups")) != NULL)
        job->groups = *value == '\0' ? job->groups : read_groups(word, value);
    else if ((value = value_of(word, "hazard")) != NULL)
        settings->hazard = value;
    else if ((value = value_of(word, "flags")) != NULL)
        settings->flags = value;
    else if ((value = value_of(word, "kept")) != NULL)
        settings->kept = value;
    else
        refuse(word);
}

/* One of several processes: every so manieth program. */
static void work(const struct settings *settings, int which, struct soak_tally *tally) {
    struct soak_job job = settings->job;
    char folder[] = "/tmp/soak-XXXXXX", line[100];
    if (mkdtemp(folder) == NULL)
        exit(2);
    struct soak_workshop workshop = {.hazard = settings->hazard,
                                     .folder = folder,
                                     .flags = settings->flags,
                                     .outcomes = settings->outcomes,
                                     .executions = settings->executions};
    job.seed += (uint64_t)which;
    job.step = settings->jobs;
    job.count = (job.count - which + settings->jobs - 1) / settings->jobs;
    job.kept = settings->kept;
    soak_run(&workshop, &job, tally);
    snprintf(line, sizeof line, "rm -rf %s", folder);
    if (system(line) != 0)
        exit(2);
}

static bool work_all(const struct settings *settings, struct soak_tally *tallies) {
    bool well = true;
    for (int i = 0; i < settings->jobs; i++) {
        pid_t child = fork();
        if (child == 0) {
            work(settings, i, &tallies[i]);
            exit(0);
        }
        well = well && child > 0;
    }
    for (int status; wait(&status) > 0;)
        well = well && status == 0;
    return well;
}

static long say(const struct settings *settings, const struct soak_tally *tallies) {
    struct soak_tally sum = {0};
    for (int i = 0; i < settings->jobs; i++) {
        sum.programs += tallies[i].programs;
        sum.too_large += tallies[i].too_large;
        sum.outcomes += tallies[i].outcomes;
        sum.failing += tallies[i].failing;
        sum.undecided += tallies[i].undecided;
        sum.questions += tallies[i].questions;
        sum.states += tallies[i].states;
        sum.differences += tallies[i].differences;
    }
    printf("%ld programs from seed %" PRIu64
           " (%ld too large), %ld of them can fail; %ld outcomes, "
           "%ld states; %ld questions, %ld undecided; %ld differences\n",
           sum.programs, settings->job.seed, sum.too_large, sum.failing, sum.outcomes, sum.states,
           sum.questions, sum.undecided, sum.differences);
    return sum.differences;
}

/* The program of the seed, as C. */
static void show(const struct settings *settings) {
    struct soak_program program;
    struct soak_model model;
    struct soak_truth truth;
    char words[100], first[200];
    soak_generate(&program, settings->job.seed, settings->job.groups);
    soak_model_choose(&program, settings->job.memory, &model);
    soak_interpret(&program, &model, &truth);
    soak_emit_failures(words, sizeof words, truth.failures);
    snprintf(first, sizeof first, "/* Truth: %s; %zu outcomes. */", words, truth.outcome_count);
    const struct soak_emitted one = {&program, &truth};
    soak_emit(stdout, first, &one, 1);
    soak_truth_free(&truth);
}

int main(int argc, char **argv) {
    struct settings settings = {
        .job = {.seed = 1, .count = 10000, .groups = (1U << SOAK_GROUPS) - 1, .shrink = true},
        .jobs = 1,
        .outcomes = 2,
        .executions = 1000,
        .flags = "",
        .hazard = "build/hazard",
        .kept = "build/soak-differences"};
    for (int i = 1; i < argc; i++)
        read_word(&settings, argv[i]);
    if (settings.jobs < 1 || settings.jobs > JOBS)
        refuse("jobs");
    if (settings.show) {
        show(&settings);
        return 0;
    }
    char *hazard = realpath(settings.hazard, NULL);
    struct soak_tally *tallies = mmap(NULL, JOBS * sizeof *tallies, PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (hazard == NULL || tallies == MAP_FAILED) {
        fprintf(stderr, "soak: no command %s\n", settings.hazard);
        return 2;
    }
    settings.hazard = hazard;
    mkdir(settings.kept, 0777);
    bool well = work_all(&settings, tallies);
    long differences = say(&settings, tallies);
    free(hazard);
    return !well ? 2 : differences > 0;
}
