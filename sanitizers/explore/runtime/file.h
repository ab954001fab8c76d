/* SPDX-License-Identifier: MIT */
/* What glibc's FILE tells. */
#ifndef HAZARD_EXPLORE_RUNTIME_FILE_H
#define HAZARD_EXPLORE_RUNTIME_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* A stream in memory: open_memstream's has no descriptor, fmemopen's one that is none. */
static inline bool file_is_memory(const FILE *file) {
    enum { FILE_BUFFER = 0x2000 }; /* _IO_IS_FILEBUF */
    return (file->_flags & FILE_BUFFER) == 0 || file->_fileno < 0;
}

#endif
