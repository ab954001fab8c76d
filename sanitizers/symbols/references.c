/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * First the places that stand for a function: a slot of the GOT, into which the loader writes the address of the
 * one that its relocation names; an entry of the PLT, which jumps to where such a slot points; a
 * function of the section apart. Then each byte of the program's code is tried as the start of a displacement to one of them.
 *
 * What a function reaches is found likewise: its code alone is looked through, then that of the functions of the program that
 * it refers to, and so on.
 */
#include "symbols/references.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

struct place {
    uint64_t address;
    const char *name;
    bool linked;
    uint64_t size; /* of a function of the program's own whose code is looked through; else 0 */
};

struct places {
    void *owner;
    struct place *items;
    size_t count, room;
};

struct scanned {
    void *owner;
    Elf *elf;
    const char *apart;
    struct places places;
    struct references *found;
};

static void add_place(struct places *places, struct place place) {
    if (places->count == places->room) {
        places->room = places->room * 2 + 64;
        places->items = grow_array(places->owner, places->items, struct place, places->room);
    }
    places->items[places->count++] = place;
}

static int by_address(const void *a, const void *b) {
    const struct place *one = a, *other = b;
    return (one->address > other->address) - (one->address < other->address);
}

/* Of the names of one address, the one without underscores first. */
static int by_address_and_name(const void *a, const void *b) {
    const struct place *one = a, *other = b;
    int order = by_address(a, b);
    return order != 0 ? order : -strcmp(one->name, other->name);
}

/* One for each address. */
static void sort_places(struct places *places) {
    size_t kept = 0;
    if (places->count > 1)
        qsort(places->items, places->count, sizeof *places->items, by_address_and_name);
    for (size_t i = 0; i < places->count; i++)
        if (kept == 0 || places->items[kept - 1].address != places->items[i].address)
            places->items[kept++] = places->items[i];
    places->count = kept;
}

static const struct place *place_at(const struct places *places, uint64_t address) {
    const struct place key = {.address = address};
    return places->count == 0
               ? NULL
               : bsearch(&key, places->items, places->count, sizeof *places->items, by_address);
}

/* memcpy@@GLIBC_2.14 is memcpy. */
static const char *without_version(void *owner, const char *text) {
    return never_null(talloc_strndup(owner, text, strcspn(text, "@")));
}

static void note(struct scanned *program, const char *name, bool linked) {
    struct references *found = program->found;
    const char ***names = linked ? &found->linked : &found->imported;
    size_t *count = linked ? &found->linked_count : &found->imported_count;
    *names = grow_array(program->owner, *names, const char *, *count + 1);
    (*names)[(*count)++] = without_version(program->owner, name);
}

/* --- sections --- */

static const char *section_name(const struct scanned *program, const GElf_Shdr *header) {
    size_t names;
    const char *name = elf_getshdrstrndx(program->elf, &names) == 0
                           ? elf_strptr(program->elf, names, header->sh_name)
                           : NULL;
    return name != NULL ? name : "";
}

typedef void section_taker(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header);

static void each_section(struct scanned *program, section_taker *take) {
    GElf_Shdr header;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(program->elf, section)) != NULL;)
        if (gelf_getshdr(section, &header) != NULL)
            take(program, section, &header);
}

static bool is_code(const GElf_Shdr *header) {
    return header->sh_type == SHT_PROGBITS && (header->sh_flags & SHF_EXECINSTR) != 0;
}

/* --- places --- */

static bool is_function(const GElf_Sym *symbol) {
    int type = GELF_ST_TYPE(symbol->st_info);
    return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
}

/* An initialised pointer is a reference in itself, a slot a place that code refers to. */
static void take_relocation(struct scanned *program, const GElf_Rela *relocation,
                            const char *name) {
    uint64_t type = GELF_R_TYPE(relocation->r_info);
    if (type == R_X86_64_64)
        note(program, name, false);
    else if (type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT)
        add_place(&program->places, (struct place){.address = relocation->r_offset, .name = name});
}

static void take_slots(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header) {
    GElf_Shdr table;
    GElf_Rela relocation;
    GElf_Sym symbol;
    Elf_Scn *symbols =
        header->sh_type == SHT_RELA ? elf_getscn(program->elf, header->sh_link) : NULL;
    Elf_Data *data = elf_getdata(section, NULL);
    if (symbols == NULL || data == NULL || gelf_getshdr(symbols, &table) == NULL)
        return;
    for (int i = 0; gelf_getrela(data, i, &relocation) != NULL; i++) {
        const char *name = NULL;
        if (GELF_R_SYM(relocation.r_info) != 0 &&
            gelf_getsym(elf_getdata(symbols, NULL), (int)GELF_R_SYM(relocation.r_info), &symbol) !=
                NULL &&
            symbol.st_shndx == SHN_UNDEF && is_function(&symbol))
            name = elf_strptr(program->elf, table.sh_link, symbol.st_name);
        if (name != NULL && *name != '\0')
            take_relocation(program, &relocation, name);
    }
}

