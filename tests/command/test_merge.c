/* SPDX-License-Identifier: MIT */
/* `hazard explore --shard=K/N` and `hazard merge`, as a user would call them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

/* A proof of 90 executions, a race, a program whose search a budget ends, one with a bound that is reached. */
static const char shards_text[] =
    "counts=$ROOT/tests/fixtures/explore/counts\n"
    "shard() { hazard explore --json --schedule=$1.schedule --shard=$2 $3 -- $4 >$1.json; }\n"
    "for k in 1 2 3; do shard mutex-$k $k/3 $counts/mutex.c '3 2'; done\n"
    "for k in 1 2; do shard reorder-$k $k/2 $counts/reorder.c 3; done\n"
    "shard other-args 2/3 $counts/mutex.c '2 2'\n"
    "shard other-count 2/4 $counts/mutex.c '3 2'\n"
    "shard other-options 2/3 \"--spurious=0 $counts/mutex.c\" '3 2'\n"
    "shard other-program 2/3 $counts/lastzero.c 3\n"
    "shard cut 2/3 \"--executions=1 $counts/mutex.c\" '3 2'\n"
    "buffer=$ROOT/tests/fixtures/explore/states/bounded-buffer.c\n"
    "for k in 1 2; do shard buffer-$k $k/2 $buffer '1 1 3'; done\n"
    "by_states() { for k in 1 2 3; do shard $1-$k $k/3 \"--strategy=states $2\" \"$3\"; done; }\n"
    "by_states buffer-states $buffer '2 2 2'\n"
    "by_states race $counts/reorder.c 3\n"
    "by_states deadlock $ROOT/buggy/traffic-gridlock.c '2 1'\n"
    "by_states livelock $ROOT/tests/fixtures/explore/recur/livelock-beside-reader.c\n"
    "for k in 1 2; do shard fork-$k $k/2 $PROGRAMS/execs.c; done\n"
    "lock=$ROOT/tests/fixtures/explore/hazard-h/atomic-assumes-lock.c\n"
    "for k in 1 2; do shard lock-$k $k/2 $lock; done\n"
    "for k in 1 2; do shard leak-$k $k/2 $ROOT/tests/fixtures/explore/world/thread-leak.c; done\n"
    "hazard explore --json $counts/mutex.c -- 2 1 >whole.json\n"
    "echo '{}' >empty.json; echo '{\"programs\": [' >broken.json\n";

static void open_merge(void) {
    workplace_open();
    write_file(workplace.owner, workplace.folder, "shards", shards_text);
    in_folder("PATH=$PATH; . ./shards");
}

TestSuite(merge, .init = open_merge, .fini = workplace_close, .timeout = 300);

static const struct verdict_row rows[] = {
    {"hazard merge mutex-1.json mutex-2.json mutex-3.json", "proved", 0,
     "90 executions in 3 shards; audited"},
    {"hazard merge mutex-3.json mutex-1.json mutex-2.json", "proved", 0, "90 executions"},
    {"hazard merge mutex-1.json mutex-3.json", "bounded", 3, "shard 2 of 3 is missing"},
    {"hazard merge mutex-2.json", "bounded", 3, "shards 1 and 3 of 3 are missing"},
    {"hazard merge mutex-1.json cut.json mutex-3.json", "bounded", 3, "shard 2 of 3: 1 execution"},
    {"hazard merge reorder-1.json reorder-2.json", "found", 1, "data race on `a`"},
    {"hazard merge reorder-2.json", "found", 1, "hazard replay reorder-2.schedule"},
    {"hazard merge buffer-1.json buffer-2.json", "proved up to 1 wake-up for nothing a thread", 0,
     "108 executions in 2 shards"},
    {"hazard merge buffer-states-1.json buffer-states-2.json buffer-states-3.json", "proved", 0,
     "steps in 3 shards; that two states"},
    {"hazard merge buffer-states-1.json buffer-states-3.json", "bounded", 3,
     "shard 2 of 3 is missing"},
    {"hazard merge race-1.json race-2.json race-3.json", "found", 1, "data race on `a`"},
    {"hazard merge deadlock-1.json deadlock-2.json deadlock-3.json", "found", 1, "deadlock"},
    {"hazard merge livelock-1.json livelock-2.json livelock-3.json", "found", 1, "livelock"},
    {"hazard merge lock-1.json lock-2.json", "proved under its assumptions", 0,
     "executions ended where an assumption"},
    {"hazard merge leak-1.json leak-2.json", "proved", 0, "thread-leak: warning: thread 2 ended"},
    {"hazard merge fork-1.json fork-2.json", "unsupported", 3, "exec"},
    {"hazard explore --shard=1/3 $ROOT/tests/fixtures/explore/counts/mutex.c -- 3 2", "bounded", 3,
     "shard 1 of 3: 33 executions"},
};

