-- SPDX-License-Identifier: BSD-3-Clause
-- applied: what the commands that apply a protocol to a model have in common: which files are
-- protocols, and the options for the model, its parameters and other values.

local applied = {}

--- Options that take a value, for who looks for the first argument that is none.
applied.valued = {
    ["--threads"] = true, ["--results"] = true, ["--redirect"] = true, ["--model"] = true,
    ["--morphology"] = true, ["--biophys"] = true, ["--stimuli"] = true, ["--parameter"] = true,
    ["--set"] = true,
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
    command:option("--stimuli", "Of a DendroTweaks folder in place of a protocol: which of its "
        .. "protocols; as a model: the one whose d_lambda the cell has."):argname "NAME"
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

local function is_dendrotweaks(path)
    return require "hillock.host".kind(path .. "/biophys") == "folder"
end

local function protocols_of(folder)
    return (require "hillock.dendrotweaks.folder".stimuli(folder))
end

-- The protocol of a DendroTweaks folder, and the model there; nil and why.
local function of_folder(options)
    local names = {
        morphology = options.morphology, biophys = options.biophys, stimuli = options.stimuli,
    }
    local good, model, made = pcall(function()
        local _, made = require "hillock.dendrotweaks".load(options.protocol, names)
        names.stimuli = made and made.name
        return require "hillock.model".new(options.protocol, names), made
    end)
    if not good then
        return nil, model
    elseif not made then
        local list = protocols_of(options.protocol)
        return nil, ("%s: which protocol? --stimuli NAME; there is %s"):format(options.protocol,
            #list > 0 and table.concat(list, ", ") or "none")
    end
    return made, model
end

-- The protocol of the options, and its own model where that is no file's; nil and why.
local function open(options)
    if is_dendrotweaks(options.protocol) then
        return of_folder(options)
    elseif options.stimuli and not options.model then
        return nil, ("--stimuli is for a DendroTweaks folder, and %s is none"):format(
            options.protocol)
    end
    local made, why = require "hillock.protocol".open(options.protocol)
    return made, not made and why or nil
end

--- The protocol with the values that --set gives, its problems and all, and its own model where
--- that is no file's; nil and why.
function applied.protocol(options)
    local protocol = require "hillock.protocol"
    local made, own = open(options)
    if not made then
        return nil, own
    end
    local values = by_name(options.set)
    if next(values) then
        local good, changed = pcall(protocol.changed, made, values)
        if not good then
            return nil, "--set: " .. changed
        end
        made = changed
    end
    return made, own
end

--- The model of the options: nil for the protocol's own; nil and why where it is none.
function applied.model(options)
    if not options.model then
        if (options.morphology or options.biophys) and not is_dendrotweaks(options.protocol) then
            return nil, "--morphology and --biophys are for a model that --model names"
        end
        return nil
    end
    local good, model = pcall(require "hillock.model".new, options.model, {
        morphology = options.morphology, biophys = options.biophys,
        stimuli = not is_dendrotweaks(options.protocol) and options.stimuli or nil,
    })
    if not good then
        return nil, model
    end
    return model
end

--- The options as arguments, by which the same protocol is run again.
function applied.arguments(options)
    local list = {}
    for _, name in ipairs { "model", "morphology", "biophys", "stimuli" } do
        if options[name] then
            table.move({ "--" .. name, options[name] }, 1, 2, #list + 1, list)
        end
    end
    for _, name in ipairs { "parameter", "set" } do
        for _, pair in ipairs(options[name]) do
            table.move({ "--" .. name, pair[1] .. "=" .. pair[2] }, 1, 2, #list + 1, list)
        end
    end
    return list
end

--- The parameters that --parameter gives.
function applied.parameters(options)
    return by_name(options.parameter)
end

--- Is the file a protocol? By its name (NAME.json, NAME.protocol.lua), or because it gives in the
--- sandbox, where a script fails, a table with the key `protocol`. A DendroTweaks folder has some.
function applied.is_protocol(path)
    if path:find "%.json$" or path:find "%.protocol%.lua$" or is_dendrotweaks(path) then
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

--- What results are called after: "step" of "examples/step.protocol.lua"; of a DendroTweaks folder,
--- its protocol.
function applied.name(options)
    local path = options.stimuli or options.protocol
    if is_dendrotweaks(path) then
        local list = protocols_of(path)
        path = #list == 1 and list[1] or "main"
    end
    local name = path:match "([^/]*)$":gsub("%.json$", ""):gsub("%.lua$", "")
    return (name:gsub("%.protocol$", ""))
end

--- The protocol and its model, { protocol =, model =, parameters = }, where nothing is wrong; nil
--- and all that is.
function applied.prepare(options)
    require "hillock"
    local made, own = applied.protocol(options)
    if not made then
        return nil, own
    end
    local model, why = applied.model(options)
    if why then
        return nil, why
    end
    model = model or own
    local parameters = applied.parameters(options)
    local problems = made:check(model, { parameters = parameters })
    if #problems > 0 then
        return nil, table.concat(problems, "\n")
    end
    return { protocol = made, model = model, parameters = parameters }
end

--- Runs what prepare gave and prints what came of its checks: the exit status; 1 and the message of
--- an error.
function applied.run(made)
    local good, outcome = pcall(made.protocol.run, made.protocol,
        { model = made.model, parameters = made.parameters })
    if not good then
        return 1, outcome
    end
    require "hillock.kept".protocol(outcome)
    print(made.protocol)
    print(outcome)
    local passed = outcome.passed
    outcome.net:close()
    return passed and 0 or 1
end

return applied
