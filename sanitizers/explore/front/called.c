/* SPDX-License-Identifier: MIT */
#include "explore/front/called.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/table.h"
#include "symbols/references.h"

static const struct {
    const char *name, *words;
} hows[CALLED_HOWS] = {
    [CALLED_MODELLED] = {"modelled", "explore's own takes its place"},
    [CALLED_MEASURED] = {"measured", "a table says what it touches (docs/calls.md)"},
    [CALLED_ASKED] = {"asked", "looked at when called: some uses are refused"},
    [CALLED_STEPPED] = {"stepped", "followed, instruction by instruction"},
    [CALLED_UNKNOWN] = {"unknown",
                        "in no table: stepped, and taken as conflicting with everything"},
    [CALLED_REFUSED] = {"refused", "a schedule that comes here ends: unsupported"},
};

const char *called_how_name(enum called_how how) {
    return hows[how].name;
}

const char *called_how_words(enum called_how how) {
    return hows[how].words;
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* What the compiler, its start files and the race detector's hooks call, and no programmer. */
static bool is_nobodys(const char *name) {
    static const char *const families[] = {"__tsan_", "_ITM_", "__gmon_start__", "__cxa_finalize",
                                           "__libc_start_main"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (begins(name, families[i]))
            return true;
    return false;
}

/* Failing is not refused: it is judged. */
static bool is_judged(enum check check) {
    return check >= CHECK_abort && check <= CHECK_error_at_line;
}

static enum called_how how_of(const struct spec *spec) {
    if (spec->refuse)
        return CALLED_REFUSED;
    if (spec->world || is_judged((enum check)spec->check))
        return CALLED_MODELLED;
    if (spec->check != CHECK_none)
        return CALLED_ASKED;
    return spec->follow ? CALLED_STEPPED : CALLED_MEASURED;
}

static struct called describe(const char *name, bool linked) {
    struct called called = {.name = name, .how = CALLED_MODELLED};
    struct spec spec;
    const char *wrong;
    const struct table_entry *entry = linked ? NULL : table_find(name);
    if (linked)
        return called;
    if (entry == NULL && table_is_worldly(name)) {
        called.how = CALLED_REFUSED;
        called.why = "explore has no model of it";
    } else if (entry == NULL || !spec_parse(entry->touches, &spec, &wrong)) {
        called.how = CALLED_UNKNOWN;
    } else {
        called.how = how_of(&spec);
        called.why = spec.refuse ? spec.reason : NULL;
    }
    return called;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct called *)a)->name, ((const struct called *)b)->name);
}

static void add(struct calls *calls, const char **names, size_t count, bool linked) {
    for (size_t i = 0; i < count; i++)
        if (!is_nobodys(names[i]))
            calls->items[calls->count++] = describe(names[i], linked);
}

int called_read(void *owner, const char *program, struct calls *calls, struct error *error) {
    struct references found;
    if (references_read(owner, program, "hazard_text", &found, error) != 0)
        return -1;
    *calls = (struct calls){
        .items = new_array(owner, struct called, found.imported_count + found.linked_count + 1)};
    add(calls, found.imported, found.imported_count, false);
    add(calls, found.linked, found.linked_count, true);
    qsort(calls->items, calls->count, sizeof *calls->items, by_name);
    return 0;
}
