/* SPDX-License-Identifier: BSD-3-Clause */
/* group: up to some 16 cells of one type as flat arrays, ready to step. One thread works on a group
 * for an epoch.
 *
 * A cell's nodes (segments, then zero-area branch points) are rows; the group's cells are lanes.
 * Row r begins at row_at[r] in every flat array and its lanes follow each other. Rows with the same
 * mechanisms stand together as a set, so that a mechanism's instances are a few long runs; each
 * set's length is padded to a multiple of HK_LANES with copies of its last instance, whose v never
 * changes. */
#ifndef HK_CORE_GROUP_H
#define HK_CORE_GROUP_H
#include "arena.h"
#include "events.h"
#include "generators.h"
#include "hillock/context.h"
#include "hillock/plugin.h"
#include "hillock/unit.h"
#include "network.h"
#include "solver.h"

/* A number of instances with its padding. */
static inline uint32_t group_padded(uint32_t n) {
    return (n + HK_LANES - 1) / HK_LANES * HK_LANES;
}

struct run {
    uint32_t at, n; /* flat positions at .. at + n - 1, n a multiple of HK_LANES */
};

/* A column of a mechanism and the ion's flat array that it is copied from or added to. */
struct flow {
    hk_col column;
    double *ion;
};

/* A run of a channel's instances. */
struct patch {
    const struct hk_plugin *plugin;
    uint32_t mechanism; /* index in the cell type */
    struct run run;
    struct hk_block block;
    hk_col *col;
    uint32_t n_share;
    struct flow *share; /* HK_WRITE_CURRENT columns of ions whose current somebody reads; ion from
                           run.at on */
};

/* The instances of a point process in the group, sorted by flat position. */
struct point_patch {
    const struct hk_plugin *plugin;
    uint32_t n, padded; /* padded: to a multiple of HK_LANES, by copies of the last */
    bool shadow; /* follows a point that was merged with others, for a probe: adds no current */
    bool dense;  /* instance k stands at flat position at + k, whether or not the model has a point
                    there (scale 0) */
    uint32_t at;
    uint32_t *position; /* [padded] */
    double *scale;  /* [padded] nA to mA/cm2 of its compartment, negative for an electrode; 0 for
                       padding and shadows */
    uint32_t *spec; /* [padded] of the network */
    struct hk_stream *stream; /* [padded] */
    struct hk_block block;
    hk_col *col;
    double *v;       /* [padded] gathered */
    double *i, *g;   /* [padded] to be scattered; the group's patches share them */
    double *total_i; /* flat: the membrane's current, or that of the ion that it carries */
    uint32_t n_share, n_read;
    struct flow *share, *read;  /* as in a patch, but ion is the whole flat array; and the ions'
                                   variables that it reads */
    uint32_t *first_connection; /* [n + 1] in connection; NULL: its plugin asks for none */
    uint32_t
        *connection; /* where the weights of each begin, in the order in which they were made */
};

struct group_ion {
    uint32_t ion;                        /* index in the cell type */
    double *reversal, *inside, *outside; /* flat; those that nothing writes are the start's */
    struct {
        double *reversal, *inside, *outside;
    } start;         /* flat, at t = 0; shared */
    double *current; /* flat; NULL where no mechanism of the cell type reads it */
    double factor;   /* R T / (z F), mV */
    uint32_t n_run, n_nernst;
    struct run *run;    /* where the ion is */
    struct run *nernst; /* where its concentration is integrated */
};

/* A connection that ends in the group. They are sorted by (source, target, weights, delay), so that
 * a number is a rank. Those alike in all but their instance are of one kind; where events may
 * change their weights, each is a kind of its own. */
struct link {
    uint32_t instance;
    uint32_t kind : 31;
    uint32_t more : 1; /* the next one has the same source */
};

enum { LINK_KINDS = 0x7fffffff }; /* the most there can be */
struct link_kind {
    uint32_t point;  /* patch of the group */
    uint32_t weight; /* where its weights begin in the group's */
    double delay;
};

struct port_column { /* a column of ports */
    hk_col column;
    uint32_t *slot; /* [n] of the relay */
    uint32_t n, field;
};

struct listened { /* a source outside the group, or a detector or point of it, to which its
                     connections listen */
    uint32_t source;
    uint32_t first; /* link */
};

struct group_detector {
    uint32_t at;
    double threshold;
    uint32_t source;
    bool above;
};

struct spike {
    double t;
    uint32_t source;
};

struct spike_list {
    struct spike *item;
    uint32_t n, room;
};

