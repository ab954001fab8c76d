/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/result_pack.h"
#include "tests/support/render_report.h"
#include "tests/support/text.h"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(pack, .init = setup, .fini = teardown);

/* Two results are the same if they pack to the same. */
static void expect_round_trip(const struct result *result) {
    json_t *packed = result_pack(result);
    cr_assert(packed != NULL);
    const struct result *back = result_unpack(owner, packed);
    cr_assert(back != NULL);
    json_t *again = result_pack(back);
    cr_expect(json_equal(packed, again), "%s", result->detector);
    json_decref(packed);
    json_decref(again);
}

Test(pack, round_trip_keeps_everything) {
    const struct suite_report *report = report_of_suite(owner);
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            expect_round_trip(&report->programs[i].cells[j].result);
    expect_round_trip(&report_of_explore(owner)->programs[0].cells[0].result);
}

static struct result *unpack_of(const struct result *result) {
    json_t *packed = result_pack(result);
    struct result *back = result_unpack(owner, packed);
    json_decref(packed);
    cr_assert(back != NULL);
    return back;
}

/* Against the model itself, not against what we pack: a field that both forget would pass above. */
Test(pack, every_field_comes_back) {
    struct frame frame = {.function = "f", .file = "/x.c", .line = 7, .column = 3};
    struct frame bare = {.function = "?"};
    struct location location = {.actor = "thread 1", .doing = "read", .context = true};
    struct finding finding = {.kind = KIND_ZOMBIE, .message = "a\\nb"};
    struct result result = {.detector = "probe",
                            .verdict = VERDICT_BOUNDED,
                            .runs = 5,
                            .hits = 2,
                            .detail = "exit 1",
                            .program_failed = true,
                            .conditional = true,
                            .count = 5000000000};
    location_add_frame(owner, &location, frame);
    location_add_frame(owner, &location, bare);
    finding_add_location(owner, &finding, location);
    finding.schedule = finding.locations;
    finding.schedule_count = 1;
    finding.schedule_first = 12;
    finding.further = &bare;
    finding.further_count = 1;
    finding.doubt = "known";
    finding.refuted = true;
    findings_add(owner, &result.findings, finding);
    const struct result *back = unpack_of(&result);
    expect_text(back->detector, "probe");
    cr_expect(eq(int, (int)back->verdict, VERDICT_BOUNDED));
    cr_expect(eq(int, back->runs, 5));
    cr_expect(eq(int, back->hits, 2));
    expect_text(back->detail, "exit 1");
    cr_expect(back->program_failed);
    cr_expect(back->conditional);
    cr_expect(eq(llong, back->count, 5000000000));
    cr_assert(eq(sz, back->findings.count, 1));
    cr_expect(eq(int, (int)back->findings.items[0].kind, KIND_ZOMBIE));
    expect_text(back->findings.items[0].message, finding.message);
    cr_assert(eq(sz, back->findings.items[0].further_count, 1));
    expect_text(back->findings.items[0].further[0].function, "?");
    expect_text(back->findings.items[0].doubt, "known");
    cr_expect(back->findings.items[0].refuted);
    cr_assert(eq(sz, back->findings.items[0].location_count, 1));
    cr_assert(eq(sz, back->findings.items[0].schedule_count, 1));
    cr_expect(eq(sz, back->findings.items[0].schedule_first, 12));
    expect_text(back->findings.items[0].schedule[0].doing, "read");
    const struct location *place = &back->findings.items[0].locations[0];
    expect_text(place->actor, "thread 1");
    expect_text(place->doing, "read");
    cr_expect(place->context);
    cr_assert(eq(sz, place->frame_count, 2));
    expect_text(place->frames[0].function, "f");
    expect_text(place->frames[0].file, "/x.c");
    cr_expect(eq(int, place->frames[0].line, 7));
    cr_expect(eq(int, place->frames[0].column, 3));
    cr_expect(place->frames[1].file == NULL);
}

Test(pack, strings_that_are_no_utf8_are_mended) {
    struct result result = {.detector = "tsan", .detail = "\xff bad"};
    expect_text(unpack_of(&result)->detail, "\xEF\xBF\xBD bad");
}

Test(pack, malformed_is_refused) {
#define RESULT(verdict, findings)                                                                  \
    "{\"detector\":\"a\",\"verdict\":\"" verdict "\",\"runs\":1,\"hits\":1,\"detail\":\"\","       \
    "\"program_failed\":false,\"conditional\":false,\"count\":0,\"findings\":" findings "}"
#define FINDING(kind, locations) FINDING_WITH(kind, locations, "[]")
#define FINDING_WITH(kind, locations, further)                                                     \
    "[{\"kind\":\"" kind                                                                           \
    "\",\"message\":\"m\",\"schedule\":[],\"schedule_first\":0,\"refuted\":false,"                 \
    "\"locations\":" locations ",\"further\":" further "}]"
#define LOCATION(frames)                                                                           \
    "[{\"actor\":\"a\",\"doing\":\"d\",\"context\":false,\"frames\":" frames "}]"
    static const struct {
        const char *json;
        bool good;
    } rows[] = {
        {RESULT("silent", "[]"), true},
        {RESULT("found", FINDING("crash", LOCATION("[]"))), true},
        {"{}", false},
        {"[]", false},
        {"null", false},
        {RESULT("mute", "[]"), false},
        {RESULT("silent", "{}"), false},
        {RESULT("silent", "[1]"), false},
        {RESULT("found", FINDING("bang", "[]")), false},
        {RESULT("found", FINDING("crash", "{}")), false},
        {RESULT("found", FINDING("crash", "[null]")), false},
        {RESULT("found", FINDING("crash", LOCATION("7"))), false},
        {RESULT("found", FINDING_WITH("crash", "[]", "{}")), false},
        {RESULT("found", FINDING_WITH("crash", "[]", "[1]")), false},
        {RESULT("found", FINDING("crash", LOCATION("[{\"line\":1}]"))), false},
        {"{\"detector\":\"a\",\"verdict\":\"silent\",\"runs\":1}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *packed = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
        cr_assert(packed != NULL, "%s", rows[i].json);
        cr_expect(eq(int, result_unpack(owner, packed) != NULL, rows[i].good), "%s", rows[i].json);
        json_decref(packed);
    }
    cr_expect(result_unpack(owner, NULL) == NULL, "no answer at all");
}
