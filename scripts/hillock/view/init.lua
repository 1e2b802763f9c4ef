-- SPDX-License-Identifier: BSD-3-Clause
-- view: a results folder as one HTML file that needs nothing else: the page's own files in page/,
-- uPlot in vendor/, and what was recorded, as numbers in base64.

local base64 = require "hillock.view.base64"
local core = require "hillock.core"
local csv = require "hillock.csv"
local files = require "hillock.files"
local host = require "hillock.host"
local json = require "hillock.json"

local view = {}

-- By this one knows a page that may be written over.
local mark <const> = '<meta name="generator" content="hillock view">'

--- Is the file a page of hillock view's? nil where there is none, or nothing in it.
---@param path string
function view.is_page(path)
    local file = io.open(path, "rb")
    if not file then
        return nil
    end
    local begin = file:read(400)
    file:close()
    return begin and begin:find(mark, 1, true) ~= nil
end

-- In the order in which each finds what it uses.
local scripts = {
    "base", "colour", "data", "envelope", "timeline", "model", "traces", "raster", "graph",
    "matrix", "shape", "morphology", "manifest", "transport", "main",
}

-- ---- the page's parts

local function own_file(name)
    local path = ("%s/hillock/view/%s"):format(host.modules, name)
    local text, why = files.read(path)
    if not text then
        error(("a part of hillock is missing: %s"):format(why), 0)
    end
    return text
end

-- JSON that can stand in HTML: nothing in it ends a script.
local function embed(text)
    return (text:gsub("<", "\\u003c"))
end

local function escape(text)
    return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;",
        ["\""] = "&quot;" }))
end

local function block(id, kind, text)
    return ('<script type="%s" id="data-%s">%s</script>\n'):format(kind, id, text)
end

