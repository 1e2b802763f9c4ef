/* SPDX-License-Identifier: BSD-3-Clause */
#include "hash.h"
#include "error.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#if defined __SHA__ && defined __SSE4_1__
#include <immintrin.h>
#endif

/* The first 32 bits of the fractions of the first 64 primes' cube roots. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#if defined __SHA__ && defined __SSE4_1__

/* Four words of the message from the sixteen before them. */
static __m128i more_words(__m128i a, __m128i b, __m128i c, __m128i d) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
    return _mm_sha256msg2_epu32(sum, d);
}

/* The same by the processor's instructions, whose halves of the state are (f e b a) and (h g d c),
 * and each of which makes two rounds. */
static void compress(struct hash *h, const unsigned char *block) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
    __m128i abcd = _mm_loadu_si128((const __m128i *)h->state),
            efgh = _mm_loadu_si128((const __m128i *)(h->state + 4)), w[4];
    __m128i badc = _mm_shuffle_epi32(abcd, 0xb1), hgfe = _mm_shuffle_epi32(efgh, 0x1b);
    __m128i first = _mm_alignr_epi8(badc, hgfe, 8), second = _mm_blend_epi16(hgfe, badc, 0xf0);
    __m128i abef = first, cdgh = second;
    for (int i = 0; i < 4; i++) {
        w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
    }
    for (int i = 0; i < 16; i++) {
        __m128i sum = _mm_add_epi32(w[0], _mm_loadu_si128((const __m128i *)(K + 4 * i)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        __m128i next = more_words(w[0], w[1], w[2], w[3]);
        w[0] = w[1];
        w[1] = w[2];
        w[2] = w[3];
        w[3] = next;
    }
    abef = _mm_add_epi32(abef, first);
    cdgh = _mm_add_epi32(cdgh, second);
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)h->state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(h->state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

static uint32_t turn(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

/* One of the 64 turns of FIPS 180-4, 6.2.2: instead of moving a to h, their names move. */
#define TURN(a, b, c, d, e, f, g, h, i)                                                            \
    do {                                                                                           \
        uint32_t one = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);                                     \
        uint32_t two = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);                                     \
        uint32_t sum = h + one + ((e & f) ^ (~e & g)) + K[i] + w[i];                               \
        d += sum;                                                                                  \
        h = sum + two + ((a & b) ^ (a & c) ^ (b & c));                                             \
    } while (0)

static void compress(struct hash *hash, const unsigned char *block) {
    uint32_t w[64], *s = hash->state;
    for (int i = 0; i < 16; i++) {
        const unsigned char *p = block + 4 * i;
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t x = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t y = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + x + w[i - 7] + y;
    }
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int i = 0; i < 64; i += 8) {
        TURN(a, b, c, d, e, f, g, h, i);
        TURN(h, a, b, c, d, e, f, g, i + 1);
        TURN(g, h, a, b, c, d, e, f, i + 2);
        TURN(f, g, h, a, b, c, d, e, i + 3);
        TURN(e, f, g, h, a, b, c, d, i + 4);
        TURN(d, e, f, g, h, a, b, c, i + 5);
        TURN(c, d, e, f, g, h, a, b, i + 6);
        TURN(b, c, d, e, f, g, h, a, i + 7);
    }
    const uint32_t after[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++) {
        s[i] += after[i];
    }
}

#endif

void hash_begin(struct hash *h) {
    /* The same of the first 8 primes' square roots. */
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memset(h, 0, sizeof *h);
    memcpy(h->state, first, sizeof first);
}

void hash_add(struct hash *h, const void *data, size_t length) {
    const unsigned char *from = data;
    while (length) {
        size_t at = (size_t)(h->length % 64), some = 64 - at < length ? 64 - at : length;
        if (some < 64) {
            memcpy(h->block + at, from, some);
        }
        h->length += some;
        if (h->length % 64 == 0) {
            compress(h, some < 64 ? h->block : from);
        }
        from += some;
        length -= some;
    }
}

void hash_end(struct hash *h, unsigned char digest[32]) {
    uint64_t bits = h->length * 8;
    unsigned char size[8];
    for (int i = 0; i < 8; i++) {
        size[i] = (unsigned char)(bits >> (56 - 8 * i));
    }
    hash_add(h, "\x80", 1);
    while (h->length % 64 != 56) {
        hash_add(h, "", 1);
    }
    hash_add(h, size, 8);
    for (int i = 0; i < 32; i++) {
        digest[i] = (unsigned char)(h->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}

void hash_hex(const unsigned char digest[32], char hex[65]) {
    for (int i = 0; i < 32; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
}

hk_status hash_file(hk_context *ctx, const char *path, char hex[65]) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return fail(ctx, HK_FILE, "%s: %s", path, strerror(errno));
    }
    struct hash h;
    unsigned char part[65536], digest[32];
    hash_begin(&h);
    size_t n;
    errno = 0;
    while ((n = fread(part, 1, sizeof part, file)) > 0) {
        hash_add(&h, part, n);
    }
    bool bad = ferror(file);
    int why = errno;
    fclose(file);
    if (bad) {
        return fail(ctx, HK_FILE, "%s: %s", path, strerror(why ? why : EIO));
    }
    hash_end(&h, digest);
    hash_hex(digest, hex);
    return HK_OK;
}

void hk_hash(const void *data, size_t length, char hex[65]) {
    struct hash h;
    unsigned char digest[32];
    hash_begin(&h);
    hash_add(&h, data, length);
    hash_end(&h, digest);
    hash_hex(digest, hex);
}

hk_status hk_hash_file(hk_context *ctx, const char *path, char hex[65]) {
    return hash_file(ctx, path, hex);
}
