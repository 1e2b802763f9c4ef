-- SPDX-License-Identifier: BSD-3-Clause
-- stimuli: a stimulation protocol, stimuli/NAME/config.json with its CSV files, as a protocol table
-- of hillock's. Sections are numbered there (sec_idx, from 0) as the cell type numbers them (from
-- 1).

local biophys = require "hillock.dendrotweaks.biophys"
local files = require "hillock.files"
local json = require "hillock.dendrotweaks.json"
local keys = require "hillock.keys"
local legacy = require "hillock.dendrotweaks.legacy"
local mechanisms = require "hillock.dendrotweaks.mechanisms"
local spikes = require "hillock.dendrotweaks.spikes"
local table_of = require "hillock.dendrotweaks.table"
local track = require "hillock.track"

local stimuli = {}

-- What DendroTweaks' synapses are where a population does not say.
local kinetics = {
    AMPA = { gmax = 0.001, tau_rise = 0.1, tau_decay = 2.5, e = 0 },
    NMDA = { gmax = 0.0007, tau_rise = 2, tau_decay = 30, e = 0, gamma = 0.062, mu = 0.28 },
    AMPA_NMDA = {
        gmax_AMPA = 0.001, gmax_NMDA = 0.0007, tau_rise_AMPA = 0.1, tau_decay_AMPA = 2.5,
        tau_rise_NMDA = 2, tau_decay_NMDA = 30, e = 0, gamma = 0.062, mu = 0.28,
    },
    GABAa = { gmax = 0.001, tau_rise = 0.1, tau_decay = 8, e = -70 },
}

local inputs = { rate = 1, noise = 0, start = 100, ["end"] = 200, weight = 1, delay = 0 }

-- ---- places

