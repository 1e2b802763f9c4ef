/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A piece of at least LARGE has a chunk of its own, so that a chunk leaves little unused. */
enum { ALIGN = 64, LARGE = 2 * 1024, CHUNK = 8 * 1024 };

/* A chunk with so much room beyond its link, which is to `before`. */
static char *new_chunk(struct arena *arena, size_t room, void *before) {
    char *chunk = aligned_alloc(ALIGN, room + ALIGN);
    if (!chunk) {
        arena->failed = 1;
        return NULL;
    }
    memcpy(chunk, &before, sizeof before);
    arena->total += room + ALIGN;
    return chunk;
}

static void *take_large(struct arena *arena, size_t bytes) {
    void *after;
    memcpy(&after, arena->chunk, sizeof after);
    char *chunk = new_chunk(arena, bytes, after);
    if (!chunk) {
        return NULL;
    }
    memcpy(arena->chunk, &chunk, sizeof chunk); /* behind the one that small pieces come from */
    return memset(chunk + ALIGN, 0, bytes);
}

void *arena_take(struct arena *arena, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2) / size) {
        arena->failed = 1;
        return NULL;
    }
    size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    bytes = bytes ? bytes : ALIGN;
    if (arena->chunk && bytes >= LARGE) {
        return take_large(arena, bytes);
    }
    if (!arena->chunk || arena->room - arena->used < bytes) {
        size_t room = bytes > CHUNK ? bytes : CHUNK;
        void *chunk = new_chunk(arena, room, arena->chunk);
        if (!chunk) {
            return NULL;
        }
        arena->chunk = chunk;
        arena->used = ALIGN;
        arena->room = room + ALIGN;
    }
    char *piece = (char *)arena->chunk + arena->used;
    arena->used += bytes;
    return memset(piece, 0, bytes);
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
