-- SPDX-License-Identifier: BSD-3-Clause
-- compare: two tables of what was recorded: where they differ first, and by how much at most.
--
-- A table is { names =, columns = arrays }; what was recorded is `kind`: "values" (rows by time),
-- "spikes" or "events" (a time and a number a row).

local core = require "hillock.core"
local csv = require "hillock.csv"

local compare = {}

-- Spikes that are farther apart are no longer one that has moved.
local MOVED = 5 -- ms

--- The table in a CSV file; nil and what is wrong.
function compare.read(path)
    local names, columns = csv.columns(path, true)
    if not names then
        return nil, columns
    end
    for i, column in ipairs(columns) do
        if not core.is_array(column) then
            return nil, ("%s: column %s has words for numbers"):format(path, names[i])
        end
    end
    return { names = names, columns = columns, path = path }
end

--- What a table without a manifest holds, by its names.
function compare.kind(one)
    local second = one.names[2]
    if #one.names == 2 and (second == "cell" or second == "source") then
        return "spikes"
    elseif #one.names == 2 and second == "input" then
        return "events"
    end
    return "values"
end

-- As few digits as give the number back.
local function short(x)
    local text
    for digits = 6, 17 do
        text = ("%%.%dg"):format(digits):format(x)
        if tonumber(text) == x then
            break
        end
    end
    return text
end
compare.short = short

-- ---- values

