/* SPDX-License-Identifier: MIT */
/* Options as all detectors have them: what each kind of value takes and refuses, and its text. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "option.h"
#include "tests/support/text.h"

static void *owner;

static void setup(void) {
    owner = new_owner();
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(option, .init = setup, .fini = teardown);

/* ---- A table with one of each ---------------------------------------------------------------- */

enum shade { LIGHT, DARK };

struct sample {
    const char *text, *word;
    int64_t big;
    double seconds;
    int small;
    enum shade shade;
    bool flag;
    int doubled; /* twice its value */
};

static int take_doubled(const struct detector_option *option, const char *shown, void *options,
                        const char *value, struct error *error) {
    int64_t number;
    if (option_whole_number(option, shown, value, &number, error) != 0)
        return -1;
    ((struct sample *)options)->doubled = 2 * (int)number;
    return 0;
}

static const char *doubled_text(void *text_owner, const void *options) {
    return talloc_asprintf(text_owner, "%d", ((const struct sample *)options)->doubled / 2);
}

static const char *const colours[] = {"red", "green", "blue", NULL};
static const char *const shades[] = {[LIGHT] = "light", [DARK] = "dark", NULL};

#define MEMBER(name) .offset = offsetof(struct sample, name)

static const struct detector_option table[] = {
    {.name = "flag", .record = RECORD_IF_SET, .value = VALUE_FLAG, MEMBER(flag)},
    {.name = "small", .formerly = "tiny", .value = VALUE_INT, .min = -1, .max = 9, MEMBER(small)},
    {.name = "big", .value = VALUE_INT64, .max = INT64_MAX, MEMBER(big)},
    {.name = "seconds", .value = VALUE_SECONDS, MEMBER(seconds)},
    {.name = "text", .record = RECORD_IF_SET, .value = VALUE_TEXT, MEMBER(text)},
    {.name = "word", .value = VALUE_WORD, .words = colours, MEMBER(word)},
    {.name = "shade",
     .record = RECORD_ALWAYS,
     .record_name = "tone",
     .value = VALUE_ENUM,
     .words = shades,
     MEMBER(shade)},
    {.name = "doubled",
     .record = RECORD_IF_SET,
     .value = VALUE_INT,
     .max = 9,
     .take = take_doubled,
     .text = doubled_text},
    {.name = NULL},
};

static const struct sample defaults = {.word = "red", .seconds = 1, .small = 3};

/* ---- Values ---------------------------------------------------------------------------------- */

#define SECONDS "--seconds takes a number from 0.1 to 10000000, not "
#define SMALL "--small takes a whole number from -1 to 9, not "
#define BIG "--big takes a whole number from 0 to 9223372036854775807, not "

static const struct value_row {
    char name[8], value[24];
    char text[24];  /* what is read back */
    char error[96]; /* or why it is refused */
} value_rows[] = {
    {"flag", "true", "true", ""},
    {"flag", "false", "false", ""},
    {"flag", "yes", "", "--flag takes true or false, not 'yes'"},
    {"flag", "", "", "--flag takes true or false, not ''"},
    {"small", "-1", "-1", ""},
    {"small", "9", "9", ""},
    {"small", "+7", "7", ""},
    {"small", "-2", "", SMALL "'-2'"},
    {"small", "10", "", SMALL "'10'"},
    {"small", "4294967297", "", SMALL "'4294967297'"}, /* 1, if it were cut to 32 bits */
    {"small", "", "", SMALL "''"},
    {"small", "x", "", SMALL "'x'"},
    {"small", "1x", "", SMALL "'1x'"},
    {"small", "1 ", "", SMALL "'1 '"},
    {"small", "1.0", "", SMALL "'1.0'"},
    {"big", "0", "0", ""},
    {"big", "9223372036854775807", "9223372036854775807", ""},
    {"big", "9223372036854775808", "", BIG "'9223372036854775808'"},
    {"big", "-1", "", BIG "'-1'"},
    {"big", "1e3", "", BIG "'1e3'"},
    {"seconds", "0.5", "0.5", ""},
    {"seconds", "1e7", "10000000", ""},
    {"seconds", "0.09", "", SECONDS "'0.09'"},
    {"seconds", "1.1e7", "", SECONDS "'1.1e7'"},
    {"seconds", "-1", "", SECONDS "'-1'"},
    {"seconds", "nan", "", SECONDS "'nan'"},
    {"seconds", "inf", "", SECONDS "'inf'"},
    {"seconds", "", "", SECONDS "''"},
    {"seconds", "2s", "", SECONDS "'2s'"},
    {"text", "a b", "a b", ""},
    {"text", "", "", ""},
    {"word", "blue", "blue", ""},
    {"word", "Blue", "", "--word takes red, green or blue, not 'Blue'"},
    {"word", "blu", "", "--word takes red, green or blue, not 'blu'"},
    {"shade", "dark", "dark", ""},
    {"shade", "1", "", "--shade takes light or dark, not '1'"},
    {"doubled", "4", "4", ""},
    {"doubled", "10", "", "--doubled takes a whole number from 0 to 9, not '10'"},
};

