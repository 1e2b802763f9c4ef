/* SPDX-License-Identifier: BSD-3-Clause */
/* network.h: cells, what drives them, how they are connected, what is recorded; and the run.
 *
 * Cells, points (instances of a point process), inputs (instances of an input plugin), sources and
 * connections are numbered from 0 in the order of their creation, each kind for itself. Results
 * depend on identities, not on this order: a cell has an identity, a number of the user's, which
 * with the seed decides its random numbers.
 *
 * Each function that makes things checks all its arguments first; where it fails, nothing was made.
 */
#ifndef HK_NETWORK_H
#define HK_NETWORK_H
#include "hillock/context.h"
#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hk_cell hk_cell;
typedef struct hk_net hk_net;
struct hk_plugin;

struct hk_progress {       /* how far a run is, or a call that makes much */
    double from, t, until; /* of a run, ms: where it began, is and will end; else 0, how many things
                              have been made, and of how many */
    double wall_s;         /* wall clock since it began */
    uint64_t spikes;       /* of a run: since t = 0 */
    const char *phase;     /* NULL: a run; else what is being made: "stimuli" (hk_net_stimulate),
                              "connections" (hk_net_rule), "layout" (hk_net_build) */
};

struct hk_net_options {
    double celsius;   /* degC; NaN: not set, an error if a plugin of the model depends on it */
    double v_init;    /* mV */
    double dt;        /* ms, above 0 */
    uint64_t seed;    /* of all random numbers */
    uint32_t threads; /* worker threads; 0: one a processor */
    uint32_t group;   /* most cells a group (unit of layout and of work); 0: what suits the cache */
    const volatile sig_atomic_t *stop; /* where set and not 0, a run ends at the next epoch with
                                          HK_INTERRUPTED; may be NULL */
    void (*progress)(void *data, const struct hk_progress *now); /* is called while a run goes on,
                                          between epochs, and while much is made, on the thread that
                                          called; it may not call functions of the network; may be
                                          NULL */
    void *progress_data;
    double progress_s; /* least wall clock between two calls, and before the first; 0: each epoch */
    bool profile;      /* measure where the time goes: see hk_net_profile */
};

/* The options' defaults: celsius NaN, v_init -65, dt 0.025, seed 1, threads 1, group 0,
 * progress_s 0.2; nothing else set. */
HK_API struct hk_net_options hk_net_defaults(void);

HK_API hk_status hk_net_new(hk_context *ctx, const struct hk_net_options *options, hk_net **out);
HK_API void hk_net_free(hk_net *net); /* closes its recorders, whose failures then tell nobody: see
                                         hk_net_close; NULL is fine */

/* ---- cells */

/* n cells of a type. identity: one each, all different in the network; NULL: counting on from the
 * greatest so far. *first: the first one's number. The type must have been built (hk_cell_build).
 */
HK_API hk_status hk_net_population(hk_net *net, const char *name, hk_cell *cell, uint32_t n,
                                   const uint64_t *identity, uint32_t *first);

struct hk_cell_of { /* a cell of the network */
    uint64_t identity;
    uint32_t population;
    const char *population_name;
    hk_cell *type;
    bool artificial; /* it stands for an artificial cell */
};
HK_API uint32_t hk_net_cells(const hk_net *net);
HK_API struct hk_cell_of hk_net_cell(const hk_net *net, uint32_t cell);

/* As hk_cell_set, for some cells alone; the same segments and values in each. Globals cannot differ
 * between cells of a type. */
HK_API hk_status hk_net_set(hk_net *net, uint32_t n_cell, const uint32_t *cell,
                            const char *mechanism, const char *field, uint32_t n,
                            const uint32_t *segment, const double *value, uint32_t stride);

/* ---- point processes and inputs */

struct hk_param { /* a value for a field */
    const char *field;
    double value; /* for a number */
    const double
        *list; /* for an HK_LIST or HK_TABLE: rows times width numbers, copied; NULL for a number */
    uint32_t rows;
};

/* A plugin with values for some of its fields; the others have their defaults. Fields are
 * parameters, globals, lists and weights; a point's value for a weight is the default of its
 * connections. */
struct hk_spec {
    const char *plugin;
    uint32_t n_param;
    const struct hk_param *param;
};

