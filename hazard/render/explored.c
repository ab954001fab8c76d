/* SPDX-License-Identifier: MIT */

#include "hazard/render/explored.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "base/number.h"
#include "explore/front/assumptions.h"
#include "explore/front/explore_detector.h"
#include "explore/front/reaching.h"
#include "hazard/render/finding.h"
#include "hazard/render/finding_json.h"
#include "hazard/render/interleaving.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"
#include "hazard/shell_line.h"

enum { INDENT = 2, OUTPUT_LINES = 8 };

static const char *verdict_colour(const struct style *style, const struct explored *explored) {
    enum verdict verdict = explored->outcome.verdict;
    enum reaching reaching = reaching_of(&explored->outcome, &explored->options);
    if (reaching != REACHING_NOT)
        return reaching == REACHING_REACHED ? style->green : style->red;
    return verdict == VERDICT_FOUND    ? style->red
           : verdict == VERDICT_PROVED ? style->green
                                       : style->yellow;
}

static void print_verdict(FILE *out, const struct explored *explored) {
    const struct style *style = style_for(out);
    const struct explore_outcome *outcome = &explored->outcome;
    const char *verdict = reaching_verdict(outcome, &explored->options);
    void *scratch = new_owner();
    bool limited = outcome->up_to != NULL && *outcome->up_to != '\0';
    const char *between = limited ? " " : ": ";
    char *words = talloc_asprintf(scratch, "%s%s%s", limited ? outcome->up_to + 1 : "",
                                  limited ? ": " : "", outcome->detail);
    fprintf(out, "%s%s%s\n%*s%s%s%s%s", style->bold, clean_line(scratch, explored->program),
            style->reset, INDENT, "", verdict_colour(style, explored), verdict, style->reset,
            between);
    layout_paragraph(out, INDENT + layout_width(verdict) + layout_width(between),
                     clean_line(scratch, words));
    if (outcome->next != NULL && *outcome->next != '\0') {
        fprintf(out, "%*snext: ", INDENT, "");
        layout_paragraph(out, INDENT + layout_width("next: "), outcome->next);
    }
    talloc_free(scratch);
}

/* Where the last `keep` lines of the text begin. */
static char *last_lines(char *text, size_t keep) {
    char *at = text + strlen(text);
    for (size_t lines = 0; at > text; at--)
        if (at[-1] == '\n' && *at != '\0' && ++lines == keep)
            return at;
    return at;
}

void explored_output(FILE *out, size_t indent, const struct shared *shared) {
    char *text = talloc_strndup(NULL, shared->output, (size_t)shared->output_length);
    char *rest = last_lines(text, OUTPUT_LINES);
    if (*rest != '\0')
        fprintf(out, "\n%*s%s:\n", (int)indent, "",
                rest > text ? "it printed, at last" : "it printed");
    for (char *line; rest != NULL && *rest != '\0';) {
        line = strsep(&rest, "\n");
        fprintf(out, "%*s| %s\n", (int)indent + INDENT, "", clean_line(text, line));
    }
    talloc_free(text);
}

static void print_replay(FILE *out, const char *schedule) {
    void *scratch = new_owner();
    char *line = shell_line_add(never_null(talloc_strdup(scratch, "hazard replay")), schedule);
    fprintf(out, "\n%*sreplay with: %s\n", INDENT, "", clean_line(scratch, line));
    talloc_free(scratch);
}

static void print_one_finding(FILE *out, const struct explored *explored, size_t index) {
    const struct explore_outcome *outcome = &explored->outcome;
    const struct finding *finding = &outcome->findings.items[index];
    const struct interleaving shown = {
        .outcome = outcome, .sources = &outcome->sources, .root = explored->root};
    fputc('\n', out);
    finding_print(out, INDENT, finding, &outcome->sources, explored->root);
    if (index == 0 && finding->schedule_count > 0) {
        fputc('\n', out);
        interleaving_print(out, INDENT, &shown);
        explored_output(out, INDENT, outcome->shared);
    }
    if (explored->schedules[index] != NULL)
        print_replay(out, explored->schedules[index]);
    else if (explored->unkept != NULL)
        fprintf(out, "\n%*sno schedule was kept: %s (--schedule=FILE puts it elsewhere)\n", INDENT,
                "", explored->unkept);
}

static void print_one_warning(FILE *out, const struct explored *explored, size_t index) {
    const struct explore_outcome *outcome = &explored->outcome;
    struct finding warning = outcome->warnings.items[index];
    warning.message = talloc_asprintf(
        outcome->warnings.items, "warning: %s%s", warning.message,
        warning.kind == KIND_EXIT ? ", as under every schedule that was tried" : "");
    fputc('\n', out);
    finding_print(out, INDENT, &warning, &outcome->sources, explored->root);
}

void explored_text(FILE *out, const struct explored *explored) {
    if (explored->failed)
        return;
    print_verdict(out, explored);
    for (size_t i = 0; i < explored->outcome.warnings.count; i++)
        print_one_warning(out, explored, i);
    for (size_t i = 0; i < explored->outcome.findings.count; i++)
        print_one_finding(out, explored, i);
}

