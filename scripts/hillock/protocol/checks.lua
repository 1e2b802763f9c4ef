-- SPDX-License-Identifier: BSD-3-Clause
-- checks: what a protocol expects of a run, and what came of it. Each check gives
--
--     { check =, name =, passed =, measured = a number, a list of times or nil, text = one line }
--
-- A window is from <= t < to for spikes, from <= t <= to for samples. A value at a time is that of
-- the sample at that time: the nearest one, which must be within half a time step.

local core = require "hillock.core"
local keys = require "hillock.keys"
local plugin_values = require "hillock.protocol.plugin_values"

local checks = {}

-- ---- before the run: which recording, which trace

-- The unit of what is recorded, as far as it is known.
local function unit_of(what)
    local mechanism, field = what:match "^([%a_][%w_]*)%.([%a_][%w_]*)$"
    if what == "v" or what:find "^e%l+$" then
        return "mV"
    elseif mechanism then
        local found, plugin = pcall(core.plugin_find, mechanism)
        for _, known in ipairs(found and plugin.fields or {}) do
            if known.name == field then
                return known.unit or ""
            end
        end
    end
    return ""
end

local function recording_of(built, path, entry, wanted)
    local of = entry.of or (wanted == "spikes" and "spikes" or "v")
    local known = built.recorded[of]
    if not known then
        built.report:add(path, "nothing is recorded as '%s'%s", of,
            keys.hint(of, keys.names(built.recorded)))
        return nil
    elseif not known.recording then
        return nil -- told already
    elseif known.recording.kind ~= wanted then
        built.report:add(path, "'%s' is a recording of %s, and this wants %s", of,
            known.recording.kind, wanted == "values" and "traces" or wanted)
        return nil
    end
    return known
end

