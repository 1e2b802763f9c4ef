-- SPDX-License-Identifier: BSD-3-Clause
-- connect: stimuli, connection rules and single connections.

local core = require "hillock.core"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local object = require "hillock.object"
local place = require "hillock.place"
local random = require "hillock.random"
local rule = require "hillock.rule"

local connect = {}
local fail = keys.fail

connect.threshold = -20 -- mV, where a script does not say

-- A plugin with values: "ExpSyn" or { "ExpSyn", tau = 2 }.
function connect.spec(spec, what)
    if type(spec) == "string" then
        return { spec }
    elseif type(spec) ~= "table" or getmetatable(spec) ~= nil then
        fail("%s: expected a plugin's name or { \"NAME\", field = value }, got %s", what,
            keys.describe(spec))
    elseif type(spec[1]) ~= "string" then
        fail("%s: the plugin's name is missing: { \"NAME\", field = value }", what)
    end
    for key in next, spec do
        if key ~= 1 and type(key) ~= "string" then
            fail("%s: %s: unknown key [%s]", what, spec[1], tostring(key))
        end
    end
    return spec
end

function connect.same_net(net, state, what)
    if state.net ~= net then
        fail("%s: this belongs to another network", what)
    end
end

-- The name of a random stream: as given, or made of what it is for and how many such came before.
function connect.stream(net, name, base)
    if name then
        return name
    end
    net.streams[base] = (net.streams[base] or 0) + 1
    return ("%s/%d"):format(base, net.streams[base])
end

local function cells_of(net, value, what)
    local state = object.test(groups.Cells, value)
    if not state then
        fail("%s: expected cells of a network, got %s", what, keys.describe(value))
    end
    connect.same_net(net, state, what)
    return state
end

-- Cells, or the artificial cells that points are: what stands for them in the core, and their
-- name.
local function ends_of(net, value, what)
    local points = object.test(groups.Points, value)
    if not points then
        return cells_of(net, value, what)
    end
    connect.same_net(net, points, what)
    if not points.name then
        fail("%s: these points sit on cells: connect_one connects such, the others are connected "
            .. "by the cells", what)
    end
    return { cells = net.core:artificial_cells(points.points), name = points.name, points = value }
end

-- ---- what was made

local Connections
Connections = object.class {
    name = "connections",
    index = function(state, key)
        if math.type(key) and key >= 1 and key <= state.n then
            local made = table.pack(state.net.core:connection(state.first + key - 1))
            local kind, pre, pre_segment, index = state.net.core:source(made[1])
            local _, post, segment = state.net.core:point(made[2])
            return {
                source = kind, pre = pre, pre_segment = pre_segment, post = post, segment = segment,
                input = kind == "input" and index or nil,
                pre_point = kind == "point" and index or nil, point = made[2], delay = made[3],
                weight = made[4], weights = table.pack(table.unpack(made, 4, made.n)),
            }
        end
    end,
    meta = {
        __len = function(self) return object.state(Connections, self).n end,
        __tostring = function(self)
            return ("%d connections"):format(object.state(Connections, self).n)
        end,
    },
}

local function connections(net, first, n)
    return object.new(Connections, { net = net, first = first, n = n })
end

local Made
Made = object.class {
    name = "made group",
    fields = {
        points = function(state) return state.points end,
        inputs = function(state) return state.inputs end,
        connections = function(state) return state.connections end,
    },
    meta = {
        __tostring = function(self)
            local state = object.state(Made, self)
            return ("%s%s with %s"):format(state.inputs and tostring(state.inputs) .. ", " or "",
                tostring(state.points), tostring(state.connections))
        end,
    },
}

local function made_of(net, made, input, point)
    return object.new(Made, {
        points = type(point) == "table" and point
            or groups.points(net, core.range(made.point, made.n_point), point),
        inputs = input and groups.inputs(net, core.range(made.input, made.n_input), input) or nil,
        connections = connections(net, made.connection, made.n_connection),
    })
end

-- ---- bulk

local function without(allowed, ...)
    local fewer = {}
    for key, value in pairs(allowed) do
        fewer[key] = value
    end
    for _, key in ipairs { ... } do
        fewer[key] = nil
    end
    return fewer
end

local stimulus_keys = {
    count = "count from 1!", synapse = "any!", at = "any", weight = "any!", delay = "any!",
    input = "any!", name = "string", one_input = "boolean",
}

-- The synapse of a call for cells and where it goes; nothing of the kind for artificial cells.
local function synapse_of(state, options, what, which)
    if state.points then
        return {}
    end
    local type_state = groups.type_of(state, which)
    local synapse = connect.spec(options.synapse, what .. ": synapse")
    local segments, shares = place.resolve(type_state, options.at, what .. ": at")
    return { spec = synapse, name = synapse[1], segments = segments, shares = shares }
end

