/* SPDX-License-Identifier: BSD-3-Clause */
#include "network_random.h"
#include "error.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hk_status draw_purpose(hk_context *ctx, const char *name, const char *what, uint64_t *out) {
    size_t room = strlen(name) + strlen(what) + 2;
    char *text = malloc(room);
    if (!text) {
        return fail_memory(ctx, "the name of a stream");
    }
    snprintf(text, room, "%s\t%s", name, what);
    *out = random_purpose(text);
    free(text);
    return HK_OK;
}

/* ---- numbers */

static const char *const distribution_name[] = {"constant",  "uniform",     "normal",
                                                "lognormal", "exponential", "gamma"};

static bool truncated(const struct hk_number *number) {
    return number->low != number->high;
}

/* Why the distribution is none; NULL if it is one. */
static const char *fault(const struct hk_number *n) {
    switch (n->distribution) {
    case HK_CONSTANT: return NULL;
    case HK_UNIFORM: return n->a <= n->b ? NULL : "its upper end is below its lower end";
    case HK_NORMAL: return n->b >= 0 ? NULL : "its standard deviation is negative";
    case HK_EXPONENTIAL: return n->a >= 0 ? NULL : "its mean is negative";
    case HK_LOGNORMAL:
    case HK_GAMMA:
        return n->a <= 0   ? "its mean is not above 0"
               : n->b >= 0 ? NULL
                           : "its standard deviation is negative";
    }
    return "no such distribution";
}

hk_status draw_check(hk_context *ctx, const char *what, const struct hk_number *n) {
    if ((uint32_t)n->distribution > HK_GAMMA) {
        return fail(ctx, HK_INVALID, "%s: no distribution has the number %d", what,
                    (int)n->distribution);
    }
    const char *name = distribution_name[n->distribution];
    if (!isfinite(n->a) || !isfinite(n->b)) {
        return fail(ctx, HK_INVALID, "%s: %s(%g, %g) is not of finite numbers", what, name, n->a,
                    n->b);
    }
    if (!(n->low <= n->high)) { /* a NaN too */
        return fail(ctx, HK_INVALID, "%s: %s(%g, %g) cannot be within %g to %g", what, name, n->a,
                    n->b, n->low, n->high);
    }
    const char *why = fault(n);
    return why ? fail(ctx, HK_INVALID, "%s: %s(%g, %g): %s", what, name, n->a, n->b, why) : HK_OK;
}

/* Gamma distributed with scale 1: Marsaglia & Tsang 2000, "A simple method for generating gamma
 * variables"; a shape below 1 by way of shape + 1. Uses up draws from *at. */
static double gamma_draw(double shape, const struct random_stream *stream, uint64_t *at) {
    double boost = 1;
    if (shape < 1) {
        boost = pow(random_uniform(stream, (*at)++), 1 / shape);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = random_normal(stream, (*at)++), u = random_uniform(stream, (*at)++);
        double root = 1 + c * x, v = root * root * root;
        if (v > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v)) {
            return boost * d * v;
        }
    }
}

/* One draw of the distribution, not truncated. Uses up draws from *at. */
static double draw_once(const struct hk_number *n, const struct random_stream *stream,
                        uint64_t *at) {
    double a = n->a, b = n->b, ratio = b / a;
    switch (n->distribution) {
    case HK_CONSTANT: break;
    case HK_UNIFORM: return a + (b - a) * random_uniform(stream, (*at)++);
    case HK_NORMAL: return a + b * random_normal(stream, (*at)++);
    case HK_LOGNORMAL: {
        double variance = log1p(ratio * ratio); /* of the logarithm */
        return a * exp(sqrt(variance) * random_normal(stream, (*at)++) - 0.5 * variance);
    }
    case HK_EXPONENTIAL: return a * random_exponential(stream, (*at)++);
    case HK_GAMMA:
        return b > 0 ? a * ratio * ratio * gamma_draw(1 / (ratio * ratio), stream, at) : a;
    }
    return a;
}

hk_status draw_number(hk_context *ctx, const char *what, const struct hk_number *number,
                      uint64_t purpose, const struct draw_key *key, double *out) {
    enum { TRIES = 1000 };
    if (number->distribution == HK_CONSTANT && !truncated(number)) {
        *out = number->a;
        return HK_OK;
    }
    struct random_stream stream = random_stream(key->seed, purpose, key->cell, key->index);
    uint64_t at = key->draw;
    for (int i = 0; i < TRIES; i++) {
        double x = draw_once(number, &stream, &at);
        if (!truncated(number) || (x >= number->low && x <= number->high)) {
            *out = x;
            return HK_OK;
        }
    }
    return fail(ctx, HK_INVALID, "%s: none of %d draws of %s(%g, %g) was within %g to %g", what,
                (int)TRIES, distribution_name[number->distribution], number->a, number->b,
                number->low, number->high);
}

/* ---- places */

static hk_status place_check(hk_context *ctx, const hk_cell *type, const struct hk_place *place) {
    if (!place->n || !place->segment) {
        return fail(ctx, HK_INVALID, "the place has no segments");
    }
    double total = 0;
    for (uint32_t i = 0; i < place->n; i++) {
        if (place->segment[i] >= hk_cell_segments(type)) {
            return fail(ctx, HK_NOT_FOUND,
                        "segment %" PRIu32 " does not exist: cell type \"%s\" has %" PRIu32,
                        place->segment[i], type->name, hk_cell_segments(type));
        }
        double share = place->share ? place->share[i] : 1;
        if (!(isfinite(share) && share >= 0)) {
            return fail(ctx, HK_INVALID,
                        "the share of segment %" PRIu32 " is %g, not a number from 0",
                        place->segment[i], share);
        }
        total += share;
    }
    if (!(total > 0 && isfinite(total))) {
        return fail(ctx, HK_INVALID, "the shares of the place's segments have the sum %g", total);
    }
    return HK_OK;
}

hk_status draw_places_open(hk_context *ctx, const hk_cell *type, const struct hk_place *place,
                           struct draw_places *out) {
    *out = (struct draw_places){0};
    hk_status status = place_check(ctx, type, place);
    if (status) {
        return status;
    }
    out->segment = malloc(place->n * sizeof *out->segment);
    out->cumulative = place->share ? malloc(place->n * sizeof *out->cumulative) : NULL;
    if (!out->segment || (place->share && !out->cumulative)) {
        draw_places_close(out);
        return fail_memory(ctx, "a place");
    }
    double sum = 0;
    for (uint32_t i = 0; i < place->n; i++) {
        if (place->share) {
            sum += place->share[i];
            out->cumulative[out->n] = sum;
        }
        out->segment[out->n] = place->segment[i];
        out->n += !place->share || place->share[i] > 0;
    }
    return HK_OK;
}

void draw_places_close(struct draw_places *places) {
    free(places->segment);
    free(places->cumulative);
    *places = (struct draw_places){0};
}

uint32_t draw_place(const struct draw_places *places, uint64_t purpose,
                    const struct draw_key *key) {
    if (places->n == 1) {
        return places->segment[0];
    }
    struct random_stream stream = random_stream(key->seed, purpose, key->cell, key->index);
    double u = random_uniform(&stream, key->draw);
    if (!places->cumulative) {
        uint32_t i = (uint32_t)(u * places->n);
        return places->segment[i < places->n ? i : places->n - 1];
    }
    double sought = u * places->cumulative[places->n - 1];
    uint32_t low = 0, count = places->n -
                              1; /* the first whose cumulative share is above it, or the last one */
    while (count) {
        uint32_t half = count / 2;
        if (places->cumulative[low + half] <= sought) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return places->segment[low];
}
