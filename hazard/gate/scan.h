/* SPDX-License-Identifier: MIT */
/* Looks through what came of a hand-in: the preprocessed text, both of them together, the object. */
#ifndef HAZARD_GATE_SCAN_H
#define HAZARD_GATE_SCAN_H

#include "hazard/gate/own_text.h"
#include "hazard/gate/sources.h"

/*
 * The student's tokens. Those of gcc's text come first: what stands there in a macro of the system's is not theirs,
 * and of clang's text, which does not tell, nothing counts that gcc's has in the same line. So `first` is NULL, or gcc's.
 */
void scan_tokens(struct notes *notes, const struct own_text *text, const struct own_text *first);

/* Lines that one compiler has and the other has not. */
void scan_difference(struct notes *notes, const struct sources_read *sources,
                     const struct own_text *const texts[GATE_COMPILERS]);

/* An object made of the text, of which `source` is the file. -1 and *error: it is none. */
int scan_object(struct notes *notes, const char *object, const struct own_text *text,
                const char *source, struct error *error);

#endif
