-- SPDX-License-Identifier: BSD-3-Clause
-- protocol: what is done to a model and what is expected of it, as data: clamps, inputs,
-- connections, recordings, checks. It applies to each model that has the places that it names.
-- scripts/protocols.md tells of the format.

local build = require "hillock.protocol.build"
local change = require "hillock.protocol.change"
local checks = require "hillock.protocol.checks"
local files = require "hillock.files"
local keys = require "hillock.keys"
local kinds = require "hillock.protocol.kinds"
local model_of = require "hillock.model"
local object = require "hillock.object"
local plugin_values = require "hillock.protocol.plugin_values"
local report_of = require "hillock.protocol.report"
local schema = require "hillock.protocol.schema"
local source = require "hillock.protocol.source"


local protocol = {}
local fail = keys.fail

local Protocol, Outcome
local methods = {}

-- ---- the model

-- The path of the model that the protocol names, from where the process is.
local function own_model(state)
    local path = state.data.model
    if not path then
        return nil
    end
    local folder = state.path and files.folder_of(state.path) or ""
    return path:sub(1, 1) == "/" and path or folder .. path
end

-- The model that is given, or the protocol's own; nil and the reason where there is none.
local function find_model(state, given)
    local value = given
    if value == nil then
        value = own_model(state)
    end
    if value == nil then
        return nil, "it names no model: say which one it is for"
    end
    return model_of.new(value)
end

local function parameters_of(state, more)
    local all = {}
    for _, from in ipairs { state.data.parameters or {}, more or {} } do
        for key, value in pairs(from) do
            all[key] = value
        end
    end
    return all
end

-- ---- checking

-- The network of the protocol and a model, with problems in the report.
local function make(state, options)
    local report = state.report:copy()
    local found, model, why = pcall(find_model, state, options.model)
    if not found or not model then
        why = not found and tostring(model):gsub("^%S-:%d+: ", "") or why
        report:add("model", "%s", why)
        return nil, report
    end
    local built = build.network(state.data, model, report, {
        parameters = parameters_of(state, options.parameters), threads = options.threads,
        folder = options.folder,
    })
    if built then
        built.checks = checks.prepare(built, state.data.checks)
    end
    return built, report, model
end

-- What only all of it together tells: the temperature, ports, times below a step.
local function lay_out(built, report)
    if #report.list == 0 then
        plugin_values.try(report, "", function() built.net:build() end)
    end
end

-- The data with all that it leaves out.
local function resolve(state, built, model, more)
    local data = kinds.data(nil, "", state.data)
    for key, value in pairs(schema.defaults) do
        if data[key] == nil and not (key == "cells" and model.kind == "network") then
            data[key] = value
        end
    end
    for key, list in pairs(built.full) do
        data[key] = kinds.data(nil, "", list)
    end
    data.checks = kinds.data(nil, "", built.checks)
    local parameters = model.parameters
    for key, value in pairs(parameters_of(state, more)) do
        parameters[key] = value
    end
    data.parameters = kinds.data(nil, "", parameters)
    data.model = model.path or state.data.model
    return data
end

local run_keys = {
    model = "any", parameters = "table", threads = "count", results = "string",
}

--- What is wrong with the protocol for a model (its own one, if none is given), all of it, without
--- a run: a list of texts, empty where nothing is.
---@param model? any a path, what hk.model gives, or what a model's file may return
---@param options? { parameters?: table }
---@return string[]
function methods:check(model, options)
    local state = object.state(Protocol, self, "protocol:check")
    options = keys.check("check", options or {}, { parameters = "table" })
    local built, report = make(state, { model = model, parameters = options.parameters })
    if built then
        lay_out(built, report)
        built.net:close()
    end
    return report:sorted()
end

-- ---- running

