/* SPDX-License-Identifier: MIT */

#include "hazard/render/injected.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/signal_name.h"
#include "hazard/render/finding.h"
#include "hazard/render/finding_json.h"
#include "hazard/render/grid.h"
#include "hazard/render/inject_strip.h"
#include "hazard/render/layout.h"
#include "hazard/render/shown.h"
#include "hazard/render/style.h"
#include "inject/report/evidence.h"
#include "inject/report/inject_detector.h"

enum { INDENT = 2, INNER = 4, MOST_STRETCHES = 8, MOST_FRAMES = 16 };

static const char *verdict_colour(const struct style *style, enum verdict verdict) {
    return verdict == VERDICT_FOUND    ? style->red
           : verdict == VERDICT_PROVED ? style->green
                                       : style->yellow;
}

/* ---- The verdict and the strip --------------------------------------------------------------- */

static void print_program(FILE *out, const struct injected *injected, const struct style *style) {
    void *scratch = new_owner();
    fprintf(out, "%s%s%s\n", style->bold, clean_line(scratch, injected->program), style->reset);
    talloc_free(scratch);
}

static void print_verdict(FILE *out, const struct injected *injected) {
    const struct style *style = style_for(out);
    const struct inject_report *report = &injected->report;
    const char *verdict = verdict_name(report->verdict);
    void *scratch = new_owner();
    fprintf(out, "%*s%s%s%s: ", INDENT, "", verdict_colour(style, report->verdict), verdict,
            style->reset);
    const char *words = never_null(
        talloc_asprintf(scratch, "%s: %s; %.1f seconds", signal_name(injected->options.signal),
                        clean_line(scratch, report->detail), report->injection.seconds));
    layout_paragraph(out, INDENT + layout_width(verdict) + 2, words);
    if (report->next != NULL && *report->next != '\0') {
        fprintf(out, "%*snext: ", INDENT, "");
        layout_paragraph(out, INDENT + layout_width("next: "), report->next);
    }
    talloc_free(scratch);
}

static const char *mark_colour(const struct style *style, char mark) {
    switch (mark) {
    case 'D':
    case 'C':
    case 'W':
    case 'R':
        return style->red;
    case '?':
        return style->yellow;
    default:
        return style->dim;
    }
}

/* Colours change where the mark does, not at every character. */
static void print_strip_line(FILE *out, const char *strip, const struct style *style) {
    fprintf(out, "%*s", INDENT, "");
    for (size_t length; *strip != '\0'; strip += length) {
        const char one[] = {*strip, '\0'};
        length = strspn(strip, one);
        fprintf(out, "%s%.*s%s", mark_colour(style, *strip), (int)length, strip, style->reset);
    }
    fputc('\n', out);
}

static void print_legend(FILE *out, const char *strip, int64_t points) {
    void *scratch = new_owner();
    size_t columns = strlen(strip);
    char *words = talloc_strdup(scratch, "");
    for (const char *mark = "DCWR?.- "; *mark != '\0'; mark++)
        if (strchr(strip, *mark) != NULL)
            words = talloc_asprintf_append(
                words, "%s%s%s %s", *words != '\0' ? ", " : "", *mark == ' ' ? "blank" : "",
                *mark == ' ' ? "" : (const char[]){*mark, '\0'}, inject_strip_word(*mark));
    if ((int64_t)columns < points)
        words = talloc_asprintf_append(
            words, "; each mark is the worst of %s points",
            number_with_commas(scratch, (points + (int64_t)columns - 1) / (int64_t)columns));
    fprintf(out, "%*s", INDENT, "");
    layout_paragraph(out, INDENT, never_null(words));
    talloc_free(scratch);
}

static void print_strip(FILE *out, const struct injected *injected) {
    const struct injection *injection = &injected->report.injection;
    void *scratch = new_owner();
    const char *strip = inject_strip(scratch, injection, inject_strip_width(out) - INDENT);
    if (*strip != '\0') {
        fputc('\n', out);
        print_strip_line(out, strip, style_for(out));
        print_legend(out, strip, (int64_t)injection->point_count);
    }
    talloc_free(scratch);
}

