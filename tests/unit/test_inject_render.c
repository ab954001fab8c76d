/* SPDX-License-Identifier: MIT */
/* The strip, the text and the JSON of `hazard inject`, from reports made by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/render/inject_strip.h"
#include "hazard/render/injected.h"
#include "tests/support/answer.h"
#include "tests/support/printed.h"
#include "tests/support/text.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
    unsetenv("COLUMNS");
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(inject_render, .init = setup, .fini = teardown);

static struct ending endings[] = {{ENDING_WELL, "", false},
                                  {ENDING_DEADLOCK, "waits for a lock (futex)", false},
                                  {ENDING_CRASH, "killed by SIGSEGV", false},
                                  {ENDING_WRONG, "exit 1", false},
                                  {ENDING_RAN_AWAY, "more than 10,000 instructions", false},
                                  {ENDING_UNJUDGED, "cannot be copied", false}};

/* A point for each character: as the strip shows it. */
static struct injection walk_of(const char *marks) {
    static const char kinds[] = ".DCWR?";
    size_t count = strlen(marks);
    struct injection walk = {.points = new_array(owner, struct point, count + 1),
                             .point_count = count,
                             .endings = endings,
                             .ending_count = ENDING_KINDS,
                             .note = ""};
    for (size_t i = 0; i < count; i++) {
        const char *kind = strchr(kinds, marks[i]);
        walk.points[i].ending = kind != NULL ? (uint32_t)(kind - kinds) : 0;
        walk.points[i].flags = marks[i] == '-'   ? POINT_BLOCKED
                               : marks[i] == ' ' ? POINT_LEFT_OUT
                                                 : 0;
    }
    return walk;
}

static const struct strip_row {
    char marks[24];
    size_t width;
    char strip[24];
} strip_rows[] = {
    {"", 80, ""},
    {".", 80, "."},
    {".-DCWR? ", 80, ".-DCWR? "}, /* room for each */
    {".-DCWR? ", 8, ".-DCWR? "},
    {".-DCWR? ", 4, ".DW?"}, /* the worst of two: left out < blocked < harmless... */
    {"..-- -?.", 4, ".--?"}, /* ...< unjudged */
    {"RWWCCDDD", 4, "WCDD"},
    {"......D...", 3, "..D"}, /* buckets of 3, 3 and 4: none is lost */
    {"D.........", 3, "D.."},
    {"..............D", 2, ".D"},
    {"WWWWWWWWWWWWWWWWWWWW", 1, "W"},
};

Test(inject_render, strip_shows_the_worst_of_each_bucket) {
    for (size_t i = 0; i < sizeof strip_rows / sizeof *strip_rows; i++) {
        struct injection walk = walk_of(strip_rows[i].marks);
        expect_text(inject_strip(owner, &walk, strip_rows[i].width), strip_rows[i].strip,
                    "'%s' in %zu", strip_rows[i].marks, strip_rows[i].width);
    }
}

/* A blocked stretch that ends badly is bad. */
Test(inject_render, strip_shows_what_is_blocked_only_where_it_is_harmless) {
    struct injection walk = walk_of("D-");
    walk.points[0].flags = POINT_BLOCKED;
    expect_text(inject_strip(owner, &walk, 80), "D-");
}

Test(inject_render, strip_is_as_wide_as_the_terminal) {
    FILE *none = fopen("/dev/null", "w");
    cr_expect(eq(sz, inject_strip_width(none), 80));
    setenv("COLUMNS", "132", 1);
    cr_expect(eq(sz, inject_strip_width(none), 132));
    setenv("COLUMNS", "3", 1);
    cr_expect(eq(sz, inject_strip_width(none), 20));
    fclose(none);
}

/* ---- A report ------------------------------------------------------------------------ */

