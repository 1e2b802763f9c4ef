/* SPDX-License-Identifier: BSD-3-Clause */
#include "random.h"
#include "hillock/math.h"

void random_philox(uint32_t counter[4], uint32_t key0, uint32_t key1) {
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * counter[0], b = (uint64_t)0xCD9E8D57u * counter[2];
        uint32_t next[4] = {(uint32_t)(b >> 32) ^ counter[1] ^ key0, (uint32_t)b, (uint32_t)(a >> 32) ^ counter[3] ^ key1, (uint32_t)a};
        for (int i = 0; i < 4; i++) {
            counter[i] = next[i];
        }
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/* splitmix64's finaliser (Steele, Lea & Flood 2014): a bijection that spreads every bit. */
static uint64_t mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct random_stream random_stream(uint64_t seed, uint64_t purpose, uint64_t cell, uint64_t index) {
    uint64_t key = mix(mix(seed) ^ purpose);
    return (struct random_stream){{(uint32_t)key, (uint32_t)(key >> 32)}, cell, index};
}

static uint64_t word(const struct random_stream *s, uint64_t draw) {
    uint64_t who = mix(s->cell) + s->index;
    uint32_t counter[4] = {(uint32_t)draw, (uint32_t)(draw >> 32), (uint32_t)who, (uint32_t)(who >> 32)};
    random_philox(counter, s->key[0], s->key[1]);
    return (uint64_t)counter[1] << 32 | counter[0];
}

double random_uniform(const struct random_stream *s, uint64_t draw) {
    return ((double)(word(s, draw) >> 12) + 0.5) * 0x1p-52;
}

double random_exponential(const struct random_stream *s, uint64_t draw) {
    return -hk_log(random_uniform(s, draw));
}

double random_normal(const struct random_stream *s, uint64_t draw) {
    double radius = __builtin_sqrt(-2 * hk_log(random_uniform(s, 2 * draw)));
    return radius * __builtin_cos(6.283185307179586 * random_uniform(s, 2 * draw + 1));
}

uint64_t random_below(const struct random_stream *s, uint64_t draw, uint64_t n) {
    return (uint64_t)(((unsigned __int128)word(s, draw) * n) >> 64);
}

uint64_t random_purpose(const char *name) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return hash;
}
