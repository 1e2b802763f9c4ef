-- SPDX-License-Identifier: BSD-3-Clause
-- cell: cell types: a morphology, how its sections are cut into segments, what is in their
-- membrane. The cut is made by the first call that needs segments; until then regions take Ra and
-- cm.

local core = require "hillock.core"
local keys = require "hillock.keys"
local morphology = require "hillock.morphology"
local object = require "hillock.object"
local region = require "hillock.region"
local segment = require "hillock.segment"

local cell = {}
local fail = keys.fail

local Cell

-- ---- how many segments

local Rule = object.class {
    name = "segmentation",
    meta = {
        __tostring = function(self)
            return object.test(object.classes.segmentation, self).text
        end,
    },
}

local function rule(text, apply)
    return object.new(Rule, { text = text, apply = apply })
end

--- Segments of at most `fraction` length constants at `frequency` Hz.
---@param fraction number
---@param frequency? number 100
function cell.d_lambda(fraction, frequency)
    frequency = frequency == nil and 100 or frequency
    keys.value("d_lambda", fraction, "positive")
    keys.value("d_lambda: frequency", frequency, "positive")
    return rule(("d_lambda(%g, %g)"):format(fraction, frequency), function(c, sections)
        c:nseg_lambda(sections, fraction, frequency)
    end)
end

--- Segments of at most `longest` um, an odd number of them.
---@param longest number um
function cell.longest(longest)
    keys.value("longest", longest, "positive")
    return rule(("longest(%g)"):format(longest), function(c, sections)
        c:nseg_length(sections, longest, true)
    end)
end

local function apply_nseg(state, nseg, sections, what)
    local made = object.test(Rule, nseg)
    if made then
        made.apply(state.core, sections)
    elseif type(nseg) == "function" then
        for _, i in ipairs(sections) do
            local section = segment.section(state, i)
            local n = nseg(section)
            if not math.type(n) or n < 1 or n % 1 ~= 0 then
                fail("%s: the function gave %s for section %s, not a whole number from 1", what,
                    keys.describe(n), section.name)
            end
            state.core:nseg({ i }, n)
        end
    elseif math.type(nseg) then
        state.core:nseg(sections, keys.value(what, nseg, "count from 1"))
    else
        fail("%s: expected a whole number, hk.d_lambda, hk.longest, a function of a section or a "
            .. "table by region, got %s", what, keys.describe(nseg))
    end
end

-- Applies a value for all, or a table { for_all, region = ... }, as apply(value, sections, what).
local function by_region(state, value, what, apply)
    local all = object.state(region.Region, region.all(state)).sections
    if type(value) ~= "table" or getmetatable(value) ~= nil then
        return apply(value, all, what)
    end
    for key in next, value do
        if type(key) ~= "string" and key ~= 1 then
            fail("%s: unknown key [%s]: regions' names are wanted", what, tostring(key))
        end
    end
    if value[1] ~= nil then
        apply(value[1], all, what)
    end
    for _, name in ipairs(keys.names(value)) do
        local part = object.state(region.Region, region.resolve(state, name, what))
        apply(value[name], part.sections, what .. ": " .. name)
    end
end

-- ---- the state that regions work on

local function cut(state)
    if state.is_cut then
        return
    end
    state.is_cut = true -- regions that nseg's functions make would come back here
    local good, message = pcall(by_region, state, state.nseg, "nseg", function(nseg, sections, what)
        apply_nseg(state, nseg, sections, what)
    end)
    if good then
        good, message = pcall(state.core.build, state.core)
    end
    state.section_list = nil
    if not good then
        state.is_cut = false
        error(message, 0)
    end
    for _, set in ipairs(state.after_cut) do
        set()
    end
end

-- All sections as they are now; remembered once the cell is cut.
local function sections(state)
    if state.section_list then
        return state.section_list
    end
    local list = {}
    for i = 1, state.morph:sections() do
        list[i] = segment.section(state, i)
    end
    if state.is_cut then
        state.section_list = list
    end
    return list
end

local function nth_segment(state, i)
    cut(state)
    local found = state.segment_list[i]
    if not found then
        found = segment.segment(state, i)
        state.segment_list[i] = found
    end
    return found
end

