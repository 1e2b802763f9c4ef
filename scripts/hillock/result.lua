-- SPDX-License-Identifier: BSD-3-Clause
-- result: what a run left in memory: traces, spikes, rates. It reads the network's recordings as
-- they are now; what it gives are arrays of their own.

local core = require "hillock.core"
local analysis = require "hillock.analysis"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local record = require "hillock.record"

local result = {}

local Result
local methods = {}

local function self_state(self, what)
    return object.state(Result, self, "result:" .. what)
end

-- The recordings of that name.
local function named(state, name)
    local found = {}
    for _, recording in ipairs(state.net.recordings) do
        if recording.name == name then
            found[#found + 1] = recording
        end
    end
    return found
end

local function find(state, name, what)
    if object.test(record.Recording, name) then
        return name
    end
    keys.value(what, name, "string")
    local found = named(state, name)
    if #found == 0 then
        local names = {}
        for i, recording in ipairs(state.net.recordings) do
            names[i] = recording.name
        end
        keys.fail("%s: nothing was recorded as '%s'%s", what, name, keys.hint(name, names))
    elseif #found > 1 then
        keys.fail("%s: %d recordings are called '%s': give them names, as in net:record(\"%s\", "
            .. "{ ..., name = \"first\" })", what, #found, name, name)
    end
    return found[1]
end

--- The recording of that name: what net:record was told to record, or its `name`.
---@param name string
function methods:recording(name)
    return find(self_state(self, "recording"), name, "recording")
end

--- The i-th trace of a recording, and its times: trace(i) of "v", or trace(name, i).
---@param name string|integer
---@param i? integer
function methods:trace(name, i)
    local state = self_state(self, "trace")
    if math.type(name) then
        name, i = "v", name
    end
    local recording = find(state, name, "trace")
    i = i or 1
    keys.value("trace: number", i, "count from 1")
    if recording.kind ~= "values" then
        keys.fail("trace: recording %s holds %s, not traces", recording.name, recording.kind)
    elseif i > #recording then
        keys.fail("trace: recording %s has traces 1 to %d, not %d", recording.name, #recording, i)
    end
    return recording[i], recording.t
end

-- Which place each cell of the group has in it, by its number.
local function places_in(cells)
    local at = {}
    for i = 1, #cells do
        at[cells[i]] = i
    end
    return at
end

-- What is in the group, with its place there, as two arrays.
local function within(t, number, list)
    local at, kept, place = places_in(list), {}, {}
    for i = 1, #t do
        local k = at[number[i]]
        if k then
            kept[#kept + 1], place[#place + 1] = t[i], k
        end
    end
    return core.array(kept), core.whole(place)
end

--- Spikes as arrays { t =, cell = }: of all cells, by their numbers in the network; or of the given
--- cells, by their places in that group. Of points or artificial cells: { t =, point = }.
---@param cells? any
---@param name? string
function methods:spikes(cells, name)
    local state = self_state(self, "spikes")
    local recording = find(state, name == nil and "spikes" or name, "spikes")
    if recording.kind ~= "spikes" then
        keys.fail("spikes: recording %s holds %s", recording.name, recording.kind)
    end
    local points = object.test(groups.Points, cells)
    if cells == nil then
        return { t = recording.t, cell = recording.cell }
    elseif points then
        local t, place = within(recording.t, recording.point, points.points)
        return { t = t, point = place }
    end
    local list = object.state(groups.Cells, cells, "spikes").cells
    local t, place = within(recording.t, recording.cell, list)
    return { t = t, cell = place }
end

local rate_keys = {
    cells = "any", bin = "positive", from = "not negative", to = "positive", kernel = "string",
    width = "positive", name = "string",
}

--- The mean rate of a cell in Hz, in bins: { t = middles, rate = }.
---@param options? table cells, bin, from, to, kernel, width
function methods:rate(options)
    local state = self_state(self, "rate")
    options = keys.check("rate", options or {}, rate_keys)
    local cells = options.cells == nil and state.net.object.cells or options.cells
    local n = #object.state(groups.Cells, cells, "rate: cells").cells
    return analysis.rate(self:spikes(cells, options.name).t, {
        n = n, bin = options.bin, from = options.from, to = options.to or math.max(self.t, 1e-9),
        kernel = options.kernel, width = options.width,
    })
end

Result = object.class {
    name = "result",
    methods = methods,
    fields = {
        t = function(state) return state.net.core:time() end,
        facts = function(state) return state.net.core:facts() end,
    },
    index = function(state, key)
        if type(key) == "string" and #named(state, key) > 0 then
            return find(state, key, "result")
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
