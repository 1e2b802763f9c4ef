/* SPDX-License-Identifier: BSD-3-Clause */
/* A run that is saved and restored gives the bits of one that is not: from any step, into any
 * layout; and the files say so too. */
#include "busy_model.h"
#include "save_check.h"

static void same_models(struct model *a, struct model *b) {
    same_recordings(a->ctx, a->net, b->ctx, b->net, CELLS + 1);
}

/* Where a run stops: at t; at 0 `begun` makes it by a reset. */
struct stop {
    double t;
    bool begun, from_units, to_units;
};

/* From one layout at a time into another, and to the end; against a run without a stop. */
static void restore_into(const struct way *from, const struct way *to, struct stop stop) {
    struct model plain = make_model(to), a = make_model(from), b = make_model(to);
    WORKS(plain.ctx, hk_net_run(plain.net, UNTIL));
    if (stop.from_units) {
        load_units(a.ctx, a.net);
    }
    if (stop.begun) {
        WORKS(a.ctx, hk_net_reset(a.net));
    }
    if (stop.t > 0) {
        WORKS(a.ctx, hk_net_run(a.net, stop.t));
    }
    WORKS(a.ctx, hk_net_save(a.net, here));
    WORKS(b.ctx, hk_net_restore(b.net, here));
    assert_true(hk_net_time(b.net) == hk_net_time(a.net));
    WORKS(b.ctx, hk_net_save(b.net, there));
    same_files(here, there);
    if (stop.to_units) {
        load_units(b.ctx, b.net);
        WORKS(b.ctx, hk_net_save(b.net, there));
        same_files(here, there);
    }
    WORKS(a.ctx, hk_net_run(a.net, UNTIL)); /* saving leaves no trace */
    same_models(&plain, &a);
    WORKS(b.ctx, hk_net_run(b.net, UNTIL));
    same_models(&plain, &b);
    WORKS(plain.ctx, hk_net_save(plain.net, here));
    WORKS(b.ctx, hk_net_save(b.net, there));
    same_files(here, there);
    struct hk_net_facts right = hk_net_facts(plain.net), facts = hk_net_facts(b.net);
    assert_true(facts.steps == right.steps && facts.spikes == right.spikes &&
                facts.events == right.events);
    close_model(&plain);
    close_model(&a);
    close_model(&b);
}

static const struct way PLAIN_WAY = {.threads = 1},
                        ONES = {.threads = 2, .group = 1, .probes = true},
                        THREES = {.threads = 1, .group = 3, .probes = true},
                        PROBED = {.threads = 1, .probes = true};

/* At t = 0, within an epoch (of 0.7 ms) and at its end, after one step and before the last. */
static void test_any_step(void **state) {
    (void)state;
    const struct stop stops[] = {{.t = 0},   {.begun = true}, {.t = 0.025}, {.t = 0.7},
                                 {.t = 7.7}, {.t = 33.3},     {.t = 45.2},  {.t = 59.975}};
    for (size_t k = 0; k < sizeof stops / sizeof *stops; k += is_quick() ? 3 : 1) {
        restore_into(&PLAIN_WAY, &PLAIN_WAY, stops[k]);
        restore_into(&PROBED, &PROBED, stops[k]);
    }
}

static void test_any_layout(void **state) {
    (void)state;
    const struct way *const ways[] = {&ONES, &THREES, &PROBED};
    for (int k = 0; k < 3; k++) {
        restore_into(ways[k], ways[(k + 1) % 3], (struct stop){.t = 23.175});
        if (!is_quick()) {
            restore_into(ways[k], ways[(k + 2) % 3], (struct stop){.t = 46.9});
        }
    }
}

static void test_units(void **state) {
    (void)state;
    NEEDS_COMPILER
    restore_into(&PROBED, &THREES, (struct stop){.t = 20.1, .to_units = true});
    restore_into(&PROBED, &THREES, (struct stop){.t = 20.1, .from_units = true});
    restore_into(&ONES, &PROBED, (struct stop){.t = 35, .from_units = true, .to_units = true});
    restore_into(&ONES, &PROBED, (struct stop){.from_units = true, .to_units = true});
}

/* After a reset, twice in a row, and into a network that has run elsewhere and further. */
static void test_again(void **state) {
    (void)state;
    struct model plain = make_model(&PROBED), a = make_model(&PROBED), b = make_model(&THREES);
    WORKS(plain.ctx, hk_net_run(plain.net, UNTIL));
    WORKS(a.ctx, hk_net_run(a.net, 12));
    WORKS(a.ctx, hk_net_reset(a.net));
    WORKS(a.ctx, hk_net_run(a.net, 30));
    WORKS(a.ctx, hk_net_save(a.net, here));
    WORKS(a.ctx, hk_net_save(a.net, there));
    same_files(here, there);
    WORKS(b.ctx, hk_net_run(b.net, 50));
    for (int again = 0; again < 2; again++) {
        WORKS(b.ctx, hk_net_restore(b.net, here));
        WORKS(b.ctx, hk_net_run(b.net, UNTIL));
        same_models(&plain, &b);
    }
    WORKS(b.ctx, hk_net_reset(b.net)); /* and begin anew */
    WORKS(b.ctx, hk_net_run(b.net, UNTIL));
    same_models(&plain, &b);
    WORKS(a.ctx, hk_net_restore(a.net, there)); /* into the network that was saved */
    WORKS(a.ctx, hk_net_run(a.net, UNTIL));
    same_models(&plain, &a);
    close_model(&plain);
    close_model(&a);
    close_model(&b);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_step),
        cmocka_unit_test(test_any_layout),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_again),
    };
    return cmocka_run_group_tests_name("save_bits", tests, open_saves, close_files);
}
