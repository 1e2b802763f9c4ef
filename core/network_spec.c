/* SPDX-License-Identifier: BSD-3-Clause */
/* network_spec: plugins with values for their fields, each kept once. */
#include "context.h"
#include "error.h"
#include "field.h"
#include "hillock/registry.h"
#include "names.h"
#include "network_index.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields */

static bool settable(const struct hk_field *field) {
    return field->role == HK_PARAMETER || field->role == HK_GLOBAL || field->role == HK_WEIGHT ||
           field->role == HK_LIST;
}

uint32_t plugin_weights(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        n += plugin->field[f].role == HK_WEIGHT;
    }
    return n;
}

uint32_t network_field(hk_context *ctx, const struct hk_plugin *plugin, const char *name) {
    const char *nearest = NULL;
    uint32_t least = UINT32_MAX;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        if (!strcmp(plugin->field[f].name, name)) {
            return f;
        }
        uint32_t distance = names_distance(name, plugin->field[f].name);
        if (settable(&plugin->field[f]) && distance < least) {
            least = distance;
            nearest = plugin->field[f].name;
        }
    }
    if (nearest) {
        fail(ctx, HK_NOT_FOUND, "%s has no field \"%s\"; the nearest is \"%s\"", plugin->name, name,
             nearest);
    } else {
        fail(ctx, HK_NOT_FOUND, "%s has no field \"%s\", nor any other to set", plugin->name, name);
    }
    return HK_NONE;
}

hk_status network_receives(hk_context *ctx, const struct hk_plugin *plugin) {
    return plugin->receive
               ? HK_OK
               : fail(ctx, HK_INVALID, "%s takes no events: nothing can be connected to it",
                      plugin->name);
}

void network_spec_weights(const struct spec *spec, double *out) {
    for (uint32_t f = 0, k = 0; f < spec->plugin->n_field; f++) {
        if (spec->plugin->field[f].role == HK_WEIGHT) {
            out[k++] = spec->value[f];
        }
    }
}

/* ---- lists */

static uint32_t list_width(const struct hk_field *field) {
    return field->width ? field->width : 1;
}

/* Every number in its range; times sorted and not negative. */
static hk_status list_check(hk_context *ctx, const struct hk_plugin *plugin,
                            const struct hk_field *field, const struct hk_list *list) {
    uint32_t width = list_width(field);
    bool times = !strcmp(field->name, "times");
    for (size_t i = 0; i < (size_t)list->rows * width; i++) {
        hk_status status = field_check(ctx, NULL, plugin, field, list->value[i]);
        if (status) {
            return fail_within(ctx, status, "row %zu", i / width);
        }
        if (!times || i % width) {
            continue;
        }
        if (list->value[i] < 0) {
            return fail(ctx, HK_INVALID, "%s.times[%zu] is %.17g ms, before 0", plugin->name,
                        i / width, list->value[i]);
        }
        if (i && list->value[i] < list->value[i - width]) {
            return fail(ctx, HK_INVALID, "%s.times[%zu] is %.17g ms, before times[%zu], %.17g ms",
                        plugin->name, i / width, list->value[i], i / width - 1,
                        list->value[i - width]);
        }
    }
    return HK_OK;
}

/* ---- specs */

static size_t spec_size(const struct hk_plugin *plugin, size_t numbers) {
    size_t n = plugin->n_field;
    return (n + numbers + 1) * sizeof(double) + n * sizeof(struct hk_list);
}

/* A spec is one piece of memory: values, lists, the lists' numbers. Its address is that of the
 * values. */
static bool spec_take(struct spec *spec, const struct hk_plugin *plugin, size_t numbers) {
    *spec = (struct spec){.plugin = plugin};
    spec->value = calloc(1, spec_size(plugin, numbers));
    if (spec->value) {
        spec->list = (struct hk_list *)(void *)(spec->value + plugin->n_field);
    }
    return spec->value != NULL;
}

static double *spec_numbers(const struct spec *spec) {
    return (double *)(void *)(spec->list + spec->plugin->n_field);
}

static size_t list_numbers(const struct spec *spec, uint32_t field) {
    return (size_t)spec->list[field].rows * list_width(&spec->plugin->field[field]);
}

static uint64_t spec_hash(const struct spec *spec) {
    uint64_t h = table_hash(2, (uint64_t)(uintptr_t)spec->plugin);
    for (uint32_t f = 0; f < spec->plugin->n_field; f++) {
        h = table_hash_double(h, spec->value[f]);
        h = table_hash(h, spec->list[f].rows);
        for (size_t i = 0; i < list_numbers(spec, f); i++) {
            h = table_hash_double(h, spec->list[f].value[i]);
        }
    }
    return h;
}

