/* SPDX-License-Identifier: MIT */
/*
 * An <error> has a <kind>, then a text and a <stack>, then any number of further texts and stacks;
 * each text speaks of the stack that follows it. DRD wraps further stacks into elements of their
 * own (<other_segment_start>...): these explain, as do stacks whose text says where an address or a
 * lock comes from.
 */
#include "valgrind/valgrind_parse.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/access.h"
#include "valgrind/own_locks.h"

static const struct meaning {
    const char *xml_kind;
    const char *words; /* in the error's text; NULL: any */
    enum kind kind;
} meanings[] = {
    /* Helgrind */
    {"Race", NULL, KIND_DATA_RACE},
    {"LockOrder", NULL, KIND_LOCK_ORDER},
    {"UnlockUnlocked", NULL, KIND_API_MISUSE},
    {"UnlockForeign", NULL, KIND_API_MISUSE},
    {"UnlockBogus", NULL, KIND_API_MISUSE},
    {"PthAPIerror", NULL, KIND_API_MISUSE},
    {"FreeMemLock", NULL, KIND_API_MISUSE},
    {"Misc", "re-lock a non-recursive lock", KIND_DEADLOCK},
    {"Misc", NULL, KIND_API_MISUSE},
    {"Dubious", NULL, KIND_API_MISUSE}, /* Misc before 3.24 */
    /* DRD */
    {"ConflictingAccess", NULL, KIND_DATA_RACE},
    {"MutexErr", "Recursive locking not allowed", KIND_DEADLOCK},
    {"MutexErr", NULL, KIND_API_MISUSE},
    {"CondErr", NULL, KIND_API_MISUSE},
    {"CondDestrErr", NULL, KIND_API_MISUSE},
    {"CondRaceErr", NULL, KIND_API_MISUSE},
    {"CondWaitErr", NULL, KIND_API_MISUSE},
    {"SemaphoreErr", NULL, KIND_API_MISUSE},
    {"BarrierErr", NULL, KIND_API_MISUSE},
    {"RwlockErr", NULL, KIND_API_MISUSE},
    {"HoldtimeErr", NULL, KIND_STARVATION},
    {"GenericErr", NULL, KIND_API_MISUSE},
    /* Both, with --track-fds */
    {"FdBadClose", NULL, KIND_API_MISUSE},
    {"FdBadUse", NULL, KIND_API_MISUSE},
};

/* Also with --track-fds: a descriptor that is open at the end, be it inherited. Nothing of threads. */
#define OPEN_AT_END "FdNotClosed"

static const char *const protocols[] = {"4", "5", "6"};

