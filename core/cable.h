/* SPDX-License-Identifier: BSD-3-Clause */
/* cable: sections cut into compartments (segments): area, diameter, axial resistance, distance, and
 * the tree of conductances. The integrals over the points are NEURON's (src/nrnoc/treeset.cpp
 * of 8.2.2: nrn_area_ri, diam_from_list). */
#ifndef HK_CORE_CABLE_H
#define HK_CORE_CABLE_H
#include "hillock/morphology.h"

enum { CABLE_NSEG = 32767 }; /* the most segments of a section */

struct cable_segment {
    uint32_t section, index_in_section;
    uint32_t parent;                     /* segment; HK_NONE at the root */
    double x;                            /* its middle, 0 to 1 along the section */
    double length_um, diam_um, area_um2; /* diam: the mean along the points */
    /* From its middle to the parent node: the segment before it, or where the section joins. */
    double ri_Mohm;
    double distance_um; /* from the middle of section 0 along the tree, as NEURON's h.distance */
};

/* Nodes are the segments, numbered section by section from the 0 end, and after them the points
 * without area at which three or more segments meet: ends of sections, the 0 end of the root. Where
 * two meet there, their half resistances are in series. The tree is rooted at node 0. */
struct cable {
    uint32_t n_section, n_segment, n_node;
    struct cable_segment *segment;
    uint32_t *first;  /* of each section; n_section + 1 of them */
    uint32_t *parent; /* of each node; HK_NONE at node 0 */
    double *g_uS;     /* from each node to its parent; 0 at node 0 */
    uint32_t *order;  /* all nodes, depth first: a parent before its children */
};

/* Cuts section s into nseg[s] segments (1 to CABLE_NSEG), axial resistivity Ra[s] ohm cm (above 0).
 * HK_INVALID names the section. */
hk_status cable_new(hk_context *ctx, const hk_morph *morph, const uint32_t *nseg, const double *Ra,
                    struct cable **out);
void cable_free(struct cable *cable);

/* The section's length constant in um at `frequency` Hz: sqrt(diam / (4 pi f Ra cm)), over its
 * points the length divided by the integral of 1/lambda (NEURON's lambda_f,
 * share/lib/hoc/stdlib.hoc). */
double cable_lambda_um(const hk_morph *morph, uint32_t section, double Ra, double cm,
                       double frequency);

/* The odd number of segments by the d_lambda rule, int((L / (d_lambda lambda) + 0.9) / 2) 2 + 1.
 * HK_INVALID: an argument is not above 0, or the number is above CABLE_NSEG. */
hk_status cable_nseg_lambda(hk_context *ctx, const hk_morph *morph, uint32_t section, double Ra,
                            double cm, double d_lambda, double frequency, uint32_t *nseg);

/* The segment at x of a section, 0 <= x <= 1; the last one at x = 1. HK_NONE where there is no such
 * place. */
uint32_t cable_locate(const struct cable *cable, uint32_t section, double x);

#endif
