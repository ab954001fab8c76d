/* SPDX-License-Identifier: MIT */
#include "explore/front/schedule_flag.h"

#include <stddef.h>
#include <string.h>

static bool begins_as(const char *word, const char *const *all) {
    for (; *all != NULL; all++)
        if (strncmp(word, *all, strlen(*all)) == 0)
            return true;
    return false;
}

bool schedule_flag_is_harmless(const char *word) {
    static const char *const harmful[] = {
        "-fplugin",        "-fuse-ld",    "-fprofile", "-fauto-profile", "-fdump", "-fopt-info",
        "-fcompare-debug", "-fcallgraph", "-Wl,",      "-Wa,",           "-Wp,",   "-wrapper",
        "-gsplit",         NULL};
    static const char *const harmless[] = {
        "-O",       "-D",        "-U",         "-I",       "-std=",     "-include", "-imacros",
        "-isystem", "-iquote",   "-idirafter", "-W",       "-w",        "-f",       "-g",
        "-m",       "-l",        "-L",         "-pthread", "-pedantic", "-ansi",    "-xc",
        "--param=", "-rdynamic", "-pie",       "-no-pie",  NULL};
    if (*word == '@' || *word == '\0')
        return false;
    return *word != '-' || (begins_as(word, harmless) && !begins_as(word, harmful));
}
