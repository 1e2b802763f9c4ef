-- SPDX-License-Identifier: BSD-3-Clause
-- scripts/README.md and the pages beside it have every function, method and field that a script can
-- see, and none that is not there.

local tap = require "tap"
local hk = require "hillock"
local object = require "hillock.object"

local source = os.getenv("HILLOCK_SOURCE") or "."
local file = io.open(source .. "/scripts/README.md")
if not file then
    tap.skip_all("scripts/README.md is not here")
end
local text = file:read("a")
file:close()
for _, page in ipairs { "plot.md", "results.md" } do
    text = text .. "\n" .. assert(io.open(source .. "/scripts/" .. page)):read("a")
end
require "hillock.plot.figure" -- which is loaded with the first picture

-- How the manual calls an object of each class; those without methods and fields are not called at
-- all.
local called = {
    cell = "cell", region = "region", segment = "segment", section = "section",
    morphology = "morphology", network = "net", ["cell group"] = "cells",
    ["place group"] = "places", ["point group"] = "points", ["input group"] = "inputs",
    recording = "recording", result = "result", ["made group"] = "made",
    results = "results", ["stored recording"] = "stored", panel = "panel", figure = "figure",
    model = "model", protocol = "protocol", outcome = "outcome",
    sweep = "sweep",
}
require "hillock.sweep" -- what hk.protocol, hk.model and hk.sweep load when they are called

-- Names that exist: "hk.cell", "cell:region", "cell.name".
local exists = {}

local function add(prefix, mark, names)
    for name in pairs(names) do
        exists[prefix .. mark .. name] = true
    end
end

for name, value in pairs(hk) do
    exists["hk." .. name] = true
    if name == "random" or name == "plot" then
        for inner in pairs(value) do
            exists[("hk.%s.%s"):format(name, inner)] = true
        end
    end
end
for class_name, class in pairs(object.classes) do
    local prefix = called[class_name]
    if next(class.methods) or next(class.fields) then
        tap.ok(prefix, "the manual has a word for the class " .. class_name)
    end
    if prefix then
        add(prefix, ":", class.methods)
        add(prefix, ".", class.fields)
    end
end
add("array", ":", require("hillock.core").array_methods)

-- Names that are documented: in code at the beginning of a list's item.
local documented = {}
for line in text:gmatch("[^\n]+") do
    local head = line:match("^%- (`.*)$")
    while head do
        local code, rest = head:match("^`([^`]*)`(.*)$")
        if not code then
            break
        end
        local name = code:match("^hk[%w_.]+") or code:match("^%l+[:.][%w_]+")
        if name then
            documented[name] = true
        end
        head = rest:match("^, (`.*)$")
    end
end

local function missing(from, inside)
    local names = {}
    for name in pairs(from) do
        if not inside[name] then
            names[#names + 1] = name
        end
    end
    table.sort(names)
    return table.concat(names, ", ")
end

exists["hk.random"], exists["hk.plot"] = nil, nil -- their functions stand for them
tap.ok(next(documented), "the manual documents something")
tap.is(missing(exists, documented), "", "all that exists is documented")
tap.is(missing(documented, exists), "", "all that is documented exists")
tap.done()