/* n instances, at segment[i] of cell[i]. */
HK_API hk_status hk_net_points(hk_net *net, const struct hk_spec *spec, uint32_t n,
                               const uint32_t *cell, const uint32_t *segment, uint32_t *first);

/* n inputs. Input i draws from the stream (seed, stream, identity[i], index[i]); both arrays may be
 * NULL: then 0 and i. Inputs with the same four draw the same numbers. An HK_LIST named "times"
 * must be sorted and not negative. */
HK_API hk_status hk_net_inputs(hk_net *net, const struct hk_spec *spec, const char *stream,
                               uint32_t n, const uint64_t *identity, const uint64_t *index,
                               uint32_t *first);

/* n artificial cells: points without a place, of a plugin that has no current and reads nothing of
 * a membrane. Each has an identity, counted apart from those of cells (NULL: they count on), which
 * with the seed decides its random numbers. They are connected, set and recorded as points are;
 * *first is the first one's number. hk_net_facts does not count them as cells. */
HK_API hk_status hk_net_artificial(hk_net *net, const char *name, const struct hk_spec *spec,
                                   uint32_t n, const uint64_t *identity, uint32_t *first);

/* The number among the cells that stands for an artificial cell in rules and stimuli: these connect
 * from and to artificial cells (all of one call) as from and to cells, without a detector's
 * segment, or without new points. hk_net_cells counts it. HK_INVALID: the point sits on a cell. */
HK_API hk_status hk_net_artificial_cell(hk_net *net, uint32_t point, uint32_t *cell);

/* Sets a parameter of points again, before the network is built, to value[0], value[stride], ...;
 * and reads it. */
HK_API hk_status hk_net_point_set(hk_net *net, uint32_t n, const uint32_t *point, const char *field,
                                  const double *value, uint32_t stride);
HK_API hk_status hk_net_point_get(const hk_net *net, uint32_t point, const char *field,
                                  double *value);

struct hk_point_of {
    const struct hk_plugin *plugin;
    uint32_t cell, segment; /* HK_NONE: it is an artificial cell */
};
HK_API uint32_t hk_net_n_points(const hk_net *net);
HK_API struct hk_point_of hk_net_point(const hk_net *net, uint32_t point);
HK_API uint32_t hk_net_n_inputs(const hk_net *net);

/* ---- sources and connections */

enum hk_source_kind {
    HK_DETECTOR, /* fires when v of a segment rises above a threshold: at the first step start with
                    v > threshold after one with v <= threshold; its time is that step's t */
    HK_FROM_INPUT, /* an input's events */
    HK_FROM_POINT  /* what a point process emits */
};

/* A source is known by a number that stands for its kind and index; a detector's number is its
 * index, from 0. */

/* The detector at a segment with a threshold (mV); asking again for the same gives the same source.
 */
HK_API hk_status hk_net_detector(hk_net *net, uint32_t cell, uint32_t segment, double threshold,
                                 uint32_t *source);
/* The source that an input or a point is. */
HK_API hk_status hk_net_source(hk_net *net, enum hk_source_kind kind, uint32_t index,
                               uint32_t *source);

struct hk_source_of {
    enum hk_source_kind kind;
    uint32_t cell, segment; /* of a detector and of a point's; HK_NONE: none */
    uint32_t index;         /* of the input or the point */
    double threshold;
};
HK_API uint32_t hk_net_n_detectors(const hk_net *net);
HK_API hk_status hk_net_source_get(const hk_net *net, uint32_t source, struct hk_source_of *out);

/* n connections. weight: for connection i, the plugin's HK_WEIGHT fields at weight[i * n_weight];
 * NULL: the point's defaults. n_weight may be less than the plugin has: the rest have their
 * defaults. delay in ms, not negative, and at least dt from a detector or point. */
HK_API hk_status hk_net_connect(hk_net *net, uint32_t n, const uint32_t *source,
                                const uint32_t *point, const double *weight, uint32_t n_weight,
                                const double *delay);

struct hk_connection_of {
    uint32_t source, point;
    double delay;
    const double *weight; /* n_weight values */
    uint32_t n_weight;
};
HK_API uint32_t hk_net_n_connections(const hk_net *net);
HK_API struct hk_connection_of hk_net_connection(const hk_net *net, uint32_t connection);

