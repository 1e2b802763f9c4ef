/* SPDX-License-Identifier: BSD-3-Clause */
/* Probes: what they look at, which must be the same where the network is restored, and what their
 * recorders hold. */
#include "error.h"
#include "probe.h"
#include "save.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what they look at */

static const char *kind_name(uint64_t kind) {
    return kind == HK_PROBE_VALUES ? "values" : kind == HK_PROBE_SPIKES ? "spikes" : "events";
}

/* "recording 2 (v)" */
static const char *name_of(const struct save *all, uint32_t p, char room[120]) {
    const struct probe *probe = all->net->probe[p];
    bool named = probe->kind == HK_PROBE_VALUES && probe->n_target;
    snprintf(room, 120, "recording %" PRIu32 " (%s)", p + 1,
             named ? probe->target[0].field : kind_name(probe->kind));
    return room;
}

#define OTHER(s, ...) fail((s)->ctx, HK_INVALID, __VA_ARGS__)

/* A text; where it is read, whether the file's is the same: if not, *file is it, cut to `room`. */
static bool same_text(struct save_stream *s, const char *text, char file[64]) {
    const char *own = text ? text : "";
    uint64_t n = save_word(s, strlen(own));
    const char *bytes = save_bytes(s, own, n);
    snprintf(file, 64, "%.*s", (int)(bytes && n < 63 ? n : 0), bytes ? bytes : "");
    return bytes && n == strlen(own) && memcmp(bytes, own, n) == 0;
}

static bool same_double(struct save_stream *s, double own, double *file) {
    *file = save_double(s, own);
    return memcmp(file, &own, sizeof own) == 0;
}

static hk_status pass_recorder(struct save_stream *s, const struct probe *probe, const char *name) {
    char text[64];
    if (!same_text(s, probe->plugin->name, text)) {
        return OTHER(s, "%s: %s goes to %s, and to %s in the network", s->path, name, text,
                     probe->plugin->name);
    }
    for (uint32_t j = 0, n = 0; j < probe->plugin->n_field; j++) {
        double file;
        if (probe->plugin->field[j].role == HK_GLOBAL &&
            !same_double(s, probe->option[n++], &file)) {
            return OTHER(s, "%s: %s has %s.%s = %g, and %g in the network", s->path, name,
                         probe->plugin->name, probe->plugin->field[j].name, file,
                         probe->option[n - 1]);
        }
    }
    return HK_OK;
}

static hk_status pass_times(struct save_stream *s, const struct save *all,
                            const struct probe *probe, const char *name) {
    double dt = all->net->options.dt;
    uint64_t every = save_word(s, (uint64_t)probe->every);
    uint64_t first = save_word(s, (uint64_t)probe->first),
             last = save_word(s, (uint64_t)probe->last);
    if (every != (uint64_t)probe->every) {
        return OTHER(s, "%s: %s is every %g ms, and every %g ms in the network", s->path, name,
                     (double)every * dt, (double)probe->every * dt);
    }
    if (first != (uint64_t)probe->first || last != (uint64_t)probe->last) {
        return OTHER(s, "%s: %s is from %g to %g ms, and from %g to %g ms in the network", s->path,
                     name, (double)first * dt, (double)last * dt, (double)probe->first * dt,
                     (double)probe->last * dt);
    }
    return HK_OK;
}

static hk_status pass_targets(struct save_stream *s, const struct probe *probe, const char *name) {
    uint64_t n = save_word(s, probe->n_target);
    if (n != probe->n_target) {
        return OTHER(s, "%s: %s is of %" PRIu64 " targets, and of %" PRIu32 " in the network",
                     s->path, name, n, probe->n_target);
    }
    for (uint32_t k = 0; k < probe->n_target; k++) {
        const struct hk_target *t = &probe->target[k];
        char text[64];
        uint64_t place = (uint64_t)t->index << 32 | t->segment;
        bool same = save_word(s, (uint64_t)t->at) == (uint64_t)t->at;
        same = save_word(s, place) == place && same;
        same = same_text(s, t->mechanism, text) && same;
        same = same_text(s, t->field, text) && same;
        if (!same) {
            return OTHER(s, "%s: %s looks elsewhere in the network: its target %" PRIu32 " differs",
                         s->path, name, k + 1);
        }
    }
    return HK_OK;
}

