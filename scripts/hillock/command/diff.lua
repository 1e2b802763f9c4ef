-- SPDX-License-Identifier: BSD-3-Clause
-- hillock diff A B: how far two runs' results are apart. Exit status: 0 the same, or within the
-- tolerance; 1 different; 2 they cannot be compared.

local compare = require "hillock.compare"
local host = require "hillock.host"
local manifest = require "hillock.manifest"

local diff = {
    summary = "Compare two results folders, manifests or CSV files.",
    description = "Tell for each recording how far two runs are apart at most, and where. Exit "
        .. "status: 0 where they are the same or within the tolerance, 1 where they are not, 2 "
        .. "where they cannot be compared.",
}

local function tolerance(option)
    return function(text)
        local x = tonumber(text)
        if not x or not (x >= 0 and x < math.huge) then
            return nil, ("%s: expected a number from 0, got '%s'"):format(option, text)
        end
        return x
    end
end

function diff.describe(command)
    command:option("--tolerance", "How far numbers may be apart, in their unit; spikes, in ms.")
        :default "0":argname "X":convert(tolerance "--tolerance")
    command:option("--relative", "The same as a part of the first one's number, added to that.")
        :default "0":argname "X":convert(tolerance "--relative")
    command:argument("first", "A results folder, a manifest.json or a CSV file."):argname "A"
    command:argument("second", "Another one."):argname "B"
end

-- ---- what there is to compare

-- All recordings of a manifest, in order: { key =, entry =, path = nil where there is no file }.
local function entries_of(value, folder)
    local list = {}
    for i, network in ipairs(value.networks) do
        for k, run in ipairs(network.runs) do
            local count = {}
            for _, entry in ipairs(run.results) do
                count[entry.name] = (count[entry.name] or 0) + 1
                local key = entry.name .. (count[entry.name] > 1
                    and (" (the %d. of this name)"):format(count[entry.name]) or "")
                key = (k > 1 and ("run %d: "):format(k) or "") .. key
                key = (i > 1 and ("network %d: "):format(i) or "") .. key
                local file = entry.file
                list[#list + 1] = { key = key, entry = entry,
                    path = file and (file:sub(1, 1) == "/" and file or folder .. "/" .. file) }
            end
        end
    end
    return list
end

-- What a path holds: a list as above; nil and what is wrong.
local function open(path)
    if host.kind(path) == "file" and not path:find "%.json$" then
        return { { key = path:match "[^/]*$", path = path, entry = {} } }, true
    end
    local value, folder = manifest.read(path)
    if not value then
        return nil, folder
    end
    return entries_of(value, folder), false
end

-- ---- comparing

local function print_line(key, verdict, text)
    print(("%-24s %s%s"):format(key, verdict, text and ": " .. text or ""))
end

-- One recording: "same", "within" or "different", and a text; nil and why it cannot be told.
local function compare_one(a, b, allowed)
    if not a.path or not b.path then
        if a.entry.sha256 and b.entry.sha256 and a.entry.sha256 == b.entry.sha256 then
            return "same"
        elseif a.entry.sha256 and b.entry.sha256 then
            return "different", "their hashes alone were kept: run with --results to see where"
        end
        return nil, "there is no file of it: run with --results"
    end
    local one, why = compare.read(a.path)
    local two
    if one then
        two, why = compare.read(b.path)
    end
    if not two then
        return nil, why
    end
    local kind = a.entry.kind or compare.kind(one)
    local found = compare.tables(one, two, kind, allowed)
    if found.same then
        return "same"
    end
    return found.within and "within" or "different", found.most
end

local function compare_all(a, b, allowed)
    local others, trouble, different = {}, nil, false
    for _, one in ipairs(b) do
        others[one.key] = one
    end
    for _, one in ipairs(a) do
        local other = others[one.key]
        others[one.key] = nil
        local verdict, text
        if other then
            verdict, text = compare_one(one, other, allowed)
        else
            verdict, text = "different", "it is not in the second"
        end
        trouble = trouble or not verdict
        different = different or verdict == "different"
        print_line(one.key, verdict or "not compared", text)
    end
    for _, one in ipairs(b) do
        if others[one.key] then
            different = true
            print_line(one.key, "different", "it is not in the first")
        end
    end
    return trouble and 2 or different and 1 or 0
end

function diff.run(options)
    local a, alone = open(options.first)
    if not a then
        return 2, alone
    end
    local b, alone_too = open(options.second)
    if not b then
        return 2, alone_too
    elseif alone ~= alone_too then
        return 2, ("%s is a file of numbers and %s is not: give two of a kind"):format(
            alone and options.first or options.second, alone and options.second or options.first)
    elseif alone then
        b[1].key = a[1].key
    end
    require "hillock"
    return compare_all(a, b, { absolute = options.tolerance, relative = options.relative })
end

return diff
