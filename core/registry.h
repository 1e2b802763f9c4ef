/* SPDX-License-Identifier: BSD-3-Clause */
/* registry: finds, checks, loads and lists plugins. It knows them by content and by name, never by path. */
#ifndef HK_CORE_REGISTRY_H
#define HK_CORE_REGISTRY_H
#include "hillock/context.h"

struct registry;

/* Closes every plugin that it loaded. NULL is fine. */
void registry_free(struct registry *registry);

#endif
