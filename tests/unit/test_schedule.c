/* SPDX-License-Identifier: MIT */
/* Schedules: written, read, refused; the checksum of a program. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "explore/front/schedule_parse.h"
#include "explore/front/schedule_text.h"
#include "symbols/checksum.h"
#include "tests/support/text.h"
#include "tests/support/trace.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(schedule, .init = setup, .fini = teardown);

/* ---- Writing --------------------------------------------------------------------------------- */

static struct schedule seat_schedule(void) {
    static const char *const sources[] = {"seat.c", NULL}, *const none[] = {NULL};
    struct trace *trace = trace_seat(owner);
    struct schedule schedule = {
        .program = "seat.c", .sources = sources, .flags = none, .compiler = "gcc"};
    struct error error = {""};
    cr_assert(schedule_take(owner, &trace->outcome, 0, &trace->options, &trace->subject, &schedule,
                            &error) == 0,
              "%s", error.text);
    schedule.checksum = 0x0123456789abcdef;
    return schedule;
}

Test(schedule, is_a_text_with_a_decision_a_line) {
    struct schedule schedule = seat_schedule();
    expect_text(
        schedule_text(owner, &schedule),
        "hazard schedule 1\n"
        "# `hazard replay` runs it again; `hazard replay --gdb` stops at its critical step.\n"
        "program: seat.c\n"
        "source: seat.c\n"
        "compiler: gcc\n"
        "checksum: 0123456789abcdef\n"
        "races: stop\n"
        "spurious: any\n"
        "step-limit: 20000\n"
        "ordered-output: no\n"
        "finding: assertion\n"
        "message: sold == 1 && \"a seat is sold once\"\n"
        "critical: 9\n"
        "steps: 14\n"
        "1 0 0/0 | main thread starts\n"
        "2 0 0/0 | main thread creates thread 2 at seat.c:28\n"
        "3 0 0/0 | main thread creates thread 3 at seat.c:28\n"
        "4 1 0/0 | thread 2 starts\n"
        "5 1 0/0 | thread 2 locks `0x10000` at seat.c:10\n"
        "6 1 0/0 | thread 2 unlocks `0x10000` at seat.c:12\n"
        "7 2 0/0 | thread 3 starts\n"
        "8 2 0/0 | thread 3 locks `0x10000` at seat.c:10\n"
        "9 2 0/0 | thread 3 unlocks `0x10000` at seat.c:12\n"
        "10 2 0/0 | thread 3 locks `0x10000` at seat.c:18\n"
        "11 2 0/0 | thread 3 unlocks `0x10000` at seat.c:20\n"
        "12 1 0/0 | thread 2 locks `0x10000` at seat.c:18\n"
        "13 1 0/0 | thread 2 unlocks `0x10000` at seat.c:20\n"
        "14 0 0/0 | main thread ends the program at seat.c:31\n"
        "end\n");
}

Test(schedule, a_choice_says_of_how_many) {
    struct trace *trace = trace_seat(owner);
    struct schedule schedule = seat_schedule();
    trace->shared->trace[4].event.alternative = 1;
    trace->shared->trace[4].event.alternatives = 3;
    trace->shared->trace[5].event.alternatives = 1; /* no choice at all */
    cr_assert(schedule_take(owner, &trace->outcome, 0, &trace->options, &trace->subject, &schedule,
                            NULL) == 0);
    const char *text = schedule_text(owner, &schedule);
    cr_expect(strstr(text, "\n5 1 1/3 | ") != NULL, "%s", text);
    cr_expect(strstr(text, "\n6 1 0/0 | ") != NULL, "%s", text);
}

Test(schedule, an_execution_without_a_finding_can_be_kept) {
    struct trace *trace = trace_seat(owner);
    struct schedule schedule = seat_schedule();
    cr_assert(schedule_take(owner, &trace->outcome, -1, &trace->options, &trace->subject, &schedule,
                            NULL) == 0);
    const char *text = schedule_text(owner, &schedule);
    cr_expect(strstr(text, "\nfinding: none\nsteps: 14\n") != NULL, "%s", text);
}

