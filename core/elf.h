/* SPDX-License-Identifier: BSD-3-Clause */
/* elf: looks into a file before the dynamic loader does, which maps a bad one without a look and
 * runs the code of a foreign one. */
#ifndef HK_CORE_ELF_H
#define HK_CORE_ELF_H
#include "hillock/context.h"

/* Whether the file is a whole shared object for this machine that defines a data symbol of that
 * name; *size gets the symbol's size, or 0 where the file does not tell. HK_FILE: unreadable, or no
 * such object; HK_PLUGIN: it has no such symbol. */
hk_status elf_check(hk_context *ctx, const char *file, const char *symbol, uint64_t *size);

#endif
