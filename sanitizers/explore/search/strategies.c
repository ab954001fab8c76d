/* SPDX-License-Identifier: MIT */
#include "explore/search/strategies.h"

#include "explore/search/dpor/dpor.h"
#include "explore/search/policy/policies.h"
#include "explore/search/states/states.h"

const struct strategy *const strategies[] = {
    &dpor_strategy,   &states_strategy, &pos_strategy,
    &random_strategy, &pct_strategy,    &bound_strategy,
    &dfs_strategy,    &replay_strategy, NULL,
};

/* Not strcmp: the search calls nothing of libc but memcpy and memset. */
static bool same(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct strategy *strategies_find(const char *name) {
    for (const struct strategy *const *strategy = strategies; *strategy != NULL; strategy++)
        if (same((*strategy)->name, name))
            return *strategy;
    return NULL;
}
