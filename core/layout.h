/* SPDX-License-Identifier: BSD-3-Clause */
/* layout: the model -> groups of cells as flat arrays, ready to step. */
#ifndef HK_CORE_LAYOUT_H
#define HK_CORE_LAYOUT_H
#include "group.h"
#include "intern.h"
#include "network.h"
#include "progress.h"

struct engine; /* engine.c: threads and time */
struct unit;   /* unit.h: one kernel a cell type */

struct layout {
    uint32_t n_group;
    struct group *group;
    uint32_t *group_of, *lane_of; /* [n_cell] */
    int64_t epoch_steps;
    uint64_t instances;
    struct intern shared; /* what groups have alike: read by many threads, written by none */
    uint32_t n_unit;
    struct unit *unit; /* of the cell types, in the order of the groups */
    uint32_t n_coupled, n_single, n_relay;
    uint32_t *coupled, *single; /* groups that step together, and the others; NULL: no port */
    double *relay;              /* [n_relay] */
    struct engine *engine;
    struct profile *profile; /* profile.h: NULL: nobody asked for it */
};

/* Makes net->layout. Checks what can only be checked of the whole model: that celsius is set where
 * it is read, that every parameter without a default is set, that plugins round as they must. */
hk_status layout_new(hk_net *net);
void layout_free(struct layout *layout);
uint64_t
layout_bytes(const hk_net *net); /* that net->layout has taken by now, but for the engine */

/* Gives every column that a run changes its value at t = 0, from the model. */
void layout_start(const hk_net *net, struct group *g);

/* ---- the parts of it, for layout.c alone */

/* The order in which a cell type's rows stand in memory (sets of rows with equal mechanisms, branch
 * points last), and that in which they are eliminated. */
struct shape {
    uint32_t n_row, n_set;
    uint32_t *row;        /* [n_row] rows in that order */
    uint32_t *set_first;  /* [n_set + 1] where each set begins in row; the last set is the branch
                             points', maybe empty */
    uint32_t *order, *up; /* [n_row] of solver_order */
};
hk_status shape_new(const hk_cell *type, struct shape *out);
void shape_free(struct shape *shape);

/* layout_cells.c: rows, ions and channels of a group whose type, lanes and cells are set. */
hk_status layout_cells(const hk_net *net, const struct shape *shape, struct group *g);

/* layout_values.c: what of it never changes during a run; also makes the ions' arrays. */
struct plan;
hk_status layout_values(const struct plan *plan, struct group *g);

/* layout_ions.c. Fills the ions' arrays from the cell type; computes reversal potentials, once
 * concentrations stand; makes the arrays the group's or shared ones; puts their beginning there;
 * and points the patches' columns of ions to them. */
void layout_fill_ions(struct group *g);
void layout_nernst(const struct plan *plan, struct group *g);
bool layout_keep_ions(const struct plan *plan, struct group *g);
void layout_start_ions(struct group *g);
void layout_join_ions(struct group *g);
/* Whether a reversal potential that somebody reads depends on the temperature there. */
bool layout_needs_nernst(const struct cell_ion *ion, uint32_t segment);
hk_status layout_no_celsius(const hk_net *net, const char *ion); /* layout.c: the message */

/* layout_matrix.c: the solver, once rows have their places; and its values, cv and d0 from cm,
 * which stands in cv. */
bool layout_matrix(const struct shape *shape, struct group *g);
void layout_fill_matrix(const hk_net *net, struct group *g);

/* Where a mechanism's instance is at a flat position; NULL where the segment lacks it. */
const struct patch *layout_patch(const struct group *g, uint32_t mechanism, uint32_t at);

/* The group's ion of that name, or NULL; the flat array that a plugin's i is added to (its ion's
 * where somebody reads that, else the membrane's); its HK_WRITE_CURRENT columns with the ions'
 * currents that somebody reads, from flat position `offset` on. */
struct group_ion *layout_ion(const struct group *g, const char *name);
double *layout_current(struct group *g, const struct hk_plugin *plugin);
struct flow *layout_shares(struct group *g, const struct hk_plugin *plugin, const hk_col *col,
                           uint32_t offset, uint32_t *n);

