/* SPDX-License-Identifier: MIT */
/*
 * The front of inject: names of instructions, calls, groups, and what a bad point is
 * called. The walks are made by hand, of addresses in this very test, which plays the program, and
 * in the C library.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "inject/report/causes.h"
#include "inject/report/evidence.h"
#include "inject/report/function_lists.h"
#include "inject/report/windows.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(inject, .init = setup, .fini = teardown);

/* ---- What a handler may call --------------------------------------------------------- */

Test(inject, knows_what_a_handler_may_call) {
    static const char *const safe[] = {"write",
                                       "__write",
                                       "__libc_fork",
                                       "_exit",
                                       "_Exit",
                                       "waitpid",
                                       "memcpy",
                                       "strtok_r",
                                       "__strtok_r",
                                       "abort",
                                       "__read_chk",
                                       "__fdelt_chk",
                                       "__errno_location",
                                       "__memcpy_avx_unaligned_erms"};
    static const char *const unsafe[] = {
        "printf", "malloc", "_IO_puts", "exit", "strtok",        "syslog",      "snprintf",
        "free",   "rand",   "",         "?",    "__libc_malloc", "localtime_r", "__printf_chk"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        cr_expect(function_safe_in_handler(safe[i]), "%s", safe[i]);
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        cr_expect(not(function_safe_in_handler(unsafe[i])), "%s", unsafe[i]);
    cr_expect(function_waits_for_event("pause") && function_waits_for_event("__sigsuspend"));
    cr_expect(not(function_waits_for_event("read") || function_waits_for_event("waitpid")));
}

/* ---- The places of a walk by hand ---------------------------------------------------- */

/* Two functions of the program, each on one line. */
static volatile int work;
#define PLACE(name)                                                                                \
    enum { name##_line = __LINE__ };                                                               \
    __attribute__((noinline)) static void name(void) {                                             \
        work++;                                                                                    \
    }
PLACE(first_place)
PLACE(second_place)

static uint64_t pc_of(void (*function)(void)) {
    return (uint64_t)(uintptr_t)function;
}

/* Not written by hand anywhere, and not taken over by a sanitizer. */
#define FIRST pc_of(first_place)
#define SECOND pc_of(second_place)
#define RAND ((uint64_t)(uintptr_t)rand)
#define GETPPID ((uint64_t)(uintptr_t)getppid)

struct walk {
    struct injection injection;
    struct spots *spots;
    struct point points[64];
    struct ending endings[8];
};

static void read_maps(struct injection *injection) {
    FILE *file = fopen("/proc/self/maps", "r");
    char line[PATH_MAX + 128];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long start, end, offset;
        char access[8], path[PATH_MAX] = "";
        if (sscanf(line, "%llx-%llx %7s %llx %*s %*s %4095[^\n]", &start, &end, access, &offset,
                   path) < 4 ||
            access[2] != 'x')
            continue;
        injection->maps =
            grow_array(owner, injection->maps, struct symbols_map, injection->map_count + 1);
        injection->maps[injection->map_count++] =
            (struct symbols_map){start, end, offset, talloc_strdup(owner, path)};
    }
    cr_assert(injection->map_count > 1);
    fclose(file);
}

static struct walk *new_walk(void) {
    struct walk *walk = new_array(owner, struct walk, 1);
    char self[PATH_MAX] = "";
    struct error error = {""};
    first_place();
    second_place();
    cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    read_maps(&walk->injection);
    walk->injection.points = walk->points;
    walk->injection.endings = walk->endings;
    walk->endings[0] = (struct ending){.kind = ENDING_WELL, .text = ""};
    walk->injection.ending_count = 1;
    walk->spots = spots_open(walk, self, walk->injection.maps, walk->injection.map_count, &error);
    cr_assert(walk->spots != NULL, "%s", error.text);
    return walk;
}

static uint32_t add_ending(struct walk *walk, enum ending_kind kind, const char *text) {
    walk->endings[walk->injection.ending_count] = (struct ending){.kind = kind, .text = text};
    return (uint32_t)walk->injection.ending_count++;
}

static void add(struct walk *walk, uint64_t pc, uint32_t ending, unsigned flags, int times) {
    for (int i = 0; i < times; i++)
        walk->points[walk->injection.point_count++] =
            (struct point){.pc = pc, .ending = ending, .flags = (uint16_t)flags};
}

static struct point_groups grouped_points(struct walk *walk) {
    struct library_calls calls = library_calls_find(walk, walk->spots, &walk->injection);
    return groups_find(walk, walk->spots, &walk->injection, &calls);
}

Test(inject, instructions_have_function_library_and_line) {
    struct walk *walk = new_walk();
    struct spot own = spots_at(walk->spots, FIRST), library = spots_at(walk->spots, GETPPID + 1);
    expect_text(own.function, "first_place");
    expect_text(own.library, "");
    cr_expect(eq(int, own.line, first_place_line));
    cr_expect(own.file != NULL && strstr(own.file, "tests/programs/test_inject.c") != NULL, "%s",
              own.file);
    cr_expect(spots_own(walk->spots, FIRST) && !spots_own(walk->spots, GETPPID));
    expect_text(library.function, "getppid");
    expect_text(library.library, "libc.so.6");
    cr_expect(eq(int, (int)library.offset, 1));
    cr_expect(library.file == NULL);
    expect_text(spots_at(walk->spots, 16).function, "?", "nothing is mapped there");
}

Test(inject, of_many_names_the_known_one_is_taken) {
    struct walk *walk = new_walk();
    expect_text(spots_known_name(walk->spots, "_IO_puts"), "puts");
    expect_text(spots_known_name(walk->spots, "__getppid"), "getppid");
    expect_text(spots_known_name(walk->spots, "no_such_function"), "no_such_function");
    cr_expect(spots_has_function(walk->spots, "first_place"));
    cr_expect(not(spots_has_function(walk->spots, "getppid")));
}

Test(inject, a_million_points_have_few_places) {
    struct walk *walk = new_walk();
    for (uint64_t i = 0; i < 20000; i++)
        spots_at(walk->spots, FIRST + i);
    expect_text(spots_at(walk->spots, FIRST).function, "first_place", "still known");
}

/* 3 points of the program, a call of 4 instructions (and one inside a system call), 1 of the
 * program in the next line, which calls 2. */
Test(inject, calls_are_what_lies_between_the_programs_own) {
    struct walk *walk = new_walk();
    add(walk, FIRST, 0, 0, 3);
    add(walk, RAND, 0, 0, 3);
    add(walk, RAND, 0, POINT_INSIDE, 1);
    add(walk, GETPPID, 0, 0, 1);
    add(walk, FIRST + 5, 0, 0, 1);
    add(walk, GETPPID, 0, 0, 2);
    struct library_calls calls = library_calls_find(walk, walk->spots, &walk->injection);
    cr_assert(eq(sz, calls.count, 2));
    expect_text(calls.items[0].function, "rand");
    cr_expect(eq(int, (int)calls.items[0].first, 3));
    cr_expect(eq(int, (int)calls.items[0].instructions, 4));
    cr_expect(eq(u64, calls.items[0].caller, FIRST));
    expect_text(calls.items[1].function, "getppid");
    cr_expect(eq(u64, calls.items[1].caller, FIRST + 5), "it does not return");
    cr_expect(calls.of[2] == -1 && calls.of[3] == 0 && calls.of[7] == 0 && calls.of[8] == -1);
}

/* A walk that begins inside a library, as after a fork: the call lies before where it returns to. */
Test(inject, a_call_that_began_in_a_gap_is_where_it_returns_to) {
    struct walk *walk = new_walk();
    add(walk, RAND, 0, 0, 2);
    add(walk, FIRST + 6, 0, 0, 1);
    add(walk, RAND, 0, 0, 2);
    add(walk, SECOND + 6, 0, 0, 1);
    add(walk, RAND, 0, 0, 2);
    add(walk, FIRST, 0, 0, 1); /* a function's first instruction: the library calls it back */
    struct library_calls calls = library_calls_find(walk, walk->spots, &walk->injection);
    cr_assert(eq(sz, calls.count, 3));
    cr_expect(eq(u64, calls.items[0].caller, FIRST + 5));
    cr_expect(eq(u64, calls.items[1].caller, SECOND + 5), "not FIRST: it does not return there");
    cr_expect(eq(u64, calls.items[2].caller, SECOND + 6), "a call back is no return");
}

Test(inject, points_that_end_alike_at_one_line_are_one_finding) {
    struct walk *walk = new_walk();
    uint32_t stuck = add_ending(walk, ENDING_DEADLOCK, "waits for a lock");
    uint32_t dead = add_ending(walk, ENDING_CRASH, "killed by SIGSEGV");
    uint32_t other = add_ending(walk, ENDING_CRASH, "malloc(): invalid size");
    uint32_t unknown = add_ending(walk, ENDING_UNJUDGED, "cannot be copied");
    add(walk, FIRST, 0, 0, 1);
    add(walk, RAND, stuck, 0, 2);
    add(walk, RAND, 0, 0, 5);
    add(walk, RAND, stuck, 0, 1);
    add(walk, RAND, dead, 0, 2);
    add(walk, RAND, other, 0, 1);
    add(walk, FIRST + 5, unknown, 0, 1);
    add(walk, SECOND, stuck, 0, 1);
    add(walk, SECOND, stuck, POINT_LEFT_OUT, 1);
    struct point_groups groups = grouped_points(walk);
    cr_assert(eq(sz, groups.count, 4));
    const struct injected_finding *first = &groups.items[0].injected;
    cr_expect(first->at == 1 && first->points == 3 && first->stretch_count == 2);
    cr_expect(first->stretches[1].first == 8 && first->stretches[1].count == 1);
    expect_text(first->stretches[0].spot.function, "rand");
    cr_expect(eq(int, first->stretches[0].spot.line, first_place_line),
              "of the program's own frame");
    expect_text(injected_share_words(owner, first->shares, first->share_count),
                "3 of 11 instructions of this rand");
    cr_expect(eq(int, (int)groups.items[1].injected.points, 2));
    cr_expect(eq(int, (int)groups.items[2].injected.points, 1), "another message of libc's");
    cr_expect(eq(int, groups.items[3].own.line, second_place_line), "another line");
    cr_expect(eq(int, (int)groups.items[3].injected.points, 1), "what was left out is not counted");
    expect_text(groups.items[3].call, "");
}

/* Which byte is missing does not matter. */
Test(inject, wrong_output_is_one_finding_whatever_it_is) {
    struct walk *walk = new_walk();
    uint32_t one = add_ending(walk, ENDING_WRONG, "printed 'a'");
    uint32_t two = add_ending(walk, ENDING_WRONG, "printed 'b'");
    add(walk, FIRST, one, 0, 1);
    add(walk, FIRST, two, 0, 1);
    struct point_groups groups = grouped_points(walk);
    cr_expect(eq(sz, groups.count, 1));
    cr_expect(eq(int, (int)groups.items[0].injected.points, 2));
}

/* The program is wrong without a signal from us, too: then no line is to blame. */
Test(inject, an_end_that_comes_by_itself_is_one_finding) {
    struct walk *walk = new_walk();
    uint32_t late = add_ending(walk, ENDING_WRONG, "exit 1, as when the signal comes late");
    uint32_t other = add_ending(walk, ENDING_WRONG, "exit 2");
    walk->endings[late].late = true;
    add(walk, FIRST, late, 0, 1);
    add(walk, FIRST, other, 0, 1);
    add(walk, RAND, late, 0, 3);
    add(walk, SECOND, late, POINT_INSIDE, 1);
    struct point_groups groups = grouped_points(walk);
    cr_assert(eq(sz, groups.count, 2));
    cr_expect(groups.items[0].late && !groups.items[1].late);
    cr_expect(eq(int, (int)groups.items[0].injected.points, 5));
    cr_expect(eq(int, (int)groups.items[1].injected.points, 1));
}

/* Where the first of two came is of no interest: the handler is to blame. */
Test(inject, second_signals_that_end_alike_are_one_finding) {
    struct walk *walk = new_walk();
    uint32_t one = add_ending(walk, ENDING_WRONG, "exit 1"),
             two = add_ending(walk, ENDING_CRASH, "killed by SIGSEGV");
    struct signal_pair pairs[] = {{0, 4, one}, {1, 4, one}, {1, 5, one}, {2, 9, two}};
    add(walk, FIRST, 0, 0, 1);
    add(walk, SECOND, 0, 0, 1);
    add(walk, SECOND, one, 0, 1);
    walk->injection.pairs = pairs;
    walk->injection.pair_count = 4;
    struct point_groups groups = grouped_points(walk);
    cr_assert(eq(sz, groups.count, 3), "one of single signals, two of pairs");
    cr_expect(eq(int, (int)groups.items[0].second, -1));
    cr_expect(groups.items[1].second == 4 && groups.items[2].second == 9);
    const struct injected_finding *finding = &groups.items[1].injected;
    cr_expect(finding->at == 0 && finding->second == 4 && finding->points == 3);
    cr_assert(eq(sz, finding->stretch_count, 1));
    cr_expect(eq(int, (int)finding->stretches[0].count, 2), "a point is there once");
}

static struct call_share share_of(const char *function, int64_t first, int64_t points,
                                  int64_t all) {
    return (struct call_share){{.function = function, .first = first, .instructions = all}, points};
}

Test(inject, findings_are_joined_in_the_order_of_the_walk) {
    struct stretch early[] = {{.first = 1, .count = 2}, {.first = 30, .count = 1}};
    struct stretch late[] = {{.first = 20, .count = 3}};
    struct call_share some[] = {share_of("printf", 0, 2, 25), share_of("printf", 27, 1, 25)};
    struct call_share more[] = {share_of("printf", 0, 3, 25)};
    struct injected_finding finding = {.at = 1,
                                       .points = 3,
                                       .stretches = talloc_memdup(owner, early, sizeof early),
                                       .stretch_count = 2,
                                       .shares = talloc_memdup(owner, some, sizeof some),
                                       .share_count = 2};
    const struct injected_finding other = {
        .points = 3, .stretches = late, .stretch_count = 1, .shares = more, .share_count = 1};
    injected_join(owner, &finding, &other);
    cr_expect(eq(int, (int)finding.points, 6));
    cr_assert(eq(sz, finding.stretch_count, 3));
    cr_expect(eq(int, (int)finding.stretches[1].first, 20));
    cr_assert(eq(sz, finding.share_count, 2), "two parts of one call");
    cr_expect(eq(int, (int)finding.shares[0].points, 5));
    cr_expect(eq(int, (int)finding.shares[1].points, 1));
}

/* One interrupted at `line`, at `count` points from `first` on, which dies at line `end`. */
struct joined {
    struct finding finding;
    struct injected_finding injected;
    struct stretch stretch;
};

static void make_finding(struct joined *made, int64_t first, int64_t count, int line, int end) {
    const int lines[] = {line, end};
    made->finding = (struct finding){.kind = KIND_CRASH, .message = "killed"};
    for (size_t i = 0; i < 2; i++) {
        struct location location = {.actor = "main", .doing = i == 0 ? "interrupted" : "killed"};
        location_add_frame(
            owner, &location,
            (struct frame){.function = "f", .file = "/program/a.c", .line = lines[i]});
        finding_add_location(owner, &made->finding, location);
    }
    made->stretch = (struct stretch){.first = first, .count = count};
    made->injected = (struct injected_finding){.at = first,
                                               .second = -1,
                                               .points = count,
                                               .stretches = &made->stretch,
                                               .stretch_count = 1};
}

Test(inject, lines_of_one_window_are_one_finding) {
    static const char *const paths[] = {"/program/a.c"};
    static const struct sources sources = {paths, 1};
    static const struct {
        int64_t first;
        int end;
        bool meet;
    } rows[] = {{14, 90, true}, {15, 90, false}, {14, 91, false}, {5, 90, true}, {4, 90, false}};
    const struct injection none = {.point_count = 0};
    struct joined window, other;
    make_finding(&window, 10, 4, 20, 90);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        make_finding(&other, rows[i].first, 5, 21, rows[i].end);
        cr_expect(windows_meet((struct window){&window.finding, &window.injected},
                               (struct window){&other.finding, &other.injected}, &none,
                               &sources) == rows[i].meet,
                  "row %zu", i);
    }
    other.injected.second = 3;
    cr_expect(not(windows_meet((struct window){&window.finding, &window.injected},
                               (struct window){&other.finding, &other.injected}, &none, &sources)));
    windows_join(owner, &window.finding, &other.finding, &sources);
    windows_join(owner, &window.finding, &other.finding, &sources);
    cr_assert(eq(sz, window.finding.location_count, 3), "each line once");
    cr_expect(eq(int, window.finding.locations[2].frames[0].line, 21));
    expect_text(window.finding.locations[2].doing, "or interrupted");
}

