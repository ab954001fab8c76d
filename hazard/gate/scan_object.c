/* SPDX-License-Identifier: MIT */
/*
 * What the tokens have not shown shows here, in a plain object of the same text (-O0, no sanitizer): what it defines and
 * refers to, its sections, and its instructions, decoded one after the other with Zydis.
 */
#include "hazard/gate/scan.h"

#include <Zydis/Zydis.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/gate/names.h"

struct object_scan {
    struct notes *notes;
    const struct own_text *text;
    const char *source;    /* real path */
    bool told[GATE_KINDS]; /* by the tokens of its files: it is not said again */
    Elf *elf;
    ZydisDecoder decoder;
};

static bool has_file(const struct own_text *text, const char *file) {
    for (size_t i = 0; i < text->count; i++)
        if ((i == 0 || text->items[i].file != text->items[i - 1].file) &&
            strcmp(text->items[i].file, file) == 0)
            return true;
    return false;
}

static void note_told(struct object_scan *scan) {
    for (size_t i = 0; i < scan->notes->count; i++)
        if (has_file(scan->text, scan->notes->items[i].file))
            scan->told[scan->notes->items[i].kind] = true;
}

/* Where the student names it first; line 0 of the source: nowhere. */
static void refuse(const struct object_scan *scan, enum gate_kind kind, const char *name,
                   const char *what) {
    if (scan->told[kind])
        return;
    for (size_t i = 0; name != NULL && i < scan->text->count; i++) {
        const struct own_lexeme *here = &scan->text->items[i];
        if (here->lexeme.kind == LEXED_NAME && strcmp(here->lexeme.text, name) == 0) {
            notes_add(scan->notes, kind, here->file, here->lexeme.line, what);
            return;
        }
    }
    notes_add(scan->notes, kind, scan->source, 0, what);
}

/* ---- Symbols ------------------------------------------------------------------------------------ */

static void judge_symbol(const struct object_scan *scan, const GElf_Sym *symbol, const char *name) {
    int type = GELF_ST_TYPE(symbol->st_info);
    bool defined = symbol->st_shndx != SHN_UNDEF && type != STT_SECTION && type != STT_FILE;
    if (names_is_tool_hook(name))
        refuse(scan, GATE_TOOL_HOOK, name, name);
    else if (names_is_tool(name))
        refuse(scan, GATE_TOOL_CALL, name, name);
    if (type == STT_GNU_IFUNC)
        refuse(scan, GATE_ALIAS, name, name);
    bool seen = GELF_ST_BIND(symbol->st_info) != STB_LOCAL;
    if (defined && (seen || type == STT_FUNC) && names_is_library(name, seen))
        refuse(scan, GATE_LIBRARY_DEFINITION, name, name);
}

static void take_symbols(const struct object_scan *scan, Elf_Scn *section,
                         const GElf_Shdr *header) {
    GElf_Sym symbol;
    Elf_Data *data = header->sh_type == SHT_SYMTAB ? elf_getdata(section, NULL) : NULL;
    for (int i = 1; data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *name = elf_strptr(scan->elf, header->sh_link, symbol.st_name);
        if (name != NULL && *name != '\0')
            judge_symbol(scan, &symbol, name);
    }
}

/* The function in that section at that place; NULL: none. */
static const char *function_at(const struct object_scan *scan, size_t index, uint64_t place) {
    GElf_Shdr header;
    GElf_Sym symbol;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(scan->elf, section)) != NULL;) {
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB)
            continue;
        for (int i = 1; gelf_getsym(elf_getdata(section, NULL), i, &symbol) != NULL; i++)
            if (symbol.st_shndx == index && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
                place >= symbol.st_value && place - symbol.st_value < symbol.st_size)
                return elf_strptr(scan->elf, header.sh_link, symbol.st_name);
    }
    return NULL;
}

/* ---- Instructions ----------------------------------------------------------------------------------- */

