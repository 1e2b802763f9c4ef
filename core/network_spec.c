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
           field_is_list(field->role);
}

uint32_t plugin_weights(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        n += plugin->field[f].role == HK_WEIGHT;
    }
    return n;
}

uint32_t plugin_lists(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        n += plugin->field[f].role == HK_LIST;
    }
    return n;
}

uint32_t plugin_tables(const struct hk_plugin *plugin) {
    uint32_t n = 0;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        n += plugin->field[f].role == HK_TABLE;
    }
    return n;
}

/* How many lists a spec of the plugin keeps. */
static uint32_t kept_lists(const struct hk_plugin *plugin) {
    return plugin_lists(plugin) + plugin_tables(plugin);
}

uint32_t network_field(hk_context *ctx, const struct hk_plugin *plugin, const char *name) {
    const char *nearest = NULL;
    uint32_t least = UINT32_MAX;
    for (uint32_t f = 0; f < plugin->n_field; f++) {
        if (!strcmp(plugin->field[f].name, name)) {
            return f;
        }
    }
    for (uint32_t f = 0; f < plugin->n_field; f++) {
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
    for (uint32_t f = 0, k = 0; f < spec->of->plugin->n_field; f++) {
        if (spec->of->plugin->field[f].role == HK_WEIGHT) {
            out[k++] = spec->of->value[f];
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

struct hk_list spec_list(const struct spec *spec, uint32_t field) {
    const double *rows = spec->lists, *at = rows + kept_lists(spec->of->plugin);
    for (uint32_t f = 0; f < field; f++) {
        if (field_is_list(spec->of->plugin->field[f].role)) {
            at += (size_t)*rows++ * list_width(&spec->of->plugin->field[f]);
        }
    }
    return (struct hk_list){.value = at, .rows = (uint32_t)*rows};
}

/* A spec on its way, in memory of its own. */
struct draft {
    const struct hk_plugin *plugin;
    struct spec_values *of;
    double *lists;
    size_t n_list; /* numbers at lists */
};

static size_t values_size(const struct hk_plugin *plugin) {
    return sizeof(struct spec_values) + plugin->n_field * sizeof(double);
}

static void draft_free(struct draft *draft) {
    free(draft->of);
    free(draft->lists);
}

/* For lists of so many numbers. */
static hk_status draft_open(hk_net *net, struct draft *draft, const struct hk_plugin *plugin,
                            size_t numbers) {
    *draft = (struct draft){.plugin = plugin, .n_list = kept_lists(plugin) + numbers};
    draft->of = calloc(1, values_size(plugin));
    draft->lists = calloc(draft->n_list + 1, sizeof *draft->lists);
    if (!draft->of || !draft->lists) {
        draft_free(draft);
        return fail_memory(net->ctx, "a plugin's values");
    }
    draft->of->plugin = plugin;
    return HK_OK;
}

static struct spec draft_spec(const struct draft *draft) {
    return (struct spec){.of = draft->of, .lists = draft->lists};
}

/* The numbers at a spec's lists, the rows included. */
static size_t list_numbers(const struct spec *spec) {
    size_t n = 0;
    for (uint32_t f = 0, l = 0; f < spec->of->plugin->n_field; f++) {
        if (field_is_list(spec->of->plugin->field[f].role)) {
            n += 1 + (size_t)spec->lists[l++] * list_width(&spec->of->plugin->field[f]);
        }
    }
    return n;
}

static uint64_t draft_hash(const struct draft *draft) {
    uint64_t h = table_hash(2, (uint64_t)(uintptr_t)draft->plugin);
    for (uint32_t f = 0; f < draft->plugin->n_field; f++) {
        h = table_hash_double(h, draft->of->value[f]);
    }
    for (size_t i = 0; i < draft->n_list; i++) {
        h = table_hash_double(h, draft->lists[i]);
    }
    return h;
}

static bool draft_is(const struct draft *draft, const struct spec *spec) {
    return draft->plugin == spec->of->plugin &&
           memcmp(draft->of, spec->of, values_size(draft->plugin)) == 0 &&
           list_numbers(spec) == draft->n_list &&
           (!draft->n_list ||
            memcmp(draft->lists, spec->lists, draft->n_list * sizeof *spec->lists) == 0);
}

static const double *keep_lists(struct network_index *index, const double *from, size_t n) {
    enum { PIECE = 2048 };
    if (n > index->list_room) {
        size_t room = n > PIECE ? n : PIECE;
        index->list_at = ARENA_NEW(&index->lists, room, double);
        index->list_room = index->list_at ? room : 0;
    }
    double *to = index->list_at;
    if (to) {
        memcpy(to, from, n * sizeof *to);
        index->list_at += n;
        index->list_room -= n;
    }
    return to;
}

/* Keeps the draft as a spec, unless its equal is kept already; frees it. */
static hk_status keep(hk_net *net, struct draft *draft, uint32_t *out) {
    struct network_index *index = network_index(net);
    uint64_t hash = draft_hash(draft);
    for (uint32_t at = 0, i; (i = table_next(&index->spec, hash, &at)) != HK_NONE;) {
        if (draft_is(draft, &net->spec[i])) {
            draft_free(draft);
            *out = i;
            return HK_OK;
        }
    }
    struct spec spec = {.of = intern(&index->values, draft->of, values_size(draft->plugin))};
    bool fine = spec.of && NETWORK_ROOM(net, spec, 1) && table_reserve(&index->spec, 1);
    if (fine && draft->n_list) {
        spec.lists = keep_lists(index, draft->lists, draft->n_list);
        fine = spec.lists != NULL;
    }
    draft_free(draft);
    if (!fine) {
        return fail_memory(net->ctx, "a plugin's values");
    }
    table_add(&index->spec, hash, net->n_spec);
    *out = net->n_spec;
    net->spec[net->n_spec++] = spec;
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
    bool list = field_is_list(field->role);
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
    for (uint32_t f = 0; f < spec->of->plugin->n_field; f++) {
        const struct hk_field *field = &spec->of->plugin->field[f];
        if ((field->role == HK_PARAMETER || field->role == HK_GLOBAL) &&
            isnan(spec->of->value[f])) {
            return fail(ctx, HK_INVALID, "%s.%s must be given: it has no default",
                        spec->of->plugin->name, field->name);
        }
        if (field->role == HK_TABLE && isnan(field->value) && !spec_list(spec, f).rows) {
            return fail(ctx, HK_INVALID, "%s.%s must be given: it is a table without a default",
                        spec->of->plugin->name, field->name);
        }
    }
    return HK_OK;
}

/* Calls the plugin's hooks setup and check with a block of the spec as its one instance. */
static const char *ask(const hk_net *net, const struct spec *spec, hk_col *column,
                       struct hk_list *room, const struct hk_list **list, double *global) {
    const struct hk_plugin *plugin = spec->of->plugin;
    const struct hk_net_options *options = &net->options;
    double common[HK_COMMON] = {0};
    struct hk_list *table = room + plugin_lists(plugin);
    for (uint32_t f = 0, l = 0, t = 0, g = 0; f < plugin->n_field; f++) {
        uint32_t role = plugin->field[f].role;
        if (f < plugin->n_column) {
            column[f][0] = spec->of->value[f];
        } else if (role == HK_TABLE) {
            table[t++] = spec_list(spec, f);
        } else if (role == HK_LIST) {
            room[l] = spec_list(spec, f);
            list[l] = &room[l];
            l++;
        } else if (role == HK_GLOBAL) {
            global[g++] = spec->of->value[f];
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
                             .list = list,
                             .table = table};
    return plugin->check(&block, 0);
}

/* What the plugin's hook check says of the spec. */
static hk_status judge(const hk_net *net, const struct spec *spec) {
    const struct hk_plugin *plugin = spec->of->plugin;
    size_t n = (size_t)plugin->n_field + 1;
    if (!plugin->check) {
        return HK_OK;
    }
    /* the numbers first, then what holds pointers: one piece, as there may be a spec an input */
    double *number = calloc(n, (HK_LANES + 1) * sizeof *number + sizeof(struct hk_list) +
                                   sizeof(hk_col) + sizeof(struct hk_list *));
    if (!number) {
        return fail_memory(net->ctx, "a plugin's values");
    }
    double *global = number + n * HK_LANES;
    struct hk_list *room = (struct hk_list *)(void *)(global + n);
    hk_col *column = (hk_col *)(void *)(room + n);
    const struct hk_list **list = (const struct hk_list **)(void *)(column + n);
    for (uint32_t f = 0; f < plugin->n_column; f++) {
        column[f] = number + (size_t)f * HK_LANES;
    }
    const char *why = ask(net, spec, column, room, list, global);
    hk_status status = why ? fail(net->ctx, HK_INVALID, "%s: %s", plugin->name, why) : HK_OK;
    free(number);
    return status;
}

/* The value or list that the user gave the field; NULL: none. */
static const struct hk_param *given(const struct hk_spec *from, const char *field) {
    for (uint32_t i = 0; i < from->n_param; i++) {
        if (!strcmp(from->param[i].field, field)) {
            return &from->param[i];
        }
    }
    return NULL;
}

static void fill(struct draft *draft, const struct hk_spec *from) {
    double *rows = draft->lists, *numbers = rows + kept_lists(draft->plugin);
    for (uint32_t f = 0; f < draft->plugin->n_field; f++) {
        const struct hk_field *field = &draft->plugin->field[f];
        const struct hk_param *param = given(from, field->name);
        if (!field_is_list(field->role)) {
            draft->of->value[f] =
                param ? param->value + 0.0 : field->value; /* no -0: it equals 0 */
            continue;
        }
        size_t n = param ? (size_t)param->rows * list_width(field) : 0;
        *rows++ = param ? param->rows : 0;
        if (n) {
            memcpy(numbers, param->list, n * sizeof *numbers);
        }
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
    struct draft draft;
    if ((status = draft_open(net, &draft, plugin, numbers))) {
        return status;
    }
    fill(&draft, from);
    struct spec spec = draft_spec(&draft);
    status = complete(net->ctx, &spec);
    if (status || (status = judge(net, &spec))) {
        draft_free(&draft);
        return status;
    }
    return keep(net, &draft, out);
}

hk_status network_spec_with(hk_net *net, uint32_t spec, uint32_t field, double value,
                            uint32_t *out) {
    const struct spec *from = &net->spec[spec];
    size_t n = list_numbers(from);
    struct draft draft;
    hk_status status = draft_open(net, &draft, from->of->plugin, n - kept_lists(from->of->plugin));
    if (status) {
        return status;
    }
    memcpy(draft.of, from->of, values_size(from->of->plugin));
    if (n) {
        memcpy(draft.lists, from->lists, n * sizeof *from->lists);
    }
    draft.of->value[field] = value + 0.0;
    return keep(net, &draft, out);
}

uint64_t network_specs_bytes(const hk_net *net) {
    const struct network_index *index = network_index(net);
    return net->room_spec * sizeof *net->spec + intern_bytes(&index->values) + index->lists.total;
}

void network_specs_free(hk_net *net) {
    intern_free(&network_index(net)->values);
    arena_free(&network_index(net)->lists);
}
