/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_CATALOG_LESSON_FOR_H
#define HAZARD_CATALOG_LESSON_FOR_H

#include "hazard/catalog/catalog.h"

/* The hazard to learn from about that kind; NULL: there is none. */
const struct hazard *lesson_for(const struct catalog *catalog, enum kind kind);

#endif
