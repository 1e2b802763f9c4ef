/* SPDX-License-Identifier: BSD-3-Clause */
/* asc: Neurolucida text to contours of the soma and trees of branches, and those to sections by the
 * rules of NEURON's importer. */
#ifndef HK_CORE_ASC_H
#define HK_CORE_ASC_H
#include "hillock/morphology.h"

struct asc_point {
    double at[3], diam; /* um; the diameter of a contour's point means nothing */
};

/* Points that follow each other in a tree, up to where it splits or ends. */
struct asc_branch {
    uint32_t first, n; /* points, at least one */
    uint32_t parent;   /* a lower index; HK_NONE where a tree begins */
    uint32_t line;     /* of its first point, from 1 */
    int type;          /* as in SWC; 0 where the file does not say */
};

/* A closed line around the soma, at least three points. */
struct asc_contour {
    uint32_t first, n, line;
};

/* What does not come to be sections. */
struct asc_skipped {
    uint32_t contours; /* of something else than the soma */
    uint32_t short_contours, markers, spines, texts, blocks, empty_branches;
};

struct asc {
    const char *name; /* the caller's, for messages */
    uint32_t n_point, n_branch, n_contour, n_tree;
    size_t point_room, branch_room, contour_room;
    struct asc_point *point;
    struct asc_branch *branch; /* parents before children, in the order of the text */
    struct asc_contour *contour;
    struct asc_skipped skipped;
};

/* Reads and checks; `out` may be freed whatever comes of it. The header of hillock/morphology.h
 * says what is right. */
hk_status asc_read(hk_context *ctx, const char *name, const char *text, size_t length,
                   struct asc *out);
void asc_free(struct asc *asc);

/* Adds sections to an empty morphology and says in its report how the soma was read. */
hk_status asc_sections(const struct asc *asc, hk_morph *morph);

/* The axis of the soma, from its contours. */
enum { ASC_AXIS = 21 };
struct asc_soma {
    double center[3]; /* where trees join */
    uint32_t n;       /* points of its section */
    float (*point)[4];
};

/* Of all contours, of which each but the first has been found to touch the one before. soma->point
 * has room for ASC_AXIS or as many as there are contours, whichever is more. HK_SYNTAX: it has no
 * shape; the message begins with file and line. */
hk_status asc_find_soma(hk_context *ctx, const struct asc *asc, struct asc_soma *soma);

#endif
