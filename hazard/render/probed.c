/* SPDX-License-Identifier: MIT */
/*
 * For people:
 *
 *   lunch: client 1 connects and says nothing                                          failed
 *     client 1  connect returned
 *     client 2  connect returned, write returned, read blocked
 *               the kernel holds its line...
 *     client 2 was served once client 1 had left
 */

#include "hazard/render/probed.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/finding.h"
#include "hazard/render/finding_json.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"

#define CLIENTS_SHOWN 4
#define CLIENT_INDENT 12

enum verdict probed_verdict(const struct probe_report *report) {
    if (report->unsupported != NULL)
        return VERDICT_UNSUPPORTED;
    if (report->findings.count > 0)
        return VERDICT_FOUND;
    for (int step = 0; step < PROBE_STEP_COUNT; step++)
        if (report->steps[step].result == STEP_UNDECIDED)
            return VERDICT_HUNG;
    return VERDICT_SILENT;
}

/* ---- Text ------------------------------------------------------------------------------------ */

static const char *state_colour(const struct style *style, enum call_state state) {
    switch (state) {
    case CALL_BLOCKED:
    case CALL_FAILED:
        return style->red;
    case CALL_LATE:
        return style->yellow;
    case CALL_NOT_MADE:
    case CALL_RETURNED:
        break;
    }
    return "";
}

/* From what stands before it on the line, or by a new line. Returns the column behind the call. */
static size_t separate_call(FILE *out, size_t column, size_t page, enum probe_call call,
                            enum call_state state) {
    size_t words = strlen(probe_call_name(call)) + 1 + strlen(probe_call_state_name(state));
    bool first = column == CLIENT_INDENT;
    bool fits = first || column + strlen(", ") + words < page; /* a comma may follow */
    if (!first)
        fputs(fits ? ", " : ",", out);
    if (!fits)
        fprintf(out, "\n%*s", CLIENT_INDENT, "");
    return (fits ? column + (first ? 0 : strlen(", ")) : CLIENT_INDENT) + words;
}

static void print_client(FILE *out, const struct probe_client *client) {
    const struct style *style = style_for(out);
    const size_t page = layout_prose(out);
    size_t column = CLIENT_INDENT;
    bool blocked = false;
    fprintf(out, "  %-9s ", client->name);
    for (enum probe_call call = 0; call < PROBE_CALL_COUNT; call++) {
        enum call_state state = client->calls[call];
        if (state == CALL_NOT_MADE)
            continue;
        column = separate_call(out, column, page, call, state);
        fprintf(out, "%s %s%s%s", probe_call_name(call), state_colour(style, state),
                probe_call_state_name(state),
                *state_colour(style, state) != '\0' ? style->reset : "");
        blocked = blocked || state == CALL_BLOCKED;
    }
    fputc('\n', out);
    if (*client->why == '\0')
        return;
    void *scratch = talloc_new(NULL);
    const char *by = !blocked                               ? ""
                     : client->decided == DECIDED_BY_KERNEL ? " (says the kernel)"
                                                            : " (by the time limit)";
    fprintf(out, "  %-9s ", "");
    layout_paragraph(out, CLIENT_INDENT,
                     talloc_asprintf(scratch, "%s%s", clean_line(scratch, client->why), by));
    talloc_free(scratch);
}

static const char *result_colour(const struct style *style, enum step_result result) {
    switch (result) {
    case STEP_PASSED:
        return style->green;
    case STEP_FAILED:
        return style->red;
    case STEP_UNDECIDED:
        return style->yellow;
    case STEP_NOT_RUN:
        break;
    }
    return "";
}

static void print_figures(FILE *out, const struct probe_figures *figures) {
    const double kib = 1024;
    fprintf(out, "  %11d %9zu %7zu %7zu %11zu %8.0f KB %9.0f KB\n", figures->connections,
            figures->processes, figures->threads, figures->zombies, figures->descriptors,
            (double)figures->resident_bytes / kib, (double)figures->virtual_bytes / kib);
}

static void print_step(FILE *out, const struct probe_report *report, enum probe_step which) {
    const struct style *style = style_for(out);
    const struct probe_step_report *step = &report->steps[which];
    fprintf(out, "%s%s%s: %s: %s%s%s\n", style->bold, probe_step_name(which), style->reset,
            probe_step_title(which), result_colour(style, step->result),
            probe_step_result_name(step->result), style->reset);
    for (size_t i = 0; i < step->client_count && i < CLIENTS_SHOWN; i++)
        print_client(out, &step->clients[i]);
    if (step->client_count > CLIENTS_SHOWN)
        fprintf(out, "  ... and %zu more\n", step->client_count - CLIENTS_SHOWN);
    if (which == PROBE_LEAKS && report->figure_count > 0) {
        fputs("  connections processes threads zombies descriptors    resident      virtual\n",
              out);
        print_figures(out, &report->figures[0]);
        if (report->figure_count > 1)
            print_figures(out, &report->figures[report->figure_count - 1]);
    }
    if (*step->note != '\0') {
        void *scratch = talloc_new(NULL);
        fputs("  ", out);
        layout_paragraph(out, 2, clean_line(scratch, step->note));
        talloc_free(scratch);
    }
}

