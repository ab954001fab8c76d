/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/memory.h"
#include "hazard/commands/checking.h"
#include "hazard/commands/commands.h"
#include "hazard/render/render_json.h"
#include "hazard/render/render_matrix.h"

static error_t parse(int key, char *argument, struct argp_state *state) {
    (void)argument;
    const struct checking *checking = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->input;
        return 0;
    case ARGP_KEY_END:
        if (checking->naming.args != NULL || checking->server)
            argp_error(state, "the suite's programs have their arguments from the catalogue");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_json(const struct suite_report *report) {
    json_t *value = render_json_matrix(report);
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}

int cmd_matrix(int argc, char **argv) {
    static const struct argp_child children[] = {{&checking_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .parser = parse,
        .children = children,
        .args_doc = "[NAME...]",
        .doc =
            "Runs the suite under the detectors and compares each verdict with the catalogue's.\v"
            "NAME is a hazard; without one, all of them.\n\n"
            "Exit status: 0 all verdicts as expected, 1 some are not, 2 misuse or hazard's own "
            "failure, "
            "3 interrupted.",
    };
    void *owner = new_owner();
    struct checking checking = checking_new(owner, "matrix");
    checking.suite_only = true;
    argc = naming_split(&checking.naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &checking);

    struct suite_report report;
    int code = checking_run(&checking, &report);
    if (code == EXIT_CLEAN) {
        if (checking.json)
            print_json(&report);
        else
            render_matrix(stdout, &report);
        code = report.mismatches > 0 ? EXIT_HAZARD : EXIT_CLEAN;
    }
    talloc_free(owner);
    return code;
}
