/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules, and the order of operations, are those of NEURON 8.2.2: import3d_gui.hoc
 * (contour2centroid, contourstack2centroid) and import3d_sec.hoc (contourcenter, stk_center,
 * approximate_contour_by_circle). So the points are its points, to the bit. */
#include "asc.h"
#include "arena.h"
#include "error.h"
#include <float.h>
#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
/* hoc's comparisons forgive so much. */
static const double EPSILON = 1e-11;
enum { EVEN = 101 };

/* A contour as points at even distances along its way from the first point to the last. */
struct outline {
    double at[3][EVEN], mean[3];
};

/* One side of an outline: how far along the axis, and how far beside it. */
struct side {
    uint32_t n;
    double along[EVEN], beside[EVEN];
};

/* y at each of xd, from the n points (xs, ys); beyond their ends, that of the end. Where xs does
 * not rise, a point is passed over. */
static void interpolate(uint32_t n, const double *xs, const double *ys, uint32_t nd,
                        const double *xd, double *yd) {
    uint32_t d = 0;
    while (d < nd && xd[d] <= xs[0]) {
        yd[d++] = ys[0];
    }
    for (uint32_t s = 1; s < n; s++) {
        for (; xs[s] > xs[s - 1] && d < nd && xd[d] <= xs[s]; d++) {
            double part = (xd[d] - xs[s - 1]) / (xs[s] - xs[s - 1]);
            yd[d] = (1 - part) * ys[s - 1] + part * ys[s];
        }
    }
    while (d < nd) {
        yd[d++] = ys[n - 1];
    }
}

static double mean(const double *value, uint32_t n) {
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += value[i];
    }
    return sum / n;
}

/* The way is measured in the xy plane, and not closed. `scratch` has room for 2n. */
static void trace(const struct asc_point *point, uint32_t n, double *scratch, struct outline *out) {
    double *way = scratch, *value = scratch + n, even[EVEN];
    way[0] = 0;
    for (uint32_t i = 1; i < n; i++) {
        double x = point[i].at[0] - point[i - 1].at[0], y = point[i].at[1] - point[i - 1].at[1];
        way[i] = way[i - 1] + sqrt(x * x + y * y);
    }
    for (uint32_t i = 0; i < EVEN; i++) {
        even[i] = i * (way[n - 1] / 100);
    }
    for (uint32_t k = 0; k < 3; k++) {
        for (uint32_t i = 0; i < n; i++) {
            value[i] = point[i].at[k];
        }
        interpolate(n, way, value, EVEN, even, out->at[k]);
        out->mean[k] = mean(out->at[k], EVEN);
    }
}

/* ---- axes */