/* The functions of the section apart. */
static void take_linked(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header) {
    GElf_Sym symbol;
    GElf_Shdr home;
    Elf_Data *data = elf_getdata(section, NULL);
    if (header->sh_type != SHT_SYMTAB || data == NULL)
        return;
    for (int i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
        Elf_Scn *where =
            symbol.st_shndx < SHN_LORESERVE ? elf_getscn(program->elf, symbol.st_shndx) : NULL;
        if (where == NULL || symbol.st_shndx == SHN_UNDEF || !is_function(&symbol) ||
            GELF_ST_BIND(symbol.st_info) == STB_LOCAL || gelf_getshdr(where, &home) == NULL ||
            strcmp(section_name(program, &home), program->apart) != 0)
            continue;
        const char *name = elf_strptr(program->elf, header->sh_link, symbol.st_name);
        if (name != NULL && *name != '\0')
            add_place(&program->places, (struct place){symbol.st_value, name, true, 0});
    }
}

/* The displacement of 32 bits there, from its end. */
static uint64_t target(const uint8_t *displacement, uint64_t address) {
    int32_t distance;
    memcpy(&distance, displacement, sizeof distance);
    return address + sizeof distance + (uint64_t)(int64_t)distance;
}

static bool is_table(const struct scanned *program, const GElf_Shdr *header) {
    return is_code(header) && strncmp(section_name(program, header), ".plt", 4) == 0;
}

/* [endbr64] [bnd] jmp *slot(%rip), of 4, 1 and 6 bytes: code refers to the first of these that is there. */
static void take_entries(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header) {
    static const uint64_t before[] = {0, 1, 4, 5};
    const Elf_Data *data = is_table(program, header) ? elf_getdata(section, NULL) : NULL;
    const uint8_t *code = data != NULL ? data->d_buf : NULL;
    sort_places(&program->places);
    size_t known = program->places.count;
    for (size_t at = 0; code != NULL && at + 6 <= data->d_size; at++) {
        uint64_t address = header->sh_addr + at;
        const struct places slots = {.items = program->places.items, .count = known};
        const struct place *slot = code[at] == 0xff && code[at + 1] == 0x25
                                       ? place_at(&slots, target(code + at + 2, address + 2))
                                       : NULL;
        if (slot == NULL)
            continue;
        const char *name = slot->name;
        for (size_t i = 0; i < sizeof before / sizeof *before; i++)
            add_place(&program->places,
                      (struct place){.address = address - before[i], .name = name});
    }
    sort_places(&program->places);
}

/* --- references --- */

static void take_code(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header) {
    const Elf_Data *data = is_code(header) && !is_table(program, header) &&
                                   strcmp(section_name(program, header), program->apart) != 0
                               ? elf_getdata(section, NULL)
                               : NULL;
    const uint8_t *code = data != NULL ? data->d_buf : NULL;
    for (size_t at = 0; code != NULL && at + sizeof(int32_t) <= data->d_size; at++) {
        const struct place *place =
            place_at(&program->places, target(code + at, header->sh_addr + at));
        if (place != NULL)
            note(program, place->name, place->linked);
    }
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each once. */
static void sort_names(const char **names, size_t *count) {
    size_t kept = 0;
    if (*count > 1)
        qsort(names, *count, sizeof *names, by_name);
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    *count = kept;
}

static int read_program(struct scanned *program, const char *file, struct error *error) {
    each_section(program, take_linked);
    if (program->places.count == 0)
        return fail(error, "%s was not built by hazard cc", file);
    each_section(program, take_slots);
    each_section(program, take_entries);
    each_section(program, take_code);
    sort_names(program->found->imported, &program->found->imported_count);
    sort_names(program->found->linked, &program->found->linked_count);
    return 0;
}

typedef int program_reader(struct scanned *program, const char *file, struct error *error);

static int read_file(struct scanned *program, const char *file, program_reader *reader,
                     struct error *error) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    program->elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    program->places.owner = new_owner();
    int result = program->elf != NULL && elf_kind(program->elf) == ELF_K_ELF
                     ? reader(program, file, error)
                     : fail(error, "%s is no program in the format ELF", file);
    elf_end(program->elf);
    talloc_free(program->places.owner);
    if (fd >= 0)
        close(fd);
    return result;
}