-- Of a row: the section, and the place as hillock says it.
local function place(self, row)
    local index, loc = row:whole "sec_idx", row:number "loc"
    local section = self.sections[index + 1]
    if not section then
        row:fail("sec_idx", "sec_idx %d is off the cell, which has the sections 0 to %d", index,
            #self.sections - 1)
    elseif loc < 0 or loc > 1 then
        row:fail("loc", "loc is %s: it goes along the section from 0 to 1", row:text "loc")
    end
    return section, ("%s(%s)"):format(section.name, row:text "loc")
end

-- ---- currents and recordings

-- A second clamp in a segment takes the first one's place.
local function read_clamps(self, path)
    local list, of = {}, {}
    for _, row in ipairs(table_of.read(path, { "sec_idx", "loc", "amp", "delay", "dur" })) do
        local _, at = place(self, row)
        local segment = self.cell:segment(at).index
        for i, other in ipairs(list) do
            if other == of[segment] then
                table.remove(list, i)
                break
            end
        end
        of[segment] = { "IClamp", at = at, delay = row:number "delay", dur = row:number "dur",
            amp = row:number "amp" }
        list[#list + 1] = of[segment]
    end
    return list
end

local function has_field(plugin, name)
    for _, field in ipairs(plugin.fields) do
        if field.name == name then
            return true
        end
    end
    return plugin.kind == "channel" and (name == "i" or name == "g")
end

-- What can be recorded in a domain, for messages.
local function recordable(self, domain)
    local names = { "v" }
    for mechanism in pairs(self.plan.in_domain[domain] or {}) do
        local plugin = self.loaded[mechanism].plugin
        names[#names + 1] = "i_" .. mechanism
        for _, field in ipairs(plugin.fields) do
            names[#names + 1] = field.ion and field.name or field.name .. "_" .. mechanism
        end
    end
    return names
end

-- What hillock calls a variable of NEURON's that is in a domain's segments, or nil.
local function variable(self, domain, name)
    local present = self.plan.in_domain[domain] or {}
    if name == "v" then
        return name
    end
    local mechanism, field = biophys.split(name, present)
    if mechanism and has_field(self.loaded[mechanism].plugin, field) then
        return mechanism .. "." .. field
    end
    for _, pattern in ipairs { "^[ei](%a%w*)$", "^(%a%w-)[io]$" } do
        local ion = name:match(pattern)
        for other in pairs(ion and present or {}) do
            if mechanisms.uses(self.loaded[other].plugin, ion) then
                return name
            end
        end
    end
end

-- A name for a recording that can be a file's: "v_apic_3", "v_apic_3_0.94" where it is not the
-- middle.
local function name_of(var, section, loc, taken)
    local name = var .. "_" .. section.name:gsub("%[", "_"):gsub("%]", "")
    if loc ~= 0.5 then
        name = name .. ("_%.4g"):format(loc)
    end
    local base, n = name, 1
    while taken[name] do
        n = n + 1
        name = base .. "_" .. n
    end
    taken[name] = true
    return name
end

local function read_recordings(self, path)
    local list, taken = {}, {}
    for _, row in ipairs(table_of.read(path, { "sec_idx", "loc", "var" })) do
        local section, at = place(self, row)
        local what = variable(self, section.domain, row:text "var")
        if not what then
            row:fail("var", "%s has no variable '%s'%s", section.name, row:text "var",
                keys.hint(row:text "var", recordable(self, section.domain)))
        end
        list[#list + 1] = { what, at = at,
            name = name_of(row:text "var", section, row:number "loc", taken) }
    end
    return list
end

-- ---- populations

-- Numbers over defaults; unknown names are errors.
local function over(reader, given, defaults, what, more)
    local values, names = {}, keys.names(defaults)
    for key, value in pairs(defaults) do
        values[key] = value
    end
    table.move(more or {}, 1, #(more or {}), #names + 1, names)
    reader:known(given, names, what, true)
    for _, key in ipairs(json.order(given)) do
        values[key] = reader:get(given, key, "number", key == "seed")
    end
    return values
end

local function read_population(reader, name, given)
    local what = ("population '%s'"):format(name)
    reader:known(given, { "idx", "name", "syn_type", "N", "input_params", "kinetic_params" }, what)
    local kind = reader:get(given, "syn_type", "string")
    if not kinetics[kind] then
        reader:fail(given, "syn_type", "%s: unknown syn_type '%s'%s", what, kind,
            keys.hint(kind, keys.names(kinetics)))
    end
    local kinetic = reader:get(given, "kinetic_params", "object", true)
    local input = reader:get(given, "input_params", "object", true)
    return {
        name = name, kind = kind, idx = reader:get(given, "idx", "number"),
        n = reader:get(given, "N", "number"), places = {},
        synapse = kinetic and over(reader, kinetic, kinetics[kind], what, { "mg" })
            or over(reader, reader.empty, kinetics[kind], what),
        input = over(reader, input or reader.empty, inputs, what, { "seed" }),
        object = input or given,
    }
end

-- The synapses of each population; those in one place stand together, where the first is.
local function read_places(self, path, populations)
    local by_index, of = {}, {}
    for _, population in ipairs(populations) do
        by_index[population.idx], of[population] = population, {}
    end
    for _, row in ipairs(table_of.read(path, { "sec_idx", "loc", "pop_idx" })) do
        local population = by_index[row:whole "pop_idx"]
        if not population then
            row:fail("pop_idx", "there is no population of idx %s", row:text "pop_idx")
        end
        local _, at = place(self, row)
        local groups = of[population]
        if not groups[at] then
            groups[at] = {}
            groups[#groups + 1] = groups[at]
        end
        table.insert(groups[at], at)
    end
    for _, population in ipairs(populations) do
        for _, group in ipairs(of[population]) do
            table.move(group, 1, #group, #population.places + 1, population.places)
        end
    end
end

local function input_of(self, population, number)
    local places, p = population.places, population.input
    local drawn = p.seed == nil and p.noise ~= 0
    if drawn then
        table.insert(self.notes, ("the input of '%s' has no seed: it follows the protocol's")
            :format(population.name))
    end
    if drawn and p.noise == 1 then
        return { "Poisson", rate = { { p.start, p["end"], p.rate } } }
    end
    if p.seed and (p.seed % 1 ~= 0 or p.seed < 0 or not math.tointeger(p.seed)) then
        self.reader:fail(population.object, "seed", "seed is a whole number from 0, not %s", p.seed)
    elseif #places > population.n then
        self.reader:fail(population.object, nil, "population '%s' has N = %d and %d synapses",
            population.name, population.n, #places)
    end
    return { "SpikeArray", times = spikes.times(p, math.tointeger(p.seed or self.seed + number),
        #places) }
end

local function read_populations(self, path)
    local root = self.reader:get(self.reader.root, "stimuli", "object", true)
    local given = root and self.reader:get(root, "populations", "object", true)
    local populations, list = {}, {}
    for i, name in ipairs(given and json.order(given) or {}) do
        populations[i] = read_population(self.reader, name, self.reader:get(given, name, "object"))
    end
    read_places(self, path, populations)
    for i, population in ipairs(populations) do
        if #population.places > 0 then
            local synapse = { self.point(population.kind) }
            for key, value in pairs(population.synapse) do
                synapse[key] = value
            end
            list[#list + 1] = {
                name = population.name, input = input_of(self, population, i), synapse = synapse,
                places = population.places, weight = population.input.weight,
                delay = population.input.delay,
            }
        end
    end
    return list
end

-- ---- all of it

local function simulation(reader)
    local given = reader:get(reader.root, "simulation", "object")
    local made = {}
    for key, name in pairs { temperature = "celsius", v_init = "v_init", dt = "dt",
        duration = "duration" } do
        made[name] = reader:get(given, key, "number")
    end
    made.d_lambda = reader:get(given, "d_lambda", "number", true)
    return made
end

--- Opens a protocol: a folder, or the JSON file of an earlier version. What comes back is for
--- stimuli.read; its `d_lambda` is the one that the cell should have, or nil.
---@param path string
function stimuli.open(path)
    local is_old = path:find "%.json$" ~= nil
    local config = is_old and path or path .. "/config.json"
    local text, why = files.read(track.file(config, "protocol"))
    if not text then
        keys.fail("dendrotweaks: %s", why)
    end
    local reader = biophys.open(config, text)
    reader:known(reader.root, { "metadata", "simulation", "stimuli" }, "a protocol")
    reader.empty = json.decode(config, "{}")
    local simulated = simulation(reader)
    return { path = path, reader = reader, is_old = is_old, simulation = simulated,
        d_lambda = simulated.d_lambda }
end

--- The protocol table of an opened protocol.
---@param opened table what stimuli.open gave
---@param model table { cell, plan, loaded, morphology = path, name, point = function(name) -> what
--- specs take }
function stimuli.read(opened, model)
    local self = { cell = model.cell, plan = model.plan, loaded = model.loaded, notes = {},
        point = model.point, reader = opened.reader, seed = 1, sections = model.cell:sections() }
    local folder, name = opened.path, opened.path:match "([^/]+)/*$":gsub("%.json$", "")
    if opened.is_old then
        folder = legacy.tables(opened.path, opened.reader)
        self.sections = legacy.sections(model.morphology, self.sections)
    end
    local function path_of(part)
        return folder[part] or type(folder) == "string" and ("%s/%s.csv"):format(folder, part)
    end
    local made = { protocol = 1, name = name, cells = 1, seed = self.seed }
    for _, key in ipairs { "celsius", "v_init", "dt", "duration" } do
        made[key] = opened.simulation[key]
    end
    local readers = {
        clamps = { "iclamps", read_clamps }, inputs = { "synapses", read_populations },
        record = { "recordings", read_recordings },
    }
    for _, key in ipairs { "clamps", "inputs", "record" } do
        local path = path_of(readers[key][1])
        local is_there = path and (type(path) ~= "string" or files.exists(path))
        local list = is_there and readers[key][2](self, path) or {}
        made[key] = #list > 0 and list or nil
    end
    made.about = ("%s of the DendroTweaks model %s%s"):format(name, model.name,
        #self.notes > 0 and "; " .. table.concat(self.notes, "; ") or "")
    return made
end

return stimuli