/* rol $n, %rdi, of four numbers one after the other: what every request to Valgrind begins with. */
static bool is_request_part(const ZydisDecodedInstruction *decoded,
                            const ZydisDecodedOperand *operands, size_t part) {
    static const uint64_t turns[] = {3, 13, 61, 51};
    return decoded->mnemonic == ZYDIS_MNEMONIC_ROL &&
           operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
           operands[0].reg.value == ZYDIS_REGISTER_RDI &&
           operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
           operands[1].imm.value.u == turns[part];
}

static bool enters_kernel(const ZydisDecodedInstruction *decoded,
                          const ZydisDecodedOperand *operands) {
    return decoded->mnemonic == ZYDIS_MNEMONIC_SYSCALL ||
           decoded->mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
           (decoded->mnemonic == ZYDIS_MNEMONIC_INT && operands[0].imm.value.u == 0x80);
}

static void take_code(const struct object_scan *scan, Elf_Scn *section) {
    const Elf_Data *data = elf_getdata(section, NULL);
    ZydisDecodedInstruction decoded;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    size_t parts = 0, length;
    for (size_t at = 0; data != NULL && at < data->d_size; at += length) {
        const char *what = NULL;
        length = 1;
        if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&scan->decoder, (const char *)data->d_buf + at,
                                                data->d_size - at, &decoded, operands))) {
            length = decoded.length;
            parts = is_request_part(&decoded, operands, parts) ? parts + 1 : 0;
            what =
                enters_kernel(&decoded, operands) ? "an instruction that enters the kernel" : NULL;
        }
        if (parts == 4) {
            what = "a request to Valgrind";
            parts = 0;
        }
        if (what != NULL)
            refuse(scan, GATE_ASM, function_at(scan, elf_ndxscn(section), at), what);
    }
}

/* ---- Sections ------------------------------------------------------------------------------------------ */

static bool is_start_code(const GElf_Shdr *header, const char *name) {
    static const char *const named[] = {".ctors", ".dtors", ".init", ".fini", ".preinit_array"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strncmp(name, named[i], strlen(named[i])) == 0)
            return true;
    return header->sh_type == SHT_INIT_ARRAY || header->sh_type == SHT_FINI_ARRAY ||
           header->sh_type == SHT_PREINIT_ARRAY;
}

static bool is_text(const char *name) {
    return strcmp(name, ".text") == 0 || strncmp(name, ".text.", 6) == 0;
}

static void judge_section(const struct object_scan *scan, Elf_Scn *section, const GElf_Shdr *header,
                          const char *name) {
    bool code = (header->sh_flags & SHF_EXECINSTR) != 0,
         written = (header->sh_flags & SHF_WRITE) != 0;
    if (header->sh_type == SHT_RELA || header->sh_type == SHT_REL)
        return;
    if (is_start_code(header, name))
        refuse(scan, GATE_CONSTRUCTOR, NULL, name);
    else if (code && (written || !is_text(name)))
        refuse(scan, GATE_SECTION, NULL, name);
    if (code && !scan->told[GATE_ASM] && !scan->notes->input->off[GATE_ASM])
        take_code(scan, section);
    take_symbols(scan, section, header);
}

static int scan_elf(const struct object_scan *scan, const char *object, struct error *error) {
    size_t names;
    GElf_Shdr header;
    if (scan->elf == NULL || elf_getshdrstrndx(scan->elf, &names) != 0)
        return fail(error, "%s is no object file", object);
    for (Elf_Scn *section = NULL; (section = elf_nextscn(scan->elf, section)) != NULL;) {
        const char *name = gelf_getshdr(section, &header) != NULL
                               ? elf_strptr(scan->elf, names, header.sh_name)
                               : NULL;
        if (name != NULL)
            judge_section(scan, section, &header, name);
    }
    return 0;
}

int scan_object(struct notes *notes, const char *object, const struct own_text *text,
                const char *source, struct error *error) {
    struct object_scan scan = {.notes = notes, .text = text, .source = source};
    note_told(&scan);
    int fd = open(object, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    elf_version(EV_CURRENT);
    ZydisDecoderInit(&scan.decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    scan.elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    int result = scan_elf(&scan, object, error);
    elf_end(scan.elf);
    if (fd >= 0)
        close(fd);
    return result;
}
