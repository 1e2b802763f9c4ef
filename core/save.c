/* SPDX-License-Identifier: BSD-3-Clause */
#include "save.h"
#include "digest.h"
#include "error.h"
#include "profile.h"
#include <stdlib.h>
#include <string.h>

/* ---- where the run is */

hk_status save_pass_run(struct save_stream *s, void *data) {
    struct save *all = data;
    uint64_t begun = save_word(s, all->run.begun);
    uint64_t step = save_word(s, (uint64_t)all->run.step);
    if (begun > 1 || step > (uint64_t)9e15 || (!begun && step)) {
        return save_damaged(s, "its time is none");
    }
    all->run.begun = begun;
    all->run.step = (int64_t)step;
    all->run.n_spike = save_word(s, all->run.n_spike);
    all->run.n_step = save_word(s, all->run.n_step);
    all->run.n_event = save_word(s, all->run.n_event);
    return HK_OK;
}

/* ---- the parts */

static const struct save_part PARTS[] = {
    {"run ", save_pass_run},        {"prob", save_pass_probes},    {"cell", save_pass_cells},
    {"weig", save_pass_weights},    {"dete", save_pass_detectors}, {"inpu", save_pass_inputs},
    {"deli", save_pass_deliveries}, {"self", save_pass_selves},
};
enum { N_PART = sizeof PARTS / sizeof *PARTS };

static hk_status open_save(hk_net *net, const char *path, struct save *out) {
    *out = (struct save){.net = net, .path = path};
    if (!path || !*path) {
        return fail(net->ctx, HK_INVALID, "a saved network needs the path of a file");
    }
    hk_status status = hk_net_build(net);
    if (status) {
        return status;
    }
    out->layout = net->layout;
    out->held = calloc((size_t)net->n_probe + 1, sizeof *out->held);
    return out->held && save_map_open(net, &out->map) ? HK_OK
                                                      : fail_memory(net->ctx, "a network's file");
}

static void close_save(struct save *all) {
    if (all->map.plan.layout) {
        save_map_close(&all->map);
    }
    free(all->delivery);
    free(all->self);
    free(all->held);
}

/* ---- saving */

static hk_status check_run(const struct save *all) {
    return all->run.broken
               ? fail(all->net->ctx, HK_ORDER,
                      "%s: the run has diverged, and cannot be saved: reset the network before it "
                      "runs again",
                      all->path)
               : HK_OK;
}

hk_status hk_net_save(hk_net *net, const char *path) {
    struct save all;
    unsigned char digest[32];
    hk_status status = open_save(net, path, &all);
    if (!status) {
        all.run = engine_look(net->layout->engine);
        status = check_run(&all);
    }
    if (!status) {
        status = save_check_probes(&all);
    }
    if (!status) {
        status = digest_net(net, digest);
    }
    if (!status && all.run.begun && !save_gather_events(&all)) {
        status = fail_memory(net->ctx, "a network's file");
    }
    if (!status) {
        status = save_file_write(net->ctx, path, digest, PARTS, N_PART, &all);
    }
    close_save(&all);
    return status;
}

/* ---- restoring */

static hk_status check_model(hk_net *net, const char *path, const struct save_file *file) {
    unsigned char digest[32];
    char saved[65], here[65];
    hk_status status = digest_net(net, digest);
    if (!status && memcmp(digest, file->digest, sizeof digest) != 0) {
        hash_hex(file->digest, saved);
        hash_hex(digest, here);
        status =
            fail(net->ctx, HK_INVALID,
                 "%s: it is of another model: its digest is %.12s..., and the network's %.12s...",
                 path, saved, here);
    }
    return status;
}

/* From here on the network is as newly built, until all has been read. */
static hk_status read_all(struct save *all, const struct save_file *file) {
    struct engine *engine = all->layout->engine;
    hk_status status = engine_forget(engine);
    if (!status && all->run.begun) {
        profile_enter(all->layout->profile);
        status = engine_prepare(engine);
        profile_leave(all->layout->profile, 0, 0);
    }
    if (!status) {
        status = save_file_pass(all->net->ctx, all->path, file, SAVE_READ, PARTS, N_PART, all);
    }
    if (status) {
        char *message = strdup(hk_message(all->net->ctx));
        engine_forget(engine);
        fail(all->net->ctx, status, "%s", message ? message : "a network was not restored");
        free(message);
    } else if (all->run.begun) {
        engine_resume(engine, &all->run);
    }
    return status;
}

hk_status hk_net_restore(hk_net *net, const char *path) {
    struct save all;
    struct save_file file = {.byte = NULL};
    hk_status status = open_save(net, path, &all);
    if (!status) {
        status = save_file_open(net->ctx, path, &file);
    }
    if (!status) {
        status = check_model(net, path, &file);
    }
    if (!status) {
        status = save_file_pass(net->ctx, path, &file, SAVE_CHECK, PARTS, N_PART, &all);
    }
    if (!status) {
        status = read_all(&all, &file);
    }
    save_file_close(&file);
    close_save(&all);
    return status;
}
