-- SPDX-License-Identifier: BSD-3-Clause
-- The cases of tests/nmodl/cases.lua as JSON, on standard output, for tests/peer/nmodl.py:
--
--     lua5.4 tests/peer/nmodl_json.lua FOLDER [MODS]
--
-- FOLDER is tests/nmodl. In MODS, a copy of its MOD files for NEURON, `neuron` of a case replaces
-- words.

local cjson = require "cjson"

local folder, mods = ...
local cases = assert(loadfile(folder .. "/cases.lua"))()

local function rewrite(path, words)
    local file = assert(io.open(path))
    local text = file:read "a"
    file:close()
    for from, to in pairs(words) do
        local first, last = text:find(from, 1, true)
        assert(first, path .. " has no " .. from)
        text = text:sub(1, first - 1) .. to .. text:sub(last + 1)
    end
    file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
end

for _, case in ipairs(cases) do
    for _, name in ipairs(mods and case.neuron and case.files or {}) do
        rewrite(mods .. "/" .. name, case.neuron)
    end
    for _, list in ipairs { "channels", "points", "artificial" } do
        for _, entry in ipairs(case[list] or {}) do
            -- JSON has no holes in lists
            entry[2] = entry[2] or (entry[3] and cjson.null) or nil
        end
    end
    case.neuron, case.external = nil, nil
    if case.currents and #case.currents == 0 then
        case.currents = cjson.null
    end
end
io.write(cjson.encode(cases), "\n")
