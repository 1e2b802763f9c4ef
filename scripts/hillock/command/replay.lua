-- SPDX-License-Identifier: BSD-3-Clause
-- hillock replay MANIFEST: the run again, and whether it gives the same, bit for bit. Exit status:
-- 0 the same; 1 different; 2 it cannot be said: files have changed, the manifest is none, the run
-- does not start.

local files = require "hillock.files"
local manifest = require "hillock.manifest"
local run = require "hillock.command.run"

local replay = {
    summary = "Run again what a manifest says, and compare the results bit for bit.",
    description = "Check that what a run read is as it was, run it again in a folder of its own, "
        .. "and tell whether it gives the same, bit for bit, or where it differs first. Exit "
        .. "status: 0 where it is the same, 1 where it differs, 2 where that cannot be said.",
}

function replay.describe(command)
    command:option("--threads", "Worker threads, as of hillock run."):argname "N"
        :convert(run.thread_count)
    command:option("--keep", "Keep the new results in this folder."):argname "DIR"
    command:flag("--anyway", "Also where files that the run read have changed.")
    command:flag("--programs", "Let the script run other programs, which may write anywhere.")
    command:flag("--verbose", "Show what the run prints.")
    command:argument("manifest", "manifest.json, or the results folder that has it.")
        :argname "MANIFEST"
end

local function tell(list, word)
    for _, text in ipairs(list) do
        print(("%s: %s"):format(word, text))
    end
end

-- The run and the verdict; dir: the replay's own folder.
local function again(value, home, options, dir)
    local play = require "hillock.replay"
    local results = options.keep and files.absolute(options.keep) or dir .. "/results"
    local noted = {}
    play.place(value, noted)
    local new, there = play.run(value, home, options, dir, results)
    if not new then
        return 2, there
    end
    play.plugins(value, new, noted)
    tell(noted, "note")
    if new.failed and not value.failed then
        print("different: the run fails: " .. new.failed)
        return 1
    end
    local n, wrong = play.compare(value, home, new, there)
    if not n then
        print("different: " .. wrong)
        return 1
    elseif new.failed ~= value.failed then
        print(("different: the run failed: %s; now: %s"):format(value.failed,
            new.failed or "it does not"))
        return 1
    end
    print(("the same, bit for bit: %d result%s"):format(n, n == 1 and "" or "s"))
    return 0
end

function replay.run(options)
    local value, home = manifest.read(options.manifest)
    if not value then
        return 2, home
    elseif value.command.file == "-" then
        return 2, "the script came from standard input, and was not kept: nothing can be run again"
    end
    require "hillock"
    local changed, noted = require "hillock.replay".changed(value, home)
    tell(noted, "note")
    tell(changed, "changed")
    if #changed > 0 and not options.anyway then
        return 2, "what the run read is not as it was (--anyway runs it all the same)"
    end
    local host = require "hillock.host"
    local dir, why = host.temporary(os.getenv "TMPDIR" or "/tmp")
    if not dir then
        return 2, why
    end
    local _ <close> = setmetatable({}, { __close = function()
        files.remove_tree(dir)
    end })
    return again(value, home, options, files.absolute(dir))
end

return replay
