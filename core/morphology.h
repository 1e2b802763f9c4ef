/* SPDX-License-Identifier: BSD-3-Clause */
/* morphology: the shape of a cell, a tree of sections, from SWC or Neurolucida text
 * or made by hand. */
#ifndef HK_CORE_MORPHOLOGY_H
#define HK_CORE_MORPHOLOGY_H
#include "arena.h"
#include "hillock/morphology.h"
#include "table.h"

/* A type's name or a domain, and how many sections have it. */
struct morphology_word {
    const char *text;
    uint32_t as_type, as_domain;
};

struct hk_morph {
    hk_context *ctx;
    const char *name;
    const char *origin; /* of the report: how the points were read; NULL without a file */
    uint32_t n_section, n_word;
    size_t section_room, word_room;
    struct hk_section *section;
    struct morphology_word *word;
    struct table words; /* finds a word by its text */
    struct arena arena; /* what the sections point to */
    char *report;       /* NULL until it is asked for */
};

/* Adds a section that is known to be right, but for its size: its parent may come later, up to the
 * whole tree. HK_INVALID where its length or diameter is not a number above 0; the message begins
 * with its name. */
hk_status morphology_add(hk_morph *morph, const char *type_name,
                         const struct hk_section_spec *spec);

/* The file's bytes, to be freed. */
hk_status morphology_file(hk_context *ctx, const char *path, char **text, size_t *length);

/* Whether a domain may be called so: a letter, then letters, digits and _, at most MORPHOLOGY_NAME
 * in all. */
enum { MORPHOLOGY_NAME = 63 };
bool morphology_is_name(const char *text);

/* The same shape again, for whoever keeps it. */
hk_status morphology_copy(const hk_morph *morph, hk_morph **out);

/* The distance of each point from the first one along the section, arc[0 .. n_point-1], from
 * differences in single precision as NEURON forms them. */
void morphology_arc(const struct hk_section *section, double *arc);

/* The array with room for one more than the `used` ones, moved if need be; NULL where memory is
 * short, and the array as it was. */
void *morphology_room(void *array, size_t *room, size_t used, size_t size);

#endif
