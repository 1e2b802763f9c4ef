-- SPDX-License-Identifier: BSD-3-Clause
-- The fixed instance of the network against NEURON: all spikes on NEURON's step, somatic voltages
-- within 1e-6 mV.

local source = os.getenv("HILLOCK_SOURCE") or "."
package.path = source .. "/tests/peer/?.lua;" .. package.path

local tap = require "tap"
local reference = require "reference"

local folder = reference.folder()
local neuron = {
    spikes = reference.read(folder .. "/network/spikes.csv"),
    v = reference.read(folder .. "/network/soma_v.csv"),
}

-- NEURON adds dt up step by step, so its times are off by some 1e-10: steps are compared. Spikes of
-- one step have no order.
local function keys(list)
    local found = {}
    for i = 1, #list.t_ms do
        found[i] = ("%d/%d"):format(math.floor(list.t_ms[i] / 0.025 + 0.5), list.cell[i])
    end
    table.sort(found)
    return table.concat(found, " ")
end

local function test(name, mods)
    local out = os.tmpname()
    os.remove(out)
    assert(os.execute("mkdir '" .. out .. "'"))
    local command = ("'%s/hillock' run '%s/tests/peer/network.lua' '%s' '%s' %s"):format(
        os.getenv("HILLOCK_BUILD") or "build", source, folder, out, mods)
    tap.ok(os.execute(command), name .. ": the peer script runs")
    local got = reference.read(out .. "/spikes.csv")
    tap.is(#got.t_ms, #neuron.spikes.t_ms, name .. ": as many spikes")
    tap.is(keys(got), keys(neuron.spikes), name .. ": each on NEURON's step, in its cell")
    local v = reference.read(out .. "/soma_v.csv")
    tap.is(#v.t_ms, #neuron.v.t_ms, name .. ": as many samples")
    -- NEURON's file has seven decimals: half of its last one is 5e-8.
    for i = 0, 9 do
        local cell = ("cell%d_mV"):format(i)
        local most, at = reference.greatest(v[cell], neuron.v[cell], 1, #neuron.v.t_ms)
        tap.near(most, 0, 1e-6, ("%s: %s: greatest difference %.2g mV at %g ms"):format(name, cell,
            most, neuron.v.t_ms[at]))
    end
    os.execute("rm -r '" .. out .. "'")
end

test("hillock's plugins", "")
if pcall(require, "lpeg") then
    test("those made of MOD files", ("'%s/examples/l23/biophys/mod'"):format(source))
else
    tap.note("no lpeg: MOD files are not tried")
end
tap.done()
