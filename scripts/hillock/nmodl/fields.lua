-- SPDX-License-Identifier: BSD-3-Clause
-- fields: a program's variables as the table of a plugin's fields: which are columns, in which
-- roles, and which are not.

local program = require "hillock.nmodl.program"

local fields = {}

local function unit_of(symbol)
    local unit = symbol.unit or ""
    return unit == "1" and "" or unit
end

-- The comment behind a declaration, which says what it is.
local function comment_of(p, symbol)
    local source = p and p.tree.source
    local place = source and symbol.at and source:place(symbol.at)
    local rest = place and place.text:sub(place.column)
    local text = rest and rest:match "^[^:?]*[:?]+%s*(.-)%s*$"
    if not text or text == "" or not utf8.len(text) then
        return nil
    end
    return #text > 100 and text:sub(1, 97):gsub("[\x80-\xff]+$", "") .. "..." or text
end


local function add(list, name, role, symbol, more)
    local field = { name = name, role = role, unit = symbol and unit_of(symbol) or "", value = 0,
        doc = more and more.doc or symbol and comment_of(list.p, symbol) or "" }
    for key, value in pairs(more or {}) do
        if key ~= "doc" then
            field[key] = value
        end
    end
    list[#list + 1] = field
    list.of[name] = field
    return field
end

local what_role = { reversal = "HK_REVERSAL", inside = "HK_INSIDE", outside = "HK_OUTSIDE",
    current = "HK_ION_CURRENT" }
local write_role = { reversal = "HK_WRITE_REVERSAL", inside = "HK_WRITE_INSIDE",
    outside = "HK_WRITE_OUTSIDE", current = "HK_WRITE_CURRENT" }

-- An ion's variable: one column, or two where the mechanism reads the ion's whole current and
-- writes its own part.
local function add_ion(p, list, symbol)
    local ion = symbol.ion
    if ion.what == "current" and ion.write then
        if not p.carries then
            add(list, symbol.name, write_role.current, symbol, { ion = ion.name })
        end
        if ion.read and p.reads_total[symbol.name] then
            add(list, "total_" .. symbol.name, "HK_ION_CURRENT", symbol, { ion = ion.name })
        end
    else
        add(list, symbol.name, ion.write and write_role[ion.what] or what_role[ion.what], symbol,
            { ion = ion.name })
    end
end

--- The columns, in order: parameters, the surroundings, ions, states, what lasts. Then `derived`
--- and `observed`, lists of { name =, doc = }, are added by fields.derived and fields.observed.
function fields.columns(p, lasting)
    local list = { of = {}, p = p }
    for _, variable in ipairs(p.variables) do
        local symbol = variable.symbol
        if program.is_parameter(symbol) and (p.globals_are_columns
            or not program.is_global(symbol)) then
            add(list, program.field(variable.name), "HK_PARAMETER", symbol,
                { value = symbol.value or 0 })
        elseif p:has_start(variable.name) and (p.globals_are_columns or symbol.range) then
            add(list, program.field(variable.name), "HK_PARAMETER", symbol,
                { value = symbol.value or 0 })
        end
    end
    for _, name in ipairs { "diam", "area" } do
        if p.surroundings[name] then
            add(list, name, name == "diam" and "HK_DIAMETER" or "HK_AREA", nil,
                { unit = name == "diam" and "um" or "um2", doc = "of the segment" })
        end
    end
    for _, symbol in ipairs(p.symbols.list) do
        if symbol.ion then
            add_ion(p, list, symbol)
        elseif symbol.pointer and symbol.reads > 0 then -- others are for what VERBATIM does
            add(list, symbol.name, "HK_PORT", symbol, { doc = "what it is connected to" })
        end
    end
    for _, variable in ipairs(p.variables) do
        local symbol = variable.symbol
        if lasting[variable.name] and not symbol.ion then
            local is_state = symbol.class == "state"
            local name = program.field(variable.name)
            if symbol.class == "parameter" then
                name = name .. "_now"
            end
            add(list, name, is_state and "HK_STATE" or "HK_ASSIGNED", symbol)
        end
    end
    return list
end

--- Columns that init computes.
function fields.derived(list, derived)
    for _, item in ipairs(derived) do
        add(list, item.name, "HK_DERIVED", nil, { doc = "for all steps" })
    end
end

--- Columns that exist where they are recorded.
function fields.observed(list, observed, p)
    for _, root in ipairs(observed) do
        add(list, program.field(root.to), "HK_OBSERVED", p:symbol(root.to))
    end
end

--- What is no column: globals, tables, weights.
function fields.others(p, list, weights)
    if not p.globals_are_columns then
        for _, variable in ipairs(p.variables) do
            local symbol = variable.symbol
            if program.is_parameter(symbol) and program.is_global(symbol)
                or p:has_start(variable.name) and not symbol.range then
                local unset = variable.symbol.external and 0 / 0 or 0
                add(list, program.field(variable.name), "HK_GLOBAL", variable.symbol,
                    { value = variable.symbol.value or unset })
            end
        end
    end
    for _, weight in ipairs(weights) do
        add(list, weight.name, "HK_WEIGHT", { unit = weight.unit },
            { value = weight.value, doc = weight.doc })
    end
    for _, node in ipairs(p.tables or {}) do
        add(list, node.name.name, "HK_TABLE", { unit = node.unit }, { width = #node.args + 1,
            value = 0 / 0 })
    end
end

return fields
