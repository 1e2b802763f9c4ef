/* SPDX-License-Identifier: BSD-3-Clause */
#include "series.h"
#include <stdlib.h>
#include <string.h>

static uint32_t width_of(uint64_t most) {
    return most > UINT32_MAX ? 8 : most > UINT16_MAX ? 4 : most > UINT8_MAX ? 2 : 1;
}

static uint64_t largest(uint32_t width) {
    return width == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * width) - 1;
}

static void put(const struct series_block *b, uint32_t k, uint64_t distance) {
    switch (b->width) {
    case 1: ((uint8_t *)b->of.distance)[k] = (uint8_t)distance; break;
    case 2: ((uint16_t *)b->of.distance)[k] = (uint16_t)distance; break;
    case 4: ((uint32_t *)b->of.distance)[k] = (uint32_t)distance; break;
    default: ((uint64_t *)b->of.distance)[k] = distance; break;
    }
}

/* Makes a block of these n numbers. */
static bool pack(struct series *s, const uint64_t *value, uint32_t n, struct series_block *out) {
    uint64_t least = value[0], most = value[0], step = n > 1 ? value[1] - value[0] : 0;
    bool even = true;
    for (uint32_t k = 1; k < n; k++) {
        even = even && value[k] - value[k - 1] == step;
        least = value[k] < least ? value[k] : least;
        most = value[k] > most ? value[k] : most;
    }
    if (even) {
        *out = (struct series_block){.base = value[0], .of.step = step};
        return true;
    }
    *out = (struct series_block){.base = least, .width = width_of(most - least)};
    out->of.distance = malloc((size_t)SERIES_BLOCK * out->width);
    if (!out->of.distance) {
        return false;
    }
    s->bytes += (size_t)SERIES_BLOCK * out->width;
    for (uint32_t k = 0; k < n; k++) {
        put(out, k, value[k] - least);
    }
    return true;
}

static void drop(struct series *s, struct series_block *b) {
    if (b->width) {
        free(b->of.distance);
        s->bytes -= (size_t)SERIES_BLOCK * b->width;
    }
}

/* The numbers of block `at` as the open one. */
static void unpack(const struct series *s, uint32_t at, uint64_t value[SERIES_BLOCK]) {
    for (uint32_t k = 0; k < SERIES_BLOCK; k++) {
        value[k] = series_get(s, at * SERIES_BLOCK + k);
    }
}

static bool open_block(struct series *s) {
    uint32_t at = s->n / SERIES_BLOCK;
    if (at == s->room) {
        uint32_t room = s->room ? s->room + s->room / 2 : 2;
        struct series_block *block = realloc(s->block, room * sizeof *block);
        if (!block) {
            return false;
        }
        s->bytes += (room - s->room) * sizeof *block;
        s->block = block;
        s->room = room;
    }
    if (!s->open) {
        s->open = malloc(SERIES_BLOCK * sizeof *s->open);
        if (!s->open) {
            return false;
        }
        s->bytes += SERIES_BLOCK * sizeof *s->open;
    }
    s->block[at] = (struct series_block){.of.distance = s->open, .width = 8};
    return true;
}

static bool is_open(const struct series *s, const struct series_block *b) {
    return b->width == 8 && b->of.distance == s->open;
}

/* The last block is full when the next number comes: it is packed then, so that a number that was
 * added can be had without memory. */
bool series_add(struct series *s, uint64_t value) {
    if (s->n % SERIES_BLOCK == 0) {
        uint32_t at = s->n / SERIES_BLOCK;
        if (at && is_open(s, &s->block[at - 1])) {
            struct series_block packed;
            if (!pack(s, s->open, SERIES_BLOCK, &packed)) {
                return false;
            }
            s->block[at - 1] = packed;
        }
        if (!open_block(s)) {
            return false;
        }
    }
    s->open[s->n++ % SERIES_BLOCK] = value;
    return true;
}

bool series_set(struct series *s, uint32_t i, uint64_t value) {
    struct series_block *b = &s->block[i / SERIES_BLOCK];
    uint32_t k = i % SERIES_BLOCK;
    if (series_get(s, i) == value) {
        return true;
    }
    if (b->width && value >= b->base && value - b->base <= largest(b->width)) {
        put(b, k, value - b->base);
        return true;
    }
    uint64_t all[SERIES_BLOCK];
    unpack(s, i / SERIES_BLOCK, all);
    /* with the old number among them, so that it can come back into the same width */
    uint64_t old = all[k], low = value < old ? value : old, high = value < old ? old : value;
    for (uint32_t j = 0; j < SERIES_BLOCK; j++) {
        low = all[j] < low ? all[j] : low;
        high = all[j] > high ? all[j] : high;
    }
    struct series_block wide = {.base = low, .width = width_of(high - low)};
    wide.of.distance = malloc((size_t)SERIES_BLOCK * wide.width);
    if (!wide.of.distance) {
        return false;
    }
    all[k] = value;
    for (uint32_t j = 0; j < SERIES_BLOCK; j++) {
        put(&wide, j, all[j] - low);
    }
    s->bytes += (size_t)SERIES_BLOCK * wide.width;
    drop(s, b);
    *b = wide;
    return true;
}

void series_cut(struct series *s, uint32_t n) {
    if (n >= s->n) {
        return;
    }
    uint32_t last = n / SERIES_BLOCK, had = (s->n + SERIES_BLOCK - 1) / SERIES_BLOCK;
    for (uint32_t at = last; at < had; at++) {
        struct series_block *b = &s->block[at];
        if (is_open(s, b)) {
            continue;
        }
        if (at == last && n % SERIES_BLOCK) { /* it becomes the open one */
            uint64_t all[SERIES_BLOCK];
            unpack(s, at, all);
            drop(s, b);
            memcpy(s->open, all, sizeof all);
            *b = (struct series_block){.of.distance = s->open, .width = 8};
        } else {
            drop(s, b);
        }
    }
    s->n = n;
}

void series_settle(struct series *s) {
    uint32_t n = (s->n + SERIES_BLOCK - 1) / SERIES_BLOCK;
    struct series_block packed;
    if (n && is_open(s, &s->block[n - 1]) &&
        pack(s, s->open, s->n - (n - 1) * SERIES_BLOCK, &packed)) {
        s->block[n - 1] = packed;
    }
    if (s->open && !(n && is_open(s, &s->block[n - 1]))) {
        free(s->open);
        s->open = NULL;
        s->bytes -= SERIES_BLOCK * sizeof *s->open;
    }
    struct series_block *block = n ? realloc(s->block, n * sizeof *block) : NULL;
    if (block) {
        s->bytes -= (s->room - n) * sizeof *block;
        s->block = block;
        s->room = n;
    }
}

void series_free(struct series *s) {
    for (uint32_t at = 0; at < (s->n + SERIES_BLOCK - 1) / SERIES_BLOCK; at++) {
        if (!is_open(s, &s->block[at])) {
            drop(s, &s->block[at]);
        }
    }
    if (s->open) {
        s->bytes -= SERIES_BLOCK * sizeof *s->open;
    }
    s->bytes -= s->room * sizeof *s->block;
    free(s->open);
    free(s->block);
    s->open = NULL;
    s->block = NULL;
    s->n = s->room = 0;
}
