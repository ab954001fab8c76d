/* SPDX-License-Identifier: MIT */
/* Actors, objects and steps in words. */
#include "explore/front/words.h"

#include <string.h>

#include "base/memory.h"

const char *explore_actor(void *owner, const struct shared *shared, int actor) {
    if (actor < 0)
        return "the program";
    int number = actor < OP_ACTORS ? shared->actors[actor].number : 0;
    if (actor == 0 || number == 1)
        return "main thread";
    return never_null(talloc_asprintf(owner, "thread %d", number > 0 ? number : actor + 1));
}

/* Appends its name to the words. 0: none, the program's own words (an assertion) have an @. */
static char *add_object(char *words, struct objects *objects, uint64_t object) {
    if (object == 0)
        return never_null(talloc_strdup_append_buffer(words, "@"));
    struct object_name name = objects_name(objects, object);
    if (name.quoted == NULL)
        return never_null(talloc_strdup_append_buffer(words, name.rest));
    return never_null(talloc_asprintf_append_buffer(words, "`%s`%s", name.quoted, name.rest));
}

const char *explore_words(void *owner, struct objects *objects, const char *text,
                          const uint64_t *addresses, size_t count) {
    char *words = never_null(talloc_strdup(owner, ""));
    size_t next = 0;
    for (;;) {
        size_t length = strcspn(text, "@");
        words = never_null(talloc_strndup_append_buffer(words, text, length));
        text += length;
        if (*text == '\0')
            return words;
        words = add_object(words, objects, next < count ? addresses[next++] : 0);
        text++;
    }
}

/* What each kind of operation says of itself, and what if it did not come off (NULL where it
 * cannot fail). @ is its object, a # at the end the value that was read or written; after a blank
 * at the end comes the thread that it is about. */
static const struct phrase {
    const char *done, *failed;
} phrases[OP_KIND_COUNT] = {
    [OP_START] = {"starts", NULL},
    [OP_CREATE] = {"creates ", "cannot create a thread"},
    [OP_JOIN] = {"joins ", NULL},
    [OP_END] = {"ends", NULL},
    [OP_DETACH] = {"detaches ", NULL},
    [OP_CANCEL] = {"cancels ", NULL},
    [OP_EXIT] = {"ends the program", NULL},
    [OP_MUTEX_LOCK] = {"locks @", "cannot lock @"},
    [OP_MUTEX_TRYLOCK] = {"tries to lock @, and gets it", "tries to lock @: it is taken"},
    [OP_MUTEX_TIMEDLOCK] = {"locks @", "stops waiting for @"},
    [OP_MUTEX_UNLOCK] = {"unlocks @", "cannot unlock @"},
    [OP_MUTEX_INIT] = {"makes @ ready", NULL},
    [OP_MUTEX_DESTROY] = {"destroys @", NULL},
    [OP_RW_READ] = {"locks @ to read", "cannot lock @ to read"},
    [OP_RW_TRYREAD] = {"tries to lock @ to read, and may", "tries to lock @ to read: it may not"},
    [OP_RW_WRITE] = {"locks @ to write", "cannot lock @ to write"},
    [OP_RW_TRYWRITE] = {"tries to lock @ to write, and may",
                        "tries to lock @ to write: it may not"},
    [OP_RW_UNLOCK] = {"unlocks @", "cannot unlock @"},
    [OP_RW_REQUEST] = {"queues to write under @", NULL},
    [OP_SPIN_LOCK] = {"locks @", NULL},
    [OP_SPIN_TRYLOCK] = {"tries to lock @, and gets it", "tries to lock @: it is taken"},
    [OP_SPIN_UNLOCK] = {"unlocks @", NULL},
    [OP_COND_WAIT] = {"waits for @ and lets its mutex go", "does not wait for @"},
    [OP_COND_RELOCK] = {"wakes up and takes its mutex again", NULL},
    [OP_COND_SIGNAL] = {"signals @", NULL},
    [OP_COND_BROADCAST] = {"wakes all that wait for @", NULL},
    [OP_BARRIER] = {"comes to barrier @", NULL},
    [OP_SEM_WAIT] = {"takes one from semaphore @", "stops waiting for semaphore @"},
    [OP_SEM_TRYWAIT] = {"tries to take one from semaphore @, and may",
                        "tries to take one from semaphore @: it is 0"},
    [OP_SEM_POST] = {"adds one to semaphore @", "cannot add to semaphore @"},
    [OP_SEM_READ] = {"looks at semaphore @: #", NULL},
    [OP_ONCE] = {"comes to once @", NULL},
    [OP_ONCE_DONE] = {"is through with once @", NULL},
    [OP_OBJECT] = {"makes or destroys @", NULL},
    [OP_LOAD] = {"reads @: #", NULL},
    [OP_STORE] = {"writes @: #", NULL},
    [OP_RMW] = {"changes @: #", "compares @ in vain: #"},
    [OP_FENCE] = {"passes a fence", NULL},
    [OP_READ] = {"reads @: #", NULL},
    [OP_WRITE] = {"writes @: #", NULL},
    [OP_YIELD] = {"lets others go first", NULL},
    [OP_TICK] = {"has run for long: others get their turn", NULL},
    [OP_CALL] = {"calls into a library", NULL},
    [OP_TIMEOUT] = {"its time is up", NULL},
};

