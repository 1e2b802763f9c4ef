-- SPDX-License-Identifier: BSD-3-Clause
-- Neurolucida files against the results of NEURON that are stored beside the files.

local lfs = require "lfs"

local source = os.getenv("HILLOCK_SOURCE") or "."
local files = {}
for name in lfs.dir(source .. "/tests/asc") do
    if name:find("%.asc$") then
        files[#files + 1] = ("%s/tests/asc/%s"):format(source, name)
    end
end
table.sort(files)
assert(loadfile(source .. "/tests/peer/asc.lua"))(source .. "/tests/asc/expected",
    table.unpack(files))