Test(option, a_value_is_read_and_written_or_refused_with_what_would_be_taken) {
    for (size_t i = 0; i < sizeof value_rows / sizeof *value_rows; i++) {
        const struct value_row *row = &value_rows[i];
        const struct detector_option *option = option_find(table, row->name);
        struct sample sample = defaults;
        struct error error = {""};
        int result = option_set(option, &sample, row->value, &error);
        cr_expect(eq(int, result, row->error[0] == '\0' ? 0 : -1), "%s=%s", row->name, row->value);
        expect_text(error.text, row->error, "%s=%s", row->name, row->value);
        if (result == 0)
            expect_text(option_text(owner, option, &sample), row->text, "%s=%s", row->name,
                        row->value);
    }
}

static bool same_word(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same(const struct sample *a, const struct sample *b) {
    return same_word(a->text, b->text) && same_word(a->word, b->word) && a->big == b->big &&
           a->seconds == b->seconds && a->small == b->small && a->shade == b->shade &&
           a->flag == b->flag && a->doubled == b->doubled;
}

/* The defaults, and one member more. */
#define WITH(assignment)                                                                           \
    ({                                                                                             \
        struct sample with = defaults;                                                             \
        with.assignment;                                                                           \
        with;                                                                                      \
    })

Test(option, a_value_reaches_its_member_and_no_other) {
    const struct {
        const char *name, *value;
        struct sample wanted;
    } rows[] = {
        {"flag", "true", WITH(flag = true)},
        {"small", "7", WITH(small = 7)},
        {"big", "4294967297", WITH(big = INT64_C(4294967297))},
        {"seconds", "2.5", WITH(seconds = 2.5)},
        {"text", "x", WITH(text = "x")},
        {"word", "green", WITH(word = "green")},
        {"shade", "dark", WITH(shade = DARK)},
        {"doubled", "4", WITH(doubled = 8)},
    };
    cr_assert(eq(sz, option_count(table), sizeof rows / sizeof *rows));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample sample = defaults;
        cr_assert(option_set(option_find(table, rows[i].name), &sample, rows[i].value, NULL) == 0);
        cr_expect(same(&sample, &rows[i].wanted), "%s", rows[i].name);
    }
}

/* The value may go, the word of the table stays. */
Test(option, a_word_is_that_of_the_table) {
    struct sample sample = defaults;
    char value[] = "blue";
    cr_assert(option_set(option_find(table, "word"), &sample, value, NULL) == 0);
    memset(value, 'x', 4);
    expect_text(sample.word, "blue");
}

