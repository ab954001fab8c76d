/* SPDX-License-Identifier: MIT */
#include "hazard/gate/scan.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/gate/names.h"

struct token_scan {
    struct notes *notes;
    const struct own_text *text;
    const struct own_text *first;
    const size_t *closing; /* see find_closing */
    size_t at;
    int depth; /* of braces */
};

/* ---- The text ----------------------------------------------------------------------------------- */

static const struct lexeme *ahead(const struct token_scan *scan, size_t by) {
    static const struct lexeme none = {.kind = LEXED_PUNCTUATOR, .text = ""};
    return scan->at + by < scan->text->count ? &scan->text->items[scan->at + by].lexeme : &none;
}

static bool is(const struct token_scan *scan, size_t by, const char *text) {
    return lexer_is(ahead(scan, by), text);
}

/* Behind the bracket that closes the one there, counted from here. */
static size_t behind(const struct token_scan *scan, size_t by) {
    size_t index = scan->at + by;
    return index < scan->text->count ? scan->closing[index] + 1 - scan->at : by;
}

/* For each bracket the one that closes it; for all else, itself. Each is looked at once, however they are nested. */
static size_t *find_closing(const struct notes *notes, const struct own_text *text) {
    size_t *closing = new_array(notes->owner, size_t, text->count + 1),
           *open = new_array(notes->owner, size_t, text->count + 1), depth = 0;
    for (size_t i = 0; i < text->count; i++) {
        const struct lexeme *lexeme = &text->items[i].lexeme;
        closing[i] = i;
        if (lexeme->kind != LEXED_PUNCTUATOR)
            continue;
        if (strchr("([{", *lexeme->text) != NULL)
            open[depth++] = i;
        else if (strchr(")]}", *lexeme->text) != NULL && depth > 0)
            closing[open[--depth]] = i;
    }
    while (depth > 0)
        closing[open[--depth]] = text->count;
    talloc_free(open);
    return closing;
}

/* __noreturn__ is noreturn. */
static const char *bare(void *owner, const char *name) {
    size_t length = strlen(name);
    bool both = length > 4 && strncmp(name, "__", 2) == 0 && strcmp(name + length - 2, "__") == 0;
    return both ? never_null(talloc_strndup(owner, name + 2, length - 4)) : name;
}

static bool of_system(const struct own_text *text, const struct own_lexeme *like) {
    for (size_t i = 0; text != NULL && i < text->count; i++)
        if (text->items[i].system && text->items[i].lexeme.line == like->lexeme.line &&
            strcmp(text->items[i].lexeme.text, like->lexeme.text) == 0 &&
            strcmp(text->items[i].file, like->file) == 0)
            return true;
    return false;
}

static void refuse(const struct token_scan *scan, enum gate_kind kind, size_t by,
                   const char *what) {
    const struct own_lexeme *here = &scan->text->items[scan->at + by];
    if (notes_are_full(scan->notes))
        return;
    bool systems = kind != GATE_ASSUMPTION && (here->system || of_system(scan->first, here));
    if (!systems)
        notes_add(scan->notes, kind, here->file, here->lexeme.line, what);
}

/* ---- Attributes ------------------------------------------------------------------------------------ */

static const struct attribute {
    const char *begins;
    bool whole;
    enum gate_kind kind;
} attributes[] = {
    {"no_sanitize", false, GATE_ATTRIBUTE},
    {"no_address_safety_analysis", true, GATE_ATTRIBUTE},
    {"no_instrument", false, GATE_ATTRIBUTE},
    {"no_profile", false, GATE_ATTRIBUTE},
    {"no_thread_safety_analysis", true, GATE_KINDS}, /* clang's warnings, which nobody asks */
    {"disable_sanitizer_instrumentation", true, GATE_ATTRIBUTE},
    {"optimize", true, GATE_ATTRIBUTE},
    {"optnone", true, GATE_ATTRIBUTE},
    {"target", true, GATE_ATTRIBUTE},
    {"target_clones", true, GATE_ATTRIBUTE},
    {"naked", true, GATE_ATTRIBUTE},
    {"constructor", true, GATE_CONSTRUCTOR},
    {"destructor", true, GATE_CONSTRUCTOR},
    {"init_priority", true, GATE_CONSTRUCTOR},
    {"section", true, GATE_SECTION},
    {"alias", true, GATE_ALIAS},
    {"weakref", true, GATE_ALIAS},
    {"ifunc", true, GATE_ALIAS},
    {"symver", true, GATE_ALIAS},
};

