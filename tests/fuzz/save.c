/* SPDX-License-Identifier: BSD-3-Clause */
/* The target of libFuzzer for the reader of saved networks; run.sh builds and runs it. An input is
 * a list of edits of a good file, whose length and hash are made right again, so that what is
 * checked behind them is reached. Plugins come from HILLOCK_PLUGINS. */
#include "save_edit.h"
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    hk_context *ctx;
    hk_net *net;
    char path[64];
    unsigned char *good, *byte;
    size_t n;
} all;

static void need(hk_status status) {
    if (status) {
        fprintf(stderr, "%s\n", hk_message(all.ctx));
        abort();
    }
}

static hk_cell *make_cell(void) {
    const struct hk_section_spec soma = {
        .domain = "soma", .parent = HK_NONE, .length_um = 20, .diam_um = 20};
    hk_morph *morph = NULL;
    hk_cell *cell = NULL;
    need(hk_morph_new(all.ctx, "ball", &morph));
    need(hk_morph_section(morph, &soma, NULL));
    need(hk_cell_new(all.ctx, "ball", morph, &cell));
    hk_morph_free(morph);
    need(hk_cell_build(cell));
    need(hk_cell_insert(cell, "hh", 0, NULL));
    return cell;
}

/* Cells that excite each other, and record it. */
static void make_network(void) {
    const uint32_t cells[] = {0, 1, 2}, segment = 0;
    const double rates[] = {0, 1e9, 300};
    const struct hk_param rate = {.field = "rate", .list = rates, .rows = 1};
    struct hk_net_options options = hk_net_defaults();
    options.celsius = 6.3;
    need(hk_net_new(all.ctx, &options, &all.net));
    need(hk_net_population(all.net, "P", make_cell(), 3, NULL, NULL));
    struct hk_made made;
    need(hk_net_stimulate(all.net,
                          &(struct hk_stimulus){.stream = "noise",
                                                .n_cell = 3,
                                                .cell = cells,
                                                .count = 2,
                                                .input = {"Poisson", 1, &rate},
                                                .point = {.plugin = "ExpSyn"},
                                                .place = {1, &segment, NULL},
                                                .weight = {.a = 0.02},
                                                .delay = {.a = 2}},
                          &made));
    need(hk_net_rule(all.net,
                     &(struct hk_rule){.stream = "rule",
                                       .kind = HK_ALL,
                                       .n_pre = 3,
                                       .n_post = 3,
                                       .pre = cells,
                                       .post = cells,
                                       .threshold = -20,
                                       .point = {.plugin = "Exp2Syn"},
                                       .place = {1, &segment, NULL},
                                       .weight = {.a = 0.001},
                                       .delay = {.a = 3}},
                     &made));
    const struct hk_target v = {.at = HK_AT_SEGMENT, .field = "v"};
    uint32_t probe;
    need(hk_net_probe(all.net,
                      &(struct hk_probe){.kind = HK_PROBE_VALUES,
                                         .n = 1,
                                         .target = &v,
                                         .interval = 1,
                                         .recorder = {.plugin = "memory"}},
                      &probe));
    need(hk_net_run(all.net, 8.1));
}

static void open_all(void) {
    all.ctx = hk_new();
    snprintf(all.path, sizeof all.path, "save-%ld.hks", (long)getpid());
    make_network();
    need(hk_net_save(all.net, all.path));
    FILE *file = fopen(all.path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        abort();
    }
    all.n = (size_t)ftell(file);
    rewind(file);
    all.good = malloc(all.n);
    all.byte = malloc(all.n);
    if (!all.good || !all.byte || fread(all.good, 1, all.n, file) != all.n) {
        abort();
    }
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!all.ctx) {
        open_all();
    }
    bool taken;
    memcpy(all.byte, all.good, all.n);
    save_edit(all.byte, all.n, data, size);
    const char *wrong = save_try(all.ctx, all.net, all.path, all.byte, all.n, &taken);
    if (wrong) {
        fprintf(stderr, "%s: %s\n", wrong, hk_message(all.ctx));
        abort();
    }
    return 0;
}
