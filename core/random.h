/* SPDX-License-Identifier: BSD-3-Clause */
/* random: counter-based streams of Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel
 * random numbers: as easy as 1, 2, 3"). A number is a pure function of its stream and its draw:
 * nothing is kept between calls, and the bits depend on no library.
 *
 * Philox turns a key of 64 bits and a counter of 128 into 128 bits:
 *
 *     key        seed, purpose and cell, mixed: one to one in each while the other two stay; else
 *                some two of n triples share a key with odds n^2 / 2^65 (a million: 3 in 10^8)
 *     counter    draw, then index, whole: never shared within a key
 *
 * One draw serves one number. Numbers of different kinds from the same draw are not independent. */
#ifndef HK_CORE_RANDOM_H
#define HK_CORE_RANDOM_H
#include <stdint.h>

struct random_stream {
    uint64_t key, index;
};

struct random_stream random_stream(uint64_t seed, uint64_t purpose, uint64_t cell, uint64_t index);

/* Uniform in the open interval (0, 1): an odd multiple of 2^-53. */
double random_uniform(const struct random_stream *stream, uint64_t draw);

/* Normal of mean 0 and standard deviation 1, at most 8.6; exponential of mean 1, at most 36.8. */
double random_normal(const struct random_stream *stream, uint64_t draw);
double random_exponential(const struct random_stream *stream, uint64_t draw);

/* 0 to n - 1, none more probable than another by more than 2^-64. 0 if n is 0. */
uint64_t random_below(const struct random_stream *stream, uint64_t draw, uint64_t n);

/* A name as a purpose: 64-bit FNV-1a. */
uint64_t random_purpose(const char *name);

/* Ten rounds on a counter, in place. */
void random_philox(uint32_t counter[4], uint32_t key0, uint32_t key1);

#endif
