/* SPDX-License-Identifier: BSD-3-Clause */
/* unit: one kernel for all the mechanisms of a cell type, where somebody compiles it. The plugins'
 * kernels stay the reference: a unit is taken only if it gives their bits. */
#ifndef HK_CORE_UNIT_H
#define HK_CORE_UNIT_H
#include "layout.h"
#include "hillock/unit.h"

/* An array that a set's function sees. */
struct unit_array {
    enum {
        ARRAY_COLUMN,
        ARRAY_POINT,
        ARRAY_SCALE, /* of a point process: to mA/cm2 */
        ARRAY_REVERSAL,
        ARRAY_INSIDE,
        ARRAY_OUTSIDE,
        ARRAY_CURRENT,
        ARRAY_CV, /* of the matrix, as in struct group */
        ARRAY_D0
    } what;
    uint32_t owner;  /* mechanism of the cell type (ARRAY_COLUMN), point (ARRAY_POINT, ARRAY_SCALE:
                        see unit_point), or ion of the group */
    uint32_t column; /* ARRAY_COLUMN, ARRAY_POINT */
    enum { SEEN_EACH, SEEN_SCALAR, SEEN_ZERO } seen; /* one value an instance; one for all; 0 */
    bool varies, stored; /* it changes in a run; the function stores it */
    uint32_t place;      /* index among the set's arrays or scalars */
};

struct unit_set {
    uint32_t n_mechanism;
    uint32_t *mechanism; /* of the cell type, in the order in which kernels run */
    uint32_t n_pool;     /* how many of them write a concentration: they come first */
    uint32_t n_array;
    struct unit_array *array;
    uint32_t n_each, n_scalar;
};

struct unit { /* of a cell type */
    const hk_cell *type;
    uint32_t group, n_group; /* the layout's groups of this type */
    uint32_t n_set;
    struct unit_set *set;    /* [n_set] what step sees */
    struct unit_set *finish; /* [n_set] and finish; its sets have no mechanisms */
    /* Point processes in the unit, those of every group: in each, linear ones that stand at every
     * place of a segment, and no others are there that add a current. 0: they stay outside. */
    uint32_t n_point;
    char *source;
    char key[65];
    void *handle;
    bool barred;                /* because of ports it can have no code */
    const struct hk_unit *code; /* NULL: not loaded */
    struct arena arena;
};

/* Makes the layout's units, without code; after its groups. */
hk_status unit_describe(struct hk_net *net, struct layout *layout);
void unit_free(struct layout *layout);

/* The set's array for a mechanism's column; NULL without. */
const struct unit_array *unit_find(const struct unit_set *set, unsigned what, uint32_t owner,
                                   uint32_t column);

/* The array's values in a group, from the set's first instance on, which is at flat position `at`.
 */
double *unit_locate(const struct group *g, uint32_t at, const struct unit_array *array);

/* Whether one of the n runs holds the flat position. */
bool unit_covers(const struct run *run, uint32_t n, uint32_t at);

/* The group's point processes that add a current: the k-th of them; NULL beyond. */
const struct point_patch *unit_point(const struct group *g, uint32_t k);

/* How many of the unit's point processes the set has: all, or none at branch points. */
uint32_t unit_points_in(const struct unit *unit, uint32_t set);

/* The plugins in the unit: its mechanisms', then its point processes'. */
uint32_t unit_plugins(const struct unit *unit);
const struct hk_plugin *unit_plugin(const struct unit *unit, const struct group *g, uint32_t k);

/* Whether the set has a step function: for mechanisms or point processes. */
bool unit_has_step(const struct unit *unit, uint32_t set);

/* unit_source.c: the unit's text. HK_NOT_FOUND: a plugin's source is not at hand. */
hk_status unit_source(const struct hk_net *net, struct unit *unit);

/* unit_code.c. Runs a group's units: states to t_advance, ions' and membrane's currents of the
 * mechanisms at t_current. */
void unit_step(struct group *g, double t_advance, double t_current);

/* The same for synapses and the matrix, where g->unit_finish is not NULL: group_currents and
 * group_assemble. */
void unit_finish(struct group *g, double t_current);

#endif
