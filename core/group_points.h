/* SPDX-License-Identifier: BSD-3-Clause */
/* group_points: columns of point processes that groups share. */
#ifndef HK_CORE_GROUP_POINTS_H
#define HK_CORE_GROUP_POINTS_H
#include "group.h"

/* Whether a column of points is the same at any time, so that groups may share it. */
static inline bool point_shares(const struct hk_field *field) {
    return field->role == HK_PARAMETER || field->role == HK_DERIVED || field->role == HK_DIAMETER ||
           field->role == HK_AREA;
}

/* Calls the plugin's init; what it derives, which is there already, goes nowhere. False where
 * memory is short. */
bool point_init(const struct point_patch *p);

#endif
