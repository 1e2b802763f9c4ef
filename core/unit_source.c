/* SPDX-License-Identifier: BSD-3-Clause */
/* A unit's text. Per set of segments one function: its loop's body keeps each value of an instance
 * in a local array of one element, so that a compiler has them in registers from the first
 * mechanism to the last. */
#include "error.h"
#include "field.h"
#include "hash.h"
#include "registry.h"
#include "unit.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const what_name[] = {
    [ARRAY_COLUMN] = "column", [ARRAY_POINT] = "point",     [ARRAY_SCALE] = "scale",
    [ARRAY_CV] = "cv",         [ARRAY_D0] = "d0",           [ARRAY_REVERSAL] = "reversal",
    [ARRAY_INSIDE] = "inside", [ARRAY_OUTSIDE] = "outside", [ARRAY_CURRENT] = "current"};

static void write_name(FILE *f, const struct unit_array *array) {
    fprintf(f, "%s_%u_%u", what_name[array->what], array->owner, array->column);
}

/* Opens the source of a plugin, which stands beside it. */
static hk_status open_source(const struct hk_net *net, const struct hk_plugin *plugin, char *path,
                             size_t room, FILE **out) {
    struct hk_plugin_info info;
    hk_status status = hk_plugin_about(net->ctx, plugin, &info);
    if (status) {
        return status;
    }
    size_t length = strlen(info.path);
    if (length < 3 || strcmp(info.path + length - 3, ".so") != 0 || length >= room) {
        return fail(net->ctx, HK_NOT_FOUND, "%s: its source is not beside it", info.path);
    }
    memcpy(path, info.path, length - 2);
    memcpy(path + length - 2, "c", 2);
    *out = fopen(path, "r");
    return *out ? HK_OK
                : fail(net->ctx, HK_NOT_FOUND, "%s: its source, %s, cannot be read: %s", info.path,
                       path, strerror(errno));
}

/* So that a compiler's messages name the plugin's file and line. Its folder would make the text
 * another one in each place where the same plugin is. */
