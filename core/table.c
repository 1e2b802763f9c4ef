/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"
#include <stdlib.h>
#include <string.h>

/* The finalizer of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
 * generators"). */
uint64_t table_hash(uint64_t before, uint64_t bits) {
    uint64_t h = before * 0x9e3779b97f4a7c15u + bits + 0x632be59bd9b4e019u;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

uint64_t table_hash_double(uint64_t before, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return table_hash(before, bits);
}

uint64_t table_hash_text(uint64_t before, const char *text) {
    uint64_t h = before;
    for (const char *c = text; *c; c++) {
        h = table_hash(h, (unsigned char)*c);
    }
    return h;
}

/* The first empty slot from where the hash points. */
static struct table_slot *vacancy(struct table_slot *slot, uint64_t room, uint32_t hash) {
    uint64_t at = hash & (room - 1);
    while (slot[at].index) {
        at = (at + 1) & (room - 1);
    }
    return &slot[at];
}

bool table_reserve(struct table *table, uint64_t more) {
    uint64_t room = table->room ? table->room : 16;
    while (room < 2 * (table->used + more)) {
        room *= 2;
    }
    if (room == table->room) {
        return true;
    }
    struct table_slot *slot = calloc(room, sizeof *slot);
    if (!slot) {
        return false;
    }
    for (uint64_t i = 0; i < table->room; i++) {
        if (table->slot[i].index) {
            *vacancy(slot, room, table->slot[i].hash) = table->slot[i];
        }
    }
    free(table->slot);
    table->slot = slot;
    table->room = room;
    return true;
}

uint32_t table_next(const struct table *table, uint64_t hash, uint32_t *at) {
    uint64_t mask = table->room - 1;
    while (table->room) {
        const struct table_slot *slot = &table->slot[((uint32_t)hash + (uint64_t)(*at)++) & mask];
        if (!slot->index) {
            break;
        }
        if (slot->hash == (uint32_t)hash) {
            return slot->index - 1;
        }
    }
    return HK_NONE;
}

void table_add(struct table *table, uint64_t hash, uint32_t index) {
    *vacancy(table->slot, table->room, (uint32_t)hash) =
        (struct table_slot){.index = index + 1, .hash = (uint32_t)hash};
    table->used++;
}

void table_remove_last(struct table *table, uint64_t hash, uint32_t index) {
    uint64_t at = (uint32_t)hash & (table->room - 1);
    while (table->slot[at].index != index + 1) {
        at = (at + 1) & (table->room - 1);
    }
    table->slot[at] = (struct table_slot){0};
    table->used--;
}

void table_free(struct table *table) {
    free(table->slot);
    *table = (struct table){0};
}
