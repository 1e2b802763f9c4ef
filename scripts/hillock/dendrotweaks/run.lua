-- SPDX-License-Identifier: BSD-3-Clause
-- run: a network of a cell type and a protocol table, as stimuli.lua makes them.

local network = require "hillock.network"

local run = {}

local function stimulate(net, cells, input)
    local n = #input.places
    local which, segments = {}, {}
    for i, place in ipairs(input.places) do
        local at = cells:segment(place)
        which[i], segments[i] = at.cells[1], at.segments[1]
    end
    local points = net:add(net:places(which, segments), input.synapse)
    local inputs = net:inputs(n, input.input, { name = input.name })
    net:connect_one(inputs, points, { weight = input.weight, delay = input.delay })
end

--- The network, ready to run for protocol.duration. Recordings go to `folder`, NAME.csv each, with
--- 17 digits; without a folder they stay in memory.
---@param cell table
---@param protocol table
---@param folder? string
function run.network(cell, protocol, folder)
    local net = network.new { celsius = protocol.celsius, v_init = protocol.v_init,
        dt = protocol.dt, seed = protocol.seed }
    local cells = net:population(cell.name, 1, cell)
    for _, clamp in ipairs(protocol.clamps or {}) do
        local spec = { clamp[1] }
        for _, key in ipairs { "delay", "dur", "amp" } do
            spec[key] = clamp[key]
        end
        net:add(cells:segment(clamp.at), spec)
    end
    for _, input in ipairs(protocol.inputs or {}) do
        stimulate(net, cells, input)
    end
    for _, record in ipairs(protocol.record or {}) do
        net:record(record[1], {
            cells, at = record.at, name = record.name, to = folder and { "csv", digits = 17 },
            path = folder and ("%s/%s.csv"):format(folder, record.name),
        })
    end
    return net
end

return run
