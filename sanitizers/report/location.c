/* SPDX-License-Identifier: MIT */
#include "report/location.h"

#include "base/memory.h"

void location_add_frame(void *owner, struct location *location, struct frame one) {
    location->frames = grow_array(owner, location->frames, struct frame, location->frame_count + 1);
    location->frames[location->frame_count++] = one;
}

static const struct frame *innermost(const struct location *location, const struct sources *sources,
                                     bool (*belongs)(const struct frame *, const char *)) {
    for (size_t i = 0; i < location->frame_count; i++)
        for (size_t j = 0; j < sources->count; j++)
            if (belongs(&location->frames[i], sources->paths[j]))
                return &location->frames[i];
    return NULL;
}

const struct frame *location_own_frame(const struct location *location,
                                       const struct sources *sources) {
    const struct frame *own = innermost(location, sources, frame_in_file);
    return own != NULL ? own : innermost(location, sources, frame_beside_file);
}
