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

/* Things are numbered as what decides results comes upon them: specs by points and inputs,
 * detectors by connections. Others, which recordings need or nobody any more, have no number. */
struct turns {
    uint32_t *number; /* [n] HK_NONE: none */
    uint32_t *at;     /* [used] the thing of each number */
    uint32_t used;
};

struct numbers {
    struct turns spec, detector;
};

static bool turns_open(struct turns *t, uint32_t n) {
    *t = (struct turns){.number = malloc(((size_t)n + 1) * sizeof *t->number),
                        .at = malloc(((size_t)n + 1) * sizeof *t->at)};
    for (uint32_t k = 0; t->number && k < n; k++) {
        t->number[k] = HK_NONE;
    }
    return t->number && t->at;
}

static uint32_t turn_of(struct turns *t, uint32_t thing) {
    if (t->number[thing] == HK_NONE) {
        t->at[t->used] = thing;
        t->number[thing] = t->used++;
    }
    return t->number[thing];
}

static bool numbers_open(const hk_net *net, struct numbers *n) {
    bool fine = turns_open(&n->spec, net->n_spec);
    return turns_open(&n->detector, net->n_detector) && fine;
}

static void numbers_close(struct numbers *n) {
    free(n->spec.number);
    free(n->spec.at);
    free(n->detector.number);
    free(n->detector.at);
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

static void add_specs(struct digest *d, const hk_net *net, const struct turns *t) {
    digest_word(d, t->used);
    for (uint32_t k = 0; k < t->used; k++) {
        add_spec(d, &net->spec[t->at[k]]);
    }
}

/* ---- many */

static uint64_t spec_number(void *data, uint64_t spec) {
    return turn_of(&((struct numbers *)data)->spec, (uint32_t)spec);
}

static uint64_t source_number(void *data, uint64_t source) {
    uint32_t i = SOURCE_INDEX((uint32_t)source);
    return SOURCE_KIND((uint32_t)source) == HK_DETECTOR
               ? SOURCE(HK_DETECTOR, turn_of(&((struct numbers *)data)->detector, i))
               : source;
}

static void add_detectors(struct digest *d, const hk_net *net, const struct turns *t) {
    digest_word(d, t->used);
    for (uint32_t k = 0; k < t->used; k++) {
        const struct detector *detector = &net->detector[t->at[k]];
        digest_word(d, (uint64_t)detector->cell << 32 | detector->segment);
        digest_double(d, detector->threshold);
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
    add_specs(d, net, &n->spec);
    add_detectors(d, net, &n->detector);
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
