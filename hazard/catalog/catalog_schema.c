/* SPDX-License-Identifier: MIT */
/*
 * One schema serves twice: libcyaml reads the file by it, and catalog_check.c walks it beside
 * libyaml's document, because libcyaml knows neither the line of an unknown or a missing key nor
 * which keys and words it would have taken.
 *
 * A new detector is one more EXPECT line (and CATALOG_DETECTORS). A new kind is one more word here;
 * its name is the one of report.c (tests/unit/test_catalog.c compares them).
 */
#include "hazard/catalog/catalog_schema.h"

#define REQUIRED CYAML_FLAG_POINTER
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/* Not CYAML_BOOL: that takes "maybe" for true. */
static const cyaml_strval_t booleans[] = {{"true", true}, {"false", false}};

static const cyaml_strval_t families[] = {
    {"races", FAMILY_RACES},       {"deadlocks", FAMILY_DEADLOCKS}, {"signals", FAMILY_SIGNALS},
    {"fairness", FAMILY_FAIRNESS}, {"servers", FAMILY_SERVERS},
};
_Static_assert(CYAML_ARRAY_LEN(families) == FAMILY_COUNT, "a family has no name");

/* Those that a third-party tool or the probe can come to: nothing that proves. */
static const cyaml_strval_t verdicts[] = {
    {"found", VERDICT_FOUND}, {"other", VERDICT_OTHER},     {"silent", VERDICT_SILENT},
    {"hung", VERDICT_HUNG},   {"changed", VERDICT_CHANGED}, {"unsupported", VERDICT_UNSUPPORTED},
};

/* Explore and inject either know or say why not; they are never silent. */
static const cyaml_strval_t proving_verdicts[] = {
    {"found", VERDICT_FOUND},
    {"other", VERDICT_OTHER},
    {"proved", VERDICT_PROVED},
    {"bounded", VERDICT_BOUNDED},
    {"unsupported", VERDICT_UNSUPPORTED},
};

static const cyaml_strval_t strategies[] = {
    {"dpor", WORD_DPOR},     {"dfs", WORD_DFS}, {"bound", WORD_BOUND},
    {"random", WORD_RANDOM}, {"pct", WORD_PCT}, {"pos", WORD_POS},
};

static const cyaml_strval_t races[] = {
    {"stop", WORD_STOP}, {"report", WORD_REPORT}, {"ignore", WORD_IGNORE}};

static const cyaml_strval_t flags[] = {{"true", WORD_TRUE}, {"false", WORD_FALSE}};
_Static_assert(CYAML_ARRAY_LEN(strategies) + CYAML_ARRAY_LEN(races) + CYAML_ARRAY_LEN(flags) ==
                   WORD_COUNT,
               "an option's word has no spelling");

static const cyaml_strval_t kinds[] = {
    {"data-race", KIND_DATA_RACE},
    {"atomicity", KIND_ATOMICITY},
    {"order-violation", KIND_ORDER_VIOLATION},
    {"deadlock", KIND_DEADLOCK},
    {"lock-order", KIND_LOCK_ORDER},
    {"livelock", KIND_LIVELOCK},
    {"starvation", KIND_STARVATION},
    {"signal-unsafe-call", KIND_SIGNAL_UNSAFE_CALL},
    {"signal-race", KIND_SIGNAL_RACE},
    {"lost-wakeup", KIND_LOST_WAKEUP},
    {"thread-leak", KIND_THREAD_LEAK},
    {"memory-leak", KIND_MEMORY_LEAK},
    {"use-after-free", KIND_USE_AFTER_FREE},
    {"heap-overflow", KIND_HEAP_OVERFLOW},
    {"api-misuse", KIND_API_MISUSE},
    {"blocked-client", KIND_BLOCKED_CLIENT},
    {"zombie", KIND_ZOMBIE},
    {"descriptor-leak", KIND_DESCRIPTOR_LEAK},
    {"crash", KIND_CRASH},
    {"assertion", KIND_ASSERTION},
    {"exit", KIND_EXIT},
};
_Static_assert(CYAML_ARRAY_LEN(kinds) == KIND_COUNT, "a kind has no word");