/* ---- Findings -------------------------------------------------------------------------------- */

static const char *place_of(void *owner, const struct spot *spot, const char *root) {
    const char *where = clean_line(owner, evidence_spot_words(owner, spot));
    if (spot->file == NULL)
        return where;
    return never_null(talloc_asprintf(owner, "%s, %s:%d", where,
                                      shown_path(owner, root, spot->file), spot->line));
}

static const char *numbers_of(void *owner, const struct stretch *stretch) {
    const char *first = number_with_commas(owner, stretch->first);
    if (stretch->count == 1)
        return never_null(talloc_asprintf(owner, "point %s", first));
    return never_null(
        talloc_asprintf(owner, "points %s to %s", first,
                        number_with_commas(owner, stretch->first + stretch->count - 1)));
}

static void print_stretches(FILE *out, const struct injected *injected,
                            const struct injected_finding *finding) {
    if (finding->everywhere) {
        void *scratch = new_owner();
        fprintf(out, "\n%*sat every point: %s\n", INNER, "",
                number_with_commas(scratch, finding->points));
        talloc_free(scratch);
        return;
    }
    struct grid *grid = grid_new(NULL, 2);
    size_t shown =
        finding->stretch_count < MOST_STRETCHES ? finding->stretch_count : MOST_STRETCHES;
    for (size_t i = 0; i < shown; i++) {
        const struct stretch *stretch = &finding->stretches[i];
        grid_cell(grid, numbers_of(grid, stretch), "");
        grid_cell(grid,
                  talloc_asprintf(grid, "%s %s", stretch->count == 1 ? "at" : "from",
                                  place_of(grid, &stretch->spot, injected->root)),
                  "");
    }
    if (shown < finding->stretch_count)
        grid_line(
            grid,
            talloc_asprintf(grid, "and %s stretches more",
                            number_with_commas(grid, (int64_t)(finding->stretch_count - shown))),
            "");
    fputc('\n', out);
    grid_print(out, grid, INNER);
    if (*finding->share != '\0')
        fprintf(out, "%*s%s\n", INNER, "", clean_line(grid, finding->share));
    talloc_free(grid);
}

static void print_stack(FILE *out, const struct injected *injected,
                        const struct location *location) {
    if (location->frame_count < 3) /* the finding has shown both ends */
        return;
    struct grid *grid = grid_new(NULL, 2);
    size_t shown = location->frame_count < MOST_FRAMES ? location->frame_count : MOST_FRAMES;
    fprintf(out, "\n%*s%s, innermost first:\n", INNER, "", clean_line(grid, location->actor));
    for (size_t i = 0; i < shown; i++) {
        const struct frame *frame = &location->frames[i];
        bool placed = frame->file != NULL && frame->line > 0;
        grid_cell(grid, clean_line(grid, frame->function), "");
        grid_cell(grid,
                  placed
                      ? talloc_asprintf(grid, "%s:%d",
                                        shown_path(grid, injected->root, frame->file), frame->line)
                      : "",
                  "");
    }
    if (shown < location->frame_count)
        grid_line(grid, "...", "");
    grid_print(out, grid, INNER + INDENT);
    talloc_free(grid);
}

static void print_again(FILE *out, const struct injected *injected,
                        const struct injected_finding *finding) {
    if (injected->again == NULL || injected->options.at >= 0)
        return;
    void *scratch = new_owner();
    const char *again = clean_line(scratch, injected->again);
    if (finding->second < 0)
        fprintf(out, "\n%*sthat point again (--gdb stops there):\n%*shazard inject --at=%lld%s\n",
                INDENT, "", INNER, "", (long long)finding->at, again);
    else
        fprintf(out, "\n%*sboth signals again:\n%*shazard inject --at=%lld+%lld%s\n", INDENT, "",
                INNER, "", (long long)finding->at, (long long)finding->second, again);
    talloc_free(scratch);
}

