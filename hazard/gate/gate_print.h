/* SPDX-License-Identifier: MIT */
/* What the gate has refused, for people and for programs. */
#ifndef HAZARD_GATE_GATE_PRINT_H
#define HAZARD_GATE_GATE_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "hazard/gate/gate.h"

/* A paragraph each: where and which line, why, what honest code does. */
void gate_print(FILE *out, const struct gate *gate);

/* {"refusals": [{"kind", "file", "line", "text", "what", "why", "honest"}]}. New reference. */
json_t *gate_json(const struct gate *gate);

#endif
