/* SPDX-License-Identifier: MIT */
#include "tests/support/readers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/answer.h"
#include "tests/support/text.h"

#define SCHEMA "tests/fixtures/render/junit.rng"

/* ---- JUnit ----------------------------------------------------------------------------------- */

static void expect_valid(xmlDoc *document, const char *path) {
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt(SCHEMA);
    xmlRelaxNG *schema = xmlRelaxNGParse(parser);
    cr_assert(schema != NULL, SCHEMA);
    xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(schema);
    cr_expect(eq(int, xmlRelaxNGValidateDoc(validator, document), 0), "%s: see xmllint --relaxng",
              path);
    xmlRelaxNGFreeValidCtxt(validator);
    xmlRelaxNGFree(schema);
    xmlRelaxNGFreeParserCtxt(parser);
}

static int count(xmlNode *suite, const char *outcome) {
    int cases = 0;
    for (xmlNode *one = xmlFirstElementChild(suite); one != NULL;
         one = xmlNextElementSibling(one)) {
        xmlNode *first = xmlFirstElementChild(one);
        cases +=
            outcome == NULL || (first != NULL && strcmp((const char *)first->name, outcome) == 0);
    }
    return cases;
}

static int number(xmlNode *node, const char *name) {
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    int result = value != NULL ? atoi((const char *)value) : -1;
    xmlFree(value);
    return result;
}

static void expect_counts(xmlNode *root, const char *path) {
    static const char *const counts[][2] = {
        {"tests", NULL}, {"failures", "failure"}, {"errors", "error"}, {"skipped", "skipped"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        int all = 0;
        for (xmlNode *suite = xmlFirstElementChild(root); suite != NULL;
             suite = xmlNextElementSibling(suite)) {
            int here = count(suite, counts[i][1]);
            cr_expect(eq(int, number(suite, counts[i][0]), here), "%s: %s", path, counts[i][0]);
            all += here;
        }
        if (i < 3) /* testsuites has no `skipped` */
            cr_expect(eq(int, number(root, counts[i][0]), all), "%s: %s", path, counts[i][0]);
    }
}

/* In a hash of libxml2's, by name. */
static void expect_unique_names(xmlNode *root, const char *path) {
    json_t *seen = json_object();
    for (xmlNode *suite = xmlFirstElementChild(root); suite != NULL;
         suite = xmlNextElementSibling(suite))
        for (xmlNode *one = xmlFirstElementChild(suite); one != NULL;
             one = xmlNextElementSibling(one)) {
            xmlChar *name = xmlGetProp(one, (const xmlChar *)"name");
            cr_assert(name != NULL, "%s", path);
            cr_expect(json_object_get(seen, (const char *)name) == NULL, "%s: '%s' twice", path,
                      (const char *)name);
            json_object_set_new(seen, (const char *)name, json_true());
            xmlFree(name);
        }
    json_decref(seen);
}

xmlDoc *readers_junit(const char *path) {
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    cr_assert(document != NULL, "%s is no XML", path);
    expect_valid(document, path);
    expect_counts(xmlDocGetRootElement(document), path);
    expect_unique_names(xmlDocGetRootElement(document), path);
    return document;
}

/* ---- SARIF ----------------------------------------------------------------------------------- */

static bool has_rule(const json_t *rules, const char *id) {
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule) {
        if (strcmp(answer_word(rule, "id"), id) == 0)
            return true;
    }
    return false;
}

static void expect_rules(json_t *rules, const char *path) {
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule) {
        const char *id, *title, *whole, *help;
        cr_assert(json_unpack(rule, "{ss s{ss} s{ss} s{ss}}", "id", &id, "shortDescription", "text",
                              &title, "fullDescription", "text", &whole, "help", "text",
                              &help) == 0,
                  "%s: rule %zu", path, i);
        cr_expect(strlen(whole) > strlen(title) && *help != '\0', "%s: %s", path, id);
    }
}

static void expect_results(json_t *results, const json_t *rules, const char *path) {
    size_t i;
    json_t *one;
    json_array_foreach(results, i, one) {
        const char *rule, *level, *text, *uri, *fingerprint;
        int line = 0;
        cr_assert(json_unpack(one, "{ss ss s{ss} s[{s{s{ss} s{si}}}] s{ss}}", "ruleId", &rule,
                              "level", &level, "message", "text", &text, "locations",
                              "physicalLocation", "artifactLocation", "uri", &uri, "region",
                              "startLine", &line, "partialFingerprints", "hazardFinding/v1",
                              &fingerprint) == 0,
                  "%s: result %zu", path, i);
        cr_expect(has_rule(rules, rule), "%s: no rule %s", path, rule);
        cr_expect(line > 0 && strlen(text) > 0 && strchr(uri, ' ') == NULL, "%s: result %zu", path,
                  i);
    }
}

json_t *readers_sarif_run(const char *path) {
    json_t *log = json_load_file(path, 0, NULL), *run = NULL, *rules = NULL, *results = NULL;
    const char *version = "", *schema = "", *name = "", *of_tool = "";
    int successful;
    json_t *notifications;
    cr_assert(json_unpack(log, "{ss ss s[O!]}", "version", &version, "$schema", &schema, "runs",
                          &run) == 0,
              "%s", path);
    expect_text(version, "2.1.0");
    cr_expect(strstr(schema, "sarif") != NULL);
    cr_assert(json_unpack(run, "{s{s{ss ss so}} s[{sb so}!] so}", "tool", "driver", "name", &name,
                          "version", &of_tool, "rules", &rules, "invocations",
                          "executionSuccessful", &successful, "toolExecutionNotifications",
                          &notifications, "results", &results) == 0,
              "%s", path);
    expect_text(name, "hazard");
    expect_rules(rules, path);
    expect_results(results, rules, path);
    json_decref(log);
    return run;
}
