/* SPDX-License-Identifier: MIT */
/*
 * A log for ShiViz (https://bestchai.bitbucket.io/shiviz), which draws who waited for whom from
 * vector clocks alone (Fidge 1988, Mattern 1989). The first line of the file is the expression
 * by which ShiViz reads the rest, the second would separate executions.
 *
 * The order is the search's: the steps of one actor, steps that do not commute (op.h), and a
 * wake-up before the step that it made possible. A step's clock is the join of those before it, one
 * further in its own component. It is enough to know, for each object, the clock of the last step
 * of each actor that used it in each way: whatever that actor did before has a smaller one.
 */
#include "hazard/render/shiviz.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explore/front/actor.h"

enum { BUCKETS = 4096 };

/* By column: actors that take part, in the order of their first steps. */
struct clock {
    int32_t *ticks;
};

/* The last use of an object by one actor in one way. */
struct use {
    struct access access;
    int column;
    struct clock clock;
    struct use *next;
};

struct shiviz {
    const struct shared *shared;
    struct steps *steps;
    FILE *out;
    int column_of[OP_ACTORS]; /* -1: none */
    const char *hosts[OP_ACTORS];
    int columns;
    struct clock now[OP_ACTORS]; /* by column */
    struct use *uses[BUCKETS];
    struct clock last_with_all; /* of the last step that conflicts with all: it has joined all */
    struct clock
        *wakers; /* by step: the clock of a step that wakes another; ticks NULL: it does not */
};

static struct clock clock_new(const struct shiviz *all) {
    return (struct clock){new_array(all->steps, int32_t, all->columns + 1)};
}

static void clock_join(const struct shiviz *all, struct clock to, struct clock from) {
    for (int i = 0; i < all->columns; i++)
        if (from.ticks[i] > to.ticks[i])
            to.ticks[i] = from.ticks[i];
}

static void clock_copy(const struct shiviz *all, struct clock to, struct clock from) {
    memcpy(to.ticks, from.ticks, (size_t)all->columns * sizeof *to.ticks);
}

/* ShiViz takes a word: "thread-2". */
static const char *host_name(void *owner, const char *actor) {
    char *host = never_null(talloc_strdup(owner, actor));
    for (char *at = host; *at != '\0'; at++)
        if (*at == ' ')
            *at = '-';
    return host;
}

static void find_actors(struct shiviz *all) {
    static int32_t wakes; /* only that it is there matters, until the clocks' size is known */
    const struct shared_step *trace = all->shared->trace;
    memset(all->column_of, -1, sizeof all->column_of);
    for (int i = 0; i < steps_count(all->steps); i++) {
        int actor = trace[i].event.actor, waker = trace[i].event.enabled_by;
        if (all->column_of[actor] < 0) {
            all->hosts[all->columns] =
                host_name(all->steps, actor_own_words(all->steps, all->shared, actor));
            all->column_of[actor] = all->columns++;
        }
        if (waker >= 0 && waker < i)
            all->wakers[waker].ticks = &wakes;
    }
    all->last_with_all = clock_new(all);
    for (int i = 0; i < all->columns; i++)
        all->now[i] = clock_new(all);
    for (int i = 0; i < steps_count(all->steps); i++)
        if (all->wakers[i].ticks != NULL)
            all->wakers[i] = clock_new(all);
}

static struct use **uses_of(struct shiviz *all, const struct access *access) {
    return &all->uses[(access->object * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
}

/* Everything before it that does not commute with this access. */
static void join_dependent(struct shiviz *all, const struct access *access, struct clock clock) {
    for (const struct use *use = *uses_of(all, access); use != NULL; use = use->next)
        if (access_dependent(&use->access, access))
            clock_join(all, clock, use->clock);
}

static void remember(struct shiviz *all, const struct access *access, int column,
                     struct clock clock) {
    struct use **first = uses_of(all, access), *use = *first;
    while (use != NULL && (use->column != column || use->access.object != access->object ||
                           use->access.mode != access->mode || use->access.bytes != access->bytes))
        use = use->next;
    if (use == NULL) {
        use = new_array(all->steps, struct use, 1);
        *use = (struct use){*access, column, clock_new(all), *first};
        *first = use;
    }
    clock_copy(all, use->clock, clock);
}

/* The clock of everything that the step must follow. */
static void join_earlier(struct shiviz *all, const struct event *event, int index, bool with_all,
                         struct clock clock) {
    clock_join(all, clock, all->last_with_all);
    for (int i = 0; with_all && i < all->columns; i++)
        clock_join(all, clock, all->now[i]);
    for (int i = 0; i < event->op.access_count; i++)
        join_dependent(all, &event->op.access[i], clock);
    if (event->enabled_by >= 0 && event->enabled_by < index)
        clock_join(all, clock, all->wakers[event->enabled_by]);
}

static void tick(struct shiviz *all, int index) {
    const struct event *event = &all->shared->trace[index].event;
    int column = all->column_of[event->actor];
    struct clock clock = all->now[column];
    bool with_all = op_conflicts_with_all(&event->op);
    join_earlier(all, event, index, with_all, clock);
    clock.ticks[column]++;
    for (int i = 0; i < event->op.access_count; i++)
        remember(all, &event->op.access[i], column, clock);
    if (with_all)
        clock_copy(all, all->last_with_all, clock);
    if (all->wakers[index].ticks != NULL)
        clock_copy(all, all->wakers[index], clock);
}

static void print_event(const struct shiviz *all, int index) {
    struct step_shown shown = steps_look(all->steps, index);
    int column = all->column_of[shown.step->event.actor];
    const char *separator = "";
    fprintf(all->out, "%s {", all->hosts[column]);
    for (int i = 0; i < all->columns; i++) {
        if (all->now[column].ticks[i] == 0)
            continue;
        fprintf(all->out, "%s\"%s\":%d", separator, all->hosts[i], all->now[column].ticks[i]);
        separator = ", ";
    }
    fprintf(all->out, "}\n%s", shown.words);
    if (shown.line > 0)
        fprintf(all->out, " at %s:%d", shown.file, shown.line);
    fputs(shown.critical ? " (critical step)\n" : "\n", all->out);
}

char *shiviz_log(void *owner, const struct interleaving *what) {
    char *buffer = NULL;
    size_t size = 0;
    void *scratch = talloc_new(owner);
    struct shiviz *all = new_array(scratch, struct shiviz, 1);
    all->shared = what->outcome->shared;
    all->steps = steps_open(scratch, what);
    all->wakers = new_array(scratch, struct clock, steps_count(all->steps) + 1);
    all->out = never_null(open_memstream(&buffer, &size));
    fputs("(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n", all->out);
    find_actors(all);
    for (int i = 0; i < steps_count(all->steps); i++) {
        tick(all, i);
        print_event(all, i);
    }
    (void)fclose(all->out);
    talloc_free(scratch);
    char *text = never_null(talloc_strndup(owner, buffer, size));
    free(buffer);
    return text;
}
