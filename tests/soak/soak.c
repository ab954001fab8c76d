/* SPDX-License-Identifier: MIT */
#include "tests/soak/soak.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/soak/generate.h"
#include "tests/soak/shrink.h"

enum { BATCH = 25, TOLD = 500 /* after so many programs it says that it lives */ };

/* The programs of one binary. */
struct batch {
    struct soak_program program[BATCH];
    struct soak_model model[BATCH];
    struct soak_truth truth[BATCH];
    int count;
};

static struct soak_emitted emitted(const struct soak_program *program,
                                   const struct soak_truth *truth) {
    return (struct soak_emitted){program, truth};
}

/* --- one that differs --- */

struct smaller {
    struct soak_workshop *workshop;
    const struct soak_model *model;
    struct soak_comparison last; /* of the smallest that differed */
};

static bool still_differs(void *data, const struct soak_program *program) {
    struct smaller *smaller = data;
    struct soak_comparison comparison = {0};
    struct soak_truth truth;
    soak_interpret(program, smaller->model, &truth);
    const struct soak_emitted one = emitted(program, &truth);
    const struct soak_subject subject = {program, &truth, smaller->model, "smaller", 0};
    if (truth.complete && soak_build(smaller->workshop, "smaller", &one, 1))
        soak_compare(smaller->workshop, &subject, &comparison);
    soak_truth_free(&truth);
    if (comparison.difference[0] == '\0')
        return false;
    smaller->last = comparison;
    return true;
}

static void keep(const struct soak_job *job, const struct soak_program *program,
                 const struct smaller *smaller) {
    struct soak_truth truth;
    char path[512], words[100], first[1400];
    soak_interpret(program, smaller->model, &truth);
    soak_emit_failures(words, sizeof words, truth.failures);
    snprintf(first, sizeof first,
             "/* Truth: %s; %zu outcomes. Seed %" PRIu64 ", %s.\n * %s\n * hazard explore %s */",
             words, truth.outcome_count, program->seed,
             smaller->model->memory == SOAK_TSO ? "TSO" : "SC", smaller->last.difference,
             smaller->last.how);
    snprintf(path, sizeof path, "%s/soak-%" PRIu64 ".c", job->kept, program->seed);
    const struct soak_emitted one = emitted(program, &truth);
    FILE *out = fopen(path, "we");
    if (out != NULL) {
        soak_emit(out, first, &one, 1);
        fclose(out);
        printf("  see %s\n", path);
    }
    soak_truth_free(&truth);
}

static void tell(struct soak_workshop *workshop, const struct soak_job *job,
                 const struct soak_program *program, const struct soak_model *model,
                 const struct soak_comparison *comparison) {
    struct smaller smaller = {workshop, model, *comparison};
    struct soak_program small = *program;
    printf("seed %" PRIu64 ": %s\n  hazard explore %s\n", program->seed, comparison->difference,
           comparison->how);
    if (job->shrink)
        soak_shrink(&small, still_differs, &smaller);
    if (job->kept != NULL)
        keep(job, &small, &smaller);
    fflush(stdout);
}

/* --- batches --- */

static void make_batch(struct batch *batch, const struct soak_job *job, int done,
                       struct soak_tally *tally) {
    for (batch->count = 0; batch->count < BATCH && done + batch->count < job->count;) {
        int i = batch->count++;
        uint64_t seed = job->seed + (uint64_t)(done + i) * (uint64_t)job->step;
        soak_generate(&batch->program[i], seed, job->groups);
        soak_model_choose(&batch->program[i], job->memory, &batch->model[i]);
        soak_interpret(&batch->program[i], &batch->model[i], &batch->truth[i]);
        if (!batch->truth[i].complete)
            batch->truth[i].outcome_count = 0;
        tally->programs++;
        tally->too_large += !batch->truth[i].complete;
        tally->outcomes += (long)batch->truth[i].outcome_count;
        tally->failing += batch->truth[i].failures != 0;
        tally->states += (long)batch->truth[i].state_count;
    }
}

static void compare_batch(struct soak_workshop *workshop, const struct soak_job *job,
                          const struct batch *batch, struct soak_tally *tally) {
    for (int i = 0; i < batch->count; i++) {
        struct soak_comparison comparison;
        const struct soak_subject subject = {&batch->program[i], &batch->truth[i], &batch->model[i],
                                             "batch", i};
        if (!batch->truth[i].complete)
            continue;
        soak_compare(workshop, &subject, &comparison);
        tally->undecided += comparison.undecided;
        if (comparison.difference[0] == '\0')
            continue;
        tally->differences++;
        tell(workshop, job, &batch->program[i], &batch->model[i], &comparison);
    }
}

void soak_run(struct soak_workshop *workshop, const struct soak_job *job,
              struct soak_tally *tally) {
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        abort();
    for (int done = 0; done < job->count; done += batch->count) {
        if (done > 0 && done % TOLD == 0)
            printf("%d programs so far, %ld differences\n", done, tally->differences);
        fflush(stdout);
        struct soak_emitted all[BATCH];
        make_batch(batch, job, done, tally);
        for (int i = 0; i < batch->count; i++)
            all[i] = emitted(&batch->program[i], &batch->truth[i]);
        if (soak_build(workshop, "batch", all, batch->count)) {
            compare_batch(workshop, job, batch, tally);
        } else {
            printf("seed %" PRIu64 " and what follows: does not compile\n", batch->program[0].seed);
            tally->differences++;
        }
        for (int i = 0; i < batch->count; i++)
            soak_truth_free(&batch->truth[i]);
    }
    tally->questions = workshop->questions;
    free(batch);
}
