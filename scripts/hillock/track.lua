-- SPDX-License-Identifier: BSD-3-Clause
-- track: what a run reads and what it leaves, for its manifest. Whoever reads a file, makes a
-- network, records or runs tells this module; until track.begin it does nothing.
--
--     track.begin { folder = }       from now on. folder: results go there, each recording exactly
--     track.file(path, role)         the file is read: "script", "module", "protocol", "model",
--                                    "morphology", "mechanism", "data"; gives the path to read
--     track.protocol(resolved)       a protocol runs: a plain table with every default filled in
--     track.checks(list)             what came of its checks: plain values
--     track.command { ... }          fields of the manifest's `command`: kind =, model =,
--                                    parameters =
--     track.finish()                 closes all networks; gives what was seen: manifest.lua writes
--
-- A network's record is { options =, counts =, plugins =, runs = }. A run goes from a start or a
-- reset to the next reset, or to the network's end, however many calls it took; its results are
-- looked at when it ends, since then what is in memory goes.
--
-- Each Lua state has a session of its own. Those of hk.map hand over what they saw with each item,
-- and the caller adds it in the order of the items.

local core = require "hillock.core"
local files = require "hillock.files"
local host = require "hillock.host"
local redirect = require "hillock.redirect"

local track = {}

local session
local untracked = false

--- Is anything tracked?
function track.on()
    return session ~= nil
end

local function new_session(folder)
    return {
        folder = folder, -- where results are put; nil: nowhere
        files = {}, -- by path and hash: { path =, role =, sha256 = }
        written = {}, -- paths that the run itself writes: what is read there is no part of it
        sources = {}, -- of plugins, by the .so's path
        hashes = {}, -- of plugins' files, by path
        networks = {}, -- records, in the order of creation
        living = setmetatable({}, { __mode = "v" }), -- states by number
        made = 0, staged = 0,
        problems = {}, -- what could not be kept, and nobody was told of
        command = {},
    }
end

-- ---- files

--- A file is about to be read. The role of the first that says so holds. Gives the path to read.
---@param path string
---@param role string
function track.file(path, role)
    path = redirect.input(path)
    if session then
        local whole = files.absolute(path)
        local sha256 = host.kind(whole) == "file" and host.hash_file(whole)
        local key = sha256 and whole .. "\n" .. sha256
        if key and not session.files[key] then
            session.files[key] = { path = whole, role = role, sha256 = sha256 }
        end
    end
    return path
end

--- A file was written that is no recording.
function track.wrote(path)
    if session then
        session.written[files.absolute(path)] = true
    end
end

--- A text was read that is no file: standard input.
function track.text(name, role, text)
    if session then
        session.files[name] = { path = name, role = role, sha256 = host.hash(text) }
    end
end

