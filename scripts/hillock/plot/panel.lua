-- SPDX-License-Identifier: BSD-3-Clause
-- panel: one plot of a figure: axes and layers of lines, dots and areas, in the data's own numbers.
-- Each kind of plot makes one from its options; what all kinds have in common is here.
--
-- A drawing: kind; title; x and y: axes (see axis.lua); layers (see layers.lua); legend: a list of
-- { name =, colour =, mark = "line"|"dot"|"area" }; colorbar: an axis, for layers coloured by
-- value; bars: scale bars { along = "x"|"y", length =, text = }; frame: "axes", "box" or "none";
-- equal: both axes have one scale; time: x is time in ms; natural: its height in cm; columns: what
-- a CSV file of it has, { name, array } each. Or parts: several drawings side by side.

local keys = require "hillock.keys"
local object = require "hillock.object"
local axis = require "hillock.plot.axis"
local theme = require "hillock.plot.theme"

local panel = {}

local common = {
    title = "string|boolean", x_label = "string|boolean", y_label = "string|boolean",
    x_range = "table", y_range = "table", x_ticks = "table", y_ticks = "table",
    legend = "boolean|table", colors = "table", height = "positive", highlight = "table",
}

local methods = {}
local Panel

--- Draws this panel alone: see hk.plot.figure for the options.
---@param path string
---@param options? table
function methods:save(path, options)
    object.state(Panel, self, "panel:save")
    local figure = require "hillock.plot.figure"
    local copy = { panels = { self }, path = path }
    for key, value in next, keys.value("panel:save: options", options or {}, "table") do
        if copy[key] ~= nil then
            keys.fail("panel:save: '%s' is this panel's own", key)
        end
        copy[key] = value
    end
    return figure.new(copy, "panel:save")
end

Panel = object.class {
    name = "panel",
    methods = methods,
    fields = {
        kind = function(state) return state.kind end,
        title = function(state) return state.title end,
    },
    meta = {
        __tostring = function(self)
            local state = object.state(Panel, self)
            return ("panel %s%s"):format(state.kind, state.title and ": " .. state.title or "")
        end,
    },
}
panel.Panel = Panel

--- Checks the options of a plot: its own and those of all.
function panel.options(what, options, own, positions)
    local allowed = {}
    for _, list in ipairs { common, own } do
        for key, types in pairs(list) do
            allowed[key] = types
        end
    end
    return keys.check(what, options, allowed, positions or 1)
end

local function range(what, given)
    local low = keys.value(what .. "[1]", given[1], "number")
    local high = keys.value(what .. "[2]", given[2], "number")
    if high <= low then
        keys.fail("%s: from %g to %g is no range", what, low, high)
    end
    return low, high
end

--- Windows { from, to, "label" }, checked.
function panel.windows(what, list)
    for i, window in ipairs(list) do
        local which = ("%s: highlight[%d]"):format(what, i)
        keys.value(which, window, "table")
        range(which, window)
        keys.value(which .. "[3]", window[3] == nil and "" or window[3], "string")
    end
    return list
end

local function apply_axis(what, a, name, options)
    local label, given = options[name .. "_label"], options[name .. "_range"]
    if label ~= nil then
        a.label, a.unit = label or nil, nil
    end
    if given then
        a.low, a.high = range(("%s: %s_range"):format(what, name), given)
        a.fixed = true
    end
    if a.log and a.low and a.low <= 0 then
        keys.fail("%s: a logarithmic %s axis begins above 0, not at %g", what, name, a.low)
    end
    a.list = options[name .. "_ticks"] or a.list
end

--- The colour of category i: what the option `colors` says, or the theme's.
function panel.colour(what, options, i)
    local own = options.colors and options.colors[i]
    return own and theme.check(("%s: colors[%d]"):format(what, i), own) or i
end

-- `legend = { "a", "b" }` names the entries anew.
local function legend(what, entries, given)
    if given == false then
        return nil
    elseif type(given) ~= "table" or not entries then
        return entries
    end
    for i, name in ipairs(given) do
        if not entries[i] then
            keys.fail("%s: legend has %d names, and there are %d entries", what, #given, #entries)
        end
        entries[i].name = keys.value(("%s: legend[%d]"):format(what, i), name, "string")
    end
    return entries
end

--- A panel from the drawing, with what the common options say over it.
function panel.new(what, options, drawing)
    if options.title ~= nil then
        drawing.title = options.title or nil
        if options.title == true then
            keys.fail("%s: title: expected a string, or false for none", what)
        end
    end
    for _, part in ipairs(drawing.parts or { drawing }) do
        apply_axis(what, part.x, "x", options)
        apply_axis(what, part.y, "y", options)
        part.legend = legend(what, part.legend, options.legend)
        part.natural = options.height or part.natural
        part.highlight = options.highlight and panel.windows(what, options.highlight)
    end
    if drawing.parts and options.title ~= nil then
        for _, part in ipairs(drawing.parts) do
            part.title = drawing.title and part.title and drawing.title .. ": " .. part.about
        end
    end
    return object.new(Panel, drawing)
end

--- The axis { label =, unit =, low =, high = } around the lists' numbers; an error where they have
--- none.
function panel.axis(what, label, unit, lists, margin)
    local low, high = axis.extent(lists)
    if not low then
        keys.fail("%s: there is nothing to draw: no numbers", what)
    end
    low, high = axis.padded(low, high, margin or 0.05)
    return { label = label, unit = unit, low = low, high = high }
end

return panel
