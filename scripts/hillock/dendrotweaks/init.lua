-- SPDX-License-Identifier: BSD-3-Clause
-- dendrotweaks: models in folders of DendroTweaks' (https://dendrotweaks.dendrites.gr, its page
-- "Data Format Specification"): a morphology, a biophysical configuration and a protocol of
-- stimuli, each by its name. scripts/dendrotweaks.md says what is taken of it and what comes out.
--
--     folder.lua      which files there are, and which are meant
--     points, shape   SWC to sections, by its rule
--     biophys.lua     the JSON file, checked            json.lua    JSON with order and lines
--     mechanisms.lua  its MOD files, and hillock's plugins
--     recipe.lua      what is to be done, in order
--     build.lua       does it                           export.lua  writes it as a script
--     stimuli.lua     the protocol, as hillock's         legacy.lua  that of 0.4.6 and before
--     table.lua       rows of CSV files                 spikes.lua  trains of a population
--     numpy, ziggurat numpy's random numbers

local biophys = require "hillock.dendrotweaks.biophys"
local build = require "hillock.dendrotweaks.build"
local files = require "hillock.files"
local folder = require "hillock.dendrotweaks.folder"
local keys = require "hillock.keys"
local mechanisms = require "hillock.dendrotweaks.mechanisms"
local morphology = require "hillock.morphology"
local protocol = require "hillock.protocol"
local recipe = require "hillock.dendrotweaks.recipe"
local stimuli = require "hillock.dendrotweaks.stimuli"
local track = require "hillock.track"

local dendrotweaks = {}

-- The shape, and its domains as a set.
local function read_shape(path, wanted)
    local made = path:find "%.asc$" and morphology.asc(path)
        or morphology.dendrotweaks(path, wanted)
    local present = {}
    for _, section in ipairs(require "hillock.cell".new { morphology = made }:sections()) do
        present[section.domain] = true
    end
    return made, present
end

-- The mechanisms of all domains.
local function load_mechanisms(path, plan)
    local names, line, seen = {}, {}, {}
    for _, domain in ipairs(plan.domains) do
        for _, name in ipairs(domain.mechanisms) do
            if not seen[name] then
                seen[name], names[#names + 1], line[name] = true, name, domain.line
            end
        end
    end
    return mechanisms.load(path .. "/biophys/mod", names, "channel", function(name, message)
        keys.fail("%s:%d: %s", plan.path, line[name], message)
    end)
end

local function name_of(path)
    return path:gsub("/+$", ""):match "([^/]+)$" or path
end

--- All that is known of a model: { path, name, plan, recipe, morphology = path, shape, present =
--- domains, wanted = those that the configuration mentions, loaded = mechanisms, points = synapses
--- by their plugins' paths, stimuli = an opened protocol or nil, names = { morphology =, biophys =,
--- stimuli = } }.
---@param path string
---@param options table
function dendrotweaks.open(path, options)
    if not files.is_folder(path) then
        keys.fail("dendrotweaks: %s is no folder", path)
    end
    path = path:gsub("(.)/+$", "%1")
    local model = { path = path, name = name_of(path), names = {} }
    local function pick(what, optional)
        local list, paths = folder[what == "morphology" and "morphologies" or what](path)
        local found
        found, model.names[what] = folder.pick(path, what, list, paths, options[what] or nil,
            optional)
        return found
    end
    model.morphology = pick "morphology"
    local config = pick "biophys"
    local chosen = options.stimuli ~= false and pick("stimuli", true)
    model.plan = biophys.read(config, assert(files.read(track.file(config, "model"))))
    model.wanted, model.points = biophys.mentioned(model.plan), {}
    model.shape, model.present = read_shape(model.morphology, model.wanted)
    biophys.check_domains(model.plan, model.present)
    model.loaded = load_mechanisms(path, model.plan)
    model.stimuli = chosen and stimuli.open(chosen) or nil
    model.recipe = recipe.new(model.plan, model.loaded, model.present,
        model.stimuli and model.stimuli.d_lambda)
    return model
end

-- What a spec takes for a synapse: hillock's plugin, or the folder's MOD file.
local function point_of(model)
    return function(name)
        local made = mechanisms.load(model.path .. "/biophys/mod", { name }, "point",
            function(_, message) keys.fail("dendrotweaks: %s", message) end)[name]
        model.points[made.insert] = { name = name, source = made.source }
        return made.insert
    end
end

--- The cell type and the protocol of an opened model; nil without one.
function dendrotweaks.make(model)
    local cell = build.cell(model.recipe, { name = model.name, morphology = model.shape })
    local data = model.stimuli and stimuli.read(model.stimuli, {
        cell = cell, plan = model.plan, loaded = model.loaded, morphology = model.morphology,
        name = model.name, point = point_of(model),
    })
    return cell, data and protocol.new(data)
end

--- The model in a folder of DendroTweaks'. morphology, biophys, stimuli: names of files (without
--- ending) and folders; what is left out is the only one, or "main"; stimuli = false: none.
---@param path string
---@param options? { morphology?: string, biophys?: string, stimuli?: string|false }
---@return table cell the cell type
---@return table? protocol
function dendrotweaks.load(path, options)
    keys.value("dendrotweaks: folder", path, "string")
    options = keys.check("dendrotweaks", options or {},
        { morphology = "string", biophys = "string", stimuli = "string|boolean" })
    if options.stimuli == true then
        keys.fail("dendrotweaks: stimuli: expected a name, or false for none, got true")
    end
    return dendrotweaks.make(dendrotweaks.open(path, options))
end

return dendrotweaks
