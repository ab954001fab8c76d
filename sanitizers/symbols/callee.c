/* SPDX-License-Identifier: MIT */
/*
 * Which function does a call instruction call? A call into a library goes through the PLT, whose
 * entry jumps to wherever a slot of the GOT points; the relocation of that slot has the name. All
 * of it is read from the program's file. A call through a pointer tells nothing.
 */
#include "symbols/callee.h"

#include <string.h>

enum { CALL_LENGTH = 5, INDIRECT_LENGTH = 6, JUMP_LENGTH = 11 };

/* The code at that address of the running program; NULL: no `count` bytes of code lie there. */
static const uint8_t *code_at(Dwfl_Module *module, uint64_t address, size_t count) {
    GElf_Addr bias;
    GElf_Shdr header;
    Elf *elf = dwfl_module_getelf(module, &bias);
    for (Elf_Scn *section = NULL; elf != NULL && (section = elf_nextscn(elf, section)) != NULL;) {
        if (gelf_getshdr(section, &header) == NULL || (header.sh_flags & SHF_EXECINSTR) == 0 ||
            address - bias < header.sh_addr ||
            address - bias + count > header.sh_addr + header.sh_size)
            continue;
        const Elf_Data *data = elf_getdata(section, NULL);
        return data != NULL && data->d_buf != NULL
                   ? (const uint8_t *)data->d_buf + (address - bias - header.sh_addr)
                   : NULL;
    }
    return NULL;
}

/* The displacement of 32 bits there, from the end of its instruction. */
static uint64_t target(const uint8_t *displacement, uint64_t end) {
    int32_t distance;
    memcpy(&distance, displacement, sizeof distance);
    return end + (uint64_t)(int64_t)distance;
}

static const char *relocated_symbol(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
                                    uint64_t slot) {
    GElf_Shdr table;
    GElf_Rela relocation;
    GElf_Sym symbol;
    Elf_Data *data = elf_getdata(section, NULL);
    Elf_Scn *symbols = elf_getscn(elf, header->sh_link);
    if (data == NULL || symbols == NULL || gelf_getshdr(symbols, &table) == NULL)
        return NULL;
    for (int i = 0; gelf_getrela(data, i, &relocation) != NULL; i++)
        if (relocation.r_offset == slot && GELF_R_SYM(relocation.r_info) != 0 &&
            gelf_getsym(elf_getdata(symbols, NULL), (int)GELF_R_SYM(relocation.r_info), &symbol) !=
                NULL)
            return elf_strptr(elf, table.sh_link, symbol.st_name);
    return NULL;
}

/* What the loader writes into that slot of the GOT. */
static const char *slot_name(Dwfl_Module *module, uint64_t slot) {
    GElf_Addr bias;
    GElf_Shdr header;
    const char *name = NULL;
    Elf *elf = dwfl_module_getelf(module, &bias);
    for (Elf_Scn *section = NULL;
         name == NULL && elf != NULL && (section = elf_nextscn(elf, section)) != NULL;)
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_RELA)
            name = relocated_symbol(elf, section, &header, slot - bias);
    return name != NULL && *name != '\0' ? name : NULL;
}

/* [endbr64] [bnd] jmp *slot(%rip) */
static const char *entry_name(Dwfl_Module *module, uint64_t entry) {
    static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const uint8_t *code = code_at(module, entry, JUMP_LENGTH);
    size_t at = 0;
    if (code == NULL)
        return NULL;
    if (memcmp(code, endbr64, sizeof endbr64) == 0)
        at += sizeof endbr64;
    if (code[at] == 0xf2)
        at++;
    if (code[at] != 0xff || code[at + 1] != 0x25)
        return NULL;
    return slot_name(module, target(code + at + 2, entry + at + INDIRECT_LENGTH));
}

const char *callee_name(Dwfl_Module *module, uint64_t pc) {
    const uint8_t *code =
        pc > INDIRECT_LENGTH ? code_at(module, pc - INDIRECT_LENGTH, INDIRECT_LENGTH) : NULL;
    if (code == NULL)
        return NULL;
    if (code[0] == 0xff && code[1] == 0x15) /* call *slot(%rip): -fno-plt */
        return slot_name(module, target(code + 2, pc));
    const uint8_t *call = code + INDIRECT_LENGTH - CALL_LENGTH;
    if (call[0] != 0xe8)
        return NULL;
    uint64_t entry = target(call + 1, pc);
    const char *name = entry_name(module, entry);
    return name != NULL ? name : dwfl_module_addrname(module, entry);
}
