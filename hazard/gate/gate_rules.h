/* SPDX-License-Identifier: MIT */
/* What the gate refuses: a row a kind. docs/gate.md is this table. */
#ifndef HAZARD_GATE_GATE_RULES_H
#define HAZARD_GATE_GATE_RULES_H

#include <stdbool.h>

enum gate_kind {
    GATE_INCLUDE,
    GATE_LINE_MARKER,
    GATE_COMPILER_TEST,
    GATE_ATTRIBUTE,
    GATE_CONSTRUCTOR,
    GATE_SECTION,
    GATE_ALIAS,
    GATE_ASM,
    GATE_PRAGMA,
    GATE_TOOL_CALL,
    GATE_TOOL_HOOK,
    GATE_ASSUMPTION,
    GATE_LOAD,
    GATE_SYSTEM_CALL,
    GATE_RAW_EXIT,
    GATE_LIBRARY_DEFINITION,
    GATE_TOOL_FILE,
    GATE_KINDS
};

struct gate_rule {
    const char *name;
    bool off;            /* unless asked for */
    bool fixed;          /* cannot be left out: the others stand on it */
    const char *matches; /* in docs/gate.md alone */
    const char *why;
    const char *honest; /* what honest code does */
};

extern const struct gate_rule gate_rules[GATE_KINDS];

#endif