static bool is(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *child(const xmlNode *node, const char *name) {
    for (const xmlNode *c = node->children; c != NULL; c = c->next)
        if (is(c, name))
            return c;
    return NULL;
}

/* The text of a child element, below `owner`; NULL if there is no such child. */
static char *child_text(void *owner, const xmlNode *node, const char *name) {
    const xmlNode *element = child(node, name);
    if (element == NULL)
        return NULL;
    xmlChar *content = xmlNodeGetContent(element);
    char *copy = talloc_strdup(owner, content != NULL ? (const char *)content : "");
    xmlFree(content);
    return never_null(copy);
}

/* <what>text</what>, or <xwhat><text>text</text>...</xwhat>; the same for aux. NULL if this is no
 * such element. */
static char *text_of(void *owner, const xmlNode *node) {
    if (is(node, "xwhat") || is(node, "xauxwhat"))
        return child_text(owner, node, "text");
    if (!is(node, "what") && !is(node, "auxwhat"))
        return NULL;
    xmlChar *content = xmlNodeGetContent(node);
    char *copy = talloc_strdup(owner, content != NULL ? (const char *)content : "");
    xmlFree(content);
    return never_null(copy);
}

static struct frame read_frame(void *owner, const xmlNode *node) {
    char *folder = child_text(owner, node, "dir"), *file = child_text(owner, node, "file");
    char *line = child_text(owner, node, "line"), *function = child_text(owner, node, "fn");
    struct frame frame = {.function = function != NULL ? function : "?"};
    if (folder != NULL && *folder == '/' && file != NULL) {
        frame.file = talloc_asprintf(owner, "%s/%s", folder, file);
        frame.line = line != NULL ? (int)strtol(line, NULL, 10) : 0;
    }
    return frame;
}

/* "thread #2" and "Thread #2" and "thread 2" all become "thread 2"; some texts name nobody. */
static const char *actor_of(void *owner, const char *text) {
    const char *at = strstr(text, "hread #");
    int number = 0;
    if (at != NULL)
        sscanf(at, "hread #%d", &number);
    else if ((at = strstr(text, "hread ")) != NULL)
        sscanf(at, "hread %d", &number);
    return number > 0 ? talloc_asprintf(owner, "thread %d", number) : "a thread";
}

/* Texts whose stack only explains. Everything else is an actor's part. */
static bool text_is_context(const char *text) {
    static const char *const starts[] = {"Address ", "Allocation context", "Lock at ", "Block was",
                                         "Location "};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* Addresses differ from run to run; " at 0x10C080" goes. */
static char *without_address(void *owner, const char *text) {
    char *clean = never_null(talloc_strdup(owner, text));
    char *at = strstr(clean, " at 0x");
    if (at != NULL) {
        size_t length = 6 + strspn(at + 6, "0123456789abcdefABCDEF");
        memmove(at, at + length, strlen(at + length) + 1);
    }
    return clean;
}

/* What the actor does, in our words where we know the tool's: "write of 4 bytes". */
static const char *doing_of(void *owner, const char *text) {
    static const struct {
        const char *before;
        const char *ours;
    } phrases[] = {
        {"Possible data race during ", ""},
        {"This conflicts with a ", ""},
        {"Conflicting load", "load"},
        {"Conflicting store", "store"},
        {"Required order was established by acquisition", "had acquired the first lock"},
        {"followed by a later acquisition", "then acquired the second"},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        size_t length = strlen(phrases[i].before);
        if (strncmp(text, phrases[i].before, length) != 0)
            continue;
        const char *access = access_words(owner, text + length);
        if (*phrases[i].ours != '\0' || access == NULL)
            return phrases[i].ours;
        return access;
    }
    const char *colon = strstr(text, ": ");
    bool names_thread = strncmp(text, "Thread #", 8) == 0 && colon != NULL;
    return without_address(owner, names_thread ? colon + 2 : text);
}

static void add_stack(void *owner, struct finding *finding, const xmlNode *stack, const char *text,
                      bool context) {
    struct location location = {.actor = actor_of(owner, text),
                                .doing = doing_of(owner, text),
                                .context = context || text_is_context(text)};
    for (const xmlNode *f = stack->children; f != NULL; f = f->next)
        if (is(f, "frame"))
            location_add_frame(owner, &location, read_frame(owner, f));
    finding_add_location(owner, finding, location);
}

/* "data symbol "n"" makes a better message than an address. */
static void add_object(void *owner, struct finding *finding, const char *text) {
    const char *symbol = strstr(text, "inside data symbol ");
    if (symbol != NULL)
        finding->message =
            talloc_asprintf(owner, "%s (%s)", finding->message, symbol + strlen("inside "));
}

/* The first frame of a stack that has a file, as words; "" if none has. */
static const char *first_place(void *owner, const xmlNode *stack) {
    for (const xmlNode *f = stack != NULL ? stack->children : NULL; f != NULL; f = f->next) {
        struct frame frame = is(f, "frame") ? read_frame(owner, f) : (struct frame){0};
        if (frame.file != NULL)
            return never_null(talloc_asprintf(owner, "%s:%d", frame.file, frame.line));
    }
    return "";
}

/*
 * What a report of DRD is about, which comes again for each access: an address, with where it is
 * allocated. A place on a stack is one variable now and another one later, so it is none.
 */
static const char *object_of(void *owner, const xmlNode *error_node, const char *text) {
    const char *address = strstr(text, " at 0x");
    if (address == NULL || strncmp(text, "Conflicting ", 12) != 0)
        return NULL;
    size_t length = strcspn(address + 4, " ");
    for (const xmlNode *node = error_node->children; node != NULL; node = node->next) {
        const char *words = is(node, "auxwhat") ? text_of(owner, node) : NULL;
        if (words != NULL && strstr(words, " section of ") != NULL)
            return never_null(talloc_asprintf(owner, "%.*s", (int)length, address + 4));
        if (is(node, "allocation_context"))
            return never_null(talloc_asprintf(owner, "%.*s of %s", (int)length, address + 4,
                                              first_place(owner, child(node, "stack"))));
    }
    return NULL;
}

static void read_parts(void *owner, const xmlNode *error_node, struct finding *finding) {
    const char *text = finding->message;
    for (const xmlNode *node = error_node->children; node != NULL; node = node->next) {
        char *words = text_of(owner, node);
        if (words != NULL) {
            text = words;
            add_object(owner, finding, words);
        } else if (is(node, "stack")) {
            add_stack(owner, finding, node, text, false);
        } else if (is(node, "other_segment_start") || is(node, "other_segment_end") ||
                   is(node, "first_observed_at")) {
            const xmlNode *stack = child(node, "stack");
            if (stack != NULL)
                add_stack(owner, finding, stack,
                          is(node, "first_observed_at")     ? "first seen here"
                          : is(node, "other_segment_start") ? "the other thread: from here"
                                                            : "the other thread: to here",
                          true);
        }
    }
}

static void read_error(void *owner, const xmlNode *node, struct findings *findings,
                       const char **gap) {
    char *xml_kind = child_text(owner, node, "kind");
    const xmlNode *what = child(node, "xwhat");
    if (what == NULL)
        what = child(node, "what");
    char *text = what != NULL ? text_of(owner, what) : NULL;
    if (xml_kind == NULL || text == NULL || strcmp(xml_kind, OPEN_AT_END) == 0)
        return; /* cut off in the middle of an error: no kind or text yet */
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        const struct meaning *m = &meanings[i];
        if (strcmp(m->xml_kind, xml_kind) != 0 ||
            (m->words != NULL && strstr(text, m->words) == NULL))
            continue;
        struct finding finding = {.kind = m->kind,
                                  .message = without_address(owner, text),
                                  .object = object_of(owner, node, text),
                                  .writes = strncmp(text, "Conflicting store", 17) == 0};
        read_parts(owner, node, &finding);
        findings_add(owner, findings, finding);
        return;
    }
    if (*gap == NULL)
        *gap = never_null(talloc_asprintf(
            owner, "this Valgrind reports an error of kind '%s', which hazard does not know",
            xml_kind));
}

/* The crash that ended the program, if one did: Valgrind names the signal and where it struck. */
static void read_fatal_signal(void *owner, const xmlNode *node, struct findings *findings) {
    char *name = child_text(owner, node, "signame");
    const xmlNode *stack = child(node, "stack");
    if (name == NULL || stack == NULL || strcmp(name, "SIGTERM") == 0 ||
        strcmp(name, "SIGKILL") == 0)
        return;
    struct finding finding = {.kind = KIND_CRASH,
                              .message = talloc_asprintf(owner, "killed by %s", name)};
    add_stack(owner, &finding, stack, finding.message, false);
    findings_add(owner, findings, finding);
}

/* <status><state>FINISHED</state>...: after RUNNING at the start, the one at the end. */
static bool is_finished(void *owner, const xmlNode *status) {
    const char *state = child_text(owner, status, "state");
    return state != NULL && strcmp(state, "FINISHED") == 0;
}

/* <suppcounts>: a <pair> for each that was of use, with its <name>. */
static const char *read_left_out(void *owner, const xmlNode *counts) {
    const char *calls = "";
    for (const xmlNode *pair = counts->children; pair != NULL; pair = pair->next) {
        const char *name = is(pair, "pair") ? child_text(owner, pair, "name") : NULL;
        size_t length = strlen(OWN_LOCKS_NAME);
        if (name == NULL || strncmp(name, OWN_LOCKS_NAME, length) != 0 ||
            strstr(calls, name + length) != NULL)
            continue;
        calls = never_null(
            talloc_asprintf(owner, "%s%s%s", calls, *calls == '\0' ? "" : "; ", name + length));
    }
    return calls;
}

static bool is_known(const char *protocol) {
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(protocols[i], protocol) == 0)
            return true;
    return false;
}

