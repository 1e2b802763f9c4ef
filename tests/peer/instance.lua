-- SPDX-License-Identifier: BSD-3-Clause
-- instance: the reference network with its fixed instance of inputs and connections, from a folder
-- that has l23_reduced.swc, network/background.csv and network/connections.csv. The files count
-- cells and segments from 0.

local hk = require "hillock"
local l23 = require "l23"

local instance = {}

local kinds = {
    exc = { synapse = { "ExpSyn", tau = 2, e = 0 }, weight = 0.0008 },
    inh = { synapse = { "Exp2Syn", tau1 = 1, tau2 = 10, e = -75 }, weight = 0.0015 },
}

-- { morphology =, cells =, inputs = { KIND = { cell =, segment =, times = } },
--   pre =, post =, segment = }, all from 1.
function instance.read(folder)
    local background = hk.read_csv(folder .. "/network/background.csv")
    local recurrent = hk.read_csv(folder .. "/network/connections.csv")
    local files = {
        morphology = folder .. "/l23_reduced.swc", cells = 0, inputs = {},
        pre = {}, post = {}, segment = {},
    }
    for name in pairs(kinds) do
        files.inputs[name] = { cell = {}, segment = {}, times = {} }
    end
    for i, name in ipairs(background.kind) do
        local list = files.inputs[name]
            or error(("background.csv:%d: unknown kind '%s'"):format(i + 1, name), 0)
        local k, times = #list.cell + 1, {}
        local field = background.spike_times_ms[i] -- a number where every row has one time
        for t in (type(field) == "number" and "" or field):gmatch("%S+") do
            table.insert(times, tonumber(t))
        end
        if type(field) == "number" then
            times[1] = field
        end
        list.cell[k], list.segment[k] = background.cell[i] + 1, background.segment[i] + 1
        list.times[k] = times
        files.cells = math.max(files.cells, list.cell[k])
    end
    for i = 1, #recurrent.pre do
        files.pre[i], files.post[i] = recurrent.pre[i] + 1, recurrent.post[i] + 1
        files.segment[i] = recurrent.segment[i] + 1
        files.cells = math.max(files.cells, files.pre[i], files.post[i])
    end
    return files
end

-- Cell c of the network stands for the instance's cell (c - 1) % files.cells + 1, with copies of
-- its inputs and connections.
local function add_inputs(net, files, n, kind, list)
    for first = 0, n - 1, files.cells do
        local cell, segment, times = {}, {}, {}
        for i = 1, #list.cell do
            if first + list.cell[i] <= n then
                local k = #cell + 1
                cell[k], segment[k], times[k] = first + list.cell[i], list.segment[i], list.times[i]
            end
        end
        local synapses = net:add(net:places(cell, segment), kind.synapse)
        local inputs = net:inputs(#times, { "SpikeArray", times = times })
        net:connect_one(inputs, synapses, { weight = kind.weight, delay = 1 })
    end
end

local function add_connections(net, files, n, population)
    for first = 0, n - 1, files.cells do
        for i = 1, #files.pre do
            local pre, post = first + files.pre[i], first + files.post[i]
            if pre <= n and post <= n then
                local place = net:places({ post }, { files.segment[i] })
                local synapse = net:add(place, { "ExpSyn", tau = 2, e = 0 })
                net:connect_one(population[pre] "soma(0.5)", synapse,
                    { weight = 0.005, delay = 2, threshold = -20 })
            end
        end
    end
end

-- The network and its cells. options: cells (as many as the instance has), threads.
function instance.network(files, options)
    options = options or {}
    local n = options.cells or files.cells
    local net = hk.network { celsius = 37, v_init = -65, dt = 0.025, threads = options.threads }
    local population = net:population("L23", n, l23.cell { morphology = files.morphology })
    for _, name in ipairs { "exc", "inh" } do
        add_inputs(net, files, n, kinds[name], files.inputs[name])
    end
    add_connections(net, files, n, population)
    return net, population
end

return instance
