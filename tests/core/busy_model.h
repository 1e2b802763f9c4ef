/* SPDX-License-Identifier: BSD-3-Clause */
/* busy_model: a network in which most of what there is happens at once: two cell types with
 * channels that share ions, a pool, synapses that are shared and some that tire, points that fire
 * and send themselves events, random inputs, spikes from cell to cell; made in whatever order. */
#ifndef HK_TESTS_BUSY_MODEL_H
#define HK_TESTS_BUSY_MODEL_H
#include "models.h"

enum { FORKS = 10, BALLS = 3, CELLS = FORKS + BALLS, NOISES = 12, MOST_POINTS = NOISES + 6 };
static const double UNTIL = 60;

/* How a network is made and run; all zero: one thread, default groups, in one piece. */
struct way {
    uint32_t threads, group;
    bool other_order, reset, probes;
    double pause[3]; /* where the run is interrupted, ms */
};

struct made { /* a cell's points */
    uint32_t cell, noise[NOISES], next, far, tired, fire, heard, pace, torn;
};

struct model {
    hk_context *ctx;
    hk_cell *fork, *ball;
    hk_net *net;
    struct made made[CELLS]; /* by slot: what stands for a cell whenever it was made */
    uint32_t v[CELLS], spikes;
};

static inline uint64_t identity_of(uint32_t slot) {
    return slot < FORKS ? 100 + 7 * slot : 500 + slot;
}

/* Soma, a dendrite that forks, and one at the other end, with channels that share ions and a pool
 * in some of them. */
static inline hk_cell *make_fork(hk_context *ctx) {
    const struct stick stick[] = {{20, 20, 0, 0, 1},
                                  {150, 2, 0, 1, 5},
                                  {80, 1, 1, 1, 3},
                                  {90, 1.2, 1, 1, 3},
                                  {100, 1.5, 0, 0, 4}};
    hk_cell *type = tree(ctx, "fork", 5, stick, 100, 1);
    uint32_t soma = 0, pooled[] = {0, 1, 2, 3};
    passive(ctx, type, 5e-5, -65);
    WORKS(ctx, hk_cell_insert(type, "hh", 1, &soma));
    WORKS(ctx, hk_cell_insert(type, "CaHVA", 4, pooled));
    WORKS(ctx, hk_cell_insert(type, "CaDyn", 3, pooled));
    WORKS(ctx, hk_cell_insert(type, "KCa", 3, pooled));
    return type;
}

static inline hk_cell *make_ball(hk_context *ctx) {
    hk_cell *type = cylinder(ctx, 18, 18, 1, 100, 1);
    WORKS(ctx, hk_cell_insert(type, "hh", 0, NULL));
    return type;
}

static inline void make_cells(struct model *m, bool other_order) {
    uint64_t forks[FORKS], balls[BALLS];
    uint32_t first;
    for (uint32_t k = 0; k < FORKS; k++) {
        forks[k] = identity_of(other_order ? (3 * k + 4) % FORKS : k);
    }
    for (uint32_t k = 0; k < BALLS; k++) {
        balls[k] = identity_of(FORKS + (other_order ? BALLS - 1 - k : k));
    }
    if (other_order) {
        WORKS(m->ctx, hk_net_population(m->net, "balls", m->ball, BALLS, balls, &first));
    }
    WORKS(m->ctx, hk_net_population(m->net, "forks", m->fork, FORKS, forks, &first));
    if (!other_order) {
        WORKS(m->ctx, hk_net_population(m->net, "balls", m->ball, BALLS, balls, &first));
    }
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        for (uint32_t slot = 0; slot < CELLS; slot++) {
            m->made[slot].cell =
                hk_net_cell(m->net, cell).identity == identity_of(slot) ? cell : m->made[slot].cell;
        }
    }
}

/* Noise at several places, some of them at one with equal parameters and some with others. */
static inline void make_points(struct model *m, uint32_t slot) {
    struct made *made = &m->made[slot];
    hk_cell *type = hk_net_cell(m->net, made->cell).type;
    uint32_t n = hk_cell_segments(type);
    uint64_t identity = identity_of(slot);
    for (uint32_t k = 0; k < NOISES; k++) {
        made->noise[k] = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", k % 4 ? 2 : 3)),
                                   made->cell, k * 5 % 7 % n);
    }
    made->next = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), made->cell, 5 % n);
    made->far = add_point(m->ctx, m->net,
                          SPEC("Exp2Syn", VALUE("tau1", 0.5), VALUE("tau2", 4), VALUE("e", -75)),
                          made->cell, 0);
    made->tired =
        add_point(m->ctx, m->net, SPEC("EngineDepress", VALUE("tau", 2)), made->cell, 3 % n);
    made->fire = add_point(m->ctx, m->net, PLAIN("EngineFire"), made->cell, 0);
    made->pace =
        add_point(m->ctx, m->net, SPEC("EngineStart", VALUE("period", 2.3)), made->cell, 0);
    made->torn = add_point(m->ctx, m->net, PLAIN("EngineFire"), made->cell, 0);
    made->heard = add_point(m->ctx, m->net, SPEC("ExpSyn", VALUE("tau", 2)), made->cell, 2 % n);
    for (uint64_t k = 0; k < NOISES; k++) {
        uint32_t input, source;
        const double rates[] = {0, 30, 60, 30, 45, 200, 45, 1000, 60};
        const struct hk_spec *spec = k % 2
                                         ? SPEC("Poisson", ROWS("rate", rates, 3))
                                         : SPEC("NetStim", VALUE("start", 1), VALUE("interval", 12),
                                                VALUE("number", 1e9), VALUE("noise", 1));
        WORKS(m->ctx,
              hk_net_inputs(m->net, spec, k % 2 ? "poisson" : "noise", 1, &identity, &k, &input));
        WORKS(m->ctx, hk_net_source(m->net, HK_FROM_INPUT, input, &source));
        connect_one(m->ctx, m->net, source, made->noise[k], slot < FORKS ? 4e-3 : 1e-3,
                    0.3 * (double)k);
        if (k == 3) {
            double weights[] = {0.4, 1}, delay = 1;
            WORKS(m->ctx, hk_net_connect(m->net, 1, &source, &made->fire, weights, 2, &delay));
        }
    }
}

