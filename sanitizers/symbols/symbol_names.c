/* SPDX-License-Identifier: MIT */
#include "symbols/symbol_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool is_function(const GElf_Sym *symbol) {
    int type = GELF_ST_TYPE(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_GNU_IFUNC);
}

/* memcpy@@GLIBC_2.14 is memcpy. */
static const char *without_version(void *owner, const char *text) {
    return never_null(talloc_strndup(owner, text, strcspn(text, "@")));
}

static bool reserved(const struct symbol_name *name) {
    return name->text[0] == '_';
}

static int better_first(const struct symbol_name *a, const struct symbol_name *b) {
    size_t length_a = strlen(a->text), length_b = strlen(b->text);
    if (reserved(a) != reserved(b))
        return reserved(a) ? 1 : -1;
    if (a->local != b->local)
        return a->local ? 1 : -1;
    if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
    return strcmp(a->text, b->text);
}

static int compare(const void *a, const void *b) {
    const struct symbol_name *one = a, *other = b;
    if (one->address != other->address)
        return one->address < other->address ? -1 : 1;
    return better_first(one, other);
}

struct symbol_names symbol_names_read(void *owner, Dwfl_Module *module) {
    struct symbol_names names = {0};
    int count = dwfl_module_getsymtab(module);
    if (count <= 0)
        return names;
    names.items = new_array(owner, struct symbol_name, count);
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        const char *text = dwfl_module_getsym_info(module, i, &symbol, &address, NULL, NULL, NULL);
        if (text == NULL || *text == '\0' || !is_function(&symbol))
            continue;
        names.items[names.count++] =
            (struct symbol_name){.text = without_version(owner, text),
                                 .address = address,
                                 .size = symbol.st_size,
                                 .local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL};
    }
    qsort(names.items, names.count, sizeof *names.items, compare);
    return names;
}

/* The first name at the address of this one. */
static const struct symbol_name *known(const struct symbol_names *names,
                                       const struct symbol_name *name) {
    while (name > names->items && name[-1].address == name->address)
        name--;
    return name;
}

const struct symbol_name *symbol_names_at(const struct symbol_names *names, uint64_t address) {
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->items[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    /* Assembly often has no size: it reaches as far as the next function. */
    const struct symbol_name *name = known(names, &names->items[low - 1]);
    return name->size == 0 || address - name->address < name->size ? name : NULL;
}

const struct symbol_name *symbol_names_find(const struct symbol_names *names, const char *text) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].text, text) == 0)
            return known(names, &names->items[i]);
    return NULL;
}
