/* SPDX-License-Identifier: BSD-3-Clause */
/* loader: one plugin's file into memory. */
#ifndef HK_CORE_LOADER_H
#define HK_CORE_LOADER_H
#include "hillock/context.h"
#include "hillock/plugin.h"

struct loaded {
    const struct hk_plugin *plugin; /* NULL: nothing is loaded */
    struct hk_plugin *whole; /* it, where an older and smaller descriptor was completed, or NULL */
    void *handle;
    int copy; /* file descriptor of the copy in memory that was loaded instead; -1: none */
};

/* Loads the file at an absolute path, which elf_check has passed and given `size`, and checks the
 * descriptor; messages call it `file`. What this process has mapped from that path or that file
 * before is left alone, and the loader would give it again whatever the file holds now: a copy of
 * the file is then loaded. */
hk_status loader_open(hk_context *ctx, const char *file, const char *path, uint64_t size,
                      struct loaded *out);
void loader_close(struct loaded *loaded);

#endif
