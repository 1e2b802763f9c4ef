/* SPDX-License-Identifier: BSD-3-Clause */
#include "descriptor.h"
#include "cell.h"
#include "error.h"
#include "field.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

struct look {
    hk_context *ctx;
    const char *file;
    const struct hk_plugin *plugin;
};

/* What is wrong with the whole, with the plugin of that name, with a field of it. */
#define WRONG_FILE(l, ...)                                                                         \
    (fail((l)->ctx, HK_PLUGIN, __VA_ARGS__), fail_within((l)->ctx, HK_PLUGIN, "%s", (l)->file))
#define WRONG(l, ...)                                                                              \
    (fail((l)->ctx, HK_PLUGIN, __VA_ARGS__),                                                       \
     fail_within((l)->ctx, HK_PLUGIN, "%s: plugin %s", (l)->file, (l)->plugin->name))
#define WRONG_FIELD(l, f, ...)                                                                     \
    (fail((l)->ctx, HK_PLUGIN, __VA_ARGS__),                                                       \
     fail_within((l)->ctx, HK_PLUGIN, "%s: plugin %s: field %s", (l)->file, (l)->plugin->name,     \
                 (f)->name))

/* A letter, then letters, digits and _; `first` may begin it too. */
static bool is_name(const char *text, size_t most, char first) {
    size_t n = strnlen(text, most + 1);
    bool fine = n > 0 && n <= most;
    for (size_t i = 0; fine && i < n; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        fine = letter || c == first || (i && ((c >= '0' && c <= '9') || c == '_'));
    }
    return fine;
}

static bool is_line(const char *text) {
    return text && !strpbrk(text, "\n\r");
}

/* ---- what must hold before anything else can be read */

#define END_OF(type, member)                                                                       \
    ((uint32_t)(offsetof(type, member) + sizeof((const type *)NULL)->member))

static hk_status check_version(const struct look *l, uint64_t size) {
    const struct hk_plugin *p = l->plugin;
    const size_t least = offsetof(struct hk_plugin, kind);
    if (size && size < least) {
        return WRONG_FILE(l, "no plugin: hk_plugin has %llu bytes, a descriptor begins with %zu",
                          (unsigned long long)size, least);
    }
    if (memcmp(p->magic, HK_MAGIC, sizeof p->magic) != 0) {
        char magic[4 * sizeof p->magic + 1];
        size_t used = 0;
        for (size_t i = 0; i < sizeof p->magic && p->magic[i]; i++) {
            unsigned char c = (unsigned char)p->magic[i];
            used += (size_t)snprintf(magic + used, sizeof magic - used,
                                     c >= ' ' && c < 127 ? "%c" : "\\x%02x", c);
        }
        magic[used] = 0;
        return WRONG_FILE(l, "no plugin: its magic is \"%s\", not \"%s\"", magic, HK_MAGIC);
    }
    if (p->abi_major != HK_ABI_MAJOR || p->abi_minor > HK_ABI_MINOR) {
        return WRONG_FILE(l,
                          "compiled for plugin ABI %u.%u; this host has %u.%u: compile it with "
                          "this host's hillock/plugin.h",
                          p->abi_major, p->abi_minor, HK_ABI_MAJOR, HK_ABI_MINOR);
    }
    const struct { /* least: of an older minor version, the struct as 1.0 had it */
        const char *what;
        uint32_t its, least, ours;
    } sizes[] = {
        {"struct hk_plugin", p->size, END_OF(struct hk_plugin, check), sizeof(struct hk_plugin)},
        {"struct hk_field", p->field_size, END_OF(struct hk_field, width), sizeof(struct hk_field)},
        {"struct hk_block", p->block_size, END_OF(struct hk_block, host), sizeof(struct hk_block)}};
    bool old = p->abi_minor < HK_ABI_MINOR;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint32_t its = sizes[i].its, ours = sizes[i].ours;
        if (old ? its < sizes[i].least || its > ours : its != ours) {
            return WRONG_FILE(
                l,
                "its %s has %u bytes, this host's %u: compile it with this host's hillock/plugin.h",
                sizes[i].what, sizes[i].its, sizes[i].ours);
        }
    }
    return size && size < p->size
               ? WRONG_FILE(l, "hk_plugin has %llu bytes, and says that it has %u",
                            (unsigned long long)size, p->size)
               : HK_OK;
}