static void print_one_finding(FILE *out, const struct injected *injected, size_t index) {
    const struct inject_report *report = &injected->report;
    const struct finding *finding = &report->findings.items[index];
    const struct injected_finding *more = &report->injected[index];
    fputc('\n', out);
    finding_print(out, INDENT, finding, &report->sources, injected->root);
    if (injected->options.at < 0)
        print_stretches(out, injected, more);
    for (size_t i = 0; i < finding->location_count; i++)
        print_stack(out, injected, &finding->locations[i]);
    print_again(out, injected, more);
}

/* ---- One point alone ------------------------------------------------------------------------- */

static void print_asked(FILE *out, const struct injected *injected) {
    const struct inject_report *report = &injected->report;
    const struct point *point = &report->injection.points[injected->options.at];
    const struct ending *ending = &report->injection.endings[point->ending];
    void *scratch = new_owner();
    fprintf(out, "%*spoint %s: ", INDENT, "", number_with_commas(scratch, injected->options.at));
    const char *again = "";
    if (injected->options.second >= 0)
        again = never_null(talloc_asprintf(scratch, ", and again at instruction %s of its handler",
                                           number_with_commas(scratch, injected->options.second)));
    const char *words = never_null(talloc_asprintf(
        scratch, "%s%s at %s%s: %s", signal_name(injected->options.signal),
        (point->flags & POINT_BLOCKED) != 0  ? " (blocked: it comes later)"
        : (point->flags & POINT_INSIDE) != 0 ? " while the call sleeps"
                                             : "",
        place_of(scratch, &report->asked, injected->root), again,
        ending->kind == ENDING_WELL ? "harmless" : clean_line(scratch, ending->text)));
    layout_paragraph(out, INNER, words);
    talloc_free(scratch);
}