static bool spec_equal(const struct spec *a, const struct spec *b) {
    if (a->plugin != b->plugin || a->hash != b->hash ||
        memcmp(a->value, b->value, a->plugin->n_field * sizeof *a->value) != 0) {
        return false;
    }
    for (uint32_t f = 0; f < a->plugin->n_field; f++) {
        size_t n = list_numbers(a, f);
        if (n != list_numbers(b, f) ||
            (n && memcmp(a->list[f].value, b->list[f].value, n * sizeof(double)) != 0)) {
            return false;
        }
    }
    return true;
}

/* Keeps the spec, or frees it where its equal is kept already. */
static hk_status intern(hk_net *net, struct spec *spec, uint32_t *out) {
    struct table *table = &network_index(net)->spec;
    spec->hash = spec_hash(spec);
    for (uint32_t at = 0, i; (i = table_next(table, spec->hash, &at)) != HK_NONE;) {
        if (spec_equal(&net->spec[i], spec)) {
            free(spec->value);
            *out = i;
            return HK_OK;
        }
    }
    if (!NETWORK_ROOM(net, spec, 1) || !table_reserve(table, 1)) {
        free(spec->value);
        return fail_memory(net->ctx, "a plugin's values");
    }
    table_add(table, spec->hash, net->n_spec);
    *out = net->n_spec;
    net->spec[net->n_spec++] = *spec;
    return HK_OK;
}

/* Finds param i's field and checks its value or list; *count: the numbers of its list. */
static hk_status param_check(hk_context *ctx, const struct hk_plugin *plugin,
                             const struct hk_spec *from, uint32_t i, uint32_t *out, size_t *count) {
    const struct hk_param *param = &from->param[i];
    *count = 0;
    if (!param->field) {
        return fail(ctx, HK_INVALID, "%s: value %" PRIu32 " has no field's name", plugin->name, i);
    }
    uint32_t f = *out = network_field(ctx, plugin, param->field);
    if (f == HK_NONE) {
        return HK_NOT_FOUND;
    }
    const struct hk_field *field = &plugin->field[f];
    if (!settable(field)) {
        return fail(ctx, HK_INVALID, "%s.%s is no parameter: it cannot be set", plugin->name,
                    field->name);
    }
    for (uint32_t j = 0; j < i; j++) {
        if (!strcmp(from->param[j].field, param->field)) {
            return fail(ctx, HK_INVALID, "%s.%s is given twice", plugin->name, field->name);
        }
    }
    bool list = field->role == HK_LIST;
    if (list != (param->list != NULL)) {
        return fail(ctx, HK_INVALID,
                    list ? "%s.%s is a list, not a number" : "%s.%s is a number, not a list",
                    plugin->name, field->name);
    }
    if (!list) {
        return field_check(ctx, NULL, plugin, field, param->value);
    }
    *count = (size_t)param->rows * list_width(field);
    return list_check(ctx, plugin, field,
                      &(struct hk_list){.value = param->list, .rows = param->rows});
}

/* A field without default must have got a value; a weight may get it from its connection. */
static hk_status complete(hk_context *ctx, const struct spec *spec) {
    for (uint32_t f = 0; f < spec->plugin->n_field; f++) {
        const struct hk_field *field = &spec->plugin->field[f];
        if ((field->role == HK_PARAMETER || field->role == HK_GLOBAL) && isnan(spec->value[f])) {
            return fail(ctx, HK_INVALID, "%s.%s must be given: it has no default",
                        spec->plugin->name, field->name);
        }
    }
    return HK_OK;
}

/* Calls the plugin's hooks setup and check with a block of the spec as its one instance. */
static const char *ask(const hk_net *net, const struct spec *spec, hk_col *column,
                       const struct hk_list **list, double *global) {
    const struct hk_plugin *plugin = spec->plugin;
    const struct hk_net_options *options = &net->options;
    double common[HK_COMMON] = {0};
    for (uint32_t f = 0, l = 0, g = 0; f < plugin->n_field; f++) {
        uint32_t role = plugin->field[f].role;
        if (f < plugin->n_column) {
            column[f][0] = spec->value[f];
        } else if (role == HK_LIST) {
            list[l++] = &spec->list[f];
        } else if (role == HK_GLOBAL) {
            global[g++] = spec->value[f];
        }
    }
    if (plugin->setup) {
        struct hk_setup s = {.celsius = options->celsius, .dt = options->dt, .global = global};
        plugin->setup(&s, common);
    }
    struct hk_block block = {.n = HK_LANES,
                             .dt = options->dt,
                             .celsius = options->celsius,
                             .common = common,
                             .col = column,
                             .list = list};
    return plugin->check(&block, 0);
}

