/* SPDX-License-Identifier: MIT */
/* What the loader made of the program: whose code an address is, and where its tables lie. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_IMAGE_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_IMAGE_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

enum home {
    HOME_NONE,     /* no code */
    HOME_PROGRAM,  /* the program, and so the runtime */
    HOME_LIBRARY,  /* the C library, all that the table knows */
    HOME_HARMLESS, /* mathematics, the compiler's own */
    HOME_OTHER     /* somebody else's library */
};

struct program_image {
    uintptr_t bias; /* what the program was moved by when it was loaded */
    const ElfW(Dyn) * dynamic;
    uintptr_t code, code_end;
    uintptr_t relro, relro_end; /* read-only after relocation */
};

void image_find(struct program_image *image);

/* The same of a library, by the last part of its path. False: it is not loaded. */
bool image_find_library(const char *name, struct program_image *image);
enum home image_home(uintptr_t address);

/* The entry of the dynamic section as an address; 0: there is none. */
uintptr_t image_address(const struct program_image *image, int64_t tag);
uint64_t image_value(const struct program_image *image, int64_t tag);

#endif