static void write_line_mark(FILE *f, const char *path) {
    const char *slash = strrchr(path, '/');
    fprintf(f, "#line 1 \"");
    for (const char *c = slash ? slash + 1 : path; *c; c++) {
        if ((unsigned char)*c >= ' ') {
            fprintf(f, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        }
    }
    fprintf(f, "\"\n");
}

/* The source itself, not an #include of it: what is compiled is what the key is of. */
static hk_status write_plugin(const struct hk_net *net, const struct hk_plugin *plugin, FILE *f) {
    char path[4096], piece[4096];
    FILE *from;
    hk_status status = open_source(net, plugin, path, sizeof path, &from);
    if (status) {
        return status;
    }
    write_line_mark(f, path);
    bool text = true;
    for (size_t n; text && (n = fread(piece, 1, sizeof piece, from)) > 0;) {
        text = !memchr(piece, 0, n);
        fwrite(piece, 1, n, f);
    }
    text = text && !ferror(from);
    fclose(from);
    fprintf(f,
            "\n#line 1 \"unit\"\n_Static_assert(sizeof(struct %s) == %u * sizeof(hk_col), \"it is "
            "not the source of the plugin beside it\");\n",
            plugin->prefix, plugin->n_column);
    return text ? HK_OK : fail(net->ctx, HK_NOT_FOUND, "%s: it is no text", path);
}

static hk_status write_plugins(const struct hk_net *net, const struct unit *unit, FILE *f) {
    const struct group *g = &net->layout->group[unit->group];
    fprintf(f, "#define HK_UNIT 1\n#include \"hillock/unit.h\"\n");
    hk_status status = HK_OK;
    for (uint32_t k = 0; !status && k < unit_plugins(unit); k++) {
        const struct hk_plugin *plugin = unit_plugin(unit, g, k);
        bool again = false; /* several point processes may be of one plugin */
        for (uint32_t j = 0; j < k; j++) {
            again = again || unit_plugin(unit, g, j) == plugin;
        }
        status = again ? HK_OK : write_plugin(net, plugin, f);
    }
    return status;
}

/* The name of the local array that holds a column. */
static void write_column(FILE *f, const struct group *g, const struct unit_set *set, uint32_t m,
                         uint32_t j) {
    const struct hk_field *field = &g->type->mechanism[m].plugin->field[j];
    const struct group_ion *ion = layout_ion(g, field->ion);
    uint32_t owner = ion ? (uint32_t)(ion - g->ion) : 0;
    const struct unit_array *array = NULL;
    switch (field->role) {
    case HK_OBSERVED: fprintf(f, "0"); return;
    case HK_REVERSAL:
    case HK_WRITE_REVERSAL: array = unit_find(set, ARRAY_REVERSAL, owner, 0); break;
    case HK_INSIDE:
    case HK_WRITE_INSIDE: array = unit_find(set, ARRAY_INSIDE, owner, 0); break;
    case HK_OUTSIDE:
    case HK_WRITE_OUTSIDE: array = unit_find(set, ARRAY_OUTSIDE, owner, 0); break;
    case HK_ION_CURRENT: array = unit_find(set, ARRAY_CURRENT, owner, 0); break;
    default: array = unit_find(set, ARRAY_COLUMN, m, j); break;
    }
    write_name(f, array);
}

/* What is the same for all instances, before the loop. */
static void write_head(FILE *f, const struct unit *unit, const struct group *g,
                       const struct unit_set *set) {
    fprintf(f, "    const uint32_t n = u->n & ~(uint32_t)7;\n"
               "    const double dt = u->dt, celsius = u->celsius;\n"
               "    const double *const all_v = __builtin_assume_aligned(u->v, 64);\n"
               "    double *const all_i = __builtin_assume_aligned(u->i, 64);\n"
               "    double *const all_g = __builtin_assume_aligned(u->g, 64);\n");
    for (uint32_t k = 0; k < set->n_array; k++) {
        const struct unit_array *array = &set->array[k];
        if (array->seen == SEEN_EACH) {
            fprintf(f, "    double *const all_");
            write_name(f, array);
            fprintf(f, " = __builtin_assume_aligned(u->array[%u], 64);\n", array->place);
        } else if (array->seen == SEEN_SCALAR) {
            fprintf(f, "    const double one_");
            write_name(f, array);
            fprintf(f, " = u->scalar[%u];\n", array->place);
        }
    }
    for (uint32_t k = 0; k < set->n_mechanism; k++) {
        uint32_t n = g->type->mechanism[set->mechanism[k]].plugin->n_common;
        fprintf(f, "    const double common_%u[] = {", set->mechanism[k]);
        for (uint32_t j = 0; j < n; j++) {
            fprintf(f, "u->common[%u][%u], ", k, j);
        }
        fprintf(f, "0};\n");
    }
    for (uint32_t k = 0; k < unit->n_point; k++) {
        fprintf(f, "    const double point_common_%u[] = {", k);
        for (uint32_t j = 0; j < unit_point(g, k)->plugin->n_common; j++) {
            fprintf(f, "u->point_common[%u][%u], ", k, j);
        }
        fprintf(f, "0};\n    (void)point_common_%u;\n", k);
    }
}

/* t: the time of the block */
static void write_loads(FILE *f, const struct unit_set *set, const char *t) {
    fprintf(
        f,
        "    HK_UNIT_LOOP\n"
        "    for (uint32_t k = 0; k < n; k++) {\n"
        "        double v[1] = {all_v[k]}, i[1] = {0}, g[1] = {0};\n"
        "        struct hk_block b = {.n = 1, .dt = dt, .celsius = celsius, .t = %s, .v = v, .i "
        "= i, .g = g, .host = u->host};\n",
        t);
    for (uint32_t k = 0; k < set->n_array; k++) {
        const struct unit_array *array = &set->array[k];
        fprintf(f, "        double ");
        write_name(f, array);
        if (array->seen == SEEN_ZERO) {
            fprintf(f, "[1] = {0};\n");
            continue;
        }
        fprintf(f, "[1] = {%s_", array->seen == SEEN_EACH ? "all" : "one");
        write_name(f, array);
        fprintf(f, "%s};\n", array->seen == SEEN_EACH ? "[k]" : "");
    }
}

static void write_structs(FILE *f, const struct group *g, const struct unit_set *set) {
    for (uint32_t k = 0; k < set->n_mechanism; k++) {
        uint32_t m = set->mechanism[k];
        const struct hk_plugin *plugin = g->type->mechanism[m].plugin;
        if (!plugin->advance && !plugin->current) {
            continue;
        }
        fprintf(f, "        const struct %s c%u = {", plugin->prefix, m);
        for (uint32_t j = 0; j < plugin->n_column; j++) {
            fprintf(f, "%s", j ? ", " : "");
            write_column(f, g, set, m, j);
        }
        fprintf(f, "};\n");
    }
}

static void write_point_structs(FILE *f, const struct unit *unit, const struct group *g,
                                uint32_t s) {
    for (uint32_t k = 0; k < unit_points_in(unit, s); k++) {
        const struct hk_plugin *plugin = unit_point(g, k)->plugin;
        fprintf(f, "        const struct %s p%u = {", plugin->prefix, k);
        for (uint32_t j = 0; j < plugin->n_column; j++) {
            if (plugin->field[j].role == HK_OBSERVED) {
                fprintf(f, "%s0", j ? ", " : "");
            } else {
                fprintf(f, "%spoint_%u_%u", j ? ", " : "", k, j);
            }
        }
        fprintf(f, "};\n");
    }
}

/* Kernel `hook` of point process k. */
static void write_point_kernel(FILE *f, const struct hk_plugin *plugin, const char *hook,
                               uint32_t k) {
    fprintf(f,
            "        b.common = point_common_%u;\n        b.col = (double *const *)&p%u;\n        "
            "%s_%s(&b, &p%u);\n",
            k, k, plugin->prefix, hook, k);
}

static void write_nernst(FILE *f, const struct group *g, const struct unit_set *set, uint32_t at) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        if (unit_covers(ion->nernst, ion->n_nernst, at)) {
            fprintf(f,
                    "        reversal_%u_0[0] = hk_nernst(u->scalar[%u], inside_%u_0[0], "
                    "outside_%u_0[0]);\n",
                    m, set->n_scalar + m, m, m);
        }
    }
}

