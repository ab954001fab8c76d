/* SPDX-License-Identifier: MIT */
/* For the assembler: what stubs do at their beginning and end. hook_clean (hook.S) changes nothing but r11 and xmm0. */
#ifndef HAZARD_EXPLORE_RUNTIME_CLEAN_H
#define HAZARD_EXPLORE_RUNTIME_CLEAN_H

/* clang-format off */
/* Where states are told apart (hook_cleans), what earlier calls left below the stack pointer becomes zero before a
 * hook, and so does what it leaves itself: else the same state would look like many. */
        .macro  CLEAN
        cmpb    $0, hook_cleans(%rip)
        je      1f
        call    hook_clean
1:
        .endm
        .hidden hook_cleans, hook_clean
/* clang-format on */

#endif
