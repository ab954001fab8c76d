/* SPDX-License-Identifier: MIT */
/*
 * `hazard grade --gate`: what is refused is marked in the programs of tests/fixtures/gate, which are never run.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/gate/scan.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"

#define FOLDER "tests/fixtures/gate/"

static json_t *gate(void *owner, const char *words, int status) {
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner, "hazard grade --gate --json %s", words));
    cr_assert(eq(int, outcome.status, status), "%s\n%s%s", words, outcome.output, outcome.errors);
    json_t *answer = json_loads(outcome.output, 0, NULL);
    cr_assert(answer != NULL, "%s: %s", words, outcome.output);
    return answer;
}

/* "5 attribute\n": the lines that were refused. */
static const char *refused_lines(void *owner, const json_t *answer) {
    char *lines = talloc_strdup(owner, "");
    size_t i;
    json_t *refusal;
    json_array_foreach(json_object_get(answer, "refusals"), i, refusal) lines =
        talloc_asprintf_append(lines, "%d %s\n", answer_number(refusal, "line"),
                               answer_word(refusal, "kind"));
    return lines;
}

/* The lines that `mark` stands in: "REFUSED: attribute, alias". The line before it: "REFUSED-BEFORE: alias". */
static const char *marked_lines(void *owner, const char *file, bool asked) {
    char *text = read_file(owner, file), *lines = talloc_strdup(owner, "");
    for (int number = 1; text != NULL; number++) {
        char *line = strsep(&text, "\n"), *mark = strstr(line, "/* REFUSED");
        if (mark == NULL || (strstr(mark, "-IF-ASKED:") != NULL && !asked))
            continue;
        int back = strstr(mark, "-BEFORE:") != NULL;
        mark = strchr(mark, ':') + 1;
        *strstr(mark, " */") = '\0';
        for (char *kind; (kind = strsep(&mark, ",")) != NULL;)
            lines = talloc_asprintf_append(lines, "%d %s\n", number - back, kind + 1);
    }
    return lines;
}

static void expect_marked(const char *name, const char *options, bool asked) {
    void *owner = new_owner();
    const char *file = talloc_asprintf(owner, FOLDER "%s", name);
    json_t *answer = gate(owner, talloc_asprintf(owner, "%s %s", options, file), 1);
    const char *refused = refused_lines(owner, answer), *marked = marked_lines(owner, file, asked);
    cr_expect(marked[0] != '\0' && strcmp(refused, marked) == 0, "%s: refused\n%smarked\n%s", name,
              refused, marked);
    json_decref(answer);
    talloc_free(owner);
}

Test(gate, attributes_and_pragmas_are_refused) {
    expect_marked("attributes.c", "", false);
}

Test(gate, calls_and_definitions_are_refused) {
    expect_marked("calls.c", "--refuse=raw-exit", true);
}

Test(gate, a_rule_that_is_off_is_asked_for) {
    expect_marked("calls.c", "", false);
}

Test(gate, code_that_is_not_the_same_for_all_is_refused) {
    expect_marked("compilers.c", "", false);
}

Test(gate, what_comes_near_is_not_refused) {
    void *owner = new_owner();
    json_decref(gate(owner, FOLDER "honest.c", 0));
    talloc_free(owner);
}

/* ---- One line, one kind ------------------------------------------------------------------------- */

