/* SPDX-License-Identifier: BSD-3-Clause */
/* network_bulk: many points, each with a connection of its own, at drawn places and with drawn
 * weights and delays. They are written beyond the network's counts until bulk_keep. */
#ifndef HK_CORE_NETWORK_BULK_H
#define HK_CORE_NETWORK_BULK_H
#include "network_index.h"
#include "network_random.h"

struct bulk {
    hk_net *net;
    const char *name;         /* of its stream */
    enum hk_source_kind kind; /* of the sources */
    const struct hk_number *weight, *delay;
    struct network_stream stream;
    uint32_t spec, n_weight;
    bool one_weight;              /* all have the same: they are kept once */
    const struct hk_field *field; /* of the first weight; NULL: it has none */
    const struct population *to;  /* artificial cells, which get connections and no new points */
    double *base;                 /* [n_weight] defaults */
    struct draw_places places;
    uint64_t place_purpose, weight_purpose, delay_purpose;
    uint32_t n;    /* made so far */
    uint64_t room; /* as many may there be */
};

/* Whether the cells exist, are all of one type, which *type then is, and none is listed twice.
 * `list` names them. */
hk_status bulk_cells(hk_net *net, const char *list, uint32_t n, const uint32_t *cell,
                     hk_cell **type);

/* Checks and prepares all that is the same for each. b has net, name, kind, weight and delay, and
 * to, where point, type and place are not looked at.
 * bulk_close frees what was not kept, after a failure too. */
hk_status bulk_open(struct bulk *b, const struct hk_spec *point, hk_cell *type,
                    const struct hk_place *place);
void bulk_close(struct bulk *b);

/* Room for n in all. */
hk_status bulk_room(struct bulk *b, uint64_t n);

/* A point on the cell, or the artificial cell, connected to the source. */
hk_status bulk_put(struct bulk *b, uint32_t cell, uint32_t source, const struct draw_key *key);

/* Makes it so. Nothing can fail. */
void bulk_keep(struct bulk *b, struct hk_made *made);

#endif
