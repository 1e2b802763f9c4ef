/* SPDX-License-Identifier: BSD-3-Clause */
/* probe: what is sampled, when, and handed to which recorder.
 *
 * During an epoch each group writes its columns of the rows that fall into it (probe_cell); between
 * epochs the engine hands the rows to the recorder. */
#ifndef HK_CORE_PROBE_H
#define HK_CORE_PROBE_H
#include "group.h"
#include "hillock/network.h"

struct probe {
    enum hk_probe_kind kind;
    hk_context *ctx;
    const struct hk_plugin *plugin; /* of the recorder */
    struct hk_recorder recorder;
    double *option; /* the recorder's HK_GLOBAL fields */
    char *path;
    char **label; /* [n_column], "t_ms" first */
    uint32_t n_column, n_target;
    struct hk_target *target; /* names copied; n_target = 0 for all, of spikes and events */
    bool identity, aside, open, failed;
    int64_t first, every, last; /* sample at steps first, first + every, ... up to last */
    int64_t base;               /* number of the sample that row 0 of the buffer holds */
    uint32_t room;              /* rows of the buffer */
    double *row;                /* room x n_column */
};

/* Where column c of the sample of step n goes. */
static inline double *probe_cell(const struct probe *p, int64_t n, uint32_t column) {
    return p->row + ((n - p->first) / p->every - p->base) * p->n_column + column;
}
static inline bool probe_due(const struct probe *p, int64_t n) {
    return n >= p->first && n <= p->last && (n - p->first) % p->every == 0;
}

uint64_t probe_bytes(const struct probe *p); /* taken, but for what its recorder took */
void probe_free(struct probe *p);            /* closes its recorder; NULL is fine */

/* Room for what an epoch of so many steps can bring. */
hk_status probe_room(struct probe *p, int64_t epoch_steps);
/* A run begins: opens the recorder, anew where it was open. */
hk_status probe_begin(struct probe *p);
/* Hands over all rows of steps up to n (values), or these events sorted by time (spikes and
 * events). */
hk_status probe_pass(struct probe *p, int64_t n, double dt);
hk_status probe_pass_events(const struct hk_net *net, struct probe *p, const struct spike *item,
                            uint32_t n);
hk_status probe_flush(struct probe *p);
hk_status probe_close(struct probe *p); /* an open one; others stay as they are */
/* What a saved network takes along of an open probe's recorder: hands it to `put`; and a recorder
 * that goes on from there, anew where it was open, with sample `base` as the next one. HK_INVALID
 * names a recorder without the ability. */
hk_status probe_can_save(struct probe *p);
hk_status probe_save(struct probe *p, void (*put)(void *, const void *, uint64_t), void *to);
hk_status probe_check(struct probe *p, const void *bytes, uint64_t n);
hk_status probe_restore(struct probe *p, int64_t base, const void *bytes, uint64_t n);
/* How many samples are due by step n. */
int64_t probe_samples(const struct probe *p, int64_t n);

/* Whether it wants what this source does. */
bool probe_wants(const struct probe *p, uint32_t source);

#endif
