/* SPDX-License-Identifier: MIT */
/* What programs take of the machine that no limit of the kernel adds up: files, and memory that is a file. */
#ifndef HAZARD_RUN_USAGE_H
#define HAZARD_RUN_USAGE_H

#include "run/proc.h"

/* What the folder and all below it take on the disk, in whole blocks; an entry counts as one block
 * at least. No link is followed, no other file system entered. What vanishes meanwhile is left out. A folder that cannot be
 * listed hides what is in it: that counts as more than any limit. */
size_t usage_of_folder(const char *folder);

/* What only descriptors hold: files without a name, and memory of memfd_create(2). Each once. */
struct usage_held {
    size_t file_bytes, memory_bytes;
};
struct usage_held usage_held_by(const struct proc_tree *tree);

#endif
