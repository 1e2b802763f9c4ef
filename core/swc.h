/* SPDX-License-Identifier: BSD-3-Clause */
/* swc: SWC text to points that are known to form one tree, and those points to sections by the
 * rules of NEURON's importer. */
#ifndef HK_CORE_SWC_H
#define HK_CORE_SWC_H
#include "arena.h"
#include "hillock/morphology.h"

enum { SWC_SOMA = 1, SWC_TYPE_NAME = 24 };

struct swc_point {
    int32_t id, type, parent_id; /* parent_id -1 at the root */
    uint32_t parent;             /* index, lower than the point's own; HK_NONE at the root */
    uint32_t line;               /* in the text, from 1 */
    double at[3], diam;          /* um */
};

struct swc_domain {
    int32_t type;
    uint32_t line;
    const char *name;
};

struct swc {
    const char *name; /* the caller's, for messages */
    uint32_t n, n_domain;
    size_t point_room, domain_room;
    struct swc_point *point;   /* by ascending id; point[0] is the root */
    struct swc_domain *domain; /* what DOMAIN_NAMES says, in its order */
    struct arena arena;        /* the domains' names */
};

/* Reads and checks; `out` may be freed whatever comes of it. The header of hillock/morphology.h
 * says what is right. */
hk_status swc_read(hk_context *ctx, const char *name, const char *text, size_t length,
                   struct swc *out);
void swc_free(struct swc *swc);

/* Adds the points' sections to an empty morphology and says in its report how the soma was read.
 * Changes the parent of a point where the importer does. */
hk_status swc_sections(struct swc *swc, hk_morph *morph);

/* NEURON's name of a type: "soma", "axon", "dend", "apic", "dend_80", "minus_2". */
void swc_type_name(int type, char name[SWC_TYPE_NAME]);

#endif
