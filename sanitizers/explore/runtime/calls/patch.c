/* SPDX-License-Identifier: MIT */
/*
 * The stubs go where the program's relocations brought the addresses of library functions: the
 * slots of the global offset table, and initialised pointers to functions.
 *
 * One function has one stub, so that pointers to it stay equal. What the table knows as harmless is
 * left as it is; what it does not know, and all that other libraries export, is taken as
 * conflicting with everything. A name of the modelled world that comes from the C library after all
 * is refused: the model would miss what it does.
 */
#include "explore/runtime/base.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/image.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/table_rows.h"
#include "explore/runtime/calls/takes.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/outside.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"

enum { STUB = 16 /* bytes: as in trampoline.S */ };
extern const char trampoline_stubs[];

struct call patch_calls[CALLS];
static int call_count;
static uintptr_t code, code_end;
static bool follows;

bool patch_is_program(uintptr_t pc) {
    return pc >= code && pc < code_end;
}

static bool starts(const char *text, const char *with) {
    for (; *with != '\0'; with++)
        if (*text++ != *with)
            return false;
    return true;
}

_Noreturn static void table_wrong(const char *name, const char *where) {
    struct message reason = {0};
    uint64_t name_quoted = message_quote(&reason, name);
    message_add(&reason, PART(SAY_TABLE_WRONG, name_quoted, message_quote(&reason, where)));
    unsupported_because(0, &reason);
}

static void describe(struct call *call, enum home home) {
    const struct table_entry *entry =
        home == HOME_OTHER || starts(call->name, "_ZGV") ? NULL : table_find(call->name);
    const char *wrong;
    if (entry != NULL) {
        if (!spec_parse(entry->touches, &call->spec, &wrong))
            table_wrong(call->name, wrong);
    } else {
        spec_parse("", &call->spec, &wrong);
        call->spec.world = home == HOME_LIBRARY && table_is_worldly(call->name);
        call->unknown = call->spec.follow = home != HOME_HARMLESS && !call->spec.world;
    }
}

static bool needs_stub(const struct call *call) {
    return call->unknown || !spec_is_harmless(&call->spec);
}

/* What takes the place of that function: a stub, or itself. */
static uintptr_t stand_in(const char *name, uintptr_t real, enum home home) {
    for (int i = 0; i < call_count; i++)
        if (patch_calls[i].real == real && strcmp(patch_calls[i].name, name) == 0)
            return (uintptr_t)trampoline_stubs + (uintptr_t)i * STUB;
    if (call_count == CALLS)
        unsupported_number(0, SAY_MANY_IMPORTS, CALLS);
    struct call *call = &patch_calls[call_count];
    *call = (struct call){.name = name, .real = real};
    describe(call, home);
    call->takes = call->unknown ? TAKES_UNKNOWN : takes_how_many(name);
    follows |= call->spec.follow;
    stream_locks |= call->spec.check == CHECK_flockfile || call->spec.check == CHECK_ftrylockfile ||
                    call->spec.check == CHECK_memory_stream;
    if (!needs_stub(call))
        return real;
    return (uintptr_t)trampoline_stubs + (uintptr_t)call_count++ * STUB;
}

uintptr_t patch_stub(const char *name, uintptr_t real) {
    return stand_in(name, real, HOME_LIBRARY);
}

bool patch_tells(const char *name) {
    struct call call = {.name = name};
    describe(&call, HOME_LIBRARY);
    return !call.unknown && !call.spec.world && !call.spec.follow && call.spec.effect_count > 0;
}

struct tables {
    const struct program_image *image;
    const ElfW(Sym) * symbols;
    const char *names;
};

static void patch_slot(const struct tables *tables, const ElfW(Rela) * relocation) {
    uint64_t type = ELF64_R_TYPE(relocation->r_info);
    if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64)
        return;
    const ElfW(Sym) *symbol = &tables->symbols[ELF64_R_SYM(relocation->r_info)];
    if (symbol->st_shndx != SHN_UNDEF || (type == R_X86_64_64 && relocation->r_addend != 0))
        return;
    const char *name = tables->names + symbol->st_name;
    uintptr_t *slot = (uintptr_t *)(tables->image->bias + relocation->r_offset);
    enum home home = image_home(*slot);
    if (home == HOME_PROGRAM && type == R_X86_64_JUMP_SLOT &&
        *slot - (uintptr_t)trampoline_stubs >= (uintptr_t)CALLS * STUB)
        unsupported(0, SAY_LAZY_BINDING);
    if (home != HOME_NONE && home != HOME_PROGRAM)
        *slot = stand_in(name, *slot, home);
}

static void patch_table(const struct tables *tables, int64_t start_tag, int64_t size_tag) {
    const ElfW(Rela) *relocation = (const ElfW(Rela) *)image_address(tables->image, start_tag);
    uint64_t count = image_value(tables->image, size_tag) / sizeof *relocation;
    for (uint64_t i = 0; relocation != NULL && i < count; i++)
        patch_slot(tables, &relocation[i]);
}

/* What the library allocates at first use, in functions that are no operations (printf) or only
 * read
 * (localtime_r): done now. Else whoever came first would allocate it, and the addresses in a
 * thread's
 * heap would hang on the schedule. */
static void settle(void) {
    tzset();
    __overflow(stdout, EOF); /* makes its buffer, prints nothing... */
    stdout->_mode = 0;       /* ... and has not chosen between bytes and wide characters */
}

void patch_program(void) {
    settle();
    outside_begin();
    hidden_variables_find();
    struct program_image image;
    image_find(&image);
    code = image.code;
    code_end = image.code_end;
    const struct tables tables = {
        .image = &image,
        .symbols = (const ElfW(Sym) *)image_address(&image, DT_SYMTAB),
        .names = (const char *)image_address(&image, DT_STRTAB),
    };
    long relro = (long)image.relro, size = (long)(image.relro_end - image.relro);
    if (size > 0)
        system_call(SYS_mprotect, relro, size, PROT_READ | PROT_WRITE, 0, 0, 0);
    patch_table(&tables, DT_RELA, DT_RELASZ);
    patch_table(&tables, DT_JMPREL, DT_PLTRELSZ);
    if (size > 0)
        system_call(SYS_mprotect, relro, size, PROT_READ, 0, 0, 0);
    if (follows && !follow_start())
        unsupported(0, SAY_NO_DECODER);
}
