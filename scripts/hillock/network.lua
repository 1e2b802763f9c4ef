-- SPDX-License-Identifier: BSD-3-Clause
-- network: populations of cells, what is put on them, how they are connected and recorded, and the
-- run.

local core = require "hillock.core"
local cell = require "hillock.cell"
local connect = require "hillock.connect"
local groups = require "hillock.groups"
local keys = require "hillock.keys"
local units = require "hillock.units"
local object = require "hillock.object"
local port = require "hillock.port"
local profile = require "hillock.profile"
local record = require "hillock.record"
local redirect = require "hillock.redirect"
local result = require "hillock.result"
local track = require "hillock.track"

local network = {}

local Network
local methods = {}

local function self_state(self, what)
    return object.state(Network, self, "network:" .. what)
end

-- ---- cells

--- n cells of a type. ids: their identities, which with the seed decide their random numbers;
--- without them they count on from 0.
---@param name string
---@param n integer
---@param type any what hk.cell gave
---@param options? { ids?: integer[] }
function methods:population(name, n, type, options)
    local state = self_state(self, "population")
    keys.value("population: name", name, "string")
    keys.value("population: number of cells", n, "count from 1")
    local used = cell.used(type, "population: cell type")
    options = keys.check("population", options or {}, { ids = "list" })
    for _, population in ipairs(state.populations) do
        if population.name == name then
            keys.fail("population: there is one called '%s' already", name)
        end
    end
    local first = state.core:population(name, used.core, n, options.ids)
    table.insert(state.populations, { name = name, first = first, n = n, cell = used })
    return groups.cells(state, core.range(first, n), name)
end

-- ---- points and inputs

