/* SPDX-License-Identifier: BSD-3-Clause */
#include "probe.h"
#include "error.h"
#include "layout.h"
#include "network_index.h"
#include "probe_field.h"
#include "registry.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the recorder behind it */

static void host_fail(struct hk_recorder *recorder, const char *format, ...) {
    struct probe *p = recorder->to;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fail(p->ctx, HK_FILE, "recorder %s: %s", p->plugin->name, text);
    p->failed = true;
}

static const struct hk_host *recorder_host(void) {
    static const struct hk_host host = {.size = sizeof host, .fail = host_fail};
    return &host;
}

/* What a recorder's hook says; where it gave no reason, one is made up. */
static hk_status answer(struct probe *p, int failed, const char *hook) {
    if (!failed) {
        return HK_OK;
    }
    if (!p->failed) {
        fail(p->ctx, HK_FILE, "recorder %s: its %s failed and it does not say why", p->plugin->name,
             hook);
    }
    p->failed = true;
    return HK_FILE;
}

hk_status probe_close(struct probe *p) {
    if (!p->open) {
        return HK_OK;
    }
    const struct hk_record *record = p->plugin->record;
    p->open = false;
    return record->close ? answer(p, record->close(&p->recorder), "close") : HK_OK;
}

hk_status probe_begin(struct probe *p) {
    hk_status status = probe_close(p);
    if (status) {
        return status;
    }
    const struct hk_record *record = p->plugin->record;
    memset(p->recorder.state, 0, record->state_size);
    p->failed = false;
    p->base = 0;
    status = record->open ? answer(p, record->open(&p->recorder), "open") : HK_OK;
    p->open = !status;
    return status;
}

static hk_status hand_over(struct probe *p, const double *row, uint64_t n) {
    if (p->failed || !n) {
        return HK_OK; /* a recorder that failed is not asked again; its error has been told */
    }
    while (n) {
        uint32_t some = n > 1 << 20 ? 1 << 20 : (uint32_t)n;
        hk_status status = answer(p, p->plugin->record->write(&p->recorder, row, some), "write");
        if (status) {
            return status;
        }
        row += (size_t)some * p->n_column;
        n -= some;
    }
    return HK_OK;
}

hk_status probe_flush(struct probe *p) {
    const struct hk_record *record = p->plugin->record;
    return p->open && !p->failed && record->flush ? answer(p, record->flush(&p->recorder), "flush")
                                                  : HK_OK;
}

/* ---- taken along by a saved network */

static const struct hk_record_save *ability(const struct hk_plugin *plugin) {
    for (uint32_t k = 0; k < plugin->n_ability; k++) {
        if (!strcmp(plugin->ability[k].is, HK_RECORD_SAVE)) {
            return plugin->ability[k].it;
        }
    }
    return NULL;
}

hk_status probe_can_save(struct probe *p) {
    return ability(p->plugin)
               ? HK_OK
               : fail(p->ctx, HK_INVALID,
                      "recorder %s cannot be saved: it has not the ability " HK_RECORD_SAVE,
                      p->plugin->name);
}

hk_status probe_save(struct probe *p, void (*put)(void *, const void *, uint64_t), void *to) {
    if (p->failed) {
        return fail(p->ctx, HK_FILE,
                    "recorder %s has failed: what it holds is not whole and cannot be saved",
                    p->plugin->name);
    }
    hk_status status = answer(p, ability(p->plugin)->save(&p->recorder, put, to), "save");
    p->failed = false; /* it goes on recording */
    return status;
}

hk_status probe_check(struct probe *p, const void *bytes, uint64_t n) {
    const struct hk_record_save *save = ability(p->plugin);
    bool failed = p->failed;
    hk_status status =
        save->check ? answer(p, save->check(&p->recorder, bytes, n), "check") : HK_OK;
    p->failed = failed;
    return status;
}

hk_status probe_restore(struct probe *p, int64_t base, const void *bytes, uint64_t n) {
    hk_status status = probe_close(p);
    if (status) {
        return status;
    }
    memset(p->recorder.state, 0, p->plugin->record->state_size);
    p->failed = false;
    p->base = base;
    status = answer(p, ability(p->plugin)->restore(&p->recorder, bytes, n), "restore");
    p->open = !status;
    return status;
}

