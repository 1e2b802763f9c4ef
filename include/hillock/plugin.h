/* SPDX-License-Identifier: BSD-3-Clause */
/* plugin.h: the one header that a plugin needs.
 *
 * A plugin is a shared object that exports one symbol, the constant descriptor `hk_plugin`: what it
 * is, its fields, its kernels. The host reads the descriptor without running code of the plugin.
 * The host owns all memory: each field of role parameter, state, assigned or ion is one contiguous
 * column, 64-byte aligned, one double an instance. A kernel sees a block of n instances and loops
 * over it with HK_EACH; it must not allocate, keep globals, or look at another instance.
 *
 * The moments of a step from t to t + dt, in this order:
 *   receive   events that are due by t arrive, one call an event
 *   watch     points look for what has come true; block->t is t
 *   receive   events that are due after t and by t + dt/2
 *   current   i and g = di/dv at v(t), with the states of t; block->t is t + dt/2
 *   (the host solves for v(t + dt))
 *   advance   states go to t + dt at v(t + dt); block->t is t + dt; those that write a
 *             concentration go first, those that write a reversal potential next
 *
 * Before the first step, at t = 0: init for all (in the same order), then connect, then start.
 *
 * What is recorded is found beside the steps, on copies: observe, and current once more.
 *
 * Units: mV, ms, degC; a channel's i is in mA/cm2 and g in S/cm2, a point process's i in nA and g
 * in uS; outward current is positive, but for an HK_ELECTRODE, whose inward current is.
 * Concentrations mM, lengths um. */
#ifndef HK_PLUGIN_H
#define HK_PLUGIN_H
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HK_ABI_MAJOR 1     /* changes when a plugin must be compiled anew */
#define HK_ABI_MINOR 1     /* grows with what is new: a host serves all up to its own */
#define HK_MAGIC "hillock" /* 8 bytes with its final zero */

#ifndef HK_LANES
/* A block's n is a multiple of it; the last instances may be padding with sane values. */
#define HK_LANES 8
#endif

#if defined __GNUC__
#define HK_EXPORT __attribute__((visibility("default")))
#define HK_ALWAYS static inline __attribute__((always_inline, unused))
#define HK_UNUSED __attribute__((unused))
#define HK_INF __builtin_inf()
#define HK_NAN __builtin_nan("")
#else
#define HK_EXPORT
#define HK_ALWAYS static inline
#define HK_UNUSED
#define HK_INF ((double)1e999)
#define HK_NAN (HK_INF - HK_INF)
#endif

enum hk_kind {
    /* Spread over the membrane: channels, pumps, ion pools. Hooks: init, current, advance. */
    HK_CHANNEL = 1,
    /* Sits at a place: synapses, clamps. Hooks: init, current, advance, start, receive. */
    HK_POINT = 2,
    /* Makes events out of nothing: spike trains. Hooks: init, next. */
    HK_INPUT = 3,
    /* Takes rows of numbers: memory, files. Hooks: record. */
    HK_RECORDER = 4
};

/* What a field is. The first group are columns: they stand first in the table, in the order of the
 * plugin's struct. */
