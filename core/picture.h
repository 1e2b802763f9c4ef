/* SPDX-License-Identifier: BSD-3-Clause */
/* picture: what a step of a group's channels changes, copied: to compare it, and to give it back.
 */
#ifndef HK_CORE_PICTURE_H
#define HK_CORE_PICTURE_H
#include "group.h"

struct picture {
    double *value; /* room for picture_size */
    size_t used;
};

enum picture_way { PICTURE_TAKE, PICTURE_GIVE, PICTURE_COMPARE };

size_t picture_size(const struct group *g); /* numbers */

/* Takes the picture, gives it back to the group, or compares them; false where they differ. */
bool picture_pass(struct picture *picture, enum picture_way way, struct group *g);

#endif
