/* SPDX-License-Identifier: BSD-3-Clause */
#include "digest.h"
#include "digest_hash.h"
#include "error.h"
#include "field.h"
#include "network_index.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is left out is not counted */

struct numbers {         /* of what decides results, in the order of the network */
    uint32_t *spec;      /* [n_spec]; HK_NONE: a recorder's */
    uint32_t *detector;  /* [n_detector] in the order of the connections that begin there */
    uint32_t n_detector; /* so far */
};

static bool numbers_open(const hk_net *net, struct numbers *n) {
    *n = (struct numbers){.spec = malloc(((size_t)net->n_spec + 1) * sizeof *n->spec),
                          .detector = malloc(((size_t)net->n_detector + 1) * sizeof *n->detector)};
    for (uint32_t k = 0, next = 0; n->spec && k < net->n_spec; k++) {
        n->spec[k] = net->spec[k].of->plugin->kind == HK_RECORDER ? HK_NONE : next++;
    }
    for (uint32_t d = 0; n->detector && d < net->n_detector; d++) {
        n->detector[d] = HK_NONE;
    }
    return n->spec && n->detector;
}

static void numbers_close(struct numbers *n) {
    free(n->spec);
    free(n->detector);
}

/* ---- plugins' values */

static void add_spec(struct digest *d, const struct spec *spec) {
    const struct hk_plugin *plugin = spec->of->plugin;
    digest_plugin(d, plugin);
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        if (!field_is_list(plugin->field[f].role)) {
            digest_double(d, spec->of->value[f]);
            continue;
        }
        digest_list(d, spec_list(spec, f), plugin->field[f].width);
    }
}

static void add_specs(struct digest *d, const hk_net *net, const struct numbers *n) {
    for (uint32_t k = 0; k < net->n_spec; k++) {
        if (n->spec[k] != HK_NONE) {
            add_spec(d, &net->spec[k]);
        }
    }
}

/* ---- many */

static uint64_t spec_number(void *data, uint64_t spec) {
    return ((const struct numbers *)data)->spec[spec];
}

/* A detector's number is that of its turn. */
static uint64_t source_number(void *data, uint64_t source) {
    struct numbers *n = data;
    if (SOURCE_KIND((uint32_t)source) != HK_DETECTOR) {
        return source;
    }
    uint32_t *number = &n->detector[SOURCE_INDEX((uint32_t)source)];
    *number = *number == HK_NONE ? n->n_detector++ : *number;
    return SOURCE(HK_DETECTOR, *number);
}

/* Those that have a number, which is hashed with each. */
static void add_detectors(struct digest *d, const hk_net *net, const struct numbers *n) {
    digest_word(d, n->n_detector);
    for (uint32_t k = 0; k < net->n_detector; k++) {
        if (n->detector[k] != HK_NONE) {
            digest_word(d, n->detector[k]);
            digest_word(d, (uint64_t)net->detector[k].cell << 32 | net->detector[k].segment);
            digest_double(d, net->detector[k].threshold);
        }
    }
}

static void add_series(struct digest *d, const hk_net *net, struct numbers *n) {
    digest_series(d, &net->point.spec, spec_number, n);
    digest_series(d, &net->point.cell, NULL, NULL);
    digest_series(d, &net->point.segment, NULL, NULL);
    digest_series(d, &net->input.spec, spec_number, n);
    digest_series(d, &net->input.stream, NULL, NULL);
    digest_series(d, &net->input.identity, NULL, NULL);
    digest_series(d, &net->input.index, NULL, NULL);
    digest_series(d, &net->connection.source, source_number, n);
    digest_series(d, &net->connection.point, NULL, NULL);
    digest_series(d, &net->connection.delay, NULL, NULL);
    digest_series(d, &net->connection.weight, NULL, NULL);
    digest_word(d, net->n_weight);
    digest_doubles(d, net->weight, net->n_weight);
    add_detectors(d, net, n);
    digest_word(d, net->n_stream);
    for (uint32_t k = 0; k < net->n_stream; k++) {
        digest_word(d, net->stream[k].purpose);
    }
}

/* ---- cells and ports */

