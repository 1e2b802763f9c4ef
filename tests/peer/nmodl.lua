-- SPDX-License-Identifier: BSD-3-Clause
-- The cases of tests/nmodl/cases.lua in hillock, from their MOD files, against results of NEURON:
--
--     build/hillock run tests/peer/nmodl.lua RESULTS [NAME...]
--
-- RESULTS is a folder with NAME.csv of each case, as tests/peer/nmodl.py writes it. One test a
-- case: the largest difference, relative to the range that the variable covers in NEURON, and
-- where.

local source = os.getenv("HILLOCK_SOURCE") or "."
package.path = source .. "/tests/?.lua;" .. package.path

local hk = require "hillock"
local tap = require "tap"

local corpus = source .. "/tests/nmodl/"
local cases = assert(loadfile(corpus .. "cases.lua"))()

-- { t = list, NAME = list, ... } of a file whose first line is a comment.
local function read(path)
    local names, columns = nil, {}
    for line in io.lines(path) do
        if line:sub(1, 1) ~= "#" then
            local fields = {}
            for field in line:gmatch "[^,]+" do
                fields[#fields + 1] = field
            end
            if not names then
                names = fields
            else
                for i, name in ipairs(names) do
                    columns[name] = columns[name] or {}
                    table.insert(columns[name], tonumber(fields[i]))
                end
            end
        end
    end
    return columns
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

-- The network, its cells, points and artificial cells.
local function build(case)
    local net = hk.network { celsius = case.celsius, v_init = case.v_init, dt = 0.025 }
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

-- Records a variable by its name in the case. What NEURON calls x[2] is the field x_2.
local function record(net, made, text)
    local name, at = text:gsub("%[(%d+)%]", "_%1"):match "^(%S+)%s*(%S*)$"
    local options = { every = 1, name = text }
    local kind, number, field = name:match "^([pa])(%d+)%.(.+)$"
    if kind then
        options[1] = made[kind][tonumber(number)]
        return net:record(field, options)
    end
    options[1] = made.cells(at ~= "" and at or "soma(0.5)")
    return net:record(name, options)
end

local function greatest(got, want)
    local low, high = math.huge, -math.huge
    for _, x in ipairs(want) do
        low, high = math.min(low, x), math.max(high, x)
    end
    local range = high - low
    if range == 0 then
        range = high ~= 0 and math.abs(high) or 1
    end
    local most, at = 0, 1
    for i, x in ipairs(want) do
        local difference = math.abs((got[i] or 0 / 0) - x) / range
        if difference ~= difference then
            return math.huge, i
        elseif difference > most then
            most, at = difference, i
        end
    end
    return most, at
end

local function run(case, want)
    local net <close>, made = build(case)
    local recordings, names = {}, {}
    for _, list in ipairs { case.states, case.currents or {} } do
        for _, name in ipairs(list) do
            names[#names + 1] = name
            recordings[name] = record(net, made, name)
        end
    end
    net:run(case.tstop)
    local worst, beyond = { 0, "v", 0 }, {}
    for _, name in ipairs(names) do
        local most, at = greatest(recordings[name][1], want[name])
        if most > worst[1] then
            worst = { most, name, want.t[at] }
        end
        if most > case.tolerance then
            beyond[#beyond + 1] = ("%s: %.2g at %g ms, %.17g instead of %.17g")
                :format(name, most, want.t[at], recordings[name][1][at], want[name][at])
        end
    end
    return worst, beyond
end

-- Loads the MOD files of a case and runs it.
local function test(case, folder)
    for _, file in ipairs(case.files) do
        hk.load(corpus .. file)
    end
    if case.compile then
        return
    end
    return run(case, read(("%s/%s.csv"):format(folder, case.name)))
end

local folder = ...
local wanted, all = {}, select("#", ...) < 2
for i = 2, select("#", ...) do
    wanted[select(i, ...)] = true
end
for _, case in ipairs(cases) do
    if all or wanted[case.name] then
        local well, worst, beyond = pcall(test, case, folder)
        if not well then
            tap.ok(false, case.name .. ": it loads and runs")
            tap.note("%s", tostring(worst))
        elseif case.compile then
            tap.ok(true, case.name .. ": compiled")
        else
            tap.ok(#beyond == 0, ("%s: greatest relative difference %.2g, of %s at %g ms")
                :format(case.name, table.unpack(worst)))
            for _, line in ipairs(beyond) do
                tap.note("%s", line)
            end
        end
    end
end
tap.done()
