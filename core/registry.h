/* SPDX-License-Identifier: BSD-3-Clause */
/* registry: finds, checks, loads and lists plugins. It knows them by content and by name, never by
 * path. */
#ifndef HK_CORE_REGISTRY_H
#define HK_CORE_REGISTRY_H
#include "hillock/context.h"
#include "hillock/plugin.h"
#include "hillock/registry.h"

struct registry;

/* Closes every plugin that it loaded. NULL is fine. */
void registry_free(struct registry *registry);

/* Whether the plugin's arithmetic rounds a product before it adds to it, as the same bits for every
 * grouping need. Calls its `rounding`: so only before a run, when its code is about to be called
 * anyway. HK_PLUGIN. */
hk_status registry_check_rounding(hk_context *ctx, const struct hk_plugin *plugin);

#endif