#define WORD(key, flags, structure, member, words)                                                 \
    CYAML_FIELD_ENUM(key, (flags) | CYAML_FLAG_STRICT, structure, member, words,                   \
                     CYAML_ARRAY_LEN(words))
#define WORD_PTR(key, structure, member, words)                                                    \
    CYAML_FIELD_ENUM_PTR(key, OPTIONAL | CYAML_FLAG_STRICT, structure, member, words,              \
                         CYAML_ARRAY_LEN(words))
#define TEXT(key, flags, structure, member)                                                        \
    CYAML_FIELD_STRING_PTR(key, flags, structure, member, 1, CYAML_UNLIMITED)

static const cyaml_schema_field_t expectation_fields[] = {
    WORD("verdict", CYAML_FLAG_DEFAULT, struct raw_expectation, verdict, verdicts),
    WORD_PTR("or", struct raw_expectation, alternative, verdicts),
    WORD_PTR("kind", struct raw_expectation, kind, kinds),
    TEXT("reason", OPTIONAL, struct raw_expectation, reason),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t explore_fields[] = {
    WORD("verdict", CYAML_FLAG_DEFAULT, struct raw_expectation, verdict, proving_verdicts),
    WORD_PTR("kind", struct raw_expectation, kind, kinds),
    TEXT("reason", OPTIONAL, struct raw_expectation, reason),
    CYAML_FIELD_INT_PTR("executions", OPTIONAL, struct raw_expectation, executions),
    CYAML_FIELD_END,
};

/* Without a count: how many instructions there are is a matter of compiler and libc. */
static const cyaml_schema_field_t inject_fields[] = {
    WORD("verdict", CYAML_FLAG_DEFAULT, struct raw_expectation, verdict, proving_verdicts),
    WORD_PTR("kind", struct raw_expectation, kind, kinds),
    TEXT("reason", OPTIONAL, struct raw_expectation, reason),
    CYAML_FIELD_END,
};

#define EXPECT(index, name, flag, fields)                                                          \
    CYAML_FIELD_MAPPING_PTR(name, flag, struct raw_program, expect[index], fields)

/* The probe is optional because it has nothing to say of programs that do not listen, explore
 * because it takes threads alone, inject because it needs a signal. */
static const cyaml_schema_field_t expect_fields[CATALOG_DETECTORS + 1] = {
    EXPECT(0, "tsan", REQUIRED, expectation_fields),
    EXPECT(1, "tsan-gcc", REQUIRED, expectation_fields),
    EXPECT(2, "helgrind", REQUIRED, expectation_fields),
    EXPECT(3, "drd", REQUIRED, expectation_fields),
    EXPECT(4, "probe", OPTIONAL, expectation_fields),
    EXPECT(5, "explore", OPTIONAL, explore_fields),
    EXPECT(6, "inject", OPTIONAL, inject_fields),
    CYAML_FIELD_END,
};

#define NUMBER(key, member) CYAML_FIELD_INT_PTR(key, OPTIONAL, struct raw_options, member)

static const cyaml_schema_field_t explore_option_fields[] = {
    WORD_PTR("strategy", struct raw_options, strategy, strategies),
    WORD_PTR("races", struct raw_options, races, races),
    NUMBER("spurious", spurious),
    NUMBER("executions", executions),
    NUMBER("steps", steps),
    NUMBER("bound", bound),
    NUMBER("seed", seed),
    NUMBER("seconds", seconds),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t inject_option_fields[] = {
    TEXT("signal", OPTIONAL, struct raw_options, signal),
    WORD_PTR("child-exit", struct raw_options, child_exit, flags),
    TEXT("from", OPTIONAL, struct raw_options, from),
    TEXT("until", OPTIONAL, struct raw_options, until),
    NUMBER("twice", twice),
    NUMBER("allow-exit", allow_exit),
    WORD_PTR("any-output", struct raw_options, any_output, flags),
    NUMBER("points", points),
    NUMBER("seconds", seconds),
    NUMBER("instructions", instructions),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t arg_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

#define ARGS(key, structure, index)                                                                \
    CYAML_FIELD_SEQUENCE(key, OPTIONAL, structure, words[index].args, &arg_entry, 0,               \
                         CYAML_UNLIMITED)
#define OPTIONS(key, structure, index, fields)                                                     \
    CYAML_FIELD_MAPPING_PTR(key, OPTIONAL, structure, words[index].options, fields)

/* Four keys, of a hazard and of a program; the program's go before the hazard's. */
#define ALL_WORDS(structure)                                                                       \
    ARGS("explore-args", structure, WORDS_OF_EXPLORE),                                             \
        OPTIONS("explore-options", structure, WORDS_OF_EXPLORE, explore_option_fields),            \
        ARGS("inject-args", structure, WORDS_OF_INJECT),                                           \
        OPTIONS("inject-options", structure, WORDS_OF_INJECT, inject_option_fields)

static const cyaml_schema_field_t program_fields[] = {
    TEXT("path", REQUIRED, struct raw_program, path),
    TEXT("about", OPTIONAL, struct raw_program, about),
    WORD_PTR("kind", struct raw_program, kind, kinds),
    ALL_WORDS(struct raw_program),
    /* The fields of `expect` are members of the program itself: offset 0. */
    {
        .key = "expect",
        .value = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_program, expect_fields)},
    },
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t program_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_program, program_fields),
};

