/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/text.h"

#define FILE_WITH_MARKS "tests/fixtures/marks.c"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(marks, .init = setup, .fini = teardown);

Test(marks, are_found_where_the_word_stands_in_a_comment) {
    static const struct {
        int line;
        const char *text;
    } wanted[] = {
        {8, "alone on its line"},
        {9, "after code"},
        {10, "with other text before it, and after it"},
        {12, "in the middle of a comment that goes on"},
        {15, "a line comment"},
        {16, "first"},
        {16, "second"},
        {19, ""},
        {23, "after a quote in a character"},
    };
    struct marks marks = {0};
    struct error error = {""};
    cr_assert(marks_read(owner, FILE_WITH_MARKS, &marks, &error) == 0, "%s", error.text);
    cr_expect(eq(sz, marks.count, sizeof wanted / sizeof *wanted));
    for (size_t i = 0; i < marks.count && i < sizeof wanted / sizeof *wanted; i++) {
        cr_expect(eq(int, marks.items[i].line, wanted[i].line), "mark %zu", i);
        expect_text(marks.items[i].text, wanted[i].text, "mark %zu", i);
        expect_text(marks.items[i].file, FILE_WITH_MARKS);
    }
}

Test(marks, of_several_files_are_appended) {
    struct marks marks = {0};
    marks_read(owner, FILE_WITH_MARKS, &marks, NULL);
    size_t first = marks.count;
    marks_read(owner, FILE_WITH_MARKS, &marks, NULL);
    cr_expect(eq(sz, marks.count, 2 * first));
}

Test(marks, missing_file_is_an_error) {
    struct marks marks = {0};
    struct error error = {""};
    cr_expect(eq(int, marks_read(owner, "/nonexistent.c", &marks, &error), -1));
    cr_expect(strstr(error.text, "/nonexistent.c") != NULL, "%s", error.text);
}

/* Two files: main.c is marked at line 10, queue.c at line 20. */
static const char *const paths[] = {"/app/main.c", "/app/queue.c"};
static const struct sources sources = {paths, 2};
static struct marked_line items[] = {{"/app/main.c", 10, "one"}, {"/app/queue.c", 20, "two"}};
static const struct marks marks = {items, 2};

struct place {
    const char *file;
    int line;
};

Test(marks, a_finding_points_by_its_innermost_own_frame) {
    static const struct {
        const char *about;
        enum kind kind;
        bool context;
        struct place stack[3];
        const char *text; /* of the mark; NULL: none */
    } rows[] = {
        {"marked line", KIND_DATA_RACE, false, {{"/app/main.c", 10}}, "one"},
        {"the other file", KIND_DATA_RACE, false, {{"/app/queue.c", 20}}, "two"},
        {"right line, other file", KIND_DATA_RACE, false, {{"/app/queue.c", 10}}, NULL},
        {"other line", KIND_DATA_RACE, false, {{"/app/main.c", 11}}, NULL},
        {"below libc", KIND_DATA_RACE, false, {{"/libc/memcpy.c", 5}, {"/app/main.c", 10}}, "one"},
        {"as context", KIND_DATA_RACE, true, {{"/app/main.c", 10}}, NULL},
        {"a caller", KIND_DATA_RACE, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, NULL},
        {"a caller", KIND_DEADLOCK, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, NULL},
        {"a caller", KIND_THREAD_LEAK, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, NULL},
        {"a caller", KIND_BLOCKED_CLIENT, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, "one"},
        {"a caller", KIND_ZOMBIE, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, "one"},
        {"a caller", KIND_DESCRIPTOR_LEAK, false, {{"/x.c", 3}, {"/app/main.c", 10}}, "one"},
        {"a caller", KIND_MEMORY_LEAK, false, {{"/app/main.c", 3}, {"/app/main.c", 10}}, "one"},
        {"a caller", KIND_CRASH, false, {{"/app/queue.c", 3}, {"/app/main.c", 10}}, "one"},
        {"as context", KIND_CRASH, true, {{"/app/main.c", 10}}, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct finding finding = {.kind = rows[i].kind, .message = ""};
        struct location location = {.actor = "", .doing = "", .context = rows[i].context};
        for (size_t j = 0; j < 3 && rows[i].stack[j].file != NULL; j++)
            location_add_frame(owner, &location,
                               (struct frame){.function = "f",
                                              .file = rows[i].stack[j].file,
                                              .line = rows[i].stack[j].line});
        finding_add_location(owner, &finding, location);
        const struct marked_line *mark = marks_match(&marks, &finding, &sources, MARK_INNERMOST);
        const char *got = mark != NULL ? mark->text : "none";
        const char *wanted = rows[i].text != NULL ? rows[i].text : "none";
        expect_text(got, wanted, "%s: %s", kind_name(rows[i].kind), rows[i].about);
    }
}

Test(marks, a_detector_of_whole_steps_points_by_any_frame) {
    struct finding finding = {.kind = KIND_DATA_RACE, .message = ""};
    struct location location = {.actor = "", .doing = ""};
    location_add_frame(owner, &location, (struct frame){.function = "helper", .file = paths[0]});
    location_add_frame(owner, &location,
                       (struct frame){.function = "f", .file = paths[0], .line = 10});
    finding_add_location(owner, &finding, location);
    cr_expect(marks_match(&marks, &finding, &sources, MARK_INNERMOST) == NULL);
    cr_expect(marks_match(&marks, &finding, &sources, MARK_ANY_FRAME) == &items[0]);
    finding.locations[0].context = true;
    cr_expect(marks_match(&marks, &finding, &sources, MARK_ANY_FRAME) == NULL);
}

Test(marks, any_location_of_a_finding_may_point) {
    struct finding finding = {.kind = KIND_DATA_RACE, .message = ""};
    for (int line = 9; line <= 10; line++) {
        struct location location = {.actor = "", .doing = ""};
        location_add_frame(owner, &location,
                           (struct frame){.function = "f", .file = paths[0], .line = line});
        finding_add_location(owner, &finding, location);
    }
    cr_expect(marks_match(&marks, &finding, &sources, MARK_INNERMOST) == &items[0]);
    finding.location_count = 0;
    cr_expect(marks_match(&marks, &finding, &sources, MARK_INNERMOST) == NULL);
}
