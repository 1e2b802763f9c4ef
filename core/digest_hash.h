/* SPDX-License-Identifier: BSD-3-Clause */
/* digest_hash: what digests are made of: numbers, lists, plugins, in the same bytes on every
 * machine. */
#ifndef HK_CORE_DIGEST_HASH_H
#define HK_CORE_DIGEST_HASH_H
#include "hash.h"
#include "network.h"

struct digest {
    hk_context *ctx;
    struct hash hash;
    hk_status status;                /* of the first plugin that could not be read */
    const struct hk_plugin **plugin; /* those so far, by whose numbers they are told apart */
    uint32_t n_plugin, room_plugin;
};

void digest_begin(struct digest *d, hk_context *ctx);
hk_status digest_end(struct digest *d, unsigned char out[32]);

void digest_word(struct digest *d, uint64_t value);
void digest_words(struct digest *d, const uint64_t *value, uint64_t n);
void digest_double(struct digest *d, double value);
void digest_doubles(struct digest *d, const double *value, uint64_t n);
void digest_text(struct digest *d, const char *text);
void digest_list(struct digest *d, struct hk_list list, uint32_t width);

/* A series, each number as `number` has it (NULL: as it is), in few bytes. */
void digest_series(struct digest *d, const struct series *series,
                   uint64_t (*number)(void *data, uint64_t value), void *data);

/* What the plugin is: at the first time by the hash of its content. */
void digest_plugin(struct digest *d, const struct hk_plugin *plugin);

/* digest_types.c: the plugins of all cell types; the number of a population's type. */
void digest_type_plugins(struct digest *d, const hk_net *net);
uint32_t digest_type_number(const hk_net *net, uint32_t population);

#endif
