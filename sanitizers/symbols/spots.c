/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each file that was mapped becomes a module of libdwfl, at the bias that its executable segment
 * shows. The kernel's vdso is no file, and has no names.
 *
 * A walk has a million points and a few thousand different instructions: each is looked up once.
 */
#include "symbols/spots.h"

#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/debuginfo.h"
#include "symbols/line_table.h"
#include "symbols/symbol_names.h"

struct jump_span {
    uint64_t from, to;
};

/* One file. */
struct spots_module {
    const char *path, *library; /* "" for the program itself */
    uint64_t bias;
    Dwfl_Module *reported; /* NULL if it cannot be read */
    struct symbol_names names;
    struct jump_span *jumps; /* sections of jumps into libraries: .plt, .plt.got, .plt.sec */
    size_t jump_count;
};

/* What is known of an instruction; `pc` 0: nothing yet, and no instruction lies there. */
struct known_spot {
    uint64_t pc;
    bool own;
    struct spot spot;
};

struct spots {
    Dwfl *dwfl;
    const char *binary;
    const struct symbols_map *maps;
    size_t map_count;
    struct spots_module *modules; /* the program's is the first */
    size_t module_count;
    struct line_table *lines;
    struct known_spot *known; /* open addressing; `known_size` is a power of two */
    size_t known_size, known_count;
};

/* ---- Files --------------------------------------------------------------------------- */

static char *debuginfo_path; /* libdwfl's default */
static const Dwfl_Callbacks callbacks = {.section_address = dwfl_offline_section_address,
                                         .find_debuginfo = debuginfo_on_disk,
                                         .debuginfo_path = &debuginfo_path};

static uint64_t page_of(uint64_t address) {
    return address & ~(uint64_t)0xfff;
}

/* The bias of the mapping: where its segment lies, less where the file wants it. */
static bool find_bias(Elf *elf, const struct symbols_map *map, uint64_t *bias) {
    size_t count = 0;
    GElf_Phdr header;
    if (elf == NULL || elf_getphdrnum(elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(elf, (int)i, &header) != NULL && header.p_type == PT_LOAD &&
            (header.p_flags & PF_X) != 0 && page_of(header.p_offset) == page_of(map->offset)) {
            *bias = map->start - page_of(header.p_vaddr);
            return true;
        }
    return false;
}

static void find_jumps(void *owner, Elf *elf, struct spots_module *module) {
    size_t names = 0;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (name == NULL || strncmp(name, ".plt", 4) != 0)
            continue;
        uint64_t from = header.sh_addr + module->bias;
        module->jumps = grow_array(owner, module->jumps, struct jump_span, module->jump_count + 1);
        module->jumps[module->jump_count++] = (struct jump_span){from, from + header.sh_size};
    }
}

