/* SPDX-License-Identifier: MIT */
/*
 * From addresses in the program to places in its source, by its own debug information (libdw; no
 * search of other folders, no question to a server).
 *
 * The program is one module, at the address where it said it was loaded. Libraries are none: they
 * have no hooks, so that nothing of the depot's stacks lies in them but what called back from
 * there, and such frames are left out, like those of the runtime, which is linked into the program.
 */
#include "symbols/symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "explore/front/names.h"

static int no_separate_debuginfo(Dwfl_Module *module, void **user_data, const char *module_name,
                                 Dwarf_Addr base, const char *file_name, const char *debuglink_file,
                                 GElf_Word debuglink_crc, char **debuginfo_file_name) {
    (void)module, (void)user_data, (void)module_name, (void)base, (void)file_name;
    (void)debuglink_file, (void)debuglink_crc, (void)debuginfo_file_name;
    return -1;
}

static const Dwfl_Callbacks callbacks = {.section_address = dwfl_offline_section_address,
                                         .find_debuginfo = no_separate_debuginfo};

bool is_runtime_file(const char *file) {
    return strstr(file, "sanitizers/explore/") != NULL;
}

/* The name as an absolute path below `owner`, resolved if the file is there. */
static const char *absolute_file(void *owner, const char *folder, const char *file) {
    char *joined = file[0] == '/' || folder == NULL ? talloc_strdup(owner, file)
                                                    : talloc_asprintf(owner, "%s/%s", folder, file);
    char resolved[PATH_MAX];
    return realpath(joined, resolved) != NULL ? talloc_strdup(owner, resolved) : joined;
}

/* ---- Opening ------------------------------------------------------------------------- */

static void add_source(struct symbols *symbols, Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    const char *name = dwarf_diename(unit);
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (name == NULL)
        return;
    const char *file = absolute_file(symbols, folder, name);
    if (is_runtime_file(file) || access(file, R_OK) != 0)
        return;
    const char **paths = new_array(symbols, const char *, symbols->sources.count + 1);
    for (size_t i = 0; i < symbols->sources.count; i++)
        paths[i] = symbols->sources.paths[i];
    paths[symbols->sources.count++] = file;
    symbols->sources.paths = paths;
}

static bool is_runtime_unit(Dwarf_Die *unit) {
    const char *name = dwarf_diename(unit);
    return name != NULL && is_runtime_file(name);
}

static void read_units(struct symbols *symbols) {
    Dwarf_Addr bias = 0;
    for (Dwarf_Die *unit = NULL;
         (unit = dwfl_module_nextcu(symbols->module, unit, &bias)) != NULL;) {
        if (is_runtime_unit(unit)) {
            if (strstr(dwarf_diename(unit), "/calls/hidden.c") != NULL)
                variables_add(symbols, unit, bias); /* they stand for the state of libraries */
            continue;
        }
        add_source(symbols, unit);
        variables_add(symbols, unit, bias);
    }
}

/* A program that is not position-independent lies where its file says, whatever `base`. */
static bool is_fixed(const char *binary) {
    int fd = open(binary, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    GElf_Ehdr header;
    bool fixed = elf != NULL && gelf_getehdr(elf, &header) != NULL && header.e_type == ET_EXEC;
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return fixed;
}

static int end_symbols(struct symbols *symbols) {
    dwfl_end(symbols->dwfl);
    return 0;
}

struct symbols *symbols_open(void *owner, const char *binary, uint64_t base, struct error *error) {
    struct symbols *symbols = new_array(owner, struct symbols, 1);
    symbols->dwfl = never_null(dwfl_begin(&callbacks));
    talloc_set_destructor(symbols, end_symbols);
    symbols->module =
        dwfl_report_elf(symbols->dwfl, binary, binary, -1, is_fixed(binary) ? 0 : base, true);
    if (symbols->module == NULL || dwfl_report_end(symbols->dwfl, NULL, NULL) != 0) {
        fail(error, "cannot read the symbols of %s: %s", binary, dwfl_errmsg(-1));
        talloc_free(symbols);
        return NULL;
    }
    read_units(symbols);
    return symbols;
}

void symbols_know(struct symbols *symbols, const struct shared *shared) {
    symbols->shared = shared;
    blocks_find(symbols);
}

struct sources symbols_sources(const struct symbols *symbols) {
    return symbols->sources;
}

/* ---- Places -------------------------------------------------------------------------- */

/* clang writes no table of address ranges unless asked, and libdw then finds no unit. */
static void find_line_in_units(struct symbols *symbols, uint64_t address, struct frame *frame) {
    Dwarf_Addr bias;
    for (Dwarf_Die *unit = NULL;
         (unit = dwfl_module_nextcu(symbols->module, unit, &bias)) != NULL;) {
        if (dwarf_haspc(unit, address - bias) <= 0)
            continue;
        Dwarf_Attribute attribute;
        Dwarf_Line *line = dwarf_getsrc_die(unit, address - bias);
        const char *file = line == NULL ? NULL : dwarf_linesrc(line, NULL, NULL);
        if (file == NULL)
            return;
        frame->file = absolute_file(
            symbols, dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)), file);
        dwarf_lineno(line, &frame->line);
        dwarf_linecol(line, &frame->column);
        return;
    }
}

static struct frame find_frame(struct symbols *symbols, uint64_t pc) {
    struct frame frame = {.function = "?"};
    /* A return address may already belong to the next line: the call lies one byte before. */
    uint64_t address = pc - 1;
    if (pc == 0 || dwfl_addrmodule(symbols->dwfl, address) != symbols->module)
        return frame;
    const char *function = dwfl_module_addrname(symbols->module, address);
    if (function != NULL)
        frame.function = never_null(talloc_strdup(symbols, function));
    Dwfl_Line *line = dwfl_module_getsrc(symbols->module, address);
    const char *file =
        line == NULL ? NULL : dwfl_lineinfo(line, NULL, &frame.line, &frame.column, NULL, NULL);
    if (file != NULL)
        frame.file = absolute_file(symbols, dwfl_line_comp_dir(line), file);
    else
        find_line_in_units(symbols, address, &frame);
    return frame;
}

struct frame symbols_frame(struct symbols *symbols, uint64_t pc) {
    struct known_place *known = &symbols->known[pc % KNOWN_PLACES];
    if (pc == 0 || known->pc != pc)
        *known = (struct known_place){.pc = pc, .frame = find_frame(symbols, pc)};
    return known->frame;
}

static bool is_own(const struct frame *frame) {
    return strcmp(frame->function, "?") != 0 &&
           (frame->file == NULL || !is_runtime_file(frame->file)) &&
           strcmp(frame->function, "_start") != 0;
}

static void add_place(struct symbols *symbols, uint64_t pc, struct location *location,
                      void *owner) {
    struct frame frame = symbols_frame(symbols, pc);
    if (is_own(&frame))
        location_add_frame(owner, location, frame);
}

void symbols_stack(struct symbols *symbols, const struct shared *shared, uint32_t stack,
                   uint64_t pc, struct location *location, void *owner) {
    add_place(symbols, pc, location, owner);
    /* The program may have written over the depot: no walk without an end. */
    uint32_t at = stack;
    for (int depth = 0; depth < DEEPEST_STACK && at != 0 && at < SHARED_STACKS; depth++) {
        add_place(symbols, shared->stacks[at].pc, location, owner);
        at = shared->stacks[at].parent;
    }
}

void symbols_step(struct symbols *symbols, const struct shared *shared,
                  const struct shared_step *step, struct location *location, void *owner) {
    symbols_stack(symbols, shared, step->stack, step->pc, location, owner);
}
