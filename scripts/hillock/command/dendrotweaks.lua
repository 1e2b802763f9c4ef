-- SPDX-License-Identifier: BSD-3-Clause
-- hillock dendrotweaks FOLDER info|run|export: tells what a model in a folder of DendroTweaks' is,
-- runs its protocol, or writes it as a Lua module.

local files = require "hillock.files"

local command = {
    summary = "A model in a folder of DendroTweaks'.",
    description = "A model in a folder of DendroTweaks': info tells what it is, run runs a "
        .. "protocol and writes its recordings, export writes it as a Lua module with the files "
        .. "that it needs.",
}

function command.describe(parser)
    parser:argument("folder", "The model's folder."):argname "FOLDER"
    parser:argument("action", "What to do: info, run or export.")
        :choices { "info", "run", "export" }:argname "info|run|export"
    parser:argument("file", "Of export: the module, NAME.lua."):args "?":argname "FILE"
    parser:option("--morphology", "Which one; without it the only one, or main."):argname "NAME"
    parser:option("--biophys", "Which one; without it the only one, or main."):argname "NAME"
    parser:option("--stimuli", "Which protocol; without it the only one, or main, if any.")
        :argname "NAME"
    parser:option("--results", "Of run: the folder for recordings; without it NAME.results.")
        :argname "DIR"
    parser:flag("--force", "Of export: overwrite files that exist.")
end

-- ---- info

local function print_names(title, list)
    print(("%-12s %s"):format(title, #list > 0 and table.concat(list, ", ") or "-"))
end

local function print_groups(model, cell)
    local keys = require "hillock.keys"
    print "\ngroups"
    for _, name in ipairs(keys.names(model.plan.groups)) do
        local group = model.plan.groups[name]
        local bounds = ""
        if group.by then
            bounds = ("%s%s%s"):format(group.low and (", %g < "):format(group.low) or ", ",
                group.by, group.high and (" <= %g"):format(group.high) or "")
        end
        local n = #require "hillock.dendrotweaks.build".region(cell, group)
        print(("  %-20s %5d segments  %s%s"):format(name, n, table.concat(group.domains, ", "),
            bounds))
    end
end

local function print_parameters(model)
    local literal = require "hillock.dendrotweaks.literal"
    print "\nparameters"
    for _, param in ipairs(model.plan.params) do
        for i, item in ipairs(param.spreads) do
            local spread = item.spread
            local text = type(spread) == "number" and literal.number(spread)
                or spread.kind .. " " .. (spread.parameters
                    and literal.value(spread.parameters):gsub("%s+", " ") or "")
            print(("  %-20s %-16s %s"):format(i == 1 and param.name or "", item.group.name, text))
        end
    end
end

local function info(model, cell, protocol)
    local folder = require "hillock.dendrotweaks.folder"
    print(("%s: morphology %s, biophysics %s, protocol %s\n"):format(model.name,
        model.names.morphology, model.names.biophys, model.names.stimuli or "none"))
    print_names("morphology", (folder.morphologies(model.path)))
    print_names("biophys", (folder.biophys(model.path)))
    print_names("stimuli", (folder.stimuli(model.path)))
    print("\n" .. tostring(cell))
    print_groups(model, cell)
    print_parameters(model)
    if protocol then
        local data, synapses = protocol.data, 0
        for _, input in ipairs(data.inputs or {}) do
            synapses = synapses + #input.places
        end
        print(("\nprotocol %s: %g ms, dt %g ms, celsius %g, v_init %g mV; %d clamps, %d synapses, "
            .. "%d recordings"):format(data.name, data.duration, data.dt, data.celsius,
            data.v_init, #(data.clamps or {}), synapses, #(data.record or {})))
    end
    return 0
end

-- ---- run

-- As hillock run FOLDER does.
local function run(options)
    return require "hillock.command.run".run({
        script = options.folder, morphology = options.morphology, biophys = options.biophys,
        stimuli = options.stimuli, results = options.results, args = {}, parameter = {}, set = {},
    })
end

-- ---- export

local function export(options, model, protocol)
    local path = options.file
    if not path or not path:find "[^/]%.lua$" then
        return 2, "export: the name of a file is wanted, NAME.lua"
    end
    local texts = require "hillock.dendrotweaks.export".files(model, protocol and protocol.data,
        path)
    local names = {}
    for name in pairs(texts) do
        names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(options.force and {} or names) do
        if files.exists(name) then
            return 1, ("%s exists already: --force overwrites it"):format(name)
        end
    end
    for _, name in ipairs(names) do
        local folder = files.folder_of(name)
        local done, message = folder == "" or files.make_folder((folder:gsub("/$", "")))
        if done then
            done, message = files.write(name, texts[name])
        end
        if not done then
            return 1, message
        end
    end
    for _, name in ipairs(names) do
        print("wrote " .. name)
    end
    return 0
end

function command.run(options)
    require "hillock" -- tells the core which files are hillock's own, which messages do not name
    local dendrotweaks = require "hillock.dendrotweaks"
    if options.file and options.action ~= "export" then
        return 2, ("%s takes no file, but there is '%s'"):format(options.action, options.file)
    end
    if options.action == "run" then
        return run(options)
    end
    local status, message
    local fine, failure = pcall(function()
        local model = dendrotweaks.open(options.folder, { morphology = options.morphology,
            biophys = options.biophys, stimuli = options.stimuli })
        local cell, protocol = dendrotweaks.make(model)
        if options.action == "info" then
            status = info(model, cell, protocol)
        else
            status, message = export(options, model, protocol)
        end
    end)
    if not fine then
        return 1, failure
    end
    return status, message
end

return command
