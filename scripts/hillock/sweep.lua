-- SPDX-License-Identifier: BSD-3-Clause
-- sweep: a protocol run many times, with other values each time, on all processors. Each run stands
-- alone: it is what the protocol with these values and this seed gives by itself. One that fails is
-- told in its row, and the others go on.

local core = require "hillock.core"
local change = require "hillock.protocol.change"
local files = require "hillock.files"
local json = require "hillock.json"
local kept = require "hillock.kept"
local keys = require "hillock.keys"
local model_of = require "hillock.model"
local object = require "hillock.object"
local parallel = require "hillock.parallel"
local protocol_of = require "hillock.protocol"
local report_of = require "hillock.protocol.report"
local schema = require "hillock.protocol.schema"
local track = require "hillock.track"

local sweep = {}
local fail = keys.fail

local MOST_RUNS <const> = 1000000

-- ---- which runs

-- { { path, values }, ... } of { [path] = values }, by the paths' alphabet, or of such a list.
local function axes_of(over)
    local axes = {}
    for key, value in next, over do
        if type(key) == "string" then
            axes[#axes + 1] = { key, value }
        elseif type(value) ~= "table" or #value ~= 2 or type(value[1]) ~= "string" then
            fail("sweep: over[%s]: expected { PATH, list of values }", tostring(key))
        end
    end
    table.sort(axes, function(a, b) return a[1] < b[1] end)
    if #axes > 0 and #over > 0 then
        fail("sweep: over: expected { [PATH] = values, ... } or { { PATH, values }, ... }")
    end
    axes = #axes > 0 and axes or over
    for _, axis in ipairs(axes) do
        keys.value("sweep: over: " .. axis[1], axis[2], "table")
        if #axis[2] == 0 then
            fail("sweep: over: %s: the list of values is empty", axis[1])
        end
    end
    return axes
end

-- All combinations, the last axis fastest.
local function grid(axes)
    local n = 1
    for _, axis in ipairs(axes) do
        n = n * #axis[2]
        if n > MOST_RUNS then
            fail("sweep: these are more than %d runs", MOST_RUNS)
        end
    end
    local list, names = {}, {}
    for i, axis in ipairs(axes) do
        names[i] = axis[1]
    end
    for k = 0, n - 1 do
        local values, rest = {}, k
        for i = #axes, 1, -1 do
            local all = axes[i][2]
            values[axes[i][1]] = all[rest % #all + 1]
            rest = rest // #all
        end
        list[k + 1] = values
    end
    return list, names
end

-- The paths of a list of runs, by the alphabet.
local function listed(list)
    local set = {}
    for i, values in ipairs(list) do
        keys.value(("sweep: list[%d]"):format(i), values, "table")
        for path in next, values do
            keys.value(("sweep: list[%d]: path"):format(i), path, "string")
            set[path] = true
        end
    end
    if #list == 0 then
        fail("sweep: the list of runs is empty")
    end
    return list, keys.names(set)
end

-- ---- one run, on a thread of hk.map

-- "the v that ..." without the place in hillock's own files.
local function short(message)
    return (tostring(message):gsub("^[^\n]-hillock/[%w_/]+%.lua:%d+: ", ""))
end

-- The arguments by which hillock run finds the model again.
local function model_arguments(item, it)
    local list = {}
    local model = item.model or { protocol_of.model_path(it), {} }
    for _, pair in ipairs { { "model", model[1] }, { "morphology", model[2].morphology },
        { "biophys", model[2].biophys }, { "stimuli", model[2].stimuli } } do
        if pair[2] then
            table.move({ "--" .. pair[1], pair[2] }, 1, 2, #list + 1, list)
        end
    end
    return list
end

-- Begins a results folder with the run's own manifest, and writes its protocol beside it. nil where
-- no folder is wanted, or what the process leaves is tracked as a whole.
local function begin(item, it)
    if not item.results or track.on() then
        return nil
    end
    local file = item.results .. ".protocol.json"
    it:write(file)
    local call, why = kept.begin { file = file, role = "protocol", folder = item.results }
    if not call then
        error(why, 0)
    end
    call.arguments = model_arguments(item, it)
    return call
end

-- The protocol of an item, with its values and parameters.
local function protocol_for(item)
    local base = protocol_of.changed(protocol_of.unpack(item.protocol), item.changes)
    local values = {}
    for name, value in pairs(item.parameters or {}) do
        values["parameters." .. name] = value
    end
    return protocol_of.sound(next(values) and protocol_of.changed(base, values) or base)
end

-- Runs it. call: of `begin`.
local function run(item, it, call, done)
    local model = item.model and model_of.new(item.model[1], item.model[2])
    local outcome, values = protocol_of.run(it, {
        model = model, results = not call and item.results or nil,
    }, item.measure)
    if call then
        kept.protocol(outcome)
    end
    done.values, done.passed, done.checks = values, outcome.passed, {}
    for i, check in ipairs(outcome.checks) do
        done.checks[i] = check.measured
    end
    outcome.net:close()
end

--- Runs an item: { values = list, checks = list, passed =, error = }.
function sweep.one(item)
    local done, call = {}, nil
    local good, why = pcall(function()
        local it = protocol_for(item)
        call = begin(item, it)
        run(item, it, call, done)
    end)
    local problem = call and kept.finish(call, not good and short(why) or nil)
    if not good or problem then
        done.error = not good and short(why) or problem
        done.passed = nil
    end
    return done
end

-- ---- the table

local Sweep
local methods = {}

--- A row: a table by the columns' names.
---@param i integer
function methods:row(i)
    local state = object.state(Sweep, self, "sweep:row")
    keys.value("sweep:row", i, "count from 1")
    if i > state.n then
        fail("sweep:row: there are rows 1 to %d, not %d", state.n, i)
    end
    local row = {}
    for _, name in ipairs(state.names) do
        row[name] = state.columns[name][i]
    end
    return row
end

-- A field of a CSV file: lists as numbers with blanks between them.
local function field(value)
    if value == nil then
        return ""
    elseif math.type(value) == "float" then
        return json.text(value)
    elseif type(value) == "table" or core.is_array(value) then
        local parts = {}
        for i = 1, #value do
            parts[i] = field(value[i])
        end
        return table.concat(parts, " ")
    end
    local text = tostring(value)
    if text:find '[,"\r\n]' then
        return '"' .. text:gsub('"', '""') .. '"'
    end
    return text
end

--- Writes the table as a CSV file, a run a line.
---@param path string
function methods:csv(path)
    local state = object.state(Sweep, self, "sweep:csv")
    keys.value("sweep:csv: path", path, "string")
    local lines, names = {}, {}
    for i, name in ipairs(state.names) do
        names[i] = field(name)
    end
    lines[1] = table.concat(names, ",")
    for i = 1, state.n do
        local fields = {}
        for k, name in ipairs(state.names) do
            fields[k] = field(state.columns[name][i])
        end
        lines[i + 1] = table.concat(fields, ",")
    end
    local written, why = files.write(path, table.concat(lines, "\n") .. "\n")
    if not written then
        fail("sweep:csv: %s", why)
    end
    return self
end

Sweep = object.class {
    name = "sweep",
    methods = methods,
    fields = {
        columns = function(state) return table.move(state.names, 1, #state.names, 1, {}) end,
        failed = function(state) return state.failed end,
        passed = function(state) return state.passed end,
    },
    index = function(state, key)
        return type(key) == "string" and state.columns[key] or nil
    end,
    meta = {
        __len = function(self) return object.state(Sweep, self).n end,
        __tostring = function(self)
            local state = object.state(Sweep, self)
            return ("sweep: %d runs, %d failed: %s"):format(state.n, state.failed,
                table.concat(state.names, ", "))
        end,
    },
}

-- A name that no column has yet.
local function free_name(taken, name)
    local found, n = name, 1
    while taken[found] do
        n = n + 1
        found = ("%s %d"):format(name, n)
    end
    taken[found] = true
    return found
end

local function name_of(entry)
    local parts = { entry[1] }
    for _, key in ipairs { "of", "trace", "cell", "at", "t", "from", "to" } do
        if entry[key] then
            local value = entry[key]
            parts[#parts + 1] = type(value) == "number" and ("%s %.10g"):format(key, value)
                or ("%s %s"):format(key, value)
        end
    end
    return entry.name or table.concat(parts, " ")
end

-- The results in columns.
local function collect(plan, done)
    local names, columns, taken = {}, {}, {}
    local function add(name, get)
        name = free_name(taken, name)
        names[#names + 1], columns[name] = name, {}
        for i = 1, #plan.items do
            columns[name][i] = get(i, done[i])
        end
    end
    add("run", function(i) return i end)
    for _, path in ipairs(plan.paths) do
        add(path, function(i) return plan.items[i].changes[path] end)
    end
    if not taken.seed then
        add("seed", function(i) return plan.items[i].seed end)
    end
    for k, entry in ipairs(plan.measure) do
        add(name_of(entry), function(_, one) return one.values and one.values[k] end)
    end
    for k, entry in ipairs(plan.checks) do
        add(name_of(entry), function(_, one) return one.checks and one.checks[k] end)
    end
    add("passed", function(_, one) return one.passed or false end)
    add("error", function(_, one) return one.error end)
    return names, columns
end

-- ---- the call

local allowed = {
    protocol = "any!", model = "any", parameters = "table", over = "table", list = "table",
    measure = "table", seeds = "count from 1", threads = "count from 1", results = "string",
}

local function measures_of(list)
    local report = report_of.new "sweep"
    local measure = schema.measure(report, "measure", list or {})
    if #report.list > 0 then
        fail("%s", table.concat(report:sorted(), "\n"))
    end
    return measure
end

local function pack_model(value)
    if value == nil then
        return nil
    end
    local packed = model_of.pack(model_of.new(value))
    if not packed then
        fail("sweep: model: the runs make it anew, each on a thread of its own: it must be a file")
    end
    return packed
end

-- The items for hk.map, each with its changes and seed.
local function plan_of(base, options)
    if (options.over == nil) == (options.list == nil) and options.list then
        fail("sweep: say 'over' or 'list', not both")
    end
    local runs, paths
    if options.list then
        runs, paths = listed(options.list)
    else
        runs, paths = grid(axes_of(options.over or {}))
    end
    local data = base.data
    local plan = {
        items = {}, paths = paths, checks = data.checks or {},
        measure = measures_of(options.measure),
    }
    local packed, model = protocol_of.pack(base), pack_model(options.model)
    for _, values in ipairs(runs) do
        change.apply(packed.raw, values) -- a path that leads nowhere is one for all runs
        for k = 0, (options.seeds or 1) - 1 do
            local changes = {}
            for path, value in pairs(values) do
                changes[path] = value
            end
            local seed = changes.seed or data.seed or schema.defaults.seed
            if options.seeds then
                keys.value("sweep: seed", seed, "integer")
                changes.seed = seed + k
            end
            local i = #plan.items + 1
            plan.items[i] = {
                protocol = packed, model = model, parameters = options.parameters,
                changes = changes, seed = changes.seed or seed, measure = plan.measure,
                results = options.results and ("%s/run%d"):format(options.results, i),
            }
        end
    end
    return plan
end

--- Runs a protocol with each of many values: { protocol =, model =, parameters =, over = { [PATH] =
--- values } or { { PATH, values }, ... } (all combinations, the last one fastest) or list = { {
--- [PATH] = value }, ... }, measure = list, seeds = n, threads =, results = folder }.
---@param options table
---@return table sweep a table of columns
function sweep.new(options)
    keys.check("sweep", options, allowed)
    local base = protocol_of.new(options.protocol)
    local plan = plan_of(base, options)
    if options.results then
        local made, why = files.make_folder(options.results)
        if not made then
            fail("sweep: results: %s", why)
        end
    end
    local done = parallel.map(plan.items, function(item)
        return require "hillock.sweep".one(item)
    end, { threads = options.threads })
    local names, columns = collect(plan, done)
    local failed, passed = 0, true
    for i = 1, #done do
        failed = failed + (done[i].error and 1 or 0)
        passed = passed and done[i].passed or false
    end
    local made = object.new(Sweep, {
        n = #done, names = names, columns = columns, failed = failed, passed = passed,
    })
    if options.results then
        made:csv(options.results .. "/sweep.csv")
    end
    return made
end

return sweep
