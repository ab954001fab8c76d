/* SPDX-License-Identifier: MIT */
/*
 * The catalogue: catalog/NAME.yaml, one file per hazard.
 *
 * It knows what each program is expected to bring under each detector, and nothing of how a
 * detector works. Everything is allocated below the `owner` handed in.
 */
#ifndef HAZARD_CATALOG_CATALOG_H
#define HAZARD_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/versions.h"
#include "report/kind.h"
#include "report/verdict.h"

enum hazard_family {
    HAZARD_FAMILY_RACES,
    HAZARD_FAMILY_DEADLOCKS,
    HAZARD_FAMILY_SIGNALS,
    HAZARD_FAMILY_FAIRNESS,
    HAZARD_FAMILY_SERVERS,
    HAZARD_FAMILY_COUNT
};

/* From folder and name: buggy/NAME.c, buggy/NAME-x.c, fixed/NAME.c, fixed/NAME-x.c. */
enum role { ROLE_BUGGY, ROLE_DECOY, ROLE_FIXED, ROLE_VARIANT };

/* One of the rows of a detector: the first whose `where` holds counts. */
struct expectation {
    const char *detector;
    enum verdict verdict;
    int alternative;    /* a second verdict that chance may bring; -1: none */
    enum kind kind;     /* what this detector calls it: its own, the program's or the hazard's */
    const char *reason; /* "" if none is given */
    int count;          /* of executions behind `proved`, which must come out exactly; 0: any */
    const char *const *args; /* what the program is run with under this detector; NULL: as ever */
    const char *const *options;    /* pairs of words for the detector; NULL: none */
    const struct where *where;     /* with which versions it holds; NULL: with all others */
    struct expectation *otherwise; /* the next row; NULL: this one is the last, and holds */
};

struct program {
    const char *path;  /* "buggy/counter.c", relative to the root */
    const char *about; /* what a decoy or a variant tries; "" for the pair */
    enum role role;
    struct expectation *expectations; /* the first row of each detector that has any */
    size_t expectation_count;
};

struct hazard {
    const char *name;
    const char *title;
    const char *story;
    const char *const *sources; /* where the story is from; NULL-terminated, at least one */
    const char *exercise;       /* what to try */
    enum hazard_family family;
    bool headline; /* one of those that the suite exists for */
    bool server;
    int cwe;
    enum kind kind;
    int diff_limit;            /* changed lines allowed between the two of the pair */
    const char *const *actors; /* NULL-terminated */
    const char *const *args;   /* NULL-terminated */
    struct program *programs;
    size_t program_count;
};

struct catalog {
    const char *root; /* absolute: the folder that has buggy/, fixed/ and catalog/ */
    struct hazard *hazards;
    size_t count; /* by family, headliners first, then by name */
};

const char *catalog_family_name(enum hazard_family family);
const char *catalog_role_name(enum role role);

/*
 * Reads and checks every catalog/ *.yaml below `root`. NULL and *error for the first thing that is
 * wrong, as "catalog/counter.yaml:12: ...": an unknown key, a wrong type, an unknown word, a
 * missing required key, a program file that does not exist, a program file of that name that the
 * catalogue forgot, a missing reason, a reason that is named and not used.
 */
struct catalog *catalog_load(void *owner, const char *root, struct error *error);

/* One file alone, for tests and editors: `file` is root/catalog/NAME.yaml. */
struct hazard *catalog_load_file(void *owner, const char *root, const char *file,
                                 struct error *error);

/* NULL if there is none. */
const struct hazard *catalog_find(const struct catalog *catalog, const char *name);

/* The name in the catalogue nearest to `name` (edit distance); NULL if none is near. */
const char *catalog_nearest(const struct catalog *catalog, const char *name);

/* The hazard, or NULL and *error that offers the nearest name. */
const struct hazard *catalog_need(const struct catalog *catalog, const char *name,
                                  struct error *error);

/* What the program is expected to bring under a detector, with the versions that are here; NULL if
 * that has nothing to say of it. */
const struct expectation *catalog_expectation(const struct program *program, const char *detector);

/* The same with other versions. */
const struct expectation *catalog_expectation_with(const struct program *program,
                                                   const char *detector, version_at *version);

/* What the program is run with under a detector, and the options that the detector is given: pairs
 * of words ("races", "report"). NULL-terminated, never NULL. */
const char *const *catalog_program_args(const struct hazard *hazard, const struct program *program,
                                        const char *detector);
const char *const *catalog_program_options(const struct program *program, const char *detector);

#endif
