/* SPDX-License-Identifier: MIT */
/* Messages, objects and steps in words. */
#include "explore/front/words.h"

#include <string.h>

#include "base/memory.h"
#include "explore/front/actor.h"

/* ---- Messages ------------------------------------------------------------------------ */

struct words_writer {
    struct message_writer writer;
    struct objects *objects;
    char *words;
};

static void write_words(struct message_writer *writer, const char *words, size_t length) {
    struct words_writer *to = (struct words_writer *)writer;
    to->words = never_null(talloc_strndup_append_buffer(to->words, words, length));
}

/* An object that nobody noted has no name. */
static void write_object(struct message_writer *writer, uint64_t address) {
    struct words_writer *to = (struct words_writer *)writer;
    struct object_name name =
        address != 0 ? objects_name(to->objects, address) : (struct object_name){NULL, "@"};
    to->words = never_null(name.quoted == NULL ? talloc_strdup_append_buffer(to->words, name.rest)
                                               : talloc_asprintf_append_buffer(
                                                     to->words, "`%s`%s", name.quoted, name.rest));
}

static struct words_writer words_writer(void *owner, struct objects *objects) {
    return (struct words_writer){
        {write_words, write_object}, objects, never_null(talloc_strdup(owner, ""))};
}

const char *words_message(void *owner, struct objects *objects, const struct message *message) {
    struct words_writer to = words_writer(owner, objects);
    message_write(message, &to.writer);
    return to.words;
}

const char *words_doing(void *owner, struct objects *objects, const struct message_doing *doing) {
    struct words_writer to = words_writer(owner, objects);
    message_write_doing(doing, &to.writer);
    return to.words;
}

/* ---- Steps --------------------------------------------------------------------------- */

/* What each kind of operation says of itself, and what if it did not come off (NULL where it
 * cannot fail): texts as those of message.h, of the step's object and value. ": #" is at the end, and
 * left out if there is no value; after a blank at the end comes the thread that it is about. */
static const struct phrase {
    const char *done, *failed;
} phrases[OP_KIND_COUNT] = {
    [OP_START] = {"starts", NULL},
    [OP_CREATE] = {"creates ", "cannot create a thread"},
    [OP_JOIN] = {"joins ", "does not join "},
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
    [OP_FUTEX_WAIT] = {"waits on futex @", "does not wait on futex @: it has another value"},
    [OP_FUTEX_WAKE] = {"wakes who waits on futex @", NULL},
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
    [OP_BUFFER] = {"writes @ (into its store buffer): #", NULL},
    [OP_FLUSH] = {"writes @ (from there to memory): #", NULL},
    [OP_DRAIN] = {"has emptied its store buffer", NULL},
    [OP_RMW] = {"changes @: #", "compares @ in vain: #"},
    [OP_FENCE] = {"passes a fence", NULL},
    [OP_READ] = {"reads @: #", NULL},
    [OP_WRITE] = {"writes @: #", NULL},
    [OP_YIELD] = {"lets others go first", NULL},
    [OP_LOOK] = {"looks at the clock", NULL},
    [OP_TICK] = {"has run for long: others get their turn", NULL},
    [OP_CALL] = {"calls into a library", NULL},
    [OP_TIMEOUT] = {"its time is up", NULL},
    [OP_CHOOSE] = {"chooses", NULL},
    [OP_ASSUME] = {"assumes what does not hold", NULL},
    [OP_ATOMIC] = {"runs an atomic block", NULL},
};

/* The phrase with names and, where it is known, the value. */
static char *phrase_words(void *owner, struct objects *objects, const char *phrase,
                          const struct shared_step *step) {
    struct words_writer to = words_writer(owner, objects);
    const uint64_t values[] = {step->address, step->value};
    const char *end = strstr(phrase, ": #");
    if (end != NULL && (step->flags & STEP_HAS_VALUE) == 0)
        phrase = never_null(talloc_strndup(owner, phrase, (size_t)(end - phrase)));
    message_write_text(phrase, values, &to.writer);
    return to.words;
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
            return actor_words(owner, shared, (int)(op->access[i].object >> 3) % OP_ACTORS);
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

/* At a cancellation point; else it asks for one. */
static bool is_look(const struct op *op) {
    return op->kind == OP_CANCEL && (op->access_count == 0 || op->access[0].mode == MODE_READ);
}

/* A spin lock's unlock is a store. */
static bool gives_lock_free(const struct op *op) {
    bool stores = op->kind == OP_BUFFER || op->kind == OP_FLUSH;
    for (int i = 0; stores && i < op->access_count; i++)
        if ((op->access[i].object & 7) == OBJECT_SYNC)
            return true;
    return false;
}
static const struct phrase unlock_phrases[OP_KIND_COUNT] = {
    [OP_BUFFER] = {"unlocks @ (into its store buffer)", NULL},
    [OP_FLUSH] = {"unlocks @ (from there to memory)", NULL},
};

/* Once they have failed. */
static const bool times_out[OP_KIND_COUNT] = {
    [OP_JOIN] = true,        [OP_MUTEX_TIMEDLOCK] = true, [OP_RW_TRYREAD] = true,
    [OP_RW_TRYWRITE] = true, [OP_SEM_TRYWAIT] = true,
};

static const char *choice_words(const struct event *event) {
    bool waits = event->op.kind == OP_COND_WAIT || event->op.kind == OP_FUTEX_WAIT;
    if (event->alternatives <= 1 || event->alternative == 0)
        return "";
    return is_look(&event->op)                ? ", and overlooks it"
           : waits && event->alternative == 2 ? ", but its time runs out"
           : event->op.kind == OP_COND_WAIT   ? ", but wakes for nothing"
           : event->op.kind == OP_FUTEX_WAIT  ? ", but wakes for nothing"
           : event->op.kind == OP_COND_SIGNAL ? ", not the first in the queue"
           : event->op.kind == OP_FUTEX_WAKE  ? ", not the first of them"
           : event->op.kind == OP_RMW         ? ", and fails for nothing"
           : event->op.kind == OP_LOOK        ? ", and is late"
           : times_out[event->op.kind]        ? ", and its time runs out"
                                              : "";
}

/* The value, and which of how many it is. */
static const char *value_words(void *owner, const struct shared_step *step) {
    const struct event *event = &step->event;
    if ((step->flags & STEP_HAS_VALUE) == 0)
        return phrases[OP_CHOOSE].done;
    return never_null(talloc_asprintf(owner, "chooses %lld, value %d of %d", (long long)step->value,
                                      event->alternative + 1, event->alternatives));
}

const char *words_step(void *owner, const struct shared *shared, struct objects *objects,
                       const struct shared_step *step) {
    const struct event *event = &step->event;
    if (event->op.kind >= OP_KIND_COUNT)
        return "?";
    if (event->op.kind == OP_CALL)
        return call_words(owner, objects, step);
    if (event->op.kind == OP_CHOOSE)
        return value_words(owner, step);
    if (is_look(&event->op))
        return never_null(
            talloc_asprintf(owner, "looks whether it is cancelled%s", choice_words(event)));
    const struct phrase *phrase =
        &(gives_lock_free(&event->op) ? unlock_phrases : phrases)[event->op.kind];
    bool failed = (step->flags & STEP_FAILED) != 0 && phrase->failed != NULL;
    char *words = phrase_words(owner, objects, failed ? phrase->failed : phrase->done, step);
    if (words[strlen(words) - 1] == ' ')
        words = never_null(talloc_asprintf_append(words, "%s", other_thread(owner, shared, step)));
    return never_null(talloc_asprintf_append(words, "%s", choice_words(event)));
}