local function script_parts()
    local out = { "<script>\n/*\n", own_file "vendor/LICENSE.uPlot", "*/\n",
        own_file "vendor/uPlot.iife.min.js", "</script>\n" }
    for _, name in ipairs(scripts) do
        out[#out + 1] = "<script>\n" .. own_file(("page/%s.js"):format(name)) .. "</script>\n"
    end
    return table.concat(out)
end

-- Each {{slot}} of the text by its value.
local function fill(text, values)
    return (text:gsub("{{([%w%._]+)}}", function(slot)
        return values[slot]
    end))
end

-- ---- recordings

-- t0 and the interval where times are multiples of one; nil where they are not.
local function regular(times)
    local n = #times
    if n < 2 then
        return times[1] or 0, 1
    end
    local first, every = times[1], (times[n] - times[1]) / (n - 1)
    -- The mean of many intervals is nearer to what was meant when it is rounded.
    local rounded = tonumber(("%.12g"):format(every))
    every = every > 0 and rounded or every
    for i = 2, n do
        if math.abs(first + (i - 1) * every - times[i]) > 1e-9 * (1 + math.abs(times[i])) then
            return nil
        end
    end
    return first, every
end

-- A recording as the page reads it: a description, and blocks of numbers that go to `out`.
local function recording(it, names, lists, out)
    local function numbers(text)
        local id = ("numbers-%d"):format(#out + 1)
        out[#out + 1] = block(id, "application/octet-stream", base64(text))
        return id
    end
    local made = { name = it.name, what = it.what or it.name, kind = it.kind, rows = #lists[1] }
    if it.kind ~= "values" then
        made.columns = { names[1], names[2] or "source" }
        made.times = numbers(core.bytes(lists[1]))
        made.block = numbers(core.bytes(lists[2] or {}))
        return made
    end
    made.columns = table.move(names, 2, #names, 1, {})
    made.t0, made.every = regular(lists[1])
    if not made.t0 then
        made.times = numbers(core.bytes(lists[1]))
    end
    local samples = {}
    for k = 2, #lists do
        samples[k - 1] = core.bytes(lists[k], true)
    end
    made.block = numbers(table.concat(samples))
    return made
end

-- The entries of a network's recordings that have a file: of a file that several runs wrote to, the
-- last run's; of files with the same bytes, the first.
local function entries(network)
    local list, at, known = {}, {}, {}
    for _, run in ipairs(network.runs or {}) do
        for _, it in ipairs(run.results or {}) do
            if it.file and at[it.file] then
                list[at[it.file]] = it
            elseif it.file then
                list[#list + 1] = it
                at[it.file] = #list
            end
        end
    end
    local kept = {}
    for _, it in ipairs(list) do
        local hash = it.file_sha256
        if not hash or not known[hash] then
            kept[#kept + 1] = it
            known[hash or it.file] = true
        end
    end
    return kept
end

local function beside(folder, path)
    return path:sub(1, 1) == "/" and path or folder .. path
end

-- The recordings of a network, and what is wrong with their files, in `warnings`.
local function recordings(folder, network, out, warnings)
    local list = {}
    for _, it in ipairs(entries(network)) do
        local text, why = files.read(beside(folder, it.file))
        local names, lists
        if text then
            if it.file_sha256 and host.hash(text) ~= it.file_sha256 then
                warnings[#warnings + 1] = ("%s is not what the run wrote: its hash is not the "
                    .. "manifest's"):format(it.file)
            end
            names, lists = csv.numbers(text, it.file)
            why = lists
        end
        if names then
            list[#list + 1] = recording(it, names, lists, out)
        else
            warnings[#warnings + 1] = ("%s is left out: %s"):format(it.name or it.file, why)
        end
    end
    return list
end

-- ---- the whole

-- The text of a JSON file, which is a table; nil and why not.
local function read_json(path)
    local text, why = files.read(path)
    if not text then
        return nil, why
    end
    local value
    value, why = json.parse(text)
    if type(value) ~= "table" then
        return nil, ("%s is damaged: %s"):format(path, why or "it is no object")
    end
    return text, value
end

local function networks(folder, manifest, out, warnings)
    local list = {}
    for i, network in ipairs(manifest.networks or {}) do
        local text, why
        if network.structure then
            text, why = read_json(beside(folder, network.structure))
        end
        if text then
            out[#out + 1] = block(("structure-%d"):format(i), "application/json", embed(text))
        else
            warnings[#warnings + 1] = ("no cells are shown of %s: %s"):format(network.name or i,
                why or "the manifest names no structure")
        end
        local runs = {}
        for k, run in ipairs(network.runs or {}) do
            runs[k] = { from = run.from, ["until"] = run["until"] }
        end
        list[i] = {
            name = network.name or ("network %d"):format(i), counts = network.counts,
            options = network.options, runs = json.list(runs),
            recordings = json.list(recordings(folder, network, out, warnings)),
        }
    end
    return list
end

--- The page of a results folder, or of its manifest.json, and a list of what is wrong with the
--- folder; nil and why there can be none.
---@param path string
---@return string? page, string[]|string warnings
function view.page(path)
    local source = path
    if files.is_folder(path) then
        source = path:gsub("(.)/+$", "%1") .. "/manifest.json"
        if not files.exists(source) then
            return nil, ("%s: no manifest.json is in this folder: it is no results folder")
                :format(path)
        end
    end
    local text, manifest = read_json(source)
    if not text then
        return nil, manifest
    elseif not manifest.hillock_manifest then
        return nil, ("%s is no manifest of hillock's: it has no 'hillock_manifest'"):format(source)
    elseif manifest.hillock_manifest ~= 1 then
        return nil, ("%s is a manifest of version %s; this hillock reads version 1"):format(source,
            manifest.hillock_manifest)
    end
    local folder = files.folder_of(source)
    local out, warnings = {}, {}
    local list = networks(folder, manifest, out, warnings)
    local command = manifest.command or {}
    local protocol = type(manifest.protocol) == "table" and manifest.protocol or {}
    local heading = protocol.name or command.file and command.file:match "[^/]+$" or "hillock"
    local place = folder:match "([^/]+)/$"
    table.insert(out, 1, block("manifest", "application/json", embed(text)))
    table.insert(out, 2, block("run", "application/json",
        embed(json.text { networks = json.list(list), warnings = json.list(warnings) })))
    return fill(own_file "page/page.html", {
        title = escape(place and ("%s, %s"):format(heading, place) or heading),
        heading = escape(heading), data = table.concat(out), scripts = script_parts(),
        ["style.css"] = own_file "page/style.css",
        ["uPlot.min.css"] = own_file "vendor/uPlot.min.css",
    }), warnings
end

return view