-- Names of columns that one has and the other has not, as a text; or nil.
local function other_names(a, b, called)
    if table.concat(a.names, "\n") == table.concat(b.names, "\n") then
        return nil
    end
    local has, only = {}, nil
    for _, name in ipairs(b.names) do
        has[name] = true
    end
    for _, name in ipairs(a.names) do
        only = only or not has[name] and name
    end
    if #a.names ~= #b.names then
        return ("%d columns and %d"):format(#a.names, #b.names)
            .. (only and (", of which %s has no '%s'"):format(called[2], only) or "")
    end
    return only and ("%s has no column '%s'"):format(called[2], only)
        or "the columns stand in another order"
end

-- { first = { row, column }, most =, at = { row, column } } of all columns.
local function differences(a, b, tolerance)
    local found = { most = 0 }
    for k = 1, #a.columns do
        local abs, rel = tolerance.absolute, tolerance.relative
        local first, most, at = core.differ(a.columns[k], b.columns[k], abs, rel)
        if first and (not found.first or first < found.first[1]) then
            found.first = { first, k }
        end
        if most > found.most then
            found.most, found.at = most, { at, k }
        end
    end
    return found
end

-- "cell3.soma[0](0.5).v at t = 12.5 ms".
local function where(a, place)
    return ("%s at t = %.10g ms"):format(a.names[place[2]], a.columns[1][place[1]])
end

local function compare_values(a, b, tolerance, called)
    local names = other_names(a, b, called)
    if names then
        return { same = false, within = false, first = names, most = names }
    end
    local found = differences(a, b, tolerance)
    local n, m = #a.columns[1], #b.columns[1]
    local result = { same = n == m and found.most == 0, within = n == m and not found.first }
    if found.first then
        local row, column = table.unpack(found.first)
        local x, y = a.columns[column][row], b.columns[column][row]
        result.first = ("%s: %s and %s, %s apart"):format(where(a, found.first), short(x),
            short(y), ("%.3g"):format(math.abs(x - y)))
    elseif n ~= m then
        result.first = ("%d rows and %d"):format(n, m)
    end
    result.most = found.at and ("at most %.3g, of %s"):format(found.most, where(a, found.at))
        or n ~= m and result.first or nil
    if found.at and n ~= m then
        result.most = ("%s; %d rows and %d"):format(result.most, n, m)
    end
    return result
end

-- ---- spikes and events

-- Sorted lists of times by number.
local function by_number(one)
    local lists = {}
    local t, which = one.columns[1], one.columns[2]
    for i = 1, #t do
        local key = math.tointeger(which[i]) or which[i]
        lists[key] = lists[key] or {}
        table.insert(lists[key], t[i])
    end
    for _, list in pairs(lists) do
        table.sort(list)
    end
    return lists
end

-- Calls found(kind, which, t, other) for each spike of one number: "same" (within the tolerance),
-- "moved", "missing" (from b) or "extra" (in b); `which` counts in its own list.
local function match(a, b, tolerance, found)
    local i, j = 1, 1
    local function near(x, y)
        return x and y and math.abs(x - y) <= tolerance.absolute + tolerance.relative * math.abs(x)
    end
    while a[i] or b[j] do
        if near(a[i], b[j]) then
            found("same", i, a[i], b[j])
            i, j = i + 1, j + 1
        elseif not b[j] or a[i] and near(a[i + 1], b[j]) then
            found("missing", i, a[i])
            i = i + 1
        elseif not a[i] or near(a[i], b[j + 1]) then
            found("extra", j, b[j])
            j = j + 1
        elseif math.abs(a[i] - b[j]) <= MOVED then
            found("moved", i, a[i], b[j])
            i, j = i + 1, j + 1
        elseif a[i] < b[j] then
            found("missing", i, a[i])
            i = i + 1
        else
            found("extra", j, b[j])
            j = j + 1
        end
    end
end

local function sorted_keys(a, b)
    local list, seen = {}, {}
    for _, lists in ipairs { a, b } do
        for key in pairs(lists) do
            if not seen[key] then
                seen[key] = true
                list[#list + 1] = key
            end
        end
    end
    table.sort(list)
    return list
end

-- One difference as a text. what: "spike" or "event"; names: of the two.
local function tell(kind, what, which, t, other, names)
    local begin = ("%s %d, at %s ms, is"):format(what, which, short(t))
    if kind ~= "moved" then
        return ("%s not in %s"):format(begin, names[kind == "extra" and 1 or 2])
    end
    return ("%s at %s ms in %s, %.3g ms %s"):format(begin, short(other), names[2],
        math.abs(other - t), other > t and "later" or "earlier")
end

local function compare_spikes(a, b, tolerance, kind, called)
    local names = other_names(a, b, called)
    if names then
        return { same = false, within = false, first = names, most = names }
    end
    local what = kind == "events" and "event" or "spike"
    local count = { same = 0, moved = 0, missing = 0, extra = 0 }
    local first, most = nil, 0
    local as, bs = by_number(a), by_number(b)
    for _, key in ipairs(sorted_keys(as, bs)) do
        match(as[key] or {}, bs[key] or {}, tolerance, function(how, which, t, other)
            count[how] = count[how] + 1
            most = other and math.max(most, math.abs(other - t)) or most
            if how ~= "same" and (not first or t < first.t) then
                first = { t = t, text = ("%s%s: %s"):format(a.names[2], key,
                    tell(how, what, which, t, other, called)) }
            end
        end)
    end
    local within = count.moved + count.missing + count.extra == 0
    local parts = {}
    for _, how in ipairs { "moved", "missing", "extra" } do
        if count[how] > 0 then
            parts[#parts + 1] = ("%d %s"):format(count[how], how)
        end
    end
    if most > 0 then
        parts[#parts + 1] = ("at most %.3g ms apart"):format(most)
    end
    return {
        same = within and most == 0, within = within, first = first and first.text,
        most = #parts > 0 and ("of %d %ss, %s"):format(#a.columns[1], what,
            table.concat(parts, ", ")) or nil,
    }
end

--- Compares b with a. tolerance: { absolute =, relative = }, of values, or of times of spikes in
--- ms. { same = all numbers are equal, within = the tolerance, first = text of the first
--- difference beyond it, nil without, most = text of the greatest, nil where they are the same }.
--- called: how texts call the two, { "the first", "the second" } where it is left out.
function compare.tables(a, b, kind, tolerance, called)
    called = called or { "the first", "the second" }
    if kind == "values" then
        return compare_values(a, b, tolerance, called)
    end
    return compare_spikes(a, b, tolerance, kind, called)
end

return compare
