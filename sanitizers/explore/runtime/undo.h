/* SPDX-License-Identifier: MIT */
/* The log of what was overwritten since a checkpoint: checkpoint.c. */
#ifndef HAZARD_EXPLORE_RUNTIME_UNDO_H
#define HAZARD_EXPLORE_RUNTIME_UNDO_H

#include <stdbool.h>
#include <stddef.h>

enum { UNDO_LINE = 64 };

void undo_start(void); /* once */
void undo_begin(void); /* empty */

/* What is there now, up to a line of it, comes back when the log is undone. */
void undo_save(void *at, size_t size);

/* However long it is. */
void undo_save_all(void *at, size_t size);

/* A line, which is what its image is not: the image comes back in both, and becomes like it. */
void undo_save_line(char *line, char *image);

size_t undo_count(void);
void undo_back(size_t count); /* undoes all but so many */

/* What was logged so far counts for nothing. */
void undo_lose(void);

/* There was no room, or it was lost: what was logged before that is lost. Then false, until the next undo_begin() or
 * undo_renew(). */
bool undo_is_whole(void);
void undo_renew(void);

#endif
