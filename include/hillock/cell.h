/* SPDX-License-Identifier: BSD-3-Clause */
/* cell.h: a cell type. A morphology cut into segments, mechanisms inserted in them, a value for
 * every parameter.
 *
 * The order of work: Ra, cm and nseg of the sections; hk_cell_build cuts; then insert, then set. A
 * cell type may change until the first network that uses it is built; the network then has its own
 * copy of all it needs. */
#ifndef HK_CELL_H
#define HK_CELL_H
#include "hillock/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hk_morph hk_morph;
typedef struct hk_cell hk_cell;
struct hk_plugin;

/* A cell type of this shape. It keeps what it needs of morph, which may be freed at once. Each
 * section begins with Ra 35.4 ohm cm, cm 1 uF/cm2 and nseg 1, NEURON's defaults. */
HK_API hk_status hk_cell_new(hk_context *ctx, const char *name, const hk_morph *morph,
                             hk_cell **out);

/* Gives up one's hold of it; networks that use it keep theirs. NULL is fine. */
HK_API void hk_cell_free(hk_cell *cell);

HK_API const char *hk_cell_name(const hk_cell *cell);
HK_API const hk_morph *hk_cell_morph(const hk_cell *cell);

/* Before hk_cell_build (HK_ORDER after it): n sections get the axial resistivity (ohm cm, above 0),
 * the membrane capacitance (uF/cm2, above 0), or the number of segments (1 to 32767). section NULL:
 * all of them, n ignored. */
HK_API hk_status hk_cell_Ra(hk_cell *cell, uint32_t n, const uint32_t *section, double Ra);
HK_API hk_status hk_cell_cm(hk_cell *cell, uint32_t n, const uint32_t *section, double cm);
HK_API hk_status hk_cell_nseg(hk_cell *cell, uint32_t n, const uint32_t *section, uint32_t nseg);

/* nseg of the sections by the d_lambda rule: the odd number that makes a segment at most d_lambda
 * length constants long at `frequency` Hz (Carnevale & Hines, The NEURON Book, 2006, ch. 5), from
 * the section's Ra, cm and shape. */
HK_API hk_status hk_cell_nseg_lambda(hk_cell *cell, uint32_t n, const uint32_t *section,
                                     double d_lambda, double frequency);

/* nseg of the sections such that no segment is longer than `longest` um; odd if `odd`. */
HK_API hk_status hk_cell_nseg_length(hk_cell *cell, uint32_t n, const uint32_t *section,
                                     double longest, bool odd);

/* Cuts the sections into segments. Segments are numbered section by section, from each section's 0
 * end to its 1 end. */
HK_API hk_status hk_cell_build(hk_cell *cell);

/* What a section has; sections are those of the morphology, in its order. */
struct hk_cell_section {
    double Ra, cm;        /* cm as set for the section; segments may differ */
    uint32_t nseg, first; /* first segment, HK_NONE before hk_cell_build */
};
HK_API struct hk_cell_section hk_cell_section(const hk_cell *cell, uint32_t section);

struct hk_segment {
    uint32_t section, index, parent; /* index in its section; parent segment, HK_NONE at the root */
    double x;                        /* its middle, 0 to 1 along the section */
    double length_um, diam_um, area_um2;
    double ri_Mohm;     /* from its middle to its parent node */
    double distance_um; /* along the path from the middle of section 0 */
};
HK_API uint32_t hk_cell_segments(const hk_cell *cell); /* 0 before hk_cell_build */
HK_API struct hk_segment hk_cell_segment(const hk_cell *cell, uint32_t segment);

/* The section called `name`: "dend[3]", or "soma" for "soma[0]" where there is one alone. The
 * segment at x of a section: 0 <= x <= 1, x = 1 is the last one. HK_NOT_FOUND names what exists. */
HK_API hk_status hk_cell_find(const hk_cell *cell, const char *name, uint32_t *section);
HK_API hk_status hk_cell_locate(const hk_cell *cell, uint32_t section, double x, uint32_t *segment);

/* Inserts a channel, by its name or its file's path (with a slash, see hk_plugin_find), in n
 * segments (NULL: all); where it is already, nothing changes. Ions that it names come with it. A
 * cell has one mechanism of a name: HK_INVALID where it has another one. */
HK_API hk_status hk_cell_insert(hk_cell *cell, const char *mechanism, uint32_t n,
                                const uint32_t *segment);

HK_API uint32_t hk_cell_mechanisms(const hk_cell *cell);
HK_API const struct hk_plugin *hk_cell_mechanism(const hk_cell *cell, uint32_t i);
HK_API bool hk_cell_has(const hk_cell *cell, uint32_t mechanism, uint32_t segment);

/* Sets a parameter in n segments (NULL: all that have the mechanism) to value[0], value[stride],
 * value[2 stride], ...: stride 0 for one value, 1 for one each. mechanism NULL: "cm", or an ion's
 * variable: "ena", "cai" (at the start), "cao"; a reversal potential has no effect where Nernst's
 * equation or a mechanism gives it. A global field holds for the whole cell type:
 * segment must be NULL and stride 0. HK_NOT_FOUND: no such field (names the nearest), or a segment
 * without the mechanism; HK_INVALID: out of the field's range. Nothing is changed then. */
HK_API hk_status hk_cell_set(hk_cell *cell, const char *mechanism, const char *field, uint32_t n,
                             const uint32_t *segment, const double *value, uint32_t stride);

/* Gives a mechanism's HK_TABLE field its rows, rows times width numbers, for the whole cell type;
 * they are copied. A field named otherwise, or without a list of numbers, is refused as above. */
HK_API hk_status hk_cell_set_table(hk_cell *cell, const char *mechanism, const char *field,
                                   uint32_t rows, const double *value);

/* Reads what hk_cell_set sets into value[0 .. n-1]; NaN where the segment lacks the mechanism or
 * ion. segment NULL: all, n = hk_cell_segments. */
HK_API hk_status hk_cell_get(const hk_cell *cell, const char *mechanism, const char *field,
                             uint32_t n, const uint32_t *segment, double *value);

#ifdef __cplusplus
}
#endif
#endif
