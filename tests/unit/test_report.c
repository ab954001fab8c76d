/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "report/finding.h"
#include "report/verdict.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(report, .init = setup, .fini = teardown);

static const char *const paths[] = {"/home/u/app/main.c", "/home/u/app/net/queue.c"};
static const struct sources sources = {paths, 2};

Test(report, every_kind_has_a_name_of_its_own_and_a_sentence) {
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const char *name = kind_name((enum kind)kind), *title = kind_title((enum kind)kind);
        cr_assert(name != NULL && title != NULL, "kind %d", kind);
        cr_expect(eq(int, kind_from_name(name), kind), "%s", name);
        cr_expect(title[strlen(title) - 1] == '.', "%s: %s", name, title);
    }
    cr_expect(eq(int, kind_from_name("data_race"), -1));
    cr_expect(eq(int, kind_from_name(""), -1));
}

Test(report, every_verdict_has_a_name_of_its_own) {
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        cr_expect(eq(int, verdict_from_name(verdict_name((enum verdict)verdict)), verdict));
    cr_expect(eq(int, verdict_from_name("Found"), -1));
}

Test(report, file_names_are_compared_after_folding_dots) {
    static const struct {
        const char *named, *file;
        bool same;
    } rows[] = {
        {"/home/u/app/main.c", "/home/u/app/main.c", true},
        {"/home/u/app/./net/../main.c", "/home/u/app/main.c", true},
        {"/home//u/app/main.c", "/home/u/app/main.c", true},
        {"/../home/u/app/main.c", "/home/u/app/main.c", true},
        {"main.c", "/home/u/app/main.c", true},
        {"./app/main.c", "/home/u/app/main.c", true},
        {"/main.c", "/home/u/app/main.c", false},
        {"ain.c", "/home/u/app/main.c", false},
        {"lib/main.c", "/home/u/app/main.c", false},
        {"/home/u/app/main.cc", "/home/u/app/main.c", false},
        {"..", "/home/u/app/main.c", false},
        {"", "/home/u/app/main.c", false},
        {NULL, "/home/u/app/main.c", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct frame frame = {.function = "f", .file = rows[i].named, .line = 1};
        cr_expect(eq(int, frame_in_file(&frame, rows[i].file), rows[i].same), "'%s' and '%s'",
                  rows[i].named != NULL ? rows[i].named : "NULL", rows[i].file);
    }
}

/* A location with these files as its stack, innermost first. */
static struct location stack(const char *const *files) {
    struct location location = {.actor = "thread 1", .doing = "read"};
    for (int line = 1; *files != NULL; files++, line++)
        location_add_frame(owner, &location,
                           (struct frame){.function = "f", .file = *files, .line = line});
    return location;
}

Test(report, own_frame_is_the_innermost_in_a_source_else_beside_one) {
    static const struct {
        const char *about;
        const char *files[4];
        int line; /* of the own frame, 0: none */
    } rows[] = {
        {"innermost", {"/home/u/app/main.c", "/home/u/app/net/queue.c"}, 1},
        {"below libc", {"/usr/src/malloc.c", NULL, NULL, NULL}, 0},
        {"libc first", {"/usr/src/malloc.c", "/home/u/app/net/queue.c"}, 2},
        {"header beside", {"/usr/src/malloc.c", "/home/u/app/net/queue.h"}, 2},
        {"source before header", {"/home/u/app/app.h", "/home/u/app/main.c"}, 2},
        {"header of a folder above", {"/home/u/app/net/../../inc/must.h"}, 0},
        {"relative header", {"queue.h"}, 0},
        {"no frames", {NULL}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct location location = stack(rows[i].files);
        const struct frame *own = location_own_frame(&location, &sources);
        cr_expect(eq(int, own != NULL ? own->line : 0, rows[i].line), "%s", rows[i].about);
    }
}

static struct finding finding_at(enum kind kind, const char *message, const int *lines,
                                 bool context) {
    struct finding finding = {.kind = kind, .message = message};
    for (; *lines != 0; lines++) {
        struct location location = {.actor = "thread 1", .doing = "read", .context = context};
        const char *file = *lines > 0 ? paths[0] : "/usr/src/malloc.c";
        location_add_frame(owner, &location,
                           (struct frame){.function = "f", .file = file, .line = *lines});
        finding_add_location(owner, &finding, location);
    }
    return finding;
}

/* Lines below 0 are outside of the program. */
Test(report, findings_are_the_same_when_their_own_lines_are) {
    static const struct {
        const char *about;
        enum kind kinds[2];
        const char *messages[2];
        int lines[2][4];
        bool same;
    } rows[] = {
        {"same lines", {0, 0}, {"a", "b"}, {{3, 5}, {3, 5}}, true},
        {"other order", {0, 0}, {"a", "a"}, {{3, 5}, {5, 3}}, true},
        {"other kind", {0, 1}, {"a", "a"}, {{3, 5}, {3, 5}}, false},
        {"other line", {0, 0}, {"a", "a"}, {{3, 5}, {3, 6}}, false},
        {"one more", {0, 0}, {"a", "a"}, {{3}, {3, 5}}, false},
        {"not the same number of each", {0, 0}, {"a", "a"}, {{3, 3, 5}, {3, 5, 5}}, false},
        {"one outside", {0, 0}, {"a", "a"}, {{3, -1}, {3, -9}}, true},
        {"one outside, one in", {0, 0}, {"a", "a"}, {{3, -1}, {3, 4}}, false},
        {"all outside", {0, 0}, {"tid 17 ends", "tid 4242 ends"}, {{-1}, {-2}}, true},
        {"all outside, other words", {0, 0}, {"read", "write"}, {{-1}, {-1}}, false},
        {"nowhere", {0, 0}, {"at 0x7ffe", "at 0x12"}, {{0}, {0}}, true},
        {"nowhere, longer words", {0, 0}, {"died", "died twice"}, {{0}, {0}}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct finding pair[2];
        for (size_t j = 0; j < 2; j++)
            pair[j] = finding_at(rows[i].kinds[j], rows[i].messages[j], rows[i].lines[j], false);
        cr_expect(eq(int, finding_same(&pair[0], &pair[1], &sources), rows[i].same), "%s",
                  rows[i].about);
        cr_expect(eq(int, finding_same(&pair[1], &pair[0], &sources), rows[i].same), "%s, swapped",
                  rows[i].about);
    }
}

Test(report, context_does_not_tell_findings_apart) {
    struct finding one = finding_at(KIND_DATA_RACE, "a", (int[]){3, 0}, false), other = one;
    struct finding creation = finding_at(KIND_DATA_RACE, "a", (int[]){3, 0}, true);
    other.locations = NULL;
    other.location_count = 0;
    finding_add_location(owner, &other, one.locations[0]);
    finding_add_location(owner, &other, creation.locations[0]);
    cr_expect(finding_same(&one, &other, &sources));
}

Test(report, findings_grow_and_share_what_they_point_to) {
    struct findings all = {0};
    struct finding finding = finding_at(KIND_CRASH, "words", (int[]){3, 5, 0}, false);
    findings_add(owner, &all, finding);
    findings_add(owner, &all, finding);
    cr_assert(eq(sz, all.count, 2));
    cr_expect(eq(sz, all.items[1].location_count, 2));
    cr_expect(eq(ptr, (void *)all.items[0].locations, (void *)finding.locations));
    cr_expect(eq(int, all.items[1].locations[1].frames[0].line, 5));
}
