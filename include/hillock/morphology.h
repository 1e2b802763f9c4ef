/* SPDX-License-Identifier: BSD-3-Clause */
/* morphology.h: the shape of a cell as a tree of unbranched sections, read from SWC or Neurolucida
 * files or given section by section.
 *
 * A section has a 0 end, by which it hangs on its parent, and a 1 end. Its shape is a list of
 * points (x, y, z and diameter in um, single precision), joined by frusta, or else a plain
 * cylinder. Lengths, diameters and positions are in um. */
#ifndef HK_MORPHOLOGY_H
#define HK_MORPHOLOGY_H
#include "hillock/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hk_morph hk_morph;

/* Reads an SWC file as NEURON's importer (Import3d_SWC_read, 8.2.2) does:
 *
 * - A section is an unbranched run of points of one type that follow each other; it begins with a
 *   copy of the point that it hangs on, which gets the section's own first diameter where that
 *   point belongs to the soma.
 * - A soma of one point, or of three of which two are the ends of a cylinder as long as wide around
 *   the first (NeuroMorpho's convention), is a cylinder with length = diameter; sections join at
 *   its middle, and the stretch from there to their first own point does not count, unless they
 *   have no other point. Every other soma is a chain of frusta like any section; sections join at
 *   its ends, or at its middle where their parent point is an inner one. hk_morph_report says what
 *   it was.
 * - A branch with no length, or of one point on a branching point of the soma, is left out; what
 *   hangs on it moves to its parent.
 * - Where NEURON would join points that the file does not (a branch beside the first point of
 *   another one, in a file that does not list branch after branch), the file is followed.
 *
 * Sections are in the order of their types, soma (1) first and then by ascending number, in one
 * type by the ids of their first points: section 0 is soma[0], and a parent may have a higher
 * number than its child. Types are named 1 soma, 2 axon, 3 dend, 4 apic, any other N dend_N and
 * -N minus_N. A comment line "# DOMAIN_NAMES 1:soma 80:tuft" names the types' domains; a type that
 * it leaves out has the type's name for its domain.
 *
 * Stricter than NEURON: one tree with a soma, no id twice, every parent with a lower id than its
 * children, radii above 0, seven columns that are numbers; and, since a file in nanometres is a
 * common mistake, no radius above 1 000 um, no extent above 100 000 um and no coordinate beyond
 * 1 000 000 um. Lines may come in any order, end in CR LF, have tabs, and end with a comment.
 *
 * HK_FILE: unreadable; HK_SYNTAX: malformed, and the message begins with file and line (with the
 * file alone where it has no points or no soma, or extends too far). *out is NULL then. */
HK_API hk_status hk_morph_swc(hk_context *ctx, const char *path, hk_morph **out);

/* The same from `length` bytes of text; messages call it `name`. */
HK_API hk_status hk_morph_swc_text(hk_context *ctx, const char *name, const char *text,
                                   size_t length, hk_morph **out);

/* The points of an SWC file, read and checked as hk_morph_swc does, for whoever makes sections of
 * them by another rule. */
typedef struct hk_swc hk_swc;

struct hk_swc_point {
    int id, type;
    uint32_t parent; /* its index, lower than the point's own; HK_NONE at the root */
    uint32_t line;   /* in the file, from 1 */
    double x, y, z, diam_um;
};

/* HK_FILE, HK_SYNTAX: as hk_morph_swc, and *out is NULL. */
HK_API hk_status hk_swc_read(hk_context *ctx, const char *path, hk_swc **out);

/* How many there are; the i-th by ascending id, which must exist. Point 0 is the root. */
HK_API uint32_t hk_swc_points(const hk_swc *swc);
HK_API struct hk_swc_point hk_swc_get(const hk_swc *swc, uint32_t i);

/* What the header DOMAIN_NAMES calls a type; NULL where it does not name it. */
HK_API const char *hk_swc_domain(const hk_swc *swc, int type);

/* NULL is fine. */
HK_API void hk_swc_free(hk_swc *swc);

