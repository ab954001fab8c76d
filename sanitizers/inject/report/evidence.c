/* SPDX-License-Identifier: MIT */
#include "inject/report/evidence.h"

#include <string.h>

#include "base/memory.h"
#include "base/signal_name.h"
#include "inject/report/function_lists.h"
#include "inject/report/library_calls.h"

/* ---- Frames -------------------------------------------------------------------------- */

/* Of a program without debug information, the functions that its symbol table names; what has no
 * name at all is more often a stripped program's than a library's. */
static bool own_frame(const struct evidence *evidence, struct frame *frame) {
    if (evidence->sources->count > 0) {
        const struct location alone = {.frames = frame, .frame_count = 1};
        return location_own_frame(&alone, evidence->sources) != NULL;
    }
    return strcmp(frame->function, "?") == 0 ||
           spots_has_function(evidence->spots, frame->function);
}

/* Of the frames [0, count), innermost first: the library function that the program called last; ""
 * if it stands in its own code. */
static const char *library_function(const struct evidence *evidence, struct frame *frames,
                                    size_t count) {
    size_t own = 0;
    while (own < count && !own_frame(evidence, &frames[own]))
        own++;
    return own > 0 && own < count ? spots_known_name(evidence->spots, frames[own - 1].function)
                                  : "";
}

/* The number of frames up to the outermost one that is the program's own; 0: none is. */
static size_t outermost_own(const struct evidence *evidence, struct frame *frames, size_t count) {
    while (count > 0 && !own_frame(evidence, &frames[count - 1]))
        count--;
    return count;
}

/* The library function that the handler itself calls: of its frames, the outermost call. */
static const char *called_by_handler(const struct evidence *evidence) {
    struct frame *frames = evidence->seen.stuck.frames;
    bool own = false;
    for (size_t i = evidence->seen.handler_frames; i-- > 0;) {
        if (own_frame(evidence, &frames[i]))
            own = true;
        else if (own)
            return spots_known_name(evidence->spots, frames[i].function);
    }
    return "";
}

/* The handler itself must be on the stack: where a library has no symbols, frames of its own may
 * look like the end of a handler. */
static bool in_handler(const struct evidence *evidence) {
    return outermost_own(evidence, evidence->seen.stuck.frames, evidence->seen.handler_frames) > 0;
}

static bool stuck_or_dead(enum ending_kind ending) {
    return ending == ENDING_DEADLOCK || ending == ENDING_CRASH || ending == ENDING_RAN_AWAY;
}

/* A call that may not be made in a handler: where it is interrupted, it has state that is half
 * changed. */
static bool is_delicate(const char *call) {
    return *call != '\0' && strcmp(call, "?") != 0 && !function_safe_in_handler(call);
}

/* Of what the handler has called and come well through. What comes last is no call: the handler
 * returns to the C library's trampoline. */
static const char *first_unsafe_call(const struct evidence *evidence) {
    const struct injection steps = {.points = evidence->seen.handler_steps,
                                    .point_count = evidence->seen.handler_step_count};
    const char *unsafe = "";
    void *scratch = new_owner();
    struct library_calls calls = library_calls_find(scratch, evidence->spots, &steps);
    for (size_t i = 0; i + 1 < calls.count && *unsafe == '\0'; i++) {
        const char *name = spots_known_name(evidence->spots, calls.items[i].function);
        unsafe = is_delicate(name) ? name : "";
    }
    talloc_free(scratch);
    return unsafe;
}

void evidence_look(struct evidence *evidence) {
    const char *called = called_by_handler(evidence);
    evidence->handler_call = *called != '\0' && !function_safe_in_handler(called) ? called : "";
    evidence->handler_called = stuck_or_dead(evidence->seen.ending.kind) && !in_handler(evidence) &&
                                       is_delicate(evidence->group->call)
                                   ? first_unsafe_call(evidence)
                                   : "";
}

/* ---- Kinds --------------------------------------------------------------------------- */

/* The function in which the program sleeps outside the handler; "" if unknown. Without a stack
 * there are still the engine's words. */
static const char *sleeps_in(void *owner, const struct evidence *evidence) {
    const struct location *stuck = &evidence->seen.stuck;
    if (in_handler(evidence))
        return "";
    if (stuck->frame_count > 0)
        return library_function(evidence, stuck->frames, stuck->frame_count);
    static const char words[] = "sleeps for ever in ";
    if (strncmp(evidence->ending, words, strlen(words)) != 0)
        return "";
    const char *name = evidence->ending + strlen(words);
    return never_null(talloc_strndup(owner, name, strcspn(name, ": ")));
}

