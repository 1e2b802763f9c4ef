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

static const struct hk_record memory_record = {
    .state_size = sizeof(struct memory),
    .open = memory_open,
    .write = memory_write,
    .close = memory_close,
    .view = memory_view,
};

HK_PLUGIN(memory) = {
    HK_HEADER(memory, HK_RECORDER, "memory", "keeps the rows in memory"),
    .record = &memory_record,
};
