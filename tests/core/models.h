/* SPDX-License-Identifier: BSD-3-Clause */
/* models: cells, networks and what is recorded of them, in few lines, for the tests of the engine.
 */
#ifndef HK_TESTS_MODELS_H
#define HK_TESTS_MODELS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hillock/hillock.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKS(ctx, call)                                                                           \
    do {                                                                                           \
        hk_status status_ = (call);                                                                \
        if (status_) {                                                                             \
            fail_msg("%s: %s", hk_status_name(status_), hk_message(ctx));                          \
        }                                                                                          \
    } while (0)

/* Expects a status and a message that has `part` in it. */
#define FAILS(ctx, call, status, part)                                                             \
    do {                                                                                           \
        assert_string_equal(hk_status_name(call), #status);                                        \
        if (!strstr(hk_message(ctx), part)) {                                                      \
            fail_msg("\"%s\" is not in \"%s\"", part, hk_message(ctx));                            \
        }                                                                                          \
    } while (0)

/* SPEC("ExpSyn", {"tau", 2}, {"e", 0}): a plugin with values for at least one field.
 * PLAIN("memory"): without any. */
#define SPEC(plugin, ...)                                                                          \
    (&(struct hk_spec){                                                                            \
        plugin, (uint32_t)(sizeof((struct hk_param[]){__VA_ARGS__}) / sizeof(struct hk_param)),    \
        (struct hk_param[]){__VA_ARGS__}})
#define PLAIN(plugin) (&(struct hk_spec){plugin, 0, NULL})
#define VALUE(name, number) ((struct hk_param){.field = name, .value = number})
#define ROWS(name, array, n) ((struct hk_param){.field = name, .list = array, .rows = n})

/* ---- contexts and cell types */

static inline hk_context *open_context(void) {
    hk_context *ctx = hk_new();
    assert_non_null(ctx);
    char path[4096] = "", *slash; /* the fixtures stand beside this program */
    assert_true(readlink("/proc/self/exe", path, sizeof path - 16) > 0);
    slash = strrchr(path, '/');
    snprintf(slash, 16, "/fixtures");
    WORKS(ctx, hk_plugin_folder(ctx, path));
    return ctx;
}

struct stick {
    double length, diam; /* um */
    uint32_t parent;     /* of the sticks before it; ignored at the first */
    double parent_x;
    uint32_t nseg;
};

/* Sections s0, s1, ... of the domains "s0", "s1", ...: named "s0[0]" and so on, and found as "s0".
 */
static inline hk_cell *tree(hk_context *ctx, const char *name, uint32_t n,
                            const struct stick *stick, double Ra, double cm) {
    hk_morph *morph;
    hk_cell *cell;
    WORKS(ctx, hk_morph_new(ctx, name, &morph));
    for (uint32_t k = 0; k < n; k++) {
        char domain[16];
        snprintf(domain, sizeof domain, "s%u", (unsigned)k);
        struct hk_section_spec section = {.domain = domain,
                                          .parent = k ? stick[k].parent : HK_NONE,
                                          .parent_x = stick[k].parent_x,
                                          .length_um = stick[k].length,
                                          .diam_um = stick[k].diam};
        WORKS(ctx, hk_morph_section(morph, &section, NULL));
    }
    WORKS(ctx, hk_cell_new(ctx, name, morph, &cell));
    hk_morph_free(morph);
    WORKS(ctx, hk_cell_Ra(cell, 0, NULL, Ra));
    WORKS(ctx, hk_cell_cm(cell, 0, NULL, cm));
    for (uint32_t k = 0; k < n; k++) {
        WORKS(ctx, hk_cell_nseg(cell, 1, &k, stick[k].nseg));
    }
    WORKS(ctx, hk_cell_build(cell));
    return cell;
}

static inline hk_cell *cylinder(hk_context *ctx, double length, double diam, uint32_t nseg,
                                double Ra, double cm) {
    struct stick stick = {.length = length, .diam = diam, .nseg = nseg};
    return tree(ctx, "cylinder", 1, &stick, Ra, cm);
}

static inline void set_all(hk_context *ctx, hk_cell *cell, const char *mechanism, const char *field,
                           double value) {
    WORKS(ctx, hk_cell_set(cell, mechanism, field, 0, NULL, &value, 0));
}

/* A passive membrane everywhere. */
static inline void passive(hk_context *ctx, hk_cell *cell, double g, double e) {
    WORKS(ctx, hk_cell_insert(cell, "pas", 0, NULL));
    set_all(ctx, cell, "pas", "g", g);
    set_all(ctx, cell, "pas", "e", e);
}

/* ---- networks */

static inline hk_net *open_net(hk_context *ctx, double dt, double v_init) {
    struct hk_net_options options = hk_net_defaults();
    options.dt = dt;
    options.v_init = v_init;
    hk_net *net;
    WORKS(ctx, hk_net_new(ctx, &options, &net));
    return net;
}

static inline uint32_t add_cells(hk_context *ctx, hk_net *net, hk_cell *type, uint32_t n) {
    uint32_t first;
    WORKS(ctx, hk_net_population(net, hk_cell_name(type), type, n, NULL, &first));
    return first;
}

static inline uint32_t add_point(hk_context *ctx, hk_net *net, const struct hk_spec *spec,
                                 uint32_t cell, uint32_t segment) {
    uint32_t point;
    WORKS(ctx, hk_net_points(net, spec, 1, &cell, &segment, &point));
    return point;
}

/* The source that an input is which draws from stream `name`, cell identity 0, index 0. */
static inline uint32_t add_input(hk_context *ctx, hk_net *net, const struct hk_spec *spec,
                                 const char *name) {
    uint32_t input, source;
    WORKS(ctx, hk_net_inputs(net, spec, name, 1, NULL, NULL, &input));
    WORKS(ctx, hk_net_source(net, HK_FROM_INPUT, input, &source));
    return source;
}

/* The source that is a train of events at these times. */
static inline uint32_t add_times(hk_context *ctx, hk_net *net, const double *times, uint32_t n) {
    return add_input(ctx, net, SPEC("SpikeArray", ROWS("times", times, n)), "times");
}

static inline uint32_t add_detector(hk_context *ctx, hk_net *net, uint32_t cell, uint32_t segment,
                                    double threshold) {
    uint32_t source;
    WORKS(ctx, hk_net_detector(net, cell, segment, threshold, &source));
    return source;
}

static inline uint32_t point_source(hk_context *ctx, hk_net *net, uint32_t point) {
    uint32_t source;
    WORKS(ctx, hk_net_source(net, HK_FROM_POINT, point, &source));
    return source;
}

static inline void connect_one(hk_context *ctx, hk_net *net, uint32_t source, uint32_t point,
                               double weight, double delay) {
    WORKS(ctx, hk_net_connect(net, 1, &source, &point, &weight, 1, &delay));
}

/* ---- what is recorded, all in memory */

static inline uint32_t probe_segment(hk_context *ctx, hk_net *net, uint32_t cell, uint32_t segment,
                                     const char *mechanism, const char *field) {
    struct hk_target target = {.at = HK_AT_SEGMENT,
                               .index = cell,
                               .segment = segment,
                               .mechanism = mechanism,
                               .field = field};
    struct hk_probe probe = {
        .kind = HK_PROBE_VALUES, .n = 1, .target = &target, .recorder = *PLAIN("memory")};
    uint32_t out;
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    return out;
}

static inline uint32_t probe_v(hk_context *ctx, hk_net *net, uint32_t cell, uint32_t segment) {
    return probe_segment(ctx, net, cell, segment, NULL, "v");
}

static inline uint32_t probe_point(hk_context *ctx, hk_net *net, uint32_t point,
                                   const char *field) {
    struct hk_target target = {.at = HK_AT_POINT, .index = point, .field = field};
    struct hk_probe probe = {
        .kind = HK_PROBE_VALUES, .n = 1, .target = &target, .recorder = *PLAIN("memory")};
    uint32_t out;
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    return out;
}

/* Spikes (all detectors', or those of one source) or all inputs' events. */
static inline uint32_t probe_events(hk_context *ctx, hk_net *net, enum hk_probe_kind kind,
                                    const uint32_t *source) {
    struct hk_target target = {.at = HK_AT_SOURCE, .index = source ? *source : 0};
    struct hk_probe probe = {
        .kind = kind, .n = source ? 1 : 0, .target = &target, .recorder = *PLAIN("memory")};
    uint32_t out;
    WORKS(ctx, hk_net_probe(net, &probe, &out));
    return out;
}

struct rows {
    uint64_t n;
    uint32_t width;
    const double *row;
};

static inline struct rows rows_of(hk_context *ctx, hk_net *net, uint32_t probe) {
    struct rows rows;
    WORKS(ctx, hk_net_rows(net, probe, &rows.n, &rows.width, &rows.row));
    return rows;
}

/* Column c of row r; column 0 is the time. */
static inline double at(struct rows rows, uint64_t r, uint32_t c) {
    assert_true(r < rows.n && c < rows.width);
    return rows.row[r * rows.width + c];
}

static inline double last_of(hk_context *ctx, hk_net *net, uint32_t probe) {
    struct rows rows = rows_of(ctx, net, probe);
    assert_true(rows.n > 0);
    return at(rows, rows.n - 1, 1);
}

/* Expects that two probes' rows are the same, bit for bit. */
static inline void same_rows(struct rows a, struct rows b) {
    assert_true(a.n > 0);
    assert_true(a.n == b.n && a.width == b.width);
    assert_memory_equal(a.row, b.row, a.n * a.width * sizeof *a.row);
}

/* Expects |got - right| <= tolerance. */
#define NEAR(got, right, tolerance)                                                                \
    do {                                                                                           \
        double got_ = (got), right_ = (right), tolerance_ = (tolerance);                           \
        if (!(fabs(got_ - right_) <= tolerance_)) {                                                \
            fail_msg(#got " is %.17g, not %.17g: %.3g apart, and %.3g allowed", got_, right_,      \
                     got_ - right_, tolerance_);                                                   \
        }                                                                                          \
    } while (0)

#endif
