/* SPDX-License-Identifier: BSD-3-Clause */
#include "registry.h"
#include "context.h"
#include "elf.h"
#include "error.h"
#include "field.h"
#include "folders.h"
#include "hash.h"
#include "loader.h"
#include "names.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was loaded, once a content. It stays to the end: cell types and networks point to it. */
struct record {
    struct loaded loaded;
    char *path;
    char hash[65];
    uint32_t order; /* of the last hk_plugin_load of it, from 1; 0: it came from folders alone */
};

struct folder {
    char *path;
    bool complete; /* all its files have been tried */
    uint32_t n;
    uint32_t *record; /* [n] what its files hold */
};

/* A name means the record of it that was loaded by hk_plugin_load last, or else that of the first
 * folder that has one. */
struct registry {
    uint32_t n, n_folder, order, n_view, n_bad;
    struct record **record;
    struct folder *folder;
    uint32_t *view; /* [n_view] what names mean, by name */
    bool stale;     /* the view is */
    char *text;     /* of hk_plugin_folders */
    char *bad;      /* why the first of n_bad files of the last scan is no good */
};

static const struct hk_plugin *plugin_of(const struct registry *r, uint32_t record) {
    return r->record[record]->loaded.plugin;
}

/* ---- its beginning and end */

static void folder_drop(struct folder *f) {
    free(f->path);
    free(f->record);
}

static bool folder_insert(struct registry *r, uint32_t at, const char *path) {
    char *absolute = realpath(path, NULL);
    char *copy = absolute ? absolute : strdup(path);
    struct folder *more = copy ? realloc(r->folder, (r->n_folder + 1) * sizeof *more) : NULL;
    if (!more) {
        free(copy);
        return false;
    }
    r->folder = more;
    memmove(more + at + 1, more + at, (r->n_folder - at) * sizeof *more);
    more[at] = (struct folder){.path = copy};
    r->n_folder++;
    r->stale = true;
    return true;
}

/* Those of the environment variable, then the library's. */
static bool usual_folders(struct registry *r) {
    const char *list = getenv("HILLOCK_PLUGINS");
    char *copy = strdup(list ? list : ""), *rest = NULL;
    bool fine = copy != NULL;
    for (char *item = fine ? strtok_r(copy, ":", &rest) : NULL; fine && item;
         item = strtok_r(NULL, ":", &rest)) {
        fine = folder_insert(r, r->n_folder, item);
    }
    free(copy);
    char *library = fine ? folder_library() : NULL;
    fine = library && folder_insert(r, r->n_folder, library);
    free(library);
    return fine;
}

static hk_status registry_open(hk_context *ctx, struct registry **out) {
    if (!ctx->registry) {
        struct registry *r = calloc(1, sizeof *r);
        if (!r || !usual_folders(r)) {
            registry_free(r);
            return fail_memory(ctx, "the registry of plugins");
        }
        ctx->registry = r;
    }
    *out = ctx->registry;
    return HK_OK;
}

static void record_free(struct record *record) {
    loader_close(&record->loaded);
    free(record->path);
    free(record);
}

void registry_free(struct registry *r) {
    if (!r) {
        return;
    }
    for (uint32_t i = 0; i < r->n; i++) {
        record_free(r->record[i]);
    }
    for (uint32_t i = 0; i < r->n_folder; i++) {
        folder_drop(&r->folder[i]);
    }
    free(r->record);
    free(r->folder);
    free(r->view);
    free(r->text);
    free(r->bad);
    free(r);
}

/* ---- what names mean */

static uint32_t in_folder(const struct registry *r, const struct folder *f, const char *name) {
    for (uint32_t i = 0; i < f->n; i++) {
        if (!strcmp(plugin_of(r, f->record[i])->name, name)) {
            return f->record[i];
        }
    }
    return HK_NONE;
}

static uint32_t loaded_by_hand(const struct registry *r, const char *name) {
    uint32_t best = HK_NONE;
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->record[i]->order && !strcmp(plugin_of(r, i)->name, name) &&
            (best == HK_NONE || r->record[i]->order > r->record[best]->order)) {
            best = i;
        }
    }
    return best;
}

static uint32_t meaning(const struct registry *r, const char *name) {
    uint32_t found = loaded_by_hand(r, name);
    for (uint32_t i = 0; found == HK_NONE && i < r->n_folder; i++) {
        found = in_folder(r, &r->folder[i], name);
    }
    return found;
}

