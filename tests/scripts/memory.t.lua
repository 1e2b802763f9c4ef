-- SPDX-License-Identifier: BSD-3-Clause
-- What facts.bytes says a network costs: at least what must be kept, and at most what the manual
-- promises. Nothing here depends on the machine's memory or speed.

local t = require "tap"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."
package.path = source .. "/examples/?.lua;" .. package.path
local l23 = require "l23"

local CELLS <const>, INPUTS <const> = 50, 35000 -- 500 and 200 a cell

local function network()
    local net = hk.network { celsius = 37, dt = 0.025, seed = 1 }
    local cells = net:population("L23", CELLS, l23.cell())
    return net, cells
end

local function stimulate(net, cells, weight)
    for name, of in pairs {
        exc = { 500, { "ExpSyn", tau = 2, e = 0 } },
        inh = { 200, { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 } },
    } do
        net:stimulate(cells, {
            count = of[1], synapse = of[2], at = hk.anywhere, weight = weight, delay = 1,
            input = { "Poisson", rate = { { 0, 1e6, 5 } } }, name = name,
        })
    end
end

-- 700 arrays of three times each, every one different.
local function arrays(net, cells)
    for c = 1, #cells do
        local cell, segment, times = {}, {}, {}
        for i = 1, INPUTS // CELLS do
            cell[i], segment[i] = c, (7 * i + c) % 78 + 1
            times[i] = { i * 0.1, i * 0.1 + c, 1000 + i }
        end
        local synapses = net:add(net:places(cell, segment), { "ExpSyn", tau = 2, e = 0 })
        net:connect_one(net:inputs(#times, { "SpikeArray", times = times }), synapses,
            { weight = 0.0008, delay = 1 })
    end
end

-- Bytes of a network that `fill` makes, before it is built, built, and after 100 ms.
local function bytes(fill)
    local net, cells = network()
    fill(net, cells)
    local said = net.facts.bytes
    net:build()
    local built = net.facts.bytes
    net:run(100)
    local run, facts = net.facts.bytes, net.facts
    net:close()
    return said, built, run, facts
end

local function within(value, least, most, name)
    local told = ("%s: %.1f, of %g to %g"):format(name, value, least, most)
    t.ok(value >= least and value <= most, told)
end

local said0, built0, run0 = bytes(function() end)
local said, built, run, facts = bytes(function(net, cells) stimulate(net, cells, 0.0008) end)
t.is(facts.inputs, INPUTS, "as many inputs")
within((said - said0) / INPUTS, 1, 12, "B an input that is said")
-- state 24, alarm 12, link 8, and a share of instances
within((built - built0) / INPUTS, 44, 76, "B a Poisson input with synapse and connection")
within((run - run0) / INPUTS, 44, 80, "B when it has run")
t.ok(run < built * 1.1, "a run takes little more")
within(built / facts.compartments, 400, 1000, "B a compartment")

local _, drawn = bytes(function(net, cells)
    stimulate(net, cells, hk.random.uniform { min = 0, max = 0.001 })
end)
within((drawn - built) / INPUTS, 16, 36, "B more for a weight of its own")

local _, listed = bytes(arrays)
-- times 24, rows 8, spec 16, state 8, alarm 12, link 8
within((listed - built0) / INPUTS, 76, 104, "B a SpikeArray input with three times")

t.done()
