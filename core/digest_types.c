/* SPDX-License-Identifier: BSD-3-Clause */
/* Cell types: their compartments, what is in them, its values. */
#include "digest.h"
#include "digest_hash.h"
#include "field.h"
#include <string.h>

/* The populations that are the first of their type. */
static bool is_first(const hk_net *net, uint32_t population) {
    for (uint32_t p = 0; p < population; p++) {
        if (net->population[p].type == net->population[population].type) {
            return false;
        }
    }
    return true;
}

uint32_t digest_type_number(const hk_net *net, uint32_t population) {
    uint32_t p = 0;
    while (net->population[p].type != net->population[population].type) {
        p++;
    }
    return p;
}

static void add_cable(struct digest *d, const hk_cell *type) {
    const struct cable *cable = type->cable;
    digest_word(d, (uint64_t)cable->n_segment << 32 | cable->n_node);
    for (uint32_t s = 0; s < cable->n_segment; s++) {
        const struct cable_segment *segment = &cable->segment[s];
        const double values[] = {segment->x,        segment->length_um, segment->diam_um,
                                 segment->area_um2, segment->ri_Mohm,   segment->distance_um};
        digest_word(d, (uint64_t)segment->section << 32 | segment->parent);
        digest_doubles(d, values, sizeof values / sizeof *values);
    }
    for (uint32_t n = 0; n < cable->n_node; n++) {
        digest_word(d, cable->parent[n]);
    }
    digest_doubles(d, cable->g_uS, cable->n_node);
    digest_doubles(d, type->cm, cable->n_segment);
}

static void add_mechanism(struct digest *d, const hk_cell *type,
                          const struct cell_mechanism *mechanism) {
    const struct hk_plugin *plugin = mechanism->plugin;
    uint32_t n = type->cable->n_segment, n_global = 0, n_table = 0;
    digest_text(d, plugin->name);
    for (uint32_t s = 0; s < n; s++) {
        hash_add(&d->hash, mechanism->in[s] ? "1" : "0", 1);
    }
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        switch (plugin->field[f].role) {
        case HK_PARAMETER: digest_doubles(d, mechanism->column[f], n); break;
        case HK_GLOBAL: digest_double(d, mechanism->global[n_global++]); break;
        case HK_TABLE: digest_list(d, mechanism->table[n_table++], plugin->field[f].width); break;
        default: break;
        }
    }
}

static bool is_default(const struct cell_ion *ion, uint32_t n) {
    double reversal, inside, outside;
    ion_defaults(ion->name, &reversal, &inside, &outside);
    for (uint32_t s = 0; s < n; s++) {
        if (ion->reversal[s] != reversal || ion->inside[s] != inside ||
            ion->outside[s] != outside) {
            return false;
        }
    }
    return true;
}

/* Points of another network may have given the type ions; nobody has set their values. */
static void add_ions(struct digest *d, const hk_cell *type) {
    uint32_t n = type->cable->n_segment;
    for (uint32_t m = 0; m < type->n_ion; m++) {
        const struct cell_ion *ion = &type->ion[m];
        if (!is_default(ion, n)) {
            digest_text(d, ion->name);
            digest_doubles(d, ion->reversal, n);
            digest_doubles(d, ion->inside, n);
            digest_doubles(d, ion->outside, n);
        }
    }
}

hk_status digest_types(const hk_net *net, unsigned char out[32]) {
    struct digest d;
    digest_begin(&d, net->ctx);
    for (uint32_t p = 0; p < net->n_population; p++) {
        const hk_cell *type = net->population[p].type;
        if (!is_first(net, p)) {
            continue;
        }
        add_cable(&d, type);
        digest_word(&d, type->n_mechanism);
        for (uint32_t m = 0; m < type->n_mechanism; m++) {
            add_mechanism(&d, type, &type->mechanism[m]);
        }
        add_ions(&d, type);
    }
    return digest_end(&d, out);
}

void digest_type_plugins(struct digest *d, const hk_net *net) {
    for (uint32_t p = 0; p < net->n_population; p++) {
        const hk_cell *type = net->population[p].type;
        for (uint32_t m = 0; is_first(net, p) && m < type->n_mechanism; m++) {
            digest_plugin(d, type->mechanism[m].plugin);
        }
    }
}