static const char *read_used(void *owner, const xmlNode *counts) {
    const char *names = "";
    for (const xmlNode *pair = counts->children; pair != NULL; pair = pair->next) {
        const char *name = is(pair, "pair") ? child_text(owner, pair, "name") : NULL;
        if (name != NULL && strncmp(name, OWN_LOCKS_NAME, strlen(OWN_LOCKS_NAME)) != 0)
            names = never_null(talloc_asprintf(owner, "%s%s\n", names, name));
    }
    return names;
}

static int read_document(void *owner, const xmlNode *root, const char *path,
                         struct findings *findings, struct valgrind_end *end, struct error *error) {
    *end = (struct valgrind_end){.left_out = "", .used = ""};
    char *protocol = root != NULL ? child_text(owner, root, "protocolversion") : NULL;
    if (root == NULL || !is(root, "valgrindoutput") || protocol == NULL)
        return fail(error, "%s is no Valgrind report", path);
    if (!is_known(protocol)) {
        end->gap = never_null(talloc_asprintf(
            owner, "this Valgrind writes reports of protocol %s; hazard can read 4 to 6",
            protocol));
        end->complete = true; /* whatever its end looks like */
        return 0;
    }
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (is(node, "error"))
            read_error(owner, node, findings, &end->gap);
        if (is(node, "status"))
            end->complete = is_finished(owner, node);
        if (is(node, "suppcounts")) {
            end->left_out = read_left_out(owner, node);
            end->used = read_used(owner, node);
        }
        if (is(node, "fatal_signal"))
            read_fatal_signal(owner, node, findings);
    }
    return 0;
}

int valgrind_parse(void *owner, const char *path, struct findings *findings,
                   struct valgrind_end *end, struct error *error) {
    const int options = XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                        XML_PARSE_NONET | XML_PARSE_HUGE;
    xmlDoc *document = xmlReadFile(path, NULL, options);
    const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    int result = read_document(owner, root, path, findings, end, error);
    xmlFreeDoc(document);
    return result;
}