int references_read(void *owner, const char *file, const char *apart, struct references *references,
                    struct error *error) {
    *references = (struct references){0};
    struct scanned program = {.owner = owner, .apart = apart, .found = references};
    return read_file(&program, file, read_program, error);
}

/* --- what a function reaches --- */

/* A race detector's runtime that is linked to the program is none of it: its functions are weak, or begin with underscores. */
static bool is_programs_own(const GElf_Sym *symbol, const char *name) {
    return GELF_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
           symbol->st_size > 0 && GELF_ST_BIND(symbol->st_info) != STB_WEAK &&
           strncmp(name, "__", 2) != 0 && strncmp(name, "_ZN", 3) != 0;
}

/* All functions that have a name; the size of those that are not to be looked through is 0. */
static void take_functions(struct scanned *program, Elf_Scn *section, const GElf_Shdr *header) {
    GElf_Sym symbol;
    Elf_Data *data = elf_getdata(section, NULL);
    if (header->sh_type != SHT_SYMTAB || data == NULL)
        return;
    for (int i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *name = elf_strptr(program->elf, header->sh_link, symbol.st_name);
        if (name == NULL || *name == '\0' || symbol.st_shndx == SHN_UNDEF ||
            GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
            continue;
        add_place(&program->places,
                  (struct place){symbol.st_value, name, false,
                                 is_programs_own(&symbol, name) ? symbol.st_size : 0});
    }
}

/* Its bytes; NULL: they lie in no section of code. */
static const uint8_t *code_of(const struct scanned *program, const struct place *function) {
    GElf_Shdr header;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(program->elf, section)) != NULL;) {
        const Elf_Data *data = elf_getdata(section, NULL);
        if (gelf_getshdr(section, &header) != NULL && is_code(&header) && data != NULL &&
            data->d_buf != NULL && function->address >= header.sh_addr &&
            function->address - header.sh_addr + function->size <= data->d_size)
            return (const uint8_t *)data->d_buf + (function->address - header.sh_addr);
    }
    return NULL;
}

/* Functions to be looked through, each once. */
struct reference_search {
    struct scanned *program;
    bool *known; /* by place */
    const struct place **queue;
    size_t count;
};

static void reach_place(struct reference_search *reach, const struct place *place) {
    size_t index = (size_t)(place - reach->program->places.items);
    if (reach->known[index])
        return;
    reach->known[index] = true;
    note(reach->program, place->name, false);
    if (place->size > 0)
        reach->queue[reach->count++] = place;
}

static void look_through(struct reference_search *reach, const struct place *function) {
    const uint8_t *code = code_of(reach->program, function);
    for (size_t at = 0; code != NULL && at + sizeof(int32_t) <= function->size; at++) {
        const struct place *place =
            place_at(&reach->program->places, target(code + at, function->address + at));
        if (place != NULL && place != function)
            reach_place(reach, place);
    }
}

static bool is_start(const struct place *place, const char *const *starts, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (place->size > 0 && strcmp(place->name, starts[i]) == 0)
            return true;
    return count == 0 && place->size > 0;
}

struct reach_question {
    struct scanned scanned; /* first */
    const char *const *functions;
    size_t count;
};

static int read_reached(struct scanned *program, const char *file, struct error *error) {
    const struct reach_question *question = (const struct reach_question *)program;
    struct places *places = &program->places;
    (void)file, (void)error;
    each_section(program, take_slots);
    each_section(program, take_entries);
    each_section(program, take_functions);
    sort_places(places);
    struct reference_search reach = {
        .program = program,
        .known = new_array(places->owner, bool, places->count + 1),
        .queue = new_array(places->owner, const struct place *, places->count + 1)};
    for (size_t i = 0; i < places->count; i++)
        if (is_start(&places->items[i], question->functions, question->count))
            reach_place(&reach, &places->items[i]);
    for (size_t i = 0; i < reach.count; i++)
        look_through(&reach, reach.queue[i]);
    sort_names(program->found->imported, &program->found->imported_count);
    return 0;
}

int references_reached(void *owner, const char *file, const char *const *functions, size_t count,
                       struct references *reached, struct error *error) {
    *reached = (struct references){0};
    struct reach_question question = {
        .scanned = {.owner = owner, .found = reached}, .functions = functions, .count = count};
    return read_file(&question.scanned, file, read_reached, error);
}