static json_t *one_finding_json(const struct explored *explored, size_t index) {
    const struct explore_outcome *outcome = &explored->outcome;
    json_t *object =
        finding_json(&outcome->findings.items[index], &outcome->sources, explored->root);
    const char *schedule = explored->schedules[index];
    json_object_set_new(object, "schedule", schedule != NULL ? json_string(schedule) : json_null());
    json_object_set_new(object, "execution", json_integer(outcome->finding_execution[index]));
    return object;
}

static json_t *warnings_json(const struct explored *explored) {
    const struct explore_outcome *outcome = &explored->outcome;
    json_t *array = json_array();
    for (size_t i = 0; i < outcome->warnings.count; i++)
        json_array_append_new(
            array, finding_json(&outcome->warnings.items[i], &outcome->sources, explored->root));
    return array;
}

static json_t *assumptions_json(void *owner, const struct explored *explored) {
    const struct explore_outcome *outcome = &explored->outcome;
    struct assumption list[ASSUMPTIONS];
    json_t *array = json_array();
    bool judged = outcome->verdict == VERDICT_PROVED || outcome->verdict == VERDICT_BOUNDED;
    int count = judged && !explored->failed
                    ? assumptions_list(owner, outcome, &explored->options, list)
                    : 0;
    for (int i = 0; i < count; i++)
        json_array_append_new(
            array,
            json_pack("{ss so sb ss}", "name", list[i].name, "number",
                      list[i].number < 0 ? json_null() : json_integer(list[i].number), "reached",
                      list[i].reached, "words", clean_line(owner, list[i].words)));
    return array;
}

/* The strategy that came to the verdict. */
static const char *decided(const struct explored *explored) {
    const struct shared *shared = explored->outcome.shared;
    return shared == NULL ? explored->options.strategy
                          : explore_decided(&explored->options, shared)->name;
}

/* What `hazard merge` asks for. */
static json_t *shard_json(const struct explored *explored) {
    const struct explore_outcome *outcome = &explored->outcome;
    char identity[17], plan[17];
    snprintf(identity, sizeof identity, "%016llx", (unsigned long long)outcome->identity);
    snprintf(plan, sizeof plan, "%016llx", (unsigned long long)outcome->shared->shard_plan);
    return json_pack("{si si sb ss ss ss}", "number", explored->options.shard, "of",
                     explored->options.shards, "done", outcome->share_done, "identity", identity,
                     "plan", plan, "up-to", outcome->up_to);
}

/* The program's hazard_reach: whether some execution came there. */
static json_t *labels_json(void *owner, const struct shared *shared) {
    json_t *array = json_array();
    for (int i = 0; i < shared->label_count; i++)
        json_array_append_new(array, json_pack("{ss sb}", "label",
                                               clean_line(owner, shared->labels[i].name), "reached",
                                               shared->labels[i].reached != 0));
    return array;
}

json_t *explored_json(const struct explored *explored) {
    const struct explore_outcome *outcome = &explored->outcome;
    json_t *findings = json_array();
    void *scratch = new_owner();
    for (size_t i = 0; i < outcome->findings.count; i++)
        json_array_append_new(findings, one_finding_json(explored, i));
    json_t *object = json_pack(
        "{ss ss ss sI sI sI sI sI sf ss sb so so so ss}", "program",
        clean_line(scratch, explored->program), "detector", explore_detector.name, "verdict",
        explored->failed ? "error" : reaching_verdict(outcome, &explored->options), "executions",
        (json_int_t)outcome->executions, "blocked", (json_int_t)outcome->blocked, "steps",
        (json_int_t)outcome->steps, "states", (json_int_t)outcome->states, "state-steps",
        (json_int_t)outcome->state_steps, "seconds", outcome->seconds, "strategy",
        decided(explored), "complete", outcome->shared != NULL && outcome->shared->complete != 0,
        "findings", findings, "warnings", warnings_json(explored), "assumptions",
        assumptions_json(scratch, explored), "detail", clean_line(scratch, outcome->detail));
    if (outcome->shared != NULL && outcome->shared->label_count > 0)
        json_object_set_new(object, "labels", labels_json(scratch, outcome->shared));
    if (outcome->next != NULL && *outcome->next != '\0')
        json_object_set_new(object, "next", json_string(outcome->next));
    if (explored->options.shards > 0 && !explored->failed)
        json_object_set_new(object, "shard", shard_json(explored));
    talloc_free(scratch);
    return object;
}

/* A guess that spans many orders of magnitude. */
static const char *guess(void *owner, double left) {
    enum { EXACT = 10000000 };
    if (!(left >= 1))
        return "";
    return left < EXACT ? talloc_asprintf(owner, ", at least %s left",
                                          number_with_commas(owner, (int64_t)left))
                        : talloc_asprintf(owner, ", at least %.0e left", left);
}

void explored_progress(const struct shared *shared, double seconds, void *data) {
    const char *program = data;
    void *scratch = new_owner();
    int64_t done = shared->counts.executions;
    fprintf(stderr, "\r\033[K%s: %s executions, %s/s, %lld steps deep%s", program,
            number_with_commas(scratch, done),
            number_with_commas(scratch, (int64_t)((double)done / seconds)),
            (long long)shared->counts.deepest, guess(scratch, shared->counts.left));
    (void)fflush(stderr);
    talloc_free(scratch);
}

void explored_progress_end(void) {
    fputs("\r\033[K", stderr);
    (void)fflush(stderr);
}
