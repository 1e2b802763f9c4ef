-- SPDX-License-Identifier: BSD-3-Clause
-- drive: a protocol's clamps, inputs and connections.

local builder = require "hillock.protocol.builder"
local plugin_values = require "hillock.protocol.plugin_values"
local report_of = require "hillock.protocol.report"
local rule = require "hillock.rule"

local Builder = builder.Builder
local join, try = report_of.join, plugin_values.try

-- ---- clamps, inputs, connections

local clamp_own = { at = true, cells = true, population = true, name = true }

function Builder:clamp(path, entry, i)
    local cells = self:cells(path, entry)
    local places = cells and self:places(join(path, "at"), cells, entry.at)
    local spec, full = self:spec(path, entry, "point", clamp_own)
    if spec and places then
        self.points[i] = try(self.report, path, function()
            return self.net:add(places, spec)
        end)
    end
    for key in pairs(clamp_own) do
        (full or {})[key] = entry[key]
    end
    return full
end

-- A list n times over; a number as it is.
local function repeated(value, n)
    if type(value) ~= "table" or getmetatable(value) or n == 1 then
        return value
    end
    local all = {}
    for _ = 1, n do
        table.move(value, 1, #value, #all + 1, all)
    end
    return all
end

-- Fields that are lists of one for each place, over all the cells.
local function each_cell(spec, places, n)
    local copy = {}
    for key, value in pairs(spec) do
        local each = type(value) == "table" and #value == places and type(value[1]) == "table"
        copy[key] = each and repeated(value, n) or value
    end
    return copy
end

-- One synapse and one input at each place of each cell.
function Builder:named_places(path, entry, cells, made)
    local numbers, segments = {}, {}
    local list = {}
    for i, at in ipairs(entry.places) do
        list[i] = self:places(join(join(path, "places"), i), cells[1], at)
        if not list[i] then
            return
        elseif #list[i] ~= 1 then
            self.report:add(join(join(path, "places"), i), "one segment is wanted, and '%s' means "
                .. "%d", at, #list[i])
            return
        end
    end
    for k = 1, #cells do
        for _, one in ipairs(list) do
            numbers[#numbers + 1], segments[#segments + 1] = cells.numbers[k], one.segments[1]
        end
    end
    try(self.report, path, function()
        local points = self.net:add(self.net:places(numbers, segments), made.synapse)
        local input = each_cell(made.input, #list, #cells)
        local inputs = self.net:inputs(#numbers, input, { name = entry.name })
        self.net:connect_one(inputs, points, {
            weight = repeated(made.weight, #cells), delay = repeated(made.delay, #cells),
        })
    end)
end

local function check_way(report, path, entry)
    if entry.places and (entry.at ~= nil or entry.count) then
        report:add(path, "'places' names the places: 'at' and 'count' are for places that are "
            .. "drawn")
    elseif entry.places and entry.one_input then
        report:add(join(path, "one_input"), "there is one input for each of the places")
    elseif not entry.places and (entry.at == nil or not entry.count) then
        report:add(path, "%s is missing: count = n and at = REGION draw places, places = { ... } "
            .. "names them", entry.at == nil and "'at'" or "'count'")
    else
        return true
    end
end

local function no_lists(report, path, entry)
    for _, key in ipairs { "weight", "delay" } do
        if type(entry[key]) == "table" and type(entry[key][1]) ~= "string" then
            report:add(join(path, key), "a list is for places that are named by 'places'")
        end
    end
end

local function no_draws(report, path, entry)
    for _, key in ipairs { "weight", "delay" } do
        if type(entry[key]) == "table" and type(entry[key][1]) == "string" then
            report:add(join(path, key), "numbers are drawn for places that are drawn: give one, or "
                .. "a list of one for each of the places")
        end
    end
end

-- The region in which places are drawn.
local function whole_of(at)
    return type(at) == "table" and at.by and (at.at or "anywhere") or at
end

local delay_field = { unit = "ms", low = 0, high = math.huge }

function Builder:input(path, entry)
    local full, made = {}, {}
    for key, value in pairs(entry) do
        full[key] = value
    end
    local cells = self:cells(path, entry)
    local plugin
    made.input, full.input = self:spec(join(path, "input"), entry.input, "input")
    made.synapse, full.synapse, plugin = self:spec(join(path, "synapse"), entry.synapse, "point")
    local weight = plugin and plugin_values.weight(plugin) or { unit = "" }
    made.weight, full.weight = self:drawn(join(path, "weight"), entry.weight, weight)
    made.delay, full.delay = self:drawn(join(path, "delay"), entry.delay, delay_field)
    local fine = check_way(self.report, path, entry)
    if entry.places then
        no_draws(self.report, path, entry)
    else
        no_lists(self.report, path, entry)
    end
    local places = not entry.places and cells and entry.at ~= nil
        and self:places(join(path, "at"), cells, whole_of(entry.at))
    if not (fine and cells and made.input and made.synapse and made.weight and made.delay) then
        return full
    elseif entry.places then
        self:named_places(path, entry, cells, made)
    elseif places then
        try(self.report, path, function()
            self.net:stimulate(cells, {
                count = entry.count, input = made.input, synapse = made.synapse,
                at = builder.drawn_from(entry.at), weight = made.weight, delay = made.delay,
                one_input = entry.one_input, name = entry.name,
            })
        end)
    end
    return full
end

local rules = {
    pairwise = rule.pairwise, all = rule.all, one_to_one = rule.one_to_one,
    in_degree = rule.in_degree, pairs = rule.pairs,
}

function Builder:side(path, key, name)
    local population = self:population(name and join(path, key) or path, name)
    return population and self:some(path, population)
end

function Builder:connection(path, entry)
    local full, made = {}, {}
    for key, value in pairs(entry) do
        full[key] = value
    end
    full.threshold = entry.threshold or -20
    local pre, post = self:side(path, "pre", entry.pre), self:side(path, "post", entry.post)
    local plugin
    made.synapse, full.synapse, plugin = self:spec(join(path, "synapse"), entry.synapse, "point")
    local weight = plugin and plugin_values.weight(plugin) or { unit = "" }
    made.weight, full.weight = self:drawn(join(path, "weight"), entry.weight, weight)
    made.delay, full.delay = self:drawn(join(path, "delay"), entry.delay, delay_field)
    no_lists(self.report, path, entry)
    local from = pre and self:places(join(path, "from"), pre, entry.from)
    local to = post and self:places(join(path, "at"), post, whole_of(entry.at))
    if from and to and made.synapse and made.weight and made.delay then
        try(self.report, path, function()
            self.net:connect(pre, post, {
                rule = rules[entry.rule[1]](entry.rule[2]), from = entry.from,
                threshold = full.threshold, synapse = made.synapse,
                at = builder.drawn_from(entry.at), weight = made.weight, delay = made.delay,
                self = entry.self, name = entry.name,
            })
        end)
    end
    return full
end