static hk_status refresh_view(hk_context *ctx, struct registry *r) {
    if (!r->stale) {
        return HK_OK;
    }
    uint32_t *view = realloc(r->view, (r->n + 1) * sizeof *view);
    if (!view) {
        return fail_memory(ctx, "the list of plugins");
    }
    r->view = view;
    r->n_view = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        const char *name = plugin_of(r, i)->name;
        if (meaning(r, name) == i) {
            uint32_t at = r->n_view++;
            for (; at && strcmp(plugin_of(r, view[at - 1])->name, name) > 0; at--) {
                view[at] = view[at - 1];
            }
            view[at] = i;
        }
    }
    r->stale = false;
    return HK_OK;
}

/* ---- one file */

static uint32_t by_hash(const struct registry *r, const char *hash) {
    for (uint32_t i = 0; i < r->n; i++) {
        if (!strcmp(r->record[i]->hash, hash)) {
            return i;
        }
    }
    return HK_NONE;
}

/* An ion that plugins introduce has one valence, whatever else they disagree on. */
static hk_status check_valences(hk_context *ctx, struct registry *r, const char *file,
                                const struct hk_plugin *plugin) {
    hk_status status = plugin->n_ion ? refresh_view(ctx, r) : HK_OK;
    for (uint32_t i = 0; !status && plugin->n_ion && i < r->n_view; i++) {
        const struct hk_plugin *other = plugin_of(r, r->view[i]);
        for (uint32_t k = 0;
             strcmp(other->name, plugin->name) != 0 && k < other->n_ion * plugin->n_ion; k++) {
            const struct hk_ion *a = &plugin->ion[k / other->n_ion],
                                *b = &other->ion[k % other->n_ion];
            if (!strcmp(a->name, b->name) && a->valence != b->valence) {
                return fail(ctx, HK_PLUGIN,
                            "%s: plugin %s: ion %s has valence %d; plugin %s (%s) gives it %d",
                            file, plugin->name, a->name, a->valence, other->name,
                            r->record[r->view[i]]->path, b->valence);
            }
        }
    }
    return status;
}

static hk_status keep(hk_context *ctx, struct registry *r, const char *file, uint64_t size,
                      struct record *record, uint32_t *out) {
    hk_status status = loader_open(ctx, file, record->path, size, &record->loaded);
    if (status || (status = check_valences(ctx, r, file, record->loaded.plugin))) {
        return status;
    }
    struct record **more = realloc(r->record, (r->n + 1) * sizeof(struct record *));
    if (!more) {
        return fail_memory(ctx, "a plugin");
    }
    r->record = more;
    r->record[r->n] = record;
    *out = r->n++;
    r->stale = true;
    return HK_OK;
}

/* The record of what the file holds now. */
static hk_status load(hk_context *ctx, struct registry *r, const char *file, uint32_t *out) {
    struct record *record = calloc(1, sizeof *record);
    if (!record) {
        return fail_memory(ctx, "a plugin");
    }
    record->loaded.copy = -1;
    record->path = realpath(file, NULL);
    hk_status status = HK_OK;
    uint64_t size;
    if (!record->path) {
        status = errno == ENOMEM ? fail_memory(ctx, "a plugin")
                                 : fail(ctx, HK_FILE, "%s: %s", file, strerror(errno));
    } else if (!(status = elf_check(ctx, file, "hk_plugin", &size)) &&
               !(status = hash_file(ctx, record->path, record->hash))) {
        *out = by_hash(r, record->hash);
        if (*out == HK_NONE && !(status = keep(ctx, r, file, size, record, out))) {
            return HK_OK;
        }
    }
    record_free(record);
    return status;
}

/* ---- folders */

static bool has_record(const struct folder *f, uint32_t record) {
    for (uint32_t i = 0; i < f->n; i++) {
        if (f->record[i] == record) {
            return true;
        }
    }
    return false;
}

static hk_status folder_keep(hk_context *ctx, struct registry *r, struct folder *f,
                             uint32_t record) {
    uint32_t *more = has_record(f, record) ? NULL : realloc(f->record, (f->n + 1) * sizeof *more);
    if (more) {
        f->record = more;
        f->record[f->n++] = record;
        r->stale = true;
    }
    return has_record(f, record) ? HK_OK : fail_memory(ctx, "a folder's plugins");
}

/* Tries the folder's files called `stem` (NULL: all of them), and passes over what is no good or,
 * of those called so, fails. */
