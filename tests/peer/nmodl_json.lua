-- SPDX-License-Identifier: BSD-3-Clause
-- The cases of tests/nmodl/cases.lua as JSON, on standard output, for tests/peer/nmodl.py:
--
--     lua5.4 tests/peer/nmodl_json.lua FOLDER
--
-- FOLDER is tests/nmodl.

local cjson = require "cjson"

local cases = assert(loadfile(... .. "/cases.lua"))()
for _, case in ipairs(cases) do
    for _, list in ipairs { "channels", "points", "artificial" } do
        for _, entry in ipairs(case[list] or {}) do
            -- JSON has no holes in lists
            entry[2] = entry[2] or (entry[3] and cjson.null) or nil
        end
    end
    if case.currents and #case.currents == 0 then
        case.currents = cjson.null
    end
end
io.write(cjson.encode(cases), "\n")
