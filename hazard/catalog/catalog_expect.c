/* SPDX-License-Identifier: MIT */
/* A new detector is one more line of `detectors`. */
#include "hazard/catalog/catalog_expect.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/catalog/catalog_where.h"

/* One row of a detector, as it is read. */
struct draft_expectation {
    struct expectation expectation;
    const char *because;
    const yaml_node_t *where;
};

static const char *verdict_at(const void *verdicts, size_t index) {
    return verdict_name((enum verdict)((const int *)verdicts)[index]);
}

static const char *kind_at(const void *unused, size_t index) {
    (void)unused;
    return kind_name((enum kind)index);
}

const struct schema_words catalog_expect_kinds = {.count = KIND_COUNT, .at = kind_at};

/* Those that a third-party tool or the probe can come to: nothing that proves. */
static const int tool_verdicts[] = {VERDICT_FOUND, VERDICT_OTHER,   VERDICT_SILENT,
                                    VERDICT_HUNG,  VERDICT_CHANGED, VERDICT_UNSUPPORTED};

/* Explore and inject either know or say why not; they are never silent. */
static const int proving_verdicts[] = {VERDICT_FOUND, VERDICT_OTHER, VERDICT_PROVED,
                                       VERDICT_BOUNDED, VERDICT_UNSUPPORTED};

#define VERDICTS(list)                                                                             \
    { .count = sizeof(list) / sizeof *(list), .at = verdict_at, .words = (list), .values = (list), }

static const struct schema_words of_tools = VERDICTS(tool_verdicts);
static const struct schema_words of_provers = VERDICTS(proving_verdicts);

#define KEY(key, kind_of_value, member, ...)                                                       \
    {                                                                                              \
        .name = (key), .form = (kind_of_value),                                                    \
        .offset = offsetof(struct draft_expectation, member), __VA_ARGS__                          \
    }
#define VERDICT(list)                                                                              \
    KEY("verdict", SCHEMA_WORD, expectation.verdict, .required = true, .words = (list))
#define KIND KEY("kind", SCHEMA_WORD, expectation.kind, .words = &catalog_expect_kinds)
#define REASON                                                                                     \
    KEY("reason", SCHEMA_TEXT, expectation.reason, ), KEY("because", SCHEMA_TEXT, because, )
#define WHERE KEY("where", SCHEMA_MAPPING, where, )

static const struct schema_key tool_keys[] = {
    VERDICT(&of_tools),
    KEY("or", SCHEMA_WORD, expectation.alternative, .words = &of_tools),
    KIND,
    REASON,
    WHERE,
    {0},
};

static const struct schema_key explore_keys[] = {
    VERDICT(&of_provers),
    KIND,
    REASON,
    KEY("executions", SCHEMA_NUMBER, expectation.count, ),
    WHERE,
    {0},
};

/* Without a count: how many instructions there are is a matter of compiler and libc. */
static const struct schema_key inject_keys[] = {VERDICT(&of_provers), KIND, REASON, WHERE, {0}};

/* The probe is optional because it has nothing to say of programs that do not listen, explore
 * because it takes threads alone, inject because it needs a signal. */
static const struct expect_key {
    const char *detector;
    bool required;
    const struct schema_key *keys;
} detectors[] = {
    {"tsan", true, tool_keys},      {"tsan-gcc", true, tool_keys}, {"helgrind", true, tool_keys},
    {"drd", true, tool_keys},       {"probe", false, tool_keys},   {"explore", false, explore_keys},
    {"inject", false, inject_keys},
};
enum { DETECTORS = sizeof detectors / sizeof *detectors };

struct expect_reader {
    struct yaml_file *file;
    struct catalog_reasons *reasons;
    enum role role;
    struct expectation initial;          /* what holds for keys that are not given */
    struct expectation items[DETECTORS]; /* by detector; one without is not expected */
};

const char *catalog_expect_detector(size_t index) {
    return index < DETECTORS ? detectors[index].detector : NULL;
}

static const char *detector_at(const void *unused, size_t index) {
    (void)unused;
    return catalog_expect_detector(index);
}

/* Where chance, the tool or our own neglect could be behind a verdict, the catalogue must say
 * which. */
static const char *why_reason(enum role role, const struct expectation *expected) {
    bool wrong = role == ROLE_BUGGY || role == ROLE_DECOY;
    bool blind = expected->verdict == VERDICT_SILENT || expected->verdict == VERDICT_HUNG ||
                 expected->verdict == VERDICT_CHANGED || expected->verdict == VERDICT_PROVED;
    if (wrong && blind)
        return "on a program with a bug";
    if (expected->verdict == VERDICT_OTHER || expected->verdict == VERDICT_UNSUPPORTED ||
        expected->verdict == VERDICT_BOUNDED)
        return "wherever it is expected";
    return expected->alternative >= 0 ? "beside an 'or'" : NULL;
}

static int check_verdict(struct expect_reader *reader, const struct expectation *expected,
                         const yaml_node_t *node) {
    const char *detector = expected->detector;
    bool right = reader->role == ROLE_FIXED || reader->role == ROLE_VARIANT;
    bool counted = yaml_value(reader->file, node, "executions") != NULL;
    if (right &&
        (expected->verdict == VERDICT_FOUND || expected->alternative == (int)VERDICT_FOUND))
        return yaml_reject(reader->file, node,
                           "%s: a %s program has no hazard to be found; a false alarm is 'other'",
                           detector, catalog_role_name(reader->role));
    if (expected->alternative == (int)expected->verdict)
        return yaml_reject(reader->file, node, "%s: 'or' repeats the verdict '%s'", detector,
                           verdict_name(expected->verdict));
    if (counted && (expected->verdict != VERDICT_PROVED || expected->count <= 0))
        return yaml_reject(reader->file, node,
                           "%s: 'executions' is a positive number and belongs to 'proved'",
                           detector);
    return 0;
}

