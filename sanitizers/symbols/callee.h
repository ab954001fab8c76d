/* SPDX-License-Identifier: MIT */
/* The name of what a call instruction calls. */
#ifndef HAZARD_SYMBOLS_CALLEE_H
#define HAZARD_SYMBOLS_CALLEE_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

/* The function whose call returns to `pc`; NULL: unknown (called through a pointer). Lives as long
 * as the module. */
const char *callee_name(Dwfl_Module *module, uint64_t pc);

#endif