/* A finding of that kind at `count` points from `first` on, at `line`; as the others end at line 90. */
static void add_finding(struct inject_report *report, enum kind kind, int64_t first, int64_t count,
                        int line) {
    struct joined *made = new_array(owner, struct joined, 1);
    make_finding(made, first, count, line, kind == KIND_CRASH ? 90 : 91);
    made->finding.kind = kind;
    made->injected.stretches = talloc_memdup(owner, &made->stretch, sizeof made->stretch);
    report->injected[report->findings.count] = made->injected;
    findings_add(owner, &report->findings, made->finding);
}

Test(inject, findings_with_one_cause_are_one_and_the_most_telling_is_first) {
    static const char *const paths[] = {"/program/a.c"};
    struct inject_report report = {.sources = {paths, 1},
                                   .injected = new_array(owner, struct injected_finding, 8)};
    add_finding(&report, KIND_SIGNAL_RACE, 5, 2, 20);
    add_finding(&report, KIND_CRASH, 7, 3, 21);        /* goes on where that one ends */
    add_finding(&report, KIND_LOST_WAKEUP, 40, 2, 21); /* at its line, later */
    add_finding(&report, KIND_CRASH, 60, 2, 30);       /* of its own */
    add_finding(&report, KIND_SIGNAL_UNSAFE_CALL, 80, 1, 40);
    add_finding(&report, KIND_SIGNAL_UNSAFE_CALL, 90, 1, 50); /* the same call of the handler's */
    causes_join(owner, &report);
    cr_assert(eq(sz, report.findings.count, 3));
    cr_expect(report.findings.items[0].kind == KIND_SIGNAL_UNSAFE_CALL);
    cr_expect(eq(int, (int)report.injected[0].at, 80));
    cr_expect(eq(int, (int)report.injected[0].points, 2));
    const struct finding *joined = &report.findings.items[1];
    cr_expect(joined->kind == KIND_LOST_WAKEUP);
    cr_expect(eq(int, (int)report.injected[1].at, 40), "the point of what it is called by");
    cr_expect(eq(int, (int)report.injected[1].points, 7));
    cr_assert(eq(sz, joined->location_count, 4), "with the lines of the others, each once");
    expect_text(joined->locations[2].doing, "or killed");
    cr_expect(eq(int, joined->locations[3].frames[0].line, 20));
    expect_text(joined->locations[3].doing, "or interrupted (signal-race)");
    cr_expect(report.findings.items[2].kind == KIND_CRASH && report.injected[2].at == 60);
}

