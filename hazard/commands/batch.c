/* SPDX-License-Identifier: MIT */
#include "hazard/commands/batch.h"

#include <stdlib.h>

#include "base/clean.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/root.h"
#include "run/run.h"

struct batch {
    const struct batch_command *command;
    const struct naming *naming;
    const void *options;
    char *results; /* one after the other, each of command->result_size bytes */
    size_t count;
    const char *said;
};

static void *result_at(const struct batch *batch, size_t index) {
    return batch->results + index * batch->command->result_size;
}

/* A program of the suite is built where it stays for the next time. */
static int judge_all(struct batch *batch, const struct named *named, const char *scratch,
                     struct error *error) {
    const struct batch_command *command = batch->command;
    const struct targets *targets = &named->targets;
    int failed = 0;
    batch->results =
        never_null(talloc_zero_size(batch->naming->owner, targets->count * command->result_size));
    for (; failed == 0 && batch->count < targets->count && !run_interrupted(); batch->count++) {
        const struct target *target = &targets->items[batch->count];
        struct batch_job job = {.target = target,
                                .root = named->root,
                                .build_folder =
                                    target->program != NULL ? named->build_folder : scratch};
        failed = command->judge(batch->options, &job, result_at(batch, batch->count), error);
        batch->said = job.said;
    }
    return failed;
}

static int run(struct batch *batch, struct error *error) {
    const struct batch_command *command = batch->command;
    struct named named;
    if (naming_resolve(batch->naming, &named, error) != 0 ||
        (command->choose != NULL && command->choose(batch->options, &named.targets, error) != 0))
        return -1;
    const char *scratch = root_scratch(batch->naming->owner, error);
    if (scratch == NULL)
        return -1;
    int failed = judge_all(batch, &named, scratch, error);
    folder_remove(scratch);
    return failed;
}

void batch_print_json(FILE *out, json_t *programs) {
    json_t *value = json_pack("{so}", "programs", programs);
    json_dumpf(value, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    fputc('\n', out);
    json_decref(value);
}

json_t *batch_text_json(void (*print)(FILE *out, const void *result), const void *result) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        memory_exhausted();
    print(out, result);
    fclose(out);
    void *scratch = new_owner();
    json_t *value = json_string(clean_text(scratch, text));
    talloc_free(scratch);
    free(text);
    return value;
}

/* Nothing at all if there was no program to judge. */
static void print_json(const struct batch *batch) {
    const struct batch_command *command = batch->command;
    json_t *programs = json_array();
    for (size_t i = 0; i < batch->count; i++) {
        json_t *program = command->json(result_at(batch, i));
        json_object_set_new(program, "text", batch_text_json(command->print, result_at(batch, i)));
        json_array_append_new(programs, program);
    }
    if (batch->count > 0)
        batch_print_json(stdout, programs);
    else
        json_decref(programs);
}

static void print_text(const struct batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        if (i > 0)
            putchar('\n');
        batch->command->print(stdout, result_at(batch, i));
    }
}

/* What is wrong weighs more than what is not decided. */
static int exit_code(const struct batch *batch) {
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < batch->count && code != EXIT_HAZARD; i++) {
        int one = batch->command->exit_code(result_at(batch, i));
        if (one != EXIT_CLEAN)
            code = one;
    }
    return code == EXIT_CLEAN && run_interrupted() ? EXIT_UNDECIDED : code;
}

int batch_run(const struct batch_command *command, const struct naming *naming, const void *options,
              bool json) {
    struct batch batch = {.command = command, .naming = naming, .options = options};
    struct error error;
    run_catch_interrupts();
    int failed = run(&batch, &error);
    if (json)
        print_json(&batch);
    else
        print_text(&batch);
    if (failed == 0)
        return exit_code(&batch);
    (void)fflush(stdout);
    if (batch.said != NULL)
        fputs(batch.said, stderr);
    fprintf(stderr, "hazard: %s\n", error.text);
    return run_interrupted() ? EXIT_UNDECIDED : EXIT_TROUBLE;
}
