/* SPDX-License-Identifier: BSD-3-Clause */
#include "intern.h"
#include <stdlib.h>
#include <string.h>

struct interned {
    size_t size;
    void *bytes;
};

static uint64_t hash_bytes(const unsigned char *bytes, size_t size) {
    uint64_t hash = size, word = 0;
    size_t whole = size - size % sizeof word;
    for (size_t k = 0; k < whole; k += sizeof word) {
        memcpy(&word, bytes + k, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, bytes + whole, size - whole);
    return table_hash(hash, word);
}

static bool make_room(struct intern *all) {
    if (all->n == all->room) {
        uint32_t room = all->room ? 2 * all->room : 64;
        struct interned *item = realloc(all->item, room * sizeof *item);
        if (!item) {
            return false;
        }
        all->item = item;
        all->room = room;
    }
    return table_reserve(&all->table, 1);
}

void *intern(struct intern *all, const void *bytes, size_t size) {
    uint64_t hash = hash_bytes(bytes, size);
    for (uint32_t at = 0, i; (i = table_next(&all->table, hash, &at)) != HK_NONE;) {
        if (all->item[i].size == size && memcmp(all->item[i].bytes, bytes, size) == 0) {
            return all->item[i].bytes;
        }
    }
    void *copy = make_room(all) ? arena_take(&all->arena, size, 1) : NULL;
    if (copy) {
        memcpy(copy, bytes, size);
        table_add(&all->table, hash, all->n);
        all->item[all->n++] = (struct interned){size, copy};
    }
    return copy;
}

size_t intern_bytes(const struct intern *all) {
    return all->arena.total + table_bytes(&all->table) + all->room * sizeof *all->item;
}

void intern_free(struct intern *all) {
    arena_free(&all->arena);
    table_free(&all->table);
    free(all->item);
    *all = (struct intern){0};
}