/* ---- many at once */

enum hk_distribution {
    HK_CONSTANT,    /* a */
    HK_UNIFORM,     /* a to b */
    HK_NORMAL,      /* mean a, standard deviation b */
    HK_LOGNORMAL,   /* mean a and standard deviation b of the number itself, not of its logarithm */
    HK_EXPONENTIAL, /* mean a */
    HK_GAMMA        /* mean a, standard deviation b */
};

struct hk_number { /* a number, or how it is drawn; drawn again until within low and high where
                      those differ */
    enum hk_distribution distribution;
    double a, b, low, high;
};

struct hk_place { /* where on a cell: one of these segments, with probability in proportion to
                     `share` (NULL: equal) */
    uint32_t n;
    const uint32_t *segment;
    const double *share;
};

struct hk_made { /* what a bulk call made: runs of consecutive numbers */
    uint32_t point, n_point, input, n_input, connection, n_connection;
};

/* `count` inputs for each cell, each with a point of its own at a random place and a connection
 * between them, made cell by cell. The streams are named by `stream`, so that adding another call
 * changes nothing here; no two calls may use one name. `weight` is the plugin's first one; the
 * others have their defaults. */
struct hk_stimulus {
    const char *stream;
    uint32_t n_cell;
    const uint32_t *cell; /* all of one type, none twice */
    uint32_t count;
    struct hk_spec input, point;
    struct hk_place place;
    struct hk_number weight, delay;
    bool one_input; /* all of a cell's points are driven by one input */
};
HK_API hk_status hk_net_stimulate(hk_net *net, const struct hk_stimulus *stimulus,
                                  struct hk_made *made);

enum hk_rule_kind {
    HK_PAIRWISE,   /* each pair with `probability` */
    HK_ALL,        /* each pair */
    HK_ONE_TO_ONE, /* the i-th with the i-th */
    HK_IN_DEGREE,  /* each target from `degree` different sources, drawn */
    HK_PAIRS       /* those listed: pre[i] with post[i] of the lists' indices */
};

/* Connections from detectors at `from_segment` of the `pre` cells, which all get one, to new points
 * on the `post` cells. Made target by target, the sources of each by their identities;
 * HK_ONE_TO_ONE and HK_PAIRS in the order of the lists. */
struct hk_rule {
    const char *stream; /* as in hk_stimulus */
    enum hk_rule_kind kind;
    double probability;
    uint32_t degree;
    bool self; /* a cell may connect to itself; where it may not, HK_ONE_TO_ONE and HK_PAIRS must
                  not ask for it */
    uint32_t n_pre, n_post;
    const uint32_t *pre,
        *post; /* cells; pre all of one type, post all of one type; none twice in one of them */
    uint32_t n_pair; /* HK_PAIRS: indices into pre and post */
    const uint32_t *pair_pre, *pair_post;
    uint32_t from_segment;
    double threshold;
    struct hk_spec point;
    struct hk_place place;
    struct hk_number weight, delay;
};
HK_API hk_status hk_net_rule(hk_net *net, const struct hk_rule *rule, struct hk_made *made);

/* ---- ports */

/* port[i], a column of role HK_PORT of a mechanism at a segment or of a point, shows shown[i] from
 * now on: v, an ion's variable ("cai", "ica") or a column of a mechanism or point, of any cell. All
 * ports must be connected when the network is built; of two calls for one port the last one holds.
 */
struct hk_target;
HK_API hk_status hk_net_port(hk_net *net, uint32_t n, const struct hk_target *port,
                             const struct hk_target *shown);

/* ---- probes */

enum hk_probe_kind {
    HK_PROBE_VALUES, /* rows of t_ms and a column a target, every `interval` ms */
    HK_PROBE_SPIKES, /* rows of t_ms and the source's number, a row a spike, sorted; targets are
                        sources */
    HK_PROBE_EVENTS  /* rows of t_ms and the input's number, a row an event that the input makes;
                        targets are inputs */
};

struct hk_target {
    enum { HK_AT_SEGMENT, HK_AT_POINT, HK_AT_SOURCE, HK_AT_INPUT } at;
    uint32_t index, segment; /* cell and segment, or the point, source or input */
    const char *
        mechanism; /* of a segment's field; NULL: "v", or an ion's variable ("ina", "cai", "eca") */
    const char
        *field; /* "v"; a column of the mechanism or point; "i" (its current) or "g" (its slope) */
    const char *label; /* the column's name; NULL: made up of the above */
};

