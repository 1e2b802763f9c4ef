/* SPDX-License-Identifier: BSD-3-Clause */
/* memory: keeps the rows in memory, where `view` shows them. */
#include "hillock/plugin.h"
#include <stdlib.h>

struct memory {
    double *row;
    uint64_t n, room; /* rows */
};

static int memory_open(struct hk_recorder *r) {
    struct memory *m = r->state;
    m->n = 0;
    return 0;
}

static int memory_grow(struct hk_recorder *r, uint64_t n) {
    struct memory *m = r->state;
    uint64_t room = m->room + m->room / 2, width = r->n_column * sizeof(double);
    room = room < n ? n : room;
    room = room < 64 ? 64 : room;
    double *row = room <= SIZE_MAX / width ? realloc(m->row, (size_t)(room * width)) : NULL;
    if (!row) {
        r->host->fail(r, "no memory for %llu rows of %u numbers", (unsigned long long)room,
                      (unsigned)r->n_column);
        return 1;
    }
    m->row = row;
    m->room = room;
    return 0;
}

static int memory_write(struct hk_recorder *r, const double *row, uint32_t n_row) {
    struct memory *m = r->state;
    if (!n_row)
        return 0;
    if (m->room - m->n < n_row && memory_grow(r, m->n + n_row))
        return 1;
    memcpy(m->row + m->n * r->n_column, row, sizeof *row * r->n_column * n_row);
    m->n += n_row;
    return 0;
}

static int memory_close(struct hk_recorder *r) {
    struct memory *m = r->state;
    free(m->row);
    *m = (struct memory){NULL, 0, 0};
    return 0;
}

static const double *memory_view(struct hk_recorder *r, uint64_t *n_row) {
    struct memory *m = r->state;
    *n_row = m->n;
    return m->row;
}

/* Saved as its rows, each number as 8 bytes, the lowest first. */
static int memory_save(struct hk_recorder *r,
                       void (*put)(void *to, const void *bytes, uint64_t n_byte), void *to) {
    const struct memory *m = r->state;
    const uint64_t n = m->n * r->n_column;
    unsigned char some[8 * 512];
    for (uint64_t at = 0; at < n; at += 512) {
        uint64_t many = n - at < 512 ? n - at : 512;
        for (uint64_t k = 0; k < many; k++) {
            uint64_t bits;
            memcpy(&bits, &m->row[at + k], sizeof bits);
            for (int b = 0; b < 8; b++)
                some[8 * k + (uint64_t)b] = (unsigned char)(bits >> 8 * b);
        }
        put(to, some, 8 * many);
    }
    return 0;
}

static int memory_check(struct hk_recorder *r, const void *bytes, uint64_t n_byte) {
    (void)bytes;
    if (n_byte % (8 * (uint64_t)r->n_column) == 0)
        return 0;
    r->host->fail(r, "%llu bytes are no rows of %u numbers", (unsigned long long)n_byte,
                  (unsigned)r->n_column);
    return 1;
}

static int memory_restore(struct hk_recorder *r, const void *bytes, uint64_t n_byte) {
    struct memory *m = r->state;
    const unsigned char *from = bytes;
    *m = (struct memory){NULL, 0, 0};
    if (memory_check(r, bytes, n_byte) ||
        (n_byte && memory_grow(r, n_byte / (8 * (uint64_t)r->n_column))))
        return 1;
    m->n = n_byte / (8 * (uint64_t)r->n_column);
    for (uint64_t k = 0; k < m->n * r->n_column; k++, from += 8) {
        uint64_t bits = 0;
        for (int b = 0; b < 8; b++)
            bits |= (uint64_t)from[b] << 8 * b;
        memcpy(&m->row[k], &bits, sizeof bits);
    }
    return 0;
}

static const struct hk_record_save memory_taken = {
    .save = memory_save,
    .check = memory_check,
    .restore = memory_restore,
};

static const struct hk_ability memory_abilities[] = {{HK_RECORD_SAVE, &memory_taken}};

static const struct hk_record memory_record = {
    .state_size = sizeof(struct memory),
    .open = memory_open,
    .write = memory_write,
    .close = memory_close,
    .view = memory_view,
};

HK_PLUGIN(memory) = {
    HK_HEADER(memory, HK_RECORDER, "memory", "keeps the rows in memory"),
    .ability = memory_abilities,
    .n_ability = 1,
    .record = &memory_record,
};
