-- SPDX-License-Identifier: BSD-3-Clause
-- applied: what the commands that apply a protocol to a model have in common: which files are
-- protocols, and the options for the model, its parameters and other values.

local applied = {}

--- Options that take a value, for who looks for the first argument that is none.
applied.valued = {
    ["--model"] = true, ["--parameter"] = true, ["--set"] = true, ["--results"] = true,
    ["--morphology"] = true, ["--biophys"] = true,
}

-- "name=value"
local function assignment(text)
    local name, value = text:match "^([^=]+)=(.*)$"
    if not name then
        return nil, ("expected NAME=VALUE, got '%s'"):format(text)
    end
    return { name, value }
end

--- Adds the options to a command.
function applied.describe(command)
    command:option("--model", "The model: a Lua file, or a DendroTweaks folder; without it, the "
        .. "one that the protocol names."):argname "MODEL"
    command:option("--morphology", "Of a DendroTweaks folder: which of its morphologies.")
        :argname "NAME"
    command:option("--biophys", "Of a DendroTweaks folder: which of its configurations.")
        :argname "NAME"
    command:option("--parameter", "A parameter of the model; may be repeated.")
        :argname "NAME=VALUE":count "*":convert(assignment)
    command:option("--set", "Another value in the protocol, by its path, as in clamps[1].amp=0.2; "
        .. "may be repeated."):argname "PATH=VALUE":count "*":convert(assignment)
end

-- Assignments as a table by name.
local function by_name(list)
    local typed = require "hillock.protocol.change".typed
    local values = {}
    for _, pair in ipairs(list or {}) do
        values[pair[1]] = typed(pair[2])
    end
    return values
end

--- The protocol with the values that --set gives, its problems and all; nil and why.
function applied.protocol(options)
    local protocol = require "hillock.protocol"
    local made, why = protocol.open(options.protocol)
    if not made then
        return nil, why
    end
    local values = by_name(options.set)
    if next(values) then
        local good, changed = pcall(protocol.changed, made, values)
        if not good then
            return nil, "--set: " .. changed
        end
        made = changed
    end
    return made
end

--- The model of the options: nil for the protocol's own; nil and why where it is none.
function applied.model(options)
    if not options.model then
        if options.morphology or options.biophys then
            return nil, "--morphology and --biophys are for a model that --model names"
        end
        return nil
    end
    local good, model = pcall(require "hillock.model".new, options.model,
        { morphology = options.morphology, biophys = options.biophys })
    if not good then
        return nil, model
    end
    return model
end

--- The parameters that --parameter gives.
function applied.parameters(options)
    return by_name(options.parameter)
end

--- Is the file a protocol? By its name (NAME.json, NAME.protocol.lua), or because it gives in the
--- sandbox, where a script fails, a table with the key `protocol`.
function applied.is_protocol(path)
    if path:find "%.json$" or path:find "%.protocol%.lua$" then
        return true
    end
    local file = path ~= "-" and io.open(path, "rb")
    local text = file and file:read "a" or ""
    if file then
        file:close()
    end
    if not text:find("protocol", 1, true) or text:find "^#" then
        return false
    end
    require "hillock"
    local value = require "hillock.protocol.source".parse(text, path)
    return value ~= nil and value.protocol ~= nil
end

--- Runs the protocol and prints what came of its checks: the exit status, and a message.
function applied.run(options)
    require "hillock"
    local made, why = applied.protocol(options)
    local model
    if made then
        model, why = applied.model(options)
    end
    if why then
        return 1, why
    end
    local problems = made:check(model, { parameters = applied.parameters(options) })
    if #problems > 0 then
        return 1, table.concat(problems, "\n")
    end
    local name = options.protocol:match "([^/]*)$"
    name = name:gsub("%.json$", ""):gsub("%.lua$", ""):gsub("%.protocol$", "")
    local good, outcome = pcall(made.run, made, {
        model = model, parameters = applied.parameters(options),
        results = options.results or name .. ".results",
    })
    if not good then
        return 1, outcome
    end
    print(made)
    print(outcome)
    local passed = outcome.passed
    outcome.net:close()
    return passed and 0 or 1
end

return applied
