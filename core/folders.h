/* SPDX-License-Identifier: BSD-3-Clause */
/* folders: where plugins' files are. */
#ifndef HK_CORE_FOLDERS_H
#define HK_CORE_FOLDERS_H
#include "hillock/context.h"

bool folder_is(const char *path);

/* The folder of the plugins that came with this library: beside the file that it was loaded from,
 * or beside the program that it is a part of. To be freed; NULL where memory is short. */
char *folder_library(void);

/* The paths of the files in a folder whose names end in .so, by name; none where it cannot be read.
 * `stem`: only those called so but for upper and lower case; NULL for all. HK_NO_MEMORY. */
struct folder_files {
    uint32_t n;
    char **path;
};
hk_status folder_files(hk_context *ctx, const char *folder, const char *stem,
                       struct folder_files *out);
void folder_files_free(struct folder_files *files);

#endif
