-- SPDX-License-Identifier: BSD-3-Clause
-- hillock sweep PROTOCOL: runs a protocol with many values, on all processors; a table, a run a
-- line.

local applied = require "hillock.command.applied"
local columns = require "hillock.command.columns"

local sweep = {
    summary = "Run a protocol with many values, on all processors.",
    description = "Run a protocol with each of many values, on all processors, and print a table: "
        .. "a run a line, with what was measured and whether its checks passed.",
}

local MOST_VALUES <const> = 100000

-- "0:0.1:0.5 nA" as values from the first to the last, both included; nil where it is no range.
local function range(text)
    local first, step, last, unit = text:match "^%s*([^:]+):([^:]+):%s*([-+%d.eE]+)%s*(.-)%s*$"
    first, step, last = tonumber(first), tonumber(step), tonumber(last)
    if not (first and step and last) then
        return nil
    end
    local n = (last - first) / step
    if not (step ~= 0 and n >= 0 and n < MOST_VALUES) then
        return nil, ("%s does not lead from %g to %g in steps of %g"):format(text, first, last,
            step)
    end
    local list = {}
    for k = 0, math.floor(n + 1e-9) do -- the digits that were meant, not those of a sum
        local value = tonumber(("%.14g"):format(first + k * step))
        list[#list + 1] = unit == "" and value or ("%.14g %s"):format(value, unit)
    end
    return list
end

-- "100,200 pA" as values; a unit at the end is that of all numbers.
local function values(text)
    local typed = require "hillock.protocol.change".typed
    local list = {}
    for value in (text .. ","):gmatch "%s*([^,]-)%s*," do
        list[#list + 1] = typed(value)
    end
    local unit = tostring(list[#list]):match "^[-+%d.eE]+%s*(%a.*)$"
    for i, value in ipairs(unit and list or {}) do
        list[i] = type(value) == "number" and ("%.14g %s"):format(value, unit) or value
    end
    return list
end

-- "PATH=first:step:last" or "PATH=value,value,..."
local function axis(text)
    local path, rest = text:match "^([^=]+)=(.+)$"
    if not path then
        return nil, ("--over: expected PATH=FIRST:STEP:LAST or PATH=VALUE,VALUE,..., got '%s'")
            :format(text)
    end
    local list, why = range(rest)
    if why then
        return nil, "--over: " .. why
    elseif not list then
        list = values(rest)
    end
    return { path, list }
end

-- "max:of=v,cell=1"
local function measure(text)
    local word, rest = text:match "^([%a_]+):?(.*)$"
    if not word then
        return nil, ("--measure: expected WORD or WORD:KEY=VALUE,..., got '%s'"):format(text)
    end
    local typed = require "hillock.protocol.change".typed
    local entry = { word }
    for part in rest:gmatch "[^,]+" do
        local key, value = part:match "^%s*([%a_]+)=(.*)$"
        if not key then
            return nil, ("--measure: expected KEY=VALUE, got '%s'"):format(part)
        end
        entry[key] = typed(value)
    end
    return entry
end

local function count(text)
    local n = math.tointeger(tonumber(text))
    if not n or n < 1 or n > 1e6 then
        return nil, ("expected a whole number from 1, got '%s'"):format(text)
    end
    return n
end

function sweep.describe(command)
    command:argument("protocol", "The protocol, a Lua or a JSON file."):argname "PROTOCOL"
    applied.describe(command)
    command:option("--over", "What varies: PATH=FIRST:STEP:LAST or PATH=VALUE,VALUE,...; may be "
        .. "repeated: all combinations, the last one fastest."):argname "VALUES":count "*"
        :convert(axis)
    command:option("--measure", "What is measured of each run, beside its checks: spike_count, "
        .. "max:of=v,cell=1, ...; may be repeated."):argname "WORD":count "*":convert(measure)
    command:option("--seeds", "Run each so many times, with seeds that count on.")
        :argname "N":convert(count)
    command:option("--threads", "How many run at once; without it, one a processor.")
        :argname "N":convert(count)
    command:option("--csv", "Write the table there."):argname "FILE"
    command:option("--results", "Put each run's recordings there, with its manifest, in a folder "
        .. "of its own, and the table, sweep.csv."):argname "DIR"
    command:flag("--quiet", "No line on a terminal that tells how many runs are done.")
end

-- What is measured where nothing is said: the spikes of each recording of them.
local function usual(data)
    local list = {}
    for _, entry in ipairs(data.record or {}) do
        if entry[1] == "spikes" then
            local of = entry.name or "spikes"
            list[#list + 1] = { "spike_count", of = of, name = of }
        end
    end
    return list
end

local function text_of(value)
    if math.type(value) == "float" then
        return ("%.6g"):format(value)
    elseif type(value) == "table" or type(value) == "userdata" then
        return ("%d values"):format(#value)
    end
    return value == nil and "-" or (tostring(value):gsub("\n.*", " ..."))
end

local function print_table(made)
    local rows = { made.columns }
    for i = 1, #made do
        local row = made:row(i)
        rows[i + 1] = {}
        for k, name in ipairs(made.columns) do
            rows[i + 1][k] = text_of(row[name])
        end
    end
    print(columns(rows))
end

-- The sweep; an error where something is wrong.
local function make(options)
    local base, own = applied.protocol(options)
    if not base then
        error(own, 0)
    end
    local model, why = applied.model(options)
    if why then
        error(why, 0)
    end
    base = require "hillock.protocol".sound(base)
    local measures = #options.measure == 0 and usual(base.data) or options.measure
    return require "hillock.sweep".new {
        protocol = base, model = model or own, parameters = applied.parameters(options),
        over = options.over, measure = measures, seeds = options.seeds, threads = options.threads,
        results = options.results,
    }
end

function sweep.run(options)
    require "hillock"
    if not options.quiet then
        require "hillock.host".progress()
    end
    local good, made = pcall(make, options)
    if not good then
        return 1, made
    end
    if options.csv then
        local written, why = pcall(made.csv, made, options.csv)
        if not written then
            return 1, why
        end
        print(("%d runs, %d failed: %s"):format(#made, made.failed, options.csv))
    else
        print_table(made)
    end
    return made.passed and 0 or 1
end

return sweep
