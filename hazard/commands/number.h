/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_COMMANDS_NUMBER_H
#define HAZARD_COMMANDS_NUMBER_H

#include <argp.h>

/* An option's value, from min to max; else argp's error with the option's name. */
double number_from(const struct argp_state *state, const char *option, const char *text, double min,
                   double max);

/* The same for a whole number from 1 to max. */
int number_count(const struct argp_state *state, const char *option, const char *text, int max);

#endif