-- { count, input, synapse, at, weight, delay, name, one_input } on cells of one type, or on
-- artificial cells, without synapse and at.
function connect.stimulate(net, cells, options)
    local state = ends_of(net, cells, "stimulate")
    keys.check("stimulate", options,
        state.points and without(stimulus_keys, "synapse", "at") or stimulus_keys)
    local input = connect.spec(options.input, "stimulate: input")
    local synapse = synapse_of(state, options, "stimulate", "stimulate")
    local base = ("stimulate/%s/%s/%s"):format(state.name, input[1], synapse.name or "")
    local made = net.core:stimulate {
        stream = connect.stream(net, options.name, base), cells = state.cells,
        count = options.count, input = input, point = synapse.spec, segments = synapse.segments,
        shares = synapse.shares, one_input = options.one_input,
        weight = random.number(options.weight, "stimulate: weight"),
        delay = random.number(options.delay, "stimulate: delay"),
    }
    return made_of(net, made, input[1], state.points or synapse.name)
end

local rule_keys = {
    rule = "any", from = "any!", threshold = "number", synapse = "any!", at = "any",
    weight = "any!", delay = "any!", self = "boolean", name = "string",
}

-- { rule, from, threshold, synapse, at, weight, delay, self, name } from cells to cells; from
-- artificial cells without from and threshold, to artificial cells without synapse and at.
function connect.rule(net, pre, post, options)
    local from, to = ends_of(net, pre, "connect: pre"), ends_of(net, post, "connect: post")
    local allowed = from.points and without(rule_keys, "from", "threshold") or rule_keys
    keys.check("connect", options, to.points and without(allowed, "synapse", "at") or allowed)
    local which = rule.fields(options.rule, "connect: rule")
    local pre_type = not from.points and groups.type_of(from, "connect: pre")
    local synapse = synapse_of(to, options, "connect", "connect: post")
    local base = ("connect/%s/%s/%s"):format(from.name, to.name, synapse.name or "")
    local made = net.core:rule {
        stream = connect.stream(net, options.name, base), rule = which.rule,
        probability = which.probability, degree = which.degree, pair_pre = which.pair_pre,
        pair_post = which.pair_post, self = options.self, pre = from.cells, post = to.cells,
        from = pre_type and place.one(pre_type, options.from, "connect: from") or 1,
        threshold = options.threshold or connect.threshold, point = synapse.spec,
        segments = synapse.segments, shares = synapse.shares,
        weight = random.number(options.weight, "connect: weight"),
        delay = random.number(options.delay, "connect: delay"),
    }
    return made_of(net, made, nil, to.points and post or synapse.name)
end

-- ---- one by one

-- The sources' numbers of places (with detectors of the threshold), inputs or points.
function connect.sources(net, value, threshold, what)
    local state, class = groups.test(value, groups.Places, groups.Inputs, groups.Points)
    if not state then
        fail("%s: expected a place such as cells[1] 'soma(0.5)', an input or a point, got %s", what,
            keys.describe(value))
    end
    connect.same_net(net, state, what)
    if class == groups.Places then
        return net.core:detectors(state.cells, state.segments, threshold or connect.threshold)
    elseif threshold then
        fail("%s: threshold is for places on cells, not for %s", what, keys.describe(value))
    elseif class == groups.Inputs then
        return net.core:sources("input", state.inputs)
    end
    return net.core:sources("point", state.points)
end

-- A list of n of the same, or the list where it has n already.
local function spread(list, n)
    if #list == n then
        return list
    end
    local copies = {}
    for i = 1, n do
        copies[i] = list[1]
    end
    return copies
end

-- weight: a number, a list of one for each of n, or of a list of several each; as numbers, how many
-- each.
local function weights(value, n)
    if value == nil then
        return nil, 0
    elseif type(value) == "number" then
        return value, 1
    end
    keys.value("connect_one: weight", value, "list")
    if type(value[1]) ~= "table" then
        return value, 1
    end
    if #value ~= n then
        fail("connect_one: weight: %d rows for %d connections", #value, n)
    end
    local flat, width = {}, #value[1]
    for i, row in ipairs(value) do
        if type(row) ~= "table" or #row ~= width then
            fail("connect_one: weight: row %d has not %d numbers", i, width)
        end
        table.move(row, 1, width, #flat + 1, flat)
    end
    return flat, width
end

local one_keys = { weight = "number|list", delay = "number|list!", threshold = "number" }

-- { weight, delay, threshold }: the i-th source to the i-th point; one of either goes with all.
function connect.one(net, source, point, options)
    keys.check("connect_one", options, one_keys)
    local points = object.test(groups.Points, point)
    if not points then
        fail("connect_one: expected points that net:add made, got %s", keys.describe(point))
    end
    connect.same_net(net, points, "connect_one")
    local from = connect.sources(net, source, options.threshold, "connect_one: source")
    local n = math.max(#from, #points.points)
    if (#from ~= n and #from ~= 1) or (#points.points ~= n and #points.points ~= 1) then
        fail("connect_one: %d sources and %d points", #from, #points.points)
    end
    local weight, width = weights(options.weight, n)
    local before = net.core:connect(spread(from, n), spread(points.points, n), weight, width,
        options.delay)
    return connections(net, before + 1, n)
end

return connect