-- Fields of the spec that are lists of one number for each of n, where the plugin wants a number.
local function split(spec, kind, n, what)
    local lists, plain = {}, {}
    local wants_list = {}
    for _, field in ipairs(core.plugin_find(spec[1], kind).fields) do
        wants_list[field.name] = field.width ~= nil
    end
    for key, value in pairs(spec) do
        local is_list = type(value) == "table" or core.is_array(value)
        if is_list and wants_list[key] == false then
            if #value ~= n then
                keys.fail("%s: %s has %d values for %d", what, key, #value, n)
            end
            lists[key] = value
        else
            plain[key] = value
        end
    end
    return plain, lists
end

--- The places that two lists of one length name: numbers of cells in the network, numbers of
--- segments in their cell types.
---@param cells any
---@param segments any
function methods:places(cells, segments)
    local state = self_state(self, "places")
    keys.value("places: cells", cells, "list")
    keys.value("places: segments", segments, "list")
    if #cells ~= #segments then
        keys.fail("places: %d cells and %d segments", #cells, #segments)
    end
    return groups.places(state, cells, segments)
end

--- Puts a point process at each place: net:add(cells "soma(0.5)", { "IClamp", amp = 0.1 }). A
--- parameter may be a list of one value for each place.
---@param places any
---@param spec string|table
function methods:add(places, spec)
    local state = self_state(self, "add")
    local at = object.test(groups.Places, places)
    if not at then
        keys.fail("add: expected places, such as cells[1] 'soma(0.5)', got %s",
            keys.describe(places))
    end
    connect.same_net(state, at, "add")
    spec = connect.spec(spec, "add")
    local plain, lists = split(spec, "point", #at.cells, "add: " .. spec[1])
    local first = state.core:points(plain, at.cells, at.segments)
    local points = groups.points(state, core.range(first, #at.cells), spec[1])
    return next(lists) and points:set(lists) or points
end

--- n artificial cells: points without a place, which take events and give some, such as
--- integrate-and-fire cells without a membrane; a group of points.
---@param name string
---@param n integer
---@param spec string|table
---@param options? { ids?: integer[] }
function methods:artificial(name, n, spec, options)
    local state = self_state(self, "artificial")
    keys.value("artificial: name", name, "string")
    keys.value("artificial: number of cells", n, "count from 1")
    spec = connect.spec(spec, "artificial")
    options = keys.check("artificial", options or {}, { ids = "list" })
    local plain, lists = split(spec, "point", n, "artificial: " .. spec[1])
    local first = state.core:artificial(name, plain, n, options.ids)
    local points = groups.points(state, core.range(first, n), spec[1], name)
    return next(lists) and points:set(lists) or points
end

-- How deep lists are in a value: 0 for a number, at most 3: a list may hold itself.
local function depth(value)
    local n = 0
    while n < 3 and (type(value) == "table" and not getmetatable(value) or core.is_array(value)) do
        n, value = n + 1, value[1]
    end
    return n
end

-- The fields of n inputs that have a value for each: numbers that are lists, and lists that are one
-- level too deep.
local function own_fields(spec, n, fields)
    local own = {}
    for key, value in pairs(spec) do
        local width = fields[key]
        if width and depth(value) > (width == 0 and 0 or width > 1 and 2 or 1) then
            if #value ~= n then
                keys.fail("inputs: %s has %d values for %d inputs", key, #value, n)
            end
            own[#own + 1] = key
        end
    end
    return own
end

-- By field: 0 for a number, the width of a row for a list.
local function widths(name)
    local fields = {}
    for _, field in ipairs(core.plugin_find(name, "input").fields) do
        fields[field.name] = field.width or 0
    end
    return fields
end

--- n inputs. A field may be a list of n values: times = { { 1, 5 }, { 3 }, ... } for SpikeArray.
---@param n integer
---@param spec string|table
---@param options? { name?: string }
function methods:inputs(n, spec, options)
    local state = self_state(self, "inputs")
    keys.value("inputs: number", n, "count from 1")
    spec = connect.spec(spec, "inputs")
    options = keys.check("inputs", options or {}, { name = "string" })
    local stream = connect.stream(state, options.name, "input/" .. spec[1])
    local own = own_fields(spec, n, widths(spec[1]))
    local first
    if #own == 0 then
        first = state.core:inputs(spec, stream, n)
    else
        first = state.core:inputs_each(spec, stream, n, own)
    end
    return groups.inputs(state, core.range(first, n), spec[1])
end

--- One input, such as { "SpikeArray", times = { 1, 5 } }.
---@param spec string|table
---@param options? { name?: string }
function methods:input(spec, options)
    local state = self_state(self, "input")
    spec = connect.spec(spec, "input")
    options = keys.check("input", options or {}, { name = "string" })
    local stream = connect.stream(state, options.name, "input/" .. spec[1])
    return groups.inputs(state, core.range(state.core:inputs(spec, stream, 1), 1), spec[1])
end

--- `count` inputs for each cell, each with a synapse of its own at a random place: see
--- scripts/README.md.
---@param cells any
---@param options table
function methods:stimulate(cells, options)
    return connect.stimulate(self_state(self, "stimulate"), cells, options)
end

--- Connects cells by a rule, each connection with a synapse of its own: see scripts/README.md.
---@param pre any
---@param post any
---@param options table
function methods:connect(pre, post, options)
    return connect.rule(self_state(self, "connect"), pre, post, options)
end

--- Connects sources (places, inputs, points) to points: one to one, one to all, or all to one.
---@param source any
---@param point any
---@param options { weight?: number|table, delay: number|table, threshold?: number }
function methods:connect_one(source, point, options)
    return connect.one(self_state(self, "connect_one"), source, point, options)
end

--- Connects a port to what it shows: net:port(gaps, "vgap", cells "soma(0.5)"): see
--- scripts/README.md.
---@param at any points, or places (then the name is "Mechanism.port")
---@param name string
---@param source any places or points: as many, or one
---@param field? string "v"
function methods:port(at, name, source, field)
    port.new(self_state(self, "port"), at, name, source, field)
    return self
end

--- Records: net:record("v", { cells, at = "soma(0.5)" }): see scripts/README.md.
---@param what string
---@param options? table
function methods:record(what, options)
    return record.new(self_state(self, "record"), what, options)
end

-- ---- the run

--- Lays the network out in memory, which the first run does otherwise; nothing can be added after
--- it.
function methods:build()
    self_state(self, "build").core:build()
    return self
end

-- Before a run: one kernel a cell type, where that pays.
local function prepare(state, duration)
    if not state.prepared then
        local steps = duration / (state.options.dt or 0.025)
        local decided, problem = units.prepare(state.core, state.options.units, steps)
        if problem and state.options.units then
            keys.fail("units = true: %s", problem)
        end
        state.prepared = decided
    end
end

-- What was recorded goes with it.
local function reset(state)
    track.leaves(state)
    state.core:reset()
    track.left(state)
end

--- Runs from t = 0 to `duration` ms.
---@param duration number ms
function methods:run(duration)
    local state = self_state(self, "run")
    keys.value("run: duration", duration, "not negative")
    if state.core:time() > 0 then
        reset(state)
    end
    prepare(state, duration)
    track.starts(state)
    state.core:run(duration)
    return result.new(state)
end

--- Goes on for `duration` ms more.
---@param duration number ms
function methods:continue(duration)
    local state = self_state(self, "continue")
    keys.value("continue: duration", duration, "not negative")
    prepare(state, duration)
    track.starts(state)
    state.core:run(state.core:time() + duration)
    return result.new(state)
end

--- Back to t = 0.
function methods:reset()
    reset(self_state(self, "reset"))
    return self
end

--- Writes all of the network to a file, between runs, from which `restore` brings it back.
---@param path string
function methods:save(path)
    local state = self_state(self, "save")
    keys.value("save: path", path, "string")
    path = redirect.output(path)
    state.core:save(path)
    track.wrote(path)
    return self
end

--- Brings the network, the same model with the same recordings, to where the saved one was;
--- `continue` goes on from there.
---@param path string
function methods:restore(path)
    local state = self_state(self, "restore")
    keys.value("restore: path", path, "string")
    track.leaves(state)
    state.core:restore(track.file(path, "data"))
    track.left(state)
    return self
end

--- Writes what recorders hold to disk.
function methods:flush()
    self_state(self, "flush").core:flush()
    return self
end

--- Ends the network: its files are closed and its memory is freed. Its results cannot be read any
--- more.
function methods:close()
    local state = self_state(self, "close")
    profile.ended(state)
    track.closes(state)
end

-- ---- what it looks like

local function describe(self)
    local state = object.state(Network, self)
    local o = state.options
    local good, cells, points, inputs, connections = pcall(state.core.counts, state.core)
    if not good then
        return "network, closed"
    end
    local lines = {
        ("network: %d cells, %d points, %d inputs, %d connections, t = %.10g ms"):format(cells,
            points, inputs, connections, state.core:time()),
        ("  dt %g ms, v_init %g mV, celsius %s, seed %d"):format(o.dt or 0.025, o.v_init or -65,
            o.celsius and ("%g degC"):format(o.celsius) or "not set", o.seed or 1),
    }
    for _, p in ipairs(state.populations) do
        lines[#lines + 1] = ("  %-12s %d cells of type %s, %d segments each"):format(p.name, p.n,
            p.cell.name, p.cell.core:segments())
    end
    return table.concat(lines, "\n")
end

local function all_cells(state)
    return groups.cells(state, groups.all_numbers(state), "all")
end

Network = object.class {
    name = "network",
    methods = methods,
    fields = {
        t = function(state) return state.core:time() end,
        cells = all_cells,
        facts = function(state) return state.core:facts() end,
        profile = function(state) return state.core:profile() end,
        dt = function(state) return state.options.dt or 0.025 end,
        digest = function(state) return state.core:digest() end,
    },
    meta = {
        __tostring = describe,
        __close = methods.close,
        __gc = function(self)
            local state = object.state(Network, self)
            profile.ended(state)
            track.collected(state)
        end,
    },
}
network.Network = Network

local allowed = {
    celsius = "number", v_init = "number", dt = "positive", seed = "integer", threads = "count",
    group = "count", units = "boolean", profile = "boolean",
}

--- A network without cells.
---@param options? table celsius, v_init, dt, seed, threads, group, profile
function network.new(options)
    options = keys.check("network", options or {}, allowed)
    local copy = {}
    for key, value in pairs(options) do
        copy[key] = value
    end
    if copy.profile == nil then
        copy.profile = profile.wanted()
    end
    local state = {
        core = core.network(copy), options = copy, populations = {}, recordings = {},
        streams = {},
    }
    state.object = object.new(Network, state)
    profile.made(state)
    track.made(state)
    return state.object
end

return network
