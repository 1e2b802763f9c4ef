-- SPDX-License-Identifier: BSD-3-Clause
-- region: parts of a cell type: by domain, section, distance, diameter or what a function says. A
-- region of whole sections is known before the cell is cut, so that Ra and cm can be set in it; any
-- other needs the segments and makes the cut.

local core = require "hillock.core"
local keys = require "hillock.keys"
local object = require "hillock.object"
local set = require "hillock.set"

local region = {}
local fail = keys.fail

local Region
local methods = {}

-- internal(cell): the cell's state; given by cell.lua.
local function internals(state)
    return state.cell_state
end

-- Numbers 1 to n that are in the map, in order.
local function sorted(map)
    local list = {}
    for i in pairs(map) do
        list[#list + 1] = i
    end
    table.sort(list)
    return list
end

local function new(cell_state, name, sections, segments)
    return object.new(Region, {
        cell_state = cell_state, name = name, sections = sections, segments = segments,
    })
end

-- The list of the region's segments' numbers, in order.
local function indices(state)
    if not state.segments then
        local cell = internals(state)
        cell.cut(cell)
        local list = {}
        for _, i in ipairs(state.sections) do
            local _, _, nseg, first = cell.core:section(i)
            for k = first, first + nseg - 1 do
                list[#list + 1] = k
            end
        end
        table.sort(list)
        state.segments = list
    end
    return state.segments
end

local function self_state(self, what)
    return object.state(Region, self, "region:" .. what)
end

---@return integer[] numbers of its segments in the cell, from 1
function methods:indices()
    return table.move(indices(self_state(self, "indices")), 1, #self, 1, {})
end

---@return table[] its segments
function methods:segments()
    local state = self_state(self, "segments")
    local cell, list = internals(state), {}
    for k, i in ipairs(indices(state)) do
        list[k] = cell.segment(cell, i)
    end
    return list
end

--- Inserts a mechanism and gives its fields values: numbers, distributions, functions of a segment.
---@param mechanism string
---@param values? table<string, any>
function methods:insert(mechanism, values)
    local state = self_state(self, "insert")
    keys.value("insert: mechanism", mechanism, "string")
    local cell = internals(state)
    local list = indices(state)
    cell.core:insert(mechanism, list)
    if mechanism:find("/", 1, true) then -- a plugin's file
        mechanism = core.plugin_find(mechanism).name
    end
    if values ~= nil then
        set.fields(cell, self, mechanism, values, list)
    end
    return self
end

--- set(values): Ra, cm and ions' variables; set(mechanism, values): the fields of a mechanism.
---@param mechanism string|table<string, any>
---@param values? table<string, any>
function methods:set(mechanism, values)
    local state = self_state(self, "set")
    local cell = internals(state)
    if type(mechanism) == "string" then
        keys.value("set: values of " .. mechanism, values, "table")
        set.fields(cell, self, mechanism, values, indices(state))
    else
        keys.value("set: values", mechanism, "table")
        if values ~= nil then
            fail("set: expected (values) or (mechanism, values)")
        end
        set.membrane(cell, self, mechanism, state.sections, function() return indices(state) end)
    end
    return self
end

--- get(field): cm or an ion's variable; get(mechanism, field). NaN where a segment lacks it.
---@param mechanism string
---@param field? string
function methods:get(mechanism, field)
    local state = self_state(self, "get")
    if field == nil then
        mechanism, field = nil, mechanism
    end
    keys.value("get: field", field, "string")
    local cell = internals(state)
    return cell.core:get(mechanism, field, indices(state))
end

local function same_cell(state, other, what)
    local second = region.resolve(state.cell_state, other, what)
    return object.state(Region, second, what)
end

-- A region of what keep(in_first, in_second) says.
local function combine(self, other, what, sign, keep)
    local a = self_state(self, what)
    local b = same_cell(a, other, what)
    local function pick(first, second)
        local one, two, all = {}, {}, {}
        for _, i in ipairs(first) do
            one[i], all[i] = true, true
        end
        for _, i in ipairs(second) do
            two[i], all[i] = true, true
        end
        for i in pairs(all) do
            all[i] = keep(one[i], two[i]) and true or nil
        end
        return sorted(all)
    end
    local name = ("%s %s %s"):format(a.name, sign, b.name)
    if a.sections and b.sections then
        return new(a.cell_state, name, pick(a.sections, b.sections))
    end
    return new(a.cell_state, name, nil, pick(indices(a), indices(b)))
end

--- What is in either.
function methods:union(other)
    return combine(self, other, "union", "+", function(a, b) return a or b end)
end

--- What is in both.
function methods:intersection(other)
    return combine(self, other, "intersection", "*", function(a, b) return a and b end)
end

--- What is in this one and not in the other.
function methods:minus(other)
    return combine(self, other, "minus", "-", function(a, b) return a and not b end)
end

local function total(self, key)
    local sum = 0
    for _, segment in ipairs(self:segments()) do
        sum = sum + segment[key]
    end
    return sum
end

Region = object.class {
    name = "region",
    methods = methods,
    fields = {
        name = function(state) return state.name end,
        cell = function(state) return state.cell_state.object end,
        area = function(_, self) return total(self, "area") end,
        length = function(_, self) return total(self, "length") end,
    },
    index = function(state, key)
        local i = math.type(key) and indices(state)[key]
        return i and state.cell_state.segment(state.cell_state, i)
    end,
    meta = {
        __len = function(self) return #indices(object.state(Region, self)) end,
        __tostring = function(self)
            local state = object.state(Region, self)
            local of = ("region %s of cell %s"):format(state.name, state.cell_state.name)
            if not state.segments and not state.cell_state.is_cut then
                return ("%s: %d sections, not cut yet"):format(of, #state.sections)
            end
            return ("%s: %d segments, %.6g um2"):format(of, #self, self.area)
        end,
    },
}
region.Region = Region

-- ---- finding

-- The sections that a name means: a domain, by either of its names, or one section.
local function by_name(cell, name, what)
    local list, known = {}, {}
    for i, section in ipairs(cell.sections(cell)) do
        local base = section.kind
        known[section.domain], known[base] = true, true
        if section.domain == name or base == name or section.name == name then
            list[#list + 1] = i
        end
    end
    if #list == 0 then
        if name:find("[", 1, true) then
            cell.core:find(name) -- its message names what there is
        end
        fail("%s: cell %s has no region '%s'%s", what, cell.name, name,
            keys.hint(name, keys.names(known)))
    end
    return list
end

local function names(value, what)
    if type(value) == "string" then
        return { value }
    end
    if type(value) ~= "table" or getmetatable(value) ~= nil then
        keys.fail("%s: expected a name or a list of names, got %s", what, keys.describe(value))
    end
    for i, name in ipairs(value) do
        keys.value(("%s[%d]"):format(what, i), name, "string")
    end
    return value
end

local function by_names(cell, list, what)
    local map = {}
    for _, name in ipairs(list) do
        for _, i in ipairs(by_name(cell, name, what)) do
            map[i] = true
        end
    end
    return sorted(map)
end

local function within(bounds, what)
    if bounds == nil then
        return nil
    end
    keys.value(what, bounds, "table")
    local low = keys.value(what .. "[1]", bounds[1] or -math.huge, "number")
    local high = keys.value(what .. "[2]", bounds[2] or math.huge, "number")
    if low > high then
        fail("%s: %g is above %g", what, low, high)
    end
    return function(x) return x >= low and x <= high end
end

local allowed = {
    domain = "string|table", section = "string|table", where = "function", distance = "table",
    diam = "table", section_diam = "table",
}

local function by_options(cell, options, what)
    keys.check(what, options, allowed)
    local all = {}
    for i in ipairs(cell.sections(cell)) do
        all[i] = i
    end
    local sections, said = all, {}
    for _, key in ipairs { "domain", "section" } do
        if options[key] then
            local list = names(options[key], what .. ": " .. key)
            local part = new(cell, "", by_names(cell, list, what))
            sections = object.state(Region, new(cell, "", sections):intersection(part)).sections
            said[#said + 1] = table.concat(list, " + ")
        end
    end
    local thick = within(options.section_diam, what .. ": section_diam")
    if thick then
        local list = {}
        for _, i in ipairs(sections) do
            if thick(cell.sections(cell)[i].diam) then
                list[#list + 1] = i
            end
        end
        sections = list
        said[#said + 1] = "by section_diam"
    end
    local near = within(options.distance, what .. ": distance")
    local wide = within(options.diam, what .. ": diam")
    local name = #said > 0 and table.concat(said, ", ") or "all"
    if not near and not wide and not options.where then
        return new(cell, name, sections)
    end
    local list = {}
    for _, segment in ipairs(new(cell, name, sections):segments()) do
        if (not near or near(segment.distance)) and (not wide or wide(segment.diam))
            and (not options.where or options.where(segment)) then
            list[#list + 1] = segment.index
        end
    end
    for _, key in ipairs { "distance", "diam", "where" } do
        said[#said + 1] = options[key] and "by " .. key or nil
    end
    return new(cell, table.concat(said, ", "), nil, list)
end

-- The region of all.
function region.all(cell)
    local sections = {}
    for i in ipairs(cell.sections(cell)) do
        sections[i] = i
    end
    return new(cell, "all", sections)
end

-- The region of one segment, by number.
function region.of_segment(cell, index)
    return new(cell, cell.segment(cell, index).name, nil, { index })
end

function region.of_indices(cell, list, name)
    return new(cell, name, nil, list)
end

-- The region that `spec` means: a region of this cell, a name, a location "dend(0.5)", a list of
-- names, or options { domain =, section =, where =, distance = { from, to }, diam =, section_diam =
-- }.
function region.resolve(cell, spec, what)
    local state = object.test(Region, spec)
    if state then
        if state.cell_state ~= cell then
            fail("%s: the region is one of cell %s, not of %s", what, state.cell_state.name,
                cell.name)
        end
        return spec
    elseif type(spec) == "string" then
        if spec:find("(", 1, true) then
            return region.of_segment(cell, cell.locate(cell, spec, what))
        end
        return new(cell, spec, by_name(cell, spec, what))
    elseif type(spec) == "table" and getmetatable(spec) == nil then
        if #spec > 0 then
            return new(cell, table.concat(names(spec, what), " + "), by_names(cell, spec, what))
        end
        return by_options(cell, spec, what)
    end
    fail("%s: expected a region, a name or options, got %s", what, keys.describe(spec))
end

return region
