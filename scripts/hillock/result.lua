-- SPDX-License-Identifier: BSD-3-Clause
-- result: what a run left in memory: traces, spikes, rates. It reads the network's recordings as
-- they are now; what it gives are arrays of their own.

local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local record = require "hillock.record"
local recorded = require "hillock.recorded"

local result = {}

local Result
local methods = {}

local function self_state(self, what)
    return object.state(Result, self, "result:" .. what)
end

-- The network's recordings, for recorded.lua.
local function all(state)
    return {
        list = state.net.recordings, class = record.Recording,
        several = "give them names, as in net:record(\"%s\", { ..., name = \"first\" })",
    }
end

--- The recording of that name: what net:record was told to record, or its `name`.
---@param name string
function methods:recording(name)
    return recorded.find(all(self_state(self, "recording")), name, "recording")
end

--- The i-th trace of a recording, and its times: trace(i) of "v", or trace(name, i).
---@param name string|integer
---@param i? integer
function methods:trace(name, i)
    return recorded.trace(all(self_state(self, "trace")), name, i)
end

--- Spikes as arrays { t =, cell = }: of all cells, by their numbers in the network; or of the given
--- cells, by their places in that group. Of points or artificial cells: { t =, point = }.
---@param cells? any
---@param name? string
function methods:spikes(cells, name)
    local state = self_state(self, "spikes")
    local recording = recorded.spikes(all(state), name)
    local points = object.test(groups.Points, cells)
    if cells == nil then
        return { t = recording.t, cell = recording.cell }
    elseif points then
        local t, place = recorded.within(recording.t, recording.point, points.points)
        return { t = t, point = place }
    end
    local list = object.state(groups.Cells, cells, "spikes").cells
    local t, place = recorded.within(recording.t, recording.cell, list)
    return { t = t, cell = place }
end

--- The mean rate of a cell in Hz, in bins: { t = middles, rate = }.
---@param options? table cells, bin, from, to, kernel, width
function methods:rate(options)
    local state = self_state(self, "rate")
    options = keys.check("rate", options or {}, recorded.rate_keys)
    local cells = options.cells == nil and state.net.object.cells or options.cells
    local n = #object.state(groups.Cells, cells, "rate: cells").cells
    return recorded.rate(self:spikes(cells, options.name).t, n, self.t, options)
end

Result = object.class {
    name = "result",
    methods = methods,
    fields = {
        t = function(state) return state.net.core:time() end,
        facts = function(state) return state.net.core:facts() end,
    },
    index = function(state, key)
        local from = all(state)
        if type(key) == "string" and #recorded.named(from.list, key) > 0 then
            return recorded.find(from, key, "result")
        end
    end,
    meta = {
        __tostring = function(self)
            local state = object.state(Result, self)
            local f = state.net.core:facts()
            return ("result: t = %.10g ms, %d steps, %d spikes, %.3g s"):format(
                state.net.core:time(), f.steps, f.spikes, f.run_s)
        end,
    },
}

result.Result = Result

function result.new(net)
    return object.new(Result, { net = net })
end

return result