/* ---- rows */

hk_status probe_room(struct probe *p, int64_t epoch_steps) {
    if (p->kind == HK_PROBE_VALUES) {
        p->room = (uint32_t)(epoch_steps / p->every) + 2;
        free(p->row); /* of a build that failed */
        p->row = calloc((size_t)p->room * p->n_column, sizeof *p->row);
        if (!p->row) {
            return fail_memory(p->ctx, "a probe's rows");
        }
    }
    return HK_OK;
}

int64_t probe_samples(const struct probe *p, int64_t n) {
    int64_t until = n < p->last ? n : p->last;
    return until < p->first ? 0 : (until - p->first) / p->every + 1;
}

hk_status probe_pass(struct probe *p, int64_t n, double dt) {
    if (p->kind != HK_PROBE_VALUES || n < p->first) {
        return HK_OK;
    }
    int64_t rows = probe_samples(p, n) - p->base;
    for (int64_t r = 0; r < rows; r++) {
        p->row[r * p->n_column] = (double)(p->first + (p->base + r) * p->every) * dt;
    }
    hk_status status = rows > 0 ? hand_over(p, p->row, (uint64_t)rows) : HK_OK;
    p->base += rows > 0 ? rows : 0;
    return status;
}

bool probe_wants(const struct probe *p, uint32_t source) {
    bool events = p->kind == HK_PROBE_EVENTS;
    if ((SOURCE_KIND(source) == HK_FROM_INPUT) != events || p->kind == HK_PROBE_VALUES) {
        return false;
    }
    uint32_t wanted = events ? SOURCE_INDEX(source) : source;
    if (!p->n_target) {
        return events || SOURCE_KIND(source) == HK_DETECTOR;
    }
    uint32_t low = 0, high = p->n_target; /* sorted by index */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (p->target[middle].index < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < p->n_target && p->target[low].index == wanted;
}

static double second_column(const hk_net *net, const struct probe *p, uint32_t source) {
    uint32_t i = SOURCE_INDEX(source);
    if (p->kind == HK_PROBE_EVENTS) {
        return i;
    }
    if (!p->identity) {
        return source;
    }
    return (double)network_identity(net, SOURCE_KIND(source) == HK_DETECTOR
                                             ? net->detector[i].cell
                                             : network_point_cell(net, i));
}

hk_status probe_pass_events(const hk_net *net, struct probe *p, const struct spike *item,
                            uint32_t n) {
    double dt = net->options.dt;
    uint32_t found = 0;
    if (p->room < n) {
        double *row = realloc(p->row, 2 * (size_t)n * sizeof *row);
        if (!row) {
            return fail_memory(p->ctx, "a probe's rows");
        }
        p->row = row;
        p->room = n;
    }
    for (uint32_t k = 0; k < n; k++) {
        double steps = item[k].t / dt;
        if (steps >= (double)p->first - 1e-6 && steps <= (double)p->last + 1e-6 &&
            probe_wants(p, item[k].source)) {
            p->row[2 * found] = item[k].t;
            p->row[2 * found + 1] = second_column(net, p, item[k].source);
            found++;
        }
    }
    return hand_over(p, p->row, found);
}

uint64_t probe_bytes(const struct probe *p) {
    return sizeof *p + p->n_column * sizeof *p->label + p->n_target * sizeof *p->target +
           (uint64_t)p->room * p->n_column * sizeof *p->row;
}

void probe_free(struct probe *p) {
    if (!p) {
        return;
    }
    probe_close(p);
    for (uint32_t k = 0; p->target && k < p->n_target; k++) {
        free((char *)(uintptr_t)p->target[k].mechanism);
        free((char *)(uintptr_t)p->target[k].field);
    }
    for (uint32_t k = 0; p->label && k < p->n_column; k++) {
        free(p->label[k]);
    }
    free(p->target);
    free(p->label);
    free(p->path);
    free(p->option);
    free(p->recorder.state);
    free(p->row);
    free(p);
}

/* ---- making one */

static int64_t whole_steps(double t, double dt) {
    double n = t / dt;
    return n < 9e15 ? llround(n) : INT64_MAX / 4;
}

static hk_status check(const hk_net *net, const struct hk_probe *from) {
    if (!(from->interval >= 0) || isinf(from->interval)) {
        return fail(net->ctx, HK_INVALID,
                    "a probe's interval is %g ms: it is 0 (every step) or above", from->interval);
    }
    if (!(from->from >= 0) || !(from->until >= from->from || from->until == 0)) {
        return fail(net->ctx, HK_INVALID,
                    "a probe's window is from %g to %g ms: it begins at 0 or later and ends after "
                    "it begins",
                    from->from, from->until);
    }
    if (from->kind == HK_PROBE_VALUES && !from->n) {
        return fail(net->ctx, HK_INVALID, "a probe of values has nothing to record");
    }
    for (uint32_t k = 0; k < from->n; k++) {
        const struct hk_target *target = &from->target[k];
        struct probe_field field;
        hk_status status = HK_OK;
        if (from->kind == HK_PROBE_VALUES) {
            status = probe_resolve(net, target, &field);
        } else if (from->kind == HK_PROBE_EVENTS && target->index >= net->n_input) {
            status = fail(net->ctx, HK_NOT_FOUND,
                          "there is no input %" PRIu32 ": the network has %" PRIu32, target->index,
                          net->n_input);
        } else if (from->kind == HK_PROBE_SPIKES) {
            struct hk_source_of source;
            status = hk_net_source_get(net, target->index, &source);
        }
        if (status) {
            return status;
        }
    }
    return HK_OK;
}

static char *make_label(const hk_net *net, const struct hk_target *target) {
    char text[256];
    if (target->label) {
        return strdup(target->label);
    }
    const char *mechanism = target->mechanism ? target->mechanism : "",
               *dot = target->mechanism ? "." : "";
    if (target->at == HK_AT_POINT) {
        snprintf(text, sizeof text, "point%" PRIu32 ".%s", target->index, target->field);
    } else {
        struct hk_cell_of cell = hk_net_cell(net, target->index);
        struct hk_segment segment = hk_cell_segment(cell.type, target->segment);
        struct hk_section section = hk_morph_get(hk_cell_morph(cell.type), segment.section);
        snprintf(text, sizeof text, "cell%" PRIu64 ".%s(%.4g).%s%s%s", cell.identity, section.name,
                 segment.x, mechanism, dot, target->field);
    }
    return strdup(text);
}

static int by_index(const void *left, const void *right) {
    const struct hk_target *a = left, *b = right;
    return (a->index > b->index) - (a->index < b->index);
}

static bool copy_targets(const hk_net *net, struct probe *p, const struct hk_probe *from) {
    bool values = p->kind == HK_PROBE_VALUES;
    p->n_target = from->n;
    p->n_column = values ? from->n + 1 : 2;
    p->target = calloc((size_t)from->n + 1, sizeof *p->target);
    p->label = calloc(p->n_column, sizeof *p->label);
    if (!p->target || !p->label) {
        return false;
    }
    p->label[0] = strdup("t_ms");
    bool fine = p->label[0] != NULL;
    if (!values) {
        p->label[1] = strdup(p->kind == HK_PROBE_EVENTS ? "input"
                             : p->identity              ? "cell"
                                                        : "source");
        fine = fine && p->label[1];
    }
    for (uint32_t k = 0; k < from->n; k++) {
        const struct hk_target *target = &from->target[k];
        p->target[k] = *target;
        p->target[k].label = NULL;
        p->target[k].mechanism = target->mechanism ? strdup(target->mechanism) : NULL;
        p->target[k].field = target->field ? strdup(target->field) : NULL;
        fine = fine && (!target->mechanism || p->target[k].mechanism) &&
               (!target->field || p->target[k].field);
        if (values) {
            p->label[k + 1] = make_label(net, target);
            fine = fine && p->label[k + 1];
        }
    }
    if (fine && !values) {
        qsort(p->target, p->n_target, sizeof *p->target, by_index);
    }
    return fine;
}

static bool open_recorder(const hk_net *net, struct probe *p, uint32_t spec, const char *path) {
    const struct spec *s = &net->spec[spec];
    p->plugin = s->of->plugin;
    p->option = calloc((size_t)s->of->plugin->n_field + 1, sizeof *p->option);
    p->path = path ? strdup(path) : NULL;
    p->recorder.state = calloc(1, s->of->plugin->record->state_size + 1);
    uint32_t n = 0;
    for (uint32_t j = 0; p->option && j < s->of->plugin->n_field; j++) {
        if (s->of->plugin->field[j].role == HK_GLOBAL) {
            p->option[n++] = s->of->value[j];
        }
    }
    p->recorder.path = p->path;
    p->recorder.column = (const char *const *)p->label;
    p->recorder.n_column = p->n_column;
    p->recorder.global = p->option;
    p->recorder.host = recorder_host();
    p->recorder.to = p;
    return p->option && p->recorder.state && (!path || p->path);
}

static void set_times(const hk_net *net, struct probe *p, const struct hk_probe *from) {
    double dt = net->options.dt;
    int64_t every = whole_steps(from->interval, dt);
    p->every = every < 1 ? 1 : every;
    p->first = (int64_t)ceil(from->from / dt - 1e-6);
    p->last = from->until > 0 ? (int64_t)floor(fmin(from->until / dt, 9e15) + 1e-6) : INT64_MAX / 4;
}

hk_status hk_net_probe(hk_net *net, const struct hk_probe *from, uint32_t *out) {
    hk_status status = network_open(net, "a probe");
    uint32_t spec;
    if (!status) {
        status = check(net, from);
    }
    if (!status) {
        status = network_spec(net, &from->recorder, HK_RECORDER, &spec);
    }
    if (status) {
        return status;
    }
    struct probe *p = calloc(1, sizeof *p);
    if (net->n_probe == net->room_probe) {
        uint32_t room = net->room_probe ? 2 * net->room_probe : 8;
        struct probe **probe = realloc(net->probe, room * sizeof(struct probe *));
        net->probe = probe ? probe : net->probe;
        net->room_probe = probe ? room : net->room_probe;
    }
    if (p) {
        p->ctx = net->ctx;
        p->kind = from->kind;
        p->identity = from->identity;
        p->aside = from->aside;
        set_times(net, p, from);
    }
    if (!p || net->n_probe == net->room_probe || !copy_targets(net, p, from) ||
        !open_recorder(net, p, spec, from->path)) {
        if (p) {
            p->open = false;
        }
        probe_free(p);
        return fail_memory(net->ctx, "a probe");
    }
    *out = net->n_probe;
    net->probe[net->n_probe++] = p;
    return HK_OK;
}

static hk_status fail_probe(const hk_net *net, uint32_t probe) {
    return fail(net->ctx, HK_NOT_FOUND, "there is no probe %" PRIu32 ": the network has %" PRIu32,
                probe, net->n_probe);
}

hk_status hk_net_rows(hk_net *net, uint32_t probe, uint64_t *n_row, uint32_t *n_column,
                      const double **row) {
    if (probe >= net->n_probe) {
        return fail_probe(net, probe);
    }
    struct probe *p = net->probe[probe];
    if (!p->plugin->record->view) {
        return fail(net->ctx, HK_INVALID, "recorder %s keeps nothing in memory: read %s",
                    p->plugin->name, p->path ? p->path : "what it wrote");
    }
    *n_column = p->n_column;
    *n_row = 0;
    *row = p->open ? p->plugin->record->view(&p->recorder, n_row) : NULL;
    return HK_OK;
}

uint32_t hk_net_n_probes(const hk_net *net) {
    return net->n_probe;
}

hk_status hk_net_probe_get(const hk_net *net, uint32_t probe, struct hk_probe_of *out) {
    *out = (struct hk_probe_of){0};
    if (probe >= net->n_probe) {
        return fail_probe(net, probe);
    }
    const struct probe *p = net->probe[probe];
    *out = (struct hk_probe_of){.recorder = p->plugin,
                                .path = p->path,
                                .column = (const char *const *)p->label,
                                .n_column = p->n_column};
    if (p->kind == HK_PROBE_VALUES) {
        out->interval = (double)p->every * net->options.dt;
    }
    return HK_OK;
}
