/* SPDX-License-Identifier: BSD-3-Clause */
/* unit.h: what a unit is: the mechanisms of a cell type, compiled together.
 *
 * hillock writes a unit's source when a network is built (hk_net_unit_source) and loads what a
 * compiler makes of it (hk_net_unit_load). The source has those of the plugins in it; for each set
 * of segments with the same mechanisms it has one function that does in a single loop over the
 * instances what the plugins' kernels do one after the other: `advance` of the step that ends, and
 * `current` of the step that begins. Its results have the plugins' bits. */
#ifndef HK_UNIT_H
#define HK_UNIT_H
#include "hillock/math.h"
#include "hillock/plugin.h"

#define HK_UNIT_MAGIC "hk unit" /* 8 bytes with its final zero */
#define HK_UNIT_VERSION 2

/* What a unit's function works on: a set of segments in a group of cells. The arrays begin at the
 * set's first instance and are 64-byte aligned; which is which is in the order in which the unit's
 * source was written. */
struct hk_unit_run {
    uint32_t n; /* instances, a multiple of 8 */
    uint32_t reserved;
    double dt, celsius;
    const double *v;
    /* step stores the mechanisms' currents and slopes, but those of ions whose current somebody
     * reads, which have arrays; finish replaces them by the matrix's right side and diagonal */
    double *i, *g;
    double *const *array;
    const double *scalar;              /* of constant columns that are the same for all instances */
    const double *const *common;       /* of each mechanism: what its setup left */
    const double *const *point_common; /* of each point process */
    const struct hk_host *host;
    const struct hk_list *const *table;    /* of each mechanism */
    const struct hk_stream *const *stream; /* of each mechanism's instances, or NULL */
};

struct hk_unit {
    char magic[8]; /* HK_UNIT_MAGIC */
    uint32_t version, size;
    const char *key;          /* of the text that it was compiled from */
    uint32_t n_set, n_plugin; /* n_plugin: mechanisms, then point processes */
    /* step[set]; NULL for a set without mechanisms. t_advance, t_current: block->t of the hooks. */
    void (*const *step)(const struct hk_unit_run *run, double t_advance, double t_current);
    const struct hk_plugin *const *plugin; /* the descriptors in the sources */
    /* finish[set] adds the currents of synapses and makes the matrix; NULL where the plugins and
     * the host do that. Then step advances the synapses too. */
    void (*const *finish)(const struct hk_unit_run *run, double t_current);
};

/* The loop over a set's instances, which a compiler makes vectors of. */
#if defined __clang__
#define HK_UNIT_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(disable)")
#elif defined __GNUC__
#define HK_UNIT_LOOP _Pragma("GCC ivdep") _Pragma("GCC unroll 1")
#else
#define HK_UNIT_LOOP
#endif

/* The reversal potential E = factor log(outside/inside), factor = R T/(z F) in mV; +-1e6 mV where a
 * concentration is not above 0, as NEURON's nernst() has it. */
HK_ALWAYS double hk_nernst(double factor, double inside, double outside) {
    double e = factor * hk_log_normal(outside / inside);
    e = inside <= 0 ? 1e6 : e;
    return outside <= 0 ? -1e6 : e;
}

#endif