static const struct row {
    char text[160];
    char refused[80]; /* "": nothing */
} rows[] = {
    {"#include \"/etc/hostname\"\nint a;\n", "1 include\n"},
    {"#include <//etc/hostname>\nint a;\n", "1 include\n"},
    {"#include \"../../elsewhere.h\"\nint a;\n", "1 include\n"},
    {"#define FILE \"own.h\"\n#include FILE\n", "2 include\n"},
    {"#include_next <stdio.h>\n", "1 include\n"},
    {"#if __has_include(\"/etc/hostname\")\n#endif\nint a;\n", "1 include\n"},
    {"#pragma GCC dependency \"own.h\"\nint a;\n", "1 include\n"},
    {"#line 7 \"stdio.h\"\nint a;\n", "1 line-marker\n"},
    {"int a;\n# 7 \"stdio.h\" 3\n", "2 line-marker\n"},
    {"int a;\n/*\n*/ # \\\n line 7\n", "3 line-marker\n"},
    {"#pragma GCC system_header\nint a;\n", "1 line-marker\n"},
    {"#include \"hides.h\"\nQUIET void g(void);\n", "2 attribute\n4 attribute\n"},
    {"#if __has_include(<valgrind/drd.h>)\n#endif\nint a;\n", "1 tool-call\n"},
    {"const char *a = \"x\\\n#line 1\";\n", ""},
    {"int a; // what?\?/\n#define B\n", "1 compiler-test\n"},
    {"const char *a = R\"(\n)\";\n", "1 compiler-test\n"},
    {"int a; // \r int b;\n", "1 compiler-test\n"},
    {"int __\\u0061lias;\n", "-"}, /* compilers refuse it themselves */
    {"int pthread_mutex_lock;\n", "1 library-definition\n"},
    {"static void free(void *a) {(void)a;}\n", "1 library-definition\n"},
    {"static int open(int a) {return a;}\n", ""},
    {"int open(int a) {return a;}\n", "1 library-definition\n"},
    {"int siglongjmp(int a) {return a;}\nint sigaction(int a) {return a;}\n",
     "1 library-definition\n2 library-definition\n"},
    {"int error(int a) {return a;}\nint sem_push;\n", ""},
};

/* Of a hand-in that does not compile the answer is 2; "-". */
Test(gate, a_line_is_refused_or_not) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    write_file(owner, folder, "own.h", "\n");
    write_file(owner, folder, "hides.h", /* a header that passes for the system's */
               "#define PRAGMA(x) _Pragma(#x)\nPRAGMA(GCC system_header)\n"
               "#define QUIET __attribute__((no_sanitize(\"thread\")))\n"
               "QUIET void f(void);\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *file = write_file(owner, folder, "a.c", rows[i].text);
        bool refused = *rows[i].refused != '\0', broken = *rows[i].refused == '-';
        json_t *answer = gate(owner, file, broken ? 2 : refused);
        const char *lines = refused_lines(owner, answer);
        cr_expect(broken || strcmp(lines, rows[i].refused) == 0, "%s\n%s", rows[i].text, lines);
        json_decref(answer);
    }
    scratch_remove(folder);
    talloc_free(owner);
}

Test(gate, only_the_teachers_folders_are_left_for) {
    void *owner = new_owner();
    json_t *answer = gate(owner, FOLDER "handin/up.c", 1);
    cr_expect(strcmp(refused_lines(owner, answer), "1 include\n") == 0);
    json_decref(answer);
    json_decref(gate(owner, "-I" FOLDER "teacher " FOLDER "handin/up.c", 0));
    talloc_free(owner);
}

/* Each looks at the others' headers, which are all the student's. */
Test(gate, a_hand_in_of_folders_is_one) {
    void *owner = new_owner();
    const char *folder = "tests/fixtures/handins/make-right/";
    json_decref(
        gate(owner,
             talloc_asprintf(owner, "-I%sutil -I%slist -I%squeue %slist/list.c %smain/main.c",
                             folder, folder, folder, folder, folder),
             0));
    talloc_free(owner);
}

Test(gate, files_that_tools_read_are_refused) {
    static const char *const names[] = {".valgrindrc", ".gdbinit", ".gdbearlyinit", ".lldbinit"};
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    const char *file = write_file(owner, folder, "a.c", "int a;\n");
    write_file(owner, folder, "valgrindrc", "--quiet\n");
    json_decref(gate(owner, file, 0));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        write_file(owner, folder, names[i], "");
    json_t *answer = gate(owner, file, 1);
    cr_expect(eq(sz, answer_count(answer, "refusals"), sizeof names / sizeof *names));
    cr_expect(strcmp(answer_word(json_array_get(json_object_get(answer, "refusals"), 3), "file"),
                     ".valgrindrc") == 0);
    json_decref(answer);
    scratch_remove(folder);
    talloc_free(owner);
}

