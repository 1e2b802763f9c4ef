-- SPDX-License-Identifier: BSD-3-Clause
-- export: writes a recipe down as a Lua module that a person could have written, with the files
-- that it needs, and the protocol as a file of data. What comes of it is the same to the last bit
-- as what build.lua makes.

local files = require "hillock.files"
local keys = require "hillock.keys"
local literal = require "hillock.dendrotweaks.literal"
local mechanisms = require "hillock.dendrotweaks.mechanisms"
local shape = require "hillock.dendrotweaks.shape"

local export = {}

local Writer = {}
Writer.__index = Writer

function Writer:say(format, ...)
    self[#self + 1] = select("#", ...) > 0 and format:format(...) or format
end

-- Names as a list, in several lines where one of these columns is not enough.
local function list_of(names, indent, used)
    return literal.value(names, indent, nil, used)
end

-- ---- parameters: what one number gives to all that has it

-- What a module calls the parameter of an action: as DendroTweaks does.
local function name_of(action)
    return action.mechanism and ("%s_%s"):format(action.field, action.mechanism) or action.field
end

-- The actions by parameter, in order.
local function by_name(recipe)
    local lists = {}
    for _, actions in ipairs { recipe.Ra, recipe.cm, recipe.values } do
        for _, action in ipairs(actions) do
            local name = name_of(action)
            if not lists[name] then
                lists[name] = {}
                lists[#lists + 1] = name
            end
            table.insert(lists[name], action)
        end
    end
    return lists
end

-- Parameters with a single action, a number: their values by name.
local function find_parameters(recipe)
    local lists, parameters = by_name(recipe), { d_lambda = recipe.d_lambda }
    for _, name in ipairs(lists) do
        local action = #lists[name] == 1 and lists[name][1]
        if action and type(action.spread) == "number" and literal.is_name(name) then
            parameters[name] = action.spread
        end
    end
    return parameters
end

-- ---- values

local spread_order = {
    "slope", "intercept", "amplitude", "frequency", "phase", "growth_rate", "exponent",
    "scale_factor", "vertical_shift", "horizontal_shift", "mean", "std", "start", "stop",
    "min_value", "max_value",
}

function Writer:spread(action, indent, used)
    local spread, name = action.spread, name_of(action)
    if self.parameters[name] then
        return "p." .. name
    elseif type(spread) == "number" then
        return literal.number(spread)
    elseif spread.kind == "inherit" then
        return "hk.inherit()"
    end
    local values = {}
    for key, value in pairs(spread.parameters) do
        values[key == "end" and "stop" or key] = value
    end
    local head = ("hk.%s "):format(spread.kind)
    return head .. literal.value(values.coeffs or values, indent, spread_order,
        used and used + #head)
end

-- ---- parts of the cell

local property = {
    distance = "s.distance", domain_distance = "s.domain_distance", diam = "s.diam",
    section_diam = "middle_diam(s)",
}

-- "s.distance > 260 and s.distance <= 300"
local function condition(part, of)
    local list = {}
    if part.low then
        list[#list + 1] = ("%s > %s"):format(of, literal.number(part.low))
    end
    if part.high then
        list[#list + 1] = ("%s <= %s"):format(of, literal.number(part.high))
    end
    return table.concat(list, " and ")
end

function Writer:is_all(domains)
    return #domains == #keys.names(self.present)
end

local function same(a, b)
    return table.concat(a, "\0") == table.concat(b, "\0")
end

-- An expression for a part.
function Writer:region(part)
    if not part.by and self:is_all(part.domains) then
        return "cell:all()"
    elseif not part.by and #part.domains == 1 then
        return ('cell:region "%s"'):format(part.domains[1])
    elseif not part.by then
        return "cell:region " .. list_of(part.domains, 4, 40)
    end
    local domain = #part.domains == 1 and ('"%s"'):format(part.domains[1])
        or list_of(part.domains, 8, 18)
    local where = ("function(s) return %s end"):format(condition(part, property[part.by]))
    return ("cell:region {\n        domain = %s,\n        where = %s,\n    }"):format(domain, where)
end

-- A variable's name for a part, which is declared where it is used first.
function Writer:variable(part)
    local key = self:region(part)
    if not self.variables[key] then
        local base = part.group
        if not part.by and self:is_all(part.domains) then
            base = "all"
        elseif not base or part.partial and not part.by then
            base = #part.domains < 4 and table.concat(part.domains, "_") or "most"
        end
        base = base:lower():gsub("[^%w_]", "_")
        base = literal.is_name(base) and base or "part_" .. base
        local name, n = base, 1
        while self.taken[name] do
            n = n + 1
            name = ("%s_%d"):format(base, n)
        end
        self.variables[key], self.taken[name] = name, true
        self:say("    local %s = %s", name, key)
    end
    return self.variables[key]
end

-- ---- the parts of the module

function Writer:head(model, base)
    local names = model.names
    self:say("-- The DendroTweaks model %s: morphology %s,\n-- biophysics %s. Written by `hillock "
        .. "dendrotweaks export`; it needs the\n-- files beside it whose names begin like its own.",
        model.name, names.morphology, names.biophys)
    self:say("--")
    self:say("--     local cell = require(\"%s\").cell { d_lambda = 0.05 }", base)
    self:say ""
    self:say('local hk = require "hillock"')
    self:say ""
    self:say('local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""')
end

local function mod_files(model)
    local list = {}
    for _, name in ipairs(keys.names(model.loaded)) do
        if model.loaded[name].source then
            list[#list + 1] = name
        end
    end
    return list
end

function Writer:load_mods(model, base, points)
    if #mod_files(model) > 0 then
        self:say ""
        self:say("-- MOD files: the plugins' paths, by which this cell alone gets them.")
        self:say("local mods = {}")
        self:say('local options = { private = true, quiet = true }')
        self:say('for _, mod in ipairs(hk.load(here .. "%s.mods", options)) do', base)
        self:say("    mods[mod.name] = mod.path")
        self:say("end")
    end
    if #points > 0 then
        self:say ""
        self:say("-- Synapses that the protocol names.")
        self:say('hk.load(here .. "%s.synapses", { quiet = true })', base)
    end
end

local parameter_order = { "d_lambda", "Ra", "cm" }

function Writer:say_parameters()
    self:say ""
    self:say "-- What is one number for all that has it, called as in DendroTweaks; cell() takes"
    self:say "-- others instead."
    self:say("local parameters = %s",
        literal.value(self.parameters, 0, parameter_order, 100))
end

function Writer:helpers(recipe)
    for _, action in ipairs(recipe.values) do
        if action.part.by == "section_diam" then
            self:say ""
            self:say("-- The diameter in the middle of a segment's section.")
            self:say("local function middle_diam(s)")
            self:say('    return s.cell:segment(s.section .. "(0.5)").diam')
            self:say("end")
            break
        end
    end
    self:say ""
    self:say("-- Sets fields of several mechanisms.")
    self:say("local function set(region, values)")
    self:say("    for mechanism, fields in pairs(values) do")
    self:say("        region:set(mechanism, fields)")
    self:say("    end")
    self:say("end")
end

-- Ra and cm, before the cut.
function Writer:membrane(recipe)
    local by_segment, first = false, nil
    for _, field in ipairs { "Ra", "cm" } do
        for _, action in ipairs(recipe[field]) do
            local part, value = action.part, self:spread(action, 4)
            if not part.by then
                local to = self:is_all(part.domains) and "cell" or self:region(part)
                to = to:find "\n" and self:variable(part) or to
                if to == "cell" and #self == first and not value:find "\n" then
                    self[first] = ("%s, %s = %s }"):format(self[first]:sub(1, -3), field, value)
                else
                    self:say("    %s:set { %s = %s }", to, field, value)
                end
                first = to == "cell" and field == "Ra" and #self or nil
            else
                by_segment = by_segment or field == "cm"
                local of = part.by == "section_diam" and "s.diam" or property[part.by]
                self:say("    for _, s in ipairs(cell:sections()) do -- where the middle is in it")
                local domains = {}
                for i, name in ipairs(part.domains) do
                    domains[i] = ('s.domain == "%s"'):format(name)
                end
                local is_in = table.concat(domains, " or ")
                self:say("        if %s and %s then",
                    #domains > 1 and ("(%s)"):format(is_in) or is_in, condition(part, of))
                self:say("            cell:region(s.name):set { %s = %s }", field, value)
                self:say("        end")
                self:say("    end")
            end
        end
    end
    return by_segment
end

function Writer:insertions(model, recipe)
    local has_mods = #mod_files(model) > 0
    for _, item in ipairs(recipe.insert) do
        local part = { domains = item.domains }
        local region = self:is_all(item.domains) and "cell" or self:region(part)
        if region ~= "cell" and (#item.mechanisms > 1 or region:find "\n") then
            region = self:variable(part)
        end
        if #item.mechanisms == 1 then
            local name = item.mechanisms[1]
            self:say(model.loaded[name].source and "    %s:insert(mods.%s)" or '    %s:insert "%s"',
                region, name)
        else
            self:say("    for _, name in ipairs %s do", list_of(item.mechanisms, 4, 30))
            self:say("        %s:insert(%s)", region, has_mods and "mods[name] or name" or "name")
            self:say("    end")
        end
    end
end

-- The actions in rounds: the first of each parameter, the second ones, ...; each round by parts: a
-- list of { part, mechanisms = { NAME = actions }, own = actions of no mechanism }.
local function rounds(actions)
    local list, count = {}, {}
    for _, action in ipairs(actions) do
        local name = name_of(action)
        count[name] = (count[name] or 0) + 1
        local round = list[count[name]] or {}
        list[count[name]] = round
        local entry
        for _, other in ipairs(round) do
            local a, b = other.part, action.part
            if same(a.domains, b.domains) and a.by == b.by and a.low == b.low
                and a.high == b.high then
                entry = other
            end
        end
        if not entry then
            entry = { part = action.part, mechanisms = {}, own = {} }
            round[#round + 1] = entry
        end
        local to = entry.own
        if action.mechanism then
            entry.mechanisms[action.mechanism] = entry.mechanisms[action.mechanism] or {}
            to = entry.mechanisms[action.mechanism]
        end
        to[#to + 1] = action
    end
    return list
end

-- "{ gbar = 0.1, e = -70 }", in several lines where it is long.
function Writer:fields(actions, indent, used)
    local list = {}
    table.sort(actions, function(a, b) return a.field < b.field end)
    for i, action in ipairs(actions) do
        list[i] = ("%s = %s"):format(action.field,
            self:spread(action, indent + 4, indent + #action.field + 12))
    end
    local line = ("{ %s }"):format(table.concat(list, ", "))
    if #line + used <= 98 and not line:find "\n" then
        return line
    end
    return literal.fill(list, indent)
end

function Writer:entry(entry)
    local variable = self:variable(entry.part)
    if #entry.own > 0 then
        self:say("    %s:set %s", variable, self:fields(entry.own, 4, #variable + 9))
    end
    local names = keys.names(entry.mechanisms)
    if #names == 1 then
        local name = names[1]
        self:say('    %s:set("%s", %s)', variable, name,
            self:fields(entry.mechanisms[name], 4, #variable + #name + 14))
    elseif #names > 1 then
        self:say("    set(%s, {", variable)
        for _, name in ipairs(names) do
            self:say("        %s = %s,", literal.is_name(name) and name or ('["%s"]'):format(name),
                self:fields(entry.mechanisms[name], 8, #name + 12))
        end
        self:say("    })")
    end
end

function Writer:cell(model, base)
    local recipe = model.recipe
    local renamed = shape.renamed(model.morphology, model.wanted)
    self:say ""
    self:say("local function make(p)")
    local read = model.morphology:find "%.asc$" and ('hk.asc(here .. "%s.asc")'):format(base)
        or ('hk.swc(here .. "%s.swc", { rule = "dendrotweaks"%s })'):format(base,
            next(renamed) and ", domains = " .. literal.value(renamed) or "")
    self:say('    local cell = hk.cell {\n        name = %s, nseg = hk.d_lambda(p.d_lambda),',
        literal.value(model.name))
    self:say("        morphology = %s,\n    }", read)
    local by_segment = self:membrane(recipe)
    self:insertions(model, recipe)
    local actions = by_segment and table.move(recipe.cm, 1, #recipe.cm, 1, {}) or {}
    table.move(recipe.values, 1, #recipe.values, #actions + 1, actions)
    for _, round in ipairs(rounds(actions)) do
        self:say ""
        for _, entry in ipairs(round) do
            self:entry(entry)
        end
    end
    self:say("    return cell")
    self:say("end")
    self:say ""
    self:say("return {")
    self:say("    parameters = parameters,")
    self:say("    -- The cell type; what is given counts instead of parameters.")
    self:say("    cell = function(given)")
    self:say("        local p = {}")
    self:say("        for name, value in pairs(parameters) do")
    self:say("            p[name] = value")
    self:say("        end")
    self:say("        for name, value in pairs(given or {}) do")
    self:say("            assert(p[name], \"there is no parameter \" .. tostring(name))")
    self:say("            p[name] = value")
    self:say("        end")
    self:say("        return make(p)")
    self:say("    end,")
    self:say("}")
end

-- The synapses of a protocol that are MOD files: their plugins' paths with their names.
local function own_points(model, protocol)
    local list, names = {}, {}
    for _, input in ipairs(protocol and protocol.inputs or {}) do
        local path = input.synapse[1]
        if path:find("/", 1, true) and not names[path] then
            names[path] = model.points[path].name
            list[#list + 1] = model.points[path]
        end
    end
    return list, names
end

--- The module's text.
---@param model table what dendrotweaks.open gave
---@param base string the file's name without ending
---@param points table[]
function export.module(model, base, points)
    local self = setmetatable({
        present = model.present, variables = {}, parameters = find_parameters(model.recipe),
        taken = { cell = true, p = true, hk = true, set = true, here = true, mods = true,
            make = true, parameters = true, middle_diam = true },
    }, Writer)
    self:head(model, base)
    self:load_mods(model, base, points)
    self:say_parameters()
    self:helpers(model.recipe)
    self:cell(model, base)
    return table.concat(self, "\n") .. "\n"
end

local protocol_order = {
    "protocol", "name", "about", "model", "cells", "celsius", "v_init", "dt", "duration", "seed",
    "clamps", "at", "delay", "dur", "amp", "inputs", "input", "synapse", "weight", "record",
}

--- The protocol's text.
---@param protocol table
---@param base string
---@param names table<string, string> of synapses by their plugins' paths
function export.protocol(protocol, base, names)
    local copy = {}
    for key, value in pairs(protocol) do
        copy[key] = value
    end
    copy.model = base .. ".lua"
    copy.inputs = protocol.inputs and {}
    for i, input in ipairs(protocol.inputs or {}) do
        copy.inputs[i] = {}
        for key, value in pairs(input) do
            copy.inputs[i][key] = value
        end
        local synapse = table.move(input.synapse, 1, #input.synapse, 1, {})
        for key, value in pairs(input.synapse) do
            synapse[key] = value
        end
        synapse[1] = names[synapse[1]] or synapse[1]
        copy.inputs[i].synapse = synapse
    end
    return ("-- Written by `hillock dendrotweaks export`.\nreturn %s\n"):format(
        literal.value(copy, 0, protocol_order, 100))
end

--- All files of an export: texts by path.
---@param model table
---@param protocol? table
---@param path string of the module, which ends with .lua
function export.files(model, protocol, path)
    local stem = path:gsub("%.lua$", "")
    local base = stem:match "([^/]+)$"
    local points, names = own_points(model, protocol)
    local made = {
        [path] = export.module(model, base, points),
        [stem .. model.morphology:match "%.%w+$"] = assert(files.read(model.morphology)),
    }
    for _, name in ipairs(mod_files(model)) do
        made[("%s.mods/%s.mod"):format(stem, name)] = mechanisms.text(model.loaded[name].source)
    end
    for _, point in ipairs(points) do
        made[("%s.synapses/%s.mod"):format(stem, point.name)] = mechanisms.text(point.source)
    end
    if protocol then
        made[stem .. ".protocol.lua"] = export.protocol(protocol, base, names)
    end
    return made
end

return export