struct hk_probe {
    enum hk_probe_kind kind;
    uint32_t n;
    const struct hk_target *target; /* n of them; n = 0 for all detectors or all inputs */
    double interval;    /* ms; rounded to a whole number of steps, at least one; 0: every step */
    double from, until; /* ms, both included; until 0: without end */
    struct hk_spec recorder; /* its options are the plugin's fields */
    const char *path;        /* for a recorder that writes a file */
    bool identity; /* spikes: the second column is the identity of the source's cell, not the
                      source's number */
    bool aside; /* no part of what is saved: of a network that is restored it records from there */
};

/* A probe samples at the start of a step: v, states and concentrations are those of t, before the
 * events due in the step; currents are those that v and the states of t give. What is probed never
 * changes the run's bits. */
HK_API hk_status hk_net_probe(hk_net *net, const struct hk_probe *probe, uint32_t *out);

/* What a recorder has in memory: rows times columns, row after row, column 0 is t_ms. Valid until
 * the net goes on. HK_INVALID for a recorder that keeps nothing in memory. */
HK_API hk_status hk_net_rows(hk_net *net, uint32_t probe, uint64_t *n_row, uint32_t *n_column,
                             const double **row);

struct hk_probe_of {
    const struct hk_plugin *recorder;
    const char *path;          /* NULL: none was given */
    const char *const *column; /* n_column names, "t_ms" first */
    uint32_t n_column;
    double interval; /* ms, a whole number of steps; 0 of spikes and events */
};
HK_API uint32_t hk_net_n_probes(const hk_net *net);
HK_API hk_status hk_net_probe_get(const hk_net *net, uint32_t probe, struct hk_probe_of *out);

/* The plugins that the network uses, each once: channels of its cell types, points, inputs,
 * recorders. Writes at most `room` of them; how many it wrote. */
HK_API uint32_t hk_net_plugins(const hk_net *net, const struct hk_plugin **out, uint32_t room);

/* ---- the run */

/* Lays the model out in memory, ready to step: done by the first run, or earlier to know what it
 * costs. Nothing can be added later. */
HK_API hk_status hk_net_build(hk_net *net);

/* Goes on to t = until (ms), rounded to a step; from where it is, at first from 0. HK_DIVERGED:
 * names cell, segment, time and the mechanisms there; HK_INTERRUPTED: stopped at an epoch's end;
 * HK_FILE: a recorder failed. What was recorded until then is kept. */
HK_API hk_status hk_net_run(hk_net *net, double until);

/* Back to t = 0, as if newly built; recorders begin anew. */
HK_API hk_status hk_net_reset(hk_net *net);

/* Writes what recorders hold to disk. */
HK_API hk_status hk_net_flush(hk_net *net);

/* Closes the recorders: what they wrote is whole, and files have their names. HK_FILE: one failed
 * at it. What was in memory is gone, and only hk_net_free is left to do. */
HK_API hk_status hk_net_close(hk_net *net);

HK_API double hk_net_time(const hk_net *net); /* ms */

/* ---- save and restore
 *
 * A network can be put aside between runs, at any step: states, events under way, generators,
 * weights that events have changed, what recorders hold. The file says nothing of threads, groups
 * or units, and may be restored with others. */

/* SHA-256, as 64 hexadecimal digits and a zero, of all that decides the network's results: cell
 * types, cells, points, inputs, connections and ports in the order in which they were made,
 * plugins, and the options celsius, v_init, dt and seed; of a network that has been built, as it
 * was then. Probes, threads, groups and units are not in it. */
HK_API hk_status hk_net_digest(hk_net *net, char hex[65]);

/* Writes the network (builds it) to path, by way of PATH.part; what stood there stays until that is
 * whole on disk. HK_ORDER: the run has diverged; HK_INVALID: a recorder cannot be saved (see
 * HK_RECORD_SAVE); HK_FILE: the file cannot be written, or a recorder has failed. */
HK_API hk_status hk_net_save(hk_net *net, const char *path);