Test(inject, shares_of_many_calls_are_told_once) {
    const struct call_share shares[] = {share_of("printf", 0, 359, 3289),
                                        share_of("printf", 4000, 4, 1271),
                                        share_of("printf", 6000, 4, 1271),
                                        share_of("puts", 9000, 2, 700), share_of("", 9900, 1, 7)};
    expect_text(injected_share_words(owner, shares, 0), "");
    expect_text(injected_share_words(owner, &shares[1], 1),
                "4 of 1,271 instructions of this printf");
    expect_text(injected_share_words(owner, &shares[1], 2),
                "4 of 1,271 instructions of each printf");
    expect_text(injected_share_words(owner, shares, 3),
                "359 of 3,289 instructions of the first printf, "
                "4 of 1,271 of each later printf");
    expect_text(injected_share_words(owner, shares, 5),
                "359 of 3,289 instructions of the first printf, 4 of 1,271 of each later printf, "
                "2 of 700 of a later puts, and so on: 5 calls");
    expect_text(injected_share_words(owner, &shares[4], 1), "1 of 7 instructions of this call");
    expect_text(number_with_commas(owner, 1234567), "1,234,567");
    expect_text(number_with_commas(owner, 999), "999");
}

/* ---- What it is called --------------------------------------------------------------- */

