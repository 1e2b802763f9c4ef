-- SPDX-License-Identifier: BSD-3-Clause
-- hillock plugins [KIND]: a table of all plugins that the folders hold.

local columns = require "hillock.command.columns"

local plugins = {
    summary = "List the plugins.",
    description = "List the plugins that a script can name, and where each was found.",
}

function plugins.describe(command)
    command:argument("kind", "Only these: channel, point (synapses and clamps), input or recorder.")
        :args "?":choices { "channel", "point", "input", "recorder" }:argname "KIND"
end

function plugins.run(options)
    local core = require "hillock.core"
    local rows = { { "NAME", "KIND", "WHAT IT IS", "FILE" } }
    for _, plugin in ipairs(core.plugin_list()) do
        if not options.kind or plugin.kind == options.kind then
            rows[#rows + 1] = { plugin.name, plugin.kind, plugin.doc or "", plugin.path }
        end
    end
    if #rows == 1 then
        local folders = core.plugin_folders():gsub("\n$", ""):gsub("\n", "\n    ")
        return 1, ("there is no %s in the folders that are searched:\n    %s"):format(
            options.kind or "plugin", folders)
    end
    print(columns(rows))
    return 0
end

return plugins