/* The text that `because` names becomes the reason. */
static int read_reason(struct expect_reader *reader, struct draft_expectation *draft,
                       const yaml_node_t *node) {
    struct expectation *expected = &draft->expectation;
    const char *why = why_reason(reader->role, expected);
    bool given = *expected->reason != '\0';
    if (given && draft->because != NULL)
        return yaml_reject(reader->file, node, "%s: 'reason' and 'because' exclude each other",
                           expected->detector);
    if (draft->because != NULL)
        expected->reason =
            catalog_reasons_find(reader->reasons, yaml_value(reader->file, node, "because"));
    else if (!given && why != NULL)
        return yaml_reject(reader->file, node, "%s: '%s' needs a 'reason' %s", expected->detector,
                           verdict_name(expected->verdict), why);
    return expected->reason != NULL ? 0 : -1;
}

/* One row of the detector. */
static int read_row(struct expect_reader *reader, size_t index, const yaml_node_t *node,
                    struct expectation *row) {
    struct draft_expectation draft = {.expectation = reader->initial};
    draft.expectation.detector = detectors[index].detector;
    if (schema_read(reader->file, detectors[index].keys, detectors[index].detector, node, &draft) !=
            0 ||
        check_verdict(reader, &draft.expectation, node) != 0 ||
        read_reason(reader, &draft, node) != 0)
        return -1;
    *row = draft.expectation;
    if (draft.where != NULL)
        row->where = catalog_where_read(reader->file, draft.where);
    return draft.where == NULL || row->where != NULL ? 0 : -1;
}

static int check_row(struct expect_reader *reader, const struct expectation *row, bool last,
                     const yaml_node_t *node) {
    if (last && row->where != NULL)
        return yaml_reject(reader->file, node,
                           "%s: an expectation without 'where' must follow, for all other versions",
                           row->detector);
    if (!last && row->where == NULL)
        return yaml_reject(reader->file, node,
                           "%s: only the last expectation of a list is without 'where'",
                           row->detector);
    return 0;
}

/* "{...}", or "[{where: ..., ...}, {...}]". */
static int read_rows(struct expect_reader *reader, size_t index, const yaml_node_t *value) {
    size_t count = 0;
    bool listed = value->type == YAML_SEQUENCE_NODE;
    while (listed && yaml_item(reader->file, value, count) != NULL)
        count++;
    if (listed && count == 0)
        return yaml_reject(reader->file, value, "%s: a list of expectations needs at least 1 entry",
                           detectors[index].detector);
    count = listed ? count : 1;
    struct expectation *rows = new_array(reader->file, struct expectation, count);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *node = listed ? yaml_item(reader->file, value, i) : value;
        bool last = i + 1 == count;
        if (read_row(reader, index, node, &rows[i]) != 0 ||
            check_row(reader, &rows[i], last, node) != 0)
            return -1;
        rows[i].otherwise = last ? NULL : &rows[i + 1];
    }
    reader->items[index] = rows[0];
    return 0;
}

static int read_detector(struct expect_reader *reader, const yaml_node_t *key,
                         const yaml_node_t *value) {
    size_t i = 0;
    if (schema_need(reader->file, "expect", key, YAML_SCALAR_NODE) != 0)
        return -1;
    while (i < DETECTORS && strcmp(detectors[i].detector, yaml_text(key)) != 0)
        i++;
    if (i == DETECTORS)
        return schema_reject_word(reader->file, "key", key, detector_at, NULL, DETECTORS);
    if (reader->items[i].detector != NULL)
        return yaml_reject(reader->file, key, "the key '%s' is given twice", detectors[i].detector);
    return read_rows(reader, i, value);
}

/* "tsan: ..." or "[tsan, tsan-gcc]: ...". */
static int read_pair(struct expect_reader *reader, const yaml_node_pair_t *pair) {
    yaml_document_t *document = &reader->file->document;
    const yaml_node_t *key = yaml_document_get_node(document, pair->key), *item;
    const yaml_node_t *value = yaml_document_get_node(document, pair->value);
    if (key->type != YAML_SEQUENCE_NODE)
        return read_detector(reader, key, value);
    if (yaml_item(reader->file, key, 0) == NULL)
        return yaml_reject(reader->file, key, "a list of detectors needs at least 1 entry");
    for (size_t i = 0; (item = yaml_item(reader->file, key, i)) != NULL; i++)
        if (read_detector(reader, item, value) != 0)
            return -1;
    return 0;
}

/* Those that are expected, in the order of `detectors`. */
static int take(struct expect_reader *reader, const yaml_node_t *expect, struct program *program) {
    program->expectations = new_array(reader->file, struct expectation, DETECTORS);
    for (size_t i = 0; i < DETECTORS; i++)
        if (reader->items[i].detector != NULL)
            program->expectations[program->expectation_count++] = reader->items[i];
        else if (detectors[i].required)
            return yaml_reject(reader->file, expect, "the key '%s' is missing in 'expect'",
                               detectors[i].detector);
    return 0;
}

int catalog_expect_read(struct yaml_file *file, const yaml_node_t *expect, enum kind kind,
                        struct catalog_reasons *reasons, struct program *program) {
    struct expect_reader reader = {
        .file = file,
        .reasons = reasons,
        .role = program->role,
        .initial = {.kind = kind, .alternative = -1, .reason = ""},
    };
    const yaml_node_pair_t *pair = expect->data.mapping.pairs.start;
    for (; pair < expect->data.mapping.pairs.top; pair++)
        if (read_pair(&reader, pair) != 0)
            return -1;
    return take(&reader, expect, program);
}
