-- SPDX-License-Identifier: BSD-3-Clause
-- hillock check PROTOCOL: says what is wrong with a protocol for a model, all of it, without a run.

local applied = require "hillock.command.applied"

local check = {
    summary = "Say what is wrong with a protocol, without running it.",
    description = "Say what is wrong with a protocol for a model, all of it, without running it: "
        .. "keys, units, places, mechanisms, parameters.",
}

function check.describe(command)
    command:argument("protocol", "The protocol, a Lua or a JSON file."):argname "PROTOCOL"
    applied.describe(command)
end

function check.run(options)
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
    for _, problem in ipairs(problems) do
        io.stderr:write(problem, "\n")
    end
    if #problems > 0 then
        return 1, ("%d problem%s"):format(#problems, #problems == 1 and "" or "s")
    end
    print(tostring(made) .. ": nothing is wrong")
    return 0
end

return check