static void judge_attribute(const struct token_scan *scan, size_t by) {
    const char *name = bare(scan->notes->owner, ahead(scan, by)->text);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        const struct attribute *row = &attributes[i];
        if (row->kind != GATE_KINDS &&
            (row->whole ? strcmp(name, row->begins) == 0
                        : strncmp(name, row->begins, strlen(row->begins)) == 0))
            refuse(scan, row->kind, by, name);
    }
}

/* Of what stands in two brackets, the names that are attributes, not those that are given to them. */
static void take_attributes(const struct token_scan *scan, size_t open) {
    size_t inner = open + 1, end = behind(scan, inner);
    if ((!is(scan, open, "(") && !is(scan, open, "[")) ||
        (!is(scan, inner, "(") && !is(scan, inner, "[")))
        return;
    for (size_t by = inner + 1; by + 1 < end; by = behind(scan, by))
        if (ahead(scan, by)->kind == LEXED_NAME)
            judge_attribute(scan, by);
}

/* ---- asm ------------------------------------------------------------------------------------------- */

/* Templates that access nothing. */
static bool is_harmless(const char *template) {
    static const char *const harmless[] = {"\"\"",         "\"pause\"",   "\"nop\"",
                                           "\"rep; nop\"", "\"rep;nop\"", "\"mfence\"",
                                           "\"lfence\"",   "\"sfence\""};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(template, harmless[i]) == 0)
            return true;
    return false;
}

/* A label follows a declarator; a statement follows the end of another, or a condition in brackets. */
static void take_asm(const struct token_scan *scan) {
    size_t by = 1;
    const struct lexeme *before =
        scan->at > 0 ? &scan->text->items[scan->at - 1].lexeme : ahead(scan, scan->text->count);
    bool label = before->kind == LEXED_NAME && !lexer_is(before, "else") && !lexer_is(before, "do");
    while (ahead(scan, by)->kind == LEXED_NAME) /* volatile, inline, goto */
        by++;
    const struct lexeme *next = ahead(scan, by + 2);
    bool alone = lexer_is(next, ")") || lexer_is(next, ":");
    if (scan->depth == 0 || label || !is(scan, by, "(") || !alone ||
        !is_harmless(ahead(scan, by + 1)->text))
        refuse(scan, GATE_ASM, 0, "asm");
}

/* ---- Pragmas ---------------------------------------------------------------------------------------- */

static const struct pragma {
    const char *words;
    enum gate_kind kind;
} pragmas[] = {
    {"clang attribute", GATE_PRAGMA},
    {"clang optimize", GATE_PRAGMA},
    {"clang section", GATE_PRAGMA},
    {"GCC optimize", GATE_PRAGMA},
    {"GCC target", GATE_PRAGMA},
    {"GCC push_options", GATE_PRAGMA},
    {"GCC pop_options", GATE_PRAGMA},
    {"GCC reset_options", GATE_PRAGMA},
    {"weak", GATE_ALIAS},
    {"redefine_extname", GATE_ALIAS},
};

/* "GCC optimize" of #pragma GCC optimize("O0"). */
static void take_pragma(const struct token_scan *scan) {
    const char *first = ahead(scan, 2)->text;
    const char *words = talloc_asprintf(scan->notes->owner, "%s %s", first, ahead(scan, 3)->text);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        if (strcmp(pragmas[i].words, words) == 0 || strcmp(pragmas[i].words, first) == 0)
            refuse(scan, pragmas[i].kind, 0,
                   talloc_asprintf(scan->notes->owner, "#pragma %s", pragmas[i].words));
}

/* ---- Names ------------------------------------------------------------------------------------------- */

