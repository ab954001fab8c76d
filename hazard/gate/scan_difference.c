/* SPDX-License-Identifier: MIT */
/*
 * The two compilers put the tokens of a macro's call in different lines; but a branch of a condition is compiled or not.
 */
#include "hazard/gate/scan.h"

#include <string.h>

#include "base/memory.h"

/* #define __has_feature(x) 0, for a compiler that has none; #pragma GCC diagnostic: they change nothing that runs. */
static bool is_harmless(const struct own_text *text, size_t at) {
    const struct own_lexeme *items = text->items;
    while (at > 0 && !items[at].lexeme.first)
        at--;
    if (at + 3 >= text->count || !items[at].directive)
        return false;
    bool pragma = lexer_is(&items[at + 1].lexeme, "pragma");
    return pragma ? lexer_is(&items[at + 3].lexeme, "diagnostic")
                  : strncmp(items[at + 2].lexeme.text, "__has_", 6) == 0;
}

static bool is_compiled(const struct own_text *text, const char *file,
                        const struct source_branch *branch) {
    for (size_t i = 0; i < text->count; i++) {
        const struct own_lexeme *here = &text->items[i];
        if (here->lexeme.line > branch->from && here->lexeme.line < branch->to &&
            strcmp(here->file, file) == 0 && (!here->directive || !is_harmless(text, i)))
            return true;
    }
    return false;
}

void scan_difference(struct notes *notes, const struct sources_read *sources,
                     const struct own_text *const texts[GATE_COMPILERS]) {
    for (size_t i = 0; i < sources->count; i++) {
        const struct read_source *source = &sources->items[i];
        for (size_t j = 0; j < source->branch_count; j++) {
            const struct source_branch *branch = &source->branches[j];
            bool gcc = is_compiled(texts[GATE_GCC], source->file, branch),
                 clang = is_compiled(texts[GATE_CLANG], source->file, branch);
            if (gcc != clang)
                notes_add(notes, GATE_COMPILER_TEST, source->file, branch->from,
                          gcc ? "compiled by gcc alone" : "compiled by clang alone");
        }
    }
}