enum hk_role {
    HK_PARAMETER = 1,    /* the user sets it; kernels only read it */
    HK_STATE = 2,        /* init and advance write it */
    HK_ASSIGNED = 3,     /* any kernel may write it; kept from kernel to kernel, worth recording */
    HK_REVERSAL = 4,     /* reads the ion's reversal potential, mV */
    HK_INSIDE = 5,       /* reads the ion's concentration inside, mM */
    HK_OUTSIDE = 6,      /* reads the ion's concentration outside, mM */
    HK_ION_CURRENT = 7,  /* advance reads the ion's total current of the step's `current` moment,
                            mA/cm2 */
    HK_WRITE_INSIDE = 8, /* init and advance integrate the concentration inside; also read it */
    HK_WRITE_OUTSIDE = 9,
    HK_WRITE_CURRENT = 10, /* `current` stores (does not add) its share of the ion's current here,
                              and adds it to i as well */
    HK_DIAMETER = 11,      /* reads the compartment's diameter, um */
    HK_AREA = 12,          /* reads the compartment's area, um2 */
    HK_DERIVED = 13,       /* init computes it of parameters, globals, dt, celsius, diameter and
                              area alone, other kernels only read it: instances may share it */
    HK_OBSERVED = 14, /* observe computes it where somebody records it; in other hooks its column
                         is a NULL pointer */
    HK_PORT = 15,     /* shows what the user connected, elsewhere in the network: v, a column, an
                         ion's variable. `current` sees the values of t, advance v of t + dt and
                         columns and currents as `current` left them; since 1.1 */
    HK_WRITE_REVERSAL = 16, /* init and advance store the ion's reversal potential; also read it */
    /* not columns */
    HK_GLOBAL = 64, /* one value for all instances in a model: given to setup; a recorder's and an
                       input's options too */
    HK_WEIGHT = 65, /* one value a connection, seen by receive as event->weight[0], [1], ... in the
                       order of the table */
    HK_LIST = 66,   /* a list of rows of `width` numbers an instance: block->list */
    HK_TABLE = 67   /* one such list for all instances of a cell type, of points or inputs given the
                       same: block->table. Not given, it has no rows; if its default is HK_NAN, it
                       must be */
};

struct hk_field {
    const char *name;
    uint32_t role;    /* enum hk_role */
    const char *unit; /* "mV", "S/cm2", ...; "" if none */
    double value;     /* default; HK_NAN: the user must set it */
    double low, high; /* least and greatest allowed; both 0: any finite number */
    const char *doc;  /* one line */
    const char *ion;  /* of an ion's role: "na", "k", "ca", ... */
    uint32_t width;   /* numbers a row of an HK_LIST or HK_TABLE; 0 counts as 1 */
};

/* An ion that the host does not know yet (it knows na +1, k +1, ca +2, cl -1). Its variables are
 * named after it: X has eX, iX, Xi, Xo. */
struct hk_ion {
    const char *name;
    int32_t valence;
};

struct hk_list {
    const double *value; /* rows * width numbers, row after row */
    uint32_t rows;
};

struct hk_stream { /* an instance's own random stream; what is in it is the host's */
    uint64_t word[4];
};

struct hk_event;
struct hk_recorder;

/* Services of the host. It grows at its end: `size` tells how far it reaches. */
struct hk_host {
    uint32_t size;
    /* [receive, start, watch; any thread] An event to this instance itself at time t >= now, with a
     * flag (not 0) that receive sees. An earlier time or flag 0 stops the run. */
    void (*send)(const struct hk_event *event, double t, double flag);
    /* [receive, start, watch; any thread] An event out of this instance at time t = now: to all
     * that it is connected to. */
    void (*emit)(const struct hk_event *event);
    /* [any hook, any thread] Draw number `draw` of the stream, uniform in the open interval (0, 1);
     * a pure function. */
    double (*uniform)(const struct hk_stream *stream, uint64_t draw);
    /* The same of the standard normal distribution. */
    double (*normal)(const struct hk_stream *stream, uint64_t draw);
    /* [record hooks] Keeps why a recorder failed, as printf does. */
    void (*fail)(struct hk_recorder *recorder, const char *format, ...);
    /* [receive, start, watch, connect; any thread; since 1.1] The weights of the j-th connection
     * that ends at this instance, in the order in which they were made; NULL beyond the last, and
     * where the plugin has not the flag HK_CONNECTIONS. They may be changed. */
    double *(*connection)(const struct hk_event *event, uint32_t j);
};

typedef double *hk_col; /* a column: one value an instance */

struct hk_block {
    uint32_t n; /* instances, a multiple of HK_LANES */
    uint32_t reserved;
    double t, dt, celsius; /* ms, ms, degC (NaN where the model did not set it: see HK_CELSIUS) */
    const double *v;       /* mV */
    double *i, *g;         /* `current` adds to them */
    const double *common;  /* what setup left */
    double *const *col;    /* the columns, in the order of the fields */
    const struct hk_list *const
        *list; /* list[j][k]: of list field j (0 is the first HK_LIST) and instance k */
    const struct hk_stream *stream; /* stream[k]; points, inputs and HK_RANDOM channels only */
    const struct hk_host *host;
    /* since 1.1 */
    const struct hk_list *table; /* table[j]: of table field j (0 is the first HK_TABLE) */
};

