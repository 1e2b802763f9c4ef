/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_plugins: the plugins of the context, described as tables. */
#include "bind.h"
#include "hillock/plugin.h"
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const kind_name[] = {"any", "channel", "point", "input", "recorder", NULL};

static const char *role_name(uint32_t role) {
    switch (role) {
    case HK_PARAMETER: return "parameter";
    case HK_STATE: return "state";
    case HK_ASSIGNED: return "assigned";
    case HK_DERIVED: return "derived";
    case HK_REVERSAL: return "reversal";
    case HK_INSIDE: return "inside";
    case HK_OUTSIDE: return "outside";
    case HK_ION_CURRENT: return "ion current";
    case HK_WRITE_INSIDE: return "writes inside";
    case HK_WRITE_OUTSIDE: return "writes outside";
    case HK_WRITE_CURRENT: return "writes current";
    case HK_DIAMETER: return "diameter";
    case HK_AREA: return "area";
    case HK_GLOBAL: return "global";
    case HK_WEIGHT: return "weight";
    case HK_LIST: return "list";
    case HK_TABLE: return "table";
    case HK_OBSERVED: return "observed";
    case HK_WRITE_REVERSAL: return "writes reversal";
    default: return "unknown";
    }
}

static void set_flag(lua_State *L, const char *key, bool value) {
    lua_pushboolean(L, value);
    lua_setfield(L, -2, key);
}

static void push_field(lua_State *L, const struct hk_field *field) {
    lua_createtable(L, 0, 9);
    bind_set_text(L, "name", field->name);
    bind_set_text(L, "role", role_name(field->role));
    bind_set_text(L, "unit", field->unit);
    bind_set_text(L, "doc", field->doc);
    bind_set_text(L, "ion", field->ion);
    if (!isnan(field->value))
        bind_set_real(L, "default", field->value);
    if (field->low < field->high) {
        bind_set_real(L, "low", field->low);
        bind_set_real(L, "high", field->high);
    }
    if (field->role == HK_LIST || field->role == HK_TABLE) {
        lua_pushinteger(L, field->width ? field->width : 1);
        lua_setfield(L, -2, "width");
    }
}

void bind_push_plugin(lua_State *L, const struct hk_plugin *plugin) {
    lua_createtable(L, 0, 12);
    bind_set_text(L, "name", plugin->name);
    bind_set_text(L, "doc", plugin->doc);
    bind_set_text(L, "kind", plugin->kind <= HK_RECORDER ? kind_name[plugin->kind] : "unknown");
    bind_set_text(L, "carries", plugin->carries);
    set_flag(L, "linear", plugin->flags & HK_LINEAR);
    set_flag(L, "electrode", plugin->flags & HK_ELECTRODE);
    set_flag(L, "celsius", plugin->flags & HK_CELSIUS);
    set_flag(L, "random", plugin->flags & HK_RANDOM);
    lua_createtable(L, (int)plugin->n_field, 0);
    for (uint32_t i = 0; i < plugin->n_field; i++) {
        push_field(L, &plugin->field[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "fields");
}

/* Adds file and hash to the description at the top, where the registry has them. */
static void add_file(lua_State *L, const struct hk_plugin *plugin) {
    hk_context *ctx = bind_world(L)->ctx;
    struct hk_plugin_info info;
    if (hk_plugin_about(ctx, plugin, &info) == HK_OK) {
        bind_set_text(L, "path", info.path);
        bind_set_text(L, "hash", info.hash);
    }
}

/* plugin_load(file): the description of what was loaded. */
static int plugin_load(lua_State *L) {
    const char *file = bind_text(L, 1, "load: file");
    const struct hk_plugin *plugin = NULL;
    bind_check(L, hk_plugin_load(bind_world(L)->ctx, file, &plugin));
    bind_push_plugin(L, plugin);
    add_file(L, plugin);
    return 1;
}

static uint32_t kind_of(lua_State *L, int arg) {
    const char *name = bind_optional_text(L, arg, "plugin: kind");
    for (uint32_t k = 0; name && kind_name[k]; k++)
        if (strcmp(name, kind_name[k]) == 0)
            return k;
    if (name)
        bind_fail(L,
                  "plugin: no kind is called '%.60s'; there are channel, point, input and recorder",
                  name);
    return 0;
}

/* plugin_find(name [, kind]) */
static int plugin_find(lua_State *L) {
    const struct hk_plugin *plugin = NULL;
    const char *name = bind_text(L, 1, "plugin: name");
    bind_check(L, hk_plugin_find(bind_world(L)->ctx, name, kind_of(L, 2), &plugin));
    bind_push_plugin(L, plugin);
    add_file(L, plugin);
    return 1;
}

/* plugin_list(): descriptions of all that the folders hold, by name. */
static int plugin_list(lua_State *L) {
    hk_context *ctx = bind_world(L)->ctx;
    uint32_t n = 0;
    bind_check(L, hk_plugin_scan(ctx, &n));
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        struct hk_plugin_info info;
        bind_check(L, hk_plugin_get(ctx, i, &info));
        bind_push_plugin(L, info.plugin);
        bind_set_text(L, "path", info.path);
        bind_set_text(L, "hash", info.hash);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int plugin_folder(lua_State *L) {
    bind_check(L, hk_plugin_folder(bind_world(L)->ctx, bind_text(L, 1, "plugin_folder: folder")));
    return 0;
}

/* plugin_folders(): the folders, one a line. */
static int plugin_folders(lua_State *L) {
    lua_pushstring(L, hk_plugin_folders(bind_world(L)->ctx));
    return 1;
}

/* files(folder): the names in it, in no order */
static int files(lua_State *L) {
    const char *folder = bind_text(L, 1, "load: folder");
    lua_newtable(L);
    DIR *dir = opendir(folder);
    if (!dir)
        return bind_fail(L, "load: %s: %s", folder, strerror(errno));
    const struct dirent *entry;
    for (lua_Integer n = 1; (entry = readdir(dir)) != NULL; n++) {
        lua_pushstring(L, entry->d_name);
        lua_rawseti(L, -2, n);
    }
    closedir(dir);
    return 1;
}

void bind_open_plugins(lua_State *L) {
    static const luaL_Reg functions[] = {{"plugin_load", plugin_load},
                                         {"plugin_find", plugin_find},
                                         {"plugin_list", plugin_list},
                                         {"plugin_folder", plugin_folder},
                                         {"plugin_folders", plugin_folders},
                                         {"files", files},
                                         {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}