-- Is the file in the folder of hillock's own plugins, which is searched last?
local function is_own_plugin(path)
    local folders = core.plugin_folders()
    local own = files.absolute(folders:match "([^\n]+)\n*$" or "/nowhere") .. "/"
    return path:sub(1, #own) == own
end

--- A plugin was made of a source, which includes other files.
---@param path string of the .so
---@param source string
---@param includes string[]
function track.plugin(path, source, includes)
    if session then
        session.sources[path] = files.absolute(track.file(source, "mechanism"))
        for _, include in ipairs(includes) do
            if not is_own_plugin(files.absolute(include)) then
                track.file(include, "mechanism")
            end
        end
    end
end

-- What hillock itself stands on. Which of these is loaded when depends on what is in caches, and
-- they are no part of a model.
local standing = { argparse = true, cjson = true, lfs = true, lpeg = true, re = true }

local watching = false

-- Notes the modules that scripts require, where package.searchers finds a file.
local function watch_modules()
    if watching then
        return
    end
    watching = true
    local searchers = package.searchers
    for i = 2, #searchers do
        local search = searchers[i]
        searchers[i] = function(name)
            local loader, path = search(name)
            local found = type(loader) == "function" and type(path) == "string"
            if found and not standing[name] and path:sub(1, #host.modules) ~= host.modules then
                track.file(path, "module")
            end
            return loader, path
        end
    end
end

-- ---- networks

--- What make(...) gives; the networks that it makes are hillock's own means, and not tracked.
function track.untracked(make, ...)
    untracked = true
    local made = table.pack(pcall(make, ...))
    untracked = false
    if not made[1] then
        error(made[2], 0)
    end
    return table.unpack(made, 2, made.n)
end

--- A network was made.
function track.made(net)
    if session and not untracked then
        session.made = session.made + 1
        net.track_number, net.tracked = session.made, {}
        session.living[session.made] = net
    end
end

-- The path of a new file among what is put by.
local function stage(ending)
    session.staged = session.staged + 1
    return ("%s/%d.%s"):format(session.folder, session.staged, ending)
end

--- Something is recorded. recording: its state; probe: what the core was told of it.
function track.recorded(net, recording, probe)
    if not session or not net.tracked then
        return
    end
    local about = net.core:recorded(recording.number)
    if recording.path then
        track.wrote(recording.path)
    end
    local one = {
        recording = recording, about = about, window = { probe.from, probe.stop },
        sources = recording.kind == "spikes" and not recording.identity and probe.sources or nil,
        path = recording.path and files.absolute(recording.path),
    }
    if session.folder and not about.memory then -- the same once more, with all digits
        local copy = {}
        for key, value in pairs(probe) do
            copy[key] = value
        end
        one.stage = stage "csv"
        copy.recorder, copy.path, copy.aside = { "csv", digits = 0 }, one.stage, true
        net.core:probe(copy)
    end
    table.insert(net.tracked, one)
end

--- A run begins, or goes on.
function track.starts(net)
    if session and net.tracked then
        local t = net.core:time()
        if net.track_run then
            table.insert(net.track_run.stops, t)
        else
            net.track_run = { from = t, stops = {} }
        end
    end
end

-- The SHA-256 of a plugin's source, or nil; a file is hashed once.
local function hash_once(path)
    local known = session.hashes[path]
    if known == nil then
        known = host.kind(path) == "file" and host.hash_file(path) or false
        session.hashes[path] = known
    end
    return known or nil
end

local function plugins_of(net)
    local list = {}
    for i, plugin in ipairs(net.core:plugins()) do
        local path = files.absolute(plugin.path)
        local source = session.sources[plugin.path]
        local beside = path:gsub("%.so$", ".c")
        if not source and not is_own_plugin(path) then
            track.file(path, "mechanism")
        end
        local text = source or hash_once(beside) and beside
        list[i] = {
            name = plugin.name, kind = plugin.kind, sha256 = plugin.hash,
            source = text and (source or text:match "[^/]*$"),
            source_sha256 = text and hash_once(text),
        }
    end
    return list
end

local function counts_of(net)
    local _, points, inputs, connections = net.core:counts()
    local facts = net.core:facts()
    return {
        cells = facts.cells, compartments = facts.compartments, points = points, inputs = inputs,
        connections = connections,
    }
end

-- The record of a network, made when its first run ends.
local function record_of(net)
    local record = session.networks[net.track_number]
    if not record then
        local o = net.options
        record = {
            options = { celsius = o.celsius, v_init = o.v_init or -65, dt = o.dt or 0.025,
                seed = o.seed or 1 },
            counts = counts_of(net), digest = net.core:digest(), plugins = plugins_of(net),
            runs = {},
        }
        if session.folder then
            local text = require "hillock.structure".text(net)
            record.structure, record.structure_sha256 = stage "json", host.hash(text)
            assert(files.write(record.structure, text))
        end
        session.networks[net.track_number] = record
    end
    return record
end

-- Of spikes that are known by a source's number: the sources that there are, rows of number, cell
-- and point, 0 where it is none.
local function sources_of(net, one)
    local known, list = {}, one.sources
    if #list == 0 and one.about.memory then -- of all detectors
        list = net.core:column(one.recording.number, 2)
    end
    local rows = {}
    for i = 1, #list do
        local number = math.tointeger(list[i])
        if not known[number] then
            known[number] = true
            local kind, cell, _, index = net.core:source(number)
            rows[#rows + 1] = { number, cell or 0, kind == "point" and index or 0 }
        end
    end
    table.sort(rows, function(a, b) return a[1] < b[1] end)
    return rows
end

-- The result of one recording, as far as it can be had before a reset or the end.
local function result_of(net, one)
    local recording, about = one.recording, one.about
    local result = {
        name = recording.name, what = recording.what, kind = recording.kind,
        columns = about.columns, every = about.every, recorder = about.recorder,
        window = (one.window[1] or one.window[2]) and { one.window[1] or 0, one.window[2] or 0 }
            or nil,
        path = one.path, staged = one.stage,
        sources = session.folder and one.sources and sources_of(net, one),
    }
    if about.memory then
        result.rows = net.core:rows(recording.number)
        result.sha256 = net.core:hash(recording.number)
        if session.folder then
            result.file = stage "csv"
            net.core:write(recording.number, result.file)
        end
    end
    return result
end

--- A run is about to end, with a reset or with the network.
function track.leaves(net)
    local run = session and net.track_run
    if not run then
        return
    end
    net.track_run = nil
    local record = record_of(net)
    run["until"], run.results = net.core:time(), {}
    for i, one in ipairs(net.tracked) do
        run.results[i] = result_of(net, one)
    end
    table.insert(record.runs, run)
    net.track_left = run
end

-- Keeps what stands in a run's files, now that they are whole.
local function look_at_files(run)
    for _, result in ipairs(run.results) do
        if result.path and not result.path_sha256 and host.kind(result.path) == "file" then
            result.path_sha256 = host.hash_file(result.path)
        end
        if result.staged and host.kind(result.staged) == "file" then
            result.file = stage "csv" -- the next run writes to the same path
            os.rename(result.staged, result.file)
            result.staged = nil
        end
        if result.file and not result.file_sha256 then
            result.file_sha256 = host.hash_file(result.file)
        end
    end
end

--- It has ended.
function track.left(net)
    if session and net.track_left then
        look_at_files(net.track_left)
        net.track_left = nil
    end
end

--- The network's end: closes the core's.
function track.closes(net)
    track.leaves(net)
    net.core:close()
    track.left(net)
end

--- A network is collected: nobody can reach it any more. Its end is seen to here, so that its files
--- are whole.
function track.collected(net)
    if session and net and net.track_run then
        local good, why = pcall(track.closes, net)
        if not good then
            table.insert(session.problems, why)
        end
    end
end

-- ---- hk.map

--- What a Lua state of hk.map needs to track as this one does; nil where nothing is tracked.
function track.setting()
    return session and { folder = session.folder, redirect = redirect.setting() }
end

--- In a state of hk.map: begins.
function track.worker(setting)
    local folder = setting.folder
    if folder then
        folder = assert(host.temporary(folder))
    end
    session = new_session(folder)
    watch_modules()
    if setting.redirect then
        redirect.begin(setting.redirect)
    end
end

local function sorted_keys(t)
    local list = {}
    for key in pairs(t) do
        list[#list + 1] = key
    end
    table.sort(list)
    return list
end

-- Calls a function for each network that is not collected meanwhile.
local function each_living(apply)
    for _, number in ipairs(sorted_keys(session.living)) do
        local net = session.living[number]
        if net then
            apply(net)
        end
    end
end

--- What was seen since the last call: plain values.
function track.take()
    each_living(function(net)
        track.leaves(net)
        net.track_left = nil -- its files are whole when the state has ended
    end)
    local taken = {
        files = session.files, written = session.written, problems = session.problems,
        networks = {},
    }
    for i, number in ipairs(sorted_keys(session.networks)) do
        taken.networks[i] = session.networks[number]
    end
    session.files, session.written, session.networks, session.problems = {}, {}, {}, {}
    return taken
end

--- Adds what a state of hk.map saw, which has ended.
function track.merge(taken)
    for key, file in pairs(taken.files) do
        session.files[key] = session.files[key] or file
    end
    for path in pairs(taken.written) do
        session.written[path] = true
    end
    for _, record in ipairs(taken.networks) do
        for _, run in ipairs(record.runs) do
            look_at_files(run)
        end
        session.made = session.made + 1
        session.networks[session.made] = record
    end
    table.move(taken.problems, 1, #taken.problems, #session.problems + 1, session.problems)
end

-- ---- the whole

--- From now on things are tracked.
---@param options { folder?: string }
function track.begin(options)
    session = new_session(options.folder)
    watch_modules()
end

function track.command(fields)
    for key, value in pairs(session and fields or {}) do
        session.command[key] = value
    end
end

function track.protocol(resolved)
    if session then
        session.protocol = resolved
    end
end

function track.checks(list)
    if session then
        session.checks = list
    end
end

-- Does anything that ran, or still does, leave a file?
local function leaves_files()
    for number = 1, session.made do
        local record, net = session.networks[number], session.living[number]
        for _, run in ipairs(record and record.runs or {}) do
            for _, result in ipairs(run.results) do
                if result.path then
                    return true
                end
            end
        end
        for _, one in ipairs(net and net.track_run and net.tracked or {}) do
            if one.path then
                return true
            end
        end
    end
    return session.folder ~= nil
end

--- Ends it: what was seen, { files =, written =, networks =, problems =, command =, protocol =,
--- checks = }; nil where nothing was left in files. Networks that ran are closed.
function track.finish()
    local seen = session
    if seen and leaves_files() then
        each_living(track.collected)
        local networks = {}
        for i, number in ipairs(sorted_keys(seen.networks)) do
            networks[i] = seen.networks[number]
        end
        seen.networks = networks
    else
        seen = nil
    end
    session = nil
    return seen
end

return track