Test(merge, each_verdict_has_its_exit_status) {
    expect_verdicts(rows, sizeof rows / sizeof *rows);
}

/* One line on stderr. */
static void expect_trouble(const char *line, const char *words) {
    struct run_outcome outcome = in_folder(line);
    cr_expect(eq(int, outcome.status, 2), "%s", line);
    cr_expect(strstr(outcome.errors, words) != NULL, "%s: %s", line, outcome.errors);
    const char *end = strchr(outcome.errors, '\n');
    cr_expect(end != NULL && (end[1] == '\0' || strncmp(end + 1, "Try ", 4) == 0), "%s: %s", line,
              outcome.errors);
    expect_text(outcome.output, "", "%s", line);
}

Test(merge, what_does_not_fit_together_is_refused) {
    expect_trouble("hazard merge mutex-1.json other-args.json", "are of different searches");
    expect_trouble("hazard merge mutex-1.json other-options.json", "are of different searches");
    expect_trouble("hazard merge mutex-1.json other-program.json", "are of different searches");
    expect_trouble("hazard merge buffer-1.json buffer-states-2.json", "are of different searches");
    expect_trouble("hazard merge mutex-1.json other-count.json",
                   "mutex-1.json is of 3 shards, and other-count.json of 4");
    expect_trouble("hazard merge mutex-1.json mutex-1.json", "shard 1 of 3 stands in both");
    expect_trouble("sed 's/\"plan\": \"./\"plan\": \"x/' mutex-2.json >plan.json; hazard merge "
                   "mutex-1.json plan.json",
                   "the program is not deterministic");
    expect_trouble("hazard merge whole.json", "is not of a shard");
    expect_trouble("hazard merge empty.json", "is not what `hazard explore");
    expect_trouble("hazard merge broken.json", "broken.json: ");
    expect_trouble("hazard merge nowhere.json", "nowhere.json");
    expect_trouble("hazard merge", "which files?");
}

Test(merge, what_cannot_be_shared_is_refused) {
    expect_trouble("hazard explore --shard=0/3 $PROGRAMS/clean.c", "takes K/N");
    expect_trouble("hazard explore --shard=4/3 $PROGRAMS/clean.c", "takes K/N");
    expect_trouble("hazard explore --shard=3 $PROGRAMS/clean.c", "takes K/N");
    expect_trouble("hazard explore --shard=1/2/3 $PROGRAMS/clean.c", "takes K/N");
    expect_trouble("hazard explore --shard=1/3 -j 2 $PROGRAMS/clean.c", "leave out --jobs");
    expect_trouble("hazard explore --shard=1/3 --races=ignore $PROGRAMS/clean.c",
                   "needs --races=stop");
    expect_trouble("hazard explore --shard=1/3 --strategy=states --overtaking=1 $PROGRAMS/clean.c",
                   "needs all states in one search");
    expect_trouble("hazard explore --shard=1/3 --strategy=dfs $PROGRAMS/clean.c",
                   "for the strategies auto, dpor and states");
}

Test(merge, json_names_the_shards) {
    json_t *answer = answer_in_folder("hazard merge --json mutex-3.json mutex-1.json", 3);
    expect_text(answer_word(answer, "verdict"), "bounded");
    cr_expect(eq(int, answer_number(answer, "of"), 3));
    cr_assert(answer_count(answer, "shards") == 2);
    const json_t *shard = json_array_get(json_object_get(answer, "shards"), 1);
    cr_expect(eq(int, answer_number(shard, "number"), 3));
    expect_text(answer_word(shard, "file"), "mutex-3.json");
    bool is_done = json_is_true(json_object_get(shard, "done"));
    cr_expect(is_done);
    json_decref(answer);
    answer = answer_in_folder("hazard merge --json reorder-1.json reorder-2.json", 1);
    cr_expect(answer_count(answer, "findings") == 1);
    json_decref(answer);
}

/* Both shards met it. */
Test(merge, each_warning_is_told_once) {
    json_t *answer = answer_in_folder("hazard merge --json leak-1.json leak-2.json", 0);
    cr_assert(answer_count(answer, "warnings") == 1);
    const json_t *warning = json_array_get(json_object_get(answer, "warnings"), 0);
    expect_text(answer_word(warning, "kind"), "thread-leak");
    json_decref(answer);
}