static const struct named_call {
    const char *name;
    enum gate_kind kind;
} calls[] = {
    {"dlopen", GATE_LOAD},         {"dlmopen", GATE_LOAD},   {"dlsym", GATE_LOAD},
    {"dlvsym", GATE_LOAD},         {"_exit", GATE_RAW_EXIT}, {"_Exit", GATE_RAW_EXIT},
    {"quick_exit", GATE_RAW_EXIT}, {"abort", GATE_RAW_EXIT},
};

/* futex, gettid, sched_yield, getcpu, membarrier of x86-64: what of the kernel has no function in every C library. */
static bool is_harmless_call(const struct token_scan *scan) {
    static const char *const numbers[] = {"202", "186", "24", "309", "324"};
    for (size_t i = 0; is(scan, 1, "(") && i < sizeof numbers / sizeof *numbers; i++)
        if (is(scan, 2, numbers[i]) && (is(scan, 3, ",") || is(scan, 3, ")")))
            return true;
    return false;
}

/* NAME(...) and what may follow a declarator, and then a body. */
static bool is_defined(const struct token_scan *scan) {
    if (scan->depth != 0 || !is(scan, 1, "("))
        return false;
    size_t by = behind(scan, 1);
    while (is(scan, by, "__attribute__") || is(scan, by, "__attribute"))
        by = behind(scan, by + 1);
    return is(scan, by, "{");
}

/* The words before its name, back to what was before. */
static bool is_static(const struct token_scan *scan) {
    for (size_t i = scan->at; i-- > 0;) {
        const struct own_lexeme *before = &scan->text->items[i];
        if (before->directive || lexer_is(&before->lexeme, ";") || lexer_is(&before->lexeme, "}"))
            return false;
        if (lexer_is(&before->lexeme, "static"))
            return true;
    }
    return false;
}

static void take_name(const struct token_scan *scan) {
    const char *name = ahead(scan, 0)->text;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(name, calls[i].name) == 0)
            refuse(scan, calls[i].kind, 0, name);
    if (names_is_assumption(name))
        refuse(scan, GATE_ASSUMPTION, 0, name);
    if (strcmp(name, "syscall") == 0 && !is_harmless_call(scan))
        refuse(scan, GATE_SYSTEM_CALL, 0, name);
    if (names_is_tool_hook(name))
        refuse(scan, GATE_TOOL_HOOK, 0, name);
    else if (names_is_tool(name))
        refuse(scan, GATE_TOOL_CALL, 0, name);
    if (names_tell_compiler(name) || names_tell_tool(name))
        refuse(scan, GATE_COMPILER_TEST, 0, name);
    if (is_defined(scan) && names_is_library(name, !is_static(scan)))
        refuse(scan, GATE_LIBRARY_DEFINITION, 0, name);
}

static void take(const struct token_scan *scan) {
    static const char *const asms[] = {"asm", "__asm", "__asm__"};
    if (ahead(scan, 0)->kind != LEXED_NAME) {
        if (is(scan, 0, "[") && is(scan, 1, "["))
            take_attributes(scan, 0);
        return;
    }
    if (is(scan, 0, "__attribute__") || is(scan, 0, "__attribute") || is(scan, 0, "__declspec"))
        take_attributes(scan, 1);
    for (size_t i = 0; i < sizeof asms / sizeof *asms; i++)
        if (is(scan, 0, asms[i]))
            take_asm(scan);
    take_name(scan);
}

void scan_tokens(struct notes *notes, const struct own_text *text, const struct own_text *first) {
    struct token_scan scan = {.notes = notes, .text = text, .first = first};
    scan.closing = find_closing(notes, text);
    for (scan.at = 0; scan.at < text->count; scan.at++) {
        const struct own_lexeme *here = &text->items[scan.at];
        if (here->directive) {
            if (here->lexeme.first && is(&scan, 1, "pragma"))
                take_pragma(&scan);
            continue;
        }
        scan.depth += lexer_is(&here->lexeme, "{");
        scan.depth -= lexer_is(&here->lexeme, "}");
        take(&scan);
    }
}