/* The search met thread 3 first, and gave it the lower number. */
Test(schedule, actors_are_numbered_as_a_replay_will_meet_them) {
    struct trace *trace = trace_seat(owner);
    struct schedule schedule = seat_schedule();
    struct shared *shared = trace->shared;
    shared->actors[1].number = shared->actors[1].order = 3;
    shared->actors[2].number = shared->actors[2].order = 2;
    shared->raced = 5;
    shared->findings[0].raced = 4; /* the fifth was found later */
    shared->raced_granules[0] = 0x555555558010;
    shared->raced_granules[1] = HEAP_ADDRESS + HEAP_SIZE + 64;
    shared->raced_granules[2] = stack_top(2) - 64;
    shared->raced_granules[3] = HEAP_ADDRESS + 8;
    cr_assert(schedule_take(owner, &trace->outcome, 0, &trace->options, &trace->subject, &schedule,
                            NULL) == 0);
    cr_expect(eq(int, schedule.steps[3].actor, 2));
    cr_expect(eq(int, schedule.steps[6].actor, 1));
    cr_expect(eq(int, schedule.steps[13].actor, 0));
    const char *text = schedule_text(owner, &schedule);
    const char *raced = "\nraced: 0x555555558010\nraced: 0x201000000040\n"
                        "raced: 0x300007ffee80\nraced: 0x200000000008\nfinding: ";
    cr_expect(strstr(text, raced) != NULL, "%s", text);
    struct schedule *again = schedule_parse(owner, "x", text, NULL);
    struct explore_options options = schedule_options(owner, again);
    cr_expect(eq(int, options.raced_count, 4));
    cr_expect(eq(u64, options.raced[3], HEAP_ADDRESS + 8));
}

/* The second finding's schedule lies behind struct shared, where the runtime keeps it. */
Test(schedule, of_a_later_finding_the_pairs_are_kept) {
    struct trace *trace = trace_seat(owner);
    struct schedule schedule = seat_schedule();
    struct shared_finding *second = &trace->shared->findings[1];
    static const uint8_t pairs[] = {0, 0, 1, 2};
    trace_find(trace, KIND_DEADLOCK, "stuck");
    second->schedule_offset = offsetof(struct shared, schedule);
    second->schedule_length = 2;
    memcpy(trace->shared->schedule, pairs, sizeof pairs);
    cr_assert(schedule_take(owner, &trace->outcome, 1, &trace->options, &trace->subject, &schedule,
                            NULL) == 0);
    const char *text = schedule_text(owner, &schedule);
    cr_expect(
        strstr(text, "finding: deadlock\nmessage: stuck\nsteps: 2\n1 0 0/0\n2 1 2/255\nend\n") !=
            NULL,
        "%s", text);
    cr_expect(schedule_parse(owner, "x", text, NULL) != NULL);

    second->schedule_length = -1;
    struct error error = {""};
    cr_expect(schedule_take(owner, &trace->outcome, 1, &trace->options, &trace->subject, &schedule,
                            &error) != 0);
    expect_text(error.text, "the finding's schedule is not where it should be");
}

/* ---- Reading --------------------------------------------------------------------------------- */

Test(schedule, what_is_written_is_read_again) {
    static const char *const sources[] = {"a b.c", "sub/\\n.c", NULL},
                             *const flags[] = {"-O1", "-DX=\"\t\"", NULL},
                             *const args[] = {"", " blank at the edges ", "two\nlines\r", "\x7f",
                                              NULL};
    struct schedule schedule = seat_schedule();
    schedule.sources = sources;
    schedule.flags = flags;
    schedule.args = args;
    schedule.message = "# no comment: \\x00";
    schedule.options.races = RACES_IGNORE;
    schedule.options.output = true;
    schedule.options.overtaking = 7;
    schedule.steps[3].alternative = 2;
    schedule.steps[3].alternatives = 3;
    const char *text = schedule_text(owner, &schedule);
    struct error error = {""};
    struct schedule *again = schedule_parse(owner, "x", text, &error);
    cr_assert(again != NULL, "%s\n%s", error.text, text);
    expect_text(schedule_text(owner, again), text);
    for (int i = 0; i < 4; i++)
        expect_text(again->args[i], args[i], "argument %d", i);
    for (int i = 0; i < 2; i++) {
        expect_text(again->sources[i], sources[i]);
        expect_text(again->flags[i], flags[i]);
    }
    expect_text(again->message, schedule.message);
    cr_expect(eq(int, again->critical, 8));
    cr_expect(eq(int, again->steps[3].alternative, 2));
}