static struct stretch stretches[] = {
    {3, 4, {"_IO_file_xsputn", 0x3f, "libc.so.6", "/home/u/clock.c", 7}},
    {9, 1, {"main", 0x12, "", "/home/u/clock.c", 7}},
};
static struct call_share shares[] = {{{"printf", 0x1000, 2, 1271}, 4}};
static struct injected_finding more = {.at = 3,
                                       .second = -1,
                                       .points = 5,
                                       .stretches = stretches,
                                       .stretch_count = 2,
                                       .shares = shares,
                                       .share_count = 1,
                                       .share = "4 of 1,271 instructions of this printf"};
static struct frame interrupted[] = {
    {"_IO_file_xsputn", NULL, 0, 0}, {"printf", NULL, 0, 0}, {"main", "/home/u/clock.c", 7, 9}};
static struct frame stuck[] = {{"__lll_lock_wait_private", NULL, 0, 0},
                               {"printf", NULL, 0, 0},
                               {"on_alarm", "/home/u/clock.c", 4, 5}};
static struct location locations[] = {
    {"main", "interrupted at _IO_file_xsputn+0x3f in libc.so.6", false, interrupted, 3},
    {"handler of SIGALRM", "waits for a lock (futex)", false, stuck, 3},
};
static struct finding finding = {.kind = KIND_SIGNAL_UNSAFE_CALL,
                                 .message = "the handler of SIGALRM calls printf",
                                 .locations = locations,
                                 .location_count = 2};

static struct injected report_of(const char *marks) {
    static const char *const paths[] = {"/home/u/clock.c"};
    struct injected injected = {.program = "clock.c",
                                .root = "/home/u",
                                .again = " --signal=SIGALRM clock.c",
                                .options = inject_default_options};
    injected.options.signal = SIGALRM;
    injected.report = (struct inject_report){.verdict = VERDICT_PROVED,
                                             .detail = "11 points, none does harm",
                                             .injection = walk_of(marks),
                                             .tried = (int64_t)strlen(marks),
                                             .sources = {paths, 1}};
    injected.report.injection.seconds = 1.25;
    return injected;
}

static struct injected found(void) {
    struct injected injected = report_of("...DDDD-.D.");
    injected.report.verdict = VERDICT_FOUND;
    injected.report.detail = "11 points, 5 deadlocks";
    injected.report.blocked = 1;
    injected.report.counts[ENDING_DEADLOCK] = 5;
    injected.report.counts[ENDING_WELL] = 6;
    injected.report.findings = (struct findings){&finding, 1};
    injected.report.injected = &more;
    return injected;
}

static const char *text_of(const struct injected *injected) {
    injected_text(printing(), injected);
    return printed(owner);
}

Test(inject_render, text_of_a_finding) {
    struct injected injected = found();
    expect_text(text_of(&injected),
                "clock.c\n"
                "  found: SIGALRM: 11 points, 5 deadlocks; 1.2 seconds\n"
                "\n"
                "  ...DDDD-.D.\n"
                "  D deadlock, . harmless, - blocked\n"
                "\n"
                "  signal-unsafe-call: the handler of SIGALRM calls printf\n"
                "    main                interrupted at               _IO_file_xsputn,\n"
                "                        _IO_file_xsputn+0x3f in      in main at clock.c:7\n"
                "                        libc.so.6\n"
                "    handler of SIGALRM  waits for a lock (futex)     __lll_lock_wait_private,\n"
                "                                                     in on_alarm at clock.c:4\n"
                "\n"
                "    main                                   handler of SIGALRM\n"
                "    -------------------------------------  -------------------------------------\n"
                "    7: interrupted at\n"
                "    _IO_file_xsputn+0x3f in libc.so.6\n"
                "                                           4: waits for a lock (futex)\n"
                "\n"
                "    points 3 to 6  from _IO_file_xsputn+0x3f in libc.so.6, clock.c:7\n"
                "    point 9        at main+0x12, clock.c:7\n"
                "    4 of 1,271 instructions of this printf\n"
                "\n"
                "    main, innermost first:\n"
                "      _IO_file_xsputn\n"
                "      printf\n"
                "      main             clock.c:7\n"
                "\n"
                "    handler of SIGALRM, innermost first:\n"
                "      __lll_lock_wait_private\n"
                "      printf\n"
                "      on_alarm                 clock.c:4\n"
                "\n"
                "  that point again (--gdb stops there):\n"
                "    hazard inject --at=3 --signal=SIGALRM clock.c\n");
}

