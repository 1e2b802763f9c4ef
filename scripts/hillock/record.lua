-- SPDX-License-Identifier: BSD-3-Clause
-- record: what a run leaves: values at an interval, spikes, inputs' events, in memory or in files.

local core = require "hillock.core"
local connect = require "hillock.connect"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local redirect = require "hillock.redirect"
local track = require "hillock.track"

local record = {}
local fail = keys.fail

local allowed = {
    at = "any", every = "not negative", window = "table", to = "string|table", path = "string",
    threshold = "number", name = "string", labels = "table",
}

-- ---- targets

-- Cells and places among the targets, as two lists: cells and segments.
local function segments_of(net, targets, at)
    local cells, segments = {}, {}
    for i, target in ipairs(targets) do
        local what = ("record: target %d"):format(i)
        local state = groups.test(target, groups.Places)
        if object.test(groups.Cells, target) then
            if at == nil then
                fail("%s: 'at' is missing: where on the cells, as in at = 'soma(0.5)'", what)
            end
            state = object.state(groups.Places, target:segment(at))
        elseif not state then
            fail("%s: expected cells, places or points, got %s", what, keys.describe(target))
        end
        connect.same_net(net, state, what)
        for k = 1, #state.cells do
            cells[#cells + 1], segments[#segments + 1] = state.cells[k], state.segments[k]
        end
    end
    return cells, segments
end

-- The numbers of the targets' points, or nil where the first is none.
local function points_of(net, targets)
    if not object.test(groups.Points, targets[1]) then
        return nil
    end
    local points = {}
    for i, target in ipairs(targets) do
        local state = object.state(groups.Points, target, ("record: target %d"):format(i))
        connect.same_net(net, state, "record")
        for k = 1, #state.points do
            points[#points + 1] = state.points[k]
        end
    end
    return points
end

local function values_probe(net, what, targets, options)
    local probe = { kind = "values", labels = options.labels }
    if #targets == 0 then
        fail("record: targets are missing: net:record(\"%s\", { cells, at = \"soma(0.5)\" })", what)
    end
    what = what:gsub("%[(%d+)%]$", "_%1") -- an element of a MOD file's array
    local mechanism, field = what:match("^([%a_][%w_]*)%.([%a_][%w_]*)$")
    probe.mechanism, probe.field = mechanism, field or what
    if not mechanism and not what:match("^[%a_][%w_]*$") then
        fail("record: '%s' is no field: 'v', 'cai' or 'MECHANISM.field' is", what)
    end
    probe.points = points_of(net, targets)
    if not probe.points then
        probe.cells, probe.segments = segments_of(net, targets, options.at)
    elseif options.at ~= nil then
        fail("record: 'at' is for cells, not for points")
    end
    return probe
end

local function spikes_probe(net, targets, options)
    local sources, all_cells = {}, true
    for i, target in ipairs(targets) do
        local source = target
        if object.test(groups.Cells, target) then
            source = target:segment(options.at or "soma(0.5)")
        else
            all_cells = false
        end
        local what = ("record: target %d"):format(i)
        local list = connect.sources(net, source, options.threshold, what)
        for k = 1, #list do
            sources[#sources + 1] = list[k]
        end
    end
    return { kind = "spikes", sources = sources, everything = #targets == 0, identity = all_cells }
end

local function events_probe(net, targets)
    local inputs = {}
    for i, target in ipairs(targets) do
        local state = object.state(groups.Inputs, target, ("record: target %d"):format(i))
        connect.same_net(net, state, "record")
        for k = 1, #state.inputs do
            inputs[#inputs + 1] = state.inputs[k]
        end
    end
    return { kind = "events", inputs = inputs, everything = #targets == 0 }
end

-- ---- reading

local Recording

local function column(state, i, whole)
    return state.net.core:column(state.number, i, whole)
end

-- The net-wide numbers of the cells by their identities.
local function cells_by_identity(net)
    local cells, of = groups.all_numbers(net), {}
    local ids = net.core:identities(cells)
    for i = 1, #cells do
        of[ids[i]] = cells[i]
    end
    return of
end

-- Numbers of cells, for each spike: by source, or by identity where the rows hold those.
local function spike_cells(state)
    local of = state.identity and cells_by_identity(state.net) or {}
    local second = column(state, 2, true)
    local cells = core.whole(second)
    for i = 1, #second do
        local key = second[i]
        local number = of[key]
        if not number then
            local _, source_cell = state.net.core:source(key)
            number = source_cell or 0
            of[key] = number
        end
        cells[i] = number
    end
    return cells
end

-- Numbers of points, for each spike; 0 of what is no point.
local function spike_points(state)
    local second, of = column(state, 2, true), {}
    local points = core.whole(second)
    for i = 1, #second do
        local key = second[i]
        if not of[key] then
            local source = state.identity and {} or { state.net.core:source(key) }
            of[key] = source[1] == "point" and source[4] or 0
        end
        points[i] = of[key]
    end
    return points
end

local function only(kind, read)
    return function(state)
        if state.kind ~= kind then
            return nil
        end
        return read(state)
    end
end

Recording = object.class {
    name = "recording",
    fields = {
        name = function(state) return state.name end,
        kind = function(state) return state.kind end,
        path = function(state) return state.path end,
        t = function(state) return column(state, 1) end,
        cell = only("spikes", spike_cells),
        point = only("spikes", spike_points),
        input = only("events", function(state)
            local list = column(state, 2, true)
            for i = 1, #list do
                list[i] = list[i] + 1
            end
            return list
        end),
        columns = function(state) return state.n end,
    },
    index = function(state, key)
        if state.kind == "values" and math.type(key) and key >= 1 and key <= state.n then
            return column(state, key + 1)
        end
    end,
    meta = {
        __len = function(self) return object.state(Recording, self).n end,
        __tostring = function(self)
            local state = object.state(Recording, self)
            return ("recording %s of %d, to %s"):format(state.name,
                state.n, state.path or state.recorder)
        end,
    },
}
record.Recording = Recording

-- ---- the call

-- The recorder's spec: `to`, or csv where the path says so, or memory.
local function recorder_of(options)
    if options.to ~= nil then
        return connect.spec(options.to, "record: to")
    end
    return { options.path and "csv" or "memory" }
end

local function window_of(window)
    if window == nil then
        return nil, nil
    end
    local first = keys.value("record: window[1]", window[1], "not negative")
    if window[2] == math.huge then
        return first, 0 -- the core's word for no end
    end
    local last = keys.value("record: window[2]", window[2], "not negative")
    if first > last then
        fail("record: the window from %g to %g is empty", first, last)
    end
    return first, last
end

-- net:record(what, { targets..., options }).
function record.new(net, what, options)
    keys.value("record", what, "string")
    options = options == nil and {} or options
    keys.check("record", options, allowed, type(options) == "table" and #options or 0)
    local targets = table.move(options, 1, #options, 1, {})
    local probe
    if what == "spikes" then
        probe = spikes_probe(net, targets, options)
    elseif what == "inputs" then
        probe = events_probe(net, targets)
    else
        probe = values_probe(net, what, targets, options)
    end
    if options.threshold and what ~= "spikes" then
        fail("record: threshold is for spikes, not for %s", what)
    end
    probe.recorder = recorder_of(options)
    probe.path, probe.every = redirect.output(options.path), options.every
    probe.from, probe.stop = window_of(options.window)
    local state = {
        net = net, number = net.core:probe(probe), kind = probe.kind, name = options.name or what,
        n = probe.kind == "values" and #(probe.points or probe.cells) or 2,
        recorder = probe.recorder[1], path = probe.path, identity = probe.identity, what = what,
    }
    track.recorded(net, state, probe)
    table.insert(net.recordings, object.new(Recording, state))
    return net.recordings[#net.recordings]
end

return record