static double dot(const double a[3], const double b[3]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Column k below the diagonal becomes its first element alone: H a H, with H = 1 - beta h h'. */
static double reflect(double a[3][3], uint32_t k, double h[3]) {
    double norm = 0, beta, first;
    for (uint32_t i = k + 1; i < 3; i++) {
        h[i] = a[i][k];
        norm += h[i] * h[i];
    }
    norm = sqrt(norm);
    if (!(norm > 0)) {
        return 0;
    }
    beta = 1 / (norm * (norm + fabs(h[k + 1])));
    first = h[k + 1] > 0 ? -norm : norm;
    h[k + 1] -= first;
    a[k + 1][k] = first;
    double sum[3] = {0};
    for (uint32_t i = k + 1; i < 3; i++) {
        for (uint32_t j = k + 1; j < 3; j++) {
            sum[j] += a[i][j] * h[i];
        }
    }
    for (uint32_t i = k + 1; i < 3; i++) {
        for (uint32_t j = k + 1; j < 3; j++) {
            a[i][j] += sum[j] * (-beta * h[i]);
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        double scale = beta * dot(a[i], h);
        for (uint32_t j = k + 1; j < 3; j++) {
            a[i][j] += h[j] * -scale;
        }
    }
    return beta;
}

/* One QR step with Wilkinson's shift on rows low to high of a tridiagonal matrix. */
static void sweep(double d[3], double b[2], double q[3][3], uint32_t low, uint32_t high) {
    double half = (d[high - 1] - d[high]) / 2, square = b[high - 1] * b[high - 1];
    double shift = d[high] - square / (half + (half >= 0 ? 1 : -1) * sqrt(half * half + square));
    double x = d[low] - shift, y = b[low]; /* a rotation takes y away */
    for (uint32_t i = low; i < high; i++) {
        double norm = sqrt(x * x + y * y);
        double c = norm == 0 ? 1 : x / norm, s = norm == 0 ? 0 : -(y / norm);
        double c2 = c * c, s2 = 1 - c2, cs = c * s, d0 = d[i], d1 = d[i + 1];
        if (i > low) {
            b[i - 1] = c * x - s * y;
        }
        d[i] = c2 * d0 + s2 * d1 - 2 * cs * b[i];
        d[i + 1] = s2 * d0 + c2 * d1 + 2 * cs * b[i];
        x = b[i] = cs * (d0 - d1) + (c2 - s2) * b[i];
        if (i + 1 < high) {
            y = -s * b[i + 1];
            b[i + 1] = c * b[i + 1];
        }
        for (uint32_t k = 0; k < 3; k++) {
            double left = c * q[k][i] + -s * q[k][i + 1];
            q[k][i + 1] = s * q[k][i] + c * q[k][i + 1];
            q[k][i] = left;
        }
    }
}

/* Sweeps until what is beside the diagonal has vanished, a part after the other. Three rows take
 * some ten sweeps; what is no number takes the most that there may be. */
static void diagonalise(double d[3], double b[2], double q[3][3]) {
    uint32_t low = 0;
    for (uint32_t step = 0; step < 200 && low < 2; step++) {
        uint32_t high = b[low] == 0 ? low : low == 0 && b[1] != 0 ? 2 : low + 1;
        if (high == low) {
            low++;
            continue;
        }
        bool apart = false;
        for (uint32_t more = 0; more < 100 && !apart; more++) {
            sweep(d, b, q, low, high);
            for (uint32_t i = low; i < high; i++) {
                if (fabs(b[i]) < DBL_EPSILON * (fabs(d[i]) + fabs(d[i + 1]))) {
                    b[i] = 0;
                    apart = true;
                }
            }
        }
        low += !apart;
    }
}

/* The eigenvalues of a symmetric matrix and its eigenvectors, the columns of q: Householder's
 * reflections, then QR with Wilkinson's shift (Golub & Van Loan, Matrix Computations, 8.3). An axis
 * has two directions, and which one it is says which end of the soma is its 0 end: the order of
 * operations is that of NEURON's library, Meschach. */
static void find_axes(double a[3][3], double value[3], double q[3][3]) {
    double h[2][3] = {{0}}, beta[2], b[2];
    for (uint32_t k = 0; k < 2; k++) {
        beta[k] = reflect(a, k, h[k]);
    }
    for (uint32_t i = 0; i < 3; i++) {
        double e[3] = {i == 0, i == 1, i == 2};
        for (uint32_t k = 2; k-- > 0;) {
            double scale = beta[k] * dot(h[k], e);
            for (uint32_t j = k + 1; j < 3; j++) {
                e[j] += h[k][j] * -scale;
            }
        }
        q[0][i] = e[0], q[1][i] = e[1], q[2][i] = e[2];
        value[i] = a[i][i];
    }
    b[0] = a[0][1], b[1] = a[1][2];
    diagonalise(value, b, q);
}

/* ---- one contour */

/* The first one's index. */
static uint32_t find_least(const double *value, uint32_t n, double sign) {
    uint32_t least = 0;
    for (uint32_t i = 1; i < n; i++) {
        least = sign * value[i] < sign * value[least] ? i : least;
    }
    return least;
}

/* The longest axis of the outline, and the middle one laid into the xy plane. */
static bool find_directions(const struct outline *outline, double major[3], double minor[3]) {
    double m[3][3], q[3][3], value[3];
    for (uint32_t i = 0; i < 3; i++) {
        for (uint32_t j = i; j < 3; j++) {
            double sum = 0;
            for (uint32_t k = 0; k < EVEN; k++) {
                sum +=
                    (outline->at[i][k] - outline->mean[i]) * (outline->at[j][k] - outline->mean[j]);
            }
            m[i][j] = m[j][i] = sum;
        }
    }
    find_axes(m, value, q);
    uint32_t least = find_least(value, 3, 1), most = find_least(value, 3, -1);
    uint32_t middle = (3 - least - most) % 3;
    for (uint32_t k = 0; k < 3; k++) {
        major[k] = q[k][most];
        minor[k] = k < 2 ? q[k][middle] : 0;
    }
    double length = sqrt(dot(minor, minor));
    for (uint32_t k = 0; k < 3; k++) {
        minor[k] /= length;
    }
    return least != most && isfinite(minor[0]) && isfinite(minor[1]);
}

/* Leaves the points that lead on along the axis. */
static void straighten(struct side *side) {
    for (uint32_t j = side->n - 1; j > 0; j--) {
        if (side->along[j] <= side->along[j - 1] + EPSILON) {
            side->n--;
            size_t rest = (side->n - j) * sizeof(double);
            memmove(side->along + j, side->along + j + 1, rest);
            memmove(side->beside + j, side->beside + j + 1, rest);
            j += j != side->n;
        }
    }
}

/* The two sides of the outline, each from its low end to its high end. The highest point belongs to
 * the one; the lowest, the first after that of several, to the other. */
static bool find_sides(const struct outline *outline, const double major[3], const double minor[3],
                       struct side side[2]) {
    double along[EVEN], beside[EVEN], turned[EVEN];
    for (uint32_t i = 0; i < EVEN; i++) {
        double p[3];
        for (uint32_t k = 0; k < 3; k++) {
            p[k] = outline->at[k][i] - outline->mean[k];
        }
        along[i] = dot(p, major);
        beside[i] = dot(p, minor);
    }
    uint32_t most = find_least(along, EVEN, -1);
    for (uint32_t i = 0; i < EVEN; i++) {
        turned[i] = along[(most + i) % EVEN];
    }
    side[0].n = find_least(turned, EVEN, 1);
    side[1].n = EVEN - side[0].n;
    for (uint32_t i = 0; i < EVEN; i++) {
        uint32_t s = i >= side[0].n, to = s ? i - side[0].n : side[0].n - 1 - i;
        side[s].along[to] = turned[i];
        side[s].beside[to] = beside[(most + i) % EVEN];
    }
    if (side[0].n == 0) {
        return false;
    }
    straighten(&side[0]);
    straighten(&side[1]);
    return true;
}

/* The axis' points: even, from the last but one point of the sides at the low end to that at the
 * high end. */
static bool find_even(const struct side side[2], double even[ASC_AXIS]) {
    double low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL}; /* outermost first */
    for (uint32_t s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < side[s].n; i++) {
            double x = side[s].along[i];
            if (x < low[0]) {
                low[1] = low[0], low[0] = x;
            } else if (x < low[1]) {
                low[1] = x;
            }
            if (x > high[0]) {
                high[1] = high[0], high[0] = x;
            } else if (x > high[1]) {
                high[1] = x;
            }
        }
    }
    double step = (high[1] - low[1]) / 20;
    for (uint32_t i = 0; i < ASC_AXIS; i++) {
        even[i] = i * step + low[1];
    }
    return step > 0 && isfinite(step);
}