/* Frames, innermost first: of the program where the name is "main" or "on_signal". */
static struct location stack(const char *const *functions) {
    struct location location = {.actor = "", .doing = ""};
    for (; *functions != NULL; functions++) {
        bool own = strcmp(*functions, "main") == 0 || strcmp(*functions, "on_signal") == 0;
        location_add_frame(owner, &location,
                           (struct frame){.function = *functions,
                                          .file = own ? "/home/u/clock.c" : NULL,
                                          .line = own ? 7 : 0});
    }
    return location;
}

enum { MOST_FRAMES = 6 };

static const struct kind_row {
    char about[40];
    enum ending_kind ending;
    char text[64];
    bool in_library, interruption; /* what was interrupted: rand or the program's own */
    size_t handler_frames;
    const char *stuck[MOST_FRAMES];
    char unsafe_call[12]; /* that the handler was seen to make elsewhere */
    enum kind kind;
    char message[120];
} kind_rows[] = {
    {"handler waits for the lock",
     ENDING_DEADLOCK,
     "waits for a lock (futex)",
     true,
     false,
     4,
     {"__lll_lock_wait_private", "printf", "on_signal", "__restore_rt", "main"},
     "",
     KIND_SIGNAL_UNSAFE_CALL,
     "the handler of SIGALRM calls printf, which waits for a lock that the interrupted rand holds: "
     "it never returns"},
    {"handler dies in libc",
     ENDING_CRASH,
     "malloc(): invalid size",
     false,
     false,
     4,
     {"abort", "malloc", "on_signal", "__restore_rt", "main"},
     "",
     KIND_SIGNAL_UNSAFE_CALL,
     "the handler of SIGALRM calls malloc in the middle of the code that it interrupted: malloc(): "
     "invalid size"},
    {"libc dies later",
     ENDING_CRASH,
     "killed by SIGSEGV",
     true,
     false,
     0,
     {"malloc", "main"},
     "printf",
     KIND_SIGNAL_UNSAFE_CALL,
     "the handler of SIGALRM calls printf in the middle of the interrupted rand; later: killed by "
     "SIGSEGV"},
    {"a safe handler, libc dies",
     ENDING_CRASH,
     "killed by SIGSEGV",
     true,
     false,
     0,
     {"malloc", "main"},
     "",
     KIND_CRASH,
     "SIGALRM here kills the program: killed by SIGSEGV"},
    {"unsafe, but nothing delicate",
     ENDING_CRASH,
     "killed by SIGSEGV",
     false,
     false,
     0,
     {"main"},
     "printf",
     KIND_CRASH,
     "SIGALRM here kills the program: killed by SIGSEGV"},
    {"the handler itself dies",
     ENDING_CRASH,
     "killed by SIGSEGV",
     false,
     false,
     2,
     {"on_signal", "__restore_rt", "main"},
     "",
     KIND_CRASH,
     "SIGALRM here kills the program: killed by SIGSEGV"},
    {"the handler itself, by its own fault",
     ENDING_CRASH,
     "killed by SIGSEGV",
     true,
     false,
     2,
     {"on_signal", "__restore_rt", "main"},
     "printf",
     KIND_CRASH,
     "SIGALRM here kills the program: killed by SIGSEGV"},
    {"handler waits in a safe call",
     ENDING_DEADLOCK,
     "read from an empty pipe",
     false,
     false,
     3,
     {"read", "on_signal", "__restore_rt", "main"},
     "",
     KIND_DEADLOCK,
     "the handler of SIGALRM never returns: read from an empty pipe"},
    {"sleeps through it",
     ENDING_DEADLOCK,
     "sleeps for ever in pause: no signal is to come",
     false,
     false,
     0,
     {"pause", "main"},
     "",
     KIND_LOST_WAKEUP,
     "SIGALRM comes too early: the program sleeps for ever in pause: no signal is to come"},
    {"the same without a stack",
     ENDING_DEADLOCK,
     "sleeps for ever in sigsuspend: no signal",
     false,
     false,
     0,
     {NULL},
     "",
     KIND_LOST_WAKEUP,
     "SIGALRM comes too early: the program sleeps for ever in sigsuspend: no signal"},
    {"another sleep",
     ENDING_DEADLOCK,
     "wait: no child can end",
     false,
     false,
     0,
     {"wait", "main"},
     "",
     KIND_DEADLOCK,
     "after SIGALRM here the program never ends: wait: no child can end"},
    {"without end",
     ENDING_RAN_AWAY,
     "runs on without end",
     false,
     false,
     0,
     {NULL},
     "",
     KIND_LIVELOCK,
     "after SIGALRM here the program runs on without end"},
    {"without end in the handler",
     ENDING_RAN_AWAY,
     "runs on without end",
     true,
     false,
     3,
     {"malloc", "on_signal", "__restore_rt", "main"},
     "",
     KIND_SIGNAL_UNSAFE_CALL,
     "the handler of SIGALRM calls malloc in the middle of the interrupted rand: runs on "
     "without end"},
    {"wrong",
     ENDING_WRONG,
     "exit 1",
     true,
     false,
     0,
     {NULL},
     "",
     KIND_SIGNAL_RACE,
     "SIGALRM here makes the program come out wrong: exit 1"},
    {"an interruption",
     ENDING_WRONG,
     "exit 1",
     true,
     true,
     0,
     {NULL},
     "",
     KIND_API_MISUSE,
     "the program cannot take it that SIGALRM interrupts rand: exit 1"},
};

