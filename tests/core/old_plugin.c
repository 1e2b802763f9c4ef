/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins that were compiled with the plugin.h of an older minor version. */
#include "models.h"
#include "descriptor.h"
#include "hillock/plugin.h"

/* It runs, as pas does. */
static void test_runs(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    double v[2];
    for (int k = 0; k < 2; k++) {
        hk_cell *type = cylinder(ctx, 30, 10, 3, 100, 1);
        WORKS(ctx, hk_cell_insert(type, k ? "OldLeak" : "pas", 0, NULL));
        set_all(ctx, type, k ? "OldLeak" : "pas", "g", 1e-4);
        set_all(ctx, type, k ? "OldLeak" : "pas", "e", -70);
        hk_net *net = open_net(ctx, 0.025, -60);
        add_cells(ctx, net, type, 1);
        uint32_t probe = probe_v(ctx, net, 0, 1);
        WORKS(ctx, hk_net_run(net, 5));
        v[k] = last_of(ctx, net, probe);
        hk_net_free(net);
        hk_cell_free(type);
    }
    NEAR(v[1], v[0], 1e-12);
    assert_true(v[1] < -63);
    hk_free(ctx);
}

/* The host sees a whole descriptor, in which what came later is nothing. */
static void test_is_completed(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    const struct hk_plugin *plugin = NULL;
    WORKS(ctx, hk_plugin_find(ctx, "OldLeak", HK_CHANNEL, &plugin));
    assert_int_equal(plugin->abi_minor, 0);
    assert_int_equal(plugin->size, sizeof *plugin);
    assert_null(plugin->observe);
    hk_free(ctx);
}

/* As small as they were then, and no smaller. */
static void test_sizes(void **state) {
    (void)state;
    hk_context *ctx = open_context();
    const struct hk_plugin *plugin = NULL;
    WORKS(ctx, hk_plugin_find(ctx, "OldLeak", HK_CHANNEL, &plugin));
    struct hk_plugin p = *plugin;
    p.size = 192;
    p.block_size = 96;
    WORKS(ctx, descriptor_head(ctx, "it.so", &p, 192));
    p.size = 184;
    FAILS(ctx, descriptor_head(ctx, "it.so", &p, 192), HK_PLUGIN,
          "its struct hk_plugin has 184 bytes, this host's");
    p.size = 192;
    p.block_size = 88;
    FAILS(ctx, descriptor_head(ctx, "it.so", &p, 192), HK_PLUGIN,
          "its struct hk_block has 88 bytes, this host's");
    p.block_size = 96;
    p.abi_minor = HK_ABI_MINOR; /* one of today is whole */
    FAILS(ctx, descriptor_head(ctx, "it.so", &p, 192), HK_PLUGIN,
          "its struct hk_plugin has 192 bytes, this host's");
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_is_completed),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("old_plugin", tests, NULL, NULL);
}
