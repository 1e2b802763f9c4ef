/* SPDX-License-Identifier: BSD-3-Clause */
/* descriptor: whether a plugin's descriptor is one, for this host, and right in itself. */
#ifndef HK_CORE_DESCRIPTOR_H
#define HK_CORE_DESCRIPTOR_H
#include "hillock/context.h"
#include "hillock/plugin.h"

enum {
    DESCRIPTOR_NAME = 63,
    DESCRIPTOR_ION = 15,
    DESCRIPTOR_FIELDS = 4096,
    DESCRIPTOR_WIDTH = 1024
};

/* The part of descriptor_check that tells how much of the descriptor there is to read: magic,
 * version, sizes. One of an older minor version may be smaller than struct hk_plugin. */
hk_status descriptor_head(hk_context *ctx, const char *file, const struct hk_plugin *plugin,
                          uint64_t size);

/* Reads nothing but the descriptor and calls nothing in it. size: of the symbol, 0 if it is not
 * known. HK_PLUGIN: the message begins with the file and names what is wrong, with both values. */
hk_status descriptor_check(hk_context *ctx, const char *file, const struct hk_plugin *plugin,
                           uint64_t size);

#endif
