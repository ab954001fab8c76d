/* SPDX-License-Identifier: MIT */
/*
 * The English of what programs say of themselves by <hazard.h>, in findings and reasons: rows as in finding_texts.h.
 */
#ifndef HAZARD_EXPLORE_MESSAGE_HEADER_TEXTS_H
#define HAZARD_EXPLORE_MESSAGE_HEADER_TEXTS_H

#define HEADER_TEXTS(X)                                                                            \
    X(ASSUMPTION, "what it assumes to hold")                                                       \
    X(ENDS_WITHIN, "ends within an atomic block")                                                  \
    X(ENDS_NO_BLOCK, "ends an atomic block that it has not begun")                                 \
    X(CHOOSES_OF, "chooses one of # values: there must be 1 to 255")                               \
    X(CHOOSES_OF_LESS, "chooses one of less than one value")                                       \
    X(REACHED, "`$' is reached")                                                                   \
    X(COMES_HERE, "comes here")                                                                    \
    X(ERROR_REACHED, "$() is called")                                                              \
    X(CHOOSES_EARLY, "what <hazard.h> asks for before main begins")                                \
    X(CHOOSES_WITHIN, "a choice within an atomic block: choose before it begins")                  \
    X(NOT_WITHIN, "a lock, a wait, a wake-up or the start of a thread within an atomic block")     \
    X(ATOMIC_BLURRED,                                                                              \
      "functions named __VERIFIER_atomic_* of which nobody knows whether they were "               \
      "inlined, or merged with others: compile them with -O0 and -g")                              \
    X(JUMPS_WITHIN, "longjmp within an atomic block")                                              \
    X(NEEDS_SV_COMP, "$ has a meaning with --sv-comp only")                                        \
    X(NO_VALUES, "$: no values are known for it")                                                  \
    X(ROUND_BY_CHOICE,                                                                             \
      "it can go round in circles as long as it gets the same values, and only states "            \
      "(--strategy=states) can tell whether others end that")

#endif
