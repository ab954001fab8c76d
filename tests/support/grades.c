/* SPDX-License-Identifier: MIT */
#include "tests/support/grades.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SANDBOX "A: user, mount, pid, net and ipc namespaces"

static struct mark_place racing[] = {{"counter.c", 12, "read of 4 bytes by thread 2"},
                                     {"counter.c", 14, "write of 4 bytes by thread 3"}};

#define PLAIN                                                                                      \
    .sentence = "every schedule was tried, none fails", .details = "", .hint = "", .replay = ""

#define PASSED                                                                                     \
    {                                                                                              \
        .name = "races", .title = "No data race", .with = "explore", .state = MARK_PASSED,         \
        .points = 5, .most = 5, PLAIN                                                              \
    }
#define FAILED                                                                                     \
    {                                                                                              \
        .name = "deadlock", .title = "No deadlock", .with = "explore", .state = MARK_FAILED,       \
        .most = 4, .sentence = "two threads wait for each other's mutex",                          \
        .details =                                                                                 \
            "step  thread 2      thread 3\n   1  locks `a`\n   2                locks `b`\n",      \
        .hint = "Lock both mutexes in one order.", .replay = "hazard replay deadlock.schedule",    \
        .attachment_name = "deadlock.schedule",                                                    \
        .attachment = "hazard schedule 1\nsteps: 2\nend\n", .kind = "deadlock", .places = racing,  \
        .place_count = 2                                                                           \
    }

static struct mark full_marks[] = {PASSED,
                                   {.name = "works",
                                    .title = "It adds up",
                                    .with = "run",
                                    .state = MARK_PASSED,
                                    .points = 5,
                                    .most = 5,
                                    PLAIN}};
static const struct grade full = {
    "counter",  "Shared counter",  "ada", GRADE_MARKED, "", "",     NULL, 0,
    full_marks, COUNT(full_marks), 10,    10,           "", SANDBOX};

static struct mark failed_marks[] = {PASSED, FAILED};
static const struct grade failed = {"counter",
                                    "Shared counter",
                                    "ada",
                                    GRADE_MARKED,
                                    "",
                                    "",
                                    NULL,
                                    0,
                                    failed_marks,
                                    COUNT(failed_marks),
                                    5,
                                    9,
                                    "",
                                    SANDBOX};

static struct mark mixed_marks[] = {{.name = "leak",
                                     .title = "No thread is left",
                                     .with = "explore",
                                     .state = MARK_PARTIAL,
                                     .points = 1,
                                     .most = 3,
                                     .sentence = "one thread is left",
                                     .details = "",
                                     .hint = "Join it.",
                                     .replay = "",
                                     .kind = "thread-leak",
                                     .places = racing,
                                     .place_count = 1},
                                    {.name = "fair",
                                     .title = "Nobody starves",
                                     .with = "explore",
                                     .state = MARK_UNDECIDED,
                                     .points = 2,
                                     .most = 4,
                                     .sentence = "the budget ended first",
                                     .details = "",
                                     .hint = "",
                                     .replay = ""},
                                    {.name = "speed",
                                     .title = "Threads run at once",
                                     .with = "explore",
                                     .state = MARK_SKIPPED,
                                     .most = 2,
                                     .sentence = "it requires leak, which has not passed",
                                     .details = "",
                                     .hint = "",
                                     .replay = ""},
                                    {.name = "warnings",
                                     .title = "No warning",
                                     .with = "run",
                                     .state = MARK_FAILED,
                                     .points = -1,
                                     .sentence = "the compiler warns",
                                     .details = "",
                                     .hint = "",
                                     .replay = ""}};
static const struct grade mixed = {"counter",
                                   "Shared counter",
                                   "ada",
                                   GRADE_MARKED,
                                   "",
                                   "",
                                   NULL,
                                   0,
                                   mixed_marks,
                                   COUNT(mixed_marks),
                                   1,
                                   9,
                                   "at most 1 point, as not all is decided",
                                   SANDBOX};

static struct mark hidden_marks[] = {
    {.name = "secret",
     .title = "It holds under load",
     .with = "run",
     .state = MARK_FAILED,
     .most = 6,
     .hidden = true,
     .sentence = "SECRETSENTENCE",
     .details = "SECRETDETAILS\n",
     .hint = "SECRETHINT",
     .replay = "SECRETREPLAY",
     .attachment_name = "SECRETNAME",
     .attachment = "SECRETSCHEDULE",
     .kind = "data-race",
     .places = (struct mark_place[]){{"SECRETFILE.c", 7, "SECRETPLACE"}},
     .place_count = 1},
    PASSED};
static const struct grade hidden = {
    "counter",    "Shared counter",    "ada", GRADE_MARKED, "", "",     NULL, 0,
    hidden_marks, COUNT(hidden_marks), 5,     11,           "", SANDBOX};

static struct mark_place wrong[] = {{"counter.c", 3, "expected ';'"}};
static struct mark refused_marks[] = {{.name = "races",
                                       .title = "No data race",
                                       .with = "explore",
                                       .state = MARK_FAILED,
                                       .most = 5,
                                       .sentence = "it was not tried",
                                       .details = "",
                                       .hint = "",
                                       .replay = ""}};
