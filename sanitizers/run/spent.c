/* SPDX-License-Identifier: MIT */
#include "run/spent.h"

#include "base/clock.h"

#define INTERVAL_MOST 0.2  /* of a rest: who looks seldom has seen little */
#define INTERVAL_SLEPT 1.0 /* of a sleep */
#define LATELY 1.0
#define REST_CPU 0.02 /* while it rests, for a tool's own thread */

void spent_start(struct spent *spent) {
    *spent = (struct spent){.looked = clock_seconds()};
}

static double positive(double value) {
    return value > 0 ? value : 0;
}

static double at_most(double value, double most) {
    return value < most ? value : most;
}

static double sum_delays(const struct proc_tree *tree) {
    double sum = 0;
    for (size_t i = 0; i < tree->count; i++)
        for (size_t j = 0; j < tree->items[i].task_count; j++)
            sum += (double)tree->items[i].tasks[j].delay_ns / 1e9;
    return sum;
}

/* Never less than before: what is gone from the sum is of processes whose parents do not wait for
 * them. */
static double total_cpu(struct spent *spent, const struct proc_tree *tree, double elsewhere) {
    double sum = elsewhere;
    for (size_t i = 0; i < tree->count; i++)
        sum += (double)tree->items[i].cpu_ns / 1e9;
    spent->lost += positive(spent->cpu - (sum + spent->lost));
    return sum + spent->lost;
}

static void note_lately(struct spent *spent, double ran, double slept) {
    double kept = positive(1 - (ran + slept) / LATELY);
    spent->ran = spent->ran * kept + ran;
    spent->slept = spent->slept * kept + slept;
    spent->burning = spent->ran > spent->slept;
}

/* Who has slept at two looks, and was not kept waiting between them, has slept in between. */
void spent_look(struct spent *spent, const struct proc_tree *tree, double elsewhere,
                enum rest rest) {
    double now = clock_seconds(), passed = now - spent->looked;
    double cpu = total_cpu(spent, tree, elsewhere), delay = sum_delays(tree);
    double ran = cpu - spent->cpu, waited = positive(delay - spent->delay), slept = 0;
    bool asleep = rest != REST_BUSY;
    if (asleep && spent->asleep)
        slept = positive(at_most(passed - ran - waited, INTERVAL_SLEPT));
    spent->seconds += ran + slept;
    spent->sleep += slept;
    note_lately(spent, ran, slept);

    bool moved =
        rest != REST_ASLEEP || tree->count != spent->count || cpu > spent->rested_cpu + REST_CPU;
    spent->rested = moved ? 0 : spent->rested + at_most(passed, INTERVAL_MOST);
    if (moved)
        spent->rested_cpu = cpu;
    spent->looked = now;
    spent->cpu = cpu;
    spent->delay = delay;
    spent->count = tree->count;
    spent->asleep = asleep;
}
