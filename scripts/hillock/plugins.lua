-- SPDX-License-Identifier: BSD-3-Clause
-- plugins: what can be inserted, put on cells, driven with and recorded to.

local core = require "hillock.core"
local keys = require "hillock.keys"

local plugins = {}

--- Loads a plugin from a .so file; a .c or .mod file or a folder of them is compiled first.
---@param path string
---@return table its description
function plugins.load(path)
    keys.value("load: path", path, "string")
    if not path:match("%.so$") then
        path = require("hillock.compile").file(path)
    end
    return core.plugin_load(path)
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
