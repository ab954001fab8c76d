/* SPDX-License-Identifier: MIT */
#include "run/dialogue.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define CLIENT "{client}"

struct dialogue *dialogue_new(void *owner, const char *noun) {
    struct dialogue *dialogue = never_null(talloc_zero(owner, struct dialogue));
    dialogue->noun = noun;
    return dialogue;
}

struct turn *dialogue_add(struct dialogue *dialogue, enum turn_kind kind, const char *text,
                          size_t length) {
    dialogue->turns = grow_array(dialogue, dialogue->turns, struct turn, dialogue->count + 1);
    struct turn *turn = &dialogue->turns[dialogue->count++];
    *turn = (struct turn){.kind = kind, .length = length};
    if (text != NULL) {
        char *copy = new_array(dialogue, char, length + 1);
        memcpy(copy, text, length);
        turn->text = copy;
    }
    return turn;
}

/* The text with the number in place of each CLIENT; *length becomes that of the result. */
static char *numbered(void *owner, const char *text, size_t *length, size_t client) {
    char number[24];
    size_t digits = (size_t)snprintf(number, sizeof number, "%zu", client), made = 0;
    size_t longest = digits > strlen(CLIENT) ? digits : strlen(CLIENT);
    char *result = new_array(owner, char, *length / strlen(CLIENT) * longest + *length + 1);
    for (size_t i = 0; i < *length;) {
        bool here = *length - i >= strlen(CLIENT) && memcmp(text + i, CLIENT, strlen(CLIENT)) == 0;
        memcpy(result + made, here ? number : text + i, here ? digits : 1);
        made += here ? digits : 1;
        i += here ? strlen(CLIENT) : 1;
    }
    *length = made;
    return result;
}

struct dialogue *dialogue_for_client(void *owner, const struct dialogue *dialogue, size_t client) {
    struct dialogue *own = dialogue_new(owner, dialogue->noun);
    own->path = dialogue->path;
    for (size_t i = 0; i < dialogue->count; i++) {
        const struct turn *turn = &dialogue->turns[i];
        struct turn *added = dialogue_add(own, turn->kind, NULL, turn->length);
        added->status = turn->status;
        added->line = turn->line;
        if (turn->text != NULL)
            added->text = numbered(own, turn->text, &added->length, client);
    }
    return own;
}

size_t dialogue_find(const struct dialogue *dialogue, enum turn_kind kind, size_t from) {
    while (from < dialogue->count && dialogue->turns[from].kind != kind)
        from++;
    return from;
}
