-- SPDX-License-Identifier: BSD-3-Clause
-- reference: where NEURON's results are, and the reference cell; for the tests in this folder,
-- which skip without them.

local hk = require "hillock"
local tap = require "tap"

local reference = {}

local source = os.getenv("HILLOCK_SOURCE") or "."
package.path = source .. "/examples/?.lua;" .. package.path

-- The folder of the reference model; without it the test that asks is skipped, and says so.
function reference.folder()
    local root = os.getenv("HILLOCK_REFERENCE") or source .. "/../shared/reference"
    local file = io.open(root .. "/park2019/geometry.csv")
    if not file then
        tap.skip_all("no reference data in " .. root)
    end
    file:close()
    return root .. "/park2019"
end

function reference.cell()
    return require("l23").cell { morphology = reference.folder() .. "/l23_reduced.swc" }
end

-- The greatest |got[i + offset] - want[i]| for i from `from` to `to`, or the first that is NaN, and
-- its i.
function reference.greatest(got, want, from, to, offset)
    local most, at = 0, from
    for i = from, to do
        local difference = math.abs(got[i + (offset or 0)] - want[i])
        if difference ~= difference then
            return difference, i
        elseif difference > most then
            most, at = difference, i
        end
    end
    return most, at
end

reference.read = hk.read_csv

return reference