static int by_cell(const void *left, const void *right) {
    const struct override *const *a = left, *const *b = right;
    if ((*a)->cell != (*b)->cell) {
        return (*a)->cell < (*b)->cell ? -1 : 1;
    }
    return (*a > *b) - (*a < *b);
}

/* A build sorts them by cell, as here. */
static bool add_overrides(struct digest *d, const hk_net *net) {
    const struct override **sorted = malloc(((size_t)net->n_override + 1) * sizeof *sorted);
    for (uint32_t k = 0; sorted && k < net->n_override; k++) {
        sorted[k] = &net->override[k];
    }
    if (!sorted) {
        return false;
    }
    qsort(sorted, net->n_override, sizeof *sorted, by_cell);
    digest_word(d, net->n_override);
    for (uint32_t k = 0; k < net->n_override; k++) {
        const struct override *o = sorted[k];
        const struct cell_place *place = &o->place;
        bool of_ion = place->kind >= CELL_REVERSAL && place->kind <= CELL_OUTSIDE;
        digest_word(d, (uint64_t)o->cell << 32 | o->segment);
        digest_word(d, place->kind);
        digest_text(d, of_ion ? network_population(net, o->cell)->type->ion[place->ion].name : "");
        digest_word(d, place->kind == CELL_COLUMN ? (uint64_t)place->mechanism << 32 | place->column
                                                  : 0);
        digest_double(d, o->value);
    }
    free(sorted);
    return true;
}

static void add_end(struct digest *d, const hk_net *net, const struct port_end *end) {
    const struct probe_field *field = &end->field;
    bool of_ion = field->what >= FIELD_REVERSAL && field->what <= FIELD_ION_CURRENT;
    digest_word(d, (uint64_t)end->cell << 32 | end->segment);
    digest_word(d, (uint64_t)end->point << 32 | (uint64_t)field->what);
    digest_word(d, (uint64_t)field->mechanism << 32 | field->column);
    digest_text(d, of_ion ? network_population(net, end->cell)->type->ion[field->ion].name : "");
}

static bool add_cells(struct digest *d, const hk_net *net) {
    digest_word(d, net->n_population);
    for (uint32_t p = 0; p < net->n_population; p++) {
        const struct population *of = &net->population[p];
        digest_word(d, digest_type_number(net, p));
        digest_word(d, (uint64_t)of->first << 32 | of->n);
        digest_word(d, of->artificial ? (uint64_t)of->point + 1 : 0);
    }
    digest_words(d, net->identity, net->n_cell);
    digest_word(d, net->n_port);
    for (uint32_t k = 0; k < net->n_port; k++) {
        add_end(d, net, &net->port[k].at);
        add_end(d, net, &net->port[k].shown);
    }
    return add_overrides(d, net);
}

/* ---- all of it */

static void add_options(struct digest *d, const struct hk_net_options *o) {
    digest_double(d, isnan(o->celsius) ? (double)NAN : o->celsius);
    digest_double(d, o->v_init);
    digest_double(d, o->dt);
    digest_word(d, o->seed);
}

hk_status digest_net(hk_net *net, unsigned char out[32]) {
    struct digest d;
    struct numbers n;
    unsigned char types[32];
    digest_begin(&d, net->ctx);
    hk_status status = HK_OK;
    bool fine = numbers_open(net, &n);
    if (net->layout) {
        memcpy(types, net->types, sizeof types);
    } else {
        status = digest_types(net, types);
    }
    if (fine && !status) {
        hash_add(&d.hash, types, sizeof types);
        add_options(&d, &net->options);
        digest_type_plugins(&d, net);
        add_specs(&d, net, &n);
        add_series(&d, net, &n);
        fine = add_cells(&d, net);
    }
    numbers_close(&n);
    if (!status) {
        status = fine ? digest_end(&d, out) : fail_memory(net->ctx, "a network's digest");
    }
    return status;
}

hk_status hk_net_digest(hk_net *net, char hex[65]) {
    unsigned char digest[32];
    hk_status status = digest_net(net, digest);
    if (!status) {
        hash_hex(digest, hex);
    }
    return status;
}
