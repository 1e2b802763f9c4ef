/* SPDX-License-Identifier: BSD-3-Clause */
/* names: what messages say of names: which one is near, and which ones there are. */
#ifndef HK_CORE_NAMES_H
#define HK_CORE_NAMES_H
#include <stddef.h>
#include <stdint.h>

enum { NAMES_ROOM = 1024 };

/* How far apart two names are: 4 for a letter too many, too few or wrong and for two neighbours
 * that changed places (the optimal string alignment distance), 1 for a letter in the other case. Of
 * long names the first 63 bytes count. */
uint32_t names_distance(const char *a, const char *b);

/* The nearest of n known names, the first one of several; NULL where n is 0. */
const char *names_nearest(const char *name, uint32_t n, const char *const *known);

/* `a, b and c`, in room; what does not fit is counted: `a, b and 7 more`. "nothing" where n is 0.
 * Returns room. */
const char *names_list(char room[NAMES_ROOM], uint32_t n, const char *const *name);

#endif
