/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_SYMBOLS_THIN_ARCHIVE_H
#define HAZARD_SYMBOLS_THIN_ARCHIVE_H

/*
 * The files that a thin archive stands for (`ar rcT`, meson), below `owner`, NULL-terminated; NULL:
 * it is none. libelf knows no such archives.
 */
const char *const *thin_archive_members(void *owner, const char *file);

#endif
