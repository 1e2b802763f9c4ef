-- SPDX-License-Identifier: BSD-3-Clause
-- redirect: while a run is replayed, what it writes stays in the replay's own folder, so that
-- nothing of the user's is written over. Paths in that folder are as they were; others get a place
-- in its folder `outside`, and what is read there again is found there.

local files = require "hillock.files"
local host = require "hillock.host"
local keys = require "hillock.keys"

local redirect = {}

local root -- of what may be written to; nil: nothing is redirected
local programs -- may other programs be run?

-- Where a path outside the root has its place.
local function outside(path)
    local whole = files.absolute(path)
    local within = whole == root or whole:sub(1, #root + 1) == root .. "/"
    return not within and host.kind(whole) ~= "other" and root .. "/outside" .. whole or nil
end

--- The path to write to instead of this one. Its folder is made: the run found it there.
function redirect.output(path)
    if not root or not path then
        return path
    end
    path = outside(path) or path
    if host.kind(path) ~= "other" then
        files.make_folder(files.folder_of(files.absolute(path)))
    end
    return path
end

--- The path to read from instead of this one: what was written, where it was redirected.
function redirect.input(path)
    local there = root and outside(path)
    return there and host.kind(there) and there or path
end

-- Was the function called by one of hillock's own modules, whose files are no part of a run?
local function is_own(level)
    local info = debug.getinfo(level + 1, "S")
    local home = "@" .. host.modules .. "/"
    return info and info.source:sub(1, #home) == home
end

-- A command that makes folders and does nothing else.
local function makes_folders(command)
    return command:find "^%s*mkdir%s" and not command:find "[;&|<>`$\n(]"
end

local function watch_io()
    local open, output, input, lines = io.open, io.output, io.input, io.lines
    function io.open(path, mode) -- luacheck: ignore 122
        if type(path) == "string" and not is_own(2) then
            local writes = type(mode) == "string" and mode:find "[wa+]"
            path = writes and redirect.output(path) or redirect.input(path)
        end
        return open(path, mode)
    end
    function io.output(file) -- luacheck: ignore 122
        return output(type(file) == "string" and redirect.output(file) or file)
    end
    function io.input(file) -- luacheck: ignore 122
        return input(type(file) == "string" and redirect.input(file) or file)
    end
    function io.lines(path, ...) -- luacheck: ignore 122
        return lines(type(path) == "string" and redirect.input(path) or path, ...)
    end
end

local function watch_os()
    local remove, rename = os.remove, os.rename
    function os.remove(path) -- luacheck: ignore 122
        return remove(type(path) == "string" and not is_own(2) and redirect.output(path) or path)
    end
    function os.rename(from, to) -- luacheck: ignore 122
        if type(from) == "string" and type(to) == "string" and not is_own(2) then
            from, to = redirect.output(from), redirect.output(to)
        end
        return rename(from, to)
    end
end

local function watch_programs()
    local run, pipe = os.execute, io.popen
    local function guarded(name, call)
        return function(command, ...)
            if type(command) == "string" and not is_own(2) and not makes_folders(command) then
                keys.fail("%s: a replay runs no other programs, which might write anywhere "
                    .. "(--programs lets it)", name)
            end
            return call(command, ...)
        end
    end
    os.execute = guarded("os.execute", run) -- luacheck: ignore 122
    io.popen = guarded("io.popen", pipe) -- luacheck: ignore 122
end

--- From now on nothing outside the folder is written to by what scripts and recorders open.
---@param setting table { folder = from the root, programs = may scripts run other programs? }
function redirect.begin(setting)
    root, programs = setting.folder, setting.programs
    watch_io()
    watch_os()
    if not programs then
        watch_programs()
    end
end

--- What another Lua state needs to do the same; nil where nothing is redirected.
function redirect.setting()
    return root and { folder = root, programs = programs }
end

return redirect
