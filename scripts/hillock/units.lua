-- SPDX-License-Identifier: BSD-3-Clause
-- units: the mechanisms of each cell type compiled as one kernel, where that pays. A unit gives the
-- bits of the plugins' kernels, which run wherever there is none.

local compile = require "hillock.compile"

local units = {}

-- Compartments times steps from which a run lasts longer than a compiler: below it, whatever is
-- not in the cache would cost more than it wins.
local WORTH = 3e6

-- true: always; false: never; nil: where it pays. HILLOCK_UNITS (1 or 0) is what a script does not
-- say.
local function wish(option)
    local variable = os.getenv "HILLOCK_UNITS"
    if option == nil and (variable == "0" or variable == "1") then
        return variable == "1"
    end
    return option
end

-- With `always`, a unit is taken even if it is slower than the plugins' kernels, so that chance has
-- no part in it.
local function load_one(net, k, always)
    local text, message = net:unit_source(k)
    local path
    if text then
        path, message = compile.unit(text)
    end
    if not path then
        return nil, message
    end
    return net:unit_load(k, path, not always)
end

--- Gives a network its units, if it shall have them.
---@param net userdata the core's network
---@param option? boolean of hk.network
---@param steps number that it shall run now
---@return boolean decided no further run needs to ask
---@return string? problem why some cell type has none
function units.prepare(net, option, steps)
    option = wish(option)
    net:build()
    if option == false then
        return true
    elseif option == nil and net:facts().compartments * steps < WORTH then
        return false
    end
    local problem
    for k = 1, net:units() do
        -- compile.lua throws where a module of Lua's is missing: no reason for a run to fail
        local fine, loaded, message = pcall(load_one, net, k, option)
        if not fine then
            problem = problem or loaded
        elseif not loaded then
            problem = problem or message
        end
    end
    return true, problem
end

return units
