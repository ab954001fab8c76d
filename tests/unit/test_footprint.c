/* SPDX-License-Identifier: MIT */
/* What instructions may change, told from their bytes: as the assembler writes them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "inject/process/footprint.h"

struct encoded {
    const char *text, *bytes;
};

static enum footprint footprint(const char *bytes) {
    struct cpu_code code = {{0}};
    strncpy((char *)code.bytes, bytes, sizeof code.bytes); /* none of these has a 0 that matters */
    return footprint_of(&code);
}

#define EXPECT_ALL(rows, what)                                                                     \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                                     \
    cr_expect(footprint((rows)[i].bytes) == (what), "%s", (rows)[i].text)

Test(footprint, registers_alone) {
    static const struct encoded rows[] = {
        {"mov rax, rbx", "\x48\x89\xd8"},
        {"mov rax, [rbx]", "\x48\x8b\x03"},
        {"mov rax, fs:[28]", "\x64\x48\x8b\x04"},
        {"lea rax, [rbx+1]", "\x48\x8d\x43\x01"},
        {"add rax, rbx", "\x48\x01\xd8"},
        {"add rax, [rbx]", "\x48\x03\x03"},
        {"cmp [rbx], rax", "\x48\x39\x03"},
        {"cmp byte [rbx], 1", "\x80\x3b\x01"},
        {"test byte [rbx], 1", "\xf6\x03\x01"},
        {"neg eax", "\xf7\xd8"},
        {"div dword [rbx]", "\xf7\x33"},
        {"inc eax", "\xff\xc0"},
        {"jmp [rbx]", "\xff\x23"},
        {"je 2", "\x74\x02"},
        {"je near", "\x0f\x84\x01"},
        {"ret", "\xc3"},
        {"leave", "\xc9"},
        {"pop rbx", "\x5b"},
        {"endbr64", "\xf3\x0f\x1e\xfa"},
        {"nop word [rax]", "\x66\x0f\x1f\x40\x01"},
        {"sete al", "\x0f\x94\xc0"},
        {"cmove rax, [rbx]", "\x48\x0f\x44\x03"},
        {"movzx eax, byte [rbx]", "\x0f\xb6\x03"},
        {"bt [rbx], 3", "\x0f\xba\x23\x03"},
        {"shl rax, 3", "\x48\xc1\xe0\x03"},
        {"imul eax, ebx", "\x0f\xaf\xc3"},
    };
    EXPECT_ALL(rows, FOOTPRINT_REGISTERS);
}

Test(footprint, the_word_at_the_stack_pointer) {
    static const struct encoded rows[] = {
        {"push rbx", "\x53"},       {"push r12", "\x41\x54"}, {"push 1", "\x6a\x01"},
        {"call near", "\xe8\x01"},  {"call rax", "\xff\xd0"}, {"call [rbx]", "\xff\x13"},
        {"push [rbx]", "\xff\x33"},
    };
    EXPECT_ALL(rows, FOOTPRINT_PUSH);
}

Test(footprint, more_or_unknown) {
    static const struct encoded rows[] = {
        {"mov [rbx], rax", "\x48\x89\x03"},
        {"mov byte [rbx], 1", "\xc6\x03\x01"},
        {"add [rbx], rax", "\x48\x01\x03"},
        {"add byte [rbx], 1", "\x80\x03\x01"},
        {"not dword [rbx]", "\xf7\x13"},
        {"inc dword [rbx]", "\xff\x03"},
        {"xchg [rbx], eax", "\x87\x03"},
        {"shl dword [rbx], 3", "\xc1\x23\x03"},
        {"sete [rbx]", "\x0f\x94\x03"},
        {"bts [rbx], 3", "\x0f\xba\x2b\x03"},
        {"push ax", "\x66\x50"},
        {"syscall", "\x0f\x05"},
        {"int 0x80", "\xcd\x80"},
        {"int3", "\xcc"},
        {"rep stosb", "\xf3\xaa"},
        {"rep ret", "\xf3\xc3"},
        {"lock inc dword [rbx]", "\xf0\xff\x03"},
        {"movaps xmm0, xmm1", "\x0f\x28\xc1"},
        {"vzeroupper", "\xc5\xf8\x77"},
        {"xsave [rbx]", "\x0f\xae\x23"},
        {"call far [rbx]", "\xff\x1b"},
        {"enter", "\xc8\x10"},
        {"movsb", "\xa4"},
        {"cpuid", "\x0f\xa2"},
        {"wrpkru", "\x0f\x01\xef"},
        {"fld [rbx]", "\xd9\x03"},
    };
    EXPECT_ALL(rows, FOOTPRINT_ANY);
}
