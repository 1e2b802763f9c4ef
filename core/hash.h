/* SPDX-License-Identifier: BSD-3-Clause */
/* hash: SHA-256 (FIPS 180-4), by which contents are known. */
#ifndef HK_CORE_HASH_H
#define HK_CORE_HASH_H
#include "hillock/context.h"

struct hash {
    uint32_t state[8];
    uint64_t length;
    unsigned char block[64];
};

void hash_begin(struct hash *h);
void hash_add(struct hash *h, const void *data, size_t length);
void hash_end(struct hash *h, unsigned char digest[32]);
void hash_hex(const unsigned char digest[32], char hex[65]);

/* The hash of a file's content; HK_FILE where it cannot be read. */
hk_status hash_file(hk_context *ctx, const char *path, char hex[65]);

#endif