/* One column of a probe that is sampled in this group. */
struct sample {
    struct probe *probe;
    uint32_t column;
    const double *where;      /* a value to copy, or NULL; */
    struct sample_term *term; /* what to evaluate and add up. Both: a column that `current` stores
                                 in, which holds the step's value already with a unit */
    uint32_t n_term;
};
struct sample_term {
    const struct patch *patch; /* one of the two */
    const struct point_patch *point;
    uint32_t instance;
    enum {
        TERM_CURRENT,
        TERM_SLOPE,
        TERM_COLUMN,
        TERM_OBSERVED
    } what; /* i, g, a column that `current` stores, or one that observe does */
    uint32_t column;
    double factor;
    uint32_t n_sum; /* observe sees an ion's current of now, too */
    struct sample_sum *sum;
};
struct sample_sum {
    uint32_t column; /* HK_ION_CURRENT */
    uint32_t n_term;
    struct sample_term *term;
    double value;
};

/* Copies of HK_LANES instances, of the mechanism with the most columns and lists. */
struct sample_room {
    hk_col *col;                 /* [n_column] */
    double *copy;                /* [n_column * HK_LANES] */
    const struct hk_list **list; /* [n_list] */
};

struct group {
    hk_cell *type;
    uint32_t lanes, n_row, n_segment;
    uint32_t *cell;   /* [lanes] */
    uint32_t *row_at; /* [n_row] */
    uint32_t n_set;
    uint32_t *set_at;  /* [n_set + 1] flat; rows with the same mechanisms, branch points last */
    uint32_t n_flat;   /* length of the flat arrays, padding included */
    double *v, *i, *g; /* the solver's right side and diagonal take i's and g's place */
    double *cv, *d0;   /* cm / dt, and that plus the axial conductances, mA/cm2/mV; shared */
    uint32_t *copy_of; /* [n_flat] of padding: the instance that it copies; else itself */
    struct solver solver;
    uint32_t n_ion, n_patch, n_pool, n_point;
    struct group_ion *ion;
    struct patch *patch; /* those that write a concentration first: n_pool of them */
    struct point_patch *point;
    uint32_t n_kind, n_generator, n_link, n_listened, n_detector, n_sample;
    struct generators *kind;
    struct series
        first_link;  /* [n_generator] of each generator's connections; HK_NONE: it has none */
    bool *is_logged; /* [n_generator] a probe wants its events, and this group is the one to
                        tell; NULL: none */
    struct link *link;
    struct link_kind *link_kind;
    struct listened *listened; /* sorted by source */
    struct group_detector *detector;
    struct sample *sample;
    struct sample_room room; /* for the samples that are evaluated */
    double *weight;          /* those that events may change first: n_own of them */
    double *initial_weight;  /* [n_own] for reset */
    uint32_t n_own;
    uint32_t **emits; /* [n_point] of [n] source numbers, HK_NONE where nobody listens; NULL where
                         that is everywhere */
    struct calendar due; /* deliveries by links */
    struct alarm waking; /* generators by their next event */
    struct self_queue self;
    double *relay[2]; /* what ports show, of all groups: group_ports.h */
    uint32_t n_tap, first_tap, n_port;
    const double **tap; /* [n_tap] what this group puts down, from first_tap on */
    struct port_column *port;
    bool artificial;               /* its cells are */
    bool coupled;                  /* its ports, or others' into it, cross the group's border */
    bool barred;                   /* it can have no unit: its channels have ports, or others see
                                      what their `current` stores */
    struct bucket *today;          /* of the epoch that is run, */
    uint32_t delivered;            /* so many of it so far */
    bool watches;                  /* some of its points' plugins have the hook watch */
    struct spike_list out, logged; /* spikes of this epoch, and events of logged generators */
    uint64_t events;               /* delivered so far */
    const hk_net *net;
    struct profile_group *profile; /* NULL: nobody wants to know where the time goes */
    const struct hk_host *host;
    double dt;
    const struct hk_unit *unit;      /* NULL: the plugins' kernels run one by one */
    struct hk_unit_run *unit_run;    /* [n_set] what its step works on */
    struct hk_unit_run *unit_finish; /* [n_set] and its finish; NULL: synapses are outside of it */
    /* a run that goes wrong: */
    hk_status status;
    int64_t bad_step;
    uint32_t bad_row, bad_lane;
    const char *bad_reason; /* what a plugin's check said, */
    const struct hk_plugin *bad_plugin;
    uint32_t bad_input; /* of this input, or HK_NONE: of bad_row and bad_lane */
    struct arena arena;
};

/* What events see as event->from. */
struct event_place {
    struct group *group;
    uint32_t point;
};

#endif
