/* SPDX-License-Identifier: MIT */
#include "hazard/commands/merging.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "explore/front/assumptions.h"

/* ---- Files --------------------------------------------------------------------------- */

static const char *word(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL ? value : "";
}

static long long number(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static int free_json(json_t **root) {
    json_decref(*root);
    return 0;
}

/* The programs that a file is about. */
static const json_t *read_file(void *owner, const char *file, struct error *error) {
    json_error_t why;
    json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL) {
        fail(error, "%s: %s", file, why.text);
        return NULL;
    }
    json_t **kept = new_array(owner, json_t *, 1);
    *kept = root;
    talloc_set_destructor(kept, free_json);
    const json_t *programs = json_object_get(root, "programs");
    if (json_array_size(programs) > 0)
        return programs;
    fail(error, "%s is not what `hazard explore --shard=K/N --json` prints", file);
    return NULL;
}

static int read_share(const char *file, const json_t *entry, struct share *share,
                      struct error *error) {
    const json_t *shard = json_object_get(entry, "shard");
    *share = (struct share){
        .file = file,
        .entry = entry,
        .program = word(entry, "program"),
        .verdict_word = word(entry, "verdict"),
        .detail = word(entry, "detail"),
        .number = (int)number(shard, "number"),
        .of = (int)number(shard, "of"),
        .done = json_is_true(json_object_get(shard, "done")),
        .identity = word(shard, "identity"),
        .plan = word(shard, "plan"),
        .up_to = word(shard, "up-to"),
    };
    if (strcmp(share->verdict_word, "error") == 0)
        return fail(error, "%s: explore failed there: %s", file, share->detail);
    int verdict = verdict_from_name(share->verdict_word);
    bool right =
        verdict == VERDICT_FOUND || verdict == VERDICT_BOUNDED || verdict == VERDICT_UNSUPPORTED;
    share->verdict = right ? (enum verdict)verdict : VERDICT_UNSUPPORTED;
    bool finds = json_array_size(json_object_get(entry, "findings")) > 0;
    if (!right || share->number < 1 || share->number > share->of || *share->identity == '\0' ||
        *share->plan == '\0' || finds != (verdict == VERDICT_FOUND) ||
        (share->done && verdict != VERDICT_BOUNDED))
        return fail(error,
                    "%s is not of a shard: it takes what `hazard explore --shard=K/N "
                    "--json' prints",
                    file);
    return 0;
}

/* ---- Do they fit together? ----------------------------------------------------------- */

static int by_number(const void *left, const void *right) {
    return ((const struct share *)left)->number - ((const struct share *)right)->number;
}

/* The plan is whole only where the shard is done. */
static int check_pair(const struct share *a, const struct share *b, struct error *error) {
    if (strcmp(a->identity, b->identity) != 0)
        return fail(error,
                    "%s and %s are of different searches: program, arguments and options must be "
                    "the same",
                    a->file, b->file);
    if (a->of != b->of)
        return fail(error, "%s is of %d shards, and %s of %d", a->file, a->of, b->file, b->of);
    if (a->done && b->done && strcmp(a->plan, b->plan) != 0)
        return fail(error,
                    "%s and %s split the search differently: the program is not deterministic",
                    a->file, b->file);
    return 0;
}

static int check_shares(const struct share *shares, size_t count, struct error *error) {
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (check_pair(&shares[j], &shares[i], error) != 0)
                return -1;
    for (size_t i = 1; i < count; i++)
        if (shares[i].number == shares[i - 1].number)
            return fail(error, "shard %d of %d stands in both %s and %s", shares[i].number,
                        shares[i].of, shares[i - 1].file, shares[i].file);
    return 0;
}

/* ---- What they come to --------------------------------------------------------------- */

/* "shards 2, 4 and 7 of 9 are missing"; "" if none is. */
static const char *missing(void *owner, const struct merged *merged) {
    enum { NAMED = 20 };
    int of = merged->shares[0].of, left = of - (int)merged->count, named = 0;
    if (left == 0)
        return "";
    bool one = left == 1;
    char *words = talloc_strdup(owner, one ? "shard" : "shards");
    size_t next = 0;
    for (int shard = 1; shard <= of && named < NAMED; shard++) {
        if (next < merged->count && merged->shares[next].number == shard) {
            next++;
            continue;
        }
        bool last = ++named == left;
        words = never_null(talloc_asprintf_append(words, "%s%d",
                                                  named == 1 ? " "
                                                  : last     ? " and "
                                                             : ", ",
                                                  shard));
    }
    if (named < left)
        words = never_null(talloc_asprintf_append(words, " and %d more", left - named));
    return never_null(talloc_asprintf_append(words, " of %d %s missing", of, one ? "is" : "are"));
}

