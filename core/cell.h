/* SPDX-License-Identifier: BSD-3-Clause */
/* cell: a cell type: cable + inserted mechanisms + a value for every parameter of every
 * compartment. */
#ifndef HK_CORE_CELL_H
#define HK_CORE_CELL_H
#include "cable.h"
#include "hillock/cell.h"
#include "hillock/plugin.h"

struct cell_mechanism {
    const struct hk_plugin *plugin;
    bool *in;        /* [n_segment] */
    double **column; /* [plugin->n_column] of [n_segment]: parameters as set; the others hold their
                        field's default */
    double *global;  /* in the order of the plugin's HK_GLOBAL fields */
    struct hk_list *table; /* in the order of its HK_TABLE fields; rows are the cell's own */
};

/* What mechanisms do with an ion at a segment. */
enum cell_ion_use {
    CELL_ION_HERE = 1,           /* they name it; point processes too */
    CELL_ION_READS_REVERSAL = 2, /* point processes too */
    CELL_ION_CONCENTRATION = 4,  /* they read or write one of its concentrations */
    CELL_ION_INTEGRATED = 8,     /* they write one */
    CELL_ION_WRITES_REVERSAL = 16,
};

/* An ion that some mechanism of the cell names, or a point process on it. */
struct cell_ion {
    char name[16];
    int valence;
    uint8_t *use; /* [n_segment] of enum cell_ion_use */
    /* [n_segment] as set or defaults; inside and outside at t = 0 */
    double *reversal, *inside, *outside;
};

struct hk_cell {
    hk_context *ctx;
    char *name;
    uint32_t references;
    hk_morph *morph;
    double *Ra, *section_cm; /* [n_section] */
    uint32_t *nseg;
    struct cable *cable; /* NULL before hk_cell_build */
    double *cm;          /* [n_segment] uF/cm2 */
    uint32_t n_mechanism, n_ion;
    struct cell_mechanism *mechanism; /* in the order of insertion */
    struct cell_ion *ion;
};

/* Finds what `mechanism` and `field` name in the cell, as in hk_cell_set: */
struct cell_place {
    enum {
        CELL_CM,
        CELL_REVERSAL,
        CELL_INSIDE,
        CELL_OUTSIDE,
        CELL_COLUMN,
        CELL_GLOBAL,
        CELL_TABLE
    } kind;
    uint32_t mechanism;           /* CELL_COLUMN and what follows: index into hk_cell.mechanism */
    uint32_t column;              /* CELL_COLUMN: column; else index among the globals or tables */
    uint32_t ion;                 /* the others but cm: index into hk_cell.ion */
    const struct hk_field *field; /* NULL for cm and ions */
};
hk_status cell_resolve(const hk_cell *cell, const char *mechanism, const char *field,
                       struct cell_place *out);

/* Whether value may be given to what is at place; the message names it, the range and the value. */
hk_status cell_check(const hk_cell *cell, const struct cell_place *place, const char *field,
                     double value);

hk_cell *cell_retain(hk_cell *cell);

/* Whether all that the user must set is set; HK_INVALID names mechanism, field and segment. */
hk_status cell_complete(const hk_cell *cell);

/* HK_ORDER before hk_cell_build; the message says that `what` needs segments. */
hk_status cell_built(const hk_cell *cell, const char *what);

/* Whether the n segments of the list exist (NULL: all segments); HK_NOT_FOUND. */
hk_status cell_segment_list(const hk_cell *cell, uint32_t n, const uint32_t *segment);

/* Where a segment is, for messages: "dend[3](0.5)", in room. */
enum { CELL_PLACE = 160 };
const char *cell_where(const hk_cell *cell, uint32_t segment, char room[CELL_PLACE]);

/* The index of the cell's mechanism or ion of that name; HK_NONE. */
uint32_t cell_mechanism_find(const hk_cell *cell, const char *name);
uint32_t cell_ion_find(const hk_cell *cell, const char *name);

/* What a role, or a plugin's `carries`, says of an ion: of enum cell_ion_use. */
uint8_t cell_ion_use(uint32_t role);

/* Whether the ion's reversal potential follows its concentrations in each step. */
bool cell_ion_follows(const struct cell_ion *ion, uint32_t segment);

/* For point processes: makes sure that the cell has the plugin's ions (HK_INVALID: a valence is
 * another one); and, when nothing can fail any more, that they are at a segment. */
hk_status cell_add_ions(hk_cell *cell, const struct hk_plugin *plugin);
void cell_put_point(hk_cell *cell, const struct hk_plugin *plugin, uint32_t segment);

/* Frees what hk_cell_insert made. */
void cell_mechanisms_free(hk_cell *cell);

/* An ion by name: its valence, and NEURON's defaults of its variables (mV, mM, mM). False where
 * nobody has introduced it. */
bool ion_known(const char *name, int *valence);
void ion_defaults(const char *name, double *reversal, double *inside, double *outside);

#endif