-- The number of the segment at "dend[3](0.5)".
local function locate(state, where, what)
    local name, x = where:match("^%s*(%S-)%s*%(%s*(%S+)%s*%)%s*$")
    x = tonumber(x)
    if not name or not x then
        fail("%s: '%s' is no place: 'SECTION(X)' is, as in 'soma(0.5)' or 'dend[3](1)'", what,
            where)
    end
    cut(state)
    return state.core:locate(state.core:find(name), x)
end

-- ---- methods

local methods = {}

local function self_state(self, what)
    return object.state(Cell, self, "cell:" .. what)
end

--- A part of the cell: "soma", "dend[3]", "dend(0.5)", { "soma", "dend" }, or { domain =, section
--- =, where =, distance = { from, to }, diam = { from, to }, section_diam = { from, to } }.
---@param spec string|table
function methods:region(spec)
    return region.resolve(self_state(self, "region"), spec, "region")
end

--- The region of all segments.
function methods:all()
    return region.all(self_state(self, "all"))
end

--- All sections, in order.
function methods:sections()
    local state = self_state(self, "sections")
    return table.move(sections(state), 1, #sections(state), 1, {})
end

---@param name string
function methods:section(name)
    local state = self_state(self, "section")
    keys.value("section", name, "string")
    return sections(state)[state.core:find(name)]
end

--- The segment at a place, "dend[3](0.5)", or by its number from 1.
---@param where string|integer
function methods:segment(where)
    local state = self_state(self, "segment")
    if math.type(where) then
        cut(state)
        local n = state.core:segments()
        if where < 1 or where > n or where % 1 ~= 0 then
            fail("segment: cell %s has segments 1 to %d, not %s", state.name, n, where)
        end
        return nth_segment(state, where)
    end
    keys.value("segment", where, "string|integer")
    return nth_segment(state, locate(state, where, "segment"))
end

--- All segments, in order.
function methods:segments()
    return region.all(self_state(self, "segments")):segments()
end

--- Inserts a mechanism everywhere.
---@param mechanism string
---@param values? table<string, any>
function methods:insert(mechanism, values)
    region.all(self_state(self, "insert")):insert(mechanism, values)
    return self
end

-- Ra and cm everywhere, an ion's variables wherever the ion is.
local function set_everywhere(state, values, more)
    keys.value("set: values", values, "table")
    local all = {}
    for field, value in next, values do
        if field == "Ra" or field == "cm" or type(field) ~= "string" then
            all[field] = value
        end
    end
    region.all(state):set(all, more)
    for _, field in ipairs(keys.names(values)) do
        if all[field] == nil then
            cut(state)
            local now, list = state.core:get(nil, field), {}
            for i = 1, #now do
                if now[i] == now[i] then
                    list[#list + 1] = i
                end
            end
            local where = #list > 0 and region.of_indices(state, list, "all") or region.all(state)
            where:set { [field] = values[field] }
        end
    end
end

--- Sets Ra and cm everywhere, ions' variables where the ion is, and fields of a mechanism where it
--- is.
---@param mechanism string|table<string, any>
---@param values? table<string, any>
function methods:set(mechanism, values)
    local state = self_state(self, "set")
    if type(mechanism) == "string" then
        local list = cell.having(state, mechanism)
        region.of_indices(state, list, mechanism):set(mechanism, values)
    else
        set_everywhere(state, mechanism, values)
    end
    return self
end

--- Values in all segments, NaN where it lacks: get(field) or get(mechanism, field).
---@param mechanism string
---@param field? string
function methods:get(mechanism, field)
    return region.all(self_state(self, "get")):get(mechanism, field)
end

--- The names of the mechanisms, in the order of insertion.
function methods:mechanisms()
    return self_state(self, "mechanisms").core:mechanisms()
end

--- Cuts the sections into segments now.
function methods:cut()
    cut(self_state(self, "cut"))
    return self
end

-- The numbers of the segments that have the mechanism.
function cell.having(state, mechanism)
    cut(state)
    local names = state.core:mechanisms()
    for i, name in ipairs(names) do
        if name == mechanism then
            return state.core:has(i):totable()
        end
    end
    fail("cell %s has no mechanism '%s'%s", state.name, mechanism, keys.hint(mechanism, names))
end

-- ---- what it looks like

-- "1 segment", "5 segments"
local function count_of(n, what)
    return ("%d %s%s"):format(n, what, n == 1 and "" or "s")
end

local function domains(state)
    local order, count = {}, {}
    for _, section in ipairs(sections(state)) do
        if not count[section.domain] then
            order[#order + 1] = section.domain
            count[section.domain] = { sections = 0, segments = 0, area = 0, length = 0 }
        end
        local c = count[section.domain]
        c.sections = c.sections + 1
        c.length = c.length + section.L
        for k = 0, state.is_cut and section.nseg - 1 or -1 do
            c.segments = c.segments + 1
            c.area = c.area + nth_segment(state, section.first + k).area
        end
    end
    return order, count
end

local function describe(self)
    local state = object.state(Cell, self)
    local order, count = domains(state)
    local lines, area, segments = {}, 0, 0
    for _, name in ipairs(order) do
        local c = count[name]
        area, segments = area + c.area, segments + c.segments
        local line = ("  %-12s %s, %.6g um"):format(name, count_of(c.sections, "section"), c.length)
        if state.is_cut then
            line = ("%s, %s, %.6g um2"):format(line, count_of(c.segments, "segment"), c.area)
        end
        lines[#lines + 1] = line
    end
    local n = #sections(state)
    local head = ("cell %s: %s"):format(state.name, count_of(n, "section"))
    if state.is_cut then
        head = ("%s, %s, %.6g um2"):format(head, count_of(segments, "segment"), area)
        for i, name in ipairs(state.core:mechanisms()) do
            lines[#lines + 1] = ("  %-12s in %s"):format(name,
                count_of(#state.core:has(i), "segment"))
        end
    else
        head = head .. ", not cut into segments yet"
    end
    return head .. "\n" .. table.concat(lines, "\n")
end

Cell = object.class {
    name = "cell",
    methods = methods,
    fields = {
        name = function(state) return state.name end,
        area = function(state) return region.all(state).area end,
        morphology = function(state) return state.morphology end,
    },
    meta = {
        __tostring = describe,
        __len = function(self)
            local state = object.state(Cell, self)
            cut(state)
            return state.core:segments()
        end,
    },
}
cell.Cell = Cell

-- The state of a cell type that is cut.
function cell.used(value, what)
    local state = object.state(Cell, value, what)
    cut(state)
    return state
end

local allowed = {
    name = "string", morphology = "any!", nseg = "any", Ra = "number|table", cm = "number|table",
}

local function set_sections(state, key, value)
    by_region(state, value, key, function(x, list, what)
        keys.value(what, x, "positive")
        state.core[key](state.core, list, x)
    end)
end

--- A cell type: { name =, morphology = "file.swc", "file.asc" or what hk.compartment and its like
--- make, nseg =, Ra =, cm = }. nseg: a number, hk.d_lambda, hk.longest, a function of a section; Ra
--- (ohm cm), cm (uF/cm2): numbers; all may be tables { for_all, region = ... }.
---@param options table name, morphology, nseg, Ra, cm
function cell.new(options)
    keys.check("cell", options, allowed)
    local shape = morphology.resolve(options.morphology, "cell: morphology")
    local of_shape = object.state(morphology.Morphology, shape)
    local morph, name = of_shape.core, options.name or of_shape.name
    local state = {
        name = name, morphology = shape, morph = morph, lengths = of_shape.lengths,
        core = core.celltype(name, morph),
        nseg = options.nseg == nil and 1 or options.nseg, is_cut = false, segment_list = {},
        after_cut = {}, -- functions that give values to segments
        cut = cut, sections = sections, segment = nth_segment, locate = locate,
    }
    local made = object.new(Cell, state)
    state.object = made
    if options.Ra ~= nil then
        set_sections(state, "Ra", options.Ra)
    end
    if options.cm ~= nil then
        set_sections(state, "cm", options.cm)
    end
    if type(state.nseg) ~= "table" or getmetatable(state.nseg) ~= nil then
        if not (math.type(state.nseg) or type(state.nseg) == "function"
            or object.test(Rule, state.nseg)) then
            apply_nseg(state, state.nseg, {}, "nseg")
        end
    end
    return made
end

return cell
