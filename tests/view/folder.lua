-- SPDX-License-Identifier: BSD-3-Clause
-- folder: results folders that no run made, with values that a test can compute.
--
--     hillock run tests/view/folder.lua DIR [large|bare|many|sick|still]
--
-- Without a word: two populations of 4 and 2 cells, v of all somata and of all segments of cell 0,
-- spikes, events, a protocol's checks. `large`: 100 traces of 20 000 samples and 100 000 spikes.
-- `bare`: spikes alone. `many`: 300 connected cells. `sick`: v.csv is not what the run wrote.
-- `still`: files without a row, and a second network with spikes of artificial cells.

local host = require "hillock.host"
local json = require "hillock.json"

local dir, kind = arg[1], arg[2] or "small"
local function write(name, text)
    local file = assert(io.open(dir .. "/" .. name, "w"))
    file:write(text)
    file:close()
    return text
end

local large, bare, many = kind == "large", kind == "bare", kind == "many"
local still = kind == "still"
local cells = large and 100 or many and 300 or 6
local samples = large and 20000 or still and 0 or 1001
local every <const> = 0.1

-- ---- numbers

-- The value of the k-th trace (from 0) at t: a slow wave, and a peak each 25 ms.
local function wave(k, t)
    local since = (t + 3.7 * k) % 25
    return -65 + 5 * math.sin(0.05 * t + k) + 90 * math.exp(-((since - 5) / 0.8) ^ 2)
end

local function csv_values(names, n)
    local lines = { "t_ms," .. table.concat(names, ",") }
    for i = 0, n - 1 do
        local row = { ("%.17g"):format(i * every) }
        for k = 1, #names do
            row[k + 1] = ("%.17g"):format(wave(k - 1, i * every))
        end
        lines[i + 2] = table.concat(row, ",")
    end
    return table.concat(lines, "\n") .. "\n"
end

-- `n` rows of times that rise to `duration`, and of numbers below `m`.
local function csv_events(name, n, m, duration)
    local lines = { "t_ms," .. name }
    local state = 1
    for i = 1, n do
        state = state * 48271 % 2147483647
        lines[i + 1] = ("%.17g,%d"):format(math.floor(i * duration / n * 40) / 40, state % m)
    end
    return table.concat(lines, "\n") .. "\n"
end

-- ---- the cell: a soma, a stem that forks, and an axon; 11 segments

local sections = {
    { name = "soma[0]", domain = "soma", points = { { -8, 0, 0, 16 }, { 8, 0, 0, 16 } } },
    { name = "dend[0]", domain = "dend", parent = 1,
        points = { { 0, 0, 0, 4 }, { 20, 60, 10, 3 }, { 0, 120, 0, 3 } } },
    { name = "dend[1]", domain = "dend", parent = 2,
        points = { { 0, 120, 0, 2 }, { -70, 190, 30, 1 } } },
    { name = "dend[2]", domain = "dend", parent = 2,
        points = { { 0, 120, 0, 2 }, { 80, 180, -40, 1 } } },
    { name = "axon[0]", domain = "axon", parent = 1,
        points = { { 0, 0, 0, 1 }, { 10, -90, 0, 1 } } },
}
local segments = {}
for s, n in ipairs { 1, 4, 2, 2, 2 } do
    for i = 1, n do
        segments[#segments + 1] = {
            section = s, x = (i - 0.5) / n, length = 30, diam = 2, area = 188,
            distance = 30 * #segments, parent = #segments > 0 and #segments or nil,
        }
    end
end

local function segment_name(segment)
    return ("cell0.%s(%.4g).v"):format(sections[segment.section].name, segment.x)
end

-- ---- files

local function connections()
    local list = json.list {}
    for pre = 1, cells do
        for step = 1, many and 5 or 2 do
            local post = (pre * step + step) % cells + 1
            local segment = 1 + (pre + post) % #segments
            list[#list + 1] = { pre, post, segment, 0.001 * pre, 1 + 0.5 * step }
        end
    end
    return list
end

local results = {}
local function result(name, what, shape, text)
    write(name .. ".csv", text)
    results[#results + 1] = { name = name, what = what, kind = shape, file = name .. ".csv",
        file_sha256 = host.hash(text) }
end

local duration = still and 20 or (samples - 1) * every
local somata, all = {}, {}
for k = 1, cells do
    somata[k] = ("cell%d.soma[0](0.5).v"):format(k - 1)
end
for i, segment in ipairs(segments) do
    all[i] = segment_name(segment)
end
if not bare then
    result("v", "v", "values", csv_values(somata, many and 101 or samples))
end
if not bare and not large and not many then
    result("v_all", "v", "values", csv_values(all, samples))
end
result("spikes", "spikes", "spikes",
    csv_events("cell", large and 100000 or still and 0 or 60, cells, duration))
if not bare and not large then
    result("inputs", "inputs", "events", csv_events("input", 500, 40, duration))
end
local first = cells * 2 // 3
if not bare then
    write("network.json", json.text {
        populations = {
            { name = "P", first = 1, n = first, type = "tree" },
            { name = "Q", first = first + 1, n = cells - first, type = "tree" },
        },
        types = { tree = { sections = sections, segments = segments } },
        connections = connections(), inputs = 40,
    })
end
if kind == "sick" then
    local file = assert(io.open(dir .. "/v.csv", "a"))
    file:write("100.1" .. (",-65"):rep(cells) .. "\n")
    file:close()
end
local networks = { {
    name = "network", digest = host.hash "network",
    structure = not bare and "network.json" or nil,
    options = { celsius = 37, v_init = -65, dt = 0.025, seed = 1 },
    counts = { cells = cells, compartments = cells * #segments, connections = cells * 2 },
    runs = { { from = 0, ["until"] = duration, results = results } },
} }
if still then
    results = {}
    result("net2.spikes", "spikes", "spikes", csv_events("source", 30, 5, duration))
    write("network-2.json", json.text {
        populations = json.list {}, types = {}, connections = json.list {}, inputs = 0,
    })
    networks[2] = {
        name = "network 2", structure = "network-2.json", options = { seed = 2 }, counts = {},
        runs = { { from = 0, ["until"] = duration, results = results } },
    }
end
write("manifest.json", json.text {
    hillock_manifest = 1,
    versions = { hillock = host.version, lua = "Lua 5.4", abi = "1.1", compiler = "a compiler" },
    machine = { processor = "x86_64", vector = "avx2", system = "Linux" },
    command = { kind = "protocol", file = "made <by> hand.lua", arguments = json.list {} },
    protocol = {
        protocol = 1, name = "Made by hand", celsius = 37, v_init = -65, dt = 0.025, seed = 1,
        duration = duration, clamps = { { ["1"] = "IClamp", amp = 0.3 } },
    },
    files = { { path = "made.lua", role = "protocol", sha256 = host.hash "made" } },
    plugins = { { name = "pas", kind = "channel", sha256 = host.hash "pas", source = "pas.c",
        source_sha256 = host.hash "pas.c" } },
    networks = networks,
    checks = {
        { check = "spike_count", passed = true, measured = 12,
            text = "ok   spike_count cell 1: 12 (at least 1)" },
        { check = "spike_times", passed = false, measured = { 5, 7.25 },
            text = "FAIL spike_times cell 2: 7.25 is not expected" },
    },
})
