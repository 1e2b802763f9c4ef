-- SPDX-License-Identifier: BSD-3-Clause
-- hillock protocol PROTOCOL: a protocol in its other form, or with all that it leaves out.

local applied = require "hillock.command.applied"

local protocol = {
    summary = "Write a protocol as JSON or as Lua.",
    description = "Write a protocol as JSON or as Lua, as it is or with all defaults filled in.",
}

function protocol.describe(command)
    command:argument("protocol", "The protocol, a Lua or a JSON file."):argname "PROTOCOL"
    command:mutex(command:flag("--json", "As JSON, which is what it does of a Lua file."),
        command:flag("--lua", "As Lua, which is what it does of a JSON file."))
    command:flag("--resolved", "With all that it leaves out: its own defaults, the model's "
        .. "parameters, and those of plugins.")
    command:option("--output", "Write it there instead of printing it."):argname "FILE"
    applied.describe(command)
end

local function data_of(made, options)
    if not options.resolved then
        return made.data
    end
    local model, why = applied.model(options)
    if why then
        error(why, 0)
    end
    return made:resolved { model = model, parameters = applied.parameters(options) }
end

function protocol.run(options)
    require "hillock"
    local source = require "hillock.protocol.source"
    local made, why = applied.protocol(options)
    if not made then
        return 1, why
    end
    local good, text = pcall(function()
        local sound = require "hillock.protocol".sound(made)
        local json = options.json or not options.lua and not options.protocol:find "%.json$"
        return (json and source.json or source.lua)(data_of(sound, options))
    end)
    if not good then
        return 1, text
    elseif not options.output then
        io.stdout:write(text)
        return 0
    end
    local written
    written, why = require "hillock.files".write(options.output, text)
    return written and 0 or 1, why
end

return protocol