/* Brings a network (builds it) to where the saved one was; a run from there gives, bit for bit,
 * what it would have given without. It must be the same model, with the same probes, made in the
 * same order; paths of recorders may differ: what they had written is written again. Whatever it
 * has run is dropped. HK_FILE: the file cannot be read; HK_SYNTAX: it is no saved network, of
 * another version, cut short or altered; HK_INVALID: it is of another model, or with other probes:
 * the network is then as it was. Where something fails after that (HK_NO_MEMORY, or HK_FILE: a
 * recorder cannot write) it is at t = 0, as newly built. */
HK_API hk_status hk_net_restore(hk_net *net, const char *path);

/* ---- one kernel a cell type
 *
 * The plugins' kernels run one after the other over all instances, each through memory. A unit is
 * one kernel for all the mechanisms of a cell type, with the same results to the last bit, and
 * faster. Its source is C: who has a compiler makes a shared object of it and loads that, after
 * the network has been built, before it runs or between runs. Without a unit the plugins' kernels
 * run. */

/* How many units a network has once it is built: one for each cell type. */
HK_API uint32_t hk_net_units(const hk_net *net);

/* The C source of a unit (builds the network); valid as long as the network. It includes
 * "hillock/unit.h" and has the sources of the plugins in it, which must stand beside them: NAME.c
 * beside NAME.so. HK_NOT_FOUND names the one that is missing. The flags: those of the plugins.
 * HK_INVALID: channels of the cell type have ports, or ports show what their currents are. */
HK_API hk_status hk_net_unit_source(hk_net *net, uint32_t unit, const char **text);

/* Loads a shared object made of that source, and holds it against the plugins: HK_INVALID where it
 * is of other source, gives other bits, or, with if_faster, is slower than they are (as where a
 * compiler made no vectors of it); then the plugins' kernels run as before. HK_ORDER where one
 * is loaded already. */
HK_API hk_status hk_net_unit_load(hk_net *net, uint32_t unit, const char *path, bool if_faster);

struct hk_net_facts {
    uint64_t cells, compartments, points,
        instances; /* instances: of point processes after merging */
    uint64_t connections, inputs, groups, threads;
    /* Memory that the network has taken by now: what was said, and once it is built what steps,
     * with calendars and lists as long as they have grown. Not counted: cell types, plugins, what
     * recorders keep, and what a build needs for its time: some 10 bytes a connection. */
    uint64_t bytes;
    uint64_t units;                 /* loaded: cell types that run as one kernel */
    uint64_t steps, spikes, events; /* so far */
    double build_s, run_s;          /* wall clock */
    double epoch_ms;
};
HK_API struct hk_net_facts hk_net_facts(const hk_net *net);

/* ---- where the time goes */

struct hk_profile_phase {
    const char *name; /* "matrix solution" */
    double s;         /* of all threads together */
};

struct hk_profile_mechanism {
    const char *name;
    uint32_t kind;                          /* enum hk_kind: HK_CHANNEL or HK_POINT */
    uint64_t instances;                     /* of points after merging */
    uint64_t events;                        /* delivered to it */
    double current_s, advance_s, receive_s; /* in its kernels, with bringing in and handing on what
                                               they compute; of all threads together */
};

/* Of all runs of a network since it was built, resets and what they took included. Seconds are wall
 * clock. */
struct hk_profile {
    uint64_t runs, steps, spikes, events; /* events: delivered */
    uint64_t compartments, groups;
    uint32_t least_cells, most_cells; /* in a group */
    uint64_t group_bytes;             /* most bytes that a group's step touches, events aside */
    double build_s, run_s;
    double total_s;    /* run_s times n_thread: what the phases add up to */
    double overhead_s; /* of it, about so much was spent on looking at the clock */
    uint32_t n_phase, n_mechanism, n_thread;
    const struct hk_profile_phase *phase;
    const struct hk_profile_mechanism *mechanism; /* pools and channels, then points */
    const double *busy_s;                         /* [n_thread] in groups' work; the first is the
                                                     caller's thread, with what it alone does */
};

/* Its lists are valid until the next call of this function, or of hk_net_free. HK_ORDER: the
 * options did not ask for it, or the network has not been built. The run's bits are the same with
 * and without. */
HK_API hk_status hk_net_profile(hk_net *net, struct hk_profile *out);

#ifdef __cplusplus
}
#endif
#endif