static hk_status check_head(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    if (p->kind < HK_CHANNEL || p->kind > HK_RECORDER) {
        return WRONG_FILE(
            l, "its kind is %u; there are %d (channel), %d (point), %d (input) and %d (recorder)",
            p->kind, HK_CHANNEL, HK_POINT, HK_INPUT, HK_RECORDER);
    }
    if (!p->name || !is_name(p->name, DESCRIPTOR_NAME, 'a')) {
        return WRONG_FILE(
            l, "its name is \"%.80s\", not a letter, then letters, digits and _, at most %d in all",
            p->name ? p->name : "", DESCRIPTOR_NAME);
    }
    if (!is_line(p->doc)) {
        return WRONG(l, "doc is %s, not one line", p->doc ? "several lines" : "NULL");
    }
    if (!p->prefix || !is_name(p->prefix, DESCRIPTOR_NAME, '_')) {
        return WRONG(l, "prefix is \"%.80s\", not an identifier of C", p->prefix ? p->prefix : "");
    }
    const uint32_t known = HK_LINEAR | HK_ELECTRODE | HK_CELSIUS | HK_CONNECTIONS | HK_RANDOM;
    if (p->flags & ~known) {
        return WRONG(l, "flags are %#x; this host knows %#x", p->flags, known);
    }
    if ((p->flags & (HK_LINEAR | HK_ELECTRODE | HK_CONNECTIONS)) && p->kind != HK_POINT) {
        return WRONG(l, "it is %s, and %s is for point processes", plugin_kind_name(p->kind),
                     p->flags & HK_LINEAR      ? "HK_LINEAR"
                     : p->flags & HK_ELECTRODE ? "HK_ELECTRODE"
                                               : "HK_CONNECTIONS");
    }
    if ((p->flags & HK_LINEAR) && (p->flags & HK_CONNECTIONS)) {
        return WRONG(l, "it is HK_LINEAR, which changes no weight, and HK_CONNECTIONS");
    }
    if ((p->flags & HK_RANDOM) && p->kind != HK_CHANNEL) {
        return WRONG(l, "it is %s, and HK_RANDOM is for channels", plugin_kind_name(p->kind));
    }
    if (!p->rounding) {
        return WRONG(l, "rounding is NULL: HK_HEADER sets it");
    }
    for (uint32_t i = 0; i < p->n_ability; i++) {
        if (!p->ability || !p->ability[i].is) {
            return WRONG(l, "n_ability is %u, and ability %u has no name", p->n_ability, i);
        }
    }
    return HK_OK;
}

/* ---- ions */

static hk_status check_ions(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    if (p->n_ion && !p->ion) {
        return WRONG(l, "n_ion is %u, and ion is NULL", p->n_ion);
    }
    for (uint32_t i = 0; i < p->n_ion; i++) {
        int valence, its = p->ion[i].valence;
        const char *name = p->ion[i].name;
        if (!name || !is_name(name, DESCRIPTOR_ION, 'a')) {
            return WRONG(l,
                         "ion %u is called \"%.80s\", not a letter, then letters, digits and _, at "
                         "most %d in all",
                         i, name ? name : "", DESCRIPTOR_ION);
        }
        if (its < -9 || its > 9) {
            return WRONG(l, "ion %s has valence %d, not within -9 to 9", name, its);
        }
        if (ion_known(name, &valence) && valence != its) {
            return WRONG(l, "ion %s has valence %d; the host knows it with %d", name, its, valence);
        }
        for (uint32_t j = 0; j < i; j++) {
            if (!strcmp(p->ion[j].name, name)) {
                return WRONG(l, "ion %s is introduced twice, with valence %d and %d", name,
                             p->ion[j].valence, its);
            }
        }
    }
    int valence;
    if (p->carries && p->kind != HK_CHANNEL && p->kind != HK_POINT) {
        return WRONG(l, "it carries %s, and is %s, which has no current", p->carries,
                     plugin_kind_name(p->kind));
    }
    if (p->carries && !field_ion(p, p->carries, &valence)) {
        return WRONG(l, "it carries ion %s, which neither the host knows nor the plugin introduces",
                     p->carries);
    }
    if (p->carries && (!p->current || (p->flags & HK_ELECTRODE))) {
        return WRONG(l, "it carries ion %s, and %s", p->carries,
                     p->current ? "is an electrode, whose current crosses no membrane"
                                : "has no hook current");
    }
    return HK_OK;
}

