/* SPDX-License-Identifier: MIT */
#include "inject/report/injected_finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

/* ---- Points and shares --------------------------------------------------------------- */

void injected_add_point(void *owner, struct injected_finding *finding, struct spot spot,
                        int64_t point) {
    struct stretch *last =
        finding->stretch_count > 0 ? &finding->stretches[finding->stretch_count - 1] : NULL;
    finding->points++;
    if (last != NULL && point < last->first + last->count)
        return;
    if (last != NULL && last->first + last->count == point) {
        last->count++;
        return;
    }
    finding->stretches =
        grow_array(owner, finding->stretches, struct stretch, finding->stretch_count + 1);
    finding->stretches[finding->stretch_count++] = (struct stretch){point, 1, spot};
}

void injected_add_share(void *owner, struct injected_finding *finding,
                        const struct library_call *call) {
    struct call_share *last =
        finding->share_count > 0 ? &finding->shares[finding->share_count - 1] : NULL;
    if (last != NULL && last->call.first == call->first) {
        last->points++;
        return;
    }
    finding->shares =
        grow_array(owner, finding->shares, struct call_share, finding->share_count + 1);
    finding->shares[finding->share_count++] = (struct call_share){*call, 1};
}

/* ---- Joining ------------------------------------------------------------------------- */

static int by_first(const void *a, const void *b) {
    const struct stretch *one = a, *other = b;
    return (one->first > other->first) - (one->first < other->first);
}

static int by_call(const void *a, const void *b) {
    const struct call_share *one = a, *other = b;
    return (one->call.first > other->call.first) - (one->call.first < other->call.first);
}

/* Adds up the points of shares that are parts of one call. */
static void join_shares(struct injected_finding *finding) {
    size_t kept = 0;
    qsort(finding->shares, finding->share_count, sizeof *finding->shares, by_call);
    for (size_t i = 0; i < finding->share_count; i++) {
        if (kept > 0 && by_call(&finding->shares[kept - 1], &finding->shares[i]) == 0)
            finding->shares[kept - 1].points += finding->shares[i].points;
        else
            finding->shares[kept++] = finding->shares[i];
    }
    finding->share_count = kept;
}

void injected_join(void *owner, struct injected_finding *finding,
                   const struct injected_finding *other) {
    finding->points += other->points;
    size_t count = finding->stretch_count + other->stretch_count;
    finding->stretches = grow_array(owner, finding->stretches, struct stretch, count);
    memcpy(finding->stretches + finding->stretch_count, other->stretches,
           other->stretch_count * sizeof *other->stretches);
    finding->stretch_count = count;
    qsort(finding->stretches, count, sizeof *finding->stretches, by_first);
    if (other->share_count == 0)
        return;
    count = finding->share_count + other->share_count;
    finding->shares = grow_array(owner, finding->shares, struct call_share, count);
    memcpy(finding->shares + finding->share_count, other->shares,
           other->share_count * sizeof *other->shares);
    finding->share_count = count;
    join_shares(finding);
}

void injected_close_gaps(struct injected_finding *finding) {
    size_t kept = 1;
    for (size_t i = 1; i < finding->stretch_count; i++) {
        struct stretch *last = &finding->stretches[kept - 1], *next = &finding->stretches[i];
        if (last->first + last->count == next->first)
            last->count += next->count;
        else
            finding->stretches[kept++] = *next;
    }
    finding->stretch_count = kept;
}

/* ---- Words --------------------------------------------------------------------------- */

static bool same_share(const struct call_share *a, const struct call_share *b) {
    return a->points == b->points && a->call.instructions == b->call.instructions &&
           strcmp(a->call.function, b->call.function) == 0;
}

/* The number of equal shares from here on. */
static size_t repeats(const struct call_share *shares, size_t count) {
    size_t same = 1;
    while (same < count && same_share(&shares[0], &shares[same]))
        same++;
    return same;
}

static const char *of_call(const struct call_share *share) {
    return *share->call.function != '\0' ? share->call.function : "call";
}

static const char *fraction(void *owner, const struct call_share *share, const char *unit) {
    return never_null(talloc_asprintf(owner, "%s of %s%s", number_with_commas(owner, share->points),
                                      number_with_commas(owner, share->call.instructions), unit));
}

const char *injected_share_words(void *owner, const struct call_share *shares, size_t count) {
    enum { TOLD = 3 };
    if (count == 0)
        return "";
    size_t same = repeats(shares, count);
    char *words =
        never_null(talloc_asprintf(owner, "%s of %s %s", fraction(owner, shares, " instructions"),
                                   count == 1 ? "this"
                                   : same > 1 ? "each"
                                              : "the first",
                                   of_call(shares)));
    size_t told = 1;
    for (size_t i = same; i < count; i += same, told++) {
        same = repeats(&shares[i], count - i);
        if (told == TOLD)
            return never_null(talloc_asprintf_append(words, ", and so on: %zu calls", count));
        words = never_null(
            talloc_asprintf_append(words, ", %s of %s %s", fraction(owner, &shares[i], ""),
                                   same > 1 ? "each later" : "a later", of_call(&shares[i])));
    }
    return words;
}