Test(inject_render, a_finding_at_every_point_has_no_list_of_them) {
    struct injected_finding everywhere = more;
    everywhere.everywhere = true;
    struct injected injected = found();
    injected.report.injected = &everywhere;
    const char *text = text_of(&injected);
    cr_expect(strstr(text, "\n    at every point: 5\n") != NULL, "%s", text);
    cr_expect(strstr(text, "_IO_file_xsputn+0x3f, ") == NULL, "%s", text);
}

Test(inject_render, two_signals_have_two_numbers) {
    struct injected_finding both = more;
    both.second = 31;
    struct injected injected = found();
    injected.report.injected = &both;
    const char *text = text_of(&injected);
    cr_expect(strstr(text, "both signals again:\n    hazard inject --at=3+31 --signal=SIGALRM") !=
                  NULL,
              "%s", text);
    json_t *object = injected_json(&injected);
    const json_t *first = json_array_get(json_object_get(object, "findings"), 0);
    cr_expect(eq(int, answer_number(first, "second"), 31));
    json_decref(object);
}

Test(inject_render, text_of_a_proof) {
    static const char *const parts[] = {"clock.c\n", "proved: SIGALRM: 11 points, none does harm",
                                        "1.2 seconds\n", "\n  ...........\n", "\n  . harmless\n"};
    struct injected injected = report_of("...........");
    const char *text = text_of(&injected);
    expect_parts(text, parts);
    cr_expect(strstr(text, "--at") == NULL, "there is no point to be seen again: %s", text);
}

Test(inject_render, a_long_walk_says_what_a_mark_stands_for) {
    struct injected injected = report_of("...........");
    setenv("COLUMNS", "20", 1); /* 18 marks */
    cr_expect(strstr(text_of(&injected), "worst") == NULL);
    injected.report.injection = walk_of("....................");
    cr_expect(strstr(text_of(&injected), "\n  ..................\n  . harmless; each mark is the "
                                         "worst of 2 points\n") != NULL,
              "%s", text_of(&injected));
}

Test(inject_render, text_of_one_point) {
    struct injected injected = report_of("   D       ");
    injected.options.at = 3;
    injected.report.tried = 1;
    injected.report.asked = stretches[0].spot;
    static const char *const parts[] = {"clock.c\n", "point 3: SIGALRM at _IO_file_xsputn+0x3f",
                                        "libc.so.6, clock.c:7: waits for a lock\n"};
    const char *text = text_of(&injected);
    expect_parts(text, parts);
    cr_expect(strstr(text, "...") == NULL, "there is no strip of one point: %s", text);
    injected.report.findings = (struct findings){&finding, 1};
    injected.report.injected = &more;
    text = text_of(&injected);
    cr_expect(strstr(text, "__lll_lock_wait_private\n") != NULL, "it has stacks");
    cr_expect(strstr(text, "hazard inject --at") == NULL && strstr(text, "points 3 to 6") == NULL,
              "it is that command, and one point: %s", text);
    injected.report.findings.count = 0;
    injected.report.injection = walk_of("   -       ");
    cr_expect(strstr(text_of(&injected), "SIGALRM (blocked: it comes later)") != NULL);
    cr_expect(strstr(text_of(&injected), "harmless\n") != NULL);
}

