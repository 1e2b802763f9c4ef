-- SPDX-License-Identifier: BSD-3-Clause
-- hillock run SCRIPT [ARGS]: runs a script as lua would, with hillock's modules at hand. A script
-- that fails is one message, with the places of the script that led there. A protocol in its place
-- is applied to a model: see applied.lua.

local applied = require "hillock.command.applied"
local host = require "hillock.host"
local kept = require "hillock.kept"
local profile = require "hillock.profile"

local run = {
    summary = "Run a script, or a protocol on a model.",
    description = "Run a Lua script, which finds hillock by require \"hillock\", its own modules "
        .. "beside itself, and its arguments in arg and in `...`. Or run a protocol (NAME.json, "
        .. "NAME.protocol.lua, a Lua file that gives a table with the key `protocol`, or a "
        .. "DendroTweaks folder) on a model, and say what came of its checks.",
}

function run.thread_count(text)
    local n = math.tointeger(tonumber(text))
    if not n or n < 1 or n > 1024 then
        return nil, ("--threads: expected a whole number from 1 to 1024, got '%s'"):format(text)
    end
    return n
end

function run.describe(command)
    command:option("--threads", "Worker threads of each network that does not say how many.")
        :argname "N":convert(run.thread_count)
    command:flag("--profile", "At the end, tell on standard error where each network's time went.")
    command:flag("--quiet", "No line on a terminal that tells how far a run is.")
    command:mutex(
        command:option("--results", "A folder for all that is recorded, and for a manifest: new, "
            .. "empty, or an earlier run's, which is replaced."):argname "DIR",
        command:flag("--no-manifest", "Write no manifest.json beside the files that are recorded."))
    command:option("--redirect"):argname "DIR":hidden(true) -- of hillock replay, as the next one
    command:flag("--programs"):hidden(true)
    command:flag("--traceback", "Where it fails, show all calls, hillock's own too.")
    applied.describe(command)
    command:argument("script", "The file; - reads it from standard input."):argname "SCRIPT"
    command:argument("args", "The script's own arguments, options too.")
        :args "*":argname "ARGS"
end

-- Is there a word that only protocols have: a model?
local function names_model(arg, last)
    for i = 2, last do
        if arg[i] == "--model" or arg[i]:find "^%-%-model=" then
            return true
        end
    end
    return false
end

