/* SPDX-License-Identifier: MIT */
/* The arguments of printf, scanf and their like. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_FORMAT_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_FORMAT_H

#include <stdarg.h>

#include "explore/runtime/calls/visit.h"

void format_printf(struct visit *visit);                   /* before */
void format_scanf(struct visit *visit, va_list list);      /* after */
void format_list(const struct visit *visit, va_list list); /* the arguments after the format */

#endif