struct hk_setup {
    double celsius, dt;
    const double *global; /* the values of the HK_GLOBAL fields, in the order of the table */
};

struct hk_event {
    double t;    /* when it is delivered, ms, exactly as sent plus delay; not rounded to a step */
    double flag; /* 0 from a connection, else what send was given */
    double *weight;    /* the connection's HK_WEIGHT fields, which receive may change. From oneself:
                          since 1.1 those of the event in which it was sent; NULL where that was
                          start or watch, and in these */
    uint32_t instance; /* index in the block */
    uint32_t reserved;
    const struct hk_host *host;
    void *from; /* the host's */
};

/* A recorder's view of itself. Hooks return 0, or another value after host->fail. */
struct hk_recorder {
    void *state;               /* state_size bytes, zero at first */
    const char *path;          /* where to write; NULL where the user named no file */
    const char *const *column; /* n_column names with units, "t_ms" first */
    uint32_t n_column;
    uint32_t reserved;
    const double *global; /* its HK_GLOBAL fields */
    const struct hk_host *host;
    void *to; /* the host's */
};

struct hk_record { /* all on the host's main thread */
    uint32_t state_size;
    int (*open)(struct hk_recorder *r); /* a run begins at t = 0; where it fails, it has freed what
                                           it had: close does not follow */
    int (*write)(struct hk_recorder *r, const double *row,
                 uint32_t n_row);        /* row-major, n_column numbers a row */
    int (*flush)(struct hk_recorder *r); /* what was written is whole on disk; may be NULL */
    int (*close)(struct hk_recorder *r); /* the end; frees what open and write had */
    const double *(*view)(
        struct hk_recorder *r,
        uint64_t *n_row); /* what is in memory, valid until the next write; may be NULL */
};

/* An optional ability: what `is` names, with a revision, as in "hillock.example/1". Unknown ones
 * are ignored. */
struct hk_ability {
    const char *is;
    const void *it;
};

/* The ability of a recorder by which a network that it records from can be saved: `it` is a struct
 * hk_record_save. All hooks are called on the host's main thread, between runs. Bytes are the
 * recorder's own affair, but that a file of them fits any machine: numbers are little-endian. */
#define HK_RECORD_SAVE "hillock.save/1"

struct hk_record_save {
    /* Hands to `put`, in pieces, what restore needs. It may be called several times for one file,
       then gives the same bytes each time, and changes nothing that is recorded. */
    int (*save)(struct hk_recorder *r, void (*put)(void *to, const void *bytes, uint64_t n_byte),
                void *to);
    /* [open or not] Whether restore can take these bytes; does not look at the state. NULL: any. */
    int (*check)(struct hk_recorder *r, const void *bytes, uint64_t n_byte);
    /* [instead of open] Holds, or has written, what the saved one had; where it fails, it has freed
       what it had: close does not follow. */
    int (*restore)(struct hk_recorder *r, const void *bytes, uint64_t n_byte);
};

enum hk_flag {
    HK_LINEAR = 1,      /* a point process whose state and current are linear in its events, whose
                           receive only adds, and changes no weight: instances with equal parameters on
                           one compartment may share one */
    HK_ELECTRODE = 2,   /* i is injected, not of the membrane: a positive current depolarises */
    HK_CELSIUS = 4,     /* depends on celsius: a model that uses it must set celsius */
    HK_CONNECTIONS = 8, /* a point process that asks for its connections; since 1.1 */
    HK_RANDOM = 16      /* a channel that draws in init and advance: each instance has a stream, of
                           the seed, the mechanism's name, the cell and the segment; since 1.1 */
};