static hk_status folder_load(hk_context *ctx, struct registry *r, struct folder *f,
                             const char *stem) {
    struct folder_files files;
    hk_status status = folder_files(ctx, f->path, stem, &files);
    for (uint32_t i = 0; !status && i < files.n; i++) {
        uint32_t record;
        status = load(ctx, r, files.path[i], &record);
        if (!status) {
            status = folder_keep(ctx, r, f, record);
        } else if (!stem && status != HK_NO_MEMORY) {
            if (r->n_bad++ == 0) {
                free(r->bad);
                r->bad = strdup(hk_message(ctx));
            }
            status = HK_OK;
        }
    }
    folder_files_free(&files);
    f->complete = f->complete || (!status && !stem);
    return status;
}

/* All that the folders hold now. */
static hk_status scan(hk_context *ctx, struct registry *r) {
    hk_status status = HK_OK;
    r->n_bad = 0;
    for (uint32_t i = 0; !status && i < r->n_folder; i++) {
        r->folder[i].n = 0;
        r->stale = true;
        status = folder_load(ctx, r, &r->folder[i], NULL);
    }
    return status;
}

/* A folder that lacks the name is looked through as a whole before the next one is: any file may
 * hold any name. */
static hk_status look_in_folders(hk_context *ctx, struct registry *r, const char *name,
                                 uint32_t *out) {
    *out = HK_NONE;
    for (uint32_t i = 0; i < r->n_folder && *out == HK_NONE; i++) {
        struct folder *f = &r->folder[i];
        *out = in_folder(r, f, name);
        hk_status status = HK_OK;
        if (*out == HK_NONE && !(status = folder_load(ctx, r, f, name))) {
            *out = in_folder(r, f, name);
        }
        if (*out == HK_NONE && !status && !f->complete) {
            status = folder_load(ctx, r, f, NULL);
            *out = in_folder(r, f, name);
        }
        if (status) {
            return status;
        }
    }
    return HK_OK;
}

hk_status hk_plugin_folder(hk_context *ctx, const char *folder) {
    struct registry *r;
    hk_status status = registry_open(ctx, &r);
    if (status) {
        return status;
    }
    if (!folder || !folder_is(folder)) {
        return fail(ctx, HK_NOT_FOUND, "%s: no folder", folder ? folder : "NULL");
    }
    if (!folder_insert(r, 0, folder)) {
        return fail_memory(ctx, "a folder of plugins");
    }
    for (uint32_t i = 1; i < r->n_folder; i++) { /* it was known: it comes to the front */
        if (!strcmp(r->folder[i].path, r->folder[0].path)) {
            folder_drop(&r->folder[i]);
            memmove(r->folder + i, r->folder + i + 1, (--r->n_folder - i) * sizeof *r->folder);
        }
    }
    return HK_OK;
}

const char *hk_plugin_folders(hk_context *ctx) {
    struct registry *r;
    if (registry_open(ctx, &r)) {
        return "";
    }
    size_t room = 1, used = 0;
    for (uint32_t i = 0; i < r->n_folder; i++) {
        room += strlen(r->folder[i].path) + 1;
    }
    char *text = realloc(r->text, room);
    if (!text) {
        return "";
    }
    r->text = text;
    *text = 0;
    for (uint32_t i = 0; i < r->n_folder; i++) {
        used += (size_t)sprintf(text + used, "%s%s", i ? "\n" : "", r->folder[i].path);
    }
    return text;
}

/* ---- what others ask */

hk_status hk_plugin_load(hk_context *ctx, const char *file, const struct hk_plugin **out) {
    struct registry *r;
    uint32_t record;
    *out = NULL;
    hk_status status = file ? registry_open(ctx, &r)
                            : fail(ctx, HK_INVALID, "the name of a plugin's file is missing");
    if (status || (status = load(ctx, r, file, &record))) {
        return status;
    }
    r->record[record]->order = ++r->order;
    r->stale = true;
    *out = plugin_of(r, record);
    return HK_OK;
}

static const char *noun(uint32_t kind) {
    static const char *const name[] = {"plugin", "channel", "point process", "input", "recorder"};
    return kind <= HK_RECORDER ? name[kind] : name[0];
}