static inline void connect_cells(struct model *m, uint32_t slot) {
    const struct made *from = &m->made[slot], *to = &m->made[(slot + 1) % CELLS],
                      *far = &m->made[(slot + 4) % CELLS];
    uint32_t spikes = add_detector(m->ctx, m->net, from->cell, 0, -20),
             small = add_detector(m->ctx, m->net, from->cell, 0, -50);
    double tired[] = {6e-3, 0.6}, fire[] = {0.7, 1}, delay = 1.3125;
    connect_one(m->ctx, m->net, spikes, to->next, 5e-3, 1.2);
    connect_one(m->ctx, m->net, spikes, far->far, 4e-3, 2);
    connect_one(m->ctx, m->net, spikes, from->far, 1e-3, 0.8); /* itself */
    WORKS(m->ctx, hk_net_connect(m->net, 1, &spikes, &far->tired, tired, 2, &delay));
    WORKS(m->ctx, hk_net_connect(m->net, 1, &small, &to->fire, fire, 2, &delay));
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->fire), far->heard, 3e-3, 0.7);
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->torn), to->heard, 1e-3, 0.7);
    const double torn[] = {
        0.7, -0.6, 0.55}; /* three events of one time: whether it fires depends on their order */
    for (uint32_t k = 0; k < 3; k++) {
        const struct made *pace = &m->made[(slot + 3 * k) % CELLS];
        connect_one(m->ctx, m->net, point_source(m->ctx, m->net, pace->pace), from->torn, torn[k],
                    1);
    }
    connect_one(m->ctx, m->net, point_source(m->ctx, m->net, from->fire), to->heard, 3e-3, 0.7);
}

static inline void add_probes(struct model *m) {
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        const struct made *made = &m->made[slot];
        for (uint32_t k = 0; k < NOISES; k += 2) {
            probe_point(m->ctx, m->net, made->noise[k], k % 4 ? "g" : "i");
        }
        probe_point(m->ctx, m->net, made->far, "g");
        probe_point(m->ctx, m->net, made->tired, "i");
        probe_point(m->ctx, m->net, made->fire, "m");
        probe_segment(m->ctx, m->net, made->cell, 0, "hh", "m");
        probe_segment(m->ctx, m->net, made->cell, 0, NULL, "ina");
        probe_segment(m->ctx, m->net, made->cell, 0, "hh", "i");
        if (slot < FORKS) {
            probe_segment(m->ctx, m->net, made->cell, 0, NULL, "ica");
            probe_segment(m->ctx, m->net, made->cell, 1, "CaHVA", "i");
            probe_segment(m->ctx, m->net, made->cell, 2, NULL, "eca");
        }
    }
    probe_events(m->ctx, m->net, HK_PROBE_EVENTS, NULL);
}

static inline struct model make_model(const struct way *way) {
    struct model m = {.ctx = open_context()};
    m.fork = make_fork(m.ctx);
    m.ball = make_ball(m.ctx);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.seed = 42;
    options.threads = way->threads ? way->threads : 1;
    options.group = way->group;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    make_cells(&m, way->other_order);
    for (uint32_t k = 0; k < CELLS; k++) {
        make_points(&m, way->other_order ? (5 * k + 3) % CELLS : k);
    }
    for (uint32_t k = 0; k < CELLS; k++) {
        connect_cells(&m, way->other_order ? (2 * k + 9) % CELLS : k);
    }
    for (uint32_t slot = 0; slot < CELLS; slot++) {
        struct hk_target target[] = {
            {.at = HK_AT_SEGMENT, .index = m.made[slot].cell, .segment = 0, .field = "v"},
            {.at = HK_AT_SEGMENT,
             .index = m.made[slot].cell,
             .segment = slot < FORKS ? 11 : 0,
             .field = "v"}};
        struct hk_probe probe = {
            .kind = HK_PROBE_VALUES, .n = 2, .target = target, .recorder = *PLAIN("memory")};
        WORKS(m.ctx, hk_net_probe(m.net, &probe, &m.v[slot]));
    }
    struct hk_probe probe = {
        .kind = HK_PROBE_SPIKES, .identity = true, .recorder = *PLAIN("memory")};
    WORKS(m.ctx, hk_net_probe(m.net, &probe, &m.spikes));
    if (way->probes) {
        add_probes(&m);
    }
    return m;
}

static inline void run_model(struct model *m, const struct way *way) {
    for (int again = 0; again < 2; again++) {
        for (int k = 0; k < 3; k++) {
            if (way->pause[k] > 0) {
                WORKS(m->ctx, hk_net_run(m->net, way->pause[k]));
            }
        }
        if (again || !way->reset) {
            break;
        }
        WORKS(m->ctx, hk_net_reset(m->net));
    }
    WORKS(m->ctx, hk_net_run(m->net, UNTIL));
}

static inline void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->fork);
    hk_cell_free(m->ball);
    hk_free(m->ctx);
}

#endif
