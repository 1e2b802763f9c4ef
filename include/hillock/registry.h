/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h: the plugins of a context.
 *
 * A plugin is found by the name in its descriptor. The folders that are searched, first one first:
 * those given to hk_plugin_folder (the last one given first), those of the environment variable
 * HILLOCK_PLUGINS (separated by colons, read at the context's first use of plugins), then
 * `hillock/plugins` beside the library (an installed one) or else `plugins` beside it (a build
 * tree). Content, not path, identifies a plugin: loading the same content again changes nothing,
 * other content under a known name takes the name over for what is made afterwards. A name means
 * what hk_plugin_load loaded last under it; of what was never loaded so, what the first folder
 * holds that has it. */
#ifndef HK_REGISTRY_H
#define HK_REGISTRY_H
#include "hillock/context.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hk_plugin; /* plugin.h */

struct hk_plugin_info {
    const struct hk_plugin *plugin; /* its descriptor, valid as long as the context */
    const char *path;               /* the file that it was loaded from */
    const char *hash;               /* SHA-256 of that file, 64 hexadecimal digits */
};

/* Adds a folder in front of those that are searched. HK_NOT_FOUND where it is no folder. */
HK_API hk_status hk_plugin_folder(hk_context *ctx, const char *folder);

/* Loads one file, whatever its name. HK_FILE: unreadable, not an ELF file for this machine, or not
 * loadable; HK_PLUGIN: no symbol hk_plugin, another ABI version, size or kind, or a descriptor that
 * is wrong: the message names file, field and both values. */
HK_API hk_status hk_plugin_load(hk_context *ctx, const char *file, const struct hk_plugin **out);

/* The plugin of that name, loaded from the folders if need be. kind: of enum hk_kind, or 0 for any.
 * HK_NOT_FOUND lists the folders that were searched and the nearest name; HK_INVALID: it is of
 * another kind. A file in the folders that is no good is passed over, unless it is named after the
 * plugin asked for: then its own error is returned. A name with a slash is a file's path: the
 * plugin that it holds, and its own name goes on meaning what it meant. */
HK_API hk_status hk_plugin_find(hk_context *ctx, const char *name, uint32_t kind,
                                const struct hk_plugin **out);

/* Loads all that the folders hold now (files that are no good are passed over) and counts the
 * names, loaded by hand or so. */
HK_API hk_status hk_plugin_scan(hk_context *ctx, uint32_t *count);

/* The i-th plugin, by name, after hk_plugin_scan or any load. */
HK_API hk_status hk_plugin_get(hk_context *ctx, uint32_t i, struct hk_plugin_info *out);

/* What is known of a plugin of this context, also of one whose name another has taken over. */
HK_API hk_status hk_plugin_about(hk_context *ctx, const struct hk_plugin *plugin,
                                 struct hk_plugin_info *out);

/* The folders, one a line, first searched first. Valid until the next call. */
HK_API const char *hk_plugin_folders(hk_context *ctx);

#ifdef __cplusplus
}
#endif
#endif
