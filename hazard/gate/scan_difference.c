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

/* Of each line of a file, how many tokens are compiled in it and before it. */
struct compiled_lines {
    unsigned *until; /* by line, from 0 */
    int lines;
};

static struct compiled_lines count_compiled(void *owner, const struct own_text *text,
                                            const char *file) {
    struct compiled_lines compiled = {0};
    for (int counting = 0; counting < 2; counting++) {
        for (size_t i = 0; i < text->count; i++) {
            const struct own_lexeme *here = &text->items[i];
            if (strcmp(here->file, file) != 0 || (here->directive && is_harmless(text, i)))
                continue;
            if (counting != 0)
                compiled.until[here->lexeme.line]++;
            else if (here->lexeme.line > compiled.lines)
                compiled.lines = here->lexeme.line;
        }
        if (counting == 0)
            compiled.until = new_array(owner, unsigned, compiled.lines + 1);
    }
    for (int line = 1; line <= compiled.lines; line++)
        compiled.until[line] += compiled.until[line - 1];
    return compiled;
}

static bool is_compiled(const struct compiled_lines *compiled, const struct source_branch *branch) {
    int last = branch->to > compiled->lines ? compiled->lines : branch->to - 1;
    return last > branch->from && compiled->until[last] > compiled->until[branch->from];
}

static void compare(struct notes *notes, const struct read_source *source,
                    const struct own_text *const texts[GATE_COMPILERS]) {
    void *owner = new_owner();
    struct compiled_lines by_gcc = count_compiled(owner, texts[GATE_GCC], source->file),
                          by_clang = count_compiled(owner, texts[GATE_CLANG], source->file);
    for (size_t i = 0; i < source->branch_count; i++) {
        const struct source_branch *branch = &source->branches[i];
        bool gcc = is_compiled(&by_gcc, branch), clang = is_compiled(&by_clang, branch);
        if (gcc != clang)
            notes_add(notes, GATE_COMPILER_TEST, source->file, branch->from,
                      gcc ? "compiled by gcc alone" : "compiled by clang alone");
    }
    talloc_free(owner);
}

void scan_difference(struct notes *notes, const struct sources_read *sources,
                     const struct own_text *const texts[GATE_COMPILERS]) {
    for (size_t i = 0; i < sources->count; i++)
        compare(notes, &sources->items[i], texts);
}