static struct finding finding_of(const struct kind_row *row, struct walk *walk,
                                 struct evidence *evidence) {
    static const char *const paths[] = {"/home/u/clock.c"};
    static const struct sources sources = {paths, 1};
    struct point_group *group = new_array(owner, struct point_group, 1);
    *group = (struct point_group){.interruption = row->interruption,
                                  .own = {.function = "main", .library = ""},
                                  .call = row->in_library ? "rand" : ""};
    *evidence = (struct evidence){.asleep = "",
                                  .spots = walk->spots,
                                  .sources = &sources,
                                  .signal = SIGALRM,
                                  .group = group,
                                  .point = &walk->points[0],
                                  .seen = {.ending = {.kind = row->ending, .text = row->text},
                                           .interrupted = {.actor = ""},
                                           .stuck = stack(row->stuck),
                                           .handler_frames = row->handler_frames},
                                  .ending = row->text};
    evidence_look(evidence);
    return evidence_finding(owner, evidence, row->unsafe_call);
}

Test(inject, a_bad_point_is_called_by_what_was_seen_of_it) {
    struct walk *walk = new_walk();
    add(walk, RAND, 0, 0, 1);
    for (size_t i = 0; i < sizeof kind_rows / sizeof *kind_rows; i++) {
        struct evidence evidence;
        struct finding finding = finding_of(&kind_rows[i], walk, &evidence);
        expect_text(kind_name(finding.kind), kind_name(kind_rows[i].kind), "%s",
                    kind_rows[i].about);
        expect_text(finding.message, kind_rows[i].message, "%s", kind_rows[i].about);
    }
}

