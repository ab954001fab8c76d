/* SPDX-License-Identifier: MIT */
/* Reports as strict readers take them. */
#ifndef HAZARD_TESTS_SUPPORT_READERS_H
#define HAZARD_TESTS_SUPPORT_READERS_H

#include <jansson.h>
#include <libxml/tree.h>

/*
 * A JUnit report that tests/fixtures/render/junit.rng allows, whose counts are those of its cases,
 * and in which no two cases have one name: some readers drop the class. The caller frees it.
 */
xmlDoc *readers_junit(const char *path);

/*
 * The one run of a SARIF report that has what SARIF 2.1.0 and the code hosts' rules want: a long
 * description and help for each rule, a rule for each result, a place with a line for each result.
 * New reference.
 */
json_t *readers_sarif_run(const char *path);

#endif