/* The soma as 21 points on the longest axis of its only contour, as wide as that is there. The ends
 * are wider, half as wide as the points beside them at least. */
static bool find_axis(const struct asc_point *point, uint32_t n, double *scratch,
                      struct asc_soma *soma) {
    struct outline outline;
    struct side side[2];
    double major[3], minor[3], even[ASC_AXIS], edge[2][ASC_AXIS], diam[ASC_AXIS];
    trace(point, n, scratch, &outline);
    memcpy(soma->center, outline.mean, sizeof soma->center);
    if (!find_directions(&outline, major, minor) || !find_sides(&outline, major, minor, side) ||
        !find_even(side, even)) {
        return false;
    }
    for (uint32_t s = 0; s < 2; s++) {
        interpolate(side[s].n, side[s].along, side[s].beside, ASC_AXIS, even, edge[s]);
    }
    for (uint32_t i = 0; i < ASC_AXIS; i++) {
        diam[i] = fabs(edge[0][i] - edge[1][i]);
    }
    diam[0] = (diam[0] + diam[1]) / 2;
    diam[ASC_AXIS - 1] = (diam[ASC_AXIS - 1] + diam[ASC_AXIS - 2]) / 2;
    soma->n = ASC_AXIS;
    for (uint32_t i = 0; i < ASC_AXIS; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            soma->point[i][k] = (float)(major[k] * even[i] + outline.mean[k]);
        }
        soma->point[i][3] = (float)diam[i];
    }
    return true;
}

