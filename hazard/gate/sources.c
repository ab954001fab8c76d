/* SPDX-License-Identifier: MIT */
#include "hazard/gate/sources.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/cc/cc_word.h"
#include "hazard/gate/names.h"
#include "hazard/root.h"

struct scan {
    struct notes *notes;
    const char *file;
    struct lexemes lexemes;
    struct read_source *source;
    int *open; /* the directives at which conditions that are not over had their last branch */
    size_t open_count;
};

/* ---- Where an #include leads --------------------------------------------------------------------- */

static bool is_in(const char *path, const char *folder) {
    char real[PATH_MAX];
    return folder != NULL && realpath(folder, real) != NULL && notes_below(path, real);
}

bool sources_may_read(const struct notes *notes, const char *path) {
    char real[PATH_MAX];
    const char *const *at = notes->input->words;
    if (realpath(path, real) == NULL)
        return false;
    if (notes_below(real, notes->folder) || is_in(real, root_include_folder(notes->owner, NULL)))
        return true;
    for (; at != NULL && *at != NULL; at += cc_word_read(at).count) {
        const struct cc_word word = cc_word_read(at);
        bool folder = strncmp(*at, "-I", 2) == 0 || strncmp(*at, "-i", 2) == 0;
        if (folder && word.value != NULL && is_in(real, word.value))
            return true;
    }
    return false;
}

static bool goes_up(const char *name) {
    for (const char *at = name; (at = strstr(at, "..")) != NULL; at += 2)
        if ((at == name || at[-1] == '/') && (at[2] == '/' || at[2] == '\0'))
            return true;
    return false;
}

/* Does a name with ".." lead to a file that may be read, from the file's own folder or from one of the words'? */
static bool leads_inside(const struct scan *scan, const char *name) {
    void *owner = scan->notes->owner;
    const char *const *at = scan->notes->input->words;
    char *own = talloc_strndup(owner, scan->file, (size_t)(strrchr(scan->file, '/') - scan->file));
    char real[PATH_MAX];
    const char *path = talloc_asprintf(owner, "%s/%s", own, name);
    if (realpath(path, real) != NULL)
        return sources_may_read(scan->notes, path);
    for (; at != NULL && *at != NULL; at += cc_word_read(at).count) {
        const char *folder = cc_word_read(at).value;
        if ((*at)[0] != '-' || ((*at)[1] != 'I' && (*at)[1] != 'i') || folder == NULL)
            continue;
        path = talloc_asprintf(owner, "%s/%s", folder, name);
        if (realpath(path, real) != NULL)
            return sources_may_read(scan->notes, path);
    }
    return false;
}

static void judge_header(const struct scan *scan, const struct lexeme *header) {
    static const char *const tools[] = {"valgrind/", "sanitizer/"};
    char *name = talloc_strdup(scan->notes->owner, header->text + 1);
    if (*name != '\0')
        name[strlen(name) - 1] = '\0';
    name += strspn(name, " ");
    if (*name == '/' || (goes_up(name) && !leads_inside(scan, name)))
        notes_add(scan->notes, GATE_INCLUDE, scan->file, header->line, header->text);
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        if (strstr(name, tools[i]) != NULL)
            notes_add(scan->notes, GATE_TOOL_CALL, scan->file, header->line, header->text);
}

/* ---- Directives ------------------------------------------------------------------------------------ */

static void add_branch(struct scan *scan, int from, int to) {
    struct read_source *source = scan->source;
    source->branches = grow_array(scan->notes->owner, source->branches, struct source_branch,
                                  source->branch_count + 1);
    source->branches[source->branch_count++] = (struct source_branch){from, to};
}

static void open_condition(struct scan *scan, int line) {
    scan->open = grow_array(scan->notes->owner, scan->open, int, scan->open_count + 1);
    scan->open[scan->open_count++] = line;
}

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static void take_condition(struct scan *scan, const char *word, int line) {
    static const char *const starts[] = {"if", "ifdef", "ifndef", NULL};
    static const char *const middles[] = {"elif", "else", "elifdef", "elifndef", NULL};
    if (is_one_of(word, starts)) {
        open_condition(scan, line);
    } else if (is_one_of(word, middles) && scan->open_count > 0) {
        add_branch(scan, scan->open[scan->open_count - 1], line);
        scan->open[scan->open_count - 1] = line;
    } else if (strcmp(word, "endif") == 0 && scan->open_count > 0) {
        add_branch(scan, scan->open[--scan->open_count], line);
    }
}

