-- SPDX-License-Identifier: BSD-3-Clause
-- model: a case of cases.lua as a network.

local hk = require "hillock"

local model = {}

-- Loads the MOD files of a case from their folder.
function model.load(case, folder)
    for _, file in ipairs(case.files) do
        hk.load(folder .. file)
    end
end

local function cell_type(case)
    local soma = { L = 20, diam = 20 }
    local dend = case.dend
    local shape = dend
        and hk.ball_and_stick { soma = soma, dend = { L = dend.L, diam = dend.diam } }
        or hk.compartment(soma)
    local type = hk.cell {
        name = case.name, morphology = shape, Ra = 100, cm = 1,
        nseg = dend and { 1, dend = dend.nseg } or 1,
    }
    for _, channel in ipairs(case.channels) do
        local name, values, at = channel[1], channel[2], channel[3]
        local region = at and type:region(at) or type
        region:insert(name, values)
        if case.external and case.external[name] then
            region:set(name, case.external[name])
        end
    end
    if case.ions then
        type:set(case.ions)
    end
    return type
end

local function spec(name, values)
    local made = { name }
    for field, value in pairs(values or {}) do
        made[field] = value
    end
    return made
end

local function weights(list)
    return #list == 1 and list[1] or { list }
end

-- The network, with more options of hk.network; its cells, points and artificial cells.
function model.build(case, options)
    local all = { celsius = case.celsius, v_init = case.v_init, dt = 0.025 }
    for key, value in pairs(options or {}) do
        all[key] = value
    end
    local net = hk.network(all)
    local cells = net:population("cell", 1, cell_type(case))
    local points, artificial = {}, {}
    for _, clamp in ipairs(case.clamps or {}) do
        net:add(cells "soma(0.5)", { "IClamp", delay = clamp[1], dur = clamp[2], amp = clamp[3] })
    end
    for i, point in ipairs(case.points or {}) do
        points[i] = net:add(cells(point[3]), spec(point[1], point[2]))
    end
    for i, cell in ipairs(case.artificial or {}) do
        local values = spec(cell[1], cell[2])
        artificial[i] = values.times and net:input(values)
            or net:artificial(cell[1] .. i, 1, values)
    end
    for _, pointer in ipairs(case.pointers or {}) do
        local place = cells(pointer.at)
        local name = pointer.channel and pointer.channel .. "." .. pointer.name or pointer.name
        net:port(points[pointer.point] or place, name, place, pointer.of or "v")
    end
    for _, event in ipairs(case.events or {}) do
        local times = {}
        for k, t in ipairs(event.times) do
            times[k] = t - 1
        end
        net:connect_one(net:input { "SpikeArray", times = times },
            event.point and points[event.point] or artificial[event.artificial],
            { weight = weights(event.weight), delay = 1 })
    end
    for _, connection in ipairs(case.connect or {}) do
        local from = connection.from and cells(connection.from)
            or points[connection.source] or artificial[connection.artificial]
        local to = connection.to and artificial[connection.to] or points[connection.point]
        net:connect_one(from, to, {
            weight = weights(connection.weight), delay = connection.delay,
            threshold = connection.threshold,
        })
    end
    return net, { cells = cells, p = points, a = artificial }
end

-- Records a variable by its name in the case, every so many ms. What NEURON calls x[2] is the field
-- x_2.
function model.record(net, made, text, every)
    local name, at = text:gsub("%[(%d+)%]", "_%1"):match "^(%S+)%s*(%S*)$"
    local options = { every = every, name = text }
    local kind, number, field = name:match "^([pa])(%d+)%.(.+)$"
    if kind then
        options[1] = made[kind][tonumber(number)]
        return net:record(field, options)
    end
    options[1] = made.cells(at ~= "" and at or "soma(0.5)")
    return net:record(name, options)
end

return model