static hk_status not_found(hk_context *ctx, struct registry *r, const char *name, uint32_t kind) {
    hk_status status = refresh_view(ctx, r);
    const char **known = status ? NULL : malloc((r->n_view + r->n_folder + 1) * sizeof *known);
    if (!known) {
        return status ? status : fail_memory(ctx, "the list of plugins");
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_view; i++) {
        if (!kind || plugin_of(r, r->view[i])->kind == kind) {
            known[n++] = plugin_of(r, r->view[i])->name;
        }
    }
    const char *nearest = names_nearest(name, n, known);
    for (uint32_t i = 0; i < r->n_folder; i++) {
        known[i] = r->folder[i].path;
    }
    char room[NAMES_ROOM], passed[64] = "";
    if (r->n_bad) {
        snprintf(passed, sizeof passed, "; %u file%s passed over, the first: ", r->n_bad,
                 r->n_bad == 1 ? "" : "s");
    }
    status = fail(ctx, HK_NOT_FOUND, "there is no %s \"%s\"%s%s%s; searched: %s%s%s", noun(kind),
                  name, nearest ? "; nearest: \"" : "", nearest ? nearest : "", nearest ? "\"" : "",
                  names_list(room, r->n_folder, known), passed, r->n_bad && r->bad ? r->bad : "");
    free(known);
    return status;
}

hk_status hk_plugin_find(hk_context *ctx, const char *name, uint32_t kind,
                         const struct hk_plugin **out) {
    struct registry *r;
    *out = NULL;
    hk_status status =
        name ? registry_open(ctx, &r) : fail(ctx, HK_INVALID, "a plugin's name is missing");
    if (status) {
        return status;
    }
    bool is_file = strchr(name, '/') != NULL;
    uint32_t found = is_file ? HK_NONE : loaded_by_hand(r, name);
    if (is_file && (status = load(ctx, r, name, &found))) {
        return status;
    }
    if (found == HK_NONE && (status = look_in_folders(ctx, r, name, &found))) {
        return status;
    }
    if (found == HK_NONE) { /* files may have come since the folders were looked through */
        if ((status = scan(ctx, r))) {
            return status;
        }
        found = meaning(r, name);
    }
    if (found == HK_NONE) {
        return not_found(ctx, r, name, kind);
    }
    if (kind && plugin_of(r, found)->kind != kind) {
        return fail(ctx, HK_INVALID, "%s is %s, not a%s %s", name,
                    plugin_kind_name(plugin_of(r, found)->kind), kind == HK_INPUT ? "n" : "",
                    noun(kind));
    }
    *out = plugin_of(r, found);
    return HK_OK;
}

hk_status hk_plugin_scan(hk_context *ctx, uint32_t *count) {
    struct registry *r;
    *count = 0;
    hk_status status = registry_open(ctx, &r);
    if (status || (status = scan(ctx, r)) || (status = refresh_view(ctx, r))) {
        return status;
    }
    *count = r->n_view;
    return HK_OK;
}

static struct hk_plugin_info describe(const struct record *record) {
    return (struct hk_plugin_info){record->loaded.plugin, record->path, record->hash};
}

hk_status hk_plugin_get(hk_context *ctx, uint32_t i, struct hk_plugin_info *out) {
    struct registry *r;
    *out = (struct hk_plugin_info){0};
    hk_status status = registry_open(ctx, &r);
    if (status || (status = refresh_view(ctx, r))) {
        return status;
    }
    if (i >= r->n_view) {
        return fail(ctx, HK_NOT_FOUND, "there is no plugin %u: %u are loaded, counted from 0", i,
                    r->n_view);
    }
    *out = describe(r->record[r->view[i]]);
    return HK_OK;
}

hk_status hk_plugin_about(hk_context *ctx, const struct hk_plugin *plugin,
                          struct hk_plugin_info *out) {
    const struct registry *r = ctx->registry;
    for (uint32_t i = 0; r && i < r->n; i++) {
        if (plugin_of(r, i) == plugin) {
            *out = describe(r->record[i]);
            return HK_OK;
        }
    }
    *out = (struct hk_plugin_info){0};
    return fail(ctx, HK_NOT_FOUND, "this context has not loaded plugin %s", plugin->name);
}

hk_status registry_check_rounding(hk_context *ctx, const struct hk_plugin *plugin) {
    /* (1 + e)(1 - e) = 1 - e^2 rounds to 1 */
    double e = 0x1p-27, got = plugin->rounding(1 + e, 1 - e, -1);
    if (got == 0) {
        return HK_OK;
    }
    struct hk_plugin_info info;
    const char *file = hk_plugin_about(ctx, plugin, &info) ? "a file" : info.path;
    return fail(ctx, HK_PLUGIN,
                "%s: plugin %s computes a * b + c as %a where %a is right: it rounds once, and its "
                "results would depend on the "
                "compiler; compile it with -ffp-contract=off",
                file, plugin->name, got, 0.0);
}
