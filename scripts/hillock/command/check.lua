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
    local made, problems = applied.prepare(options)
    if not made then
        local _, more = problems:gsub("\n", "")
        io.stderr:write(problems, "\n")
        return 1, ("%d problem%s"):format(more + 1, more == 0 and "" or "s")
    end
    print(tostring(made.protocol) .. ": nothing is wrong")
    return 0
end

return check