/* Nothing for NULL. */
static void print_line(FILE *out, const char *label, const char *words) {
    if (words == NULL)
        return;
    void *scratch = talloc_new(NULL);
    fputs(label, out);
    layout_paragraph(out, strlen(label), clean_line(scratch, words));
    talloc_free(scratch);
}

void probed_text(FILE *out, const struct probed *probed) {
    const struct style *style = style_for(out);
    const struct probe_report *report = &probed->report;
    if (probed->failure != NULL)
        return;
    void *scratch = talloc_new(NULL);
    fprintf(out, "%s%s%s\n", style->bold, clean_line(scratch, probed->program), style->reset);
    print_line(out, "unsupported: ", report->unsupported);
    print_line(out, "note: ", report->unsupported == NULL ? report->missing : NULL);
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
        if (report->unsupported == NULL && report->steps[step].result != STEP_NOT_RUN)
            print_step(out, report, step);
    for (size_t i = 0; i < report->findings.count; i++) {
        fputc('\n', out);
        finding_print(out, 0, &report->findings.items[i], &probed->report.sources, probed->root);
    }
    talloc_free(scratch);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *text(const char *words) {
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(clean_line(scratch, words));
    talloc_free(scratch);
    return string;
}

static json_t *client_json(const struct probe_client *client) {
    json_t *calls = json_array();
    for (enum probe_call call = 0; call < PROBE_CALL_COUNT; call++) {
        enum call_state state = client->calls[call];
        if (state == CALL_NOT_MADE)
            continue;
        json_t *one = json_pack("{ss ss}", "call", probe_call_name(call), "state",
                                probe_call_state_name(state));
        if (state == CALL_BLOCKED)
            json_object_set_new(
                one, "decided_by",
                json_string(client->decided == DECIDED_BY_KERNEL ? "kernel" : "time-limit"));
        if (state == CALL_BLOCKED || state == CALL_FAILED || state == CALL_LATE)
            json_object_set_new(one, "why", text(client->why));
        json_array_append_new(calls, one);
    }
    json_t *object = json_pack("{so so}", "client", text(client->name), "calls", calls);
    if (*client->why != '\0')
        json_object_set_new(object, "why", text(client->why));
    return object;
}

static json_t *figures_json(const struct probe_figures *figures) {
    return json_pack("{si sI sI sI sI sI sI}", "connections", figures->connections, "processes",
                     (json_int_t)figures->processes, "threads", (json_int_t)figures->threads,
                     "zombies", (json_int_t)figures->zombies, "descriptors",
                     (json_int_t)figures->descriptors, "resident_bytes",
                     (json_int_t)figures->resident_bytes, "virtual_bytes",
                     (json_int_t)figures->virtual_bytes);
}

static json_t *step_json(const struct probe_report *report, enum probe_step which) {
    const struct probe_step_report *step = &report->steps[which];
    json_t *clients = json_array();
    for (size_t i = 0; i < step->client_count; i++)
        json_array_append_new(clients, client_json(&step->clients[i]));
    json_t *object = json_pack("{ss ss so so}", "step", probe_step_name(which), "result",
                               probe_step_result_name(step->result), "note", text(step->note),
                               "clients", clients);
    if (which == PROBE_CROWD) {
        json_object_set_new(object, "asked", json_integer(step->asked));
        json_object_set_new(object, "served", json_integer(step->served));
    }
    if (which == PROBE_LEAKS) {
        json_t *figures = json_array();
        for (size_t i = 0; i < report->figure_count; i++)
            json_array_append_new(figures, figures_json(&report->figures[i]));
        json_object_set_new(object, "figures", figures);
    }
    return object;
}

json_t *probed_json(const struct probed *probed) {
    const struct probe_report *report = &probed->report;
    json_t *steps = json_array(), *findings = json_array();
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++)
        if (report->steps[step].result != STEP_NOT_RUN)
            json_array_append_new(steps, step_json(report, step));
    for (size_t i = 0; i < report->findings.count; i++)
        json_array_append_new(findings, finding_json(&report->findings.items[i],
                                                     &probed->report.sources, probed->root));
    json_t *object = json_pack(
        "{so ss ss sf so so}", "program", text(probed->program), "detector", "probe", "verdict",
        probed->failure != NULL ? "error" : verdict_name(probed_verdict(report)), "seconds",
        (double)(long)(probed->seconds * 1000) / 1000, "steps", steps, "findings", findings);
    const char *detail = probed->failure != NULL ? probed->failure : report->unsupported;
    if (detail != NULL)
        json_object_set_new(object, "detail", text(detail));
    if (report->missing != NULL)
        json_object_set_new(object, "missing", text(report->missing));
    return object;
}