static enum kind kind_of(void *owner, const struct evidence *evidence, const char *unsafe_call) {
    enum ending_kind ending = evidence->seen.ending.kind;
    if (stuck_or_dead(ending) && *evidence->handler_call != '\0')
        return KIND_SIGNAL_UNSAFE_CALL;
    if (!in_handler(evidence) && *unsafe_call != '\0' && is_delicate(evidence->group->call))
        return KIND_SIGNAL_UNSAFE_CALL;
    switch (ending) {
    case ENDING_DEADLOCK:
        return function_waits_for_event(sleeps_in(owner, evidence)) ? KIND_LOST_WAKEUP
                                                                    : KIND_DEADLOCK;
    case ENDING_CRASH:
        return KIND_CRASH;
    case ENDING_RAN_AWAY:
        return KIND_LIVELOCK;
    case ENDING_WRONG:
    case ENDING_WELL:
    case ENDING_UNJUDGED:
    case ENDING_KINDS:
        break;
    }
    bool interruption =
        evidence->group->late ? evidence->seen.interrupted_sleep : evidence->group->interruption;
    return interruption ? KIND_API_MISUSE : KIND_SIGNAL_RACE;
}

/* ---- Words --------------------------------------------------------------------------- */

const char *evidence_spot_words(void *owner, const struct spot *spot) {
    bool named = strcmp(spot->function, "?") != 0;
    const char *place = never_null(talloc_asprintf(owner, "%s+0x%llx", named ? spot->function : "",
                                                   (unsigned long long)spot->offset));
    if (*spot->library == '\0')
        return named ? place : never_null(talloc_asprintf(owner, "the program%s", place));
    return named ? never_null(talloc_asprintf(owner, "%s in %s", place, spot->library))
                 : never_null(talloc_asprintf(owner, "%s%s", spot->library, place));
}

static const char *interrupted_words(void *owner, const struct evidence *evidence) {
    const char *call = evidence->group->call;
    if (*call == '\0' || strcmp(call, "?") == 0)
        return "the code that it interrupted";
    return never_null(talloc_asprintf(owner, "the interrupted %s", call));
}

static const char *unsafe_words(void *owner, const struct evidence *evidence,
                                const char *unsafe_call) {
    const char *handler = signal_name(evidence->signal), *ending = evidence->ending;
    const char *interrupted = interrupted_words(owner, evidence);
    if (*evidence->handler_call == '\0')
        return talloc_asprintf(owner, "the handler of %s calls %s in the middle of %s; later: %s",
                               handler, unsafe_call, interrupted, ending);
    if (evidence->seen.ending.kind != ENDING_DEADLOCK)
        return talloc_asprintf(owner, "the handler of %s calls %s in the middle of %s: %s", handler,
                               evidence->handler_call, interrupted, ending);
    if (strstr(ending, "lock") == NULL)
        return talloc_asprintf(owner, "the handler of %s calls %s, which never returns: %s",
                               handler, evidence->handler_call, ending);
    /* There is one thread: only the interrupted call can hold it. */
    return talloc_asprintf(
        owner, "the handler of %s calls %s, which waits for a lock that %s holds: it never returns",
        handler, evidence->handler_call, interrupted);
}

static const char *message_of(void *owner, const struct evidence *evidence, enum kind kind,
                              const char *unsafe_call) {
    const char *name = signal_name(evidence->signal), *ending = evidence->ending;
    if (evidence->group->late && *evidence->asleep != '\0')
        return talloc_asprintf(owner,
                               "the program cannot take %s, not even as late as it can come: it %s",
                               name, evidence->asleep);
    if (evidence->group->late)
        return talloc_asprintf(
            owner, "the program cannot take %s, not even the one that comes by itself: exit %d",
            name, evidence->undisturbed_status);
    if (evidence->group->all_end && kind != KIND_SIGNAL_UNSAFE_CALL)
        return talloc_asprintf(owner,
                               "one %s stands for all children that have ended, and the program "
                               "does not take that: %s",
                               name, ending);
    switch ((int)kind) {
    case KIND_SIGNAL_UNSAFE_CALL:
        return unsafe_words(owner, evidence, unsafe_call);
    case KIND_LOST_WAKEUP:
        return talloc_asprintf(owner, "%s comes too early: the program %s", name, ending);
    case KIND_DEADLOCK:
        if (in_handler(evidence))
            return talloc_asprintf(owner, "the handler of %s never returns: %s", name, ending);
        return talloc_asprintf(owner, "after %s here the program never ends: %s", name, ending);
    case KIND_CRASH:
        return talloc_asprintf(owner, "%s here kills the program: %s", name, ending);
    case KIND_LIVELOCK:
        return talloc_asprintf(owner, "after %s here the program %s", name, ending);
    case KIND_API_MISUSE:
        return talloc_asprintf(owner, "the program cannot take it that %s interrupts %s: %s", name,
                               is_delicate(evidence->group->call) || *evidence->group->call != '\0'
                                   ? evidence->group->call
                                   : "this call",
                               ending);
    default:
        return talloc_asprintf(owner, "%s here makes the program come out wrong: %s", name, ending);
    }
}