Test(option, what_is_refused_leaves_the_member_alone) {
    static const char *const pairs[][2] = {
        {"small", "10"}, {"big", "x"}, {"seconds", "0"}, {"word", "x"}, {"shade", "x"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct sample sample = defaults;
        cr_expect(option_set(option_find(table, pairs[i][0]), &sample, pairs[i][1], NULL) != 0);
        cr_expect(same(&sample, &defaults), "%s", pairs[i][0]);
    }
}

/* ---- Names ----------------------------------------------------------------------------------- */

Test(option, is_found_by_its_name_and_by_an_earlier_one) {
    expect_text(option_find(table, "small")->name, "small");
    expect_text(option_find(table, "tiny")->name, "small");
    cr_expect(option_find(table, "smal") == NULL);
    cr_expect(option_find(table, "tone") == NULL, "that is its name in records");
}

Test(option, is_found_by_what_a_record_calls_it) {
    expect_text(option_find_recorded(table, "tone")->name, "shade");
    expect_text(option_find_recorded(table, "flag")->name, "flag");
    cr_expect(option_find_recorded(table, "shade") == NULL, "that is its name elsewhere");
    cr_expect(option_find_recorded(table, "small") == NULL, "it is not recorded");
}

Test(option, is_called_in_errors_as_the_user_knows_it) {
    struct sample sample = defaults;
    struct error error = {""};
    cr_expect(option_set_as(option_find(table, "shade"), "tone", &sample, "grey", &error) != 0);
    expect_text(error.text, "tone takes light or dark, not 'grey'");
    cr_expect(option_set_as(option_find(table, "doubled"), "twice", &sample, "", &error) != 0);
    expect_text(error.text, "twice takes a whole number from 0 to 9, not ''");
}

/* ---- Pairs ----------------------------------------------------------------------------------- */

Test(option, of_pairs_the_last_counts) {
    static const char *const pairs[] = {"small", "1", "text", "x", "tiny", "2", NULL};
    struct sample sample = defaults;
    cr_expect(option_set_pairs(table, &sample, pairs, NULL) == 0);
    cr_expect(eq(int, sample.small, 2));
    expect_text(sample.text, "x");
}

Test(option, no_pairs_are_none) {
    static const char *const none[] = {NULL};
    struct sample sample = defaults;
    cr_expect(option_set_pairs(table, &sample, none, NULL) == 0);
    cr_expect(option_set_pairs(table, &sample, NULL, NULL) == 0);
    cr_expect(same(&sample, &defaults));
}

Test(option, pairs_end_at_the_first_that_is_wrong) {
    static const char *const unknown[] = {"small", "1", "colour", "red", "big", "7", NULL};
    static const char *const refused[] = {"small", "1", "word", "x", "big", "7", NULL};
    struct sample sample = defaults;
    struct error error = {""};
    cr_expect(option_set_pairs(table, &sample, unknown, &error) != 0);
    expect_text(error.text, "there is no option 'colour'");
    cr_expect(option_set_pairs(table, &sample, refused, &error) != 0);
    expect_text(error.text, "--word takes red, green or blue, not 'x'");
    cr_expect(eq(int, (int)sample.big, 0));
}

/* ---- Records --------------------------------------------------------------------------------- */

Test(option, a_record_says_what_is_not_the_default_and_some_always) {
    const struct {
        const char *about;
        struct sample sample;
        const char *recorded; /* what is, beside "tone" */
    } rows[] = {
        {"nothing was set", defaults, NULL},
        {"a flag", WITH(flag = true), "flag"},
        {"a text", WITH(text = ""), "text"},
        {"what is read in another way", WITH(doubled = 2), "doubled"},
        {"it is set to what it was", WITH(flag = false), NULL},
        {"it is never recorded", WITH(small = 7), NULL},
        {"it is recorded always", WITH(shade = DARK), NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (const struct detector_option *option = table; option->name != NULL; option++) {
            bool wanted = strcmp(option->name, "shade") == 0 ||
                          (rows[i].recorded != NULL && strcmp(option->name, rows[i].recorded) == 0);
            cr_expect(eq(int, option_is_recorded(option, &rows[i].sample, &defaults), wanted),
                      "%s: %s", rows[i].about, option->name);
        }
}

/* Against defaults that have a text, too. */
Test(option, another_text_than_the_default_is_recorded) {
    const struct detector_option *text = option_find(table, "text");
    struct sample usual = WITH(text = "x"), copied = WITH(text = talloc_strdup(owner, "x"));
    cr_expect(not(option_is_recorded(text, &copied, &usual)));
    cr_expect(option_is_recorded(text, &defaults, &usual));
    cr_expect(option_is_recorded(text, &(struct sample){.text = "y"}, &usual));
}

/* ---- Words ----------------------------------------------------------------------------------- */

Test(option, words_are_joined_as_a_sentence_has_them) {
    static const char *const one[] = {"a", NULL}, *const two[] = {"a", "b", NULL};
    char text[24];
    option_join(text, sizeof text, one, " or ");
    expect_text(text, "a");
    option_join(text, sizeof text, two, " and ");
    expect_text(text, "a and b");
    option_join(text, sizeof text, colours, " or ");
    expect_text(text, "red, green or blue");
    option_join(text, 8, colours, " or ");
    expect_text(text, "red, gr", "as much as there is room for");
}