Test(schedule, a_replay_is_asked_for_what_was_recorded) {
    struct schedule schedule = seat_schedule();
    schedule.options.races = RACES_REPORT;
    schedule.options.spurious = 3;
    schedule.options.overtaking = 5;
    schedule.steps[1].alternative = 4;
    struct explore_options options = schedule_options(owner, &schedule);
    expect_text(options.strategy, "replay");
    cr_expect(eq(int, (int)options.races, (int)RACES_REPORT));
    cr_expect(eq(int, options.spurious, 3));
    cr_expect(eq(int, options.overtaking, 5));
    cr_expect(eq(int, options.schedule_length, 14));
    static const uint8_t first[] = {0, 0, 0, 4, 0, 0, 1, 0};
    cr_expect(memcmp(options.schedule, first, sizeof first) == 0);
    cr_expect(options.trace);
    cr_expect(not(options.minimise));
}

#define MAGIC "hazard schedule 1\n"
#define START MAGIC "program: a\nsource: a.c\ncompiler: gcc\nchecksum: 0123456789abcdef\n"
#define MIDDLE "races: stop\nspurious: 1\nstep-limit: 5\nordered-output: no\nfinding: none\n"
#define HEADER START MIDDLE "steps: 2\n"

Test(schedule, comments_empty_lines_and_other_line_ends_are_taken) {
    struct error error = {""};
    const char *text =
        "# first\n\n" HEADER "# between\n1 0 0/0\r\n\n2 1 1/2 | words\nend\n# last\n";
    struct schedule *schedule = schedule_parse(owner, "x", text, &error);
    cr_assert(schedule != NULL, "%s", error.text);
    cr_expect(eq(int, schedule->step_count, 2));
    cr_expect(eq(int, schedule->kind, -1));
    cr_expect(eq(int, schedule->critical, -1));
    expect_text(schedule->steps[0].words, "");
    expect_text(schedule->steps[1].words, "words");
}

