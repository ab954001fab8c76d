/* SPDX-License-Identifier: MIT */
#include "base/signal_name.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *signal_name(int number) {
    static char names[_NSIG][32];
    if (number <= 0 || number >= _NSIG) {
        static char other[32];
        snprintf(other, sizeof other, "signal %d", number);
        return other;
    }
    char *name = names[number];
    const char *abbreviation = sigabbrev_np(number);
    if (abbreviation != NULL)
        snprintf(name, sizeof names[0], "SIG%s", abbreviation);
    else if (number == SIGRTMIN)
        snprintf(name, sizeof names[0], "SIGRTMIN");
    else if (number > SIGRTMIN && number <= SIGRTMAX)
        snprintf(name, sizeof names[0], "SIGRTMIN+%d", number - SIGRTMIN);
    else
        snprintf(name, sizeof names[0], "signal %d", number);
    return name;
}

int signal_name_number(const char *word) {
    char *end;
    long number = strtol(word, &end, 10);
    if (end != word && *end == '\0')
        return number > 0 && number < _NSIG ? (int)number : 0;
    const char *name = strncasecmp(word, "SIG", 3) == 0 ? word + 3 : word;
    for (int i = 1; i < _NSIG; i++)
        if (strcasecmp(signal_name(i), word) == 0 || strcasecmp(signal_name(i) + 3, name) == 0)
            return i;
    return strcmp(name, "IOT") == 0 ? SIGABRT : 0;
}
