/* SPDX-License-Identifier: MIT */
#include "explore/front/check.h"

#include "report/kind.h"

static int within(const char *what, int64_t value, int64_t min, int64_t max, struct error *error) {
    if (value >= min && value <= max)
        return 0;
    return fail(error,
                "what the search left in memory makes no sense (%s is %lld): the program may have "
                "written there",
                what, (long long)value);
}

static int check_parts(const struct message_part *parts, int count, struct error *error) {
    for (int i = 0; i < count; i++)
        if (parts[i].values[0] >= SAY_COUNT)
            return within("a text", (int64_t)parts[i].values[0], 0, SAY_COUNT - 1, error);
    return 0;
}

static int check_message(struct message *message, struct error *error) {
    message->quoted[sizeof message->quoted - 1] = '\0';
    if (within("the number of a message's parts", message->part_count, 0, MESSAGE_PARTS, error) !=
        0)
        return -1;
    return check_parts(message->parts, message->part_count, error);
}

static int check_location(const struct shared_location *location, struct error *error) {
    if (within("an actor", location->actor, -1, OP_ACTORS - 1, error) != 0)
        return -1;
    return check_parts(location->doing.parts, MESSAGE_DOING, error);
}

static int check_finding(struct shared_finding *finding, struct error *error) {
    if (check_message(&finding->message, error) != 0 ||
        within("a finding's kind", finding->kind, 0, KIND_COUNT - 1, error) != 0 ||
        within("a finding's location count", finding->location_count, 0, SHARED_LOCATIONS, error) !=
            0 ||
        within("a schedule's length", finding->schedule_length, 0, SHARED_TRACE, error) != 0 ||
        within("a schedule's place", (int64_t)finding->schedule_offset, 0,
               (int64_t)(SHARED_SIZE - UINT64_C(2) * SHARED_TRACE), error) != 0)
        return -1;
    for (int i = 0; i < finding->location_count; i++)
        if (check_location(&finding->locations[i], error) != 0)
            return -1;
    return 0;
}

static int check_trace(const struct shared *shared, struct error *error) {
    for (int i = 0; i < shared->trace_length; i++) {
        const struct event *event = &shared->trace[i].event;
        if (within("a step's kind", event->op.kind, 0, OP_KIND_COUNT - 1, error) != 0 ||
            within("a step's access count", event->op.access_count, 0, OP_ACCESSES, error) != 0 ||
            within("what enabled a step", event->enabled_by, -1, i - 1, error) != 0)
            return -1;
    }
    return 0;
}

int check_shared(struct shared *shared, struct error *error) {
    if (check_message(&shared->reason, error) != 0 ||
        check_message(&shared->unhooked, error) != 0 ||
        within("the end", shared->end, 0, SHARED_FAILED, error) != 0 ||
        within("the number of executions", shared->counts.executions, 0, INT64_MAX, error) != 0 ||
        within("the number of findings", shared->finding_count, 0, SHARED_FINDINGS, error) != 0 ||
        within("the number of unknown calls", shared->unknown_count, 0, SHARED_WEAK, error) != 0 ||
        within("the length of the output", shared->output_length, 0, SHARED_OUTPUT, error) != 0 ||
        within("the number of actors", shared->actor_count, 0, OP_ACTORS, error) != 0 ||
        within("the length of the trace", shared->trace_length, 0, SHARED_TRACE, error) != 0 ||
        within("the number of labels", shared->label_count, 0, SHARED_LABELS, error) != 0 ||
        within("the critical step", shared->critical, -1, SHARED_TRACE - 1, error) != 0)
        return -1;
    shared->decided[sizeof shared->decided - 1] = '\0';
    for (int i = 0; i < shared->unknown_count; i++)
        shared->unknown[i][sizeof shared->unknown[i] - 1] = '\0';
    for (int i = 0; i < shared->label_count; i++)
        shared->labels[i].name[SHARED_LABEL - 1] = '\0';
    for (int i = 0; i < shared->finding_count; i++)
        if (check_finding(&shared->findings[i], error) != 0)
            return -1;
    return check_trace(shared, error);
}
