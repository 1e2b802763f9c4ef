/* SPDX-License-Identifier: BSD-3-Clause */
/* math.h: the functions that kernels need, written so that a compiler vectorises a plain loop over
 * them.
 *
 * No function here branches, reads a table, sets errno or uses anything but its arguments; a value
 * has the same bits in a vector, in the scalar remainder of a loop, with any optimisation, and
 * under gcc and clang. The only fused operations are those written HK_FMA, and no product is left
 * beside a sum that a compiler could fuse with it on its own.
 *
 * The bounds that tests/core/math.c holds them to over the whole range, in units of the last place
 * (ulp) of the result:
 *
 *     hk_exp(x)          1.6    exp(x)
 *     hk_exp_flush(x)    1.1    exp(x), but 0 where that is below 2^-1022 (up to x = 709.44)
 *     hk_expm1(x)        1.3    exp(x) - 1
 *     hk_expm1_rate(x)   2.2    exp(x) - 1 (up to x = 299.7)
 *     hk_exprelr(x)      1.9    x / (exp(x) - 1), 1 at 0
 *     hk_log(x)          1.0    log(x)
 *     hk_log_normal(x)   1.0    log(x) of a normal x > 0
 *     hk_pow(x, y)       1.2    x to the power y
 *
 * Where the processor has no fused multiply-add (x86-64 below -march=x86-64-v3), HK_FMA is a call
 * to libm's fma: the same bits, but no vectors and fifty times the time. */
#ifndef HK_MATH_H
#define HK_MATH_H
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "hillock/math.h needs IEEE arithmetic: compile without -ffast-math"
#endif

#ifndef HK_INLINE
#define HK_INLINE static inline __attribute__((always_inline))
#endif
#define HK_FMA __builtin_fma

