/* SPDX-License-Identifier: BSD-3-Clause */
/* layout: the model -> groups of cells as flat arrays, ready to step. */
#ifndef HK_CORE_LAYOUT_H
#define HK_CORE_LAYOUT_H
#include "group.h"
#include "intern.h"
#include "network.h"

struct engine; /* engine.c: threads and time */

struct layout {
    uint32_t n_group;
    struct group *group;
    uint32_t *group_of, *lane_of; /* [n_cell] */
    int64_t epoch_steps;
    uint64_t instances, bytes;
    struct intern shared; /* what groups have alike: read by many threads, written by none */
    struct engine *engine;
};

/* Makes net->layout. Checks what can only be checked of the whole model: that celsius is set where
 * it is read, that every parameter without a default is set, that plugins round as they must. */
hk_status layout_new(hk_net *net);
void layout_free(struct layout *layout);

/* Gives every column its value at t = 0, from the model. */
void layout_fill(const hk_net *net, struct group *g);

/* ---- the parts of it, for layout.c alone */

/* The order in which a cell type's rows stand in memory: sets of rows with equal mechanisms, branch
 * points last. */
struct shape {
    uint32_t n_row, n_set;
    uint32_t *row;       /* [n_row] rows in that order */
    uint32_t *set_first; /* [n_set + 1] where each set begins in row; the last set is the branch
                            points', maybe empty */
};
hk_status shape_new(const hk_cell *type, struct shape *out);
void shape_free(struct shape *shape);

/* layout_cells.c: rows, solver, ions and channels of a group whose type, lanes and cells are set.
 */
hk_status layout_cells(const hk_net *net, const struct shape *shape, struct group *g);

/* The group's ion of that name, or NULL; the flat array that a plugin's i is added to (its ion's
 * where somebody reads that, else the membrane's); its HK_WRITE_CURRENT columns with the ions'
 * currents that somebody reads, from flat position `offset` on. */
struct group_ion *layout_ion(const struct group *g, const char *name);
double *layout_current(struct group *g, const struct hk_plugin *plugin);
struct flow *layout_shares(struct group *g, const struct hk_plugin *plugin, const hk_col *col,
                           uint32_t offset, uint32_t *n);

/* What the parts need to know of the whole network, made once a build. */
struct plan {
    const hk_net *net;
    struct layout *layout;
    uint32_t *point_first, *point_of; /* points sorted by cell: [n_cell + 1], [n_point] */
    uint32_t *link_first, *link_of;   /* connections sorted by the group of their target: [n_group +
                                         1], [n_connection] */
    uint32_t *number_of;              /* [n_point] its number among its cell's points */
    uint32_t *class_of; /* [n_spec] equal for specs of one plugin with equal globals */
    uint32_t *patch_of, *instance_of; /* [n_point] once its group has been laid out */
    uint32_t *shadow_of;    /* [n_point] instance in the shadow patch of patch_of's class, HK_NONE
                               without one */
    uint32_t *shadow_patch; /* [n_point] */
    bool *probed;           /* [n_point] a probe looks at it */
    bool *wanted, *unheard; /* [n_input] a probe wants its events; no connection begins at it */
    bool *emitting;         /* [n_point] somebody listens to it, or a probe */
};

/* layout_points.c: point processes of a group; layout_links.c: its connections and generators. */
hk_status layout_points(struct plan *plan, struct group *g);
hk_status layout_links(struct plan *plan, struct group *g, uint32_t group);
void layout_fill_points(const hk_net *net, struct group *g);

/* layout_columns.c: the columns of a group's points. */
bool layout_point_columns(struct plan *plan, struct group *g, struct point_patch *p);

/* A block of n instances of a spec's plugin, without columns, lists empty, common values from
 * setup; then instance k's own. */
bool layout_block(const hk_net *net, struct layout *layout, struct arena *arena,
                  const struct spec *spec, uint32_t n, struct hk_block *block, hk_col **col);
void layout_fill_instance(const struct spec *spec, const struct hk_block *block, uint32_t k);

/* layout_probes.c: samples and detectors. */
hk_status layout_probes(struct plan *plan);
void layout_mark_probes(struct plan *plan); /* fills probed and wanted, adds to emitting */

/* The common values of a plugin's instances, from setup; room for HK_COMMON. */
void layout_common(const hk_net *net, const struct hk_plugin *plugin, const double *global,
                   double *common);

#endif
