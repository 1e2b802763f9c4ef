/* SPDX-License-Identifier: BSD-3-Clause */
/* table: finds the index of a thing in somebody's array by a hash of the thing. It knows nothing of
 * the things: whoever looks up goes through the candidates and compares: for (uint32_t at = 0, i;
 * (i = table_next(table, hash, &at)) != HK_NONE;) { if (things[i] is it) ... } */
#ifndef HK_CORE_TABLE_H
#define HK_CORE_TABLE_H
#include "hillock/context.h"

struct table_slot {
    uint32_t index; /* plus 1; 0: empty */
    uint32_t hash;
};

struct table {
    uint32_t used;
    uint64_t room; /* slots: 0 or a power of two */
    struct table_slot *slot;
};

/* Room for `more` indices beyond those in it; false where memory is short. */
bool table_reserve(struct table *table, uint64_t more);

/* The candidates with this hash, one a call, HK_NONE after the last; *at is 0 at first. */
uint32_t table_next(const struct table *table, uint64_t hash, uint32_t *at);

/* Adds an index; room for it has been reserved. */
void table_add(struct table *table, uint64_t hash, uint32_t index);

/* Takes out what was added last. */
void table_remove_last(struct table *table, uint64_t hash, uint32_t index);

void table_free(struct table *table);

static inline size_t table_bytes(const struct table *table) {
    return table->room * sizeof *table->slot;
}

/* A hash from one before it and 64 bits more. */
uint64_t table_hash(uint64_t before, uint64_t bits);
uint64_t table_hash_double(uint64_t before, double value);
uint64_t table_hash_text(uint64_t before, const char *text);

#endif