static const struct {
    const char *about, *text, *error;
} malformed[] = {
    {"empty", "", "x:1: this is no schedule: it must begin with 'hazard schedule 1'"},
    {"something else", "#!/bin/sh\necho\n",
     "x:2: this is no schedule: it must begin with 'hazard schedule 1'"},
    {"a later version", "hazard schedule 2\n",
     "x:1: a schedule of version 2; this hazard reads version 1"},
    {"no colon", MAGIC "program\n",
     "x:2: a header line is a key, a colon and a value, not 'program'"},
    {"unknown key", MAGIC "program: a\ncolour: red\n", "x:3: there is no key 'colour'"},
    {"key twice", MAGIC "program: a\nprogram: b\n", "x:3: program is given twice"},
    {"missing key", START "spurious: 1\nsteps: 0\nend\n", "x:7: races is missing"},
    {"nothing but a start", MAGIC, "x:2: program is missing"},
    {"two origins", START MIDDLE "binary: b\nsteps: 0\nend\n",
     "x:12: exactly one of suite, source and binary must be given"},
    {"no origin", MAGIC "program: a\nchecksum: 0123456789abcdef\n" MIDDLE "steps: 0\nend\n",
     "x:9: exactly one of suite, source and binary must be given"},
    {"no compiler",
     MAGIC "program: a\nsource: a\nchecksum: 0123456789abcdef\n" MIDDLE "steps: 0\nend\n",
     "x:10: compiler is missing"},
    {"outside the suite", MAGIC "suite: ../a.c\n",
     "x:2: suite takes a path below the suite's root, not '../a.c'"},
    {"short checksum", MAGIC "checksum: 12\n",
     "x:2: checksum takes 16 hexadecimal digits, not '12'"},
    {"races", MAGIC "races: maybe\n", "x:2: races takes stop, report or ignore, not 'maybe'"},
    {"output", MAGIC "ordered-output: 1\n", "x:2: ordered-output takes yes or no, not '1'"},
    {"no number", MAGIC "spurious: one\n",
     "x:2: spurious takes a whole number from 0 to 1000, or any, not 'one'"},
    {"more than a number", MAGIC "spurious: 1x\n",
     "x:2: spurious takes a whole number from 0 to 1000, or any, not '1x'"},
    {"negative", MAGIC "spurious: -1\n",
     "x:2: spurious takes a whole number from 0 to 1000, or any, not '-1'"},
    {"no execution has so many steps", MAGIC "step-limit: 262145\n",
     "x:2: step-limit takes a whole number from 1 to 262144, not '262145'"},
    {"critical is no number", MAGIC "critical: 1x\n",
     "x:2: critical takes a whole number, not '1x'"},
    {"critical before the first", MAGIC "critical: 0\n", "x:2: critical must be from 1 to 262144"},
    {"too many steps", MAGIC "steps: 262145\n", "x:2: steps must be from 0 to 262144"},
    {"a flag that loads code", MAGIC "flag: -fplugin=x.so\n",
     "x:2: flag takes words for a compiler that run no other program, not '-fplugin=x.so'"},
    {"raced on nothing", MAGIC "raced: 0x\n",
     "x:2: raced takes the address of 8 bytes, like 0x1008, not '0x'"},
    {"raced on part of 8 bytes", MAGIC "raced: 0x1004\n",
     "x:2: raced takes the address of 8 bytes, like 0x1008, not '0x1004'"},
    {"raced on no address", MAGIC "raced: seats\n",
     "x:2: raced takes the address of 8 bytes, like 0x1008, not 'seats'"},
    {"unknown kind", MAGIC "finding: bad-luck\n",
     "x:2: finding: there is no kind 'bad-luck': see `hazard list --kinds`"},
    {"critical behind the end", START MIDDLE "critical: 3\nsteps: 2\n",
     "x:12: the critical step is 3, but there are only 2"},
    {"escape", MAGIC "message: a\\q\n",
     "x:2: a backslash is followed by \\, n, t or x and two digits"},
    {"escape at the end", MAGIC "message: a\\\n",
     "x:2: a backslash is followed by \\, n, t or x and two digits"},
    {"NUL", MAGIC "message: a\\x00b\n", "x:2: \\x00 cannot be part of a value"},
    {"cut off before the steps", HEADER, "x:12: step 1 of 2 is missing"},
    {"cut off in the steps", HEADER "1 0 0/0\n", "x:13: step 2 of 2 is missing"},
    {"cut off in a line", HEADER "1 0 0/0\n2 1 0/\n",
     "x:13: the number of alternatives is missing"},
    {"end too early", HEADER "1 0 0/0\nend\n", "x:13: step 2 of 2 is missing"},
    {"end missing", HEADER "1 0 0/0\n2 1 0/0\n", "x:14: 'end' is missing after step 2"},
    {"too many", HEADER "1 0 0/0\n2 1 0/0\n3 1 0/0\nend\n", "x:14: 'end' is missing after step 2"},
    {"something follows", HEADER "1 0 0/0\n2 1 0/0\nend\n3 1 0/0\n",
     "x:15: nothing may follow 'end'"},
    {"step left out", HEADER "2 1 0/0\n", "x:12: step 1 is expected here, not 2"},
    {"no number of the step", HEADER "x\n", "x:12: the number of the step is missing"},
    {"no blank", HEADER "1-0 0/0\n", "x:12: a blank is missing after the number of the step"},
    {"two blanks", HEADER "1  0 0/0\n", "x:12: the actor is missing"},
    {"no such actor", HEADER "1 256 0/0\n", "x:12: the actor must be from 0 to 255"},
    {"no blank after the actor", HEADER "1 0\n", "x:12: a blank is missing after the actor"},
    {"no slash", HEADER "1 0 0\n", "x:12: a slash is missing after the alternative"},
    {"alternative of none", HEADER "1 0 1/0\n", "x:12: there is no alternative 1 of 0"},
    {"alternative too big", HEADER "1 0 2/2\n", "x:12: there is no alternative 2 of 2"},
    {"one alternative", HEADER "1 0 0/1\n", "x:12: there is no alternative 0 of 1"},
    {"words without a bar", HEADER "1 0 0/0 thread\n",
     "x:12: ' | ' must stand before the words of the step"},
};

