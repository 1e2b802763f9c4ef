/* SPDX-License-Identifier: BSD-3-Clause */
#include "cable.h"
#include "cable_tree.h"
#include "error.h"
#include "morphology.h"
#include <math.h>
#include <stdlib.h>

static const double PI = 3.14159265358979323846;

/* ---- a section's segments */

/* A place on a section's points, that moves on as segments are integrated. */
struct walk {
    const float (*point)[4];
    const double *arc;
    uint32_t n, at; /* points; the last one that was passed */
    double x, diam; /* where it is, um from the 0 end, and the diameter there */
};

/* What is summed up along the way: of d dx, of the frusta's d ds, and of dx / d^2. */
struct sums {
    double diam, area, resistance;
};

static void add_frustum(struct sums *sums, double diam0, double diam1, double dx) {
    double taper = (diam1 - diam0) / 2;
    sums->diam += (diam1 + diam0) * dx;
    dx = dx < 1e-15 ? 1e-15 : dx;
    double conductance = diam1 * diam0 / dx;
    sums->resistance += 1 / (conductance == 0 ? 1e-15 : conductance);
    sums->area += (diam1 + diam0) * sqrt(dx * dx + taper * taper);
}

/* Adds what lies from the walk's place to `to`, which may lie a rounding error beyond the last
 * point. */
static void integrate(struct walk *w, double to, struct sums *sums) {
    for (bool there = false; !there;) {
        uint32_t next = w->at + 1;
        there = w->arc[next] > to || next == w->n - 1;
        double x = w->arc[next], diam = (double)w->point[next][3];
        if (there) {
            double span = x - w->arc[w->at];
            double part = fabs(span) < 1e-10 ? 1 : (to - w->arc[w->at]) / span;
            x = to;
            diam = (1 - part) * (double)w->point[w->at][3] + part * diam;
        }
        add_frustum(sums, w->diam, diam, x - w->x);
        w->x = x;
        w->diam = diam;
        w->at = there ? w->at : next;
    }
}

/* The segments of a section with points; returns the resistance from the last one's middle to the 1
 * end, Mohm. */
static double cut_points(const struct hk_section *section, const double *arc,
                         struct cable_segment *segment, uint32_t nseg, double Ra) {
    struct walk walk = {.point = section->point,
                        .arc = arc,
                        .n = section->n_point,
                        .diam = (double)section->point[0][3]};
    double dx = arc[walk.n - 1] / nseg, right = 0;
    for (uint32_t i = 0; i < nseg; i++) {
        double middle = i * dx + dx / 2;
        struct sums left_sums = {0};
        integrate(&walk, middle, &left_sums);
        double left = left_sums.resistance * Ra / PI * (4 * 0.01);
        struct sums sums = {.diam = left_sums.diam, .area = left_sums.area};
        integrate(&walk, middle + dx / 2, &sums);
        segment[i].ri_Mohm = right + left;
        right = sums.resistance * Ra / PI * (4 * 0.01);
        segment[i].length_um = dx;
        segment[i].diam_um = sums.diam * (0.5 / dx);
        segment[i].area_um2 = sums.area * 0.5 * PI;
    }
    return right;
}

static double cut_cylinder(const struct hk_section *section, struct cable_segment *segment,
                           uint32_t nseg, double Ra) {
    double dx = section->length_um / nseg, diam = section->diam_um;
    double half = 1e-2 * Ra * (dx / 2) / (PI * diam * diam / 4);
    for (uint32_t i = 0; i < nseg; i++) {
        segment[i].length_um = dx;
        segment[i].diam_um = diam;
        segment[i].area_um2 = PI * diam * dx;
        segment[i].ri_Mohm = i ? half + half : half;
    }
    return half;
}

static bool is_positive(double value) {
    return value > 0 && isfinite(value);
}

/* Fills the section's segments, but for what depends on other sections. */
static hk_status cut_section(hk_context *ctx, const struct cable *cable, uint32_t s,
                             const struct hk_section *section, double Ra, double *arc,
                             double *right) {
    struct cable_segment *segment = cable->segment + cable->first[s];
    uint32_t nseg = cable->first[s + 1] - cable->first[s];
    if (section->n_point) {
        morphology_arc(section, arc);
        *right = cut_points(section, arc, segment, nseg, Ra);
    } else {
        *right = cut_cylinder(section, segment, nseg, Ra);
    }
    bool fine = is_positive(*right) && is_positive(1 / *right);
    for (uint32_t i = 0; i < nseg; i++) {
        segment[i].section = s;
        segment[i].index_in_section = i;
        segment[i].x = (i + 0.5) / nseg;
        fine = fine && is_positive(segment[i].area_um2) && is_positive(segment[i].ri_Mohm) &&
               is_positive(1 / segment[i].ri_Mohm) && is_positive(segment[i].diam_um);
    }
    return fine ? HK_OK
                : fail(ctx, HK_INVALID,
                       "%s: area or axial resistance of its segments is not a number above 0 (L %g "
                       "um, Ra %g ohm cm)",
                       section->name, section->length_um, Ra);
}

/* ---- the whole */

