-- SPDX-License-Identifier: BSD-3-Clause
-- Models from MOD files against the results of NEURON that are stored beside the files.

local tap = require "tap"

if not package.searchpath("hillock.nmodl", package.path) then
    tap.skip_all("there is no compiler of MOD files")
end
local source = os.getenv("HILLOCK_SOURCE") or "."
assert(loadfile(source .. "/tests/peer/nmodl.lua"))(source .. "/tests/nmodl/expected")