static const char *file_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Without an error: what cannot be read has no names. */
static void add_module(struct spots *spots, const struct symbols_map *map,
                       struct spots_module *module) {
    bool main = strcmp(map->path, spots->binary) == 0;
    *module = (struct spots_module){.path = map->path, .library = main ? "" : file_part(map->path)};
    int fd = open(map->path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    bool mapped = find_bias(elf, map, &module->bias);
    if (mapped)
        find_jumps(spots, elf, module);
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    if (mapped)
        module->reported =
            dwfl_report_elf(spots->dwfl, map->path, map->path, -1, module->bias, true);
}

static void read_module(struct spots *spots, struct spots_module *module) {
    if (module->reported == NULL)
        return;
    module->names = symbol_names_read(spots, module->reported);
    if (*module->library == '\0')
        spots->lines = line_table_read(spots, module->reported);
}

static struct spots_module *module_of(const struct spots *spots, const char *path) {
    for (size_t i = 0; i < spots->module_count; i++)
        if (strcmp(spots->modules[i].path, path) == 0)
            return &spots->modules[i];
    return NULL;
}

static int end_spots(struct spots *spots) {
    dwfl_end(spots->dwfl);
    return 0;
}

static const char *resolved(void *owner, const char *path) {
    char *whole = realpath(path, NULL);
    const char *copy = never_null(talloc_strdup(owner, whole != NULL ? whole : path));
    free(whole);
    return copy;
}

enum { FIRST_SIZE = 4096 };

struct spots *spots_open(void *owner, const char *binary, const struct symbols_map *maps,
                         size_t count, struct error *error) {
    struct spots *spots = new_array(owner, struct spots, 1);
    elf_version(EV_CURRENT);
    spots->dwfl = dwfl_begin(&callbacks);
    if (spots->dwfl == NULL) {
        fail(error, "libdw fails: %s", dwfl_errmsg(-1));
        talloc_free(spots);
        return NULL;
    }
    talloc_set_destructor(spots, end_spots);
    spots->binary = resolved(spots, binary);
    spots->maps = maps;
    spots->map_count = count;
    spots->modules = new_array(spots, struct spots_module, count + 1);
    for (size_t i = 0; i < count; i++)
        if (module_of(spots, maps[i].path) == NULL)
            add_module(spots, &maps[i], &spots->modules[spots->module_count++]);
    dwfl_report_end(spots->dwfl, NULL, NULL);
    for (size_t i = 0; i < spots->module_count; i++)
        read_module(spots, &spots->modules[i]);
    if (spots->lines == NULL)
        spots->lines = line_table_read(spots, NULL);
    spots->known_size = FIRST_SIZE;
    spots->known = new_array(spots, struct known_spot, FIRST_SIZE);
    return spots;
}

/* ---- Instructions -------------------------------------------------------------------- */

static const struct symbols_map *map_at(const struct spots *spots, uint64_t pc) {
    for (size_t i = 0; i < spots->map_count; i++)
        if (pc >= spots->maps[i].start && pc < spots->maps[i].end)
            return &spots->maps[i];
    return NULL;
}

static bool is_jump(const struct spots_module *module, uint64_t pc) {
    for (size_t i = 0; i < module->jump_count; i++)
        if (pc >= module->jumps[i].from && pc < module->jumps[i].to)
            return true;
    return false;
}

/* A static program has libc inside: where debug information tells the two apart, it does. */
static bool is_own(const struct spots *spots, const struct spots_module *module, uint64_t pc) {
    if (module == NULL || *module->library != '\0' || is_jump(module, pc))
        return false;
    return !line_table_any(spots->lines) || line_table_cover(spots->lines, pc);
}

static struct known_spot look_up(struct spots *spots, uint64_t pc) {
    const struct symbols_map *map = map_at(spots, pc);
    const struct spots_module *module = map != NULL ? module_of(spots, map->path) : NULL;
    const struct symbol_name *name = module != NULL ? symbol_names_at(&module->names, pc) : NULL;
    struct known_spot known = {
        .pc = pc,
        .own = is_own(spots, module, pc),
        .spot = {.function = name != NULL ? name->text : "?",
                 .offset = name != NULL  ? pc - name->address
                           : map != NULL ? pc - map->start + map->offset
                                         : pc,
                 .library = module != NULL ? module->library : ""},
    };
    if (known.own)
        known.spot.file = line_table_at(spots->lines, pc, &known.spot.line);
    return known;
}

static struct known_spot *slot(const struct spots *spots, uint64_t pc) {
    size_t at = (size_t)(pc * 0x9E3779B97F4A7C15U) & (spots->known_size - 1);
    while (spots->known[at].pc != 0 && spots->known[at].pc != pc)
        at = (at + 1) & (spots->known_size - 1);
    return &spots->known[at];
}

static void make_room(struct spots *spots) {
    struct known_spot *old = spots->known;
    size_t size = spots->known_size;
    spots->known_size *= 2;
    spots->known = new_array(spots, struct known_spot, spots->known_size);
    for (size_t i = 0; i < size; i++)
        if (old[i].pc != 0)
            *slot(spots, old[i].pc) = old[i];
    talloc_free(old);
}

static const struct known_spot *known_at(struct spots *spots, uint64_t pc) {
    struct known_spot *known = slot(spots, pc);
    if (known->spot.function != NULL)
        return known;
    if (2 * ++spots->known_count > spots->known_size) {
        make_room(spots);
        known = slot(spots, pc);
    }
    *known = look_up(spots, pc);
    return known;
}

struct spot spots_at(struct spots *spots, uint64_t pc) {
    return known_at(spots, pc)->spot;
}

bool spots_own(struct spots *spots, uint64_t pc) {
    return known_at(spots, pc)->own;
}

bool spots_linker(struct spots *spots, uint64_t pc) {
    const char *library = known_at(spots, pc)->spot.library;
    return strncmp(library, "ld-linux", strlen("ld-linux")) == 0 ||
           strncmp(library, "ld-musl", strlen("ld-musl")) == 0;
}

/* ---- Names --------------------------------------------------------------------------- */

const char *spots_known_name(struct spots *spots, const char *name) {
    for (size_t i = 0; i < spots->module_count; i++) {
        const struct symbol_name *known = symbol_names_find(&spots->modules[i].names, name);
        if (known != NULL)
            return known->text;
    }
    return name;
}

bool spots_has_function(struct spots *spots, const char *name) {
    const struct spots_module *main = module_of(spots, spots->binary);
    return main != NULL && symbol_names_find(&main->names, name) != NULL;
}

struct sources spots_sources(const struct spots *spots) {
    return line_table_sources(spots->lines);
}