Test(gate, at_most_twenty_of_a_file) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    char *text = talloc_strdup(owner, "#include <dlfcn.h>\n");
    for (int i = 0; i < GATE_MOST + 5; i++)
        text = talloc_asprintf_append(text, "void *a%d(void) {return dlopen(0, 0);}\n", i);
    json_t *answer = gate(owner, write_file(owner, folder, "a.c", text), 1);
    cr_expect(eq(sz, answer_count(answer, "refusals"), GATE_MOST));
    json_decref(answer);
    scratch_remove(folder);
    talloc_free(owner);
}

/* Nothing that a hand-in can be made of takes the gate long: what is too large is told. */
Test(gate, what_is_too_large_is_told, .timeout = 60) {
    static const struct {
        const char *before, *again, *after;
        int times;
        const char *said;
    } large[] = {
        {"int a;\n", "#if 1\n#endif\n", "", 90000, "has more than 1048576 bytes"},
        {"#define A(x) x x x x x x x x\n#define B(x) A(A(A(A(x))))\nint f(void) {\n", "B(0;)\n",
         "return 0;}\n", 600, "when its macros are expanded"},
        {"int a ", "__attribute__((x(", ";\n", 20000, "does not compile"},
        {"", "R\"(\n", "", 100000, "does not compile"},
    };
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        size_t length = strlen(large[i].again);
        char *text = talloc_array(owner, char, length *(size_t)large[i].times + 1);
        for (int j = 0; j < large[i].times; j++)
            memcpy(text + length * (size_t)j, large[i].again, length + 1);
        const char *file =
            write_file(owner, folder, "a.c",
                       talloc_asprintf(owner, "%s%s%s", large[i].before, text, large[i].after));
        struct run_outcome outcome = command(
            owner,
            talloc_asprintf(owner, "hazard grade --gate %s 2>&1 >/dev/null | tail -n 1", file));
        cr_expect(strstr(outcome.output, large[i].said) != NULL, "%zu: %s", i, outcome.output);
    }
    scratch_remove(folder);
    talloc_free(owner);
}

/* ---- The object alone ------------------------------------------------------------------------------ */

static bool has(const struct notes *notes, enum gate_kind kind, const char *what) {
    for (size_t i = 0; i < notes->count; i++)
        if (notes->items[i].kind == kind && strcmp(notes->items[i].what, what) == 0)
            return true;
    return false;
}

/* Every line is seen by the object alone, where the tokens are not looked at: `text` is empty. */
Test(gate, the_object_shows_what_tokens_have_not) {
    static const struct {
        enum gate_kind kind;
        const char *name, *what;
    } wanted[] = {
        {GATE_TOOL_CALL, "__tsan_acquire", "__tsan_acquire"},
        {GATE_LIBRARY_DEFINITION, "malloc", "malloc"},
        {GATE_ALIAS, "chosen", "chosen"},
        {GATE_CONSTRUCTOR, "x", ".init_array"},
        {GATE_SECTION, "x", "elsewhere"},
        {GATE_ASM, "enter", "an instruction that enters the kernel"},
        {GATE_ASM, "request", "a request to Valgrind"},
    };
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    const char *object = talloc_asprintf(owner, "%s/a.o", folder);
    struct error error;
    command(owner, talloc_asprintf(owner, "gcc -w -c " FOLDER "object.c -o %s", object));
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        /* The name stands in the line that is the row's number. */
        struct own_lexeme named = {
            {LEXED_NAME, wanted[i].name, (int)i + 1, false}, "a.c", false, false};
        struct own_text text = {&named, 1};
        struct gate_input input = {.folder = folder};
        struct notes notes = {.owner = owner, .input = &input, .folder = folder};
        cr_assert(scan_object(&notes, object, &text, "b.c", &error) == 0, "%s", error.text);
        cr_expect(has(&notes, wanted[i].kind, wanted[i].what), "%s", wanted[i].what);
        for (size_t j = 0; j < notes.count; j++)
            cr_expect(notes.items[j].line == 0 || notes.items[j].line == (int)i + 1);
    }
    scratch_remove(folder);
    talloc_free(owner);
}