Test(inject_render, text_of_a_program_that_cannot_be_taken) {
    struct injected injected = report_of("");
    injected.report.verdict = VERDICT_UNSUPPORTED;
    injected.report.injection.unsupported = injected.report.detail = "starts a thread";
    const char *text = text_of(&injected);
    cr_expect(strstr(text, "\n  unsupported: SIGALRM: starts a thread") != NULL, "%s", text);
    cr_expect(strstr(text, "harmless") == NULL, "there is no strip: %s", text);
    injected.failed = true;
    expect_text(text_of(&injected), "", "an error is told on stderr");
}

/* ---- JSON ---------------------------------------------------------------------------- */

Test(inject_render, json_has_what_a_program_may_ask) {
    struct injected injected = found();
    json_t *object = injected_json(&injected), *locations_json;
    json_error_t error;
    const char *program, *detector, *signal_word, *verdict, *kind, *message, *function, *file;
    json_int_t points, blocked, deadlocks, crashes, wrong, own_points, offset, line, at;
    double seconds;
    int result = json_unpack_ex(
        object, &error, 0, "{ss ss ss ss sI sI sI sI sI sF s[{ss ss sI s{ss sI ss sI} sI so}]}",
        "program", &program, "detector", &detector, "signal", &signal_word, "verdict", &verdict,
        "points", &points, "blocked", &blocked, "deadlocks", &deadlocks, "crashes", &crashes,
        "wrong", &wrong, "seconds", &seconds, "findings", "kind", &kind, "message", &message,
        "points", &own_points, "first", "function", &function, "offset", &offset, "file", &file,
        "line", &line, "at", &at, "locations", &locations_json);
    cr_assert(eq(int, result, 0), "%s", error.text);
    expect_text(program, "clock.c");
    expect_text(detector, "inject");
    expect_text(signal_word, "SIGALRM");
    expect_text(verdict, "found");
    cr_expect(points == 11 && blocked == 1 && deadlocks == 5 && crashes == 0 && wrong == 0);
    expect_text(kind, "signal-unsafe-call");
    expect_text(message, "the handler of SIGALRM calls printf");
    expect_text(function, "_IO_file_xsputn");
    expect_text(file, "clock.c");
    cr_expect(own_points == 5 && offset == 0x3f && line == 7 && at == 3 && seconds == 1.25);
    cr_expect(eq(sz, json_array_size(locations_json), 2));
    json_decref(object);
}

Test(inject_render, json_has_each_stretch_and_each_call) {
    struct injected injected = found();
    json_t *object = injected_json(&injected);
    json_t *one = json_array_get(json_object_get(object, "findings"), 0);
    json_int_t first, count, call_at, deadly, all;
    const char *share, *function, *place;
    cr_assert(json_unpack(one, "{ss s[{sI sI}, {s{ss}}] s[{ss sI sI sI}]}", "share", &share,
                          "stretches", "at", &first, "points", &count, "first", "function", &place,
                          "calls", "function", &function, "at", &call_at, "points", &deadly,
                          "instructions", &all) == 0);
    expect_text(share, "4 of 1,271 instructions of this printf");
    expect_text(place, "main");
    expect_text(function, "printf");
    cr_expect(first == 3 && count == 4 && call_at == 2 && deadly == 4 && all == 1271);
    json_decref(object);
}

Test(inject_render, json_of_a_failure_and_of_a_part) {
    struct injected injected = report_of("...");
    injected.failed = true;
    injected.report = (struct inject_report){.detail = "it does not compile"};
    json_t *object = injected_json(&injected);
    expect_text(answer_word(object, "verdict"), "error");
    expect_text(answer_word(object, "detail"), "it does not compile");
    bool partial = json_is_true(json_object_get(object, "partial"));
    cr_expect(not(partial));
    json_decref(object);
    injected = report_of("...");
    injected.report.injection.interrupted = true;
    object = injected_json(&injected);
    partial = json_is_true(json_object_get(object, "partial"));
    cr_expect(partial);
    json_decref(object);
}