Test(inject, a_finding_has_where_it_was_interrupted_and_where_it_is_stuck) {
    struct walk *walk = new_walk();
    struct evidence evidence;
    add(walk, RAND + 1, 0, 0, 1);
    struct finding finding = finding_of(&kind_rows[0], walk, &evidence);
    cr_assert(eq(sz, finding.location_count, 2));
    const struct location *main = &finding.locations[0], *handler = &finding.locations[1];
    expect_text(main->actor, "main");
    expect_text(main->doing, "interrupted at rand+0x1 in libc.so.6");
    cr_assert(eq(sz, main->frame_count, 2), "without a stack, what the walk knows");
    expect_text(main->frames[0].function, "rand");
    expect_text(main->frames[1].function, "main");
    expect_text(handler->actor, "handler of SIGALRM");
    expect_text(handler->doing, "waits for a lock (futex)");
    cr_assert(eq(sz, handler->frame_count, 3), "neither the trampoline nor what lies below it");
    expect_text(handler->frames[2].function, "on_signal");
    expect_text(evidence.handler_call, "printf");
}

/* ---- Programs with little or no debug information ------------------------------------ */

/* Where `main` of a program lies, by nm, and its code segment, by readelf. */
static struct symbols_map map_of(const char *folder, const char *symbols_of, uint64_t *main_pc) {
    enum { BIAS = 0x555555554000 };
    unsigned long long address, offset;
    struct run_outcome nm = command(
        owner, talloc_asprintf(owner, "cd %s && nm %s | grep ' T main$'", folder, symbols_of));
    struct run_outcome segment = command(
        owner,
        talloc_asprintf(owner, "cd %s && readelf -lW p | awk '$1 == \"LOAD\" && / R E /{print $2}'",
                        folder));
    cr_assert(sscanf(nm.output, "%llx", &address) == 1, "%s", nm.errors);
    cr_assert(sscanf(segment.output, "%llx", &offset) == 1, "%s", segment.output);
    *main_pc = BIAS + address;
    return (struct symbols_map){BIAS + offset, BIAS + offset + 0x1000, offset,
                                talloc_asprintf(owner, "%s/p", folder)};
}

