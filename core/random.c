/* SPDX-License-Identifier: BSD-3-Clause */
#include "random.h"
#include "hillock/math.h"

void random_philox(uint32_t counter[4], uint32_t key0, uint32_t key1) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ key0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ key1;
        c3 = (uint32_t)a;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    counter[0] = c0;
    counter[1] = c1;
    counter[2] = c2;
    counter[3] = c3;
}

/* splitmix64's finaliser (Steele, Lea & Flood 2014): a bijection that spreads every bit. */
static uint64_t mix(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct random_stream random_stream(uint64_t seed, uint64_t purpose, uint64_t cell, uint64_t index) {
    return (struct random_stream){.key = mix(mix(mix(seed) ^ purpose) ^ cell), .index = index};
}

struct words {
    uint64_t first, second;
};

static struct words words(const struct random_stream *s, uint64_t draw) {
    uint32_t c[4] = {(uint32_t)draw, (uint32_t)(draw >> 32), (uint32_t)s->index,
                     (uint32_t)(s->index >> 32)};
    random_philox(c, (uint32_t)s->key, (uint32_t)(s->key >> 32));
    return (struct words){(uint64_t)c[1] << 32 | c[0], (uint64_t)c[3] << 32 | c[2]};
}

static double uniform(uint64_t word) {
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

double random_uniform(const struct random_stream *s, uint64_t draw) {
    return uniform(words(s, draw).first);
}

double random_exponential(const struct random_stream *s, uint64_t draw) {
    return -hk_log(random_uniform(s, draw));
}

/* cos(2 pi u) for u in (0, 1), by Taylor's series within an eighth of a turn; libm's cos has other
 * bits in other versions. */
static double cos_turns(double u) {
    static const double over_cos[] = {1. / 2,  1. / 12,  1. / 30,  1. / 56,
                                      1. / 90, 1. / 132, 1. / 182, 1. / 240};
    static const double over_sin[] = {1. / 6,   1. / 20,  1. / 42,  1. / 72,
                                      1. / 110, 1. / 156, 1. / 210, 1. / 272};
    int quarter = (int)(4 * u + 0.5);
    double x = (u - 0.25 * quarter) * 0x1.921fb54442d18p+2, x2 = x * x;
    int odd = quarter & 1;
    const double *over = odd ? over_sin : over_cos;
    double sum = 1;
    for (int i = 7; i >= 0; i--) {
        sum = HK_FMA(-x2 * over[i], sum, 1);
    }
    double y = odd ? -x * sum : sum;
    return quarter & 2 ? -y : y;
}

/* Box & Muller 1958; the other one of the pair is not used, so that each draw stands alone. */
double random_normal(const struct random_stream *s, uint64_t draw) {
    struct words w = words(s, draw);
    return hk_sqrt(-2 * hk_log(uniform(w.first))) * cos_turns(uniform(w.second));
}

uint64_t random_below(const struct random_stream *s, uint64_t draw, uint64_t n) {
    __extension__ typedef unsigned __int128 wide;
    return (uint64_t)(((wide)words(s, draw).first * n) >> 64);
}

uint64_t random_purpose(const char *name) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return hash;
}
