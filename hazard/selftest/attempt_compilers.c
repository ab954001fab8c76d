/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins that attack while they are compiled, where a grader may forget that the hand-in is at work already.
 * All are ordinary C: long, wrong, or naming files that are not theirs.
 */
#include "hazard/selftest/attempt.h"

#define FILES                                                                                      \
    { "mount namespace, Landlock", "Landlock", "Landlock" }
#define LIMIT(what)                                                                                \
    { what, what, what }

/* As long to compile as it is long. */
#define LONG_SOURCE                                                                                \
    "seq 30000 | sed 's/.*/int f&(int a) { int s = 0; for (int i = 0; i < a; i++) s += i * & % "   \
    "(a | 1); return s; }/' >long.c; "

static const struct attempt compilers[] = {
    {"compile-long", "takes a long time to be compiled", LIMIT("watched time, watched memory"),
     NULL, LONG_SOURCE "gcc -O2 -c long.c && exit 70", false},
    {"compile-diagnostics", "has the compiler print without end", LIMIT("bounded pipes"), NULL,
     "seq 9000 | sed 's/.*/int v& = undeclared_name_of_some_length_&;/' >wrong.c; "
     "gcc -fmax-errors=0 -c wrong.c; exit 70",
     false},
    {"compile-includes", "includes a secret, to have it quoted in an error", FILES, NULL,
     "echo \"#include \\\"$SECRET\\\"\" >include.c; gcc -c include.c", false},
    {"compile-dumps-macros", "has a secret included on the command line", FILES, NULL,
     "echo 'int x;' >x.c; gcc -include \"$SECRET\" -E x.c", false},
    {"compile-embeds", "has the assembler put a secret into the program", FILES, NULL,
     "printf '__asm__(\".incbin \\\\\"%s\\\\\"\");\\n' \"$SECRET\" >embed.c; gcc -c embed.c",
     false},
    {"compile-response", "has the compiler read a secret as its options", FILES, NULL,
     "gcc \"@$SECRET\"", false},
    {"compile-follows", "includes a secret up from its own folder", FILES, NULL,
     "echo \"#include \\\"../../../../../../../..$SECRET\\\"\" >up.c; gcc -c up.c", false},
    {"compile-writes", "has the compiler write outside", FILES, NULL,
     "echo 'int x;' >x.c; gcc -c x.c -o \"$OUTSIDE/made.o\"", false},
    {"compile-depends", "has the compiler write a list of files outside", FILES, NULL,
     "echo 'int x;' >x.c; gcc -MMD -MF \"$OUTSIDE/made.d\" -c x.c", false},
    {"link-embeds", "has the linker put a secret into the program", FILES, NULL,
     "ld -r -b binary -o secret.o \"$SECRET\"", false},
};

struct attempt_list attempt_list_compilers(void) {
    return (struct attempt_list){compilers, sizeof compilers / sizeof *compilers};
}