static const struct debug_row {
    char build[160], symbols[12]; /* which file has them */
    char function[12];
    int line;
} debug_rows[] = {
    {"gcc -g -o p p.c", "p", "main", 2},
    {"clang -g -o p p.c", "p", "main", 2}, /* no table of address ranges */
    {"gcc -o p p.c", "p", "main", 0},
    {"gcc -o kept p.c && strip -o p kept", "kept", "?", 0},
    {"gcc -g -Wl,--build-id=none -o p p.c && objcopy --only-keep-debug p p.debug && strip p && "
     "objcopy --add-gnu-debuglink=p.debug p",
     "p.debug", "main", 2},
};

Test(inject, symbols_are_inside_beside_or_nowhere) {
    for (size_t i = 0; i < sizeof debug_rows / sizeof *debug_rows; i++) {
        const struct debug_row *row = &debug_rows[i];
        const char *folder = scratch_new(owner);
        struct error error = {""};
        uint64_t pc;
        write_file(owner, folder, "p.c", "#include <unistd.h>\nint main(void) { return 0; }\n");
        struct run_outcome built =
            command(owner, talloc_asprintf(owner, "cd %s && %s", folder, row->build));
        cr_assert(eq(int, built.status, 0), "%s: %s", row->build, built.errors);
        struct symbols_map map = map_of(folder, row->symbols, &pc);
        struct spots *spots = spots_open(owner, map.path, &map, 1, &error);
        struct spot spot = spots_at(spots, pc);
        expect_text(spot.function, row->function, "%s", row->build);
        cr_expect(eq(int, spot.line, row->line), "%s", row->build);
        cr_expect(spots_own(spots, pc), "%s", row->build);
        cr_expect(eq(sz, spots_sources(spots).count, row->line > 0 ? 1 : 0), "%s", row->build);
        talloc_free(spots);
        scratch_remove(folder);
    }
}

/* Without debug information all of the program is its own, but for the jumps into libraries. */
Test(inject, jumps_into_libraries_are_not_the_programs_own) {
    const char *folder = scratch_new(owner);
    struct error error = {""};
    uint64_t pc;
    unsigned long long jumps;
    write_file(owner, folder, "p.c",
               "#include <unistd.h>\nint main(void) { return getppid() == 0; }\n");
    struct run_outcome built =
        command(owner, talloc_asprintf(owner,
                                       "cd %s && gcc -o p p.c && readelf -SW p | "
                                       "sed -n 's/.* \\.plt *PROGBITS *\\([0-9a-f]*\\) .*/\\1/p'",
                                       folder));
    cr_assert(sscanf(built.output, "%llx", &jumps) == 1, "%s%s", built.output, built.errors);
    struct symbols_map map = map_of(folder, "p", &pc);
    struct spots *spots = spots_open(owner, map.path, &map, 1, &error);
    uint64_t bias = map.start - map.offset; /* this linker lays code out as in the file */
    cr_expect(spots_own(spots, pc));
    cr_expect(not(spots_own(spots, bias + jumps + 16)), "the second entry");
    talloc_free(spots);
    scratch_remove(folder);
}
