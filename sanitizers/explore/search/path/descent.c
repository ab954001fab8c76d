/* SPDX-License-Identifier: MIT */
#include "explore/search/path/descent.h"

struct descent descent_of(struct arena *arena) {
    return (struct descent){.odometer = odometer_of(arena), .left = -1};
}

enum begin descent_begin(void *worker) {
    struct descent *descent = worker;
    if (descent->over)
        return BEGIN_OVER;
    odometer_begin(&descent->odometer);
    return BEGIN_RUN;
}

int descent_alternative(void *worker, int n, enum choice kind) {
    struct descent *descent = worker;
    return odometer_choose_number(&descent->odometer, (int)kind, n);
}

void descent_end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct descent *descent = worker;
    if (ending == END_ABANDONED)
        return;
    descent->left = odometer_left(&descent->odometer);
    descent->over = !odometer_advance(&descent->odometer);
}

double descent_left(void *search) {
    const struct descent *descent = search;
    return descent->left;
}