/* What the block has of the set's mechanism k. */
static void write_block(FILE *f, const struct group *g, const struct unit_set *set, uint32_t k) {
    uint32_t m = set->mechanism[k];
    const struct hk_plugin *plugin = g->type->mechanism[m].plugin;
    fprintf(f, "        b.common = common_%u;\n        b.col = (double *const *)&c%u;\n", m, m);
    if (plugin_tables(plugin)) {
        fprintf(f, "        b.table = u->table[%u];\n", k);
    }
    if (plugin->flags & HK_RANDOM) {
        fprintf(f, "        b.stream = u->stream[%u] + k;\n", k);
    }
}

static void write_advance(FILE *f, const struct group *g, const struct unit_set *set, uint32_t from,
                          uint32_t to) {
    for (uint32_t k = from; k < to; k++) {
        uint32_t m = set->mechanism[k];
        const struct hk_plugin *plugin = g->type->mechanism[m].plugin;
        if (plugin->advance) {
            write_block(f, g, set, k);
            fprintf(f, "        %s_advance(&b, &c%u);\n", plugin->prefix, m);
        }
    }
}

static void write_currents(FILE *f, const struct group *g, const struct unit_set *set) {
    fprintf(f, "        b.t = t_current;\n");
    for (uint32_t m = 0; m < g->n_ion; m++) {
        if (g->ion[m].current) {
            fprintf(f, "        current_%u_0[0] = 0;\n", m);
        }
    }
    for (uint32_t k = 0; k < set->n_mechanism; k++) {
        uint32_t m = set->mechanism[k];
        const struct hk_plugin *plugin = g->type->mechanism[m].plugin;
        const struct group_ion *ion = layout_ion(g, plugin->carries);
        if (!plugin->current) {
            continue;
        }
        write_block(f, g, set, k);
        fprintf(f, "        b.i = ");
        if (ion && ion->current) {
            fprintf(f, "current_%u_0;\n", (uint32_t)(ion - g->ion));
        } else {
            fprintf(f, "i;\n");
        }
        fprintf(f, "        %s_current(&b, &c%u);\n", plugin->prefix, m);
    }
}

static void write_stores(FILE *f, const struct unit_set *set) {
    for (uint32_t k = 0; k < set->n_array; k++) {
        if (set->array[k].stored) {
            fprintf(f, "        all_");
            write_name(f, &set->array[k]);
            fprintf(f, "[k] = ");
            write_name(f, &set->array[k]);
            fprintf(f, "[0];\n");
        }
    }
}

static void write_step(FILE *f, const struct unit *unit, const struct group *g, uint32_t s) {
    const struct unit_set *set = &unit->set[s];
    if (!unit_has_step(unit, s)) {
        return;
    }
    fprintf(f,
            "\nstatic void set%u(const struct hk_unit_run *u, double t_advance, double t_current) "
            "{\n",
            s);
    write_head(f, unit, g, set);
    write_loads(f, set, "t_advance");
    write_structs(f, g, set);
    write_point_structs(f, unit, g, s);
    write_advance(f, g, set, 0, set->n_pool);
    write_nernst(f, g, set, g->set_at[s]);
    write_advance(f, g, set, set->n_pool, set->n_mechanism);
    for (uint32_t k = 0; k < unit_points_in(unit, s); k++) {
        if (unit_point(g, k)->plugin->advance) {
            write_point_kernel(f, unit_point(g, k)->plugin, "advance", k);
        }
    }
    write_currents(f, g, set);
    write_stores(f, set);
    fprintf(f, "        all_i[k] = i[0];\n        all_g[k] = g[0];\n    }\n}\n");
}