-- The script is the first argument that is no option, nor an option's value; and the last one that
-- is hillock's. Of a protocol, what follows is hillock's, too.
local function find_script(arg)
    local i = 2
    while arg[i] and arg[i]:find "^%-." do
        i = i + (applied.valued[arg[i]] and 2 or 1)
    end
    return math.min(i, #arg)
end

function run.first(arg)
    local at = find_script(arg)
    if at > 1 and (names_model(arg, at) or applied.is_protocol(arg[at])) then
        return #arg
    end
    return at
end

-- Is the function of a debug.getinfo one of hillock's own, or one in C?
local function own(info)
    local home = "@" .. host.modules .. "/"
    return info.what == "C" or info.source:sub(1, #home) == home
end

-- "model.lua:30 in function 'build'" for each level of the user's, innermost first.
local function user_places(level)
    local places = {}
    while true do
        local info = debug.getinfo(level, "Slnt")
        if not info then
            return places
        end
        if not own(info) then
            local place = ("%s:%d"):format(info.short_src, info.currentline)
            local inside = info.what == "main" and "the script"
                or info.name and ("function '%s'"):format(info.name)
                or ("the function at line %d"):format(info.linedefined)
            places[#places + 1] = { place = place, inside = inside }
        end
        level = level + 1
    end
end

-- Turns an error into the text that is shown.
local function explain(message, all)
    if type(message) ~= "string" then
        local mt = getmetatable(message)
        message = type(mt) == "table" and mt.__tostring and tostring(message)
            or ("the error is a %s without a message"):format(type(message))
    end
    if all then
        local text = debug.traceback(message, 3) -- no tail call, which would be a level less
        return text
    end
    local places = user_places(4)
    local known = places[1] and message:sub(1, #places[1].place + 1) == places[1].place .. ":"
    if known and #places == 1 then
        return message
    end
    local lines = { message }
    for _, at in ipairs(places) do
        lines[#lines + 1] = ("    at %s in %s"):format(at.place, at.inside)
    end
    return table.concat(lines, "\n")
end

-- The script as a function, or nil and what is wrong with it; and the text of standard input.
local function load_script(name)
    if name == "-" then
        local text = io.read "a"
        local chunk, message = load(text:gsub("^#[^\n]*", ""), "=stdin")
        return chunk, message, text
    end
    local file, message = io.open(name)
    if not file or not file:read(0) and file:seek("end") ~= 0 then
        return nil, "cannot read the script " .. (message or name .. ": it is no file")
    end
    file:close()
    return loadfile(name)
end

-- ---- what is left of a run

-- Begins to track, unless no manifest is wanted. A table for kept.finish; nil and what is wrong.
local function follow(options, text)
    if options.redirect then
        require "hillock.redirect".begin {
            folder = options.redirect, programs = options.programs,
        }
    end
    if options.no_manifest then
        return {}
    end
    return kept.begin {
        file = options.script, role = options.protocol and "protocol" or "script", text = text,
        folder = options.results,
    }
end

-- "model.lua:3: v is not a number", without the places that led there.
local function short(failure)
    return failure and failure:gsub("\n    at .*", ""):gsub("\nstack traceback:.*", "")
end

-- ---- a protocol

-- What is asked for beside the script, which only a protocol takes; nil where nothing is.
local function only_of_protocols(options)
    for _, name in ipairs { "model", "morphology", "biophys", "stimuli" } do
        if options[name] then
            return "--" .. name
        end
    end
    return options.parameter[1] and "--parameter" or options.set[1] and "--set" or nil
end

local function run_protocol(options)
    if #options.args > 0 then
        return 1, ("%s is a protocol, which takes no arguments such as '%s'"):format(options.script,
            options.args[1])
    end
    options.protocol = options.script
    options.results = options.results or not options.no_manifest
        and applied.name(options) .. ".results" or nil
    if options.threads then
        host.threads(options.threads)
    end
    if not options.quiet then
        host.progress()
    end
    local call, message = follow(options)
    if not call then
        return 1, message
    end
    call.arguments = applied.arguments(options)
    local made
    made, message = applied.prepare(options)
    if not made then
        kept.forget(call)
        return 1, message
    end
    local status, failure = applied.run(made)
    local problem = kept.finish(call, failure)
    if failure then
        return 1, problem and problem ~= failure and failure .. "\nhillock: " .. problem or failure
    end
    return problem and 1 or status, problem
end

function run.run(options, arg)
    local script = options.script
    if options.model or applied.is_protocol(script) then
        return run_protocol(options)
    elseif only_of_protocols(options) then
        return 1, ("%s is for protocols, and %s is a script"):format(only_of_protocols(options),
            script)
    end
    local chunk, message, text = load_script(script)
    if not chunk then
        return 1, message
    end
    if options.threads then
        host.threads(options.threads)
    end
    if not options.quiet then
        host.progress()
    end
    local begin = host.seconds()
    local function tell()
        if options.profile then
            options.profile = nil
            io.stderr:write(profile.report(host.seconds() - begin))
        end
    end
    if options.profile then
        profile.on()
    end
    local first = find_script(arg)
    local shifted = {}
    for i = 0, #arg do
        shifted[i - first] = arg[i]
    end
    _G.arg = shifted
    if script ~= "-" then -- beside the script, but after hillock's own
        local folder = script:match "^(.*)/[^/]*$" or "."
        local beside = ("%s/?.lua;%s/?/init.lua;"):format(folder, folder)
        local ours = ("%s/?.lua;%s/?/init.lua;"):format(host.modules, host.modules)
        package.path = ours .. beside .. package.path:sub(#ours + 1)
    end
    local call
    call, message = follow(options, text)
    if not call then
        return 1, message
    end
    call.arguments = table.move(shifted, 1, #shifted, 1, {})
    -- Networks are closed, and what they record is whole, also where a script leaves by os.exit.
    local exit = os.exit
    os.exit = function(code, close) -- luacheck: ignore 122
        tell()
        local fine = code == nil or code == true or code == 0
        local problem = kept.finish(call, not fine and ("os.exit(%s)"):format(code) or nil)
        if problem then
            io.stderr:write("hillock: ", problem, "\n")
        end
        exit(problem and fine and 1 or code, close ~= false)
    end
    local went_well, failure = xpcall(chunk, function(error_value)
        local said = explain(error_value, options.traceback)
        return said
    end, table.unpack(shifted))
    tell()
    local problem = kept.finish(call, not went_well and short(failure) or nil)
    if not went_well then
        return 1, problem and problem ~= failure and failure .. "\nhillock: " .. problem or failure
    end
    return problem and 1 or 0, problem
end

return run
