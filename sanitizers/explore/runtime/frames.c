/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/frames.h"
#include "explore/runtime/places.h"
#include "explore/runtime/unsupported.h"

void frames_begin(int actor) {
    static bool mapped;
    if (!mapped && !place_map(FRAMES_ADDRESS, FRAMES_SIZE * OP_ACTORS))
        unsupported(0, SAY_NO_FRAME_MEMORY);
    mapped = true;
    frames_of(actor)->depth = 0;
}