/* Of those with one name the one that says more. */
static bool says_more(const json_t *one, const json_t *other) {
    bool reached = json_is_true(json_object_get(one, "reached"));
    return reached != json_is_true(json_object_get(other, "reached"))
               ? reached
               : number(one, "number") > number(other, "number");
}

/* Executions in which the program's own assumptions did not hold: each shard has others. */
static void add_up(json_t *there, const json_t *one) {
    long long sum = number(there, "number") + number(one, "number");
    void *scratch = new_owner();
    json_object_set_new(there, "number", json_integer(sum));
    json_object_set_new(there, "words", json_string(assumptions_program_words(scratch, sum)));
    talloc_free(scratch);
}

static void add_assumption(json_t *all, json_t *one) {
    size_t i;
    json_t *there;
    json_array_foreach(all, i, there) {
        if (strcmp(word(there, "name"), word(one, "name")) != 0)
            continue;
        if (strcmp(word(one, "name"), ASSUMPTIONS_PROGRAM) == 0)
            add_up(there, one);
        else if (says_more(one, there))
            json_array_set(all, i, one);
        return;
    }
    json_array_append_new(all, json_copy(one));
}

/* Each shard has a table of its own. */
static void sum_up_states(void *owner, const struct merged *merged) {
    size_t i;
    json_t *one;
    json_array_foreach(merged->assumptions, i, one) {
        if (strcmp(word(one, "name"), ASSUMPTIONS_STATES) != 0)
            continue;
        json_array_set_new(merged->assumptions, i,
                           json_pack("{ss sI sb ss}", "name", ASSUMPTIONS_STATES, "number",
                                     (json_int_t)merged->states, "reached", 0, "words",
                                     assumptions_states(owner, merged->states)));
        return;
    }
}

/* What several shards warn of is one warning. */
static void add_warning(json_t *warnings, json_t *warning) {
    size_t i;
    json_t *there;
    json_array_foreach(warnings, i, there) if (json_equal(there, warning)) return;
    json_array_append(warnings, warning);
}

static void sum_up(void *owner, struct merged *merged) {
    merged->assumptions = json_array();
    merged->warnings = json_array();
    for (size_t i = 0; i < merged->count; i++) {
        const json_t *entry = merged->shares[i].entry;
        size_t at;
        json_t *one;
        merged->executions += number(entry, "executions");
        merged->blocked += number(entry, "blocked");
        merged->steps += number(entry, "steps");
        merged->states += number(entry, "states");
        merged->state_steps += number(entry, "state-steps");
        merged->seconds += json_number_value(json_object_get(entry, "seconds"));
        json_array_foreach(json_object_get(entry, "assumptions"), at, one)
            add_assumption(merged->assumptions, one);
        json_array_foreach(json_object_get(entry, "warnings"), at, one)
            add_warning(merged->warnings, one);
    }
    sum_up_states(owner, merged);
}

/* The first of that verdict that is not done; NULL: none. */
static const struct share *first_of(const struct merged *merged, enum verdict verdict) {
    for (size_t i = 0; i < merged->count; i++)
        if (merged->shares[i].verdict == verdict && !merged->shares[i].done)
            return &merged->shares[i];
    return NULL;
}

/* "90 executions", "4,102 states, 9,877 steps". */
static const char *effort(void *owner, const struct merged *merged) {
    bool by_states = merged->states > 0;
    long long count = by_states ? merged->states : merged->executions;
    const char *what = by_states ? "state" : "execution";
    char *words = talloc_asprintf(owner, "%s %s%s", number_with_commas(owner, count), what,
                                  count == 1 ? "" : "s");
    if (by_states)
        words = talloc_asprintf_append(words, ", %s step%s",
                                       number_with_commas(owner, merged->state_steps),
                                       merged->state_steps == 1 ? "" : "s");
    return never_null(words);
}

