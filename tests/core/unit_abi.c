/* SPDX-License-Identifier: BSD-3-Clause */
/* Units of mechanisms with what came in ABI 1.1: observed columns, tables, streams of channels,
 * reversal potentials that a mechanism stores. */
#include "unit_files.h"

enum { CELLS = 9, PROBES = 8 };

struct model {
    hk_context *ctx;
    hk_cell *type;
    hk_net *net;
    uint32_t probe[PROBES];
};

static struct model open_model(uint32_t group, bool units) {
    struct model m = {.ctx = open_context()};
    const double curve[] = {-100, 1, -60, 3, 0, 5, 50, 10};
    const uint32_t some[] = {1, 2}, three = 3;
    m.type = cylinder(m.ctx, 40, 10, 4, 100, 1);
    passive(m.ctx, m.type, 1e-4, -65);
    WORKS(m.ctx, hk_cell_insert(m.type, "IonReadsE", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "ObserveChannel", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "TableChannel", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "RandomChannel", 2, some));
    WORKS(m.ctx, hk_cell_insert(m.type, "EnginePool", 2, some));
    WORKS(m.ctx, hk_cell_insert(m.type, "IonReadsOut", 0, NULL));
    WORKS(m.ctx, hk_cell_insert(m.type, "IonWritesE", 1, &three));
    WORKS(m.ctx, hk_cell_set_table(m.type, "TableChannel", "curve", 4, curve));
    set_all(m.ctx, m.type, "EnginePool", "rate", 1e-4);
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 20;
    options.group = group;
    WORKS(m.ctx, hk_net_new(m.ctx, &options, &m.net));
    add_cells(m.ctx, m.net, m.type, CELLS);
    const double times[] = {0.5, 1, 1.5};
    uint32_t source = add_times(m.ctx, m.net, times, 3), point = 0;
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        point = add_point(m.ctx, m.net, PLAIN("ObservePoint"), cell, 2);
        connect_one(m.ctx, m.net, source, point, 1e-3, 1);
    }
    m.probe[0] = probe_v(m.ctx, m.net, 7, 2);
    m.probe[1] = probe_segment(m.ctx, m.net, 7, 3, "IonReadsE", "seen");
    m.probe[2] = probe_segment(m.ctx, m.net, 7, 2, "ObserveChannel", "flux");
    m.probe[3] = probe_segment(m.ctx, m.net, 7, 2, "ObserveChannel", "kept");
    m.probe[4] = probe_segment(m.ctx, m.net, 7, 2, "TableChannel", "x");
    m.probe[5] = probe_segment(m.ctx, m.net, 7, 2, "RandomChannel", "x");
    m.probe[6] = probe_segment(m.ctx, m.net, 7, 2, NULL, "eca");
    m.probe[7] = probe_point(m.ctx, m.net, point, "twice");
    if (units) {
        load_units(m.ctx, m.net);
    }
    WORKS(m.ctx, hk_net_run(m.net, 6));
    return m;
}

static void close_model(struct model *m) {
    hk_net_free(m->net);
    hk_cell_free(m->type);
    hk_free(m->ctx);
}

static void test_bits(void **state) {
    (void)state;
    NEEDS_COMPILER
    struct model plain = open_model(0, false);
    for (uint32_t group = 0; group <= 4; group += 4) {
        struct model m = open_model(group, true);
        for (uint32_t k = 0; k < PROBES; k++) {
            same_rows(rows_of(m.ctx, m.net, m.probe[k]),
                      rows_of(plain.ctx, plain.net, plain.probe[k]));
        }
        close_model(&m);
    }
    close_model(&plain);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bits)};
    return cmocka_run_group_tests_name("unit_abi", tests, open_files, close_files);
}