/* layout_plan.c: what the parts need to know of the whole network, made once a build. It is all
 * that a build needs beyond what it makes, so it is kept small. */
struct plan {
    hk_net *net;
    struct layout *layout;
    uint32_t *point_first, *point_of; /* points sorted by cell: [n_cell + 1], [n_point] */
    uint32_t *link_first, *link_of;   /* connections sorted by the group of their target: [n_group +
                                         1], [n_connection] */
    uint32_t *class_of; /* [n_spec] equal for specs of one plugin with equal globals */
    uint32_t n_probed;
    struct probed *probed;  /* points that a probe looks at, sorted by point */
    bool *wanted, *unheard; /* [n_input] a probe wants its events; no connection begins at it. NULL:
                               no probe wants any */
    bool *emitting;         /* [n_point] somebody listens to it, or a probe; NULL: to none */
    uint32_t n_reader;
    struct ion_reader *reader; /* sorted by cell */
    struct progress progress;  /* of groups, each of which is made in two goes */
};
struct ion_reader { /* a point process that reads concentrations */
    uint32_t cell, segment;
    const struct hk_plugin *plugin;
};
/* layout_ions.c, before values are laid out: finds them; whether celsius is set if they need it. */
bool plan_find_readers(struct plan *plan);
hk_status plan_check_readers(const struct plan *plan);
struct probed {
    uint32_t point;
    bool alone;               /* a port looks at it too: it is merged with no other */
    uint32_t patch, instance; /* once its group has been laid out */
    bool shadow;              /* they are its shadow's */
};
bool plan_sort_overrides(hk_net *net); /* before values are laid out */
bool plan_open(struct plan *plan);     /* with net and layout set; false where memory is short */
void plan_close(struct plan *plan);
uint32_t plan_number(const struct plan *plan, uint32_t point);       /* among its cell's points */
struct probed *plan_probed(const struct plan *plan, uint32_t point); /* or NULL */

/* Where the points of a group are. */
struct place {
    uint32_t patch, instance;
};
struct places {
    const struct plan *plan;
    uint32_t n;
    uint32_t *first; /* [lanes] the first point of each lane's cell */
    struct place *place;
    uint32_t n_patch; /* layout_find_points' own */
};
bool places_open(const struct plan *plan, const struct group *g, struct places *out);
void places_close(struct places *places);
struct place *places_of(const struct places *places, uint32_t point);

/* layout_points.c: point processes of a group; layout_links.c: its connections and generators. */
hk_status layout_points(struct plan *plan, struct group *g, struct places *places);
hk_status layout_links(struct plan *plan, struct group *g, uint32_t group,
                       const struct places *places);
void layout_fill_points(const hk_net *net, struct group *g);

/* Of a group that was laid out, with a plan of the same network: finds anew where its points are,
 * shadows in plan->probed; and which connection each of its links is, in memory that the caller
 * frees. False or NULL where memory is short. */
bool layout_find_points(struct plan *plan, struct group *g, struct places *places);
uint32_t *layout_find_links(const struct plan *plan, uint32_t group, const struct places *places);

/* layout_columns.c: the columns of a group's points. */
bool layout_point_columns(struct plan *plan, struct group *g, struct point_patch *p);

/* A block of n instances of a spec's plugin, without columns, lists empty, common values from
 * setup; then instance k's own. */
bool layout_block(const hk_net *net, struct layout *layout, struct arena *arena,
                  const struct spec *spec, uint32_t n, struct hk_block *block, hk_col **col);
void layout_fill_instance(const struct spec *spec, const struct hk_block *block, uint32_t k);

/* layout_ports.c: what ports show, and which groups step together for it. */
hk_status layout_ports(struct plan *plan);

/* layout_probes.c: samples and detectors. */
hk_status layout_probes(struct plan *plan);

/* The common values of a plugin's instances, from setup; room for HK_COMMON. */
void layout_common(const hk_net *net, const struct hk_plugin *plugin, const double *global,
                   double *common);

#endif
