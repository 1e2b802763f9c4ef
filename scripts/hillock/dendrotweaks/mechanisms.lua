-- SPDX-License-Identifier: BSD-3-Clause
-- mechanisms: where a model's mechanisms come from: MOD files in its folder biophys/mod, which no
-- other model sees, else hillock's plugins.

local compile = require "hillock.compile"
local core = require "hillock.core"
local files = require "hillock.files"
local folder = require "hillock.dendrotweaks.folder"
local keys = require "hillock.keys"
local track = require "hillock.track"
local translate = require "hillock.translate"

local mechanisms = {}

--- What the MOD files that come with DendroTweaks give where a model says nothing; those plugins of
--- hillock's that have the same names have others.
mechanisms.defaults = {
    Leak = { gbar = 0, e = -70 },
    CaDyn = { depth = 0.1, taur = 700, cainf = 1e-8, gamma = 1, kt = 1, kd = 5e-4 },
}

-- The plugin of hillock's of that name and kind, or nil.
local function own(name, kind)
    local found, plugin = pcall(core.plugin_find, name, kind)
    return found and plugin or nil
end

-- Why a name is not known.
local function not_found(mods, name, kind)
    local names = folder.names(mods, { ".mod" })
    for _, plugin in ipairs(core.plugin_list()) do
        if plugin.kind == kind then
            names[#names + 1] = plugin.name
        end
    end
    local near = keys.nearest(name, names)
    return ("there is no mechanism '%s'%s; searched: %s/%s.mod and hillock's plugins in %s"):format(
        name, near and (": did you mean '%s'?"):format(near) or "", mods, name,
        (core.plugin_folders():gsub("\n", ", ")))
end

--- The mechanisms by their names: { plugin = description, insert = what region:insert and specs
--- take, source = path of the MOD file, or nil }. Warnings about units in MOD files are not shown.
---@param mods string the folder of MOD files
---@param names string[]
---@param kind string "channel" or "point"
---@param fail function(name, message) of what is not there
function mechanisms.load(mods, names, kind, fail)
    local made, sources, of = {}, {}, {}
    for _, name in ipairs(names) do
        local path = ("%s/%s.mod"):format(mods, name)
        if files.exists(path) then
            sources[#sources + 1], of[path] = path, name
        else
            made[name] = { insert = name,
                plugin = own(name, kind) or fail(name, not_found(mods, name, kind)) }
        end
    end
    local wrong = {}
    compile.all(sources, { suffix = true }, function(source, plugin, message)
        if not plugin then
            wrong[#wrong + 1] = message
            return
        end
        track.plugin(plugin.path, source, plugin.includes)
        made[of[source]] = { insert = plugin.path, source = source,
            plugin = core.plugin_find(plugin.path) }
    end)
    if #wrong > 0 then
        keys.fail("%s", table.concat(wrong, "\n"))
    end
    return made
end

--- The text of a MOD file with the name of the file for its mechanism.
function mechanisms.text(path)
    return translate.renamed(assert(files.read(path)), path:match "([^/]+)%.mod$")
end

--- Whether a mechanism has to do with an ion.
function mechanisms.uses(plugin, ion)
    if plugin.carries == ion then
        return true
    end
    for _, field in ipairs(plugin.fields) do
        if field.ion == ion then
            return true
        end
    end
    return false
end

--- Whether a field of a mechanism can be set.
function mechanisms.is_settable(plugin, name)
    for _, field in ipairs(plugin.fields) do
        if field.name == name then
            return field.role == "parameter" or field.role == "global"
        end
    end
    return false
end

return mechanisms
