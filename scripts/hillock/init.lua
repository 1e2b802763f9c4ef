-- SPDX-License-Identifier: BSD-3-Clause
-- hillock: what a script gets with `local hk = require "hillock"`. scripts/README.md explains each
-- name.

local core = require "hillock.core"

core.home((debug.getinfo(1, "S").source:gsub("init%.lua$", "")))

local analysis = require "hillock.analysis"
local cell = require "hillock.cell"
local csv = require "hillock.csv"
local distribution = require "hillock.distribution"
local keys = require "hillock.keys"
local morphology = require "hillock.morphology"
local network = require "hillock.network"
local parallel = require "hillock.parallel"
local place = require "hillock.place"
local plot = require "hillock.plot"
local plugins = require "hillock.plugins"
local random = require "hillock.random"
local results = require "hillock.results"
local rule = require "hillock.rule"

-- Loaded where it is wanted: few scripts do.
local function dendrotweaks(...)
    return require "hillock.dendrotweaks".load(...)
end

local function protocol(...)
    return require "hillock.protocol".new(...)
end

local function sweep(...)
    return require "hillock.sweep".new(...)
end

local function model(...)
    return require "hillock.model".new(...)
end

-- A table that refuses unknown names and assignments.
local function strict(name, functions)
    return setmetatable({}, {
        __name = name,
        __metatable = { __name = name },
        __index = function(_, key)
            local value = functions[key]
            if value == nil then
                keys.fail("%s has no '%s'%s", name, tostring(key),
                    keys.hint(tostring(key), keys.names(functions)))
            end
            return value
        end,
        __newindex = function(_, key)
            keys.fail("'%s' of %s cannot be assigned", tostring(key), name)
        end,
        __pairs = function()
            return next, functions
        end,
    })
end

return strict("hillock", {
    version = core.version,
    -- shapes
    swc = morphology.swc,
    swc_text = morphology.swc_text,
    asc = morphology.asc,
    asc_text = morphology.asc_text,
    sections = morphology.sections,
    compartment = morphology.compartment,
    ball_and_stick = morphology.ball_and_stick,
    -- cell types
    cell = cell.new,
    d_lambda = cell.d_lambda,
    longest = cell.longest,
    dendrotweaks = dendrotweaks,
    -- how values spread over a cell
    linear = distribution.linear,
    sinusoidal = distribution.sinusoidal,
    exponential = distribution.exponential,
    power = distribution.power,
    sigmoid = distribution.sigmoid,
    gaussian = distribution.gaussian,
    step = distribution.step,
    polynomial = distribution.polynomial,
    inherit = distribution.inherit,
    -- networks
    network = network.new,
    anywhere = place.anywhere,
    on = place.on,
    by_length = place.by_length,
    by_area = place.by_area,
    pairwise = rule.pairwise,
    all = rule.all,
    one_to_one = rule.one_to_one,
    in_degree = rule.in_degree,
    pairs = rule.pairs,
    random = strict("hillock.random", {
        normal = random.normal,
        lognormal = random.lognormal,
        uniform = random.uniform,
        exponential = random.exponential,
        gamma = random.gamma,
    }),
    -- what is done to models
    model = model,
    protocol = protocol,
    sweep = sweep,
    -- numbers
    array = core.array,
    read_csv = csv.read,
    results = results.open,
    rate = analysis.rate,
    isi = analysis.isi,
    count = analysis.count,
    peak = analysis.peak,
    crossings = analysis.crossings,
    -- plugins and threads
    load = plugins.load,
    plugin = plugins.plugin,
    plugins = plugins.plugins,
    plugin_folder = plugins.plugin_folder,
    plugin_folders = plugins.plugin_folders,
    map = parallel.map,
    -- pictures
    plot = strict("hillock.plot", plot),
})
