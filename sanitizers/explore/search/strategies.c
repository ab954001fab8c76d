/* SPDX-License-Identifier: MIT */
#include "explore/search/strategies.h"

const struct strategy *const strategies[] = {
    &strategy_dpor,  &strategy_pos, &strategy_random, &strategy_pct,
    &strategy_bound, &strategy_dfs, &strategy_replay, NULL,
};

/* Not strcmp: the search calls nothing of libc but memcpy and memset. */
static bool same(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct strategy *strategy_find(const char *name) {
    for (const struct strategy *const *strategy = strategies; *strategy != NULL; strategy++)
        if (same((*strategy)->name, name))
            return *strategy;
    return NULL;
}