/* ---- several contours */

/* A contour of a stack as a circle around its middle: the mean of the diameters that its way around
 * and its points' distances from the middle give. */
static double circle(const struct asc_point *point, uint32_t n, double *scratch,
                     struct outline *outline) {
    double around = 0, radius[EVEN];
    for (uint32_t i = 0; i < n; i++) {
        double d[3];
        for (uint32_t k = 0; k < 3; k++) {
            d[k] = point[i].at[k] - point[(i + 1) % n].at[k];
        }
        around += sqrt(dot(d, d));
    }
    trace(point, n, scratch, outline);
    for (uint32_t i = 0; i < EVEN; i++) {
        double d[3];
        for (uint32_t k = 0; k < 3; k++) {
            d[k] = outline->at[k][i] - outline->mean[k];
        }
        radius[i] = sqrt(dot(d, d));
    }
    return mean(radius, EVEN) + around / (2 * PI);
}

/* The middle of the line through the circles' middles. */
static void find_middle(uint32_t n, const double (*middle)[3], double *way, double center[3]) {
    way[0] = 0;
    for (uint32_t i = 1; i < n; i++) {
        double d[3];
        for (uint32_t k = 0; k < 3; k++) {
            d[k] = middle[i][k] - middle[i - 1][k];
        }
        way[i] = way[i - 1] + sqrt(dot(d, d));
    }
    double half = way[n - 1] / 2;
    uint32_t i = 1;
    while (i < n && !(way[i] > half + EPSILON)) {
        i++;
    }
    double part = i < n ? (half - way[i - 1]) / (way[i] - way[i - 1]) : 0;
    i = i < n ? i : 1;
    for (uint32_t k = 0; k < 3; k++) {
        center[k] = part * middle[i][k] + (1 - part) * middle[i - 1][k];
    }
}

hk_status asc_find_soma(hk_context *ctx, const struct asc *asc, struct asc_soma *soma) {
    struct arena arena = {0};
    uint32_t n = asc->n_contour;
    double(*middle)[3] = arena_take(&arena, n, sizeof *middle);
    double *scratch = ARENA_NEW(&arena, 2 * ((size_t)asc->n_point + n), double);
    bool fine = true;
    if (arena.failed) {
        arena_free(&arena);
        return fail_memory(ctx, "a soma");
    }
    soma->n = n;
    for (uint32_t i = 0; i < n && n > 1; i++) {
        struct outline outline;
        const struct asc_contour *contour = &asc->contour[i];
        double diam = circle(asc->point + contour->first, contour->n, scratch, &outline);
        for (uint32_t k = 0; k < 3; k++) {
            soma->point[i][k] = (float)outline.mean[k];
        }
        soma->point[i][3] = (float)diam;
        memcpy(middle[i], outline.mean, sizeof middle[i]);
    }
    if (n > 1) {
        find_middle(n, (const double(*)[3])middle, scratch, soma->center);
    } else {
        fine = find_axis(asc->point + asc->contour->first, asc->contour->n, scratch, soma);
    }
    for (uint32_t i = 0; fine && i < soma->n; i++) {
        fine = soma->point[i][3] > 0 && isfinite(soma->point[i][3]);
    }
    arena_free(&arena);
    return fine ? HK_OK
                : fail(ctx, HK_SYNTAX,
                       "%s:%u: the soma's contour has no width as it is seen along z; its points "
                       "are to go around it",
                       asc->name, (unsigned)asc->contour->line);
}