static hk_status check_field_ion(const struct look *l, const struct hk_field *f) {
    const struct hk_plugin *p = l->plugin;
    int valence;
    const char *role = field_role_name(f->role);
    if (!field_is_ion(f->role)) {
        return f->ion
                   ? WRONG_FIELD(l, f, "it names ion %s, and its role (%s) has none", f->ion, role)
                   : HK_OK;
    }
    if (!f->ion) {
        return WRONG_FIELD(l, f, "its role (%s) is of an ion, and it names none", role);
    }
    if (!field_ion(p, f->ion, &valence)) {
        return WRONG_FIELD(l, f, "ion %s is neither known to the host nor introduced by the plugin",
                           f->ion);
    }
    if (f->role == HK_WRITE_CURRENT && (p->carries || !p->current || (p->flags & HK_ELECTRODE))) {
        return WRONG_FIELD(l, f, "it writes the current of %s, and the plugin %s%s", f->ion,
                           p->carries    ? "carries "
                           : !p->current ? "has no hook current"
                                         : "is an electrode, whose current crosses no membrane",
                           p->carries ? p->carries : "");
    }
    return HK_OK;
}

/* ---- fields */

static hk_status check_range(const struct look *l, const struct hk_field *f) {
    bool user = f->role == HK_PARAMETER || f->role == HK_GLOBAL || f->role == HK_WEIGHT;
    if (!(f->low <= f->high)) {
        return WRONG_FIELD(l, f, "its range is %g to %g", f->low, f->high);
    }
    if (isnan(f->value) && (user || field_is_list(f->role))) {
        return HK_OK;
    }
    if ((user || f->role == HK_STATE) && !field_allows(f, f->value)) {
        return f->low != 0 || f->high != 0
                   ? WRONG_FIELD(l, f, "its default is %g, not within its range, %g to %g",
                                 f->value, f->low, f->high)
                   : WRONG_FIELD(l, f, "its default is %g, not a finite number", f->value);
    }
    return HK_OK;
}

static bool writes_the_same(const struct hk_field *a, const struct hk_field *b) {
    return a->role == b->role && field_writes_ion(a->role) && !strcmp(a->ion, b->ion);
}

static hk_status check_field(const struct look *l, uint32_t i) {
    const struct hk_plugin *p = l->plugin;
    const struct hk_field *f = &p->field[i];
    if (!f->name || !is_name(f->name, DESCRIPTOR_NAME, 'a')) {
        return WRONG(l,
                     "field %u is called \"%.80s\", not a letter, then letters, digits and _, at "
                     "most %d in all",
                     i, f->name ? f->name : "", DESCRIPTOR_NAME);
    }
    if (!field_role_name(f->role)) {
        return WRONG_FIELD(l, f, "its role is %u, which is none that this host knows", f->role);
    }
    if (!field_fits(f->role, p->kind)) {
        return WRONG_FIELD(l, f, "its role is %s, and the plugin is %s", field_role_name(f->role),
                           plugin_kind_name(p->kind));
    }
    if (!is_line(f->unit) || !is_line(f->doc)) {
        return WRONG_FIELD(l, f, "%s is not one line; \"\" is good",
                           is_line(f->unit) ? "doc" : "unit");
    }
    const uint32_t widest = field_is_list(f->role) ? DESCRIPTOR_WIDTH : 1;
    if (f->width > widest) {
        return WRONG_FIELD(l, f, "its width is %u; of role %s it is at most %u", f->width,
                           field_role_name(f->role), widest);
    }
    hk_status status = check_range(l, f);
    if (status || (status = check_field_ion(l, f))) {
        return status;
    }
    for (uint32_t j = 0; j < i; j++) {
        if (!strcmp(p->field[j].name, f->name)) {
            return WRONG_FIELD(l, f, "fields %u and %u have this name", j, i);
        }
        if (writes_the_same(&p->field[j], f)) {
            return WRONG_FIELD(l, f, "%s writes the same of ion %s", p->field[j].name, f->ion);
        }
    }
    return HK_OK;
}

/* The columns stand first and are as many as the plugin's struct has members. */
static hk_status check_columns(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_field; i++) {
        if (field_is_column(p->field[i].role)) {
            if (n < i) {
                return WRONG_FIELD(
                    l, &p->field[i],
                    "its role (%s) makes it a column, and %s, of role %s, stands before it",
                    field_role_name(p->field[i].role), p->field[n].name,
                    field_role_name(p->field[n].role));
            }
            n++;
        }
    }
    return n == p->n_column
               ? HK_OK
               : WRONG(l, "its struct has %u columns, and %u of its fields are columns",
                       p->n_column, n);
}

static hk_status check_fields(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    if (p->n_field > DESCRIPTOR_FIELDS) {
        return WRONG(l, "it has %u fields; at most %d are possible", p->n_field, DESCRIPTOR_FIELDS);
    }
    if (p->n_field && !p->field) {
        return WRONG(l, "n_field is %u, and field is NULL", p->n_field);
    }
    for (uint32_t i = 0; i < p->n_field; i++) {
        hk_status status = check_field(l, i);
        if (status) {
            return status;
        }
    }
    return check_columns(l);
}