static const char *proof_words(void *owner, const struct merged *merged) {
    char *words = talloc_asprintf(owner, "%s in %zu %s", effort(owner, merged), merged->count,
                                  merged->count == 1 ? "shard" : "shards");
    size_t i;
    json_t *one;
    json_array_foreach(merged->assumptions, i,
                       one) if (!json_is_true(json_object_get(one, "reached"))) words =
        talloc_asprintf_append(words, "; %s", word(one, "words"));
    return never_null(words);
}

static const char *proof_up_to(void *owner, const struct merged *merged) {
    struct assumption list[ASSUMPTIONS];
    int count = 0;
    bool tso = false;
    size_t i;
    json_t *one;
    json_array_foreach(merged->assumptions, i, one) if (count < ASSUMPTIONS) list[count++] =
        (struct assumption){.name = word(one, "name"),
                            .words = word(one, "words"),
                            .number = number(one, "number"),
                            .reached = json_is_true(json_object_get(one, "reached"))};
    for (i = 0; i < merged->count; i++)
        tso |= strncmp(merged->shares[i].up_to, " under TSO", strlen(" under TSO")) == 0;
    return assumptions_up_to(owner, list, count, tso);
}

static bool assumes(const struct merged *merged) {
    size_t i;
    json_t *one;
    json_array_foreach(merged->assumptions, i,
                       one) if (strcmp(word(one, "name"), ASSUMPTIONS_PROGRAM) == 0) return true;
    return false;
}

static void prove(void *owner, struct merged *merged) {
    merged->verdict = VERDICT_PROVED;
    merged->detail = proof_words(owner, merged);
    merged->up_to = proof_up_to(owner, merged);
    if (merged->executions > 0)
        return;
    merged->verdict = VERDICT_BOUNDED;
    merged->up_to = "";
    merged->detail = assumes(merged) ? "what the program assumes held in no execution"
                                     : "no execution came to its end";
}

static void judge(void *owner, struct merged *merged) {
    static const enum verdict order[] = {VERDICT_FOUND, VERDICT_UNSUPPORTED, VERDICT_BOUNDED};
    const char *left = missing(owner, merged);
    merged->up_to = "";
    sum_up(owner, merged);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct share *share = first_of(merged, order[i]);
        if (share == NULL)
            continue;
        merged->verdict = share->verdict;
        merged->detail = *left == '\0' || share->verdict == VERDICT_FOUND
                             ? share->detail
                             : talloc_asprintf(owner, "%s; %s", share->detail, left);
        merged->decides = share->verdict == VERDICT_FOUND ? share : NULL;
        return;
    }
    merged->verdict = VERDICT_BOUNDED;
    merged->detail = left;
    if (*left == '\0')
        prove(owner, merged);
}

/* ---- All programs -------------------------------------------------------------------- */

static int merge_one(void *owner, const json_t **files, char **names, size_t file_count, size_t at,
                     struct merged *merged, struct error *error) {
    struct share *shares = new_array(owner, struct share, file_count);
    for (size_t i = 0; i < file_count; i++)
        if (read_share(names[i], json_array_get(files[i], at), &shares[i], error) != 0)
            return -1;
    qsort(shares, file_count, sizeof *shares, by_number);
    if (check_shares(shares, file_count, error) != 0)
        return -1;
    *merged = (struct merged){.program = shares[0].program, .shares = shares, .count = file_count};
    judge(owner, merged);
    return 0;
}

int merging_read(void *owner, char **files, size_t file_count, struct merged **programs,
                 size_t *count, struct error *error) {
    const json_t **read = new_array(owner, const json_t *, file_count);
    for (size_t i = 0; i < file_count; i++) {
        if ((read[i] = read_file(owner, files[i], error)) == NULL)
            return -1;
        if (json_array_size(read[i]) != json_array_size(read[0]))
            return fail(error,
                        "%s and %s are of different searches: one is of %zu programs, the "
                        "other of %zu",
                        files[0], files[i], json_array_size(read[0]), json_array_size(read[i]));
    }
    *count = json_array_size(read[0]);
    *programs = new_array(owner, struct merged, *count);
    for (size_t at = 0; at < *count; at++)
        if (merge_one(owner, read, files, file_count, at, &(*programs)[at], error) != 0)
            return -1;
    return 0;
}
