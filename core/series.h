/* SPDX-License-Identifier: BSD-3-Clause */
/* series: a long list of whole numbers, kept in little memory. Blocks of SERIES_BLOCK numbers are
 * each kept as narrow as they are: an even progression as its first number and step, others as the
 * distances of 1, 2, 4 or 8 bytes from their least. What a bulk call makes by the million follows
 * simple patterns, and so costs some bytes a thing; what follows none costs what it would in an
 * array. Any number is found in constant time. */
#ifndef HK_CORE_SERIES_H
#define HK_CORE_SERIES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERIES_BLOCK = 256 };

struct series_block {
    uint64_t base;
    union {
        uint64_t step;
        void *distance; /* [SERIES_BLOCK] */
    } of;
    uint32_t width; /* bytes of a distance; 0: a progression */
};

struct series { /* all 0: empty */
    uint32_t n;
    uint32_t room; /* blocks */
    struct series_block *block;
    uint64_t *open; /* the last block while it is not full: it is the block's distance too */
    size_t bytes;   /* taken */
};

/* Number i, which must exist. */
static inline uint64_t series_get(const struct series *s, uint32_t i) {
    const struct series_block *b = &s->block[i / SERIES_BLOCK];
    uint32_t k = i % SERIES_BLOCK;
    switch (b->width) {
    case 0: return b->base + k * b->of.step;
    case 1: return b->base + ((const uint8_t *)b->of.distance)[k];
    case 2: return b->base + ((const uint16_t *)b->of.distance)[k];
    case 4: return b->base + ((const uint32_t *)b->of.distance)[k];
    default: return b->base + ((const uint64_t *)b->of.distance)[k];
    }
}

/* Appends a number; false where memory is short, and then nothing has changed. */
bool series_add(struct series *s, uint64_t value);

/* Changes a number that is there; false where memory is short. To change it back needs none. */
bool series_set(struct series *s, uint32_t i, uint64_t value);

/* Drops all but the first n. */
void series_cut(struct series *s, uint32_t n);

/* Gives back what room is left over; from then on the numbers are only read. */
void series_settle(struct series *s);

void series_free(struct series *s);

#endif