/* The label of the second column is the identity's or the number's. */
static hk_status pass_probe(struct save_stream *s, const struct save *all, uint32_t p) {
    const struct probe *probe = all->net->probe[p];
    char room[120];
    const char *name = name_of(all, p, room);
    uint64_t kind = save_word(s, (uint64_t)probe->kind);
    if (kind != (uint64_t)probe->kind) {
        return OTHER(s, "%s: recording %" PRIu32 " is of %s, and of %s in the network", s->path,
                     p + 1, kind_name(kind), kind_name(probe->kind));
    }
    if (save_word(s, probe->identity) != probe->identity) {
        return OTHER(s, "%s: %s tells sources, not cells, or the other way round", s->path, name);
    }
    hk_status status = pass_recorder(s, probe, name);
    if (!status) {
        status = pass_times(s, all, probe, name);
    }
    return status ? status : pass_targets(s, probe, name);
}

/* ---- what recorders hold */

static void count_bytes(void *to, const void *bytes, uint64_t n) {
    (void)bytes;
    *(uint64_t *)to += n;
}

static void put_bytes(void *to, const void *bytes, uint64_t n) {
    struct save_stream *s = to;
    s->length += n;
    save_bytes(s, bytes, n);
}

static hk_status write_held(struct save_stream *s, struct probe *probe, uint64_t n) {
    s->length = 0;
    save_word(s, n);
    hk_status status = probe_save(probe, put_bytes, s);
    if (!status && s->length != n) {
        status = fail(s->ctx, HK_FILE, "recorder %s: its save gives other bytes each time",
                      probe->plugin->name);
    }
    return status;
}

static hk_status count_held(struct save_stream *s, struct probe *probe, uint64_t *n) {
    *n = 0;
    hk_status status = probe_save(probe, count_bytes, n);
    s->length += 8 + *n;
    return status;
}

static hk_status pass_held(struct save_stream *s, const struct save *all, uint32_t p) {
    struct probe *probe = all->net->probe[p];
    int64_t step = all->run.step, base = (int64_t)save_word(s, (uint64_t)probe->base);
    if (!save_is_read(s)) {
        hk_status status = s->way == SAVE_COUNT ? count_held(s, probe, &all->held[p])
                                                : write_held(s, probe, all->held[p]);
        return status ? fail_within(s->ctx, status, "%s", s->path) : HK_OK;
    }
    uint64_t n = save_word(s, 0);
    const void *bytes = save_bytes(s, NULL, n);
    int64_t least = probe->kind == HK_PROBE_VALUES ? probe_samples(probe, step - 1) : 0,
            most = probe->kind == HK_PROBE_VALUES ? probe_samples(probe, step) : 0;
    if (!bytes || base < least || base > most) {
        return save_damaged(s, "a recording is not at the network's time");
    }
    hk_status status = probe_can_save(probe);
    if (!status && s->way == SAVE_READ) {
        status = probe_restore(probe, base, bytes, n);
    } else if (!status && probe_check(probe, bytes, n)) {
        return fail_within(s->ctx, HK_SYNTAX, "%s: it is damaged", s->path);
    }
    return status ? fail_within(s->ctx, status, "%s", s->path) : HK_OK;
}

hk_status save_check_probes(const struct save *all) {
    hk_status status = HK_OK;
    for (uint32_t p = 0; !status && p < all->net->n_probe; p++) {
        char room[120];
        struct probe *probe = all->net->probe[p];
        status = probe->aside ? HK_OK : probe_can_save(probe);
        if (status) {
            fail_within(all->net->ctx, status, "%s: %s", all->path, name_of(all, p, room));
        }
    }
    return status;
}

/* How many are saved. */
static uint32_t saved_probes(const hk_net *net) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < net->n_probe; p++) {
        n += !net->probe[p]->aside;
    }
    return n;
}

/* One that is not begins anew, from here. */
static hk_status begin_aside(struct save_stream *s, const struct save *all, struct probe *probe) {
    if (s->way != SAVE_READ || !all->run.begun) {
        return HK_OK;
    }
    hk_status status = probe_begin(probe);
    if (!status && probe->kind == HK_PROBE_VALUES) {
        probe->base = probe_samples(probe, all->run.step - 1);
    }
    return status;
}

hk_status save_pass_probes(struct save_stream *s, void *data) {
    const struct save *all = data;
    uint64_t here = saved_probes(all->net), n = save_word(s, here);
    if (n != here) {
        return OTHER(s, "%s: it has %" PRIu64 " recordings, and the network has %" PRIu64, s->path,
                     n, here);
    }
    hk_status status = HK_OK;
    for (uint32_t p = 0; !status && p < all->net->n_probe; p++) {
        if (all->net->probe[p]->aside) {
            status = begin_aside(s, all, all->net->probe[p]);
            continue;
        }
        status = pass_probe(s, all, p);
        if (!status && s->is_short) {
            status = save_damaged(s, "its recordings are cut short");
        }
        if (!status && all->run.begun) {
            status = pass_held(s, all, p);
        }
    }
    return status;
}
