/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <dlfcn.h>
#include <link.h>

#include "explore/runtime/audit/vectored.h"
#include "explore/runtime/calls/image.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/real.h"

enum { FUNCTIONS = 128 };

static struct vectored { uintptr_t pc, stub; } functions[FUNCTIONS];
static int function_count;

/* A symbol's name in the table, if it is one of these and the table says what it touches. */
static const char *name_of(const ElfW(Sym) * symbol, const char *names) {
    const char *name = names + symbol->st_name;
    return ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC && patch_tells(name) ? name : NULL;
}

static void add(const char *name) {
    uintptr_t pc = (uintptr_t)real_function(name);
    if (pc == 0 || vectored_stub(pc) != 0 || function_count == FUNCTIONS)
        return;
    functions[function_count++] = (struct vectored){pc, patch_stub(name, pc)};
}

/* Symbols are counted by the hash table that finds them: the last one ends the last chain. */
static uint32_t symbol_count(const uint32_t *table) {
    uint32_t buckets = table[0], offset = table[1], words = table[2], last = 0;
    const uint32_t *bucket = table + 4 + (size_t)2 * words, *chain = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++)
        if (bucket[i] > last)
            last = bucket[i];
    while (last >= offset && (chain[last - offset] & 1) == 0)
        last++;
    return last < offset ? offset : last + 1;
}

void vectored_find(void) {
    struct program_image libc;
    function_count = 0;
    if (!image_find_library("libc.so.6", &libc))
        return;
    const ElfW(Sym) *symbols = (const ElfW(Sym) *)image_address(&libc, DT_SYMTAB);
    const char *names = (const char *)image_address(&libc, DT_STRTAB);
    const uint32_t *table = (const uint32_t *)image_address(&libc, DT_GNU_HASH);
    for (uint32_t i = 0; table != NULL && i < symbol_count(table); i++) {
        const char *name = name_of(&symbols[i], names);
        if (name != NULL)
            add(name);
    }
}

uintptr_t vectored_stub(uintptr_t pc) {
    for (int i = 0; i < function_count; i++)
        if (functions[i].pc == pc)
            return functions[i].stub;
    return 0;
}
