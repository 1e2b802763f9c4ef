-- SPDX-License-Identifier: BSD-3-Clause
-- replay: a run again, by its manifest: whether what it read is as it was, the run in a folder of
-- its own, and its results against those of the manifest.
--
-- The run's working folder is a copy of that of the manifest: DIR/root has the files that it read
-- at the paths that they have from the root, so that every relative path leads to what it led to.
-- What it writes goes to DIR (redirect.lua), its results to a results folder.

local compare = require "hillock.compare"
local files = require "hillock.files"
local host = require "hillock.host"
local manifest = require "hillock.manifest"

local replay = {}

local exactly = { absolute = 0, relative = 0 }

-- ---- what it read

local function whole(path, home)
    return files.absolute(path:sub(1, 1) == "/" and path or home .. "/" .. path)
end

-- Is it a module in C, which is the system's rather than the model's?
local function is_library(file)
    return file.role == "module" and file.path:find "%.so$" ~= nil
end

--- What is not as it was: of files a list of texts; of libraries, which are only noted, another.
function replay.changed(value, home)
    local changed, noted = {}, {}
    for _, file in ipairs(value.files) do
        local path = whole(file.path, home)
        local list = is_library(file) and noted or changed
        local role = file.role or "file"
        if file.path == "-" then
            list[#list + 1] = "the script came from standard input, and was not kept"
        elseif host.kind(path) ~= "file" then
            list[#list + 1] = ("the %s %s is not there"):format(role, path)
        elseif host.hash_file(path) ~= file.sha256 then
            list[#list + 1] = ("the %s %s has changed"):format(role, path)
        end
    end
    return changed, noted
end

local function note_tables(noted, what, was, is)
    for _, key in ipairs { "hillock", "lua", "abi", "compiler", "processor", "vector", "system" } do
        if was[key] ~= nil and is[key] ~= nil and was[key] ~= is[key] then
            noted[#noted + 1] = ("%s: %s was %s, is %s"):format(what, key, tostring(was[key]),
                tostring(is[key]))
        end
    end
end

--- Notes what is otherwise here than where the run was.
function replay.place(value, noted)
    note_tables(noted, "versions", value.versions, host.versions())
    note_tables(noted, "machine", value.machine, host.machine())
end

-- ---- the run

local function copy(from, to)
    local text, why = files.read(from)
    if text then
        local made
        made, why = files.make_folder(files.folder_of(to))
        if made then
            made, why = files.write(to, text)
        end
        return made, why
    end
    return nil, why
end

-- Makes DIR/root. The working folder in it; nil and why not.
local function mirror(value, home, dir)
    local folder = dir .. "/root" .. whole(value.command.folder or ".", home)
    local made, why = files.make_folder(folder)
    for _, file in ipairs(made and value.files or {}) do
        local path = whole(file.path, home)
        if host.kind(path) == "file" and not is_library(file) then
            local fine, message = copy(path, dir .. "/root" .. path)
            made, why = made and fine, why or message
        end
    end
    return made and folder, why
end

-- The command line, as it was.
local function words_of(value, options, dir, results)
    local exe = files.system().symlinkattributes("/proc/self/exe", "target") or "hillock"
    local words = { exe, "run", "--quiet", "--redirect", dir, "--results", results }
    if options.programs then
        words[#words + 1] = "--programs"
    end
    if options.threads then
        table.move({ "--threads", tostring(options.threads) }, 1, 2, #words + 1, words)
    end
    words[#words + 1] = value.command.file
    for _, argument in ipairs(value.command.arguments or {}) do
        words[#words + 1] = argument
    end
    return words
end

--- Runs it. The new manifest and its folder; nil and what went wrong. options: { threads =,
--- verbose =, programs = }; results: the folder for the results, from the root.
function replay.run(value, home, options, dir, results)
    local folder, why = mirror(value, home, dir)
    if not folder then
        return nil, why
    end
    local lfs, here = files.system(), host.folder()
    lfs.chdir(folder)
    local output, status = host.spawn(words_of(value, options, dir, results))
    lfs.chdir(here)
    if not output then
        return nil, status
    elseif options.verbose then
        io.write(output)
    end
    local new, there = manifest.read(results)
    if not new then
        local last = output:match "([^\n]*)\n*$"
        return nil, ("the run ended with status %d and left no results%s"):format(status,
            last ~= "" and ": " .. last or "")
    end
    return new, there
end

-- ---- what came of it

--- Notes plugins that are not those of the run.
function replay.plugins(old, new, noted)
    local has = {}
    for _, plugin in ipairs(new.plugins) do
        local key = ("%s %s"):format(plugin.name, plugin.source or "")
        has[plugin.name .. plugin.sha256] = true
        has[key] = plugin
    end
    for _, plugin in ipairs(old.plugins) do
        if not has[plugin.name .. plugin.sha256] then
            local other = has[("%s %s"):format(plugin.name, plugin.source or "")]
            noted[#noted + 1] = ("the plugin %s is another file%s"):format(plugin.name,
                other and other.source_sha256 == plugin.source_sha256 and ", of the same source"
                or "")
        end
    end
end

-- "seed was 1, is 2", of two tables of plain values; or nil.
local function first_other(was, is)
    local names = {}
    for _, t in ipairs { was, is } do
        for key in pairs(t) do
            names[key] = true
        end
    end
    local sorted = {}
    for key in pairs(names) do
        sorted[#sorted + 1] = key
    end
    table.sort(sorted)
    for _, key in ipairs(sorted) do
        if was[key] ~= is[key] then
            return ("%s was %s, is %s"):format(key, tostring(was[key]), tostring(is[key]))
        end
    end
end

-- The hash by which two results are compared, of each, and the files that have what it is of.
local function pair(old, new, was, is, old_home, new_home)
    local in_folder = was.structure ~= nil
    local own_file, own_hash = old.path, old.path_sha256
    if not in_folder then
        own_file, own_hash = old.file, old.file_sha256
    end
    if old.sha256 and new.sha256 then
        return old.sha256, new.sha256, in_folder and old.file and whole(old.file, old_home),
            whole(new.file, new_home)
    elseif in_folder and old.file_sha256 and is.structure then
        return old.file_sha256, new.file_sha256, old.file and whole(old.file, old_home),
            whole(new.file, new_home)
    end
    return own_hash, new.path_sha256, own_file and whole(own_file, old_home),
        new.path and whole(new.path, new_home)
end

-- Where two results differ first, as a text.
local function tell(kind, old_file, new_file, called)
    if not old_file or host.kind(old_file) ~= "file" then
        return "only its hash was kept, so that where cannot be said (hillock run --results keeps "
            .. "the numbers)"
    end
    local a, why = compare.read(old_file)
    local b
    if a then
        b, why = compare.read(new_file)
    end
    if not b then
        return why
    end
    local found = compare.tables(a, b, kind, exactly, called)
    return found.first or "no number does, but their bits: a zero's sign, or digits in a file"
end

-- What is wrong with one result; nil where it is the same. altered: what was found of its file.
local function compare_result(old, new, was, is, old_home, new_home)
    if old.name ~= new.name or old.kind ~= new.kind then
        return ("%s was recorded, %s is"):format(old.name, new.name)
    end
    local was_hash, is_hash, old_file, new_file = pair(old, new, was, is, old_home, new_home)
    local file_hash = old.file_sha256
    local altered = old_file and file_hash and host.kind(old_file) == "file"
        and old.file and whole(old.file, old_home) == old_file
        and host.hash_file(old_file) ~= file_hash
    if altered then
        return ("%s has been altered since the run: %s"):format(old_file,
            tell(old.kind, new_file, old_file, { "the replay", "the file" }))
    elseif was_hash == is_hash then
        return nil
    elseif not was_hash or not is_hash then
        return ("%s: the run left %s file of it"):format(old.name, was_hash and "a" or "no")
    end
    return ("%s differs: %s"):format(old.name, tell(old.kind, old_file, new_file,
        { "the run", "the replay" }))
end

local function prefix(i, k)
    return (i > 1 and ("network %d: "):format(i) or "") .. (k > 1 and ("run %d: "):format(k) or "")
end

-- Compares one run's results: how many; nil and the first difference.
local function compare_run(old, new, was, is, old_home, new_home)
    if old["until"] ~= new["until"] or old.from ~= new.from then
        return nil, ("it went from %s to %s ms, and goes from %s to %s ms"):format(
            compare.short(old.from), compare.short(old["until"]), compare.short(new.from),
            compare.short(new["until"]))
    elseif #old.results ~= #new.results then
        return nil, ("%d recordings were made, %d are"):format(#old.results, #new.results)
    end
    for i, result in ipairs(old.results) do
        local wrong = compare_result(result, new.results[i], was, is, old_home, new_home)
        if wrong then
            return nil, wrong
        end
    end
    return #old.results
end

--- Compares two manifests' results: how many are the same; nil and the first difference.
function replay.compare(old, old_home, new, new_home)
    local n = 0
    if #old.networks ~= #new.networks then
        return nil, ("%d networks ran, %d do"):format(#old.networks, #new.networks)
    end
    for i, was in ipairs(old.networks) do
        local is = new.networks[i]
        local other = first_other(was.options, is.options) or first_other(was.counts, is.counts)
        if other then
            return nil, prefix(i, 1) .. other
        elseif #was.runs ~= #is.runs then
            return nil, prefix(i, 1) .. ("%d runs, not %d"):format(#is.runs, #was.runs)
        end
        for k, run in ipairs(was.runs) do
            local some, wrong = compare_run(run, is.runs[k], was, is, old_home, new_home)
            if not some then
                return nil, prefix(i, k) .. wrong
            end
            n = n + some
        end
    end
    return n
end

return replay
