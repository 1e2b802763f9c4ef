/* SPDX-License-Identifier: BSD-3-Clause */
/* intern: arrays that many groups have alike, kept once. What is interned never changes again. */
#ifndef HK_CORE_INTERN_H
#define HK_CORE_INTERN_H
#include "arena.h"
#include "table.h"

struct intern {
    struct table table;
    struct interned *item;
    uint32_t n, room;
    struct arena arena;
};

/* An array with these bytes, 64-byte aligned: the same one for the same bytes. NULL without memory.
 * One thread at a time. */
void *intern(struct intern *all, const void *bytes, size_t size);

size_t intern_bytes(const struct intern *all); /* taken */

/* Frees every array. */
void intern_free(struct intern *all);

#endif