/* ---- The command ------------------------------------------------------------------------------------- */

static const struct {
    char line[120];
    char said[80];
} misuse[] = {
    {"hazard grade --gate", "which C files?"},
    {"hazard grade --gate --allow=asms " FOLDER "honest.c", "there is no rule 'asms'"},
    {"hazard grade --gate --allow=include " FOLDER "honest.c", "cannot be left out"},
    {"hazard grade --gate " FOLDER "none.c", "cannot read"},
    {"hazard grade --gate -DINT " FOLDER "handin", "cannot read"},
    {"hazard grade --gate -Dint=x " FOLDER "handin/up.c -I" FOLDER "teacher", "does not compile"},
};

Test(gate, misuse_is_said_in_a_line) {
    void *owner = new_owner();
    for (size_t i = 0; i < sizeof misuse / sizeof *misuse; i++) {
        struct run_outcome outcome = command(owner, misuse[i].line);
        cr_expect(eq(int, outcome.status, 2), "%s", misuse[i].line);
        cr_expect(strstr(outcome.errors, misuse[i].said) != NULL, "%s", outcome.errors);
    }
    talloc_free(owner);
}

/* The row of a rule in docs/gate.md. */
static const char *page_row(void *owner, const struct gate_rule *rule) {
    return talloc_asprintf(owner, "| `%s`%s | %s | %s | %s |\n", rule->name,
                           rule->off     ? " (off)"
                           : rule->fixed ? " (always)"
                                         : "",
                           rule->matches, rule->why, rule->honest);
}

/* And the command's help all names. */
Test(gate, the_page_has_the_table) {
    void *owner = new_owner();
    char *help = command(owner, "hazard grade --gate --help").output;
    for (char *at = help; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    const char *page = read_file(owner, "docs/gate.md");
    for (enum gate_kind kind = 0; kind < GATE_KINDS; kind++) {
        const char *row = page_row(owner, &gate_rules[kind]);
        cr_expect(strstr(page, row) != NULL, "docs/gate.md has no row %s", row);
        cr_expect(strstr(strstr(help, "Rules:"), gate_rules[kind].name) != NULL, "%s",
                  gate_rules[kind].name);
    }
    talloc_free(owner);
}

/* ---- The texts --------------------------------------------------------------------------------------- */

/* Each is what its compiler takes, and names the student's lines. */
Test(gate, the_texts_compile_in_every_flavour) {
    static const char *const compilers[GATE_COMPILERS] = {"gcc", "clang"};
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    static const char *const files[] = {FOLDER "honest.c"};
    struct gate_input input = {
        .folder = FOLDER, .files = files, .file_count = 1, .scratch = folder};
    struct gate gate;
    struct error error;
    gate_defaults(&input);
    cr_assert(gate_check(owner, &input, &gate, &error) == 0, "%s", error.text);
    cr_assert(eq(sz, gate.count, 0));
    for (size_t i = 0; i < GATE_COMPILERS; i++) {
        const char *text = gate.texts[0].preprocessed[i];
        cr_expect(strstr(read_file(owner, text), "\n#define") == NULL);
        struct run_outcome outcome = command(
            owner, talloc_asprintf(owner,
                                   "%s -std=gnu17 -pthread -fsanitize=thread -g -Wall -c %s -o "
                                   "%s/a.o && nm -l %s/a.o",
                                   compilers[i], text, folder, folder));
        cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
        cr_expect(strstr(outcome.output, FOLDER "honest.c:") != NULL, "%s", outcome.output);
    }
    scratch_remove(folder);
    talloc_free(owner);
}