void injected_text(FILE *out, const struct injected *injected) {
    const struct inject_report *report = &injected->report;
    if (injected->failed)
        return;
    print_program(out, injected, style_for(out));
    if (injected->options.at >= 0 && report->tried > 0) {
        print_asked(out, injected);
    } else {
        print_verdict(out, injected);
        print_strip(out, injected);
    }
    for (size_t i = 0; i < report->findings.count; i++)
        print_one_finding(out, injected, i);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *text_json(const char *words) {
    void *scratch = new_owner();
    json_t *string = json_string(clean_line(scratch, words));
    talloc_free(scratch);
    return string;
}

static json_t *spot_json(const struct spot *spot, const char *root) {
    void *scratch = new_owner();
    json_t *object = json_object();
    json_object_set_new(object, "function", text_json(spot->function));
    json_object_set_new(object, "offset", json_integer((json_int_t)spot->offset));
    json_object_set_new(object, "library", text_json(spot->library));
    json_object_set_new(object, "file",
                        spot->file != NULL ? text_json(shown_path(scratch, root, spot->file))
                                           : json_null());
    json_object_set_new(object, "line", json_integer(spot->line));
    talloc_free(scratch);
    return object;
}

static json_t *stretches_json(const struct injected_finding *finding, const char *root) {
    json_t *array = json_array();
    for (size_t i = 0; i < finding->stretch_count; i++) {
        const struct stretch *stretch = &finding->stretches[i];
        json_t *object = json_object();
        json_object_set_new(object, "at", json_integer(stretch->first));
        json_object_set_new(object, "points", json_integer(stretch->count));
        json_object_set_new(object, "first", spot_json(&stretch->spot, root));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *calls_json(const struct injected_finding *finding) {
    json_t *array = json_array();
    for (size_t i = 0; i < finding->share_count; i++) {
        const struct call_share *share = &finding->shares[i];
        json_t *object = json_object();
        json_object_set_new(object, "function", text_json(share->call.function));
        json_object_set_new(object, "at", json_integer(share->call.first));
        json_object_set_new(object, "points", json_integer(share->points));
        json_object_set_new(object, "instructions", json_integer(share->call.instructions));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *one_finding_json(const struct injected *injected, size_t index) {
    const struct inject_report *report = &injected->report;
    const struct injected_finding *more = &report->injected[index];
    json_t *object = finding_json(&report->findings.items[index], &report->sources, injected->root);
    json_object_set_new(object, "points", json_integer(more->points));
    json_object_set_new(object, "first", spot_json(&more->stretches[0].spot, injected->root));
    json_object_set_new(object, "at", json_integer(more->at));
    if (more->second >= 0)
        json_object_set_new(object, "second", json_integer(more->second));
    json_object_set_new(object, "share", text_json(more->share));
    json_object_set_new(object, "stretches", stretches_json(more, injected->root));
    json_object_set_new(object, "calls", calls_json(more));
    return object;
}

static void add_counts(json_t *object, const struct inject_report *report) {
    static const struct {
        const char *key;
        enum ending_kind kind;
    } counts[] = {{"deadlocks", ENDING_DEADLOCK},
                  {"crashes", ENDING_CRASH},
                  {"wrong", ENDING_WRONG},
                  {"ran_away", ENDING_RAN_AWAY},
                  {"unjudged", ENDING_UNJUDGED}};
    json_object_set_new(object, "points", json_integer(report->tried));
    json_object_set_new(object, "blocked", json_integer(report->blocked));
    json_object_set_new(object, "pairs", json_integer(report->injection.pairs_tried));
    json_object_set_new(object, "bad_pairs", json_integer((int64_t)report->injection.pair_count));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_object_set_new(object, counts[i].key, json_integer(report->counts[counts[i].kind]));
}

json_t *injected_json(const struct injected *injected) {
    const struct inject_report *report = &injected->report;
    json_t *object = json_object(), *findings = json_array();
    for (size_t i = 0; i < report->findings.count; i++)
        json_array_append_new(findings, one_finding_json(injected, i));
    json_object_set_new(object, "program", text_json(injected->program));
    json_object_set_new(object, "detector", json_string(inject_detector.name));
    json_object_set_new(object, "signal", text_json(signal_name(injected->options.signal)));
    json_object_set_new(object, "verdict",
                        json_string(injected->failed ? "error" : verdict_name(report->verdict)));
    add_counts(object, report);
    json_object_set_new(object, "seconds", json_real(report->injection.seconds));
    json_object_set_new(object, "findings", findings);
    json_object_set_new(object, "partial",
                        json_boolean(report->injection.interrupted || report->injection.cut));
    json_object_set_new(object, "detail", text_json(report->detail));
    if (report->next != NULL && *report->next != '\0')
        json_object_set_new(object, "next", json_string(report->next));
    return object;
}

/* ---- Progress -------------------------------------------------------------------------------- */

/* The length of a program is not known before its end; the budgets say
 * how long it takes at most. */
static double most_left(const struct inject_options *options, int64_t done, double seconds) {
    double left = -1;
    if (options->points > 0 && done > 0)
        left = (double)(options->points - done) * seconds / (double)done;
    if (options->seconds > 0 && (left < 0 || options->seconds - seconds < left))
        left = options->seconds - seconds;
    return left;
}

void injected_progress(int64_t done, int64_t bad, double seconds, void *data) {
    const struct injected *injected = data;
    void *scratch = new_owner();
    double left = most_left(&injected->options, done, seconds);
    fprintf(stderr, "\r\033[K%s: %s points, %s/s, %s do harm",
            clean_line(scratch, injected->program), number_with_commas(scratch, done),
            number_with_commas(scratch, seconds > 0 ? (int64_t)((double)done / seconds) : 0),
            number_with_commas(scratch, bad));
    if (left >= 1)
        fprintf(stderr, ", at most %s s left", number_with_commas(scratch, (int64_t)left));
    (void)fflush(stderr);
    talloc_free(scratch);
}

void injected_progress_end(void) {
    fputs("\r\033[K", stderr);
    (void)fflush(stderr);
}