static const cyaml_schema_value_t actor_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t hazard_fields[] = {
    TEXT("title", REQUIRED, struct raw_hazard, title),
    WORD("family", CYAML_FLAG_DEFAULT, struct raw_hazard, family, families),
    WORD("headline", CYAML_FLAG_OPTIONAL, struct raw_hazard, headline, booleans),
    TEXT("story", REQUIRED, struct raw_hazard, story),
    CYAML_FIELD_INT("cwe", CYAML_FLAG_DEFAULT, struct raw_hazard, cwe),
    WORD("kind", CYAML_FLAG_DEFAULT, struct raw_hazard, kind, kinds),
    CYAML_FIELD_SEQUENCE("actors", REQUIRED, struct raw_hazard, actors, &actor_entry, 1,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("args", OPTIONAL, struct raw_hazard, args, &arg_entry, 0, CYAML_UNLIMITED),
    ALL_WORDS(struct raw_hazard),
    WORD("server", CYAML_FLAG_OPTIONAL, struct raw_hazard, server, booleans),
    CYAML_FIELD_INT_PTR("diff", OPTIONAL, struct raw_hazard, diff),
    CYAML_FIELD_SEQUENCE("programs", REQUIRED, struct raw_hazard, programs, &program_entry, 2,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t catalog_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_hazard, hazard_fields),
};

const char *catalog_detector(size_t index) {
    return expect_fields[index].key;
}

static const char *spelling(const cyaml_strval_t *words, size_t count, int64_t value) {
    for (size_t i = 0; i < count; i++)
        if (words[i].val == value)
            return words[i].str;
    return NULL;
}

const char *catalog_words_of(size_t index) {
    static const char *const names[OWN_WORDS] = {
        [WORDS_OF_EXPLORE] = "explore", [WORDS_OF_INJECT] = "inject"};
    return names[index];
}

const char *catalog_option_word(enum option_word word) {
    static const struct {
        const cyaml_strval_t *words;
        size_t count;
    } lists[] = {{strategies, CYAML_ARRAY_LEN(strategies)},
                 {races, CYAML_ARRAY_LEN(races)},
                 {flags, CYAML_ARRAY_LEN(flags)}};
    const char *found = NULL;
    for (size_t i = 0; found == NULL && i < CYAML_ARRAY_LEN(lists); i++)
        found = spelling(lists[i].words, lists[i].count, word);
    return found;
}

const char *family_name(enum family family) {
    return families[family].str;
}
