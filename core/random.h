/* SPDX-License-Identifier: BSD-3-Clause */
/* random: counter-based streams, Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC'11). A number is a pure function of its
 * stream and its draw; nothing is kept between calls. */
#ifndef HK_CORE_RANDOM_H
#define HK_CORE_RANDOM_H
#include <stdint.h>

struct random_stream {
    uint32_t key[2];   /* of seed and purpose */
    uint64_t cell, index;
};

struct random_stream random_stream(uint64_t seed, uint64_t purpose, uint64_t cell, uint64_t index);

/* Uniform in the open interval (0, 1), 52 bits. */
double random_uniform(const struct random_stream *stream, uint64_t draw);
/* Standard normal; exponential of mean 1. */
double random_normal(const struct random_stream *stream, uint64_t draw);
double random_exponential(const struct random_stream *stream, uint64_t draw);
/* 0 .. n-1; off from equal by at most n / 2^64. n = 0 gives 0. */
uint64_t random_below(const struct random_stream *stream, uint64_t draw, uint64_t n);

/* A name as a purpose: 64-bit FNV-1a. */
uint64_t random_purpose(const char *name);

/* Ten rounds on a counter, in place. */
void random_philox(uint32_t counter[4], uint32_t key0, uint32_t key1);

#endif
