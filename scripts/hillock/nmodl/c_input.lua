-- SPDX-License-Identifier: BSD-3-Clause
-- c_input: the C of an input for a MOD file that is NEURON's VecStim or NetStim: hillock's own one
-- of the same fields, under the file's name.

local core = require "hillock.core"

local c_input = {}

local own = { vecstim = "SpikeArray", netstim = "NetStim" }

local function read(path)
    local file = io.open(path, "rb")
    local text = file and file:read "a"
    if file then
        file:close()
    end
    return text
end

--- The C source of the input, and the path of what it was made of; nil and why not.
---@param idiom string "vecstim" or "netstim"
---@param name string of the mechanism
function c_input.source(idiom, name)
    local plugin = own[idiom]
    local found, info = pcall(core.plugin_find, plugin, "input")
    local path = found and info.path:gsub("%.so$", ".c")
    local text = path and read(path)
    if not text then
        return nil, ("%s is hillock's %s, whose source is not beside its plugin%s"):format(name,
            plugin, path and ": " .. path or "")
    end
    local renamed, n = text:gsub('HK_INPUT, "' .. plugin .. '"', ('HK_INPUT, "%s"'):format(name))
    if n ~= 1 then
        return nil, ("%s is hillock's %s, and %s is something else"):format(name, plugin, path)
    end
    return renamed, path
end

return c_input
