-- SPDX-License-Identifier: BSD-3-Clause
-- plugins: what can be inserted, put on cells, driven with and recorded to.

local core = require "hillock.core"
local keys = require "hillock.keys"

local plugins = {}

local function load_one(path)
    if path:match("%.c$") then
        path = require("hillock.compile").file(path)
    end
    return core.plugin_load(path)
end

--- Loads a plugin from a .so file, or from a .c file, which is compiled first; or all of a folder's
--- .c files.
---@param path string
---@return table description its description, or the list of all
function plugins.load(path)
    keys.value("load: path", path, "string")
    if path:match("%.so$") or path:match("%.c$") then
        return load_one(path)
    end
    local names, list = core.files(path), {}
    table.sort(names)
    for _, name in ipairs(names) do
        if name:match("%.c$") then
            list[#list + 1] = load_one(path .. "/" .. name)
        end
    end
    if #list == 0 then
        keys.fail("load: %s: no C file is in this folder", path)
    end
    return list
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