struct hk_plugin {
    char magic[8]; /* HK_MAGIC */
    uint16_t abi_major, abi_minor;
    /* of this struct, of hk_field and of hk_block, as the plugin was compiled */
    uint32_t size, field_size, block_size;
    uint32_t kind;      /* enum hk_kind */
    const char *name;   /* as users write it: a letter, then letters, digits and _ */
    const char *doc;    /* one line */
    const char *prefix; /* of its kernels' names in its source */
    const struct hk_field *field;
    uint32_t n_field, n_column; /* n_column: members of the plugin's struct */
    uint32_t flags;             /* of enum hk_flag */
    uint32_t n_common;          /* doubles that setup fills, at most HK_COMMON */
    const char *carries; /* the one ion of which i is the current; NULL: none, or HK_WRITE_CURRENT
                            says it */
    const struct hk_ion *ion; /* ions that it introduces */
    uint32_t n_ion, n_ability;
    const struct hk_ability *ability;
    double (*rounding)(double, double,
                       double); /* a * b + c, by which the host sees that it rounds twice */
    /* hooks; NULL where there is nothing to do */
    void (*setup)(const struct hk_setup *s,
                  double *common); /* [before a run] values common to all instances */
    void (*init)(const struct hk_block *b);
    void (*current)(const struct hk_block *b);
    void (*advance)(const struct hk_block *b);
    void (*start)(const struct hk_block *b, const struct hk_event *e);
    void (*receive)(const struct hk_block *b, const struct hk_event *e);
    double (*next)(
        const struct hk_block *b,
        uint32_t k); /* time of instance k's next event, not before its last; HK_INF: no more */
    const struct hk_record *record;
    /* [before init] What is wrong with the parameters and lists of instance k together, as in "tau1
     * is above tau2"; NULL: nothing. */
    const char *(*check)(const struct hk_block *b, uint32_t k);
    /* since 1.1 */
    /* [a sample is due; block->t is its time] On a copy: fills the HK_OBSERVED columns, and may
     * fill HK_ASSIGNED ones, from v, states, parameters and what it reads of ions. */
    void (*observe)(const struct hk_block *b);
    /* [points] Once a step, for a block: looks for what has come true. t, v and states
     * are those of the step's start; events due by then have arrived, later ones have not. e is no
     * event, but what send and emit want: a copy of it, with `instance` set; an instance of padding
     * sends nothing. What is sent at t = now arrives in this step. */
    void (*watch)(const struct hk_block *b, const struct hk_event *e);
    /* [points] At t = 0, between init of all and start of all, once for each connection:
     * e has its instance, and its weights as the user gave them, which may be changed. */
    void (*connect)(const struct hk_block *b, const struct hk_event *e);
};

enum { HK_COMMON = 64 };

/* The loop over a block's instances. Its body is branch-free (`?:`), so that it becomes vector
 * instructions; for all instances it runs the same operations, so that an instance's bits do not
 * depend on its place. */
#if defined HK_UNIT /* in unit.h's functions a kernel sees one instance: the loop is outside */
#define HK_N(b) ((uint32_t)1)
#else
#define HK_N(b) ((b)->n & ~(uint32_t)(HK_LANES - 1))
#endif
#if defined HK_UNIT
#define HK_LOOP
#elif defined __clang__
#define HK_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(disable)")
#elif defined __GNUC__
#define HK_LOOP _Pragma("GCC ivdep") _Pragma("GCC unroll 1")
#else
#define HK_LOOP
#endif
#define HK_EACH(k, b) HK_LOOP for (uint32_t k = 0, hk_n_ = HK_N(b); k < hk_n_; k++)

/* HK_KERNEL(kv, advance) { HK_EACH(k, b) c->n[k] += ...; }
 * defines the hook kv_advance with b, the block, and c, the columns as struct kv names them;
 * kv_advance_hook goes into the descriptor. P is the plugin's prefix, and so every file-scope name
 * of its source begins. */
#define HK_KERNEL(P, HOOK)                                                                         \
    HK_ALWAYS void P##_##HOOK(const struct hk_block *b, const struct P *c);                        \
    HK_UNUSED static void P##_##HOOK##_hook(const struct hk_block *b) {                            \
        struct P c;                                                                                \
        memcpy(&c, b->col, sizeof c);                                                              \
        P##_##HOOK(b, &c);                                                                         \
    }                                                                                              \
    HK_ALWAYS void P##_##HOOK(HK_UNUSED const struct hk_block *b, HK_UNUSED const struct P *c)

/* HK_ON(expsyn, receive) { c->g[e->instance] += e->weight[0]; } : the hooks receive, start,
 * watch and connect. */