static hk_status check(hk_context *ctx, const hk_morph *morph, const uint32_t *nseg,
                       const double *Ra, uint64_t *sum, uint32_t *longest) {
    uint32_t n = hk_morph_sections(morph);
    *sum = *longest = 0;
    for (uint32_t s = 0; s < n; s++) {
        struct hk_section section = hk_morph_get(morph, s);
        if (nseg[s] < 1 || nseg[s] > CABLE_NSEG) {
            return fail(ctx, HK_INVALID, "%s: nseg is %u, not from 1 to %d", section.name,
                        (unsigned)nseg[s], CABLE_NSEG);
        }
        if (!is_positive(Ra[s])) {
            return fail(ctx, HK_INVALID, "%s: Ra is %g ohm cm, not a number above 0", section.name,
                        Ra[s]);
        }
        *sum += nseg[s];
        *longest = section.n_point > *longest ? section.n_point : *longest;
    }
    if (n == 0) {
        return fail(ctx, HK_INVALID, "the morphology has no sections");
    }
    return *sum < HK_NONE / 4 ? HK_OK
                              : fail(ctx, HK_INVALID, "%llu segments are more than a cell can have",
                                     (unsigned long long)*sum);
}

static hk_status fill(hk_context *ctx, struct cable *cable, const hk_morph *morph,
                      const uint32_t *nseg, const double *Ra, double *arc, double *right) {
    for (uint32_t s = 0; s < cable->n_section; s++) {
        cable->first[s + 1] = cable->first[s] + nseg[s];
        struct hk_section section = hk_morph_get(morph, s);
        hk_status status = cut_section(ctx, cable, s, &section, Ra[s], arc, &right[s]);
        if (status) {
            return status;
        }
    }
    return cable_tree(ctx, cable, morph, right);
}

hk_status cable_new(hk_context *ctx, const hk_morph *morph, const uint32_t *nseg, const double *Ra,
                    struct cable **out) {
    uint64_t sum;
    uint32_t longest;
    *out = NULL;
    hk_status status = check(ctx, morph, nseg, Ra, &sum, &longest);
    if (status) {
        return status;
    }
    uint32_t n = hk_morph_sections(morph);
    struct cable *cable = calloc(1, sizeof *cable);
    double *arc = calloc((size_t)longest + 1, sizeof *arc), *right = calloc(n, sizeof *right);
    if (cable) {
        cable->n_section = n;
        cable->n_segment = (uint32_t)sum;
        cable->segment = calloc(sum, sizeof *cable->segment);
        cable->first = calloc((size_t)n + 1, sizeof *cable->first);
    }
    bool room = cable && arc && right && cable->segment && cable->first;
    status = room ? fill(ctx, cable, morph, nseg, Ra, arc, right)
                  : fail_memory(ctx, "the segments of a cell");
    free(arc);
    free(right);
    if (status) {
        cable_free(cable);
        return status;
    }
    *out = cable;
    return HK_OK;
}

void cable_free(struct cable *cable) {
    if (cable) {
        free(cable->segment);
        free(cable->first);
        free(cable->parent);
        free(cable->g_uS);
        free(cable->order);
        free(cable);
    }
}

uint32_t cable_locate(const struct cable *cable, uint32_t section, double x) {
    if (section >= cable->n_section || !(x >= 0 && x <= 1)) {
        return HK_NONE;
    }
    uint32_t nseg = cable->first[section + 1] - cable->first[section];
    return cable->first[section] + cable_index(nseg, x);
}

/* ---- the number of segments */

double cable_lambda_um(const hk_morph *morph, uint32_t section, double Ra, double cm,
                       double frequency) {
    struct hk_section s = hk_morph_get(morph, section);
    if (s.n_point < 2) {
        return 1e5 * sqrt(s.diam_um / (4 * PI * frequency * Ra * cm));
    }
    double sum = 0, before = 0;
    for (uint32_t i = 1; i < s.n_point; i++) {
        double step[2];
        morphology_arc(&(struct hk_section){.n_point = 2, .point = s.point + i - 1}, step);
        double arc = before + step[1];
        sum += (arc - before) / sqrt((double)s.point[i - 1][3] + (double)s.point[i][3]);
        before = arc;
    }
    return s.length_um / (sum * (sqrt(2.0) * 1e-5 * sqrt(4 * PI * frequency * Ra * cm)));
}

hk_status cable_nseg_lambda(hk_context *ctx, const hk_morph *morph, uint32_t section, double Ra,
                            double cm, double d_lambda, double frequency, uint32_t *nseg) {
    struct hk_section s = hk_morph_get(morph, section);
    const char *const name[] = {"Ra", "cm", "d_lambda", "frequency"};
    const double value[] = {Ra, cm, d_lambda, frequency};
    for (uint32_t i = 0; i < 4; i++) {
        if (!is_positive(value[i])) {
            return fail(ctx, HK_INVALID, "%s: %s is %g, not a number above 0", s.name, name[i],
                        value[i]);
        }
    }
    double longest = d_lambda * cable_lambda_um(morph, section, Ra, cm, frequency);
    double half = floor((s.length_um / longest + 0.9) / 2);
    if (!(half <= (CABLE_NSEG - 1) / 2)) {
        return fail(ctx, HK_INVALID,
                    "%s: d_lambda %g asks for %.0f segments; a section has at most %d", s.name,
                    d_lambda, half * 2 + 1, CABLE_NSEG);
    }
    *nseg = (uint32_t)half * 2 + 1;
    return HK_OK;
}
