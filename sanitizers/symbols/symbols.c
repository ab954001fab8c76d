/* SPDX-License-Identifier: MIT */
/*
 * From addresses in the program to places in its source, by its own debug information (libdw; no
 * search of other folders, no question to a server).
 *
 * The program is one module, at the address where it said it was loaded. Libraries are none: their
 * frames are left out, like those of the runtime that is linked into the program.
 */
#include "symbols/symbols.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/callee.h"
#include "symbols/debuginfo.h"
#include "symbols/source_file.h"
#include "symbols/variables.h"

static const Dwfl_Callbacks callbacks = {.section_address = dwfl_offline_section_address,
                                         .find_debuginfo = debuginfo_none};

/* A return address that was asked for before; a trace asks for few, again and again. */
struct known_call {
    uint64_t pc;
    struct frame frame;
    bool called; /* the callee was asked for */
    const char *callee;
};

enum { KNOWN_CALLS = 1024 };

struct symbols {
    Dwfl *dwfl;
    Dwfl_Module *module;
    struct symbols_runtime runtime;
    struct variables variables;
    struct known_call known[KNOWN_CALLS];
    struct sources sources;
};

static bool is_runtime_file(const struct symbols *symbols, const char *file) {
    return strstr(file, symbols->runtime.files) != NULL;
}

/* ---- Opening ------------------------------------------------------------------------- */

static void add_source(struct symbols *symbols, Dwarf_Die *unit) {
    const char *file = source_file_of_unit(symbols, unit);
    if (file == NULL || is_runtime_file(symbols, file) || access(file, R_OK) != 0)
        return;
    const char **paths = new_array(symbols, const char *, symbols->sources.count + 1);
    for (size_t i = 0; i < symbols->sources.count; i++)
        paths[i] = symbols->sources.paths[i];
    paths[symbols->sources.count++] = file;
    symbols->sources.paths = paths;
}

static void read_unit(struct symbols *symbols, Dwarf_Die *unit, Dwarf_Addr bias) {
    const char *name = dwarf_diename(unit);
    bool of_runtime = name != NULL && is_runtime_file(symbols, name);
    if (!of_runtime)
        add_source(symbols, unit);
    if (!of_runtime || strstr(name, symbols->runtime.named_variables) != NULL)
        variables_add_unit(symbols, &symbols->variables, unit, bias);
}

static void read_units(struct symbols *symbols) {
    Dwarf_Addr bias = 0;
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(symbols->module, unit, &bias)) != NULL;)
        read_unit(symbols, unit, bias);
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

struct symbols *symbols_open(void *owner, const char *binary, uint64_t base,
                             struct symbols_runtime runtime, struct error *error) {
    struct symbols *symbols = new_array(owner, struct symbols, 1);
    symbols->runtime = runtime;
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

Dwfl_Module *symbols_module(const struct symbols *symbols) {
    return symbols->module;
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
        Dwarf_Line *line = dwarf_getsrc_die(unit, address - bias);
        const char *file = line == NULL ? NULL : dwarf_linesrc(line, NULL, NULL);
        if (file == NULL)
            return;
        frame->file = source_file_absolute(symbols, source_file_folder(unit), file);
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
        frame.file = source_file_absolute(symbols, dwfl_line_comp_dir(line), file);
    else
        find_line_in_units(symbols, address, &frame);
    return frame;
}

static struct known_call *known_call(struct symbols *symbols, uint64_t pc) {
    struct known_call *known = &symbols->known[pc % KNOWN_CALLS];
    if (pc == 0 || known->pc != pc)
        *known = (struct known_call){.pc = pc, .frame = find_frame(symbols, pc)};
    return known;
}

struct frame symbols_frame(struct symbols *symbols, uint64_t pc) {
    return known_call(symbols, pc)->frame;
}

const char *symbols_callee(struct symbols *symbols, uint64_t pc) {
    struct known_call *known = known_call(symbols, pc);
    if (!known->called)
        known->callee = callee_name(symbols->module, pc);
    known->called = true;
    return known->callee;
}

static bool is_own(const struct symbols *symbols, const struct frame *frame) {
    return strcmp(frame->function, "?") != 0 &&
           (frame->file == NULL || !is_runtime_file(symbols, frame->file)) &&
           strcmp(frame->function, "_start") != 0;
}

void symbols_stack(struct symbols *symbols, const uint64_t *pcs, size_t count,
                   struct location *location, void *owner) {
    for (size_t i = 0; i < count; i++) {
        struct frame frame = symbols_frame(symbols, pcs[i]);
        if (is_own(symbols, &frame))
            location_add_frame(owner, location, frame);
    }
}

const char *symbols_variable(struct symbols *symbols, uint64_t address) {
    return variables_part(symbols, &symbols->variables, address);
}
