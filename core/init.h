/* SPDX-License-Identifier: BSD-3-Clause */
/* init: a plugin's init, without writing what many groups share. */
#ifndef HK_CORE_INIT_H
#define HK_CORE_INIT_H
#include "group.h"

/* Calls the plugin's init, if it has one. The derived columns are there already, shared and right:
 * what init writes there goes nowhere. False where memory is short. */
bool init_block(const struct hk_plugin *plugin, const struct hk_block *block);

#endif
