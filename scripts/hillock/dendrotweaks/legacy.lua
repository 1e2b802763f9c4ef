-- SPDX-License-Identifier: BSD-3-Clause
-- legacy: protocols of DendroTweaks 0.4.6 and earlier, one JSON and one CSV file, brought into the
-- form of now. They number the sections otherwise: children are in the order of their types first.

local files = require "hillock.files"
local json = require "hillock.dendrotweaks.json"
local keys = require "hillock.keys"
local shape = require "hillock.dendrotweaks.shape"
local table_of = require "hillock.dendrotweaks.table"

local legacy = {}

local kinds = { "AMPA", "NMDA", "AMPA_NMDA", "GABAa" }

-- The element of a list of the JSON file that a row of the CSV file means.
local function element(reader, lists, name, row)
    local list = lists and reader:get(lists, name, "list")
    local found = list and list[row:whole "idx" + 1]
    if not found then
        row:fail("idx", "%s %s is not in %s", name, row:text "idx", reader.path)
    end
    return found
end

local function with(row, fields)
    for _, column in ipairs { "sec_idx", "loc" } do
        fields[column] = row:text(column)
    end
    return table_of.row(row.path, row.line, fields)
end

local function stimulus(reader, lists, row, made)
    local name = row:text "type"
    if name == "rec" then
        local of = element(reader, lists, "recordings", row)
        table.insert(made.recordings, with(row, { var = reader:get(of, "var", "string") }))
    elseif name == "iclamp" then
        local fields, of = {}, element(reader, lists, "iclamps", row)
        for _, key in ipairs { "amp", "delay", "dur" } do
            fields[key] = tostring(reader:get(of, key, "number"))
        end
        table.insert(made.iclamps, with(row, fields))
    else
        return false
    end
    return true
end

-- The populations, numbered through; what they are called and their numbers by type.
local function populations(reader, lists)
    local given = lists and reader:get(lists, "populations", "object", true)
    local found, index, n = {}, {}, 0
    for _, kind in ipairs(kinds) do
        index[kind] = {}
        local list = given and reader:get(given, kind, "list", true) or {}
        for i = 1, #list do
            local population = reader:get(list, i, "object")
            population.idx, population.syn_type = n, kind
            found[#found + 1] = { name = ("%s_%d"):format(kind, i - 1), population = population }
            index[kind][i], n = n, n + 1
        end
    end
    return found, index
end

-- The JSON file's populations as those of now.
local function convert(reader, found)
    local root = reader.root
    root.stimuli = root.stimuli or json.object(root, { "populations" }, {})
    local names, made = {}, {}
    for i, item in ipairs(found) do
        names[i], made[item.name] = item.name, item.population
    end
    root.stimuli.populations = json.object(root.stimuli, names, made)
end

--- The rows of what are files now: { recordings =, iclamps =, synapses = }; the reader's JSON value
--- is changed to that of now.
---@param path string of the JSON file
---@param reader table
function legacy.tables(path, reader)
    local csv = path:gsub("%.json$", ".csv")
    if not files.exists(csv) then
        keys.fail("%s: a protocol of this kind has a file %s beside it", path, csv)
    end
    local lists = reader:get(reader.root, "stimuli", "object", true)
    local found, index = populations(reader, lists)
    local made = { recordings = {}, iclamps = {}, synapses = {} }
    for _, row in ipairs(table_of.read(csv, { "type", "idx", "sec_idx", "loc" })) do
        local of = index[row:text "type"]
        if of then
            local number = of[row:whole "idx" + 1]
            if not number then
                row:fail("idx", "population %s of type %s is not in %s", row:text "idx",
                    row:text "type", path)
            end
            table.insert(made.synapses, with(row, { pop_idx = tostring(number) }))
        elseif not stimulus(reader, lists, row, made) then
            local names = { "rec", "iclamp", table.unpack(kinds) }
            row:fail("type", "unknown type '%s'%s", row:text "type",
                keys.hint(row:text "type", names))
        end
    end
    table.sort(made.synapses, function(a, b)
        for _, column in ipairs { "pop_idx", "sec_idx", "loc" } do
            if a:number(column) ~= b:number(column) then
                return a:number(column) < b:number(column)
            end
        end
        return a.line < b.line
    end)
    convert(reader, found)
    return made
end

--- The sections in the order of those versions.
---@param path string of the SWC file
---@param sections table[] in the order of now
function legacy.sections(path, sections)
    local list = {}
    for i, number in ipairs(shape.legacy_order(path)) do
        list[i] = sections[number]
    end
    return list
end

return legacy