/* The sums in the order, and the matrix in the form, of group_currents.c. */
static void write_finish(FILE *f, const struct unit *unit, const struct group *g, uint32_t s) {
    const struct unit_set *set = &unit->finish[s];
    fprintf(f, "\nstatic void finish%u(const struct hk_unit_run *u, double t_current) {\n", s);
    write_head(f, unit, g, set);
    write_loads(f, set, "t_current");
    write_point_structs(f, unit, g, s);
    fprintf(f, "        double sum = all_i[k], slope = all_g[k];\n");
    for (uint32_t k = 0; k < unit_points_in(unit, s); k++) {
        if (unit_point(g, k)->plugin->current) {
            fprintf(f, "        i[0] = g[0] = 0;\n");
            write_point_kernel(f, unit_point(g, k)->plugin, "current", k);
            fprintf(f,
                    "        sum += scale_%u_0[0] * i[0];\n        slope += scale_%u_0[0] * "
                    "g[0];\n",
                    k, k);
        }
    }
    for (uint32_t m = 0; m < g->n_ion; m++) {
        if (unit_find(set, ARRAY_CURRENT, m, 0)) {
            fprintf(f, "        sum += current_%u_0[0];\n", m);
        }
    }
    write_stores(f, set);
    fprintf(f, "        all_i[k] = (cv_0_0[0] + slope) * v[0] - sum;\n"
               "        all_g[k] = d0_0_0[0] + slope;\n    }\n}\n");
}

static void write_table(FILE *f, const struct unit *unit, const struct group *g) {
    fprintf(f, "\nstatic const struct hk_plugin *const unit_plugin[] = {");
    for (uint32_t k = 0; k < unit_plugins(unit); k++) {
        fprintf(f, "&%s_plugin, ", unit_plugin(unit, g, k)->prefix);
    }
    fprintf(f,
            "0};\nstatic void (*const unit_step[])(const struct hk_unit_run *, double, double) = "
            "{");
    for (uint32_t s = 0; s < unit->n_set; s++) {
        if (unit_has_step(unit, s)) {
            fprintf(f, "set%u, ", s);
        } else {
            fprintf(f, "0, ");
        }
    }
    fprintf(f, "};\n");
    if (unit->n_point) {
        fprintf(f, "static void (*const unit_finish[])(const struct hk_unit_run *, double) = {");
        for (uint32_t s = 0; s < unit->n_set; s++) {
            fprintf(f, "finish%u, ", s);
        }
        fprintf(f, "};\n");
    }
    fprintf(f,
            "\nHK_EXPORT extern const struct hk_unit hk_unit;\n"
            "const struct hk_unit hk_unit = {HK_UNIT_MAGIC, HK_UNIT_VERSION, sizeof(struct "
            "hk_unit), HK_UNIT_KEY, %u, %u, unit_step, unit_plugin, %s};\n",
            unit->n_set, unit_plugins(unit), unit->n_point ? "unit_finish" : "0");
}

hk_status unit_source(const struct hk_net *net, struct unit *unit) {
    if (unit->barred) {
        return fail(
            net->ctx, HK_INVALID,
            "cell type \"%s\" has no unit: its channels have ports, or ports show what their "
            "currents are",
            unit->type->name);
    }
    char *text = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&text, &length);
    if (!f) {
        return fail_memory(net->ctx, "a unit's source");
    }
    hk_status status = write_plugins(net, unit, f);
    for (uint32_t s = 0; !status && s < unit->n_set; s++) {
        write_step(f, unit, &net->layout->group[unit->group], s);
        if (unit->n_point) {
            write_finish(f, unit, &net->layout->group[unit->group], s);
        }
    }
    write_table(f, unit, &net->layout->group[unit->group]);
    bool fine = !ferror(f);
    fine = fclose(f) == 0 && fine;
    if (!status && !fine) {
        status = fail_memory(net->ctx, "a unit's source");
    }
    if (!status) {
        hk_hash(text, length, unit->key);
        size_t room = length + 128;
        unit->source = malloc(room);
        if (unit->source) {
            snprintf(unit->source, room, "#define HK_UNIT_KEY \"%s\"\n%s", unit->key, text);
        } else {
            status = fail_memory(net->ctx, "a unit's source");
        }
    }
    free(text);
    return status;
}
