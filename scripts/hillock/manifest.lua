-- SPDX-License-Identifier: BSD-3-Clause
-- manifest: the file manifest.json, which says what a run was: what it read, what it ran, what came
-- of it, each by its hash; and the results folder that it stands in. scripts/results.md has its
-- keys. Its bytes depend on neither dates nor times nor the number of threads.

local files = require "hillock.files"
local host = require "hillock.host"
local json = require "hillock.json"

local manifest = {}

manifest.version = 1
manifest.name = "manifest.json"

-- ---- reading

local function is_manifest(value)
    return type(value) == "table" and value.hillock_manifest ~= nil
end

-- What must be there for a manifest to be used: a path of keys, the last one's type.
local needed = {
    { "versions", "table" }, { "machine", "table" }, { "command", "table" },
    { "files", "table" }, { "plugins", "table" }, { "networks", "table" },
}

local function missing(value)
    for _, need in ipairs(needed) do
        if type(value[need[1]]) ~= need[2] then
            return need[1]
        end
    end
    for i, network in ipairs(value.networks) do
        if type(network) ~= "table" or type(network.runs) ~= "table" then
            return ("networks[%d].runs"):format(i)
        end
        for k, run in ipairs(network.runs) do
            if type(run) ~= "table" or type(run.results) ~= "table" then
                return ("networks[%d].runs[%d].results"):format(i, k)
            end
        end
    end
    for i, file in ipairs(value.files) do
        if type(file) ~= "table" or type(file.path) ~= "string" then
            return ("files[%d].path"):format(i)
        end
    end
end

--- A manifest and its folder, from its path or that of a results folder; nil and what is wrong.
---@param path string
function manifest.read(path)
    if host.kind(path) == "folder" then
        path = path:gsub("(.)/+$", "%1") .. "/" .. manifest.name
        if not host.kind(path) then
            return nil, ("%s: there is no %s in this folder: it is no results folder"):format(
                files.folder_of(path):gsub("(.)/$", "%1"), manifest.name)
        end
    end
    local text, why = files.read(path)
    if not text then
        return nil, why
    end
    local value
    value, why = json.parse(text)
    if not value then
        return nil, ("%s: %s"):format(path, why)
    elseif not is_manifest(value) then
        return nil, ("%s: this is no manifest of hillock's: it has no key 'hillock_manifest'")
            :format(path)
    elseif value.hillock_manifest ~= manifest.version then
        return nil, ("%s: a manifest of version %s, and this hillock reads version %d"):format(
            path, tostring(value.hillock_manifest), manifest.version)
    end
    local gap = missing(value)
    if gap then
        return nil, ("%s: the manifest has no '%s', or none that it can have"):format(path, gap)
    end
    return value, (files.folder_of(files.absolute(path)):gsub("(.)/$", "%1"))
end

-- ---- a results folder

-- The names of the files that a manifest says are in its folder.
local function names_of(value)
    local names = {}
    local function add(name)
        if type(name) == "string" and not name:find "/" then
            names[name] = true
        end
    end
    for _, network in ipairs(value.networks) do
        add(network.structure)
        for _, run in ipairs(network.runs) do
            for _, result in ipairs(run.results) do
                add(result.file)
            end
        end
    end
    return names
end

--- Makes a results folder ready: it is new, or empty, or has an earlier run's results, which the
--- new ones will replace. Gives a folder within for what is not whole yet; nil and why not.
---@param folder string
function manifest.prepare(folder)
    local made, message = files.make_folder(folder)
    if not made then
        return nil, message
    end
    local others
    for name in files.system().dir(folder) do
        if not name:find "^%.%.?$" and not name:find "^%.new%-" then
            others = others or name
        end
    end
    local there = folder .. "/" .. manifest.name
    if others and not host.kind(there) then
        return nil, ("--results: %s has files that are not a run's results (%s): name a new folder")
            :format(folder, others)
    elseif others then
        local old, why = manifest.read(there)
        if not old then
            return nil, ("--results: %s cannot be replaced: %s"):format(folder, why)
        end
    end
    local new, why = host.temporary(folder)
    return new, why
