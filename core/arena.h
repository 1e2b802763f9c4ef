/* SPDX-License-Identifier: BSD-3-Clause */
/* arena: memory that is taken piece by piece and given back all at once. */
#ifndef HK_CORE_ARENA_H
#define HK_CORE_ARENA_H
#include <stddef.h>

struct arena {
    void *chunk;       /* that small pieces come from; each begins with a link to another */
    size_t used, room; /* of that chunk */
    size_t total;      /* bytes of all chunks */
    int failed;        /* some piece could not be had */
};

/* count * size bytes of zeros, 64-byte aligned and followed by room up to the next multiple of 64;
 * NULL where memory is short (then failed is set, so that a caller may take many pieces and ask
 * once). A zero arena is an empty one. */
void *arena_take(struct arena *arena, size_t count, size_t size);
void arena_free(struct arena *arena);

#define ARENA_NEW(arena, count, type) ((type *)arena_take(arena, (size_t)(count), sizeof(type)))

#endif
