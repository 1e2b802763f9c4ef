/* SPDX-License-Identifier: BSD-3-Clause */
/* network_random: numbers and places that bulk calls draw.
 *
 * What is drawn depends on the network's seed, the call's stream name and identities of cells
 * alone; so neither the numbers of creation, nor the order of a list, nor another call, nor threads
 * change it. A call's name NAME gives these purposes:
 *
 *     purpose            cell               index           draws
 *     NAME               cell's identity    k               what input k of the cell draws
 *     NAME <tab> place   cell's identity    k               stimulus, item k of the cell: from 0
 *                        target's identity  source's        rule, k-th of the pair: from k * 2^32
 *     NAME <tab> weight  the same           the same        the same
 *     NAME <tab> delay   the same           the same        the same
 *     NAME <tab> pair    target's identity  source's        0: if they connect, or a rank
 *
 * A stream's name has no control characters, so that no name can be another's purpose. */
#ifndef HK_CORE_NETWORK_RANDOM_H
#define HK_CORE_NETWORK_RANDOM_H
#include "cell.h"
#include "hillock/network.h"
#include "random.h"

/* The purpose NAME <tab> what. */
hk_status draw_purpose(hk_context *ctx, const char *name, const char *what, uint64_t *out);

/* Which item something is drawn for. */
struct draw_key {
    uint64_t seed, cell, index, draw;
};

/* Whether the distribution is one; `what` names the number in the message. */
hk_status draw_check(hk_context *ctx, const char *what, const struct hk_number *number);

/* A number. HK_INVALID where a thousand draws were not within low and high. */
hk_status draw_number(hk_context *ctx, const char *what, const struct hk_number *number,
                      uint64_t purpose, const struct draw_key *key, double *out);

/* A place ready to draw from. */
struct draw_places {
    uint32_t n;
    uint32_t *segment;  /* those with a share */
    double *cumulative; /* NULL: all equal */
};
hk_status draw_places_open(hk_context *ctx, const hk_cell *type, const struct hk_place *place,
                           struct draw_places *out);
void draw_places_close(struct draw_places *places);
uint32_t draw_place(const struct draw_places *places, uint64_t purpose, const struct draw_key *key);

#endif