/* What the plugin's hook check says of the spec. */
static hk_status judge(const hk_net *net, const struct spec *spec) {
    const struct hk_plugin *plugin = spec->plugin;
    size_t n = (size_t)plugin->n_field + 1;
    if (!plugin->check) {
        return HK_OK;
    }
    hk_col *column = calloc(n, sizeof *column);
    const struct hk_list **list = calloc(n, sizeof *list);
    double *number = calloc(n, (HK_LANES + 1) * sizeof *number);
    hk_status status = HK_OK;
    if (column && list && number) {
        for (uint32_t f = 0; f < plugin->n_column; f++) {
            column[f] = number + (size_t)f * HK_LANES;
        }
        const char *why = ask(net, spec, column, list, number + (n - 1) * HK_LANES);
        status = why ? fail(net->ctx, HK_INVALID, "%s: %s", plugin->name, why) : HK_OK;
    } else {
        status = fail_memory(net->ctx, "a plugin's values");
    }
    free(column);
    free(list);
    free(number);
    return status;
}

static void fill(struct spec *spec, const struct hk_spec *from, hk_context *ctx) {
    const struct hk_plugin *plugin = spec->plugin;
    double *numbers = spec_numbers(spec);
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        spec->value[f] = plugin->field[f].role == HK_LIST ? 0 : plugin->field[f].value;
    }
    for (uint32_t i = 0; i < from->n_param; i++) {
        uint32_t f = network_field(ctx, plugin, from->param[i].field);
        if (plugin->field[f].role != HK_LIST) {
            spec->value[f] = from->param[i].value + 0.0; /* no -0: it equals 0 */
            continue;
        }
        size_t n = (size_t)from->param[i].rows * list_width(&plugin->field[f]);
        memcpy(numbers, from->param[i].list, n * sizeof *numbers);
        spec->list[f] = (struct hk_list){.value = numbers, .rows = from->param[i].rows};
        numbers += n;
    }
}

hk_status network_spec(hk_net *net, const struct hk_spec *from, uint32_t kind, uint32_t *out) {
    const struct hk_plugin *plugin = NULL;
    if (!from->plugin) {
        return fail(net->ctx, HK_INVALID, "a plugin's name is missing");
    }
    hk_status status = hk_plugin_find(net->ctx, from->plugin, 0, &plugin);
    if (status) {
        return status;
    }
    if (plugin->kind != kind) {
        return fail(net->ctx, HK_INVALID, "%s is %s, not %s", plugin->name,
                    plugin_kind_name(plugin->kind), plugin_kind_name(kind));
    }
    if (from->n_param && !from->param) {
        return fail(net->ctx, HK_INVALID, "%s: the list of values is missing", plugin->name);
    }
    size_t numbers = 0;
    for (uint32_t i = 0; i < from->n_param; i++) {
        uint32_t field;
        size_t count;
        status = param_check(net->ctx, plugin, from, i, &field, &count);
        if (status) {
            return status;
        }
        numbers += count;
    }
    struct spec spec;
    if (!spec_take(&spec, plugin, numbers)) {
        return fail_memory(net->ctx, "a plugin's values");
    }
    fill(&spec, from, net->ctx);
    status = complete(net->ctx, &spec);
    if (status || (status = judge(net, &spec))) {
        free(spec.value);
        return status;
    }
    return intern(net, &spec, out);
}

hk_status network_spec_with(hk_net *net, uint32_t spec, uint32_t field, double value,
                            uint32_t *out) {
    const struct spec *from = &net->spec[spec];
    struct spec changed;
    size_t numbers = 0;
    for (uint32_t f = 0; f < from->plugin->n_field; f++) {
        numbers += list_numbers(from, f);
    }
    if (!spec_take(&changed, from->plugin, numbers)) {
        return fail_memory(net->ctx, "a plugin's values");
    }
    memcpy(changed.value, from->value, from->plugin->n_field * sizeof *from->value);
    changed.value[field] = value + 0.0;
    double *to = spec_numbers(&changed);
    for (uint32_t f = 0; f < from->plugin->n_field; f++) {
        size_t n = list_numbers(from, f);
        changed.list[f] = from->list[f];
        if (n) {
            memcpy(to, from->list[f].value, n * sizeof *to);
            changed.list[f].value = to;
            to += n;
        }
    }
    return intern(net, &changed, out);
}

uint64_t network_specs_bytes(const hk_net *net) {
    uint64_t bytes = net->room_spec * sizeof *net->spec;
    for (uint32_t i = 0; i < net->n_spec; i++) {
        size_t numbers = 0;
        for (uint32_t f = 0; f < net->spec[i].plugin->n_field; f++) {
            numbers += list_numbers(&net->spec[i], f);
        }
        bytes += spec_size(net->spec[i].plugin, numbers);
    }
    return bytes;
}

void network_specs_free(hk_net *net) {
    for (uint32_t i = 0; i < net->n_spec; i++) {
        free(net->spec[i].value);
    }
}
