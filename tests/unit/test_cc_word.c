/* SPDX-License-Identifier: MIT */
/* What the words of a compiler's command line mean; which program is a compiler. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/cc/cc_tools.h"
#include "hazard/cc/cc_word.h"
#include "hazard/cc/cc_words.h"
#include "tests/support/text.h"

static const struct word_row {
    char words[2][24];
    enum cc_stage stage;
    int count;
    char value[16]; /* "": none */
} word_rows[] = {
    {{"-Iinclude", "a.c"}, CC_COMPILE, 1, "include"},
    {{"-I", "include"}, CC_COMPILE, 2, "include"},
    {{"-I", ""}, CC_COMPILE, 1, ""}, /* the last word */
    {{"-DX=1", "a.c"}, CC_COMPILE, 1, "X=1"},
    {{"-include", "x.h"}, CC_COMPILE, 2, "x.h"},
    {{"-isystem", "d"}, CC_COMPILE, 2, "d"},
    {{"-xc", "a"}, CC_COMPILE, 1, "c"},
    {{"-lm", ""}, CC_LINK, 1, "m"},
    {{"-l", "m"}, CC_LINK, 2, "m"},
    {{"-Wl,-O1", ""}, CC_LINK, 1, "-O1"},
    {{"-Xlinker", "-O1"}, CC_LINK, 2, "-O1"},
    {{"-no-pie", "a.c"}, CC_LINK, 1, ""},
    {{"-O2", "a.c"}, CC_BOTH, 1, "2"},
    {{"-O", "a.c"}, CC_BOTH, 1, ""},
    {{"-Wall", "a.c"}, CC_BOTH, 1, "all"},
    {{"-Wextra", "a.c"}, CC_BOTH, 1, "extra"},
    {{"-fopenmp", "a.c"}, CC_BOTH, 1, "openmp"},
    {{"-std=c11", "a.c"}, CC_BOTH, 1, "c11"},
    {{"-pthread", "a.c"}, CC_BOTH, 1, ""},
    {{"--param", "x=1"}, CC_BOTH, 2, "x=1"},
    {{"--unknown", "x=1"}, CC_BOTH, 1, ""},
    {{"-o", "out"}, CC_OUTPUT, 2, "out"},
    {{"-oout", "a.c"}, CC_OUTPUT, 1, "out"},
    {{"-c", "a.c"}, CC_OUTPUT, 1, ""},
    {{"-MMD", "a.c"}, CC_LISTS, 1, ""},
    {{"-MF", "x.d"}, CC_LISTS, 2, "x.d"},
    {{"-Wl,-Map=x", ""}, CC_LISTS, 1, "=x"},
    {{"-Werror", "a.c"}, CC_DROPPED, 1, ""},
    {{"-Werror=vla", "a.c"}, CC_BOTH, 1, "error=vla"},
    {{"-s", "a.c"}, CC_DROPPED, 1, ""},
    {{"-flto=auto", "a.c"}, CC_DROPPED, 1, "=auto"},
    {{"--coverage", "a.c"}, CC_DROPPED, 1, ""},
    {{"a.c", "b.c"}, CC_INPUT, 1, ""},
    {{"-", "b.c"}, CC_INPUT, 1, ""},
};

Test(cc_word, says_whom_a_word_is_for) {
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        const struct word_row *row = &word_rows[i];
        const char *const words[] = {row->words[0], *row->words[1] != '\0' ? row->words[1] : NULL,
                                     NULL};
        const struct cc_word word = cc_word_read(words);
        cr_expect(eq(int, (int)word.stage, (int)row->stage), "%s", words[0]);
        cr_expect(eq(int, word.count, row->count), "%s", words[0]);
        expect_text(word.value != NULL ? word.value : "", row->value, "%s", words[0]);
        cr_expect(word.refused == NULL, "%s", words[0]);
    }
}

Test(cc_word, sorts_a_line) {
    static const char *const line[] = {"-O2", "-I", "include", "-Werror", "-MMD", "h.o",
                                       "-lm", "-x", "c",       "-O0",     NULL};
    static const char *const compile[] = {"-O2", "-I", "include", "-O0", "-x", "c"},
                             *const link[] = {"-O2", "h.o", "-lm", "-O0"};
    void *owner = talloc_new(NULL);
    struct cc_words words;
    struct error error;
    cr_assert(eq(int, cc_words_sort(owner, line, &words, &error), 0), "%s", error.text);
    for (size_t i = 0; i < sizeof compile / sizeof *compile; i++)
        expect_text(words.compile[i], compile[i]);
    for (size_t i = 0; i < sizeof link / sizeof *link; i++)
        expect_text(words.link[i], link[i]);
    cr_expect(words.compile[6] == NULL && words.link[4] == NULL && words.any_ending);
    cr_expect(cc_words_level(words.compile) == NULL, "the last one counts");
    talloc_free(owner);
}

Test(cc_word, knows_compilers_by_their_names) {
    static const char *const c[] = {"cc",    "/usr/bin/gcc", "gcc-12",
                                    "clang", "clang-19",     "x86_64-linux-gnu-gcc-12",
                                    "c99",   "gcc-12.2",     "/a/b/x86_64-linux-gnu-gcc"};
    static const char *const cxx[] = {"c++", "g++-12", "/usr/bin/clang++", "x86_64-linux-gnu-g++"};
    static const char *const none[] = {"hazard",   "hazard-bin", "gcc-ar", "gcc-ar-12", "clangd",
                                       "cpp",      "gccgo",      "12",     "",          "-12",
                                       "clang-cl", "as",         "cc1"};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        cr_expect(eq(int, (int)cc_tool_of(c[i]), CC_C_COMPILER), "%s", c[i]);
    for (size_t i = 0; i < sizeof cxx / sizeof *cxx; i++)
        cr_expect(eq(int, (int)cc_tool_of(cxx[i]), CC_CXX_COMPILER), "%s", cxx[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect(eq(int, (int)cc_tool_of(none[i]), CC_NO_TOOL), "%s", none[i]);
}
