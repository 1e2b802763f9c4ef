-- SPDX-License-Identifier: BSD-3-Clause
-- parallel: a function over a list, on threads.

local core = require "hillock.core"
local keys = require "hillock.keys"
local track = require "hillock.track"

local parallel = {}

--- The list of what fn gives for each item, computed on threads that each have a Lua state of their
--- own: items and results are plain values and arrays, copied; of what is outside it, fn can use
--- modules alone.
---@param list any[]
---@param fn function
---@param options? { threads?: integer }
function parallel.map(list, fn, options)
    keys.value("map: list", list, "table")
    keys.value("map: function", fn, "function")
    options = keys.check("map", options or {}, { threads = "count from 1" })
    return core.map(list, fn, options.threads, track.setting(), track.merge)
end

return parallel
