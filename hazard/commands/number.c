/* SPDX-License-Identifier: MIT */
#include "hazard/commands/number.h"

#include <stdlib.h>

double number_from(const struct argp_state *state, const char *option, const char *text, double min,
                   double max) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= min && value <= max))
        argp_error(state, "--%s takes a number from %g to %g, not '%s'", option, min, max, text);
    return value;
}

int number_count(const struct argp_state *state, const char *option, const char *text, int max) {
    double value = number_from(state, option, text, 1, max);
    if (value != (int)value)
        argp_error(state, "--%s takes a whole number, not '%s'", option, text);
    return (int)value;
}