-- The number of the trace that an entry means.
local function trace_of(built, path, entry, known)
    if entry.trace and (entry.cell or entry.at) then
        built.report:add(path, "'trace' names the trace: 'cell' and 'at' do it otherwise")
    elseif (entry.cell or entry.at) and not known.places then
        built.report:add(path, "'%s' is no recording of cells: say trace = n", known.full.name)
    elseif entry.at then
        local cells = known.cells
        local k = entry.cell or 1
        if k > #cells then
            built.report:add(path .. ".cell", "there are cells 1 to %d, not %d", #cells, k)
            return nil
        end
        local place = plugin_values.try(built.report, path .. ".at", function()
            return cells[k](entry.at)
        end)
        for i = 1, place and #place == 1 and #known.places or 0 do
            if known.places.cells[i] == place.cells[1]
                and known.places.segments[i] == place.segments[1] then
                return i
            end
        end
        if place then
            built.report:add(path .. ".at", "'%s' is not recorded there", entry.at)
        end
        return nil
    end
    local each = known.places and #known.places // #known.cells or 1
    local i = entry.trace or entry.cell and (entry.cell - 1) * each + 1 or 1
    if i > known.n then
        built.report:add(path .. (entry.trace and ".trace" or ".cell"),
            "'%s' has traces 1 to %d, not %d", known.full.name, known.n, i)
        return nil
    end
    return i
end

local function check_bounds(report, path, entry)
    if entry.is == nil and entry.min == nil and entry.max == nil then
        report:add(path, "it expects nothing: say is =, or min = and max =")
    elseif entry.is ~= nil and (entry.min ~= nil or entry.max ~= nil) then
        report:add(path, "'is' is exact (within 'within'), 'min' and 'max' are bounds: say the one "
            .. "or the other")
    elseif entry.min and entry.max and entry.min > entry.max then
        report:add(path, "min %.15g is above max %.15g", entry.min, entry.max)
    end
end

local function check_cell(built, path, entry, known)
    if entry.cell and known.cells and entry.cell > #known.cells then
        built.report:add(path .. ".cell", "there are cells 1 to %d, not %d", #known.cells,
            entry.cell)
    elseif entry.cell and not known.cells then
        built.report:add(path .. ".cell", "'%s' is no recording of cells", known.full.name)
    end
end

local of_spikes = { spike_count = true, spike_times = true, rate = true }

-- A check as it is to be made: with numbers in their units and all defaults.
-- `measured`: it is looked at alone, and expects nothing.
local function prepare(built, path, entry, measured)
    local full = {}
    for key, value in pairs(entry) do
        full[key] = value
    end
    local spikes = of_spikes[entry[1]]
    full.of = entry.of or (spikes and "spikes" or "v")
    local known = recording_of(built, path, entry, spikes and "spikes" or "values")
    if not known then
        return full
    elseif spikes then
        check_cell(built, path, entry, known)
    else
        full.trace = trace_of(built, path, entry, known)
        local unit = unit_of(known.what)
        for _, key in ipairs { "is", "min", "max", "within" } do
            full[key] = full[key] ~= nil and plugin_values.number(built.report,
                path .. "." .. key, full[key], unit) or nil
        end
    end
    if measured then
        full.is, full.min, full.max = nil, nil, nil
    elseif entry[1] == "spike_times" then
        full.within = entry.within or built.net.dt
        for i = 2, #full.times do
            if full.times[i] < full.times[i - 1] then
                built.report:add(path .. ".times", "%.15g comes after %.15g: they are in order",
                    full.times[i], full.times[i - 1])
            end
        end
    else
        check_bounds(built.report, path, full)
        full.within = full.within or (full.is and 0 or nil)
    end
    if full.from and full.to and full.from > full.to then
        built.report:add(path, "from %.15g to %.15g is empty", full.from, full.to)
    end
    return full
end

--- The checks with all defaults; what is wrong is reported.
function checks.prepare(built, list)
    local full = {}
    for i, entry in ipairs(list or {}) do
        full[i] = entry and prepare(built, ("checks[%d]"):format(i), entry)
    end
    return full
end

--- The same of what is to be measured, and not held against anything.
function checks.prepare_measures(built, list)
    local full = {}
    for i, entry in ipairs(list) do
        full[i] = prepare(built, ("measure[%d]"):format(i), entry, true)
    end
    return full
end

-- ---- after the run

local function window_text(entry)
    if not entry.from and not entry.to then
        return ""
    end
    return entry.to and (", %.10g to %.10g ms"):format(entry.from or 0, entry.to)
        or (", from %.10g ms"):format(entry.from)
end

-- The times of the spikes that a check is about.
local function spikes_of(built, result, entry)
    local known = built.recorded[entry.of]
    local cells = known.cells
    local t
    if cells then
        t = result:spikes(entry.cell and cells[entry.cell] or cells, entry.of).t
    else
        t = known.recording.t
    end
    local from, to, list = entry.from or 0, entry.to or math.huge, {}
    for i = 1, #t do
        if t[i] >= from and t[i] < to then
            list[#list + 1] = t[i]
        end
    end
    return list, cells and (entry.cell and 1 or #cells) or 1
end

-- Is it as expected? And what is expected, for the line.
local function judge(entry, x)
    if x == nil or x ~= x then
        return false, "nothing to look at"
    elseif entry.is then
        local within = entry.within or 0
        local off = math.abs(x - entry.is)
        local text = within > 0 and ("expected %.10g within %.3g"):format(entry.is, within)
            or ("expected %.10g"):format(entry.is)
        if off > within then
            text = ("%s, off by %.6g"):format(text, off)
        end
        return off <= within, text
    end
    local low, high = entry.min or -math.huge, entry.max or math.huge
    local text = not entry.max and ("expected at least %.10g"):format(low)
        or not entry.min and ("expected at most %.10g"):format(high)
        or ("expected %.10g to %.10g"):format(low, high)
    return x >= low and x <= high, text
end

local measure = {}

function measure.spike_count(built, result, entry)
    return #spikes_of(built, result, entry)
end

function measure.rate(built, result, entry)
    local list, n = spikes_of(built, result, entry)
    local from, to = entry.from or 0, math.min(entry.to or math.huge, result.t)
    return to > from and #list * 1000 / (to - from) / n or nil
end

function measure.value(built, result, entry)
    local trace, t = result:trace(entry.of, entry.trace)
    local k = t:lower(entry.t)
    local best
    for i = math.max(k, 1), math.min(k + 1, #t) do
        if not best or math.abs(t[i] - entry.t) < math.abs(t[best] - entry.t) then
            best = i
        end
    end
    if best and math.abs(t[best] - entry.t) <= built.net.dt / 2 * (1 + 1e-9) then
        return trace[best]
    end
    return nil, best and ("no sample is there; the nearest is at %.10g ms"):format(t[best])
        or "there is no sample"
end

-- The samples in the window: an array, or nil where there is none.
local function samples(result, entry)
    local trace, t = result:trace(entry.of, entry.trace)
    local first, last = 1, #t
    if entry.from then
        first = t:lower(entry.from - 1e-9) + 1
    end
    if entry.to then
        last = t:lower(entry.to + 1e-9)
    end
    return first <= last and trace:slice(first, last) or nil
end

for _, name in ipairs { "min", "max", "mean" } do
    measure[name] = function(_, result, entry)
        local part = samples(result, entry)
        if not part then
            return nil, "no sample is there"
        end
        return (part[name](part)) -- array:min, array:max, array:mean
    end
end

function measure.spike_times(built, result, entry)
    return (spikes_of(built, result, entry))
end

function measure.trace(_, result, entry)
    return samples(result, entry)
end

-- What is missing, too much or off: a list of texts.
local function compare_times(want, got, within)
    local list = {}
    if #want == #got then
        for i = 1, #want do
            local off = got[i] - want[i]
            if math.abs(off) > within * (1 + 1e-9) then
                list[#list + 1] = ("spike %d at %.10g ms is %.6g ms %s"):format(i, got[i],
                    math.abs(off), off > 0 and "late" or "early")
            end
        end
        return list
    end
    list[1] = ("expected %d spikes, got %d"):format(#want, #got)
    local i, k = 1, 1
    while i <= #want or k <= #got do
        local a, b = want[i] or math.huge, got[k] or math.huge
        if math.abs(a - b) <= within * (1 + 1e-9) then
            i, k = i + 1, k + 1
        elseif a < b then
            list[#list + 1] = ("missing at %.10g ms"):format(a)
            i = i + 1
        else
            list[#list + 1] = ("extra at %.10g ms"):format(b)
            k = k + 1
        end
    end
    return list
end

local MOST_TOLD <const> = 6

local function judge_times(built, result, entry)
    local got = measure.spike_times(built, result, entry)
    local wrong = compare_times(entry.times, got, entry.within)
    local text
    if #wrong == 0 then
        text = ("all %d within %.3g ms"):format(#got, entry.within)
    else
        local told = table.concat(wrong, "; ", 1, math.min(#wrong, MOST_TOLD))
        text = #wrong > MOST_TOLD and ("%s; and %d more"):format(told, #wrong - MOST_TOLD) or told
    end
    return #wrong == 0, got, text
end

local function about(entry)
    local parts = { entry.name or entry[1] }
    if entry.of ~= "v" and entry.of ~= "spikes" or not of_spikes[entry[1]] then
        parts[#parts + 1] = "of " .. entry.of
    end
    if entry.cell then
        parts[#parts + 1] = "of cell " .. entry.cell
    end
    if entry.at then
        parts[#parts + 1] = "at " .. entry.at
    elseif entry.trace and entry.trace > 1 and not entry.cell then
        parts[#parts + 1] = "trace " .. entry.trace
    end
    local time = entry.t and (" at %.10g ms"):format(entry.t) or window_text(entry)
    return table.concat(parts, " ") .. time
end

local function one(built, result, entry)
    local passed, measured, text
    if entry[1] == "spike_times" then
        passed, measured, text = judge_times(built, result, entry)
    else
        local why
        measured, why = measure[entry[1]](built, result, entry)
        passed, text = judge(entry, measured)
        if measured then
            text = ("%.10g (%s)"):format(measured, text)
        else
            text = why or text
        end
    end
    return {
        check = entry[1], name = entry.name, passed = passed, measured = measured,
        text = ("%s %s: %s"):format(passed and "ok  " or "FAIL", about(entry), text),
    }
end

--- What is measured after a run: a number, a list of times, an array (a trace), or nil where there
--- is nothing to look at.
function checks.measure(built, result, list)
    local values = {}
    for i, entry in ipairs(list) do
        values[i] = measure[entry[1]](built, result, entry)
    end
    return values
end

--- What came of the checks after a run.
function checks.run(built, result, list)
    local done = {}
    for i, entry in ipairs(list) do
        done[i] = one(built, result, entry)
    end
    return done
end

return checks
