/* SPDX-License-Identifier: BSD-3-Clause */
/* spec_order: an order of specs that depends on nothing but what is in them, so that what is laid
 * out by it does not depend on the order in which a script made things. */
#ifndef HK_CORE_SPEC_ORDER_H
#define HK_CORE_SPEC_ORDER_H
#include "network.h"

/* <0, 0 or >0 by the plugin's name and the HK_GLOBAL values. Specs of one class share a block. */
int spec_class_compare(const struct spec *a, const struct spec *b);

/* <0, 0 or >0 by all values and lists but the connections' weights, for specs of one plugin: 0 says
 * that instances are alike. */
int spec_compare(const struct spec *a, const struct spec *b);

#endif
