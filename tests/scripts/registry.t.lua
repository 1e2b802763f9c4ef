-- SPDX-License-Identifier: BSD-3-Clause
-- Plugins as scripts see them: described, listed, loaded from files and folders; what is refused.

local tap = require "tap"
local hk = require "hillock"

local pas = hk.plugin "pas"
tap.is(pas.name, "pas", "a plugin's name")
tap.is(pas.kind, "channel", "its kind")
tap.is(#pas.hash, 64, "its hash")
tap.ok(pas.path:find("pas%.so$"), "its file")
local fields = {}
for _, field in ipairs(pas.fields) do
    fields[field.name] = field
end
tap.is(fields.g.unit, "S/cm2", "a field's unit")
tap.is(fields.g.role, "parameter", "its role")
tap.ok(fields.g.default and fields.g.low and fields.g.doc, "its default, range and line")
tap.is(hk.plugin("Poisson").fields[#hk.plugin("Poisson").fields].width, 3, "a list's width")

local names, sorted, before = {}, true, ""
for _, plugin in ipairs(hk.plugins()) do
    names[plugin.name] = plugin.kind
    sorted, before = sorted and before < plugin.name, plugin.name
end
tap.is(names.ExpSyn, "point", "point processes are listed")
tap.is(names.NetStim, "input", "inputs")
tap.is(names.csv, "recorder", "recorders")
tap.ok(sorted, "by name")
tap.ok(#hk.plugin_folders() > 0, "the folders that are searched")

tap.throws(function() hk.plugin "ExpSin" end, { "registry.t.lua:", "ExpSin", "ExpSyn" },
    "no such plugin")
tap.throws(function() hk.plugin(3) end, "plugin: name", "a number for a name")
tap.throws(function() hk.plugin_folder "/no/such/folder" end, "/no/such/folder", "no such folder")
tap.throws(function() hk.load "/no/such/file.so" end, "/no/such/file.so", "no such file")
tap.throws(function() hk.load "/no/such/folder" end, "No such file", "no such folder of sources")

local folder = os.tmpname()
os.remove(folder)
assert(os.execute("mkdir " .. folder))
tap.throws(function() hk.load(folder) end, "no C or MOD file", "an empty folder")
local function write(name, text)
    local file <close> = assert(io.open(folder .. "/" .. name, "w"))
    file:write(text)
    return folder .. "/" .. name
end
local text = write("text.so", "this is no shared object")
tap.throws(function() hk.load(text) end, "text.so", "a file that is no shared object")
tap.throws(function() hk.load(write("bad.c", "int x = y;\n")) end, { "bad.c:1", "y" },
    "a source that does not compile")
os.remove(folder .. "/bad.c")
write("drip.c", [[
#include "hillock/plugin.h"
struct drip { hk_col g; };
static const struct hk_field drip_fields[] = {
    {"g", HK_PARAMETER, "S/cm2", 1e-4, 0, HK_INF, "conductance", NULL, 0},
};
HK_KERNEL(drip, current) {
    HK_EACH(k, b) {
        b->i[k] += c->g[k] * (b->v[k] + 60);
        b->g[k] += c->g[k];
    }
}
HK_PLUGIN(drip) = {HK_HEADER(drip, HK_CHANNEL, "Drip", "a leak"), HK_FIELDS(drip, drip_fields),
                   .current = drip_current_hook};
]])
local good, loaded = pcall(hk.load, folder)
if good then
    tap.is(#loaded, 1, "a folder's sources are compiled and loaded")
    tap.is(loaded[1].name, "Drip", "and described")
    local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert "Drip"
    local net <close> = hk.network()
    net:record("v", { net:population("A", 1, cell), at = "soma(0.5)" })
    tap.near(net:run(200):trace(1)[8001], -60, 1e-4, "and work")
    tap.is(hk.map({ 1 }, function() return hk.version end)[1], hk.version, "threads go on")
else
    tap.ok(false, loaded)
end
os.execute("rm -r " .. folder)
tap.done()
