-- SPDX-License-Identifier: BSD-3-Clause
-- plugins: what can be inserted, put on cells, driven with and recorded to.

local core = require "hillock.core"
local keys = require "hillock.keys"
local track = require "hillock.track"

local plugins = {}

-- Which files of these are to be compiled: paths; nil where `path` is no folder.
local function sources(path)
    if path:match "%.c$" or path:match "%.mod$" then
        return { path }
    end
    local names = require "hillock.compile".sources(core.files(path))
    for i, name in ipairs(names) do
        names[i] = path:gsub("(.)/+$", "%1") .. "/" .. name
    end
    if #names == 0 then
        keys.fail("load: %s: no C or MOD file is in this folder", path)
    end
    return names
end

-- Compiles all. The paths of the plugins, by their places in the list.
local function compile(list, options)
    local paths, wrong = {}, {}
    require "hillock.compile".all(list, { strict = options.strict }, function(source, made, message)
        if not made then
            wrong[#wrong + 1] = message
            return
        end
        paths[#paths + 1] = made.path
        track.plugin(made.path, source, made.includes)
        if made.changed and not options.quiet then
            for _, text in ipairs(made.messages) do
                io.stderr:write(text, "\n")
            end
        end
    end)
    if #wrong > 0 then
        keys.fail("%s", table.concat(wrong, "\n"))
    end
    return paths
end

-- The plugin in a file; its name goes on meaning what it meant.
local function by_path(path)
    return core.plugin_find(path:find("/", 1, true) and path or "./" .. path)
end

--- Loads a plugin from a .so file, or from a .c or a .mod file, which is compiled first; or from
--- all .c and .mod files of a folder, which are compiled several at once.
---@param path string
---@param options? table { strict =, quiet =, private = }. Of MOD files: strict: warnings about
--- units are errors; quiet: warnings are not shown (else they are when a file is compiled, on
--- standard error). private: names go on meaning what they meant; what is loaded is used by its
--- path
---@return table description its description, or of a folder the list of all
function plugins.load(path, options)
    keys.value("load: path", path, "string")
    options = keys.check("load", options or {},
        { strict = "boolean", quiet = "boolean", private = "boolean" })
    local open = options.private and by_path or core.plugin_load
    if path:match "%.so$" then
        return open(path)
    end
    local list = sources(path)
    local descriptions, first = {}, {}
    for i, file in ipairs(compile(list, options)) do
        local plugin = open(file)
        local other = first[plugin.name]
        if other then
            keys.fail("load: %s: its mechanism is called '%s', as that of %s is: each needs a name "
                .. "of its own", list[i], plugin.name, other)
        end
        first[plugin.name], descriptions[i] = list[i], plugin
    end
    return list[1] == path and descriptions[1] or descriptions
end

--- The description of a plugin: name, kind, doc, path, hash, fields.
---@param name string
function plugins.plugin(name)
    return core.plugin_find(keys.value("plugin: name", name, "string"))
end

--- The descriptions of all plugins in the folders, by name.
---@return table[]
function plugins.plugins()
    return core.plugin_list()
end

--- Adds a folder in front of those that are searched for plugins.
---@param path string
function plugins.plugin_folder(path)
    core.plugin_folder(keys.value("plugin_folder: path", path, "string"))
end

--- The folders that are searched, first one first.
---@return string[]
function plugins.plugin_folders()
    local list = {}
    for line in core.plugin_folders():gmatch("[^\n]+") do
        list[#list + 1] = line
    end
    return list
end

return plugins