local function fail_with(list)
    if #list == 1 then
        fail("%s", list[1])
    end
    fail("%d problems:\n%s", #list, table.concat(list, "\n"))
end

-- Runs it: the outcome. With `measure`, a list, also what that measures.
local function run(state, options, measure)
    local folder = options.results
    local built, report, model = make(state, {
        model = options.model, parameters = options.parameters, threads = options.threads,
        folder = folder,
    })
    local measures = built and measure and checks.prepare_measures(built, measure)
    if #report.list > 0 then
        if built then
            built.net:close()
        end
        fail_with(report:sorted())
    end
    if folder then
        local made, why = files.make_folder(folder)
        if not made then
            fail("run: results: %s", why)
        end
    end
    local result = built.net:run(state.data.duration)
    local list = checks.run(built, result, built.checks)
    local passed = true
    for _, check in ipairs(list) do
        passed = passed and check.passed
    end
    local outcome = object.new(Outcome, {
        net = built.net, result = result, checks = list, passed = passed, model = model,
        protocol = resolve(state, built, model, options.parameters),
    })
    return outcome, measures and checks.measure(built, result, measures)
end

--- Runs the protocol on a model (its own one, if none is given). results: a folder where each
--- recording is put as a CSV file.
---@param options? { model?: any, parameters?: table, threads?: integer, results?: string }
---@return table outcome
function methods:run(options)
    local state = object.state(Protocol, self, "protocol:run")
    return (run(state, keys.check("run", options or {}, run_keys)))
end

--- The same, and what `measure`, a list as a sweep has it, measures.
function protocol.run(self, options, measure)
    return run(object.state(Protocol, self, "protocol.run"), options, measure)
end

Outcome = object.class {
    name = "outcome",
    methods = {},
    fields = {
        net = function(state) return state.net end,
        result = function(state) return state.result end,
        checks = function(state) return state.checks end,
        passed = function(state) return state.passed end,
        model = function(state) return state.model end,
        protocol = function(state) return state.protocol end,
    },
    meta = {
        __tostring = function(self)
            local state, lines = object.state(Outcome, self), {}
            for i, check in ipairs(state.checks) do
                lines[i] = check.text
            end
            lines[#lines + 1] = tostring(state.result)
            return table.concat(lines, "\n")
        end,
    },
}

-- ---- as data

--- The protocol with all that it leaves out filled in, as a table: its own defaults, the model's
--- parameters, and the defaults of plugins' fields.
---@param options? { model?: any, parameters?: table }
function methods:resolved(options)
    local state = object.state(Protocol, self, "protocol:resolved")
    options = keys.check("resolved", options or {}, { model = "any", parameters = "table" })
    local built, report, model = make(state, options)
    if built then
        built.net:close()
    end
    if #report.list > 0 then
        fail_with(report:sorted())
    end
    return resolve(state, built, model, options.parameters)
end

--- The same with other values, by their paths: protocol:with { ["clamps[1].amp"] = 0.2 }.
---@param values table<string, any>
function methods:with(values)
    keys.value("with", values, "table")
    return protocol.sound(protocol.changed(self, values))
end

--- The protocol as JSON.
function methods:json()
    return source.json(object.state(Protocol, self, "protocol:json").data)
end

--- The protocol as Lua.
function methods:lua()
    return source.lua(object.state(Protocol, self, "protocol:lua").data)
end

--- Writes it, as JSON where the path ends in .json, else as Lua.
---@param path string
function methods:write(path)
    keys.value("write: path", path, "string")
    local text = path:find "%.json$" and self:json() or self:lua()
    local written, why = files.write(path, text)
    if not written then
        fail("write: %s", why)
    end
    return self
end

Protocol = object.class {
    name = "protocol",
    methods = methods,
    fields = {
        name = function(state) return state.data.name end,
        path = function(state) return state.path end,
        data = function(state) return kinds.data(nil, "", state.data) end,
    },
    meta = {
        __tostring = function(self)
            local state = object.state(Protocol, self)
            local data, parts = state.data, {}
            for _, key in ipairs(schema.lists) do
                if data[key] and #data[key] > 0 then
                    parts[#parts + 1] = ("%d in %s"):format(#data[key], key)
                end
            end
            return ("protocol %s of %.10g ms: %s"):format(data.name or state.name, data.duration,
                #parts > 0 and table.concat(parts, ", ") or "empty")
        end,
    },
}
protocol.Protocol = Protocol

-- ---- making

local function make_protocol(raw, name, path, lines)
    local report = report_of.new(name, lines)
    local data = schema.all(report, "", raw)
    return object.new(Protocol, {
        raw = raw, data = data or {}, name = name, path = path, lines = lines, report = report,
    })
end

--- A protocol with all problems that its shape has; nil and why where there is no table.
function protocol.open(value)
    if type(value) ~= "string" then
        return make_protocol(value, "the protocol", nil, {})
    end
    local raw, lines = source.read(value)
    if not raw then
        return nil, lines
    end
    return make_protocol(raw, value, value, lines)
end

--- The path of the model that it names, from where the process is; nil where it names none.
function protocol.model_path(self)
    return own_model(object.state(Protocol, self, "protocol.model_path"))
end

--- What another Lua state needs to make it again: plain values.
function protocol.pack(self)
    local state = object.state(Protocol, self, "protocol.pack")
    return { raw = state.raw, name = state.name, path = state.path, lines = state.lines }
end

--- Makes it again.
function protocol.unpack(packed)
    return make_protocol(packed.raw, packed.name, packed.path, packed.lines)
end

--- The same with other values; its problems are not looked at.
function protocol.changed(self, values)
    local state = object.state(Protocol, self, "protocol:with")
    return make_protocol(change.apply(state.raw, values), state.name, state.path, state.lines)
end

--- What is wrong with its shape: a list of texts.
function protocol.problems(self)
    return object.state(Protocol, self, "problems").report:sorted()
end

--- It, where its shape has no problems; an error where it has.
function protocol.sound(self)
    local problems = protocol.problems(self)
    if #problems > 0 then
        fail_with(problems)
    end
    return self
end

--- A protocol: of a file, Lua or JSON, or of a table of the same form.
---@param value string|table
function protocol.new(value)
    if object.test(Protocol, value) then
        return value
    end
    keys.value("protocol", value, "string|table")
    local made, why = protocol.open(value)
    if not made then
        fail("%s", why)
    end
    return protocol.sound(made)
end

return protocol
