-- SPDX-License-Identifier: BSD-3-Clause
-- recipe: what is to be done to a cell type, in this order, to give it a biophysical configuration:
-- Ra and cm, the cut, mechanisms, values. It is carried out (build.lua) or written down as a script
-- (export.lua).
--
-- A part is { domains =, by =, low =, high =, group =, partial = }: what is in these domains of the
-- cell and, with `by`, has low < value <= high; group: whose part it is, if it is one's; partial:
-- the group has more domains. An action is { field =, mechanism =, part =, spread =, line = }.

local biophys = require "hillock.dendrotweaks.biophys"
local keys = require "hillock.keys"
local mechanisms = require "hillock.dendrotweaks.mechanisms"

local recipe = {}

-- NEURON's reversal potentials where nothing sets them, mV: (share/include/nrn, ion_register).
local reversal = { na = 50, k = -77, ca = 132.4579341637009 }

local function ion_of(field)
    return field:match "^e(%a%w*)$" or field:match "^(%a%w-)[io]$"
end

-- The part of a group that is within these domains; nil where that is none.
local function part_of(group, wanted)
    local domains = {}
    for _, name in ipairs(group.domains) do
        if wanted[name] then
            domains[#domains + 1] = name
        end
    end
    if #domains == 0 then
        return nil
    end
    local bounded = group.by and (group.low or group.high)
    return {
        domains = domains, by = bounded and group.by or nil, low = bounded and group.low or nil,
        high = bounded and group.high or nil, group = group.name,
        partial = #domains < #group.domains,
    }
end

local function part_of_all(domains)
    return { domains = keys.names(domains) }
end

-- Whether a part is all of the domains.
local function covers(part, domains)
    local has = {}
    for _, name in ipairs(part and not part.by and part.domains or {}) do
        has[name] = true
    end
    for name in pairs(domains) do
        if not has[name] then
            return false
        end
    end
    return true
end

local Maker = {}
Maker.__index = Maker

-- The domains with a mechanism for which test(its description) holds.
function Maker:domains_with(test)
    local set = {}
    for _, domain in ipairs(self.plan.domains) do
        for name in pairs(self.plan.in_domain[domain.name]) do
            if test(self.loaded[name].plugin) then
                set[domain.name] = true
            end
        end
    end
    return set
end

-- What can be set, for messages.
function Maker:settable()
    local names = { "cm", "Ra" }
    for name, mechanism in pairs(self.loaded) do
        for _, field in ipairs(mechanism.plugin.fields) do
            if field.role == "parameter" or field.role == "global" then
                names[#names + 1] = field.name .. "_" .. name
            elseif field.role == "reversal" then
                names[#names + 1] = field.name
            end
        end
    end
    return names
end

-- Where a parameter can be set, as a set of domains; its mechanism, or nil, and field.
function Maker:place(param)
    local mechanism, field = biophys.split(param.name, self.loaded)
    if mechanism and mechanisms.is_settable(self.loaded[mechanism].plugin, field) then
        return self:domains_with(function(plugin)
            return plugin == self.loaded[mechanism].plugin
        end), mechanism, field
    elseif param.name == "cm" or param.name == "Ra" then
        return self.present, nil, param.name
    end
    local ion = ion_of(param.name)
    local domains = ion and self:domains_with(function(plugin)
        return mechanisms.uses(plugin, ion)
    end)
    if not domains or not next(domains) then
        if reversal[ion] and param.name == "e" .. ion then
            return {}, nil, param.name -- of an ion that the cell has not
        end
        keys.fail("%s:%d: unknown parameter '%s'%s", self.plan.path, param.line, param.name,
            keys.hint(param.name, self:settable()))
    end
    return domains, nil, param.name
end

-- How many of the actions, from the first, give numbers to whole domains.
local function plain(list)
    for i, action in ipairs(list) do
        if action.part.by or type(action.spread) ~= "number" then
            return i - 1
        end
    end
    return #list
end

-- The same with fewer actions: of those that give numbers to whole domains, before any other, what
-- each domain has in the end; domains of one number together.
local function simplified(list)
    local n, last, made, of = plain(list), {}, {}, {}
    for i = 1, n do
        for _, name in ipairs(list[i].part.domains) do
            last[name] = list[i]
        end
    end
    for i = 1, n do
        local action, domains = list[i], {}
        for _, name in ipairs(action.part.domains) do
            domains[#domains + 1] = last[name] == action and name or nil
        end
        local other = of[action.spread]
        if #domains > 0 and other then
            table.move(domains, 1, #domains, #other.part.domains + 1, other.part.domains)
            other.part.group = nil
        elseif #domains > 0 then
            local whole = #domains == #action.part.domains
            local part = { domains = domains, group = whole and action.part.group or nil,
                partial = action.part.partial }
            made[#made + 1] = { mechanism = action.mechanism, field = action.field, part = part,
                spread = action.spread, line = action.line }
            of[action.spread] = made[#made]
        end
    end
    return table.move(list, n + 1, #list, #made + 1, made)
end

-- The actions of a parameter; the first is of `default` where the first group leaves out some.
local function actions(param, domains, mechanism, field, default)
    local list = {}
    for _, item in ipairs(param.spreads) do
        local part = part_of(item.group, domains)
        if part then
            list[#list + 1] = { mechanism = mechanism, field = field, part = part,
                spread = item.spread, line = item.line }
        end
    end
    if default and next(domains) and not covers(list[1] and list[1].part, domains) then
        table.insert(list, 1, { mechanism = mechanism, field = field, part = part_of_all(domains),
            spread = default, line = param.line })
    end
    return simplified(list)
end

-- Where a model says nothing of what hillock has another default for than NEURON and DendroTweaks.
function Maker:defaults()
    local named, list = {}, {}
    for _, param in ipairs(self.plan.params) do
        named[param.name] = true
    end
    for _, name in ipairs(keys.names(mechanisms.defaults)) do
        local mechanism = self.loaded[name]
        for _, field in ipairs(keys.names(mechanism and not mechanism.source
            and mechanisms.defaults[name] or {})) do
            if not named[field .. "_" .. name] then
                list[#list + 1] = { name = field .. "_" .. name }
            end
        end
    end
    for _, ion in ipairs(keys.names(reversal)) do
        local domains = self:domains_with(function(plugin)
            return mechanisms.uses(plugin, ion)
        end)
        if not named["e" .. ion] and next(domains) then
            list[#list + 1] = { name = "e" .. ion }
        end
    end
    for _, param in ipairs(list) do
        param.spreads, param.line = {}, 1
    end
    return list
end

local function default_of(loaded, mechanism, field)
    if mechanism then
        local own = not loaded[mechanism].source and mechanisms.defaults[mechanism]
        return own and own[field]
    end
    return reversal[field:match "^e(.+)$"]
end

-- The mechanisms, those that are in the same domains together, else in the order of the file.
local function insertions(plan)
    local list, of, sets = {}, {}, {}
    for _, domain in ipairs(plan.domains) do
        for _, name in ipairs(domain.mechanisms) do
            if not of[name] then
                of[name] = {}
                list[#list + 1] = name
            end
            if of[name][#of[name]] ~= domain.name then
                table.insert(of[name], domain.name)
            end
        end
    end
    for _, name in ipairs(list) do
        local key = table.concat(of[name], " ")
        if not sets[key] then
            sets[key] = { domains = of[name], mechanisms = {} }
            sets[#sets + 1] = sets[key]
        end
        table.insert(sets[key].mechanisms, name)
    end
    return sets
end

--- The recipe of a configuration: { d_lambda, Ra = actions, cm = actions, insert = list of {
--- domains, mechanisms }, values = actions }.
---@param plan table what biophys.read gave
---@param loaded table what mechanisms.load gave
---@param present table<string, boolean> the cell's domains
---@param d_lambda? number instead of the configuration's
function recipe.new(plan, loaded, present, d_lambda)
    local self = setmetatable({ plan = plan, loaded = loaded, present = present }, Maker)
    local made = { d_lambda = d_lambda or plan.d_lambda, Ra = {}, cm = {}, values = {},
        insert = insertions(plan), loaded = loaded, path = plan.path }
    local params = self:defaults()
    table.move(plan.params, 1, #plan.params, #params + 1, params)
    for _, param in ipairs(params) do
        local domains, mechanism, field = self:place(param)
        local default = default_of(loaded, mechanism, field)
        local list = actions(param, domains, mechanism, field, default)
        local to = not mechanism and made[field] or made.values
        table.move(list, 1, #list, #to + 1, to)
    end
    return made
end

return recipe