/* __has_feature(thread_sanitizer) */
static bool asks_for_sanitizer(const struct scan *scan, size_t at) {
    const struct lexeme *asked = lexer_at(&scan->lexemes, at + 2);
    return strncmp(lexer_at(&scan->lexemes, at)->text, "__has_", 6) == 0 &&
           lexer_is(lexer_at(&scan->lexemes, at + 1), "(") && asked->kind == LEXED_NAME &&
           (strstr(asked->text, "sanit") != NULL || strstr(asked->text, "instrument") != NULL);
}

/* A name that knows the tool; of a compiler, where it does not stand in a condition, whose outcome is compared. */
static void judge_name(const struct scan *scan, size_t at, bool conditional) {
    const struct lexeme *name = lexer_at(&scan->lexemes, at);
    if (names_tell_tool(name->text) || asks_for_sanitizer(scan, at) ||
        (!conditional && names_tell_compiler(name->text)))
        notes_add(scan->notes, GATE_COMPILER_TEST, scan->file, name->line, name->text);
    if (names_is_assumption(name->text))
        notes_add(scan->notes, GATE_ASSUMPTION, scan->file, name->line, name->text);
    if (names_is_tool_macro(name->text))
        notes_add(scan->notes, GATE_TOOL_CALL, scan->file, name->line, name->text);
}

/* Those that the preprocessor itself follows: what it prints has them no more. */
static void judge_pragma(const struct scan *scan, size_t at, int line) {
    static const struct {
        const char *word;
        enum gate_kind kind;
    } pragmas[] = {{"system_header", GATE_LINE_MARKER},
                   {"dependency", GATE_INCLUDE},
                   {"pch_preprocess", GATE_INCLUDE},
                   {"include_alias", GATE_INCLUDE}};
    for (size_t i = 0; i < 2; i++) /* GCC system_header, include_alias(...) */
        for (size_t j = 0; j < sizeof pragmas / sizeof *pragmas; j++)
            if (lexer_is(lexer_at(&scan->lexemes, at + i), pragmas[j].word))
                notes_add(scan->notes, pragmas[j].kind, scan->file, line,
                          talloc_asprintf(scan->notes->owner, "#pragma %s", pragmas[j].word));
}

static void take_directive(struct scan *scan, size_t at) {
    static const char *const includes[] = {"include", "include_next", "import", "embed", NULL};
    const struct lexeme *word = lexer_at(&scan->lexemes, at + 1),
                        *next = lexer_at(&scan->lexemes, at + 2);
    int line = lexer_at(&scan->lexemes, at)->line;
    if (word->first)
        return;
    if (is_one_of(word->text, includes)) {
        if (strcmp(word->text, "include") != 0 || next->kind != LEXED_HEADER || next->first)
            notes_add(scan->notes, GATE_INCLUDE, scan->file, line,
                      talloc_asprintf(scan->notes->owner, "#%s", word->text));
    } else if (strcmp(word->text, "line") == 0 || word->kind == LEXED_NUMBER) {
        notes_add(scan->notes, GATE_LINE_MARKER, scan->file, line, "#line");
    } else if (strcmp(word->text, "pragma") == 0) {
        judge_pragma(scan, at + 2, line);
    } else {
        take_condition(scan, word->text, line);
    }
}

static void scan_lexemes(struct scan *scan) {
    bool conditional = false;
    for (size_t i = 0; i < scan->lexemes.count; i++) {
        const struct lexeme *here = lexer_at(&scan->lexemes, i);
        if (here->first)
            conditional =
                lexer_is(here, "#") && strstr(lexer_at(&scan->lexemes, i + 1)->text, "if");
        if (here->first && lexer_is(here, "#"))
            take_directive(scan, i);
        if (here->kind == LEXED_HEADER)
            judge_header(scan, here);
        if (here->kind == LEXED_NAME)
            judge_name(scan, i, conditional);
    }
}

int sources_scan(struct notes *notes, struct sources_read *sources, const char *file,
                 struct error *error) {
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->items[i].file, file) == 0)
            return 0;
    const char *text = file_read(notes->owner, file, error);
    if (text == NULL)
        return -1;
    if (talloc_get_size(text) > SOURCES_LARGEST)
        return fail(error, "%s has more than %d bytes", file, SOURCES_LARGEST);
    struct lexer_oddity oddity;
    sources->items =
        grow_array(notes->owner, sources->items, struct read_source, sources->count + 1);
    struct read_source *source = &sources->items[sources->count++];
    *source = (struct read_source){.file = never_null(talloc_strdup(notes->owner, file))};
    struct scan scan = {.notes = notes, .file = source->file, .source = source};
    scan.lexemes = lexer_read(notes->owner, text, talloc_get_size(text) - 1, &oddity);
    if (oddity.what != NULL)
        notes_add(notes, GATE_COMPILER_TEST, file, oddity.line, oddity.what);
    scan_lexemes(&scan);
    add_branch(&scan, 0, INT_MAX);
    return 0;
}