end

-- A name for a recording's file in a results folder, which `taken` does not have.
local function file_name(network, run, name, taken)
    local stem = name:gsub("[^%w_.%-%[%]]", "_")
    stem = (run > 1 and ("run%d."):format(run) or "") .. stem
    stem = (network > 1 and ("net%d."):format(network) or "") .. stem
    local found, n = stem .. ".csv", 1
    while taken[found] do
        n = n + 1
        found = ("%s.%d.csv"):format(stem, n)
    end
    taken[found] = true
    return found
end

-- Gives all that was put by the name that it will have: pairs { from, name }. Networks of equal
-- structure share its file.
local function name_all(seen)
    local taken, moves, structures = {}, {}, {}
    for i, network in ipairs(seen.networks) do
        local there = structures[network.structure_sha256]
        if not there then
            there = i == 1 and "network.json" or ("network-%d.json"):format(i)
            structures[network.structure_sha256] = there
            moves[#moves + 1] = { network.structure, there }
        end
        network.structure = there
        for k, run in ipairs(network.runs) do
            for _, result in ipairs(run.results) do
                if result.file then
                    local name = file_name(i, k, result.name, taken)
                    moves[#moves + 1] = { result.file, name }
                    result.file = name
                end
            end
        end
    end
    return moves
end

-- Moves what was put by into the results folder, in place of an earlier run's. True; nil and why
-- not. The manifest goes first and comes last, so that one that is there fits what is beside it.
local function move_all(moves, folder)
    local old = host.kind(folder .. "/" .. manifest.name) and manifest.read(folder)
    local own = old and names_of(old) or {}
    for _, move in ipairs(moves) do
        if not own[move[2]] and host.kind(folder .. "/" .. move[2]) then
            return nil, ("%s/%s is there, and of no earlier run: it is not replaced"):format(folder,
                move[2])
        end
    end
    os.remove(folder .. "/" .. manifest.name)
    for name in pairs(own) do
        os.remove(folder .. "/" .. name)
    end
    local page = folder .. "/view.html" -- would show the earlier run
    if host.kind(page) and require "hillock.view".is_page(page) then
        os.remove(page)
    end
    for _, move in ipairs(moves) do
        local moved, why = os.rename(move[1], folder .. "/" .. move[2])
        if not moved then
            return nil, why
        end
    end
    return true
end

-- ---- writing

-- Entries without doubles, sorted by these keys.
local function sorted(list, ...)
    local names, by, unique = { ... }, {}, json.list {}
    for _, entry in ipairs(list) do
        local parts = {}
        for i, name in ipairs(names) do
            parts[i] = tostring(entry[name])
        end
        by[#by + 1] = { table.concat(parts, "\n"), entry }
    end
    table.sort(by, function(a, b) return a[1] < b[1] end)
    for i, pair in ipairs(by) do
        if i == 1 or by[i - 1][1] ~= pair[1] then
            unique[#unique + 1] = pair[2]
        end
    end
    return unique
end

-- The files that the run read, but for those that it wrote itself.
local function files_of(seen, rel)
    local list = {}
    for _, file in pairs(seen.files) do
        if not seen.written[file.path] then
            list[#list + 1] = { path = rel(file.path), role = file.role, sha256 = file.sha256 }
        end
    end
    return sorted(list, "path", "sha256")
end

local function plugins_of(seen, rel)
    local list = {}
    for _, network in ipairs(seen.networks) do
        for _, plugin in ipairs(network.plugins) do
            list[#list + 1] = {
                name = plugin.name, kind = plugin.kind, sha256 = plugin.sha256,
                source = plugin.source and rel(plugin.source),
                source_sha256 = plugin.source_sha256,
            }
        end
    end
    return sorted(list, "name", "sha256", "source_sha256")
end

-- Which result's file stands at each path: the last one's that wrote there.
local function last_at(seen)
    local last = {}
    for _, network in ipairs(seen.networks) do
        for _, run in ipairs(network.runs) do
            for _, result in ipairs(run.results) do
                if result.path_sha256 then
                    last[result.path] = result
                end
            end
        end
    end
    return last
end

-- What a run gave. In a results folder each has its file there, and names the script's own beside
-- it; without one, the script's own are all there is. Of a file that was written again the hash
-- stays.
local function results_of(run, rel, in_folder, last)
    local list = json.list {}
    for i, result in ipairs(run.results) do
        local one = {
            name = result.name, what = result.what, kind = result.kind, every = result.every,
            columns = json.list(result.columns), rows = result.rows, sha256 = result.sha256,
            window = result.window, recorder = result.recorder, sources = result.sources,
        }
        local path = last[result.path or ""] == result and rel(result.path) or nil
        if in_folder then
            one.file, one.file_sha256 = result.file, result.file_sha256
            one.path, one.path_sha256 = path, result.path_sha256
        else
            one.file, one.file_sha256 = path, result.path_sha256
        end
        list[i] = one
    end
    return list
end

local function networks_of(seen, rel, in_folder)
    local list, last = json.list {}, last_at(seen)
    for i, network in ipairs(seen.networks) do
        local runs = json.list {}
        for k, run in ipairs(network.runs) do
            runs[k] = {
                from = run.from, ["until"] = run["until"],
                stops = #run.stops > 0 and run.stops or nil,
                results = results_of(run, rel, in_folder, last),
            }
        end
        list[i] = {
            name = i == 1 and "network" or ("network-%d"):format(i), options = network.options,
            counts = network.counts, digest = network.digest, runs = runs,
            structure = in_folder and network.structure or nil,
        }
    end
    return list
end

-- The command, so that it can be given again: paths as seen from the working folder.
local function command_of(seen, call, rel)
    local here = assert(host.folder())
    local command = {
        kind = call.kind, file = call.file, folder = rel(here),
        arguments = json.list(call.arguments or {}),
    }
    if call.file ~= "-" then
        command.file = files.relative(files.absolute(call.file), here)
    end
    for key, value in pairs(seen.command) do
        command[key] = value
    end
    return command
end

-- The first file that the run left, by the order of networks and recordings.
local function first_file(seen)
    for _, network in ipairs(seen.networks) do
        for _, run in ipairs(network.runs) do
            for _, result in ipairs(run.results) do
                if result.path_sha256 then
                    return result.path
                end
            end
        end
    end
end

local function compose(seen, call, home, in_folder)
    local function rel(path)
        return path:sub(1, 1) == "/" and files.relative(path, home) or path
    end
    return {
        hillock_manifest = manifest.version, versions = host.versions(), machine = host.machine(),
        command = command_of(seen, call, rel), protocol = seen.protocol, checks = seen.checks,
        files = files_of(seen, rel), plugins = plugins_of(seen, rel),
        networks = networks_of(seen, rel, in_folder), failed = call.failed,
    }
end

--- Writes what was seen. Its path, or nil where nothing was left; nil and why it could not be.
---@param seen table of track.finish
---@param call table { file =, kind = "script" or "protocol", arguments =, folder = of the results,
--- or nil, failed = what went wrong, or nil }
function manifest.write(seen, call)
    local home = call.folder and files.absolute(call.folder)
    if home then
        local moved, why = move_all(name_all(seen), home)
        if not moved then
            return nil, why
        end
    else
        local first = first_file(seen)
        if not first then
            return nil
        end
        home = files.folder_of(first):gsub("(.)/$", "%1")
    end
    local path = home .. "/" .. manifest.name
    if not call.folder and host.kind(path) and not manifest.read(path) then
        return nil, ("%s is there, and no manifest of hillock's: none is written (--no-manifest "
            .. "says so beforehand)"):format(path)
    end
    local value = compose(seen, call, home, call.folder ~= nil)
    local written, why = files.write(path, json.text(value) .. "\n")
    if not written then
        return nil, why
    end
    return path
end

return manifest