/* ---- Locations ----------------------------------------------------------------------- */

/* Neither what called main nor where the kernel returns to from a handler is of interest. */
static void add_frames(void *owner, const struct evidence *evidence, struct location *location,
                       struct frame *frames, size_t count) {
    size_t shown = outermost_own(evidence, frames, count);
    for (size_t i = 0; i < (shown > 0 ? shown : count); i++) {
        struct frame frame = frames[i];
        frame.function = spots_known_name(evidence->spots, frame.function);
        location_add_frame(owner, location, frame);
    }
}

/* Without a stack there are still the two places that the walk knows. */
static void add_known_places(void *owner, const struct spot *spot, const struct spot *own,
                             struct location *location) {
    if (spot->file == NULL)
        location_add_frame(owner, location, (struct frame){.function = spot->function});
    location_add_frame(
        owner, location,
        (struct frame){.function = own->function, .file = own->file, .line = own->line});
}

static const char *handler_words(void *owner, const struct evidence *evidence) {
    return never_null(talloc_asprintf(owner, "handler of %s", signal_name(evidence->signal)));
}

static struct location where_interrupted(void *owner, const struct evidence *evidence) {
    bool elsewhere = evidence->seen.interrupted_pc != 0;
    struct spot spot =
        spots_at(evidence->spots, elsewhere ? evidence->seen.interrupted_pc : evidence->point->pc);
    bool sleeps =
        elsewhere ? evidence->seen.interrupted_sleep : (evidence->point->flags & POINT_INSIDE) != 0;
    const struct location *seen = &evidence->seen.interrupted;
    struct location location = {
        .actor = elsewhere && evidence->twice ? handler_words(owner, evidence) : "main",
        .doing = never_null(talloc_asprintf(
            owner, "interrupted %s %s%s", sleeps ? "while it sleeps in" : "at",
            evidence_spot_words(owner, &spot),
            !elsewhere && (evidence->point->flags & POINT_ALL_END) != 0 ? ", when all children end"
                                                                        : ""))};
    if (seen->frame_count > 0)
        add_frames(owner, evidence, &location, seen->frames, seen->frame_count);
    else
        add_known_places(owner, &spot, &evidence->group->own, &location);
    location.frames[0].function = spot.function; /* by the library's whole symbol table */
    return location;
}

/* The message has all of what libc said. */
static const char *dying_words(const char *ending) {
    enum { SHORT = 40 };
    return strlen(ending) <= SHORT ? ending : "is aborted by the library";
}

/* The handler's frames alone: what lies below them is the other location. */
static struct location where_stuck(void *owner, const struct evidence *evidence) {
    bool handler = in_handler(evidence);
    const struct location *seen = &evidence->seen.stuck;
    struct location location = {.actor = handler ? handler_words(owner, evidence) : "main",
                                .doing = evidence->seen.ending.kind == ENDING_CRASH
                                             ? dying_words(evidence->ending)
                                             : evidence->ending};
    add_frames(owner, evidence, &location, seen->frames,
               handler ? evidence->seen.handler_frames : seen->frame_count);
    return location;
}

static struct location where_handler_is(void *owner, const struct evidence *evidence) {
    struct spot spot = spots_at(evidence->spots, evidence->seen.handler_pc);
    struct location location = {.actor = handler_words(owner, evidence),
                                .doing = "runs once for all of them"};
    location_add_frame(
        owner, &location,
        (struct frame){.function = spot.function, .file = spot.file, .line = spot.line});
    return location;
}

struct finding evidence_finding(void *owner, const struct evidence *evidence,
                                const char *unsafe_call) {
    struct finding finding = {.kind = kind_of(owner, evidence, unsafe_call)};
    finding.message = message_of(owner, evidence, finding.kind, unsafe_call);
    if (evidence->twice)
        finding.message = talloc_asprintf(owner, "a second %s, in the handler of the first: %s",
                                          signal_name(evidence->signal), finding.message);
    finding.message = never_null(talloc_strdup(owner, finding.message));
    finding_add_location(owner, &finding, where_interrupted(owner, evidence));
    if (evidence->seen.stuck.frame_count > 0 && stuck_or_dead(evidence->seen.ending.kind))
        finding_add_location(owner, &finding, where_stuck(owner, evidence));
    if (evidence->group->all_end && evidence->seen.handler_pc != 0)
        finding_add_location(owner, &finding, where_handler_is(owner, evidence));
    return finding;
}