/* The words with the value in place of ": #" at their end, or without it. */
static char *fill_value(void *owner, const char *words, const struct shared_step *step) {
    size_t length = strlen(words);
    if (length < 3 || strcmp(words + length - 3, ": #") != 0)
        return never_null(talloc_strdup(owner, words));
    char *filled = never_null(talloc_strndup(owner, words, length - 3));
    return (step->flags & STEP_HAS_VALUE) == 0
               ? filled
               : never_null(talloc_asprintf_append(filled, ": %lld", (long long)step->value));
}

/* Threads are numbered as they are created, and the main thread is 1. */
static const char *created(void *owner, const struct shared *shared,
                           const struct shared_step *step) {
    int number = 2;
    if (step < shared->trace || step >= shared->trace + shared->trace_length)
        return "a thread";
    for (const struct shared_step *before = shared->trace; before < step; before++)
        number += before->event.op.kind == OP_CREATE && (before->flags & STEP_FAILED) == 0;
    return never_null(talloc_asprintf(owner, "thread %d", number));
}

/* The thread that the operation is about, besides the one that makes it. */
static const char *other_thread(void *owner, const struct shared *shared,
                                const struct shared_step *step) {
    const struct op *op = &step->event.op;
    if (op->kind == OP_CREATE)
        return created(owner, shared, step);
    for (int i = 0; i < op->access_count; i++)
        if ((op->access[i].object & 7) == OBJECT_ACTOR)
            return explore_actor(owner, shared, (int)(op->access[i].object >> 3));
    return "a thread";
}

/* A call of the runtime's own making has no place: what comes between the end of main and that of
 * the program. */
static const char *call_words(void *owner, struct objects *objects,
                              const struct shared_step *step) {
    const char *callee = step->pc != 0 ? symbols_callee(objects_symbols(objects), step->pc) : NULL;
    if (step->pc == 0)
        return "returns from main";
    return callee == NULL ? phrases[OP_CALL].done
                          : never_null(talloc_asprintf(owner, "calls `%s`", callee));
}

static const char *choice_words(const struct event *event) {
    if (event->alternatives <= 1 || event->alternative == 0)
        return "";
    return event->op.kind == OP_COND_WAIT     ? ", but wakes for nothing"
           : event->op.kind == OP_COND_SIGNAL ? ", not the first in the queue"
           : event->op.kind == OP_RMW         ? ", and fails for nothing"
                                              : "";
}

const char *explore_step_words(void *owner, const struct shared *shared, struct objects *objects,
                               const struct shared_step *step) {
    const struct event *event = &step->event;
    if (event->op.kind >= OP_KIND_COUNT)
        return "?";
    if (event->op.kind == OP_CALL)
        return call_words(owner, objects, step);
    const struct phrase *phrase = &phrases[event->op.kind];
    bool failed = (step->flags & STEP_FAILED) != 0 && phrase->failed != NULL;
    const char *words =
        explore_words(owner, objects, failed ? phrase->failed : phrase->done, &step->address, 1);
    char *filled = fill_value(owner, words, step);
    if (words[strlen(words) - 1] == ' ')
        filled =
            never_null(talloc_asprintf_append(filled, "%s", other_thread(owner, shared, step)));
    return never_null(talloc_asprintf_append(filled, "%s", choice_words(event)));
}