/* Reads a Neurolucida file (.asc, its text format) as NEURON's importer (Import3d_Neurolucida3,
 * 8.2.2) does:
 *
 * - The soma is the contours called "CellBody", "Cell Body" or "Soma" of three points and more. Of
 *   one contour, it is 21 points on its longest axis, at even distances, as wide as the contour is
 *   there across that axis and the z axis. Several contours are a stack: a chain of circles, one
 * for each contour in the order of the file, around its middle. hk_morph_report says what it was.
 * - A tree's branch from its first point to where it splits or ends is a section; it begins with a
 *   copy of its parent's last point, which gets the branch's own first diameter, unless its first
 *   point is there already. It joins its parent's 1 end.
 * - A tree joins the soma's middle, wherever it begins, and the stretch from there to its first
 *   point does not count. The report tells of those that begin outside of the soma: of the box
 *   around its contours, seen along z; around one contour it is 0.5 um wider.
 * - A branch with no length, or a tree's of one point, is left out; what hangs on it moves to its
 *   parent.
 * - (Axon), (Dendrite) and (Apical) before a tree's first point are its type: axon, dend, apic. A
 *   tree without is of type 0, dend_0.
 * - Markers, spines, texts, other contours and blocks, and properties are skipped, and counted by
 *   the report but for properties. Sets may hold trees and contours.
 *
 * Sections are in the order of their types, soma first and then by ascending number (0, axon 2,
 * dend 3, apic 4), in one type by the order of the file.
 *
 * Where NEURON fails, loses something or makes two cells of one file:
 * - A contour with the property (CellBody) is of the soma, whatever it is called; a tree's type may
 *   stand before other properties; markers may stand anywhere, and their points are no points of
 * the branch; a branch may have no points; trees may nest to any depth.
 * - Without a soma, a file has one tree, whose first branch is the root; more are an error. So are
 *   contours of which one does not touch the one before (their boxes, seen along z), which NEURON
 *   takes for two somata, and a contour without width as seen along z.
 * - NEURON rounds numbers to eight digits where it imports into hoc; here and in Python it does
 * not.
 *
 * Stricter than NEURON: parentheses in pairs, four numbers for each point of a tree, diameters
 * above 0, known words alone at the end of a branch, no word nearly that of a soma or type, nothing
 * after the end of a branch; and hk_morph_swc's bounds of size.
 *
 * HK_FILE: unreadable; HK_SYNTAX: malformed, and the message begins with file and line (with the
 * file alone where it has neither soma nor trees, or extends too far). *out is NULL then. */
HK_API hk_status hk_morph_asc(hk_context *ctx, const char *path, hk_morph **out);

/* The same from `length` bytes of text; messages call it `name`. */
HK_API hk_status hk_morph_asc_text(hk_context *ctx, const char *name, const char *text,
                                   size_t length, hk_morph **out);

/* A morphology without sections, for hk_morph_section. */
HK_API hk_status hk_morph_new(hk_context *ctx, const char *name, hk_morph **out);

struct hk_section_spec {
    const char *domain;        /* a letter, then letters, digits and _; NULL: the type's name */
    int type;                  /* as in SWC; 0 if it does not matter */
    uint32_t parent;           /* an earlier section; HK_NONE for the first one, the root, alone */
    double parent_x;           /* where on the parent it joins, 0 to 1; any value at the root */
    double length_um, diam_um; /* of a plain cylinder, above 0; used where n_point is 0 */
    uint32_t n_point;          /* 0, or 2 and more */
    const float (*point)[4];   /* x, y, z, diameter; copied */
};

/* Adds a section, called "DOMAIN[k]" for the k-th of its domain, counted from 0. HK_INVALID: a
 * value is out of its range, named by the message; nothing is added then. index may be NULL. */
HK_API hk_status hk_morph_section(hk_morph *morph, const struct hk_section_spec *spec,
                                  uint32_t *index);

HK_API uint32_t hk_morph_sections(const hk_morph *morph);

/* Pointers stay valid until the morphology is freed. */
struct hk_section {
    const char *name;      /* "dend_80[0]" */
    const char *type_name; /* the name without the number: "dend_80" */
    const char *domain;    /* "tuft", if the file says so; else as type_name */
    int type;
    uint32_t parent;         /* HK_NONE at the root */
    double parent_x;         /* 0, 1 or between */
    double length_um;        /* along the points */
    double diam_um;          /* of a plain cylinder; else the mean along the points */
    uint32_t n_point;        /* 0: a plain cylinder */
    const float (*point)[4]; /* x, y, z, diameter */
};

/* Section i; all zero with parent HK_NONE where there is none. */
HK_API struct hk_section hk_morph_get(const hk_morph *morph, uint32_t i);

/* One line: where it comes from, how the soma was read, how many points, sections of each domain,
 * and what was left out. Valid until the next section is added. */
HK_API const char *hk_morph_report(const hk_morph *morph);

/* NULL is fine. */
HK_API void hk_morph_free(hk_morph *morph);

#ifdef __cplusplus
}
#endif
#endif