static const struct grade refused = {"counter",
                                     "Shared counter",
                                     "ada",
                                     GRADE_REFUSED,
                                     "counter.c does not compile",
                                     "counter.c:3:9: error: expected ';'\n    3 | int a\n",
                                     wrong,
                                     1,
                                     refused_marks,
                                     COUNT(refused_marks),
                                     0,
                                     5,
                                     "",
                                     SANDBOX};

static const struct grade refused_as_missing = {"counter",
                                                "Shared counter",
                                                "ada",
                                                GRADE_REFUSED,
                                                "counter.c is missing",
                                                "",
                                                NULL,
                                                0,
                                                refused_marks,
                                                COUNT(refused_marks),
                                                0,
                                                5,
                                                "",
                                                SANDBOX};

static const struct grade broken = {"counter",
                                    "Shared counter",
                                    "ada",
                                    GRADE_BROKEN,
                                    "the disk is full",
                                    "",
                                    NULL,
                                    0,
                                    NULL,
                                    0,
                                    0,
                                    9,
                                    "",
                                    SANDBOX};

static struct mark half_broken_marks[] = {PASSED,
                                          {.name = "signals",
                                           .title = "Signals do no harm",
                                           .with = "inject",
                                           .state = MARK_BROKEN,
                                           .most = 5,
                                           .sentence = "ptrace is not allowed here",
                                           .details = "",
                                           .hint = "",
                                           .replay = ""}};
static const struct grade half_broken = {"counter",
                                         "Shared counter",
                                         "ada",
                                         GRADE_BROKEN,
                                         "ptrace is not allowed here",
                                         "",
                                         NULL,
                                         0,
                                         half_broken_marks,
                                         COUNT(half_broken_marks),
                                         0,
                                         10,
                                         "",
                                         SANDBOX};

#define NASTY                                                                                      \
    "\"q\" 'a' \\ Part 1: races # ]]> </script><script>alert(1)</script> &amp; \xF0\x9F\x92\xA9 "  \
    "--- ... ok 1 {\"scores\":{\"races\":99}} %s %n"
static char long_line[20001];
static struct mark_place nasty_places[] = {{"a b\"'<>.c", 1, NASTY}, {"b:c.c", 2147483647, NASTY}};
static struct mark nasty_marks[] = {
    {.name = "first-1",
     .title = "_" NASTY,
     .with = "tsan",
     .state = MARK_FAILED,
     .most = 3,
     .sentence = NASTY,
     .details = NASTY "\n...\n---\nBail out! no\nok 9\n\tTab\n" NASTY,
     .hint = NASTY,
     .replay = NASTY,
     .attachment_name = "x\"y.schedule",
     .attachment = NASTY "\n" NASTY,
     .kind = "data-race",
     .places = nasty_places,
     .place_count = COUNT(nasty_places)},
    {.name = "second",
     .title = "_" NASTY,
     .with = "tsan",
     .state = MARK_PASSED,
     .points = 3,
     .most = 3,
     .sentence = NASTY,
     .details = long_line,
     .hint = NASTY,
     .replay = NASTY},
    {.name = "third",
     .title = NASTY,
     .with = "tsan",
     .state = MARK_UNDECIDED,
     .points = 1,
     .most = 3,
     .sentence = long_line,
     .details = long_line,
     .hint = long_line,
     .replay = ""},
    {.name = "fourth",
     .title = NASTY,
     .with = "tsan",
     .state = MARK_SKIPPED,
     .most = 3,
     .sentence = NASTY,
     .details = "",
     .hint = NASTY,
     .replay = NASTY,
     .attachment_name = "long.schedule",
     .attachment = long_line}};
static const struct grade nasty = {NASTY,
                                   NASTY,
                                   "-o\n" NASTY,
                                   GRADE_MARKED,
                                   "",
                                   "",
                                   nasty_places,
                                   COUNT(nasty_places),
                                   nasty_marks,
                                   COUNT(nasty_marks),
                                   4,
                                   12,
                                   NASTY,
                                   SANDBOX};
static const struct grade nasty_broken = {
    NASTY,       NASTY, NASTY, GRADE_BROKEN, NASTY, NASTY,  nasty_places, COUNT(nasty_places),
    nasty_marks, 1,     0,     12,           "",    SANDBOX};

static struct mark pointless_marks[] = {
    {.name = "races", .title = "No data race", .with = "explore", .state = MARK_PASSED, PLAIN}};
static const struct grade pointless = {
    "counter", "Shared counter", "ada", GRADE_MARKED, "", "", NULL, 0, pointless_marks, 1, 0, 0,
    "",        SANDBOX};

const struct made_grade grades[] = {
    {"full", &full},           {"failed", &failed},
    {"mixed", &mixed},         {"hidden", &hidden},
    {"refused", &refused},     {"refused-as-missing", &refused_as_missing},
    {"broken", &broken},       {"half-broken", &half_broken},
    {"nasty", &nasty},         {"nasty-broken", &nasty_broken},
    {"pointless", &pointless},
};
const size_t grade_count = COUNT(grades);

__attribute__((constructor)) static void fill_long_line(void) {
    memset(long_line, 'x', sizeof long_line - 1);
}

const struct grade *grade_of(const char *name) {
    for (size_t i = 0; i < grade_count; i++)
        if (strcmp(grades[i].name, name) == 0)
            return grades[i].grade;
    cr_assert(false, "there is no grade '%s'", name);
    return NULL;
}
