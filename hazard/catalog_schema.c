/* SPDX-License-Identifier: MIT */
/*
 * One schema serves twice: libcyaml reads the file by it, and catalog_check.c walks it beside
 * libyaml's document, because libcyaml knows neither the line of an unknown or a missing key nor
 * which keys and words it would have taken.
 *
 * A new detector is one more EXPECT line (and CATALOG_DETECTORS). A new kind is one more word here;
 * its name is the one of report.c (tests/test_catalog.c compares them).
 */
#include "hazard/catalog_schema.h"

#define REQUIRED CYAML_FLAG_POINTER
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/* Not CYAML_BOOL: that takes "maybe" for true. */
static const cyaml_strval_t booleans[] = {{"true", true}, {"false", false}};

static const cyaml_strval_t families[] = {
    {"races", FAMILY_RACES},       {"deadlocks", FAMILY_DEADLOCKS}, {"signals", FAMILY_SIGNALS},
    {"fairness", FAMILY_FAIRNESS}, {"servers", FAMILY_SERVERS},
};
_Static_assert(CYAML_ARRAY_LEN(families) == FAMILY_COUNT, "a family has no name");

/* Those that a third-party tool or the probe can come to: nothing of ours that proves, yet. */
static const cyaml_strval_t verdicts[] = {
    {"found", VERDICT_FOUND}, {"other", VERDICT_OTHER},     {"silent", VERDICT_SILENT},
    {"hung", VERDICT_HUNG},   {"changed", VERDICT_CHANGED}, {"unsupported", VERDICT_UNSUPPORTED},
};

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

#define EXPECT(index, name, flag)                                                                  \
    CYAML_FIELD_MAPPING_PTR(name, flag, struct raw_program, expect[index], expectation_fields)

/* The probe is optional because it has nothing to say of programs that do not listen. */
static const cyaml_schema_field_t expect_fields[CATALOG_DETECTORS + 1] = {
    EXPECT(0, "tsan", REQUIRED), EXPECT(1, "tsan-gcc", REQUIRED), EXPECT(2, "helgrind", REQUIRED),
    EXPECT(3, "drd", REQUIRED),  EXPECT(4, "probe", OPTIONAL),    CYAML_FIELD_END,
};

static const cyaml_schema_field_t program_fields[] = {
    TEXT("path", REQUIRED, struct raw_program, path),
    TEXT("about", OPTIONAL, struct raw_program, about),
    WORD_PTR("kind", struct raw_program, kind, kinds),
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

static const cyaml_schema_value_t arg_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
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

const char *family_name(enum family family) {
    return families[family].str;
}