/* ---- hooks */

static hk_status check_record(const struct look *l) {
    const struct hk_record *r = l->plugin->record;
    const char *lacks = !r          ? "record"
                        : !r->open  ? "record->open"
                        : !r->write ? "record->write"
                        : !r->close ? "record->close"
                                    : NULL;
    return lacks ? WRONG(l, "it is a recorder, and %s is NULL", lacks) : HK_OK;
}

static hk_status check_needs(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    if (p->n_common > HK_COMMON) {
        return WRONG(l, "n_common is %u; at most %d are possible", p->n_common, HK_COMMON);
    }
    if (p->n_common && !p->setup) {
        return WRONG(l, "n_common is %u, and the hook setup is NULL", p->n_common);
    }
    if (p->kind == HK_CHANNEL && !p->init && !p->current && !p->advance && !p->observe) {
        return WRONG(
            l, "it is a channel, and the hooks init, current, advance and observe are all NULL");
    }
    if (p->kind == HK_POINT && !p->current && !p->receive && !p->start && !p->watch) {
        return WRONG(l,
                     "it is a point process, and the hooks current, receive, start and watch are "
                     "all NULL");
    }
    if (p->kind == HK_INPUT && !p->next) {
        return WRONG(l, "it is an input, and the hook next is NULL");
    }
    const char *why = !p->receive  ? "receive is NULL"
                      : p->start   ? "start is not NULL"
                      : p->watch   ? "watch is not NULL"
                      : p->connect ? "connect is not NULL"
                                   : NULL;
    if ((p->flags & HK_LINEAR) && why) {
        return WRONG(l, "it is HK_LINEAR, and the hook %s", why);
    }
    for (uint32_t i = 0; i < p->n_field; i++) {
        if (p->field[i].role == HK_PORT && (p->flags & HK_LINEAR)) {
            return WRONG_FIELD(l, &p->field[i], "it is a port, and the plugin is HK_LINEAR");
        }
    }
    if (!p->receive && (p->connect || (p->flags & HK_CONNECTIONS))) {
        return WRONG(l, "it asks for connections, and the hook receive is NULL");
    }
    for (uint32_t i = 0; i < p->n_field; i++) {
        if (p->field[i].role == HK_WEIGHT && !p->receive) {
            return WRONG_FIELD(l, &p->field[i], "it is a weight, and the hook receive is NULL");
        }
        if (p->field[i].role == HK_OBSERVED && !p->observe) {
            return WRONG_FIELD(l, &p->field[i], "it is observed, and the hook observe is NULL");
        }
    }
    return p->kind == HK_RECORDER ? check_record(l) : HK_OK;
}

static hk_status check_hooks(const struct look *l) {
    const struct hk_plugin *p = l->plugin;
    enum { C = 1 << HK_CHANNEL, P = 1 << HK_POINT, I = 1 << HK_INPUT, R = 1 << HK_RECORDER };
    const struct {
        const char *name;
        bool is;
        int kinds;
    } hooks[] = {{"setup", p->setup, C | P | I}, {"init", p->init, C | P | I},
                 {"current", p->current, C | P}, {"advance", p->advance, C | P},
                 {"start", p->start, P},         {"receive", p->receive, P},
                 {"next", p->next, I},           {"check", p->check, C | P | I},
                 {"record", p->record, R},       {"observe", p->observe, C | P},
                 {"watch", p->watch, P},         {"connect", p->connect, P}};
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
        if (hooks[i].is && !(hooks[i].kinds >> p->kind & 1)) {
            return WRONG(l, "it has the hook %s, and %s has none", hooks[i].name,
                         plugin_kind_name(p->kind));
        }
    }
    return check_needs(l);
}

hk_status descriptor_head(hk_context *ctx, const char *file, const struct hk_plugin *plugin,
                          uint64_t size) {
    return check_version(&(struct look){ctx, file, plugin}, size);
}

hk_status descriptor_check(hk_context *ctx, const char *file, const struct hk_plugin *plugin,
                           uint64_t size) {
    static hk_status (*const part[])(const struct look *) = {check_head, check_ions, check_fields,
                                                             check_hooks};
    struct look look = {ctx, file, plugin};
    hk_status status = check_version(&look, size);
    for (size_t i = 0; !status && i < sizeof part / sizeof part[0]; i++) {
        status = part[i](&look);
    }
    return status;
}