/* The double with these bits, and the bits of a double. */
HK_INLINE double hk_bits(int64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

HK_INLINE int64_t hk_int(double x) {
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

HK_INLINE double hk_abs(double x) {
    return __builtin_fabs(x);
}

HK_INLINE double hk_sqrt(double x) {
    return __builtin_sqrt(x);
}

/* The smaller and the larger of two; b where either is NaN, so that hk_max(0, x) keeps x's NaN. */
HK_INLINE double hk_min(double a, double b) {
    return a < b ? a : b;
}

HK_INLINE double hk_max(double a, double b) {
    return a > b ? a : b;
}

/* log(2) in two parts, the first with 40 bits, so that its product with an exponent is exact; and
 * 1 / log(2). */
#define HK_LN2_HI 0x1.62e42fefa2000p-1
#define HK_LN2_LO 0x1.9ef35793c7673p-41
#define HK_LOG2E 0x1.71547652b82fep+0

/* Returns exp(r) - 1 = r + r^2 q(r), where x = k log(2) + r with r in [-log(2)/8, log(2)]; *power
 * is the bits of 2^k. Adding `shift`, whose last place is worth 1/4, rounds x / log(2) to
 * quarters; dropping two bits takes the floor. The clamp, one quarter below 1024, keeps 2^k
 * finite: above it r grows until the result overflows by itself. Both are done on the bits: a
 * comparison of doubles costs twice as much, and this is most of a simulation's time. */
HK_INLINE double hk_math_reduced(double x, uint64_t *power) {
    const double shift = 0x1.8p50 + 1023;
    const int64_t top = hk_int(shift + 1023.75);
    int64_t n = hk_int(HK_FMA(x, HK_LOG2E, shift));
    n = (n < top ? n : top) & ~(int64_t)3;
    *power = (uint64_t)n << 50;
    double k = hk_bits(n) - shift;
    double r = HK_FMA(k, -HK_LN2_LO, HK_FMA(k, -HK_LN2_HI, x)), r2 = r * r;
    double a = HK_FMA(0x1.5555555554c08p-3, r, 0x1.fffffffffffa5p-2);
    double b = HK_FMA(0x1.1111111047436p-7, r, 0x1.5555555596cf8p-5);
    double c = HK_FMA(0x1.a01ab1881d922p-13, r, 0x1.6c16bec982f1cp-10);
    double d = HK_FMA(0x1.7349d6e3448a8p-19, r, 0x1.a004e3915a446p-16);
    double e = HK_FMA(0x1.204ae5f15a18dp-25, r, 0x1.19df8550dc15dp-22);
    double q = HK_FMA(HK_FMA(HK_FMA(HK_FMA(e, r2, d), r2, c), r2, b), r2, a);
    return HK_FMA(r2, q, r);
}

#define HK_EXP_LOWEST (-0x1.6232bdd7abcd2p+9) /* -1022 log(2) */

/* q(r) of exp(r) = 1 + r + r^2 q(r), for r in [-log(2)/2, log(2)/2], with the error small beside
 * exp(r) - 1. */
HK_INLINE double hk_math_q(double r, double r2) {
    double a = HK_FMA(0x1.555555555555cp-3, r, 0x1.0000000000005p-1);
    double b = HK_FMA(0x1.111111110e6ffp-7, r, 0x1.555555555213ap-5);
    double c = HK_FMA(0x1.a01a01b5ca889p-13, r, 0x1.6c16c17f295a9p-10);
    double d = HK_FMA(0x1.71ddea2219e6fp-19, r, 0x1.a019a6a96e7f4p-16);
    double e = HK_FMA(0x1.af76811cc0801p-26, r, 0x1.28a28cad9cefap-22);
    return HK_FMA(HK_FMA(HK_FMA(HK_FMA(e, r2, d), r2, c), r2, b), r2, a);
}

/* exp(r) - 1, where x = k log(2) + r with r in [-log(2)/2, log(2)/2], and *power = 2^k. Above
 * k = most, where it is clamped, r grows. */
HK_INLINE double hk_math_parts(double x, double most, double *power) {
    const double shift = 0x1.8p52 + 1023;
    const int64_t top = hk_int(shift + most);
    int64_t n = hk_int(HK_FMA(x, HK_LOG2E, shift));
    n = n < top ? n : top;
    *power = hk_bits((int64_t)((uint64_t)n << 52));
    double k = hk_bits(n) - shift;
    double r = HK_FMA(k, -HK_LN2_LO, HK_FMA(k, -HK_LN2_HI, x)), r2 = r * r;
    return HK_FMA(r2, hk_math_q(r, r2), r);
}

/* exp(x) as the rates of gates need it: 0 where it would be below 2^-1022 (x < -708.396), infinity
 * above 709.783, and a fifth faster than hk_exp. From 709.44 on, where k has its clamp, it is good
 * to 1e-11 of itself. */
HK_INLINE double hk_exp_flush(double x) {
    double s, t = hk_math_parts(x, 1023, &s), y = HK_FMA(t, s, s);
    return x < HK_EXP_LOWEST ? 0 : y;
}

/* exp(x) - 1 in the same way, with a third of the work of hk_expm1; +0 at either 0. Rates are
 * quotients of products of it: so that none overflows, it is not exp(x) - 1 above x = 299.7, but a
 * number that grows slowly from 10^130 on. */
HK_INLINE double hk_expm1_rate(double x) {
    double s, t = hk_math_parts(x, 432, &s), y = HK_FMA(t, s, s - 1);
    return x < HK_EXP_LOWEST ? -1 : y;
}

/* exp(x). Infinity above 709.782, subnormal results below -708.396, 0 below -745.13. */
HK_INLINE double hk_exp(double x) {
    uint64_t power;
    double t = hk_math_reduced(x, &power);
    double s = hk_bits((int64_t)(x < HK_EXP_LOWEST ? power + ((uint64_t)64 << 52) : power));
    double y = HK_FMA(t, s, s) * (x < HK_EXP_LOWEST ? 0x1p-64 : 1);
    return x < -746 ? 0 : y;
}

/* exp(x + low), low small beside x's last places or 0. 2^k is applied in two halves, the second
 * after the last sum, so that subnormal results round once more and no further. */
HK_INLINE double hk_math_exp(double x, double low) {
    const double shift = 0x1.8p52 + 2046;
    const int64_t top = hk_int(shift + 1040);
    int64_t n = hk_int(HK_FMA(x, HK_LOG2E, shift));
    n = n < top ? n : top;
    double k = hk_bits(n) - shift;
    uint64_t both = (uint64_t)n, half = both >> 1;
    double s1 = hk_bits((int64_t)(half << 52)), s2 = hk_bits((int64_t)((both - half) << 52));
    double h = HK_FMA(k, -HK_LN2_HI, x), l = HK_FMA(k, -HK_LN2_LO, low);
    double r = h + l, r2 = r * r;
    double t = r + HK_FMA(r2, hk_math_q(r, r2), (h - r) + l);
    double y = HK_FMA(t, s1, s1) * s2;
    y = x > 710 ? __builtin_inf() : y;
    return x < -746 ? 0 : y;
}

/* (exp(x) - 1) / 2^64, for x from -40 to 752, over which neither it nor the power of two inside
 * leaves the normal range. */
HK_INLINE double hk_math_expm1(double x) {
    const double shift = 0x1.8p52 + 1023 - 64;
    double k = HK_FMA(x, HK_LOG2E, shift);
    double s = hk_bits((int64_t)((uint64_t)hk_int(k) << 52));
    k -= shift;
    double h = HK_FMA(k, -HK_LN2_HI, x);
    double r = HK_FMA(k, -HK_LN2_LO, h), r2 = r * r;
    double low = HK_FMA(k, -HK_LN2_LO, h - r);
    double w = HK_FMA(r2, hk_math_q(r, r2), HK_FMA(low, r, low));
    double one = s - 0x1p-64, sum = HK_FMA(s, r, one);
    /* The innermost product is what the sum's rounding lost. */
    return sum + HK_FMA(s, w, HK_FMA(s, r, one - sum));
}

/* exp(x) - 1. Infinity above 709.782, -1 at minus infinity, x itself (with its sign, if 0) below
 * 2^-54. */
HK_INLINE double hk_expm1(double x) {
    double y = hk_math_expm1(x) * 0x1p64;
    y = x > 710 ? __builtin_inf() : y;
    y = x < -40 ? -1 : y;
    return __builtin_fabs(x) < 0x1p-54 ? x : y;
}

/* x / (exp(x) - 1). 1 at 0, -x far below, 0 at infinity (through subnormals, from 715 to 751.7). */
HK_INLINE double hk_exprelr(double x) {
    double y = x / hk_math_expm1(x) * 0x1p-64;
    y = x > 752 ? 0 : y;
    y = x < -40 ? -x : y;
    return __builtin_fabs(x) < 0x1p-54 ? 1 : y;
}

/* x = 2^*k m with m in [sqrt(1/2), sqrt(2)), roughly; x > 0 and finite, else *k and m are of no
 * use. */
HK_INLINE double hk_math_split(double x, double *k) {
    const uint64_t low = 0x3fe6a09e667f3bcd, shift = 0x4338000000000000, top = (uint64_t)1 << 63;
    const double tiny = x < 0x1p-1022 ? 1 : 0;
    uint64_t n = (uint64_t)hk_int(x < 0x1p-1022 ? x * 0x1p54 : x) - low;
    uint64_t e = (n + top) >> 52; /* n / 2^52 rounded down, plus 2048 */
    *k = HK_FMA(tiny, -54, hk_bits((int64_t)(e + shift)) - (0x1.8p52 + 2048));
    return hk_bits((int64_t)((n & 0xfffffffffffff) + low));
}

/* y = log(x) if x > 0 and finite; minus infinity at either 0, NaN below 0, else x itself: infinity
 * or NaN. */
HK_INLINE double hk_math_log_ends(double x, double y) {
    y = x < __builtin_inf() ? y : x;
    y = x < 0 ? __builtin_nan("") : y;
    return x == 0 ? -__builtin_inf() : y;
}

/* k log(2) + log(1 + f): with s = f / (2 + f), log(1 + f) = 2 atanh(s) = f - s (f - z R(z)), z =
 * s^2.
 */
HK_INLINE double hk_math_log_of(double k, double f) {
    double s = f / (2 + f), z = s * s, z2 = z * z;
    double a = HK_FMA(0x1.999999997f456p-2, z, 0x1.5555555555593p-1);
    double b = HK_FMA(0x1.c71c513eb3150p-3, z, 0x1.24924942b7efdp-2);
    double c = HK_FMA(0x1.399c3bf07882ep-3, z, 0x1.74666f70b7018p-3);
    double p = HK_FMA(HK_FMA(HK_FMA(0x1.2f42263c0649ep-3, z2, c), z2, b), z2, a);
    double u = HK_FMA(-z, p, f);
    double low = HK_FMA(-s, u, k * HK_LN2_LO);
    return HK_FMA(k, HK_LN2_HI, f + low);
}

/* log(x). */
HK_INLINE double hk_log(double x) {
    double k, f = hk_math_split(x, &k) - 1;
    return hk_math_log_ends(x, hk_math_log_of(k, f));
}

/* log(x), with hk_log's bits, of a normal number above 0; NaN of NaN and infinity, else of no use.
 * A third faster. */
HK_INLINE double hk_log_normal(double x) {
    const uint64_t low = 0x3fe6a09e667f3bcd, shift = 0x4338000000000000, top = (uint64_t)1 << 63;
    uint64_t n = (uint64_t)hk_int(x) - low, e = (n + top) >> 52;
    double k = hk_bits((int64_t)(e + shift)) - (0x1.8p52 + 2048);
    double f = hk_bits((int64_t)((n & 0xfffffffffffff) + low)) - 1;
    return HK_FMA(x, 0, hk_math_log_of(k, f));
}

/* log(x) as a sum of two doubles, to about 2^-66 of it: *low is the smaller part. 2 atanh(s) = 2s
 * (1 + z/3 + z^2 P(z)), in pairs of doubles but for P, whose term is small. Each pair's smaller
 * part is named with an l. */
HK_INLINE double hk_math_log(double x, double *low) {
    double k, m = hk_math_split(x, &k), f = m - 1;
    double d = m + 1, dl = m - (d - 1), inverse = 1 / d;
    double s = f * inverse;
    double sl = HK_FMA(-s, dl, HK_FMA(-s, d, f)) * inverse;
    double z = s * s;
    double zl = HK_FMA(s + s, sl, HK_FMA(s, s, -z));
    double z2 = z * z;
    double a = HK_FMA(0x1.2492492492888p-3, z, 0x1.9999999999999p-3);
    double b = HK_FMA(0x1.745d17dca37a4p-4, z, 0x1.c71c71c64bb63p-4);
    double c = HK_FMA(0x1.111dfdebe89c2p-4, z, 0x1.3b1376f527f72p-4);
    double e = HK_FMA(0x1.e826cd0e21b22p-5, z, 0x1.de969b0442aa2p-5);
    double p = HK_FMA(HK_FMA(HK_FMA(e, z2, c), z2, b), z2, a);
    const double third = 0x1.5555555555555p-2;
    double g = HK_FMA(z, p, third);
    double gl = HK_FMA(z, p, third - g) + 0x1.5555555555555p-56;
    double t = z * g;
    double tl = HK_FMA(zl, g, HK_FMA(z, gl, HK_FMA(z, g, -t)));
    s += s;
    sl += sl;
    double w = s * t;
    double wl = HK_FMA(sl, t, HK_FMA(s, tl, HK_FMA(s, t, -w))) + sl;
    double v = s + w;
    double vl = ((s - v) + w) + wl;
    double big = HK_FMA(k, HK_LN2_HI, v);
    *low = HK_FMA(k, HK_LN2_LO, HK_FMA(k, HK_LN2_HI, -big) + v) + vl;
    return big;
}

/* a if `is` is 1, b if 0, on the bits: from many `?:` on one value, some of them constant, gcc
 * makes branches, and does not vectorise. */
HK_INLINE double hk_math_pick(int is, double a, double b) {
    int64_t mask = -(int64_t)is;
    return hk_bits((hk_int(a) & mask) | (hk_int(b) & ~mask));
}

/* x to the power y, with every special case of C's Annex F: 1 if y is 0 or x is 1, whatever the
 * other; the sign of x for odd y; NaN for finite x < 0 and finite y that is no integer; poles at 0;
 * 1 for x -1 and infinite y. */
HK_INLINE double hk_pow(double x, double y) {
    const double inf = __builtin_inf();
    const double ax = __builtin_fabs(x), ay = __builtin_fabs(y);
    /* From 2^52 on every number is whole, from 2^53 on even; below, adding 2^52 rounds to one. */
    double rounded = hk_math_pick(ay < 0x1p52, ay + 0x1p52, ay);
    int whole = hk_math_pick(ay < 0x1p52, rounded - 0x1p52, ay) == ay;
    int64_t odd = hk_int(rounded) & (int64_t)(whole & (ay < 0x1p53));
    int64_t sign = (int64_t)((uint64_t)odd << 63) & hk_int(x);
    double low, big = hk_math_log(ax, &low), e = y * big;
    double el = HK_FMA(y, low, HK_FMA(y, big, -e));
    double z = hk_math_exp(e, hk_math_pick(__builtin_fabs(e) < 1000, el, 0));
    double end = hk_math_pick((ax == 0) == (y < 0), inf, 0);
    z = hk_math_pick((ax == 0) | (ax == inf), end, z);
    z = hk_bits(hk_int(z) | sign);
    z = hk_math_pick((x < 0) & (x > -inf) & !whole, __builtin_nan(""), z);
    z = hk_math_pick((x != x) | (y != y), x + y, z);
    return hk_math_pick((y == 0) | (x == 1) | ((ax == 1) & (ay == inf)), 1, z);
}

#endif
