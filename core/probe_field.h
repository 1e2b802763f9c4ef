/* SPDX-License-Identifier: BSD-3-Clause */
/* probe_field: what a probe's target names. */
#ifndef HK_CORE_PROBE_FIELD_H
#define HK_CORE_PROBE_FIELD_H
#include "hillock/network.h"

struct probe_field {
    enum {
        FIELD_V,
        FIELD_REVERSAL,
        FIELD_INSIDE,
        FIELD_OUTSIDE,
        FIELD_ION_CURRENT, /* of all mechanisms and points at the segment, mA/cm2 */
        FIELD_COLUMN,      /* of a mechanism or point, from here on */
        FIELD_CURRENT,
        FIELD_SLOPE
    } what;
    uint32_t mechanism, ion, column; /* indices in the cell type; column of the plugin */
};

/* HK_NOT_FOUND names what was asked for and the nearest that there is. */
hk_status probe_resolve(const hk_net *net, const struct hk_target *target, struct probe_field *out);

#endif