Test(schedule, whatever_is_malformed_is_refused_with_its_line) {
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct error error = {""};
        cr_expect(schedule_parse(owner, "x", malformed[i].text, &error) == NULL, "%s",
                  malformed[i].about);
        expect_text(error.text, malformed[i].error, "%s", malformed[i].about);
    }
}

/* No prefix of a schedule is one, but for the last newline. */
Test(schedule, a_schedule_that_was_cut_off_is_never_taken) {
    struct schedule schedule = seat_schedule();
    char *text = schedule_text(owner, &schedule);
    for (size_t length = strlen(text) - 2; length > 0; length--) {
        text[length] = '\0';
        cr_expect(schedule_parse(owner, "x", text, NULL) == NULL, "after %zu bytes", length);
    }
}

Test(schedule, a_file_that_is_not_there_is_an_error) {
    struct error error = {""};
    cr_expect(schedule_read(owner, "/nonexistent.schedule", &error) == NULL);
    expect_text(error.text, "cannot read /nonexistent.schedule: No such file or directory");
}

/* ---- The checksum ---------------------------------------------------------------------------- */

static char *folder;

static void setup_folder(void) {
    setup();
    folder = folder_new(owner, "/tmp", NULL);
}

static void teardown_folder(void) {
    folder_remove(folder);
    teardown();
}

TestSuite(checksum, .init = setup_folder, .fini = teardown_folder);

static uint64_t checksum_of_build(const char *source, const char *flags) {
    uint64_t checksum = 0;
    const char *path = talloc_asprintf(owner, "%s/a.out", folder);
    const char *command = talloc_asprintf(
        owner, "mkdir -p %s/x %s/y && printf '%s' >%s/x/a.c && cp %s/x/a.c %s/y && gcc %s -o %s",
        folder, folder, source, folder, folder, folder, flags, path);
    cr_assert(system(command) == 0, "%s", command);
    cr_assert(checksum_program(path, &checksum, NULL) == 0);
    return checksum;
}

Test(checksum, is_of_what_runs_and_not_of_where_it_was_built) {
    const char *x = talloc_asprintf(owner, "-g %s/x/a.c", folder);
    const char *y = talloc_asprintf(owner, "-g %s/y/a.c", folder);
    const char *stripped = talloc_asprintf(owner, "-g -Wl,-s %s/x/a.c", folder);
    uint64_t first = checksum_of_build("int main(void) { return 0; }", x);
    cr_expect(eq(u64, checksum_of_build("int main(void) { return 0; }", y), first), "elsewhere");
    cr_expect(eq(u64, checksum_of_build("int main(void) { return 0; }", stripped), first),
              "without symbols");
    cr_expect(ne(u64, checksum_of_build("int main(void) { return 1; }", x), first), "other code");
    cr_expect(ne(u64, checksum_of_build("int a = 7; int main(void) { return 0; }", x), first),
              "other data");
}

Test(checksum, what_is_no_program_is_an_error) {
    const char *path = talloc_asprintf(owner, "%s/file", folder);
    Elf64_Ehdr header = {.e_phnum = 2, .e_phentsize = sizeof(Elf64_Phdr), .e_phoff = 1 << 20};
    struct error error = {""};
    uint64_t checksum;
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    const struct {
        const char *about;
        const void *bytes;
        size_t size;
    } rows[] = {{"text", "#!/bin/sh\n", 10},
                {"only the magic", ELFMAG, SELFMAG},
                {"headers outside of the file", &header, sizeof header}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert(file_replace(path, rows[i].bytes, rows[i].size, NULL) == 0);
        cr_expect(eq(int, checksum_program(path, &checksum, &error), -1), "%s", rows[i].about);
        cr_expect(strstr(error.text, "is no 64-bit ELF program") != NULL, "%s: %s", rows[i].about,
                  error.text);
    }
    cr_expect(eq(int, checksum_program(folder, &checksum, &error), -1), "a folder");
    cr_expect(eq(int, checksum_program("/nonexistent", &checksum, &error), -1));
}
