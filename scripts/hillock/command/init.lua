-- SPDX-License-Identifier: BSD-3-Clause
-- command: the command `hillock`. The module is a function of the argument list that returns the
-- exit status: 0, 1 for an error, 2 for a wrong call. Each sub-command is a module beside this
-- one: { summary =, describe(parser), run(options, arg) -> status [, message] }, where `arg` is
-- the whole argument list, and `first(arg)`, where present, is the index of the last argument that
-- is hillock's.

local host = require "hillock.host"

local names = { "run", "check", "sweep", "protocol", "replay", "diff", "view", "plugins", "info",
    "new", "compile", "dendrotweaks" }

local function say(format, ...)
    io.stderr:write("hillock: ", format:format(...), "\n")
end

-- argparse's "x\nDid you mean 'y'?" as one line.
local function one_line(message)
    return (message:gsub("%s*\n+%s*Did you mean", ": did you mean"):gsub("%s*\n%s*", " "))
end

local function make_parser(argparse, modules)
    local parser = argparse("hillock", "Simulates networks of multi-compartment neurons.",
        "hillock COMMAND --help says more of each command.")
    parser:command_target "command":help_max_width(90)
    parser:flag("--version", "Print the version."):action(function()
        io.stdout:write("hillock ", host.version, "\n")
        os.exit(io.stdout:flush() and 0 or 1, true)
    end)
    for _, name in ipairs(names) do
        local module = modules[name]
        local command = parser:command(name, module.description or module.summary)
        command:summary(module.summary)
        module.describe(command)
    end
    return parser
end

-- The modules of all commands: their own texts for the one that is called, summaries for the
-- others.
local function load_modules()
    local modules = {}
    for _, name in ipairs(names) do
        modules[name] = require("hillock.command." .. name)
    end
    return modules
end

-- Says what is wrong with the arguments.
local function wrong(parser, arg, message)
    local called = arg[1]
    if called and message:find("^unknown command") then
        local file = io.open(called)
        if file then
            file:close()
            say("unknown command '%s': did you mean 'hillock run %s'?", called, called)
            return 2
        end
        if not message:find("Did you mean", 1, true) then
            message = message .. ": there is " .. table.concat(names, ", ")
        end
    end
    say("%s", one_line(message))
    for _, command in ipairs(parser._commands) do
        if command._name == called then
            parser = command
        end
    end
    io.stderr:write(parser:get_usage(), "\n")
    return 2
end

return function(arg)
    local found, argparse = pcall(require, "argparse")
    if not found then
        say("the Lua module 'argparse' is missing (on Debian and Ubuntu: apt-get install "
            .. "lua-argparse)")
        return 1
    end
    local modules = load_modules()
    local parser = make_parser(argparse, modules)
    if #arg == 0 then
        io.stderr:write(parser:get_help(), "\n")
        return 2
    end
    local module = modules[arg[1]]
    local own = table.move(arg, 1, module and module.first and module.first(arg) or #arg, 1, {})
    local parsed, options = parser:pparse(own)
    if not parsed then
        return wrong(parser, arg, options)
    end
    local status, message = modules[options.command].run(options, arg)
    if message then
        say("%s", message)
    end
    return status
end