#define HK_ON(P, HOOK)                                                                             \
    HK_ALWAYS void P##_##HOOK(const struct hk_block *b, const struct P *c,                         \
                              const struct hk_event *e);                                           \
    HK_UNUSED static void P##_##HOOK##_hook(const struct hk_block *b, const struct hk_event *e) {  \
        struct P c;                                                                                \
        memcpy(&c, b->col, sizeof c);                                                              \
        P##_##HOOK(b, &c, e);                                                                      \
    }                                                                                              \
    HK_ALWAYS void P##_##HOOK(HK_UNUSED const struct hk_block *b, HK_UNUSED const struct P *c,     \
                              HK_UNUSED const struct hk_event *e)

/* HK_NEXT(spikes) { return ...; } : an input's hook next, for instance k. */
#define HK_NEXT(P)                                                                                 \
    HK_ALWAYS double P##_next(const struct hk_block *b, const struct P *c, uint32_t k);            \
    HK_UNUSED static double P##_next_hook(const struct hk_block *b, uint32_t k) {                  \
        struct P c;                                                                                \
        memcpy(&c, b->col, sizeof c);                                                              \
        return P##_next(b, &c, k);                                                                 \
    }                                                                                              \
    HK_ALWAYS double P##_next(HK_UNUSED const struct hk_block *b, HK_UNUSED const struct P *c,     \
                              HK_UNUSED uint32_t k)

/* HK_CHECK(spikes) { return b->list[0][k].rows ? NULL : "times is empty"; } : the hook check, for
 * instance k. */
#define HK_CHECK(P)                                                                                \
    HK_ALWAYS const char *P##_check(const struct hk_block *b, const struct P *c, uint32_t k);      \
    HK_UNUSED static const char *P##_check_hook(const struct hk_block *b, uint32_t k) {            \
        struct P c;                                                                                \
        memcpy(&c, b->col, sizeof c);                                                              \
        return P##_check(b, &c, k);                                                                \
    }                                                                                              \
    HK_ALWAYS const char *P##_check(HK_UNUSED const struct hk_block *b,                            \
                                    HK_UNUSED const struct P *c, HK_UNUSED uint32_t k)

/* HK_SETUP(kv) { common[0] = ...; } : the hook setup, with s and common. */
#define HK_SETUP(P)                                                                                \
    static void P##_setup(HK_UNUSED const struct hk_setup *s, HK_UNUSED double *common)

/* The descriptor:
 *   HK_PLUGIN(kv) = {
 *       HK_HEADER(kv, HK_CHANNEL, "Kv", "delayed rectifier"),
 *       HK_FIELDS(kv_fields), .setup = kv_setup, .n_common = 2, .init = kv_init_hook, ...
 *   }; */
#ifdef HK_UNIT
#define HK_PLUGIN(P) HK_UNUSED static const struct hk_plugin P##_plugin
#else
#define HK_PLUGIN(P)                                                                               \
    HK_EXPORT extern const struct hk_plugin hk_plugin;                                             \
    const struct hk_plugin hk_plugin
#endif
#define HK_HEADER(P, KIND, NAME, DOC)                                                              \
    .magic = HK_MAGIC, .abi_major = HK_ABI_MAJOR, .abi_minor = HK_ABI_MINOR,                       \
    .size = sizeof(struct hk_plugin), .field_size = sizeof(struct hk_field),                       \
    .block_size = sizeof(struct hk_block), .kind = KIND, .name = NAME, .doc = DOC, .prefix = #P,   \
    .rounding = hk_rounding_
#define HK_FIELDS(P, TABLE)                                                                        \
    .field = TABLE, .n_field = sizeof TABLE / sizeof TABLE[0],                                     \
    .n_column = sizeof(struct P) / sizeof(hk_col)
/* For a plugin without columns, a recorder: its HK_GLOBAL fields are its options. */
#define HK_OPTIONS(TABLE) .field = TABLE, .n_field = sizeof TABLE / sizeof TABLE[0]

HK_UNUSED static double hk_rounding_(double a, double b, double c) {
    return a * b + c;
}

#ifdef __cplusplus
}
#endif
#endif
