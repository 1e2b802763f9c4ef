-- SPDX-License-Identifier: BSD-3-Clause
-- biophys: a biophysical configuration, biophys/NAME.json, read and checked: which mechanisms are
-- in which domain, groups of segments, and for each parameter its values group by group.

local json = require "hillock.dendrotweaks.json"
local keys = require "hillock.keys"
local shape = require "hillock.dendrotweaks.shape"

local biophys = {}

-- ---- checked access

local Reader = {}
Reader.__index = Reader

-- An error at the line of an element of an object, or without a key of the object itself.
function Reader:fail(object, key, format, ...)
    keys.fail("%s:%d: %s", self.path, json.line(object, key), format:format(...))
end

local function kind_of(value)
    if value == json.null then
        return "null"
    elseif type(value) == "table" then
        return json.order(value) and "object" or "list"
    end
    return type(value)
end

local said = {
    object = "an object", list = "a list", string = "a string", number = "a number",
    boolean = "true or false", null = "null", ["nil"] = "nothing",
}

-- An object's element of one of these kinds; nil where it is missing, or null, and may be.
function Reader:get(object, key, kinds, optional)
    local value = object[key]
    if value == nil or value == json.null then
        if optional then
            return nil
        end
        local named = type(key) == "number" and "" or (" '%s'"):format(key)
        self:fail(object, value and key, "%s%s is missing", said[kinds] or "a value", named)
    end
    for kind in kinds:gmatch "[^|]+" do
        if kind_of(value) == kind then
            return value
        end
    end
    local wanted = {}
    for kind in kinds:gmatch "[^|]+" do
        wanted[#wanted + 1] = said[kind]
    end
    self:fail(object, key, "%s: expected %s, got %s", tostring(key), table.concat(wanted, " or "),
        said[kind_of(value)])
end

-- Refuses keys that are near to a known one, or all unknown ones.
function Reader:known(object, names, what, strict)
    local set = {}
    for _, name in ipairs(names) do
        set[name] = true
    end
    for _, key in ipairs(json.order(object)) do
        if not set[key] and (strict or keys.nearest(key, names)) then
            self:fail(object, key, "%s: unknown key '%s'%s", what, key,
                keys.hint(key, table.move(names, 1, #names, 1, {})))
        end
    end
end

-- A list of strings.
function Reader:names(object, key)
    local list, names = self:get(object, key, "list"), {}
    for i = 1, #list do
        names[i] = self:get(list, i, "string")
    end
    return names
end

--- Opens a JSON file whose value is an object.
function biophys.open(path, text)
    local self = setmetatable({ path = path }, Reader)
    self.root = json.decode(path, text)
    if kind_of(self.root) ~= "object" then
        keys.fail("%s:1: expected an object, got %s", path, said[kind_of(self.root)])
    end
    return self
end

-- ---- domains and groups

local function read_domains(self, plan)
    local domains = self:get(self.root, "domains", "object")
    for _, name in ipairs(json.order(domains)) do
        local mechanisms = self:names(domains, name)
        plan.domains[#plan.domains + 1] = {
            name = name, mechanisms = mechanisms, line = json.line(domains, name),
        }
        plan.in_domain[name] = {}
        for _, mechanism in ipairs(mechanisms) do
            plan.in_domain[name][mechanism] = true
        end
    end
end

local criteria = { "diam", "section_diam", "distance", "domain_distance" }
local group_keys = { "name", "domains", "select_by", "min_value", "max_value" }

local function read_group(self, group)
    self:known(group, group_keys, "group", true)
    local made = {
        name = self:get(group, "name", "string"), domains = self:names(group, "domains"),
        by = self:get(group, "select_by", "string", true),
        low = self:get(group, "min_value", "number", true),
        high = self:get(group, "max_value", "number", true), object = group,
    }
    local known
    for _, name in ipairs(criteria) do
        known = known or made.by == name
    end
    if made.by and not known then
        self:fail(group, "select_by", "group '%s' selects by an unknown property '%s'%s", made.name,
            made.by, keys.hint(made.by, table.move(criteria, 1, #criteria, 1, {})))
    end
    return made
end

-- Of groups with one name the last one counts.
local function read_groups(self, plan)
    local groups = self:get(self.root, "groups", "list")
    for i = 1, #groups do
        local group = read_group(self, self:get(groups, i, "object"))
        plan.groups[group.name] = group
    end
end

-- ---- values

-- What each function must be given (true), and may be.
local functions = {
    constant = { value = true }, uniform = { value = true },
    linear = { slope = true, intercept = true },
    power = {
        exponent = true, scale_factor = false, vertical_shift = false, horizontal_shift = false,
    },
    exponential = {
        growth_rate = true, scale_factor = false, vertical_shift = false, horizontal_shift = false,
    },
    sigmoid = {
        growth_rate = true, scale_factor = false, vertical_shift = false, horizontal_shift = false,
    },
    sinusoidal = { amplitude = true, frequency = true, phase = false },
    gaussian = { amplitude = true, mean = true, std = true },
    step = { start = true, ["end"] = true, min_value = true, max_value = true },
    polynomial = { coeffs = true },
}

local function read_parameters(self, given, name, what)
    local wanted, parameters = functions[name], {}
    self:known(given, keys.names(wanted), what, true)
    for _, key in ipairs(keys.names(wanted)) do
        if key == "coeffs" then
            local list = self:get(given, key, "list")
            parameters.coeffs = {}
            for i = 1, #list do
                parameters.coeffs[i] = self:get(list, i, "number")
            end
            if #list == 0 then
                self:fail(given, key, "%s: coeffs is empty", what)
            end
        else
            if wanted[key] and given[key] == nil then
                self:fail(given, nil, "%s: %s's parameter '%s' is missing", what, name, key)
            end
            parameters[key] = self:get(given, key, "number", not wanted[key])
        end
    end
    return parameters
end

-- A number; or { kind =, parameters = } of one of hk's distributions.
local function read_spread(self, object, key, what)
    local value = self:get(object, key, "object|string|number")
    if type(value) == "number" then
        return value
    elseif type(value) == "string" then
        if value ~= "inherit" then
            self:fail(object, key, "%s: '%s' is neither 'inherit' nor a function with parameters",
                what, value)
        end
        return { kind = "inherit" }
    end
    self:known(value, { "function", "parameters" }, what, true)
    local name = self:get(value, "function", "string")
    if name == "inherit" then
        return { kind = "inherit" }
    elseif not functions[name] then
        self:fail(value, "function", "%s: unknown function '%s'%s", what, name,
            keys.hint(name, keys.names(functions)))
    end
    local parameters = read_parameters(self, self:get(value, "parameters", "object"), name, what)
    if name == "constant" or name == "uniform" then
        return parameters.value
    end
    return { kind = name, parameters = parameters }
end

-- The mechanism whose name the parameter ends with, the longest one, and the field before it.
function biophys.split(name, mechanisms)
    local best
    for mechanism in pairs(mechanisms) do
        if name:sub(-#mechanism - 1) == "_" .. mechanism and (not best or #mechanism > #best) then
            best = mechanism
        end
    end
    return best, best and name:sub(1, -#best - 2) or name
end

local function read_params(self, plan)
    local params = self:get(self.root, "params", "object")
    for _, name in ipairs(json.order(params)) do
        local groups, spreads = self:get(params, name, "object"), {}
        for i, group in ipairs(json.order(groups)) do
            if not plan.groups[group] then
                self:fail(groups, group, "%s: there is no group '%s'%s", name, group,
                    keys.hint(group, keys.names(plan.groups)))
            end
            spreads[i] = {
                group = plan.groups[group], line = json.line(groups, group),
                spread = read_spread(self, groups, group, ("%s of %s"):format(name, group)),
            }
        end
        plan.params[#plan.params + 1] = {
            name = name, spreads = spreads, line = json.line(params, name),
        }
    end
end

--- The configuration in a file: { path, d_lambda, domains = list of { name, mechanisms }, in_domain
--- = { DOMAIN = set of mechanisms }, groups = by name { name, domains, by, low, high }, params =
--- list of { name, spreads = list of { group, spread } } }, with `line`s. Of spreads the later ones
--- count.
---@param path string
---@param text string
function biophys.read(path, text)
    local self = biophys.open(path, text)
    self:known(self.root, { "metadata", "d_lambda", "domains", "groups", "params" },
        "a biophysical configuration")
    local plan = {
        path = path, reader = self, domains = {}, in_domain = {}, groups = {}, params = {},
        d_lambda = self:get(self.root, "d_lambda", "number", true) or 0.1,
    }
    read_domains(self, plan)
    read_groups(self, plan)
    read_params(self, plan)
    return plan
end

--- The domains that it mentions, as a set.
function biophys.mentioned(plan)
    local set = {}
    for name in pairs(plan.in_domain) do
        set[name] = true
    end
    for _, group in pairs(plan.groups) do
        for _, name in ipairs(group.domains) do
            set[name] = true
        end
    end
    return set
end

--- Checks the domains against those of a shape, a set: all that have mechanisms must be there;
--- groups may mention others that DendroTweaks could have.
function biophys.check_domains(plan, present)
    local names = keys.names(present)
    for _, domain in ipairs(plan.domains) do
        if not present[domain.name] then
            keys.fail("%s:%d: the morphology has no domain '%s'%s", plan.path, domain.line,
                domain.name, keys.hint(domain.name, names))
        end
    end
    for _, group in pairs(plan.groups) do
        for _, name in ipairs(group.domains) do
            if not present[name] and not plan.in_domain[name] and not shape.is_domain(name) then
                plan.reader:fail(group.object, "domains", "group '%s': unknown domain '%s'%s",
                    group.name, name, keys.hint(name, names))
            end
        end
    end
end

return biophys
