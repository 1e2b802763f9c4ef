-- SPDX-License-Identifier: BSD-3-Clause
-- kept: what a run leaves in files, and its manifest: begun before the run, finished after it.

local files = require "hillock.files"
local track = require "hillock.track"

local kept = {}

--- Begins to track what a run reads and leaves. options: file = what runs, role = its role
--- ("script"), text = of standard input, folder = for all results, or nil: the manifest then stands
--- beside the first file that the run leaves. Gives a table for `finish`, to which its arguments
--- may be added; nil and what is wrong with the folder.
---@param options { file: string, role?: string, text?: string, folder?: string }
function kept.begin(options)
    local call = { file = options.file, folder = options.folder, kind = options.role or "script" }
    if call.folder then
        local message
        call.new, message = require "hillock.manifest".prepare(call.folder)
        if not call.new then
            return nil, message
        end
    end
    track.begin { folder = call.new and files.absolute(call.new) }
    if options.text then
        track.text(options.file, options.role or "script", options.text)
    else
        track.file(options.file, options.role or "script")
    end
    call.tracked = true
    return call
end

--- A protocol ran: the manifest tells all of it.
function kept.protocol(outcome)
    local source = require "hillock.protocol.source"
    track.command {
        kind = "protocol", model = outcome.model.path, parameters = outcome.protocol.parameters,
    }
    track.protocol(source.plain(outcome.protocol))
    track.checks(source.plain_checks(outcome.checks))
end

--- Ends it: networks are closed, the manifest is written. failed: why the run failed, or nil. What
--- is wrong, or nil.
function kept.finish(call, failed)
    if not call.tracked then
        return nil
    end
    call.tracked = false
    local seen = track.finish()
    local problem = seen and seen.problems[1]
    local message
    if seen then
        call.failed = failed or problem
        local _, why = require "hillock.manifest".write(seen, call)
        message = why
    end
    if call.new then
        files.remove_tree(call.new)
    end
    return problem or message
end

--- Ends it where nothing ran: nothing is left.
function kept.forget(call)
    if not call.tracked then
        return
    end
    call.tracked = false
    track.finish()
    if call.new then
        files.remove_tree(call.new)
        files.system().rmdir(call.folder) -- it stays where something is in it
    end
end

return kept
