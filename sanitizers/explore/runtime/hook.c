/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/hook.h"

char *hook_frame;
uintptr_t hook_caller;
bool hook_cleans;
