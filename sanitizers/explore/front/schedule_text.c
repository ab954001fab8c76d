/* SPDX-License-Identifier: MIT */
/*
 * A schedule as text. A value is one line: a backslash, control characters and a blank at the end
 * are written as \\, \n, \t or \x20, so that no editor changes them unseen.
 */
#include "explore/front/schedule_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explore/front/schedule_format.h"

static void put_escaped(FILE *out, const char *value) {
    for (const char *at = value; *at != '\0'; at++) {
        bool blank_at_edge = *at == ' ' && (at == value || at[1] == '\0');
        if (*at == '\\')
            fputs("\\\\", out);
        else if (*at == '\n')
            fputs("\\n", out);
        else if (*at == '\t')
            fputs("\\t", out);
        else if ((unsigned char)*at < ' ' || *at == 0x7f || blank_at_edge)
            fprintf(out, "\\x%02x", (unsigned char)*at);
        else
            fputc(*at, out);
    }
}

static void put(FILE *out, const char *key, const char *value) {
    fprintf(out, *value != '\0' ? "%s: " : "%s:", key);
    put_escaped(out, value);
    fputc('\n', out);
}

static void put_list(FILE *out, const char *key, const char *const *values) {
    for (; values != NULL && *values != NULL; values++)
        put(out, key, *values);
}

/* A flag is yes or no here. */
static void put_options(FILE *out, const struct explore_options *options) {
    void *scratch = new_owner();
    for (const struct detector_option *option = explore_options_table; option->name != NULL;
         option++) {
        if (!option_is_recorded(option, options, &explore_default_options))
            continue;
        const char *value = option_text(scratch, option, options);
        if (option->value == VALUE_FLAG)
            value = strcmp(value, "true") == 0 ? "yes" : "no";
        put(out, option_record_name(option), value);
    }
    talloc_free(scratch);
}

static void put_header(FILE *out, const struct schedule *schedule) {
    fputs(SCHEDULE_MAGIC " " SCHEDULE_VERSION "\n", out);
    fputs("# `hazard replay` runs it again; `hazard replay --gdb` stops at its critical step.\n",
          out);
    put(out, "program", schedule->program);
    if (schedule->in_suite != NULL)
        put(out, "suite", schedule->in_suite);
    put_list(out, "source", schedule->sources);
    if (schedule->binary != NULL)
        put(out, "binary", schedule->binary);
    if (schedule->compiler != NULL)
        put(out, "compiler", schedule->compiler);
    put_list(out, "flag", schedule->flags);
    put_list(out, "arg", schedule->args);
    put_list(out, "env", schedule->environment);
    if (schedule->folder != NULL)
        put(out, "cwd", schedule->folder);
    if (schedule->input != NULL) {
        put(out, "stdin", schedule->input);
        fprintf(out, "stdin-checksum: %016llx\n", (unsigned long long)schedule->input_checksum);
    }
    fprintf(out, "checksum: %016llx\n", (unsigned long long)schedule->checksum);
    put_options(out, &schedule->options);
    for (int i = 0; i < schedule->raced_count; i++)
        fprintf(out, "raced: %#llx\n", (unsigned long long)schedule->raced[i]);
    put(out, "finding", schedule->kind >= 0 ? kind_name((enum kind)schedule->kind) : "none");
    if (*schedule->message != '\0')
        put(out, "message", schedule->message);
    if (schedule->critical >= 0)
        fprintf(out, "critical: %d\n", schedule->critical + 1);
    fprintf(out, "steps: %d\n", schedule->step_count);
}

static void put_step(FILE *out, int number, const struct schedule_step *step) {
    fprintf(out, "%d %d %d/%d", number, step->actor, step->alternative, step->alternatives);
    if (*step->words != '\0') {
        fputs(" | ", out);
        put_escaped(out, step->words);
    }
    fputc('\n', out);
}

char *schedule_text(void *owner, const struct schedule *schedule) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = never_null(open_memstream(&buffer, &size));
    put_header(out, schedule);
    for (int i = 0; i < schedule->step_count; i++)
        put_step(out, i + 1, &schedule->steps[i]);
    fputs(SCHEDULE_END "\n", out);
    (void)fclose(out);
    char *text = never_null(talloc_strndup(owner, buffer, size));
    free(buffer);
    return text;
}
