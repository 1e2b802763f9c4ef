/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64, CHUNK = 256 * 1024 };

static int add_chunk(struct arena *arena, size_t least) {
    size_t room = least + ALIGN > CHUNK ? least + ALIGN : CHUNK;
    char *chunk = aligned_alloc(ALIGN, room);
    if (!chunk) {
        arena->failed = 1;
        return 0;
    }
    memset(chunk, 0, room);
    memcpy(chunk, &arena->chunk, sizeof arena->chunk);
    arena->chunk = chunk;
    arena->used = ALIGN;
    arena->room = room;
    return 1;
}

void *arena_take(struct arena *arena, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2) / size) {
        arena->failed = 1;
        return NULL;
    }
    size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    bytes = bytes ? bytes : ALIGN;
    if ((!arena->chunk || arena->room - arena->used < bytes) && !add_chunk(arena, bytes)) {
        return NULL;
    }
    char *piece = (char *)arena->chunk + arena->used;
    arena->used += bytes;
    arena->total += bytes;
    return piece;
}

void arena_free(struct arena *arena) {
    void *chunk = arena->chunk;
    while (chunk) {
        void *before;
        memcpy(&before, chunk, sizeof before);
        free(chunk);
        chunk = before;
    }
    memset(arena, 0, sizeof *arena);
}
